"""Papers leave the program here: as pages on a printer, or as a PDF file where the officer wants it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from gettext import gettext as _
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QWidget

from kube_field.errors import Failure, KubeFieldError
from kube_field.reports.preview import page_images
from kube_field.ui.widgets.pdf_preview import print_pages

PREVIEW_WIDTH_PX = 1190
"""An upright A4 page at the preview's 144 dots an inch."""
PRINT_WIDTH_PX = 2067
"""An upright A4 page at 250 dots an inch: 4 pages stay below 80 MB."""
PDF, XLSX, CSV = ".pdf", ".xlsx", ".csv"
RESERVED = re.compile("CON|PRN|AUX|NUL|(COM|LPT)[0-9]", re.IGNORECASE | re.ASCII)
"""Names that Windows keeps for devices, whatever their ending."""

ChoosePrinter = Callable[[QWidget], QPrinter | None]
ChooseFile = Callable[[QWidget, str], Path | None]


def drawn_pages(pdf: bytes, width_px: int = PREVIEW_WIDTH_PX) -> list[QImage]:
    """Pages of a PDF as pictures; made off the GUI thread."""
    return [
        QImage(page.rgb, page.width, page.height, page.width * 3, QImage.Format.Format_RGB888).copy()
        for page in page_images(pdf, width_px)
    ]


def ask_printer(parent: QWidget) -> QPrinter | None:
    """The system's own printer dialog."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(_("Cetak"))
    return printer if dialog.exec() == QPrintDialog.DialogCode.Accepted else None


def ask_file(parent: QWidget, name: str) -> Path | None:
    """The system's own file dialog, with a name proposed."""
    usual = Path(name).suffix
    endings = {PDF: _("Dokumen PDF (*.pdf)"), XLSX: _("Lembar kerja Excel (*.xlsx)"), CSV: _("Tabel CSV (*.csv)")}
    offered = (usual,) if usual == PDF else (XLSX, CSV)
    filters = ";;".join(endings[ending] for ending in offered)
    chosen, kind = QFileDialog.getSaveFileName(parent, _("Simpan"), name, filters)
    if not chosen:
        return None
    path = Path(chosen)
    if path.suffix.lower() in offered:
        return path
    return path.with_name(path.name + (CSV if kind == endings[CSV] else usual))


class PaperOutput:
    """Asks where a paper goes, with the two dialogs handed in."""

    def __init__(self, choose_printer: ChoosePrinter = ask_printer, choose_file: ChooseFile = ask_file) -> None:
        self.choose_printer = choose_printer
        self.choose_file = choose_file

    def print_images(self, parent: QWidget, images: Sequence[QImage]) -> bool:
        """Print pages; False when the officer changed his mind.

        Raises: KubeFieldError when the printer does not start.
        """
        printer = self.choose_printer(parent)
        if printer is None:
            return False
        if not print_pages(printer, images):
            raise no_printer()
        return True

    def save_pdf(self, parent: QWidget, pdf: bytes, name: str) -> Path | None:
        """Write the PDF where the officer says; None when he changed his mind.

        Raises: KubeFieldError when the place cannot be written to.
        """
        path = self.choose_file(parent, file_name(name))
        if path is None:
            return None
        write_file(path, pdf)
        return path


def write_file(path: Path, content: bytes) -> None:
    """Write a file where the officer wanted it. Raises: KubeFieldError when the place cannot be written to."""
    try:
        path.write_bytes(content)
    except OSError as trouble:
        raise not_writable(path) from trouble


def not_writable(path: Path) -> KubeFieldError:
    """A file that cannot be written where the officer wanted it."""
    return KubeFieldError(
        Failure.DISK_FULL,
        _("Berkas {name} tidak dapat ditulis.").format(name=path.name),
        _("Pilih folder lain, atau tutup berkas itu bila sedang terbuka."),
    )


def no_printer() -> KubeFieldError:
    """A printer that does not take anything."""
    return KubeFieldError(
        Failure.USAGE,
        _("Pencetak tidak dapat dimulai."),
        _("Periksa kabel dan kertasnya, atau simpan sebagai PDF."),
    )


def file_name(name: str, ending: str = PDF) -> str:
    """A name that every file system takes: KT03/KUNJ/2026/0005 gives KT03-KUNJ-2026-0005.pdf."""
    kept = "".join(sign if sign.isalnum() or sign in " .-_()" else "-" for sign in name).strip(" .-")
    if RESERVED.fullmatch(kept.partition(".")[0].strip()):
        kept = f"_{kept}"
    return f"{kept[:120] or 'dokumen'}{ending}"
