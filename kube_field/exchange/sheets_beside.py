"""Sheets of our own exports that hold what a list's records have many of: consents of people, desil checks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Kind
from kube_field.domain.records import RecordKind
from kube_field.exchange.incoming import Sheet
from kube_field.exchange.incoming_cells import CellReader, shown_cell
from kube_field.exchange.incoming_columns import CONSENTS, DESIL, FEWEST_HEADINGS, ImportType, Target, fold_heading

ABOUT = "tentang id"
"""Folded heading of the column that names the record which a row is about."""
OWN_ID = "id"
BESIDE: Mapping[ImportType, tuple[str, RecordKind]] = {
    ImportType.PEOPLE: (CONSENTS, RecordKind.CONSENT),
    ImportType.HOUSEHOLDS: (DESIL, RecordKind.DESIL_CHECK),
}
"""Which table of a form has a sheet of its own, and the facts that its rows are."""
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def rows_beside(sheets: Sequence[Sheet], kind: ImportType, today: date) -> tuple[str, Rows]:
    """The table's code and its rows by the id of the record; nothing where no sheet has them."""
    if kind not in BESIDE:
        return "", {}
    table, fact_kind = BESIDE[kind]
    targets = {
        fold_heading(_(question.label)): Target(question.code, question.label, question)
        for question in form(fact_kind).questions()
        if question.kind != Kind.PHOTO
    }
    for sheet in sheets:
        headings = [fold_heading(str(cell)) for cell in sheet.rows[0]] if sheet.rows else []
        columns = {heading: at for at, heading in enumerate(headings) if heading in targets}
        if ABOUT in headings and len(columns) >= FEWEST_HEADINGS:
            return table, _rows(sheet, headings.index(ABOUT), columns, targets, today)
    return table, {}


def _rows(sheet: Sheet, about: int, columns: Mapping[str, int], targets: Mapping[str, Target], today: date) -> Rows:
    reader = CellReader(targets.values(), today)
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in sheet.rows[1:]:
        told = {
            targets[heading].code: value
            for heading, at in columns.items()
            if at < len(row) and (value := reader.read(targets[heading].code, row[at]).value) is not None
        }
        if about < len(row) and told:
            found[shown_cell(row[about])].append(told)
    return found
