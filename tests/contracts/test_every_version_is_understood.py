"""What laptops of every released version send is taken in by today's server: the files in `golden` never change.

`python -m tests.support.make_golden FILE` records what today's program sends into a new one.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kube_field.domain.forms.catalogue import every_form
from kube_field.domain.records import RecordKind, Role
from kube_field.server.storage.accounts import Accounts
from kube_field.server.storage.double_rows import KEY
from kube_field.wire.canonical import hash_of_change
from kube_field.wire.changes import from_wire
from kube_field.wire.messages import WireChange
from tests.contracts.desk import Desk
from tests.support.make_golden import DOUBLES_KEY

GOLDEN = Path(__file__).parent / "golden"
VERSIONS = sorted(path.stem for path in GOLDEN.glob("*.json"))
NEWEST = "0.1.0-30-november"
OF_ONE_NUMBER = {"schema"}
"""Words of a change that were the same ever since."""


def changes_of(version: str) -> list[dict[str, Any]]:
    found = json.loads((GOLDEN / f"{version}.json").read_text(encoding="utf-8"))
    assert isinstance(found, list)
    return found


@pytest.fixture
def known(desk: Desk) -> Desk:
    """A server that knows the authors of the golden files."""
    desk.add("Admin", Role.ADMIN_PROV, ("64",))
    desk.add("Sari", Role.PENYELIA_KAB, ("64.02",))
    with desk.house.database.write():
        accounts = Accounts(desk.house.database)
        accounts.change_meta(KEY, DOUBLES_KEY)
        for name in ("rina", "admin", "sari"):
            accounts.add_alias(f"staff-{name}", f"user-{name}")
    return desk


def test_there_is_a_golden_file_of_the_first_version():
    assert "0.1.0" in VERSIONS


def test_the_newest_golden_file_has_every_kind_of_record():
    """Whoever adds a kind records a new file with it: an older program will still send it one day."""
    assert sorted(set(RecordKind) - {change["kind"] for change in changes_of(NEWEST)}) == []


def test_every_form_stands_in_a_golden_file():
    """A draft keeps the version of the form that it was begun with, so that all of them are still sent."""
    found = {(change["kind"], change["form"]) for version in VERSIONS for change in changes_of(version)}
    assert sorted({(form.kind.value, form.version) for form in every_form()} - found) == []


def test_the_newest_golden_file_has_every_word_that_a_change_may_tell():
    told = {name for change in changes_of(NEWEST) for name, value in change.items() if value}
    assert set(WireChange.__struct_fields__) - told - OF_ONE_NUMBER == set()


@pytest.mark.parametrize("version", VERSIONS)
def test_everything_that_a_version_could_send_is_taken_in_whole(known: Desk, version: str):
    changes = changes_of(version)
    results = known.push(*(json.dumps(change).encode() for change in changes))
    assert [(result.status, result.errors) for result in results] == [(status, []) for status in statuses_of(changes)]
    assert [result.receipt and result.receipt.sha256 for result in results] == [item["sha256"] for item in changes]
    stored = {uid: json.loads(body) for uid, body in known.rows("SELECT uid, body FROM record")}
    last = {(change["uid"], name): new for change in changes for name, (_old, new) in change["set"].items()}
    for (uid, name), new in last.items():
        assert stored[uid].get(name) == new, (uid, name)


def statuses_of(changes: list[dict[str, Any]]) -> list[str]:
    """What becomes of them: a second edit of one version is merged, or a conflict that a later change settles."""
    settled = {conflict.split(":")[1] for change in changes for conflict in change.get("resolves", ())}
    edited: set[tuple[str, int]] = set()
    statuses = []
    for change in changes:
        late = (change["uid"], change["base"]) in edited
        edited.add((change["uid"], change["base"]))
        statuses.append("conflict" if change["id"] in settled else "merged" if late else "applied")
    return statuses


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
