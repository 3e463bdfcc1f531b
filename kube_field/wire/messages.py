"""The bodies that laptop and server exchange (sync design 3.5); unknown fields are passed over."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, Meta, Raw, Struct, UnsetType, field

from kube_field.wire.columns import Table
from kube_field.wire.new_facts import Taken

PROTOCOL = 1
SERVER_NAME = "kube-field"
IDENTITY_HEADER = "Kube-Field-Server"
"""Every answer of our server carries it, so that a foreign web server or a login page of the network is noticed."""

MAX_PUSH_CHANGES = 500
MAX_PUSH_BYTES = 1_000_000
MAX_CHANGE_BYTES = 1_000_000
"""Of one change; the largest of a whole sample group is 6 kB."""
MAX_PULL_BYTES = 1_000_000
MAX_HAVE_IDS = 500
MAX_BLOB_BYTES = 8_000_000
MAX_PIECE_BYTES = 256 * 1024
"""A photo travels in pieces of at most this size, so that a broken line costs one piece."""
MAX_FETCH_UIDS = 500
DIGEST_BUCKETS = 256


Number = Annotated[int, Meta(ge=-(2**53), le=2**53)]
"""A whole number of a request, such as JSON and every database take."""
Text = Annotated[str, Meta(pattern=r"^[^\x00]*\Z")]
"""What an officer wrote into a request, such as every database takes."""
MAX_SCOPES = 5_000
"""Many times the kecamatan of a province, with what only its authors see."""
Word = Annotated[str, Meta(max_length=1_000, pattern=r"^[^\x00]*\Z")]
"""An id or a short text of a request, such as every database takes: it is looked up or stored."""


class Limits(Struct, kw_only=True):
    """What the server takes at once; bytes are counted before compression. `table_rows` 0: it reads no tables."""

    push_bytes: int = MAX_PUSH_BYTES
    push_n: int = MAX_PUSH_CHANGES
    pull_bytes: int = MAX_PULL_BYTES
    blob_bytes: int = MAX_BLOB_BYTES
    table_rows: int = 0


class Person(Struct, kw_only=True):
    """An officer as the server knows him."""

    uid: str
    name: str
    role: str
    areas: list[str] = field(default_factory=list)
    employee_number: str = ""
    office: str = ""


class ScopeState(Struct, kw_only=True):
    """Where a laptop stands in a scope: cursor, and the newest head it ever saw with the chain there."""

    seq: Number = 0
    head: Number = 0
    chain: Word = ""
    sum: Word = "0"


class QueueState(Struct, kw_only=True):
    """What waits on the laptop."""

    n: Number = 0
    bytes: Number = 0
    oldest: Word = ""


class AuditHead(Struct, kw_only=True):
    """Length and last hash of the laptop's audit log."""

    length: Number = 0
    head: Word = ""


class CourierKeys(Struct, kw_only=True):
    """The public halves of one side's keys in hex: with `sign` its bundles are verified, to `seal` they are sealed."""

    sign: Word
    seal: Word


class Hello(Struct, kw_only=True):
    """`POST /sync/v1/hello`. `step` is minted and stored before sending and kept until any answer arrives.

    `epoch` is the one of the newest answer: with another one now, an unknown token means that the server went back.
    """

    v: Number = PROTOCOL
    device: Word
    user: Word = ""
    continuity: Word | None = None
    step: Word
    epoch: Word = ""
    app: Word = ""
    schema: Number = 1
    clock: Number = 0
    scopes: Annotated[dict[str, ScopeState], Meta(max_length=MAX_SCOPES)] = field(default_factory=dict)
    queue: QueueState = field(default_factory=QueueState)
    audit: AuditHead = field(default_factory=AuditHead)
    keys: CourierKeys | None = None


class SnapshotOffer(Struct, kw_only=True):
    """A scope as one file: everything that stood at `seq`, with the file's size and SHA-256."""

    seq: int
    sha256: str
    bytes: int
    rows: int


class ScopeOffer(Struct, kw_only=True, omit_defaults=True):
    """A scope that the user may read; `mode` is rw or ro. `snapshot` is offered to a laptop that has nothing yet."""

    id: str
    mode: str
    head: int
    snapshot: SnapshotOffer | None = None


class HelloAnswer(Struct, kw_only=True):
    """Answer to Hello. `standing` is ok, or broken when the continuity token is not the one expected.

    A broken laptop (a clone, or one put back from its own backup) gets a `device` and `device_code` of its own and,
    with them, a login `token` to use from now on. `photos` are photos that records sent by this laptop name and that
    the server does not hold, or of which no officer of this laptop proved yet that he has them; `challenge` is what a
    proof of that answers to (`possession`). `aside` tells each officer of this laptop who decides about what was set
    aside (by uid) how many changes wait for him. `terms` names all that does not change from hello to hello
    (`wire.again`), `codings` are those that requests may be packed in.
    """

    server: str = SERVER_NAME
    server_id: str
    epoch: str
    device: str
    device_code: str
    continuity: str
    standing: str = "ok"
    rollback: bool = False
    clock: int
    user: Person
    scopes: list[ScopeOffer] = field(default_factory=list)
    limits: Limits = field(default_factory=Limits)
    token: str = ""
    photos: list[str] = field(default_factory=list)
    challenge: str = ""
    keys: CourierKeys | None = None
    aside: dict[str, int] = field(default_factory=dict)
    notice: str | None = None
    retry_jitter_s: int = 0
    terms: str = ""
    codings: str = ""


class Have(Struct, kw_only=True, omit_defaults=True):
    """`POST /sync/v1/have`: which of these changes and photos does the server hold?"""

    ids: list[Word]
    photos: list[Word] = field(default_factory=list)


class HaveAnswer(Struct, kw_only=True, omit_defaults=True):
    """Status and version per change id; null for a change that the server does not know. `missing` photos it lacks."""

    st: dict[str, tuple[str, int] | None]
    missing: list[str] = field(default_factory=list)


class WireChange(Struct, kw_only=True):
    """One change on its way up. `set` maps a field to [old, new]; `resolves` names the conflicts that it settles.

    `seen_in` is the scope in which its author saw the record, or what it hangs on, where that is another one. `again`
    says that it had been taken in or set aside by a server that was put back since. `after` is the change of the same
    record that was written before it where it was written, "" if it was the first there; a laptop of before tells none.
    `life` is the one of the server of which `base` counts the versions; only a stick tells it, online the hello does.
    """

    id: str
    uid: str
    kind: str
    scope: str
    base: int = 0
    schema: int = 1
    form: str = ""
    create: bool = False
    deps: list[str] = field(default_factory=list)
    set: dict[str, tuple[Any, Any]]
    by: str
    at: str
    reason: str = ""
    resolves: list[str] = field(default_factory=list)
    seen_in: str | UnsetType = UNSET
    again: bool | UnsetType = UNSET
    after: str | UnsetType = UNSET
    life: str | UnsetType = UNSET
    sha256: str


class Push(Struct, kw_only=True):
    """`POST /sync/v1/push`. Changes stay raw here: one that cannot be read must not stop the others.

    `facts` are further changes, all of them plain new facts (`wire.new_facts`).
    """

    device: Word
    continuity: Word | None = None
    step: Word
    changes: list[Raw]
    facts: Table | UnsetType = UNSET


class FieldError(Struct, kw_only=True):
    """What is wrong with one field; `message` is Indonesian. `row` and `column` name a place inside a table."""

    field: str
    code: str
    message: str = ""
    row: int | None = None
    column: str = ""


class WireReceipt(Struct, kw_only=True):
    """The server's word that it holds exactly this content since this instant."""

    id: str
    sha256: str
    at: str


class ChangeResult(Struct, kw_only=True, omit_defaults=True):
    """What became of one change. Only accepted content has a receipt.

    `alias` names the record that took it, when its own had been merged into another.
    """

    id: str
    status: str
    version: int = 0
    errors: list[FieldError] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    hold: str = ""
    receipt: WireReceipt | None = None
    alias: str = ""


class Fed(Struct, kw_only=True):
    """What a batch of new facts did to a scope: the feed went from `before` to `head` by its facts alone, in order.

    A laptop that stood at `before` knows all of it; chain and sum are those at `head`.
    """

    scope: str
    before: int
    head: int
    chain: str
    sum: str


class PushAnswer(Struct, kw_only=True, omit_defaults=True):
    """Answer to Push: one result per change, in the order of the changes, and the next continuity token.

    `taken` stands for the results of all facts of the table. `fed` saves the laptop the download of what it just sent;
    without it the laptop pulls.
    """

    continuity: str
    results: list[ChangeResult]
    fed: list[Fed] = field(default_factory=list)
    taken: Taken | None = None


class Pull(Struct, kw_only=True):
    """`POST /sync/v1/pull`: rows of a scope after `seq`; `head` and `chain` prove what was seen.

    With `uids` only these records are wanted, whatever the cursor; the answer's `seq` is then the one asked with.
    With `table` the rows may come as a table (`wire.page_tables`).
    """

    scope: Word
    seq: Number = 0
    head: Number = 0
    chain: Word = ""
    max_bytes: Number = MAX_PULL_BYTES
    uids: list[Word] = field(default_factory=list)
    table: bool = False


class Row(Struct, kw_only=True, omit_defaults=True):
    """One record of a scope in its newest state. `st` is put or exit; `by` and `sha` are author and content hash."""

    uid: str
    seq: int
    v: int
    k: str = ""
    st: str = "put"
    by: str = ""
    sha: str = ""
    body: dict[str, Any] = field(default_factory=dict)


class PullAnswer(Struct, kw_only=True):
    """Answer to Pull. `sum` is the scope sum at `head`, to compare when `more` is false. `table` stands for `rows`."""

    rows: list[Row]
    seq: int
    head: int
    chain: str
    sum: str
    more: bool
    table: Table | UnsetType = UNSET


class Digest(Struct, kw_only=True):
    """`POST /sync/v1/digest`: the laptop's scope sums by bucket (`wire.chain.bucket`), as decimal text."""

    scope: Word
    sums: list[Word]


class DigestAnswer(Struct, kw_only=True):
    """Answer to Digest: uid and version of every standing record in the buckets that differ, at `head`."""

    head: int
    chain: str
    sum: str
    buckets: dict[str, list[tuple[str, int]]]


class BlobStart(Struct, kw_only=True):
    """`POST /sync/v1/blob/start`: a photo that record `uid` names is about to come.

    `proof` (`possession.photo_proof`) spares its bytes when the server holds them from somebody else already.
    """

    sha256: Word
    size: Number
    mime: Word
    uid: Word
    proof: Word = ""


class BlobState(Struct, kw_only=True):
    """How much of a photo the server holds durably; `upload` names an open one.

    `state` is open, done, or refused: this content is no photo that the server keeps, `message` says why (Indonesian).
    """

    sha256: str
    size: int
    offset: int
    state: str
    upload: str = ""
    message: str = ""


class Health(Struct, kw_only=True):
    """Answer to `GET /sehat`: anybody may ask."""

    server: str = SERVER_NAME
    server_id: str
    version: str
    protocol: int = PROTOCOL
    database: str = "ok"
    verified_backup_age_s: int | None = None


class RefusalBody(Struct, kw_only=True):
    """Body of every answer that is a refusal."""

    refusal: int
    code: str
    message: str
    retry_after: int = 0


DONE = frozenset({"applied", "merged", "conflict"})
"""Statuses of a change that the server took into its records."""
HELD = "held"
"""Status of a change that waits on the server for its parent."""
ATTENTION = frozenset({"rejected", "quarantined", "failed"})
"""Statuses that somebody has to look at."""
