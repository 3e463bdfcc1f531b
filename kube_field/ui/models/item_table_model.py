"""One table model for every list: it shows domain objects as its columns say, and sorts the list itself."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from kube_field.ui.theme import Tone

ITEM_ROLE = int(Qt.ItemDataRole.UserRole) + 1
TONE_ROLE = int(Qt.ItemDataRole.UserRole) + 2


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what stands in the header, the text of an item, how it sorts.

    `sort_key` None sorts by the text; `align` is left, right or centre; `width` is a wish in px at 100 %, 0 stretches.
    `whole` columns (days, numbers) are never cut. `gives_way` columns are hidden, the last first, where the name or a
    chip would be cut short: they say what the window says elsewhere too. `tone` paints the text as a chip of that tone;
    None from it shows plain text. `tip` says more in the tool tip.
    """

    header: str
    text: Callable[[Any], str]
    sort_key: Callable[[Any], Any] | None = None
    align: str = "left"
    width: int = 0
    tone: Callable[[Any], Tone | None] | None = None
    tip: Callable[[Any], str] | None = None
    whole: bool = False
    gives_way: bool = False


class ItemTableModel(QAbstractTableModel):
    """Items in rows, columns as declared; read only."""

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._items: list[Any] = []
        self._sorted_by: tuple[int, Qt.SortOrder] | None = None

    def show_items(self, items: Sequence[Any]) -> None:
        """Replace all rows; the officer's sorting stays."""
        self.beginResetModel()
        self._items = list(items)
        self._apply_sort()
        self.endResetModel()

    def item(self, row: int) -> Any:
        """The object of a row."""
        return self._items[row]

    def items(self) -> list[Any]:
        """All objects in the order shown."""
        return list(self._items)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008, D102
        return 0 if parent.isValid() else len(self._items)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008, D102
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: D102
        if not index.isValid():
            return None
        item, column = self._items[index.row()], self.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return column.text(item)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == TONE_ROLE:
            return column.tone(item) if column.tone is not None else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return html.escape(column.tip(item) if column.tip is not None else column.text(item)) or None
        return item if role == ITEM_ROLE else None

    def headerData(  # noqa: D102
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.columns[section].header
        return _alignment(self.columns[section]) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort the list itself; a stock proxy mis-sorts dates and large numbers. Column -1 keeps the given order."""
        self._sorted_by = (column, order) if 0 <= column < len(self.columns) else None
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        kept = [(self._items[index.row()], index.column()) for index in before]
        self._apply_sort()
        places = {id(item): row for row, item in enumerate(self._items)}
        self.changePersistentIndexList(before, [self.index(places[id(item)], at) for item, at in kept])
        self.layoutChanged.emit()

    def _apply_sort(self) -> None:
        if self._sorted_by is None:
            return
        at, order = self._sorted_by
        column = self.columns[at]
        key = column.sort_key or (lambda item: column.text(item).casefold())
        self._items.sort(key=key, reverse=order == Qt.SortOrder.DescendingOrder)


def _alignment(column: Column) -> Qt.AlignmentFlag:
    sides = {"right": Qt.AlignmentFlag.AlignRight, "centre": Qt.AlignmentFlag.AlignHCenter}
    return sides.get(column.align, Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
