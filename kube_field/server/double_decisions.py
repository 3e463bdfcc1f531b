"""What a supervisor's word does to two records: made one, told apart, or taken apart again (sync design 4).

Merging never throws anything away. The merged record stays as it was, seen under the kept one and hanging on it, so
that whatever hangs on either travels with it; facts are not touched. The kept record takes what it had no answer for;
where both answered differently its own value stands and both are shown as a conflict. What was taken is remembered,
so that the way back leaves later edits alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Context, Stage
from kube_field.domain.forms.evaluation import finalised_answers, is_blank
from kube_field.domain.forms.merge_decision import DIFFERENT, MERGE
from kube_field.domain.merge import DELETED, FieldConflict, Merged, merge
from kube_field.domain.records import TRAVELS_WITH, RecordKind
from kube_field.server.batch import Batch, Cause
from kube_field.server.conflicts import open_conflicts
from kube_field.server.duplicates import case_about, is_alike_again
from kube_field.server.judging import BadChangeError, Judge, QuarantinedError, decided_about, photos_in
from kube_field.server.moving import VILLAGE
from kube_field.server.policy import Grants, Right
from kube_field.server.storage.accounts import User
from kube_field.server.storage.double_rows import DIFFERENT as APART
from kube_field.server.storage.double_rows import GONE, MERGED, OPEN, Case, MergeDone
from kube_field.server.storage.record_rows import LastEdit, Stored
from kube_field.server.two_records import TwoRecords, fields_of
from kube_field.wire.messages import FieldError, WireChange
from kube_field.wire.server_words import Conflict, conflict_uid

DECIDED_BEFORE = "DECIDED_BEFORE"
"""A decision that a server had accepted before it was put back, and that cannot be carried out any more."""
OF_THE_RECORD_ITSELF = frozenset({"form_version", DELETED})
"""Fields that say nothing about the person or family."""


class DoubleDecisions:
    """Carries out an author's decisions about two records inside one batch, with his rights or those of the `grant`."""

    def __init__(self, batch: Batch, judge: Judge, author: User, grant: Grants | None = None) -> None:
        self._batch = batch
        self._judge = judge
        self._author = author
        self._grant = grant
        self._pair = TwoRecords(batch, judge.reference.regions)

    def carry_out(self, change: WireChange, cause: Cause) -> str:
        """Do what the decision says; what it has to wait for, "" when it was done.

        Raises: BadChangeError when that cannot be done any more, or is not allowed. QuarantinedError when it was
        accepted by a server before, or its author could not know that he may not.
        """
        try:
            return self._carried_out(change, cause)
        except BadChangeError as error:
            if change.again is not True:
                raise
            message = _("Keputusan ini pernah diterima server, sebelum dipulihkan. {why}")
            why = " ".join(found.message for found in error.errors)
            raise QuarantinedError("decision", DECIDED_BEFORE, message.format(why=why)) from error

    def _carried_out(self, change: WireChange, cause: Cause) -> str:
        _old, told = change.set["answers"]
        pair = [self._batch.records[uid] for uid in decided_about(change)]
        for record in pair:
            self._require_right(change, record.uid, record.scope)
        case = case_about(self._batch, str(told.get("duplicate", "")), pair)
        if case is None:
            raise _bad("duplicate", "UNKNOWN_CASE", _("Temuan ini tidak dikenal server."))
        kept, merged = pair
        is_one = self._batch.standing(kept.uid) == self._batch.standing(merged.uid)
        decided = replace(case, decided_by=self._author.name, decided_at=self._batch.now)
        if told.get("decision") == DIFFERENT:
            self._tell_apart(decided, is_one=is_one)
        elif told.get("decision") != MERGE:
            return self._take_back(change, case, pair, is_one=is_one, cause=cause)
        elif not is_one:
            self._merge(self._mergeable(decided, kept, merged), kept, merged, cause)
        return ""

    def _require_right(self, change: WireChange, uid: str, scope: str) -> None:
        """Let him decide about a record that lies, or will lie, in this scope.

        Raises: BadChangeError when he may not and never might, as far as anybody knows. QuarantinedError otherwise.
        """
        right = (self._grant or self._author.scope).right_to_write(RecordKind.MERGE_DECISION, scope)
        if right == Right.ALLOWED:
            return
        if self._grant is not None:
            raise QuarantinedError("scope", "NOT_ALLOWED", _("Pemeriksa tidak berwenang atas kedua data ini."))
        if right == Right.FORMER:
            raise QuarantinedError("scope", "FORMER_AREA", _("Wilayah ini bukan lagi wilayah tugas penulis."))
        if self._was_his(change, uid):
            raise QuarantinedError("scope", "MOVED_AWAY", _("Salah satu data ini sudah pindah ke wilayah lain."))
        if change.again is True:
            message = _("Keputusan ini pernah diterima server, sebelum dipulihkan.")
            raise QuarantinedError("scope", "ACCEPTED_BEFORE", message)
        raise _bad("scope", "NOT_ALLOWED", _("Penulis tidak berwenang atas kedua data ini."))

    def _was_his(self, change: WireChange, uid: str) -> bool:
        """True when the author could think that the record still lies with him."""
        places = self._batch.scopes_left(uid)
        rights = (self._author.scope.right_to_write(RecordKind.MERGE_DECISION, place) for place in places)
        return any(right != Right.DENIED for right in rights) or self._batch.was_set_aside(change, uid)

    def _tell_apart(self, case: Case, *, is_one: bool) -> None:
        if is_one:
            message = _("Kedua data ini sudah digabung. Urungkan penggabungan itu dahulu.")
            raise _bad("decision", "MERGED", message)
        self._batch.cases.append(replace(case, state=APART))

    # making one

    def _mergeable(self, case: Case, kept: Stored, merged: Stored) -> Case:
        """The case to close by a merge. Raises: BadChangeError for what the supervisor could not know yet."""
        if case.state == APART:
            raise _bad("decision", "DIFFERENT", _("Kedua data ini sudah dinyatakan berbeda."))
        if kept.merged_into or merged.merged_into:
            message = _("Salah satu data ini sudah digabung dengan data lain. Bandingkan lagi setelah sinkronisasi.")
            raise _bad("decision", "MERGED_AWAY", message)
        is_there = case.state != GONE or is_alike_again(self._batch, case, (kept, merged))
        found = case if is_there else self._open_case(kept.uid, merged.uid)
        if found is None or kept.deleted or merged.deleted:
            message = _("Data berubah sejak dibandingkan dan tidak lagi mirip. Bandingkan lagi setelah sinkronisasi.")
            raise _bad("decision", "CASE_GONE", message)
        return replace(found, decided_by=case.decided_by, decided_at=case.decided_at)

    def _open_case(self, one: str, other: str) -> Case | None:
        """Another open case about the same two: a like name that turned out to be the same number."""
        pair = sorted((one, other))
        cases = self._batch.store.doubles().cases_of([one])
        return next((case for case in cases if [case.one, case.other] == pair and case.state == OPEN), None)

    def _merge(self, case: Case, kept: Stored, merged: Stored, cause: Cause) -> None:
        result = self._taken(kept, merged)
        conflicts = self._conflicts(kept, merged, result.conflicts, cause)
        after = self._put_taken(kept, merged, result, cause)
        under = replace(
            merged, merged_into=kept.uid, subject_uid=kept.uid, scope=after.scope, version=merged.version + 1
        )
        self._pair.put_place(under, cause)
        self._pair.say_alias(under, kept.uid, cause, undone=False)
        open_conflicts(self._batch, conflicts, cause)
        earlier = fields_of(kept)
        self._batch.merges.append(
            MergeDone(
                change_id=cause.change_id,
                case_id=case.id,
                kept=kept.uid,
                merged=merged.uid,
                scope=merged.scope,
                version=after.version,
                taken={name: [earlier.get(name), result.values[name]] for name in result.applied},
                conflicts=[uid for uid, _conflict in conflicts],
                at=self._batch.now,
            )
        )
        self._batch.cases.append(replace(case, state=MERGED, kept=kept.uid, merged=merged.uid))

    def _taken(self, kept: Stored, merged: Stored) -> Merged:
        """The kept record with the answers that it lacked; what says where it lies is never taken, only shown."""
        ours, theirs = fields_of(kept), fields_of(merged)
        places = {VILLAGE, *TRAVELS_WITH.get(RecordKind(kept.kind), ())}
        differing = {
            name: value
            for name, value in theirs.items()
            if not is_blank(value)
            and name not in OF_THE_RECORD_ITSELF
            and self._meant(value) != self._meant(ours.get(name))
        }
        missing = {name for name in differing if is_blank(ours.get(name))}
        edit = {name: (ours.get(name) if name in missing - places else None, new) for name, new in differing.items()}
        away = [FieldConflict(name, None, ours.get(name), differing[name]) for name in sorted(missing & places)]
        out_of_place = self._out_of_place(kept, {**ours, **{name: differing[name] for name in missing}})
        wanted = {name: pair for name, pair in edit.items() if name not in (missing & places) | out_of_place}
        found = merge(None, wanted, ours)
        return replace(found, conflicts=(*found.conflicts, *away))

    def _out_of_place(self, kept: Stored, answers: Mapping[str, Any]) -> set[str]:
        """Codes of questions that are not asked beside the kept answers: why there is no NIK, where there is one."""
        declared = form(RecordKind(kept.kind))
        context = Context(today=self._judge.today, stage=Stage.FINAL, reference=self._judge.reference)
        asked = finalised_answers(declared, answers, context)
        return {question.code for question in declared.questions()} - asked.keys() - fields_of(kept).keys()

    def _meant(self, value: Any) -> Any:
        """A reference is the record that it leads to, whatever name it was given."""
        if isinstance(value, dict) and isinstance(value.get("uid"), str):
            return ("uid", self._batch.standing(value["uid"]))
        return value

    def _conflicts(
        self, kept: Stored, merged: Stored, clashes: Sequence[FieldConflict], cause: Cause
    ) -> list[tuple[str, Conflict]]:
        """Both values of a field, each with the name of whoever wrote it."""
        names = [clash.field for clash in clashes]
        ours, theirs = (self._batch.last_edits(record.uid, names) if names else {} for record in (kept, merged))
        return [
            (conflict_uid(cause.change_id, clash.field), self._conflict(kept, clash, ours, theirs, cause))
            for clash in clashes
        ]

    def _conflict(
        self,
        kept: Stored,
        clash: FieldConflict,
        ours: Mapping[str, LastEdit],
        theirs: Mapping[str, LastEdit],
        cause: Cause,
    ) -> Conflict:
        stands, beside = (edits.get(clash.field) or edits.get("") or LastEdit("", "") for edits in (ours, theirs))
        return Conflict(
            record=kept.uid,
            record_kind=kept.kind,
            field=clash.field,
            base=None,
            kept=clash.kept,
            other=clash.other,
            kept_by=self._batch.name_of(stands.author_uid),
            kept_at=stands.at,
            other_by=self._batch.name_of(beside.author_uid),
            other_at=beside.at,
            change=cause.change_id,
        )

    def _put_taken(self, kept: Stored, merged: Stored, result: Merged, cause: Cause) -> Stored:
        if not result.applied:
            return kept
        body, extra = dict(kept.body), dict(kept.extra)
        for name in result.applied:
            (body if name in merged.body else extra)[name] = result.values[name]
        after = self._pair.put_fields(kept, body, extra, result.applied, cause)
        for photo in photos_in([result.values[name] for name in result.applied]):
            self._batch.name_photo(str(photo["sha256"]), after, str(photo.get("mime", "")), cause.author_uid)
        return after

    # taking apart

    def _take_back(self, change: WireChange, case: Case, pair: Sequence[Stored], *, is_one: bool, cause: Cause) -> str:
        """Take the merge of these two back, whichever case it was made by; what has to be waited for, "" for nothing.

        Nothing to do when that was done already, or when the merge only found them one by way of another record.
        """
        uids = [record.uid for record in pair]
        done = self._batch.standing_merge(*uids)
        if done is not None:
            self._undo(self._batch.case(done.case_id) or case, done, change, cause)
        elif not self._batch.was_merged(*uids):
            if is_one:
                message = _("Kedua data ini satu lewat data lain. Urungkan penggabungan dengan data itu dahulu.")
                raise _bad("decision", "MERGED_AGAIN", message)
            if not self._were_called_one(uids):
                return awaited_merge(*uids)
        return ""

    def _were_called_one(self, uids: Sequence[str]) -> bool:
        """True when a decision to merge these two was taken in, which then found them one."""
        told = [one.body["answers"] for one in self._batch.hanging_on(uids) if one.kind == RecordKind.MERGE_DECISION]
        return any(one["decision"] == MERGE and {one["kept"], one["merged"]} == set(uids) for one in told)

    def _undo(self, case: Case, done: MergeDone, change: WireChange, cause: Cause) -> None:
        """Both stand for themselves again."""
        kept, merged = self._batch.records[done.kept], self._batch.records[done.merged]
        if kept.merged_into:
            message = _("Data yang dipertahankan sudah digabung lagi. Urungkan penggabungan yang lebih baru dahulu.")
            raise _bad("decision", "MERGED_AGAIN", message)
        _subject, scope = self._pair.home_of(merged, done)
        self._require_right(change, merged.uid, scope)
        self._pair.take_apart(case, done, cause)


def awaited_merge(kept: str, merged: str) -> str:
    """What the way back waits for on a server that went back and has not been told of the merge again."""
    return ":".join(("mg", *sorted((kept, merged))))


def merges_in(change: WireChange) -> list[str]:
    """What may have been waited for when this change was taken in."""
    return [awaited_merge(*pair)] if len(pair := decided_about(change)) == 2 else []


def _bad(field: str, code: str, message: str) -> BadChangeError:
    return BadChangeError(FieldError(field=field, code=code, message=message))
