"""A few questions of a form beside each other, label above, finding below: for panels inside a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from gettext import gettext as _
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from kube_field.domain.forms.declaration import Finding, Question, Required
from kube_field.ui.forms.editor import Editor, Surroundings
from kube_field.ui.forms.editors import make_editor
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.labels import make_label
from kube_field.ui.widgets.sign_mark import SignedLine

LINES = 3
"""Label, editor, finding."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A question with its row, its column, and the column's share of the width; `label` instead of the form's own."""

    question: Question
    row: int
    column: int
    share: int = 1
    label: str = ""


class QuestionGrid(QWidget):
    """The form's own editors; blank answers are absent.

    Signals: changed(), left() when a field was left.
    """

    changed = Signal()
    left = Signal()

    def __init__(self, placed: Iterable[Placed], around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self.editors: dict[str, Editor] = {}
        self.lines: dict[str, SignedLine] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(current_theme().px(12))
        self._grid.setVerticalSpacing(current_theme().px(4))
        for place in placed:
            self._add(place, around)

    def _add(self, place: Placed, around: Surroundings) -> None:
        question = place.question
        words = place.label or _(question.label)
        editor = make_editor(question, around, compact=True)
        editor.changed.connect(self.changed)
        focus = editor.focus_widget()
        focus.setAccessibleName(words)
        focus.installEventFilter(self)
        optional = question.required == Required.NO
        label = make_label(_("{label} (boleh kosong)").format(label=words) if optional else words, "muted")
        label.setBuddy(focus)
        line = SignedLine()
        self.editors[question.code], self.lines[question.code] = editor, line
        for below, widget in enumerate((label, editor, line)):
            self._grid.addWidget(widget, place.row * LINES + below, place.column, Qt.AlignmentFlag.AlignTop)
        self._grid.setColumnStretch(place.column, place.share)

    def answers(self) -> dict[str, Any]:
        """What stands in the fields."""
        told = {code: editor.value() for code, editor in self.editors.items()}
        return {code: value for code, value in told.items() if value not in (None, "")}

    def show_answers(self, answers: Mapping[str, Any]) -> None:
        """Fill the fields, without findings."""
        for code, editor in self.editors.items():
            editor.set_value(answers.get(code))
            self.say(code, "")

    def say(self, code: str, words: str) -> None:
        """Say something under a field; no words take it away."""
        self.lines[code].show_line(words, Tone.WATCH)
        self.editors[code].set_state("warning" if words else "")

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show what is wrong with what was filled in; what is missing is not said while one is at it."""
        told = self.answers()
        for code in self.editors:
            words = [one.message for one in findings if one.question == code and one.severity]
            self.say(code, words[0] if words and code in told else "")

    def start_typing(self, code: str = "") -> None:
        """Put the cursor into a field, the first one by default."""
        editor = self.editors.get(code) or next(iter(self.editors.values()))
        editor.start_typing()

    def is_in_last_field(self) -> bool:
        """True while the cursor is in the last field."""
        return list(self.editors.values())[-1].focus_widget().hasFocus()

    def settle(self) -> None:
        """Every field shows what was understood."""
        for editor in self.editors.values():
            editor.settle()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A field that is left shows what was understood."""
        if event.type() == QEvent.Type.FocusOut and self.isVisible():
            for editor in self.editors.values():
                if editor.focus_widget() is watched:
                    editor.settle()
            self.left.emit()
        return super().eventFilter(watched, event)
