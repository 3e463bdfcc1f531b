"""One section of a form: its questions under each other, scrolling only when they must."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from kube_field.domain.forms.consent import PDP_CONTACT, with_contact
from kube_field.domain.forms.declaration import Finding, Question, Section
from kube_field.domain.forms.evaluation import Evaluation, is_blank
from kube_field.domain.records import Answers
from kube_field.ui.forms.editor import Surroundings
from kube_field.ui.forms.question_row import QuestionRow
from kube_field.ui.forms.shown_editors import DoorEditor
from kube_field.ui.widgets.buttons import quiet_button
from kube_field.ui.widgets.labels import make_label, make_line


class SectionView(QScrollArea):
    """Signals: `changed(question code)`, `opened(section code)`. In a `compact` section choices drop down."""

    changed = Signal(str)
    opened = Signal(str)

    def __init__(
        self, section: Section, around: Surroundings, parent: QWidget | None = None, *, compact: bool = False
    ) -> None:
        super().__init__(parent)
        self.section = section
        self.rows: dict[str, QuestionRow] = {}
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder = QWidget()
        holder.setObjectName("scrolled")
        self.setWidget(holder)  # before anything is in it: whatever is moved is styled anew
        box = QVBoxLayout(holder)
        box.setContentsMargins(0, 0, 8, 8)
        box.setSpacing(10)
        if section.help:
            box.addWidget(make_label(_filled(_(section.help), around), "quiet", wraps=True))
            box.addWidget(make_line())
        self.all_button = quiet_button(_("Pakai semua usulan"))
        self.all_button.clicked.connect(self._take_all)
        self.all_button.hide()
        box.addWidget(self.all_button)
        for question in section.questions:
            self.rows[question.code] = row = self._make_row(question, around, compact=compact)
            row.changed.connect(self.changed)
            if isinstance(row.editor, DoorEditor):
                row.editor.opened.connect(self.opened)
        self._lay_out(box)

    def _make_row(self, question: Question, around: Surroundings, *, compact: bool) -> QuestionRow:
        return QuestionRow(question, around, self.widget(), compact=compact, sentence=self.section.sentences)

    def _lay_out(self, box: QVBoxLayout) -> None:
        for row in self.rows.values():
            box.addWidget(row)
        box.addStretch(1)

    def show_answers(self, answers: Answers, previous: Answers) -> None:
        """Fill every question."""
        for code, row in self.rows.items():
            row.set_value(answers.get(code))
            row.set_previous(previous.get(code))

    def show_evaluation(self, evaluation: Evaluation, is_shown: Callable[[Finding], bool]) -> None:
        """What applies, what is wrong, what is computed, what is proposed; `is_shown` chooses among the findings."""
        for code, row in self.rows.items():
            if row.question.compute is not None:
                row.set_value(evaluation.computed.get(code))
            unfilled = row.question.fixed and is_blank(evaluation.answers.get(code))
            row.setVisible(code in evaluation.applicable and not unfilled)
            row.show_proposal(evaluation.proposed.get(code))
            row.set_findings([finding for finding in evaluation.of_question(code) if is_shown(finding)])
        self.all_button.setVisible(self.section.sentences and len(self._open_proposals()) > 1)

    def _open_proposals(self) -> list[QuestionRow]:
        """Rows without an answer for which the data propose one."""
        return [row for row in self.rows.values() if row.proposal_line.proposal() is not None and row.value() is None]

    def _take_all(self) -> None:
        for row in self._open_proposals():
            row.take_proposal()

    def first_row(self) -> QuestionRow | None:
        """The first question that is on view and asks something."""
        asked = (row for row in self.rows.values() if not row.isHidden() and not row.question.fixed)
        return next((row for row in asked if row.question.compute is None), None)


def _filled(text: str, around: Surroundings) -> str:
    """The help with the office's contact in its place."""
    return with_contact(text, str(around.extras.get(PDP_CONTACT) or ""))
