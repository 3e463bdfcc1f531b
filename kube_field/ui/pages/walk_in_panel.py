"""Somebody came who was not invited: name first, then "is it one of these?", never matched silently (handbook 5.10)."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Finding
from kube_field.domain.records import RecordKind
from kube_field.ui.forms.editor import Surroundings
from kube_field.ui.pages.page_frame import clear_layout
from kube_field.ui.pages.question_grid import Placed, QuestionGrid
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import primary_button, quiet_button, small_button
from kube_field.ui.widgets.choice_panel import Choosable
from kube_field.ui.widgets.labels import ElidedLabel, make_label

PREFIX = "walk_in_"
LOOK_DELAY_MS = 300
MOST_MATCHES = 4
LEAST_NAME, LEAST_LOOK, NIK_DIGITS = 2, 3, 16
PLACES = {"name": (0, 0, 3), "nik": (0, 1, 2), "sex": (0, 2, 2), "village": (1, 0, 3), "phone": (1, 1, 2)}
"""Row, column and share of the width of each part."""


class WalkInPanel(QFrame):
    """Hidden until `open_panel`; asks what the attendance form asks about a walk-in, with the form's own editors.

    Signals: looked_for(name, nik), judged(parts) when a field was left, added({name, nik, sex, village, phone}),
    is_person(uid), closed().
    """

    looked_for = Signal(str, str)
    judged = Signal(object)
    added = Signal(object)
    is_person = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LOOK_DELAY_MS)
        self.fields: QuestionGrid | None = None
        self._build()
        self._timer.timeout.connect(self._look)
        self._add.clicked.connect(self._on_add)
        self._close.clicked.connect(self.close_panel)
        self.hide()

    def _build(self) -> None:
        self.setObjectName("card")
        self._place = QVBoxLayout()
        self._matches = QVBoxLayout()
        self._matches.setSpacing(current_theme().px(4))
        self._add = primary_button(_("Tambahkan sebagai peserta tambahan"))
        self._close = quiet_button(_("Tutup"))
        foot = QHBoxLayout()
        foot.addWidget(
            make_label(_("Peserta tambahan belum terdaftar; kantor mencocokkannya kemudian."), "muted", wraps=True), 1
        )
        foot.addWidget(self._close)
        foot.addWidget(self._add)
        column_box = QVBoxLayout(self)
        column_box.addWidget(make_label(_("Peserta tambahan"), "strong"))
        column_box.addLayout(self._place)
        column_box.addLayout(self._matches)
        column_box.addLayout(foot)

    def equip(self, around: Surroundings) -> None:
        """Build the editors of the form's questions about a walk-in."""
        asked = {question.code: question for question in form(RecordKind.ATTENDANCE).questions()}
        placed = [
            Placed(question := asked[PREFIX + part], *place, _(question.label).removesuffix(_(" peserta tambahan")))
            for part, place in PLACES.items()
        ]
        self.fields = QuestionGrid(placed, around)
        self.fields.changed.connect(self._on_typing)
        self.fields.left.connect(lambda: self.judged.emit(self.parts()))
        self._place.addWidget(self.fields)

    def parts(self) -> dict[str, Any]:
        """What was told about the walk-in; blanks left out."""
        told = self.fields.answers() if self.fields is not None else {}
        return {code.removeprefix(PREFIX): value for code, value in told.items()}

    def open_panel(self) -> None:
        """Show the panel empty."""
        if self.fields is not None:
            self.fields.show_answers({})
        clear_layout(self._matches)
        self._on_typing()
        self._timer.stop()
        self.show()
        if self.fields is not None:
            self.fields.start_typing()

    def close_panel(self) -> None:
        """Put the panel away."""
        self._timer.stop()
        self.hide()
        self.closed.emit()

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show what is wrong with what was filled in."""
        if self.fields is not None:
            self.fields.show_findings(findings)

    def show_matches(self, found: Sequence[Choosable]) -> None:
        """Offer registered people; the officer says whether one of them it is."""
        clear_layout(self._matches)
        if found:
            self._matches.addWidget(make_label(_("Mungkin sudah terdaftar:"), "warning"))
        for match in found[:MOST_MATCHES]:
            line = QWidget()
            line.setObjectName("clear")
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(ElidedLabel(" · ".join(part for part in (match.title, match.detail) if part)), 1)
            button = small_button(_("Ini orangnya"))
            button.setAccessibleName(_("Ini orangnya: {name}").format(name=match.title))
            button.clicked.connect(lambda _on=False, uid=match.key: self._on_match(uid))
            row.addWidget(button)
            self._matches.addWidget(line)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes; Enter goes to the next field, from the last one it adds."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            at_end = self.fields is not None and self.fields.is_in_last_field()
            self._on_add() if at_end else self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def _on_typing(self) -> None:
        self._add.setEnabled(len(self._text("name")) >= LEAST_NAME)
        self._timer.start()

    def _text(self, part: str) -> str:
        return str(self.parts().get(part) or "").strip()

    def _look(self) -> None:
        name, nik = self._text("name"), self._text("nik")
        if len(name) >= LEAST_LOOK or len(nik) == NIK_DIGITS:
            self.looked_for.emit(name, nik)
        else:
            clear_layout(self._matches)

    def _on_match(self, uid: str) -> None:
        self.hide()
        self.is_person.emit(uid)

    def _on_add(self) -> None:
        if not self._add.isEnabled():
            return
        if self._timer.isActive():
            self._timer.stop()
            self._look()
            if self._matches.count():
                return
        told = self.parts()
        self.close_panel()
        self.added.emit(told)
