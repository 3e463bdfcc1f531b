"""Making, showing, printing and saving one paper, the same on every page that has a preview."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from gettext import gettext as _
from pathlib import Path

from PySide6.QtGui import QImage

from kube_field.errors import KubeFieldError
from kube_field.ui.presenters.page_presenter import PagePresenter
from kube_field.ui.presenters.paper_output import PRINT_WIDTH_PX, PaperOutput, drawn_pages

MakePaper = Callable[[], bytes]
ShowPages = Callable[[Sequence[QImage]], None]


class PaperDesk:
    """Works for one presenter."""

    def __init__(self, presenter: PagePresenter, output: PaperOutput) -> None:
        self._presenter = presenter
        self._output = output

    def preview(self, make: MakePaper, show: ShowPages, failed: Callable[[KubeFieldError], None]) -> None:
        """Make a paper and show its pages."""
        self._presenter.ask(lambda: drawn_pages(make()), show, failed)

    def print(self, make: MakePaper) -> None:
        """Make a paper and print it."""
        self._presenter.ask(lambda: drawn_pages(make(), PRINT_WIDTH_PX), self._print)

    def save(self, make: MakePaper, name: str) -> None:
        """Make a paper and save it; `name` is proposed without its ending."""
        self._presenter.ask(make, lambda pdf: self._save(pdf, name))

    def _print(self, images: Sequence[QImage]) -> None:
        frame = self._presenter.frame
        try:
            if self._output.print_images(frame, images):
                frame.show_notice(_("{n} halaman dikirim ke pencetak.").format(n=len(images)), seconds=8)
        except KubeFieldError as error:
            self._presenter.show_failure(error)

    def _save(self, pdf: bytes, name: str) -> None:
        frame = self._presenter.frame
        try:
            path: Path | None = self._output.save_pdf(frame, pdf, name)
        except KubeFieldError as error:
            self._presenter.show_failure(error)
            return
        if path is not None:
            frame.show_notice(_("Tersimpan: {path}").format(path=path), seconds=8)
