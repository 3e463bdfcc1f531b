"""Characters that PostgreSQL refuses, in every text that becomes a column: one change is refused, the others go in."""

from __future__ import annotations

from typing import Any

import pytest

from kube_field.domain.records import RecordKind
from kube_field.server.storage.proof import check_feed
from kube_field.wire.codec import to_json
from tests.contracts.desk import Desk
from tests.support.make_answers import complete_person, photo, reference_to
from tests.support.wire_changes import make_edit, make_fact, make_household, make_unit_change

NUL = "a\x00b"


@pytest.mark.parametrize("field", ["by", "reason", "at", "form", "scope", "sha256"])
def test_a_nul_in_a_field_of_a_change(desk: Desk, field: str):
    bad = make_household("home-2")
    setattr(bad, field, NUL)
    statuses = desk.statuses(make_household(), bad, make_unit_change())
    assert (statuses[0], statuses[2]) == ("applied", "applied")
    assert statuses[1] == "rejected"
    assert check_feed(desk.house.database) == []


@pytest.mark.parametrize("name", ["occurred_on", "subject_uid", "author_uid", "number", "finalised_at"])
def test_a_nul_in_a_field_of_a_fact(desk: Desk, name: str):
    bad = make_fact("visit-2", body={name: NUL})
    assert desk.statuses(make_unit_change(), bad, make_fact()) == ["applied", "rejected", "applied"]


def test_a_nul_among_what_a_change_waits_for(desk: Desk):
    bad = make_household("home-2")
    bad.deps = [NUL]
    resolving = make_household("home-3")
    resolving.resolves = [NUL]
    assert desk.statuses(bad, resolving, make_household()) == ["rejected", "rejected", "applied"]


def test_a_nul_in_the_kind_of_a_photo(desk: Desk):
    picture: dict[str, Any] = {**photo(), "mime": NUL}
    assert desk.statuses(make_household("home-2", x_photo=picture), make_household())[1] == "applied"
    assert check_feed(desk.house.database) == []


def test_half_a_character_in_a_reason(desk: Desk):
    raw = to_json(make_household("home-2")).replace(b'"reason":""', b'"reason":"\\ud83d"')
    assert raw.count(b"ud83d") == 1
    assert desk.statuses(raw, make_household()) == ["rejected", "applied"]


def test_a_nul_inside_an_answer_is_an_answer(desk: Desk):
    desk.push(make_household("home-2", x_note=NUL))
    (row,) = desk.pull().rows
    assert row.body["x_note"] == NUL


def test_a_nul_in_the_family_of_a_person(desk: Desk):
    person = complete_person(household_id=reference_to(NUL, "Keluarga"))
    person.pop("consents")
    bad = make_edit(RecordKind.PERSON, "person-1", person, create=True)
    assert desk.statuses(bad, make_household())[1] == "applied"
