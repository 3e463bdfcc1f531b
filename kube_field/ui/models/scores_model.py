"""Results of pre-test and post-test beside the participants; each is stored when it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from gettext import gettext as _
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from kube_field.domain.forms.test_result import ORAL, POST, PRE, TOP
from kube_field.usecases.test_results import ScoreRow


class ScoreColumn(IntEnum):
    """Columns, left to right."""

    NUMBER = 0
    NAME = 1
    SEX = 2
    VILLAGE = 3
    PRESENT = 4
    PRE = 5
    POST = 6
    CHANGE = 7


TEST_OF = {ScoreColumn.PRE: PRE, ScoreColumn.POST: POST}
"""The columns that are typed into, and their tests."""


class ScoresModel(QAbstractTableModel):
    """A table over rows of a score sheet.

    Signals: score_typed(person uid, test, score or None), score_refused() for what is no result.
    """

    score_typed = Signal(str, str, object)
    score_refused = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[ScoreRow, ...] = ()

    def show_rows(self, rows: Sequence[ScoreRow]) -> None:
        """Take rows; the same participants keep their places and the cursor stays."""
        same = [row.person_uid for row in rows] == [row.person_uid for row in self._rows]
        if not same:
            self.beginResetModel()
        self._rows = tuple(rows)
        if not same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, ScoreColumn.CHANGE))

    def row(self, at: int) -> ScoreRow | None:
        """The participant of a row."""
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def place_of(self, person_uid: str) -> int:
        """Where a participant stands; -1 when nowhere."""
        return next((at for at, row in enumerate(self._rows) if row.person_uid == person_uid), -1)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """One row for each participant."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """The columns of ScoreColumn."""
        return 0 if parent is not None and parent.isValid() else len(ScoreColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Column titles."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_side(section) | Qt.AlignmentFlag.AlignVCenter)
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        titles = (
            _("No"),
            _("Nama"),
            _("L/P"),
            _("Desa/Kelurahan"),
            _("Hadir"),
            _("Prates"),
            _("Pascates"),
            _("Perubahan"),
        )
        return titles[section]

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text of a cell; a result that was asked aloud says so."""
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], ScoreColumn(index.column())
        if role == Qt.ItemDataRole.EditRole and column in TEST_OF:
            score = row.pre if column == ScoreColumn.PRE else row.post
            return "" if score is None else str(score)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return _text(row, column, index.row() + 1)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_side(column) | Qt.AlignmentFlag.AlignVCenter)
        return None

    def setData(
        self, index: QModelIndex | QPersistentModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """Take a typed result; nothing typed takes it back, what is no number from 0 to 100 is refused."""
        test = TEST_OF.get(ScoreColumn(index.column()))
        if role != Qt.ItemDataRole.EditRole or test is None:
            return False
        typed = str(value or "").strip()
        if typed and not (typed.isascii() and typed.isdigit() and int(typed) <= TOP):
            self.score_refused.emit()
            return False
        self.score_typed.emit(self._rows[index.row()].person_uid, test, int(typed) if typed else None)
        return True

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        """Both results can be typed."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.isValid() and index.column() in TEST_OF else flags


def _side(column: int) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignRight if column >= ScoreColumn.PRESENT else Qt.AlignmentFlag.AlignLeft


def _text(row: ScoreRow, column: ScoreColumn, number: int) -> str:
    change = "" if row.pre is None or row.post is None else f"{row.post - row.pre:+d}".replace("-", "−")
    return {
        ScoreColumn.NUMBER: str(number),
        ScoreColumn.NAME: row.name,
        ScoreColumn.SEX: row.sex,
        ScoreColumn.VILLAGE: row.village.split(",")[0],
        ScoreColumn.PRESENT: _("{n} sesi").format(n=row.present),
        ScoreColumn.PRE: _score(row.pre, row.pre_mode),
        ScoreColumn.POST: _score(row.post, row.post_mode),
        ScoreColumn.CHANGE: change,
    }[column]


def _score(score: int | None, mode: str) -> str:
    if score is None:
        return ""
    return _("lisan · {n}").format(n=score) if mode == ORAL else str(score)
