"""A store that gathers what use cases would write and shows it to the next ones: many records, one commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from kube_field.domain.records import Change, Draft, Fact, Record, RecordKind
from kube_field.errors import BugError
from kube_field.usecases.parents import reference_uid
from kube_field.usecases.ports import AuditLine, Commit, Drafts, Facts, Listings, Queue, Records, Store, Wiring
from kube_field.usecases.session import Session

LOOKED_UP = ("household_id", "village_code")
"""Header columns by which gathered records are looked for."""


@dataclass(slots=True)
class Gathered:
    """What one entry of a list would write; `before` are the records as they stood, None for a new one."""

    records: list[Record] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    audit: list[AuditLine] = field(default_factory=list)
    before: list[Record | None] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """True when nothing would be written."""
        return not self.changes


class Gathering:
    """One import's work on top of the real store; only `commit` of the real store ever writes."""

    def __init__(self, session: Session, holders: Mapping[str, list[tuple[str, str]]]) -> None:
        self._real = session.store
        self._fresh: set[str] = set()
        self._made: set[str] = set()
        self._holders = holders
        self.new_holders: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self.records: dict[str, Record] = {}
        self.facts: dict[str, Fact] = {}
        self.facts_about: dict[str, list[Fact]] = defaultdict(list)
        self.changes: dict[str, list[Change]] = defaultdict(list)
        self.by_column: dict[tuple[RecordKind, str, str], list[str]] = defaultdict(list)
        self._open = Gathered()
        wiring = Wiring(
            now=session.wiring.now, new_id=self._id_maker(session.wiring.new_id), extras=session.wiring.extras
        )
        store = _GatheringStore(self, self._real)
        self.session = replace(session, store=cast(Store, store), wiring=wiring)

    def forget_ids(self) -> None:
        """Before the next entry: of the ids that were made, only those of gathered records are asked for again."""
        self._fresh.clear()

    def begin(self) -> Gathered:
        """A new entry: what is committed from now on belongs to it."""
        self._open = Gathered()
        return self._open

    def take(self, work: Commit) -> None:
        """Keep what a use case commits. Raises: BugError for work that an import does not do."""
        if work.number is not None or work.withdrawn_facts or work.drafts:
            raise BugError("an import writes records and small facts")
        for record in work.records:
            before = self.record(record.uid)
            if before is None:
                self._made.add(record.uid)
            self._open.before.append(before)
            self._open.records.append(record)
            self._keep(record)
        for fact in work.facts:
            self._open.facts.append(fact)
            self.facts[fact.uid] = fact
            self.facts_about[fact.subject_uid].append(fact)
        for change in work.changes:
            self._open.changes.append(change)
            self.changes[change.uid].append(change)
        self._open.audit.extend(work.audit)

    def record(self, uid: str) -> Record | None:
        """A record as it stands with what was gathered."""
        if uid in self.records:
            return self.records[uid]
        return None if uid in self._fresh else self._real.records.get(uid)

    def is_fresh(self, uid: str) -> bool:
        """True for a uid that was made in this import: the database cannot know it."""
        return uid in self._fresh or uid in self._made

    def holders(self, nik: str) -> list[tuple[str, str]]:
        """(uid, name) of everybody who has this NIK, on the laptop or in the list."""
        return [*self._holders.get(nik, ()), *self.new_holders.get(nik, ())]

    def _keep(self, record: Record) -> None:
        if record.uid not in self.records:
            for column in LOOKED_UP:
                if value := _column(record, column):
                    self.by_column[record.kind, column, value].append(record.uid)
            nik = record.answers.get("nik")
            if record.kind == RecordKind.PERSON and isinstance(nik, str):
                self.new_holders[nik].append((record.uid, str(record.answers.get("full_name") or "")))
        self.records[record.uid] = record

    def _id_maker(self, new_id: Callable[[], str]) -> Callable[[], str]:
        def made() -> str:
            uid = new_id()
            self._fresh.add(uid)
            return uid

        return made


def _column(record: Record, column: str) -> str:
    value = record.answers.get(column)
    return value if isinstance(value, str) else reference_uid(value)


class _Records:
    """Editable records, those that were gathered first."""

    def __init__(self, gathering: Gathering, real: Records) -> None:
        self._gathering, self._real = gathering, real

    def get(self, uid: str) -> Record | None:
        """The record with this uid."""
        return self._gathering.record(uid)

    def where(self, kind: RecordKind, **header: Any) -> list[Record]:
        """Records whose header columns equal the values; asked for one column at a time."""
        ((column, value),) = header.items()
        wanted = reference_uid(value) or str(value)
        stored = [] if self._gathering.is_fresh(wanted) else self._real.where(kind, **header)
        gathered = self._gathering.records
        found = {record.uid: gathered.get(record.uid, record) for record in stored}
        for uid in self._gathering.by_column.get((kind, column, wanted), ()):
            if uid in gathered:
                found[uid] = gathered[uid]
        return [record for record in found.values() if column not in LOOKED_UP or _column(record, column) == wanted]


class _Facts:
    """Facts, those that were gathered last."""

    def __init__(self, gathering: Gathering, real: Facts) -> None:
        self._gathering, self._real = gathering, real

    def get(self, uid: str) -> Fact | None:
        """The fact with this uid."""
        if uid in self._gathering.facts:
            return self._gathering.facts[uid]
        return None if self._gathering.is_fresh(uid) or not uid else self._real.get(uid)

    def of_subject(self, subject_uid: str, kind: RecordKind) -> list[Fact]:
        """Facts of one kind about a record."""
        stored = [] if self._gathering.is_fresh(subject_uid) else self._real.of_subject(subject_uid, kind)
        return [*stored, *(one for one in self._gathering.facts_about.get(subject_uid, ()) if one.kind == kind)]

    def of_kind(self, kind: RecordKind) -> list[Fact]:
        """Stored facts of one kind."""
        return self._real.of_kind(kind)

    def of_month(self, kind: RecordKind, month: str, area: str) -> list[Fact]:
        """Stored facts of a month."""
        return self._real.of_month(kind, month, area)

    def revisions(self, document_id: str) -> list[Fact]:
        """Revisions of a stored document."""
        return self._real.revisions(document_id)

    def by_number(self, number: str) -> list[Fact]:
        """Stored facts with this number."""
        return self._real.by_number(number)


class _Passing:
    """Passes on whatever it does not answer itself."""

    def __init__(self, gathering: Gathering, real: Any) -> None:
        self._gathering, self._real = gathering, real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


class _Listings(_Passing):
    def holders_of_nik(self, nik: str) -> list[tuple[str, str]]:
        return self._gathering.holders(nik)


class _Queue(_Passing):
    def pending_sets(self, uid: str) -> list[Change]:
        stored = [] if self._gathering.is_fresh(uid) else self._real.pending_sets(uid)
        return [*stored, *self._gathering.changes.get(uid, ())]

    def standing_uid(self, uid: str) -> str:
        return uid if self._gathering.is_fresh(uid) else str(self._real.standing_uid(uid))


class _Drafts(_Passing):
    def of_record(self, record_uid: str) -> Draft | None:
        return None if self._gathering.is_fresh(record_uid) else self._real.of_record(record_uid)


class _GatheringStore(_Passing):
    """What the session of an import is given in the place of its store."""

    def __init__(self, gathering: Gathering, real: Store) -> None:
        super().__init__(gathering, real)
        self.records = _Records(gathering, real.records)
        self.facts = _Facts(gathering, real.facts)
        self.listings = cast(Listings, _Listings(gathering, real.listings))
        self.queue = cast(Queue, _Queue(gathering, real.queue))
        self.drafts = cast(Drafts, _Drafts(gathering, real.drafts))

    def commit(self, work: Commit) -> None:
        self._gathering.take(work)

    def audit(self, line: AuditLine) -> None:
        self._gathering.take(Commit(audit=(line,)))


def joined(parts: Sequence[Gathered]) -> Commit:
    """Everything that entries gathered, as one commit in their order."""
    return Commit(
        records=[record for part in parts for record in part.records],
        facts=[fact for part in parts for fact in part.facts],
        changes=[change for part in parts for change in part.changes],
        audit=[line for part in parts for line in part.audit],
    )
