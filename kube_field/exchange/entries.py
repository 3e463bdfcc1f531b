"""Rows of a list as answers: what the columns say, what is the same for all rows, and what cannot be read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.declaration import Severity
from kube_field.domain.regions import Regions
from kube_field.exchange.incoming import Cell, Row
from kube_field.exchange.incoming_cells import CellReader, Problem, Reading, is_empty, shown_cell, year_alone
from kube_field.exchange.incoming_columns import (
    BIRTH,
    CONSENTS,
    DESIL,
    FAMILY,
    KABUPATEN,
    KECAMATAN,
    RT_RW,
    ImportType,
    Table,
    Target,
    fold_heading,
    targets_of,
)
from kube_field.exchange.place_names import PlaceNames
from kube_field.exchange.sheets_beside import OWN_ID, Rows

_RT_RW = re.compile(r"(?:rt)?\D{0,3}([0-9]{1,3})(?:\D{1,6}([0-9]{1,3}|-))?", re.IGNORECASE)
_BIRTH = re.compile(r"(?P<place>.*?)[,/\s]+(?P<day>[0-9]{1,4}[-/. ].+)", re.DOTALL)
CONSENT_TERMS = ("given_on", "how")


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns mean: codes of targets by heading, and one answer for all rows by code, as text."""

    by_heading: Mapping[str, str]
    same_for_all: Mapping[str, str] = field(default_factory=dict)

    def answered(self) -> frozenset[str]:
        """Codes that a column or an answer for all rows gives."""
        given = {code for code, text in self.same_for_all.items() if text.strip()}
        return frozenset({code for code in self.by_heading.values() if code} | given)


@dataclass(frozen=True, slots=True)
class RowFinding:
    """What is to be said about one row. `heading` is "" where no column of the list says it; `shown` is the cell."""

    row: int
    heading: str
    field: str
    severity: Severity
    code: str
    shown: str
    message: str
    action: str = ""


@dataclass(slots=True)
class Entry:
    """One row as answers by question code: of the record itself, and of the family in a list of people."""

    number: int
    own: dict[str, Any] = field(default_factory=dict)
    family: dict[str, Any] = field(default_factory=dict)
    findings: list[RowFinding] = field(default_factory=list)


class EntryReader:
    """Reads the rows of one table. Raises: KeyError when the columns name a code that the list cannot have."""

    def __init__(
        self,
        kind: ImportType,
        table: Table,
        columns: Columns,
        *,
        regions: Regions,
        areas: Sequence[str],
        today: date,
        beside: tuple[str, Rows] = ("", {}),
    ) -> None:
        self._kind, self._today = kind, today
        self.targets: dict[str, Target] = {target.code: target for target in targets_of(kind)}
        self._cells = CellReader(self.targets.values(), today)
        self._places = PlaceNames(regions, areas)
        self._at = {
            columns.by_heading[heading]: at
            for at, heading in enumerate(table.headings)
            if columns.by_heading.get(heading)
        }
        self._headings = {code: table.headings[at] for code, at in self._at.items()}
        self._same: dict[str, Cell] = {code: text for code, text in columns.same_for_all.items() if text.strip()}
        self._codes = tuple(dict.fromkeys([*self._at, *self._same]))
        if unknown := [code for code in self._codes if code not in self.targets]:
            raise KeyError(unknown[0])
        self._table_beside, self._rows_beside = beside
        self._id_at = next((at for at, one in enumerate(table.headings) if fold_heading(one) == OWN_ID), None)
        self._prefix = FAMILY if kind == ImportType.PEOPLE else ""

    def heading_of(self, code: str) -> str:
        """The heading under which a question's answer stands, also where it is part of another column."""
        bare = code.removeprefix(FAMILY)
        joined = {"rt": RT_RW, "rw": RT_RW, "birth_place": BIRTH, "birth_date": BIRTH}.get(bare, "")
        return self._headings.get(code) or self._headings.get(joined, "")

    def cell_of(self, code: str, row: Row) -> Cell:
        """The cell that answers, or the answer for all rows."""
        at = self._at.get(code)
        cell = row[at] if at is not None and at < len(row) else None
        return self._same.get(code) if is_empty(cell) else cell

    def answers(self, code: str) -> bool:
        """True when a column, or an answer for all rows, answers this question."""
        return code in self._codes

    def value(self, code: str, row: Row) -> Any:
        """The answer of one cell alone; None where there is none."""
        return self._reading(code, row).value if code in self._codes else None

    def shown(self, code: str, row: Row) -> str:
        """What the sheet says about a question, as it stands there."""
        bare = code.removeprefix(FAMILY)
        joined = {"rt": RT_RW, "rw": RT_RW, "birth_place": BIRTH, "birth_date": BIRTH}.get(bare, "")
        told = self.cell_of(code, row)
        return shown_cell(told if told is not None or not joined else self.cell_of(joined, row))

    def finding(self, number: int, row: Row, code: str, problem: Problem) -> RowFinding:
        """A problem at its place."""
        action = problem.action or self._usual_action(code, problem)
        return RowFinding(
            number,
            self.heading_of(code),
            code,
            problem.severity,
            problem.code,
            self.shown(code, row) if code in self.targets else "",
            problem.message,
            action,
        )

    def read(self, number: int, row: Row) -> Entry:
        """One row as answers."""
        entry = Entry(number)
        said: dict[str, Any] = {}
        for code in self._codes:
            if self.targets[code].is_part or code == f"{self._prefix}village_code":
                continue
            self._take(entry, row, code, self._reading(code, row), said)
        self._read_parts(entry, row, said)
        self._read_village(entry, row, said)
        self._sort(entry, said)
        self._add_beside(entry, row)
        return entry

    def _add_beside(self, entry: Entry, row: Row) -> None:
        """Rows of another sheet about this record, where the list itself does not speak of them."""
        if self._id_at is None or self._id_at >= len(row) or self._table_beside in entry.own:
            return
        if found := self._rows_beside.get(shown_cell(row[self._id_at])):
            entry.own[self._table_beside] = [dict(one) for one in found]

    def _reading(self, code: str, row: Row) -> Reading:
        cell = self.cell_of(code, row)
        if code == "birth_date" and year_alone(cell, self._today) is not None:
            return Reading(f"{year_alone(cell, self._today)}-07-01")
        reading = self._cells.read(code, cell)
        if code == "occupation" and reading.problem is not None and "occupation_text" not in self._codes:
            return Reading("lainnya")  # work has no end of names; the sheet's own goes into the text beside it
        return reading

    def _take(self, entry: Entry, row: Row, code: str, reading: Reading, said: dict[str, Any]) -> None:
        if reading.problem is not None:
            entry.findings.append(self.finding(entry.number, row, code, reading.problem))
        if reading.value is not None:
            said[code] = reading.value

    def _read_parts(self, entry: Entry, row: Row, said: dict[str, Any]) -> None:
        """What stands in a column together with something else, or only in part."""
        if RT_RW in self._codes:
            self._read_rt_rw(entry, row, said)
        if BIRTH in self._codes:
            self._read_birth(entry, row, said)
        if said.get("occupation") == "lainnya" and "occupation_text" not in self._codes:
            said["occupation_text"] = shown_cell(self.cell_of("occupation", row))[:80]
        if "birth_date" in said and year_alone(self.cell_of("birth_date", row), self._today) is not None:
            said.setdefault("birth_date_precision", "year_only")

    def _read_rt_rw(self, entry: Entry, row: Row, said: dict[str, Any]) -> None:
        """005/002, RT 05 RW 02, or the RT alone."""
        cell = self.cell_of(RT_RW, row)
        if is_empty(cell):
            return
        found = _RT_RW.fullmatch(shown_cell(cell).strip())
        if found is None:
            problem = Problem("RT_RW_FORMAT", _("RT/RW tidak dapat dibaca."), _("Tulis seperti 005/002."))
            entry.findings.append(self.finding(entry.number, row, RT_RW, problem))
            return
        for name, number in zip(("rt", "rw"), found.groups(), strict=True):
            if number and number.isdecimal() and int(number):
                said.setdefault(f"{self._prefix}{name}", int(number))

    def _read_birth(self, entry: Entry, row: Row, said: dict[str, Any]) -> None:
        """Samarinda, 12-03-1980; what is no day is the place alone."""
        cell = self.cell_of(BIRTH, row)
        if is_empty(cell):
            return
        found = _BIRTH.fullmatch(shown_cell(cell))
        said.setdefault("birth_place", found["place"].strip(" ,/") if found is not None else shown_cell(cell))
        if found is not None:
            self._take(entry, row, "birth_date", self._cells.read("birth_date", found["day"].strip()), said)

    def _read_village(self, entry: Entry, row: Row, said: dict[str, Any]) -> None:
        code = f"{self._prefix}village_code"
        if code not in self._codes:
            return
        village = shown_cell(self.cell_of(code, row)).strip()
        if not village or is_empty(village):
            return
        above = [shown_cell(self.cell_of(part, row)) if part in self._codes else "" for part in (KECAMATAN, KABUPATEN)]
        self._take(entry, row, code, self._places.read(village, *above), said)

    def _sort(self, entry: Entry, said: Mapping[str, Any]) -> None:
        """Put the answers where they belong; what a table's columns say becomes its one row."""
        for code, value in said.items():
            answers = entry.family if code.startswith(FAMILY) else entry.own
            bare = code.removeprefix(FAMILY)
            table, point, column = bare.partition(".")
            if not point:
                answers[bare] = value
            elif table == CONSENTS:
                answers.setdefault(CONSENTS, {})[column] = value
            else:
                answers.setdefault(table, {})[column] = value
        for answers in (entry.own, entry.family):
            if isinstance(answers.get(CONSENTS), dict):
                answers[CONSENTS] = _consent_rows(answers[CONSENTS])
            if isinstance(answers.get(DESIL), dict):
                row = answers.pop(DESIL)
                if "desil" in row:
                    answers[DESIL] = [row]

    def _usual_action(self, code: str, problem: Problem) -> str:
        if problem.severity == Severity.PERINGATAN:
            return _("Cocokkan dengan KTP/KK. Bila benar, biarkan; alasannya ditulis sekali saat mengimpor.")
        if code and not self.heading_of(code) and code in self.targets:
            label = _(self.targets[code].label)
            return _("Tambahkan kolom “{label}”, atau isi satu jawaban untuk semua baris.").format(label=label)
        return _("Perbaiki isi sel ini, lalu impor lagi.")


def _consent_rows(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The statements that the list speaks of, each with the day and the way that stand beside them."""
    terms = {name: told[name] for name in CONSENT_TERMS if name in told}
    return [{"item": item, "given": given, **terms} for item, given in told.items() if item not in CONSENT_TERMS]
