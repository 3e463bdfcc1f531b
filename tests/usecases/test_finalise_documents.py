"""Finalising a visit: frozen, numbered, hashed, queued, in one transaction; what stands against it; the ways back."""

from __future__ import annotations

import pytest

from kube_field.domain.records import Fact, RecordKind
from kube_field.errors import Failure, KubeFieldError
from kube_field.storage.store import LocalStore
from kube_field.usecases.drafts import OWN, evaluate_draft, save_draft
from kube_field.usecases.finalise import commit_draft, correct_document, preview_fact, reopen_document
from kube_field.wire.canonical import fact_body, fact_hash, hash_of_change
from tests.support.laptop import Laptop
from tests.support.make_records import REASON, commit_saved, make_unit, record_assessment, record_visit, register_person
from tests.support.make_records import visit_answers as begun_visit
from tests.support.make_store import make_fact_record


def reasons_for(laptop: Laptop, draft) -> dict[str, str]:
    return {f.key: REASON for f in evaluate_draft(laptop.session, draft=draft).unconfirmed({})}


def test_a_final_visit_is_stored_numbered_hashed_queued_and_its_draft_is_gone(laptop: Laptop):
    unit = make_unit(laptop.session, register_person(laptop.session))
    fact = record_visit(laptop.session, unit.uid)
    assert laptop.store.facts.get(fact.uid) == fact
    assert fact.number == "L07-0001/KUNJ/KKR/XI/2026"
    assert fact.sha256 == fact_hash(fact.uid, fact.kind, fact_body(fact))
    assert laptop.store.drafts.listed() == []
    change = laptop.store.queue.pending_sets(fact.uid)[0]
    assert (change.scope, change.create, change.by) == ("64.02.12", True, "staff-rina")
    assert hash_of_change(change) == fact.sha256 == change.sha256
    assert unit.uid in change.deps
    assert fact.attachments[0].question == "book_photo"


def test_the_number_begins_with_the_archive_code_where_one_is_set(laptop: Laptop):
    laptop.store.put_setting("klasifikasi", "400.9")
    unit = make_unit(laptop.session, register_person(laptop.session))
    assert record_visit(laptop.session, unit.uid).number == "400.9/L07-0001/KUNJ/KKR/XI/2026"


def test_each_kind_of_paper_counts_by_itself(laptop: Laptop):
    unit = make_unit(laptop.session, register_person(laptop.session))
    record_visit(laptop.session, unit.uid, "2026-10-20")
    assert record_visit(laptop.session, unit.uid).number.startswith("L07-0002/KUNJ/")
    person = register_person(laptop.session, 9)
    assert record_assessment(laptop.session, person).number == "L07-0001/ASM/KKR/XI/2026"


def test_a_visit_tomorrow_cannot_be_finalised_and_its_draft_stays(laptop: Laptop):
    unit = make_unit(laptop.session, register_person(laptop.session))
    draft, answers = begun_visit(laptop.session, unit.uid, "2026-11-24")
    save_draft(laptop.session, draft=draft, answers=answers)
    with pytest.raises(KubeFieldError) as refused:
        commit_draft(laptop.session, draft_uid=draft.uid, confirmed={})
    assert refused.value.failure == Failure.VALIDATION
    assert ("visited_on", "DATE_FUTURE") in {(d["field"], d["code"]) for d in refused.value.details}
    assert laptop.store.drafts.get(draft.uid) is not None
    assert laptop.store.next_number("KUNJ", 2026) == 1


def test_a_warning_needs_a_reason_which_is_frozen_with_the_visit(laptop: Laptop):
    unit = make_unit(laptop.session, register_person(laptop.session))
    draft, answers = begun_visit(laptop.session, unit.uid, "2026-11-20", next_visit_on="2027-06-01")
    save_draft(laptop.session, draft=draft, answers=answers)
    with pytest.raises(KubeFieldError) as refused:
        commit_draft(laptop.session, draft_uid=draft.uid, confirmed={})
    assert "NEXT_AFTER_DUE" in {detail["code"] for detail in refused.value.details}
    reasons = reasons_for(laptop, laptop.store.drafts.get(draft.uid)) | {"gone:NOT_A_FINDING": "tidak ada"}
    fact = commit_draft(laptop.session, draft_uid=draft.uid, confirmed=reasons)
    assert isinstance(fact, Fact)
    assert fact.confirmed["next_visit_on:NEXT_AFTER_DUE"] == REASON
    assert "gone:NOT_A_FINDING" not in fact.confirmed


def test_two_letters_are_no_reason(laptop: Laptop):
    unit = make_unit(laptop.session, register_person(laptop.session))
    draft, answers = begun_visit(laptop.session, unit.uid, "2026-11-20", next_visit_on="2027-06-01")
    saved = save_draft(laptop.session, draft=draft, answers=answers)
    short = dict.fromkeys(reasons_for(laptop, saved), "ok")
    with pytest.raises(KubeFieldError):
        commit_draft(laptop.session, draft_uid=draft.uid, confirmed=short)


def test_answers_that_do_not_apply_are_not_frozen(laptop: Laptop):
    unit = make_unit(laptop.session, register_person(laptop.session))
    fact = record_visit(laptop.session, unit.uid, stop_reason=["sakit"], iks_level=3)
    assert "stop_reason" not in fact.answers
    assert "iks_level" not in fact.answers


def test_the_snapshot_names_owner_members_and_the_visit_before(laptop: Laptop):
    unit = make_unit(laptop.session)
    record_visit(laptop.session, unit.uid, "2026-10-20", revenue_idr=8_000_000)
    snapshot = record_visit(laptop.session, unit.uid).snapshot
    assert snapshot["owner_name"] == "KUBE Mawar"
    assert snapshot["members"] == {"total": 5, "male": 0, "female": 5}
    assert snapshot["officers"]["ketua"] == "Melati Contoh Satu"
    assert snapshot["previous"]["visited_on"] == "2026-10-20"
    assert snapshot["previous"]["answers"]["revenue_idr"] == 8_000_000
    assert snapshot["address"]["kecamatan"] == "Tabang"
    assert snapshot["poverty_line"]["amount_idr"] > 0
    assert snapshot["kop"]["government"] == "PEMERINTAH KABUPATEN KUTAI KARTANEGARA"


def test_a_failure_in_the_middle_of_finalising_changes_nothing(laptop: Laptop, monkeypatch: pytest.MonkeyPatch):
    unit = make_unit(laptop.session, register_person(laptop.session))
    draft, answers = begun_visit(laptop.session, unit.uid, "2026-11-20")
    saved = save_draft(laptop.session, draft=draft, answers=answers)
    reasons = reasons_for(laptop, saved)
    unsent = laptop.store.queue.pill().unsent
    laptop.store.db.execute_sql(
        "CREATE TRIGGER power_cut BEFORE INSERT ON audit WHEN NEW.action = 'document.finalise'"
        " BEGIN SELECT RAISE(ABORT, 'power cut'); END"
    )
    with pytest.raises(Exception, match="power cut"):
        commit_draft(laptop.session, draft_uid=draft.uid, confirmed=reasons)
    laptop.store.db.execute_sql("DROP TRIGGER power_cut")
    laptop.reopen()
    assert laptop.store.drafts.get(draft.uid) == saved
    assert laptop.store.facts.of_subject(unit.uid, RecordKind.VISIT) == []
    assert laptop.store.queue.pill().unsent == unsent
    fact = commit_draft(laptop.session, draft_uid=draft.uid, confirmed=reasons)
    assert isinstance(fact, Fact)
    assert fact.number.startswith("L07-0001/")


def test_reopening_what_nobody_has_seen_gives_the_draft_back_and_spends_the_number(laptop: Laptop):
    unit = make_unit(laptop.session, register_person(laptop.session))
    fact = record_visit(laptop.session, unit.uid)
    draft = reopen_document(laptop.session, uid=fact.uid, reason="salah tanggal")
    assert {code: value for code, value in draft.answers.items() if not code.startswith(OWN)} == fact.answers
    assert (draft.document_id, draft.revision, draft.record_uid) == (fact.document_id, 1, fact.uid)
    assert laptop.store.facts.get(fact.uid) is None
    assert laptop.store.queue.pending_sets(fact.uid) == []
    again = commit_saved(laptop.session, draft)
    assert isinstance(again, Fact)
    assert again.number == "L07-0002/KUNJ/KKR/XI/2026"
    assert again.answers["visit_no"] == fact.answers["visit_no"]


def test_reopening_needs_a_reason(laptop: Laptop):
    fact = record_visit(laptop.session, make_unit(laptop.session, register_person(laptop.session)).uid)
    with pytest.raises(KubeFieldError) as refused:
        reopen_document(laptop.session, uid=fact.uid, reason=" ")
    assert refused.value.failure == Failure.VALIDATION
    assert laptop.store.facts.get(fact.uid) == fact


def hand_over(store: LocalStore, uid: str) -> None:
    """What the sync does when it gives a change to a transport."""
    store.db.execute_sql("UPDATE outbox SET state = 'sent', ever_sent = 1 WHERE uid = ?", (uid,))


def test_what_was_handed_over_is_corrected_not_reopened(laptop: Laptop):
    fact = record_visit(laptop.session, make_unit(laptop.session, register_person(laptop.session)).uid)
    hand_over(laptop.store, fact.uid)
    with pytest.raises(KubeFieldError) as refused:
        reopen_document(laptop.session, uid=fact.uid, reason="salah tanggal")
    assert refused.value.failure == Failure.NOT_ALLOWED
    assert "koreksi" in refused.value.action
    assert laptop.store.facts.get(fact.uid) == fact


def test_a_correction_is_the_next_revision_with_a_number_of_its_own(laptop: Laptop):
    fact = record_visit(laptop.session, make_unit(laptop.session, register_person(laptop.session)).uid)
    hand_over(laptop.store, fact.uid)
    draft = correct_document(laptop.session, uid=fact.uid, reason="omzet keliru")
    assert (draft.revision, draft.supersedes, draft.document_id) == (2, fact.uid, fact.document_id)
    assert correct_document(laptop.session, uid=fact.uid, reason="omzet keliru") == draft
    revised = commit_saved(
        laptop.session, save_draft(laptop.session, draft=draft, answers={**draft.answers, "revenue_idr": 9_000_000})
    )
    assert isinstance(revised, Fact)
    assert revised.uid != fact.uid
    assert revised.number == "L07-0002/KUNJ/KKR/XI/2026"
    assert revised.answers["visit_no"] == fact.answers["visit_no"]
    assert revised.snapshot["correction_reason"] == "omzet keliru"
    assert laptop.store.facts.get(fact.uid) == fact
    assert [one.revision for one in laptop.store.facts.revisions(fact.document_id)] == [1, 2]
    assert laptop.store.queue.pending_sets(revised.uid)[0].reason == "omzet keliru"


def test_a_correction_of_what_the_server_refused_does_not_wait_for_it(laptop: Laptop):
    fact = record_visit(laptop.session, make_unit(laptop.session, register_person(laptop.session)).uid)
    laptop.store.db.execute_sql(
        "UPDATE outbox SET state = 'attention', status = 'rejected', ever_sent = 1 WHERE uid = ?", (fact.uid,)
    )
    revised = commit_saved(laptop.session, correct_document(laptop.session, uid=fact.uid, reason="omzet keliru"))
    assert fact.uid not in laptop.store.queue.pending_sets(revised.uid)[0].deps


def test_only_the_newest_revision_can_be_corrected(laptop: Laptop):
    fact = record_visit(laptop.session, make_unit(laptop.session, register_person(laptop.session)).uid)
    commit_saved(laptop.session, correct_document(laptop.session, uid=fact.uid, reason="omzet keliru"))
    with pytest.raises(KubeFieldError) as refused:
        correct_document(laptop.session, uid=fact.uid, reason="omzet keliru")
    assert refused.value.failure == Failure.NOT_ALLOWED


def test_a_preview_is_what_finalising_would_freeze_without_a_number(laptop: Laptop):
    unit = make_unit(laptop.session, register_person(laptop.session))
    draft, answers = begun_visit(laptop.session, unit.uid, "2026-11-20")
    saved = save_draft(laptop.session, draft=draft, answers=answers)
    preview = preview_fact(laptop.session, draft_uid=draft.uid)
    assert preview.number == ""
    assert laptop.store.facts.get(preview.uid) is None
    fact = commit_saved(laptop.session, saved)
    assert isinstance(fact, Fact)
    assert fact.answers == preview.answers
    assert fact.snapshot == {**preview.snapshot, "seal": fact.snapshot["seal"]}


def test_a_half_empty_visit_can_be_previewed(laptop: Laptop):
    unit = make_unit(laptop.session, register_person(laptop.session))
    draft, _answers = begun_visit(laptop.session, unit.uid, "2026-11-20")
    assert preview_fact(laptop.session, draft_uid=draft.uid).answers["visit_no"] == 1


def test_the_visit_number_is_decided_when_the_visit_is_finalised(laptop: Laptop):
    unit = make_unit(laptop.session, register_person(laptop.session))
    draft, answers = begun_visit(laptop.session, unit.uid, "2026-11-20")
    save_draft(laptop.session, draft=draft, answers=answers)
    first = record_of_colleague(laptop, unit.uid)
    fact = commit_saved(laptop.session, laptop.store.drafts.get(draft.uid))
    assert isinstance(fact, Fact)
    assert fact.answers["visit_no"] == first.answers["visit_no"] + 1


def record_of_colleague(laptop: Laptop, unit_uid: str) -> Fact:
    """A visit that arrived from a colleague while the draft lay open."""
    fact = make_fact_record(
        "colleague-1",
        subject_uid=unit_uid,
        occurred_on="2026-10-01",
        answers={"kind": "terjadwal", "visit_no": 1, "visited_on": "2026-10-01", "unit_id": {"uid": unit_uid}},
    )
    with laptop.store.transaction():
        laptop.store.put_fact(fact)
    return fact


def test_the_audit_trail_tells_the_way_of_a_document_without_names(laptop: Laptop):
    fact = record_visit(laptop.session, make_unit(laptop.session, register_person(laptop.session)).uid)
    reopen_document(laptop.session, uid=fact.uid, reason="salah tanggal")
    rows = laptop.store.db.execute_sql("SELECT action FROM audit WHERE object_id = ? ORDER BY seq", (fact.uid,))
    assert [row[0] for row in rows.fetchall()] == ["document.finalise", "document.reopen"]
    everything = laptop.store.db.execute_sql("SELECT group_concat(object_id || reason) FROM audit").fetchone()[0]
    assert "Melati" not in everything
