"""Finding the one record that a form refers to."""

from __future__ import annotations

from pathlib import Path

from kube_field.domain.records import RecordKind
from kube_field.usecases.record_search import find_records
from tests.support import make_records
from tests.support.laptop import make_laptop


def test_each_kind_is_found_by_its_name_and_only_that_kind(tmp_path: Path) -> None:
    with make_laptop(tmp_path) as laptop:
        session = laptop.session
        unit = make_records.make_unit(session)
        wanted = {RecordKind.PERSON: "melati", RecordKind.KUBE_GROUP: "mawar", RecordKind.BUSINESS_UNIT: "amplang"}
        for kind, text in wanted.items():
            hits = find_records(session, kind=kind, text=text)
            assert hits, kind
            assert {hit.kind for hit in hits} == {kind}
        assert [hit.uid for hit in find_records(session, kind=RecordKind.BUSINESS_UNIT, text="")] == [unit.uid]


def test_a_household_is_found_by_its_whole_card_number(tmp_path: Path) -> None:
    with make_laptop(tmp_path) as laptop:
        household = make_records.register_household(laptop.session, 3)
        number = str(household.answers["kk_number"])
        grouped = " ".join(number[at : at + 4] for at in range(0, 16, 4))
        for text in (number, grouped):
            found = find_records(laptop.session, kind=RecordKind.HOUSEHOLD, text=text)
            assert [hit.uid for hit in found] == [household.uid]


def test_an_unknown_name_finds_nothing(tmp_path: Path) -> None:
    with make_laptop(tmp_path) as laptop:
        make_records.register_person(laptop.session, 1)
        assert find_records(laptop.session, kind=RecordKind.PERSON, text="zzzz") == []
        assert find_records(laptop.session, kind=RecordKind.PROGRAM_BATCH, text="zzzz") == []
