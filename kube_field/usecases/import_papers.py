"""The report of an import as a file: every row of the list as it came, with what is said about it."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import gettext as _

from kube_field.exchange.import_report import ReportedRow, report_csv, report_xlsx
from kube_field.usecases.import_results import Decisions, DoubleChoice, JudgedRow, PossibleTwin, RowState
from kube_field.usecases.importing import Importer


def import_report(importer: Importer, decisions: Decisions, *, as_csv: bool = False) -> bytes:
    """The report as XLSX or CSV. It repeats the sender's rows, so that it can be mended and imported again."""
    write = report_csv if as_csv else report_xlsx
    return write(importer.request.table, _rows(importer, decisions))


def _rows(importer: Importer, decisions: Decisions) -> Iterator[ReportedRow]:
    cells = dict(importer.request.table.rows)
    for row in importer.rows:
        doubles = tuple(twin_words(twin) for twin in row.twins)
        yield ReportedRow(row.number, cells[row.number], row_words(row, decisions), tuple(row.findings), doubles)


def row_words(row: JudgedRow, decisions: Decisions) -> str:
    """What would become of a row, in words."""
    if row.state == RowState.DOUBLE:
        choice = decisions.of(row)
        if choice is None:
            return _("Mungkin ganda")
        return _("Dilewati") if choice == DoubleChoice.LEAVE_OUT else _("Baru")
    return {
        RowState.NEW: _("Baru"),
        RowState.CHANGED: _("Berubah"),
        RowState.SAME: _("Tetap"),
        RowState.WRONG: _("Galat"),
    }[row.state]


def twin_words(twin: PossibleTwin) -> str:
    """Whom a row may be a double of."""
    name = f"{twin.name} ({twin.detail})" if twin.detail else twin.name
    return _("baris {n}: {name}").format(n=twin.row, name=name) if twin.row else name
