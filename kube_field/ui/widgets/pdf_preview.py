"""A paper seen inside the app: its pages as pictures, zoom, and printing of exactly these pages."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPageLayout, QPainter, QPixmap
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from kube_field.ui.widgets.buttons import quiet_button, secondary_button
from kube_field.ui.widgets.leaving import put_away

ZOOM_STEPS = (50, 75, 100, 125, 150, 200)
DOTS_PER_INCH = 144
"""Pages are drawn once at this resolution and scaled for every zoom."""
SCREEN_DOTS_PER_INCH = 96


class PdfPreview(QWidget):
    """Shows the pages that it is given below each other.

    Signals: print_requested(), save_requested().
    """

    print_requested = Signal()
    save_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images: tuple[QImage, ...] = ()
        self._zoom = 0
        self._build()
        self._connect()
        self.show_message(_("Pratinjau tampil di sini."))

    def _build(self) -> None:
        self.setObjectName("pdfPreview")
        self._smaller = quiet_button("−")
        self._smaller.setAccessibleName(_("Perkecil"))
        self._larger = quiet_button("+")
        self._larger.setAccessibleName(_("Perbesar"))
        self._fit = quiet_button(_("Pas lebar"))
        self._count = QLabel()
        self._count.setProperty("role", "muted")
        self._save = secondary_button(_("Simpan PDF"))
        self._print = secondary_button(_("Cetak"))
        bar = QHBoxLayout()
        for widget in (self._smaller, self._larger, self._fit, self._count):
            bar.addWidget(widget)
        bar.addStretch(1)
        bar.addWidget(self._save)
        bar.addWidget(self._print)
        self._sheet = QWidget()
        self._sheet.setObjectName("previewSheet")
        self._pages = QVBoxLayout(self._sheet)
        self._pages.setSizeConstraint(QVBoxLayout.SizeConstraint.SetMinimumSize)
        self._pages.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._scroll = QScrollArea()
        self._scroll.setObjectName("previewScroll")
        self._scroll.setAccessibleName(_("Pratinjau cetakan"))
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._scroll.setWidget(self._sheet)
        self._scroll.viewport().installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(bar)
        column.addWidget(self._scroll, 1)

    def _connect(self) -> None:
        self._smaller.clicked.connect(lambda: self.step_zoom(-1))
        self._larger.clicked.connect(lambda: self.step_zoom(1))
        self._fit.clicked.connect(self.fit_width)
        self._save.clicked.connect(self.save_requested)
        self._print.clicked.connect(self.print_requested)

    @property
    def zoom(self) -> int:
        """Zoom in percent; 0 means as wide as the place allows."""
        return self._zoom

    @property
    def page_count(self) -> int:
        """How many pages are shown."""
        return len(self._images)

    def hide_actions(self) -> None:
        """A look only: no saving, no printing from here."""
        self._save.hide()
        self._print.hide()

    def show_pages(self, images: Sequence[QImage]) -> None:
        """Show pages drawn at DOTS_PER_INCH."""
        self._images = tuple(images)
        self._count.setText(_("{n} halaman").format(n=len(self._images)))
        self._enable(bool(self._images))
        self._draw()

    def show_message(self, text: str) -> None:
        """Show words instead of pages: nothing chosen yet, or being made."""
        self._images = ()
        self._count.clear()
        self._enable(False)
        self._clear()
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("role", "muted")
        label.setWordWrap(True)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setMinimumWidth(self._scroll.viewport().width() * 3 // 4)
        self._pages.addWidget(label)

    def step_zoom(self, direction: int) -> None:
        """One step larger (1) or smaller (-1)."""
        now = self._zoom or self._fitted_percent()
        steps = [step for step in ZOOM_STEPS if (step > now if direction > 0 else step < now)]
        if steps:
            self._zoom = steps[0] if direction > 0 else steps[-1]
            self._draw()

    def fit_width(self) -> None:
        """As wide as the place allows."""
        self._zoom = 0
        self._draw()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+plus, Ctrl+minus, Ctrl+0 zoom."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            steps = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}
            if event.key() == Qt.Key.Key_0:
                self.fit_width()
                return
            if event.key() in steps:
                self.step_zoom(steps[Qt.Key(event.key())])
                return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fitted pages follow the width of the place they have."""
        if event.type() == QEvent.Type.Resize and self._zoom == 0 and self._images:
            self._draw()
        return super().eventFilter(watched, event)

    def _enable(self, on: bool) -> None:
        for widget in (self._smaller, self._larger, self._fit, self._save, self._print):
            widget.setEnabled(on)

    def _fitted_percent(self) -> int:
        widest = max((image.width() for image in self._images), default=1)
        room = max(self._scroll.viewport().width() - 32, 100)
        return max(20, min(200, room * 100 * DOTS_PER_INCH // (widest * SCREEN_DOTS_PER_INCH)))

    def _clear(self) -> None:
        while (item := self._pages.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                put_away(widget)

    def _draw(self) -> None:
        self._clear()
        percent = self._zoom or self._fitted_percent()
        for number, image in enumerate(self._images, start=1):
            width = image.width() * percent * SCREEN_DOTS_PER_INCH // (100 * DOTS_PER_INCH)
            label = QLabel()
            label.setObjectName("previewPage")
            label.setAccessibleName(_("Halaman {n}").format(n=number))
            label.setPixmap(_scaled(image, width, self.devicePixelRatioF()))
            self._pages.addWidget(label)


def _scaled(image: QImage, width: int, ratio: float) -> QPixmap:
    pixmap = QPixmap.fromImage(
        image.scaledToWidth(max(1, round(width * ratio)), Qt.TransformationMode.SmoothTransformation)
    )
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


class PrintJob:
    """Pages on their way to a printer, one a sheet, each turned as it lies."""

    def __init__(self, printer: QPrinter) -> None:
        self._printer = printer
        self._painter = QPainter()

    def add_pages(self, images: Sequence[QImage]) -> bool:
        """Draw page pictures; False when the printer does not start."""
        for image in images:
            _turn(self._printer, image)
            if self._painter.isActive():
                self._printer.newPage()
            else:
                self._printer.setFullPage(True)
                if not self._painter.begin(self._printer):
                    return False
            _draw_sheet(self._painter, self._printer, image)
        return bool(images)

    def end(self) -> None:
        """Let the printer go."""
        if self._painter.isActive():
            self._painter.end()


def print_pages(printer: QPrinter, images: Sequence[QImage]) -> bool:
    """Print page pictures; False when there are none or the printer does not start."""
    job = PrintJob(printer)
    try:
        return job.add_pages(images)
    finally:
        job.end()


def _turn(printer: QPrinter, image: QImage) -> None:
    lying = image.width() > image.height()
    printer.setPageOrientation(QPageLayout.Orientation.Landscape if lying else QPageLayout.Orientation.Portrait)


def _draw_sheet(painter: QPainter, printer: QPrinter, image: QImage) -> None:
    sheet = printer.pageLayout().fullRectPixels(printer.resolution()).size()
    size = image.size().scaled(QSize(sheet.width(), sheet.height()), Qt.AspectRatioMode.KeepAspectRatio)
    left, top = (sheet.width() - size.width()) / 2, (sheet.height() - size.height()) / 2
    painter.drawImage(QRectF(left, top, size.width(), size.height()), image)
