"""Impor: reads a file apart, judges its rows piece by piece between other work, writes once, takes it back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from gettext import gettext as _
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from kube_field.errors import KubeFieldError
from kube_field.exchange.entries import Columns
from kube_field.exchange.incoming_columns import ImportType
from kube_field.ui.formats import group_thousands
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.import_page import CHOOSE, COLUMNS, GROUPS, ROWS, ImportPage
from kube_field.ui.pages.import_rows_panel import RowLine, Totals
from kube_field.ui.presenters.import_words import (
    column_lines,
    first_readings,
    meanings_of,
    needed_lines,
    row_lines,
    totals_of,
)
from kube_field.ui.presenters.page_presenter import PagePresenter
from kube_field.ui.presenters.paper_output import CSV, XLSX, PaperOutput, file_name, write_file
from kube_field.ui.tasks import FILES, Tasks
from kube_field.usecases.import_columns import IncomingList, read_list, remember_columns
from kube_field.usecases.import_papers import import_report
from kube_field.usecases.import_results import Decisions, DoubleChoice
from kube_field.usecases.import_writing import ImportDone, undo_import, write_import
from kube_field.usecases.importing import Importer
from kube_field.usecases.permissions import require_may_write
from kube_field.usecases.session import Session

ChooseList = Callable[[QWidget], Path | None]


def ask_list(parent: QWidget) -> Path | None:
    """The system's own file dialog for one list."""
    kinds = _("Daftar (*.xlsx *.csv)")
    name, _kind = QFileDialog.getOpenFileName(parent, _("Pilih daftar"), "", kinds)
    return Path(name) if name else None


class ImportPresenter(PagePresenter):
    """Presenter of ImportPage; call `open_for` when the page is opened from a list."""

    def __init__(
        self,
        page: ImportPage,
        session: Session,
        tasks: Tasks,
        navigate: Navigator,
        output: PaperOutput | None = None,
        choose_list: ChooseList = ask_list,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(page, session, tasks, navigate)
        self.page = page
        self._output, self._choose_list, self._clock = output or PaperOutput(), choose_list, clock
        self._incoming: IncomingList | None = None
        self._importer: Importer | None = None
        self._decisions = Decisions()
        self._done: ImportDone | None = None
        self._stopping = threading.Event()
        self._began = 0.0
        self._connect()

    def _connect(self) -> None:
        page = self.page
        page.file_requested.connect(self._choose)
        page.cancelled.connect(self._stopping.set)
        page.columns.changed.connect(self._on_columns)
        page.columns.check_requested.connect(self._check)
        page.rows.left_out.connect(lambda number: self._decide(number, DoubleChoice.LEAVE_OUT))
        page.rows.taken_as_new.connect(lambda number, reason: self._decide(number, DoubleChoice.AS_NEW, reason))
        page.rows.report_requested.connect(self._save_report)
        page.rows.write_requested.connect(self._write)
        page.undo_requested.connect(self._undo)
        page.list_requested.connect(self._open_list)

    def open_for(self, kind: str) -> None:
        """Propose a kind of list; work that was begun stays where it is."""
        if self.page.step() == CHOOSE:
            self.page.choose_kind(kind)

    def stop(self) -> None:
        """The window goes: no more rows are judged, the child that reads a file ends."""
        self._stopping.set()

    # Reading

    def _choose(self, kind: str) -> None:
        try:
            require_may_write(self.session.officer, ImportType(kind).kind)
        except KubeFieldError as error:
            self.show_failure(error)
            return
        path = self._choose_list(self.page)
        if path is not None:
            self.read(path, ImportType(kind))

    def read(self, path: Path, kind: ImportType) -> None:
        """Read a file and propose what its columns mean."""
        self.page.hide_notice()
        self._stopping.clear()
        self._wait(_("Membaca {name} …").format(name=path.name), may_cancel=True)
        self.tasks.run(
            lambda: read_list(self.session, path=path, kind=kind, cancelled=self._stopping),
            self._show_columns,
            self._failed,
            lane=FILES,
        )

    def _show_columns(self, incoming: IncomingList) -> None:
        self.page.show_busy(False)
        self._incoming = incoming
        self.page.rows.forget()
        count = group_thousands(len(incoming.table.rows))
        words = _("{n} baris di lembar “{sheet}”") if incoming.table.sheet else _("{n} baris")
        self.page.show_title(
            _("Impor {name}").format(name=incoming.name), words.format(n=count, sheet=incoming.table.sheet)
        )
        self.page.columns.show_columns(column_lines(incoming), meanings_of(incoming))
        self.page.columns.show_needed(needed_lines(incoming))
        self.page.show_step(COLUMNS)
        self._show_readings()
        if incoming.remembered:
            self.page.show_notice(_("Arti kolom diambil dari impor terakhir dengan judul yang sama."), seconds=8)

    def _on_columns(self) -> None:
        if self._incoming is None:
            return
        panel = self.page.columns
        columns = Columns(panel.by_heading(), panel.same_for_all())
        is_other = columns.by_heading != self._incoming.columns.by_heading
        self._incoming = replace(self._incoming, columns=columns)
        if is_other:
            panel.show_needed(needed_lines(self._incoming))
        self._show_readings()

    def _show_readings(self) -> None:
        incoming = self._incoming
        if incoming is None:
            return
        unused = sum(1 for code in incoming.columns.by_heading.values() if not code)
        words = _("{n} kolom tidak dipakai.").format(n=unused) if unused else ""

        def show(readings: dict[str, str]) -> None:
            if incoming is self._incoming:
                self.page.columns.show_readings(readings, words)

        self.ask(lambda: first_readings(self.session, incoming), show)

    # Judging

    def _check(self) -> None:
        if self._incoming is None:
            return
        self.page.hide_notice()
        self.page.rows.forget()
        self._decisions = Decisions()
        self._stopping.clear()
        self._began = self._clock()
        request = self._incoming.request()
        self._busy(_("Memeriksa baris:"), 0, len(request.table.rows))
        self.ask(lambda: Importer(self.session, request), self._begin, self._failed)

    def _begin(self, importer: Importer) -> None:
        self._importer = importer
        self._go_on(importer, importer.steps())

    def _go_on(self, importer: Importer, steps: Iterator[int]) -> None:
        if self._stopping.is_set():
            self._importer = None
            self.page.show_busy(False)
            self.page.show_notice(_("Pemeriksaan dibatalkan. Tidak ada yang ditulis."), seconds=8)
            return
        self.ask(lambda: next(steps, None), lambda done: self._stepped(importer, steps, done), self._failed)

    def _stepped(self, importer: Importer, steps: Iterator[int], done: int | None) -> None:
        if done is None:
            self.page.show_busy(False)
            self.page.show_step(ROWS)
            self._show_rows()
            return
        whole = len(importer.request.table.rows)
        left = (self._clock() - self._began) / done * (whole - done) if done else None
        self._busy(_("Memeriksa baris:"), done, whole, left)
        self._go_on(importer, steps)

    def _show_rows(self) -> None:
        importer, decisions = self._importer, self._decisions
        if importer is None:
            return

        def show(found: tuple[list[RowLine], Totals]) -> None:
            if importer is self._importer and decisions is self._decisions:
                self.page.rows.show_rows(*found)

        self.ask(lambda: (row_lines(importer.rows, decisions), totals_of(importer, decisions)), show)

    def _decide(self, number: int, choice: DoubleChoice, reason: str = "") -> None:
        told = self._decisions
        if number:
            self._decisions = replace(told, doubles={**told.doubles, number: choice})
        else:
            self._decisions = replace(told, doubles={}, all_doubles=choice)
        if reason:
            self._decisions = replace(self._decisions, double_reason=reason)
        self._show_rows()

    def _save_report(self) -> None:
        importer, incoming = self._importer, self._incoming
        if importer is None or incoming is None:
            return
        name = file_name(_("Laporan {name}").format(name=Path(incoming.name).stem), XLSX)
        path = self._output.choose_file(self.page, name)
        if path is None:
            return
        decisions = self._decisions
        self._wait(_("Menulis laporan …"))

        def make() -> None:
            write_file(path, import_report(importer, decisions, as_csv=path.suffix.lower() == CSV))

        self.tasks.run(make, lambda _none: self._report_saved(path), self._failed, lane=FILES)

    def _report_saved(self, path: Path) -> None:
        self.page.show_busy(False)
        words = _("Laporan tersimpan: {path}. Perbaiki di dalamnya, lalu impor berkas itu.")
        self.page.show_notice(words.format(path=path))

    # Writing

    def _write(self, reason: str) -> None:
        importer, incoming = self._importer, self._incoming
        if importer is None or incoming is None:
            return
        self._decisions = replace(self._decisions, reason=reason)
        decisions = self._decisions
        self.page.hide_notice()
        self._wait(_("Menulis semua baris sekaligus …"))

        def write() -> ImportDone:
            done = write_import(self.session, importer, decisions)
            remember_columns(self.session, kind=incoming.kind, table=incoming.table, columns=incoming.columns)
            return done

        self.ask(write, self._written, self._failed)

    def _written(self, done: ImportDone) -> None:
        self.page.show_busy(False)
        self._importer, self._incoming, self._done = None, None, done
        told = done.tally
        left = told.rows - told.new - told.changed - told.same
        title = _("{new} data baru dan {changed} data berubah tersimpan di laptop").format(
            new=group_thousands(told.new), changed=group_thousands(told.changed)
        )
        words = _("{same} baris sudah sama, {left} baris dilewati. Akan dikirim saat tersambung.").format(
            same=group_thousands(told.same), left=group_thousands(left)
        )
        self.page.rows.forget()
        self.page.show_done(title, words, may_undo=True)

    def _undo(self) -> None:
        done = self._done
        if done is None:
            return
        self._wait(_("Mengurungkan impor …"))
        self.ask(lambda: undo_import(self.session, done), lambda _none: self._undone(), self._failed)

    def _undone(self) -> None:
        self._done = None
        self.page.show_busy(False)
        self.page.start_again()
        self.page.show_notice(_("Impor diurungkan. Data di laptop kembali seperti sebelumnya."), seconds=8)

    def _open_list(self) -> None:
        is_group = self.page.kind() == GROUPS
        self.page.start_again()
        self.navigate.open_page("groups" if is_group else "people")

    def _busy(self, what: str, done: int, whole: int, left: float | None = None) -> None:
        self.page.show_busy(True)
        self.page.progress.show_progress(what, done, whole, left)

    def _wait(self, what: str, *, may_cancel: bool = False) -> None:
        self.page.show_busy(True)
        self.page.progress.show_waiting(what, may_cancel=may_cancel)

    def _failed(self, error: KubeFieldError) -> None:
        self.page.show_busy(False)
        if self._stopping.is_set():
            self.page.show_notice(_("Dibatalkan. Tidak ada yang ditulis."), seconds=8)
        else:
            self.show_failure(error)
