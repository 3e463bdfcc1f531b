"""What one commit writes, and that it writes all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kube_field.domain.commit import AuditLine, Commit, DocumentNumber
from kube_field.domain.records import Attachment, RecordKind
from kube_field.errors import BugError, Failure, KubeFieldError
from kube_field.storage.store import LocalStore, create_store
from tests.support.make_store import (
    AT,
    REFERENCE,
    SCOPE,
    TEST_KEY,
    VILLAGE,
    make_change_record,
    make_draft_record,
    make_fact_record,
    make_person_record,
    make_record,
    open_test_store,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    opened = open_test_store(tmp_path)
    yield opened
    opened.close()


def line(action: str = "finalise") -> AuditLine:
    return AuditLine("staff-rina", action, "visit", "v-1", AT)


def test_a_commit_writes_record_fact_change_number_audit_and_removes_the_draft(store: LocalStore) -> None:
    store.save_draft(make_draft_record("d-1"))
    person, fact = make_person_record("p-1", "Melati Contoh"), make_fact_record("v-1", number="KUNJ/T1/2026/1")
    store.commit(
        Commit(
            records=[person],
            facts=[fact],
            changes=[make_change_record("c-1", "v-1")],
            audit=[line()],
            removed_drafts=["d-1"],
            number=DocumentNumber("KUNJ", 2026, 1),
        )
    )
    assert store.records.get("p-1") == person
    assert store.facts.get("v-1") == fact
    assert store.facts.by_number("KUNJ/T1/2026/1") == [fact]
    assert [row.change_id for row in store.queue.rows()] == ["c-1"]
    assert store.next_number("KUNJ", 2026) == 2
    assert store.drafts.get("d-1") is None
    assert store.audit_log.head()[0] == 1


def test_what_was_committed_is_there_after_reopening(tmp_path: Path) -> None:
    store = open_test_store(tmp_path)
    fact = make_fact_record(
        "v-1",
        answers={"visit_no": 3, "channels": ["pasar", "daring"], "note": {"waived": "tidak ada"}},
        snapshot={"owner_name": "KUBE Mawar"},
        confirmed={"revenue_idr:AMT_UNUSUAL": "panen raya"},
        attachments=(Attachment("cd" * 32, 1234, "image/jpeg", "photos"),),
        extra={"later": 1},
    )
    store.commit(Commit(facts=[fact]))
    store.close()
    again = open_test_store(tmp_path)
    assert again.facts.get("v-1") == fact
    again.close()


def test_a_number_that_does_not_follow_the_last_one_stops_the_whole_commit(store: LocalStore) -> None:
    work = Commit(facts=[make_fact_record("v-1")], audit=[line()], number=DocumentNumber("KUNJ", 2026, 5))
    with pytest.raises(BugError):
        store.commit(work)
    assert store.facts.get("v-1") is None
    assert store.audit_log.head()[0] == 0
    assert store.next_number("KUNJ", 2026) == 1


def test_a_fact_with_a_uid_that_is_there_already_is_not_replaced(store: LocalStore) -> None:
    store.commit(Commit(facts=[make_fact_record("v-1", occurred_on="2026-11-20")]))
    with pytest.raises(Exception, match="UNIQUE"):
        store.commit(Commit(facts=[make_fact_record("v-1", occurred_on="2026-11-21")], audit=[line()]))
    kept = store.facts.get("v-1")
    assert kept is not None
    assert kept.occurred_on == "2026-11-20"
    assert store.audit_log.head()[0] == 0


def test_text_is_saved_until_the_last_megabyte_and_a_draft_even_then(tmp_path: Path) -> None:
    free = [1 << 40]
    store = create_store(tmp_path / "d.db", TEST_KEY, device_code="T1", reference=REFERENCE, free_bytes=lambda: free[0])
    free[0] = 2 * 1024 * 1024
    store.commit(Commit(records=[make_person_record("p-1", "Melati")]))
    free[0] = 1023 * 1024
    with pytest.raises(KubeFieldError) as refused:
        store.commit(Commit(records=[make_person_record("p-2", "Kenanga")]))
    assert refused.value.failure == Failure.DISK_FULL
    assert store.records.get("p-2") is None
    store.save_draft(make_draft_record("d-1"))
    assert store.drafts.get("d-1") is not None
    assert store.records.get("p-1") is not None
    store.close()


def test_a_reopened_fact_goes_with_its_unsent_change_and_its_draft_returns(store: LocalStore) -> None:
    store.commit(Commit(facts=[make_fact_record("v-1")], changes=[make_change_record("c-1", "v-1")]))
    store.commit(Commit(withdrawn_facts=["v-1"], drafts=[make_draft_record("d-1", record_uid="v-1")]))
    assert store.facts.get("v-1") is None
    assert store.queue.rows() == []
    assert store.drafts.of_record("v-1") is not None


def test_a_fact_that_was_handed_over_is_not_reopened(store: LocalStore) -> None:
    store.commit(Commit(facts=[make_fact_record("v-1")], changes=[make_change_record("c-1", "v-1")]))
    store.db.execute_sql("UPDATE outbox SET ever_sent = 1")
    with pytest.raises(KubeFieldError) as refused:
        store.commit(Commit(withdrawn_facts=["v-1"], drafts=[make_draft_record("d-1")]))
    assert refused.value.failure == Failure.NOT_ALLOWED
    assert store.facts.get("v-1") is not None
    assert store.drafts.get("d-1") is None


def test_records_are_found_by_their_header_columns(store: LocalStore) -> None:
    family = make_record(RecordKind.HOUSEHOLD, "h-1", kk_number="6402121204139801", village_code=VILLAGE)
    sari = make_person_record("p-1", "Sari", household="h-1")
    gone = replace(make_person_record("p-2", "Budi", household="h-1"), deleted=True)
    store.commit(Commit(records=[family, sari, gone]))
    assert store.records.where(RecordKind.PERSON, household_id="h-1") == [sari]
    assert store.records.where(RecordKind.PERSON, household_id={"uid": "h-1", "name": ""}) == [sari]
    assert store.records.where(RecordKind.HOUSEHOLD, kk_number="6402121204139801") == [family]
    assert family.scope == SCOPE


def test_the_newest_revision_of_a_document_stands_for_it(store: LocalStore) -> None:
    first = make_fact_record("v-1", document_id="doc", revision=1)
    second = make_fact_record("v-2", document_id="doc", revision=2, supersedes="v-1")
    consents = [make_fact_record(f"k-{n}", RecordKind.CONSENT, document_id="", answers={}) for n in (1, 2)]
    store.commit(Commit(facts=[second, first, *consents]))
    assert store.facts.of_subject("unit-1", RecordKind.VISIT) == [second]
    assert store.facts.revisions("doc") == [first, second]
    assert store.facts.of_subject("unit-1", RecordKind.CONSENT) == consents


def test_a_draft_keeps_its_last_five_versions(store: LocalStore) -> None:
    for number in range(8):
        store.save_draft(make_draft_record("d-1", answers={"n": number}, updated_at=f"2026-11-23T02:03:0{number}.000Z"))
    assert [draft.answers["n"] for draft in store.drafts.versions("d-1")] == [7, 6, 5, 4, 3]
    current = store.drafts.get("d-1")
    assert current is not None
    assert current.answers == {"n": 7}


def test_settings_survive(store: LocalStore) -> None:
    assert store.setting("theme", "terang") == "terang"
    store.put_setting("theme", "gelap")
    assert store.setting("theme") == "gelap"
    assert store.setting("device_code") == "T1"
