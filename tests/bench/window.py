"""Run as a process of its own: the program on a full laptop is worked as an officer works, and tells how it felt.

`python -m tests.bench.window ours DATA_FOLDER` (password on standard input) or `… bare`. One JSON object a line:
{"step", "wall", "own", "took"}: longest pause of the event loop, the GUI thread's own work in it, and how long until
nothing moved any more, in milliseconds; {"resident": MiB, "at"}; {"keys": milliseconds of the key derivation alone}.
"""

from __future__ import annotations

import json
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from kube_field.domain.records import RecordKind
from tests.bench.first_window import resident_kib
from tests.bench.heart import Heart

Act = Callable[[], object]
Step = tuple[str, Act]
LOOK_MS, QUIET_MS = 10, 300
"""How often it is looked whether work goes on, and for how long it must rest to be over."""
BARE_MS = 3000
TYPED = "melati putih"
LETTER_MS = 120
SCROLLS = 60


def tell(**words: object) -> None:
    print(json.dumps(words), flush=True)


class Worker(QObject):
    """Takes one step after the other, each when the last one has come to rest."""

    def __init__(self, steps: Iterator[Step], is_busy: Callable[[], bool]) -> None:
        super().__init__()
        self._steps, self._is_busy = steps, is_busy
        self.heart = Heart(self)
        self._name = ""
        self._begun = self._moved = 0.0
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._watch)

    def next(self) -> None:
        """Begin the next step; without one the program ends."""
        found = next(self._steps, None)
        if found is None:
            QApplication.quit()
            return
        self._name, act = found
        self.heart.begin()
        self._begun = self._moved = time.perf_counter()
        QTimer.singleShot(0, act)
        self._look.start()

    def moved(self) -> None:
        """Something still goes on in this step."""
        self._moved = time.perf_counter()

    def _watch(self) -> None:
        now = time.perf_counter()
        if self._is_busy():
            self._moved = now
        elif (now - self._moved) * 1000 >= QUIET_MS:
            self._look.stop()
            took = (self._moved - self._begun) * 1000
            tell(step=self._name, wall=self.heart.wall, own=self.heart.own, took=took)
            QTimer.singleShot(0, self.next)


class Hands:
    """What an officer does with mouse and keyboard."""

    def __init__(self) -> None:
        self.worker: Worker | None = None

    def type(self, field: QWidget, text: str = TYPED) -> None:
        """Letter by letter, as fast as people type."""
        field.setFocus()
        waiting = deque(text)
        timer = QTimer(field)
        timer.setInterval(LETTER_MS)

        def letter() -> None:
            if waiting:
                QTest.keyClicks(field, waiting.popleft())
                self._moved()
            else:
                timer.stop()

        timer.timeout.connect(letter)
        timer.start()

    def press(self, widget: QWidget, key: Qt.Key, times: int) -> None:
        """One key again and again, as held down."""
        widget.setFocus()
        left = iter(range(times))
        timer = QTimer(widget)
        timer.setInterval(30)

        def one() -> None:
            if next(left, None) is None:
                timer.stop()
                return
            QTest.keyClick(widget, key)
            self._moved()

        timer.timeout.connect(one)
        timer.start()

    def _moved(self) -> None:
        if self.worker is not None:
            self.worker.moved()


def officers_day(desktop: object, hands: Hands, password: str) -> Iterator[Step]:
    """Everything that is measured, in the order of a day."""
    from kube_field.desktop import Desktop
    from kube_field.ui.showing import PAGES

    assert isinstance(desktop, Desktop)
    window = desktop.start_window
    assert window is not None
    yield "the unlock page stands", lambda: None
    page = window.centralWidget()
    yield "unlock", lambda: page.unlock_requested.emit("rina", password)
    tell(resident=resident_kib() / 1024, at="start page")
    work = desktop.workplace
    assert work is not None
    assert desktop._idle is not None
    desktop._idle.stop()  # nobody touches a real mouse here, and a day is longer than the ten minutes to the lock
    pages = work.window
    pages.showNormal()  # the screen that a process without one is given is smaller than a laptop's
    pages.resize(PAGES)
    yield "start page again", lambda: work.open_page("home")
    yield "search everything, typed", lambda: hands.type(pages.top_bar.search)
    pages.top_bar.drop.hide()
    yield from _people(work, hands)
    yield from _visits(work, hands)
    yield from _profiles(work)
    yield from _others(work, hands)
    tell(resident=resident_kib() / 1024, at="after the whole day")


def _people(work: Any, hands: Hands) -> Iterator[Step]:
    yield "list of people", lambda: work.open_page("people")
    page = work.window.page("people")
    yield "list of people, scrolled", lambda: hands.press(page.table, Qt.Key.Key_PageDown, SCROLLS)
    yield "list of people, sorted", lambda: page.table.sortByColumn(3, Qt.SortOrder.AscendingOrder)
    yield "list of people, typed", lambda: hands.type(page._search)
    yield "list of people, whole again", page._search.clear
    yield "list of people, one kecamatan", lambda: page._kecamatan.setCurrentIndex(1)
    page._kecamatan.setCurrentIndex(0)


def _visits(work: Any, hands: Hands) -> Iterator[Step]:
    yield "visits that are due", lambda: work.open_page("visits")
    page = work.window.page("visits")
    yield "visits that are due, scrolled", lambda: hands.press(page.due.table, Qt.Key.Key_PageDown, SCROLLS)
    yield "visits that are due, sorted", lambda: page.due.table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    for words, tab in (("follow up", page.follow_up), ("calendar", page.calendar), ("area", page.area)):
        yield f"visits, {words}", partial(page.tabs.setCurrentWidget, tab)
    yield "all documents", page.show_all_documents
    yield "all documents, typed", lambda: hands.type(page._search)
    yield "all documents, one month", lambda: page._month.setCurrentIndex(2)


def _profiles(work: Any) -> Iterator[Step]:
    due = work.window.page("visits").due.table.items_model.items()
    group = next(item for item in due if "KUBE" in item.title)
    for words, item in (("a person's business", due[0]), ("a group's business", group)):
        yield f"profile, {words}", partial(work.navigate.open_profile, RecordKind.BUSINESS_UNIT, item.target_uid)
        page = work.window.page("profile")
        for at in filter(page.tabs.isTabVisible, range(page.tabs.count())):
            yield f"profile, {words}, {page.tabs.tabText(at)}", partial(page.tabs.setCurrentIndex, at)
    yield "visit begun from the profile", page._visit.click
    yield "visit form, next section", lambda: work.window.page("form").form_view.step_section(1)


def _others(work: Any, hands: Hands) -> Iterator[Step]:
    yield "groups", lambda: work.open_page("groups")
    yield "reports", lambda: work.open_page("reports")
    page = work.window.page("reports")
    yield "recap, list of months", lambda: page._paper.setCurrentIndex(page._paper.findData("recap"))
    yield "recap, one month on paper", lambda: page.list.table.setCurrentIndex(page.list.table.model().index(1, 0))
    yield "synchronisation", lambda: work.open_page("sync")
    yield "start page at the end", lambda: work.open_page("home")


def ours(folder: Path, password: str) -> int:
    """The program's own window, from its unlock page on."""
    from kube_field.desktop import Desktop
    from kube_field.language import speak_indonesian
    from kube_field.paths import AppPaths
    from kube_field.storage.vault.vault import unlock
    from kube_field.ui.theme import apply_theme

    speak_indonesian()
    app = QApplication(sys.argv[:1])
    apply_theme(app)
    paths = AppPaths(folder)
    begun = time.perf_counter()
    unlock(paths.key_file, "rina", password)
    tell(keys=(time.perf_counter() - begun) * 1000)
    desktop = Desktop(app, paths, begin_again=lambda _paths, _demo: None)
    desktop.start()
    hands = Hands()
    worker = hands.worker = Worker(officers_day(desktop, hands, password), lambda: desktop.tasks._open > 0)
    QTimer.singleShot(0, worker.next)
    code = int(app.exec())
    desktop.close()
    return code


def bare() -> int:
    """A window with nothing in it: what this machine and Qt cost by themselves."""
    app = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.resize(1366, 768)
    window.show()
    heart = Heart(app)

    def done() -> None:
        tell(step="bare window", wall=heart.wall, own=heart.own, took=BARE_MS)
        tell(resident=resident_kib() / 1024, at="bare window")
        app.quit()

    QTimer.singleShot(QUIET_MS, heart.begin)
    QTimer.singleShot(BARE_MS, done)
    return int(app.exec())


if __name__ == "__main__":
    raise SystemExit(bare() if sys.argv[1] == "bare" else ours(Path(sys.argv[2]), sys.stdin.readline().strip()))
