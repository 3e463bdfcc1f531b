"""Mungkin ganda: what the server says about doubles is told on the profiles, and nothing of another area with it."""

from __future__ import annotations

import msgspec
import pytest

from kube_field.domain.records import Record
from kube_field.storage.projection import put_remote
from kube_field.usecases.duplicates import open_duplicates
from kube_field.usecases.households import household_profile
from kube_field.usecases.people import person_profile
from kube_field.wire.server_words import Duplicate
from tests.support.laptop import Laptop
from tests.support.make_records import register_person

OTHER = "person-other"


def pull_other(laptop: Laptop, person: Record, **fields: object) -> None:
    body = {"form_version": "2026.1", "full_name": "Melati C. Satu", **fields}
    with laptop.store.transaction():
        put_remote(laptop.store, OTHER, "person", person.scope, 1, body, "", "staff-budi")


def say(laptop: Laptop, scope: str, word: Duplicate) -> None:
    with laptop.store.transaction():
        put_remote(laptop.store, "dup:1", "duplicate", scope, 1, msgspec.to_builtins(word), "", "")


@pytest.fixture
def person(laptop: Laptop) -> Record:
    return register_person(laptop.session)


def doubles_of(laptop: Laptop, uid: str) -> tuple[tuple[str, str], ...]:
    return dict(person_profile(laptop.session, uid=uid).sections).get("Mungkin ganda", ())


def test_each_of_two_like_people_names_the_other_with_the_reason(laptop: Laptop, person: Record) -> None:
    pull_other(laptop, person)
    say(laptop, person.scope, Duplicate(uids=[person.uid, OTHER], record_kind="person", reason="nik"))
    (double,) = open_duplicates(laptop.session)
    assert [twin.uid for twin in double.twins] == [person.uid, OTHER]
    assert person_profile(laptop.session, uid=person.uid).sections[0][0] == "Mungkin ganda"
    assert doubles_of(laptop, person.uid) == (("NIK sama", "Melati C. Satu"),)
    assert doubles_of(laptop, OTHER) == (("NIK sama", "Melati Contoh Satu"),)


def test_of_a_double_in_another_area_only_its_being_is_told(laptop: Laptop, person: Record) -> None:
    word = Duplicate(uids=[person.uid], record_kind="person", reason="name", elsewhere=True)
    say(laptop, person.scope, word)
    expected = (("Nama mirip dan tanggal lahir sama", "Kemungkinan ganda di wilayah lain, hubungi provinsi."),)
    assert doubles_of(laptop, person.uid) == expected


def test_a_family_tells_of_its_doubles_too(laptop: Laptop, person: Record) -> None:
    family = person_profile(laptop.session, uid=person.uid).household_uid
    say(laptop, person.scope, Duplicate(uids=[family], record_kind="household", reason="kk", elsewhere=True))
    title, lines = household_profile(laptop.session, uid=family).sections[0]
    assert title == "Mungkin ganda"
    assert lines[0][0] == "Nomor KK sama"
    assert doubles_of(laptop, person.uid) == ()


@pytest.mark.parametrize("state", ["different", "merged"])
def test_a_decided_pair_is_not_told_any_more(laptop: Laptop, person: Record, state: str) -> None:
    pull_other(laptop, person)
    say(laptop, person.scope, Duplicate(uids=[person.uid, OTHER], record_kind="person", reason="nik", state=state))
    assert open_duplicates(laptop.session) == []
    assert doubles_of(laptop, person.uid) == ()


def test_a_pair_whose_other_half_is_gone_is_not_told(laptop: Laptop, person: Record) -> None:
    pull_other(laptop, person, deleted=True)
    say(laptop, person.scope, Duplicate(uids=[person.uid, OTHER], record_kind="person", reason="nik"))
    assert open_duplicates(laptop.session) == []
