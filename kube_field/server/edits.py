"""Merges an edit into its record, so that one who was right when he wrote is not refused for what another wrote.

Questions are judged together, too. Where the answers of two officers make an error only together, what stands stays
and the later answer lies beside it as a conflict: somebody decides.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence, Set
from functools import cached_property
from typing import Any

from msgspec.structs import replace as replaced

from kube_field.domain.forms.declaration import Finding
from kube_field.domain.merge import DELETED, Merged
from kube_field.server.batch import UNDECIDED, Batch
from kube_field.server.conflicts import OPEN, conflict_of, decided_otherwise
from kube_field.server.judging import Judge, errors_of_record, refuse
from kube_field.server.merging import merge_change, undone
from kube_field.server.moving import new_values
from kube_field.server.storage.record_rows import Decision
from kube_field.wire.messages import DONE, WireChange
from kube_field.wire.server_words import Conflict


class MergingEdit:
    """One edit that was written on a laptop; `laptop` is "" for one that was meant for another record."""

    def __init__(self, batch: Batch, judge: Judge, change: WireChange, laptop: str) -> None:
        self._batch = batch
        self._judge = judge
        self._base_told = change.base
        self._change = replaced(change, base=batch.version_seen(change))
        self._laptop = laptop
        self._record = batch.records[change.uid]
        self._standing = {**self._record.body, **self._record.extra}
        self._said = new_values(change)

    def merged(self) -> Merged:
        """The record after it. Raises: BadChangeError for an error of the author's own, UnknownFormError."""
        beside = {clash.field for clash in decided_otherwise(self._batch, self._change, self._record)}
        merged = self._merge(beside)
        if not merged.conflicts and not self._errors(merged.values):
            return merged
        self._refuse_own(merged)
        while together := self._only_together(merged) - beside:
            beside |= together
            merged = self._merge(beside)
        return merged

    def _merge(self, beside: Set[str]) -> Merged:
        return merge_change(self._standing, self._change, self._record.version, self._unseen, beside)

    def _unseen(self) -> Sequence[Mapping[str, Any]]:
        return self._batch.unseen_edits(self._change, self._laptop)

    def _errors(self, answers: Mapping[str, Any]) -> dict[str, Finding]:
        found = errors_of_record(self._change, answers, self._judge)
        return {error.key: error for error in found}

    def _refuse_own(self, merged: Merged) -> None:
        """An edit answers for the fields that it touches, as far as the error was there before its author's eyes."""
        errors = self._errors({**merged.values, **self._said})
        touched = {key: error for key, error in errors.items() if self._change.create or error.question in self._said}
        refuse(error for key, error in touched.items() if self._was_seen(key))

    def _only_together(self, merged: Merged) -> set[str]:
        """The fields of this edit that make an error with what another officer wrote, whichever of them it is under."""
        found: set[str] = set()
        for key, error in self._errors(merged.values).items():
            if error.question in merged.applied:
                found.add(error.question)
            elif key not in self._errors(self._standing):
                found |= {name for name in merged.applied if key not in self._errors(self._without(merged, name))}
        return found

    def _without(self, merged: Merged, name: str) -> dict[str, Any]:
        return {**merged.values, name: self._standing.get(name)}

    def _was_seen(self, key: str) -> bool:
        return all(key in errors for errors in self._errors_seen)

    @property
    def _is_base_known(self) -> bool:
        """False too where what waited on a laptop when it heard of a restore was told as written upon version 1.

        And where something that this one leans on is still on its way.
        """
        is_of_this_life = self._change.base == self._base_told and not self._batch.store.was_put_back()
        return is_of_this_life and self._batch.has_all_before(self._change)

    @cached_property
    def _errors_seen(self) -> list[dict[str, Finding]]:
        """The errors that the author could see: by what stood before him, and by that with what lies beside it."""
        if not self._is_base_known:
            return [self._errors(self._said)]
        seen = undone(self._standing, self._batch.edits_since(self._change, self._laptop))
        views = ({**seen, **self._said}, {**seen, **self._beside(), **self._said})
        return [self._errors(view) for view in views]

    def _beside(self) -> dict[str, Any]:
        """What its author, or anybody on his laptop, typed into this record that does not stand in it."""
        seen, words = self._batch.seen_beside(self._change, self._laptop), dict[str, Any]()
        lost = self._lost(seen)
        for change_id, one in seen.items():
            words |= {told.field: told.other for told in lost if told.change == change_id}
            if one.status in UNDECIDED or self._is_seen_here_only(one):
                words |= {name: new for name, (_old, new) in json.loads(one.body)["set"].items()}
        return {name: value for name, value in words.items() if name != DELETED}

    def _lost(self, seen: Mapping[str, Decision]) -> list[Conflict]:
        """What of these edits lies beside the record, or lay there until somebody else settled it unheard."""
        settled = {uid for one in seen.values() for uid in json.loads(one.body).get("resolves", ())}
        hanging = self._batch.hanging_on([self._record.uid])
        told = [(record.uid, found) for record in hanging if (found := conflict_of(record)) is not None]
        unheard = {name for name, one in seen.items() if self._is_unheard(one)}
        return [one for uid, one in told if one.state == OPEN or (one.change in unheard and uid not in settled)]

    def _is_seen_here_only(self, one: Decision) -> bool:
        """True for an edit that went into the record of a merge, until its author sees that this one is apart again."""
        return self._is_unheard(one) and bool(_told(one).get("alias"))

    def _is_unheard(self, one: Decision) -> bool:
        """True while the author need not know yet what was done about an edit after it was taken in."""
        return one.status in DONE and self._change.base <= _told(one).get("version", 0)


def _told(one: Decision) -> dict[str, Any]:
    return dict(json.loads(one.result or "{}"))
