"""One woman's business from the register to after-care at the real windows: Rina in the field, Sari at the office.

Both laptops send to a real server by the button of their own sync page; whatever is typed, decided or printed is typed,
decided and printed at a window. Only the programme itself comes from the province.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from kube_field.domain.records import RecordKind
from kube_field.domain.schedule import PLANS
from kube_field.ui.pages.reports_page import Paper
from kube_field.usecases.documents import document
from kube_field.usecases.graduated import decision_in_effect
from kube_field.usecases.received_aid import unit_answers
from tests.support import make_answers, make_records
from tests.support.office import Office, open_office
from tests.support.read_papers import paper_text

START = date(2026, 3, 10)
BARE = dict.fromkeys(("handover_on", "bast_number", "aid_value_idr", "working_capital_base_idr", "tools", "started_on"))
KINDS = {"Kompor dua tungku": "alat", "Minyak goreng": "bahan"}
MELATI = "Melati Contoh Satu"
TRAINING = 200


@pytest.fixture
def office(qapp: Any, qtbot: Any, tmp_path: Path) -> Iterator[Office]:
    with open_office(qapp, qtbot, tmp_path, START) as made:
        yield made


def shifted(answers: dict[str, Any]) -> dict[str, Any]:
    """Complete answers as of the first day."""
    return make_answers.moved(answers, START - make_answers.TODAY)


def typed(office: Office, kind: RecordKind, answers: Mapping[str, Any], name: str) -> str:
    """Fill the form on view, keep a picture of it and of its review, and store it."""
    office.field.fill_form(kind, answers)
    office.shoot(f"{name}-formulir")
    uid = office.field.finish()
    office.shoot(f"{name}-selesai")
    return uid


def enter_on_the_list(office: Office) -> str:
    """Melati and her family are searched for, not found, and registered."""
    household = shifted(make_answers.complete_household())
    _family, person = office.field.register(household, shifted(make_answers.complete_person(status="calon")))
    office.shoot("warga-selesai")
    return person


def assess(office: Office, person: str) -> str:
    office.begin("start_assessment", person)
    answers = make_answers.complete_assessment(assessed_on=START.isoformat())
    kept = {code: value for code, value in answers.items() if code not in ("subject_kind", "subject_id", "staff")}
    return typed(office, RecordKind.ASSESSMENT, kept, "asesmen")


def hand_over(office: Office, unit: str, litres: str, name: str) -> str:
    """The minutes from the line of Beranda, with as much oil as came."""
    office.begin("start_aid", unit)
    view = office.field.wait_for_form(RecordKind.AID)
    rows = [
        {**row, "kind": KINDS[row["name"]], "condition": "baru", **({"qty": litres} if row["unit"] == "liter" else {})}
        for row in view.answers()["items"]
    ]
    answers = {
        "place": "Balai Kampung Long Lalang",
        "items": rows,
        "conditions_read": True,
        "photos": [make_answers.photo(1, "serah_terima")],
        "signature_recipient": make_answers.signature(MELATI),
        "signature_staff": make_answers.signature("Rina"),
    }
    return typed(office, RecordKind.AID, answers, name)


def correct(office: Office, uid: str) -> str:
    """Minutes that were accepted are corrected by minutes of the change."""
    office.field.work.navigate.open_document(uid)
    page = office.field.work.window.page("document")
    office.field.wait(lambda: page._view is not None and page._view.uid == uid)
    office.field.press(page._correct)
    office.field.wait(page.reason.isVisible)
    office.field.type(page.reason._edit, "Tempat serah terima keliru ditulis")
    office.field.press(page.reason._confirm)
    answers = {
        "place": "Kantor Kampung Long Lalang",
        "conditions_read": True,
        "photos": [make_answers.photo(1, "serah_terima")],
        "signature_recipient": make_answers.signature(MELATI),
        "signature_staff": make_answers.signature("Rina"),
    }
    return typed(office, RecordKind.AID, answers, "perubahan")


def good_visit(office: Office, days: int, since: int) -> dict[str, Any]:
    """What a good visit says so many days after the handover; figures cover the days since the one before."""
    day, span = office.on(days), days - since
    told = make_answers.complete_visit(
        "person",
        visited_on=day,
        period_to=day,
        revenue_idr=330_000 * span,
        cost_material_idr=150_000 * span,
        days_open=22,
        channels=["langsung", "titip_warung", "pasar"],
        has_constraints=False,
    )
    unasked = ("constraints", "profit_use_modal_idr", "profit_use_konsumsi_idr", "profit_use_tabungan_idr")
    known = ("owner_kind", "unit_id", "visit_no", "period_from", "next_visit_on")
    needed = {**told["support_needed"][0], "by_date": (date.fromisoformat(day) + timedelta(days=14)).isoformat()}
    kept = {code: value for code, value in told.items() if code not in (*unasked, *known)}
    return {**kept, "asset_checks": [{"condition": "baik"}], "support_needed": [needed]}


def visit(office: Office, unit: str, days: int, since: int) -> str:
    """A visit from the line of Beranda, typed field by field."""
    told = good_visit(office, days, since)
    office.begin("start_visit", unit)
    (owner,) = office.rina.store.records.where(RecordKind.PERSON)
    person = {"uid": owner.uid, "name": MELATI}
    told["hh_income_sample"] = [{"person": person, "income_month_idr": 4_400_000, "household_size": 4}]
    if since:
        told["previous_actions"] = [{"result": "selesai"}]
    return typed(office, RecordKind.VISIT, told, f"kunjungan-{days}")


def mend(office: Office, uid: str) -> str:
    """What came back stands first on Beranda; its note stands beside the field."""
    home = office.field.go("home")
    office.field.work.home.refresh()
    assert next(item.action for item in home.shown_items()) == "repair"
    office.shoot("beranda-dikembalikan")
    office.begin("repair", uid)
    page = office.field.work.window.page("document")
    office.field.wait(lambda: page._view is not None and page._view.uid == uid)
    office.field.press(page._correct)
    office.field.press(page.reason._confirm)
    view = office.field.wait_for_form(RecordKind.VISIT)
    view.open_question("officer_opinion")
    office.shoot("kunjungan-dikembalikan")
    again = {"officer_opinion": "Ramai setiap pagi; modal kerja bertambah."}
    return typed(office, RecordKind.VISIT, again, "kunjungan-diperbaiki")


def train(office: Office, person: str) -> str:
    """A training typed, its list worked from the keyboard."""
    day = office.on(TRAINING)
    page = office.field.go("trainings")
    office.field.press(page._new)
    sessions = [{"date": day, "start": "09:00", "end": "11:30", "subject": "Buku kas harian"}]
    answers = make_answers.complete_training(
        batch_id=None, photos=None, materials=None, starts_on=day, ends_on=day, sessions=sessions
    )
    answers["participants"] = [{"person": {"uid": person, "name": MELATI}}]
    event = typed(office, RecordKind.TRAINING_EVENT, answers, "pelatihan")
    office.field.work.navigate.open_training(event)
    page = office.field.work.window.page("training")
    office.field.wait(lambda: page.model.rowCount() == 1 and page.grid.isVisible())
    office.report_paper(Paper.ATTENDANCE_BLANK, f"{event}#1", "daftar-hadir-kosong")
    office.field.work.navigate.open_training(event)
    office.field.wait(page.grid.isVisible)
    office.field.qtbot.keyClicks(page.grid, "h")
    office.shoot("daftar-hadir")
    office.field.press(page._finalise)
    if page.reason.isVisible():
        office.field.type(page.reason._edit, "Sudah sesuai daftar hadir di kertas")
        office.field.press(page.reason._confirm)
    office.field.wait(lambda: len(office.rina.store.facts.of_kind(RecordKind.ATTENDANCE)) == 1)
    return event


def refer(office: Office, unit: str) -> str:
    """A letter, sent and answered."""
    office.on(366)
    page = office.field.open_profile(RecordKind.BUSINESS_UNIT, unit)
    page.tabs.setCurrentWidget(page.referrals)
    office.field.press(page.referrals.begin)
    answers = make_answers.complete_referral(unit_id=None, person_id=None, consent_id=None, sent_on=None)
    uid = typed(office, RecordKind.REFERRAL, answers, "rujukan")
    shown = office.field.work.window.page("document")
    for day, status, result in ((367, "dikirim", ""), (381, "selesai", "Pinjaman cair")):
        office.on(day)
        office.field.work.navigate.open_document(uid)
        office.field.wait(lambda: shown._view is not None and shown._view.uid == uid)
        office.field.press(shown.follow)
        office.field.wait(shown.status.isVisible)
        office.field.enter(shown.status.fields.editors["status"], status)
        if result:
            office.field.enter(shown.status.fields.editors["result"], result)
        office.shoot(f"rujukan-{status}")
        office.field.press(shown.status.confirm)
        office.field.wait(lambda status=status: status.capitalize() in shown.story.text())
    return uid


def propose(office: Office, unit: str) -> str:
    """Graduation, proposed on the unit's own page."""
    office.on(390)
    page = office.field.open_profile(RecordKind.BUSINESS_UNIT, unit)
    page.tabs.setCurrentWidget(page.graduation)
    office.shoot("syarat-graduasi")
    office.field.press(page.graduation.propose)
    told = make_answers.complete_graduation("person", unit_id=None, proposed_on=None)
    asked = ("kind", "reason", "after_care_months")
    return typed(office, RecordKind.GRADUATION, {code: told[code] for code in asked}, "graduasi")


def begin(office: Office) -> tuple[str, str, str]:
    """The list, the assessment, the business: uids of woman, assessment and business."""
    batch = make_records.make_batch(
        office.rina.session, name="WRSE APBD Prov 2026", scheme="wrse_perorangan", unit_amount_idr=5_000_000,
        min_members=None, max_members=None, visit_plan_code="singkat",
    )  # fmt: skip
    named = {"uid": batch.uid, "name": str(batch.answers["name"])}
    person = enter_on_the_list(office)
    assessment = assess(office, person)
    office.accept(assessment)
    unit = make_answers.complete_unit("person", **BARE, batch_id=named, permits=None, status="rencana")
    return person, assessment, office.field.begin_business(person, unit)


def help_until_it_stands(office: Office, person: str, unit: str) -> tuple[dict[str, str], str]:
    """Aid in two tranches, minutes corrected, a training, the visits of the first year, one of them returned.

    Gives the documents by name, and the training.
    """
    made = {"bast-1": hand_over(office, unit, "10", "bast-1")}
    office.accept(made["bast-1"])
    made["kunjungan-14"] = visit(office, unit, 14, 0)
    home = office.field.go("home")
    assert not [item for item in home.shown_items() if item.action == "start_aid"]
    office.accept(made["kunjungan-14"])
    office.on(21)
    made["bast-2"] = hand_over(office, unit, "10", "bast-2")
    office.accept(made["bast-2"])
    made["perubahan"] = correct(office, made["bast-2"])
    office.accept(made["perubahan"])
    since, event = 14, ""
    for days in PLANS["singkat"][1:]:
        if days > TRAINING and not event:
            event = train(office, person)
        made[f"kunjungan-{days}"] = visit(office, unit, days, since)
        if days == 30:
            notes = {"officer_opinion": "Sebutkan keadaan modal kerja."}
            office.send_back(made["kunjungan-30"], notes, "Mohon dilengkapi")
            made["kunjungan-30"] = mend(office, made["kunjungan-30"])
        office.accept(made[f"kunjungan-{days}"])
        since = days
    return made, event


def care_afterwards(office: Office, unit: str) -> None:
    """Two visits after the decision, then nothing is asked for any more."""
    since = 365
    for after in (90, 180):
        office.on(390 + after)
        assert "Pembinaan lanjutan" in office.work_of(office.field, "start_visit", unit).detail
        office.accept(visit(office, unit, 390 + after, since))
        since = 390 + after
    office.on(730)
    home = office.field.go("home")
    office.field.work.home.refresh()
    office.shoot("beranda-akhir")
    assert [item for item in home.shown_items() if item.target_uid == unit] == []


def look_at_profile(office: Office, unit: str) -> None:
    """Every tab of the business."""
    page = office.field.open_profile(RecordKind.BUSINESS_UNIT, unit)
    for at in range(page.tabs.count()):
        if page.tabs.isTabVisible(at):
            page.tabs.setCurrentIndex(at)
            office.shoot(f"profil-{at}")


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_from_the_list_to_after_care_at_two_windows(office: Office):
    person, assessment, unit = begin(office)
    made, event = help_until_it_stands(office, person, unit)
    made["asesmen"] = assessment
    record = office.rina.store.records.get(unit)
    assert record is not None
    received = unit_answers(office.rina.session, record)
    assert (received["aid_value_idr"], received["working_capital_base_idr"]) == (650_000 + 360_000, 360_000)
    made["rujukan"] = refer(office, unit)
    proposal = propose(office, unit)
    assert document(office.rina.session, uid=proposal).snapshot["words"] == "Memenuhi 7 dari 7 syarat."
    office.accept(proposal, reason="Keluarga sudah mandiri")
    for laptop in (office.rina, office.sari):
        decided = decision_in_effect(laptop.session, unit)
        assert decided is not None
        assert decided.is_independent
    care_afterwards(office, unit)
    look_at_profile(office, unit)

    for name, uid in made.items():
        mine, hers = (office.document_paper(uid, name, robot) for robot in (office.field, office.desk))
        assert mine == hers
        assert document(office.rina.session, uid=uid).number in paper_text(mine)
    office.report_paper(Paper.ATTENDANCE, f"{event}#1", "daftar-hadir")
    office.report_paper(Paper.CERTIFICATE, f"{event}#{person}", "sertifikat")
    office.report_paper(Paper.PROFILE, unit, "profil")
    office.report_paper(Paper.CONSENT, person, "persetujuan")
    month = office.on(365)[:7]
    office.report_paper(Paper.RECAP, f"64.02#{month}#accepted", "rekap", office.desk)
