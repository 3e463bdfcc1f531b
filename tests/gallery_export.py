"""Pictures of what an export asks and shows."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QWidget

from kube_field.ui.widgets.export_panel import ExportPanel
from kube_field.ui.workplace import Workplace


def export_pictures(work: Workplace) -> Iterator[tuple[str, QWidget]]:
    """The questions on lists, a running export, the end of one."""
    for key in ("people", "visits", "reports"):
        work.open_page(key)
        panel = work.window.page(key).export
        assert isinstance(panel, ExportPanel)
        panel.button.click()
        panel.purpose.setText("Laporan triwulan IV ke Dinas Sosial Provinsi")
        yield f"10-ekspor-{key}", work.window
        panel.close_panel()
    work.open_page("people")
    panel = work.window.page("people").export
    panel.button.click()
    panel.show_progress(12_400, 100_000, 95.0)
    yield "10-ekspor-berjalan", work.window
    panel.show_packing()
    yield "10-ekspor-menyusun", work.window
    panel.close_panel()
    work.window.page("people").show_notice("31 baris tersimpan: C:\\Users\\sri\\Documents\\Penerima 2026-11-23.xlsx")
    yield "10-ekspor-selesai", work.window
    work.window.page("people").hide_notice()
