"""A bar whose parts are numbers of businesses by status; the numbers themselves stand in words beside it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.chip import SIGNS, paint_sign

HEIGHT, SIGN, LEAST_WITH_SIGN = 18, 9, 18


class StatusBar(QWidget):
    """Parts side by side, each in the wash of its tone with its sign."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[tuple[Tone, int], ...] = ()
        self._whole = 1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_parts(self, parts: Sequence[tuple[Tone, int]], whole: int) -> None:
        """Show the parts; a bar is as long as its share of `whole`, so that bars below each other compare."""
        self._parts, self._whole = tuple(parts), max(whole, 1)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: D102
        px = current_theme().px
        return QSize(px(120), px(HEIGHT))

    def minimumSizeHint(self) -> QSize:  # noqa: D102
        px = current_theme().px
        return QSize(px(60), px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = 0.0
        for tone, number in self._parts:
            box = QRectF(x, 0.5, self.width() * number / self._whole, self.height() - 1)
            colours = theme.tone(tone)
            painter.setPen(QPen(QColor(colours.text), 1))
            painter.setBrush(QColor(colours.wash))
            painter.drawRect(box.adjusted(0.5, 0, -0.5, 0))
            if box.width() >= theme.px(LEAST_WITH_SIGN):
                side = theme.px(SIGN)
                centre = box.center()
                sign_box = QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side)
                painter.setPen(Qt.PenStyle.NoPen)
                paint_sign(painter, SIGNS[tone], sign_box, QColor(colours.text))
            x += box.width()
        painter.end()
