"""The plan of a day by village, blank sheets with what is known, and the way back by their code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kube_field.assembly import new_uuid7
from kube_field.domain.records import Record, RecordKind
from kube_field.domain.sheet_code import is_sheet_code, read_sheet_code, sheet_code
from kube_field.errors import Failure, KubeFieldError
from kube_field.media.codes import read_paper
from kube_field.reports.footer import short_id
from kube_field.usecases.day_plans import (
    begin_visit_of_sheet,
    day_plan,
    plan_paper,
    sheet_paper,
    sheets_in,
    unit_of_sheet,
    visit_sheet,
)
from kube_field.usecases.ports import Wiring
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import make_unit, record_visit, register_person
from tests.support.read_papers import paper_text
from tests.support.tampering import jpeg_of, picture_of


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    """A laptop with ids as they are in the field: their ends differ."""
    with make_laptop(tmp_path) as made:
        made.clock.set_day("2026-11-23")
        made.session = replace(made.session, wiring=Wiring(now=made.clock.now, new_id=new_uuid7))
        yield made


@pytest.fixture
def group(laptop: Laptop) -> Record:
    unit = make_unit(laptop.session, handover_on="2026-06-20")
    record_visit(laptop.session, unit.uid, "2026-10-20")
    return unit


@pytest.fixture
def person(laptop: Laptop) -> Record:
    return make_unit(laptop.session, register_person(laptop.session, 8), handover_on="2026-07-01")


def test_the_plan_tells_whom_where_why_and_what_is_still_promised(laptop: Laptop, group: Record, person: Record):
    stops = {stop.unit_uid: stop for stop in day_plan(laptop.session, units=[group.uid, person.uid]).stops}
    there = stops[group.uid]
    assert (there.name, there.contact, there.village) == ("KUBE Mawar", "Melati Contoh Satu", "Long Lalang")
    assert there.phone
    assert "lewat" in there.reason
    assert there.findings[0] == "20 Okt 2026: Sehat"
    assert there.promises == ("Pemasaran: Titip di toko (Penerima, 3 Nov 2026)",)
    assert stops[person.uid].findings == ("Belum pernah dikunjungi.",)


def test_the_plan_goes_by_village_and_names_each_unit_once(laptop: Laptop, group: Record, person: Record):
    plan = day_plan(laptop.session, units=[person.uid, group.uid, person.uid])
    places = [(stop.kecamatan, stop.village_code, stop.name) for stop in plan.stops]
    assert places == sorted(places)
    assert len(places) == 2


def test_the_plan_on_paper(laptop: Laptop, group: Record, person: Record):
    words = paper_text(plan_paper(laptop.session, units=[group.uid, person.uid]))
    for told in ("RENCANA KUNJUNGAN HARI INI", "Long Lalang, Kec. Tabang", "Titip di toko", short_id(group.uid)):
        assert told in words
    assert laptop.store.db.value("SELECT count(*) FROM audit WHERE action = 'plan.print'") == 1


def test_a_sheet_has_the_questions_of_its_owner_only(laptop: Laptop, group: Record, person: Record):
    of_group, of_person = visit_sheet(laptop.session, group.uid), visit_sheet(laptop.session, person.uid)
    assert {"savings_habit"} <= of_group.skipped
    assert not of_group.skipped & {"iks_level", "members_present", "stop_reason", "constraints", "previous_actions"}
    assert {"iks_level", "members_present", "previous_actions"} <= of_person.skipped
    assert "savings_habit" not in of_person.skipped


def test_a_sheet_knows_what_is_known_and_leaves_the_day_open(laptop: Laptop, group: Record):
    words = paper_text(sheet_paper(laptop.session, unit_uid=group.uid))
    for told in ("Kunjungan ke- : 2", "21 Oktober 2026", "(lalu: Rp9.900.000)", "Titip di toko", "Kenanga Contoh"):
        assert told in words
    assert "23 November 2026" not in words
    assert laptop.store.drafts.listed() == [], "a sheet begins no visit"


def test_the_code_of_a_sheet_opens_its_visit_from_a_photo(laptop: Laptop, group: Record):
    photo = jpeg_of(picture_of(sheet_paper(laptop.session, unit_uid=group.uid), page=0).rotate(3, expand=True))
    (code,) = read_paper(photo, is_sheet_code).codes
    draft = begin_visit_of_sheet(laptop.session, text=code)
    assert (draft.kind, draft.subject_uid) == (RecordKind.VISIT, group.uid)
    assert begin_visit_of_sheet(laptop.session, text=short_id(group.uid).upper()).uid == draft.uid


def test_the_code_holds_the_units_id_alone(laptop: Laptop, group: Record):
    (code,) = read_paper(sheet_paper(laptop.session, unit_uid=group.uid)).codes
    assert (code, read_sheet_code(code)) == (sheet_code(group.uid), group.uid)


def test_several_sheets_in_one_scan_are_all_found(laptop: Laptop, group: Record, person: Record):
    codes = [sheet_code(uid) for uid in (group.uid, person.uid, group.uid)]
    assert [stop.unit_uid for stop in sheets_in(laptop.session, codes)] == [group.uid, person.uid]


@pytest.mark.parametrize("text", ["KFUAEAZVM6E", "0badc0de", sheet_code("019ab3c4-51f0-7c3e-9a41-7f3a91bc52d8"), ""])
def test_a_sheet_of_nobody_here_is_told(laptop: Laptop, text: str):
    with pytest.raises(KubeFieldError) as refused:
        unit_of_sheet(laptop.session, text=text)
    assert refused.value.failure == Failure.VALIDATION


def test_the_code_of_a_person_opens_no_visit(laptop: Laptop):
    with pytest.raises(KubeFieldError):
        unit_of_sheet(laptop.session, text=sheet_code(register_person(laptop.session).uid))
