"""Prates dan pascates, typed like in a sheet or asked aloud."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QLineEdit

from kube_field.domain.oral_test import ORAL_QUESTIONS
from kube_field.domain.records import Record, RecordKind
from kube_field.ui.models.scores_model import ScoreColumn, ScoresModel
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.scores_page import ScoresPage
from kube_field.ui.presenters.scores_presenter import ScoresPresenter
from kube_field.ui.tasks import ImmediateTaskRunner
from kube_field.usecases.test_results import ScoreRow, score_sheet
from tests.support import make_records
from tests.support.laptop import Laptop, make_laptop


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    with make_laptop(tmp_path) as made:
        yield made


@pytest.fixture
def event(laptop: Laptop) -> Record:
    people = [make_records.register_person(laptop.session, n) for n in (1, 2, 3)]
    return make_records.make_training(laptop.session, people)


def opened(qtbot: Any, laptop: Laptop, event: Record) -> ScoresPage:
    page = ScoresPage()
    qtbot.addWidget(page)
    presenter = ScoresPresenter(page, laptop.session, ImmediateTaskRunner(), Navigator())
    page.served_by.append(presenter)
    page.resize(1100, 640)
    page.show()
    qtbot.waitActive(page)
    presenter.open(event.uid)
    return page


def type_below(qtbot: Any, page: ScoresPage, column: int, *texts: str) -> None:
    page.grid.go_to(0, column)
    for text in texts:
        qtbot.keyClicks(page.grid, text[0])
        editor = page.grid.indexWidget(page.grid.currentIndex())  # one that closes may live on for a moment
        assert isinstance(editor, QLineEdit)
        qtbot.keyClicks(editor, text[1:])
        qtbot.keyClick(editor, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: page.grid.state() != QAbstractItemView.State.EditingState)


def stored(laptop: Laptop, event: Record) -> list[tuple[int | None, int | None]]:
    return [(row.pre, row.post) for row in score_sheet(laptop.session, event_uid=event.uid).rows]


def test_results_are_typed_one_below_the_other_and_stored_at_once(qtbot: Any, laptop: Laptop, event: Record) -> None:
    page = opened(qtbot, laptop, event)
    type_below(qtbot, page, ScoreColumn.PRE, "40", "55", "60")
    type_below(qtbot, page, ScoreColumn.POST, "70", "50")
    assert stored(laptop, event) == [(40, 70), (55, 50), (60, None)]
    assert page.model.data(page.model.index(1, ScoreColumn.CHANGE)) == "−5"
    assert page.summary_label.text() == (
        "Rata-rata prates 47,5, pascates 60, kenaikan 12,5; 1 dari 2 peserta meningkat; 1 peserta tanpa pasangan nilai."
    )
    assert page._saved.text().startswith("Tersimpan ")


def test_what_is_no_result_is_refused_with_words_and_nothing_is_stored(
    qtbot: Any, laptop: Laptop, event: Record
) -> None:
    page = opened(qtbot, laptop, event)
    type_below(qtbot, page, ScoreColumn.PRE, "140")
    assert "0 sampai 100" in page.notice_bar.label.text()
    assert stored(laptop, event)[0] == (None, None)


def test_delete_takes_a_result_back(qtbot: Any, laptop: Laptop, event: Record) -> None:
    page = opened(qtbot, laptop, event)
    type_below(qtbot, page, ScoreColumn.PRE, "40")
    page.grid.go_to(0, ScoreColumn.PRE)
    qtbot.keyClick(page.grid, Qt.Key.Key_Delete)
    assert stored(laptop, event)[0] == (None, None)
    assert len(laptop.store.facts.of_kind(RecordKind.TEST_RESULT)) == 2


def test_l_asks_the_test_aloud_and_the_ticks_give_the_result(qtbot: Any, laptop: Laptop, event: Record) -> None:
    page = opened(qtbot, laptop, event)
    page.grid.go_to(1, ScoreColumn.POST)
    qtbot.keyClick(page.grid, Qt.Key.Key_L)
    assert not page.oral.isHidden()
    boxes = list(page.oral.boxes.values())
    for box in boxes[:7]:
        qtbot.keyClick(box, Qt.Key.Key_Space)
    assert page.oral.score_label.text() == "Nilai 70"
    page.oral.save_button.click()
    assert page.oral.isHidden()
    assert page.model.data(page.model.index(1, ScoreColumn.POST)) == "lisan · 70"
    (fact,) = laptop.store.facts.of_kind(RecordKind.TEST_RESULT)
    assert fact.answers["right_answers"] == [one.code for one in ORAL_QUESTIONS[:7]]
    assert page.grid.currentIndex().row() == 2


def test_escape_puts_the_questions_away_and_stores_nothing(qtbot: Any, laptop: Laptop, event: Record) -> None:
    page = opened(qtbot, laptop, event)
    page.oral_button.click()
    qtbot.keyClick(page.oral, Qt.Key.Key_Escape)
    assert page.oral.isHidden()
    assert laptop.store.facts.of_kind(RecordKind.TEST_RESULT) == []


def test_a_training_without_participants_says_what_to_do(qtbot: Any, laptop: Laptop) -> None:
    page = opened(qtbot, laptop, make_records.make_training(laptop.session))
    assert not page.empty.isHidden()
    with qtbot.waitSignal(page.attendance_requested):
        page.empty.action_requested.emit()


def test_the_model_keeps_the_rules_of_qt(qtmodeltester: Any) -> None:
    model = ScoresModel()
    model.show_rows([ScoreRow("a", "Sari", "P", "Long Lalang", 2, 40, "tulis", 70, "lisan")])
    qtmodeltester.check(model)
