"""Mungkin ganda in the real window, over the real line: merged, seen as one, taken apart again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from kube_field.assembly import OpenLaptop
from kube_field.domain.views import PersonFilter
from kube_field.server.storage.proof import check_feed
from kube_field.sync_link import ServerLink
from kube_field.ui.pages.doubles_panel import DETAIL, LIST, DoublesPanel
from kube_field.ui.pages.sync_page import SyncPage
from kube_field.ui.tasks import TaskRunner
from kube_field.ui.workplace import Workplace
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import register_household, register_person
from tests.support.server import RunningServer, enrolled, running_server
from tests.support.supervisor import open_supervisor

PATIENCE_MS = 8000
MISTYPED = {"nik": "6402124806689902", "full_name": "Melati C. Satu", "phone": "+6281200000002"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path, now=lambda: datetime.now(UTC)) as running:
        yield running
        assert check_feed(running.house.database) == []


@pytest.fixture
def rina(tmp_path: Path, server: RunningServer) -> Iterator[Laptop]:
    """An officer's laptop that registered one woman twice and sent both."""
    with make_laptop(tmp_path) as laptop:
        enrolled(server, laptop)
        home = register_household(laptop.session)
        register_person(laptop.session, household=home)
        register_person(laptop.session, household=home, **MISTYPED)
        server.sync(laptop.session)
        yield laptop


class Desk:
    """The supervisor's window."""

    def __init__(self, laptop: OpenLaptop) -> None:
        self.laptop = laptop
        self.tasks = TaskRunner()
        self.work = Workplace(laptop.session, self.tasks, ServerLink(laptop))
        self.work.start()
        self.work.window.resize(1366, 768)
        self.work.window.show()
        self.work.open_page("sync")
        page = self.work.window.page("sync")
        assert isinstance(page, SyncPage)
        self.page: SyncPage = page

    @property
    def panel(self) -> DoublesPanel:
        return self.page.doubles

    @property
    def tab(self) -> str:
        return self.page.tabs.tabText(self.page.tabs.indexOf(self.panel))

    def people(self) -> list[str]:
        return sorted(row.name for row in self.laptop.session.store.listings.people(PersonFilter()))

    def close(self) -> None:
        self.work.stop()
        assert self.tasks.shut_down()
        self.work.window.close()
        self.laptop.close()


@pytest.fixture
def desk(qtbot, tmp_path: Path, server: RunningServer, rina: Laptop) -> Iterator[Desk]:
    opened = Desk(open_supervisor(tmp_path, server))
    qtbot.addWidget(opened.work.window)
    opened.work.sync.send()
    opened.page.tabs.setCurrentWidget(opened.panel)
    qtbot.waitUntil(lambda: opened.tab == "Mungkin ganda (1)", timeout=PATIENCE_MS)
    yield opened
    opened.close()


def give_reason(qtbot, panel: DoublesPanel, text: str) -> None:
    qtbot.keyClicks(panel.reason._edit, text)
    qtbot.keyClick(panel.reason._edit, Qt.Key.Key_Return)


def merge(qtbot, desk: Desk) -> str:
    """Keep the woman with the whole name and send the word; the question that was asked."""
    panel = desk.panel
    panel.open_button.click()
    qtbot.waitUntil(lambda: panel.sides is not None, timeout=PATIENCE_MS)
    panel.sides.cards[panel.sides._titles.index("Melati Contoh Satu")].radio.setChecked(True)
    panel.merge.click()
    asked = panel.reason._title.text()
    give_reason(qtbot, panel, "KTP keduanya sama")
    qtbot.waitUntil(lambda: panel.currentIndex() == LIST, timeout=PATIENCE_MS)
    desk.work.sync.send()
    qtbot.waitUntil(lambda: panel.done_choice.text() == "Sudah digabung (1)", timeout=PATIENCE_MS)
    return asked


def test_a_supervisor_merges_and_takes_it_back(qtbot, desk: Desk, server: RunningServer, rina: Laptop) -> None:
    panel = desk.panel
    assert "Pertahankan Melati Contoh Satu dan gabungkan Melati C. Satu" in merge(qtbot, desk)
    assert desk.people() == ["Melati Contoh Satu"]
    server.sync(rina.session)
    assert [row.name for row in rina.session.store.listings.people(PersonFilter())] == ["Melati Contoh Satu"]

    panel.done_choice.setChecked(True)
    panel.open_button.click()
    qtbot.waitUntil(lambda: panel.currentIndex() == DETAIL and panel.sides is not None, timeout=PATIENCE_MS)
    assert panel.undo.text() == "Urungkan penggabungan"
    panel.undo.click()
    assert "Urungkan penggabungan Melati C. Satu ke Melati Contoh Satu?" in panel.reason._title.text()
    give_reason(qtbot, panel, "Ternyata kembar")
    desk.work.sync.send()
    qtbot.waitUntil(lambda: panel.open_choice.text() == "Belum diputuskan (1)", timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: panel.done_choice.text() == "Sudah digabung (0)", timeout=PATIENCE_MS)
    assert desk.people() == ["Melati C. Satu", "Melati Contoh Satu"]
    assert server.rows("SELECT count(*) FROM merge WHERE undone_by <> ''") == [(1,)]


def test_what_differs_stands_on_the_conflict_page_after_the_merge(qtbot, desk: Desk) -> None:
    merge(qtbot, desk)
    told = {row.field: row.other for row in desk.laptop.store.queue.conflicts(only_open=True)}
    assert told == {"full_name": "Melati C. Satu", "nik": MISTYPED["nik"], "phone": MISTYPED["phone"]}
