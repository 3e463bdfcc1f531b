"""Who is erased of families that were made one, and which family goes along."""

from __future__ import annotations

import pytest

from kube_field.server.erasing import erase
from tests.contracts.desk import Desk
from tests.contracts.merge_words import add_deciders, decide, twins, two_families
from tests.contracts.test_erasure import REASON, kinds

PAIRS = [("person-1", "person-2"), ("person-2", "person-1")]


@pytest.fixture
def one_family(desk: Desk) -> Desk:
    """Two families of one person each, made one."""
    add_deciders(desk)
    two_families(desk)
    assert decide(desk, "merge", "home-1", "home-2").status == "applied"
    return desk


@pytest.mark.parametrize(("her", "other"), PAIRS)
def test_of_two_families_that_are_one_either_person_goes_alone(one_family: Desk, her: str, other: str):
    erase(one_family.house, her, REASON)
    left = kinds(one_family)
    assert (left[her], left[other]) == ("erased", "person")
    assert (left["home-1"], left["home-2"]) == ("household", "household")


def test_both_families_go_with_the_last_of_their_people(one_family: Desk):
    erase(one_family.house, "person-2", REASON)
    erase(one_family.house, "person-1", REASON)
    left = kinds(one_family)
    assert {left[uid] for uid in ("person-1", "person-2", "home-1", "home-2", "unit-1", "visit-1")} == {"erased"}


@pytest.mark.parametrize(("her", "other"), PAIRS)
def test_her_family_goes_along_whichever_of_her_two_records_is_named(desk: Desk, her: str, other: str):
    add_deciders(desk)
    twins(desk)
    assert decide(desk).status == "applied"
    erase(desk.house, her, REASON)
    left = kinds(desk)
    assert (left[her], left[other], left["home-1"]) == ("erased", "erased", "erased")
