"""Whose word lets a change in: its author's rights, or the yes of a supervisor who was asked about it.

A yes counts for that change, and for what its author hung on the record that comes in by it. Minutes about money, words
about documents and about two records need a yes of their own: nobody looked at them when he said the first one.

A yes stands while its change still waits for a record, or fails at the server: nobody is asked twice.
"""

from __future__ import annotations

from collections.abc import Iterable

from kube_field.domain.records import RecordKind, Role
from kube_field.server.applying import Applying
from kube_field.server.arrivals import Arrived
from kube_field.server.aside import REVIEWERS
from kube_field.server.batch import Batch
from kube_field.server.judging import Judge
from kube_field.server.moving import parent_in
from kube_field.server.policy import Console, Grants
from kube_field.server.storage.accounts import User
from kube_field.server.storage.record_rows import Decision
from kube_field.wire.messages import HELD

ASKED_ABOUT_EACH = frozenset({RecordKind.AID, RecordKind.REVIEW, RecordKind.MERGE_DECISION})
"""Kinds that never come in by a yes to something else."""
STANDS_WHILE = frozenset({HELD, "failed"})
"""Statuses of a change with a yes that was not decided by it yet."""
CONSOLE = "server"
"""Stands for the decider when nobody is named: whoever sits at the server."""


def grant_of(by: User | None) -> Grants | None:
    """What a yes of this officer lets in; None for one who decides nothing (any more)."""
    if by is None or by.disabled_at or by.role not in REVIEWERS:
        return None
    return Console() if by.role == Role.ADMIN_PROV else by.scope


class ByHand:
    """Who decides which changes of a batch by hand; the others come in by the rights of their authors alone."""

    def __init__(self, batch: Batch, judge: Judge, decided_by: str, grant: Grants | None) -> None:
        self._batch, self._judge = batch, judge
        self._decided_by = decided_by
        self._by_right_of = {"": Applying(batch, judge), decided_by: Applying(batch, judge, grant)}
        self._deciders: dict[str, str] = {}

    def ask_about(self, change_ids: Iterable[str]) -> None:
        """Whoever decides by hand here was asked about these changes."""
        if self._decided_by:
            self._deciders.update(dict.fromkeys(change_ids, self._decided_by))

    def remember(self, known: Decision, item: Arrived) -> None:
        """A yes that was given to this very change while it could not be decided stands."""
        if known.decided_by and known.status in STANDS_WHILE and known.body == item.text:
            self._deciders.setdefault(item.id, known.decided_by)

    def decider(self, item: Arrived) -> str:
        """Who decides a change by hand, "" when nobody does."""
        return self._deciders.get(item.id, "")

    def applying(self, item: Arrived) -> Applying:
        """What decides a change, by the right that counts for it."""
        by = self.decider(item)
        if by not in self._by_right_of:
            self._batch.load_authors([by])
            grant = Console() if by == CONSOLE else grant_of(self._batch.authors.get(by))
            self._by_right_of[by] = Applying(self._batch, self._judge, grant)
        return self._by_right_of[by]

    def pass_on(self, item: Arrived, waiting: Arrived) -> None:
        """Let a yes count too for what hangs on the record that came in by it, if the same officer wrote both."""
        if item.change is None or waiting.change is None or waiting.change.kind in ASKED_ABOUT_EACH:
            return
        hangs_on_it = item.change.uid in (waiting.change.uid, parent_in(waiting.change))
        by = self.decider(item)
        if by and hangs_on_it and self._batch.author_of(item.change) == self._batch.author_of(waiting.change):
            self._deciders.setdefault(waiting.id, by)
