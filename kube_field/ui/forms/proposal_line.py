"""What the data propose for an answer, with a button that takes it."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kube_field.domain.forms.declaration import Proposed, Question
from kube_field.ui.forms.answer_text import answer_text
from kube_field.ui.widgets.buttons import small_button
from kube_field.ui.widgets.labels import make_label

TOP = Qt.AlignmentFlag.AlignTop


class ProposalLine(QWidget):
    """Stands under a field while the proposal differs from the answer. Signals: `taken()`."""

    taken = Signal()

    def __init__(self, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self._question = question
        self._proposed: Proposed | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.words = make_label("", "muted", wraps=True)
        self.button = small_button(_("Pakai"))
        self.button.setAccessibleName(_("{label}: pakai usulan").format(label=question.label))
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button.clicked.connect(self.taken)
        row.addWidget(self.words, 1)
        row.addWidget(self.button, 0, TOP)
        self.hide()

    def show_proposal(self, proposed: Proposed | None, answer: object) -> None:
        """Show what is proposed, unless it is the answer already."""
        self._proposed = proposed
        self.setVisible(proposed is not None and proposed.value != answer)
        if proposed is None:
            return
        told = answer_text(self._question, proposed.value)
        words = _("Usulan: {answer}").format(answer=told)
        self.words.setText(f"{words} · {proposed.words}" if proposed.words else words)

    def proposal(self) -> Proposed | None:
        """What is on view; None when there is nothing to take."""
        return None if self.isHidden() else self._proposed
