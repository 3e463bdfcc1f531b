"""Referrals: consent first, statuses as facts, a reminder after 14 days, restricted ones for few eyes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kube_field.domain.records import Fact, Record, RecordKind, Role
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases.documents import document, find_documents
from kube_field.usecases.drafts import drafts, evaluate_draft, save_draft, the_draft
from kube_field.usecases.finalise import correct_document
from kube_field.usecases.home import home
from kube_field.usecases.papers import document_paper
from kube_field.usecases.people import person_profile
from kube_field.usecases.queue import queue
from kube_field.usecases.referral_standing import status_of
from kube_field.usecases.referrals import begin_referral, change_status, referrals_of, story_of
from kube_field.usecases.search import search
from kube_field.usecases.session import Session
from kube_field.usecases.typed_records import stored_records
from kube_field.usecases.views import DocumentFilter
from kube_field.usecases.visit_background import group_data
from tests.support import make_answers
from tests.support.laptop import Laptop
from tests.support.make_records import commit_saved, make_group, make_unit, nik_of, refer, register_person
from tests.support.read_papers import paper_text

PROTECTED = {"partner_kind": "uptd_ppa", "partner_name": "UPTD PPA Kukar", "need": "pendampingan"}


def said(laptop: Laptop, referral: Fact, status: str, day: str = "2026-11-23", **more: Any) -> Fact:
    return change_status(laptop.session, uid=referral.uid, answers={"status": status, "changed_on": day, **more})


def colleague(laptop: Laptop, role: Role = Role.PENDAMPING) -> Session:
    officer = replace(laptop.session.officer, uid="staff-budi", name="Budi", role=role)
    return replace(laptop.session, officer=officer)


@pytest.fixture
def person(laptop: Laptop) -> Record:
    return register_person(laptop.session)


def test_the_consent_of_the_person_is_named_by_the_app(laptop: Laptop, person: Record):
    referral = refer(laptop.session, person.uid)
    consent = laptop.session.store.facts.get(referral.answers["consent_id"]["uid"])
    assert consent is not None
    assert (consent.kind, consent.answers["item"], consent.answers["given"]) == (RecordKind.CONSENT, "mitra", True)
    assert referral.number.split("/")[1] == "RJK"


def test_without_consent_nothing_is_sent(laptop: Laptop):
    consents = [{**row, "given": row["item"] != "mitra"} for row in make_answers.complete_person()["consents"]]
    person = register_person(laptop.session, consents=consents)
    draft = begin_referral(laptop.session, subject_uid=person.uid)
    errors = {one.code for one in evaluate_draft(laptop.session, draft=draft).errors}
    assert "CONSENT_PARTNER" in errors
    typed = {**draft.answers, "consent_id": make_answers.reference_to("made-up", "Persetujuan")}
    judged = evaluate_draft(laptop.session, draft=replace(draft, answers=typed))
    assert "consent_id" in {one.question for one in judged.errors}


def test_a_unit_of_a_group_refers_its_chair(laptop: Laptop):
    unit = make_unit(laptop.session, make_group(laptop.session, members=3))
    draft = begin_referral(laptop.session, subject_uid=unit.uid)
    assert draft.answers["person_id"]["name"] == "Melati Contoh Satu"
    assert draft.answers["unit_id"]["uid"] == unit.uid


def test_statuses_are_facts_of_their_own_and_the_newest_counts(laptop: Laptop, person: Record):
    referral = refer(laptop.session, person.uid)
    assert status_of(laptop.session, referral) == "disiapkan"
    said(laptop, referral, "dikirim")
    last = said(laptop, referral, "selesai", "2026-11-23", result="Pinjaman Rp5.000.000 cair")
    assert (last.kind, last.subject_uid) == (RecordKind.REFERRAL_STATUS, referral.uid)
    (row,) = referrals_of(laptop.session, [person.uid])
    assert (row.status, row.changed_on, row.result) == ("selesai", "2026-11-23", "Pinjaman Rp5.000.000 cair")
    assert [item.what for item in story_of(laptop.session, referral)] == ["Selesai", "Dikirim"]
    assert len(laptop.session.store.queue.pending_sets(last.uid)) == 1


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"status": "selesai", "changed_on": "2026-11-23"}, "result"),
        ({"status": "dikirim", "changed_on": "2026-11-01"}, "changed_on"),
        ({"status": "dikirim", "changed_on": "2026-12-01"}, "changed_on"),
        ({"changed_on": "2026-11-23"}, "status"),
    ],
)
def test_a_status_is_judged(laptop: Laptop, person: Record, answers: dict[str, Any], field: str):
    referral = refer(laptop.session, person.uid, sent_on="2026-11-20")
    with pytest.raises(KubeFieldError) as refused:
        change_status(laptop.session, uid=referral.uid, answers=answers)
    assert [detail["field"] for detail in refused.value.details] == [field]


@pytest.mark.parametrize(
    ("partner", "status", "expected"),
    [("koperasi", "selesai", True), ("puskesmas", "selesai", False), ("koperasi", "ditolak", False)],
)
def test_a_good_end_with_a_bank_or_cooperative_counts_for_the_stage(
    laptop: Laptop, partner: str, status: str, expected: bool
):
    unit = make_unit(laptop.session, make_group(laptop.session, members=3))
    referral = refer(laptop.session, unit.uid, partner_kind=partner)
    said(laptop, referral, status, result="Sudah dibalas")
    data = group_data(laptop.session, unit)
    assert data is not None
    assert data.has_partner_referral is expected


def test_what_has_ended_goes_no_further(laptop: Laptop, person: Record):
    referral = refer(laptop.session, person.uid)
    said(laptop, referral, "tidak_jadi", "2026-11-23", result="Pindah")
    with pytest.raises(KubeFieldError, match="sudah berakhir"):
        said(laptop, referral, "dikirim", "2026-11-23")


def test_statuses_stay_with_the_document_when_it_is_corrected(laptop: Laptop, person: Record):
    referral = refer(laptop.session, person.uid)
    said(laptop, referral, "dikirim", "2026-11-23")
    draft = correct_document(laptop.session, uid=referral.uid, reason="Nama mitra keliru")
    again = commit_saved(laptop.session, save_draft(laptop.session, draft=draft, answers=dict(draft.answers)))
    assert isinstance(again, Fact)
    assert (again.revision, status_of(laptop.session, again)) == (2, "dikirim")


@pytest.mark.parametrize(("days", "expected"), [(13, 0), (14, 1)])
def test_a_silent_referral_is_reminded_of_after_14_days(laptop: Laptop, person: Record, days: int, expected: int):
    referral = refer(laptop.session, person.uid)
    said(laptop, referral, "dikirim", "2026-11-23")
    laptop.clock.advance(days=days)
    items = [item for item in home(laptop.session).items if item.state == "referral"]
    assert len(items) == expected
    for item in items:
        assert (item.target_uid, item.action) == (referral.uid, "follow_referral")
        assert item.detail == "Rujukan ke BRI Unit Tabang: dikirim sejak 23 Nov 2026"


def test_one_that_ended_is_not_reminded_of(laptop: Laptop, person: Record):
    referral = refer(laptop.session, person.uid)
    said(laptop, referral, "ditolak", "2026-11-23", result="Kuota habis")
    laptop.clock.advance(days=60)
    assert [item for item in home(laptop.session).items if item.state == "referral"] == []


def test_the_letter_names_no_nik_and_has_a_reply_to_tear_off(laptop: Laptop):
    unit = make_unit(laptop.session, register_person(laptop.session, 2))
    text = paper_text(document_paper(laptop.session, uid=refer(laptop.session, unit.uid).uid))
    for words in (
        "SURAT PENGANTAR RUJUKAN",
        "Yth. BRI Unit Tabang di Tabang",
        "Bersama ini kami sampaikan warga dampingan kami: Nama : Kenanga Contoh",
        "Usaha : Gorengan dan jajanan sekolah",
        "yang memerlukan pinjaman KUR Super Mikro untuk menambah bahan. Data disampaikan atas persetujuan yang "
        "bersangkutan tanggal",
        "Mohon kiranya dapat dilayani dan hasilnya disampaikan kepada kami melalui Rina Contoh · 0812-0000-0090.",
        "Atas perhatian dan kerja sama Bapak/Ibu, kami ucapkan terima kasih.",
        "Balasan rujukan Nomor",
        "dilayani",
        "ditolak karena",
        "dijadwalkan tanggal",
    ):
        assert words in text, words
    assert nik_of(2) not in text.replace(" ", "")


def test_a_restricted_referral_is_seen_by_its_author_and_the_supervisors_alone(laptop: Laptop, person: Record):
    referral = refer(laptop.session, person.uid, **PROTECTED)
    assert referral.snapshot["restricted"] is True
    wanted = DocumentFilter(kind=RecordKind.REFERRAL)
    for session, expected in (
        (laptop.session, 1),
        (colleague(laptop, Role.PENYELIA_KAB), 1),
        (colleague(laptop), 0),
        (colleague(laptop, Role.PEKERJA_SOSIAL), 0),
    ):
        assert len(find_documents(session, wanted=wanted)) == expected
        profile = person_profile(session, uid=person.uid)
        assert len(profile.referrals) == expected
        assert len([row for row in profile.documents if row.kind == RecordKind.REFERRAL]) == expected
        assert len(stored_records(session, RecordKind.REFERRAL)) == expected
    budi = colleague(laptop)
    for attempt in (document, document_paper):
        with pytest.raises(KubeFieldError) as refused:
            attempt(budi, uid=referral.uid)
        assert refused.value.failure == Failure.NOT_ALLOWED
    assert referrals_of(laptop.session, [person.uid], for_paper=True) == []


def test_nothing_around_a_restricted_referral_tells_of_it(laptop: Laptop, person: Record):
    draft = begin_referral(laptop.session, subject_uid=person.uid)
    save_draft(laptop.session, draft=draft, answers={**draft.answers, **PROTECTED})
    budi = colleague(laptop)
    assert (len(drafts(laptop.session)), drafts(budi)) == (1, [])
    assert [row for row in person_profile(budi, uid=person.uid).documents if row.is_draft] == []
    with pytest.raises(KubeFieldError, match="hanya dapat dibuka oleh pembuatnya"):
        the_draft(budi, draft.uid)
    referral = refer(laptop.session, person.uid, **PROTECTED)
    said(laptop, referral, "dikirim", "2026-11-23")
    assert stored_records(budi, RecordKind.REFERRAL_STATUS) == []
    assert search(budi, text=referral.number) == []
    titles = {row.uid: row.title for row in queue(budi)}
    assert titles[referral.uid] == "Dokumen terbatas"
    assert {row.uid: row.title for row in queue(laptop.session)}[referral.uid] != "Dokumen terbatas"
    laptop.clock.advance(days=20)
    assert [item for item in home(budi).items if item.state == "referral"] == []
    assert len([item for item in home(laptop.session).items if item.state == "referral"]) == 1
