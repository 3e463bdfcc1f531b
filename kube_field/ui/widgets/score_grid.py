"""Results typed one below the other like in a sheet: digits begin, Enter goes down, L asks the test aloud."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QHeaderView, QTableView, QWidget

from kube_field.ui.models.scores_model import TEST_OF, ScoreColumn, ScoresModel
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.data_table import ROW_HEIGHT

SIDES = 24
WIDEST_TEXT = {
    ScoreColumn.NUMBER: "999",
    ScoreColumn.SEX: "L/P",
    ScoreColumn.VILLAGE: "Desa/Kelurahan MM",
    ScoreColumn.PRESENT: "99 sesi",
    ScoreColumn.PRE: "lisan · 100",
    ScoreColumn.POST: "lisan · 100",
    ScoreColumn.CHANGE: "Perubahan",
}
LEAST_NAME = 150
"""Width that names keep before other columns go, in px at 100 %."""
GOING = (ScoreColumn.VILLAGE, ScoreColumn.SEX, ScoreColumn.PRESENT)
"""Columns that go where names would be cut to a few letters, the first of them first."""


class ScoreGrid(QTableView):
    """A table whose cells of results are typed into.

    Signals: oral_wanted(row, test).
    """

    oral_wanted = Signal(int, str)

    def __init__(self, model: ScoresModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self._step_from: int | None = None
        self.setModel(model)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(current_theme().px(ROW_HEIGHT))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(ScoreColumn.NAME, QHeaderView.ResizeMode.Stretch)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is only told goes where names would be cut to a few letters; the results stay."""
        super().resizeEvent(event)
        widths = {column: self.fontMetrics().horizontalAdvance(text) + SIDES for column, text in WIDEST_TEXT.items()}
        for column, width in widths.items():
            self.setColumnWidth(column, width)
        wanted = sum(widths.values()) + current_theme().px(LEAST_NAME)
        for column in GOING:
            narrow = event.size().width() < wanted
            self.setColumnHidden(column, narrow)
            wanted -= widths[column] if narrow else 0

    def go_to(self, row: int, column: int = ScoreColumn.PRE) -> None:
        """Put the cursor on a result."""
        chosen = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().setCurrentIndex(self._rows.index(row, column), chosen)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def chosen_test(self) -> tuple[int, str] | None:
        """Row and test under the cursor; outside the results the pre-test of the row."""
        index = self.currentIndex()
        if not index.isValid():
            return None
        return index.row(), TEST_OF.get(ScoreColumn(index.column()), TEST_OF[ScoreColumn.PRE])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """L asks aloud, Delete takes a result back, Enter steps down; digits begin to type."""
        typing = self.state() == QAbstractItemView.State.EditingState
        on_result = self.currentIndex().column() in TEST_OF
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if typing:
                self._step_from = self.currentIndex().row()  # the editor stores its text first, and closes
            else:
                self._step_down(self.currentIndex().row())
        elif not typing and event.key() == Qt.Key.Key_L and (asked := self.chosen_test()) is not None:
            self.oral_wanted.emit(*asked)
        elif not typing and on_result and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._rows.setData(self.currentIndex(), "")
        elif typing or not event.text().strip() or event.text().isdigit():
            super().keyPressEvent(event)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:  # noqa: D102, N802
        super().closeEditor(editor, hint)
        row, self._step_from = self._step_from, None
        if row is not None:
            self._step_down(row)

    def _step_down(self, row: int) -> None:
        below = self._rows.index(row + 1, self.currentIndex().column())
        if below.isValid():
            self.setCurrentIndex(below)
