"""Somebody came who was not invited: name first, then "is it one of these?", never matched silently (handbook 5.10)."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Finding, Required
from kube_field.domain.records import RecordKind
from kube_field.ui.forms.editor import Editor, Surroundings
from kube_field.ui.forms.editors import make_editor
from kube_field.ui.pages.page_frame import clear_layout
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.buttons import primary_button, quiet_button, small_button
from kube_field.ui.widgets.choice_panel import Choosable
from kube_field.ui.widgets.labels import ElidedLabel, make_label
from kube_field.ui.widgets.sign_mark import SignedLine

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
        self.editors: dict[str, Editor] = {}
        self.lines: dict[str, SignedLine] = {}
        self._build()
        self._timer.timeout.connect(self._look)
        self._add.clicked.connect(self._on_add)
        self._close.clicked.connect(self.close_panel)
        self.hide()

    def _build(self) -> None:
        self.setObjectName("card")
        px = current_theme().px
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(px(12))
        self._grid.setVerticalSpacing(px(4))
        self._matches = QVBoxLayout()
        self._matches.setSpacing(px(4))
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
        column_box.addLayout(self._grid)
        column_box.addLayout(self._matches)
        column_box.addLayout(foot)

    def equip(self, around: Surroundings) -> None:
        """Build the editors of the form's questions about a walk-in."""
        asked = {question.code: question for question in form(RecordKind.ATTENDANCE).questions()}
        for part, (at, column, share) in PLACES.items():
            question = asked[f"walk_in_{part}"]
            words = _(question.label).removesuffix(_(" peserta tambahan"))
            optional = question.required == Required.NO
            label = make_label(_("{label} (boleh kosong)").format(label=words) if optional else words, "muted")
            editor = make_editor(question, around, compact=True)
            editor.changed.connect(self._on_typing)
            focus = editor.focus_widget()
            focus.setAccessibleName(words)
            focus.installEventFilter(self)
            label.setBuddy(focus)
            line = SignedLine()
            self.editors[part], self.lines[part] = editor, line
            for below, widget in enumerate((label, editor, line)):
                self._grid.addWidget(widget, at * 3 + below, column, Qt.AlignmentFlag.AlignTop)
            self._grid.setColumnStretch(column, share)

    def parts(self) -> dict[str, Any]:
        """What was told about the walk-in; blanks left out."""
        told = {part: editor.value() for part, editor in self.editors.items()}
        return {part: value for part, value in told.items() if value not in (None, "")}

    def open_panel(self) -> None:
        """Show the panel empty."""
        for part, editor in self.editors.items():
            editor.set_value(None)
            self._say(part, "")
        clear_layout(self._matches)
        self._on_typing()
        self._timer.stop()
        self.show()
        if "name" in self.editors:
            self.editors["name"].start_typing()

    def close_panel(self) -> None:
        """Put the panel away."""
        self._timer.stop()
        self.hide()
        self.closed.emit()

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show what is wrong with what was filled in; what is missing is only said when one wants to add."""
        told = self.parts()
        for part in self.editors:
            words = [one.message for one in findings if one.question == f"walk_in_{part}" and one.severity]
            self._say(part, words[0] if words and part in told else "")

    def _say(self, part: str, words: str) -> None:
        self.lines[part].show_line(words, Tone.WATCH)
        self.editors[part].set_state("warning" if words else "")

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
            last = self.editors["phone"].focus_widget() if self.editors else None
            self._on_add() if last is not None and last.hasFocus() else self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A field that is left shows what was understood and is judged."""
        if event.type() == QEvent.Type.FocusOut and not self.isHidden():
            for editor in self.editors.values():
                if editor.focus_widget() is watched:
                    editor.settle()
            self.judged.emit(self.parts())
        return super().eventFilter(watched, event)

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
