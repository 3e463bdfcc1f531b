"""A chip: sign, colour and word say the same thing."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from kube_field.ui.theme import Theme, Tone, current_theme

SIGNS = {
    Tone.GOOD: "disc",
    Tone.GOOD_OPEN: "disc",
    Tone.GOOD_LOCKED: "lock",
    Tone.WATCH: "diamond",
    Tone.RISK: "triangle",
    Tone.CRITICAL: "exclamation",
    Tone.INFO: "arrow",
    Tone.CONFLICT: "cross",
    Tone.NEUTRAL: "ring",
}
OUTLINED = frozenset({Tone.GOOD_OPEN})
HEIGHT, SIDE, SIGN, GAP = 22, 10, 9, 6


def paint_sign(painter: QPainter, sign: str, box: QRectF, colour: QColor) -> None:
    """Paint a sign into the box: disc, ring, diamond, triangle, exclamation, arrow, cross, half, tick or lock."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(colour, max(box.width() / 6, 1.3))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    centre, reach = box.center(), box.width() / 2
    filled = sign in ("disc", "diamond", "triangle")
    painter.setPen(Qt.PenStyle.NoPen if filled else pen)
    painter.setBrush(colour if filled else Qt.BrushStyle.NoBrush)
    if sign in ("disc", "ring", "half"):
        painter.drawEllipse(centre, reach - 0.5, reach - 0.5)
    if sign == "half":
        painter.setBrush(colour)
        painter.drawPie(box.adjusted(0.5, 0.5, -0.5, -0.5), 90 * 16, 180 * 16)
    if sign == "lock":
        _paint_lock(painter, centre, reach, colour)
    for points in _polygons(sign, centre, reach):
        painter.drawPolygon(points) if filled else painter.drawPolyline(points)


def _paint_lock(painter: QPainter, centre: QPointF, reach: float, colour: QColor) -> None:
    """The shackle over the body; the pen of the sign is set."""
    shackle = QRectF(centre.x() - 0.5 * reach, centre.y() - 0.95 * reach, reach, 1.7 * reach)
    painter.drawArc(shackle, 0, 180 * 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    body = QRectF(centre.x() - 0.85 * reach, centre.y() - 0.15 * reach, 1.7 * reach, 1.15 * reach)
    painter.drawRoundedRect(body, 0.25 * reach, 0.25 * reach)


def _polygons(sign: str, centre: QPointF, reach: float) -> list[QPolygonF]:
    shapes: dict[str, list[list[tuple[float, float]]]] = {
        "diamond": [[(0, -1), (1, 0), (0, 1), (-1, 0)]],
        "triangle": [[(0, -0.95), (1, 0.85), (-1, 0.85)]],
        "exclamation": [[(0, -1), (0, 0.25)], [(0, 0.9), (0, 0.95)]],
        "arrow": [[(0, 0.9), (0, -0.8)], [(-0.7, -0.1), (0, -0.85), (0.7, -0.1)]],
        "cross": [[(-0.7, -0.7), (0.7, 0.7)], [(0.7, -0.7), (-0.7, 0.7)]],
        "tick": [[(-0.8, 0.1), (-0.2, 0.7), (0.85, -0.6)]],
    }
    return [
        QPolygonF([QPointF(centre.x() + x * reach, centre.y() + y * reach) for x, y in shape])
        for shape in shapes.get(sign, [])
    ]


def paint_chip(painter: QPainter, box: QRectF, text: str, tone: Tone, theme: Theme) -> None:
    """Paint a chip into the box; its width must be at least `chip_width`."""
    colours = theme.tone(tone)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colours.text), 1) if tone in OUTLINED else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.wash))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), box.height() / 2, box.height() / 2)
    side = theme.px(SIGN)
    sign_box = QRectF(box.left() + theme.px(SIDE), box.center().y() - side / 2, side, side)
    paint_sign(painter, SIGNS[tone], sign_box, QColor(colours.text))
    painter.setFont(theme.font(12, strong=True))
    painter.setPen(QColor(colours.text))
    words = box.adjusted(theme.px(SIDE + SIGN + GAP), 0, -theme.px(SIDE) / 2, 0)
    painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
    painter.restore()


class ChipLabel(QWidget):
    """A word on a coloured wash with its sign; sized from the loaded font whenever it is asked."""

    def __init__(self, text: str = "", tone: Tone = Tone.NEUTRAL, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._tone = text, tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def show_chip(self, text: str, tone: Tone) -> None:
        """Replace word and tone."""
        self._text, self._tone = text, tone
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The word."""
        return self._text

    def tone(self) -> Tone:
        """The tone."""
        return self._tone

    def sizeHint(self) -> QSize:  # noqa: D102
        theme = current_theme()
        return QSize(chip_width(self._text, theme), theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:  # noqa: D102
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        painter = QPainter(self)
        paint_chip(painter, QRectF(self.rect()), self._text, self._tone, current_theme())
        painter.end()


def chip_width(text: str, theme: Theme) -> int:
    """Width of a chip with this word."""
    metrics = QFontMetrics(theme.font(12, strong=True))
    return metrics.horizontalAdvance(text) + theme.px(SIDE * 2 + SIGN + GAP) + 2
