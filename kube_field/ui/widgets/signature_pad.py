"""A pad to sign on with mouse, pen or finger; it keeps strokes, never a picture."""

from __future__ import annotations

import json
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from kube_field.ui.theme import current_theme

UNITS_WIDE, UNITS_HIGH = 600, 200
"""Strokes are whole numbers in a field of this size, whatever the size on screen."""
MAX_BYTES = 7_800
CLOSEST = 3
Stroke = list[list[int]]


class SignaturePad(QWidget):
    """Signals: `signed()` when a stroke ended."""

    signed = Signal()

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strokes: list[Stroke] = []
        self._drawing = False
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)

    def strokes(self) -> list[Stroke]:
        """The strokes, thinned until they fit."""
        return thinned(self._strokes)

    def set_strokes(self, strokes: Sequence[Sequence[Sequence[int]]]) -> None:
        """Show strokes; `signed` stays silent."""
        self._strokes = [[[int(x), int(y)] for x, y in stroke] for stroke in strokes]
        self.update()

    def clear(self) -> None:
        """Take all strokes away."""
        self._strokes = []
        self.update()

    def sizeHint(self) -> QSize:  # noqa: D102
        theme = current_theme()
        return QSize(theme.px(360), theme.px(120))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: D102
        if event.button() == Qt.MouseButton.LeftButton:
            self._drawing = True
            self._strokes.append([self._units(event.position())])
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102
        if not self._drawing:
            return
        point, last = self._units(event.position()), self._strokes[-1][-1]
        if abs(point[0] - last[0]) + abs(point[1] - last[1]) >= CLOSEST:
            self._strokes[-1].append(point)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: D102
        if self._drawing and event.button() == Qt.MouseButton.LeftButton:
            self._drawing = False
            self.signed.emit()

    def changeEvent(self, event: QEvent) -> None:  # noqa: D102
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.palette.border), 1))
        painter.setBrush(QColor(theme.palette.surface if self.isEnabled() else theme.palette.background))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setPen(QPen(QColor(theme.palette.hairline), 1))
        base = self.height() * 0.78
        painter.drawLine(QPointF(16, base), QPointF(self.width() - 16, base))
        pen = QPen(QColor(theme.palette.text), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for stroke in self._strokes:
            points = QPolygonF([self._pixels(point) for point in stroke])
            painter.drawPolyline(points) if len(stroke) > 1 else painter.drawPoint(points.first())
        painter.end()

    def _units(self, place: QPointF) -> list[int]:
        x = min(max(place.x() / max(self.width(), 1), 0), 1)
        y = min(max(place.y() / max(self.height(), 1), 0), 1)
        return [round(x * UNITS_WIDE), round(y * UNITS_HIGH)]

    def _pixels(self, point: Sequence[int]) -> QPointF:
        return QPointF(point[0] * self.width() / UNITS_WIDE, point[1] * self.height() / UNITS_HIGH)


def thinned(strokes: Sequence[Stroke]) -> list[Stroke]:
    """The strokes with every second inner point left out until they fit into 7.8 kB of JSON."""
    kept = [list(stroke) for stroke in strokes]
    while len(json.dumps(kept, separators=(",", ":"))) > MAX_BYTES and any(len(stroke) > 2 for stroke in kept):
        kept = [stroke[:1] + stroke[1:-1][::2] + stroke[-1:] if len(stroke) > 2 else stroke for stroke in kept]
        if all(len(stroke) <= 3 for stroke in kept):
            kept = [stroke[:1] + stroke[-1:] for stroke in kept]
            break
    return kept
