"""Radio buttons and check boxes that paint their own sign, so that it looks the same everywhere."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton, QSizePolicy, QWidget

from kube_field.ui.theme import Theme, current_theme
from kube_field.ui.widgets.chip import paint_sign

HEIGHT, SIGN, GAP, SIDE, LEAST_WIDTH = 30, 16, 8, 4, 150


def _paint(button: QAbstractButton, *, is_round: bool) -> None:
    theme = current_theme()
    palette = theme.palette
    painter = QPainter(button)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if button.hasFocus():
        painter.setPen(QPen(QColor(palette.focus), 2))
        painter.drawRoundedRect(QRectF(button.rect()).adjusted(1, 1, -1, -1), 6, 6)
    side = theme.px(SIGN)
    box = QRectF(theme.px(SIDE), _first_line(button) - side / 2, side, side).adjusted(0.5, 0.5, -0.5, -0.5)
    checked = button.isChecked()
    edge = palette.accent if checked and button.isEnabled() else palette.border
    painter.setPen(QPen(QColor(edge), 1.4))
    painter.setBrush(QColor(palette.accent if checked and not is_round else palette.surface))
    painter.drawEllipse(box) if is_round else painter.drawRoundedRect(box, 4, 4)
    if checked:
        inner = side * (0.26 if is_round else 0.22)
        colour = QColor(palette.accent if is_round else palette.on_accent)
        paint_sign(painter, "disc" if is_round else "tick", box.adjusted(inner, inner, -inner, -inner), colour)
    painter.setPen(QColor(palette.text if button.isEnabled() else palette.muted))
    painter.setFont(button.font())
    words = QRectF(button.rect()).adjusted(theme.px(SIDE + SIGN + GAP), 0, 0, 0)
    painter.drawText(
        words,
        int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic | Qt.TextFlag.TextWordWrap),
        button.text(),
    )
    painter.end()


def _first_line(button: QAbstractButton) -> float:
    """Height of the middle of the first line: the sign stands before it, not between the lines."""
    line = button.fontMetrics().height()
    return (button.height() - _words_height(button, button.width())) / 2 + line / 2


def _words_height(button: QAbstractButton, width: int) -> int:
    box = QRect(0, 0, max(width - _room(current_theme()), 20), 10_000)
    text = button.text().replace("&&", "&")
    return button.fontMetrics().boundingRect(box, int(Qt.TextFlag.TextWordWrap), text).height()


def _room(theme: Theme) -> int:
    return theme.px(SIDE + SIGN + GAP)


def _size(button: QAbstractButton) -> QSize:
    theme = current_theme()
    words = button.fontMetrics().horizontalAdvance(button.text().replace("&&", "&"))
    return QSize(words + _room(theme) + theme.px(SIDE), theme.px(HEIGHT))


def _least(button: QAbstractButton) -> QSize:
    return _size(button).boundedTo(QSize(current_theme().px(LEAST_WIDTH), 10_000))


def _height(button: QAbstractButton, width: int) -> int:
    theme = current_theme()
    return max(_words_height(button, width) + theme.px(10), theme.px(HEIGHT))


def _policy() -> QSizePolicy:
    policy = QSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
    policy.setHeightForWidth(True)
    return policy


class RadioChoice(QRadioButton):
    """One of several."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setSizePolicy(_policy())

    def sizeHint(self) -> QSize:  # noqa: D102
        return _size(self)

    def minimumSizeHint(self) -> QSize:  # noqa: D102
        return _least(self)

    def hasHeightForWidth(self) -> bool:  # noqa: D102
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: D102
        return _height(self, width)

    def hitButton(self, place: QPoint) -> bool:  # noqa: D102, N802
        return self.rect().contains(place)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        _paint(self, is_round=True)


class TickBox(QCheckBox):
    """Yes or no, or one of several that may be chosen together."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setSizePolicy(_policy())

    def sizeHint(self) -> QSize:  # noqa: D102
        return _size(self)

    def minimumSizeHint(self) -> QSize:  # noqa: D102
        return _least(self)

    def hasHeightForWidth(self) -> bool:  # noqa: D102
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: D102
        return _height(self, width)

    def hitButton(self, place: QPoint) -> bool:  # noqa: D102, N802
        return self.rect().contains(place)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        _paint(self, is_round=False)
