"""The heading of a document is read whole at 150 %: it takes a second line before words are cut."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kube_field.domain.document_state import Chip, ChipState
from kube_field.ui.pages.document_page import DocumentPage
from kube_field.ui.theme import apply_theme
from kube_field.ui.widgets.labels import ElidedLabel, HintLabel
from tests.support.page_samples import LONG_GROUP, document_view

TITLE = "Berita acara serah terima · KUBE Melati Contoh – Usaha Melati"
SUBTITLE = "16 Okt 2026 · L07-0021/BAST/KKR/X/2026 · difinalkan 16 Okt 2026 10.00 oleh Sri Wahyuni"


@pytest.fixture
def large(qapp: Any) -> Any:
    apply_theme(qapp, 1.5)
    yield
    apply_theme(qapp, 1.0)


def page_of(qtbot: Any, title: str, subtitle: str) -> DocumentPage:
    page = DocumentPage()
    qtbot.addWidget(page)
    waiting = Chip(ChipState.WAITING)
    view = replace(document_view(), title=title, subtitle=subtitle, chip=waiting, revisions=(), can_reopen=False)
    page.show_document(view)
    page.resize(1366 - 96, 680)
    page.show()
    return page


def told(label: ElidedLabel) -> str:
    return label.text().replace("\n", " ")


def test_a_document_says_all_of_its_heading_at_150_percent(qtbot: Any, large: None) -> None:
    page = page_of(qtbot, TITLE, SUBTITLE)
    for label, whole in ((page.title_label, TITLE), (page.subtitle_label, SUBTITLE)):
        assert told(label) == whole
        qtbot.waitUntil(lambda one=label: one.height() >= one.sizeHint().height())
        assert label.toolTip() == ""


def test_a_very_long_heading_is_cut_in_the_second_line_and_told_in_the_tool_tip(qtbot: Any, large: None) -> None:
    title = f"Berita acara serah terima · {LONG_GROUP} – {LONG_GROUP}"
    page = page_of(qtbot, title, SUBTITLE)
    assert page.title_label.text().count("\n") == 1
    assert page.title_label.text().endswith("…")
    assert page.title_label.toolTip() == title
    assert page.width() == 1366 - 96


def test_a_short_heading_stays_one_line(qtbot: Any, large: None) -> None:
    page = page_of(qtbot, "Kunjungan ke-5 · KUBE Melati", "16 Okt 2026")
    assert page.title_label.text() == "Kunjungan ke-5 · KUBE Melati"
    assert page.title_label.height() < 2 * page.title_label.fontMetrics().lineSpacing()


def test_hints_are_left_out_whole_where_there_is_no_room_for_them(qtbot: Any) -> None:
    label = HintLabel("Enter berikutnya · F6 tidak tahu · F8 temuan berikut")
    qtbot.addWidget(label)
    advance = label.fontMetrics().horizontalAdvance
    shown = []
    for width in (advance(label.whole_text()) + 4, advance("Enter berikutnya · F6 tidak tahu") + 4, 20):
        label.resize(width, 20)
        label.show()
        shown.append(label.text())
    assert shown == [label.whole_text(), "Enter berikutnya · F6 tidak tahu", ""]
    assert label.toolTip() == label.whole_text()
