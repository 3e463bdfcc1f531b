"""What a supervisor decides at the server's command line, as it answers programs and people."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from kube_field.server.cli import main
from kube_field.server.storage.database import open_sqlite
from tests.contracts.desk import Desk
from tests.support.server import make_server_house
from tests.support.wire_changes import make_fact, make_household


@pytest.fixture
def folder(tmp_path: Path):
    """A server's folder with one change in quarantine (its author is unknown) and one that waits."""
    house = make_server_house(tmp_path, open_sqlite(tmp_path / "server.db"))
    desk = Desk(house)
    desk.add("Rina")
    strange = make_household()
    strange.id, strange.by = "strange-1", "somebody"
    assert desk.statuses(strange, make_fact()) == ["quarantined", "held"]
    house.database.close()
    return tmp_path


def say(folder: Path, *words: str, code: int = 0) -> dict[str, Any]:
    out, err = io.StringIO(), io.StringIO()
    assert main([*words, "--data-dir", str(folder), "--json"], out, err) == code, err.getvalue()
    return json.loads(out.getvalue())


def test_a_quarantined_change_is_listed_and_accepted(folder: Path):
    (listed,) = say(folder, "quarantine", "list")["changes"]
    assert (listed["change_id"], listed["kind"], listed["code"]) == ("strange-1", "household", "AUTHOR_UNKNOWN")
    answer = say(folder, "quarantine", "accept", "strange-1")
    assert (answer["ok"], answer["status"]) == (True, "applied")
    assert say(folder, "quarantine", "list")["changes"] == []
    assert say(folder, "check")["faults"] == []


def test_a_refusal_needs_a_reason_and_a_known_supervisor(folder: Path):
    assert say(folder, "quarantine", "refuse", "strange-1", "--reason", " ", code=3)["ok"] is False
    unknown = say(folder, "quarantine", "refuse", "strange-1", "--reason", "ganda", "--by", "Nobody", code=3)
    assert unknown["code"] == "NO_SUCH_USER"
    assert say(folder, "quarantine", "accept", "strange-1", "--by", "Rina", code=14)["ok"] is False
    assert say(folder, "quarantine", "refuse", "strange-1", "--reason", "ganda")["status"] == "rejected"
    assert say(folder, "quarantine", "accept", "strange-1", code=3)["code"] == "NOT_IN_QUARANTINE"


def test_what_waits_and_what_is_tried_again(folder: Path):
    (waiting,) = say(folder, "held", "list", "--older-than-days", "0")["changes"]
    assert (waiting["waits_for"], waiting["status"]) == ("unit-1", "held")
    answer = say(folder, "reprocess")
    assert (answer["decided"], answer["left"]) == (0, 1)


def test_a_broken_proof_ends_the_check_with_the_code_for_damage(folder: Path):
    say(folder, "quarantine", "accept", "strange-1")
    database = open_sqlite(folder / "server.db")
    with database.write():
        database.run("UPDATE scope_head SET sum = '1' WHERE scope = '64.02.12'")
    database.close()
    assert "64.02.12" in say(folder, "check", code=6)["message"]


def test_people_read_lines(folder: Path):
    out, err = io.StringIO(), io.StringIO()
    assert main(["quarantine", "list", "--data-dir", str(folder)], out, err) == 0
    assert "strange-1" in err.getvalue()
    err = io.StringIO()
    assert main(["held", "list", "--data-dir", str(folder), "--older-than-days", "9000"], out, err) == 0
    assert "Tidak ada" in err.getvalue()
