"""FORMULIR ASESMEN KEBUTUHAN DAN POTENSI USAHA (handbook 9.3): frozen, as a draft, or blank for filling in by hand.

Everything on it comes from the fact's answers and snapshot, so a reprint is byte for byte the same paper.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.consent import CONSENT_ITEMS, PRIVACY_NOTICE, with_contact
from kube_field.domain.records import Fact, RecordKind
from kube_field.reference import Reference
from kube_field.reports.assessment_material import DOTS, AssessmentPaper
from kube_field.reports.assessment_parts import (
    advice_part,
    agreement_part,
    assets_part,
    capacity_part,
    market_part,
    money_part,
    opinion_part,
    place_part,
    time_part,
    wishes_part,
)
from kube_field.reports.fonts import Face, load_fonts
from kube_field.reports.footer import PageFurniture
from kube_field.reports.layout import Sheet, Strip, draw_pages, gap, paginate, paragraph, tied
from kube_field.reports.letterhead import letterhead
from kube_field.reports.material import Material
from kube_field.reports.pen import Pen
from kube_field.reports.signatures import Signatory, register_line, signature_block
from kube_field.reports.tables import side_by_side
from kube_field.reports.ticks import labelled_ticks, tick_lines
from kube_field.reports.visit_report import origin_of
from kube_field.reports.wording import BLANK, day, said_of

PRSE_LINES = (
    ("umur_18_59", "Perempuan berumur 18–59 tahun"),
    ("ditinggal_suami", "Ditinggal suami tanpa kejelasan"),
    ("nafkah_utama", "Pencari nafkah utama keluarga"),
    ("penghasilan_kurang", "Penghasilan tidak mencukupi kebutuhan"),
)
PERSON_LABELS = (
    ("No. KK", ""),
    ("NIK", ""),
    ("Nama", ""),
    ("Tempat, tanggal lahir", ""),
    ("Umur", ""),
    ("", "sex"),
    ("", "marital_status"),
    ("", "education"),
    ("", "literacy"),
    ("", "occupation"),
    ("", "relation_to_head"),
    ("", "is_main_breadwinner"),
)
FAMILY_CODES = (
    "size", "n_under5", "n_school", "n_elderly", "n_disabled", "dwelling_status", "electricity", "water", "flood_prone",
)  # fmt: skip


def render_assessment_form(
    fact: Fact,
    *,
    reference: Reference,
    photos: Callable[[str], bytes | None],
    watermark: str = "",
    blank: bool = False,
) -> bytes:
    """The form as PDF; `blank` leaves lines and boxes for filling in by hand.

    Raises: KubeFieldError when the program's font files are damaged.
    """
    fonts, sheet = load_fonts(), Sheet()
    paper = AssessmentPaper(Material(fonts, sheet.text_width, fact, said_of(fact), reference, photos), blank)
    pages = paginate(_strips(paper), sheet.text_height)
    title = _("Formulir Asesmen {number}").format(number=fact.number).strip()
    pen = Pen((sheet.width, sheet.height), fonts.printable(title), fonts)
    return draw_pages(pen, pages, sheet, PageFurniture(origin_of(fact), sheet, watermark))


def _strips(paper: AssessmentPaper) -> list[Strip]:
    strips = [*_head(paper), *_identity(paper), *([] if paper.is_group else _welfare(paper))]
    for part in (
        money_part,
        assets_part,
        capacity_part,
        time_part,
        place_part,
        market_part,
        wishes_part,
        advice_part,
        agreement_part,
        opinion_part,
    ):
        strips += part(paper)
    return [*strips, *_statement(paper)]


def _head(paper: AssessmentPaper) -> list[Strip]:
    material = paper.material
    fonts, width = material.fonts, material.width
    kop = material.frozen("kop")
    emblem = material.photos(str(kop["emblem_sha256"])) if kop.get("emblem_sha256") else None
    number = _("Nomor: {number}").format(number=DOTS[:40] if paper.blank else material.fact.number or BLANK)
    title = _("FORMULIR ASESMEN KEBUTUHAN DAN POTENSI USAHA")
    titles = [
        *paragraph(fonts, title, width, face=Face.BOLD, size=13, align="center"),
        *paragraph(fonts, number, width, size=10.5, align="center"),
    ]
    asked = paper.pairs(
        [
            (_("Tanggal asesmen"), "" if paper.blank else day(material.fact.answers.get("assessed_on"))),
            (_("Petugas"), "" if paper.blank else material.said.text("staff")),
            (_("Responden"), "" if paper.blank else material.said.text("respondent")),
        ]
    )
    return [*letterhead(fonts, kop, width, emblem), *tied(titles), gap(6), *asked, *paper.answer("place")]


def _identity(paper: AssessmentPaper) -> list[Strip]:
    """I. IDENTITAS DAN KELUARGA; what was frozen of it, else the labels to fill in."""
    title = _("I. IDENTITAS DAN KELUARGA")
    frozen = _frozen_pairs(paper, "identity")
    if not frozen and paper.blank:
        return paper.part(title, _blank_identity(paper))
    name = paper.material.word("owner_name")
    pairs = frozen or [(_("Nama"), name), (_("NIK"), paper.material.word("nik_masked"))]
    pairs = [*pairs, (_("Alamat lengkap"), _address(paper)), *_frozen_pairs(paper, "family")]
    if paper.is_group:
        pairs += _group_lines(paper.material)
    return paper.part(title, paper.pairs(pairs))


def _frozen_pairs(paper: AssessmentPaper, key: str) -> list[tuple[str, str]]:
    value = paper.material.fact.snapshot.get(key)
    rows = value if isinstance(value, list) else []
    return [(str(row[0]), str(row[1])) for row in rows if isinstance(row, list) and len(row) == 2]


def _blank_identity(paper: AssessmentPaper) -> list[Strip]:
    strips: list[Strip] = []
    for label, code in PERSON_LABELS:
        strips += _blank_question(paper, RecordKind.PERSON, code) if code else paper.pairs([(_(label), "")])
    strips += paper.pairs([(_("Alamat lengkap"), ""), (_("RT/RW, desa/kelurahan, kecamatan"), "")])
    for code in FAMILY_CODES:
        strips += _blank_question(paper, RecordKind.HOUSEHOLD, code)
    return strips


def _blank_question(paper: AssessmentPaper, kind: RecordKind, code: str) -> list[Strip]:
    question = form(kind).question(code)
    ticks = [(False, _(choice.label)) for choice in question.choices if choice.active]
    if question.kind == "yes_no":
        ticks = [(False, _("ya")), (False, _("tidak"))]
    if ticks:
        return labelled_ticks(paper.material.fonts, _(question.label), ticks, paper.material.width)
    return paper.pairs([(_(question.label), "")])


def _address(paper: AssessmentPaper) -> str:
    material = paper.material
    numbers = " ".join(f"{name.upper()} {material.word('address', name)}" for name in ("rt", "rw")
                       if material.word("address", name))  # fmt: skip
    kecamatan = material.word("address", "kecamatan")
    places = [
        material.word("address", "location"),
        numbers,
        material.word("address", "village"),
        _("Kec. {name}").format(name=kecamatan) if kecamatan else "",
        material.word("address", "kabupaten"),
    ]
    return ", ".join(place for place in places if place)


def _group_lines(material: Material) -> list[tuple[str, str]]:
    officers = " / ".join(material.word("officers", role) or BLANK for role in ("ketua", "sekretaris", "bendahara"))
    members = material.frozen("members")
    words = _("{total} orang (L {male}, P {female})")
    counted = words.format(**{key: members.get(key, BLANK) for key in ("total", "male", "female")}) if members else ""
    return [(_("Ketua / Sekretaris / Bendahara"), officers), (_("Jumlah anggota"), counted)]


def _welfare(paper: AssessmentPaper) -> list[Strip]:
    """II. DATA KESEJAHTERAAN, the criteria of WRSE as boxes."""
    pairs = _frozen_pairs(paper, "welfare")
    if paper.blank and not pairs:
        labels = (_("Desil DTSEN"), _("Tanggal periksa"), _("Sumber"), _("Bantuan lain"), _("Kategori PPKS"))
        pairs = [(label, "") for label in labels]
    met = paper.material.fact.snapshot.get("prse_criteria")
    met = met if isinstance(met, list) else []
    ticks = [(code in met, _(words)) for code, words in PRSE_LINES]
    boxes = labelled_ticks(paper.material.fonts, _("Kriteria WRSE"), ticks, paper.material.width)
    return paper.part(_("II. DATA KESEJAHTERAAN"), [*paper.pairs(pairs), *boxes])


def _statement(paper: AssessmentPaper) -> list[Strip]:
    """XIII. PERNYATAAN DAN PERSETUJUAN, the notice, five consents, and the signatures, which never stand alone."""
    material = paper.material
    fonts, width = material.fonts, material.width
    notice = with_contact(_(PRIVACY_NOTICE), material.word("pdp_contact"))
    words = _(
        "Saya menyatakan keterangan di atas benar. Saya telah mendengar penjelasan tentang penggunaan data pribadi "
        "saya dan:"
    )
    strips = [
        *paragraph(fonts, notice, width, face=Face.ITALIC, size=9),
        gap(4),
        *paragraph(fonts, words, width, size=10),
        gap(2),
        *_consents(paper),
    ]
    signing = [
        replace(gap(8), space=False),
        signature_block(fonts, _signatories(paper), width, material.photos),
    ]
    part = paper.part(_("XIII. PERNYATAAN DAN PERSETUJUAN"), strips)
    return [*part[:-3], *tied([*part[-3:], *signing])]


def _consents(paper: AssessmentPaper) -> list[Strip]:
    """Each consent with its two boxes at the right edge."""
    material = paper.material
    given, room = {} if paper.blank else material.frozen("consents"), 90.0
    strips: list[Strip] = []
    for item in CONSENT_ITEMS:
        word = given.get(item.code)
        words = paragraph(material.fonts, f"– {_(item.label)}", material.width - room - 8, size=9.5)
        boxes = tick_lines(material.fonts, [(word is True, _("ya")), (word is False, _("tidak"))], room)
        strips += side_by_side(words, boxes, material.width - room)
    return strips


def _signatories(paper: AssessmentPaper) -> list[Signatory]:
    material, answers = paper.material, paper.material.fact.answers
    head, village = material.word("head_title") or _("Kepala Desa/Lurah"), material.word("address", "village")
    knowing = f"{head} {village}".strip() if not paper.blank else _("Kepala Desa/Lurah")
    return [
        _signatory(_("Responden,"), answers.get("signature_respondent"), _plain(answers.get("respondent"))),
        _signatory(
            _("Petugas Asesmen,"),
            answers.get("signature_staff"),
            "" if paper.blank else material.word("officer", "name") or material.fact.author_name,
            "" if paper.blank else register_line(material.word("officer", "employee_number")),
        ),
        _signatory(_("Mengetahui,\n{head},").format(head=knowing), answers.get("signature_witness")),
    ]


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _signatory(title: str, signature: Any, name: str = "", below: str = "") -> Signatory:
    signed = signature.get("name") if isinstance(signature, Mapping) else ""
    return Signatory(title, signature, str(signed or name), below)
