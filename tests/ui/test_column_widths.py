"""Columns of a table: whole days and numbers first, then names, and words that are cut end in an ellipsis."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from kube_field.ui.models.item_table_model import Column
from kube_field.ui.pages.profile_panels import document_words
from kube_field.ui.pages.queue_panel import QueuePanel
from kube_field.ui.pages.visits_page import VisitsPage
from kube_field.ui.theme import apply_theme
from kube_field.ui.widgets.data_table import DataTable, Plan, shared_widths
from tests.support import page_samples, sync_samples

PLANS = st.lists(
    st.builds(
        lambda need, more, least, stretches: Plan(need, need + more, least, stretches),
        st.integers(0, 600),
        st.integers(0, 200),
        st.integers(0, 600),
        st.booleans(),
    ),
    min_size=1,
    max_size=9,
)
NUMBER = "L07-0012/KJ/KKR/XI/2026"


@given(PLANS, st.integers(0, 3000))
@example([Plan(45, 47, 0, False), Plan(140, 140, 0, True), Plan(1, 1, 0, True), Plan(47, 47, 39, False)], 233)
def test_columns_fill_the_room_and_keep_their_least(plans: list[Plan], room: int) -> None:
    widths = shared_widths(plans, room)
    least = [min(plan.need, plan.least) for plan in plans]
    assert all(width >= kept for width, kept in zip(widths, least, strict=True))
    assert sum(widths) <= max(room, sum(least))
    if sum(plan.need for plan in plans) <= room:
        assert all(width >= plan.need for width, plan in zip(widths, plans, strict=True))
        assert sum(widths) == room


def test_a_document_number_is_whole_and_the_village_gives_way_before_the_name(qtbot: Any) -> None:
    columns = [
        Column("Nama", lambda row: row[0]),
        Column("Desa/Kelurahan", lambda row: row[1], width=130),
        Column("Nomor", lambda row: row[2], width=100, whole=True),
    ]
    table = DataTable(columns)
    qtbot.addWidget(table)
    table.resize(470, 300)
    table.show()
    table.show_items([("Anggrek binti Contoh", "Sungai Kunjang Hilir Seberang", NUMBER)])
    words = table.fontMetrics().horizontalAdvance
    assert table.columnWidth(2) > words(NUMBER)
    assert table.columnWidth(0) > table.columnWidth(1)
    assert sum(table.columnWidth(at) for at in range(3)) <= table.viewport().width()


def test_a_cut_header_and_a_cut_cell_say_the_whole_word_in_the_tool_tip(qtbot: Any) -> None:
    table = DataTable([Column("Desa/Kelurahan", lambda row: row, width=130)])
    qtbot.addWidget(table)
    table.show_items(["Sungai <b>Kunjang"])
    model = table.items_model
    assert table.horizontalHeader().textElideMode() == Qt.TextElideMode.ElideRight
    assert model.headerData(0, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole) == "Desa/Kelurahan"
    assert model.data(model.index(0, 0), Qt.ItemDataRole.ToolTipRole) == "Sungai &lt;b&gt;Kunjang"


def test_the_header_of_a_waiting_time_is_read_whole(qtbot: Any) -> None:
    panel = QueuePanel(lambda: sync_samples.NOW)
    qtbot.addWidget(panel)
    panel.resize(1094, 400)
    panel.show_rows(page_samples.queue_rows())
    panel.show()
    header = panel.table.horizontalHeader()
    at = next(n for n, column in enumerate(panel.table.items_model.columns) if column.header == "Menunggu")
    shown, left = header.grab().toImage(), header.sectionPosition(at)
    cut = header.sectionSize(at)
    panel.table.setColumnWidth(at, cut + 60)
    whole = header.grab().toImage()
    dark = [
        {
            (x, y)
            for x in range(cut - 2)
            for y in range(image.height() - 3)
            if image.pixelColor(left + x, y).lightness() < 200
        }
        for image in (shown, whole)
    ]
    assert dark[0] == dark[1]


def test_which_visit_it_is_stays_readable_at_150_percent(qtbot: Any, qapp: Any) -> None:
    apply_theme(qapp, 1.5)
    try:
        page = VisitsPage()
        qtbot.addWidget(page)
        page.show_documents(page_samples.document_rows())
        page.resize(1366 - 96, 680)
        page.show_all_documents()
        page.show()
        table = page.documents.table
        at = next(n for n, column in enumerate(table.items_model.columns) if column.header == "Dokumen")
        words = [document_words(row) for row in table.items_model.items()]
        assert any("ke-" in word for word in words)
        needed = max(table.fontMetrics().horizontalAdvance(word) for word in words)
        assert table.columnWidth(at) >= needed
        assert table.horizontalHeader().length() <= table.viewport().width()
    finally:
        apply_theme(qapp, 1.0)


def test_what_the_foot_tells_too_gives_way_to_which_record_it_is(qtbot: Any, qapp: Any) -> None:
    for scale, beside in ((1.0, 190), (1.5, 96)):
        apply_theme(qapp, scale)
        panel = QueuePanel(lambda: sync_samples.NOW)
        qtbot.addWidget(panel)
        panel.resize(1366 - beside - 70, 500)
        panel.show_rows(sync_samples.every_state())
        panel.show()
        table = panel.table
        shown = [column.header for at, column in enumerate(table.items_model.columns) if not table.isColumnHidden(at)]
        assert ("Sebab" in shown) == (scale == 1.0)
        words = table.fontMetrics().horizontalAdvance
        assert table.columnWidth(0) >= max(words(row.title) for row in table.items_model.items())
    apply_theme(qapp, 1.0)


def test_the_heads_of_the_queue_are_whole_beside_long_reasons(qtbot: Any, qapp: Any) -> None:
    for scale in (1.0, 1.5):
        apply_theme(qapp, scale)
        panel = QueuePanel(lambda: sync_samples.NOW)
        qtbot.addWidget(panel)
        panel.resize(1366 - 96 - 70 if scale > 1 else 1366 - 190 - 70, 500)
        panel.show_rows(sync_samples.every_state())
        panel.show()
        table = panel.table
        waiting = [column.header for column in table.items_model.columns].index("Menunggu")
        assert table.columnWidth(waiting) >= table._header_need(table.items_model.columns[waiting])
    apply_theme(qapp, 1.0)
