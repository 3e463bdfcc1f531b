from __future__ import annotations

from pathlib import Path

import pytest

from kube_field.domain.records import RecordKind
from kube_field.usecases.search import search
from tests.support.laptop import make_laptop
from tests.support.make_records import make_group, register_person


@pytest.mark.parametrize("typed", ["melatti contoh satu", "mlati contoh satu", "Melaty Contoh Satu"])
def test_a_slip_in_a_name_still_finds_the_person(tmp_path: Path, typed: str) -> None:
    with make_laptop(tmp_path) as laptop:
        wanted = register_person(laptop.session, 1)
        register_person(laptop.session, 2)
        hits = search(laptop.session, text=typed)
    assert [(hit.kind, hit.uid) for hit in hits] == [(RecordKind.PERSON, wanted.uid)]


@pytest.mark.parametrize("typed", ["melti", "melatti", "mlati", "KUBE melti", "kube melatti"])
def test_a_single_word_with_a_slip_finds_the_group(tmp_path: Path, typed: str) -> None:
    with make_laptop(tmp_path) as laptop:
        wanted = make_group(laptop.session, name="KUBE Melati")
        make_group(laptop.session, name="KUBE Kenanga")
        hits = search(laptop.session, text=typed)
    assert [(hit.kind, hit.uid) for hit in hits] == [(RecordKind.KUBE_GROUP, wanted.uid)]


def test_numbers_and_scraps_are_not_guessed_at(tmp_path: Path) -> None:
    with make_laptop(tmp_path) as laptop:
        register_person(laptop.session, 1)
        assert [search(laptop.session, text=text) for text in ("", "x", "zzz", "640299", "gggggggg")] == [[]] * 5
