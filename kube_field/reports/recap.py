"""REKAPITULASI PENDAMPINGAN KUBE/WRSE of a month (handbook 9.5), lying; made anew each time it is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from gettext import gettext as _
from typing import Any

from kube_field.domain.dates import month_and_year, show_date, wita_day, wita_text
from kube_field.domain.recap import Recap
from kube_field.domain.recap_tables import Table, definitions, recap_tables
from kube_field.reports.fonts import Face, FontSet, load_fonts
from kube_field.reports.footer import Origin, PageFurniture
from kube_field.reports.layout import Strip, draw_pages, gap, heading, landscape, paginate, paragraph, tied
from kube_field.reports.letterhead import letterhead
from kube_field.reports.pen import Pen
from kube_field.reports.signatures import Photos, Signatory, no_photos, signature_block
from kube_field.reports.tables import Column, Row, data_table

SIZE = 8.5


def render_recap(
    recap: Recap,
    *,
    kop: Mapping[str, Any],
    officer: str,
    place: str,
    watermark: str = "",
    photos: Photos = no_photos,
) -> bytes:
    """The recap as PDF. `officer` made it, at `place`.

    Raises: KubeFieldError when the program's font files are damaged.
    """
    fonts, sheet = load_fonts(), landscape()
    width = sheet.text_width
    emblem = photos(str(kop["emblem_sha256"])) if kop.get("emblem_sha256") else None
    strips = [
        *letterhead(fonts, kop, width, emblem),
        *_titles(fonts, recap, width),
        *(strip for table in recap_tables(recap) for strip in _table(fonts, table, width)),
        gap(6),
        *tied([*_definitions(fonts, width), *_signing(fonts, recap, width, officer, place)]),
    ]
    title = _("Rekapitulasi Pendampingan {month}").format(month=month_and_year(f"{recap.month}-01"))
    pen = Pen((sheet.width, sheet.height), fonts.printable(title), fonts)
    furniture = PageFurniture(Origin(uid=""), sheet, watermark)
    return draw_pages(pen, paginate(strips, sheet.text_height), sheet, furniture)


def basis_words(recap: Recap) -> str:
    """Which documents are counted, and until when."""
    basis = _("Disetujui") if recap.only_accepted else _("Final, Terkirim, dan Disetujui")
    return _("Dasar: dokumen {basis} sampai {at} WITA").format(basis=basis, at=wita_text(recap.as_of))


def _titles(fonts: FontSet, recap: Recap, width: float) -> list[Strip]:
    line = _("Bulan {month} · {kabupaten} · {basis}").format(
        month=month_and_year(f"{recap.month}-01"), kabupaten=recap.kabupaten, basis=basis_words(recap)
    )
    return [
        *tied(
            [
                *paragraph(
                    fonts,
                    _("REKAPITULASI PENDAMPINGAN KUBE/WRSE"),
                    width,
                    face=Face.BOLD,
                    size=13,
                    align="center",
                ),
                *paragraph(fonts, line, width, size=10, align="center"),
            ]
        ),
    ]


def _table(fonts: FontSet, table: Table, width: float) -> list[Strip]:
    strips = heading(fonts, table.title, width, size=10.5)
    if not table.rows:
        return [*strips, *paragraph(fonts, table.empty, width, size=9.5)]
    columns = [Column(column.title, column.share, "left" if column.is_text else "right") for column in table.columns]
    rows = [Row([cell_text(cell) for cell in row]) for row in table.rows]
    if table.has_sum:
        rows[-1] = replace(rows[-1], bold=True)
    return [*strips, *data_table(fonts, columns, rows, width, size=SIZE)]


def cell_text(cell: object) -> str:
    """A cell of the recap as paper shows it: numbers in groups, a dash for nothing."""
    if cell is None:
        return "–"
    return f"{cell:,}".replace(",", ".") if isinstance(cell, int) else str(cell)


def _definitions(fonts: FontSet, width: float) -> list[Strip]:
    return [line for words in definitions() for line in paragraph(fonts, words, width, size=8.5)]


def _signing(fonts: FontSet, recap: Recap, width: float, officer: str, place: str) -> list[Strip]:
    people: Sequence[Signatory] = (
        Signatory(_("Disusun oleh,"), name=officer),
        Signatory(_("Diperiksa oleh,\nPenyelia Kabupaten/Kota,")),
        Signatory(_("Mengetahui,\nKepala Dinas Sosial {kabupaten},").format(kabupaten=recap.kabupaten)),
    )
    day = show_date(wita_day(recap.as_of))
    return [
        replace(gap(10), space=False),
        *paragraph(fonts, ", ".join(part for part in (place, day) if part), width, size=10, align="right"),
        replace(gap(4), space=False),
        signature_block(fonts, people, width, no_photos, room=46),
    ]
