"""Amounts by week: one line a week, Enter goes on, arrows go up and down, totals live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from gettext import gettext as _
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QWidget

from kube_field.domain.dates import week_text
from kube_field.domain.forms.answered import day, read_day
from kube_field.domain.forms.declaration import Finding, Question, Severity
from kube_field.domain.money import group_thousands
from kube_field.ui.forms.editor import Editor, Surroundings
from kube_field.ui.forms.field_chain import ENTER_GOES_ON
from kube_field.ui.forms.line_editors import MoneyEditor
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import quiet_button
from kube_field.ui.widgets.labels import make_label

START, END = "week_from", "week_to"
CELL_WIDTH, WEEK_WIDTH = 92, 104
SHOWN_FINDINGS = 3
PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class MoneyCell(MoneyEditor):
    """An amount in the grid."""

    WIDTH = 0
    PREFIX = ""


class WeekLine:
    """The widgets of one week. They are made once and shown when there is a week for them: the cursor's way stays."""

    def __init__(self, columns: Sequence[Question], around: Surroundings) -> None:
        self.row: dict[str, Any] = {}
        self.label = make_label()
        self.cells = {column.code: MoneyCell(column, around) for column in columns}

    def show_row(self, row: Mapping[str, Any] | None) -> None:
        """Show a week; None hides the line."""
        self.row = dict(row or {})
        start, end = day(self.row, START), day(self.row, END)
        words = week_text(start, end) if start is not None and end is not None else ""
        self.label.setText(words)
        self.label.setVisible(row is not None)
        for code, cell in self.cells.items():
            cell.setVisible(row is not None)
            cell.set_value(self.row.get(code))
            cell.line.setAccessibleName(_("{label}, minggu {week}").format(label=_(cell.question.label), week=words))

    def answer(self) -> dict[str, Any] | None:
        """The row as the answer holds it; None while no amount stands in it."""
        amounts = {code: value for code, cell in self.cells.items() if (value := cell.value()) is not None}
        return {**{c: v for c, v in self.row.items() if c not in self.cells}, **amounts} if amounts else None


class WeekGrid(Editor):
    """Weeks that are proposed are laid out; a week without an amount is no part of the answer."""

    def __init__(self, question: Question, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(question, around, parent)
        self.columns = [column for column in question.columns if not column.fixed]
        self.lines = [WeekLine(self.columns, around) for _n in range(question.at_most or 1)]
        self.totals = {column.code: make_label("–", "strong") for column in self.columns}
        self.findings_label = make_label("", "warning", wraps=True)
        self.findings_label.hide()
        self.earlier_button = quiet_button(_("Tambah minggu sebelumnya"), "add")
        self.earlier_button.setProperty(ENTER_GOES_ON, True)
        self._struck: list[Mapping[str, Any]] = []
        self._laid: list[Mapping[str, Any]] = []
        self._earlier: list[Mapping[str, Any]] = []
        self._build()
        self._show([])

    def _build(self) -> None:
        theme = current_theme()
        grid = QGridLayout()
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(4)
        grid.setColumnMinimumWidth(0, theme.px(WEEK_WIDTH))
        grid.addWidget(make_label(_("Minggu"), "muted"), 0, 0)
        for at, column in enumerate(self.columns, start=1):
            head = make_label(_(column.label), "muted")
            head.setToolTip(_(column.help) if column.help else "")
            grid.addWidget(head, 0, at, Qt.AlignmentFlag.AlignRight)
            grid.setColumnStretch(at, 1)
            grid.setColumnMinimumWidth(at, theme.px(CELL_WIDTH))
        for number, line in enumerate(self.lines, start=1):
            grid.addWidget(line.label, number, 0)
            for at, cell in enumerate(line.cells.values(), start=1):
                grid.addWidget(cell, number, at)
                cell.changed.connect(self._edited)
                cell.line.left_field.connect(cell.settle)
        grid.addWidget(make_label(_("Jumlah"), "strong"), len(self.lines) + 1, 0)
        for at, label in enumerate(self.totals.values(), start=1):
            label.setContentsMargins(0, 0, theme.px(9), 0)
            grid.addWidget(label, len(self.lines) + 1, at, Qt.AlignmentFlag.AlignRight)
        self.box.addLayout(grid)
        self.box.addWidget(self.findings_label)
        row = QHBoxLayout()
        row.addWidget(self.earlier_button)
        row.addStretch(1)
        self.box.addLayout(row)
        self.earlier_button.clicked.connect(self.add_earlier)

    def value(self) -> Any:  # noqa: D102
        answers = [answer for line in self.lines if (answer := line.answer()) is not None]
        return [*answers, *self._struck] or None

    def set_value(self, value: Any) -> None:  # noqa: D102
        rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
        if rows == (self.value() or []):
            return
        self._struck = [row for row in rows if "struck" in row]
        self._show([row for row in rows if "struck" not in row])

    def lay_out(self, weeks: Sequence[Mapping[str, Any]]) -> None:
        """Lines for these weeks, beside those that hold amounts; what was typed stays."""
        if list(weeks) != self._laid:
            self._laid, self._earlier = list(weeks), []
            self._show([answer for line in self.lines if (answer := line.answer()) is not None])

    def add_earlier(self) -> None:
        """Lay out the seven days before the first week, with the cursor there."""
        first = read_day(self.lines[0].row.get(START))
        if first is None or first.toordinal() <= 7:
            return
        start, end = (str(first - timedelta(days=days)) for days in (7, 1))
        self._earlier.append({"id": start, START: start, END: end})
        self._show([answer for line in self.lines if (answer := line.answer()) is not None])
        self.start_typing()

    def _show(self, filled: Sequence[Mapping[str, Any]]) -> None:
        known = [(str(row.get(START)), str(row.get(END))) for row in filled]
        free = [
            week
            for week in (*self._laid, *self._earlier)
            if not any(str(week[START]) <= end and start <= str(week[END]) for start, end in known)
        ]
        room = max(0, len(self.lines) - len(filled))
        rows = sorted([*filled, *free[max(0, len(free) - room) :]], key=lambda row: str(row.get(START)))
        for at, line in enumerate(self.lines):
            line.show_row(rows[at] if at < len(rows) else None)
        self.earlier_button.setVisible(bool(rows) and len(rows) < len(self.lines))
        self._show_totals()

    def _edited(self) -> None:
        self._show_totals()
        self.changed.emit()

    def _show_totals(self) -> None:
        for code, label in self.totals.items():
            amounts = [value for line in self.lines if isinstance(value := line.cells[code].value(), int)]
            label.setText(group_thousands(sum(amounts)) if amounts else "–")

    def set_findings(self, findings: Sequence[Finding]) -> None:
        """Colour the cells that findings name, and say under the table what is wrong."""
        filled = [line for line in self.lines if line.answer() is not None]
        for line in self.lines:
            for code, cell in line.cells.items():
                at = filled.index(line) if line in filled else None
                own = [one.severity for one in findings if one.row is not None and (one.row, one.column) == (at, code)]
                worst = max(own, default=Severity.KETERANGAN)
                cell.set_state({Severity.GALAT: "error", Severity.PERINGATAN: "warning"}.get(worst, ""))
        told = list(dict.fromkeys(self._words(one, filled) for one in findings if one.row is not None))
        self.findings_label.setText("\n".join(told[:SHOWN_FINDINGS]))
        self.findings_label.setVisible(bool(told))

    def _words(self, finding: Finding, filled: Sequence[WeekLine]) -> str:
        if finding.row is None or finding.row >= len(filled):
            return finding.message
        return f"{filled[finding.row].label.text()}: {finding.message}"

    def place_of(self, row: int, column: str) -> Editor | None:
        """The editor of one amount, by its row in the answer."""
        filled = [line for line in self.lines if line.answer() is not None]
        return filled[row].cells.get(column) if row < len(filled) else None

    def focus_widget(self) -> QWidget:  # noqa: D102
        return next(iter(self.lines[0].cells.values())).focus_widget()

    def settle(self) -> None:  # noqa: D102
        for line in self.lines:
            for cell in line.cells.values():
                if not cell.line.hasFocus():
                    cell.settle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down go to the same column of the week before or after."""
        step = STEPS.get(Qt.Key(event.key()), 0) if event.modifiers() in PLAIN else 0
        if not step or not self._step(step):
            super().keyPressEvent(event)

    def _step(self, step: int) -> bool:
        focused = QApplication.focusWidget()
        for at, line in enumerate(self.lines):
            for code, cell in line.cells.items():
                there = at + step
                if cell.line is focused and 0 <= there < len(self.lines) and self.lines[there].row:
                    self.lines[there].cells[code].start_typing()
                    return True
        return False
