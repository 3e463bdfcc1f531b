"""The report of an import: the sender's own rows with what is wrong beside them, to be mended there and sent again."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from gettext import gettext as _
from io import BytesIO, StringIO
from typing import Any

from kube_field.domain.forms.declaration import Severity
from kube_field.exchange.csv_folder import guarded_text
from kube_field.exchange.entries import RowFinding
from kube_field.exchange.incoming import Row
from kube_field.exchange.incoming_cells import shown_cell
from kube_field.exchange.incoming_columns import REPORT_HEADINGS, Table
from kube_field.exchange.sheets import LONGEST_SHEET_NAME, NARROWEST

FINDING_WIDTH, WIDEST_CELL, LONGEST_CELL = 60, 40, 3_000
RED, AMBER, BLUE, GREY = "#FEE2E2", "#FEF9C3", "#DBEAFE", "#E2E8F0"
"""Washes of wrong rows, rows to look at, possible doubles, and of the columns that the report adds."""


@dataclass(frozen=True, slots=True)
class ReportedRow:
    """One row of the list and what is said about it; `becomes` is what would become of it, in words."""

    number: int
    cells: Row
    becomes: str
    findings: Sequence[RowFinding] = ()
    doubles: Sequence[str] = ()

    def words(self, severity: Severity) -> str:
        """Findings of one weight, each with the column that it is about."""
        return " | ".join(_in_words(one) for one in self.findings if one.severity == severity)


def _in_words(finding: RowFinding) -> str:
    place = finding.heading or finding.field
    return f"{place}: {finding.message} {finding.action}".strip() if place else f"{finding.message} {finding.action}"


def report_xlsx(table: Table, rows: Iterable[ReportedRow]) -> bytes:
    """The list as a sheet of text, coloured where something is said, and a second sheet with a line a finding."""
    import xlsxwriter

    target = BytesIO()
    kept = list(rows)
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        _write_list(book, table, kept)
        _write_findings(book, kept)
    return target.getvalue()


def report_csv(table: Table, rows: Iterable[ReportedRow]) -> bytes:
    """The same list as CSV, UTF-8 with its mark; texts that would be formulas get an apostrophe, as everywhere."""
    target = StringIO(newline="")
    lines = csv.writer(target, delimiter=";")
    lines.writerow([guarded_text(heading) for heading in (*_own_headings(table), *REPORT_HEADINGS)])
    for row in rows:
        lines.writerow([guarded_text(text) for text in (*_own(table, row), *_added(row))])
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def _own_columns(table: Table) -> list[int]:
    """Places of the sender's columns: those that an earlier report added are made anew."""
    return [at for at, heading in enumerate(table.headings) if heading not in REPORT_HEADINGS]


def _own_headings(table: Table) -> list[str]:
    return [table.headings[at] for at in _own_columns(table)]


def _own(table: Table, row: ReportedRow) -> list[str]:
    """The sender's cells as text, one for each heading."""
    return [shown_cell(row.cells[at]) if at < len(row.cells) else "" for at in _own_columns(table)]


def _added(row: ReportedRow) -> tuple[str, ...]:
    return (
        str(row.number),
        row.becomes,
        row.words(Severity.GALAT),
        row.words(Severity.PERINGATAN),
        " | ".join(row.doubles),
    )


def _write_list(book: Any, table: Table, rows: Sequence[ReportedRow]) -> None:
    sheet = book.add_worksheet(_("Perbaikan")[:LONGEST_SHEET_NAME])
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    added = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": GREY})
    # Text cells keep all digits of what is typed over them.
    washes = {wash: book.add_format({"num_format": "@", **wash_of(wash)}) for wash in ("", RED, AMBER, BLUE)}
    headings = _own_headings(table)
    for at, heading in enumerate((*headings, *REPORT_HEADINGS)):
        sheet.write_string(0, at, heading, head if at < len(headings) else added)
    longest = [NARROWEST] * len(headings)
    for line, row in enumerate(rows, start=1):
        plain, wash, marked = washes[""], washes[_wash(row)], {one.heading for one in row.findings}
        for at, text in enumerate(_own(table, row)):
            sheet.write_string(line, at, text, wash if headings[at] in marked else plain)
            longest[at] = max(longest[at], len(text))
        for at, text in enumerate(_added(row), start=len(headings)):
            sheet.write_string(line, at, text[:LONGEST_CELL], wash if text else plain)
    widths = [*(min(WIDEST_CELL, one) for one in longest), 8, 14, FINDING_WIDTH, FINDING_WIDTH, FINDING_WIDTH]
    for at, wide in enumerate(widths):
        sheet.set_column(at, at, wide)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(rows)), len(widths) - 1)


def wash_of(colour: str) -> dict[str, str]:
    """The format of a coloured cell."""
    return {"bg_color": colour} if colour else {}


def _wash(row: ReportedRow) -> str:
    severities = {one.severity for one in row.findings}
    if Severity.GALAT in severities:
        return RED
    return BLUE if row.doubles else AMBER if Severity.PERINGATAN in severities else ""


def _write_findings(book: Any, rows: Sequence[ReportedRow]) -> None:
    sheet = book.add_worksheet(_("Temuan")[:LONGEST_SHEET_NAME])
    head, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    titles = (_("Baris"), _("Kolom"), _("Isi"), _("Bobot"), _("Yang salah"), _("Yang perlu dilakukan"))
    for at, title in enumerate(titles):
        sheet.write_string(0, at, title, head)
    line = 1
    for row in rows:
        for one in row.findings:
            weight = _("Galat") if one.severity == Severity.GALAT else _("Peringatan")
            told = (str(one.row), one.heading or one.field, one.shown, weight, one.message, one.action)
            for at, words in enumerate(told):
                sheet.write_string(line, at, words, text)
            line += 1
    for at, wide in enumerate((8, 24, 30, 12, FINDING_WIDTH, FINDING_WIDTH)):
        sheet.set_column(at, at, wide)
    sheet.freeze_panes(1, 0)
