"""Businesses in lists, profiles and counts: status, score against the one before, who wants follow-up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kube_field.domain.records import Fact, Record, RecordKind
from kube_field.domain.rules.score import Status
from kube_field.usecases.business_standing import FollowUp, follow_ups, standing_of
from kube_field.usecases.groups import group_profile
from kube_field.usecases.home import home
from kube_field.usecases.people import person_profile
from kube_field.usecases.units import unit_profile
from kube_field.usecases.views import GroupFilter, PersonFilter
from tests.support import make_records
from tests.support.laptop import Laptop

STOPPED: dict[str, Any] = {"business_status": "berhenti", "stop_reason": ["modal_habis"]}
PAUSED: dict[str, Any] = {"business_status": "berhenti_sementara", "stop_reason": ["modal_habis"]}


def another_unit(laptop: Laptop, first: Record, n: int, **changes: Any) -> Record:
    owner = make_records.register_person(laptop.session, n)
    return make_records.make_unit(laptop.session, owner, batch_id=first.answers["batch_id"], **changes)


def forget_result(laptop: Laptop, fact: Fact) -> None:
    """A visit of before: its snapshot has no score."""
    bare = {code: value for code, value in fact.snapshot.items() if code != "score"}
    with laptop.store.db.atomic():
        laptop.store.facts.remove(fact.uid)
        laptop.store.facts.insert(replace(fact, snapshot=bare))


def names(found: list[FollowUp]) -> list[str]:
    return [one.unit.uid for one in found]


def test_a_unit_stands_as_its_newest_scored_visit_says(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    first = make_records.record_visit(laptop.session, unit.uid, "2026-10-20", period_from="2026-09-21")
    newest = make_records.record_visit(laptop.session, unit.uid, "2026-11-20", **PAUSED)
    make_records.record_visit(laptop.session, unit.uid, "2026-11-22", met="tidak_ada_orang")
    found = standing_of(laptop.session, unit.uid)
    assert found is not None
    assert (found.status, found.visited_on) == (Status.AT_RISK, "2026-11-20")
    assert found.total == newest.snapshot["score"]["total"]
    assert found.before == first.snapshot["score"]["total"]
    assert len(found.lowest) == 2
    assert "Usaha berhenti." in found.warnings


def test_a_visit_of_before_is_scored_when_it_is_looked_at(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    fact = make_records.record_visit(laptop.session, unit.uid, "2026-11-20", **STOPPED)
    told = standing_of(laptop.session, unit.uid)
    forget_result(laptop, fact)
    assert standing_of(laptop.session, unit.uid) == told
    assert [one.standing for one in follow_ups(laptop.session)] == [told]


def test_a_unit_that_nobody_visited_stands_nowhere(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session, handover_on="2026-11-20")
    assert standing_of(laptop.session, unit.uid) is None
    assert follow_ups(laptop.session) == []


def test_follow_up_begins_with_critical_then_at_risk_then_not_watched_then_watch(laptop: Laptop) -> None:
    lapsed = make_records.make_unit(laptop.session)
    critical, at_risk, watch, healthy = (another_unit(laptop, lapsed, n) for n in (6, 7, 8, 9))
    make_records.record_visit(laptop.session, watch.uid, "2026-11-20", own_flag="watch", own_flag_reason="Ikan sulit.")
    make_records.record_visit(laptop.session, at_risk.uid, "2026-11-20", **PAUSED)
    make_records.record_visit(laptop.session, critical.uid, "2026-11-20", **STOPPED)
    make_records.record_visit(laptop.session, healthy.uid, "2026-11-20")
    found = follow_ups(laptop.session)
    assert names(found) == [critical.uid, at_risk.uid, lapsed.uid, watch.uid]
    assert [one.unwatched for one in found] == [False, False, True, False]


def test_a_lapsed_unit_keeps_its_status_of_before(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    make_records.record_visit(laptop.session, unit.uid, "2026-06-20", period_from="2026-05-22")
    found = follow_ups(laptop.session)
    assert names(found) == [unit.uid]
    assert found[0].unwatched
    assert found[0].standing is not None
    assert found[0].standing.status == Status.HEALTHY
    badges = dict(unit_profile(laptop.session, uid=unit.uid).badges)
    assert badges["Tidak terpantau sejak 20 Jun 2026 · Sehat " + str(found[0].standing.total)] == "unwatched"


def test_lists_and_profiles_tell_the_status(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    own = another_unit(laptop, unit, 9)
    make_records.record_visit(laptop.session, unit.uid, "2026-11-20", **STOPPED)
    make_records.record_visit(laptop.session, own.uid, "2026-11-20")
    groups = {row.uid: row.health for row in laptop.store.listings.groups(GroupFilter())}
    people = {row.uid: row.health for row in laptop.store.listings.people(PersonFilter())}
    group_uid, person_uid = unit.answers["group_id"]["uid"], own.answers["person_id"]["uid"]
    assert groups[group_uid] == "critical"
    assert people[person_uid] == "healthy"
    assert [health for uid, health in people.items() if uid != person_uid] == [""] * 5
    assert "critical" in dict(map(reversed, group_profile(laptop.session, uid=group_uid).badges))
    assert "healthy" in dict(map(reversed, person_profile(laptop.session, uid=person_uid).badges))


def test_the_first_page_counts_how_businesses_stand(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    make_records.record_visit(laptop.session, unit.uid, "2026-11-20", **STOPPED)
    for n in (7, 8):
        make_records.record_visit(laptop.session, another_unit(laptop, unit, n).uid, "2026-11-20")
    another_unit(laptop, unit, 9)
    assert home(laptop.session).health == (("healthy", 2), ("critical", 1))


def test_a_graduated_unit_wants_no_follow_up(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    make_records.record_visit(laptop.session, unit.uid, "2026-11-20", **STOPPED)
    assert names(follow_ups(laptop.session)) == [unit.uid]
    ended = {**unit.answers, "status": "berhenti"}
    make_records.commit_answers(laptop.session, RecordKind.BUSINESS_UNIT, ended, record_uid=unit.uid)
    assert follow_ups(laptop.session) == []


def test_of_too_many_units_the_most_pressing_stay(laptop: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    first = make_records.make_unit(laptop.session)
    worst = another_unit(laptop, first, 12)
    make_records.record_visit(laptop.session, first.uid, "2026-11-20", **PAUSED)
    make_records.record_visit(laptop.session, worst.uid, "2026-11-20", owner_kind="person", **STOPPED)
    assert names(follow_ups(laptop.session)) == [worst.uid, first.uid]
    monkeypatch.setattr("kube_field.usecases.business_standing.MOST_FOLLOWED", 1)
    assert names(follow_ups(laptop.session)) == [worst.uid]
