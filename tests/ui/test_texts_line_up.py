"""Header and cells of a table begin at the same place, and the notice bar keeps off the edges of the window."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from kube_field.ui.main_window import MainWindow
from kube_field.ui.models.item_table_model import Column
from kube_field.ui.navigation import RailEntry
from kube_field.ui.qt_texts import QtTexts
from kube_field.ui.theme import apply_theme
from kube_field.ui.widgets.data_table import DataTable

SLACK = 1
"""Pixels by which two beginnings may differ: glyphs are smoothed."""


@pytest.fixture
def at_scale(qapp: Any):
    yield lambda scale: apply_theme(qapp, scale)
    apply_theme(qapp, 1.0)


def inked_columns(part: QWidget, place: QRect) -> tuple[int, int]:
    """First and last column of a place in a widget in which something dark is painted."""
    picture = part.grab(place).toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    dark = [
        x
        for x in range(picture.width())
        if any(picture.pixelColor(x, y).lightness() < 170 for y in range(picture.height()))
    ]
    return dark[0], dark[-1]


def inner(place: QRect) -> QRect:
    """Without the hairline at the bottom."""
    return place.adjusted(0, 2, 0, -3)


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_header_and_cells_begin_and_end_at_the_same_place(qtbot: Any, at_scale: Any, scale: float):
    at_scale(scale)
    table = DataTable(
        [
            Column("H", lambda text: text, width=150),
            Column("H", lambda text: text, width=150, align="right"),
            Column("H", lambda text: text),
        ]
    )
    qtbot.addWidget(table)
    table.resize(900, 200)
    table.show_items(["H"])
    table.show()
    header = table.horizontalHeader()
    for at, column in enumerate(table.items_model.columns):
        left, width = header.sectionViewportPosition(at), header.sectionSize(at)
        over = inked_columns(header.viewport(), inner(QRect(left, 0, width, header.height())))
        under = inked_columns(table.viewport(), inner(table.visualRect(table.items_model.index(0, at))))
        end = 1 if column.align == "right" else 0
        assert abs(over[end] - under[end]) <= SLACK


def test_the_notice_bar_keeps_off_the_edges_of_the_window(qtbot: Any):
    window = MainWindow([RailEntry("home", "Beranda", "home")], demo=False)
    qtbot.addWidget(window)
    window.show()
    window.show_notice("Draf dibuang.", "Urungkan", lambda: None)
    notice = window.notice
    canvas = notice.parentWidget()
    place = QRect(notice.mapTo(canvas, QPoint(0, 0)), notice.size())
    assert place.left() >= 24
    assert canvas.width() - place.right() - 1 >= 24
    assert canvas.height() - place.bottom() - 1 >= 12
    words = notice.label.mapTo(notice, QPoint(0, 0))
    assert words.x() >= 16


def test_the_file_dialog_asks_in_indonesian(qapp: Any):
    texts = QtTexts()
    for text in ("&Look in:", "Files of &type:", "File &name:"):
        assert texts.translate("QFileDialog", text) not in ("", text)
