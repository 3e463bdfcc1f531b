"""Gabungkan, orang berbeda, batalkan: judged on the laptop, sent as a small fact, never without a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from kube_field.domain.records import Record, RecordKind, Role
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases.double_decisions import compare, keep_apart, merge_double, undo_merge
from kube_field.usecases.duplicates import done_merges, open_duplicates
from kube_field.usecases.marks import record_marks
from kube_field.usecases.session import Session
from tests.support.laptop import Laptop
from tests.support.make_conflicts import put_conflict
from tests.support.make_doubles import CASE, MERGED_CASE, put_double, put_merge, put_twin
from tests.support.make_records import register_person

REASON = "KTP keduanya sama"


@pytest.fixture
def person(laptop: Laptop) -> Record:
    return register_person(laptop.session)


@pytest.fixture
def twin(laptop: Laptop, person: Record) -> Record:
    return put_twin(laptop.store, person, "person-twin", full_name="Melati C. Satu", phone=None)


@pytest.fixture
def supervisor(laptop: Laptop) -> Session:
    return laptop.as_role(Role.PENYELIA_KAB)


def the_change(laptop: Laptop) -> tuple[dict[str, object], str, tuple[str, ...]]:
    (fact,) = laptop.store.facts.of_kind(RecordKind.MERGE_DECISION)
    (change,) = laptop.store.queue.pending_sets(fact.uid)
    return dict(fact.answers), fact.subject_uid, change.deps


def test_two_records_stand_side_by_side_with_what_differs(laptop: Laptop, person: Record, twin: Record) -> None:
    told = compare(laptop.session, person.uid, twin.uid)
    differing = {field.label: (field.first, field.second) for field in told.fields if field.differs}
    assert differing["Nama lengkap sesuai KTP"] == ("Melati Contoh Satu", "Melati C. Satu")
    assert differing["No. HP"][1] == "(kosong)"
    assert len(differing) == 2
    assert any(not field.differs for field in told.fields)
    assert dict(told.first.counts)["Kunjungan"] == 0
    assert (told.first.title, told.second.title) == ("Melati Contoh Satu", "Melati C. Satu")


def test_whole_identity_numbers_are_shown_and_that_is_noted(laptop: Laptop, person: Record, twin: Record) -> None:
    told = compare(laptop.session, person.uid, twin.uid)
    nik = next(field.first for field in told.fields if field.label == "NIK")
    assert nik.replace(" ", "") == person.answers["nik"]
    noted = laptop.store.db.rows("SELECT object_id FROM audit WHERE action = 'nik.reveal'")
    assert {uid for (uid,) in noted} == {person.uid, twin.uid}


def test_a_supervisor_merges_offline_and_the_case_waits(
    laptop: Laptop, person: Record, twin: Record, supervisor: Session
) -> None:
    put_double(laptop.store, person, twin)
    merge_double(supervisor, duplicate=CASE, kept=twin.uid, reason=f" {REASON} ")
    answers, subject, deps = the_change(laptop)
    assert answers == {
        "duplicate": CASE, "decision": "merge", "kept": twin.uid, "merged": person.uid, "reason": REASON,
    }  # fmt: skip
    assert subject == twin.uid
    assert set(deps) == {person.uid, twin.uid}
    assert [one.deciding for one in open_duplicates(supervisor)] == ["merge"]
    with pytest.raises(KubeFieldError) as failed:
        merge_double(supervisor, duplicate=CASE, kept=person.uid, reason=REASON)
    assert failed.value.failure == Failure.VALIDATION


def test_different_people_are_told_apart(laptop: Laptop, person: Record, twin: Record, supervisor: Session) -> None:
    put_double(laptop.store, person, twin)
    keep_apart(supervisor, duplicate=CASE, reason=REASON)
    answers, subject, _deps = the_change(laptop)
    assert (answers["decision"], answers["kept"], answers["merged"]) == ("different", person.uid, twin.uid)
    assert subject == person.uid


def test_a_merge_is_taken_back_from_the_list_of_merges(
    laptop: Laptop, person: Record, twin: Record, supervisor: Session
) -> None:
    put_merge(laptop.store, person, twin)
    (done,) = done_merges(supervisor)
    assert (done.kept.title, done.merged.title, done.by) == ("Melati Contoh Satu", "Melati C. Satu", "Budi Contoh")
    undo_merge(supervisor, duplicate=MERGED_CASE, reason=REASON)
    answers, _subject, _deps = the_change(laptop)
    assert (answers["decision"], answers["kept"], answers["merged"]) == ("undo", person.uid, twin.uid)
    assert [one.deciding for one in done_merges(supervisor)] == ["undo"]


def test_a_merge_below_another_one_waits_for_that_one(
    laptop: Laptop, person: Record, twin: Record, supervisor: Session
) -> None:
    put_merge(laptop.store, person, twin)
    third = put_twin(laptop.store, person, "person-third")
    put_merge(laptop.store, third, person, uid="dp:c3:64.02.12")
    with pytest.raises(KubeFieldError) as failed:
        undo_merge(supervisor, duplicate=MERGED_CASE, reason=REASON)
    assert "digabung lagi" in failed.value.sentence


@pytest.mark.parametrize("reason", ["", "  ", "ya"])
def test_nothing_is_decided_without_a_reason(
    laptop: Laptop, person: Record, twin: Record, supervisor: Session, reason: str
) -> None:
    put_double(laptop.store, person, twin)
    with pytest.raises(KubeFieldError) as failed:
        merge_double(supervisor, duplicate=CASE, kept=person.uid, reason=reason)
    assert failed.value.failure == Failure.VALIDATION
    assert laptop.store.facts.of_kind(RecordKind.MERGE_DECISION) == []


@pytest.mark.parametrize("decide", [merge_double, keep_apart, undo_merge])
def test_an_officer_reads_who_decides_and_cannot(
    laptop: Laptop, person: Record, twin: Record, decide: Callable[..., object]
) -> None:
    put_double(laptop.store, person, twin)
    (double,) = open_duplicates(laptop.session)
    assert "penyelia" in double.hint
    arguments = {"kept": person.uid} if decide is merge_double else {}
    with pytest.raises(KubeFieldError) as failed:
        decide(laptop.session, duplicate=CASE, reason=REASON, **arguments)
    assert failed.value.failure == Failure.NOT_ALLOWED


def test_a_supervisor_of_another_area_leaves_it_to_the_province(laptop: Laptop, person: Record, twin: Record) -> None:
    put_double(laptop.store, person, twin)
    session = laptop.as_role(Role.PENYELIA_KAB)
    away = replace(session, officer=replace(session.officer, areas=("64.11",)))
    assert "admin provinsi" in open_duplicates(away)[0].hint
    with pytest.raises(KubeFieldError):
        merge_double(away, duplicate=CASE, kept=person.uid, reason=REASON)
    assert open_duplicates(laptop.as_role(Role.ADMIN_PROV))[0].hint == ""


def test_of_a_double_elsewhere_nobody_here_decides(laptop: Laptop, person: Record, supervisor: Session) -> None:
    put_double(laptop.store, person, elsewhere=True)
    assert "admin provinsi" in open_duplicates(supervisor)[0].hint
    with pytest.raises(KubeFieldError) as failed:
        keep_apart(supervisor, duplicate=CASE, reason=REASON)
    assert failed.value.failure == Failure.NOT_ALLOWED


def test_lists_are_told_what_is_marked(laptop: Laptop, person: Record, twin: Record) -> None:
    other = register_person(laptop.session, 2)
    put_double(laptop.store, person, twin)
    put_conflict(laptop.store, other, "phone", "+6281255550000")
    marks = record_marks(laptop.session)
    assert dict(marks.conflicts) == {other.uid: 1}
    assert dict(marks.doubles) == {person.uid: CASE, twin.uid: CASE}
    put_merge(laptop.store, other, twin)
    assert dict(record_marks(laptop.session).merged) == {twin.uid: other.uid}
