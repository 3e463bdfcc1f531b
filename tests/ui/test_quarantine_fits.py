"""Karantina on the old laptop's screen: nothing wider than the page, no column cut to nothing, at 100 % and 150 %."""

from __future__ import annotations

import pytest

from kube_field.ui.pages.quarantine_panel import QuarantinePanel
from kube_field.ui.pages.sync_page import SyncPage
from kube_field.ui.theme import apply_theme
from kube_field.ui.widgets.data_table import DataTable
from tests.support import aside_samples, sync_samples

ROOM = {1.0: 1366 - 190, 1.5: 1366 - 96}


@pytest.fixture(params=[1.0, 1.5])
def page(request, qtbot, qapp) -> SyncPage:
    scale: float = request.param
    apply_theme(qapp, scale)
    page = SyncPage(lambda: sync_samples.NOW)
    qtbot.addWidget(page)
    page.offer_quarantine(True)
    page.tabs.setCurrentWidget(page.quarantine)
    page.resize(ROOM[scale], round(768 - 57 * scale))
    page.show()
    yield page
    apply_theme(qapp, 1.0)


def settled(page: SyncPage, qapp) -> QuarantinePanel:
    for _round in range(3):
        qapp.processEvents()
    assert page.minimumSizeHint().width() <= page.width()
    assert page.content_area.widget().width() <= page.content_area.viewport().width()
    return page.quarantine


def test_the_list_fits_and_every_chip_is_whole(page, qapp) -> None:
    page.quarantine.show_records(aside_samples.aside_records(), aside_samples.ASKED_AT, more=True)
    table: DataTable = settled(page, qapp).list.table
    assert table.horizontalHeader().length() <= table.viewport().width()


def test_a_record_on_view_has_room_to_be_read_and_both_buttons_are_seen(page, qapp) -> None:
    page.quarantine.show_records(aside_samples.aside_records(), aside_samples.ASKED_AT, more=False)
    page.quarantine.open_button.click()
    view = settled(page, qapp).view
    assert view.content.height() > view.foot.height() * 3
    for button in (view.accept, view.refuse):
        assert button.width() >= button.sizeHint().width()
        assert (
            page.content_area.viewport()
            .rect()
            .contains(button.mapTo(page.content_area.viewport(), button.rect().center()))
        )


def test_the_question_for_a_reason_is_not_squeezed(page, qapp) -> None:
    page.quarantine.show_records(aside_samples.aside_records(), aside_samples.ASKED_AT, more=False)
    page.quarantine.open_button.click()
    page.quarantine.view.refuse.click()
    reason = settled(page, qapp).view.reason
    assert reason.height() >= reason.minimumSizeHint().height()
    title, edit, hint = reason._title.geometry(), reason._edit.geometry(), reason._hint.geometry()
    assert title.bottom() < edit.top()
    assert edit.bottom() < hint.top()


def test_deciding_about_several_fits_with_its_questions(page, qapp) -> None:
    page.quarantine.show_records(aside_samples.aside_records(), aside_samples.ASKED_AT, more=True)
    page.quarantine.list.table.selectAll()
    bulk = settled(page, qapp).bulk
    for ask in (bulk.accept, bulk.refuse):
        ask.click()
        settled(page, qapp)
        for button in (bulk.accept, bulk.refuse):
            assert button.width() >= button.sizeHint().width()


def test_the_results_fit_and_every_chip_is_whole(page, qapp) -> None:
    page.quarantine.show_records(aside_samples.aside_records(), aside_samples.ASKED_AT, more=False)
    page.quarantine.show_results(aside_samples.aside_results())
    table = settled(page, qapp).results.table
    assert table.horizontalHeader().length() <= table.viewport().width()
    chip = next(at for at, column in enumerate(table.items_model.columns) if column.tone is not None)
    assert table.columnWidth(chip) >= table._cell_needs[chip]


def test_what_became_of_the_chosen_one_is_read_whole(page, qapp) -> None:
    page.quarantine.show_records(aside_samples.aside_records(), aside_samples.ASKED_AT, more=False)
    page.quarantine.show_results(aside_samples.aside_results())
    results = settled(page, qapp).results
    assert results.detail.text() == aside_samples.aside_results()[2].words, "the first that is not settled"
    results.table.selectRow(1)
    assert results.detail.text().endswith("Tanda terima server 23 Nov 2026 10.02.")
