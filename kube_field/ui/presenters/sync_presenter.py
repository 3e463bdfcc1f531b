"""Sinkronisasi: sends beside the work, tells the result with names, keeps failures visible."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from gettext import gettext as _
from pathlib import Path
from typing import Protocol, TypeAlias, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from kube_field.domain.records import DOCUMENT_KINDS, RecordKind
from kube_field.errors import KubeFieldError
from kube_field.sync.transports.line_check import LineCheck
from kube_field.sync.turn import TURN
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.queue_panel import ERASED, REFUSED_STATES
from kube_field.ui.pages.sync_page import DeviceView, SyncPage
from kube_field.ui.pages.sync_words import trouble_of_run
from kube_field.ui.presenters.conflicts_presenter import ConflictsPresenter
from kube_field.ui.presenters.doubles_presenter import DoublesPresenter
from kube_field.ui.presenters.page_presenter import PagePresenter, failure_words
from kube_field.ui.presenters.paper_desk import PaperDesk
from kube_field.ui.presenters.paper_output import PaperOutput
from kube_field.ui.presenters.profile_presenter import PROFILE_KINDS
from kube_field.ui.presenters.progress_words import phase_words, stick_words
from kube_field.ui.presenters.quarantine_presenter import QuarantinePresenter, ReviewLink
from kube_field.ui.tasks import SYNC, Tasks
from kube_field.usecases.courier import VIA_USB
from kube_field.usecases.handover import handover_number, handover_paper
from kube_field.usecases.queue import ask_again, handed_over, pill, queue, runs
from kube_field.usecases.session import Session
from kube_field.usecases.stick import CourierTally
from kube_field.usecases.views import HandedOver, PillState, QueueRow, SyncRun

WAITING = "queued"
RUNS_AT_FIRST, RUNS_MORE = 50, 200
"""How many runs are listed, and how many more whenever older ones are asked for."""
Result = TypeVar("Result")
ChooseFolder: TypeAlias = Callable[[QWidget], Path | None]


def ask_folder(parent: QWidget) -> Path | None:
    """The system's own dialog for a folder, None when the officer changed his mind."""
    name = QFileDialog.getExistingDirectory(parent, _("Pilih flashdisk atau folder titipan"))
    return Path(name) if name else None


class SyncLink(ReviewLink, Protocol):
    """The way to the server, as the desktop wires it; every call may wait for the network, but `device`."""

    def device(self) -> DeviceView:
        """This laptop and its server."""
        ...

    def send(
        self,
        on_progress: Callable[[str, int, int], None],
        cancelled: Callable[[], bool],
        *,
        allow_removal: bool = False,
    ) -> SyncRun:
        """One whole run; `on_progress` takes phase, done, total. What breaks it is in its outcome."""
        ...

    def check(self) -> LineCheck:
        """What the connection check found. Raises: KubeFieldError when the laptop is not enrolled."""
        ...

    def visit_stick(
        self,
        folder: Path,
        on_progress: Callable[[str, int, int], None],
        cancelled: Callable[[], bool],
        *,
        allow_removal: bool = False,
    ) -> CourierTally:
        """Hand in what lies on a USB stick, take the answers, leave what waits. Raises: KubeFieldError."""
        ...

    def enrol(self, server: str, code: str) -> None:
        """Make this laptop known. Raises: KubeFieldError."""
        ...


@dataclass(frozen=True, slots=True)
class SyncState:
    """Everything that the page lists; `handed` is what the server took in the newest run.

    `unsolved` is the run whose failure stands, `more_runs` tells that there are older ones than those in `runs`.
    """

    waiting: list[QueueRow]
    runs: list[SyncRun]
    more_runs: bool
    unsolved: SyncRun | None
    pill: PillState
    device: DeviceView
    handed: list[HandedOver]


class SyncPresenter(QObject):
    """Presenter of SyncPage; call `refresh` whenever the page is shown, `send` from anywhere.

    Signals: run_ended(SyncRun), progressed(phase, done, total) for the pill, state_changed(PillState).
    """

    run_ended = Signal(object)
    progressed = Signal(str, int, int)
    state_changed = Signal(object)
    _reported = Signal(str, int, int)
    _stick_reported = Signal(str, int, int)

    def __init__(
        self,
        page: SyncPage,
        session: Session,
        tasks: Tasks,
        navigate: Navigator,
        link: SyncLink,
        output: PaperOutput | None = None,
        *,
        choose_folder: ChooseFolder = ask_folder,
    ) -> None:
        super().__init__(page)
        self._choose_folder = choose_folder
        self.page = page
        self.session = session
        self.navigate = navigate
        self._tasks = tasks
        self._link = link
        self._desk = PagePresenter(page, session, tasks, navigate)
        self._papers = PaperDesk(self._desk, output or PaperOutput())
        self._stop: threading.Event | None = None
        self._visit: threading.Event | None = None
        self._again = False
        self._waits = False
        self._unrecorded: SyncRun | None = None
        self._runs_wanted = RUNS_AT_FIRST
        self.conflicts = ConflictsPresenter(page, session, tasks, navigate, self._read_again)
        self.doubles = DoublesPresenter(page, session, tasks, navigate, self._read_again)
        self.quarantine = QuarantinePresenter(page, session, tasks, navigate, link)
        self._connect()

    def _connect(self) -> None:
        page = self.page
        page.send_requested.connect(lambda: self.send_now())
        page.removal_allowed.connect(self._allow_removal)
        page.cancel_requested.connect(self.cancel)
        page.check_requested.connect(self._check)
        page.usb_requested.connect(lambda: self._visit_stick())
        page.retry_requested.connect(self._retry)
        page.record_opened.connect(self._open)
        page.enrol_requested.connect(self._enrol)
        page.runs.run_chosen.connect(self._show_names)
        page.runs.more_requested.connect(self._show_more_runs)
        page.runs.print_requested.connect(lambda run: self._papers.print(lambda: self._paper(run)))
        page.runs.save_requested.connect(self._save_paper)
        self._reported.connect(self._show_progress, Qt.ConnectionType.QueuedConnection)
        self._stick_reported.connect(self._show_stick_progress, Qt.ConnectionType.QueuedConnection)

    @property
    def is_sending(self) -> bool:
        """True while a run is under way."""
        return self._stop is not None

    def refresh(self) -> None:
        """Read queue, runs, conflicts, pill and device again."""
        self._read_again()
        self.conflicts.refresh()
        self.doubles.refresh()

    def _read_again(self) -> None:
        self._desk.ask(self._read, self._show)

    def send(self, *, allow_removal: bool = False) -> None:
        """Start a run; while one is under way the next begins when it ends, so that nothing asked for is forgotten."""
        if self._stop is not None:
            self._again = True
            return
        stop = self._stop = threading.Event()
        self._again = self._waits = False
        self.page.hide_notice()
        self.page.begin(phase_words(""))
        self._tasks.run(
            lambda: self._link.send(self._reported.emit, stop.is_set, allow_removal=allow_removal),
            self._ended,
            self._failed,
            lane=SYNC,
        )

    def send_now(self, *, allow_removal: bool = False) -> None:
        """The officer's own word: a run that only waits for its turn makes way, and the next one goes on at once."""
        if self._stop is not None and self._waits:
            self._stop.set()
        self.send(allow_removal=allow_removal)

    def cancel(self) -> None:
        """Stop after the step that is going on; nothing is lost."""
        self._again = False
        under_way = self._visit or self._stop
        if under_way is not None:
            under_way.set()
            self.page.show_progress(_("Menghentikan setelah langkah ini…"))

    def open_conflicts(self, uid: str = "") -> None:
        """Show the conflicts of a record, or their list."""
        self.page.open_conflicts(uid)

    def open_double(self, uid: str = "") -> None:
        """Show the case of a record, or the list of cases."""
        self.page.open_double(uid)

    def open_quarantine(self) -> None:
        """Show what the server set aside, as it stands now."""
        self.page.open_quarantine()

    def _retry(self, change_ids: Sequence[str]) -> None:
        self._desk.ask(lambda: ask_again(self.session, change_ids=change_ids), lambda _none: self.send_now())

    def _ended(self, run: SyncRun) -> None:
        self._stop = None
        self._unrecorded = run

        def show(state: SyncState) -> None:
            self.page.show_progress("")
            self._show(state)
            refused = [(row.title, row.reason) for row in state.waiting if row.state in (*REFUSED_STATES, ERASED)]
            left = [row.title for row in state.waiting if row.state == WAITING]
            self.page.show_result(run, [row.title for row in state.handed], refused, left)
            self.run_ended.emit(run)
            if self._again:
                self.send()

        self._desk.ask(self._read, show, self._failed)
        self.conflicts.refresh()
        self.doubles.refresh()
        if trouble_of_run(run) is None:
            self.quarantine.look_again()

    def _failed(self, error: KubeFieldError) -> None:
        self._stop = None
        self.page.show_progress("")
        self.page.show_problem(failure_words(error))
        self.refresh()

    def _read(self) -> SyncState:
        told = runs(self.session, limit=self._runs_wanted + 1)
        more, told = len(told) > self._runs_wanted, told[: self._runs_wanted]
        state, last = pill(self.session), self._unrecorded
        unsolved = state.unsolved
        if last is not None and not any(run.started_at == last.started_at for run in told):
            told = [last, *told]
            unsolved = last if trouble_of_run(last) is not None else unsolved
        handed = handed_over(self.session, run_id=told[0].id) if told else []
        return SyncState(queue(self.session), told, more, unsolved, state, self._link.device(), handed)

    def _show(self, state: SyncState) -> None:
        self.page.show_queue(state.waiting)
        self.page.show_runs(state.runs, more=state.more_runs)
        self.page.show_unsolved(state.unsolved)
        self.page.show_device(state.device, state.pill)
        self.state_changed.emit(state.pill)

    def _show_progress(self, phase: str, done: int, total: int) -> None:
        if self._stop is None or self._stop.is_set():
            return
        self._waits = phase == TURN
        self.page.show_progress(phase_words(phase, done, total), done, total, may_go_on=self._waits)
        if not self._waits:
            self.progressed.emit(phase, done, total)

    def _check(self) -> None:
        if self._stop is None:
            self._beside_runs(_("Memeriksa sambungan…"), self._link.check, self.page.show_check)

    def _allow_removal(self, via: str) -> None:
        """The officer's word holds for the way that asked for it: the stick is visited again, or a run is sent."""
        if via == VIA_USB:
            self._visit_stick(allow_removal=True)
        else:
            self.send_now(allow_removal=True)

    def _visit_stick(self, *, allow_removal: bool = False) -> None:
        folder = self._choose_folder(self.page)
        if folder is None:
            return
        self.page.hide_notice()
        visit = self._visit = threading.Event()

        def done(tally: CourierTally) -> None:
            self.page.show_stick(tally, self.session.instant())
            self.refresh()

        tell, stopped = self._stick_reported.emit, visit.is_set
        work = partial(self._link.visit_stick, folder, tell, stopped, allow_removal=allow_removal)
        self._beside_runs(_("Membuka flashdisk…"), work, done, may_cancel=True)

    def _show_stick_progress(self, step: str, done: int, total: int) -> None:
        if self._visit is not None and not self._visit.is_set():
            self.page.show_progress(stick_words(step, done, total), done, total)

    def _enrol(self, server: str, code: str) -> None:
        def enrolled(_nothing: object) -> None:
            self.page.show_progress("")
            self.page.show_notice(_("Laptop terdaftar. Data yang menunggu dikirim sekarang."), seconds=8)
            self.send()

        self._beside_runs(_("Mendaftarkan laptop…"), partial(self._link.enrol, server, code), enrolled)

    def _beside_runs(
        self, words: str, work: Callable[[], Result], done: Callable[[Result], None], *, may_cancel: bool = False
    ) -> None:
        """Do what else needs the line; a run that was asked for meanwhile follows it."""
        self.page.begin(words, may_cancel=may_cancel)

        def ended(result: Result) -> None:
            self._visit = None
            done(result)
            self._show_going_on()

        def failed(error: KubeFieldError) -> None:
            self._visit = None
            self.page.show_progress("")
            self.page.show_problem(failure_words(error))
            self.refresh()
            self._show_going_on()

        self._tasks.run(work, ended, failed, lane=SYNC)

    def _show_going_on(self) -> None:
        if self._stop is not None:
            self.page.show_progress(phase_words(""))

    def _open(self, row: QueueRow) -> None:
        if row.kind in DOCUMENT_KINDS:
            self.navigate.open_document(row.uid)
        elif row.kind in PROFILE_KINDS:
            self.navigate.open_profile(row.kind, row.uid)
        elif row.kind == RecordKind.MERGE_DECISION:
            self.page.open_double()
        else:
            self.page.show_notice(_("Data jenis ini dibuka dari profil warga atau kelompoknya."), seconds=6)

    def _show_more_runs(self) -> None:
        self._runs_wanted += RUNS_MORE
        self._read_again()

    def _show_names(self, run: SyncRun) -> None:
        self._desk.ask(
            lambda: [row.title for row in handed_over(self.session, run_id=run.id)],
            lambda names: self.page.runs.show_names(run, names),
        )

    def _paper(self, run: SyncRun) -> bytes:
        return handover_paper(self.session, run_id=run.id)

    def _save_paper(self, run: SyncRun) -> None:
        name = _("Serah terima {number}").format(number=handover_number(run))
        self._papers.save(lambda: self._paper(run), name)
