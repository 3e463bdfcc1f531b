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

END_OF_HEAD = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
PATIENCE_SECONDS = 20


class Way(StrEnum):
    """Which way the bytes that count are going."""

    REQUEST = "request"
    ANSWER = "answer"


@dataclass
class Cut:
    """Where the line breaks: in the next message this way to or from an address that begins so, behind `after` bytes.

    Below zero they count from its end, for some messages have another length each time. `skip` of them pass before.
    """

    path: str
    way: Way
    after: int
    skip: int = 0

    def place_in(self, message: bytes) -> int:
        """How many of its bytes pass; all of them when it is shorter than that."""
        return self.after if self.after >= 0 else max(0, len(message) + self.after)


@dataclass(frozen=True)
class Message:
    """One message that came by; `head` bytes of `size` are its first lines."""

    path: str
    way: Way
    head: int
    size: int

    @property
    def edges(self) -> tuple[int, ...]:
        """Places where a cut may do what it does nowhere else: about the end of the head, and before the last bytes."""
        return (self.head - 1, self.head, self.head + 1, -2, -1)

    @property
    def every_place(self) -> tuple[int, ...]:
        """Behind each byte, also of one of a slightly other length: in the head from its start, then from the end."""
        return (*range(self.head + 1), *range(self.head - self.size, 0))


class CuttingProxy:
    """Carries whole messages, except the one that `cut` names; `seen` remembers all, `sizes` how long the last were."""

    def __init__(self, target: str) -> None:
        self._target = (urlsplit(target).hostname, urlsplit(target).port)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self.cut: Cut | None = None
        self.sizes: dict[tuple[str, Way], int] = {}
        self.seen: list[Message] = []
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
        self.seen.append(Message(path, way, _head_of(message), len(message)))
        cut = self.cut
        place = cut.place_in(message) if cut is not None else len(message)
        if cut is None or cut.way != way or not path.startswith(cut.path) or place >= len(message) or cut.skip:
            if cut is not None and cut.way == way and path.startswith(cut.path):
                cut.skip = max(0, cut.skip - 1)
            to.sendall(message)
            return True
        self.cut = None
        to.sendall(message[:place])
        return False


def _message(source: socket.socket) -> bytes:
    """One whole HTTP message with a Content-Length; b"" when the other side hung up."""
    content = b""
    while END_OF_HEAD not in content:
        piece = source.recv(65_536)
        if not piece:
            return b""
        content += piece
    head = _head_of(content)
    found = LENGTH.search(content[:head])
    size = head + (int(found.group(1)) if found else 0)
    while len(content) < size:
        piece = source.recv(65_536)
        if not piece:
            return b""
        content += piece
    return content


def _head_of(message: bytes) -> int:
    """Its bytes up to the empty line; 0 when there was no message."""
    return message.find(END_OF_HEAD) + len(END_OF_HEAD) if message else 0


@contextmanager
def cutting_proxy(target: str) -> Iterator[CuttingProxy]:
    """A proxy that runs until the block ends."""
    proxy = CuttingProxy(target)
    with proxy.running():
        yield proxy
