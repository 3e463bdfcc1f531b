"""The drill: a server put back from last night's backup, into the same place and into a new one (sync design, T10).

Laptops had receipts for work that the backup does not hold. Afterwards nothing of it is missing, on the server and on
every laptop, and nobody did more than the one restore command.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from kube_field.server.photo_rounds import look_after_photos
from kube_field.usecases.sync import sync_store
from tests.contracts.put_back import postgres_tools
from tests.support.drill import (
    assert_alike,
    command,
    contents,
    edit,
    held_by,
    new_cluster,
    photographed_visit,
    receipts,
    sync,
    sync_watching,
)
from tests.support.laptop import make_laptop
from tests.support.make_records import make_unit, register_household, register_person
from tests.support.postgres import make_database
from tests.support.server import enrolled, running_server

KECAMATAN = "64.02.12"


def same_file(tmp_path: Path, _stack: ExitStack) -> tuple[str, str, Path]:
    return "", "", tmp_path


def new_machine(tmp_path: Path, _stack: ExitStack) -> tuple[str, str, Path]:
    """What lies beside the database comes along; the database itself only as its backup."""
    return "", "", tmp_path / "new-machine"


def same_database(tmp_path: Path, _stack: ExitStack) -> tuple[str, str, Path]:
    url = make_database()
    return url, url, tmp_path


def other_cluster(tmp_path: Path, stack: ExitStack) -> tuple[str, str, Path]:
    return make_database(), stack.enter_context(new_cluster()), tmp_path


@pytest.mark.parametrize(
    "places",
    [
        same_file,
        pytest.param(new_machine, marks=pytest.mark.slow),
        pytest.param(same_database, marks=pytest.mark.postgres),
        pytest.param(other_cluster, marks=[pytest.mark.postgres, pytest.mark.slow]),
    ],
)
def test_nothing_that_had_a_receipt_is_missing_after_a_restore(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    places: Callable[[Path, ExitStack], tuple[str, str, Path]],
):
    monkeypatch.setenv("PATH", f"{postgres_tools()}{os.pathsep}{os.environ['PATH']}")
    with ExitStack() as stack:
        old_url, new_url, new_folder = places(tmp_path, stack)
        rina, budi, siti, dewi = (
            stack.enter_context(make_laptop(tmp_path, name)) for name in ("Rina", "Budi", "Siti", "Dewi")
        )
        home = tmp_path / "server"
        image = tmp_path / "cadangan"

        with running_server(tmp_path, postgres_url=old_url) as server:
            for laptop in (rina, budi, dewi):
                enrolled(server, laptop)
            family = register_household(rina.session)
            unit = make_unit(rina.session, register_person(rina.session, household=family))
            photo_before = photographed_visit(rina, unit.uid, "2026-10-20")
            sync(server, rina, budi, dewi, rina)
        command(home, old_url, "backup", "create", str(image))

        with running_server(tmp_path, postgres_url=old_url) as server:  # the day that the backup does not hold
            enrolled(server, siti)
            edit(rina, family.uid, address="Jalan Baru")
            home_2 = register_household(rina.session, 2)
            unit = make_unit(rina.session, register_person(rina.session, 2, household=home_2))
            photo_since = photographed_visit(rina, unit.uid, "2026-11-20")
            register_household(budi.session, 3)
            register_household(siti.session, 4)
            assert sync_watching(server, rina, photo_before, photo_since)[-1] == ("stored", "stored")
            sync(server, budi, siti, rina, budi)
            codes = server.rows("SELECT device_id, code FROM device ORDER BY code")
            before = contents(server)
        command(home, old_url, "device", "revoke", str(codes[2][1]))
        each = {laptop.folder: receipts(laptop) for laptop in (rina, budi, siti)}
        promised = set().union(*each.values())
        assert len(promised) >= 11

        if new_folder != tmp_path:
            (new_folder / "server").mkdir(parents=True)
            for name in ("grants.jsonl", "saksi.json"):
                shutil.copyfile(home / name, new_folder / "server" / name)
        command(new_folder / "server", new_url, "backup", "restore", str(image))

        with running_server(new_folder, postgres_url=new_url) as server:
            assert not promised <= held_by(server)
            look_after_photos(server.house)  # the first thing that its keeper does
            photo_came_along = photo_before.lies_at(server)
            assert (photo_came_along, photo_since.lies_at(server)) == (new_folder == tmp_path, False)
            shown = sync_watching(server, rina, photo_before, photo_since)
            assert shown[0] == ("stored" if photo_came_along else "local", "local")
            assert shown[-1] == ("stored", "stored")
            sync(server, budi, siti, rina, budi)
            assert promised <= held_by(server)
            assert photo_before.lies_at(server)
            assert photo_since.lies_at(server)
            assert contents(server) == before
            assert server.rows("SELECT device_id, code FROM device ORDER BY code") == codes
            for laptop in (rina, budi, siti):
                assert receipts(laptop) == each[laptop.folder]
                assert_alike(server, laptop)
            sync_store(dewi.session.store).move_to(server.url)
            assert server.sync(dewi.session).exit_code == 12
            assert len(server.rows("SELECT epoch FROM lineage")) == 2


def test_a_file_copied_back_by_hand_without_a_word_or_a_witness_loses_nothing(tmp_path: Path):
    home = tmp_path / "server"
    with make_laptop(tmp_path, "Rina") as rina, make_laptop(tmp_path, "Budi") as budi:
        with running_server(tmp_path) as server:
            enrolled(server, rina)
            enrolled(server, budi)
            register_household(rina.session)
            sync(server, rina, budi)
        shutil.copyfile(home / "server.db", tmp_path / "old.db")  # the server ended well, so its journal is in it
        with running_server(tmp_path) as server:
            register_household(rina.session, 2)
            register_household(budi.session, 3)
            sync(server, rina, budi, rina)
            before = contents(server)
        promised = receipts(rina) | receipts(budi)
        for path in (*home.glob("server.db*"), home / "saksi.json", home / "grants.jsonl"):
            path.unlink()
        shutil.copyfile(tmp_path / "old.db", home / "server.db")
        with running_server(tmp_path) as server:
            assert server.rows("SELECT count(*) FROM lineage") == [(1,)]
            assert not promised <= held_by(server)
            sync(server, budi, rina, budi)
            assert promised <= held_by(server)
            assert contents(server) == before
            assert server.rows("SELECT code FROM device ORDER BY code") == [("L01",), ("L02",)]
            for laptop in (rina, budi):
                assert_alike(server, laptop)


def test_a_laptop_that_was_idle_keeps_its_name_over_a_restore(tmp_path: Path):
    home, image = tmp_path / "server", tmp_path / "cadangan"
    with make_laptop(tmp_path, "Rina") as rina:
        with running_server(tmp_path) as server:
            enrolled(server, rina)
            sync(server, rina)
        command(home, "", "backup", "create", str(image))
        with running_server(tmp_path) as server:
            sync(server, rina, rina)  # says hello only
        command(home, "", "backup", "restore", str(image))
        with running_server(tmp_path) as server:
            sync(server, rina, rina)
            assert server.rows("SELECT code FROM device") == [("L01",)]


def test_the_quarantined_database_is_kept_with_its_journal(tmp_path: Path):
    home, image = tmp_path / "server", tmp_path / "cadangan"
    with running_server(tmp_path) as server:
        server.add_user("Rina")
    command(home, "", "backup", "create", str(image))
    (home / "server.db-wal").write_bytes(b"a journal that must not come back")
    command(home, "", "backup", "restore", str(image))
    (kept,) = (home / "karantina").iterdir()
    assert {"server.db", "server.db-wal"} <= {path.name for path in kept.iterdir()}
    assert command(home, "", "backup", "verify", str(image))["counts"]
    assert command(home, "", "user", "list")["users"]
