"""The result of a visit on the last look before finalising: score, warnings, how it was reckoned."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel

from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.review_page import ReviewPage
from kube_field.ui.presenters.review_presenter import ReviewPresenter
from kube_field.ui.tasks import ImmediateTaskRunner
from kube_field.ui.theme import Tone
from kube_field.usecases.drafts import save_draft
from tests.support import make_records
from tests.support.laptop import Laptop, make_laptop


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    with make_laptop(tmp_path) as made:
        yield made


def opened(qtbot: Any, laptop: Laptop, **changes: Any) -> ReviewPage:
    unit = make_records.make_unit(laptop.session)
    draft, answers = make_records.visit_answers(laptop.session, unit.uid, "2026-11-23", **changes)
    save_draft(laptop.session, draft=draft, answers=answers)
    page = ReviewPage()
    qtbot.addWidget(page)
    ReviewPresenter(page, laptop.session, ImmediateTaskRunner(), Navigator()).open_draft(draft.uid)
    return page


def texts(page: ReviewPage) -> list[str]:
    return [label.text() for label in page.score_card.findChildren(QLabel)]


def test_a_good_visit_shows_its_score_and_a_word(qtbot: Any, laptop: Laptop) -> None:
    page = opened(qtbot, laptop)
    assert 0 < int(page.score_card.total_label.text()) <= 100
    assert page.score_card.chip.text() in ("Sehat", "Perlu perhatian")
    assert "Kelengkapan data" in page.score_card.words_label.text()


def test_a_warning_says_what_to_do_and_lowers_the_status(qtbot: Any, laptop: Laptop) -> None:
    page = opened(qtbot, laptop, business_status="berhenti", stop_reason=["modal_habis"])
    assert (page.score_card.chip.text(), page.score_card.chip.tone()) == ("Kritis", Tone.CRITICAL)
    assert "Usaha berhenti." in texts(page)
    assert "Kunjungan tambahan dalam 14 hari dan musyawarah." in texts(page)
    assert "tanda peringatan menurunkannya" in page.score_card.words_label.text()


def test_how_it_was_reckoned_opens_with_every_indicator_and_closes_again(qtbot: Any, laptop: Laptop) -> None:
    page = opened(qtbot, laptop)
    assert page.score_card.how.isHidden()
    page.score_card.how_button.click()
    assert not page.score_card.how.isHidden()
    lines = [text for text in texts(page) if "\n" in text]
    assert [line[:2] for line in lines] == ["A1", "A2", "A3", "B1", "B2", "B3", "C1", "C2", "C3", "D1", "D2"]
    page.score_card.how_button.click()
    assert page.score_card.how.isHidden()


def test_too_few_answers_say_so_instead_of_a_score(qtbot: Any, laptop: Laptop) -> None:
    empty = dict.fromkeys(("revenue_idr", "cash_idr", "days_open", "channels", "bookkeeping_level"))
    page = opened(qtbot, laptop, **empty)
    assert page.score_card.chip.text() == "Data belum cukup"
    assert page.score_card.total_label.text() == ""
    assert "perlu 60,0 %" in page.score_card.words_label.text()


def test_a_visit_that_met_nobody_is_not_scored(qtbot: Any, laptop: Laptop) -> None:
    page = opened(qtbot, laptop, met="tidak_ada_orang")
    assert "tidak dinilai" in page.score_card.words_label.text()
    assert page.score_card.how_button.isHidden()
    assert page.score_card.chip.isHidden()


def test_stage_and_graduation_stand_with_the_result(qtbot: Any, laptop: Laptop) -> None:
    page = opened(qtbot, laptop, assess_stage=True, tumbuh_a=True)
    notes = page.score_card.notes_label.text().splitlines()
    assert notes[0].startswith("Tahap KUBE: Persiapan (Tumbuh 1/6")
    assert notes[1].startswith("Syarat graduasi: Memenuhi ")
