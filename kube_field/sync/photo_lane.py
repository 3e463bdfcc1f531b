"""The photos of a run: up in pieces from where the server stands, then down; one that does not go stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from gettext import gettext as _

from msgspec import structs

from kube_field.errors import Failure, KubeFieldError
from kube_field.sync.ports import PhotoQueue, PhotoShelf, Surroundings, Transport
from kube_field.wire.messages import MAX_BLOB_BYTES, MAX_PIECE_BYTES, BlobStart, BlobState
from kube_field.wire.possession import photo_proof
from kube_field.wire.refusals import Refusal, RefusalCode

STALLS = 3
"""How often in one run a photo may stand still or begin anew before the others go first."""
FETCH_DAYS = 365
"""Photos of visits of the last twelve months come along."""
FETCH_BYTES = 50_000_000
"""What one run fetches at most."""

Wanted = Callable[[Sequence[str]], tuple[str, int] | None]


class PhotoFetch:
    """Brings photos that lie on the server only; `wanted` names the next one, given those that did not come."""

    def __init__(
        self, queue: PhotoQueue, transport: Transport, shelf: PhotoShelf, now: Callable[[], datetime], wanted: Wanted
    ) -> None:
        self.fetched = 0
        self.bytes = 0
        self.full: KubeFieldError | None = None
        self._queue = queue
        self._transport = transport
        self._shelf = shelf
        self._now = now
        self._wanted = wanted
        self._skipped: list[str] = []
        self._spoilt: set[str] = set()

    def has_more(self) -> bool:
        """True while a step is left."""
        return self.full is None and self._wanted(self._skipped) is not None

    def step(self) -> None:
        """Fetch the next piece. Raises: KubeFieldError, Refusal."""
        found = self._wanted(self._skipped)
        if found is None:
            return
        try:
            self._go_on(found[0])
        except KubeFieldError as error:
            if error.failure != Failure.DISK_FULL:
                raise
            self.full = error

    def skip(self) -> None:
        """The server does not give the one that was tried."""
        found = self._wanted(self._skipped)
        if found is not None:
            self._skipped.append(found[0])

    def _go_on(self, name: str) -> None:
        if self._shelf.read(name) is not None:  # put back with the folder, or taken in here as well
            self._queue.send_again([name], lambda _name: True)  # whether it is there too, the server itself says
            return
        piece = self._transport.get_photo(name, self._shelf.part_size(name))
        self.bytes += len(piece.content)
        end = piece.first + len(piece.content)
        if not piece.content or end > MAX_BLOB_BYTES:
            self._skipped.append(name)
            return
        self._shelf.add_part(name, piece.first, piece.content)
        if end >= piece.total:
            self._finish(name)

    def _finish(self, name: str) -> None:
        try:
            is_whole = self._shelf.finish(name)
        except KubeFieldError as error:
            if error.failure != Failure.FILE_REFUSED:
                raise
            self._queue.refuse(name, error.sentence)
            return
        if is_whole:
            self._queue.fetched(name, instant(self._now()))
            self.fetched += 1
        elif name in self._spoilt:
            self._skipped.append(name)
        else:
            self._spoilt.add(name)


class PhotoLane:
    """The photos of one run, after its records."""

    def __init__(self, queue: PhotoQueue, transport: Transport, around: Surroundings) -> None:
        self.sent = 0
        self.refused = 0
        self._queue = queue
        self._transport = transport
        self._around = around
        self._skipped: list[str] = []
        self._open: BlobState | None = None
        self._challenge = ""
        self._stalls: dict[str, int] = {}
        self._fetch: PhotoFetch | None = None
        if around.photo_shelf is not None:
            self._fetch = PhotoFetch(queue, transport, around.photo_shelf, around.now, self._recent)

    def take_missing(self, names: Iterable[str], challenge: str = "") -> None:
        """Photos that the server lacks, or does not know us to have, although we sent their records.

        `challenge` is the server's word for proofs, "" from one that asks for none.
        """
        self._challenge = challenge
        self._queue.send_again(names, lambda name: self._around.read_photo(name) is not None)

    def has_more(self) -> bool:
        """True while a step is left."""
        return self._queue.next_upload(self._skipped) is not None or self._may_fetch()

    def step(self) -> None:
        """Make the next network call. Raises: KubeFieldError, Refusal."""
        photo = self._queue.next_upload(self._skipped)
        if photo is None:
            if self._fetch is not None:
                self._fetch.step()
            return
        try:
            self._upload(photo)
        except KubeFieldError:
            self._open = None  # nobody knows whether the piece arrived: ask before sending it again
            raise

    def skip(self) -> None:
        """The server does not take or give the one that was tried; the next one's turn."""
        photo = self._queue.next_upload(self._skipped)
        self._open = None
        if photo is not None:
            self._skipped.append(photo.sha256)
        elif self._fetch is not None:
            self._fetch.skip()

    def take_refused(self) -> int:
        """How many photos were refused since this was asked last."""
        count, self.refused = self.refused, 0
        return count

    def left(self) -> int:
        """How many photos wait."""
        return self._queue.waiting()

    def _upload(self, photo: BlobStart) -> None:
        content = self._around.read_photo(photo.sha256)
        before = self._open if self._open is not None and self._open.sha256 == photo.sha256 else None
        if before is None or content is None:
            if content is not None and self._challenge:  # spares the bytes if the server has them from a colleague
                photo = structs.replace(photo, proof=photo_proof(self._challenge, content))
            self._take(photo, content, self._transport.start_photo(photo))
            return
        piece = content[before.offset : before.offset + MAX_PIECE_BYTES]
        try:
            state = self._transport.put_piece(before.upload, before.offset, piece)
        except Refusal as refusal:
            self._open = None
            if refusal.code != RefusalCode.BLOB_UNKNOWN or self._stalled(photo):
                raise
            return  # the server forgot the half photo: begin anew
        self._take(photo, content, state)
        if state.state == "open" and state.offset <= before.offset and self._stalled(photo):
            self.skip()

    def _stalled(self, photo: BlobStart) -> bool:
        """True when a photo did not come on too often."""
        self._stalls[photo.sha256] = self._stalls.get(photo.sha256, 0) + 1
        return self._stalls[photo.sha256] >= STALLS

    def _take(self, photo: BlobStart, content: bytes | None, state: BlobState) -> None:
        if content is None and state.state == "open":
            self._queue.refuse(photo.sha256, _("Berkas foto tidak ada lagi atau rusak di laptop ini."))
            return
        self._queue.take(state, instant(self._around.now()))
        self._open = state if state.state == "open" else None
        self.sent += state.state == "done"
        self.refused += state.state == "refused"
        if content is None:
            self._queue.purged(photo.sha256)

    def _may_fetch(self) -> bool:
        return self._fetch is not None and self._fetch.bytes < FETCH_BYTES and self._fetch.has_more()

    def _recent(self, skipped: Sequence[str]) -> tuple[str, int] | None:
        since = (self._around.now() - timedelta(days=FETCH_DAYS)).date().isoformat()
        return self._queue.next_recent(since, skipped)


def instant(moment: datetime) -> str:
    """A moment as UTC text with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
