"""The order in which fields get the cursor."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

ENTER_GOES_ON = "enterGoesOn"
"""Property of a button that Space presses and Enter passes by."""


def next_in_chain(widget: QWidget | None) -> QWidget | None:
    """The next widget that Tab would reach; None when there is no other."""
    if widget is None:
        return None
    following = widget.nextInFocusChain()
    while following is not None and following is not widget:
        takes_tab = bool(following.focusPolicy() & Qt.FocusPolicy.TabFocus) and following.focusProxy() is None
        if takes_tab and following.isVisible() and following.isEnabled():
            return following
        following = following.nextInFocusChain()
    return None
