"""Programme batches as the list and the profile show them."""

from __future__ import annotations

import pytest

from kube_field.errors import KubeFieldError
from kube_field.usecases.batches import batch_profile, batches, begin_batch
from tests.support.laptop import Laptop
from tests.support.make_records import as_admin, make_batch, make_group, make_unit


def test_a_batch_is_told_in_words_with_its_units(laptop: Laptop):
    batch = make_batch(laptop.session)
    unit = make_unit(laptop.session, make_group(laptop.session, members=3, batch=batch))
    (row,) = batches(laptop.session)
    assert (row.name, row.scheme, row.year, row.source) == ("KUBE APBD Prov 2026", "KUBE", 2026, "APBD provinsi")
    assert (row.amount, row.tranches, row.members) == ("Rp20.000.000", "50% + 50% setelah kunjungan", "5–20")
    assert (row.units, row.target) == (1, 20)
    profile = batch_profile(laptop.session, uid=batch.uid)
    assert [one.uid for one in profile.units] == [unit.uid]
    told = dict(pair for _title, pairs in profile.sections for pair in pairs)
    assert told["Tahap pencairan"] == "1 · 50 % · Langsung\n2 · 50 % · Setelah kunjungan disetujui"


def test_the_newest_year_comes_first(laptop: Laptop):
    for year in (2024, 2026, 2025):
        make_batch(laptop.session, name=f"Paket {year}", fiscal_year=year)
    assert [row.year for row in batches(laptop.session)] == [2026, 2025, 2024]


def test_only_the_province_changes_batches(laptop: Laptop):
    batch = make_batch(laptop.session)
    assert not batch_profile(laptop.session, uid=batch.uid).may_edit
    with pytest.raises(KubeFieldError, match="hanya diubah oleh admin provinsi"):
        begin_batch(laptop.session)
    assert batch_profile(as_admin(laptop.session), uid=batch.uid).may_edit
    assert begin_batch(as_admin(laptop.session)).answers == {}
