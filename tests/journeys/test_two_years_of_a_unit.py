"""One KUBE from its assessment to graduation and after-care: officer, supervisor and server over two years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from kube_field.domain.records import Fact, Record, RecordKind, Role
from kube_field.domain.rules.stage import CODES
from kube_field.errors import KubeFieldError
from kube_field.server.storage.proof import check_feed
from kube_field.usecases.corrections import begin_correction
from kube_field.usecases.drafts import save_draft
from kube_field.usecases.graduated import decision_in_effect
from kube_field.usecases.graduations import begin_graduation, graduation_view
from kube_field.usecases.home import home
from kube_field.usecases.papers import PAPER_KINDS, document_paper
from kube_field.usecases.received_aid import unit_answers
from kube_field.usecases.referrals import change_status, referrals_of
from kube_field.usecases.reviews import documents_to_review, review_document
from kube_field.usecases.scoring import score_of_fact
from kube_field.usecases.units import unit_profile
from kube_field.usecases.views import UnitRow
from tests.support import make_answers
from tests.support.laptop import Clock, Laptop, make_laptop
from tests.support.make_records import (
    as_admin,
    commit_saved,
    hand_over,
    make_batch,
    make_group,
    make_unit,
    record_assessment,
    record_visit,
    refer,
)
from tests.support.server import RunningServer, enrolled, running_server

HANDOVER = date(2026, 3, 10)
BARE = dict.fromkeys(("handover_on", "bast_number", "aid_value_idr", "working_capital_base_idr", "tools"))
GRINDER, FLOUR = make_answers.complete_aid()["items"]
FRYER = {**GRINDER, "id": "b1", "name": "Wajan listrik", "serial_number": "WJ-0099", "unit_price_idr": 1_100_000}
FISH = {**FLOUR, "id": "b2", "name": "Ikan gabus", "qty": "100", "planned_qty": "100", "unit_price_idr": 60_000}


@dataclass
class Office:
    """Rina in the field, Sari at the district office, one clock for both and the server."""

    server: RunningServer
    rina: Laptop
    sari: Laptop
    clock: Clock

    def on(self, days: int) -> str:
        """Go to a day after the first handover."""
        day = (HANDOVER + timedelta(days=days)).isoformat()
        self.clock.set_day(day)
        return day

    def exchange(self) -> None:
        """Everybody sends and receives; nothing is refused."""
        for laptop in (self.rina, self.sari, self.rina):
            assert self.server.sync(laptop.session).refused == 0

    def accept_all(self, reason: str = "Sesuai") -> list[str]:
        """Sari accepts everything that waits, and Rina hears of it."""
        self.exchange()
        waiting = [row.uid for row in documents_to_review(self.sari.session)]
        for uid in waiting:
            review_document(self.sari.session, uid=uid, decision="accepted", reason=reason)
        self.exchange()
        return waiting

    def unit_row(self) -> UnitRow:
        (row,) = self.rina.session.store.listings.units()
        return row


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    clock = Clock()
    clock.set_day(HANDOVER.isoformat())
    with (
        running_server(tmp_path, now=clock.now) as server,
        make_laptop(tmp_path, clock=clock) as rina,
        make_laptop(tmp_path, "Sari", ("64.02",), "L08", role=Role.PENYELIA_KAB, clock=clock) as sari,
    ):
        admin = server.add_user("Admin", Role.ADMIN_PROV, ("64",))
        with server.house.database.write():
            server.accounts.add_alias(as_admin(rina.session).officer.uid, admin.uid)
        enrolled(server, rina)
        enrolled(server, sari, role=Role.PENYELIA_KAB, areas=("64.02",))
        yield Office(server, rina, sari, clock)
        assert check_feed(server.house.database) == []


def visit(office: Office, unit: Record, days: int, since: int, **changes: Any) -> Fact:
    """A good visit so many days after the handover; figures cover the days since the one before."""
    day, span = office.on(days), days - since
    good = {
        "period_from": (HANDOVER + timedelta(days=since + 1)).isoformat(),
        "revenue_idr": 330_000 * span,
        "cost_material_idr": 150_000 * span,
        "days_open": 22,
        "channels": ["langsung", "titip_warung", "pasar"],
        "hh_income_sample": [
            {**row, "income_month_idr": 4_400_000} for row in make_answers.complete_visit("group")["hh_income_sample"]
        ],
    }
    return record_visit(office.rina.session, unit.uid, day, **{**good, **changes})


def begun(office: Office) -> Record:
    """The group, its assessment, and the unit that waits for aid."""
    session = office.rina.session
    group = make_group(session, members=5, batch=make_batch(session))
    record_assessment(session, group, assessed_on=HANDOVER.isoformat())
    return make_unit(session, group, **BARE, status="rencana")


@pytest.mark.timeout(300)
def test_from_assessment_to_graduation(office: Office):
    session = office.rina.session
    unit = begun(office)
    first = hand_over(session, unit.uid, HANDOVER.isoformat())
    assert office.unit_row().handover_on == HANDOVER.isoformat()
    office.accept_all()

    # The plan begins with the minutes: the first visit is due after 14 days.
    office.on(14)
    (due,) = [item for item in home(session).items if item.target_uid == unit.uid]
    assert (due.state, due.detail) == ("due", "Kunjungan ke-1 jatuh tempo hari ini")
    visit(office, unit, 14, 0)

    # The second half waits until a supervisor accepted that visit.
    with pytest.raises(KubeFieldError, match="baru boleh diserahkan setelah ada kunjungan yang disetujui"):
        hand_over(session, unit.uid, office.on(20), items=[FRYER, FISH])
    office.accept_all()
    second = hand_over(session, unit.uid, office.on(21), items=[FRYER, FISH])
    office.accept_all()
    received = unit_answers(session, unit)
    assert received["aid_value_idr"] == 2_900_000 + 7_100_000
    assert received["working_capital_base_idr"] == 500_000 + 6_000_000
    assert [row["name"] for row in received["tools"]] == [
        "Penggiling daging ikan (PG-0099)",
        "Wajan listrik (WJ-0099)",
    ]

    # What was written wrongly is mended by a document of its own.
    draft = begin_correction(session, uid=second.uid, reason="Berat ikan keliru ditulis")
    signed = {code: value for code, value in second.answers.items() if code.startswith(("signature", "photos"))}
    fewer = [FRYER, {**FISH, "qty": "90"}]
    answers = {**draft.answers, **signed, "items": fewer, "conditions_read": True}
    change = commit_saved(session, save_draft(session, draft=draft, answers=answers))
    assert isinstance(change, Fact)
    assert unit_answers(session, unit)["working_capital_base_idr"] == 6_500_000
    office.accept_all()
    assert unit_answers(session, unit)["working_capital_base_idr"] == 5_900_000

    # Visits by the plan; a year later the stage of the group is judged too.
    since = 14
    for days in (30, 60, 120, 180, 240, 300, 365):
        stage = {"assess_stage": True, **dict.fromkeys(CODES, True)} if days == 365 else {}
        last = visit(office, unit, days, since, **stage)
        since = days
    score = score_of_fact(session, last)
    assert score is not None
    assert (score.final, score.figures.capital_base_idr) == ("healthy", 5_900_000)
    office.accept_all()

    # A referral with its consent, its reminder and its end.
    office.on(366)
    letter = refer(session, unit.uid)
    change_status(session, uid=letter.uid, answers={"status": "dikirim", "changed_on": office.on(366)})
    office.on(381)
    assert [item.target_uid for item in home(session).items if item.state == "referral"] == [letter.uid]
    told = {"status": "selesai", "changed_on": office.on(381), "result": "Pinjaman cair"}
    change_status(session, uid=letter.uid, answers=told)
    office.accept_all()
    assert [row.status for row in referrals_of(office.sari.session, [unit.uid])] == ["selesai"]

    # Graduation: all criteria met, proposed by the officer, decided by the supervisor.
    day = office.on(390)
    assert graduation_view(session, unit.uid).words == "Memenuhi 8 dari 8 syarat."
    draft = begin_graduation(session, unit_uid=unit.uid)
    words = {"kind": "lulus_mandiri", "reason": "Kelompok berjalan sendiri."}
    proposal = commit_saved(session, save_draft(session, draft=draft, answers={**draft.answers, **words}))
    assert office.unit_row().status == "rencana"
    assert office.accept_all("Layak lulus") == [proposal.uid]
    assert (office.unit_row().status, office.unit_row().decided_on) == ("lulus", day)
    for laptop in (office.rina, office.sari):
        assert ("Lulus", "lulus") in unit_profile(laptop.session, uid=unit.uid).badges

    # After-care at 90 and 180 days; then nothing is due any more.
    planned = (HANDOVER + timedelta(days=390 + 180)).isoformat()
    for after, following in ((90, planned), (180, None)):
        office.on(390 + after)
        (due,) = [item for item in home(session).items if item.target_uid == unit.uid]
        assert due.detail.endswith("jatuh tempo hari ini · Pembinaan lanjutan")
        visit(office, unit, 390 + after, since, next_visit_on=following)
        since = 390 + after
    office.accept_all()
    office.on(730)
    assert [item for item in home(session).items if item.target_uid == unit.uid] == []
    assert decision_in_effect(office.sari.session, unit.uid) is not None
    same_papers(office, [first, second, change, letter])


def same_papers(office: Office, documents: list[Fact]) -> None:
    """Every paper is the same on both laptops, to the byte."""
    visits = office.rina.session.store.facts.of_kind(RecordKind.VISIT)
    for fact in (*documents, *visits):
        assert fact.kind in PAPER_KINDS
        here, there = (document_paper(laptop.session, uid=fact.uid) for laptop in (office.rina, office.sari))
        assert here == there


@pytest.mark.timeout(300)
def test_a_graduated_unit_that_stops_is_taken_up_again_by_its_officer(office: Office):
    session = office.rina.session
    unit = begun(office)
    hand_over(session, unit.uid, HANDOVER.isoformat())
    office.accept_all()
    since = 0
    for days in (300, 335, 370):
        visit(office, unit, days, since)
        since = days
    office.on(375)
    draft = begin_graduation(session, unit_uid=unit.uid)
    words = {"kind": "lulus_mandiri", "reason": "Kelompok berjalan sendiri."}
    commit_saved(session, save_draft(session, draft=draft, answers={**draft.answers, **words}))
    office.accept_all("Layak lulus")
    assert office.unit_row().status == "lulus"
    visit(office, unit, 460, since, business_status="berhenti_sementara", stop_reason=["sakit"])
    office.exchange()
    for laptop in (office.rina, office.sari):
        assert decision_in_effect(laptop.session, unit.uid) is None
    assert (office.unit_row().status, office.unit_row().after_care) == ("rencana", "")
    office.on(490)
    lines = [item.action for item in home(session).items if item.target_uid == unit.uid]
    assert lines == ["start_visit", "start_aid"], "to be visited again, and what it has not received yet may come"
