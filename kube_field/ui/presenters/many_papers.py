"""Many papers at once: one task for each, so that other work goes between them, with progress and a way to stop."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from gettext import gettext as _
from pathlib import Path
from typing import Protocol

from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter

from kube_field.errors import KubeFieldError
from kube_field.reports.joining import JoinedPapers
from kube_field.ui.presenters.page_presenter import PagePresenter
from kube_field.ui.presenters.paper_output import PRINT_WIDTH_PX, drawn_pages, no_printer, not_writable
from kube_field.ui.widgets.pdf_preview import PrintJob
from kube_field.ui.widgets.progress_line import ProgressLine

Named = tuple[str, Callable[[], bytes]]
"""What a paper is called, and how it is made."""


class Sink(Protocol):
    """Where papers go. `prepare` and `finish` run off the GUI thread, `take` on it."""

    doing: str

    def prepare(self, pdf: bytes) -> Sequence[QImage]:
        """What can be done with a paper behind the window; the pages to be painted, if it paints."""
        ...

    def take(self, images: Sequence[QImage]) -> None:
        """Paint on the GUI thread. Raises: KubeFieldError, which ends the work."""
        ...

    def finish(self) -> None:
        """All papers are in."""
        ...

    def done_words(self, count: int) -> str:
        """What became of so many papers."""
        ...

    def stopped_words(self, count: int) -> str:
        """What a work leaves that was stopped after so many papers."""
        ...

    def drop(self) -> None:
        """The work is over, however it ended; nothing half is left."""
        ...


class OneFile:
    """All papers in one PDF."""

    def __init__(self, path: Path) -> None:
        self.doing = _("Menyusun berkas:")
        self._path = path
        self._joined = JoinedPapers()

    def prepare(self, pdf: bytes) -> Sequence[QImage]:
        """Put the paper behind the others."""
        self._joined.add(pdf)
        return ()

    def take(self, images: Sequence[QImage]) -> None:
        """A file paints nothing."""

    def finish(self) -> None:
        """Write the file. Raises: KubeFieldError when the place does not take it."""
        try:
            self._joined.save(self._path)
        except OSError as trouble:
            raise not_writable(self._path) from trouble

    def done_words(self, count: int) -> str:
        """Where the file is."""
        return _("{n} dokumen tersimpan dalam satu berkas: {path}").format(n=count, path=self._path)

    def stopped_words(self, count: int) -> str:
        """Nothing was written yet."""
        return _("Dibatalkan. Tidak ada berkas yang ditulis.")

    def drop(self) -> None:
        """Forget the pages."""
        self._joined.close()


class OnPrinter:
    """All papers on a printer, page by page."""

    def __init__(self, job: PrintJob) -> None:
        self.doing = _("Mencetak:")
        self._job = job

    def prepare(self, pdf: bytes) -> Sequence[QImage]:
        """Draw the pages of one paper."""
        return drawn_pages(pdf, PRINT_WIDTH_PX)

    def take(self, images: Sequence[QImage]) -> None:
        """Print them. Raises: KubeFieldError."""
        if not self._job.add_pages(images):
            raise no_printer()

    def finish(self) -> None:
        """Nothing is left to do."""

    def done_words(self, count: int) -> str:
        """How much was handed to the printer."""
        return _("{n} dokumen dikirim ke pencetak.").format(n=count)

    def stopped_words(self, count: int) -> str:
        """What was painted is on its way."""
        return _("Dihentikan setelah {n} dokumen.").format(n=count)

    def drop(self) -> None:
        """End the print job; what was painted is printed."""
        self._job.end()


@dataclass(slots=True)
class _Run:
    sink: Sink
    papers: Sequence[Named]
    began: float
    done: int = 0
    failed: list[str] = field(default_factory=list)
    stopped: bool = False


class ManyPapers:
    """Works for one presenter; one run at a time."""

    def __init__(
        self, presenter: PagePresenter, line: ProgressLine, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._presenter, self._line, self._clock = presenter, line, clock
        self._run: _Run | None = None
        line.cancel_requested.connect(self._stop)

    def save(self, papers: Sequence[Named], path: Path | None) -> None:
        """Make one file of them, unless no place was chosen."""
        if path is not None:
            self.start(papers, OneFile(path))

    def print(self, papers: Sequence[Named], printer: QPrinter | None) -> None:
        """Print them, unless no printer was chosen."""
        if printer is not None:
            self.start(papers, OnPrinter(PrintJob(printer)))

    def start(self, papers: Sequence[Named], sink: Sink) -> None:
        """Make the papers one after the other into the sink."""
        if self._run is not None:
            sink.drop()
            self._presenter.frame.show_notice(
                _("Tunggu sampai pekerjaan ini selesai, atau batalkan dahulu."), seconds=8
            )
            return
        self._run = _Run(sink, papers, self._clock())
        self._presenter.frame.hide_notice()
        self._next(self._run)

    def _stop(self) -> None:
        if self._run is not None:
            self._run.stopped = True

    def _next(self, run: _Run) -> None:
        at = run.done + len(run.failed)
        left = (self._clock() - run.began) / at * (len(run.papers) - at) if at else None
        self._line.show_progress(run.sink.doing, at, len(run.papers), left)
        if run.stopped:
            self._over(run, run.sink.stopped_words(run.done))
        elif at < len(run.papers):
            name, make = run.papers[at]
            self._presenter.ask(
                lambda: run.sink.prepare(make()),
                lambda images: self._made(run, images),
                lambda _error: self._not_made(run, name),
            )
        else:
            self._presenter.ask(
                run.sink.finish, lambda _none: self._finished(run), lambda error: self._broken(run, error)
            )

    def _made(self, run: _Run, images: Sequence[QImage]) -> None:
        try:
            run.sink.take(images)
        except KubeFieldError as error:
            self._broken(run, error)
            return
        run.done += 1
        self._next(run)

    def _not_made(self, run: _Run, name: str) -> None:
        """One paper that cannot be made does not cost the others."""
        run.failed.append(name)
        self._next(run)

    def _finished(self, run: _Run) -> None:
        words = run.sink.done_words(run.done)
        if run.failed:
            names = ", ".join(run.failed[:3])
            words += " " + _("{n} tidak dapat dibuat: {names}.").format(n=len(run.failed), names=names)
        self._over(run, words)

    def _broken(self, run: _Run, error: KubeFieldError) -> None:
        self._end(run)
        self._presenter.show_failure(error)

    def _over(self, run: _Run, words: str) -> None:
        self._end(run)
        self._presenter.frame.show_notice(words)

    def _end(self, run: _Run) -> None:
        run.sink.drop()
        self._run = None
        self._line.hide()
