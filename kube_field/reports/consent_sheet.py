"""The privacy notice with the five consents, filled for a person or blank for writing by hand (handbook 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from gettext import gettext as _
from typing import Any

from kube_field.domain.dates import show_date
from kube_field.reports.boxes import SIDE, tick_box
from kube_field.reports.fonts import Face, FontSet, load_fonts
from kube_field.reports.footer import Origin, PageFurniture
from kube_field.reports.layout import Sheet, Strip, draw_pages, gap, paginate, paragraph, tied
from kube_field.reports.letterhead import letterhead
from kube_field.reports.pen import Pen
from kube_field.reports.signatures import Photos, Signatory, no_photos, signature_block
from kube_field.reports.tables import key_values

YES_NO = 92.0
DOTS = "………………………………"


@dataclass(frozen=True, slots=True)
class Consent:
    """One statement; `given` None is still to be asked. `told` says when, how and before whom."""

    statement: str
    given: bool | None = None
    told: str = ""


@dataclass(frozen=True, slots=True)
class ConsentSheet:
    """What the sheet shows; a blank one has no name. `on` is the day (ISO) of the newest answer, "" for none."""

    notice: str
    consents: Sequence[Consent]
    name: str = ""
    nik_masked: str = ""
    address: str = ""
    officer: str = ""
    place: str = ""
    on: str = ""


def render_consent_sheet(
    told: ConsentSheet, *, kop: Mapping[str, Any], watermark: str = "", photos: Photos = no_photos
) -> bytes:
    """The sheet as PDF.

    Raises: KubeFieldError when the program's font files are damaged.
    """
    fonts, sheet = load_fonts(), Sheet()
    width = sheet.text_width
    emblem = photos(str(kop["emblem_sha256"])) if kop.get("emblem_sha256") else None
    title = _("PEMBERITAHUAN DAN PERSETUJUAN PENGGUNAAN DATA PRIBADI")
    pairs = [
        (_("Nama"), told.name or DOTS),
        (_("NIK (disamarkan)") if told.name else _("NIK"), told.nik_masked or DOTS),
        (_("Alamat"), told.address or DOTS),
    ]
    strips = [
        *letterhead(fonts, kop, width, emblem),
        *paragraph(fonts, title, width, face=Face.BOLD, size=13, align="center"),
        gap(8),
        *key_values(fonts, pairs, width),
        gap(8),
        *paragraph(fonts, told.notice, width, size=11),
        gap(8),
        *paragraph(fonts, _("Saya telah mendengar penjelasan di atas dan menyatakan:"), width, size=11),
        gap(2),
        *(strip for consent in told.consents for strip in _consent(fonts, consent, width)),
        *_signing(fonts, told, width),
    ]
    pen = Pen((sheet.width, sheet.height), fonts.printable(f"{title} {told.name}".strip()), fonts)
    return draw_pages(pen, paginate(strips, sheet.text_height), sheet, PageFurniture(Origin(uid=""), sheet, watermark))


def _consent(fonts: FontSet, consent: Consent, width: float) -> list[Strip]:
    lines = paragraph(fonts, consent.statement, width - YES_NO - 8, size=11)
    if consent.told:
        lines += paragraph(fonts, consent.told, width - YES_NO - 8, size=9)
    height = sum(line.height for line in lines)

    def draw(pen: Pen, x: float, top: float) -> None:
        y = top
        for line in lines:
            line.draw(pen, x, y)
            y -= line.height
        bottom, left = top - 11, x + width - YES_NO
        for words, ticked in ((_("ya"), consent.given is True), (_("tidak"), consent.given is False)):
            tick_box(pen, left, bottom, ticked=ticked)
            pen.text(left + SIDE + 4, bottom + 0.5, words, Face.REGULAR, 10.5)
            left += YES_NO / 2

    return [Strip(height, draw), gap(4)]


def _signing(fonts: FontSet, told: ConsentSheet, width: float) -> list[Strip]:
    day = show_date(told.on) if told.on else DOTS
    place = ", ".join(part for part in (told.place, day) if part)
    people = [
        Signatory(_("Warga,"), name=told.name),
        Signatory(_("Petugas,"), name=told.officer),
        Signatory(_("Saksi (bila tidak dapat membaca),")),
    ]
    return tied(
        [
            replace(gap(12), space=False),
            *paragraph(fonts, place, width, size=10.5, align="right"),
            replace(gap(4), space=False),
            signature_block(fonts, people, width, no_photos),
        ]
    )
