"""A server put back to before it looked for doubles knows the cases again that laptops name: its key lies beside it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import pytest

from kube_field.server.looking_back import look_back
from kube_field.server.storage.proof import check_feed
from tests.contracts.desk import Desk
from tests.contracts.merge_words import add_deciders, case_about, decision, twins
from tests.contracts.put_back import Place, postgres_tools
from tests.support.postgres import make_ready_database
from tests.support.server import open_test_database


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    if request.param == "sqlite":
        return Place(tmp_path)
    monkeypatch.setenv("PATH", f"{postgres_tools()}{os.pathsep}{os.environ['PATH']}")
    return Place(tmp_path, make_ready_database())


def forget_doubles(place: Place) -> None:
    """The database as the step that brought doubles leaves one from before it: a new key, no marks, no cases.

    What the feed told about doubles stays, so that its proofs do.
    """
    database = open_test_database(place.folder, place.url)
    with database.write():
        for table in ("record_mark", "dup_case", "merge"):
            database.run(f"DELETE FROM {table}")
        database.run("DELETE FROM server_meta WHERE name = 'secrets_noted'")
        database.run("UPDATE server_meta SET value = '' WHERE name = 'doubles_until'")
        database.tell("UPDATE server_meta SET value = ? WHERE name = 'doubles_key'", secrets.token_hex(32))
        database.run("UPDATE server_meta SET value = '0' WHERE name = 'grants_at'")
    database.close()


def key_of(desk: Desk) -> str:
    return str(desk.rows("SELECT value FROM server_meta WHERE name = 'doubles_key'")[0][0])


def names_of(desk: Desk) -> dict[str, str]:
    return {str(uid): str(into) for uid, into in desk.rows("SELECT uid, merged_into FROM record WHERE kind = 'person'")}


@pytest.mark.parametrize("looks_first", [False, True])
def test_a_decision_of_before_counts_again(place: Place, looks_first: bool):
    with place.desk() as desk:
        desk.add("Rina")
        add_deciders(desk)
        twins(desk)
        made = decision(desk, case=case_about(desk, "person-1", "person-2"))
        key = key_of(desk)
    image = place.image()
    with place.desk() as desk:
        assert desk.statuses(made, name="Sari") == ["applied"]
        assert names_of(desk)["person-2"] == "person-1"
    place.put_back(image)
    forget_doubles(place)
    with place.desk() as desk:
        assert key_of(desk) == key
        if looks_first:
            while look_back(desk.house):
                pass
        assert desk.statuses(made, name="Sari") == ["applied"]
        assert names_of(desk)["person-2"] == "person-1"
        assert check_feed(desk.house.database) == []


def test_the_key_is_written_down_once(place: Place):
    for _start in range(3):
        with place.desk() as desk:
            key = key_of(desk)
    lines = (place.folder / "grants.jsonl").read_text(encoding="utf-8").splitlines()
    assert sum(key in line for line in lines) <= 2, "when the file was begun, and when it was first noted"
