"""Applies one change to the records of a batch: who may, what it waits for, merge, conflicts, moves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from gettext import gettext as _
from typing import Any

from msgspec.structs import replace as replaced

from kube_field.domain.forms.aid_rules import NEEDS_VISIT
from kube_field.domain.merge import DELETED, Merged
from kube_field.domain.records import EDITABLE_KINDS, PROVINCE_SCOPE, RecordKind, Role
from kube_field.server.batch import NO_EDIT, Batch, Cause
from kube_field.server.conflicts import close_conflicts, find_conflicts, open_conflicts
from kube_field.server.document_reviews import check_review
from kube_field.server.double_decisions import DoubleDecisions
from kube_field.server.edits import MergingEdit
from kube_field.server.judging import (
    BadChangeError,
    Judge,
    QuarantinedError,
    check_fact,
    check_record,
    known_fields,
    photos_in,
)
from kube_field.server.merging import merge_change
from kube_field.server.moving import VILLAGE, companion_uid, destination, new_values, parent_in, parent_uid, take_along
from kube_field.server.named import named_in, waits_for
from kube_field.server.policy import Grants, Right
from kube_field.server.storage.accounts import User
from kube_field.server.storage.record_rows import Stored
from kube_field.server.tranches import is_later_tranche, waits_for_visit
from kube_field.wire.canonical import canonical_json, content_hash
from kube_field.wire.messages import HELD, ChangeResult, FieldError, WireChange
from kube_field.wire.server_words import ERASED_CODE


class Applying:
    """Decides changes one after the other, by their authors' rights or by the `grant` of whoever lets them in."""

    def __init__(self, batch: Batch, judge: Judge, grant: Grants | None = None) -> None:
        self._batch = batch
        self._judge = judge
        self._grant = grant

    def apply(self, change: WireChange, device_id: str) -> ChangeResult:
        """Take a change into the batch. Raises: BadChangeError, QuarantinedError, UnknownFormError."""
        kind = RecordKind(change.kind)
        if erased := erased_error(change, self._batch.erased):
            raise BadChangeError(erased)
        current = self._batch.records.get(change.uid)
        if current is not None and current.kind != change.kind:
            raise _bad("kind", "KIND_CHANGED", _("Data dengan nomor ini berjenis lain."))
        if kind not in EDITABLE_KINDS:
            return self._apply_fact(change, kind, current, device_id)
        if current is None:
            return self._create(change, kind, device_id)
        if current.merged_into:
            return self._edit_merged(change, kind, current, device_id)
        return self._edit(change, kind, current, device_id)

    # facts

    def _apply_fact(self, change: WireChange, kind: RecordKind, current: Stored | None, device_id: str) -> ChangeResult:
        if current is None and (missing := self._missing_parent(change)):
            self._known_author(change)
            check_fact(change, self._judge)
            return ChangeResult(id="", status=HELD, hold=missing)
        scope, subject = self._place(change)
        author = self._writer(change, kind, scope, subject)
        check_fact(change, self._judge)
        if current is not None:
            if current.sha256 != change.sha256:
                raise _bad("uid", "FACT_EXISTS", _("Dokumen final tidak dapat diubah."))
            return ChangeResult(id="", status="applied", version=current.version)
        self._require_visit(change)
        if kind == RecordKind.REVIEW:
            document = self._batch.records[parent_in(change)]
            check_review(self._batch, document, author, change, by_hand=self._grant is not None)
        if kind == RecordKind.MERGE_DECISION:
            doubles = DoubleDecisions(self._batch, self._judge, author, self._grant)
            if hold := doubles.carry_out(change, _cause(change, author, device_id)):
                return ChangeResult(id="", status=HELD, hold=hold)
            scope, _subject = self._place(change)  # the record that the word is about may lie elsewhere now
        record = replace(self._split(change, scope, new_values(change), author), sha256=change.sha256)
        stands = self._batch.put(record, _cause(change, author, device_id))
        self._link_photos(stands, change, author)
        return ChangeResult(id="", status="applied", version=1)

    def _require_visit(self, change: WireChange) -> None:
        """Set a later tranche aside while its visit is not accepted; a supervisor may let it in himself."""
        _old, answers = change.set["answers"]
        if self._grant is not None or not is_later_tranche(change.kind, answers):
            return
        if waits_for_visit(self._batch, parent_in(change), answers):
            message = _("Tahap {n} baru boleh diserahkan setelah ada kunjungan yang disetujui penyelia.")
            raise QuarantinedError("tranche_no", NEEDS_VISIT, message.format(n=answers["tranche_no"]))

    def _place(self, change: WireChange) -> tuple[str, str]:
        """Scope of a fact or new record, and the record that it follows there, "" when it lies by its own word."""
        uid = parent_in(change)
        parent = self._batch.records.get(uid)
        if parent is None or parent.scope == PROVINCE_SCOPE:
            return change.scope, ""
        return parent.scope, uid

    # editable records

    def _create(self, change: WireChange, kind: RecordKind, device_id: str) -> ChangeResult:
        """Rights are judged when all is there: what is not may have been moved by its author to an area not his own."""
        self._known_author(change)
        if not change.create:
            return ChangeResult(id="", status=HELD, hold=change.uid)
        if missing := self._missing_parent(change):
            return ChangeResult(id="", status=HELD, hold=missing)
        scope, parent = self._place(change)
        author = self._writer(change, kind, scope, parent or companion_uid(kind, new_values(change)))
        merged = merge_change({}, change, 0, list)
        check_record(change, merged.values, self._judge)
        self._store(self._after(change, scope, 1, merged, author), change, merged, None, author, device_id)
        return ChangeResult(id="", status="applied", version=1)

    def _edit(
        self, change: WireChange, kind: RecordKind, current: Stored, device_id: str, *, asked: str = ""
    ) -> ChangeResult:
        """Merge an edit into a record; `asked` is the one that its author meant, if that is seen under this one."""
        author = self._writer(change, kind, current.scope, asked or change.uid)
        if missing := self._missing_parent(change):
            return ChangeResult(id="", status=HELD, hold=missing)
        laptop = "" if asked else device_id
        merged = MergingEdit(self._batch, self._judge, change, laptop).merged()
        found = find_conflicts(self._batch, change, merged.conflicts, author)
        version = current.version
        undeleted = current.deleted and any(clash.field == DELETED for clash in merged.conflicts)
        if merged.applied or undeleted:
            version += 1
            after = self._after(change, current.scope, version, merged, author)
            scope = destination(self._batch, self._judge.reference.regions, current, after)
            self._store(replace(after, scope=scope), change, merged, current, author, device_id)
        cause = _cause(change, author, device_id)
        conflicts = open_conflicts(self._batch, found, cause)
        close_conflicts(self._batch, change, cause)
        status = "conflict" if conflicts else "applied" if change.base == current.version else "merged"
        return ChangeResult(id="", status=status, version=version, conflicts=conflicts)

    def _edit_merged(self, change: WireChange, kind: RecordKind, old: Stored, device_id: str) -> ChangeResult:
        """Who had not heard of a merge edits the record that stands now, as one who saw nothing of it yet.

        That the old one be deleted is no word about the one that stands.
        """
        standing = self._batch.records[self._batch.standing(old.uid)]
        edit = {name: pair for name, pair in change.set.items() if name != DELETED}
        onto = replaced(change, uid=standing.uid, base=0, set=edit)
        result = self._edit(onto, kind, standing, device_id, asked=old.uid)
        return replaced(result, version=old.version, alias=standing.uid)

    def _after(self, change: WireChange, scope: str, version: int, merged: Merged, author: User) -> Stored:
        fields = {**merged.values, "form_version": change.form}
        hashed = content_hash({"uid": change.uid, "kind": change.kind, "body": fields})
        return replace(self._split(change, scope, fields, author), version=version, sha256=hashed)

    def _store(
        self,
        record: Stored,
        change: WireChange,
        merged: Merged,
        before: Stored | None,
        author: User,
        device_id: str,
    ) -> None:
        earlier: Mapping[str, Any] = {**before.body, **before.extra} if before else {}
        edit = {name: (earlier.get(name), change.set[name][1]) for name in merged.applied}
        cause = _cause(change, author, device_id)
        self._batch.put(record, cause, canonical_json(edit).decode() if edit else NO_EDIT)
        if before is not None and before.scope != record.scope:
            take_along(self._batch, record.uid, cause)
        self._link_photos(record, change, author)

    # rights

    def _writer(self, change: WireChange, kind: RecordKind, scope: str, present: str) -> User:
        """The author, when he may write there; `present` is the record by whose place he could think that he may."""
        author = self._known_author(change)
        right = author.scope.right_to_write(kind, scope)
        if self._grant is not None:
            if Right.ALLOWED not in (right, self._grant.right_to_write(kind, scope)):
                words = _("Data ini di luar wilayah penulisnya dan di luar wilayah pemeriksa yang menerimanya.")
                raise QuarantinedError("scope", "NOT_ALLOWED", words)
            return author
        if right == Right.FORMER:
            raise QuarantinedError("scope", "FORMER_AREA", _("Wilayah ini bukan lagi wilayah tugas penulis."))
        if right == Right.DENIED and not self._tells_of_move(change, kind, present, author):
            self._refuse(change, kind, present, author)
        return author

    def _known_author(self, change: WireChange) -> User:
        author = self._batch.authors.get(change.by)
        if author is None and self._grant is None:
            raise QuarantinedError("by", "AUTHOR_UNKNOWN", _("Penulis data ini belum terdaftar di server."))
        return author or User(change.by, "", Role.PENDAMPING, ())

    def _tells_of_move(self, change: WireChange, kind: RecordKind, present: str, author: User) -> bool:
        """True for the old address that comes along with a move: whoever moved the record may tell of it."""
        return kind == RecordKind.VALUE_HISTORY and bool(present) and self._batch.mover_of(present) == author.uid

    def _refuse(self, change: WireChange, kind: RecordKind, present: str, author: User) -> None:
        """Refuse for good, unless the author could think that the record still lies with him.

        What was kept before this server was put back was right then. That too is the author's own word.
        """
        places = [change.scope, *self._batch.scopes_left(present), *self._places_seen(change)] if present else []
        could_think = any(author.scope.right_to_write(kind, place) != Right.DENIED for place in places)
        if change.again is True and not could_think:
            raise QuarantinedError(
                "scope", "ACCEPTED_BEFORE", _("Data ini pernah diterima server, sebelum dipulihkan.")
            )
        if could_think or any(self._batch.was_set_aside(change, uid) for uid in self._chain(present)):
            raise QuarantinedError("scope", "MOVED_AWAY", _("Data ini sudah pindah ke wilayah lain."))
        raise _bad("scope", "NOT_ALLOWED", _("Penulis tidak berwenang atas data ini."))

    def _chain(self, uid: str) -> list[str]:
        """A record, what it hangs on, and so on. They are only looked at: not locked, so not kept for others."""
        found = [uid]
        while record := self._batch.records.get(found[-1]) or self._batch.store.records(found[-1:]).get(found[-1]):
            if record.subject_uid in ("", *found):
                break
            found.append(record.subject_uid)
        return found

    def _places_seen(self, change: WireChange) -> list[str]:
        """Where the record lay in its author's eyes: a server that was put back may not know it any more.

        Before a move, or by a merge. It is his own word, and all that it gains him is that somebody looks at it.
        """
        village, _new = change.set.get(VILLAGE, ("", ""))
        before = [self._judge.reference.regions.scope_of(village)] if isinstance(village, str) and village else []
        return [*before, change.seen_in] if change.seen_in else before

    # small steps

    def _missing_parent(self, change: WireChange) -> str:
        """What was erased does not come any more: nothing waits for it."""
        known = (self._batch.records, self._batch.erased)
        return next((uid for uid in waits_for(change) if not any(uid in found for found in known)), "")

    def _split(self, change: WireChange, scope: str, fields: Mapping[str, Any], author: User) -> Stored:
        known = known_fields(change)
        return Stored(
            uid=change.uid,
            kind=change.kind,
            scope=scope,
            version=1,
            body={name: value for name, value in fields.items() if name in known},
            extra={name: value for name, value in fields.items() if name not in known},
            subject_uid=parent_uid(RecordKind(change.kind), fields),
            occurred_on=str(fields.get("occurred_on", "")),
            author_uid=author.uid,
            deleted=bool(fields.get(DELETED)),
        )

    def _link_photos(self, record: Stored, change: WireChange, author: User) -> None:
        for photo in photos_in(change.set):
            self._batch.name_photo(str(photo["sha256"]), record, str(photo.get("mime", "")), author.uid)


def erased_error(change: WireChange, erased: Collection[str]) -> FieldError | None:
    """Why a change about somebody who was erased is refused, of others only what would lie in an erased family."""
    if not set(named_in(change)).intersection(erased):
        return None
    if change.kind == RecordKind.PERSON and change.uid not in erased:
        message = _("Keluarga ini sudah dihapus dari server. Daftarkan keluarga baru, lalu pindahkan warga ini.")
        return FieldError(field="household_id", code="FAMILY_ERASED", message=message)
    message = _("Data warga ini sudah dihapus atas keputusan dinas; perubahan ini tidak dapat disimpan.")
    return FieldError(field="", code=ERASED_CODE, message=message)


def leans_on(change: WireChange) -> Sequence[str]:
    """The records that must be at hand to decide a change, besides its own."""
    return [*waits_for(change), *change.resolves]


def _cause(change: WireChange, author: User, device_id: str) -> Cause:
    return Cause(change.id, author.uid, change.reason, device_id)


def _bad(field: str, code: str, message: str) -> BadChangeError:
    return BadChangeError(FieldError(field=field, code=code, message=message))
