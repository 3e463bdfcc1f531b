"""Lists and search: tolerant of spelling, NIK masked, one chip per document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kube_field.domain.commit import Commit
from kube_field.domain.document_state import ChipState
from kube_field.domain.records import Attachment, RecordKind
from kube_field.domain.views import DocumentFilter, GroupFilter, PersonFilter
from kube_field.storage.store import LocalStore
from tests.support.make_store import (
    AT,
    VILLAGE,
    make_change_record,
    make_draft_record,
    make_fact_record,
    make_person_record,
    make_record,
    open_test_store,
)

NIK = "6402124806689901"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    opened = open_test_store(tmp_path)
    yield opened
    opened.close()


def put_family(store: LocalStore) -> None:
    store.commit(
        Commit(
            records=[
                make_record(RecordKind.HOUSEHOLD, "h-1", head_name="Darmo", village_code=VILLAGE),
                make_person_record("p-1", "Siti Melati", nik=NIK, household="h-1", category=["20", "09"]),
                make_person_record("p-2", "Budi", household="h-1", status="calon"),
                make_record(RecordKind.PROGRAM_BATCH, "b-1", name="KUBE APBD 2026", visit_plan_code="singkat"),
                make_record(
                    RecordKind.KUBE_GROUP,
                    "g-1",
                    name="KUBE Mawar",
                    batch_id={"uid": "b-1", "name": "KUBE APBD 2026"},
                    village_code=VILLAGE,
                    idea_code="keripik",
                    status="aktif",
                ),
                make_record(
                    RecordKind.MEMBERSHIP,
                    "m-1",
                    group_id={"uid": "g-1", "name": "KUBE Mawar"},
                    person_id={"uid": "p-1", "name": "Siti Melati"},
                    role="ketua",
                    joined_on="2026-01-02",
                ),
                make_record(
                    RecordKind.MEMBERSHIP,
                    "m-2",
                    group_id={"uid": "g-1", "name": "KUBE Mawar"},
                    person_id={"uid": "p-9", "name": "Orang Lain"},
                    role="anggota",
                    joined_on="2026-01-02",
                    left_on="2026-03-01",
                    leave_reason="pindah",
                ),
                make_record(
                    RecordKind.BUSINESS_UNIT,
                    "unit-1",
                    owner_kind="group",
                    group_id={"uid": "g-1", "name": "KUBE Mawar"},
                    business_name="Keripik Mawar",
                    village_code=VILLAGE,
                    idea_code="keripik",
                    status="berjalan",
                    handover_on="2026-02-01",
                ),
            ]
        )
    )


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Soekarno", "sukarno"),
        ("Sukarno", "Soekarno"),
        ("Djoko", "joko"),
        ("Joko", "DJOKO"),
        ("Tjahaja", "cahaya"),
        ("Cahaya", "tjahaja"),
        ("Sjarif", "syarif"),
        ("Syarif", "sjarif"),
        ("Hj. Nur'aini, S.Pd.", "nuraini"),
        ("Siti Melati", "mel sit"),
        ("Ma'ruf", "maruf"),
        ("Abdul-Rahman", "abdulrah"),
    ],
)
def test_a_name_is_found_in_any_of_its_spellings(store: LocalStore, written: str, typed: str) -> None:
    store.commit(Commit(records=[make_person_record("p-1", written), make_person_record("p-2", "Wahyu")]))
    assert [hit.uid for hit in store.listings.search(typed)] == ["p-1"]
    assert [row.uid for row in store.listings.people(PersonFilter(text=typed))] == ["p-1"]


@pytest.mark.parametrize("typed", ['"', "*", "AND", "NEAR(", "a OR b", "()", "^", "-", ":", "'; DROP TABLE person", ""])
def test_signs_of_the_search_language_are_only_text(store: LocalStore, typed: str) -> None:
    put_family(store)
    assert store.listings.search(typed) == []


def test_a_nik_is_found_by_its_beginning_and_shown_masked(store: LocalStore) -> None:
    put_family(store)
    assert [hit.uid for hit in store.listings.search("6402 1248")] == ["p-1"]
    [row] = store.listings.people(PersonFilter(text="6402.12"))
    assert row.nik == "6402********9901"
    assert NIK not in repr(store.listings.people(PersonFilter())) + repr(store.listings.members("g-1"))
    assert store.listings.holders_of_nik(NIK) == [("p-1", "Siti Melati")]
    assert store.listings.holders_of_nik("") == []


def test_people_are_narrowed_by_place_status_and_category_and_named_with_their_group(store: LocalStore) -> None:
    put_family(store)
    people = store.listings.people
    assert [row.name for row in people(PersonFilter())] == ["Budi", "Siti Melati"]
    assert [row.uid for row in people(PersonFilter(village=VILLAGE, category="09"))] == ["p-1"]
    assert [row.uid for row in people(PersonFilter(kabupaten="64.02", status="calon"))] == ["p-2"]
    assert people(PersonFilter(kecamatan="64.02.13")) == []
    assert [row.uid for row in people(PersonFilter(limit=1, offset=1))] == ["p-1"]
    assert store.listings.count_people(PersonFilter(text="melati")) == 1
    [row] = people(PersonFilter(text="melati long lalang"))
    assert (row.village, row.kecamatan, row.group_name) == ("Long Lalang", "Tabang", "KUBE Mawar")
    assert row.categories == ("20", "09")


def test_a_unit_without_a_name_of_its_own_is_called_by_its_owner(store: LocalStore) -> None:
    owner = {"uid": "p-1", "name": "Siti Melati"}
    unit = make_record(RecordKind.BUSINESS_UNIT, "u-1", owner_kind="person", person_id=owner, village_code=VILLAGE)
    store.commit(Commit(records=[unit]))
    assert [(hit.uid, hit.title) for hit in store.listings.search("melati")] == [("u-1", "Siti Melati")]


def test_a_renamed_person_is_found_by_the_new_name_only(store: LocalStore) -> None:
    store.commit(Commit(records=[make_person_record("p-1", "Sari")]))
    store.commit(Commit(records=[make_person_record("p-1", "Dewi")]))
    assert store.listings.search("sari") == []
    assert [hit.title for hit in store.listings.search("dewi")] == ["Dewi"]


def test_someone_alike_is_found_before_being_entered_twice(store: LocalStore) -> None:
    put_family(store)
    near = store.listings.near_people
    assert [row.uid for row in near("", "Siti Malati", 1985, VILLAGE)] == ["p-1"]
    assert near("", "Siti Malati", 1950, VILLAGE) == []
    assert [row.uid for row in near(NIK, "Nama Lain", None, "")] == ["p-1"]
    assert near("", "Slamet Riyadi", 1985, VILLAGE) == []
    assert near("", "", None, "") == []


def test_groups_and_units_show_members_batch_and_counting_visits(store: LocalStore) -> None:
    put_family(store)
    visit = {"kind": "terjadwal", "visit_no": 1, "next_visit_on": "2026-12-01"}
    store.commit(
        Commit(
            facts=[
                make_fact_record("v-1", document_id="a", occurred_on="2026-03-01", answers=visit),
                make_fact_record("v-2", document_id="b", occurred_on="2026-05-01", answers=visit),
                make_fact_record("v-3", document_id="b", revision=2, occurred_on="2026-05-02", answers=visit),
                make_fact_record("v-4", document_id="c", occurred_on="2026-06-01", answers={"kind": "telepon"}),
                make_fact_record("v-5", document_id="d", occurred_on="2026-07-01", answers=visit),
                make_fact_record(
                    "r-1", RecordKind.REVIEW, subject_uid="v-5", document_id="", answers={"decision": "void"}
                ),
            ]
        )
    )
    [group] = store.listings.groups(GroupFilter(text="mawar", kecamatan="64.02.12", status="aktif"))
    assert (group.members, group.batch, group.last_visit_on) == (1, "KUBE APBD 2026", "2026-05-02")
    assert group.next_visit_on == "2026-12-01"
    [unit] = store.listings.units(owner_uid="g-1")
    assert unit.visits == ("2026-03-01", "2026-05-02")
    assert (unit.plan, unit.owner_name, unit.handover_on) == ("singkat", "KUBE Mawar", "2026-02-01")
    assert store.listings.units(owner_uid="p-1") == []
    assert [(row.name, row.left_on) for row in store.listings.members("g-1")] == [
        ("Siti Melati", ""),
        ("Orang Lain", "2026-03-01"),
    ]


def test_a_documents_chip_follows_what_became_of_it(store: LocalStore) -> None:
    put_family(store)
    photo = Attachment("cd" * 32, 10, "image/jpeg", "photos")
    fact = make_fact_record("v-1", number="KUNJ/T1/2026/1", attachments=(photo,))
    store.save_draft(make_draft_record("d-1", title="Kunjungan ke-2"))
    store.commit(Commit(facts=[fact], changes=[make_change_record("c-1", "v-1")]))

    def chips() -> list[ChipState]:
        return [row.chip.state for row in store.listings.documents(DocumentFilter(subject_uid="unit-1"))]

    assert chips() == [ChipState.DRAFT, ChipState.WAITING]
    store.db.execute_sql("UPDATE outbox SET state = 'sent', ever_sent = 1")
    assert chips()[1] == ChipState.SENDING
    store.db.execute_sql("UPDATE outbox SET state = 'attention', status = 'rejected'")
    assert chips()[1] == ChipState.NEEDS_REPAIR
    receipt = "receipt_id = 'r', receipt_sha256 = sha256, receipt_at = '2026-11-20T02:22:00.000Z'"
    store.db.execute_sql(f"UPDATE outbox SET state = 'attention', status = 'quarantined', {receipt}")
    assert chips()[1] == ChipState.QUARANTINED
    store.db.execute_sql("UPDATE outbox SET status = 'failed'")
    assert chips()[1] == ChipState.FAILED
    store.db.execute_sql("UPDATE outbox SET state = 'held', status = 'held'")
    assert chips()[1] == ChipState.HELD
    store.db.execute_sql("UPDATE outbox SET state = 'attention', status = 'quarantined'")
    store.queue.ask_again(["c-1"])
    assert chips()[1] == ChipState.WAITING, "the receipt of the first time says nothing while it waits again"
    store.db.execute_sql(
        "UPDATE outbox SET state = 'acked', status = 'applied', receipt_sha256 = sha256, receipt_at = ?", (AT,)
    )
    assert chips()[1] == ChipState.SENT_PHOTOS_PENDING
    store.db.execute_sql("UPDATE blob SET state = 'stored'")
    assert chips()[1] == ChipState.SENT
    assert store.listings.standing("v-1").receipt_at == AT
    review = make_fact_record(
        "r-1", RecordKind.REVIEW, subject_uid="v-1", document_id="", answers={"decision": "returned"}
    )
    store.commit(Commit(facts=[review]))
    assert chips()[1] == ChipState.RETURNED
    store.db.execute_sql("INSERT INTO conflict (id, uid, state) VALUES ('x', 'v-1', 'open')")
    assert chips()[1] == ChipState.CONFLICT
    assert store.listings.standing("d-1").is_draft


def test_documents_are_narrowed_by_kind_month_and_text(store: LocalStore) -> None:
    put_family(store)
    store.commit(
        Commit(
            facts=[
                make_fact_record("v-1", number="KUNJ/T1/2026/1", occurred_on="2026-10-31"),
                make_fact_record("v-2", number="KUNJ/T1/2026/2", occurred_on="2026-11-01"),
                make_fact_record("a-1", RecordKind.ASSESSMENT, subject_uid="p-1", answers={}, occurred_on="2026-11-02"),
                make_fact_record("k-1", RecordKind.CONSENT, subject_uid="p-1", answers={}, document_id=""),
            ]
        )
    )

    def uids(**wanted: object) -> list[str]:
        return [row.uid for row in store.listings.documents(DocumentFilter(**wanted))]  # type: ignore[arg-type]

    assert uids() == ["a-1", "v-2", "v-1"]
    assert uids(kind=RecordKind.VISIT, month="2026-11") == ["v-2"]
    assert uids(text="siti") == ["a-1"]
    assert uids(text="KUNJ/T1/2026/2") == ["v-2"]
    assert uids(text="kube mawar") == ["v-2", "v-1"]
    assert uids(limit=1) == ["a-1"]
    [row] = store.listings.documents(DocumentFilter(kind=RecordKind.VISIT, month="2026-10"))
    assert (row.subject, row.number, row.visit_no, row.business_status) == (
        "Keripik Mawar",
        "KUNJ/T1/2026/1",
        1,
        "berjalan_baik",
    )
    assert [hit.kind for hit in store.listings.search("KUNJ/T1/2026/1")] == [RecordKind.VISIT]


def test_trainings_count_who_came_at_least_once(store: LocalStore) -> None:
    event = make_record(
        RecordKind.TRAINING_EVENT,
        "t-1",
        title="Pembukuan dasar",
        topic="pembukuan",
        starts_on="2026-11-10",
        ends_on="2026-11-11",
        venue="Balai desa",
        village_code=VILLAGE,
        sessions=[{"id": "s1"}, {"id": "s2"}],
    )

    def row(uid: str, person: str, session: int, status: str, **fields: object) -> object:
        answers = {"person_id": {"uid": person, "name": ""}, "session_no": session, "status": status}
        return make_fact_record(uid, RecordKind.ATTENDANCE, subject_uid="t-1", answers=answers, **fields)

    rows = [
        row("x-1", "p-1", 1, "hadir"),
        row("x-2", "p-1", 2, "hadir"),
        row("x-3", "p-2", 1, "hadir", document_id="w"),
        row("x-4", "p-2", 1, "izin", document_id="w", revision=2),
    ]
    store.commit(Commit(records=[event], facts=rows))  # type: ignore[arg-type]
    [training] = store.listings.trainings()
    assert (training.sessions, training.participants, training.present) == (2, 2, 1)


def test_the_pill_counts_what_waits_and_how_long(store: LocalStore) -> None:
    photo = Attachment("cd" * 32, 10, "image/jpeg", "photos")
    old = make_change_record("c-1", "v-1", at="2026-11-20T02:00:00.000Z")
    store.commit(Commit(facts=[make_fact_record("v-1", attachments=(photo,))], changes=[old]))
    store.commit(Commit(changes=[make_change_record("c-2", "v-2")]))
    store.db.execute_sql("UPDATE outbox SET state = 'attention', status = 'rejected' WHERE change_id = 'c-2'")
    pill = store.queue.pill("2026-11-23T03:00:00.000Z")
    assert (pill.unsent, pill.failed, pill.photos_unsent, pill.oldest_days) == (1, 1, 1, 3)
    assert (pill.last_good_at, pill.enrolled) == ("", False)
    assert [row.state for row in store.queue.rows()] == ["queued", "rejected"]
    assert store.queue.runs() == []


def test_no_unit_is_left_out_however_many_there_are(store: LocalStore) -> None:
    """What is counted over them, a recap too, would be wrong without a word."""
    made = [
        make_record(
            RecordKind.BUSINESS_UNIT,
            f"u-{n:04d}",
            business_name=f"Usaha {n:04d}",
            village_code=VILLAGE,
            owner_kind="person",
        )
        for n in range(2_100)
    ]
    store.commit(Commit(records=made))
    assert len(store.listings.units()) == 2_100
    assert [hit.title for hit in store.listings.unit_names()][-1] == "Usaha 2099"


def test_facts_of_a_record_are_found_by_the_record_and_not_by_walking_through_all_of_the_kind(
    store: LocalStore,
) -> None:
    seen: list[str] = []
    read = store.facts._db.named_rows

    def noted(sql: str, *values: object) -> object:
        seen.extend(str(row) for row in store.db.rows(f"EXPLAIN QUERY PLAN {sql}", *values))
        return read(sql, *values)

    store.facts._db.named_rows = noted  # type: ignore[method-assign, assignment]
    store.facts.of_subject("u-1", RecordKind.VISIT)
    assert any("subject_uid=?" in line and "SEARCH f " in line for line in seen), seen
