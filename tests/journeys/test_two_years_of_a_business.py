"""From a name on a list to a business that stands on its own: officer, supervisor and server, over two years.

Set KUBE_PAPERS to a folder to keep every paper of the way for looking at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from kube_field.domain.records import Fact, Record, RecordKind, Role
from kube_field.domain.schedule import PLANS
from kube_field.errors import KubeFieldError
from kube_field.server.storage.accounts import Accounts
from kube_field.usecases.aid import begin_aid
from kube_field.usecases.consent_papers import consent_paper
from kube_field.usecases.corrections import begin_correction
from kube_field.usecases.drafts import evaluate_draft, save_draft
from kube_field.usecases.graduated import decision_in_effect
from kube_field.usecases.graduations import begin_graduation, graduation_view
from kube_field.usecases.home import home
from kube_field.usecases.papers import attendance_paper, certificate_paper, document_paper
from kube_field.usecases.profile_papers import profile_paper
from kube_field.usecases.progress import unit_progress
from kube_field.usecases.recap_papers import recap_paper
from kube_field.usecases.referrals import change_status
from kube_field.usecases.reviews import documents_to_review, notes_for, review_document
from kube_field.usecases.test_results import record_oral, record_score
from kube_field.usecases.visit_calendar import visits_of_month
from tests.support import make_answers, make_records
from tests.support.direct_server import DirectServer, direct_server
from tests.support.laptop import Clock, Laptop, make_laptop
from tests.support.read_papers import paper_text

HANDOVER = date(2026, 2, 20)
BARE = dict.fromkeys(("handover_on", "bast_number", "aid_value_idr", "working_capital_base_idr", "tools"))
HALVES = [
    {"id": "t1", "no": 1, "percent": 50, "condition": "langsung"},
    {"id": "t2", "no": 2, "percent": 50, "condition": "setelah_kunjungan"},
]
SIGNED = {code: make_answers.signature(f"Nama {code}") for code in ("signature_recipient", "signature_staff")}


@dataclass
class District:
    """Rina's and Sari's laptops, and the province between them."""

    server: DirectServer
    rina: Laptop
    sari: Laptop
    clock: Clock
    papers: dict[str, bytes] = field(default_factory=dict)

    def day(self, on: date | str) -> None:
        self.clock.set_day(str(on))

    def meet(self) -> None:
        """Both laptops at the office: what one sent the other hears."""
        for laptop in (self.rina, self.sari, self.rina):
            run = self.server.sync(laptop.session)
            assert run.outcome in ("", "S03"), run.message

    def accepted(self, fact: Fact) -> None:
        """Sari finds the document in her queue and accepts it; Rina hears of it."""
        self.meet()
        assert fact.uid in [row.uid for row in documents_to_review(self.sari.session)]
        review_document(self.sari.session, uid=fact.uid, decision="accepted", reason="Sudah sesuai dengan keadaan")
        self.meet()
        assert self.rina.store.listings.standing(fact.uid).review == "accepted"

    def printed(self, name: str, pdf: bytes, *wording: str) -> None:
        words = paper_text(pdf)
        for told in wording:
            assert told in words, (name, told)
        self.papers[name] = pdf


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    clock = Clock()
    with (
        direct_server(tmp_path, now=clock.now) as server,
        make_laptop(tmp_path, "Rina", clock=clock) as rina,
        make_laptop(tmp_path, "Sari", ("64.02",), "L09", role=Role.PENYELIA_KAB, clock=clock) as sari,
    ):
        admin = server.add_user("Admin", Role.ADMIN_PROV, ("64",))
        with server.house.database.write():
            Accounts(server.house.database).add_alias("staff-admin", admin.uid)
        server.enrol(rina.session, server.add_user("Rina"))
        server.enrol(sari.session, server.add_user("Sari", Role.PENYELIA_KAB, ("64.02",)))
        made = District(server, rina, sari, clock)
        yield made
        if folder := os.environ.get("KUBE_PAPERS"):
            for name, pdf in made.papers.items():
                (Path(folder) / f"{name}.pdf").write_bytes(pdf)


def registered(district: District) -> tuple[Record, Record]:
    """A woman who raises her children alone, and the programme that may help her."""
    batch = make_records.make_batch(
        district.rina.session,
        name="WRSE APBD Prov 2026",
        scheme="wrse_perorangan",
        unit_amount_idr=5_000_000,
        tranches=HALVES,
        visit_plan_code="standar",
        min_members=None,
        max_members=None,
    )
    person = make_records.register_person(district.rina.session, 1)
    district.printed(
        "01-persetujuan",
        consent_paper(district.rina.session, person_uid=person.uid),
        "Saya bersedia data saya dicatat dan diproses untuk program ini",
    )
    return batch, person


def assessed(district: District, person: Record) -> Fact:
    today = district.rina.session.today().isoformat()
    fact = make_records.record_assessment(district.rina.session, person, assessed_on=today)
    district.accepted(fact)
    return fact


def handed_over(district: District, unit: Record, tranche: int) -> Fact:
    draft = begin_aid(district.rina.session, unit_uid=unit.uid)
    today = district.rina.session.today().isoformat()
    told = make_answers.complete_aid("person")
    kept = {code: value for code, value in draft.answers.items() if code not in ("items",)}
    half = [
        {**row, "id": f"{tranche}-{at}", "name": f"{row['name']} {tranche}"} for at, row in enumerate(told["items"])
    ]
    answers = {**told, **kept, "items": half, "tranche_no": tranche, "handover_on": today, **SIGNED}
    fact = make_records.commit_saved(
        district.rina.session, save_draft(district.rina.session, draft=draft, answers=answers)
    )
    assert isinstance(fact, Fact)
    return fact


def second_tranche_is_refused(district: District, unit: Record) -> bool:
    draft = begin_aid(district.rina.session, unit_uid=unit.uid)
    judged = evaluate_draft(district.rina.session, draft=replace(draft, answers={**draft.answers, "tranche_no": 2}))
    return any(one.question == "tranche_no" for one in judged.errors)


def visited(district: District, unit: Record, on: date, number: int, **more: Any) -> Fact:
    """A visit on its planned day; the business grows from visit to visit."""
    district.day(on)
    grown = {
        "revenue_idr": 3_000_000 + 150_000 * number,
        "cost_material_idr": 1_500_000,
        "cash_idr": 2_500_000,
        "stock_idr": 1_000_000,
        "days_open": 24,
        "channels": ["langsung", "titip_warung", "pasar"],
        "bookkeeping_level": 2 if number < 4 else 4,
        "hh_income_sample": [
            {
                **make_answers.complete_visit("person")["hh_income_sample"][0],
                "income_month_idr": 3_000_000 + 300_000 * number,
            }
        ],
    }
    return make_records.record_visit(district.rina.session, unit.uid, on.isoformat(), **{**grown, **more})


def trained(district: District, person: Record) -> None:
    session = district.rina.session
    event = make_records.make_training(session, [person])
    record_score(session, event_uid=event.uid, person_uid=person.uid, kind="pre", score=40)
    right = ["pisah_uang", "arti_modal", "harga_jual", "catat_kapan", "isi_buku", "bon", "stok"]
    record_oral(session, event_uid=event.uid, person_uid=person.uid, kind="post", right_answers=right)
    for number in (1, 2):
        make_records.hold_session(session, event, number)
    district.printed(
        "05-daftar-hadir",
        attendance_paper(session, event_uid=event.uid, session_no=1, blank=False),
        "Rata-rata prates 40, pascates 70, kenaikan 30",
    )
    district.printed(
        "06-sertifikat", certificate_paper(session, event_uid=event.uid, person_uid=person.uid), "SERTIFIKAT"
    )


def test_a_woman_of_the_list_stands_on_her_own_after_two_years(district: District) -> None:
    rina = district.rina.session
    district.day(HANDOVER - timedelta(days=20))
    batch, person = registered(district)
    assessment = assessed(district, person)
    assert assessment.snapshot

    paid_by = {"uid": batch.uid, "name": batch.answers["name"]}
    unit = make_records.make_unit(rina, person, **BARE, batch_id=paid_by, started_on=None, permits=None)
    district.day(HANDOVER)
    first = handed_over(district, unit, 1)
    district.printed(
        "02-bast", document_paper(rina, uid=first.uid), "BERITA ACARA SERAH TERIMA", "PIHAK KEDUA", "rupiah"
    )
    assert second_tranche_is_refused(district, unit)
    district.accepted(first)

    days = [HANDOVER + timedelta(days=offset) for offset in PLANS["standar"]]
    wrong = visited(district, unit, days[0], 1, revenue_idr=31_500_000)
    district.meet()
    review_document(
        district.sari.session,
        uid=wrong.uid,
        decision="returned",
        notes={"revenue_idr": "Omzet di buku kas Rp3.150.000"},
        reason="Angka belum cocok",
    )
    district.meet()
    assert home(rina).items[0].state == "returned"
    draft = begin_correction(rina, uid=wrong.uid, reason="Omzet salah ketik satu nol")
    assert notes_for(rina, draft)["revenue_idr"] == "Omzet di buku kas Rp3.150.000"
    corrected = make_records.commit_saved(
        rina, save_draft(rina, draft=draft, answers={**draft.answers, "revenue_idr": 3_150_000, **SIGNED})
    )
    assert isinstance(corrected, Fact)
    assert (corrected.revision, corrected.supersedes) == (2, wrong.uid)
    district.accepted(corrected)
    district.printed("03-kunjungan-1", document_paper(rina, uid=corrected.uid), "LAPORAN KUNJUNGAN PENDAMPINGAN")

    assert not second_tranche_is_refused(district, unit)
    for open_draft in rina.store.drafts.of_subject(unit.uid, RecordKind.AID):
        rina.store.drafts.remove(open_draft.uid)
    district.accepted(handed_over(district, unit, 2))

    referral = make_records.refer(rina, person.uid)
    district.printed("07-rujukan", document_paper(rina, uid=referral.uid), "SURAT PENGANTAR RUJUKAN")
    today = rina.today().isoformat()
    change_status(rina, uid=referral.uid, answers={"status": "dikirim", "changed_on": today})

    for number, on in enumerate(days[1:], start=2):
        district.accepted(visited(district, unit, on, number))
    trained(district, person)
    points = unit_progress(district.sari.session, unit_uid=unit.uid)
    assert [point.visited_on for point in points] == [day.isoformat() for day in days]
    assert [str(point.status) for point in points[-3:]] == ["healthy"] * 3
    last = rina.store.facts.of_subject(unit.uid, RecordKind.VISIT)[-1]
    district.printed("08-kunjungan-terakhir", document_paper(rina, uid=last.uid), "K. PENILAIAN KEBERLANJUTAN")

    view = graduation_view(rina, unit.uid)
    assert all(met for _code, _words, met in view.criteria), view.criteria
    draft = begin_graduation(rina, unit_uid=unit.uid)
    answers = {**draft.answers, "kind": "lulus_mandiri", "reason": "Usaha berjalan sendiri dua tahun."}
    proposal = make_records.commit_saved(rina, save_draft(rina, draft=draft, answers=answers))
    assert isinstance(proposal, Fact)
    with pytest.raises(KubeFieldError):  # nobody decides about his own proposal
        review_document(rina, uid=proposal.uid, decision="accepted", reason="Saya setuju sendiri")
    district.accepted(proposal)
    effect = decision_in_effect(rina, unit.uid)
    assert effect is not None
    decided = date.fromisoformat(effect.decided_on)

    after_care = [decided + timedelta(days=days) for days in (90, 180)]
    planned = [one.on for day in after_care for one in visits_of_month(rina, month=day.isoformat()[:7])]
    assert planned == [day.isoformat() for day in after_care]
    district.printed(
        "09-profil", profile_paper(rina, unit_uid=unit.uid), "PROFIL USAHA PERORANGAN", "K. KESIMPULAN"[3:]
    )
    month = last.occurred_on[:7]
    district.printed(
        "10-rekap",
        recap_paper(district.sari.session, kabupaten="64.02", month=month, only_accepted=True),
        "REKAPITULASI PENDAMPINGAN KUBE/WRSE",
    )
    waiting = rina.store.db.value("SELECT count(*) FROM outbox WHERE state <> 'acked'")
    district.meet()
    assert rina.store.db.value("SELECT count(*) FROM outbox WHERE state <> 'acked'") == 0, waiting
