"""An export from a page: asked what for, written step by step so that typing is stored between, stopped at a click."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from gettext import gettext as _

from kube_field.errors import KubeFieldError
from kube_field.ui.formats import group_thousands
from kube_field.ui.presenters.page_presenter import PagePresenter
from kube_field.ui.presenters.paper_output import CSV, XLSX, PaperOutput, file_name
from kube_field.ui.tasks import FILES
from kube_field.ui.widgets.export_panel import ExportPanel, ExportWish
from kube_field.usecases.export_parts import Part
from kube_field.usecases.exports import Exported, ExportOrder, RunningExport, unencrypted_words
from kube_field.usecases.permissions import MAY_EXPORT_NIK, require_may_export


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that can be exported: its name with the filter in words, a name for the file, and what it holds."""

    title: str
    name: str
    parts: tuple[Part, ...]


class ExportDesk:
    """Works for one presenter and one panel; one export at a time."""

    def __init__(
        self,
        presenter: PagePresenter,
        panel: ExportPanel,
        listed: Callable[[], Listed],
        output: PaperOutput | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._presenter, self._panel, self._listed = presenter, panel, listed
        self._output, self._clock = output or PaperOutput(), clock
        self._asked: Listed | None = None
        self._opened: list[RunningExport] = []
        """The export that grows. Put in and taken out by the worker, so that it is closed however the window goes."""
        self._is_packing = False
        self._stopped = False
        self._began = 0.0
        panel.requested.connect(self._ask)
        panel.wished.connect(self._begin)
        panel.progress.cancel_requested.connect(self._stop)

    def _ask(self) -> None:
        officer = self._presenter.session.officer
        try:
            require_may_export(officer, with_nik=False)
        except KubeFieldError as error:
            self._presenter.show_failure(error)
            return
        self._asked = self._listed()
        title = _("Ekspor: {what}").format(what=self._asked.title)
        self._panel.ask(title, unencrypted_words(), may_have_nik=officer.role in MAY_EXPORT_NIK)

    def _begin(self, wish: ExportWish) -> None:
        if self._asked is None:
            return
        day = self._presenter.session.today().isoformat()
        name = file_name(f"{self._asked.name} {day}", CSV if wish.as_csv else XLSX)
        path = self._output.choose_file(self._presenter.frame, name)
        if path is None:
            return
        order = ExportOrder(self._asked.title, self._asked.parts, wish.purpose, path, wish.with_nik)
        self._presenter.frame.hide_notice()
        self._stopped, self._is_packing, self._began = False, False, self._clock()
        self._panel.show_progress(0, 0, None)
        self._presenter.ask(lambda: self._open(order), self._go_on, self._broken)

    def _open(self, order: ExportOrder) -> RunningExport:
        running = RunningExport(self._presenter.session, order)
        self._opened.append(running)
        return running

    def _go_on(self, running: RunningExport) -> None:
        if self._stopped:
            self._end()
            self._presenter.frame.show_notice(_("Ekspor dibatalkan. Tidak ada berkas yang ditulis."), seconds=8)
            return
        passed = self._clock() - self._began
        left = passed / running.done * (running.whole - running.done) if running.done else None
        self._panel.show_progress(running.done, running.whole, left)
        self._presenter.ask(running.step, lambda is_more: self._stepped(running, is_more), self._broken)

    def _stepped(self, running: RunningExport, is_more: bool) -> None:
        if is_more or self._stopped:
            self._go_on(running)
            return
        self._is_packing = True
        self._panel.show_packing()
        self._presenter.tasks.run(running.finish, self._done, self._broken, lane=FILES)

    def _done(self, exported: Exported) -> None:
        self._end(is_done=True)
        count = sum(count for _name, count in exported.rows)
        words = _("{n} baris tersimpan: {path}").format(n=group_thousands(count), path=exported.path)
        if exported.left_out:
            words += " · " + _("{n} data di luar wilayah tugas Anda tidak ikut").format(n=exported.left_out)
        self._presenter.frame.show_notice(words)

    def _broken(self, error: KubeFieldError) -> None:
        self._end()
        self._presenter.show_failure(error)

    def _stop(self) -> None:
        self._stopped = True

    def stop(self) -> None:
        """The window goes: nothing half stays on the disk. A file that is being packed is let be."""
        if not self._is_packing:
            self._stopped = True
            self._presenter.tasks.run(self._close)

    def _end(self, *, is_done: bool = False) -> None:
        self._is_packing = False
        self._panel.close_panel()
        self._presenter.tasks.run(lambda: self._close(is_done=is_done))

    def _close(self, *, is_done: bool = False) -> None:
        while self._opened:
            running = self._opened.pop()
            running.drop()
            running.record_end(is_done=is_done)
