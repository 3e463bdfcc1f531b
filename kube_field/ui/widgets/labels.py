"""Labels: always plain text, so that a name never becomes markup."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QResizeEvent, QTextLayout
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget


def make_label(text: str = "", role: str = "", *, wraps: bool = False) -> QLabel:
    """A plain-text label.

    Roles: small, muted, quiet, strong, heading, title, figure, error, warning, info, loss, gain.
    """
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    label.setWordWrap(wraps)
    if role:
        label.setProperty("role", role)
    if wraps:
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return label


HINT_END = " · "


class ElidedLabel(QLabel):
    """As many `lines` as are needed, at most so many; what is cut ends in an ellipsis, the tool tip says all of it."""

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None, *, lines: int = 1) -> None:
        super().__init__(parent)
        self._lines = lines
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            self.setProperty("role", role)
        self._whole = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.show_text(text)

    def show_text(self, text: str) -> None:
        """Replace the text."""
        self._whole = text
        self.setAccessibleName(text)
        self._elide()

    def whole_text(self) -> str:
        """The text without the ellipsis."""
        return self._whole

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102
        self._elide()

    def _elide(self) -> None:
        room = max(self.width(), 40)
        *before, last = broken_lines(self._whole, self.font(), room, self._lines)
        shown = self.fontMetrics().elidedText(last, Qt.TextElideMode.ElideRight, room)
        self.setText("\n".join((*before, shown)))
        self.setToolTip(plain_tip(self._whole) if shown != last else "")


class HintLabel(ElidedLabel):
    """Hints joined by ` · `: as many of them, whole, as there is room for."""

    def _elide(self) -> None:
        parts = self._whole.split(HINT_END)
        fitting = [HINT_END.join(parts[:count]) for count in range(len(parts), 0, -1)]
        advance = self.fontMetrics().horizontalAdvance
        self.setText(next((words for words in fitting if advance(words) <= self.width()), ""))
        self.setToolTip(plain_tip(self._whole) if self.text() != self._whole else "")


def broken_lines(text: str, font: QFont, room: int, lines: int) -> list[str]:
    """The text in at most so many lines, broken between words; the last holds all that is left."""
    starts: list[int] = []
    layout = QTextLayout(text, font)
    layout.beginLayout()
    while len(starts) < lines and (line := layout.createLine()).isValid():
        line.setLineWidth(room)
        starts.append(line.textStart())
    layout.endLayout()
    return [text[begin:end].rstrip() for begin, end in pairwise((*(starts or [0]), len(text)))]


def plain_tip(text: str) -> str:
    """A tool tip that shows markup literally: Qt guesses rich text in tool tips."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<span>{escaped}</span>" if escaped != text else text


def hide_unless(widget: QWidget, wanted: bool) -> None:
    """Hide a widget that is being built; showing it before it has a parent would open a window of its own."""
    if not wanted:
        widget.hide()


def set_role(label: QLabel, role: str) -> None:
    """Give a label another role and repaint it."""
    label.setProperty("role", role)
    restyle(label)


def restyle(widget: QWidget) -> None:
    """Make the style sheet look again at a widget's properties."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def make_line() -> QFrame:
    """A hairline across."""
    line = QFrame()
    line.setObjectName("line")
    line.setFixedHeight(1)
    return line
