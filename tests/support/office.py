"""Two people at their own windows, an officer in the field and a penyelia at her desk, with a real server between them.

Every paper leaves by the window's buttons; only the two dialogs of the system, for the printer and for the file, are
answered by hand. Set KUBE_PICTURES to a folder to keep a picture of each page on the way and of each page of a paper.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from PIL import Image
from PySide6.QtPrintSupport import QPrinter

from kube_field.domain.records import Role
from kube_field.language import speak_indonesian
from kube_field.reports.preview import page_images
from kube_field.server.storage.proof import check_feed
from kube_field.ui.pages.reports_page import Paper
from kube_field.ui.pages.sync_page import DeviceView
from kube_field.ui.presenters.paper_output import PaperOutput
from kube_field.ui.tasks import ImmediateTaskRunner
from kube_field.ui.theme import apply_theme
from kube_field.ui.widgets.pdf_preview import PdfPreview
from kube_field.ui.workplace import Workplace
from kube_field.usecases.views import SyncRun, WorkItem
from tests.gallery import NoServer
from tests.support import make_records
from tests.support.laptop import Clock, Laptop, make_laptop
from tests.support.make_picture import make_picture
from tests.support.other_windows import OtherWindows
from tests.support.robot import Robot
from tests.support.server import RunningServer, enrolled, running_server

FOLDER = os.environ.get("KUBE_PICTURES", "")
PAPER_WIDTH, LOOK_WIDTH = 900, 200


class Line(NoServer):
    """The way from a window to the server of the test."""

    def __init__(self, server: RunningServer, laptop: Laptop) -> None:
        self._server, self._laptop = server, laptop

    def device(self) -> DeviceView:
        return DeviceView(self._laptop.store.setting("device_code"), self._server.url, "", "", enrolled=True)

    def send(self, on_progress: Any, cancelled: Any, *, allow_removal: bool = False) -> SyncRun:
        return self._server.sync(self._laptop.session)


class Tray:
    """Where printed and saved papers of one window lie."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.printed, self._folder = folder / "cetak.pdf", folder
        self.saved: list[Path] = []

    def choose_printer(self, _parent: object) -> QPrinter:
        printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(self.printed))
        return printer

    def choose_file(self, _parent: object, name: str) -> Path:
        path = self._folder / f"{len(self.saved)}-{name}"
        self.saved.append(path)
        return path


@dataclass
class Office:
    """Rina's and Sari's windows, one clock for both and the server."""

    server: RunningServer
    rina: Laptop
    sari: Laptop
    field: Robot
    desk: Robot
    clock: Clock
    start: date
    trays: dict[str, Tray]
    shots: int = 0

    def on(self, days: int) -> str:
        """Go to a day, counted from the first one."""
        day = (self.start + timedelta(days=days)).isoformat()
        self.clock.set_day(day)
        return day

    # Pictures and papers

    def shoot(self, name: str, robot: Robot | None = None) -> None:
        """Keep a picture of what stands on a window."""
        if FOLDER:
            self.shots += 1
            self.field.qtbot.wait(100)  # lists grow after they are shown
            (robot or self.field).work.window.grab().save(str(Path(FOLDER) / f"{self.shots:02d}-{name}.png"))

    def document_paper(self, uid: str, name: str, robot: Robot | None = None) -> bytes:
        """The paper of a document, saved and printed from its own page."""
        by = robot or self.field
        by.work.navigate.open_document(uid)
        page = by.work.window.page("document")
        by.wait(lambda: page._view is not None and page._view.uid == uid)
        return self._taken(by, page.preview, name)

    def report_paper(self, paper: Paper, key: str, name: str, robot: Robot | None = None) -> bytes:
        """A paper chosen on the page Laporan, saved and printed there."""
        by = robot or self.field
        page = by.go("reports")
        page._paper.setCurrentIndex(page._paper.findData(str(paper)))
        table = page.list.table
        found = [at for at, row in enumerate(table.items_model.items()) if row.key == key]
        assert found, (paper, key, [row.key for row in table.items_model.items()])
        table.selectRow(found[0])
        by.wait(lambda: page.chosen is not None and page.chosen.key == key)
        return self._taken(by, page.preview, name)

    def _taken(self, robot: Robot, preview: PdfPreview, name: str) -> bytes:
        """Press both buttons under a preview; what was printed has as many pages as what was saved."""
        robot.wait(lambda: preview.page_count > 0)
        self.shoot(f"{name}-pratinjau", robot)
        tray = self.trays[robot.work.session.officer.name]
        tray.printed.unlink(missing_ok=True)
        robot.press(preview._save)
        robot.wait(lambda: bool(tray.saved) and tray.saved[-1].exists())
        robot.press(preview._print)
        robot.wait(tray.printed.exists)
        pdf = tray.saved[-1].read_bytes()
        pages = len(page_images(pdf, LOOK_WIDTH))
        assert preview.page_count == pages == len(page_images(tray.printed.read_bytes(), LOOK_WIDTH))
        self._keep(name, pdf)
        return pdf

    def _keep(self, name: str, pdf: bytes) -> None:
        for number, page in enumerate(page_images(pdf, PAPER_WIDTH) if FOLDER else (), start=1):
            picture = Image.frombytes("RGB", (page.width, page.height), page.rgb)
            picture.save(Path(FOLDER) / f"kertas-{name}-{number}.png")

    # Between the two

    def exchange(self, *, back: bool = False) -> None:
        """Both press Kirim sekarang, Rina first or last; nothing is refused and nothing waits."""
        both = ((self.field, self.rina), (self.desk, self.sari))
        for robot, laptop in reversed(both) if back else both:
            page = robot.go("sync")
            robot.press(page._send)
            robot.wait(lambda laptop=laptop: laptop.store.queue.pill().unsent == 0)
            assert not [row for row in laptop.store.queue.rows() if row.state in ("rejected", "quarantined")]

    def work_of(self, robot: Robot, action: str, uid: str = "") -> WorkItem:
        """The line of Beranda that asks for this."""
        page = robot.go("home")
        robot.work.home.refresh()
        found = [item for item in page.shown_items() if item.action == action and uid in ("", item.target_uid)]
        assert found, (action, [(item.state, item.detail) for item in page.shown_items()])
        return found[0]

    def begin(self, action: str, uid: str = "", robot: Robot | None = None) -> WorkItem:
        """Press the button of a line of Beranda."""
        by = robot or self.field
        item = self.work_of(by, action, uid)
        by.sit()
        by.work.window.page("home").action_requested.emit(item)
        return item

    def accept(self, uid: str, reason: str = "") -> None:
        """Sari finds the document in her queue, looks at it and accepts it; Rina hears of it."""
        page = self._look_at(uid)
        self.shoot("penyelia-memeriksa", self.desk)
        self.desk.press(page._decide["accepted"])
        if reason:
            self._say_why(page, reason)
        self.exchange(back=True)
        assert self.rina.store.listings.standing(uid).review == "accepted"

    def send_back(self, uid: str, notes: Mapping[str, str], message: str) -> None:
        """Sari writes notes beside answers and returns the document; Rina hears of it."""
        page = self._look_at(uid)
        for answer in page.answers._answers:
            if answer.code in notes:
                self.desk.press(answer.write)
                self.desk.type(answer.edit, notes[answer.code])
        assert page.answers.notes() == notes
        self.shoot("penyelia-mencatat", self.desk)
        self.desk.press(page._decide["returned"])
        self._say_why(page, message)
        self.exchange(back=True)
        assert self.rina.store.listings.standing(uid).review == "returned"

    def _look_at(self, uid: str) -> Any:
        self.exchange()
        self.begin("review", uid, self.desk)
        page = self.desk.work.window.page("document")
        self.desk.wait(lambda: page._view is not None and page._view.uid == uid)
        return page

    def _say_why(self, page: Any, reason: str) -> None:
        self.desk.wait(page.reason.isVisible)
        self.desk.type(page.reason._edit, reason)
        self.desk.press(page.reason._confirm)


def window_of(qtbot: Any, server: RunningServer, laptop: Laptop, photo: Path, tray: Tray) -> Robot:
    """Somebody at a window of the size of a small laptop."""
    output = PaperOutput(tray.choose_printer, tray.choose_file)
    work = Workplace(laptop.session, ImmediateTaskRunner(), Line(server, laptop), output=output)
    qtbot.addWidget(work.window)
    work.window.resize(1366, 768)
    work.start()
    work.window.show()
    return Robot(qtbot, work, photo)


@contextmanager
def open_office(qapp: Any, qtbot: Any, folder: Path, start: date) -> Iterator[Office]:
    """Both windows open on the first day; at the end the server's feed is whole."""
    speak_indonesian()
    apply_theme(qapp)
    photo = folder / "kamera.jpg"
    photo.write_bytes(make_picture(800, 600))
    clock = Clock()
    clock.set_day(start.isoformat())
    with (
        running_server(folder, now=clock.now) as server,
        make_laptop(folder, clock=clock) as rina,
        make_laptop(folder, "Sari", ("64.02",), "L08", role=Role.PENYELIA_KAB, clock=clock) as sari,
    ):
        admin = server.add_user("Admin", Role.ADMIN_PROV, ("64",))
        with server.house.database.write():
            server.accounts.add_alias(make_records.as_admin(rina.session).officer.uid, admin.uid)
        enrolled(server, rina)
        enrolled(server, sari, role=Role.PENYELIA_KAB, areas=("64.02",))
        trays = {laptop.session.officer.name: Tray(laptop.folder / "kertas") for laptop in (rina, sari)}
        field, desk = (
            window_of(qtbot, server, laptop, photo, trays[laptop.session.officer.name]) for laptop in (rina, sari)
        )
        watch = OtherWindows(field.work.window, desk.work.window)
        qapp.installEventFilter(watch)
        yield Office(server, rina, sari, field, desk, clock, start, trays)
        qapp.removeEventFilter(watch)
        assert sorted(set(watch.seen)) == []
        for robot in (field, desk):
            robot.work.stop()
            robot.work.window.close()
        assert check_feed(server.house.database) == []
