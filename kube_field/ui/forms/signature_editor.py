"""A signature: name, strokes on the pad, or a photo of the thumbprint."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _
from pathlib import Path
from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kube_field.domain.forms.declaration import Question
from kube_field.ui.forms.editor import Editor, Surroundings
from kube_field.ui.forms.field_line import FieldLine
from kube_field.ui.forms.photo_files import choose_photos
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import small_button
from kube_field.ui.widgets.labels import hide_unless, make_label
from kube_field.ui.widgets.signature_pad import SignaturePad
from kube_field.ui.widgets.thumbnail import Thumbnail

NAME_WIDTH = 260


class SignatureEditor(Editor):
    """Name above, pad below; "Cap jempol" takes a photo instead of strokes."""

    def __init__(self, question: Question, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(question, around, parent)
        self._thumbprint: Mapping[str, Any] | None = None
        self._proposed = ""
        self.name = FieldLine(_("Nama yang bertanda tangan"))
        self.pad = SignaturePad(question.label)
        self.picture = Thumbnail(_("Cap jempol"), 120)
        self.clear_button = small_button(_("Hapus"))
        self.thumb_button = small_button(_("Cap jempol (foto)"), "photo")
        self.trouble = make_label("", "error", wraps=True)
        self._build()
        self.name.textEdited.connect(self._name_typed)
        self.pad.signed.connect(self.changed)
        self.clear_button.clicked.connect(self._clear)
        self.thumb_button.clicked.connect(self._choose_thumbprint)

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(make_label(_("Nama"), "muted"))
        self.name.setFixedWidth(current_theme().px(NAME_WIDTH))
        row.addWidget(self.name)
        row.addStretch(1)
        self.box.addLayout(row)
        self.box.addWidget(self.pad)
        self.box.addWidget(self.picture)
        actions = QHBoxLayout()
        actions.setSpacing(8)
        actions.addWidget(self.clear_button)
        actions.addWidget(self.thumb_button)
        actions.addStretch(1)
        self.box.addLayout(actions)
        self.box.addWidget(self.trouble)
        self.picture.hide()
        self.trouble.hide()
        hide_unless(self.thumb_button, self.around.add_photo is not None)

    def value(self) -> Any:  # noqa: D102
        name, strokes = self.name.text().strip(), self.pad.strokes()
        if self._thumbprint is not None:
            return {"name": name, "thumbprint": dict(self._thumbprint)}
        is_typed = bool(name) and name != self._proposed
        return {"name": name, "strokes": strokes} if is_typed or strokes else None

    def set_value(self, value: Any) -> None:  # noqa: D102
        shown: Mapping[str, Any] = value if isinstance(value, dict) else {"name": self._proposed}
        if self.name.text() != str(shown.get("name", "")):
            self.name.setText(str(shown.get("name", "")))
        self._thumbprint = shown.get("thumbprint")
        strokes = shown.get("strokes")
        self.pad.set_strokes(strokes if isinstance(strokes, list) else [])
        self._show_picture()

    def showEvent(self, event: QShowEvent) -> None:
        """Propose who will sign; a proposed name is an answer only together with a signature."""
        super().showEvent(event)
        if self.value() is None:
            self._proposed = self.around.propose_signer(self.question.code).strip()
            self.name.setText(self._proposed)

    def _name_typed(self, _text: str) -> None:
        self._proposed = ""
        self.changed.emit()

    def settle(self) -> None:  # noqa: D102
        self.name.setText(self.name.text().strip())

    def focus_widget(self) -> QWidget:  # noqa: D102
        return self.name

    def add_thumbprint(self, path: Path) -> None:
        """Store a photo of the thumbprint and take it for the signature."""
        if self.around.add_photo is not None:
            self.around.add_photo(path, self._take_thumbprint, self._say_trouble)

    def _choose_thumbprint(self) -> None:
        for path in choose_photos(self, several=False):
            self.add_thumbprint(path)

    def _take_thumbprint(self, photo: Mapping[str, Any]) -> None:
        self.trouble.hide()
        self._thumbprint = photo
        self._show_picture()
        self.changed.emit()

    def _say_trouble(self, text: str) -> None:
        self.trouble.setText(text)
        self.trouble.show()

    def _show_picture(self) -> None:
        has = self._thumbprint is not None
        self.pad.setVisible(not has)
        self.picture.setVisible(has)
        if self._thumbprint is not None:
            self.around.read_photo(str(self._thumbprint.get("sha256", "")), self.picture.show_bytes)

    def _clear(self) -> None:
        self._thumbprint = None
        self.pad.clear()
        self._show_picture()
        self.changed.emit()
