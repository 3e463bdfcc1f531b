"""Everything about one participant of a session, beside the grid: the questions of the attendance form itself."""

from __future__ import annotations

from gettext import gettext as _
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QFrame, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Section
from kube_field.domain.forms.evaluation import Evaluation, is_blank
from kube_field.domain.records import Answers, RecordKind
from kube_field.ui.forms.editor import Surroundings
from kube_field.ui.forms.question_row import QuestionRow
from kube_field.ui.forms.section_view import SectionView
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import quiet_button, small_button
from kube_field.ui.widgets.labels import ElidedLabel, make_label
from kube_field.usecases.views import AttendanceCell

PANEL_WIDTH = 436
WALK_IN_PREFIX = "walk_in_"


def participant_section() -> Section:
    """What can be edited of one participant, how they attended first, who they are after it."""
    asked = [q for q in form(RecordKind.ATTENDANCE).questions() if not q.fixed and q.code != "person_id"]
    ordered = sorted(asked, key=lambda question: question.code.startswith(WALK_IN_PREFIX))
    return Section(code="participant", title="", questions=tuple(ordered))


class ParticipantPanel(QFrame):
    """Hidden until `show_participant`; Enter goes on, Alt+Up/Down to the neighbour in the grid, Esc back to the grid.

    Signals: answered(cell key, answers), step_wanted(+1 or -1), allowance_for_all(amount), closed().
    """

    answered = Signal(str, object)
    step_wanted = Signal(int)
    allowance_for_all = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cell: AttendanceCell | None = None
        self._around: Surroundings | None = None
        self._view: SectionView | None = None
        self._answers: dict[str, Any] = {}
        self._evaluation: Evaluation | None = None
        self._visited: set[str] = set()
        self._build()
        self.hide()

    def _build(self) -> None:
        theme = current_theme()
        self.setObjectName("card")
        self.setFixedWidth(theme.px(PANEL_WIDTH))
        self._name = ElidedLabel("", "heading")
        self._who = ElidedLabel("", "muted")
        self._close = quiet_button(_("Tutup"))
        self._close.setToolTip(_("Kembali ke daftar (Esc)"))
        self._close.clicked.connect(self.close_panel)
        head = QHBoxLayout()
        head.addWidget(self._name, 1)
        head.addWidget(self._close)
        self._same = small_button(_("Uang transpor ini untuk semua yang hadir"))
        self._same.clicked.connect(self._on_same)
        self._place = QVBoxLayout()
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(self._who)
        column.addLayout(self._place, 1)
        column.addWidget(self._same, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(make_label(_("Alt+↑/↓ peserta lain · Esc kembali ke daftar"), "muted"))

    def equip(self, around: Surroundings) -> None:
        """What the editors may ask of the laptop; they are built for the first participant."""
        self._around = around
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    def _make_view(self) -> SectionView | None:
        if self._around is None:
            return None
        view = SectionView(participant_section(), self._around, compact=True)
        view.changed.connect(self._on_answer)
        self._place.addWidget(view, 1)
        view.show()  # the panel is on view already, and somebody types at once
        return view

    def show_participant(self, cell: AttendanceCell, answers: Answers) -> None:
        """Show somebody's answers; what is filled in counts as seen, so its findings show."""
        if self._view is None:
            self._view = self._make_view()
        if self._view is None:
            return
        same = self.cell is not None and self.cell.key == cell.key
        self.cell = cell
        self._name.show_text(cell.name)
        known = (cell.sex, cell.group_name or (_("peserta tambahan") if not cell.person_uid else ""), cell.village)
        self._who.show_text(" · ".join(part for part in known if part))
        if not same or dict(answers) != self._answers:
            self._answers = dict(answers)
            self._view.show_answers(self._answers, {})
        if not same:
            self._evaluation = None
            self._visited = set(self._answers)
            self._view.verticalScrollBar().setValue(0)
        self._show_same()

    def show_evaluation(self, key: str, evaluation: Evaluation) -> None:
        """Show what applies to this participant and what is wrong, unless somebody else is on view by now."""
        if self._view is None or self.cell is None or self.cell.key != key:
            return
        self._evaluation = evaluation
        for code, row in self._view.rows.items():
            row.setVisible(code in evaluation.applicable)
            row.set_findings(evaluation.of_question(code) if code in self._visited else ())

    def start_typing(self, code: str = "") -> None:
        """Put the cursor into a question, the first one by default."""
        row = self._row(code) if code else self._view.first_row() if self._view is not None else None
        if row is not None:
            row.start_typing()

    def close_panel(self) -> None:
        """Put the panel away; what is typed is kept already."""
        self._settle()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes, Enter goes to the next field, Alt with an arrow to the neighbour."""
        key, alt = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if key == Qt.Key.Key_Escape:
            self.close_panel()
        elif alt and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._settle()
            self.step_wanted.emit(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_enter()
        else:
            super().keyPressEvent(event)

    def _on_enter(self) -> None:
        focused = QApplication.focusWidget()
        if isinstance(focused, QAbstractButton) and not isinstance(focused, QRadioButton):
            focused.click()
        else:
            self.focusNextChild()

    def _row(self, code: str) -> QuestionRow | None:
        return self._view.rows.get(code) if self._view is not None else None

    def _row_of(self, widget: QWidget | None) -> QuestionRow | None:
        while widget is not None and widget is not self:
            if isinstance(widget, QuestionRow):
                return widget if self.isAncestorOf(widget) else None
            widget = widget.parentWidget()
        return None

    def _focus_moved(self, old: QWidget | None, now: QWidget | None) -> None:
        before, after = self._row_of(old), self._row_of(now)
        if after is not None and now is not None and self._view is not None:
            self._view.ensureWidgetVisible(now, 0, 24)
        if before is not None and before is not after and (now is not None or self.isActiveWindow()):
            self._leave(before)

    def _settle(self) -> None:
        row = self._row_of(QApplication.focusWidget())
        if row is not None:
            self._leave(row)

    def _leave(self, row: QuestionRow) -> None:
        row.settle()
        self._visited.add(row.code)
        if self.cell is not None and self._evaluation is not None:
            self.show_evaluation(self.cell.key, self._evaluation)

    def _on_answer(self, code: str) -> None:
        row = self._row(code)
        if row is None or self.cell is None:
            return
        value = row.value()
        if is_blank(value):
            self._answers.pop(code, None)
        else:
            self._answers[code] = value
        self.answered.emit(self.cell.key, dict(self._answers))
        self._show_same()

    def take_cell(self, cell: AttendanceCell, answers: Answers) -> None:
        """What was typed here as it is kept now: the name of a walk-in, the name under a signature."""
        self.cell = cell
        self._name.show_text(cell.name)
        row = self._row("signature")
        signature = answers.get("signature")
        if row is not None and signature is not None and signature != self._answers.get("signature"):
            self._answers["signature"] = signature
            row.set_value(signature)

    def _show_same(self) -> None:
        amount = self._answers.get("transport_allowance_idr")
        self._same.setVisible(isinstance(amount, int) and self._answers.get("status") == "hadir")

    def _on_same(self) -> None:
        self.allowance_for_all.emit(self._answers.get("transport_allowance_idr"))
