"""Photos from files: small pictures, each with its kind and a caption."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from gettext import gettext as _
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from kube_field.domain.forms.declaration import Kind, Question, Required
from kube_field.ui.formats import file_size
from kube_field.ui.forms.editor import Editor, Surroundings
from kube_field.ui.forms.field_chain import ENTER_GOES_ON
from kube_field.ui.forms.field_line import FieldLine
from kube_field.ui.forms.photo_files import choose_photos
from kube_field.ui.forms.picker_editors import SearchChoiceEditor
from kube_field.ui.widgets.buttons import icon_button, small_button
from kube_field.ui.widgets.labels import make_label
from kube_field.ui.widgets.leaving import put_away
from kube_field.ui.widgets.thumbnail import Thumbnail


class PhotoCard(QWidget):
    """One photo. Signals: `changed()`, `removal_wanted()`."""

    changed = Signal()
    removal_wanted = Signal()

    def __init__(self, at: int, photo: Mapping[str, Any], question: Question, around: Surroundings) -> None:
        super().__init__()
        self.setObjectName("clear")
        self.photo = dict(photo)
        self.thumbnail = Thumbnail(_("Foto {n}").format(n=at))
        self.caption = FieldLine(_("Keterangan foto {n}").format(n=at))
        kind = replace(question, kind=Kind.ONE_OF, label=_("Jenis foto {n}").format(n=at), required=Required.NO)
        self.kind = SearchChoiceEditor(kind, around) if question.choices else None
        self.remove_button = icon_button("trash", _("Hapus foto {n}").format(n=at))
        self._build(at)
        self.caption.textEdited.connect(lambda _text: self.changed.emit())
        self.remove_button.clicked.connect(self.removal_wanted)
        around.read_photo(str(photo.get("sha256", "")), self.thumbnail.show_bytes)

    def _build(self, at: int) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.thumbnail)
        column = QVBoxLayout()
        column.setSpacing(4)
        head = QHBoxLayout()
        size = int(self.photo.get("size") or 0)
        head.addWidget(make_label(_("Foto {n} · {size}").format(n=at, size=file_size(size)), "muted"), 1)
        head.addWidget(self.remove_button)
        column.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        if self.kind is not None:
            self.kind.set_value(self.photo.get("photo_kind") or None)
            self.kind.changed.connect(self.changed)
            grid.addWidget(make_label(_("Jenis"), "muted"), 0, 0)
            grid.addWidget(self.kind, 0, 1)
        self.caption.setText(str(self.photo.get("caption") or ""))
        grid.addWidget(make_label(_("Keterangan"), "muted"), 1, 0)
        grid.addWidget(self.caption, 1, 1)
        column.addLayout(grid)
        column.addStretch(1)
        row.addLayout(column, 1)

    def value(self) -> dict[str, Any]:
        """The photo as the answer holds it."""
        kind = self.kind.value() if self.kind is not None else self.photo.get("photo_kind")
        return {**self.photo, "photo_kind": kind or "", "caption": self.caption.text().strip()}


class PhotoEditor(Editor):
    """A list of photos; files may be dropped on it."""

    def __init__(self, question: Question, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(question, around, parent)
        self._cards: list[PhotoCard] = []
        self.list = QVBoxLayout()
        self.list.setSpacing(12)
        self.add_button = small_button(_("Tambah foto"), "photo")
        self.add_button.setProperty(ENTER_GOES_ON, True)  # who answers with Enter alone must not land in a file dialog
        self.add_button.setToolTip(_("Spasi membuka pilihan berkas, Enter melanjutkan."))
        self.trouble = make_label("", "error", wraps=True)
        self.trouble.hide()
        self.box.addLayout(self.list)
        row = QHBoxLayout()
        row.addWidget(self.add_button)
        row.addStretch(1)
        self.box.addLayout(row)
        self.box.addWidget(self.trouble)
        self.setAcceptDrops(around.add_photo is not None)
        self.add_button.setEnabled(around.add_photo is not None)
        self.add_button.clicked.connect(lambda: self.add_files(choose_photos(self)))

    def value(self) -> Any:  # noqa: D102
        return [card.value() for card in self._cards] or None

    def set_value(self, value: Any) -> None:  # noqa: D102
        photos = [photo for photo in value if isinstance(photo, Mapping)] if isinstance(value, list) else []
        if photos == (self.value() or []):
            return
        self._show(photos)

    def focus_widget(self) -> QWidget:  # noqa: D102
        return self.add_button

    def add_files(self, paths: Sequence[Path]) -> None:
        """Store pictures from files and add them to the answer."""
        self.trouble.hide()
        if self.around.add_photo is not None:
            for path in paths:
                self.around.add_photo(path, self._take, self._say_trouble)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: D102
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: D102
        self.add_files([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def _take(self, photo: Mapping[str, Any]) -> None:
        self._show([*(self.value() or []), photo])
        self.changed.emit()

    def _say_trouble(self, text: str) -> None:
        self.trouble.setText(text)
        self.trouble.show()

    def _show(self, photos: Sequence[Mapping[str, Any]]) -> None:
        for card in self._cards:
            self.list.removeWidget(card)
            put_away(card)
        self._cards = []
        for at, photo in enumerate(photos, start=1):
            card = PhotoCard(at, photo, self.question, self.around)
            card.changed.connect(self.changed)
            card.removal_wanted.connect(partial(self._remove, str(photo.get("id"))))
            self._cards.append(card)
            self.list.addWidget(card)
        most = self.question.at_most
        self.add_button.setVisible(most is None or len(photos) < most)

    def _remove(self, photo_id: str) -> None:
        self._show([photo for photo in (self.value() or []) if photo.get("id") != photo_id])
        self.changed.emit()
