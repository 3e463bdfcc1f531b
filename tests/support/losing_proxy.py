"""A proxy on the road to a real server process: it hands every request on and may swallow the answer."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class LosingProxy(ThreadingHTTPServer):
    """`lose` maps a path to how many of its answers are still to be lost; `seen` counts requests by path."""

    daemon_threads = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target = urlsplit(target).netloc
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.lose: dict[str, int] = {}
        self.seen: dict[str, int] = {}


class _Handler(BaseHTTPRequestHandler):
    server: LosingProxy

    def _carry(self) -> None:
        self.server.seen[self.path] = self.server.seen.get(self.path, 0) + 1
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        road = http.client.HTTPConnection(self.server.target, timeout=30)
        try:
            kept = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
            road.request(self.command, self.path, body, kept)
            answer = road.getresponse()
            content = answer.read()
        finally:
            road.close()
        self.close_connection = True
        if self.server.lose.get(self.path, 0) > 0:
            self.server.lose[self.path] -= 1
            return
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "content-length", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self) -> None:
        self._carry()

    def do_POST(self) -> None:
        self._carry()

    def do_PUT(self) -> None:
        self._carry()

    def log_message(self, *_arguments: object) -> None:
        return


@contextmanager
def losing_proxy(target: str) -> Iterator[LosingProxy]:
    """A proxy that runs until the block ends."""
    proxy = LosingProxy(target)
    thread = threading.Thread(target=proxy.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        thread.join()
        proxy.server_close()
