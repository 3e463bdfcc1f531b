"""Takes in a batch of changes: each gets its own outcome, none stops another, and nothing that arrived is lost.

The order of sync design 5: lock the records, look up what is known, decide in Python, write everything at once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from gettext import gettext as _
from hashlib import sha256
from typing import Any

import msgspec

from kube_field.domain.merge import DELETED, Merged
from kube_field.domain.records import EDITABLE_KINDS, PROVINCE_SCOPE, RecordKind
from kube_field.server.judging import (
    BadChangeError,
    Judge,
    check_fact,
    check_record,
    id_of,
    known_fields,
    parents_of,
    photos_in,
    read_change,
)
from kube_field.server.merging import merge_change
from kube_field.server.policy import Right
from kube_field.server.storage.accounts import User
from kube_field.server.storage.record_rows import Decision, Disagreement, Step, Stored, Writing
from kube_field.server.storage.records import RecordStore
from kube_field.wire.canonical import canonical_json, content_hash
from kube_field.wire.messages import DONE, HELD, ChangeResult, FieldError, WireChange, WireReceipt

log = logging.getLogger(__name__)

AFRESH = frozenset({"failed", "quarantined"})
"""Statuses that are decided anew when the change comes again: after a mend of the server, or once its author or his
area is known, it may pass."""
RECEIPT_FOR = DONE | {HELD, "quarantined"}
"""Statuses with which the server answers for the content."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A change as it came: its bytes, its id, and the change itself or why it cannot be read."""

    raw: bytes
    id: str
    change: WireChange | None
    error: BadChangeError | None


class QuarantinedError(Exception):
    """Stored and listed, but somebody has to look at it before it counts."""

    def __init__(self, error: FieldError) -> None:
        super().__init__(error.code)
        self.error = error


class Intake:
    """Decides one batch inside the transaction that the caller holds."""

    def __init__(
        self,
        store: RecordStore,
        judge: Judge,
        find_authors: Callable[[Sequence[str]], Mapping[str, User]],
        *,
        device_id: str,
        now: str,
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._judge = judge
        self._find_authors = find_authors
        self._device_id = device_id
        self._now = now
        self._new_id = new_id
        self._authors: dict[str, User] = {}
        self._records: dict[str, Stored] = {}
        self._waiting: dict[str, list[Arrived]] = {}
        self._asked: set[str] = set()
        self._results: dict[str, ChangeResult] = {}
        self._known: set[str] = set()
        self._work = Writing()

    def take(self, raws: Sequence[bytes]) -> list[ChangeResult]:
        """Decide and write a batch; one result per change, in the order given."""
        batch = [arrived(raw) for raw in raws]
        self._look_up(batch)
        for item in batch:
            if item.id not in self._results:
                self._decide(item)
        self._store.write(self._work, device_id=self._device_id, now=self._now)
        return [replace_id(self._results[item.id], item) for item in batch]

    def take_failed(self, raw: bytes) -> ChangeResult:
        """Keep a change that the server could not decide, so that it can be decided after a mend."""
        item = arrived(raw)
        known = self._store.decided([item.id])
        result = _fault()
        self._known.update(known)
        self._record(item, replace_id(result, item))
        self._store.write(self._work, device_id=self._device_id, now=self._now)
        return self._results[item.id]

    # looking up

    def _look_up(self, batch: Sequence[Arrived]) -> None:
        changes = [item.change for item in batch if item.change is not None]
        parents = [uid for change in changes for uid in parents_of(change)]
        edited = [change.uid for change in changes if change.kind in EDITABLE_KINDS]
        self._store.lock([*edited, *parents])
        for decision in self._store.decided([item.id for item in batch]).values():
            self._known.add(decision.change_id)
            if decision.status not in AFRESH:
                self._results[decision.change_id] = msgspec.json.decode(decision.result, type=ChangeResult)
        uids = list(dict.fromkeys([*(change.uid for change in changes), *parents]))
        self._records.update(self._store.records(uids))
        self._look_for_waiting([change.uid for change in changes])
        waiting = [item.change for items in self._waiting.values() for item in items if item.change is not None]
        self._load_authors([*changes, *waiting])

    def _look_for_waiting(self, uids: Sequence[str]) -> None:
        unasked = [uid for uid in dict.fromkeys(uids) if uid not in self._asked]
        self._asked.update(unasked)
        for uid, decisions in self._store.waiting_for(unasked).items():
            items = [arrived(decision.body.encode()) for decision in decisions]
            self._known.update(item.id for item in items)
            self._waiting.setdefault(uid, []).extend(items)

    def _load_authors(self, changes: Sequence[WireChange]) -> None:
        unknown = [uid for uid in dict.fromkeys(change.by for change in changes) if uid not in self._authors]
        if unknown:
            self._authors.update(self._find_authors(unknown))

    # deciding

    def _decide(self, item: Arrived) -> None:
        try:
            if item.change is None:
                raise item.error or BadChangeError()
            result = self._apply(item.change)
        except BadChangeError as error:
            result = ChangeResult(id="", status="rejected", errors=list(error.errors))
        except QuarantinedError as error:
            result = ChangeResult(id="", status="quarantined", errors=[error.error])
        except LookupError:
            result = _failed("UNKNOWN_FORM", _("Versi formulir ini belum dikenal server; data tersimpan di server."))
        except Exception as error:  # noqa: BLE001  (one change must never stop the others)
            log.error("a change could not be decided: %s", type(error).__name__)
            result = _failed(
                "SERVER_FAULT", _("Server gagal memproses; data tersimpan di server dan akan dicoba lagi.")
            )
        self._record(item, replace_id(result, item))
        if result.status in DONE and item.change is not None:
            self._release(item.change.uid)

    def _record(self, item: Arrived, result: ChangeResult) -> None:
        if result.status in RECEIPT_FOR and item.change is not None:
            result.receipt = WireReceipt(id=self._new_id(), sha256=item.change.sha256, at=self._now)
        self._results[item.id] = result
        decision = Decision(
            change_id=item.id,
            uid=item.change.uid if item.change else "",
            author_uid=item.change.by if item.change else "",
            body=item.raw.decode("utf-8", errors="backslashreplace").replace("\x00", "\\u0000"),
            sha256=item.change.sha256 if item.change else "",
            status=result.status,
            result=msgspec.json.encode(result).decode(),
        )
        (self._work.redecided if item.id in self._known else self._work.decisions).append(decision)
        self._known.add(item.id)
        if result.hold:
            self._work.held[item.id] = result.hold
            self._waiting.setdefault(result.hold, []).append(item)

    def _release(self, uid: str) -> None:
        """Decide what waited for a record that is there now."""
        self._look_for_waiting([uid])
        items = self._waiting.pop(uid, [])
        self._load_authors([item.change for item in items if item.change is not None])
        for item in items:
            earlier = self._results.get(item.id)
            self._work.held.pop(item.id, None)
            self._work.released.append(item.id)
            self._drop_earlier_decision(item.id)
            self._decide(item)
            now = self._results[item.id]
            if earlier is not None and earlier.receipt is not None and now.receipt is not None:
                now.receipt = earlier.receipt

    def _drop_earlier_decision(self, change_id: str) -> None:
        """A change that was held and released within this batch is written once, with its last outcome."""
        kept = [item for item in self._work.decisions if item.change_id != change_id]
        if len(kept) < len(self._work.decisions):
            self._work.decisions = kept
            self._known.discard(change_id)

    def _apply(self, change: WireChange) -> ChangeResult:
        kind = RecordKind(change.kind)
        current = self._records.get(change.uid)
        if current is not None and current.kind != change.kind:
            raise BadChangeError(_error("kind", "KIND_CHANGED", _("Data dengan nomor ini berjenis lain.")))
        if kind in EDITABLE_KINDS:
            return self._apply_edit(change, kind, current)
        return self._apply_fact(change, kind, current)

    def _apply_fact(self, change: WireChange, kind: RecordKind, current: Stored | None) -> ChangeResult:
        author = self._author(change, kind, change.scope)
        check_fact(change, self._judge)
        if current is not None:
            if current.sha256 != change.sha256:
                raise BadChangeError(_error("uid", "FACT_EXISTS", _("Dokumen final tidak dapat diubah.")))
            return ChangeResult(id="", status="applied", version=current.version)
        if missing := self._missing_parent(change):
            return ChangeResult(id="", status=HELD, hold=missing)
        body = {name: new for name, (_old, new) in change.set.items()}
        scope = self._scope_of_fact(change, kind, str(body["subject_uid"]))
        record = self._split(change, scope, body, author)
        self._store_version(replace(record, sha256=change.sha256), change, author)
        return ChangeResult(id="", status="applied", version=1)

    def _scope_of_fact(self, change: WireChange, kind: RecordKind, subject_uid: str) -> str:
        """A fact follows its parent, where its author may write too."""
        parent = self._records[subject_uid].scope
        if parent in (change.scope, PROVINCE_SCOPE):
            return change.scope
        self._author(change, kind, parent)
        return parent

    def _apply_edit(self, change: WireChange, kind: RecordKind, current: Stored | None) -> ChangeResult:
        author = self._author(change, kind, current.scope if current else change.scope)
        if current is None and not change.create:
            return ChangeResult(id="", status=HELD, hold=change.uid)
        if missing := self._missing_parent(change):
            return ChangeResult(id="", status=HELD, hold=missing)
        merged = self._merge(change, current)
        check_record(change, merged.values, self._judge)
        version = current.version if current else 0
        undeleted = any(clash.field == DELETED for clash in merged.conflicts) and bool(current and current.deleted)
        if merged.applied or undeleted or not version:
            version += 1
            fields = {**merged.values, "form_version": change.form}
            record = self._split(change, current.scope if current else change.scope, fields, author)
            hashed = content_hash({"uid": change.uid, "kind": change.kind, "body": fields})
            self._store_version(replace(record, version=version, sha256=hashed), change, author, merged.applied)
        conflicts = self._keep_conflicts(change, merged, author)
        others_edited = current is not None and change.base != current.version
        status = "conflict" if conflicts else "merged" if others_edited else "applied"
        return ChangeResult(id="", status=status, version=version, conflicts=conflicts)

    def _merge(self, change: WireChange, current: Stored | None) -> Merged:
        if current is None:
            return merge_change({}, change, 0, list)
        standing = {**current.body, **current.extra}
        return merge_change(standing, change, current.version, lambda: self._store.edits_after(change.uid, change.base))

    def _author(self, change: WireChange, kind: RecordKind, scope: str) -> User:
        author = self._authors.get(change.by)
        if author is None:
            raise QuarantinedError(_error("by", "AUTHOR_UNKNOWN", _("Penulis data ini belum terdaftar di server.")))
        right = author.scope.right_to_write(kind, scope)
        if right == Right.FORMER:
            raise QuarantinedError(_error("scope", "FORMER_AREA", _("Wilayah ini bukan lagi wilayah tugas penulis.")))
        if right == Right.DENIED:
            raise BadChangeError(_error("scope", "NOT_ALLOWED", _("Penulis tidak berwenang atas data ini.")))
        return author

    def _missing_parent(self, change: WireChange) -> str:
        return next((uid for uid in parents_of(change) if uid not in self._records), "")

    def _split(self, change: WireChange, scope: str, fields: Mapping[str, Any], author: User) -> Stored:
        known = known_fields(change)
        return Stored(
            uid=change.uid,
            kind=change.kind,
            scope=scope,
            version=1,
            body={name: value for name, value in fields.items() if name in known},
            extra={name: value for name, value in fields.items() if name not in known},
            subject_uid=str(fields.get("subject_uid", "")),
            occurred_on=str(fields.get("occurred_on", "")),
            author_uid=author.uid,
            deleted=bool(fields.get(DELETED)),
        )

    def _store_version(self, record: Stored, change: WireChange, author: User, applied: Sequence[str] = ()) -> None:
        before = self._records.get(record.uid)
        earlier = {**before.body, **before.extra} if before else {}
        edit = {name: (earlier.get(name), change.set[name][1]) for name in applied}
        self._work.before.setdefault(record.uid, before.version if before else 0)
        self._records[record.uid] = record
        self._work.records[record.uid] = record
        self._work.steps.append(
            Step(
                uid=record.uid,
                version=record.version,
                change_id=change.id,
                scope=record.scope,
                kind=record.kind,
                sets=canonical_json(edit).decode(),
                author_uid=author.uid,
                reason=change.reason,
            )
        )
        for photo in photos_in(change.set):
            place = (record.scope, str(photo.get("mime", "")))
            self._work.photos[str(photo["sha256"]), record.uid] = place

    def _keep_conflicts(self, change: WireChange, merged: Merged, author: User) -> list[str]:
        record = self._records[change.uid]
        for clash in merged.conflicts:
            self._work.conflicts.append(
                Disagreement(
                    id=f"cf:{change.id}:{clash.field}",
                    uid=change.uid,
                    scope=record.scope,
                    field=clash.field,
                    base=canonical_json(clash.base).decode(),
                    kept=canonical_json(clash.kept).decode(),
                    other=canonical_json(clash.other).decode(),
                    change_id=change.id,
                    author_uid=author.uid,
                )
            )
        return [f"cf:{change.id}:{clash.field}" for clash in merged.conflicts]


def arrived(raw: bytes) -> Arrived:
    """Read one change as far as it can be read; one without an id is kept under the hash of its bytes."""
    try:
        change = read_change(raw)
    except BadChangeError as error:
        return Arrived(raw, id_of(raw) or f"raw:{sha256(raw).hexdigest()}", None, error)
    return Arrived(raw, change.id, change, None)


def replace_id(result: ChangeResult, item: Arrived) -> ChangeResult:
    """A result under the id by which the laptop knows its change."""
    result.id = item.id
    return result


def _error(field: str, code: str, message: str) -> FieldError:
    return FieldError(field=field, code=code, message=message)


def _failed(code: str, message: str) -> ChangeResult:
    return ChangeResult(id="", status="failed", errors=[_error("", code, message)])


def _fault() -> ChangeResult:
    return _failed("SERVER_FAULT", _("Server gagal memproses; data tersimpan di server dan akan dicoba lagi."))
