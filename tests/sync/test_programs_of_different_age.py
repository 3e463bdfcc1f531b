"""Laptops whose programs are older or newer than the server's, and one that was away for over a year (T11)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kube_field.domain.records import Record, RecordKind, Role
from kube_field.server.program_age import set_minimum
from kube_field.server.snapshots import make_snapshot
from kube_field.server.storage.accounts import Accounts
from kube_field.server.storage.proof import check_feed
from kube_field.usecases.drafts import begin_draft, save_draft
from kube_field.wire.canonical import hash_of_change
from kube_field.wire.changes import from_wire
from kube_field.wire.server_words import ServerKind
from tests.support.direct_server import DirectServer, direct_server
from tests.support.laptop import KECAMATAN, START, Laptop, make_laptop
from tests.support.make_records import (
    commit_saved,
    make_batch,
    make_unit,
    record_visit,
    register_household,
    register_person,
)
from tests.support.program_of import program_of, with_one_more, without
from tests.support.wire_changes import make_household

OLDER = {
    "asks": without("dusun", "signal", "other_aid"),
    "knows_not": frozenset({RecordKind.VISIT, RecordKind.CONSENT}),
}
"""The first program: three questions about a family came later, and so did visits and consents."""
NEW_FIELD = "sinyal_5g"
NEWER = {"asks": with_one_more(RecordKind.HOUSEHOLD, NEW_FIELD), "version": "9.0.0"}
DAYS_AWAY = 420


@dataclass
class Time:
    """The server's clock, set by hand."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at


@dataclass
class Two:
    """A server and two laptops of one area; whose program is of which age the tests say."""

    server: DirectServer
    time: Time
    rina: Laptop
    budi: Laptop

    def sync(self, *laptops: Laptop) -> None:
        for laptop in laptops:
            run = self.server.sync(laptop.session)
            assert run.outcome == "", run

    def stored(self, uid: str) -> dict[str, Any]:
        ((body, extra),) = self.server.rows(f"SELECT body, extra FROM record WHERE uid = '{uid}'")
        return {**json.loads(body), **json.loads(extra or "{}")}


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    time = Time()
    with direct_server(tmp_path, now=time.now) as server:
        admin = server.add_user("Admin", Role.ADMIN_PROV, ("64",))
        with server.house.database.write():
            Accounts(server.house.database).add_alias("staff-admin", admin.uid)
        with make_laptop(tmp_path, "Rina") as rina, make_laptop(tmp_path, "Budi", code="L09") as budi:
            for laptop in (rina, budi):
                server.enrol(laptop.session, server.add_user(laptop.session.officer.name))
            yield Two(server, time, rina, budi)
        assert check_feed(server.house.database) == []


def edit(laptop: Laptop, uid: str, **answers: Any) -> Record:
    """What an officer changes in a form, with whatever that form asks."""
    draft = begin_draft(laptop.session, kind=RecordKind.HOUSEHOLD, record_uid=uid)
    stored = commit_saved(laptop.session, save_draft(laptop.session, draft=draft, answers={**draft.answers, **answers}))
    assert isinstance(stored, Record)
    return stored


def household(laptop: Laptop, uid: str) -> Record:
    found = laptop.store.records.get(uid)
    assert found is not None
    return found


def everything(laptop: Laptop) -> dict[str, list[tuple[Any, ...]]]:
    """What a laptop shows of what it got, and how its areas stand."""
    queries = {
        "base": "SELECT uid, kind, version, sha256, scope_id FROM sync_base ORDER BY uid",
        "facts": "SELECT uid, kind, sha256, answers FROM fact ORDER BY uid",
        "household": "SELECT uid, answers, extra FROM household ORDER BY uid",
        "person": "SELECT uid, answers, extra FROM person ORDER BY uid",
        "scopes": "SELECT scope_id, seq, sum, state FROM sync_scope WHERE scope_id NOT LIKE 'user:%' ORDER BY scope_id",
        "words": "SELECT uid, title FROM search_entry ORDER BY uid",
    }
    return {name: laptop.store.db.rows(query) for name, query in queries.items()}


def a_village(two: Two) -> str:
    """A family, its woman, her business and a visit by today's program, and a field of tomorrow; the family's uid."""
    person = register_person(two.rina.session, other_phone=None)
    batch = {"uid": make_batch(two.rina.session).uid, "name": "KUBE"}
    record_visit(two.rina.session, make_unit(two.rina.session, person, batch_id=batch).uid)
    two.sync(two.rina)
    return str(person.answers["household_id"]["uid"])


@pytest.mark.parametrize("way", ["pages", "file"])
def test_an_old_program_changes_what_it_knows_and_keeps_what_it_does_not(two: Two, way: str):
    uid = a_village(two)
    edit(two.rina, uid, dusun="Dusun Baru", other_aid=["sembako"])
    two.sync(two.rina)
    if way == "file":
        make_snapshot(two.server.house, KECAMATAN)
    with program_of(**OLDER):
        two.sync(two.budi)
        here = household(two.budi, uid)
        assert ("dusun" in here.answers, here.extra["dusun"], here.extra["other_aid"]) == (
            False,
            "Dusun Baru",
            ["sembako"],
        )
        unknown = dict(two.budi.store.db.rows("SELECT kind, count(*) FROM unknown_record GROUP BY kind"))
        assert unknown["visit"] == 1
        assert unknown["consent"] > 0
        edit(two.budi, uid, rt=7)
        two.sync(two.budi)
        assert household(two.budi, uid).extra["dusun"] == "Dusun Baru"
    stored = two.stored(uid)
    assert (stored["rt"], stored["dusun"], stored["other_aid"], stored["signal"]) == (
        7,
        "Dusun Baru",
        ["sembako"],
        "lemah",
    )
    sent = two.server.rows("SELECT body FROM intake WHERE uid = '" + uid + "' ORDER BY rowid DESC LIMIT 1")
    assert set(json.loads(str(sent[0][0]))["set"]) == {"rt"}, "it says nothing about what it does not know"
    two.sync(two.rina)
    assert household(two.rina, uid).answers["rt"] == 7
    assert two.server.rows(f"SELECT count(*) FROM record WHERE kind = '{ServerKind.CONFLICT}'") == [(0,)]


def test_an_old_program_that_is_replaced_shows_all_without_a_new_download(two: Two):
    a_village(two)
    with program_of(**OLDER):
        two.budi.reopen()
        two.sync(two.budi)
        assert two.budi.store.db.value("SELECT count(*) FROM fact WHERE kind = 'visit'") == 0
    received = two.budi.store.db.value("SELECT sum(received) FROM sync_run")
    two.budi.reopen()
    two.sync(two.rina)
    assert everything(two.budi) == everything(two.rina)
    assert two.budi.store.db.value("SELECT count(*) FROM unknown_record") == 0
    two.sync(two.budi)
    assert two.budi.store.db.value("SELECT sum(received) FROM sync_run") == received


def test_edits_of_both_ages_meet_and_neither_loses(two: Two):
    uid = a_village(two)
    with program_of(**OLDER):
        two.sync(two.budi)
        edit(two.budi, uid, rt=7, head_name="Melati Lama")
    edit(two.rina, uid, dusun="Dusun Dua", head_name="Melati Baru")
    two.sync(two.rina)
    with program_of(**OLDER):
        two.sync(two.budi)
    stored = two.stored(uid)
    assert (stored["rt"], stored["dusun"], stored["head_name"]) == (7, "Dusun Dua", "Melati Baru")
    ((word,),) = two.server.rows(f"SELECT body FROM record WHERE kind = '{ServerKind.CONFLICT}'")
    assert (json.loads(word)["field"], json.loads(word)["other"]) == ("head_name", "Melati Lama")


def test_a_newer_program_adds_a_field_and_gets_it_back_over_an_older_server(two: Two):
    uid = a_village(two)
    two.sync(two.budi)
    with program_of(**NEWER):
        edit(two.rina, uid, **{NEW_FIELD: "kuat"})
        two.sync(two.rina)
        assert household(two.rina, uid).answers[NEW_FIELD] == "kuat"
    two.sync(two.budi)
    assert household(two.budi, uid).extra[NEW_FIELD] == "kuat"
    edit(two.budi, uid, rw=5)
    two.sync(two.budi)
    with program_of(**NEWER):
        two.sync(two.rina)
        there = household(two.rina, uid)
        assert (there.answers["rw"], there.answers[NEW_FIELD]) == (5, "kuat")
        edit(two.rina, uid, **{NEW_FIELD: "lemah"})
        two.sync(two.rina)
    assert two.stored(uid)[NEW_FIELD] == "lemah"


def test_a_form_version_of_tomorrow_is_kept_until_the_server_learns_it(two: Two):
    """The whole change stays at the server and on the laptop; nothing of it is called sent for good."""
    change = make_household("rumah-baru", **{NEW_FIELD: "kuat"})
    change.form = "2031.1"
    change.sha256 = hash_of_change(from_wire(change))
    with two.rina.store.transaction():
        two.rina.store.queue.add(from_wire(change))
    run = two.server.sync(two.rina.session)
    assert (run.sent, run.refused) == (0, 1)
    ((status, body),) = two.server.rows("SELECT status, body FROM intake WHERE uid = 'rumah-baru'")
    assert (status, json.loads(str(body))["set"][NEW_FIELD]) == ("failed", [None, "kuat"])
    assert two.rina.store.db.rows("SELECT state FROM outbox WHERE uid = 'rumah-baru'") == [("attention",)]


@pytest.mark.parametrize("way", ["pages", "file"])
def test_a_server_that_needs_a_newer_program_still_takes_what_is_sent(two: Two, way: str):
    uid = a_village(two)
    with program_of(version="0.1.0"):
        two.sync(two.budi)
        edit(two.budi, uid, rt=7)
        register_household(two.budi.session, 5)
        register_person(two.rina.session, 6)
        two.sync(two.rina)
        set_minimum(two.server.house, "2.0.0")
        if way == "file":
            make_snapshot(two.server.house, KECAMATAN)
        before = everything(two.budi)["scopes"]
        run = two.server.sync(two.budi.session)
        assert (run.outcome, run.refused, run.received) == ("S06", 0, 0)
        assert two.budi.session.store.queue.pill().unsent == 0, "its officer loses nothing by waiting for the program"
        assert everything(two.budi)["scopes"] == before
        assert two.stored(uid)["rt"] == 7
    with program_of(version="2.0.0"):
        two.sync(two.budi, two.rina)
        two.sync(two.budi, two.rina)
    assert everything(two.budi)["base"] == everything(two.rina)["base"]


def test_a_laptop_that_was_away_for_over_a_year_brings_and_gets_everything(two: Two):
    uid, other = a_village(two), register_household(two.rina.session, 8).uid
    two.sync(two.rina, two.budi)
    edit(two.budi, uid, rt=7)
    edit(two.budi, other, rw=4, address="Gang Lama")
    waiting = register_household(two.budi.session, 9).uid
    acked = two.budi.store.db.value("SELECT count(*) FROM outbox WHERE state = 'acked'")
    for day in range(0, DAYS_AWAY, 60):
        two.time.at = START + timedelta(days=day)
        two.rina.clock.at = max(two.rina.clock.at, two.time.at)
        edit(two.rina, uid, rw=1 + day // 60)
        register_household(two.rina.session, 20 + day // 60)
        two.sync(two.rina)
    edit(two.rina, other, address="Gang Baru")
    two.sync(two.rina)
    two.time.at = START + timedelta(days=DAYS_AWAY)
    two.budi.clock.at = two.time.at
    two.sync(two.budi, two.rina, two.budi, two.rina)
    stored = two.stored(uid), two.stored(other), two.stored(waiting)
    assert (stored[0]["rt"], stored[0]["rw"]) == (7, 1 + (DAYS_AWAY - 1) // 60)
    assert (stored[1]["rw"], stored[1]["address"]) == (4, "Gang Baru"), "an old value never overwrites a newer one"
    ((word,),) = two.server.rows(f"SELECT body FROM record WHERE kind = '{ServerKind.CONFLICT}'")
    assert json.loads(word)["other"] == "Gang Lama"
    assert two.budi.session.store.queue.pill().unsent == 0
    assert everything(two.budi)["base"] == everything(two.rina)["base"]
    ours = two.budi.store.db.rows("SELECT state FROM outbox")
    assert {state for (state,) in ours} == {"acked"}
    assert acked == 0 or len(ours) >= 3, "what was sent long ago may be forgotten, nothing else"


def test_what_was_acknowledged_long_ago_and_lost_by_the_server_is_known_until_400_days(two: Two):
    """A server put back to the first day, met by a laptop that was away: what it still keeps, it sends again."""
    first = register_household(two.budi.session, 1).uid
    two.sync(two.budi)
    for table in ("intake", "record", "record_version", "feed", "scope_index", "scope_head"):
        two.server.house.database.run(f"DELETE FROM {table}")
    two.time.at = two.budi.clock.at = START + timedelta(days=390)
    two.sync(two.budi)
    assert two.server.rows(f"SELECT count(*) FROM record WHERE uid = '{first}'") == [(1,)]
