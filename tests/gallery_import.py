"""Pictures of an import: the file, what its columns mean, every row with its findings, the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtWidgets import QWidget

from kube_field.exchange.incoming_columns import ImportType
from kube_field.ui.pages.import_page import COLUMNS, ROWS, ImportPage
from kube_field.ui.pages.import_rows_panel import ALL, DOUBLES, WRONG
from kube_field.ui.workplace import Workplace
from tests.support.laptop import REFERENCE, Laptop
from tests.support.make_big_list import HEADINGS, big_list, doubles_of
from tests.support.make_lists import write_cells

ROWS_SHOWN = 160


def import_pictures(work: Workplace, laptop: Laptop) -> Iterator[tuple[str, QWidget]]:
    """One list with every kind of finding."""
    work.navigate.open_import("people")
    page = work.window.page("import")
    assert isinstance(page, ImportPage)
    yield "11-impor-berkas", work.window
    work.imports.read(_list(laptop.folder, HEADINGS[:-3]), ImportType.PEOPLE)
    assert page.step() == COLUMNS
    yield "11-impor-kolom", work.window
    work.imports.read(_list(laptop.folder, HEADINGS), ImportType.PEOPLE)
    page.columns.check_button.click()
    assert page.step() == ROWS
    for name, key in (("galat", WRONG), ("ganda", DOUBLES), ("semua", ALL)):
        page.rows.filter.setCurrentIndex(page.rows.filter.findData(key))
        yield f"11-impor-{name}", work.window
    page.rows.filter.setCurrentIndex(page.rows.filter.findData(DOUBLES))
    page.rows.new_all_button.click()
    yield "11-impor-alasan", work.window
    page.rows.reason.cancel()
    page.show_busy(True)
    page.progress.show_progress("Memeriksa baris:", 12_400, 20_000, 95.0)
    yield "11-impor-memeriksa", work.window
    page.show_busy(False)
    page.show_done(
        "19.412 data baru dan 301 data berubah tersimpan di laptop",
        "12 baris sudah sama, 275 baris dilewati. Akan dikirim saat tersambung.",
        may_undo=True,
    )
    yield "11-impor-selesai", work.window
    page.start_again()


def _list(folder: Path, headings: tuple[str, ...]) -> Path:
    rows = list(big_list(ROWS_SHOWN, REFERENCE.regions, wrong_every=3))
    rows += doubles_of(rows, 40)
    cells = [[row.cells[heading] for heading in headings] for row in rows]
    return write_cells(folder / "Daftar warga Kutai Kartanegara 2026.xlsx", headings, cells, title="DAFTAR WARGA")
