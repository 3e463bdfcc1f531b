"""A test that is asked aloud: ten questions with what counts as right, ticked while the participant answers."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from kube_field.domain.oral_test import ORAL_QUESTIONS, POINTS
from kube_field.ui.pages.page_frame import scrolled_down
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import primary_button, quiet_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.labels import ElidedLabel, make_label

WIDTH = 430


class OralPanel(Card):
    """Hidden until it is opened for a participant.

    Signals: answered(codes of the questions answered rightly), closed().
    """

    answered = Signal(list)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Tes lisan"), parent=parent)
        self.setFixedWidth(current_theme().px(WIDTH))
        self._who = ElidedLabel("", "strong")
        self.score_label = make_label("", "figure")
        self.boxes = {one.code: QCheckBox(_("Benar")) for one in ORAL_QUESTIONS}
        self.save_button = primary_button(_("Simpan nilai"))
        self._close = quiet_button(_("Batal"))
        self._build()
        for box in self.boxes.values():
            box.toggled.connect(lambda _on: self._show_score())
        self.save_button.clicked.connect(lambda: self.answered.emit(self.right_answers()))
        self._close.clicked.connect(self.close_panel)
        self.hide()

    def _build(self) -> None:
        px = current_theme().px
        inner = QWidget()
        inner.setObjectName("scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, px(8), 0)
        column.setSpacing(px(10))
        for number, one in enumerate(ORAL_QUESTIONS, start=1):
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(make_label(f"{number}. {_(one.question)}", wraps=True))
            words.addWidget(make_label(_("Benar bila: {answer}").format(answer=_(one.right)), "muted", wraps=True))
            box = self.boxes[one.code]
            box.setAccessibleName(_("Pertanyaan {n} benar: {words}").format(n=number, words=_(one.question)))
            line = QHBoxLayout()
            line.addLayout(words, 1)
            line.addWidget(box, 0, Qt.AlignmentFlag.AlignTop)
            column.addLayout(line)
        column.addStretch(1)
        self.body.addWidget(self._who)
        self.body.addWidget(
            make_label(_("Bacakan pertanyaan, tandai jawaban yang benar (spasi)."), "muted", wraps=True)
        )
        self.body.addWidget(scrolled_down(inner), 1)
        foot = QHBoxLayout()
        foot.addWidget(self.score_label)
        foot.addStretch(1)
        foot.addWidget(self._close)
        foot.addWidget(self.save_button)
        self.body.addLayout(foot)

    def open_for(self, who: str, right: Sequence[str] = ()) -> None:
        """Ask somebody; `right` are the answers of an earlier time."""
        self._who.show_text(who)
        for code, box in self.boxes.items():
            box.setChecked(code in right)
        self._show_score()
        self.show()
        next(iter(self.boxes.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    def right_answers(self) -> list[str]:
        """Codes of the questions that are ticked."""
        return [code for code, box in self.boxes.items() if box.isChecked()]

    def close_panel(self) -> None:
        """Put the panel away; what was ticked is dropped."""
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the next question, Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def _show_score(self) -> None:
        self.score_label.setText(_("Nilai {n}").format(n=POINTS * len(self.right_answers())))
