"""The table of every list: columns as wide as what they hold, rows that open with Enter or a double click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from kube_field.ui.models.item_table_model import TONE_ROLE, Column, ItemTableModel
from kube_field.ui.theme import Theme, Tone, current_theme
from kube_field.ui.widgets.chip import HEIGHT, chip_width, paint_chip

ROW_HEIGHT, LINE_HEIGHT = 34, 18
KEPT_WIDTH = 112
"""Columns declared up to this width (a year, a count, a day) never shrink below what they hold."""
LEAST_WIDTH, LEAST_CHIP, LEAST_NAME, LEAST_HEADER = 72, 110, 132, 96
"""What a shrinking column, one of chips, the name and a header keep, in px at 100 %; below that the table scrolls."""
NAME_COMFORT, GIVER_COMFORT = 220, 110
"""A name, and words of a column that gives way, tell nothing when cut to less than this many px at 100 %."""
NAME_SHARES = 2
"""Where words must be cut, the stretching column (the name) has this many shares of the room."""
CELL_SIDES, HEADER_SIDES = 24, 32
MEASURED_ROWS, MEASURED_TEXTS = 150, 16
"""The widest cell is sought among the longest texts of the first rows."""


class ChipDelegate(QStyledItemDelegate):
    """Paints cells that have a tone as chips, and every cell as plain text."""

    def paint(  # noqa: D102
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        tone = index.data(TONE_ROLE)
        if tone is None:
            super().paint(painter, option, index)
            return
        theme = current_theme()
        box, text = QRectF(option.rect), str(index.data() or "")
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(box, QColor(theme.palette.accent_wash if chosen else theme.palette.surface))
        line = QRectF(box.left(), box.bottom() - 1, box.width(), 1)
        painter.fillRect(line, QColor(theme.palette.hairline))
        if not text:
            return
        width = min(chip_width(text, theme), box.width() - 8)
        text = _cut(text, width, theme)
        height = theme.px(HEIGHT)
        chip = QRectF(box.left() + 4, box.center().y() - height / 2, width, height)
        paint_chip(painter, chip, text, Tone(tone), theme)


def _cut(text: str, width: float, theme: Theme) -> str:
    """The chip's word, ended by an ellipsis where the chip has no room for it."""
    metrics = QFontMetrics(theme.font(12, strong=True))
    sides = chip_width("", theme)
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(1, round(width) - sides + 2))


@dataclass(frozen=True, slots=True)
class Plan:
    """Widths of one column in px: what it holds, what it would like, what it keeps when words must be cut."""

    need: int
    wish: int
    least: int
    stretches: bool = False
    comfort: int = 0
    """It gets this much before others get all they need; where it cannot, columns that give way are hidden."""


def keeps_whole(column: Column) -> bool:
    """True where a cut text would be worthless: days, counts, numbers."""
    return column.whole or (column.tone is None and 0 < column.width <= KEPT_WIDTH)


def shared_widths(plans: Sequence[Plan], room: int) -> list[int]:
    """The width of every column: all that each holds where there is room, else words are cut, the longest first."""
    widths = [min(plan.need, plan.least) for plan in plans]
    _grow(widths, [plan.comfort for plan in plans], [1] * len(plans), room)
    _grow(widths, [plan.need for plan in plans], [NAME_SHARES if plan.stretches else 1 for plan in plans], room)
    _grow(widths, [plan.wish for plan in plans], [1] * len(plans), room)
    left = room - sum(widths)
    growing = [at for at, plan in enumerate(plans) if plan.stretches] or [len(plans) - 1]
    if left > 0:
        for place, at in enumerate(growing):
            widths[at] += left // len(growing) + (place < left % len(growing))
    return widths


def _grow(widths: list[int], goals: Sequence[int], shares: Sequence[int], room: int) -> None:
    """Raise widths to their goals; where the room does not do, those with the longest goals get even shares of it."""
    waiting = [at for at, goal in enumerate(goals) if goal > widths[at]]
    if sum(max(width, goal) for width, goal in zip(widths, goals, strict=True)) <= room:
        widths[:] = [max(width, goal) for width, goal in zip(widths, goals, strict=True)]
        return
    while waiting:
        left = max(0, room - sum(width for at, width in enumerate(widths) if at not in waiting))
        parts = sum(shares[at] for at in waiting)  # whole numbers: a rounded share would take a pixel from a goal
        full = [at for at in waiting if widths[at] * parts >= left * shares[at]]
        done = full or [at for at in waiting if goals[at] * parts <= left * shares[at]]
        for at in done or waiting:
            widths[at] = widths[at] if full else min(goals[at], left * shares[at] // parts)
        waiting = [at for at in waiting if at not in done] if done else []


class DataTable(QTableView):
    """A list of domain objects; a row has room for `lines` lines of text.

    Signals: `item_opened(object)` on Enter or double click, `item_chosen(object)` when the current row changes.
    """

    item_opened = Signal(object)
    item_chosen = Signal(object)

    def __init__(
        self, columns: Sequence[Column], name: str = "", parent: QWidget | None = None, *, lines: int = 1
    ) -> None:
        super().__init__(parent)
        self._row_height = ROW_HEIGHT + (lines - 1) * LINE_HEIGHT
        self.setAccessibleName(name)
        self.items_model = ItemTableModel(columns, self)
        self.setModel(self.items_model)
        self._build()
        self.doubleClicked.connect(self._open)
        self.selectionModel().currentRowChanged.connect(self._choose)

    def _build(self) -> None:
        theme = current_theme()
        self.setItemDelegate(ChipDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(theme.px(self._row_height))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setMinimumSectionSize(theme.px(40))
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._cell_needs = [0] * len(self.items_model.columns)
        self._put_away: set[int] = set()
        self.setSortingEnabled(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The columns share the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit_columns(event.size().width())

    def _fit_columns(self, room: int) -> None:
        columns = self.items_model.columns
        plans = {at: self._plan(at, column) for at, column in enumerate(columns) if at not in self._put_away}
        givers = [at for at in plans if columns[at].gives_way]
        widths = shared_widths(list(plans.values()), room)
        while givers and any(width < plan.comfort for width, plan in zip(widths, plans.values(), strict=True)):
            del plans[givers.pop()]
            widths = shared_widths(list(plans.values()), room)
        for at in range(len(columns)):
            self.setColumnHidden(at, at not in plans)
        for at, width in zip(plans, widths, strict=True):
            self.setColumnWidth(at, width)

    def show_column(self, column: Column, *, shown: bool) -> None:
        """Show or hide a column; the others share the room."""
        at = self.items_model.columns.index(column)
        if shown == (at in self._put_away):
            self._put_away ^= {at}
            self._fit_columns(self.viewport().width())

    def _plan(self, at: int, column: Column) -> Plan:
        px = current_theme().px
        header, cells = self._header_need(column), self._cell_needs[at]
        need = max(header, cells)
        least = px(LEAST_NAME if not column.width else LEAST_CHIP if column.tone is not None else LEAST_WIDTH)
        if keeps_whole(column):
            least = max(cells, min(header, px(LEAST_HEADER)))
        return Plan(need, max(need, px(column.width)), least, column.width == 0, self._comfort(column, cells))

    def _comfort(self, column: Column, cells: int) -> int:
        px = current_theme().px
        if column.tone is not None:
            return cells
        return min(cells, px(NAME_COMFORT if not column.width else GIVER_COMFORT if column.gives_way else 0))

    def show_items(self, items: Sequence[Any]) -> None:
        """Replace the rows; columns grow for what they hold and do not shrink again while one filters."""
        self.items_model.show_items(items)
        seen = items[:MEASURED_ROWS]
        needs = [
            max(before, self._cell_need(column, seen))
            for before, column in zip(self._cell_needs, self.items_model.columns, strict=True)
        ]
        if needs != self._cell_needs:
            self._cell_needs = needs
            self._fit_columns(self.viewport().width())

    def _header_need(self, column: Column) -> int:
        theme = current_theme()
        return QFontMetrics(theme.font(12, strong=True)).horizontalAdvance(column.header) + theme.px(HEADER_SIDES)

    def _cell_need(self, column: Column, items: Sequence[Any]) -> int:
        theme = current_theme()
        lines = {line for item in items for line in column.text(item).split("\n")}
        texts = sorted(lines, key=len)[-MEASURED_TEXTS:]
        if column.tone is not None:
            return max((round(chip_width(text, theme)) + 9 for text in texts), default=0)
        metrics = QFontMetrics(theme.font())
        return max((metrics.horizontalAdvance(text) + CELL_SIDES for text in texts), default=0)

    def current_item(self) -> Any | None:
        """The object of the current row, None without one."""
        index = self.currentIndex()
        return self.items_model.item(index.row()) if index.isValid() else None

    def minimumSizeHint(self) -> QSize:  # noqa: D102
        return QSize(200, current_theme().px(self._row_height * 3))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.item_opened.emit(self.items_model.item(index.row()))

    def _choose(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid():
            self.item_chosen.emit(self.items_model.item(index.row()))
