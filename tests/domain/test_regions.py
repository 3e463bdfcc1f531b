"""Regions, poverty lines and ideas as they are shipped (handbook 1.11, 3.7, 4, 6.1)."""

from collections import Counter

import pytest

from kube_field.reference import load_reference, read_table


@pytest.fixture(scope="module")
def reference():
    return load_reference()


@pytest.fixture(scope="module")
def regions(reference):
    return reference.regions


def test_the_counts_are_those_of_the_province(regions):
    kabupaten = regions.all_kabupaten()
    kecamatan = [k for region in kabupaten for k in regions.kecamatan_in(region.code)]
    villages = [v for region in kecamatan for v in regions.villages_in(region.code)]
    kinds = Counter(region.kind for region in (*kabupaten, *kecamatan, *villages))
    assert kinds == {"kabupaten": 7, "kota": 3, "kecamatan": 105, "desa": 841, "kelurahan": 197}


def test_a_village_is_always_shown_with_kecamatan_and_kabupaten(regions):
    assert regions.full_name("64.02.12.2002") == "Long Lalang, Kec. Tabang, Kab. Kutai Kartanegara"
    assert regions.full_name("64.71.05.1002").endswith("Kec. Balikpapan Selatan, Kota Balikpapan")
    assert regions.full_name("99.99.99.2001") == "99.99.99.2001"


def test_regions_are_found_from_any_code_below_them(regions):
    assert regions.village("64.02.12.2002").name == "Long Lalang"
    assert regions.village("64.02.12") is None
    assert regions.kecamatan("64.02.12.2002").name == "Tabang"
    assert regions.kabupaten("64.02.12.2002").name == "Kabupaten Kutai Kartanegara"
    assert regions.scope_of("64.02.12.2002") == "64.02.12"


@pytest.mark.parametrize(
    ("village", "word", "head"),
    [
        ("64.02.12.2002", "Desa", "Kepala Desa"),
        ("64.03.11.2001", "Kampung", "Kepala Kampung"),
        ("64.07.10.2017", "Kampung", "Petinggi"),
        ("64.11.02.2001", "Kampung", "Petinggi"),
        ("64.71.05.1002", "Kelurahan", "Lurah"),
        ("64.03.05.1001", "Kelurahan", "Lurah"),
    ],
)
def test_a_village_has_the_word_of_its_kabupaten(regions, village, word, head):
    assert (regions.village_word(village), regions.head_title(village)) == (word, head)


def test_areas_are_kabupaten_kecamatan_or_the_whole_province(regions):
    code = "64.02.12.2002"
    for areas in (["64.02"], ["64.02.12"], ["64"], ["64.07", "64.02.12"]):
        assert regions.in_areas(code, areas)
    for areas in ([], ["64.07"], ["64.02.1"], ["64.02.11"]):
        assert not regions.in_areas(code, areas)


def test_a_village_name_that_occurs_six_times_is_found_six_times(regions):
    found = regions.search_villages("sumber sari")
    assert [region.name for region in found] == ["Sumber Sari"] * 6
    assert [region.code for region in regions.search_villages("Sumber Sari kota bangun darat")] == ["64.02.19.2007"]
    assert {r.code[:5] for r in regions.search_villages("sumber sari", areas=["64.02"])} == {"64.02"}


def test_names_that_begin_with_the_text_come_first_and_the_limit_holds(regions):
    found = regions.search_villages("long", limit=5)
    assert len(found) == 5
    assert all(region.name.lower().startswith("long") for region in found)


def test_every_kecamatan_of_the_province_is_known_to_the_nik(regions):
    for kabupaten in regions.all_kabupaten():
        for kecamatan in regions.kecamatan_in(kabupaten.code):
            assert regions.nik_region_known(kecamatan.code.replace(".", "")), kecamatan


def test_the_poverty_line_is_the_newest_one_of_the_day(reference):
    at = reference.poverty.at
    assert at("64.02.12.2002", "2022-08-31") is None
    assert at("64.02.12.2002", "2022-09-01").amount_idr == 768_120
    assert at("64", "2025-02-28").amount_idr == 833_955
    assert at("64", "2025-08-31").amount_idr == 866_193
    assert at("64.71", "2026-11-23").amount_idr == 897_759


def test_the_catalogue_has_27_ideas(reference):
    assert len(reference.ideas) == 27
    assert reference.idea("AMPLANG").cap_max == 20_000_000
    assert reference.idea("AMPLANG").skills == ("olahan_kering",)
    assert reference.idea("NONE") is None


def test_the_sample_data_are_shipped():
    assert len(read_table("sample", "sample_people.csv")) == 31
    assert len(read_table("sample", "sample_units.csv")) == 6
    assert len(read_table("sample", "sample_visits.csv")) == 21
