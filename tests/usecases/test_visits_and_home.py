"""A visit begins with what is known; the first page says whom to visit next, and why."""

from __future__ import annotations

import pytest

from kube_field.domain.records import Fact, RecordKind
from kube_field.errors import KubeFieldError
from kube_field.usecases.assessments import begin_assessment
from kube_field.usecases.drafts import evaluate_draft, previous_answers, save_draft
from kube_field.usecases.finalise import correct_document
from kube_field.usecases.home import home
from kube_field.usecases.visits import begin_visit, due_list
from tests.support.laptop import Laptop
from tests.support.make_records import (
    make_unit,
    record_visit,
    register_person,
)
from tests.support.make_store import make_fact_record


def lone_unit(laptop: Laptop, n: int = 1, **changes: object):
    return make_unit(laptop.session, register_person(laptop.session, n), **changes)


def test_the_first_visit_reports_from_the_day_after_the_handover(laptop: Laptop):
    draft = begin_visit(laptop.session, unit_uid=lone_unit(laptop).uid)
    answers = draft.answers
    assert (answers["visit_no"], answers["visited_on"], answers["kind"]) == (1, "2026-11-23", "terjadwal")
    assert (answers["period_from"], answers["period_to"]) == ("2026-02-11", "2026-11-23")
    assert answers["owner_kind"] == "person"
    assert answers["unit_id"]["name"] == "Melati Contoh Satu – Gorengan Melati"
    assert answers["days_planned"] == 22
    assert previous_answers(laptop.session, draft=draft) == {}


def test_the_next_visit_reports_from_the_day_after_the_last_and_remembers_its_promises(laptop: Laptop):
    unit = lone_unit(laptop)
    last = record_visit(laptop.session, unit.uid, "2026-10-20")
    draft = begin_visit(laptop.session, unit_uid=unit.uid)
    assert (draft.answers["visit_no"], draft.answers["period_from"]) == (2, "2026-10-21")
    assert previous_answers(laptop.session, draft=draft)["revenue_idr"] == last.answers["revenue_idr"]
    promised = last.answers["support_needed"][0]
    action = draft.answers["previous_actions"][0]
    assert (action["id"], action["by_date"]) == (promised["id"], promised["by_date"])
    assert action["action"] == "Pemasaran: Titip di toko"


def test_a_visit_of_a_group_knows_how_many_members_there_are(laptop: Laptop):
    draft = begin_visit(laptop.session, unit_uid=make_unit(laptop.session).uid)
    assert draft.answers["members_total"] == 5


def test_a_unit_has_one_unfinished_visit(laptop: Laptop):
    unit = lone_unit(laptop)
    draft = begin_visit(laptop.session, unit_uid=unit.uid)
    assert begin_visit(laptop.session, unit_uid=unit.uid) == draft


def test_a_correction_under_way_does_not_stand_in_for_the_next_visit(laptop: Laptop):
    unit = lone_unit(laptop)
    fact = record_visit(laptop.session, unit.uid, "2026-10-20")
    correction = correct_document(laptop.session, uid=fact.uid, reason="omzet keliru")
    following = begin_visit(laptop.session, unit_uid=unit.uid)
    assert following.uid != correction.uid
    assert following.answers["visit_no"] == 2
    assert previous_answers(laptop.session, draft=correction) == {}


def test_figures_are_compared_with_the_last_visit_that_has_them(laptop: Laptop):
    unit = lone_unit(laptop)
    record_visit(laptop.session, unit.uid, "2026-09-20", revenue_idr=7_000_000)
    record_visit(laptop.session, unit.uid, "2026-10-20", met="tidak_ada_orang")
    draft = begin_visit(laptop.session, unit_uid=unit.uid)
    assert previous_answers(laptop.session, draft=draft)["revenue_idr"] == 7_000_000
    assert draft.answers["visit_no"] == 3
    assert draft.answers["period_from"] == "2026-09-21"


def test_a_visit_of_an_unknown_unit_is_refused(laptop: Laptop):
    with pytest.raises(KubeFieldError):
        begin_visit(laptop.session, unit_uid="nobody")
    with pytest.raises(KubeFieldError):
        begin_assessment(laptop.session, subject_uid="nobody")


def test_an_assessment_knows_its_subject_and_the_officer(laptop: Laptop):
    person = register_person(laptop.session)
    draft = begin_assessment(laptop.session, subject_uid=person.uid)
    assert draft.answers["subject_id"] == {"uid": person.uid, "name": "Melati Contoh Satu"}
    assert draft.answers["staff"]["name"] == "Rina"
    assert begin_assessment(laptop.session, subject_uid=person.uid) == draft
    assert evaluate_draft(laptop.session, draft=draft).missing


def test_a_photo_consent_that_was_refused_is_known_to_the_visit(laptop: Laptop):
    rows = [
        {"id": "c1", "item": "data_program", "given": True, "given_on": "2026-01-15", "how": "lisan"},
        {"id": "c2", "item": "foto", "given": False, "given_on": "2026-01-15", "how": "lisan"},
    ]
    unit = make_unit(laptop.session, register_person(laptop.session, consents=rows))
    fact = record_visit(laptop.session, unit.uid)
    assert "photos:CONSENT_PHOTO" in fact.confirmed


def test_the_list_puts_the_longest_overdue_first_and_leaves_out_what_is_not_due(laptop: Laptop):
    late = lone_unit(laptop, 1, handover_on="2026-08-20", business_name="Telat")
    soon = lone_unit(laptop, 2, handover_on="2026-10-30", business_name="Segera")
    record_visit(laptop.session, soon.uid, "2026-11-13", next_visit_on="2026-12-05")
    lone_unit(laptop, 3, handover_on="2026-11-20", business_name="Nanti")
    lone_unit(laptop, 4, handover_on="2026-01-02", status="berhenti", business_name="Tutup")
    items = due_list(laptop.session)
    assert [item.target_uid for item in items] == [late.uid, soon.uid]
    assert [item.state for item in items] == ["lapsed", "soon"]
    assert items[0].detail == "Kunjungan ke-1 lewat 81 hari"
    assert items[1].detail == "Kunjungan ke-2 jatuh tempo 29 Nov 2026"


def test_a_visit_takes_the_unit_off_the_list(laptop: Laptop):
    unit = lone_unit(laptop, handover_on="2026-10-24")
    assert [item.target_uid for item in due_list(laptop.session)] == [unit.uid]
    record_visit(laptop.session, unit.uid, "2026-11-23", next_visit_on="2026-12-23")
    assert due_list(laptop.session) == []


@pytest.mark.parametrize(("status", "words"), [("quarantined", "Ditahan server"), ("failed", "belum dapat")])
def test_what_the_server_keeps_aside_is_not_said_to_need_repair(laptop: Laptop, status: str, words: str):
    unit = lone_unit(laptop, 1, handover_on="2026-10-20")
    kept = record_visit(laptop.session, unit.uid, "2026-10-30", next_visit_on="2027-01-20")
    laptop.store.db.execute_sql(
        "UPDATE outbox SET state = 'attention', status = ?, ever_sent = 1 WHERE uid = ?", (status, kept.uid)
    )
    first = home(laptop.session).items[0]
    assert (first.state, first.target_uid, first.action) == (status, kept.uid, "show_queue")
    assert words in first.detail


def test_the_first_page_begins_with_what_came_back_then_refused_then_due_then_new_people_then_drafts(laptop: Laptop):
    unit = lone_unit(laptop, 1, handover_on="2026-10-20")
    returned = record_visit(laptop.session, unit.uid, "2026-10-30")
    refused = record_visit(laptop.session, unit.uid, "2026-11-03", next_visit_on="2026-11-20")
    with laptop.store.transaction():
        laptop.store.put_fact(review_of(returned, "returned"))
    laptop.store.db.execute_sql(
        "UPDATE outbox SET state = 'attention', status = 'rejected', ever_sent = 1 WHERE uid = ?", (refused.uid,)
    )
    candidate = register_person(laptop.session, 2, status="calon")
    begin_visit(laptop.session, unit_uid=lone_unit(laptop, 3, handover_on="2026-11-20").uid)
    items = home(laptop.session).items
    assert [item.state for item in items] == ["returned", "needs_repair", "due", "candidate", "draft"]
    assert items[0].target_uid == returned.uid
    assert items[1].target_uid == refused.uid
    assert items[3].target_uid == candidate.uid
    assert items[4].action == "continue_draft"
    assert "perlu diisi" in items[4].detail


def review_of(fact: Fact, decision: str) -> Fact:
    """A supervisor's word about a revision, as it comes from the server."""
    return make_fact_record(
        f"review-{fact.uid}",
        RecordKind.REVIEW,
        subject_uid=fact.uid,
        document_id="",
        answers={"decision": decision},
        author_uid="staff-budi",
    )


def test_the_first_page_counts_this_months_visits_units_drafts_and_what_is_unsent(laptop: Laptop):
    unit = lone_unit(laptop, 1, handover_on="2026-10-24")
    record_visit(laptop.session, unit.uid, "2026-11-08")
    lone_unit(laptop, 2, handover_on="2026-11-09")
    draft = begin_visit(laptop.session, unit_uid=unit.uid)
    summary = home(laptop.session)
    assert (summary.officer_name, summary.units, summary.drafts) == ("Rina", 2, 1)
    assert (summary.visits_done, summary.visits_planned) == (1, 3)
    assert dict(summary.unit_states)["due"] == 2
    assert summary.unsent == laptop.store.queue.pill().unsent > 0
    assert draft.uid in [item.target_uid for item in summary.items]


def test_a_candidate_leaves_the_list_when_the_assessment_is_begun(laptop: Laptop):
    person = register_person(laptop.session, status="calon")
    assert [item.target_uid for item in home(laptop.session).items] == [person.uid]
    begin_assessment(laptop.session, subject_uid=person.uid)
    assert [item.state for item in home(laptop.session).items] == ["draft"]


def test_an_empty_laptop_has_an_empty_first_page(laptop: Laptop):
    assert home(laptop.session).items == ()


def test_a_void_visit_does_not_count(laptop: Laptop):
    unit = lone_unit(laptop, handover_on="2026-10-24")
    fact = record_visit(laptop.session, unit.uid, "2026-11-20")
    with laptop.store.transaction():
        laptop.store.put_fact(review_of(fact, "void"))
    assert begin_visit(laptop.session, unit_uid=unit.uid).answers["period_from"] == "2026-10-25"
    assert [item.target_uid for item in due_list(laptop.session)] == [unit.uid]


def test_what_was_typed_is_kept_when_a_visit_is_begun_again(laptop: Laptop):
    unit = lone_unit(laptop)
    draft = begin_visit(laptop.session, unit_uid=unit.uid)
    saved = save_draft(laptop.session, draft=draft, answers={**draft.answers, "revenue_idr": 5})
    assert begin_visit(laptop.session, unit_uid=unit.uid) == saved
