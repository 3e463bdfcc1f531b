"""What travels inside a bundle: which body of the protocol each frame holds, in both directions (sync design 3.11)."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct, field

from kube_field.wire.messages import ChangeResult, PullAnswer

MAX_BUNDLE_BYTES = 6_000_000
"""Of one file on its way up; what does not fit goes into further files, each of which stands alone."""
MAX_ANSWER_BYTES = 15_000_000
"""Of one file on its way down."""


class Op(StrEnum):
    """What a frame is.

    Up: PUSH (body Push), PHOTO (name: BlobStart as JSON, body: the whole photo), PULL (name: scope, body Pull),
    HAVE (body Have). Down: RESULTS (body Results), PHOTOS (body Arrived), PAGE (name: scope, body Page), FOUND (body
    HaveAnswer), NO_PAGE (name: scope, body NoPage). Who does not know a frame passes it over.
    """

    PUSH = "push"
    PHOTO = "photo"
    PULL = "pull"
    HAVE = "have"
    RESULTS = "results"
    PHOTOS = "photos"
    PAGE = "page"
    FOUND = "found"
    NO_PAGE = "no_page"


class Results(Struct, kw_only=True):
    """What became of the changes of an up bundle."""

    results: list[ChangeResult]


class Arrived(Struct, kw_only=True):
    """Photos of an up bundle that the server now holds, by SHA-256; the others go on waiting."""

    stored: list[str] = field(default_factory=list)


class Page(Struct, kw_only=True):
    """Rows of a scope after the cursor `seq`; of use only to a laptop that stands exactly there.

    `head` and `chain` are the proof it was asked with: after a server was put back the same number means another place.
    """

    seq: int
    head: int = 0
    chain: str = ""
    page: PullAnswer


class NoPage(Struct, kw_only=True):
    """Why the server gave no page of a scope that was asked for from the cursor `seq`: a refusal, as it says online."""

    code: int
    message: str = ""
    seq: int = 0
    head: int = 0
    chain: str = ""
