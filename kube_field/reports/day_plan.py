"""RENCANA KUNJUNGAN: the visits of a day by village, with contact, last findings and open promises."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from kube_field.domain.dates import day_and_date
from kube_field.domain.day_plan import DayPlan, PlannedStop
from kube_field.reports.fonts import Face, FontSet, load_fonts
from kube_field.reports.footer import Origin, PageFurniture, short_id
from kube_field.reports.layout import Strip, draw_pages, gap, landscape, paginate, paragraph, tied
from kube_field.reports.letterhead import letterhead
from kube_field.reports.pen import Pen
from kube_field.reports.signatures import Photos, no_photos
from kube_field.reports.tables import Column, Row, data_table
from kube_field.reports.wording import BLANK

LEAST_ROW = 30.0
SIZE = 8.5


def render_day_plan(plan: DayPlan, *, watermark: str = "", photos: Photos = no_photos) -> bytes:
    """The plan as PDF. Raises: KubeFieldError when the program's font files are damaged."""
    fonts, sheet = load_fonts(), landscape()
    width = sheet.text_width
    emblem = photos(str(plan.kop["emblem_sha256"])) if plan.kop.get("emblem_sha256") else None
    strips = [*letterhead(fonts, plan.kop, width, emblem), *_titles(fonts, plan, width), gap(6)]
    strips += data_table(fonts, _columns(), _rows(plan.stops), width, size=SIZE)
    pages = paginate(strips, sheet.text_height)
    pen = Pen((sheet.width, sheet.height), fonts.printable(_("Rencana kunjungan {day}").format(day=plan.day)), fonts)
    return draw_pages(pen, pages, sheet, PageFurniture(Origin(uid=""), sheet, watermark))


def _titles(fonts: FontSet, plan: DayPlan, width: float) -> list[Strip]:
    who = " · ".join(part for part in (plan.officer, plan.office) if part)
    about = _("{day} · {who} · {n} unit").format(day=day_and_date(plan.day), who=who, n=len(plan.stops))
    return tied(
        [
            *paragraph(fonts, _("RENCANA KUNJUNGAN HARI INI"), width, face=Face.BOLD, size=13, align="center"),
            *paragraph(fonts, about, width, size=9.5, align="center"),
        ]
    )


def _columns() -> list[Column]:
    return [
        Column(_("No"), 4, "center"),
        Column(_("Unit usaha"), 18),
        Column(_("Alamat dan kontak"), 22),
        Column(_("Temuan kunjungan terakhir"), 26),
        Column(_("Janji yang belum selesai"), 20),
        Column(_("Catatan"), 10),
    ]


def _rows(stops: Sequence[PlannedStop]) -> list[Row]:
    """A line for each village above its visits."""
    rows, place = [], ""
    for number, stop in enumerate(stops, start=1):
        here = _("{village}, Kec. {kecamatan}").format(village=stop.village or BLANK, kecamatan=stop.kecamatan or BLANK)
        cells = (str(number), _whom(stop), _where(stop), "\n".join(stop.findings), _listed(stop.promises), "")
        rows.append(Row(cells, min_height=0, mark="" if here == place else here))
        place = here
    return rows


def _whom(stop: PlannedStop) -> str:
    named = _("ID {short}").format(short=short_id(stop.unit_uid))
    return "\n".join(part for part in (stop.name, stop.business, stop.reason, named) if part)


def _where(stop: PlannedStop) -> str:
    called = " · ".join(part for part in (stop.contact, stop.phone or _("tanpa telepon")) if part)
    return "\n".join(part for part in (stop.address, called) if part)


def _listed(promises: Sequence[str]) -> str:
    return "\n".join(f"– {promise}" for promise in promises) or BLANK
