"""Kas usaha in the window: opened from the finance part, filled in by keyboard, put in as the officer ticks it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from kube_field.ui.forms.form_view import FormView
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.document_page import DocumentPage
from kube_field.ui.pages.form_page import FormPage
from kube_field.ui.presenters.document_presenter import DocumentPresenter
from kube_field.ui.presenters.form_presenter import FormPresenter, Pace
from kube_field.ui.presenters.paper_output import PaperOutput
from kube_field.ui.tasks import ImmediateTaskRunner
from kube_field.usecases.drafts import save_draft, the_draft
from kube_field.usecases.papers import cash_book_paper, document_paper
from kube_field.usecases.visits import begin_visit
from tests.support import make_answers, make_records
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_picture import make_picture

FAST = Pace(idle_ms=1, longest_ms=1, retry_ms=1, evaluate_ms=1)
PERIOD = {"period_from": "2026-10-21", "period_to": "2026-11-19", "visited_on": "2026-11-20"}
TYPED = (
    ("1jt", "700rb", "50rb", "50rb", "50rb"),
    ("1,1 jt", "600.000", "", "50000", "50rb"),
    ("900rb", "650rb", "50rb", "50rb", "50rb"),
    ("1,2jt", "700rb", "", "100rb", "50rb"),
    ("300000", "150rb", "50rb", "", ""),
)
STATES = ("600rb", "1,25jt", "500rb", "700rb", "600rb")


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    with make_laptop(tmp_path) as made:
        yield made


class Desk:
    """A visit in its form, and the keys that an officer presses."""

    def __init__(self, qtbot: Any, laptop: Laptop, **answers: Any) -> None:
        self.qtbot, self.laptop = qtbot, laptop
        unit = make_records.make_unit(laptop.session)
        draft = begin_visit(laptop.session, unit_uid=unit.uid)
        told = {**make_answers.complete_visit("group"), **draft.answers, **PERIOD, "business_status": "berjalan_baik"}
        empty = {code: value for code, value in told.items() if not code.endswith("_idr") and code != "book_photo"}
        self.draft = save_draft(laptop.session, draft=draft, answers={**empty, "figures_source": None, **answers})
        self.page = FormPage()
        qtbot.addWidget(self.page)
        self.page.resize(1170, 700)
        self.presenter = FormPresenter(self.page, laptop.session, ImmediateTaskRunner(), Navigator(), pace=FAST)
        self.presenter.open_draft(self.draft.uid)
        self.page.show()
        self.page.activateWindow()
        qtbot.waitActive(self.page)

    @property
    def view(self) -> FormView:
        assert self.page.form_view is not None
        return self.page.form_view

    @property
    def book(self) -> Any:
        return self.view._views["K"]

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            self.qtbot.keyClick(QApplication.focusWidget(), key)

    def type(self, text: str) -> None:
        self.qtbot.keyClicks(QApplication.focusWidget(), text)
        self.press(Qt.Key.Key_Return)

    def judged(self) -> None:
        self.qtbot.waitUntil(lambda: not self.presenter._evaluate_soon.isActive())

    def answers(self) -> dict[str, Any]:
        """What is stored on the laptop."""
        self.presenter.flush()
        return dict(the_draft(self.laptop.session, self.draft.uid).answers)


@pytest.fixture
def desk(qtbot: Any, laptop: Laptop) -> Desk:
    return Desk(qtbot, laptop)


def fill(desk: Desk) -> None:
    desk.view.open_question("cash_book_words")
    desk.press(Qt.Key.Key_Space)
    for week in TYPED:
        for amount in week:
            desk.type(amount)
    desk.press(Qt.Key.Key_Return)  # past "Tambah minggu sebelumnya"
    for amount in STATES:
        desk.type(amount)
    desk.type("Buku kas")
    desk.judged()


def test_the_whole_book_is_filled_in_by_keyboard_and_put_into_the_form(desk: Desk) -> None:
    fill(desk)
    desk.press(Qt.Key.Key_Return)
    while QApplication.focusWidget() is not desk.book.transfer.button:
        desk.press(Qt.Key.Key_Return)
    desk.press(Qt.Key.Key_Return)
    desk.judged()
    stored = desk.answers()
    assert stored["cash_weeks"][0] == {
        "id": "2026-10-21",
        "week_from": "2026-10-21",
        "week_to": "2026-10-27",
        "sold_idr": 1_000_000,
        "bought_idr": 700_000,
        "home_idr": 50_000,
        "wages_idr": 50_000,
        "other_idr": 50_000,
    }
    assert len(stored["cash_weeks"]) == 5
    put_in = ("figures_source", "revenue_idr", "cost_material_idr", "cost_labor_idr", "cost_transport_idr", "cash_idr")
    assert [stored[code] for code in put_in] == ["buku_kas", 4_500_000, 2_450_000, 250_000, 0, 1_250_000]
    assert desk.view.current_section() == "3"
    assert not desk.view.sections_card.isHidden()


def test_enter_passes_by_the_door_and_the_section_list_does_not_name_the_book(desk: Desk) -> None:
    desk.view.open_question("period_to")
    desk.press(Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert desk.view.current_section() == "3"
    assert "K" not in desk.view.section_list.buttons
    assert "K" not in desk.view.sections_on_view()
    desk.view.open_section("K")
    assert desk.view.sections_card.isHidden()
    desk.view.step_section(-1)
    assert desk.view.current_section() == "3"


def test_totals_and_result_are_live(desk: Desk) -> None:
    fill(desk)
    grid = desk.book.rows["cash_weeks"].editor
    assert [label.text() for label in grid.totals.values()] == [
        "4.500.000",
        "2.800.000",
        "150.000",
        "250.000",
        "200.000",
    ]
    assert desk.book.result.whole_text() == "Omzet 30 hari Rp4.500.000 · laba 30 hari Rp1.600.000 · selisih kas Rp0"
    assert grid.lines[1].cells["sold_idr"].line.text() == "1.100.000", "what was understood stands in the field"


def test_what_was_typed_before_is_told_and_stays_unless_it_is_ticked(qtbot: Any, laptop: Laptop) -> None:
    book = make_answers.make_cash_book()
    desk = Desk(qtbot, laptop, **book, revenue_idr=4_000_000, cash_idr="tidak_tahu", stock_idr=700_000)
    desk.view.open_section("K")
    transfer = desk.book.transfer
    assert "revenue_idr" not in transfer.ticked()
    assert "cash_idr" not in transfer.ticked()
    assert transfer.lines["revenue_idr"].now.text() == "4.000.000"
    assert not transfer.lines["stock_idr"].tick.isEnabled(), "nothing to change"
    transfer.button.click()
    assert desk.answers()["revenue_idr"] == 4_000_000
    assert desk.answers()["cost_labor_idr"] == 250_000
    desk.view.open_section("K")
    transfer.lines["revenue_idr"].tick.setChecked(True)
    transfer.button.click()
    assert desk.answers()["revenue_idr"] == 4_500_000
    desk.view.undo()
    assert desk.answers()["revenue_idr"] == 4_000_000


def test_arrows_go_up_and_down_in_a_column(desk: Desk) -> None:
    desk.view.open_question("cash_weeks")
    lines = desk.book.rows["cash_weeks"].editor.lines
    desk.press(Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up)
    assert QApplication.focusWidget() is lines[1].cells["sold_idr"].line
    desk.press(Qt.Key.Key_Up, Qt.Key.Key_Up)
    assert QApplication.focusWidget() is lines[0].cells["sold_idr"].line


def test_an_earlier_week_is_added_and_a_week_without_amounts_is_not_stored(desk: Desk) -> None:
    desk.view.open_question("cash_weeks")
    grid = desk.book.rows["cash_weeks"].editor
    grid.earlier_button.click()
    assert grid.lines[0].label.text() == "14–20 Okt"
    assert "cash_weeks" not in desk.answers()
    desk.type("100rb")
    assert [row["week_from"] for row in desk.answers()["cash_weeks"]] == ["2026-10-14"]


def test_another_period_lays_out_other_weeks_and_keeps_what_was_typed(desk: Desk) -> None:
    desk.view.open_question("cash_weeks")
    desk.type("100rb")
    desk.view.set_answer("period_from", "2026-10-23")
    desk.judged()
    grid = desk.book.rows["cash_weeks"].editor
    shown = [line.label.text() for line in grid.lines if line.row]
    assert shown[0] == "21–27 Okt"
    assert grid.lines[0].cells["sold_idr"].line.text() == "100.000"
    assert len(shown) == len(set(shown))


def test_an_amount_that_cannot_be_read_is_told_at_its_week_and_in_the_section_list(desk: Desk) -> None:
    desk.view.open_question("cash_weeks")
    desk.type("seratus")
    desk.press(Qt.Key.Key_Return)
    desk.judged()
    desk.view.show_all_findings()
    grid = desk.book.rows["cash_weeks"].editor
    assert grid.findings_label.text().startswith("21–27 Okt: ")
    assert desk.view.section_list.buttons["3"].state() == "wrong"
    finding = next(one for one in desk.view._evaluation.errors if one.column == "sold_idr")
    desk.view.open_section("1")
    desk.view.go_to_finding(finding)
    assert QApplication.focusWidget() is grid.lines[0].cells["sold_idr"].line


def test_the_notebooks_photo_stands_beside_the_weeks(desk: Desk, tmp_path: Path) -> None:
    picture = tmp_path / "buku.jpg"
    picture.write_bytes(make_picture(900, 1200))
    desk.view.open_question("cash_weeks")
    desk.book.photos.add_files([picture])
    desk.judged()
    assert len(desk.answers()["book_photo"]) == 1
    assert desk.book.side.currentWidget() is desk.book.photos
    page = desk.book.photos.pages[0]
    assert page.pixmap().width() == desk.book.photos.area.viewport().width()
    assert not desk.book.result_button.isHidden()
    assert not desk.book.result_button.isEnabled(), "nothing was typed yet"


def test_the_document_shows_and_saves_its_cash_book(qtbot: Any, laptop: Laptop, tmp_path: Path) -> None:
    unit = make_records.make_unit(laptop.session)
    told = {"period_from": "2026-10-21", "period_to": "2026-11-19", **make_answers.make_cash_book()}
    fact = make_records.record_visit(laptop.session, unit.uid, "2026-11-20", **told)
    target = tmp_path / "kas.pdf"
    page = DocumentPage()
    qtbot.addWidget(page)
    output = PaperOutput(choose_file=lambda _parent, _name: target)
    presenter = DocumentPresenter(page, laptop.session, ImmediateTaskRunner(), Navigator(), output)
    presenter.open(fact.uid)
    assert not page.book.isHidden()
    page.preview.save_requested.emit()
    assert target.read_bytes() == document_paper(laptop.session, uid=fact.uid)
    page.book.click()
    page.preview.save_requested.emit()
    assert target.read_bytes() == cash_book_paper(laptop.session, uid=fact.uid)
    presenter.open(fact.uid)
    assert not page.book.isChecked()


def test_a_visit_without_a_book_offers_none(qtbot: Any, laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    fact = make_records.record_visit(laptop.session, unit.uid, "2026-11-20")
    page = DocumentPage()
    qtbot.addWidget(page)
    DocumentPresenter(page, laptop.session, ImmediateTaskRunner(), Navigator()).open(fact.uid)
    assert page.book.isHidden()


def test_a_draft_of_the_second_version_has_no_door(qtbot: Any, laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    draft = replace(begin_visit(laptop.session, unit_uid=unit.uid), form_version="2026.2")
    laptop.store.save_draft(draft)
    page = FormPage()
    qtbot.addWidget(page)
    FormPresenter(page, laptop.session, ImmediateTaskRunner(), Navigator(), pace=FAST).open_draft(draft.uid)
    assert page.form_view is not None
    assert page.form_view.form.opened_from() == {}
