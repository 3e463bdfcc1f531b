"""A batch of new facts takes as many statements as one of ten times as many: a slow disk is asked per batch."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kube_field.domain.records import RecordKind
from kube_field.wire.messages import WireChange
from tests.contracts.desk import Desk
from tests.support import make_answers
from tests.support.make_answers import photo
from tests.support.statements import counting
from tests.support.wire_changes import make_fact, make_household, make_person, make_unit_change

FEW, MANY = 20, 200


@pytest.fixture
def known(desk: Desk) -> Desk:
    desk.push(make_household(), make_person(), make_unit_change("unit-1"))
    desk.push(*visits(1))  # what is looked up once is known from now on
    return desk


def visits(count: int) -> list[WireChange]:
    """Visits of one unit, each with a photo of its own."""
    told = [make_answers.complete_visit("person", photos=[photo(n), photo(n + 1)]) for n in range(1, 2 * count, 2)]
    return [make_fact(f"visit-{count}-{n}", answers=answers) for n, answers in enumerate(told)]


def consents(count: int) -> list[WireChange]:
    """Small facts about one person."""
    consent, body = make_answers.complete_consent(), {"number": ""}
    return [make_fact(f"consent-{count}-{n}", RecordKind.CONSENT, "person-1", consent, body=body) for n in range(count)]


@pytest.mark.parametrize("make", [visits, consents])
@pytest.mark.parametrize("in_table", [False, True], ids=["alone", "in_table"])
def test_new_facts_take_no_statement_each(known: Desk, make: Callable[[int], list[WireChange]], in_table: bool):
    given = {}
    for count in (FEW, MANY):
        batch = make(count)
        with counting() as statements:
            found = known.statuses(in_table=batch) if in_table else known.statuses(*batch)
        assert found == ["applied"] * count
        given[count] = len(statements)
    assert given[MANY] == given[FEW] > 0
