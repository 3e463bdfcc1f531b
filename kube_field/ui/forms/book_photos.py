"""Photos of the notebook, large enough to read from while its figures are typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from gettext import gettext as _
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from kube_field.ui.forms.editor import Surroundings
from kube_field.ui.forms.field_chain import ENTER_GOES_ON
from kube_field.ui.forms.photo_files import choose_photos
from kube_field.ui.widgets.buttons import small_button
from kube_field.ui.widgets.labels import make_label
from kube_field.ui.widgets.leaving import put_away


class Page(QLabel):
    """One photo, as wide as there is room."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._image = QImage()
        self._width = 0

    def show_bytes(self, width: int, raw: bytes | None) -> None:
        """Show a JPEG or PNG; without it, say that it is elsewhere."""
        self._image = QImage.fromData(QByteArray(raw)) if raw else QImage()
        if self._image.isNull():
            self.setText(_("Foto ini tidak ada di laptop."))
        self.fit(width)

    def fit(self, width: int) -> None:
        """Take this width."""
        if not self._image.isNull() and width > 0 and width != self._width:
            self._width = width
            mode = Qt.TransformationMode.SmoothTransformation
            self.setPixmap(QPixmap.fromImage(self._image.scaledToWidth(width, mode)))


class PhotoArea(QScrollArea):
    """Photos under each other, each as wide as the area."""

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102
        super().resizeEvent(event)
        for page in self.findChildren(Page):
            page.fit(self.viewport().width())


class BookPhotos(QWidget):
    """Signals: `added(photo)`."""

    added = Signal(dict)

    def __init__(self, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self._around = around
        self._hashes: list[str] = []
        self.pages: list[Page] = []
        self.title = make_label(_("Foto buku kas"), "muted")
        self.add_button = small_button(_("Tambah foto"), "photo")
        self.add_button.setProperty(ENTER_GOES_ON, True)
        self.add_button.setEnabled(around.add_photo is not None)
        self.trouble = make_label("", "error", wraps=True)
        self.trouble.hide()
        self.area = PhotoArea()
        self.area.setObjectName("previewScroll")
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        holder = QWidget()
        holder.setObjectName("previewSheet")
        self.list = QVBoxLayout(holder)
        self.list.setContentsMargins(0, 0, 0, 0)
        self.list.setSpacing(8)
        self.area.setWidget(holder)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.add_button)
        box.addLayout(head)
        box.addWidget(self.trouble)
        box.addWidget(self.area, 1)
        box.addStretch(0)
        self.area.hide()
        self.add_button.clicked.connect(lambda: self.add_files(choose_photos(self)))

    def show_photos(self, photos: Sequence[Mapping[str, Any]]) -> bool:
        """Show these photos, read when they are new; True when they are other ones than before."""
        hashes = [str(photo.get("sha256", "")) for photo in photos]
        if hashes == self._hashes:
            return False
        self._hashes = hashes
        for page in self.pages:
            self.list.removeWidget(page)
            put_away(page)
        self.pages = [Page(_("Foto {n}").format(n=n)) for n in range(1, len(hashes) + 1)]
        for page, sha256 in zip(self.pages, hashes, strict=True):
            self.list.addWidget(page)
            self._around.read_photo(sha256, partial(self._deliver, page))
        self.area.setVisible(bool(hashes))
        return True

    def add_files(self, paths: Sequence[Path]) -> None:
        """Store pictures from files and hand each of them on."""
        self.trouble.hide()
        if self._around.add_photo is not None:
            for path in paths:
                self._around.add_photo(path, lambda photo: self.added.emit(dict(photo)), self._say_trouble)

    def _deliver(self, page: Page, raw: bytes | None) -> None:
        if page in self.pages:
            page.show_bytes(self.area.viewport().width(), raw)

    def _say_trouble(self, text: str) -> None:
        self.trouble.setText(text)
        self.trouble.show()
