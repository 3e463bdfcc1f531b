"""Two officers, two encrypted laptops, one server: each reads what the other wrote, nothing is overwritten unseen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kube_field.domain.commit import Commit
from kube_field.domain.records import RecordKind
from kube_field.usecases.drafts import begin_draft, save_draft
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import (
    commit_saved,
    make_group,
    make_unit,
    record_visit,
    register_household,
    register_person,
)
from tests.support.server import RunningServer, enrolled


@pytest.fixture
def dewi(tmp_path: Path, server: RunningServer):
    with make_laptop(tmp_path, "Dewi", code="L08") as laptop:
        yield enrolled(server, laptop)


def edit(laptop: Laptop, uid: str, **changes: object) -> None:
    """Change answers of a household the way an officer does."""
    draft = begin_draft(laptop.session, kind=RecordKind.HOUSEHOLD, record_uid=uid)
    commit_saved(laptop.session, save_draft(laptop.session, draft=draft, answers={**draft.answers, **changes}))


def test_a_day_of_one_officer_is_on_the_others_laptop(server: RunningServer, rina: Laptop, dewi: Laptop):
    unit = make_unit(rina.session)
    visit = record_visit(rina.session, unit.uid)
    sent, got = server.sync(rina.session), server.sync(dewi.session)

    assert (sent.refused, sent.outcome, got.outcome) == (0, "", "")
    assert got.received == server.count("record")
    theirs = dewi.store.facts.get(visit.uid)
    assert theirs is not None
    assert (theirs.answers, theirs.sha256, theirs.number) == (visit.answers, visit.sha256, visit.number)
    assert theirs.snapshot == visit.snapshot
    copy = dewi.store.records.get(unit.uid)
    assert copy is not None
    assert copy.answers == unit.answers
    assert copy.version == 1


def test_a_second_run_with_nothing_new_is_one_request(server: RunningServer, rina: Laptop):
    register_person(rina.session)
    server.sync(rina.session)
    run = server.sync(rina.session)
    assert (run.sent, run.received, run.refused) == (0, 0, 0)
    assert run.bytes_up < 1000


def test_different_fields_merge_and_both_see_both(server: RunningServer, rina: Laptop, dewi: Laptop):
    home = register_household(rina.session)
    for laptop in (rina, dewi):
        server.sync(laptop.session)
    edit(rina, home.uid, head_name="Melati Baru")
    edit(dewi, home.uid, rt=9)
    for laptop in (rina, dewi, rina):
        assert server.sync(laptop.session).refused == 0
    for laptop in (rina, dewi):
        record = laptop.store.records.get(home.uid)
        assert record is not None
        assert (record.answers["head_name"], record.answers["rt"]) == ("Melati Baru", 9)
    assert server.rows("SELECT uid FROM record WHERE kind = 'conflict'") == []


def test_one_field_changed_by_both_keeps_the_first_and_the_other_value_as_a_conflict(
    server: RunningServer, rina: Laptop, dewi: Laptop
):
    home = register_household(rina.session)
    for laptop in (rina, dewi):
        server.sync(laptop.session)
    edit(rina, home.uid, head_name="Melati Pertama")
    edit(dewi, home.uid, head_name="Melati Kedua")
    for laptop in (rina, dewi, rina):
        server.sync(laptop.session)
    for laptop in (rina, dewi):
        record = laptop.store.records.get(home.uid)
        assert record is not None
        assert record.answers["head_name"] == "Melati Pertama"
    ((body,),) = server.rows("SELECT body FROM record WHERE kind = 'conflict'")
    word = json.loads(str(body))
    assert (word["field"], word["base"]) == ("head_name", "Melati Contoh Satu")
    assert (word["kept"], word["other"], word["state"]) == ("Melati Pertama", "Melati Kedua", "open")
    assert dewi.store.db.rows("SELECT field, other FROM conflict") == [("head_name", '"Melati Kedua"')]
    assert dewi.session.store.listings.standing(home.uid).open_conflict


def test_a_download_never_hides_what_was_typed_since(server: RunningServer, rina: Laptop, dewi: Laptop):
    home = register_household(rina.session)
    for laptop in (rina, dewi):
        server.sync(laptop.session)
    edit(rina, home.uid, rt=3)
    server.sync(rina.session)
    edit(dewi, home.uid, head_name="Melati Dewi")
    with_pending = dewi.store.db.rows("SELECT state FROM outbox WHERE uid = ? AND state = 'queued'", home.uid)
    assert len(with_pending) == 1
    server.sync(dewi.session)
    record = dewi.store.records.get(home.uid)
    assert record is not None
    assert (record.answers["rt"], record.answers["head_name"]) == (3, "Melati Dewi")


def test_an_officer_of_another_kabupaten_gets_none_of_it(server: RunningServer, rina: Laptop, tmp_path: Path):
    make_unit(rina.session)
    server.sync(rina.session)
    with make_laptop(tmp_path, "Budi", areas=("64.07",), code="L09") as budi:
        enrolled(server, budi, areas=("64.07",))
        run = server.sync(budi.session)
        assert budi.store.db.rows("SELECT DISTINCT scope_id FROM sync_base") == [("64",)]
    assert run.received == 3, "the batch of the province, the keys of both laptops, and nothing else"


def test_a_field_that_only_a_newer_program_knows_survives_an_older_laptops_edit(
    server: RunningServer, rina: Laptop, dewi: Laptop
):
    from dataclasses import replace

    from kube_field.wire.canonical import hash_of_change

    home = register_household(rina.session)
    change = rina.session.store.queue.pending_sets(home.uid)[0]
    newer = replace(change, sets={**change.sets, "x_new": (None, "kept")}, id="newer-1")
    newer = replace(newer, sha256=hash_of_change(newer))
    with rina.store.transaction():
        rina.store.db.execute_sql("DELETE FROM outbox WHERE change_id = ?", (change.id,))
    rina.store.commit(Commit(changes=[newer]))
    for laptop in (rina, dewi):
        assert server.sync(laptop.session).refused == 0
    edit(dewi, home.uid, rt=4)
    for laptop in (dewi, rina):
        server.sync(laptop.session)
    assert server.rows("SELECT extra FROM record WHERE kind = 'household'") == [('{"x_new": "kept"}',)]
    for laptop in (rina, dewi):
        record = laptop.store.records.get(home.uid)
        assert record is not None
        assert record.extra == {"x_new": "kept"}
        assert record.answers["rt"] == 4


def test_children_that_arrive_before_their_parent_are_held_and_released(
    server: RunningServer, rina: Laptop, dewi: Laptop
):
    home = register_household(rina.session)
    register_person(rina.session, household=home)
    parent = rina.store.db.rows("SELECT n FROM outbox WHERE uid = ?", home.uid)[0][0]
    with rina.store.transaction():  # the parent waits, as if it travelled another way
        rina.store.db.execute_sql("UPDATE outbox SET state = 'paused' WHERE n = ?", (parent,))
    first = server.sync(rina.session)
    assert first.refused == 0
    states = {state for (state,) in rina.store.db.rows("SELECT state FROM outbox WHERE n <> ?", parent)}
    assert states == {"held"}
    with rina.store.transaction():
        rina.store.db.execute_sql("UPDATE outbox SET state = 'queued' WHERE n = ?", (parent,))
    server.sync(rina.session)
    assert server.count("held") == 0
    server.sync(rina.session)
    assert {state for (state,) in rina.store.db.rows("SELECT state FROM outbox")} == {"acked"}
    server.sync(dewi.session)
    assert len(dewi.store.records.where(RecordKind.PERSON)) == 1


def test_a_group_with_members_arrives_whole(server: RunningServer, rina: Laptop, dewi: Laptop):
    group = make_group(rina.session, members=5)
    server.sync(rina.session)
    server.sync(dewi.session)
    assert [row.role for row in dewi.store.listings.members(group.uid)] == [
        row.role for row in rina.store.listings.members(group.uid)
    ]
