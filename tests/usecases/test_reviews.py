"""What a supervisor may say about a document, and what the officer sees of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kube_field.domain.document_state import ChipState, chip_of
from kube_field.domain.records import Role
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases.finalise import correct_document, store_draft
from kube_field.usecases.home import home
from kube_field.usecases.reviews import decisions_open, documents_to_review, notes_for, review_document, review_of
from kube_field.usecases.session import Session
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import as_admin, make_unit, record_visit, register_person
from tests.support.server import RunningServer, enrolled, running_server

NOTES = {"revenue_idr": "Buku kas menyebut Rp1.250.000", "cash_idr": "  "}


def sent_visit(laptop: Laptop, day: str = "2026-11-20", n: int = 1) -> str:
    """A visit of Rina's whose receipts are here."""
    unit = make_unit(laptop.session, register_person(laptop.session, n))
    fact = record_visit(laptop.session, unit.uid, day)
    laptop.store.db.execute_sql(
        "UPDATE outbox SET state = 'acked', status = 'applied', receipt_sha256 = sha256, receipt_at = 'x'"
    )
    laptop.store.db.execute_sql("UPDATE blob SET state = 'stored'")
    return fact.uid


def chip(session: Session, uid: str) -> ChipState:
    return chip_of(session.store.listings.standing(uid)).state


@pytest.fixture
def sari(laptop: Laptop) -> Session:
    return laptop.as_role(Role.PENYELIA_KAB, "Sari")


def test_the_document_that_waits_longest_is_reviewed_first(laptop: Laptop, sari: Session):
    first = sent_visit(laptop, "2026-11-20", 1)
    second = sent_visit(laptop, "2026-11-10", 2)
    assert [row.uid for row in documents_to_review(sari)] == [first, second]
    review_document(sari, uid=first, decision="accepted")
    assert [row.uid for row in documents_to_review(sari)] == [second]


def test_nobody_reviews_what_was_not_sent_yet(laptop: Laptop, sari: Session):
    unit = make_unit(laptop.session, register_person(laptop.session))
    fact = record_visit(laptop.session, unit.uid)
    assert documents_to_review(sari) == []
    assert decisions_open(sari, uid=fact.uid) == ()


def test_an_accepted_document_is_only_corrected(laptop: Laptop, sari: Session):
    uid = sent_visit(laptop)
    assert decisions_open(sari, uid=uid) == ("accepted", "returned", "void")
    review_document(sari, uid=uid, decision="accepted", notes={"cash_idr": "tidak dipakai"})
    assert (chip(sari, uid), decisions_open(sari, uid=uid)) == (ChipState.ACCEPTED, ())
    review = review_of(sari, uid=uid)
    assert review is not None
    assert (review.decision, review.notes, review.by) == ("accepted", {}, "Sari")


def test_a_returned_document_comes_first_on_the_officers_page_and_its_notes_go_along(laptop: Laptop, sari: Session):
    uid = sent_visit(laptop)
    review_document(sari, uid=uid, decision="returned", notes=NOTES)
    assert chip(laptop.session, uid) == ChipState.RETURNED
    item = home(laptop.session).items[0]
    assert (item.state, item.target_uid) == ("returned", uid)
    draft = correct_document(laptop.session, uid=uid, reason="Sesuai catatan penyelia")
    assert notes_for(laptop.session, draft) == {"revenue_idr": NOTES["revenue_idr"]}
    corrected = store_draft(laptop.session, draft=draft, confirm_all="Sudah dicek")
    assert chip(laptop.session, corrected.uid) == ChipState.WAITING
    assert decisions_open(sari, uid=uid) == ()


def test_a_returned_document_may_still_be_declared_void(laptop: Laptop, sari: Session):
    uid = sent_visit(laptop)
    review_document(sari, uid=uid, decision="returned", reason="Salah unit")
    laptop.clock.advance(minutes=1)
    review_document(sari, uid=uid, decision="void", reason="Kunjungan ganda")
    assert chip(sari, uid) == ChipState.VOID


def test_an_acceptance_stands_whatever_else_was_said_and_came_later(laptop: Laptop, sari: Session):
    """A server that was put back may hear of the earlier word later, and keeps it beside; so does a wrong clock."""
    uid = sent_visit(laptop)
    review_document(sari, uid=uid, decision="returned", reason="Cocokkan dulu", notes=NOTES)
    laptop.clock.advance(minutes=-5)
    review_document(sari, uid=uid, decision="accepted")
    assert chip(sari, uid) == ChipState.ACCEPTED
    review = review_of(sari, uid=uid)
    assert review is not None
    assert (review.decision, review.notes) == ("accepted", {})


def test_an_acceptance_that_the_server_refused_says_nothing(laptop: Laptop, sari: Session):
    uid = sent_visit(laptop)
    refused = review_document(sari, uid=uid, decision="accepted")
    laptop.store.db.execute_sql(
        "UPDATE outbox SET state = 'attention', status = 'rejected' WHERE uid = ?", (refused.uid,)
    )
    review_document(sari, uid=uid, decision="void", reason="Kunjungan ganda")
    assert chip(sari, uid) == ChipState.VOID
    visit = laptop.store.facts.get(uid)
    assert visit is not None
    assert [fact.uid for fact in laptop.store.listings.scored_visits(visit.subject_uid, 3)] == []


@pytest.mark.parametrize(("decision", "reason"), [("returned", ""), ("void", ""), ("void", "ya")])
def test_returning_and_voiding_need_a_word(laptop: Laptop, sari: Session, decision: str, reason: str):
    uid = sent_visit(laptop)
    with pytest.raises(KubeFieldError) as caught:
        review_document(sari, uid=uid, decision=decision, reason=reason, notes={"cash_idr": " "})
    assert caught.value.failure == Failure.VALIDATION
    assert review_of(sari, uid=uid) is None


def test_nobody_reviews_his_own_document(laptop: Laptop):
    uid = sent_visit(laptop)
    sari = laptop.as_role(Role.PENYELIA_KAB, "Sari")
    own = replace(sari, officer=replace(sari.officer, uid=laptop.session.officer.uid))
    assert documents_to_review(own) == []
    with pytest.raises(KubeFieldError):
        review_document(own, uid=uid, decision="accepted")


@pytest.mark.parametrize("role", [Role.PENDAMPING, Role.TKSK, Role.PSM, Role.PIMPINAN])
def test_only_supervisors_review(laptop: Laptop, role: Role):
    uid = sent_visit(laptop)
    other = laptop.as_role(role, "Budi")
    assert documents_to_review(other) == []
    assert decisions_open(other, uid=uid) == ()
    with pytest.raises(KubeFieldError):
        review_document(other, uid=uid, decision="accepted")


def test_a_social_worker_reviews_what_a_volunteer_wrote(laptop: Laptop):
    uid = sent_visit(laptop)
    worker = laptop.as_role(Role.PEKERJA_SOSIAL, "Dewi")
    assert documents_to_review(worker) == []
    assert decisions_open(worker, uid=uid) == ()


def test_two_supervisors_who_had_not_heard_of_each_other(tmp_path: Path, server: RunningServer):
    """The first acceptance stands; the other's return is refused and shown as such, the document stays accepted."""
    with (
        make_laptop(tmp_path, "Rina") as rina,
        make_laptop(tmp_path, "Sari", code="L09", role=Role.PENYELIA_KAB) as sari,
        make_laptop(tmp_path, "Tuti", code="L10", role=Role.PENYELIA_KAB) as tuti,
    ):
        admin = server.add_user("Admin", Role.ADMIN_PROV, ("64",))
        with server.house.database.write():
            server.accounts.add_alias(as_admin(rina.session).officer.uid, admin.uid)
        enrolled(server, rina)
        for desk in (sari, tuti):
            enrolled(server, desk, role=Role.PENYELIA_KAB)
        unit = make_unit(rina.session, register_person(rina.session))
        uid = record_visit(rina.session, unit.uid).uid
        for laptop in (rina, sari, tuti):
            server.sync(laptop.session)
        review_document(sari.session, uid=uid, decision="accepted")
        tuti.clock.advance(minutes=5)
        review_document(tuti.session, uid=uid, decision="returned", reason="Omzet keliru")
        assert chip(tuti.session, uid) == ChipState.RETURNED
        assert server.sync(sari.session).refused == 0
        assert server.sync(tuti.session).refused == 1
        assert chip(tuti.session, uid) == ChipState.ACCEPTED
        review = review_of(tuti.session, uid=uid)
        assert review is not None
        assert (review.decision, review.by) == ("accepted", "Sari")
        assert [row.state for row in tuti.session.store.queue.rows()] == ["rejected"]


@pytest.fixture
def server(tmp_path: Path):
    with running_server(tmp_path) as running:
        yield running


def test_a_document_goes_back_and_comes_again_over_the_line(tmp_path: Path, server: RunningServer):
    """Officer, supervisor and server: returned with notes, corrected, accepted."""
    with (
        make_laptop(tmp_path, "Rina") as rina,
        make_laptop(tmp_path, "Sari", code="L09", role=Role.PENYELIA_KAB) as sari,
    ):
        admin = server.add_user("Admin", Role.ADMIN_PROV, ("64",))
        with server.house.database.write():
            server.accounts.add_alias(as_admin(rina.session).officer.uid, admin.uid)
        enrolled(server, rina)
        enrolled(server, sari, role=Role.PENYELIA_KAB)
        unit = make_unit(rina.session, register_person(rina.session))
        uid = record_visit(rina.session, unit.uid).uid
        server.sync(rina.session)
        server.sync(sari.session)
        assert [row.uid for row in documents_to_review(sari.session)] == [uid]
        review_document(sari.session, uid=uid, decision="returned", notes=NOTES)
        assert server.sync(sari.session).refused == 0
        server.sync(rina.session)
        assert chip(rina.session, uid) == ChipState.RETURNED
        draft = correct_document(rina.session, uid=uid, reason="Sesuai catatan")
        assert notes_for(rina.session, draft) == {"revenue_idr": NOTES["revenue_idr"]}
        again = store_draft(rina.session, draft=draft, confirm_all="Sudah dicek").uid
        server.sync(rina.session)
        server.sync(sari.session)
        assert [row.uid for row in documents_to_review(sari.session)] == [again]
        review_document(sari.session, uid=again, decision="accepted")
        server.sync(sari.session)
        server.sync(rina.session)
        assert chip(rina.session, again) == ChipState.ACCEPTED
        assert home(rina.session).items == () or home(rina.session).items[0].state != "returned"
