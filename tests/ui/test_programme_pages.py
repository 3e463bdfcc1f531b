"""Batches, aid, referrals and graduation on their pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kube_field.domain.forms.declaration import Finding, Kind, Question, Severity
from kube_field.domain.records import RecordKind, Role
from kube_field.ui.forms.editor import Surroundings
from kube_field.ui.forms.rows_editor import RowsEditor
from kube_field.ui.tasks import ImmediateTaskRunner
from kube_field.ui.theme import apply_theme
from kube_field.ui.workplace import Workplace
from kube_field.usecases.drafts import save_draft
from kube_field.usecases.graduated import decision_in_effect
from kube_field.usecases.graduations import begin_graduation
from kube_field.usecases.referral_standing import status_of
from kube_field.usecases.session import Session
from tests.gallery import NoServer
from tests.support import make_answers
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import (
    commit_saved,
    hand_over,
    make_batch,
    make_group,
    make_unit,
    refer,
    register_person,
)
from tests.support.make_reviews import sent


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    with make_laptop(tmp_path) as made:
        yield made


@pytest.fixture
def open_window(qapp: Any, qtbot: Any) -> Iterator[Any]:
    apply_theme(qapp)
    opened: list[Workplace] = []

    def open_for(session: Session) -> Workplace:
        work = Workplace(session, ImmediateTaskRunner(), NoServer())
        qtbot.addWidget(work.window)
        work.start()
        work.window.show()
        opened.append(work)
        return work

    yield open_for
    for work in opened:
        work.stop()
        work.window.close()


def test_batches_are_listed_and_only_the_province_may_add(laptop: Laptop, open_window: Any):
    batch = make_batch(laptop.session)
    work = open_window(laptop.session)
    work.window.page("groups").batches.click()
    page = work.window.page("batches")
    assert work.window.current_page() == "batches"
    assert [row.uid for row in page.rows.table.items_model.items()] == [batch.uid]
    assert not page.new.isVisible()
    page.batch_opened.emit(batch.uid)
    profile = work.window.page("profile")
    assert (profile._profile.uid, profile._edit.isVisible(), profile._visit.isVisible()) == (batch.uid, False, False)


def test_the_administrator_begins_a_batch(laptop: Laptop, open_window: Any):
    work = open_window(laptop.as_role(Role.ADMIN_PROV, "Admin"))
    work.open_page("batches")
    page = work.window.page("batches")
    assert page.new.isVisible()
    page.new.click()
    assert work.form._draft.kind == RecordKind.PROGRAM_BATCH


def test_a_referral_is_followed_on_its_page(laptop: Laptop, open_window: Any):
    unit = make_unit(laptop.session, register_person(laptop.session))
    referral = refer(laptop.session, unit.uid)
    work = open_window(laptop.session)
    work.navigate.open_profile(RecordKind.BUSINESS_UNIT, unit.uid)
    profile = work.window.page("profile")
    assert [row.uid for row in profile.referrals.rows.table.items_model.items()] == [referral.uid]
    profile.referrals.referral_opened.emit(referral.uid)
    page = work.window.page("document")
    page.follow.click()
    assert page.status.isVisible()
    page.status.given.emit(referral.uid, {"status": "selesai", "changed_on": "2026-11-23"})
    assert not page.notice_bar.isHidden()
    assert status_of(laptop.session, referral) == "disiapkan"
    told = {"status": "selesai", "changed_on": "2026-11-23", "result": "Cair"}
    page.status.given.emit(referral.uid, told)
    assert status_of(laptop.session, referral) == "selesai"
    assert page.story.text().endswith("Selesai · Cair · Rina")
    assert not page.follow.isVisible()


def test_a_silent_referral_leads_from_beranda_to_its_page(laptop: Laptop, open_window: Any):
    referral = refer(laptop.session, register_person(laptop.session).uid)
    laptop.clock.advance(days=15)
    work = open_window(laptop.session)
    home = work.window.page("home")
    (item,) = [one for one in home.shown_items() if one.state == "referral"]
    home.action_requested.emit(item)
    assert work.window.page("document")._view.uid == referral.uid


def test_a_supervisor_is_asked_why_a_unit_graduates(laptop: Laptop, open_window: Any):
    unit = make_unit(laptop.session, register_person(laptop.session))
    draft = begin_graduation(laptop.session, unit_uid=unit.uid)
    kept = ("unit_id", "proposed_on")
    answers = make_answers.complete_graduation("person", **{code: draft.answers[code] for code in kept})
    proposal = commit_saved(laptop.session, save_draft(laptop.session, draft=draft, answers=answers))
    sent(laptop)
    work = open_window(laptop.as_role(Role.PENYELIA_KAB, "Sari"))
    work.navigate.open_document(proposal.uid)
    page = work.window.page("document")
    page._decide["accepted"].click()
    assert page.reason.isVisible()
    assert decision_in_effect(laptop.session, unit.uid) is None
    page.reason.given.emit("accepted", "Sudah mandiri")
    assert decision_in_effect(laptop.session, unit.uid) is not None
    work.navigate.open_profile(RecordKind.BUSINESS_UNIT, unit.uid)
    profile = work.window.page("profile")
    assert ("Lulus", "lulus") in profile._profile.badges
    assert profile._profile.graduation.decisions[0].endswith("oleh Sari: Sudah mandiri")


def test_minutes_offer_a_change_and_never_a_reopening(laptop: Laptop, open_window: Any):
    unit = make_unit(laptop.session, make_group(laptop.session, members=3))
    minutes = hand_over(laptop.session, unit.uid)
    work = open_window(laptop.session)
    work.navigate.open_document(minutes.uid)
    page = work.window.page("document")
    assert (page._reopen.isVisible(), page._correct.isVisible()) == (False, True)
    page._correct.click()
    page.reason.given.emit("correct", "Tempat keliru")
    assert work.form._draft.supersedes == minutes.uid


def test_an_info_stands_quietly_beside_its_cell(qtbot: Any):
    amount = Question(code="qty", label="Jumlah", kind=Kind.DECIMAL)
    table = Question(code="items", label="Barang", kind=Kind.ROWS, columns=(amount,))
    editor = RowsEditor(table, Surroundings(date(2026, 11, 23), lambda: "new"))
    qtbot.addWidget(editor)
    editor.set_value([{"id": "a", "qty": "1"}])
    editor.show()
    editor.set_findings([Finding("AID_SHORT", Severity.KETERANGAN, "items", "Kurang 2 unit", 0, "qty")])
    cell = editor.frames[0].cells["qty"]
    assert (cell.finding.text(), cell.finding.isVisible(), cell.finding.property("role")) == (
        "Kurang 2 unit",
        True,
        "muted",
    )
    editor.set_findings([])
    assert not cell.finding.isVisible()
