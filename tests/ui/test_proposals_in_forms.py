"""What the data propose beside a field, the stage of a KUBE as sentences, and the suggested businesses on screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel

from kube_field.ui.forms.advice_view import AdviceView
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.follow_up_panel import FollowUpPanel
from kube_field.ui.pages.form_page import FormPage
from kube_field.ui.presenters.form_presenter import FormPresenter, Pace
from kube_field.ui.tasks import ImmediateTaskRunner
from kube_field.ui.theme import Tone
from kube_field.usecases.assessments import begin_assessment
from kube_field.usecases.business_standing import follow_ups
from kube_field.usecases.drafts import save_draft, the_draft
from kube_field.usecases.visits import begin_visit
from tests.support import make_answers, make_records
from tests.support.laptop import Laptop, make_laptop

FAST = Pace(idle_ms=1, longest_ms=1, retry_ms=1, evaluate_ms=1)


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    with make_laptop(tmp_path) as made:
        yield made


class Open:
    """A draft in its form."""

    def __init__(self, qtbot: Any, laptop: Laptop, draft_uid: str) -> None:
        self.qtbot, self.laptop, self.uid = qtbot, laptop, draft_uid
        self.page = FormPage()
        qtbot.addWidget(self.page)
        self.presenter = FormPresenter(self.page, laptop.session, ImmediateTaskRunner(), Navigator(), pace=FAST)
        self.presenter.open_draft(draft_uid)

    @property
    def view(self) -> Any:
        assert self.page.form_view is not None
        return self.page.form_view

    def row(self, code: str) -> Any:
        section = self.view.form.section_of(code)
        self.view.open_section(section.code)
        return self.view._views[section.code].rows[code]

    def judged(self) -> None:
        self.qtbot.waitUntil(lambda: not self.presenter._evaluate_soon.isActive())

    def stored(self) -> dict[str, Any]:
        self.presenter.flush()
        return dict(the_draft(self.laptop.session, self.uid).answers)


@pytest.fixture
def visit(qtbot: Any, laptop: Laptop) -> Open:
    unit = make_records.make_unit(laptop.session)
    make_records.record_visit(laptop.session, unit.uid, "2026-10-20", period_from="2026-09-21")
    draft, answers = make_records.visit_answers(laptop.session, unit.uid, "2026-11-23")
    save_draft(laptop.session, draft=draft, answers=answers)
    return Open(qtbot, laptop, draft.uid)


def test_a_drafted_paragraph_is_taken_with_one_click_and_stored(visit: Open) -> None:
    row = visit.row("changes_text")
    assert not row.proposal_line.isHidden()
    assert "Dibandingkan dengan kunjungan tanggal 20 Oktober 2026:" in row.proposal_line.words.text()
    row.proposal_line.button.click()
    visit.judged()
    assert row.proposal_line.isHidden()
    assert visit.stored()["changes_text"].startswith("Dibandingkan dengan kunjungan tanggal 20 Oktober 2026:")


def test_the_paragraph_is_proposed_anew_when_figures_change(visit: Open) -> None:
    visit.row("changes_text").proposal_line.button.click()
    visit.judged()
    visit.view.set_answer("revenue_idr", 4_000_000)
    visit.judged()
    row = visit.row("changes_text")
    visit.qtbot.waitUntil(lambda: not row.proposal_line.isHidden())
    assert "turun" in row.proposal_line.words.text()


def test_the_next_day_follows_the_officers_flag(visit: Open) -> None:
    visit.view.set_answer("visited_on", "2026-11-20")
    visit.view.set_answer("own_flag", "critical")
    visit.judged()
    row = visit.row("next_visit_on")
    visit.qtbot.waitUntil(lambda: "Kritis" in row.proposal_line.words.text())
    row.proposal_line.button.click()
    assert visit.stored()["next_visit_on"] == "2026-12-04", "before the 7th of the plan"


def test_all_proposals_for_the_stage_are_taken_at_once_and_the_officers_own_answers_stay(visit: Open) -> None:
    visit.view.set_answer("assess_stage", True)
    visit.view.set_answer("tumbuh_a", False)
    visit.judged()
    visit.row("tumbuh_b")
    section = visit.view._views["T"]
    visit.qtbot.waitUntil(lambda: not section.all_button.isHidden())
    section.all_button.click()
    visit.judged()
    stored = visit.stored()
    assert stored["tumbuh_a"] is False
    assert (stored["tumbuh_b"], stored["tumbuh_c"], stored["tumbuh_d"]) == (False, True, True)
    assert "berkembang_a" not in stored, "no data speak about it"


def test_the_stage_stands_under_its_criteria(visit: Open) -> None:
    visit.view.set_answer("assess_stage", True)
    for letter in "abcdef":
        visit.view.set_answer(f"tumbuh_{letter}", True)
    visit.judged()
    row = visit.row("stage")
    visit.qtbot.waitUntil(lambda: "Tumbuh 6/6" in row.editor.label.text())


def test_a_draft_of_the_first_version_opens_as_it_was(qtbot: Any, laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    draft = begin_visit(laptop.session, unit_uid=unit.uid)
    laptop.store.save_draft(replace(draft, form_version="2026.1"))
    opened = Open(qtbot, laptop, draft.uid)
    assert opened.page.place_label.whole_text().endswith("formulir 2026.1")
    assert "T" not in [section.code for section in opened.view.form.sections]
    assert "changes_text" not in {question.code for question in opened.view.form.questions()}


def texts(view: AdviceView) -> str:
    return "\n".join(label.text() for label in view.findChildren(QLabel) if not label.isHidden())


def test_suggestions_stand_live_in_the_form(qtbot: Any, laptop: Laptop) -> None:
    widow = make_records.register_person(laptop.session, 18)
    draft = begin_assessment(laptop.session, subject_uid=widow.uid)
    told = {**make_answers.complete_assessment(), **draft.answers, "planned_aid_idr": 5_000_000}
    told["skills"] = make_answers.complete_assessment()["skills"]
    save_draft(laptop.session, draft=draft, answers={k: v for k, v in told.items() if k != "spaces"})
    opened = Open(qtbot, laptop, draft.uid)
    view = opened.row("suggestions").editor.view
    assert "Saran muncul setelah" in texts(view)
    opened.view.set_answer("spaces", ["dapur", "kios"])
    opened.judged()
    qtbot.waitUntil(lambda: len(view.cards) == 5)
    assert view.cards[0].code == "GORENGAN"
    assert not view.cards[0].lines.isHidden()
    assert "Modal 20/20: modal Rp5.250.000 mencukupi" in view.cards[0].lines.text()
    assert view.cards[1].lines.isHidden()
    view.cards[1].button.click()
    assert not view.cards[1].lines.isHidden()
    view.excluded_button.click()
    assert "Laundry kiloan rumahan: " in view.excluded.text()
    assert not view.excluded.isHidden()


def test_what_was_opened_stays_open_when_points_change(qtbot: Any, laptop: Laptop) -> None:
    widow = make_records.register_person(laptop.session, 18)
    draft = begin_assessment(laptop.session, subject_uid=widow.uid)
    told = {**make_answers.complete_assessment(), **draft.answers, "planned_aid_idr": 5_000_000}
    told["skills"] = make_answers.complete_assessment()["skills"]
    save_draft(laptop.session, draft=draft, answers=told)
    opened = Open(qtbot, laptop, draft.uid)
    view = opened.row("suggestions").editor.view
    second = view.cards[1].code
    view.cards[0].button.click()
    view.cards[1].button.click()
    opened.view.set_answer("hours_available", "2")
    opened.judged()
    qtbot.waitUntil(lambda: any("tersedia 2 jam" in card.lines.text() for card in view.cards))
    assert [card.code for card in view.cards if not card.lines.isHidden()] == [second]


def test_the_list_of_follow_up_tells_score_and_reason(qtbot: Any, laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    make_records.record_visit(laptop.session, unit.uid, "2026-10-20", period_from="2026-09-21")
    stopped = {"business_status": "berhenti", "stop_reason": ["modal_habis"]}
    make_records.record_visit(laptop.session, unit.uid, "2026-11-20", **stopped)
    panel = FollowUpPanel()
    qtbot.addWidget(panel)
    panel.show_follow_ups(follow_ups(laptop.session))
    table = panel.table.table
    found = table.items_model.item(0)
    columns = table.items_model.columns
    assert columns[0].text(found) == "Kritis"
    assert columns[0].tone is not None
    assert columns[0].tone(found) == Tone.CRITICAL
    now, before = found.standing.total, found.standing.before
    arrow = "↑" if now > before else "↓" if now < before else "="
    assert columns[2].text(found) == f"{now} {arrow} {before}"
    with qtbot.waitSignal(panel.unit_opened) as opened:
        table.item_opened.emit(found)
    assert opened.args == [unit.uid]
    panel.how_button.click()
    assert "70 ke atas Sehat" in panel.how.text()
    assert not panel.how.isHidden()
