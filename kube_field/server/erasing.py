"""Erases a person for good: record, history, arrived changes, photos; laptops are told to do the same (design 3.8).

What stays is an empty record of kind `erased` under the same id, so that feed, chain and sums go on, and a line in the
ledger. The ledger lies beside the database too (`grants.jsonl`): one that was put back erases again at its start.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from gettext import gettext as _

from kube_field.domain.records import EDITABLE_KINDS, RecordKind
from kube_field.errors import Failure, KubeFieldError
from kube_field.server import snapshots
from kube_field.server.applying import erased_error
from kube_field.server.aside import read_aside
from kube_field.server.batch import UNDECIDED, Batch, Cause
from kube_field.server.duplicates import Doubles
from kube_field.server.endpoint import House, instant
from kube_field.server.intake import Intake
from kube_field.server.judging import Judge
from kube_field.server.moving import places_of
from kube_field.server.named import named_in_text
from kube_field.server.photo_folder import PhotoFolder
from kube_field.server.policy import Console
from kube_field.server.storage.accounts import Accounts
from kube_field.server.storage.erasure_rows import Emptied, ErasureRows
from kube_field.server.storage.record_rows import Decision, Stored
from kube_field.server.storage.records import RecordStore
from kube_field.server.storage.review_rows import ReviewRows
from kube_field.server.two_records import TwoRecords
from kube_field.wire.messages import FieldError
from kube_field.wire.server_words import ServerKind

log = logging.getLogger(__name__)

ERASABLE = frozenset({RecordKind.PERSON, RecordKind.HOUSEHOLD})
EDITABLE = frozenset(kind.value for kind in EDITABLE_KINDS)
LEAST_REASON = 5


@dataclass(frozen=True, slots=True)
class Erased:
    """What one erasure emptied: records of every kind, undecided changes about them, photos."""

    uid: str
    records: int
    changes: int
    photos: int


def erase(house: House, uid: str, reason: str) -> Erased:
    """Erase a person or family with everything that hangs on it; done again, it empties what came since.

    A family goes along with its only person. Raises: KubeFieldError VALIDATION without a reason, for what is no person
    or family, or for a family in which somebody else still stands.
    """
    if len(reason.strip()) < LEAST_REASON:
        raise KubeFieldError(Failure.VALIDATION, _("Tulis dasar penghapusan dengan --reason (tanpa nama warga)."))
    return _carried_out(house, uid, reason.strip())


def erase_again(house: House) -> int:
    """Carry out every decision of the ledger of which something stands here: this database was put back. How many."""
    with house.database.read():
        rows = ErasureRows(house.database)
        untaken = rows.not_taken() if rows.any_erased() else ()
        named = {uid for _change, body in untaken for uid in named_in_text(body)}
        roots = sorted({*rows.unfinished(), *rows.roots(named)})
    for root in roots:
        _carried_out(house, root, "")
    return len(roots)


def _carried_out(house: House, root: str, reason: str) -> Erased:
    def work() -> tuple[Erased, Emptied, set[str]]:
        with house.database.write():
            return _Erasure(house, root, reason).carry_out()

    erased, emptied, scopes = house.database.retry(work)
    _remove_files(house, emptied, scopes)
    return erased


def _remove_files(house: House, emptied: Emptied, scopes: Iterable[str]) -> None:
    """Photos and first downloads; the database says already that they are not there."""
    folder = PhotoFolder(house.photo_folder)
    for name in emptied.photos:
        folder.remove(name)
    for upload in emptied.parts:
        folder.drop(upload)
    for scope in scopes:
        snapshots.forget(house, scope)
    if not house.database.is_postgres:
        house.database.run("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


class _Erasure:
    """One erasure inside a transaction."""

    def __init__(self, house: House, root: str, reason: str) -> None:
        self._house, self._root, self._reason = house, root, reason
        self._rows = ErasureRows(house.database)
        self._now = instant(house.now())
        self._store = RecordStore(house.database, Console())
        self._batch = Batch(self._store, Accounts(house.database).authors, self._now)

    def carry_out(self) -> tuple[Erased, Emptied, set[str]]:
        """Empty everything. Raises: KubeFieldError VALIDATION."""
        ledger = self._rows.of_root(self._root)
        if ledger:
            self._now, self._reason = ledger[0][1], ledger[0][2]
            uids = self._decided({self._root, *(uid for uid, _at, _reason in ledger)})
            self._take_apart(uids)
        else:
            uids = self._belonging()
        self._rows.enter(self._root, uids, self._now, self._reason)
        standing = [record for record in self._batch.records.values() if record.uid in uids]
        full = [record for record in standing if record.kind != ServerKind.ERASED]
        for record in full:
            self._batch.put(_emptied(record), Cause(f"er:{record.uid}"))
        Doubles(self._batch, self._store.doubles()).look()
        self._store.write(self._batch.work, now=self._now)
        refused = self._refuse_untaken(uids)
        self._intake().let_go(sorted(uids))
        emptied = self._rows.empty(sorted(uids))
        return Erased(self._root, len(full), refused, len(emptied.photos)), emptied, self._rows.seen_in(sorted(uids))

    def _belonging(self) -> set[str]:
        """The record, those merged with it, and all that hangs on them, locked; a family with its last person too."""
        self._get([self._root])
        if self._kind(self._root) not in {kind.value for kind in ERASABLE}:
            raise KubeFieldError(
                Failure.VALIDATION, _("Tidak ada warga atau keluarga dengan nomor ini."), code="NO_SUCH_RECORD"
            )
        found = self._closed({self._root})
        if self._kind(self._root) == RecordKind.PERSON:
            for family in sorted(places_of(self._people(found))):
                group = self._one_with(family)
                if self._kind(family) == RecordKind.HOUSEHOLD and not self._others_in(group, found):
                    found = self._closed({*found, *group})
        self._refuse_family_with_others(found)
        return found

    def _decided(self, ledger: set[str]) -> set[str]:
        """What the ledger names, and the facts about that, locked; nothing else, for this database was put back.

        Since it was written down a family may have got another member, a business another owner, and two records may
        have been taken apart: those were not erased, although they belong to her in here.
        """
        self._get(ledger)
        found: set[str] = set()
        fresh = ledger
        while fresh:
            found |= fresh
            near = self._rows.hanging_on(sorted(fresh)) | self._rows.naming(sorted(self._uids_of_people(fresh)))
            self._get(near)
            fresh = {uid for uid in near - found if self._kind(uid) not in EDITABLE}
        return found

    def _take_apart(self, going: set[str]) -> None:
        """Let whoever stays stand for herself, as she did when the decision was made."""
        near = sorted(self._rows.merged_with(sorted(going)) - going)
        self._get(near)
        pairs = TwoRecords(self._batch, self._house.reference.regions)
        merges = [self._batch.standing_merge(one, other) for one in near for other in sorted(going)]
        for done in sorted((one for one in merges if one is not None), key=lambda one: one.at, reverse=True):
            merged, case = self._batch.records[done.merged], self._batch.case(done.case_id)
            if case is not None and merged.merged_into == done.kept:
                self._get(places_of([merged]))
                pairs.take_apart(case, done, Cause(f"er:{done.merged}"))

    def _closed(self, start: set[str]) -> set[str]:
        """These records and everything of theirs; people are never taken along by their family."""
        found: set[str] = set()
        fresh = set(start)
        while fresh:
            found |= fresh
            listed = sorted(fresh)
            near = self._rows.merged_with(listed) | self._rows.hanging_on(listed)
            near |= self._rows.naming(sorted(self._uids_of_people(fresh)))
            self._get(near)
            families = {uid for uid in fresh if self._kind(uid) == RecordKind.HOUSEHOLD}
            fresh = {uid for uid in near - found if not self._is_relative(uid, families)}
        return found

    def _one_with(self, uid: str) -> set[str]:
        """This record and those that are one with it."""
        found, fresh = {uid}, {uid}
        while fresh:
            fresh = self._rows.merged_with(sorted(fresh)) - found
            found |= fresh
        self._get(found)
        return found

    def _get(self, uids: Iterable[str]) -> None:
        wanted = sorted(uids)
        self._store.lock(wanted)
        self._batch.load(wanted)

    def _kind(self, uid: str) -> str:
        record = self._batch.records.get(uid)
        return record.kind if record is not None else ""

    def _is_relative(self, uid: str, families: set[str]) -> bool:
        """True for a person who was reached only by being of a family."""
        record = self._batch.records.get(uid)
        return record is not None and record.kind == RecordKind.PERSON and record.subject_uid in families

    def _people(self, uids: Iterable[str]) -> list[Stored]:
        records = (self._batch.records.get(uid) for uid in uids)
        return [record for record in records if record is not None and record.kind == RecordKind.PERSON]

    def _uids_of_people(self, uids: Iterable[str]) -> set[str]:
        return {record.uid for record in self._people(uids)}

    def _others_in(self, families: set[str], going: set[str]) -> set[str]:
        near = self._rows.hanging_on(sorted(families))
        self._get(near)
        return self._uids_of_people(near - going)

    def _refuse_family_with_others(self, going: set[str]) -> None:
        others = self._others_in({uid for uid in going if self._kind(uid) == RecordKind.HOUSEHOLD}, going)
        if others:
            raise KubeFieldError(
                Failure.VALIDATION,
                _("Keluarga ini masih memiliki anggota: {uids}.").format(uids=", ".join(sorted(others))),
                _("Hapus anggotanya dahulu; keluarga ikut terhapus bersama anggota terakhirnya."),
                code="FAMILY_HAS_MEMBERS",
            )

    def _refuse_untaken(self, uids: set[str]) -> int:
        """What waits or was refused before is refused with the word, its content goes; how many waited."""
        about = [name for name, body in self._rows.not_taken() if not uids.isdisjoint(named_in_text(body))]
        known = ReviewRows(self._house.database)
        told = [(one, self._error(one, uids)) for name in sorted(about) if (one := known.change(name)) is not None]
        refused = [(one, error) for one, error in told if error is not None]
        if refused:
            self._intake().refuse_erased(refused)
        self._rows.empty_changes(about)
        return sum(one.status in UNDECIDED for one, _error in refused)

    def _error(self, decision: Decision, uids: set[str]) -> FieldError | None:
        """Why the change is refused; None for one that nobody can read: its sender keeps the answer that he has."""
        change = read_aside(decision.body)
        return erased_error(change, uids) if change is not None else None

    def _intake(self) -> Intake:
        return Intake(
            self._store,
            Judge.at(self._house.reference, self._house.now()),
            Accounts(self._house.database).authors,
            device_id="",
            now=self._now,
            new_id=self._house.new_id,
        )


def _emptied(record: Stored) -> Stored:
    """The record without anything that it said; it stays of its kind until its likeness to others was withdrawn."""
    kept = record.kind if record.kind in EDITABLE else ServerKind.ERASED.value
    return replace(
        record,
        kind=kept,
        version=record.version + 1,
        body={},
        extra={},
        subject_uid="",
        occurred_on="",
        author_uid="",
        sha256="",
        deleted=False,
        merged_into="",
    )
