"""What a run of synchronisation needs: the laptop's store, a way to the server, time and randomness."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from kube_field.domain.records import Change
from kube_field.domain.sync_views import SyncRun
from kube_field.wire.again import Again, AgainAnswer
from kube_field.wire.messages import (
    BlobStart,
    BlobState,
    ChangeResult,
    Digest,
    DigestAnswer,
    Fed,
    Have,
    HaveAnswer,
    Hello,
    HelloAnswer,
    Pull,
    PullAnswer,
    Push,
    PushAnswer,
)
from kube_field.wire.outcome import BatchOutcome


@dataclass(slots=True)
class Traffic:
    """Bytes that travelled, as they travelled."""

    up: int = 0
    down: int = 0


@dataclass(frozen=True, slots=True)
class PhotoPiece:
    """A piece of a photo on its way down: where it begins and how long the whole photo is."""

    first: int
    total: int
    content: bytes


class Missing(Protocol):
    """Which bytes of a first download come next."""

    @property
    def seq(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def left(self) -> int: ...


class Transport(Protocol):
    """A way to the server. Every call is one request, but `use_token`, which only remembers a new login token.

    `snapshot` gives at most `size` bytes of a scope's file from `offset` on.

    Raises: KubeFieldError when the server was not reached or is not ours; wire's Refusal when it refused.
    """

    traffic: Traffic

    def hello(self, body: Hello) -> HelloAnswer: ...
    def again(self, body: Again) -> AgainAnswer: ...
    def have(self, body: Have) -> HaveAnswer: ...
    def push(self, body: Push) -> PushAnswer: ...
    def pull(self, body: Pull) -> PullAnswer: ...
    def digest(self, body: Digest) -> DigestAnswer: ...
    def snapshot(self, scope: str, seq: int, offset: int, size: int) -> bytes: ...
    def use_token(self, token: str) -> None: ...
    def pack_for(self, readable: str) -> None: ...
    def start_photo(self, body: BlobStart) -> BlobState: ...
    def put_piece(self, upload: str, offset: int, piece: bytes) -> BlobState: ...
    def get_photo(self, sha256: str, offset: int) -> PhotoPiece: ...


class PhotoQueue(Protocol):
    """The photos of the laptop on their way; every method is one transaction."""

    def next_upload(self, skipped: Sequence[str]) -> BlobStart | None:
        """The oldest photo that the server lacks although it has a record that names it."""
        ...

    def waiting(self) -> int:
        """How many photos of sent records wait."""
        ...

    def take(self, answer: BlobState, at: str) -> None:
        """Keep what the server said about a photo."""
        ...

    def refuse(self, sha256: str, reason: str) -> None:
        """This photo will not travel."""
        ...

    def purged(self, sha256: str) -> None:
        """The server has it and its file is not here."""
        ...

    def send_again(self, names: Iterable[str], is_here: Callable[[str], bool]) -> int:
        """The server lost these: those whose file is here wait again."""
        ...

    def next_recent(self, since: str, skipped: Sequence[str]) -> tuple[str, int] | None:
        """Name and bytes of a photo that is not here, of the newest visit since a day."""
        ...

    def fetched(self, sha256: str, at: str) -> None:
        """It lies here too from now on."""
        ...


class PhotoShelf(Protocol):
    """The photos' files on the laptop, encrypted. Adding raises KubeFieldError with DISK_FULL."""

    def read(self, sha256: str) -> bytes | None:
        """A whole photo that is here."""
        ...

    def part_size(self, sha256: str) -> int:
        """How many bytes of a photo on its way down lie here."""
        ...

    def add_part(self, sha256: str, offset: int, piece: bytes) -> None:
        """Store the next piece."""
        ...

    def finish(self, sha256: str) -> bool:
        """Keep the photo when its pieces are what its name says. Raises: KubeFieldError with FILE_REFUSED."""
        ...


class SyncStore(Protocol):
    """The laptop's side of the protocol; every method is one transaction, or several that may be cut between.

    Late decisions about held changes come as records (`wire.server_words.Decision`): nothing is asked again.
    """

    def start_run(self, *, allow_removal: bool = False) -> None:
        """A run begins; with `allow_removal` the officer agreed that much may be taken off the laptop."""
        ...

    @property
    def photos(self) -> PhotoQueue:
        """Its photos."""
        ...

    def device_id(self) -> str:
        """This laptop as its server knows it."""
        ...

    def server_id(self) -> str:
        """The server that this laptop is enrolled with, "" when it is not."""
        ...

    def start_step(self, new_id: Callable[[], str]) -> str:
        """The id of the step about to be sent, stored; the same one until `end_step` (sync design 3.5)."""
        ...

    def hello(self, step: str) -> Hello:
        """The hello of this laptop; the caller adds clock and program version."""
        ...

    def terms(self) -> HelloAnswer | None:
        """The answer to the last whole hello, when it may be said in short; None when it has to be said whole."""
        ...

    def again(self, step: str) -> Again:
        """The hello in short; the caller adds clock, program version and a batch."""
        ...

    def last_server_time(self) -> int:
        """The server's clock at the last hello in milliseconds, 0 before the first one."""
        ...

    def take_hello(self, answer: HelloAnswer, *, clock: int = 0) -> None:
        """Keep token, name, scopes, the clock's offset; after a break or a rollback everything is verified.

        `clock` is the laptop's in milliseconds.
        """
        ...

    def continuity(self) -> str | None:
        """The token to show next."""
        ...

    def to_verify(self, limit: int) -> Have | None:
        """Answered changes and stored photos that the server has to confirm anew; None when there are none."""
        ...

    def take_verified(self, asked: Have, answer: HaveAnswer) -> None:
        """What the server does not hold any more waits again."""
        ...

    def waiting(self) -> int:
        """How many changes wait to be sent."""
        ...

    def next_batch(self, count: int, size: int, *, edits: int | None = None) -> list[Change]:
        """The oldest waiting changes, at most so many and so many bytes, marked as handed over.

        At most `edits` of them need merging.
        """
        ...

    def take_results(self, batch: Sequence[Change], results: Sequence[ChangeResult], continuity: str) -> BatchOutcome:
        """Store what became of a batch; acknowledged is only what has a receipt for exactly our content."""
        ...

    def take_echo(self, batch: Sequence[Change], results: Sequence[ChangeResult], fed: Sequence[Fed]) -> list[str]:
        """Go on in the scopes where this batch is all the news, without a download; which these are."""
        ...

    def undecided(self) -> bool:
        """True while the server has changes of ours that it has not decided for good."""
        ...

    def behind(self, heads: Mapping[str, int]) -> list[str]:
        """Scopes whose head on the server is beyond the cursor, in the order of downloading."""
        ...

    def pull(self, scope: str, max_bytes: int) -> Pull:
        """The next request for a scope."""
        ...

    def take_page(self, scope: str, page: PullAnswer) -> int:
        """Store a page: rows and cursor in one transaction; the number of rows.

        Raises: KubeFieldError with MASS_REMOVAL, and then stores nothing.
        """
        ...

    def scope_state(self, scope: str) -> str:
        """bootstrap, live, resync, differs, leaving; "" when it is gone. Settled after the last page."""
        ...

    def digest(self, scope: str) -> Digest:
        """Our sums by part of the scope."""
        ...

    def take_digest(self, scope: str, answer: DigestAnswer) -> list[str]:
        """Take off what the server does not have; the uids of what is to be fetched. Raises: as `take_page`."""
        ...

    def fetch(self, scope: str, uids: list[str], max_bytes: int) -> Pull:
        """The request for the first of these records."""
        ...

    def take_fetched(self, scope: str, page: PullAnswer) -> int:
        """Store fetched records; the cursor stays. Raises: as `take_page`."""
        ...

    def start_over(self, scope: str) -> bool:
        """Download the scope anew; False when that did not help the last time."""
        ...

    def snapshot_wanted(self, scope: str) -> Missing | None:
        """What is missing of the file of a first download; None without one."""
        ...

    def take_piece(self, scope: str, offset: int, content: bytes) -> None:
        """Keep a piece of it."""
        ...

    def store_snapshot(self, scope: str) -> int:
        """Store the rows of a file that is here whole; how many."""
        ...

    def drop_snapshot(self, scope: str) -> None:
        """The file is not to be had."""
        ...

    def lose_scope(self, scope: str) -> None:
        """The server does not grant this scope any more."""
        ...

    def purge_leaving(self) -> int:
        """Take off what lies in lost scopes and waits for nothing; how many records."""
        ...

    def forget_left(self) -> None:
        """After a whole download: forget the proof of scopes that were taken off."""
        ...

    def purge_moved_away(self) -> int:
        """After a whole download: take off own records, accepted before the run, that it did not bring; how many."""
        ...

    def fall_back(self, refused: set[str]) -> str:
        """The present login token was refused: another one, in force from now on; "" when all were refused."""
        ...

    def forget_old(self) -> None:
        """Forget changes acknowledged more than 400 days ago."""
        ...

    def add_run(self, run: SyncRun) -> None:
        """Remember a run for the officer to read."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: phase, done, total of the phase (0 when not known)."""

    phase: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Time, waiting, ids and chance, handed in so that tests decide them. `chance` gives numbers from 0 to 1."""

    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    new_id: Callable[[], str]
    chance: Callable[[], float]
    read_photo: Callable[[str], bytes | None]
    photo_shelf: PhotoShelf | None = None
    app_version: str = ""
    allow_removal: bool = False
    on_progress: Callable[[Progress], None] = field(default=lambda _progress: None)
    cancelled: Callable[[], bool] = field(default=lambda: False)
