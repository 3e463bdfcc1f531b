"""The attendance grid, worked from the keyboard: H I S A G set a status, Ctrl+A makes all present."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QHeaderView, QTableView, QWidget

from kube_field.ui.models.attendance_model import EDITED_COLUMNS, STATUS_KEYS, AttendanceColumn, AttendanceModel
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.data_table import ROW_HEIGHT

SIDES = 20
LEAST_SHARE = 0.55
"""Yielding columns shrink to this part of their width."""
LEAST_NAME = 190
"""Width that names keep before they are cut, in px at 100 %."""
YIELDING = (AttendanceColumn.GROUP, AttendanceColumn.VILLAGE, AttendanceColumn.NOTE)
WIDEST_TEXT = {
    AttendanceColumn.NUMBER: "999",
    AttendanceColumn.SEX: "L/P",
    AttendanceColumn.GROUP: "KUBE/Perorangan MM",
    AttendanceColumn.VILLAGE: "Desa/Kelurahan MM",
    AttendanceColumn.PHONE: "00000",
    AttendanceColumn.STATUS: "A · Tanpa kabar M",
    AttendanceColumn.SIGNED: "TTD M",
    AttendanceColumn.TIME: "Jam datang M",
    AttendanceColumn.NOTE: "Catatan yang agak lebih",
}


DETAILS = (AttendanceColumn.NUMBER, AttendanceColumn.SEX, *YIELDING, AttendanceColumn.PHONE, AttendanceColumn.TIME)
"""Columns that the panel beside the grid shows too; they make room for it."""

GIVEN_UP = (AttendanceColumn.SEX, AttendanceColumn.PHONE, AttendanceColumn.NOTE)
"""Columns that go where names would be cut to a few letters; the panel shows them."""


class AttendanceGrid(QTableView):
    """A table whose letters set statuses everywhere but in the columns that are typed into.

    Signals: detail_wanted(question code) for the row under the cursor, row_chosen(row).
    """

    detail_wanted = Signal(str)
    row_chosen = Signal(int)

    def __init__(self, model: AttendanceModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self._beside = self._cramped = False
        self._step_from: int | None = None
        self.setObjectName("attendanceGrid")
        self.setModel(model)
        self.selectionModel().currentChanged.connect(self._on_current)
        self.setAlternatingRowColors(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setIconSize(QSize(current_theme().px(16), current_theme().px(16)))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(current_theme().px(ROW_HEIGHT))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setTabKeyNavigation(False)
        self._size_columns()

    def _size_columns(self) -> None:
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(AttendanceColumn.NAME, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        self._fit_columns(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the window is narrow the columns give way, so that nobody has to scroll sideways."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit_columns(event.size().width())

    def _fit_columns(self, room: int) -> None:
        wanted = {column: self.fontMetrics().horizontalAdvance(text) + SIDES for column, text in WIDEST_TEXT.items()}
        least = sum(width * (LEAST_SHARE if column in YIELDING else 1.0) for column, width in wanted.items())
        self._cramped = 0 < room < least + current_theme().px(LEAST_NAME)
        self._hide_columns()
        if self._cramped:
            wanted = {column: width for column, width in wanted.items() if column not in GIVEN_UP}
        kept = sum(width for column, width in wanted.items() if column not in YIELDING)
        left = room - current_theme().px(LEAST_NAME) - kept
        share = left / sum(wanted.get(column, 0) for column in YIELDING) if room else 1.0
        for column, width in wanted.items():
            part = min(1.0, max(share, LEAST_SHARE)) if column in YIELDING else 1.0
            self.setColumnWidth(column, round(width * part))

    def show_beside_panel(self, beside: bool) -> None:
        """Leave out what the panel at the right shows too, or bring it back."""
        self._beside = beside
        self._hide_columns()

    def _hide_columns(self) -> None:
        for column in AttendanceColumn:
            hidden = (self._beside and column in DETAILS) or (self._cramped and column in GIVEN_UP)
            self.setColumnHidden(column, hidden)

    def _on_current(self, current: QModelIndex, previous: QModelIndex) -> None:
        if current.isValid() and current.row() != previous.row():
            self.row_chosen.emit(current.row())

    def start(self) -> None:
        """Put the cursor on the first participant's status."""
        if self._rows.rowCount():
            self.go_to(0)
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_to(self, row: int) -> None:
        """Put the cursor on a participant's status and choose nobody else, whatever keys are held."""
        chosen = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().setCurrentIndex(self._rows.index(row, AttendanceColumn.STATUS), chosen)

    def chosen_rows(self) -> list[int]:
        """Rows of the selection, else the current one."""
        rows = sorted({index.row() for index in self.selectionModel().selectedIndexes()})
        return rows or ([self.currentIndex().row()] if self.currentIndex().isValid() else [])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Statuses, all present, taking a status back, and Enter down; the rest is the table's own."""
        if event.key() == Qt.Key.Key_A and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self._rows.set_status(range(self._rows.rowCount()), "hadir")
            return
        typing = self.currentIndex().column() in EDITED_COLUMNS
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            row = self.currentIndex().row()
            if self.state() == QAbstractItemView.State.EditingState:
                self._step_from = row  # the editor stores its text first, and closes
            elif row >= 0:
                self.detail_wanted.emit("")
            return
        if event.key() == Qt.Key.Key_F2 and not typing:
            self.detail_wanted.emit("")
            return
        if not typing and self._set_by_key(event):
            return
        if not typing and event.text().strip():
            return
        super().keyPressEvent(event)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:  # noqa: D102, N802
        super().closeEditor(editor, hint)
        row, self._step_from = self._step_from, None
        if row is not None:
            self._step_down(row)

    def _set_by_key(self, event: QKeyEvent) -> bool:
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return False
        erasing = event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
        status = "" if erasing else STATUS_KEYS.get(event.text().upper(), "")
        if not erasing and not status:
            return False
        rows = self.chosen_rows()
        self._rows.set_status(rows, status)
        if len(rows) == 1 and status == "digantikan_oleh":
            self.detail_wanted.emit("replaced_by")
        elif len(rows) == 1 and not erasing:
            self._step_down(rows[0])
        return True

    def _step_down(self, row: int) -> None:
        below: QModelIndex = self._rows.index(row + 1, self.currentIndex().column())
        if below.isValid():
            self.setCurrentIndex(below)
