"""Results of pre-test and post-test on a laptop."""

from __future__ import annotations

import pytest

from kube_field.domain.oral_test import ORAL_QUESTIONS
from kube_field.domain.records import Fact, Record, RecordKind, Role
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases.test_results import record_oral, record_score, score_sheet
from tests.support import make_records
from tests.support.laptop import Laptop


@pytest.fixture
def people(laptop: Laptop) -> list[Record]:
    return [make_records.register_person(laptop.session, n) for n in (1, 2, 3)]


@pytest.fixture
def event(laptop: Laptop, people: list[Record]) -> Record:
    return make_records.make_training(laptop.session, people[:2])


def score(laptop: Laptop, event: Record, person: Record, kind: str, points: int | None) -> Fact | None:
    return record_score(laptop.session, event_uid=event.uid, person_uid=person.uid, kind=kind, score=points)


def test_results_stand_beside_the_participants_who_were_invited_or_came(
    laptop: Laptop, event: Record, people: list[Record]
) -> None:
    make_records.hold_session(laptop.session, event)
    score(laptop, event, people[0], "pre", 40)
    score(laptop, event, people[0], "post", 80)
    score(laptop, event, people[1], "post", 55)
    sheet = score_sheet(laptop.session, event_uid=event.uid)
    assert [(row.pre, row.post, row.present) for row in sheet.rows] == [(40, 80, 1), (None, 55, 1)]
    assert sheet.summary is not None
    assert (sheet.summary.pairs, sheet.summary.unpaired) == (1, 1)


def test_a_later_result_takes_the_place_of_the_first_and_both_are_kept(
    laptop: Laptop, event: Record, people: list[Record]
) -> None:
    for points in (40, 45, 45):
        score(laptop, event, people[0], "pre", points)
    assert score_sheet(laptop.session, event_uid=event.uid).rows[0].pre == 45
    assert [fact.answers["score"] for fact in laptop.store.facts.of_kind(RecordKind.TEST_RESULT)] == [40, 45]


def test_a_result_can_be_taken_back(laptop: Laptop, event: Record, people: list[Record]) -> None:
    score(laptop, event, people[0], "pre", 40)
    score(laptop, event, people[0], "pre", None)
    assert score_sheet(laptop.session, event_uid=event.uid).rows[0].pre is None
    assert score(laptop, event, people[1], "pre", None) is None  # nothing to take back


def test_questions_asked_aloud_give_ten_points_each(laptop: Laptop, event: Record, people: list[Record]) -> None:
    right = [one.code for one in ORAL_QUESTIONS[:6]]
    record_oral(
        laptop.session, event_uid=event.uid, person_uid=people[0].uid, kind="post", right_answers=[*right, right[0]]
    )
    row = score_sheet(laptop.session, event_uid=event.uid).rows[0]
    assert (row.post, row.post_mode) == (60, "lisan")


def test_a_result_waits_for_the_server_with_its_training_and_person(
    laptop: Laptop, event: Record, people: list[Record]
) -> None:
    fact = score(laptop, event, people[0], "pre", 40)
    assert fact is not None
    (change,) = laptop.store.queue.pending_sets(fact.uid)
    assert {event.uid, people[0].uid} <= set(change.deps)


def test_more_than_a_hundred_is_refused_and_the_old_result_stands(
    laptop: Laptop, event: Record, people: list[Record]
) -> None:
    score(laptop, event, people[0], "pre", 40)
    with pytest.raises(KubeFieldError) as refused:
        score(laptop, event, people[0], "pre", 140)
    assert refused.value.failure == Failure.VALIDATION
    assert score_sheet(laptop.session, event_uid=event.uid).rows[0].pre == 40


def test_leaders_write_no_results(laptop: Laptop, event: Record, people: list[Record]) -> None:
    leader = laptop.as_role(Role.PIMPINAN)
    with pytest.raises(KubeFieldError) as refused:
        record_score(leader, event_uid=event.uid, person_uid=people[0].uid, kind="pre", score=1)
    assert refused.value.failure == Failure.NOT_ALLOWED


def test_the_attendance_list_freezes_what_the_tests_came_to(
    laptop: Laptop, event: Record, people: list[Record]
) -> None:
    score(laptop, event, people[0], "pre", 40)
    score(laptop, event, people[0], "post", 80)
    facts = make_records.hold_session(laptop.session, event)
    assert facts[0].snapshot["tests"]["change"] == "40"
