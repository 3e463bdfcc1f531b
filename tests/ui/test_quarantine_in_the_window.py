"""Karantina on screen, over the real line: seen, accepted, refused, and nothing counts without the server's receipt."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt

from kube_field.assembly import OpenLaptop
from kube_field.domain.records import RecordKind, Role
from kube_field.sync_link import ServerLink
from kube_field.ui.pages.home_page import HomePage
from kube_field.ui.pages.quarantine_panel import DETAIL, LIST, RESULTS, QuarantinePanel
from kube_field.ui.pages.sync_page import SyncPage
from kube_field.ui.tasks import SYNC, TaskRunner
from kube_field.ui.workplace import Workplace
from kube_field.usecases.quarantine import AsideRecord
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import nik_of, register_person
from tests.support.server import RunningServer, enrolled, running_server
from tests.support.supervisor import open_supervisor

PATIENCE_MS = 8000
ALL = 8
"""A family with its decile, a woman with five consents."""


@pytest.fixture
def rina(tmp_path: Path) -> Iterator[Laptop]:
    """The laptop on which somebody writes whom the server does not know."""
    with make_laptop(tmp_path) as laptop:
        yield laptop


@pytest.fixture
def server(tmp_path: Path, rina: Laptop) -> Iterator[RunningServer]:
    """A real server; Dewi, unknown to it, wrote a family and a woman on Rina's laptop."""
    with running_server(tmp_path, now=lambda: datetime.now(UTC)) as running:
        enrolled(running, rina)
        register_person(rina.as_role(Role.PENDAMPING, "Dewi"))
        running.sync(rina.session)
        yield running


class Desk:
    """The window of one laptop, with what a test looks at."""

    def __init__(self, laptop: OpenLaptop) -> None:
        self.laptop = laptop
        self.tasks = TaskRunner()
        self.work = Workplace(laptop.session, self.tasks, ServerLink(laptop))
        self.work.start()
        self.work.window.show()
        self.work.open_page("sync")
        page = self.work.window.page("sync")
        assert isinstance(page, SyncPage)
        self.page: SyncPage = page

    @property
    def panel(self) -> QuarantinePanel:
        return self.page.quarantine

    @property
    def tab(self) -> str:
        return self.page.tabs.tabText(self.page.tabs.indexOf(self.panel))

    def open_tab(self) -> None:
        self.page.tabs.setCurrentWidget(self.panel)

    def close(self) -> None:
        self.work.stop()
        assert self.tasks.shut_down()
        self.work.window.close()
        self.laptop.close()


@pytest.fixture
def desk(qtbot, tmp_path: Path, server: RunningServer) -> Iterator[Desk]:
    opened = Desk(open_supervisor(tmp_path, server))
    qtbot.addWidget(opened.work.window)
    yield opened
    opened.close()


def wait_for_list(qtbot, desk: Desk, count: int) -> None:
    qtbot.waitUntil(lambda: len(desk.panel.records()) == count and desk.panel.busy.isHidden(), timeout=PATIENCE_MS)


def choose(desk: Desk, kind: str) -> None:
    """Open the one of this kind."""
    record = next(one for one in desk.panel.records() if one.kind == kind)
    desk.panel._open(record)


def shown_words(desk: Desk) -> str:
    return "\n".join(
        f"{title} {label} {value}"
        for record in desk.panel.records()
        for title, pairs in record.sections
        for label, value in pairs
    )


def test_the_list_and_a_decision_do_not_wait_for_a_run_that_is_under_way(qtbot, desk) -> None:
    over = threading.Event()
    desk.tasks.run(lambda: over.wait(PATIENCE_MS * 4 / 1000), lane=SYNC)  # a run with many photos on a slow line
    try:
        desk.open_tab()
        wait_for_list(qtbot, desk, ALL)
        choose(desk, RecordKind.HOUSEHOLD)
        desk.panel.view.accept.click()
        wait_for_list(qtbot, desk, ALL - 1)
        assert not over.is_set()
    finally:
        over.set()


def test_the_tab_is_there_for_a_supervisor_and_the_list_comes_by_itself(qtbot, desk) -> None:
    assert desk.page.tabs.isTabVisible(desk.page.tabs.indexOf(desk.panel))
    desk.open_tab()
    wait_for_list(qtbot, desk, ALL)
    assert desk.tab == f"Karantina ({ALL})"
    first = desk.panel.records()[0]
    assert (first.kind, first.author, first.sender) == ("household", "", "Rina")
    assert first.cause == "Petugas yang menulisnya belum terdaftar di server."
    assert "Terima bila" in first.advice
    assert {record.title for record in desk.panel.records()} == {"Melati Contoh Satu"}


def test_an_officer_has_no_such_tab(qtbot, tmp_path, server) -> None:
    opened = Desk(open_supervisor(tmp_path, server, Role.PENDAMPING))
    qtbot.addWidget(opened.work.window)
    try:
        assert not opened.page.tabs.isTabVisible(opened.page.tabs.indexOf(opened.panel))
    finally:
        opened.close()


def test_the_record_stands_as_its_officer_wrote_it_with_a_masked_nik(qtbot, desk) -> None:
    desk.open_tab()
    wait_for_list(qtbot, desk, ALL)
    words = shown_words(desk)
    assert "Melati Contoh Satu" in words
    assert nik_of(1) not in words
    assert nik_of(1)[:4] + "********" in words


def test_accepting_counts_when_the_receipt_is_there(qtbot, desk, server) -> None:
    desk.open_tab()
    wait_for_list(qtbot, desk, ALL)
    choose(desk, "household")
    assert desk.panel.stack.currentIndex() == DETAIL
    desk.panel.view.accept.click()
    assert not desk.panel.busy.isHidden()
    assert not desk.panel.view.accept.isEnabled()
    assert len(desk.panel.records()) == ALL
    wait_for_list(qtbot, desk, ALL - 1)
    assert "Diterima" in desk.panel.told.text()
    assert "Tanda terima server" in desk.panel.told.text()
    assert desk.panel.stack.currentIndex() == LIST
    assert server.rows("SELECT count(*) FROM record WHERE kind = 'household'") == [(1,)]
    assert server.rows("SELECT decided_by FROM intake WHERE status = 'applied' AND uid <> ''")[0] == ("user-sari",)
    trail = desk.laptop.store.db.rows("SELECT action FROM audit WHERE action LIKE 'quarantine%'")
    assert trail == [("quarantine.accept",)]


def test_a_refusal_asks_for_a_reason_and_reaches_the_writers_laptop(qtbot, desk, server, rina) -> None:
    desk.open_tab()
    wait_for_list(qtbot, desk, ALL)
    choose(desk, "household")
    desk.panel.view.refuse.click()
    reason = desk.panel.view.reason
    assert not reason.isHidden()
    qtbot.keyClicks(reason._edit, "Keluarga ini sudah terdaftar")
    qtbot.keyClick(reason._edit, Qt.Key.Key_Return)
    wait_for_list(qtbot, desk, ALL - 1)
    assert "Ditolak" in desk.panel.told.text()
    assert server.rows("SELECT status FROM intake WHERE decided_by = 'user-sari'") == [("rejected",)]
    server.sync(rina.session)
    (told,) = [row for row in rina.store.queue.rows() if row.state == "rejected"]
    assert (told.kind, told.reason) == ("household", "Keluarga ini sudah terdaftar")


def test_what_was_accepted_arrives_on_both_laptops(qtbot, desk, server, rina) -> None:
    desk.open_tab()
    wait_for_list(qtbot, desk, ALL)
    waiting = len(rina.store.queue.rows())
    (home,) = [record.uid for record in desk.panel.records() if record.kind == "household"]
    choose(desk, "household")
    desk.panel.view.accept.click()
    wait_for_list(qtbot, desk, ALL - 1)
    assert desk.laptop.store.records.get(home) is None, "it lies on the server until the next run"
    desk.work.sync.send()
    qtbot.waitUntil(lambda: desk.laptop.store.records.get(home) is not None, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not desk.work.sync.is_sending, timeout=PATIENCE_MS)
    server.sync(rina.session)
    assert len(rina.store.queue.rows()) == waiting - 1


def test_escape_goes_back_and_decides_nothing(qtbot, desk, server) -> None:
    desk.open_tab()
    wait_for_list(qtbot, desk, ALL)
    qtbot.keyClick(desk.panel.list.table, Qt.Key.Key_Down)
    desk.panel.open_button.click()
    qtbot.keyClick(desk.panel, Qt.Key.Key_Escape)
    assert desk.panel.stack.currentIndex() == LIST
    assert server.count("intake") == len(server.rows("SELECT 1 FROM intake WHERE decided_by = ''"))


def test_without_a_connection_the_tab_says_so_and_goes_on_when_it_is_back(qtbot, desk, server) -> None:
    url = desk.laptop.store.db.value("SELECT v FROM sync_meta WHERE k = 'server_url'")
    set_server(desk, "http://127.0.0.1:9")
    desk.open_tab()
    empty = desk.panel.list.empty
    qtbot.waitUntil(lambda: "tidak menjawab" in empty.title_label.text(), timeout=PATIENCE_MS)
    assert "memerlukan sambungan" in empty.text_label.text()
    assert empty.button.text() == "Coba lagi"
    set_server(desk, url)
    empty.button.click()
    wait_for_list(qtbot, desk, ALL)


def test_a_decision_that_did_not_arrive_stays_undecided_and_is_made_again(qtbot, desk, server) -> None:
    desk.open_tab()
    wait_for_list(qtbot, desk, ALL)
    choose(desk, "household")
    url = desk.laptop.store.db.value("SELECT v FROM sync_meta WHERE k = 'server_url'")
    set_server(desk, "http://127.0.0.1:9")
    desk.panel.view.accept.click()
    qtbot.waitUntil(lambda: not desk.panel.view.problem.isHidden(), timeout=PATIENCE_MS)
    assert "belum dipastikan server" in desk.panel.view.problem.label.text()
    assert len(desk.panel.records()) == ALL
    set_server(desk, url)
    desk.panel.view.accept.click()
    wait_for_list(qtbot, desk, ALL - 1)


def test_what_somebody_else_decided_first_is_told_by_name(qtbot, desk, server) -> None:
    desk.open_tab()
    wait_for_list(qtbot, desk, ALL)
    choose(desk, "household")
    server.add_user("Ayu", Role.ADMIN_PROV, ("64",))
    decide_at_the_server(server, desk.panel.view.record().change)
    desk.panel.view.accept.click()
    wait_for_list(qtbot, desk, ALL - 1)
    assert "Sudah ditolak lebih dahulu oleh Ayu: ganda" in desk.panel.told.text()
    assert desk.laptop.store.db.rows("SELECT action FROM audit WHERE action LIKE 'quarantine%'") == []


def test_who_lost_his_role_meanwhile_is_refused_by_the_server(qtbot, desk, server) -> None:
    desk.open_tab()
    wait_for_list(qtbot, desk, ALL)
    choose(desk, "household")
    with server.house.database.write():
        server.house.database.run("UPDATE user_account SET role = 'pendamping' WHERE uid = 'user-sari'")
    desk.panel.view.accept.click()
    qtbot.waitUntil(lambda: not desk.panel.view.problem.isHidden(), timeout=PATIENCE_MS)
    assert "tidak berwenang" in desk.panel.view.problem.label.text()
    assert server.rows("SELECT count(*) FROM record WHERE kind = 'household'") == [(0,)]


def test_an_empty_quarantine_says_when_it_was_looked_at(qtbot, desk, server) -> None:
    with server.house.database.write():
        server.house.database.run("UPDATE intake SET status = 'rejected'")
        server.house.database.run("DELETE FROM aside")
    desk.open_tab()
    empty = desk.panel.list.empty
    qtbot.waitUntil(lambda: empty.title_label.text() == "Karantina kosong", timeout=PATIENCE_MS)
    assert "Diperiksa" in empty.text_label.text()
    assert desk.tab == "Karantina"


def test_a_run_that_went_well_tells_in_the_tab_how_many_wait(qtbot, desk) -> None:
    desk.work.sync.send()
    qtbot.waitUntil(lambda: desk.tab == f"Karantina ({ALL})", timeout=PATIENCE_MS)


def chosen(desk: Desk, *kinds: str) -> list[AsideRecord]:
    """Choose all rows of these kinds, as Ctrl and clicks do."""
    table = desk.panel.list.table
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    table.clearSelection()
    for row, record in enumerate(table.items_model.items()):
        if record.kind in kinds:
            table.selectionModel().select(table.items_model.index(row, 0), flags)
    return desk.panel.chosen()


def results(desk: Desk) -> list[tuple[str, str]]:
    return [(one.record.kind, one.chip) for one in desk.panel.results.table.items_model.items()]


def test_several_are_accepted_at_once_after_one_more_question(qtbot, desk, server) -> None:
    desk.open_tab()
    wait_for_list(qtbot, desk, ALL)
    assert desk.panel.bulk.isHidden()
    records = chosen(desk, "household", "person")
    assert len(records) == 2
    assert desk.panel.open_button.isHidden()
    assert desk.panel.bulk.accept.text() == "Terima 2 data"
    desk.panel.bulk.accept.click()
    assert desk.panel.busy.isHidden(), "asked once more"
    desk.panel.bulk.question.button.click()
    qtbot.waitUntil(lambda: desk.panel.stack.currentIndex() == RESULTS, timeout=PATIENCE_MS)
    assert results(desk) == [("household", "Diterima"), ("person", "Diterima")]
    assert "2 dari 2" in desk.panel.results.told.text()
    assert all("Tanda terima server" in one.words for one in desk.panel.results.table.items_model.items())
    assert server.rows("SELECT count(*) FROM record WHERE kind IN ('household', 'person')") == [(2,)]
    desk.panel.results.back.click()
    assert len(desk.panel.records()) == ALL - 2
    assert desk.tab == f"Karantina ({ALL - 2})"


def test_several_are_refused_with_one_reason(qtbot, desk, server, rina) -> None:
    desk.open_tab()
    wait_for_list(qtbot, desk, ALL)
    chosen(desk, "consent")
    desk.panel.bulk.refuse.click()
    reason = desk.panel.bulk.reason
    qtbot.keyClicks(reason._edit, "Warga mencabut izinnya")
    qtbot.keyClick(reason._edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk.panel.stack.currentIndex() == RESULTS, timeout=PATIENCE_MS)
    assert results(desk) == [("consent", "Ditolak")] * 5
    server.sync(rina.session)
    told = {row.reason for row in rina.store.queue.rows() if row.state == "rejected"}
    assert told == {"Warga mencabut izinnya"}


def test_what_was_decided_by_another_is_told_at_its_row(qtbot, desk, server) -> None:
    desk.open_tab()
    wait_for_list(qtbot, desk, ALL)
    server.add_user("Ayu", Role.ADMIN_PROV, ("64",))
    first, _second = chosen(desk, "household", "person")
    decide_at_the_server(server, first.change)
    desk.panel.bulk.accept.click()
    desk.panel.bulk.question.button.click()
    qtbot.waitUntil(lambda: desk.panel.stack.currentIndex() == RESULTS, timeout=PATIENCE_MS)
    late, waiting = desk.panel.results.table.items_model.items()
    assert (late.chip, "Ayu" in late.words) == ("Sudah diputuskan", True)
    assert (waiting.chip, waiting.settled) == ("Masih menunggu", False), "its family was refused"


def test_a_broken_line_leaves_the_rest_in_the_list(qtbot, desk, server) -> None:
    desk.open_tab()
    wait_for_list(qtbot, desk, ALL)
    chosen(desk, "household", "person")
    url = desk.laptop.store.db.value("SELECT v FROM sync_meta WHERE k = 'server_url'")
    set_server(desk, "http://127.0.0.1:9")
    desk.panel.bulk.accept.click()
    desk.panel.bulk.question.button.click()
    qtbot.waitUntil(lambda: desk.panel.stack.currentIndex() == RESULTS, timeout=PATIENCE_MS)
    assert results(desk) == [("household", "Belum berhasil"), ("person", "Belum dikirim")]
    assert "tetap dalam daftar" in desk.panel.results.told.text()
    set_server(desk, url)
    desk.panel.results.back.click()
    assert len(desk.panel.records()) == ALL
    assert server.rows("SELECT count(*) FROM intake WHERE decided_by <> ''") == [(0,)]


def test_stopping_sends_no_other_decision(qtbot, desk, server) -> None:
    desk.open_tab()
    wait_for_list(qtbot, desk, ALL)
    chosen(desk, "consent")
    desk.panel.bulk.accept.click()
    desk.panel.bulk.question.button.click()
    desk.panel._cancel.click()
    qtbot.waitUntil(lambda: desk.panel.stack.currentIndex() == RESULTS, timeout=PATIENCE_MS)
    assert [chip for _kind, chip in results(desk)].count("Belum dikirim") == 4
    assert len(server.rows("SELECT 1 FROM intake WHERE decided_by <> ''")) == 1
    assert len(desk.panel.records()) >= ALL - 1


def test_beranda_tells_how_many_wait_and_leads_there(qtbot, desk) -> None:
    desk.work.sync.send()
    qtbot.waitUntil(lambda: desk.tab == f"Karantina ({ALL})", timeout=PATIENCE_MS)
    desk.work.open_page("home")
    home = desk.work.window.page("home")
    assert isinstance(home, HomePage)
    qtbot.waitUntil(lambda: any(item.state == "set_aside" for item in home.shown_items()), timeout=PATIENCE_MS)
    (item,) = [item for item in home.shown_items() if item.state == "set_aside"]
    assert item.title == f"{ALL} data menunggu keputusan Anda"
    home.action_requested.emit(item)
    assert desk.work.window.current_page() == "sync"
    assert desk.page.tabs.currentWidget() is desk.panel
    wait_for_list(qtbot, desk, ALL)
    choose(desk, "household")
    desk.panel.view.accept.click()
    wait_for_list(qtbot, desk, ALL - 1)
    desk.work.open_page("home")
    fewer = f"{ALL - 1} data menunggu keputusan Anda"
    qtbot.waitUntil(lambda: any(item.title == fewer for item in home.shown_items()), timeout=PATIENCE_MS)


def set_server(desk: Desk, url: str) -> None:
    desk.laptop.store.db.execute_sql("UPDATE sync_meta SET v = ? WHERE k = 'server_url'", (url,))


def decide_at_the_server(server: RunningServer, change: str) -> None:
    from kube_field.server import reviewing

    with server.house.database.read():
        ayu = server.accounts.user("Ayu")
    reviewing.refuse(server.house, change, "ganda", ayu)
