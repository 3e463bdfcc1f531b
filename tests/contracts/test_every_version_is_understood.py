"""What laptops of every released version send is taken in by today's server: the files in `golden` never change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kube_field.domain.records import Role
from kube_field.server.storage.accounts import Accounts
from kube_field.wire.canonical import hash_of_change
from kube_field.wire.changes import from_wire
from kube_field.wire.messages import WireChange
from tests.contracts.desk import Desk

GOLDEN = Path(__file__).parent / "golden"
VERSIONS = sorted(path.stem for path in GOLDEN.glob("*.json"))


def changes_of(version: str) -> list[dict[str, Any]]:
    found = json.loads((GOLDEN / f"{version}.json").read_text(encoding="utf-8"))
    assert isinstance(found, list)
    return found


@pytest.fixture
def known(desk: Desk) -> Desk:
    """A server that knows the authors of the golden files."""
    desk.add("Admin", Role.ADMIN_PROV, ("64",))
    with desk.house.database.write():
        accounts = Accounts(desk.house.database)
        accounts.add_alias("staff-rina", "user-rina")
        accounts.add_alias("staff-admin", "user-admin")
    return desk


def test_there_is_a_golden_file_of_the_first_version():
    assert "0.1.0" in VERSIONS


@pytest.mark.parametrize("version", VERSIONS)
def test_everything_that_a_version_could_send_is_taken_in_whole(known: Desk, version: str):
    changes = changes_of(version)
    results = known.push(*(json.dumps(change).encode() for change in changes))
    assert [(result.status, result.errors) for result in results] == [("applied", [])] * len(changes)
    assert [result.receipt and result.receipt.sha256 for result in results] == [item["sha256"] for item in changes]
    stored = {uid: json.loads(body) for uid, body in known.rows("SELECT uid, body FROM record")}
    for change in changes:
        for name, (_old, new) in change["set"].items():
            assert stored[change["uid"]].get(name) == new, (change["kind"], name)


@pytest.mark.parametrize("version", VERSIONS)
def test_fields_of_a_later_version_come_back_as_they_went(known: Desk, version: str):
    """A laptop that is newer than the server loses nothing by it."""
    change = next(item for item in changes_of(version) if item["kind"] == "household")
    later = msgspec.convert(change, WireChange)
    later.set["pertanyaan_baru"] = (None, {"isi": ["a", 7]})
    raw = with_its_hash(later)
    assert known.statuses(raw) == ["applied"]
    rows = [row for row in known.pull(scope=change["scope"]).rows if row.uid == change["uid"]]
    assert rows[0].body["pertanyaan_baru"] == {"isi": ["a", 7]}
    edit = WireChange(
        id="edit-1", uid=change["uid"], kind="household", scope=change["scope"], base=1, form=change["form"],
        set={"rt": (change["set"].get("rt", [None, None])[1], 9)}, by="staff-rina", at=change["at"], sha256="",
    )  # fmt: skip
    assert [(one.status, one.errors) for one in known.push(with_its_hash(edit))] == [("applied", [])]
    body = next(row.body for row in known.pull(scope=change["scope"]).rows if row.uid == change["uid"])
    assert (body["rt"], body["pertanyaan_baru"]) == (9, {"isi": ["a", 7]})


def with_its_hash(change: WireChange) -> WireChange:
    change.sha256 = hash_of_change(from_wire(change))
    return change
