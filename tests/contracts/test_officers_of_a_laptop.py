"""Several officers on one laptop, on both databases: what it receives, and whose work counts."""

from __future__ import annotations

import pytest

from kube_field.domain.records import Role
from kube_field.server.endpoint import Caller
from kube_field.server.routes import exchange
from kube_field.server.storage.accounts import Accounts, User
from kube_field.wire.messages import Pull
from kube_field.wire.refusals import Refusal
from tests.contracts.desk import Desk
from tests.support.server import AT
from tests.support.wire_changes import make_household

OTHER = "64.07.07"
RINAS = "laptop-Rina"


def add_budi(desk: Desk) -> None:
    """Budi of another kabupaten joins Rina's laptop, twice to be sure."""
    with desk.house.database.write():
        accounts = Accounts(desk.house.database)
        accounts.add_user(User("user-budi", "Budi", Role.PENDAMPING, ("64.07",)), AT)
        for _time in range(2):
            accounts.add_officer(RINAS, "user-budi", AT)


def caller(desk: Desk) -> Caller:
    accounts = Accounts(desk.house.database)
    user, device = accounts.user("Rina"), accounts.device(RINAS)
    assert user is not None
    assert device is not None
    return Caller(user, device, accounts.officers(RINAS))


def test_the_laptop_reads_what_any_of_its_officers_may_read(desk: Desk):
    add_budi(desk)
    with desk.house.database.read():
        scope = caller(desk).scope
    assert scope.user_uid == "user-rina"
    assert scope.readable(["64.02.12", OTHER, "64.72.01"]) == (
        "64",
        "64.02.12",
        OTHER,
        "user:user-budi",
        "user:user-rina",
    )
    assert not scope.may_read("64.72.01")
    assert scope.may_write_somehow(OTHER)


def test_an_officer_who_left_brings_nothing(desk: Desk):
    add_budi(desk)
    with desk.house.database.write():
        desk.house.database.run("UPDATE user_account SET disabled_at = '2026-11-23' WHERE uid = 'user-budi'")
    with desk.house.database.read():
        assert caller(desk).scope.readable([OTHER]) == ("64", "user:user-rina")


def test_without_a_colleague_another_area_stays_closed(desk: Desk):
    with desk.house.database.read(), pytest.raises(Refusal):
        exchange.pull(desk.call(Pull(scope=OTHER)))


def test_sharing_a_laptop_gives_nobody_the_rights_of_the_other(desk: Desk):
    add_budi(desk)
    by_budi = make_household("home-2")
    by_budi.by = "user-budi"
    assert desk.statuses(make_household(), by_budi) == ["applied", "rejected"]


def test_what_came_from_an_unknown_author_counts_once_he_is_known(desk: Desk):
    change = make_household()
    change.by = "laptop-budi"
    assert desk.statuses(change) == ["quarantined"]
    assert desk.statuses(change) == ["quarantined"]
    with desk.house.database.write():
        accounts = Accounts(desk.house.database)
        accounts.add_user(User("user-budi", "Budi", Role.PENDAMPING, ("64.02.12",)), AT)
        accounts.add_alias("laptop-budi", "user-budi")
    assert desk.statuses(change) == ["applied"]
    assert desk.rows("SELECT author_uid FROM record WHERE kind = 'household'") == [("user-budi",)]
    assert desk.rows("SELECT count(*) FROM intake") == [(1,)]
