"""Areas that are downloaded as a file, lost, and granted again, over the real application."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kube_field.domain.commit import Commit
from kube_field.domain.records import RecordKind
from kube_field.server.snapshots import make_snapshots
from kube_field.server.storage.accounts import Accounts
from kube_field.usecases.sync import make_engine, sync_store
from tests.support.direct_server import DirectServer, direct_server
from tests.support.laptop import make_laptop
from tests.support.make_records import make_unit, register_household, register_person
from tests.sync.test_two_laptops import edit

FIRST, HERE, LAST = "64.02.01", "64.02.12", "64.02.13"


def grant(server: DirectServer, name: str, areas: tuple[str, ...]) -> None:
    with server.house.database.write():
        Accounts(server.house.database).grant(f"user-{name.lower()}", areas, "2026-11-23T00:30:00.000Z")


@pytest.mark.parametrize("where", [FIRST, LAST])
def test_a_record_that_moved_since_the_file_of_its_area_was_made_is_there_after_the_first_run(
    tmp_path: Path, where: str
):
    """Its new area is read before the file of its old one, or after it."""
    areas = (FIRST, HERE, LAST)
    with direct_server(tmp_path) as server, make_laptop(tmp_path, "Sinta", areas) as sinta:
        server.enrol(sinta.session, server.add_user("Sinta", areas=areas))
        homes = [register_household(sinta.session, n) for n in range(1, 5)]
        server.sync(sinta.session)
        make_snapshots(server.house, least_rows=1)
        village = sinta.session.reference.regions.villages_in(where)[0].code
        edit(sinta, homes[0].uid, village_code=village)
        server.sync(sinta.session)
        with make_laptop(tmp_path, "Dewi", areas, "L08") as dewi:
            server.enrol(dewi.session, server.add_user("Dewi", areas=areas))
            assert server.sync(dewi.session).outcome == ""
            assert {one.uid for one in dewi.store.records.where(RecordKind.HOUSEHOLD)} == {one.uid for one in homes}
            assert {state for (state,) in dewi.store.db.rows("SELECT state FROM sync_scope")} == {"live"}


def test_nothing_is_refused_that_an_officer_writes_about_a_family_that_she_moved_out_of_her_area(tmp_path: Path):
    """A new member and a business there wait for a supervisor; each says where the family was seen."""
    with direct_server(tmp_path) as server, make_laptop(tmp_path, "Rina", (HERE,)) as rina:
        server.enrol(rina.session, server.add_user("Rina", areas=(HERE,)))
        mother = register_person(rina.session, 1)
        home = rina.store.records.get(mother.answers["household_id"]["uid"])
        assert home is not None
        assert server.sync(rina.session).outcome == ""
        village = rina.session.reference.regions.villages_in(LAST)[0].code
        edit(rina, home.uid, village_code=village)
        daughter = register_person(rina.session, 2, household=home)
        unit = make_unit(rina.session, mother, village_code=village)
        assert server.sync(rina.session).outcome == ""
        told = {
            change["kind"]: (status, change.get("seen_in"))
            for status, body in server.rows("SELECT status, body FROM intake WHERE status NOT IN ('applied', 'held')")
            if (change := json.loads(body))["uid"] in (daughter.uid, unit.uid)
        }
        assert told == {"person": ("quarantined", HERE), "business_unit": ("quarantined", HERE)}
        assert server.rows("SELECT 1 FROM intake WHERE status = 'rejected'") == []


def test_an_area_is_taken_off_though_the_last_that_waited_was_withdrawn_after_the_hello(tmp_path: Path):
    with direct_server(tmp_path) as server, make_laptop(tmp_path, "Rina", (FIRST, HERE)) as rina:
        server.enrol(rina.session, server.add_user("Rina", areas=(FIRST, HERE)))
        register_household(rina.session, 1)
        server.sync(rina.session)
        with rina.store.transaction():
            sync_store(rina.store).server_went_back()
        grant(server, "Rina", (FIRST,))
        last = register_household(rina.session, 2)
        waiting = rina.store.db.rows("SELECT change_id, uid FROM outbox WHERE state = 'queued'")
        withdrawal = Commit(
            withdrawn_changes=[change for change, _uid in waiting],
            withdrawn_facts=[uid for _change, uid in waiting if uid != last.uid],
            removed_records=[(last.uid, RecordKind.HOUSEHOLD)],
        )

        def withdraw_before_the_push() -> bool:
            if engine.phase.value == "push" and sync_store(rina.store).waiting():
                rina.store.commit(withdrawal)
            return False

        with server.line(rina.session) as line:
            engine = make_engine(rina.session, line, cancelled=withdraw_before_the_push, wait=lambda _seconds: None)
            assert engine.run().outcome == ""
        assert rina.store.db.rows("SELECT uid FROM sync_base WHERE scope_id = ?", HERE) == []


def test_what_waits_but_lost_its_content_holds_no_run_up(tmp_path: Path):
    """A damaged database: the rest is downloaded all the same, and the run ends."""
    with direct_server(tmp_path) as server, make_laptop(tmp_path, "Rina", (HERE,)) as rina:
        server.enrol(rina.session, server.add_user("Rina", areas=(HERE,)))
        register_household(rina.session, 1)
        rina.store.db.execute_sql("DELETE FROM outbox_content")
        with server.line(rina.session) as line:
            engine = make_engine(rina.session, line, wait=lambda _seconds: None)
            for _call in range(20):
                if engine.has_more():
                    engine.go_on()
        assert not engine.has_more()
