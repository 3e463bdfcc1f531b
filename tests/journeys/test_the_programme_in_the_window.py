"""A unit's way through the programme at the real window: handover, correction, referral, graduation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from kube_field.domain.records import RecordKind, Role
from kube_field.ui.pages.profile_panels import document_words
from kube_field.ui.tasks import ImmediateTaskRunner
from kube_field.ui.theme import apply_theme
from kube_field.ui.workplace import Workplace
from kube_field.usecases.documents import document
from kube_field.usecases.graduated import decision_in_effect
from tests.gallery import NoServer
from tests.support import make_answers
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_picture import make_picture
from tests.support.make_records import make_group, make_unit, record_assessment, register_person
from tests.support.make_reviews import reviewed, sent
from tests.support.robot import Robot

BARE = dict.fromkeys(("handover_on", "bast_number", "aid_value_idr", "working_capital_base_idr", "tools"))


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    with make_laptop(tmp_path) as made:
        yield made


@pytest.fixture
def robot(qapp: Any, qtbot: Any, laptop: Laptop, tmp_path: Path) -> Iterator[Robot]:
    apply_theme(qapp)
    photo = tmp_path / "kamera.jpg"
    photo.write_bytes(make_picture(800, 600))
    work = Workplace(laptop.session, ImmediateTaskRunner(), NoServer())
    qtbot.addWidget(work.window)
    work.start()
    work.window.show()
    work.window.activateWindow()
    yield Robot(qtbot, work, photo)
    work.stop()
    work.window.close()


def profile_of(robot: Robot, uid: str) -> Any:
    robot.work.navigate.open_profile(RecordKind.BUSINESS_UNIT, uid)
    page = robot.work.window.page("profile")
    robot.wait(lambda: page._profile is not None and page._profile.uid == uid)
    return page


def hand_over(robot: Robot, unit_uid: str) -> str:
    """Minutes of what the assessment proposed, one litre of oil short."""
    page = profile_of(robot, unit_uid)
    page.tabs.setCurrentWidget(page.aid)
    robot.press(page.aid.hand_over)
    view = robot.wait_for_form(RecordKind.AID)
    rows = view.answers()["items"]
    assert [row["name"] for row in rows] == ["Kompor dua tungku", "Minyak goreng"]
    people = {row.role: {"uid": row.person_uid, "name": row.name} for row in members(robot, unit_uid)}
    answers = {
        "place": "Balai Kampung Long Lalang",
        "witness_1": people["sekretaris"],
        "witness_2": people["bendahara"],
        "items": [{**rows[0], "kind": "alat", "condition": "baru"}, {**rows[1], "kind": "bahan", "condition": "baru"}],
        "conditions_read": True,
        "photos": [make_answers.photo(1, "serah_terima")],
        **{
            code: make_answers.signature(f"Nama {code}")
            for code in ("signature_recipient", "signature_staff", "signature_witness_1", "signature_witness_2")
        },
    }
    robot.fill_form(RecordKind.AID, answers)
    return robot.finish()


def members(robot: Robot, unit_uid: str) -> list[Any]:
    unit = robot.work.session.store.records.get(unit_uid)
    assert unit is not None
    return robot.work.session.store.listings.members(unit.answers["group_id"]["uid"])


def test_aid_is_handed_over_looked_at_and_corrected(robot: Robot, laptop: Laptop):
    group = make_group(laptop.session, members=5)
    record_assessment(laptop.session, group)
    unit = make_unit(laptop.session, group, **BARE)
    uid = hand_over(robot, unit.uid)
    fact = document(laptop.session, uid=uid)
    assert fact.number.split("/")[1] == "BAST"

    page = profile_of(robot, unit.uid)
    assert [row.uid for row in page.aid.minutes.table.items_model.items()] == [uid]
    assert [row.name for row in page.aid.tools.table.items_model.items()] == ["Kompor dua tungku"]

    robot.work.navigate.open_document(uid)
    shown = robot.work.window.page("document")
    robot.wait(lambda: shown._view is not None and shown._view.uid == uid)
    assert not shown._reopen.isVisible()
    robot.press(shown._correct)
    shown.reason.given.emit("correct", "Tempat serah terima keliru ditulis")
    robot.fill_form(
        RecordKind.AID,
        {
            "place": "Kantor Kampung",
            "conditions_read": True,
            "photos": [make_answers.photo(1, "serah_terima")],
            **{
                code: make_answers.signature(f"Nama {code}")
                for code in ("signature_recipient", "signature_staff", "signature_witness_1", "signature_witness_2")
            },
        },
    )
    change = document(laptop.session, uid=robot.finish())
    assert (change.number.split("/")[1], change.supersedes) == ("BAP", uid)
    assert [one["what"] for one in change.snapshot["changes"]] == ["Tempat"]
    reviewed(laptop, change.uid)
    page = profile_of(robot, unit.uid)
    told = {document_words(row) for row in page.aid.minutes.table.items_model.items()}
    assert told == {"Berita acara serah terima", "Berita acara perubahan"}
    assert page.aid._summary.whole_text().startswith("Diterima Rp1.010.000 dari Rp20.000.000")


def test_a_referral_is_typed_and_a_graduation_proposed_and_decided(robot: Robot, laptop: Laptop, qtbot: Any):
    unit = make_unit(laptop.session, register_person(laptop.session))
    page = profile_of(robot, unit.uid)
    page.tabs.setCurrentWidget(page.referrals)
    robot.press(page.referrals.begin)
    answers = make_answers.complete_referral(unit_id=None, person_id=None, consent_id=None, sent_on=None)
    robot.fill_form(RecordKind.REFERRAL, answers)
    referral = document(laptop.session, uid=robot.finish())
    assert referral.answers["consent_id"]["name"] == "Persetujuan 15 Januari 2026"

    robot.work.navigate.open_document(referral.uid)
    shown = robot.work.window.page("document")
    robot.wait(lambda: shown._view is not None and shown._view.uid == referral.uid)
    robot.press(shown.follow)
    robot.enter(shown.status.fields.editors["status"], "dikirim")
    robot.press(shown.status.confirm)
    robot.wait(lambda: shown.story.text().startswith("23 Nov 2026 · Dikirim"))

    page = profile_of(robot, unit.uid)
    page.tabs.setCurrentWidget(page.graduation)
    robot.press(page.graduation.propose)
    told = make_answers.complete_graduation("person", unit_id=None, proposed_on=None)
    robot.fill_form(RecordKind.GRADUATION, {code: told[code] for code in ("kind", "reason", "after_care_months")})
    proposal = document(laptop.session, uid=robot.finish())
    assert proposal.snapshot["words"].startswith("Memenuhi")

    sent(laptop)
    sari = Workplace(laptop.as_role(Role.PENYELIA_KAB, "Sari"), ImmediateTaskRunner(), NoServer())
    qtbot.addWidget(sari.window)
    sari.start()
    sari.window.show()
    home = sari.window.page("home")
    item = next(one for one in home.shown_items() if one.target_uid == proposal.uid)
    home.action_requested.emit(item)
    decided = sari.window.page("document")
    qtbot.mouseClick(decided._decide["accepted"], Qt.MouseButton.LeftButton)
    assert decided.reason.isVisible()
    decided.reason.given.emit("accepted", "Keluarga sudah mandiri")
    decision = decision_in_effect(laptop.session, unit.uid)
    assert decision is not None
    assert (decision.by, decision.reason) == ("Sari", "Keluarga sudah mandiri")
    sari.stop()
    sari.window.close()
    assert ("Lulus", "lulus") in profile_of(robot, unit.uid)._profile.badges
