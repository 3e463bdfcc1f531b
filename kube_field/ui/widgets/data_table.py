"""The table of every list: fixed widths, one stretching column, rows that open with Enter or a double click."""

from __future__ import annotations

from collections.abc import Sequence
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

ROW_HEIGHT = 34
LEAST_STRETCH = 180
"""Width that the stretching column keeps, in px at 100 %."""
KEPT_WIDTH = 112
"""Columns up to this width (a year, a count, a day) never shrink, nor do columns of chips."""
LEAST_SHARE = 0.55
"""Wider fixed columns shrink to this part of their width; below that the table scrolls."""


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


class DataTable(QTableView):
    """A list of domain objects.

    Signals: `item_opened(object)` on Enter or double click, `item_chosen(object)` when the current row changes.
    """

    item_opened = Signal(object)
    item_chosen = Signal(object)

    def __init__(self, columns: Sequence[Column], name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
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
        self.verticalHeader().setDefaultSectionSize(theme.px(ROW_HEIGHT))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setMinimumSectionSize(theme.px(40))
        for at, column in enumerate(self.items_model.columns):
            mode = QHeaderView.ResizeMode.Stretch if column.width == 0 else QHeaderView.ResizeMode.Interactive
            header.setSectionResizeMode(at, mode)
            if column.width:
                self.setColumnWidth(at, theme.px(column.width))
        self.setSortingEnabled(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the window is narrow the fixed columns give way, so that nobody has to scroll sideways."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit_columns(event.size().width())

    def _fit_columns(self, room: int) -> None:
        px = current_theme().px
        columns = list(enumerate(self.items_model.columns))
        yielding = [
            (at, px(column.width)) for at, column in columns if column.width > KEPT_WIDTH and column.tone is None
        ]
        kept = sum(px(column.width) for _at, column in columns) - sum(width for _at, width in yielding)
        stretching = sum(px(LEAST_STRETCH) for _at, column in columns if column.width == 0)
        wanted = sum(width for _at, width in yielding)
        share = (room - kept - stretching) / wanted if wanted else 1.0
        for at, width in yielding:
            self.setColumnWidth(at, round(width * min(1.0, max(share, LEAST_SHARE))))

    def show_items(self, items: Sequence[Any]) -> None:
        """Replace the rows."""
        self.items_model.show_items(items)

    def current_item(self) -> Any | None:
        """The object of the current row, None without one."""
        index = self.currentIndex()
        return self.items_model.item(index.row()) if index.isValid() else None

    def minimumSizeHint(self) -> QSize:  # noqa: D102
        return QSize(200, current_theme().px(ROW_HEIGHT * 3))

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
