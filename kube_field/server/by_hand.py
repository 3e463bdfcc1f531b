"""Whose word lets a change in: its author's rights, or the yes of a supervisor who was asked about it.

A yes counts for that change, and for what its author hung on the record that comes in by it. Minutes about money, words
about documents and about two records need a yes of their own: nobody looked at them when he said the first one.
"""

from __future__ import annotations

from collections.abc import Iterable

from kube_field.domain.records import RecordKind
from kube_field.server.applying import Applying
from kube_field.server.arrivals import Arrived
from kube_field.server.batch import Batch
from kube_field.server.judging import Judge
from kube_field.server.moving import parent_in
from kube_field.server.policy import Grants

ASKED_ABOUT_EACH = frozenset({RecordKind.AID, RecordKind.REVIEW, RecordKind.MERGE_DECISION})
"""Kinds that never come in by a yes to something else."""


class ByHand:
    """Who decides which changes of a batch by hand; the others come in by the rights of their authors alone."""

    def __init__(self, batch: Batch, judge: Judge, decided_by: str, grant: Grants | None) -> None:
        self._batch = batch
        self._decided_by = decided_by
        self._by_own_right = Applying(batch, judge)
        self._by_grant = Applying(batch, judge, grant)
        self._deciders: dict[str, str] = {}

    def ask_about(self, change_ids: Iterable[str]) -> None:
        """Whoever decides by hand here was asked about these changes."""
        self._deciders.update(dict.fromkeys(change_ids, self._decided_by))

    def decider(self, item: Arrived) -> str:
        """Who decides a change by hand, "" when nobody does."""
        return self._deciders.get(item.id, "")

    def applying(self, item: Arrived) -> Applying:
        """What decides a change, by the right that counts for it."""
        return self._by_grant if self.decider(item) else self._by_own_right

    def pass_on(self, item: Arrived, waiting: Arrived) -> None:
        """Let a yes count too for what hangs on the record that came in by it, if the same officer wrote both."""
        if item.change is None or waiting.change is None or waiting.change.kind in ASKED_ABOUT_EACH:
            return
        hangs_on_it = item.change.uid in (waiting.change.uid, parent_in(waiting.change))
        if hangs_on_it and self._batch.author_of(item.change) == self._batch.author_of(waiting.change):
            self._deciders.setdefault(waiting.id, self.decider(item))
