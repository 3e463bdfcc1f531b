"""Directed histories of doubles and merges, one for each of the bugs in `merge_bugs`."""

from __future__ import annotations

from typing import Any

from kube_field.domain.records import Role
from kube_field.usecases.duplicates import PossibleDouble, done_merges, open_duplicates
from tests.sim.families import IDENTITIES, KK_NUMBERS, PHONES
from tests.sim.ground import VILLAGES
from tests.sim.stories import NEXT, TOWN, Scene, Story

FIRST, SECOND = "S", "T"
"""Supervisors of both areas, each with a laptop."""


def _twins(scene: Scene, *tellings: dict[str, Any], second_area: str = TOWN) -> list[str]:
    """A writes the same woman down again and again; everybody and two supervisors hear of it."""
    for name in (FIRST, SECOND):
        scene.new_laptop(name, (TOWN, NEXT), Role.PENYELIA_KAB)
    scene.may_work_in("C", second_area)
    found = []
    for place, told in zip((TOWN, second_area, TOWN), tellings, strict=False):
        who = scene["A" if place == TOWN else "C"]
        kk_number = KK_NUMBERS[len(found)]
        home = scene.create_family(who, kk_number=kk_number, village_code=VILLAGES[place], address="")
        record = who.store.records.get(home)
        assert record is not None
        found.append(scene.create_person(who, record, **{**IDENTITIES[0], "birth_place": None, "phone": None, **told}))
    scene.runs("A", "C", "B", FIRST, SECOND)
    return found


def _case(scene: Scene, who: str, *pair: str) -> PossibleDouble:
    session = scene[who].session(scene[who].officers[0])
    return next(case for case in open_duplicates(session) if {twin.uid for twin in case.twins} == set(pair))


def _merges(scene: Scene, who: str, merged: str, kept: str) -> None:
    scene.make_one(scene[who], _case(scene, who, merged, kept), kept)


def _takes_back(scene: Scene, who: str) -> None:
    (merge,) = done_merges(scene[who].session(scene[who].officers[0]))
    scene.take_back(scene[who], merge)


def somebody_has_not_heard_of_a_merge(scene: Scene) -> None:
    """What B types about the merged record belongs to the one that stands."""
    kept, merged = _twins(scene, {}, {})
    _merges(scene, FIRST, merged, kept)
    scene.runs(FIRST)
    scene.type("B", merged, birth_place="")
    scene.runs("B")


def two_records_that_differ_become_one(scene: Scene) -> None:
    """Both say where she was born."""
    kept, merged = _twins(scene, {"birth_place": ""}, {"birth_place": ""})
    _merges(scene, FIRST, merged, kept)
    scene.runs(FIRST)


def what_was_taken_is_typed_anew(scene: Scene) -> None:
    """The way back leaves alone what A wrote after the merge."""
    kept, merged = _twins(scene, {}, {"phone": PHONES[1]})
    _merges(scene, FIRST, merged, kept)
    scene.runs(FIRST, "A")
    scene.type("A", kept, phone=PHONES[2])
    scene.runs("A", FIRST)
    _takes_back(scene, FIRST)
    scene.runs(FIRST)


def a_merge_is_taken_back(scene: Scene) -> None:
    """Nothing of the other woman stays."""
    kept, merged = _twins(scene, {"birth_place": ""}, {"birth_place": "", "phone": PHONES[1]})
    _merges(scene, FIRST, merged, kept)
    scene.runs(FIRST)
    _takes_back(scene, FIRST)
    scene.runs(FIRST)


def the_way_back_comes_before_the_merge(scene: Scene) -> None:
    """The server forgot both; who took it back comes first."""
    kept, merged = _twins(scene, {}, {})
    scene.server_is_saved()
    _merges(scene, FIRST, merged, kept)
    scene.runs(FIRST, SECOND)
    _takes_back(scene, SECOND)
    scene.runs(SECOND)
    scene.server_is_put_back()
    scene.runs(SECOND, FIRST)


def two_supervisors_merge_crosswise(scene: Scene) -> None:
    """The one merges away what the other merges into."""
    one, two, three = _twins(scene, {}, {}, {"birth_place": ""})
    _merges(scene, FIRST, two, one)
    _merges(scene, SECOND, three, two)
    scene.runs(FIRST, SECOND)


def a_merge_reaches_into_the_next_area(scene: Scene) -> None:
    """What hangs on the merged record comes along."""
    kept, merged = _twins(scene, {}, {}, second_area=NEXT)
    scene.add_fact("C", merged)
    scene.runs("C", FIRST)
    _merges(scene, FIRST, merged, kept)
    scene.runs(FIRST)


def a_double_lies_in_the_next_area(scene: Scene) -> None:
    """Each area hears of its own record only."""
    _twins(scene, {}, {}, second_area=NEXT)


def a_wrong_number_is_mended(scene: Scene) -> None:
    """Then nothing is alike any more."""
    _kept, other = _twins(scene, {}, {})
    scene.type("A", other, **IDENTITIES[1])
    scene.runs("A")


def two_that_differ_stay_apart(scene: Scene) -> None:
    """Whatever else is written about them."""
    one, other = _twins(scene, {}, {})
    scene.tell_apart(scene[FIRST], _case(scene, FIRST, one, other))
    scene.runs(FIRST, "A")
    scene.type("A", other, full_name=IDENTITIES[2]["full_name"])
    scene.runs("A")


MERGE_STORIES: dict[str, Story] = {
    "alias_not_followed": somebody_has_not_heard_of_a_merge,
    "merge_drops": two_records_that_differ_become_one,
    "merge_overwrites": two_records_that_differ_become_one,
    "undo_overwrites": what_was_taken_is_typed_anew,
    "undo_forgets": a_merge_is_taken_back,
    "undo_leaves_conflicts": a_merge_is_taken_back,
    "undo_never_waits": the_way_back_comes_before_the_merge,
    "merged_twice": two_supervisors_merge_crosswise,
    "merge_leaves_behind": a_merge_reaches_into_the_next_area,
    "case_names_all": a_double_lies_in_the_next_area,
    "case_never_closes": a_wrong_number_is_mended,
    "case_forgets": two_that_differ_stay_apart,
}
"""Which story catches which bug."""
