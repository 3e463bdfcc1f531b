"""What making two records one writes, and how that is taken apart again, whoever says so (sync design 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kube_field.domain.regions import Regions
from kube_field.server.batch import NO_EDIT, Batch, Cause
from kube_field.server.conflicts import conflict_of, settle_conflict, word
from kube_field.server.moving import home_scope, take_along
from kube_field.server.storage.double_rows import OPEN, Case, MergeDone
from kube_field.server.storage.record_rows import Stored
from kube_field.wire.canonical import canonical_json, content_hash
from kube_field.wire.server_words import Alias, ServerKind, alias_uid


class TwoRecords:
    """Writes what becomes of a kept and a merged record inside one batch; asks for nobody's rights."""

    def __init__(self, batch: Batch, regions: Regions) -> None:
        self._batch = batch
        self._regions = regions

    def home_of(self, merged: Stored, done: MergeDone) -> tuple[str, str]:
        """On what the merged record hangs, and where it lies, once it stands for itself again."""
        return home_scope(self._batch, self._regions, merged, done.scope)

    def take_apart(self, case: Case, done: MergeDone, cause: Cause) -> None:
        """Both stand for themselves again, the kept one without what it took, but for later edits."""
        kept, merged = self._batch.records[done.kept], self._batch.records[done.merged]
        subject, scope = self.home_of(merged, done)
        self._put_back(kept, done, cause)
        alone = replace(merged, merged_into="", subject_uid=subject, scope=scope, version=merged.version + 1)
        self.put_place(alone, cause)
        self.say_alias(alone, kept.uid, cause, undone=True)
        for uid in done.conflicts:
            self._close(uid, cause)
        self._batch.merges.append(replace(done, undone_by=cause.change_id))
        self._batch.cases.append(replace(case, state=OPEN, kept="", merged="", decided_by="", decided_at=""))

    def put_fields(
        self, before: Stored, body: dict[str, Any], extra: dict[str, Any], names: Sequence[str], cause: Cause
    ) -> Stored:
        """Let a record have these fields; `names` are those that became others."""
        after = {**body, **extra}
        hashed = content_hash({"uid": before.uid, "kind": before.kind, "body": after})
        record = replace(before, body=body, extra=extra, version=before.version + 1, sha256=hashed)
        edit = {name: (fields_of(before).get(name), after.get(name)) for name in names}
        self._batch.put(record, cause, canonical_json(edit).decode())
        return record

    def put_place(self, record: Stored, cause: Cause) -> None:
        """Let the merged record lie elsewhere, with all that hangs on it."""
        self._batch.put(record, cause, NO_EDIT)
        take_along(self._batch, record.uid, cause)

    def say_alias(self, merged: Stored, kept: str, cause: Cause, *, undone: bool) -> None:
        """Tell the laptops what stands for the merged record, or that nothing does any more."""
        uid = alias_uid(merged.uid)
        self._batch.load([uid])
        before = self._batch.records.get(uid)
        told = Alias(old=merged.uid, new=kept, undone=undone)
        version = before.version + 1 if before else 1
        said = word(uid, ServerKind.ALIAS, merged.scope, told, version=version, subject=merged.uid)
        self._batch.put(replace(said, author_uid=cause.author_uid), cause)

    def _put_back(self, kept: Stored, done: MergeDone, cause: Cause) -> None:
        """Take out what the merge put in, and what one that was taken back before left for this one's sake."""
        back: dict[str, Any] = {}
        for made in (*self._batch.merges_taken_back(kept.uid), done):
            back |= self._to_take_out(kept, made, done.merged)
        if not back:
            return
        body, extra = dict(kept.body), dict(kept.extra)
        for name, before in back.items():
            place = body if name in body else extra
            if before is None:
                del place[name]
            else:
                place[name] = before
        self.put_fields(kept, body, extra, list(back), cause)

    def _to_take_out(self, kept: Stored, done: MergeDone, leaving: str) -> dict[str, Any]:
        """The fields of a merge with what stood before, but for those edited since, or typed and found answered so."""
        fields = fields_of(kept)
        left = {name: pair for name, pair in done.taken.items() if fields.get(name) == pair[1]}
        if not left:
            return {}
        edited = self._batch.edited_since(kept.uid, done.version)
        typed = self._batch.typed_since(kept.uid, done.at, leaving)
        edited |= {name for sets in typed for name in left if name in sets and sets[name][1] == left[name][1]}
        return {name: before for name, (before, _after) in left.items() if name not in edited}

    def _close(self, uid: str, cause: Cause) -> None:
        """A conflict between two records that are none is settled with the value that stands."""
        self._batch.load([uid])
        record = self._batch.records.get(uid)
        if record is not None and (conflict := conflict_of(record)) is not None:
            about = self._batch.records[conflict.record]
            standing = fields_of(about).get(conflict.field)
            settle_conflict(self._batch, record, standing, cause)


def fields_of(record: Stored) -> dict[str, Any]:
    """Everything that a record says, also what this program does not know."""
    return {**record.body, **record.extra}
