"""The bodies with which a supervisor looks at what the server set aside, and decides about it; only over a connection.

What was set aside is never part of a scope: it may be somebody else's work that only a supervisor of its area may see.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from kube_field.wire.messages import FieldError, Text, Word

MAX_ASIDE = 50
"""Changes in one answer; the oldest come first."""
ACCEPT, REFUSE = "accept", "refuse"


class AskAside(Struct, kw_only=True):
    """`POST /sync/v1/quarantine`: what waits for this officer's decision, after the place where an answer ended.

    `by` is an officer of the asking laptop; his role and areas are judged by the server.
    """

    by: Word
    after: Word = ""


class SetAside(Struct, kw_only=True, omit_defaults=True):
    """One change as its officer wrote it, and why it waits.

    `status` is quarantined, failed, or held (it waits for the record `waits_for`). `scope` is where it would go now.
    `parent` is the record that it hangs on, "" for one that stands by itself.
    `author` is empty when neither server nor change name one; `author_known` tells whether the server knows him.
    `fields` maps a field of an edit to [old, new], a question of a fact to [null, answer]; nothing of a change that
    cannot be read. Instants are UTC.
    """

    change: str
    uid: str
    kind: str = ""
    scope: str = ""
    since: str
    status: str
    code: str = ""
    message: str = ""
    waits_for: str = ""
    parent: str = ""
    author: str = ""
    author_known: bool = False
    sender: str = ""
    at: str = ""
    reason: str = ""
    form: str = ""
    create: bool = False
    number: str = ""
    occurred_on: str = ""
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)


class AsideAnswer(Struct, kw_only=True):
    """Answer to AskAside; with `more` ask again after `after`. `at` is the server's time.

    `total` is how many wait for this officer in all; null from a server that does not count.
    """

    items: list[SetAside]
    at: str
    after: str = ""
    more: bool = False
    total: int | None = None


class Decide(Struct, kw_only=True):
    """`POST /sync/v1/quarantine/decide`: `decision` is accept or refuse; a refusal needs a reason for the sender."""

    by: Word
    change: Word
    decision: Word
    reason: Text = ""


class Decided(Struct, kw_only=True, omit_defaults=True):
    """The server's receipt for a decision: what became of the change, when (UTC) and by whom.

    `yours` is false when it had been decided before, by somebody else or by the server itself (`by` empty); the
    decision asked for did nothing then. Asked twice, the server answers the same.
    """

    change: str
    status: str
    at: str
    yours: bool
    by: str = ""
    errors: list[FieldError] = field(default_factory=list)
    conflicts: int = 0
