"""A document's answers with a supervisor's notes beside them: written while it is reviewed, read afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from kube_field.domain.forms.review import LONGEST_NOTE
from kube_field.ui.pages.page_frame import clear_layout, scrolled_down
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import quiet_button
from kube_field.ui.widgets.labels import hide_unless, make_label, make_line
from kube_field.usecases.answer_text import AnswerLine


class NotedAnswer(QWidget):
    """One answer: label, value, the note on it, or a button to write one.

    Signals: changed().
    """

    changed = Signal()

    def __init__(self, line: AnswerLine, note: str, *, writes: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.code = line.code
        px = current_theme().px
        words = QVBoxLayout()
        words.setSpacing(px(2))
        words.addWidget(make_label(line.label, "quiet", wraps=True))
        value = make_label(line.text, wraps=True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.addWidget(value)
        self.edit = QLineEdit()
        self.edit.setMaxLength(LONGEST_NOTE)
        self.edit.setPlaceholderText(_("Apa yang harus diperbaiki pada isian ini?"))
        self.edit.setAccessibleName(_("Catatan: {label}").format(label=line.label))
        self.edit.textChanged.connect(lambda _text: self.changed.emit())
        self.edit.hide()
        self.write = quiet_button(_("Beri catatan"))
        self.write.setAccessibleName(_("Beri catatan: {label}").format(label=line.label))
        self.write.clicked.connect(self._begin)
        hide_unless(self.write, writes)
        first = QHBoxLayout()
        first.addLayout(words, 1)
        first.addWidget(self.write, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(4), 0, px(4))
        column.setSpacing(px(2))
        column.addLayout(first)
        column.addWidget(self.edit)
        if note:
            column.addWidget(make_label(note, "error", wraps=True))

    def _begin(self) -> None:
        self.write.hide()
        self.edit.show()
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)


class NotedSections(QWidget):
    """All answers of a document by section.

    Signals: notes_changed(): `notes` gives what was written, by question code.
    """

    notes_changed = Signal()

    def __init__(self, empty_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._empty_text = empty_text
        self._answers: list[NotedAnswer] = []
        inner = QWidget()
        inner.setObjectName("scrolled")
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, current_theme().px(8), current_theme().px(12), 0)
        self._column.setSpacing(current_theme().px(4))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled_down(inner))

    def show_answers(
        self, sections: Sequence[tuple[str, Sequence[AnswerLine]]], notes: Mapping[str, str], *, writes: bool
    ) -> None:
        """Show (title, answers); `notes` are those that were given, `writes` offers to give some."""
        clear_layout(self._column)
        self._answers = []
        if notes:
            self._column.addWidget(make_label(_("Catatan penyelia"), "heading"))
            self._column.addWidget(make_line())
            for line in (line for _title, lines in sections for line in lines if line.code in notes):
                told = _("{label}: {note}").format(label=line.label, note=notes[line.code])
                self._column.addWidget(make_label(told, "error", wraps=True))
            self._column.addSpacing(current_theme().px(8))
        for title, lines in sections:
            self._column.addWidget(make_label(title, "heading"))
            self._column.addWidget(make_line())
            for line in lines:
                answer = NotedAnswer(line, notes.get(line.code, ""), writes=writes)
                answer.changed.connect(self.notes_changed)
                self._answers.append(answer)
                self._column.addWidget(answer)
            self._column.addSpacing(current_theme().px(8))
        if not self._answers:
            self._column.addWidget(make_label(self._empty_text, "quiet", wraps=True))
        self._column.addStretch(1)

    def notes(self) -> dict[str, str]:
        """What was written here, by question code."""
        return {answer.code: text for answer in self._answers if (text := answer.edit.text().strip())}
