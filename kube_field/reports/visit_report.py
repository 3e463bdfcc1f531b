"""LAPORAN KUNJUNGAN PENDAMPINGAN (handbook 9.1): a frozen visit, or a draft of one, as PDF bytes.

Everything on it comes from the fact's answers and snapshot, so a reprint is byte for byte the same paper.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from gettext import gettext as _
from typing import Any

from kube_field.domain.dates import wita_text
from kube_field.domain.forms.catalogue import form, newest_version
from kube_field.domain.forms.declaration import Form
from kube_field.domain.records import Fact, RecordKind
from kube_field.reference import Reference
from kube_field.reports.fonts import Face, load_fonts
from kube_field.reports.footer import Origin, PageFurniture
from kube_field.reports.layout import Sheet, Strip, draw_pages, gap, heading, paginate, paragraph, tied
from kube_field.reports.letterhead import letterhead
from kube_field.reports.material import Material
from kube_field.reports.pen import Pen
from kube_field.reports.photos import CaptionedPhoto, photo_rows
from kube_field.reports.seal_block import seal_block
from kube_field.reports.signatures import Signatory, register_line, signature_block
from kube_field.reports.visit_finance import finance_part
from kube_field.reports.visit_parts import (
    condition_part,
    conduct_part,
    constraints_part,
    household_part,
    identity_part,
    institution_part,
    nobody_part,
    plan_part,
    review_part,
    support_part,
)
from kube_field.reports.visit_result import result_part
from kube_field.reports.wording import BLANK, Said, day, moment


def render_visit_report(
    fact: Fact, *, reference: Reference, photos: Callable[[str], bytes | None], watermark: str = ""
) -> bytes:
    """The report as PDF. `photos` gives a photo's JPEG bytes by its SHA-256, None where this laptop does not hold it.

    Raises: KubeFieldError when the program's font files are damaged.
    """
    fonts, sheet = load_fonts(), Sheet()
    said = Said(_form_of(fact), fact.answers)
    material = Material(fonts, sheet.text_width, fact, said, reference, photos)
    pages = paginate(_strips(material), sheet.text_height)
    title = _("Laporan Kunjungan Pendampingan {number}").format(number=fact.number).strip()
    pen = Pen((sheet.width, sheet.height), fonts.printable(title), fonts)
    return draw_pages(pen, pages, sheet, PageFurniture(origin_of(fact), sheet, watermark))


def origin_of(fact: Fact) -> Origin:
    """What the footer says about a fact; without a number it is only what finalising would freeze: a draft."""
    final = bool(fact.number and fact.finalised_at)
    return Origin(
        uid=fact.uid,
        number=fact.number,
        revision=fact.revision,
        finalised=wita_text(fact.finalised_at) if final else "",
        author=fact.author_name,
        sha256=fact.sha256,
    )


def _form_of(fact: Fact) -> Form:
    """The form as it was when the visit was recorded; the newest one where that version is not known here."""
    try:
        return form(RecordKind.VISIT, fact.form_version)
    except KeyError:
        return form(RecordKind.VISIT, newest_version(RecordKind.VISIT))


def _strips(material: Material) -> list[Strip]:
    """Every part in its order; the last photos stay with the signatures, which never stand alone on a page."""
    strips = [*_head(material), *identity_part(material), *conduct_part(material)]
    if material.nobody_met:
        strips += nobody_part(material)
    else:
        for part in (
            condition_part,
            finance_part,
            institution_part,
            household_part,
            constraints_part,
            review_part,
        ):
            strips += part(material)
    return [
        *strips,
        *support_part(material),
        *plan_part(material),
        *(result_part(material) if material.tells_result else []),
        *_with_last_kept(_photo_part(material)),
        *_signing_part(material),
    ]


def _head(material: Material) -> list[Strip]:
    fonts, width = material.fonts, material.width
    kop = material.frozen("kop")
    emblem = material.photos(str(kop["emblem_sha256"])) if kop.get("emblem_sha256") else None
    subtitle = _("KELOMPOK USAHA BERSAMA (KUBE)") if material.is_group else _("USAHA PERORANGAN (WRSE/KELUARGA)")
    number = _("Nomor: {number}").format(number=material.fact.number or BLANK)
    titles = [
        *paragraph(fonts, _("LAPORAN KUNJUNGAN PENDAMPINGAN"), width, face=Face.BOLD, size=13, align="center"),
        *paragraph(fonts, subtitle, width, face=Face.BOLD, size=11, align="center"),
        *paragraph(fonts, number, width, size=10.5, align="center"),
    ]
    return [*letterhead(fonts, kop, width, emblem), *tied(titles), gap(8), *_opening(material)]


def _opening(material: Material) -> list[Strip]:
    order = material.frozen("order")
    if order.get("number"):
        text = _(
            "Berdasarkan {order}, telah dilaksanakan kunjungan pendampingan terhadap penerima bantuan "
            "pemberdayaan usaha dengan hasil sebagai berikut."
        ).format(order=_order(order))
    else:
        text = _(
            "Dalam rangka pemantauan dan evaluasi program pemberdayaan usaha, telah dilaksanakan kunjungan "
            "pendampingan terhadap penerima bantuan pemberdayaan usaha dengan hasil sebagai berikut."
        )
    return paragraph(material.fonts, text, material.width, size=10.5)


def _order(order: Mapping[str, Any]) -> str:
    number = str(order["number"])
    if not number.lower().startswith(("sk", "surat", "keputusan")):
        number = _("Surat Tugas nomor {number}").format(number=number)
    return _("{order} tanggal {day}").format(order=number, day=day(order["date"])) if order.get("date") else number


def _photo_part(material: Material) -> list[Strip]:
    """L. DOKUMENTASI FOTO: the evidence photos, then the photo of the cash book."""
    fonts, width = material.fonts, material.width
    pictures = [
        CaptionedPhoto(material.photos(str(photo.get("sha256", ""))), _caption(material, photo))
        for code in ("photos", "book_photo")
        for photo in _photos_of(material.fact.answers.get(code))
    ]
    head = heading(fonts, _("L. DOKUMENTASI FOTO"), width)
    if pictures:
        return [*head, *photo_rows(fonts, pictures, width)]
    waived = material.said.text("photos") if isinstance(material.fact.answers.get("photos"), Mapping) else ""
    return [*head, *paragraph(fonts, waived or _("Tidak ada foto."), width, size=10)]


def _photos_of(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _caption(material: Material, photo: Mapping[str, Any]) -> str:
    """`{jenis}: {keterangan} ({tanggal jam})`."""
    question = material.said.question("photos")
    kind = str(photo.get("photo_kind") or "")
    if kind and question is not None:
        kind = _(question.choice_label(kind))
    words = ": ".join(part for part in (kind, str(photo.get("caption") or "")) if part)
    taken = moment(photo.get("taken_at"))
    return f"{words} ({taken})" if taken else words


def _signing_part(material: Material) -> list[Strip]:
    """M. PENGESAHAN, all of it on one page."""
    fonts, width = material.fonts, material.width
    closing = _("Demikian laporan ini dibuat dengan sebenarnya untuk dipergunakan sebagaimana mestinya.")
    place = ", ".join(part for part in (material.word("place"), day(material.fact.answers.get("visited_on"))) if part)
    head = heading(fonts, _("M. PENGESAHAN"), width)
    body = [
        *paragraph(fonts, closing, width, size=10.5),
        replace(gap(8), space=False),
        *paragraph(fonts, place, width, size=10.5, align="right"),
        replace(gap(6), space=False),
        signature_block(fonts, _signatories(material), width, material.photos),
    ]
    if (code := seal_block(fonts, material.fact, width)) is not None:
        body += [replace(gap(10), space=False), code]
    return tied([replace(head[0], space=False), *head[1:], *body])


def _with_last_kept(strips: list[Strip]) -> list[Strip]:
    return [*strips[:-1], replace(strips[-1], keep=True)]


def _signatories(material: Material) -> list[Signatory]:
    answers = material.fact.answers
    head = material.word("head_title") or _("Penyelia")
    village = material.word("address", "village")
    knowing = head if head == _("Penyelia") or not village else f"{head} {village}"
    return [
        _signatory(_("Ketua KUBE,"), answers.get("signature_recipient"), material.word("officers", "ketua"))
        if material.is_group
        else _signatory(_("Penerima,"), answers.get("signature_recipient"), material.word("owner_name")),
        _signatory(
            _("Petugas Pendamping,"),
            answers.get("signature_staff"),
            material.word("officer", "name") or material.fact.author_name,
            register_line(material.word("officer", "employee_number")),
        ),
        _signatory(_("Mengetahui,\n{head},").format(head=knowing), answers.get("signature_witness")),
    ]


def _signatory(title: str, signature: Any, name: str = "", below: str = "") -> Signatory:
    signed = signature.get("name") if isinstance(signature, Mapping) else ""
    return Signatory(title, signature, str(signed or name), below)
