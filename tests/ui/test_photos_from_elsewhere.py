"""A document whose photos lie on the server only offers to bring them, and typing never waits for the line."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from kube_field.domain.records import Fact, RecordKind, Role
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.document_page import DocumentPage
from kube_field.ui.pages.form_page import FormPage
from kube_field.ui.presenters.document_presenter import DocumentPresenter
from kube_field.ui.presenters.form_presenter import FormPresenter, Pace
from kube_field.ui.tasks import ImmediateTaskRunner, TaskRunner, Tasks
from kube_field.usecases.drafts import begin_draft
from kube_field.usecases.photo_keeping import PhotoKeeping, keep_photos, purge_photos
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_picture import make_picture
from tests.support.make_records import make_batch, make_unit, record_visit, register_person
from tests.support.server import RunningServer, enrolled, running_server

SOON_MS = 5000


@dataclass
class Shelf:
    """An enrolled laptop with a visit that the server holds the two photos of, and the page that shows it."""

    server: RunningServer
    rina: Laptop
    visit: Fact
    names: list[str]
    page: DocumentPage

    def open(self, tasks: Tasks) -> DocumentPresenter:
        presenter = DocumentPresenter(self.page, self.rina.session, tasks, Navigator())
        presenter.open(self.visit.uid)
        return presenter

    def purge(self) -> None:
        self.rina.clock.advance(days=61)
        keep_photos(self.rina.session, PhotoKeeping.TAKE_OFF)
        assert purge_photos(self.rina.session) == 2

    def move_server(self, url: str) -> None:
        self.rina.store.db.execute_sql("UPDATE sync_meta SET v = ? WHERE k = 'server_url'", (url,))

    def here(self) -> int:
        return sum(self.rina.photos.read(name) is not None for name in self.names)


@pytest.fixture
def shelf(qtbot, tmp_path: Path) -> Iterator[Shelf]:
    with running_server(tmp_path) as server, make_laptop(tmp_path, "Rina") as rina:
        admin = server.add_user("Admin", Role.ADMIN_PROV, ("64",))
        with server.house.database.write():
            server.accounts.add_alias("staff-admin", admin.uid)
        session = enrolled(server, rina).session
        owner = register_person(session)
        unit = make_unit(session, owner, batch_id={"uid": make_batch(session).uid, "name": "KUBE"})
        names = [rina.photos.add(make_picture(200 + n, 100)) for n in range(2)]
        kinds = ("tempat_usaha", "kegiatan")
        items = [
            {"id": kind, "sha256": name, "size": size, "mime": mime, "photo_kind": kind}
            for (name, size, mime), kind in zip(names, kinds, strict=True)
        ]
        visit = record_visit(session, unit.uid, photos=items)
        server.sync(session)
        page = DocumentPage()
        qtbot.addWidget(page)
        yield Shelf(server, rina, visit, [name for name, _size, _mime in names], page)


@pytest.fixture
def runner(qtbot) -> Iterator[TaskRunner]:
    made = TaskRunner()
    yield made
    assert made.shut_down()


@contextmanager
def dead_line() -> Iterator[str]:
    """An address that takes every call and never says a word; once it is left, every call breaks."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_photos_on_the_server_only_are_brought_by_a_button(shelf: Shelf) -> None:
    presenter = shelf.open(ImmediateTaskRunner())
    assert shelf.page.fetch.isHidden()
    shelf.purge()
    presenter.open(shelf.visit.uid)
    assert not shelf.page.fetch.isHidden()
    shelf.page.fetch.click()
    assert shelf.page.fetch.isHidden()
    assert shelf.here() == 2


def test_they_come_beside_the_work_and_are_counted(qtbot, shelf: Shelf, runner: TaskRunner) -> None:
    shelf.purge()
    shelf.open(runner)
    qtbot.waitUntil(lambda: shelf.page.shows(shelf.visit.uid), timeout=SOON_MS)
    told: list[str] = []
    shelf.page.fetching.bar.valueChanged.connect(lambda _value: told.append(shelf.page.fetching.words.text()))
    shelf.page.fetch.click()
    assert not shelf.page.fetching.isHidden()
    assert shelf.page.fetch.isHidden()
    qtbot.waitUntil(lambda: shelf.page.fetching.isHidden(), timeout=SOON_MS)
    assert shelf.here() == 2
    assert told[-1] == "Mengunduh foto 2 dari 2"
    assert shelf.page.fetch.isHidden()


def test_what_is_typed_is_stored_while_the_line_is_dead_and_the_download_can_be_stopped(
    qtbot, shelf: Shelf, runner: TaskRunner
) -> None:
    shelf.purge()
    session = shelf.rina.session
    form = FormPage()
    qtbot.addWidget(form)
    typing = FormPresenter(form, session, runner, Navigator(), pace=Pace(idle_ms=1, evaluate_ms=0))
    draft = begin_draft(session, kind=RecordKind.PERSON)
    typing.open_draft(draft.uid)
    qtbot.waitUntil(lambda: form.form_view is not None, timeout=SOON_MS)
    with dead_line() as url:
        shelf.move_server(url)
        shelf.open(runner)
        qtbot.waitUntil(lambda: shelf.page.shows(shelf.visit.uid), timeout=SOON_MS)
        shelf.page.fetch.click()
        line = form.form_view._views["1"].rows["full_name"].editor.focus_widget()
        line.setText("Melati")
        line.textEdited.emit("Melati")
        qtbot.waitUntil(lambda: typing.is_stored(), timeout=SOON_MS)
        assert session.store.drafts.get(draft.uid).answers["full_name"] == "Melati"
        assert not shelf.page.fetching.isHidden()
        shelf.page.fetching.cancel_button.click()
        assert shelf.page.fetching.isHidden()
        assert not shelf.page.fetch.isHidden()
        assert "dihentikan" in shelf.page.notice_bar.label.text()
    typing.close()


def test_a_line_that_breaks_is_told_and_the_next_try_brings_them(qtbot, shelf: Shelf, runner: TaskRunner) -> None:
    shelf.purge()
    shelf.open(runner)
    qtbot.waitUntil(lambda: shelf.page.shows(shelf.visit.uid), timeout=SOON_MS)
    with dead_line() as url:
        shelf.move_server(url)
        shelf.page.fetch.click()
        qtbot.waitUntil(lambda: not shelf.page.fetching.isHidden(), timeout=SOON_MS)
    qtbot.waitUntil(lambda: shelf.page.fetching.isHidden(), timeout=SOON_MS)
    assert not shelf.page.notice_bar.isHidden()
    assert shelf.page.notice_bar.property("tone") == "critical"
    assert not shelf.page.fetch.isHidden()
    shelf.move_server(shelf.server.url)
    shelf.page.fetch.click()
    qtbot.waitUntil(lambda: shelf.here() == 2, timeout=SOON_MS)


def test_photos_that_the_server_does_not_have_yet_are_told(shelf: Shelf) -> None:
    shelf.purge()
    shelf.open(ImmediateTaskRunner())
    for path in shelf.server.house.photo_folder.rglob("*"):
        if path.is_file():
            path.unlink()
    shelf.page.fetch.click()
    assert "2 foto belum ada di server" in shelf.page.notice_bar.label.text()
    assert not shelf.page.fetch.isHidden()
