"""The photo part of a run: one network call per step, and a photo that does not go never stops the others."""

from __future__ import annotations

from kube_field.sync.ports import PhotoQueue, Surroundings, Transport


class PhotoLane:
    """The photos of one run, after its records."""

    def __init__(self, queue: PhotoQueue, transport: Transport, around: Surroundings) -> None:
        self.sent = 0
        self._queue = queue
        self._transport = transport
        self._around = around
        self._skipped: list[str] = []

    def has_more(self) -> bool:
        """True while a step is left."""
        return self._queue.next_photo(self._skipped) is not None

    def step(self) -> None:
        """Make the next network call. Raises: KubeFieldError, Refusal."""
        name = self._queue.next_photo(self._skipped)
        if name is None:
            return
        content = self._around.read_photo(name)
        if content is None:
            self._skipped.append(name)
            return
        self._transport.put_photo(name, content)
        self._queue.stored(name)
        self.sent += 1

    def skip(self) -> None:
        """The server does not take the photo that was tried; the next one's turn."""
        name = self._queue.next_photo(self._skipped)
        if name is not None:
            self._skipped.append(name)

    def left(self) -> int:
        """How many photos wait."""
        return self._queue.waiting()
