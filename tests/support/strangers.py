"""Web servers that are not ours: a network's login page, a server behind TLS, a proxy that answers in its place."""

from __future__ import annotations

import http.client
import http.server
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime

import trustme

HOP = frozenset({"content-length", "transfer-encoding", "connection"})
HTML: Mapping[str, str] = {"Content-Type": "text/html; charset=utf-8"}


@dataclass
class Stranger:
    """How it answers everything, at `port`; `heard` holds every request with its headers, as it came."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    date: datetime | None = None
    heard: list[str] = field(default_factory=list)
    port: int = 0

    def answer(self, request: http.server.BaseHTTPRequestHandler) -> None:
        """Say the same to whatever was asked."""
        length = int(request.headers.get("Content-Length", 0))
        body = request.rfile.read(length)
        self.heard.append(f"{request.command} {request.path}\n{request.headers}{body.decode(errors='replace')}")
        request.send_response_only(self.status)
        if self.date is not None:
            request.send_header("Date", format_datetime(self.date, usegmt=True))
        for name, value in self.headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", "6")
        request.end_headers()
        request.wfile.write(b"<html>")


@dataclass
class Gateway(Stranger):
    """A proxy before our server at `behind`, which lets no larger body through than `most` bytes."""

    behind: str = ""
    most: int = 0
    refused: int = 0

    def answer(self, request: http.server.BaseHTTPRequestHandler) -> None:
        """Pass it on, or say in HTML that it is too large."""
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        if len(body) > self.most:
            self.refused += 1
            self._tell(request, 413, HTML, b"<html>413 Request Entity Too Large</html>")
            return
        line = http.client.HTTPConnection(self.behind.removeprefix("http://"))
        line.request(request.command, request.path, body, dict(request.headers.items()))
        told = line.getresponse()
        content = told.read()
        self._tell(request, told.status, {name: value for name, value in told.getheaders() if name not in HOP}, content)
        line.close()

    def _tell(
        self, request: http.server.BaseHTTPRequestHandler, status: int, headers: Mapping[str, str], body: bytes
    ) -> None:
        request.send_response_only(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)


@contextmanager
def stranger(answers: Stranger, certificate: trustme.LeafCert | None = None) -> Iterator[Stranger]:
    """Serve it on this machine, with TLS when it has a certificate."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answers.answer(self)

        do_POST = do_PUT = do_PATCH = do_GET  # noqa: N815  (names of the base class)

        def log_message(self, *_arguments: object) -> None:
            return None

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, *_arguments: object) -> None:
            """Those who do not trust the certificate hang up."""

    with Server(("127.0.0.1", 0), Handler) as server:
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate.configure_cert(context)
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        answers.port = server.server_address[1]
        thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02))
        thread.start()
        try:
            yield answers
        finally:
            server.shutdown()
            thread.join()
