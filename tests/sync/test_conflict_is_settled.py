"""A conflict from beginning to end over the real server: two officers, one choice, both laptops at peace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kube_field.domain.records import RecordKind
from kube_field.errors import KubeFieldError
from kube_field.usecases.conflicts import open_conflicts, resolve, settled_story
from kube_field.usecases.drafts import begin_draft, save_draft
from kube_field.usecases.handover import handover_paper
from kube_field.usecases.households import household_profile
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import commit_saved, register_household
from tests.support.read_papers import paper_text
from tests.support.server import RunningServer, enrolled, running_server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path) as running:
        yield running


@pytest.fixture
def laptops(server: RunningServer, tmp_path: Path) -> Iterator[tuple[Laptop, Laptop]]:
    with make_laptop(tmp_path, "Rina") as rina, make_laptop(tmp_path, "Dewi", code="L08") as dewi:
        for laptop in (rina, dewi):
            enrolled(server, laptop)
        yield rina, dewi


def edit(laptop: Laptop, uid: str, name: str) -> None:
    draft = begin_draft(laptop.session, kind=RecordKind.HOUSEHOLD, record_uid=uid)
    commit_saved(laptop.session, save_draft(laptop.session, draft=draft, answers={**draft.answers, "head_name": name}))


@pytest.mark.parametrize("chosen", ["Melati Pertama", "Melati Kedua", "Melati Ketiga"])
def test_one_choice_settles_it_on_both_laptops(server: RunningServer, laptops, chosen: str) -> None:
    rina, dewi = laptops
    home = register_household(rina.session)
    for laptop in (rina, dewi):
        server.sync(laptop.session)
    edit(rina, home.uid, "Melati Pertama")
    edit(dewi, home.uid, "Melati Kedua")
    for laptop in (rina, dewi, rina):
        server.sync(laptop.session)
    for laptop in laptops:
        ((field,),) = [told.fields for told in open_conflicts(laptop.session)]
        assert (field.base, field.server.text) == ("Melati Contoh Satu", "Melati Pertama")
        assert [(one.text, one.by, one.mine) for one in field.others] == [("Melati Kedua", "Dewi", laptop is dewi)]
    resolve(dewi.session, home.uid, {"head_name": chosen}, "Sesuai KTP")
    assert open_conflicts(dewi.session) == []
    for laptop in (dewi, rina):
        server.sync(laptop.session)
    for laptop in laptops:
        record = laptop.store.records.get(home.uid)
        assert record is not None
        assert record.answers["head_name"] == chosen
        assert open_conflicts(laptop.session) == []
        (item,) = settled_story(laptop.session, record)
        assert all(name in item.detail for name in ("Melati Pertama", "Melati Kedua", f"dipilih {chosen}"))
    newest = dewi.store.queue.runs()[0]
    assert "Melati" in paper_text(handover_paper(dewi.session, run_id=newest.id))


def change(laptop: Laptop, uid: str, **answers: Any) -> None:
    draft = begin_draft(laptop.session, kind=RecordKind.HOUSEHOLD, record_uid=uid)
    commit_saved(laptop.session, save_draft(laptop.session, draft=draft, answers={**draft.answers, **answers}))


def history(laptop: Laptop, uid: str) -> list[tuple[str, str]]:
    told = household_profile(laptop.session, uid=uid).history
    return [(item.what, item.detail) for item in told if item.what in ("Digabung", "Diubah petugas lain")]


def test_both_who_edited_different_fields_are_told_quietly(server: RunningServer, laptops) -> None:
    rina, dewi = laptops
    home = register_household(rina.session)
    for laptop in (rina, dewi):
        server.sync(laptop.session)
    change(rina, home.uid, head_name="Melati Pertama")
    server.sync(rina.session)
    assert history(rina, home.uid) == []
    change(dewi, home.uid, dusun="Dusun Hulu")
    for laptop in (dewi, rina):
        server.sync(laptop.session)
        record = laptop.store.records.get(home.uid)
        assert (record.answers["head_name"], record.answers["dusun"]) == ("Melati Pertama", "Dusun Hulu")
        assert open_conflicts(laptop.session) == []
    ((what, detail),) = history(dewi, home.uid)
    assert what == "Digabung"
    assert "Perubahan Dewi (Dusun/lingkungan)" in detail
    ((what, detail),) = history(rina, home.uid)
    assert what == "Diubah petugas lain"
    assert detail.endswith("diubah oleh petugas lain"), "Dewi's staff record is not here"


def test_two_edits_of_ones_own_are_nothing_to_tell(server: RunningServer, laptops) -> None:
    rina, _dewi = laptops
    home = register_household(rina.session)
    server.sync(rina.session)
    change(rina, home.uid, head_name="Melati Pertama")
    change(rina, home.uid, dusun="Dusun Hulu")
    server.sync(rina.session)
    assert history(rina, home.uid) == []


def test_answers_that_are_an_error_only_together_are_told_and_settled(server: RunningServer, laptops) -> None:
    """A choice that is still one is refused on the laptop, with what stands against it; nothing is asked for ever."""
    rina, dewi = laptops
    home = register_household(rina.session, size=4, n_school=2)
    for laptop in (rina, dewi):
        server.sync(laptop.session)
    change(rina, home.uid, size=3)
    change(dewi, home.uid, n_school=4)
    for laptop in (rina, dewi, rina):
        server.sync(laptop.session)
    for laptop in laptops:
        ((field,),) = [told.fields for told in open_conflicts(laptop.session)]
        assert (field.label, field.base, field.server.text) == ("Usia sekolah", "2 orang", "2 orang")
        assert [(one.text, one.by, one.mine) for one in field.others] == [("4 orang", "Dewi", laptop is dewi)]
        assert field.apart == "Tidak boleh lebih dari jumlah anggota keluarga (3)."
    with pytest.raises(KubeFieldError, match=r"keluarga \(3\)"):
        resolve(dewi.session, home.uid, {"n_school": 4})
    change(dewi, home.uid, size=4)
    ((field,),) = [told.fields for told in open_conflicts(dewi.session)]
    assert field.apart == ""
    resolve(dewi.session, home.uid, {"n_school": 4})
    for laptop in (dewi, rina):
        server.sync(laptop.session)
    for laptop in laptops:
        record = laptop.store.records.get(home.uid)
        assert record is not None
        assert (record.answers["size"], record.answers["n_school"]) == (4, 4)
        assert open_conflicts(laptop.session) == []
