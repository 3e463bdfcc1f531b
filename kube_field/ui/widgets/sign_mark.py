"""The signs that stand beside words, so that colour never speaks alone."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.chip import SIGNS, paint_sign
from kube_field.ui.widgets.labels import hide_unless, make_label, set_role


class SignMark(QWidget):
    """One sign in the colour of its tone."""

    def __init__(self, tone: Tone = Tone.NEUTRAL, sign: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone, self._sign = tone, sign
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_sign(self, tone: Tone, sign: str = "") -> None:
        """Show another tone; `sign` instead of the tone's own."""
        self._tone, self._sign = tone, sign
        self.update()

    def sizeHint(self) -> QSize:  # noqa: D102
        return QSize(current_theme().px(12), current_theme().px(16))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        theme = current_theme()
        side = theme.px(9)
        painter = QPainter(self)
        box = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        paint_sign(painter, self._sign or SIGNS[self._tone], box, QColor(theme.tone(self._tone).text))
        painter.end()


class SignedLine(QWidget):
    """A sign and a sentence that wraps."""

    def __init__(self, text: str = "", tone: Tone = Tone.NEUTRAL, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self.mark = SignMark(tone)
        self.label = make_label(text, "small", wraps=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.label, 1)
        self._tell(text, tone)
        hide_unless(self, bool(text))

    def show_line(self, text: str, tone: Tone) -> None:
        """Replace sentence and tone; an empty sentence hides the line."""
        self._tell(text, tone)
        self.setVisible(bool(text))

    def _tell(self, text: str, tone: Tone) -> None:
        roles = {Tone.CRITICAL: "error", Tone.WATCH: "warning"}
        set_role(self.label, roles.get(tone, "info"))
        self.label.setText(text)
        self.label.setAccessibleName(text)
        self.mark.show_sign(tone)
