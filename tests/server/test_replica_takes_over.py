"""A replica is promoted because the machine of the database died (sync design, T10): nobody tells the server."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kube_field.usecases.sync import sync_store
from tests.support.drill import assert_alike, contents, edit, held_by, new_cluster, receipts, sync
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import make_unit, record_visit, register_household, register_person
from tests.support.replica import replica_of
from tests.support.server import RunningServer, enrolled, running_server

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(sys.platform == "win32", reason="the standby is reached by a socket in its folder"),
]


def moved(laptop: Laptop, server: RunningServer) -> Laptop:
    sync_store(laptop.session.store).move_to(server.url)
    return laptop


@pytest.mark.parametrize("lags", [True, False])
def test_nothing_that_had_a_receipt_is_missing_when_a_replica_takes_over(tmp_path: Path, *, lags: bool):
    """Where it lagged, the laptops bring what it never got; where it did not, a new life begins and nothing is sent."""
    with (
        make_laptop(tmp_path, "Rina") as rina,
        make_laptop(tmp_path, "Budi") as budi,
        new_cluster() as primary,
        replica_of(primary) as replica,
    ):
        with running_server(tmp_path, postgres_url=primary) as server:
            enrolled(server, rina)
            enrolled(server, budi)
            family = register_household(rina.session)
            sync(server, rina, budi)
            replica.catch_up()
            if lags:
                replica.stop()
            edit(rina, family.uid, address="Jalan Baru")
            unit = make_unit(rina.session, register_person(rina.session, 2, household=family))
            record_visit(rina.session, unit.uid)
            register_household(budi.session, 3)
            sync(server, rina, budi, rina)
            before = contents(server)
            if not lags:
                replica.catch_up()
        promised = receipts(rina) | receipts(budi)
        if lags:
            replica.start(alone=True)
        replica.promote()
        with running_server(tmp_path, postgres_url=replica.url) as server:
            assert (promised <= held_by(server)) is not lags
            sent = [server.sync(moved(laptop, server).session) for laptop in (rina, budi, rina)]
            assert [run.outcome for run in sent] == ["", "", ""]
            assert (sum(run.sent for run in sent) > 0) is lags
            assert promised <= held_by(server)
            assert contents(server) == before
            assert server.rows("SELECT number, reason FROM lineage ORDER BY number") == [
                (1, "init"),
                (2, "other-cluster"),
            ]
            for laptop in (rina, budi):
                assert_alike(server, laptop)
        with running_server(tmp_path, postgres_url=replica.url) as server:
            assert server.rows("SELECT count(*) FROM lineage") == [(2,)], "the life goes on over a start"
