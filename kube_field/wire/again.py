"""Hello of a laptop for which nothing changed since it last said a whole one, and its first batch in the same request.

What both sides know already is not said again: `terms` names the answer to the last whole hello. A server that would
answer otherwise today, that does not know the token, or whose feed is not the one that the laptop saw refuses with
SAY_HELLO and takes nothing; then the whole hello is said.
"""

from __future__ import annotations

from msgspec import UNSET, Raw, Struct, UnsetType, field

from kube_field.wire.columns import Table
from kube_field.wire.messages import AuditHead, ChangeResult, Fed, Number, Word
from kube_field.wire.new_facts import Taken


class Again(Struct, kw_only=True, omit_defaults=True):
    """`POST /sync/v1/again`. `seen` is the newest head ever seen of each scope of the terms, and the chain there.

    `step`, `continuity`, `clock`, `audit` are those of Hello, `waiting` is the length of the queue; `changes` and
    `facts` are those of Push.
    """

    terms: Word
    continuity: Word
    step: Word
    clock: Number = 0
    app: Word = ""
    seen: list[tuple[Number, Word]] = field(default_factory=list)
    waiting: Number = 0
    audit: AuditHead = field(default_factory=AuditHead)
    changes: list[Raw] = field(default_factory=list)
    facts: Table | UnsetType = UNSET


class AgainAnswer(Struct, kw_only=True, omit_defaults=True):
    """Answer to Again: the head of each scope before the batch, and what HelloAnswer and PushAnswer say besides."""

    continuity: str
    clock: int
    heads: list[int]
    photos: list[str] = field(default_factory=list)
    aside: dict[str, int] = field(default_factory=dict)
    results: list[ChangeResult] = field(default_factory=list)
    fed: list[Fed] = field(default_factory=list)
    taken: Taken | None = None
