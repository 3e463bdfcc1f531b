"""What is finalised while photos travel does not wait for the rest of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kube_field.usecases.sync import sync_now
from tests.support.laptop import Laptop
from tests.support.make_picture import make_picture
from tests.support.make_records import record_visit, register_household
from tests.support.network import DropsRequest, Line
from tests.support.server import RunningServer, http_of
from tests.sync.test_photos_between_laptops import visit_with_photos
from tests.sync.test_two_laptops import edit


class Works(Line):
    """While the call of this name is under way, for the first `times`, the officer finalises something."""

    def __init__(self, inner: Any, name: str, work: Callable[[int], object], times: int = 1) -> None:
        super().__init__(inner)
        self._name, self._work, self._times, self._done = name, work, times, 0

    def carry(self, name: str, call: Callable[[], Any]) -> Any:
        if name == self._name and self._done < self._times:
            self._done += 1
            self._work(self._done)
        return call()


def unsent(laptop: Laptop) -> int:
    return int(laptop.store.db.value("SELECT count(*) FROM outbox WHERE state <> 'acked'"))


@pytest.mark.parametrize("during", ["start_photo", "put_piece"])
def test_a_record_finalised_while_photos_travel_goes_before_the_rest_of_them(
    server: RunningServer, rina: Laptop, during: str
):
    visit_with_photos(rina)
    with http_of(rina.session) as inner:
        line = Works(inner, during, lambda n: register_household(rina.session, n + 50))
        run = sync_now(rina.session, line, wait=lambda _seconds: None)
    after = line.calls[line.calls.index(during) + 1 :]
    assert after[0] == "push", line.calls
    assert after.count("push") == 1
    assert "put_piece" in after
    assert (run.outcome, run.photos_sent, unsent(rina)) == ("", 2, 0)


def test_what_was_sent_between_photos_is_downloaded_in_the_same_run(server: RunningServer, rina: Laptop):
    """An edit gets its version from the server, and may have become a conflict there."""
    home = register_household(rina.session, 3)
    server.sync(rina.session)
    visit_with_photos(rina)
    with http_of(rina.session) as inner:
        line = Works(inner, "put_piece", lambda _n: edit(rina, home.uid, rt=7))
        assert sync_now(rina.session, line, wait=lambda _seconds: None).outcome == ""
    ours = dict(rina.store.db.rows("SELECT scope_id, seq FROM sync_scope"))
    assert ours.items() >= dict(server.rows("SELECT scope, head FROM scope_head WHERE scope LIKE '64.%'")).items()
    assert rina.store.db.value("SELECT version FROM sync_base WHERE uid = ?", home.uid) == 2


def test_an_officer_who_writes_all_the_time_does_not_keep_the_photos_from_going(server: RunningServer, rina: Laptop):
    visit_with_photos(rina)
    with http_of(rina.session) as inner:
        line = Works(inner, "put_piece", lambda n: register_household(rina.session, n + 50), times=99)
        run = sync_now(rina.session, line, wait=lambda _seconds: None)
    pieces = line.calls.count("put_piece")
    assert (run.outcome, run.photos_sent, unsent(rina)) == ("", 2, 0)
    assert line.calls.count("push") == 1 + pieces, "one batch of the visit, one after every piece"


def test_a_record_whose_push_is_lost_is_sent_again_in_the_same_run(server: RunningServer, rina: Laptop):
    visit_with_photos(rina)
    with http_of(rina.session) as inner:
        sync_now(rina.session, DropsRequest(inner, "start_photo", times=9), wait=lambda _seconds: None)
        assert unsent(rina) == 0
        line = Works(inner, "start_photo", lambda n: register_household(rina.session, n + 50))
        run = sync_now(rina.session, DropsRequest(line, "push"), wait=lambda _seconds: None)
    assert (run.outcome, run.sent, run.photos_sent, unsent(rina)) == ("", 2, 2, 0)


def test_a_photo_of_a_record_finalised_meanwhile_goes_in_the_same_run(server: RunningServer, rina: Laptop):
    unit = visit_with_photos(rina).subject_uid
    name, size, mime = rina.photos.add(make_picture(300, 200))
    photo = {"id": "p9", "sha256": name, "size": size, "mime": mime, "photo_kind": "kegiatan"}

    def next_visit(_n: int) -> None:
        record_visit(
            rina.session, unit, "2026-11-22", photos=[photo, {**photo, "id": "p8", "photo_kind": "tempat_usaha"}]
        )

    with http_of(rina.session) as inner:
        line = Works(inner, "put_piece", next_visit)
        run = sync_now(rina.session, line, wait=lambda _seconds: None)
    assert (run.outcome, run.photos_sent, unsent(rina)) == ("", 3, 0)
    assert rina.store.db.value("SELECT state FROM blob WHERE sha256 = ?", name) == "stored"
