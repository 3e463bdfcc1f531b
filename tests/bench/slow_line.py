"""A slow line between a laptop and a server: so many bits a second each way, and a round trip that takes its time."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from queue import SimpleQueue
from urllib.parse import urlsplit

PIECE_BYTES = 512
"""What is handed on at once: small, so that a message arrives as gradually as over a modem."""


@dataclass
class SlowLine:
    """A line in use; `up` and `down` are the bytes that went over it, headers included."""

    url: str
    target: tuple[str, int]
    bytes_a_second: float
    round_trip_s: float
    up: int = 0
    down: int = 0
    requests: int = 0
    connections: int = 0
    _open: list[socket.socket] = field(default_factory=list)

    @property
    def seconds_of_bytes(self) -> float:
        """How long the bytes alone need: a question and its answer never travel at once."""
        return (self.up + self.down) / self.bytes_a_second

    def carry(self, laptop: socket.socket) -> None:
        """Carry one connection, which costs a round trip before anything moves."""
        server = socket.create_connection(self.target)
        self.connections += 1
        self._open += [laptop, server]
        opened = time.monotonic() + self.round_trip_s
        for source, sink, is_up in ((laptop, server, True), (server, laptop, False)):
            waiting: SimpleQueue[tuple[float, bytes]] = SimpleQueue()
            threading.Thread(target=self._read, args=(source, waiting, is_up, opened), daemon=True).start()
            threading.Thread(target=_deliver, args=(sink, waiting), daemon=True).start()

    def close(self) -> None:
        for end in self._open:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _read(
        self, source: socket.socket, waiting: SimpleQueue[tuple[float, bytes]], is_up: bool, free_at: float
    ) -> None:
        while piece := _received(source):
            if is_up:
                self.up += len(piece)
                self.requests += piece.count(b" HTTP/1.1\r\n")
            else:
                self.down += len(piece)
            free_at = max(free_at, time.monotonic()) + len(piece) / self.bytes_a_second
            waiting.put((free_at + self.round_trip_s / 2, piece))
        waiting.put((0.0, b""))


def _received(source: socket.socket) -> bytes:
    try:
        return source.recv(PIECE_BYTES)
    except OSError:
        return b""


def _deliver(sink: socket.socket, waiting: SimpleQueue[tuple[float, bytes]]) -> None:
    while True:
        due, piece = waiting.get()
        if not piece:
            with suppress(OSError):
                sink.shutdown(socket.SHUT_WR)
            return
        time.sleep(max(0.0, due - time.monotonic()))
        try:
            sink.sendall(piece)
        except OSError:
            return


@contextmanager
def slow_line(server_url: str, *, bits_a_second: int, round_trip_s: float) -> Iterator[SlowLine]:
    """A line to a server, at an address of its own, until the block ends."""
    address = urlsplit(server_url)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        line = SlowLine(
            f"{address.scheme}://127.0.0.1:{listener.getsockname()[1]}",
            (str(address.hostname), int(address.port or 0)),
            bits_a_second / 8,
            round_trip_s,
        )
        thread = threading.Thread(target=_accept, args=(listener, line), daemon=True)
        thread.start()
        try:
            yield line
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            line.close()


def _accept(listener: socket.socket, line: SlowLine) -> None:
    while True:
        try:
            laptop, _address = listener.accept()
        except OSError:
            return
        line.carry(laptop)
