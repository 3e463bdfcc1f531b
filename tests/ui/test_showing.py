"""The window never lies behind the taskbar of the laptops that it is made for."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from kube_field.ui.showing import FRAME, PAGES, show_window


@pytest.mark.parametrize(
    ("room", "fills"),
    [
        (QSize(1366, 728), True),
        (QSize(1366, 768), True),
        (QSize(1280, 1024), True),
        (PAGES + FRAME, False),
        (QSize(1920, 1040), False),
    ],
)
def test_a_window_fills_a_screen_that_has_no_room_for_its_frame(qtbot: Any, room: QSize, fills: bool):
    window = QWidget()
    qtbot.addWidget(window)
    show_window(window, room)
    assert window.isMaximized() is fills
    if not fills:
        assert window.size() == PAGES
    normal = window.normalGeometry().size() if fills else window.size()
    assert normal == normal.boundedTo(room)
