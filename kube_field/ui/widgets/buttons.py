"""Buttons: one primary a page, secondary for the rest, quiet for small actions."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolButton

from kube_field.ui.icons import icon
from kube_field.ui.theme import current_theme


def _button(text: str, kind: str, icon_name: str, colour: str) -> QPushButton:
    button = QPushButton(literal(text))
    button.setProperty("kind", kind)
    button.setAccessibleName(text)
    button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    button.setAutoDefault(False)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    if icon_name:
        size = current_theme().px(18)
        button.setIcon(icon(icon_name, colour))
        button.setIconSize(QSize(size, size))
    return button


def literal(text: str) -> str:
    """Text for a button: "&" is shown, not taken for a mnemonic."""
    return text.replace("&", "&&")


def primary_button(text: str, icon_name: str = "") -> QPushButton:
    """The one thing to do on a page."""
    return _button(text, "primary", icon_name, current_theme().palette.on_accent)


def secondary_button(text: str, icon_name: str = "") -> QPushButton:
    """Any other action."""
    return _button(text, "secondary", icon_name, current_theme().palette.text)


def quiet_button(text: str, icon_name: str = "") -> QPushButton:
    """A small action without a frame."""
    return _button(text, "quiet", icon_name, current_theme().palette.accent)


def danger_button(text: str) -> QPushButton:
    """An action that takes something away."""
    return _button(text, "danger", "", "")


def small_button(text: str, icon_name: str = "") -> QPushButton:
    """A secondary button for use inside rows and tables."""
    button = _button(text, "secondary", icon_name, current_theme().palette.text)
    button.setProperty("small", True)
    return button


def link_button(text: str) -> QPushButton:
    """A line of text that leads somewhere."""
    return _button(text, "link", "", "")


def icon_button(icon_name: str, name: str) -> QToolButton:
    """An icon alone; `name` is its tool tip and what a screen reader says."""
    button = QToolButton()
    size = current_theme().px(18)
    button.setIcon(icon(icon_name, current_theme().palette.muted))
    button.setIconSize(QSize(size, size))
    button.setToolTip(name)
    button.setAccessibleName(name)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button
