"""A declared form on screen: sections, one section at work, and what to check."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QRadioButton, QWidget

from kube_field.domain.forms.declaration import Finding, Form, Kind, Severity
from kube_field.domain.forms.evaluation import Evaluation, answered_in, is_blank
from kube_field.domain.records import Answers
from kube_field.ui.forms.cash_book_view import PHOTOS, CashBookView, with_photo
from kube_field.ui.forms.editor import Surroundings
from kube_field.ui.forms.field_chain import ENTER_GOES_ON, next_in_chain
from kube_field.ui.forms.form_panes import FormPanes
from kube_field.ui.forms.question_row import QuestionRow
from kube_field.ui.forms.rows_editor import RowsEditor
from kube_field.ui.forms.section_view import SectionView
from kube_field.ui.forms.week_grid import WeekGrid

KEPT_UNDO = 200
AHEAD_MS = 500
"""After so long without a key the next section is built, so that going there takes no time."""


class FormView(FormPanes):
    """Holds the answers while they are typed; blank answers are absent.

    Signals: `answer_changed(code)`, `field_left(code)`, `section_shown(code)`.
    """

    answer_changed = Signal(str)
    field_left = Signal(str)
    section_shown = Signal(str)

    def __init__(
        self, form: Form, around: Surroundings, *, ahead_ms: int = AHEAD_MS, parent: QWidget | None = None
    ) -> None:
        super().__init__(form, parent)
        self.around = around
        self._doors = form.opened_from()
        self._answers: dict[str, Any] = {}
        self._previous: Answers = {}
        self._evaluation: Evaluation | None = None
        self._views: dict[str, SectionView] = {}
        self._visited: set[str] = set()
        self._undo: list[tuple[str, Any]] = []
        self._editing = ""
        self._current = ""
        self._last_finding: Finding | None = None
        self._ahead = QTimer(self)
        self._ahead.setSingleShot(True)
        self._ahead.setInterval(ahead_ms)
        self._connect()

    def _connect(self) -> None:
        self.section_list.section_chosen.connect(self._go_to_section)
        self.panel.finding_chosen.connect(self.go_to_finding)
        self.panel.note_chosen.connect(self.open_question)
        self._ahead.timeout.connect(self._build_ahead)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)
        keys = {
            "Alt+Up": lambda: self.step_section(-1),
            "Alt+Down": lambda: self.step_section(1),
            "F1": lambda: self._with_row(QuestionRow.toggle_help),
            "F2": self.go_to_note,
            "F6": lambda: self._with_row(QuestionRow.open_special_menu),
            "F8": self.go_to_next_finding,
            "Ctrl+Z": self.undo,
            "Alt+=": lambda: self._with_row(QuestionRow.take_previous),
        }
        for key, act in keys.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    # Showing

    def show_answers(self, answers: Answers, previous: Answers, notes: Mapping[str, str] | None = None) -> None:
        """Begin with these answers; what is filled in counts as seen, so its findings show."""
        self._answers = {code: value for code, value in answers.items() if not is_blank(value)}
        self._previous = previous
        self._visited = {q.code for q in self.form.questions() if q.code in self._answers and q.kind != Kind.ROWS}
        self._undo.clear()
        self.panel.show_form(self.form, notes or {})
        for view in self._views.values():
            view.show_answers(self._answers, previous)
        if not self._current and self.form.sections:
            self.open_section(self.form.sections[0].code)

    def show_evaluation(self, evaluation: Evaluation) -> None:
        """Show what the form says about the answers: what applies, what is wrong, what is computed."""
        self._evaluation = evaluation
        self._bring(evaluation)
        self.section_list.show_evaluation(evaluation)
        view = self._views.get(self._current)
        if view is not None:
            view.show_evaluation(evaluation, self._is_shown)
        shown = [finding for finding in evaluation.findings if self._is_shown(finding) and finding.severity]
        self.panel.show_findings(shown, len(evaluation.missing))

    def _bring(self, evaluation: Evaluation) -> None:
        """Bring the rows that follow from other answers; what was typed in them stays."""
        for code, rows in evaluation.brought.items():
            before = self._answers.get(code)
            now = answered_in(rows, before)
            if now != (before or []):
                self._put(code, now)
                self.answer_changed.emit(code)

    def _is_shown(self, finding: Finding) -> bool:
        return finding.question in self._visited

    def show_all_findings(self) -> None:
        """From now on every finding shows, also of questions that were never reached."""
        self._visited = {question.code for question in self.form.questions()}
        if self._evaluation is not None:
            self.show_evaluation(self._evaluation)

    def answers(self) -> dict[str, Any]:
        """The answers as they stand."""
        return dict(self._answers)

    def current_section(self) -> str:
        """Code of the section on view."""
        return self._current

    # Moving

    def open_section(self, code: str) -> None:
        """Bring a section to view, built when it is first needed."""
        view = self._views.get(code)
        if view is None:
            view = self._make_view(code)
        focused = QApplication.focusWidget()
        if code != self._current and focused is not None and self.stack.isAncestorOf(focused):
            focused.clearFocus()  # left before its page is hidden: Qt would look for a neighbour among hidden widgets
        self._current = code
        self.stack.setCurrentWidget(view)
        self.centre_card.set_title(_(view.section.title))
        self.show_alone(code in self._doors)
        listed = self._opener(code) or code
        self.section_list.mark(listed)
        self.sections_area.ensureWidgetVisible(self.section_list.buttons[listed], 0, 8)
        if self._evaluation is not None:
            view.show_evaluation(self._evaluation, self._is_shown)
        self._ahead.start()
        self.section_shown.emit(code)

    def _build_ahead(self) -> None:
        waiting = [code for code in self.sections_on_view() if code not in self._views]
        if waiting and self.isVisible():
            self._make_view(waiting[0])
            self._ahead.start()

    def _make_view(self, code: str) -> SectionView:
        section = next(section for section in self.form.sections if section.code == code)
        kind = CashBookView if code in self._doors else SectionView
        view = kind(section, self.around, self.stack)
        view.show_answers(self._answers, self._previous)
        view.changed.connect(self._answer_edited)
        view.opened.connect(self._go_to_section)
        if isinstance(view, CashBookView):
            view.transfer_wanted.connect(self._put_in)
            view.photo_added.connect(lambda photo: self.set_answer(PHOTOS, with_photo(self._answers, photo)))
        self._views[code] = view
        self.stack.addWidget(view)
        return view

    def sections_on_view(self) -> list[str]:
        """Codes of the sections that apply, in order; those that lie behind a question are no step on the way."""
        listed = [section for section in self.form.sections if section.code not in self._doors]
        if self._evaluation is None:
            return [section.code for section in listed]
        applicable = self._evaluation.applicable
        return [s.code for s in listed if any(q.code in applicable for q in s.questions)]

    def _opener(self, code: str) -> str:
        """The section from which a page of its own is opened; "" for any other section."""
        door = self._doors.get(code)
        return self.form.section_of(door.code).code if door is not None else ""

    def neighbour(self, step: int) -> str:
        """Code of the section before (-1) or after (1) this one; "" at the end. A page of its own only leads back."""
        if self._current in self._doors:
            return self._opener(self._current) if step < 0 else ""
        codes = self.sections_on_view()
        at = codes.index(self._current) + step if self._current in codes else 0
        return codes[at] if 0 <= at < len(codes) else ""

    def step_section(self, step: int) -> None:
        """Go to the section before or after, its first question under the cursor."""
        code, door = self.neighbour(step), self._doors.get(self._current)
        if code and door is not None:
            self.open_question(door.code)
        elif code:
            self.open_section(code)
            self.begin_typing()

    def _go_to_section(self, code: str) -> None:
        self.open_section(code)
        self.begin_typing()

    def begin_typing(self) -> None:
        """Put the cursor into the first question of the section on view."""
        row = self._views[self._current].first_row() if self._current in self._views else None
        if row is not None:
            row.start_typing()

    def open_question(self, code: str) -> None:
        """Bring a question to view with the cursor in it."""
        self.open_section(self.form.section_of(code).code)
        view = self._views[self._current]
        row = view.rows[code]
        row.start_typing()
        view.ensureWidgetVisible(row, 0, 24)

    def go_to_finding(self, finding: Finding) -> None:
        """Bring the field of a finding to view, the row of a table too."""
        self._last_finding = finding
        self._visited.add(finding.question)
        self.open_question(finding.question)
        view = self._views[self._current]
        editor = view.rows[finding.question].editor
        if isinstance(editor, RowsEditor | WeekGrid) and finding.row is not None:
            place = editor.place_of(finding.row, finding.column)
            if place is not None:
                place.start_typing()
                view.ensureWidgetVisible(place, 0, 24)
        if self._evaluation is not None:
            self.show_evaluation(self._evaluation)

    def go_to_next_finding(self) -> None:
        """Go to the finding after the last one visited, errors and warnings in the order of the form (F8)."""
        if self._evaluation is None:
            return
        found = [finding for finding in self._evaluation.findings if finding.severity > Severity.KETERANGAN]
        if not found:
            return
        keys = [finding.key for finding in found]
        last = self._last_finding.key if self._last_finding is not None else ""
        self.go_to_finding(found[(keys.index(last) + 1) % len(found) if last in keys else 0])

    def go_to_note(self) -> None:
        """Go to the section's note, if it has one (F2)."""
        view = self._views.get(self._current)
        notes = [code for code, row in view.rows.items() if "note" in code and not row.isHidden()] if view else []
        if notes:
            self.open_question(notes[0])

    # Typing

    def undo(self) -> None:
        """Take back the last field that was changed (Ctrl+Z)."""
        if not self._undo:
            return
        code, value = self._undo.pop()
        self._editing = ""
        self._store(code, value)
        self.open_section(self.form.section_of(code).code)
        row = self._views[self._current].rows[code]
        row.set_value(value)
        if not row.isHidden():
            self.open_question(code)
        self.answer_changed.emit(code)

    def set_answer(self, code: str, value: Any) -> None:
        """Answer a question for the officer, who sees it and can take it back with Ctrl+Z."""
        self._undo.append((code, self._answers.get(code)))
        self._editing = ""
        self._put(code, value)
        self.answer_changed.emit(code)

    def _put(self, code: str, value: Any) -> None:
        self._store(code, value)
        view = self._views.get(self.form.section_of(code).code)
        if view is not None:
            view.rows[code].set_value(value)

    def _put_in(self, codes: list[str]) -> None:
        """Answer with what the data propose, as the officer ticked it, and go there."""
        proposed = self._evaluation.proposed if self._evaluation is not None else {}
        for code in codes:
            self._visited.add(code)
            if proposed[code].value != self._answers.get(code):
                self.set_answer(code, proposed[code].value)
        self.open_question(codes[0])

    def _answer_edited(self, code: str) -> None:
        self._ahead.start()
        value = self._views[self.form.section_of(code).code].rows[code].value()
        before = self._answers.get(code)
        if value == before and type(value) is type(before):
            return
        if self._editing != code:
            self._undo.append((code, before))
            del self._undo[:-KEPT_UNDO]
            self._editing = code
        self._store(code, value)
        self.answer_changed.emit(code)

    def _store(self, code: str, value: Any) -> None:
        if is_blank(value):
            self._answers.pop(code, None)
        else:
            self._answers[code] = value

    def _with_row(self, act: Any) -> None:
        row = self._row_of(QApplication.focusWidget())
        if row is not None:
            act(row)

    def _row_of(self, widget: QWidget | None) -> QuestionRow | None:
        while widget is not None and widget is not self:
            if isinstance(widget, QuestionRow):
                return widget if self.isAncestorOf(widget) else None
            widget = widget.parentWidget()
        return None

    def _focus_moved(self, old: QWidget | None, now: QWidget | None) -> None:
        before, after = self._row_of(old), self._row_of(now)
        if after is not None and now is not None and self._current in self._views:
            self._views[self._current].ensureWidgetVisible(now, 0, 40)
        if before is None or before is after or (now is None and not self.isActiveWindow()):
            return
        self._editing = ""
        before.settle()
        self._visited.add(before.code)
        if self._evaluation is not None:
            self.show_evaluation(self._evaluation)
        self.field_left.emit(before.code)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on to the next field, from the last one to the next section; on a button it presses it."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            return
        focused = QApplication.focusWidget()
        passed = isinstance(focused, QRadioButton | QCheckBox) or bool(focused and focused.property(ENTER_GOES_ON))
        if isinstance(focused, QAbstractButton) and not passed:
            focused.click()
            return
        self._go_on(focused)

    def _go_on(self, focused: QWidget | None) -> None:
        view = self._views.get(self._current)
        if isinstance(focused, QRadioButton):
            focused = self._last_of_question(focused)
        following = next_in_chain(focused)
        if view is not None and following is not None and view.isAncestorOf(following):
            following.setFocus(Qt.FocusReason.TabFocusReason)
        elif self.neighbour(1):
            self.step_section(1)

    def _last_of_question(self, focused: QWidget) -> QWidget:
        row = self._row_of(focused)
        radios = [b for b in row.editor.findChildren(QRadioButton) if not b.isHidden()] if row is not None else []
        return radios[-1] if radios else focused
