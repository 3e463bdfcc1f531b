"""A proxy on the road to a real server process that cuts the line after a chosen number of bytes, once."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
PATIENCE_SECONDS = 20


class Way(StrEnum):
    """Which way the bytes that count are going."""

    REQUEST = "request"
    ANSWER = "answer"


@dataclass
class Cut:
    """Where the line breaks: in the next message this way to or from an address that begins so, behind `after` bytes.

    `skip` of such messages pass before.
    """

    path: str
    way: Way
    after: int
    skip: int = 0


class CuttingProxy:
    """Carries whole messages, except the one that `cut` names; `sizes` remembers how long the last ones were."""

    def __init__(self, target: str) -> None:
        self._target = (urlsplit(target).hostname, urlsplit(target).port)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self.cut: Cut | None = None
        self.sizes: dict[tuple[str, Way], int] = {}
        self._threads: list[threading.Thread] = []

    def serve(self) -> None:
        while True:
            try:
                caller, _address = self._door.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._talk, args=(caller,))
            thread.start()
            self._threads.append(thread)

    @contextmanager
    def running(self) -> Iterator[None]:
        """It carries until the block ends."""
        thread = threading.Thread(target=self.serve)
        thread.start()
        try:
            yield
        finally:
            self.close()
            thread.join()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        for thread in self._threads:
            thread.join()

    def _talk(self, caller: socket.socket) -> None:
        caller.settimeout(PATIENCE_SECONDS)
        with caller, socket.create_connection(self._target, PATIENCE_SECONDS) as road, contextlib.suppress(OSError):
            while request := _message(caller):
                path = request.split(b" ", 2)[1].decode()
                if not self._carry(path, Way.REQUEST, request, road):
                    return
                if not self._carry(path, Way.ANSWER, _message(road), caller):
                    return

    def _carry(self, path: str, way: Way, message: bytes, to: socket.socket) -> bool:
        """False when the line broke."""
        self.sizes[path, way] = len(message)
        cut = self.cut
        if cut is None or cut.way != way or not path.startswith(cut.path) or cut.after >= len(message) or cut.skip:
            if cut is not None and cut.way == way and path.startswith(cut.path):
                cut.skip = max(0, cut.skip - 1)
            to.sendall(message)
            return True
        self.cut = None
        to.sendall(message[: cut.after])
        return False


def _message(source: socket.socket) -> bytes:
    """One whole HTTP message with a Content-Length; b"" when the other side hung up."""
    content = b""
    while b"\r\n\r\n" not in content:
        piece = source.recv(65_536)
        if not piece:
            return b""
        content += piece
    head = content.index(b"\r\n\r\n") + 4
    found = LENGTH.search(content[:head])
    size = head + (int(found.group(1)) if found else 0)
    while len(content) < size:
        piece = source.recv(65_536)
        if not piece:
            return b""
        content += piece
    return content


@contextmanager
def cutting_proxy(target: str) -> Iterator[CuttingProxy]:
    """A proxy that runs until the block ends."""
    proxy = CuttingProxy(target)
    with proxy.running():
        yield proxy
