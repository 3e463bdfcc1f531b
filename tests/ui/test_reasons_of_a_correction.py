"""Berita Acara Perubahan in its form: what was changed comes by itself, the officer writes why, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.form_page import FormPage
from kube_field.ui.presenters.form_presenter import FormPresenter, Pace
from kube_field.ui.tasks import ImmediateTaskRunner
from kube_field.usecases.corrections import begin_correction
from kube_field.usecases.drafts import the_draft
from tests.support import make_records
from tests.support.laptop import Laptop, make_laptop

FAST = Pace(idle_ms=1, longest_ms=1, retry_ms=1, evaluate_ms=1)


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    with make_laptop(tmp_path) as made:
        yield made


def test_reasons_follow_what_was_changed_and_keep_what_was_typed(qtbot: Any, laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    first = make_records.hand_over(laptop.session, unit.uid)
    draft = begin_correction(laptop.session, uid=first.uid, reason="Jumlahnya keliru ditulis")
    page = FormPage()
    qtbot.addWidget(page)
    presenter = FormPresenter(page, laptop.session, ImmediateTaskRunner(), Navigator(), pace=FAST)
    presenter.open_draft(draft.uid)
    view = page.form_view
    assert view is not None
    grinder, flour = first.answers["items"]

    def brought() -> list[str]:
        return [row["what"] for row in view.answers().get("change_reasons", [])]

    view.set_answer("place", "Kantor  kampung ")
    view.set_answer("items", [{**grinder, "name": " Penggiling  ikan "}, flour])
    qtbot.waitUntil(lambda: brought() == ["Tempat", "Penggiling ikan"])
    view.open_section("4")
    editor = view._views["4"].rows["change_reasons"].editor
    frame = editor.frames[1]
    frame.cells["reason"].editor.set_value("Nama di faktur lain")
    frame.changed.emit()
    view.set_answer("basis", "SK Bupati Nomor 7 Tahun 2026")
    qtbot.waitUntil(lambda: brought() == ["Tempat", "Dasar penyerahan", "Penggiling ikan"])
    presenter.flush()
    stored = the_draft(laptop.session, draft.uid).answers["change_reasons"]
    assert [row.get("reason") for row in stored] == [None, None, "Nama di faktur lain"]


def test_typing_a_reason_leaves_its_row_where_it_is(qtbot: Any, laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    first = make_records.hand_over(laptop.session, unit.uid)
    draft = begin_correction(laptop.session, uid=first.uid, reason="Jumlahnya keliru ditulis")
    page = FormPage()
    qtbot.addWidget(page)
    presenter = FormPresenter(page, laptop.session, ImmediateTaskRunner(), Navigator(), pace=FAST)
    presenter.open_draft(draft.uid)
    view = page.form_view
    assert view is not None
    grinder, flour = first.answers["items"]
    view.set_answer("place", "Kantor kampung")
    view.set_answer("items", [{**grinder, "name": "  Penggiling   ikan  "}, flour])
    qtbot.waitUntil(lambda: len(view.answers().get("change_reasons", [])) == 2)
    view.open_section("4")
    editor = view._views["4"].rows["change_reasons"].editor
    frame = editor.frames[1]
    for words in ("N", "Na", "Nama di faktur lain"):
        frame.cells["reason"].editor.set_value(words)
        frame.changed.emit()
        qtbot.waitUntil(lambda: not presenter._evaluate_soon.isActive())
    assert editor.frames[1] is frame
    assert view.answers()["change_reasons"][1]["reason"] == "Nama di faktur lain"
