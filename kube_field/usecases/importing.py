"""A list of people, families or groups judged row by row, as if each had been typed; nothing is written here.

`Importer.steps` does the work in small pieces so that other work goes between them. What it gathered is written by
`import_writing` in one commit, or never.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from gettext import gettext as _
from typing import Any

from rapidfuzz import fuzz

from kube_field.domain.forms.declaration import Severity
from kube_field.domain.names import fold_name
from kube_field.domain.records import RecordKind
from kube_field.exchange.entries import Entry, EntryReader, RowFinding
from kube_field.exchange.incoming import Row
from kube_field.exchange.incoming_cells import Problem
from kube_field.exchange.incoming_columns import FAMILY, ImportType
from kube_field.exchange.sheets_beside import rows_beside
from kube_field.usecases.gathering import Gathered, Gathering
from kube_field.usecases.import_families import FamiliesOfPeople
from kube_field.usecases.import_judging import OUTSIDE_AREA, Judged, RecordJudge, area_problem, field_changes
from kube_field.usecases.import_known import KnownFamilies, KnownGroups, KnownPeople
from kube_field.usecases.import_results import FamilyWork, ImportRequest, JudgedRow, PossibleTwin, RowState
from kube_field.usecases.parents import reference_name, reference_uid
from kube_field.usecases.permissions import require_may_write
from kube_field.usecases.prefill import officer_reference, reference
from kube_field.usecases.session import Session

ROWS_AT_ONCE = 50
UNLIKE = 60
"""Likeness (0 to 100) of two folded names below which they are hardly those of one person."""


class Importer:
    """Judges the rows of one list. `rows` and `families` fill while `steps` is walked through."""

    def __init__(self, session: Session, request: ImportRequest) -> None:
        """Raises: KubeFieldError NOT_ALLOWED by role; KeyError for a column that means something unknown."""
        require_may_write(session.officer, request.kind.kind)
        self.session, self.request = session, request
        self.rows: list[JudgedRow] = []
        self.reader = EntryReader(
            request.kind,
            request.table,
            request.columns,
            regions=session.reference.regions,
            areas=session.officer.areas,
            today=session.today(),
            beside=rows_beside(request.sheets, request.kind, session.today()),
        )
        self._people: KnownPeople | None = None
        self._families: FamiliesOfPeople | None = None
        self._groups: KnownGroups | None = None
        self._cards: KnownFamilies | None = None
        self._seen: dict[Any, int] = {}

    @property
    def families(self) -> dict[str, FamilyWork]:
        """Families that rows of a list of people make or change, by KK number."""
        return self._families.works if self._families is not None else {}

    def steps(self) -> Iterator[int]:
        """How many rows are judged, after every few of them."""
        judge = self._prepared()
        yield 0
        for at, (number, row) in enumerate(self.request.table.rows, start=1):
            self.rows.append(judge(self.reader.read(number, row), row))
            if at % ROWS_AT_ONCE == 0:
                yield at
        yield len(self.rows)

    def _prepared(self) -> Callable[[Entry, Row], JudgedRow]:
        kind = self.request.kind
        self._people = KnownPeople(self.session) if kind == ImportType.PEOPLE else None
        self._gathering = Gathering(self.session, self._people.holders if self._people is not None else {})
        self._judge = RecordJudge(self._gathering, self.reader)
        if self._people is not None:
            known = KnownFamilies(self.session)
            self._families = FamiliesOfPeople(self._gathering, self._judge, self.reader, known)
            self._families.find_heads(self.request.table)
            return self._person
        if kind == ImportType.HOUSEHOLDS:
            self._cards = KnownFamilies(self.session)
            return self._household
        self._groups = KnownGroups(self.session)
        return self._group

    def _person(self, entry: Entry, row: Row) -> JudgedRow:
        """A row of a list of people: the person by NIK, the family by KK number."""
        assert self._people is not None
        assert self._families is not None
        nik = str(entry.own.get("nik") or "")
        title = str(entry.own.get("full_name") or "")
        if nik and nik in self._seen:
            return self._same_number(entry, title, _("NIK sama dengan baris {n}").format(n=self._seen[nik]), nik)
        holders = self._people.holders.get(nik, []) if nik else []
        if len(holders) > 1:
            self._add(entry, row, "nik", "NIK_HELD_TWICE", _("NIK ini ada pada beberapa data di laptop."))
        uid = holders[0][0] if len(holders) == 1 else ""
        self._compare_names(entry, row, holders, title)
        family = self._families.family_of(entry, row, uid)
        answers = {code: value for code, value in entry.own.items() if code != "household_id"}
        if family is not None:
            answers["household_id"] = self._families.reference_of(family, uid)
        village = self._families.village_of(family)
        self._guard_area(entry, row, f"{FAMILY}village_code", village)
        judged = self._judge.judge(RecordKind.PERSON, uid, answers, (entry.number, row), entry.findings)
        if family is None:  # why it is not clear stands there already
            judged.findings = [one for one in judged.findings if (one.field, one.code) != ("household_id", "REQUIRED")]
        if nik and not judged.blocks("nik"):
            self._seen[nik] = entry.number
        born = str(answers.get("birth_date") or "")
        twins = self._people.twins(title, born, village) if judged.is_new and born else []
        if judged.is_new and not judged.is_wrong:
            self._people.add(entry.number, title, born, village)
        return self._judged_row(entry, title or nik, judged, twins, family)

    def _compare_names(self, entry: Entry, row: Row, holders: Sequence[tuple[str, str]], title: str) -> None:
        """A slip in a NIK would write one person's answers over another's: who is called quite otherwise is asked."""
        if (
            len(holders) != 1
            or not title
            or fuzz.token_sort_ratio(fold_name(holders[0][1]), fold_name(title)) >= UNLIKE
        ):
            return
        message = _("NIK ini di laptop milik {name}; baris ini akan mengubah datanya.").format(name=holders[0][1])
        action = _("Periksa NIK dan namanya. Bila orangnya sama, biarkan; alasannya ditulis sekali saat mengimpor.")
        problem = Problem("NAME_DIFFERS", message, action, Severity.PERINGATAN)
        entry.findings.append(self.reader.finding(entry.number, row, "full_name", problem))

    def _household(self, entry: Entry, row: Row) -> JudgedRow:
        """A row of a list of families: the family by its KK number."""
        assert self._cards is not None
        kk, title = str(entry.own.get("kk_number") or ""), str(entry.own.get("head_name") or "")
        if kk and kk in self._seen:
            return self._same_number(entry, title, _("Nomor KK sama dengan baris {n}").format(n=self._seen[kk]), kk)
        held = self._cards.cards.get(kk, []) if kk else []
        if len(held) > 1:
            self._add(entry, row, "kk_number", "KK_HELD_TWICE", _("Nomor KK ini ada pada beberapa keluarga di laptop."))
        uid = held[0] if len(held) == 1 else ""
        village = self._village(entry, uid)
        self._guard_area(entry, row, "village_code", village)
        judged = self._judge.judge(RecordKind.HOUSEHOLD, uid, entry.own, (entry.number, row), entry.findings)
        if kk and not judged.blocks("kk_number"):
            self._seen[kk] = entry.number
        rt = entry.own.get("rt")
        twins = self._cards.twins(title, village, rt) if judged.is_new and title else []
        if judged.is_new and not judged.is_wrong:
            self._cards.add(entry.number, title, village, rt, kk)
        return self._judged_row(entry, title or kk, judged, twins)

    def _group(self, entry: Entry, row: Row) -> JudgedRow:
        """A row of a list of groups: the group by name and village, or by its decree."""
        assert self._groups is not None
        title, village = str(entry.own.get("name") or ""), str(entry.own.get("village_code") or "")
        key = (fold_name(title), village)
        if title and village and key in self._seen:
            words = _("Nama dan desa sama dengan baris {n}").format(n=self._seen[key])
            return self._same_number(entry, title, words, key)
        held = self._groups.matching(title, str(entry.own.get("sk_number") or ""), village)
        if len(held) > 1:
            self._add(entry, row, "name", "GROUP_HELD_TWICE", _("Ada beberapa KUBE dengan nama ini di desa ini."))
        uid = held[0] if len(held) == 1 else ""
        self._resolve(entry, row, "batch_id", RecordKind.PROGRAM_BATCH, uid)
        self._resolve(entry, row, "assigned_staff_id", RecordKind.STAFF, uid)
        self._guard_area(entry, row, "village_code", self._village(entry, uid))
        judged = self._judge.judge(RecordKind.KUBE_GROUP, uid, entry.own, (entry.number, row), entry.findings)
        if title and village:
            self._seen[key] = entry.number
        twins = self._groups.twins(title, village) if judged.is_new and title else []
        if judged.is_new and not judged.is_wrong:
            self._groups.add(entry.number, title, village)
        return self._judged_row(entry, title, judged, twins)

    def _village(self, entry: Entry, uid: str) -> str:
        stored = self._gathering.record(uid) if uid else None
        told = entry.own.get("village_code") or (stored.answers.get("village_code") if stored is not None else "")
        return str(told or "")

    def _resolve(self, entry: Entry, row: Row, code: str, kind: RecordKind, uid: str) -> None:
        """Make a reference of a name or id that the list writes; what the record names already needs no other."""
        text = entry.own.pop(code, None)
        if text is None:
            return
        known = self._named(code, kind, uid)
        wanted = fold_name(str(text))
        found = {one["uid"]: one for one in known if wanted == fold_name(one["name"]) or text == one["uid"]}
        if len(found) == 1:
            entry.own[code] = next(iter(found.values()))
            return
        names = "; ".join(sorted({one["name"] for one in known})[:9]) or "–"
        action = _("Tulis salah satu: {names}. Yang belum ada dikirim oleh provinsi lewat sinkronisasi.")
        problem = Problem("NAME_UNKNOWN", _("Nama ini tidak ada di laptop."), action.format(names=names))
        entry.findings.append(self.reader.finding(entry.number, row, code, problem))

    def _named(self, code: str, kind: RecordKind, uid: str) -> list[dict[str, str]]:
        """References that a list may mean."""
        stored = self._gathering.record(uid) if uid else None
        held = stored.answers.get(code) if stored is not None else None
        return [
            *(reference(one) for one in self.session.store.records.where(kind)),
            *([{"uid": reference_uid(held), "name": reference_name(held)}] if reference_uid(held) else []),
            *([officer_reference(self.session)] if kind == RecordKind.STAFF else []),
        ]

    def _guard_area(self, entry: Entry, row: Row, code: str, village: str) -> None:
        """Refuse a row of another area."""
        problem = area_problem(self.session, village)
        if problem is not None and not any(one.code == OUTSIDE_AREA for one in entry.findings):
            entry.findings.append(self.reader.finding(entry.number, row, code, problem))

    def _add(self, entry: Entry, row: Row, field: str, code: str, message: str) -> None:
        action = _("Beri tahu penyelia agar data ganda diputuskan dahulu, lalu impor lagi.")
        entry.findings.append(self.reader.finding(entry.number, row, field, Problem(code, message, action)))

    def _same_number(self, entry: Entry, title: str, words: str, key: Any) -> JudgedRow:
        """A row that has the key of an earlier one: it cannot become a record of its own."""
        twin = PossibleTwin(title, words, row=self._seen[key])
        return JudgedRow(
            entry.number, title, RowState.DOUBLE, _warnings(entry.findings), twins=(twin,), only_leave_out=True
        )

    def _judged_row(
        self,
        entry: Entry,
        title: str,
        judged: Judged,
        twins: Sequence[PossibleTwin],
        family: FamilyWork | None = None,
    ) -> JudgedRow:
        key = self._families.key_of(family) if self._families is not None else ""
        if judged.is_wrong or judged.work is None:
            return JudgedRow(entry.number, title, RowState.WRONG, judged.findings, family=key)
        work = judged.work
        changes = [] if judged.is_new else field_changes(self.session, work)
        if family is not None and key and family.row == entry.number and family.is_changed:
            changes += field_changes(self.session, family.work or Gathered())
        changed = not work.is_empty or bool(changes)
        state = RowState.NEW if judged.is_new else RowState.CHANGED if changed else RowState.SAME
        # Nothing is asked about a row that changes nothing.
        findings = [] if state == RowState.SAME else judged.findings
        return JudgedRow(
            entry.number,
            title,
            RowState.DOUBLE if twins else state,
            findings,
            work if not work.is_empty else None,
            key,
            twins,
            changes=changes,
        )


def _warnings(findings: list[RowFinding]) -> list[RowFinding]:
    """A row that is left out has no errors to mend."""
    return [finding for finding in findings if finding.severity == Severity.PERINGATAN]
