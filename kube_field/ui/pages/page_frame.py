"""The frame of every page: title, words under it, actions at the right, one quiet bar, a place for the content."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from gettext import gettext as _

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.elided_box import ElidedBox
from kube_field.ui.widgets.labels import ElidedLabel
from kube_field.ui.widgets.leaving import put_away
from kube_field.ui.widgets.notice_bar import NoticeBar

LEAST_BOX_WIDTH = 96
"""A list to filter by gives way down to this before the page grows wider than the window."""


def clear_layout(layout: QLayout) -> None:
    """Take everything out of a layout; the widgets go away."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            put_away(widget)
        elif (inner := item.layout()) is not None:
            clear_layout(inner)
            inner.deleteLater()


def tabs_in(layout: QVBoxLayout, name: str) -> QTabWidget:
    """Tabs in a card, in their place before anything is in them: what is put in is styled anew at every move."""
    tabs = QTabWidget()
    tabs.setDocumentMode(True)
    tabs.setAccessibleName(name)
    card = Card()
    card.body.addWidget(tabs, 1)
    layout.addWidget(card, 1)
    return tabs


def wide(button: QPushButton) -> QPushButton:
    """A button as wide as its card."""
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return button


def filter_box(name: str, letters: int = 14) -> QComboBox:
    """A list to filter by, as wide as some letters whatever it holds."""
    box = ElidedBox()
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(letters)
    box.setMinimumWidth(current_theme().px(LEAST_BOX_WIDTH))
    return box


def fill_box(box: QComboBox, everything: str, choices: list[tuple[str, str]]) -> None:
    """Fill a filter with "everything" and (code, label) choices; what was chosen stays chosen, silently."""
    chosen = box.currentData() or ""
    box.blockSignals(True)
    box.clear()
    box.addItem(everything, "")
    for code, label in choices:
        box.addItem(label, code)
    box.setCurrentIndex(max(0, box.findData(chosen)))
    box.blockSignals(False)


def filter_words(boxes: Sequence[QComboBox], text: str = "") -> str:
    """What a list is filtered by, as one reads it: Kecamatan Tabang · Aktif · “melati”; "" for everything."""
    chosen = [box.currentText() for box in boxes if box.currentData()]
    return " · ".join([*chosen, *([_("“{text}”").format(text=text.strip())] if text.strip() else [])])


def scrolled_down(content: QWidget) -> QScrollArea:
    """Content that scrolls down where the window is too low for it, never sideways."""
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(content)
    return scroll


class ShrinkingBody(QWidget):
    """Shrinks to what its parts need: a scroll area would give text that wraps all the height it would like."""

    def hasHeightForWidth(self) -> bool:  # noqa: D102
        return False


class PageFrame(QWidget):
    """A page with a heading; `body` takes the content, `action_row` the buttons beside the heading."""

    def __init__(self, title: str, parent: QWidget | None = None, *, heading_lines: int = 1) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.served_by: list[object] = []
        """Presenters of this page: a signal alone does not keep a plain object alive."""
        px = current_theme().px
        self.title_label = ElidedLabel(title, "title", lines=heading_lines)
        self.subtitle_label = ElidedLabel("", "quiet", lines=heading_lines)
        self.subtitle_label.hide()
        self.notice_bar = NoticeBar()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title_label)
        words.addWidget(self.subtitle_label)
        self.action_row = QHBoxLayout()
        self.action_row.setSpacing(px(8))
        head = QHBoxLayout()
        head.setSpacing(px(12))
        head.addLayout(words, 1)
        head.addLayout(self.action_row)
        inner = ShrinkingBody()
        inner.setObjectName("clear")
        self.body = QVBoxLayout(inner)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(px(12))
        content = QWidget()
        content.setObjectName("scrolled")
        around = QVBoxLayout(content)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(inner)
        self.content_area = scrolled_down(content)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(16), px(24), px(16))
        column.setSpacing(px(12))
        column.addLayout(head)
        column.addWidget(self.notice_bar)
        column.addWidget(self.content_area, 1)

    def show_title(self, title: str, subtitle: str = "") -> None:
        """The heading and the words under it; what is too long is cut, it never widens the page."""
        self.title_label.show_text(title)
        self.subtitle_label.show_text(subtitle)
        self.subtitle_label.setVisible(bool(subtitle))

    def show_notice(
        self, text: str, action_text: str = "", on_action: Callable[[], None] | None = None, *, seconds: int = 0
    ) -> None:
        """One quiet bar under the heading, with at most one action."""
        self.notice_bar.show_notice(text, action_text, on_action, seconds=seconds)

    def show_problem(self, text: str) -> None:
        """What went wrong and what to do; it stays until it is closed or the next try works."""
        self.notice_bar.show_notice(text, critical=True)

    def hide_notice(self) -> None:
        """Put the bar away."""
        self.notice_bar.dismiss()
