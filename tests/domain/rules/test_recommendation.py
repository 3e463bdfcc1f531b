"""The suggestions of the handbook's worked example, both sides of every threshold, no unexplained point."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kube_field.domain.ideas import BusinessIdea
from kube_field.domain.rules.recommendation import ELECTRICITY, WATER, Advice, Family, Suggestion, advise
from kube_field.reference import load_reference

IDEAS = {idea.code: idea for idea in load_reference().ideas}
WIDOW = Family(
    scheme="person",
    capital_idr=5_000_000,
    spaces=("dapur", "kios"),
    electricity="dasar",
    water="bersih",
    skills={"memasak": "experienced", "berdagang": "basic"},
    demand={"sekolah": 3, "tetangga": 2},
    raw={"pangan_pasar": 2, "grosir": 2},
    competitors={"GORENGAN": 2, "SEMBAKO": 7},
    hours=Fraction(5),
    caregiver=True,
    age=38,
    wishes={"GORENGAN": 1, "KUE_BASAH": 2, "SEMBAKO": 3},
)


def advice(**changes: Any) -> Advice:
    return advise(replace(WIDOW, **changes), IDEAS.values())


def one(code: str, **changes: Any) -> Suggestion:
    return next(found for found in advice(**changes).suggestions if found.idea.code == code)


def part(suggestion: Suggestion, name: str) -> int:
    return next(line.points for line in suggestion.lines if line.part == name)


def codes_against(code: str, **changes: Any) -> list[str]:
    found = [one.reasons for one in advice(**changes).excluded if one.idea.code == code]
    return [reason for reasons in found for reason, _words in reasons]


def test_the_worked_example():
    found = advice()
    told = [(one.idea.code, one.points) for one in found.best]
    assert told == [("GORENGAN", 95), ("SARAPAN", 88), ("MINUMAN", 83), ("KUE_BASAH", 78), ("WARUNG_KOPI", 71)]
    assert one("SEMBAKO").points == 58
    assert [one.grade for one in found.best] == ["Sangat sesuai"] * 4 + ["Sesuai"]


def test_the_first_suggestion_says_why_like_the_handbook():
    words = {line.part: (line.points, line.most, line.words) for line in one("GORENGAN").lines}
    assert words == {
        "Modal": (20, 20, "modal Rp5.000.000 mencukupi (kebutuhan Rp1.000.000–Rp3.500.000)."),
        "Keterampilan": (20, 20, "memasak mahir."),
        "Tempat": (15, 15, "dapur tersedia; listrik dan air cukup."),
        "Pasar": (12, 15, "permintaan sekolah besar; ada 2 usaha sejenis (−3)."),
        "Bahan baku": (8, 10, "cukup."),
        "Waktu": (10, 10, "tersedia 5 jam, perlu 5 jam, dapat dikerjakan di rumah."),
        "Minat": (10, 10, "pilihan pertama."),
        "Risiko": (0, 0, "tidak ada."),
    }


def test_the_second_check_of_the_handbook():
    """Upper Mahakam, no electricity; demand, materials and water are such that the handbook's figures come out."""
    weaver = Family(
        scheme="person",
        capital_idr=5_000_000,
        spaces=("rumah", "pekarangan"),
        water="banyak",
        skills={"menganyam": "experienced", "berkebun": "experienced"},
        demand={"oleh_oleh": 2, "pengepul": 2},
        raw={"bahan_anyam": 3, "lahan_air": 2, "bunga_hutan": 1},
        hours=Fraction(6),
        age=57,
        wishes={"ANYAMAN": 1, "PEKARANGAN": 2},
        flood_prone=True,
    )
    told = {one.idea.code: one.points for one in advise(weaver, IDEAS.values()).suggestions}
    assert (told["ANYAMAN"], told["PEKARANGAN"], told["KELULUT"]) == (91, 86, 62)


@pytest.mark.parametrize(
    ("changes", "code", "expected"),
    [
        ({"spaces": ("kios",)}, "GORENGAN", ["E1"]),
        ({"electricity": "none"}, "KUE_BASAH", ["E2"]),
        ({"raw": {"pangan_pasar": 0}}, "GORENGAN", ["E3"]),
        ({"raw": {}}, "GORENGAN", []),
        ({"refused": ("GORENGAN",)}, "GORENGAN", ["E4"]),
        ({"scheme": "group"}, "GORENGAN", ["E5"]),
        ({"capital_idr": 699_999}, "GORENGAN", ["E6"]),
        ({"capital_idr": 700_000}, "GORENGAN", []),
        ({"spaces": ("rumah",), "electricity": "900va"}, "JAHIT", ["E7"]),
        ({"spaces": ("rumah",), "electricity": "900va", "skills": {"menjahit": "basic"}}, "JAHIT", []),
        ({"skills": {}}, "GORENGAN", []),
    ],
)
def test_what_excludes_an_idea(changes: dict[str, Any], code: str, expected: list[str]):
    assert codes_against(code, **changes) == expected


@pytest.mark.parametrize(
    ("capital", "points"),
    [(700_000, 6), (999_999, 6), (1_000_000, 12), (2_250_000, 16), (3_499_999, 20), (3_500_000, 20)],
)
def test_capital_of_an_idea_between_one_and_three_and_a_half_million(capital: int, points: int):
    assert part(one("GORENGAN", capital_idr=capital), "Modal") == points


@pytest.mark.parametrize(("level", "points"), [("experienced", 20), ("basic", 12), ("none", 6)])
def test_one_skill(level: str, points: int):
    assert part(one("GORENGAN", skills={"memasak": level}), "Keterampilan") == points


def test_two_skills_count_by_their_mean():
    assert part(one("WARUNG_KOPI"), "Keterampilan") == 16


@pytest.mark.parametrize(("others", "points"), [(0, 15), (1, 15), (2, 12), (3, 12), (4, 9), (6, 9), (7, 6), (400, 6)])
def test_competition(others: int, points: int):
    assert part(one("GORENGAN", competitors={"GORENGAN": others}), "Pasar") == points


def test_assisted_businesses_of_the_village_are_competition_too_and_named():
    found = one("GORENGAN", competitors={"GORENGAN": 1}, assisted={"GORENGAN": 1})
    assert part(found, "Pasar") == 12
    assert "1 penerima lain di desa ini" in next(line.words for line in found.lines if line.part == "Pasar")


def test_a_market_never_counts_below_nothing():
    assert part(one("GORENGAN", demand={"tetangga": 1}, competitors={"GORENGAN": 9}), "Pasar") == 0


@pytest.mark.parametrize(("rating", "points"), [(1, 4), (2, 8), (3, 10)])
def test_materials(rating: int, points: int):
    assert part(one("GORENGAN", raw={"pangan_pasar": rating}), "Bahan baku") == points


def test_a_material_that_nobody_rated_counts_a_little_and_says_so():
    found = one("GORENGAN", raw={})
    assert (part(found, "Bahan baku"), found.lines[4].words) == (4, "belum dinilai.")


@pytest.mark.parametrize(
    ("hours", "points"), [("5", 10), ("4.99", 6), ("3.5", 6), ("3.49", 3), ("2.5", 3), ("2.49", 0), ("0", 0)]
)
def test_hours_of_an_idea_that_needs_five(hours: str, points: int):
    assert part(one("GORENGAN", hours=Fraction(hours)), "Waktu") == points


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 10), ({"caregiver": True}, 6), ({"age": 55}, 6), ({"age": 54}, 10), ({"limited_strength": True}, 6),
        ({"caregiver": True, "age": 60}, 2), ({"caregiver": True, "age": 60, "hours": Fraction(3)}, 0),
    ],
)  # fmt: skip
def test_heavy_work_outside_the_house(changes: dict[str, Any], points: int):
    base = {"spaces": ("tepi_air",), "caregiver": False, "hours": Fraction(8), "raw": {"ikan": 3}}
    assert part(one("IKAN_ASIN", **base | changes), "Waktu") == points


@pytest.mark.parametrize(
    ("wishes", "points"), [({"GORENGAN": 2}, 8), ({"GORENGAN": 3}, 6), ({"SARAPAN": 1}, 4), ({"JAHIT": 1}, 0), ({}, 0)]
)
def test_wishes(wishes: dict[str, int], points: int):
    assert part(one("GORENGAN", wishes=wishes), "Minat") == points


def test_what_takes_long_without_other_income_is_a_risk():
    fish = {"spaces": ("pekarangan",), "water": "banyak", "raw": {"pakan": 2}}
    assert part(one("LELE", **fish), "Risiko") == -8
    assert part(one("LELE", **fish, has_other_income=True), "Risiko") == 0
    assert part(one("LELE", **fish, flood_prone=True), "Risiko") == -13


def test_equal_points_go_to_the_cheaper_idea():
    found = advice(demand={}, wishes={}, raw={}, competitors={}).suggestions
    keys = [(-one.points, one.idea.cap_min, one.idea.code) for one in found]
    assert keys == sorted(keys)


families = st.builds(
    Family,
    scheme=st.sampled_from(("person", "group")),
    capital_idr=st.integers(0, 25_000_000),
    spaces=st.sets(st.sampled_from(sorted({idea.space for idea in IDEAS.values()}))).map(sorted),
    electricity=st.sampled_from(ELECTRICITY),
    water=st.sampled_from(WATER),
    skills=st.dictionaries(
        st.sampled_from(sorted({skill for idea in IDEAS.values() for skill in idea.skills})),
        st.sampled_from(("none", "basic", "experienced")),
    ),
    demand=st.dictionaries(st.sampled_from(("tetangga", "sekolah", "pasar", "daring")), st.integers(0, 3)),
    raw=st.dictionaries(st.sampled_from(sorted({idea.raw for idea in IDEAS.values()})), st.integers(0, 3)),
    competitors=st.dictionaries(st.sampled_from(sorted(IDEAS)), st.integers(0, 20)),
    assisted=st.dictionaries(st.sampled_from(sorted(IDEAS)), st.integers(0, 20)),
    hours=st.fractions(0, 16),
    caregiver=st.booleans(),
    limited_strength=st.booleans(),
    age=st.none() | st.integers(15, 90),
    wishes=st.dictionaries(st.sampled_from(sorted(IDEAS)), st.integers(1, 3), max_size=3),
    refused=st.sets(st.sampled_from(sorted(IDEAS)), max_size=3).map(sorted),
    has_cold_storage=st.booleans(),
    flood_prone=st.booleans(),
    has_other_income=st.booleans(),
)


@given(families, st.randoms())
def test_no_point_is_unexplained_and_the_catalogues_order_does_not_matter(family: Family, random: Any):
    shuffled: list[BusinessIdea] = list(IDEAS.values())
    random.shuffle(shuffled)
    found = advise(family, shuffled)
    assert found == advise(family, IDEAS.values())
    assert len(found.suggestions) + len(found.excluded) == len(IDEAS)
    for suggestion in found.suggestions:
        assert 0 <= suggestion.points <= 100
        assert all(line.words for line in suggestion.lines)
        assert all(line.points <= line.most for line in suggestion.lines)
    assert all(one.reasons for one in found.excluded)
