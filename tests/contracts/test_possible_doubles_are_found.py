"""Two records of one person or family are found wherever they come from, and each area is told only of its own."""

from __future__ import annotations

import pytest

from kube_field.domain.records import RecordKind
from kube_field.server.storage.proof import check_feed
from kube_field.wire.messages import WireChange
from kube_field.wire.server_words import ServerKind
from tests.contracts.desk import KECAMATAN, Desk
from tests.support.make_answers import VILLAGE
from tests.support.wire_changes import kk_of, make_edit, make_household, make_person, who_is

OTHER = "64.07.07"
OTHER_VILLAGE = "64.07.07.2002"
NIK = who_is("person-1")["nik"]


@pytest.fixture(autouse=True)
def sound(desk: Desk):
    """Budi works in the other area; whatever happens, the proofs hold at the end."""
    desk.add("Budi", areas=(OTHER,))
    yield
    assert check_feed(desk.house.database) == []


def by_budi(change: WireChange) -> WireChange:
    change.by, change.scope = "user-budi", OTHER
    return change


def words(desk: Desk) -> list[tuple[str, tuple[str, ...], str, str, bool]]:
    """Scope, uids, reason, state and elsewhere of each word, in the order of the scopes."""
    scopes = dict(desk.rows("SELECT uid, scope FROM record"))
    found = desk.words(ServerKind.DUPLICATE)
    return sorted(
        (scopes[uid], tuple(one["uids"]), one["reason"], one["state"], one["elsewhere"]) for uid, one in found.items()
    )


def edit(uid: str, base: int = 1, **sets: tuple[object, object]) -> WireChange:
    return make_edit(RecordKind.PERSON, uid, sets, base=base)


def two_of_one_nik(desk: Desk) -> None:
    desk.push(make_household(), make_person("person-1"))
    assert desk.statuses(make_person("person-2", nik=NIK)) == ["applied"]


def test_people_with_one_nik_open_a_case_that_the_area_sees(desk: Desk):
    two_of_one_nik(desk)
    assert words(desk) == [(KECAMATAN, ("person-1", "person-2"), "nik", "open", False)]
    (row,) = [row for row in desk.pull().rows if row.k == ServerKind.DUPLICATE]
    assert row.body["case"] in row.uid


def test_two_in_one_batch_are_found_too(desk: Desk):
    desk.push(make_household(), make_person("person-1"), make_person("person-2", nik=NIK))
    assert words(desk) == [(KECAMATAN, ("person-1", "person-2"), "nik", "open", False)]


def test_families_with_one_kk_open_a_case(desk: Desk):
    desk.push(make_household(), make_household("home-2", kk_number=kk_of("home-1")))
    assert words(desk) == [(KECAMATAN, ("home-1", "home-2"), "kk", "open", False)]


def test_a_like_name_born_the_same_day_in_one_area_opens_a_case(desk: Desk):
    born = {"birth_date": "1968-06-08"}
    statuses = desk.statuses(
        make_household(),
        make_person("person-1", full_name="Siti Aminah", **born),
        make_person("person-2", full_name="Aminah Siti", **born),
        make_person("person-3", full_name="Kenanga Putih", **born),
        make_person("person-4", full_name="Siti Aminah", birth_date="1969-06-08"),
        make_person("person-5", full_name="Siti Aminah", sex="L", **born),
    )
    assert statuses == ["applied"] * 6
    assert words(desk) == [(KECAMATAN, ("person-1", "person-2"), "name", "open", False)]


def test_a_like_name_in_another_area_is_nobodys_business(desk: Desk):
    born = {"birth_date": "1968-06-08", "full_name": "Siti Aminah"}
    desk.push(make_household(), make_person("person-1", **born))
    home = make_household("home-2", village_code=OTHER_VILLAGE)
    desk.push(by_budi(home), by_budi(make_person("person-2", "home-2", **born)), name="Budi")
    assert words(desk) == []


def test_between_areas_each_is_told_of_its_own_record_only(desk: Desk):
    desk.push(make_household(), make_person("person-1"))
    home = make_household("home-2", village_code=OTHER_VILLAGE)
    desk.push(by_budi(home), by_budi(make_person("person-2", "home-2", nik=NIK)), name="Budi")
    assert words(desk) == [
        (KECAMATAN, ("person-1",), "nik", "open", True),
        (OTHER, ("person-2",), "nik", "open", True),
    ]
    assert len({word["case"] for word in desk.words(ServerKind.DUPLICATE).values()}) == 1
    told = [row for row in desk.pull().rows if row.k == ServerKind.DUPLICATE]
    assert "person-2" not in str(told)


def test_a_corrected_nik_withdraws_the_case_and_the_old_one_opens_it_again(desk: Desk):
    two_of_one_nik(desk)
    right = who_is("person-2")["nik"]
    desk.push(edit("person-2", nik=(NIK, right)))
    assert words(desk) == [(KECAMATAN, ("person-1", "person-2"), "nik", "gone", False)]
    desk.push(edit("person-2", 2, nik=(right, NIK)))
    assert words(desk) == [(KECAMATAN, ("person-1", "person-2"), "nik", "open", False)]
    assert [row.v for row in desk.pull().rows if row.k == ServerKind.DUPLICATE] == [3]


def test_a_deleted_record_is_nobodys_double(desk: Desk):
    two_of_one_nik(desk)
    desk.push(edit("person-2", deleted=(None, True)))
    assert [word[3] for word in words(desk)] == ["gone"]


def test_an_edit_of_something_else_says_nothing_anew(desk: Desk):
    two_of_one_nik(desk)
    desk.push(edit("person-2", phone=("+6281200000001", "+6281200000009")))
    assert [row.v for row in desk.pull().rows if row.k == ServerKind.DUPLICATE] == [1]


def test_the_words_follow_a_family_that_moves_and_comes_back(desk: Desk):
    desk.push(make_household("home-2"), make_household(), make_person("person-1"))
    desk.push(make_person("person-2", "home-2", nik=NIK))
    move = make_edit(RecordKind.HOUSEHOLD, "home-2", {"village_code": (VILLAGE, OTHER_VILLAGE)}, base=1, scope=OTHER)
    assert desk.statuses(move) == ["applied"]
    assert words(desk) == [
        (KECAMATAN, ("person-1",), "nik", "open", True),
        (OTHER, ("person-2",), "nik", "open", True),
    ]
    back = make_edit(RecordKind.HOUSEHOLD, "home-2", {"village_code": (OTHER_VILLAGE, VILLAGE)}, base=2, scope=OTHER)
    assert desk.statuses(by_budi(back), name="Budi") == ["applied"]
    assert words(desk) == [
        (KECAMATAN, ("person-1", "person-2"), "nik", "open", False),
        (OTHER, (), "nik", "gone", False),
    ]


def test_three_of_one_nik_are_three_pairs(desk: Desk):
    two_of_one_nik(desk)
    desk.push(make_person("person-3", nik=NIK))
    pairs = [("person-1", "person-2"), ("person-1", "person-3"), ("person-2", "person-3")]
    assert [word[1] for word in words(desk)] == pairs


def test_a_number_that_everybody_types_opens_no_endless_cases(desk: Desk):
    desk.push(make_household())
    for turn in range(3):
        desk.push(*[make_person(f"person-{turn}-{n}", nik=NIK) for n in range(30)])
    (most,) = desk.rows("SELECT max(n) FROM (SELECT count(*) AS n FROM dup_case GROUP BY other) AS counted")
    assert most[0] <= 50


def test_neither_nik_nor_birth_date_lies_in_the_index(desk: Desk):
    two_of_one_nik(desk)
    told = str(desk.rows("SELECT mark, uid FROM record_mark")) + str(desk.words(ServerKind.DUPLICATE))
    assert NIK not in told
    assert who_is("person-1")["birth_date"] not in told
