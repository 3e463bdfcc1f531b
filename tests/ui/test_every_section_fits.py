"""No field of any form runs under the scroll bar or out of its section, at 100 % and at 150 %."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from kube_field.domain.forms.catalogue import form
from kube_field.domain.records import RecordKind
from kube_field.reference import load_reference
from kube_field.ui.forms.editor import Surroundings
from kube_field.ui.pages.form_page import FormPage
from kube_field.ui.theme import apply_theme

ROOM = {1.0: 1366 - 190, 1.5: 1366 - 96}
KINDS = (
    RecordKind.VISIT,
    RecordKind.ASSESSMENT,
    RecordKind.PERSON,
    RecordKind.HOUSEHOLD,
    RecordKind.KUBE_GROUP,
    RecordKind.BUSINESS_UNIT,
    RecordKind.TRAINING_EVENT,
    RecordKind.PROGRAM_BATCH,
    RecordKind.AID,
    RecordKind.REFERRAL,
    RecordKind.GRADUATION,
)


@pytest.fixture(scope="module", params=sorted(ROOM))
def scale(request: pytest.FixtureRequest, qapp: Any) -> Iterator[float]:
    """Once for all forms: a look that changes is worked out again for every widget."""
    apply_theme(qapp, request.param)
    yield request.param
    apply_theme(qapp, 1.0)


@pytest.mark.parametrize("kind", KINDS)
def test_no_field_is_cut_at_the_right(qtbot: Any, qapp: Any, scale: float, kind: RecordKind):
    page = FormPage()
    qtbot.addWidget(page)
    around = Surroundings(date(2026, 11, 23), lambda: "new", regions=load_reference().regions)
    page.resize(ROOM[scale], round(768 - 57 * scale))
    page.show_form(form(kind), around, {}, {})
    page.show()
    view = page.form_view
    assert view is not None
    cut: list[str] = []
    for section in view.form.sections:
        view.open_section(section.code)
        qapp.processEvents()
        cut += [f"{section.code}: {code}" for code in cut_rows(view._views[section.code])]
    assert cut == []
    assert page.minimumSizeHint().width() <= ROOM[scale]


def cut_rows(section: Any) -> list[str]:
    """Codes of the questions of which a part ends beyond the viewport."""
    room = section.viewport().width()
    return [
        code
        for code, row in section.rows.items()
        if row.isVisible() and any(right_of(part, section.viewport()) > room for part in row.findChildren(QWidget))
    ]


def right_of(part: QWidget, viewport: QWidget) -> int:
    """Where a visible part ends, 0 for a hidden one."""
    return part.mapTo(viewport, QPoint(part.width(), 0)).x() if part.isVisible() else 0
