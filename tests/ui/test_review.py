"""Tinjau & finalkan on a real laptop: reasons, finalising, reopening, and the way on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget

from kube_field.domain.records import Draft, RecordKind
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.review_page import ReviewPage
from kube_field.ui.presenters.review_presenter import CONFIRMED, ReviewPresenter
from kube_field.ui.tasks import ImmediateTaskRunner
from kube_field.usecases.drafts import begin_draft, save_draft
from tests.support import make_records
from tests.support.laptop import Laptop, make_laptop


class Desk:
    """A visit with everything filled in, on the review page."""

    def __init__(self, laptop: Laptop, **changes: Any) -> None:
        self.laptop, self.session = laptop, laptop.session
        self.unit = make_records.make_unit(self.session)
        make_records.record_visit(self.session, self.unit.uid, "2026-10-20", revenue_idr=1_000_000)
        draft, answers = make_records.visit_answers(self.session, self.unit.uid, "2026-11-23", **changes)
        self.draft = save_draft(self.session, draft=draft, answers=answers)
        self.navigate = Navigator()
        self.page = ReviewPage()
        self.presenter = ReviewPresenter(self.page, self.session, ImmediateTaskRunner(), self.navigate)

    def open(self) -> Draft:
        self.presenter.open_draft(self.draft.uid)
        return self.draft

    def give_reasons(self, text: str = "Sudah diperiksa") -> None:
        for box in self.page.findings_card.warnings:
            box.line.setText(text)
            box.line.textEdited.emit(text)


@pytest.fixture
def open_desk(qtbot: Any, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    laptops: list[Laptop] = []

    def build(**changes: Any) -> Desk:
        laptop = make_laptop(tmp_path / str(len(laptops)))
        laptops.append(laptop)
        desk = Desk(laptop, **changes)
        qtbot.addWidget(desk.page)
        return desk

    yield build
    for laptop in laptops:
        laptop.close()


def test_a_missing_answer_blocks_finalising_and_leads_to_its_question(open_desk: Any, qtbot: Any) -> None:
    desk = open_desk(revenue_idr=None)
    desk.open()
    assert not desk.page.finalise_button.isEnabled()
    assert desk.page.chip.text() == "1 isian wajib belum diisi"
    wanted: list[tuple[str, str]] = []
    desk.navigate.question_wanted.connect(lambda uid, code: wanted.append((uid, code)))
    found = desk.presenter._load(desk.draft.uid).view.evaluation.errors[0]
    desk.page.findings_card.finding_chosen.emit(found)
    assert wanted == [(desk.draft.uid, "revenue_idr")]


def test_a_warning_needs_a_reason_that_is_kept_with_the_draft(open_desk: Any) -> None:
    desk = open_desk(stock_idr=150_000_000)
    desk.open()
    assert desk.page.findings_card.warnings
    assert not desk.page.finalise_button.isEnabled()
    desk.give_reasons()
    assert desk.page.finalise_button.isEnabled()
    kept = desk.laptop.store.drafts.get(desk.draft.uid).answers[CONFIRMED]
    assert set(kept.values()) == {"Sudah diperiksa"}
    desk.open()
    assert desk.page.finalise_button.isEnabled()


def test_finalising_stores_the_visit_and_says_what_comes_next(open_desk: Any) -> None:
    desk = open_desk()
    desk.open()
    desk.give_reasons()
    desk.page.finalise_button.click()
    assert desk.page.result.heading.text() == "Tersimpan di laptop."
    assert "Akan dikirim saat tersambung." in desk.page.result.words.text()
    stored = desk.laptop.store.facts.get(desk.presenter._stored_uid)
    assert stored.kind == RecordKind.VISIT
    assert CONFIRMED not in stored.answers
    assert stored.number in desk.page.result.words.text()
    assert desk.laptop.store.drafts.get(desk.draft.uid) is None


def test_a_final_visit_is_opened_again_with_a_reason(open_desk: Any) -> None:
    desk = open_desk()
    desk.open()
    desk.give_reasons()
    desk.page.finalise_button.click()
    opened: list[str] = []
    desk.navigate.draft_wanted.connect(opened.append)
    desk.page.result.reopen_button.click()
    desk.page.result.reason_button.click()
    assert opened == []
    desk.page.result.reason_line.setText("salah angka")
    desk.page.result.reason_button.click()
    assert len(opened) == 1
    assert desk.laptop.store.drafts.get(opened[0]) is not None


def test_figures_stand_beside_last_times_and_a_loss_says_so(open_desk: Any) -> None:
    desk = open_desk(revenue_idr=1_500_000, cost_material_idr=9_000_000)
    figures = {figure.label: figure for figure in desk.presenter._load(desk.draft.uid).view.figures}
    assert (figures["Omzet"].before, figures["Omzet"].now) == ("Rp1.000.000", "Rp1.500.000")
    assert figures["Omzet"].change == "+50 %"
    assert figures["Rugi"].is_loss


def test_a_visit_shows_its_paper_before_it_is_final(open_desk: Any) -> None:
    desk = open_desk()
    desk.open()
    assert desk.page.preview.page_count >= 1
    assert desk.page.answers_area.isHidden()


def test_the_next_visit_is_the_most_urgent_one(open_desk: Any) -> None:
    desk = open_desk()
    desk.open()
    desk.give_reasons()
    desk.page.finalise_button.click()
    drafts: list[str] = []
    pages: list[str] = []
    desk.navigate.draft_wanted.connect(drafts.append)
    desk.navigate.page_wanted.connect(pages.append)
    desk.page.result.next_button.click()
    assert len(drafts) + len(pages) == 1


def test_a_person_is_reviewed_without_paper_and_saved(open_desk: Any, qtbot: Any) -> None:
    desk = open_desk()
    person = make_records.register_person(desk.session, 7)
    draft = begin_draft(desk.session, kind=RecordKind.PERSON, record_uid=person.uid)
    save_draft(desk.session, draft=draft, answers={**draft.answers, "full_name": "<b>Sari</b>"})
    desk.presenter.open_draft(draft.uid)
    assert not desk.page.answers_area.isHidden()
    assert desk.page.finalise_button.text() == "Simpan"
    for label in desk.page.findChildren(QLabel):
        if label.text():
            assert label.textFormat() == Qt.TextFormat.PlainText, label.text()


def test_tab_leads_from_the_last_reason_to_finalise(open_desk: Callable[..., Desk], qtbot: Any):
    desk = open_desk(revenue_idr=9_000_000)
    other = QLineEdit()
    window = QWidget()
    qtbot.addWidget(window)
    row = QVBoxLayout(window)
    row.addWidget(other)
    row.addWidget(desk.page)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    desk.open()
    assert desk.page.findings_card.warnings
    desk.give_reasons()
    desk.page.findings_card.warnings[-1].line.setFocus()
    qtbot.keyClick(desk.page.findings_card.warnings[-1].line, Qt.Key.Key_Tab)
    assert desk.page.finalise_button.isEnabled()
    assert QApplication.focusWidget() is desk.page.finalise_button


def test_the_review_names_the_village(open_desk: Callable[..., Desk]):
    desk = open_desk()
    desk.open()
    assert desk.page.place_label.whole_text().count(", ") >= 1
    assert desk.page.place_label.whole_text().endswith("2026.3")
