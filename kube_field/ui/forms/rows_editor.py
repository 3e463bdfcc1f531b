"""A table of rows: add, fill in, take back with a reason; a row once stored is never silently gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from gettext import gettext as _
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from kube_field.domain.forms.declaration import Finding, Kind, Question, Severity
from kube_field.domain.forms.evaluation import MIN_REASON_LENGTH, is_blank
from kube_field.ui.forms.answer_text import answer_text
from kube_field.ui.forms.editor import Editor, Surroundings
from kube_field.ui.forms.editors import make_editor
from kube_field.ui.forms.field_line import FieldLine
from kube_field.ui.texts import special_words
from kube_field.ui.widgets.buttons import quiet_button, small_button
from kube_field.ui.widgets.labels import hide_unless, make_label, restyle
from kube_field.ui.widgets.leaving import put_away

WIDE_KINDS = frozenset({Kind.LONG_TEXT, Kind.PHOTO, Kind.MANY_OF, Kind.SIGNATURE, Kind.LOCATION})
COLUMNS, LONG_LABEL = 2, 34


class Cell(QWidget):
    """One column of one row: label above, editor, finding below. Signals: `changed()`."""

    changed = Signal()

    def __init__(self, question: Question, around: Surroundings) -> None:
        super().__init__()
        self.setObjectName("clear")
        self.question = question
        self.editor = make_editor(question, around, compact=True)
        self._special: str | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        label = (
            _(question.label)
            if question.required or question.fixed
            else _("{label} (boleh kosong)").format(label=_(question.label))
        )
        self.label = make_label(label, "muted")
        if question.help:
            self.label.setToolTip(_(question.help))
        self.finding = make_label("", "error", wraps=True)
        self.finding.hide()
        self.echo = make_label("", "muted", wraps=True)
        self.echo.hide()
        self.special_button = quiet_button(_("Tidak tahu"))
        self.special_button.setProperty("small", True)
        self.special_button.setCheckable(True)
        hide_unless(self.special_button, question.may_be_unknown)
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self.editor, 1)
        line.addWidget(self.special_button)
        for part in (self.label, line, self.echo, self.finding):
            box.addLayout(part) if isinstance(part, QHBoxLayout) else box.addWidget(part)
        box.addStretch(1)
        self.editor.changed.connect(self.changed)
        self.editor.echoed.connect(self._show_echo)
        self.special_button.clicked.connect(self._toggle_unknown)

    def value(self) -> Any:
        """The answer in this cell."""
        return self._special or self.editor.value()

    def set_value(self, value: Any) -> None:
        """Show an answer; a special one lights its button."""
        special = isinstance(value, str) and self.question.may_be_unknown and value in special_words()
        self._special = value if special else None
        self.special_button.setChecked(special)
        self.editor.setEnabled(not special)
        self.editor.set_value(None if special else value)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show the gravest finding of the cell; an info quietly."""
        worst = max(findings, key=lambda finding: finding.severity, default=None)
        state = ""
        if worst is not None and worst.severity > Severity.KETERANGAN:
            state = "error" if worst.severity == Severity.GALAT else "warning"
        self.editor.set_state(state)
        self.finding.setProperty("role", "error" if state else "muted")
        self.finding.setText(worst.message if worst is not None else "")
        self.finding.setVisible(worst is not None)
        restyle(self.finding)

    def _toggle_unknown(self, checked: bool) -> None:
        self.set_value(next(iter(special_words())) if checked else None)
        self.changed.emit()

    def _show_echo(self, text: str) -> None:
        self.echo.setText(text)
        self.echo.setVisible(bool(text))


class RowFrame(QFrame):
    """One row. Signals: `changed()`, `strike_wanted(row, reason)`, `restore_wanted(row)`, `removal_wanted(row)`.

    The signals name the row themselves: a slot that held it would be let go of in the middle of the row's own end.
    """

    changed = Signal()
    strike_wanted = Signal(object, str)
    restore_wanted = Signal(object)
    removal_wanted = Signal(object)

    def __init__(self, at: int, row: Mapping[str, Any], table: Question, around: Surroundings) -> None:
        super().__init__()
        self.setObjectName("row")
        self.row_id = str(row.get("id", ""))
        self._row = dict(row)
        self.cells: dict[str, Cell] = {}
        self._table, self._around = table, around
        self._given = next((column for column in table.columns if column.fixed), None)
        self._build(at)
        self.show_row(row)

    def _build(self, at: int) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 6, 12, 10)
        box.setSpacing(6)
        head = QHBoxLayout()
        self.title = make_label(_("Baris {n}").format(n=at), "strong", wraps=True)
        self.strike_button = quiet_button(_("Coret"))
        self.restore_button = quiet_button(_("Batalkan coretan"), "undo")
        head.addWidget(self.title, 1)
        head.addWidget(self.strike_button)
        head.addWidget(self.restore_button)
        box.addLayout(head)
        self.reason_line = FieldLine(_("Alasan mencoret"))
        self.reason_box = self._make_reason_box()
        box.addWidget(self.reason_box)
        self.body = QWidget()
        self.body.setObjectName("clear")
        grid = QGridLayout(self.body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        self._fill_grid(grid)
        box.addWidget(self.body)
        self.strike_button.clicked.connect(self._ask_reason)
        self.restore_button.clicked.connect(self._restore)

    def _make_reason_box(self) -> QWidget:
        holder = QWidget()
        holder.setObjectName("clear")
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        confirm, cancel = small_button(_("Coret")), quiet_button(_("Batal"))
        row.addWidget(make_label(_("Alasan"), "muted"))
        row.addWidget(self.reason_line, 1)
        row.addWidget(confirm)
        row.addWidget(cancel)
        confirm.clicked.connect(self._strike)
        self.reason_line.returnPressed.connect(self._strike)
        cancel.clicked.connect(holder.hide)
        holder.hide()
        return holder

    def _fill_grid(self, grid: QGridLayout) -> None:
        line, column = 0, 0
        for question in self._table.columns:
            cell = Cell(question, self._around)
            cell.changed.connect(self.changed)
            self.cells[question.code] = cell
            if question is self._given:
                cell.setParent(self.body)
                cell.hide()
                continue
            wide = _is_wide(question)
            if wide and column:
                line, column = line + 1, 0
            grid.addWidget(cell, line, column, 1, COLUMNS if wide else 1)
            column += COLUMNS if wide else 1
            if column >= COLUMNS:
                line, column = line + 1, 0
        for at in range(COLUMNS):
            grid.setColumnStretch(at, 1)

    def show_row(self, row: Mapping[str, Any]) -> None:
        """Show a row's answers; a struck one shows only what it was, and why it was struck."""
        self._row = dict(row)
        struck = "struck" in row
        for code, cell in self.cells.items():
            cell.set_value(row.get(code))
        self.body.setVisible(not struck)
        self.strike_button.setVisible(not struck and not _are_given(self._table))
        self.restore_button.setVisible(struck)
        font = self.title.font()
        font.setStrikeOut(struck)
        self.title.setFont(font)
        if self._given is not None and (told := answer_text(self._given, row.get(self._given.code))):
            self.title.setText(told)
        if struck:
            self.title.setText(_("{row} · dicoret: {reason}").format(row=self.summary(), reason=row["struck"]))

    def summary(self) -> str:
        """The row in one line."""
        texts = [
            answer_text(cell.question, self._row.get(code), self._around.regions) for code, cell in self.cells.items()
        ]
        return " · ".join(text for text in texts if text)

    def row(self) -> dict[str, Any]:
        """The row as the answer holds it: what its editors do not know is kept."""
        if "struck" in self._row:
            return dict(self._row)
        answers = {code: cell.value() for code, cell in self.cells.items()}
        kept = {name: value for name, value in self._row.items() if name not in self.cells}
        return {**kept, **{code: value for code, value in answers.items() if not is_blank(value)}}

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show the findings of this row under their cells."""
        for code, cell in self.cells.items():
            cell.show_findings([finding for finding in findings if finding.column == code])

    def start_typing(self) -> None:
        """Put the cursor into the first cell that can be filled in."""
        first = next((cell for cell in self.cells.values() if not cell.question.fixed), None)
        if first is not None:
            first.editor.start_typing()

    def is_empty(self) -> bool:
        """True when nothing was filled in."""
        return set(self.row()) <= {"id"}

    def _ask_reason(self) -> None:
        if self.is_empty():
            self.removal_wanted.emit(self)
            return
        self.reason_box.show()
        self.reason_line.setFocus()

    def _strike(self) -> None:
        reason = self.reason_line.text().strip()
        if len(reason) >= MIN_REASON_LENGTH:
            self.reason_box.hide()
            self.strike_wanted.emit(self, reason)

    def _restore(self) -> None:
        self.restore_wanted.emit(self)


class RowsEditor(Editor):
    """All rows under each other, and a button for the next."""

    def __init__(self, question: Question, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(question, around, parent)
        self.frames: list[RowFrame] = []
        self.list = QVBoxLayout()
        self.list.setSpacing(8)
        self.add_button = small_button(_("Tambah baris"), "add")
        self.add_button.setAccessibleName(_("{label}: tambah baris").format(label=question.label))
        self.box.addLayout(self.list)
        row = QHBoxLayout()
        row.addWidget(self.add_button)
        row.addStretch(1)
        self.box.addLayout(row)
        self.add_button.clicked.connect(self.add_row)
        hide_unless(self.add_button, not _are_given(question))

    def value(self) -> Any:  # noqa: D102
        return [frame.row() for frame in self.frames] or None

    def set_value(self, value: Any) -> None:  # noqa: D102
        rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
        if rows == (self.value() or []):
            return
        for frame in self.frames:
            self.list.removeWidget(frame)
            put_away(frame)
        self.frames = []
        for row in rows:
            self._add_frame(row)

    def set_findings(self, findings: Sequence[Finding]) -> None:
        """Show findings that name a row under its cells."""
        for at, frame in enumerate(self.frames):
            frame.show_findings([finding for finding in findings if finding.row == at])

    def place_of(self, row: int, column: str) -> Editor | None:
        """The editor of one cell."""
        cell = self.frames[row].cells.get(column) if row < len(self.frames) else None
        return cell.editor if cell is not None else None

    def focus_widget(self) -> QWidget:  # noqa: D102
        return self.add_button

    def start_typing(self) -> None:  # noqa: D102
        if self.frames:
            self.frames[0].start_typing()
        else:
            super().start_typing()

    def settle(self) -> None:  # noqa: D102
        for frame in self.frames:
            for cell in frame.cells.values():
                if not cell.isAncestorOf(self.window().focusWidget() or self):
                    cell.editor.settle()

    def add_row(self) -> None:
        """Add an empty row with an id of its own and go there."""
        frame = self._add_frame({"id": self.around.new_id()})
        self.changed.emit()
        frame.start_typing()

    def _add_frame(self, row: Mapping[str, Any]) -> RowFrame:
        frame = RowFrame(len(self.frames) + 1, row, self.question, self.around)
        frame.changed.connect(self.changed)
        frame.strike_wanted.connect(self._strike)
        frame.restore_wanted.connect(self._restore)
        frame.removal_wanted.connect(self._remove)
        self.frames.append(frame)
        self.list.addWidget(frame)
        return frame

    def _strike(self, frame: RowFrame, reason: str) -> None:
        frame.show_row({**frame.row(), "struck": reason})
        self.changed.emit()

    def _restore(self, frame: RowFrame) -> None:
        row = frame.row()
        row.pop("struck", None)
        frame.show_row(row)
        frame.title.setText(_("Baris {n}").format(n=self.frames.index(frame) + 1))
        self.changed.emit()

    def _remove(self, frame: RowFrame) -> None:
        self.frames.remove(frame)
        self.list.removeWidget(frame)
        put_away(frame)
        self.changed.emit()


def _are_given(table: Question) -> bool:
    """True when the app brings the rows and the officer only answers in them."""
    return any(column.fixed for column in table.columns)


def _is_wide(question: Question) -> bool:
    """True for a column that needs the whole width of the row."""
    return question.kind in WIDE_KINDS or any(len(choice.label) > LONG_LABEL for choice in question.choices)
