"""Beranda tells of aid that may be handed over: a first one agreed upon, a second tranche once it may follow."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kube_field.domain.records import Record, Role
from kube_field.usecases.aid import begin_aid
from kube_field.usecases.drafts import save_draft
from kube_field.usecases.handovers_due import handover_items
from kube_field.usecases.home import home
from kube_field.usecases.units import units
from kube_field.usecases.views import WorkItem
from tests.support.laptop import Laptop
from tests.support.make_records import (
    hand_over,
    make_batch,
    make_group,
    make_unit,
    record_assessment,
    record_visit,
    register_person,
)
from tests.support.make_reviews import reviewed

NO_AID = {"handover_on": None, "bast_number": None, "aid_value_idr": None, "tools": None}


def bare_unit(laptop: Laptop, owner: Record | None = None) -> Record:
    return make_unit(laptop.session, owner, **NO_AID)


def items(laptop: Laptop) -> list[WorkItem]:
    return [item for item in home(laptop.session).items if item.state == "handover"]


def test_a_second_tranche_is_work_once_a_visit_is_accepted_until_its_minutes_are_begun(laptop: Laptop):
    unit = bare_unit(laptop)
    hand_over(laptop.session, unit.uid, "2026-02-10")
    assert items(laptop) == []
    visit = record_visit(laptop.session, unit.uid, "2026-11-20")
    assert items(laptop) == []
    reviewed(laptop, visit.uid)
    (item,) = items(laptop)
    assert (item.target_uid, item.detail, item.action) == (unit.uid, "Tahap 2 sudah boleh diserahkan", "start_aid")
    draft = begin_aid(laptop.session, unit_uid=unit.uid)
    save_draft(laptop.session, draft=draft, answers={**draft.answers, "place": "Balai"})
    assert items(laptop) == []
    assert [one.action for one in home(laptop.session).items if one.target_uid == draft.uid] == ["continue_draft"]


def test_after_the_last_tranche_nothing_is_due(laptop: Laptop):
    tranches = [{"id": f"t{no}", "no": no, "percent": 50, "condition": "langsung"} for no in (1, 2)]
    group = make_group(laptop.session, members=3, batch=make_batch(laptop.session, tranches=tranches))
    unit = bare_unit(laptop, group)
    hand_over(laptop.session, unit.uid, "2026-02-10", tranche_no=1)
    assert [item.detail for item in items(laptop)] == ["Tahap 2 sudah boleh diserahkan"]
    hand_over(laptop.session, unit.uid, "2026-06-01", tranche_no=2)
    assert items(laptop) == []


def test_a_visit_before_the_first_tranche_opens_no_second_one(laptop: Laptop):
    unit = bare_unit(laptop)
    visit = record_visit(laptop.session, unit.uid, "2026-11-10", period_from="2026-10-12")
    reviewed(laptop, visit.uid)
    hand_over(laptop.session, unit.uid, "2026-11-12")
    assert items(laptop) == []


def test_agreed_aid_that_nobody_handed_over_is_work(laptop: Laptop):
    person = register_person(laptop.session)
    unit = bare_unit(laptop, person)
    assert items(laptop) == []
    record_assessment(laptop.session, person)
    assert [item.detail for item in items(laptop)] == ["Bantuan yang disepakati belum diserahkan"]
    hand_over(laptop.session, unit.uid, "2026-11-12")
    assert items(laptop) == []


def test_who_writes_no_minutes_is_not_asked_for_them(laptop: Laptop):
    person = register_person(laptop.session)
    bare_unit(laptop, person)
    record_assessment(laptop.session, person)
    leader: Any = replace(laptop.session, officer=replace(laptop.session.officer, role=Role.PIMPINAN))
    assert handover_items(leader, units(leader), []) == []
