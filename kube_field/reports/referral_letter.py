"""SURAT PENGANTAR RUJUKAN with the reply to tear off (handbook 9.7), from a frozen fact or a draft of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from gettext import gettext as _

from kube_field.domain.records import Fact
from kube_field.reference import Reference
from kube_field.reports.boxes import tick_box
from kube_field.reports.fonts import Face, load_fonts
from kube_field.reports.footer import PageFurniture
from kube_field.reports.layout import Sheet, Strip, draw_line, draw_pages, gap, paginate, paragraph, tied
from kube_field.reports.letterhead import letterhead
from kube_field.reports.material import Material
from kube_field.reports.pen import Pen
from kube_field.reports.signatures import Signatory, register_line, signature_block
from kube_field.reports.tables import key_values
from kube_field.reports.visit_report import origin_of
from kube_field.reports.wording import BLANK, day, said_of

SIZE = 11.0
LABELS = 62.0


def render_referral_letter(
    fact: Fact, *, reference: Reference, photos: Callable[[str], bytes | None], watermark: str = ""
) -> bytes:
    """The letter as PDF. `photos` gives a photo's JPEG bytes by its SHA-256, None where this laptop does not hold it.

    Raises: KubeFieldError when the program's font files are damaged.
    """
    fonts, sheet = load_fonts(), Sheet()
    material = Material(fonts, sheet.text_width, fact, said_of(fact), reference, photos)
    pages = paginate([*_letter(material), *_reply(material)], sheet.text_height)
    title = f"{_('Surat Pengantar Rujukan')} {fact.number}".strip()
    pen = Pen((sheet.width, sheet.height), fonts.printable(title), fonts)
    return draw_pages(pen, pages, sheet, PageFurniture(origin_of(fact), sheet, watermark))


def _letter(material: Material) -> list[Strip]:
    fonts, width, said = material.fonts, material.width, material.said
    kop = material.frozen("kop")
    emblem = material.photos(str(kop["emblem_sha256"])) if kop.get("emblem_sha256") else None
    number = _("Nomor: {number}").format(number=material.fact.number or BLANK)
    to = _("Yth. {partner} di {place}").format(partner=said.text("partner_name"), place=said.text("partner_place"))
    opening = _("Bersama ini kami sampaikan warga dampingan kami:")
    pairs = [
        (_("Nama"), material.word("person", "name")),
        (_("Alamat"), material.word("person", "address")),
        (_("Usaha"), material.word("business", "idea_name")),
    ]
    place = ", ".join(part for part in (material.word("place"), day(material.fact.answers.get("sent_on"))) if part)
    title = _("SURAT PENGANTAR RUJUKAN")
    return [
        *letterhead(fonts, kop, width, emblem),
        *tied(
            [
                *paragraph(fonts, title, width, face=Face.BOLD, size=13, align="center"),
                *paragraph(fonts, number, width, size=10.5, align="center"),
            ]
        ),
        gap(12),
        *paragraph(fonts, to, width, size=SIZE),
        gap(10),
        *paragraph(fonts, opening, width, size=SIZE),
        gap(4),
        *key_values(fonts, [(label, value) for label, value in pairs if value], width, label_width=LABELS, size=SIZE),
        gap(4),
        *paragraph(fonts, _request(material), width, size=SIZE),
        gap(12),
        *tied(
            [
                *paragraph(fonts, place, width, size=SIZE, align="right"),
                _at_right(material, _officer(material)),
            ]
        ),
    ]


def _request(material: Material) -> str:
    return _(
        "yang memerlukan {need}. Data disampaikan atas persetujuan yang bersangkutan tanggal {consent}. Mohon kiranya "
        "dapat dilayani dan hasilnya disampaikan kepada kami melalui {contact}. Atas perhatian dan kerja sama "
        "Bapak/Ibu, kami ucapkan terima kasih."
    ).format(
        need=material.said.text("need").rstrip(". "),
        consent=day(material.fact.snapshot.get("consent_on")),
        contact=material.said.text("contact"),
    )


def _at_right(material: Material, who: Signatory) -> Strip:
    """One signature in the right half of the paper."""
    half = material.width / 2
    block = signature_block(material.fonts, [who], half, material.photos)
    return replace(block, draw=lambda pen, x, top: block.draw(pen, x + half, top))


def _officer(material: Material) -> Signatory:
    name = material.word("officer", "name") or material.fact.author_name
    signature = material.fact.answers.get("signature_staff")
    return Signatory(_("Petugas,"), signature, name, register_line(material.word("officer", "employee_number")))


def _reply(material: Material) -> list[Strip]:
    """What the partner fills in, tears off and sends back."""
    fonts, width = material.fonts, material.width
    about = _("Balasan rujukan Nomor {number} atas nama {name}").format(
        number=material.fact.number or BLANK, name=material.word("person", "name") or BLANK
    )
    dots = "…" * 24
    answers = [
        _("dilayani"),
        _("ditolak karena {dots}").format(dots=dots),
        _("dijadwalkan tanggal {dots}").format(dots=dots),
    ]
    return [
        gap(14),
        *tied(
            [
                _cut_here(material),
                *paragraph(fonts, about, width, face=Face.BOLD, size=SIZE),
                *paragraph(fonts, _("Hasil:"), width, size=SIZE),
                *(_ticked(material, words) for words in answers),
                _at_right(material, Signatory(_("Petugas mitra,"))),
            ]
        ),
    ]


def _cut_here(material: Material) -> Strip:
    words = _("potong di sini")

    def draw(pen: Pen, x: float, top: float) -> None:
        at, dash, white = x, 5.0, 3.0
        while at < x + material.width:
            pen.line((at, top - 8), (min(at + dash, x + material.width), top - 8), 0.6)
            at += dash + white
        draw_line(pen, words, x, top - 19, material.width, Face.ITALIC, 8, "center")

    return Strip(30, draw)


def _ticked(material: Material, words: str) -> Strip:
    """An empty box to tick, and what it means."""
    text = material.fonts.printable(words)

    def draw(pen: Pen, x: float, top: float) -> None:
        tick_box(pen, x + 4, top - 13, ticked=False)
        pen.text(x + 20, top - 12, text, Face.REGULAR, SIZE)

    return Strip(19, draw)
