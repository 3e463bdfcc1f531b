"""At hello the server names photos that this laptop's officers owe it, and nobody else's."""

from __future__ import annotations

from kube_field.server.policy import Console
from kube_field.server.routes import hello as route
from kube_field.server.storage.accounts import Accounts
from kube_field.server.storage.photo_rows import PhotoRows
from kube_field.wire.messages import Hello
from tests.contracts.desk import KECAMATAN, Desk
from tests.support.wire_changes import make_household


def named(desk: Desk, name: str = "Rina") -> list[str]:
    desk.steps += 1
    body = Hello(device=name, continuity=desk.tokens.get(name), step=str(desk.steps))
    with desk.house.database.write():
        answer = route.hello(desk.call(body, name))
    desk.tokens[name] = answer.continuity
    return answer.photos


def link(desk: Desk, *photos: str, uid: str = "home-1") -> None:
    with desk.house.database.write():
        for photo in photos:
            desk.house.database.run(
                "INSERT INTO blob_link (sha256, uid, scope, mime, named_by)"
                f" VALUES ('{photo}', '{uid}', '{KECAMATAN}', 'image/jpeg', 'user-rina')"
            )


def test_photos_that_never_arrived_are_named_once_each(desk: Desk):
    desk.push(make_household(), make_household("home-2"))
    link(desk, "a" * 64, "b" * 64)
    link(desk, "b" * 64, uid="home-2")
    assert named(desk) == ["a" * 64, "b" * 64]


def test_a_photo_that_is_there_is_not_named(desk: Desk):
    desk.push(make_household())
    link(desk, "a" * 64, "b" * 64)
    with desk.house.database.write():
        desk.house.database.run(
            f"INSERT INTO blob (sha256, size, mime, stored_at) VALUES ('{'a' * 64}', 1, 'image/jpeg', '2026-11-23')"
        )
    assert named(desk) == ["a" * 64, "b" * 64], "somebody else sent it: whoever named it shows that he has it too"
    with desk.house.database.write():
        desk.house.database.run(
            "INSERT INTO blob_holder (sha256, user_uid, device_id, at)"
            f" VALUES ('{'a' * 64}', 'user-rina', 'laptop-Rina', '2026-11-23')"
        )
    assert named(desk) == ["b" * 64]


def test_another_officers_photos_are_his_laptops_business(desk: Desk):
    desk.push(make_household())
    link(desk, "a" * 64)
    desk.add("Budi")
    assert named(desk, "Budi") == []
    with desk.house.database.write():
        Accounts(desk.house.database).add_officer("laptop-Budi", "user-rina", "2026-11-23")
    assert named(desk, "Budi") == ["a" * 64]


def test_a_photo_that_was_here_is_asked_of_every_laptop_that_may_read_its_record(desk: Desk):
    """Its author's laptop may be at the bottom of the Mahakam; a colleague looked at it last week."""
    desk.push(make_household(), make_household("home-2"))
    link(desk, "a" * 64, "b" * 64)
    link(desk, "b" * 64, uid="home-2")
    desk.add("Budi")
    desk.add("Joko", areas=("64.01",))
    with desk.house.database.write():
        photos = PhotoRows(desk.house.database, Console())
        photos.add("b" * 64, 1, "image/jpeg", "2026-11-23")
        photos.forget(["b" * 64], "2026-11-24")
    assert named(desk, "Budi") == ["b" * 64]
    assert named(desk, "Joko") == []
    with desk.house.database.write():
        photos.add("b" * 64, 1, "image/jpeg", "2026-11-25")
    assert named(desk, "Budi") == []


def test_more_than_fit_are_named_at_the_next_hello(desk: Desk):
    desk.push(make_household())
    link(desk, *(f"{number:064x}" for number in range(route.PHOTOS_NAMED + 3)))
    assert len(named(desk)) == route.PHOTOS_NAMED


def test_photos_that_no_laptop_has_any_more_do_not_keep_the_others_from_being_named(desk: Desk):
    """600 are missing; of 500 of them every laptop has lost the file, so they stay missing for ever."""
    desk.push(make_household())
    lost = [f"{number:03x}{'0' * 61}" for number in range(500)]
    wanted = {f"{number:03x}{'f' * 61}" for number in range(4096 - 100, 4096)}
    link(desk, *lost, *wanted)
    told: set[str] = set()
    for _hello in range(60):
        told |= set(named(desk))
    assert wanted <= told
