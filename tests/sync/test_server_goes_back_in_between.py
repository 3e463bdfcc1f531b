"""The server is put back where nobody looks: before a laptop is enrolled anew, and in the middle of a run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from kube_field.domain.commit import Commit
from kube_field.domain.merge import DELETED
from kube_field.domain.records import Record, RecordKind, Role
from kube_field.errors import Failure, KubeFieldError
from kube_field.server import backup
from kube_field.server.storage.accounts import Accounts
from kube_field.server.storage.lives import Lives
from kube_field.storage.journal_keeping import METAS, NUMBERS, SETTINGS, WHOLE, put_back, take_identity, told_of
from kube_field.sync.transports.http import HttpTransport
from kube_field.usecases.editing import change_of_record
from kube_field.usecases.session import Session
from kube_field.usecases.sync import sync_now
from tests.support.direct_server import DirectServer, direct_server
from tests.support.laptop import DATABASE_KEY, REFERENCE, Laptop, make_laptop
from tests.support.make_records import record_visit, register_household
from tests.support.ready_stores import new_store
from tests.sync.test_photos_between_laptops import visit_with_photos
from tests.sync.test_two_laptops import edit

Work = Callable[[], object]


def broken(*_given: object) -> None:
    raise KubeFieldError(Failure.NO_NETWORK, "putus", code="S01")


def run_without(server: DirectServer, laptop: Laptop, call: str) -> None:
    """A run that is cut at the first call of this kind."""
    with server.line(laptop.session) as line:
        setattr(line, call, broken)
        assert sync_now(laptop.session, line, wait=lambda _seconds: None).outcome == "S01"


def around_first(line: HttpTransport, calls: Sequence[str], *, before: Work = str, after: Work = str) -> list[str]:
    """Do something once, before or after the first of these calls; which was called."""
    called: list[str] = []

    def watched(name: str, ask: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any) -> Any:
            called.append(name)
            is_first = len(called) == 1
            (before if is_first else str)()
            answer = ask(*given)
            (after if is_first else str)()
            return answer

        return call

    for name in calls:
        setattr(line, name, watched(name, getattr(line, name)))
    return called


def enrol(server: DirectServer, *laptops: Laptop) -> None:
    for laptop in laptops:
        server.enrol(laptop.session, server.add_user(laptop.session.officer.name))


@contextmanager
def three_laptops(tmp_path: Path) -> Iterator[tuple[DirectServer, Laptop, Laptop, Laptop]]:
    """A server, and the laptops of Rina, Dewi and Sari, who work in one area."""
    with (
        direct_server(tmp_path) as server,
        make_laptop(tmp_path, "Rina") as rina,
        make_laptop(tmp_path, "Dewi", code="L08") as dewi,
        make_laptop(tmp_path, "Sari", code="L09") as sari,
    ):
        yield server, rina, dewi, sari


def test_who_is_enrolled_anew_asks_whether_the_server_still_has_what_it_confirmed(tmp_path: Path):
    image = tmp_path / "cadangan"
    with direct_server(tmp_path) as server, make_laptop(tmp_path, "Rina") as rina:
        user = server.add_user("Rina")
        backup.create(server.house, "", image)
        server.enrol(rina.session, user)
        register_household(rina.session, 1)
        run_without(server, rina, "pull")
        assert rina.store.db.value("SELECT count(*) FROM outbox WHERE receipt_id <> ''") == 2
        server.put_back(image)
        server.enrol(rina.session, user)
        for _run in range(2):
            assert server.sync(rina.session).outcome == ""
        assert server.count("intake") == 2
        assert len(rina.store.records.where(RecordKind.HOUSEHOLD)) == 1


def test_an_answer_of_a_server_that_went_back_in_the_middle_of_a_run_hides_nothing(tmp_path: Path):
    """It gave the same version of the same family to another edit: by its sum all fits, by its chain it does not."""
    image = tmp_path / "cadangan"
    with three_laptops(tmp_path) as (server, rina, dewi, sari):
        admin = server.add_user("Admin", Role.ADMIN_PROV, ("64",))
        with server.house.database.write():
            Accounts(server.house.database).add_alias("staff-admin", admin.uid)
        enrol(server, rina, dewi, sari)
        home, visit = register_household(rina.session, 7), visit_with_photos(rina)
        run_without(server, rina, "start_photo")
        server.sync(dewi.session)
        server.sync(sari.session)

        def dewi_edits() -> None:
            backup.create(server.house, "", image)
            edit(dewi, home.uid, rt=3)
            server.sync(dewi.session)

        def server_goes_back_and_sari_edits() -> None:
            server.put_back(image)
            edit(sari, home.uid, rt=5)
            server.sync(sari.session)
            record_visit(rina.session, visit.subject_uid, "2026-11-22")

        register_household(rina.session, 8)
        with server.line(rina.session) as line:
            around_first(line, ("push", "again"), after=dewi_edits)
            photos = around_first(line, ("start_photo",), before=server_goes_back_and_sari_edits)
            sync_now(rina.session, line, wait=lambda _seconds: None)
        assert photos, "photos travelled"
        for _run in range(2):
            assert server.sync(rina.session).outcome == ""
        ((body,),) = server.rows(f"SELECT body FROM record WHERE uid = '{home.uid}'")
        known = rina.store.records.get(home.uid)
        assert known is not None
        assert known.answers["rt"] == json.loads(body)["rt"]


def delete(laptop: Laptop, uid: str) -> None:
    stored = laptop.store.records.get(uid)
    assert stored is not None
    gone = replace(stored, deleted=True)
    change = change_of_record(laptop.session, gone, stored, {DELETED: (None, True)})
    laptop.store.commit(Commit(records=[gone], changes=[change]))


def backup_before_dewis_edit(
    tmp_path: Path, server: DirectServer, rina: Laptop, dewi: Laptop, sari: Laptop
) -> tuple[Path, Record]:
    """An image of the server, and a family that all three know in its first version, Rina and Dewi also in the next."""
    image = tmp_path / "cadangan"
    enrol(server, rina, dewi, sari)
    home = register_household(rina.session, 7)
    for laptop in (rina, sari, dewi):
        server.sync(laptop.session)
    backup.create(server.house, "", image)
    edit(dewi, home.uid, rt=3)
    server.sync(dewi.session)
    server.sync(rina.session)
    return image, home


def test_a_deletion_that_waited_when_the_server_went_back_takes_away_no_edit_that_nobody_saw(tmp_path: Path):
    """The version that she had seen was Dewi's; the same number is Sari's now."""
    with three_laptops(tmp_path) as (server, rina, dewi, sari):
        image, home = backup_before_dewis_edit(tmp_path, server, rina, dewi, sari)
        server.put_back(image)
        edit(sari, home.uid, rw=5)
        server.sync(sari.session)
        delete(rina, home.uid)
        server.sync(rina.session)
        assert server.rows(f"SELECT deleted FROM record WHERE uid = '{home.uid}'") == [(0,)]


def test_a_deletion_of_a_record_that_the_server_lost_takes_away_no_edit_that_came_after_it_was_back(tmp_path: Path):
    """She still sees it, since an edit of hers waits for it; the version that she sees is of the life before."""
    image = tmp_path / "cadangan"
    with three_laptops(tmp_path) as (server, rina, dewi, sari):
        enrol(server, rina, dewi, sari)
        backup.create(server.house, "", image)
        home = register_household(dewi.session, 7)
        server.sync(dewi.session)
        server.sync(sari.session)
        for rt in (1, 3, 4):
            edit(sari, home.uid, rt=rt)
            server.sync(sari.session)
        server.sync(rina.session)
        server.put_back(image)
        edit(rina, home.uid, rw=8)
        server.sync(rina.session)
        delete(rina, home.uid)
        server.sync(dewi.session)
        for rt in (5, 6):
            edit(dewi, home.uid, rt=rt)
            server.sync(dewi.session)
        server.sync(rina.session)
        assert server.rows(f"SELECT deleted FROM record WHERE uid = '{home.uid}'") == [(0,)]


def repaired(laptop: Laptop) -> Session:
    """His database was damaged: a new one is made of what waited and of who the laptop is."""
    db = laptop.store.db
    waiting = list(db.named_rows(f"{WHOLE} WHERE o.state <> 'acked'"))
    store = new_store(laptop.folder / "pulih.db", DATABASE_KEY, device_code="", reference=REFERENCE)
    take_identity(store, told_of(db.rows(SETTINGS), db.rows(METAS), db.rows(NUMBERS)))
    put_back(store, waiting)
    return replace(laptop.session, store=store)


def test_a_deletion_on_a_laptop_that_was_repaired_after_a_restore_takes_away_no_edit_that_nobody_saw(tmp_path: Path):
    """It has no proof left by which a server would tell that it went back: only the name of the life that it knew."""
    with three_laptops(tmp_path) as (server, rina, dewi, sari):
        image, home = backup_before_dewis_edit(tmp_path, server, rina, dewi, sari)
        delete(rina, home.uid)
        server.put_back(image)
        with server.house.database.write():
            lives = Lives(server.house.database)
            before = lives.current()
            assert before is not None
            lives.start(replace(before, epoch="hidup-baru", number=before.number + 1, parent=before.epoch))
        edit(sari, home.uid, rw=5)
        server.sync(sari.session)
        session = repaired(rina)
        assert server.sync(session).outcome == ""
        session.store.close()
        assert server.rows(f"SELECT deleted FROM record WHERE uid = '{home.uid}'") == [(0,)]
