"""BERITA ACARA SERAH TERIMA and BERITA ACARA PERUBAHAN (handbook 9.4), from a frozen fact or a draft of one.

Everything on it comes from the fact's answers and snapshot, so a reprint is byte for byte the same paper.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from gettext import gettext as _
from typing import Any

from kube_field.domain.dates import date_in_words
from kube_field.domain.forms.aid_rules import PRICE, short_words
from kube_field.domain.forms.answered import rows, text, whole
from kube_field.domain.forms.goods import line_total, quantity, quantity_words, sum_of_lines
from kube_field.domain.money import amount_in_words, group_thousands
from kube_field.domain.records import Fact
from kube_field.reference import Reference
from kube_field.reports.aid_annexes import member_annex, photo_annex
from kube_field.reports.fonts import Face, load_fonts
from kube_field.reports.footer import PageFurniture
from kube_field.reports.layout import Placed, Sheet, Strip, draw_pages, gap, paginate, paragraph, tied
from kube_field.reports.letterhead import letterhead
from kube_field.reports.marked import marked_paragraph
from kube_field.reports.material import Material
from kube_field.reports.pen import Pen
from kube_field.reports.signatures import Signatory, register_line, signature_block
from kube_field.reports.tables import Column, Row, data_table, key_values
from kube_field.reports.visit_report import origin_of
from kube_field.reports.wording import BLANK, day, said_of

SIZE = 10.5
SUBTITLE = 11
TABLE_SIZE = 8.5
PARTY_INDENT = 14.0


def render_aid_minutes(
    fact: Fact, *, reference: Reference, photos: Callable[[str], bytes | None], watermark: str = ""
) -> bytes:
    """The minutes as PDF. `photos` gives a photo's JPEG bytes by its SHA-256, None where this laptop does not hold it.

    Raises: KubeFieldError when the program's font files are damaged.
    """
    fonts, sheet = load_fonts(), Sheet()
    material = Material(fonts, sheet.text_width, fact, said_of(fact), reference, photos)
    pages: list[list[Placed]] = paginate(_strips(material), sheet.text_height)
    for annex in (photo_annex(material), member_annex(material, _group_name(material.word("owner_name")))):
        pages += paginate(annex, sheet.text_height) if annex else []
    title = f"{_title(material)} {fact.number}".strip()
    pen = Pen((sheet.width, sheet.height), fonts.printable(title), fonts)
    return draw_pages(pen, pages, sheet, PageFurniture(origin_of(fact), sheet, watermark))


def is_change(material: Material) -> bool:
    """True for a Berita Acara Perubahan."""
    return material.fact.answers.get("bast_type") == "perubahan"


def _title(material: Material) -> str:
    return _("Berita Acara Perubahan") if is_change(material) else _("Berita Acara Serah Terima")


def _strips(material: Material) -> list[Strip]:
    parts = _change_parts(material) if is_change(material) else _handover_parts(material)
    return [*_head(material), *_parties(material), *parts, *_closing(material)]


def _head(material: Material) -> list[Strip]:
    fonts, width = material.fonts, material.width
    kop = material.frozen("kop")
    emblem = material.photos(str(kop["emblem_sha256"])) if kop.get("emblem_sha256") else None
    number = _("Nomor: {number}").format(number=material.fact.number or BLANK)
    titles = []
    for at, line in enumerate(_title_lines(material)):
        titles += paragraph(fonts, line, width, face=Face.BOLD, size=13 if at == 0 else SUBTITLE, align="center")
    titles += paragraph(fonts, number, width, size=SIZE, align="center")
    return [*letterhead(fonts, kop, width, emblem), *tied(titles), gap(8)]


def _title_lines(material: Material) -> list[str]:
    if is_change(material):
        changed = material.frozen("changed_document")
        number = str(changed.get("number") or BLANK)
        what = _("Berita Acara Perubahan") if "/BAP/" in number else _("Berita Acara Serah Terima")
        about = _("atas {what} Nomor {number}").format(what=what, number=number)
        of = _("tanggal {day}").format(day=day(changed.get("handover_on")))
        whole = f"{about} {of}"
        fits = material.fonts.width(whole, Face.BOLD, SUBTITLE) <= material.width
        return [_("BERITA ACARA PERUBAHAN"), whole if fits else f"{about}\n{of}"]
    line = _("{what} kepada {whom}").format(what=_what_is_given(material), whom=_whom(material))
    return [_("BERITA ACARA SERAH TERIMA BANTUAN"), line]


def _what_is_given(material: Material) -> str:
    kinds = {str(row.get("kind")) for _at, row in rows(material.fact.answers, "items")}
    goods, money = _("Peralatan dan Bahan Usaha"), _("Modal Usaha")
    if kinds == {"uang"}:
        return money
    return f"{goods} {_('serta')} {money}" if "uang" in kinds else goods


def _whom(material: Material) -> str:
    name = material.word("owner_name")
    if material.is_group:
        return _group_name(name)
    title = _("Sdri.") if material.word("receiver", "sex") == "P" else _("Sdr.")
    return f"{title} {name or BLANK}"


def _group_name(name: str) -> str:
    return name if name.upper().startswith("KUBE") else f"KUBE {name}".strip()


def _parties(material: Material) -> list[Strip]:
    """Who hands over and who receives, with the day in words."""
    fonts, width, answers = material.fonts, material.width, material.fact.answers
    on = text(answers, "changed_on") if is_change(material) else text(answers, "handover_on")
    opening = _("{day}, bertempat di {place}, kami yang bertanda tangan di bawah ini:").format(
        day=_in_words(on), place=material.said.text("place")
    )
    giver, receiver = material.frozen("giver"), material.frozen("receiver")
    first = [
        (_("Nama"), str(giver.get("name") or "")),
        (_("NIP"), str(giver.get("employee_number") or "")),
        (_("Jabatan"), material.said.text("handed_by_position")),
    ]
    second = [
        (_("Nama"), str(receiver.get("name") or "")),
        (_("NIK"), str(receiver.get("nik") or "")),
        (_("Jabatan"), _receiver_position(material)),
        (_("Alamat"), str(receiver.get("address") or "")),
    ]
    acting = _("dalam hal ini bertindak untuk dan atas nama {office}, selanjutnya disebut **PIHAK KESATU**;").format(
        office=str(giver.get("office") or _("Dinas Sosial"))
    )
    called = _("selanjutnya disebut **PIHAK KEDUA**.")
    return [
        *paragraph(fonts, opening, width, size=SIZE),
        gap(4),
        *_party(material, "1.", first, acting),
        gap(3),
        *_party(material, "2.", second, called),
        gap(6),
    ]


def _in_words(on: str) -> str:
    try:
        return date_in_words(on)
    except ValueError:
        return _("Pada hari ini, {blank}").format(blank="……………………")


def _party(material: Material, number: str, pairs: list[tuple[str, str]], words: str) -> list[Strip]:
    """One party: its number at the margin, label and value under each other, and what it is called."""
    fonts, width = material.fonts, material.width - PARTY_INDENT
    strips = key_values(fonts, pairs, width, label_width=62, size=SIZE)
    strips += marked_paragraph(fonts, words, width, size=SIZE)
    told = [_moved(strip) for strip in strips]
    told[0] = _numbered(told[0], number)
    return tied(told)


def _moved(strip: Strip) -> Strip:
    inner = strip.draw
    return replace(strip, draw=lambda pen, x, top: inner(pen, x + PARTY_INDENT, top))


def _numbered(strip: Strip, number: str) -> Strip:
    inner = strip.draw

    def draw(pen: Pen, x: float, top: float) -> None:
        pen.text(x, top - SIZE * 1.08, number, Face.REGULAR, SIZE)
        inner(pen, x, top)

    return replace(strip, draw=draw)


def _receiver_position(material: Material) -> str:
    if material.is_group:
        return _("Ketua {group}").format(group=_group_name(material.word("owner_name")))
    return _("Penerima bantuan")


def _handover_parts(material: Material) -> list[Strip]:
    """The articles of the handover; those that do not apply are left out and the others keep counting."""
    fonts, width = material.fonts, material.width
    basis = str(material.fact.answers.get("basis") or material.word("batch", "legal_basis")).strip().rstrip(".,;")
    opening = _("Berdasarkan {basis}, kedua pihak menyatakan:") if basis else _("Kedua pihak menyatakan:")
    strips = [*paragraph(fonts, opening.format(basis=basis), width, size=SIZE), gap(4)]
    for at, article in enumerate(_articles(material), start=1):
        words = _("**Pasal {n}.** {text}").format(n=at, text=article)
        strips += marked_paragraph(fonts, words, width, size=SIZE)
        strips += [gap(4), *_goods_part(material)] if at == 1 else [gap(4)]
    return _with_closing_kept(strips)


def _with_closing_kept(strips: list[Strip]) -> list[Strip]:
    """The last article stays with the signatures, which never stand on a page almost alone."""
    return [*strips[:-2], replace(strips[-2], keep=True), replace(strips[-1], keep=True)]


def _articles(material: Material) -> list[str]:
    given = _(
        "PIHAK KESATU menyerahkan kepada PIHAK KEDUA, dan PIHAK KEDUA menerima dari PIHAK KESATU, bantuan {package} "
        "dalam keadaan baik dan lengkap, dengan rincian:"
    )
    use = _(
        "Bantuan digunakan hanya untuk usaha {business} sesuai rencana usaha dan **tidak boleh dijual, digadaikan, "
        "atau dipindahtangankan** tanpa persetujuan tertulis Dinas Sosial."
    )
    common = _(
        "Bantuan merupakan aset kelompok dan bukan milik perorangan; anggota yang keluar tidak membawa bagian bantuan."
    )
    visits = _(
        "PIHAK KEDUA bersedia mengikuti bimbingan, mencatat keuangan usaha, dan menerima kunjungan pemantauan secara "
        "berkala."
    )
    following = whole(material.frozen("tranche"), "next_after_visit")
    later = _("Pencairan tahap ke-{n} dilakukan setelah hasil pemantauan menyatakan usaha berjalan.")
    business = material.word("business", "idea_name") or BLANK
    return [
        given.format(package=_package(material)),
        use.format(business=business),
        *([common] if material.is_group else []),
        visits,
        *([later.format(n=following)] if following else []),
    ]


def _package(material: Material) -> str:
    """The batch with its year, and the tranche where there are several."""
    name, year = material.word("batch", "name"), material.word("batch", "year")
    told = name if not year or year in name else f"{name} {year}"
    tranche = material.frozen("tranche")
    if (whole(tranche, "of") or 0) > 1:
        told = _("{package}, tahap ke-{n}").format(package=told, n=tranche.get("no"))
    return told or BLANK


def _goods_part(material: Material) -> list[Strip]:
    """The table of what was handed over, its sum in words, and what is missing."""
    fonts, width = material.fonts, material.width
    columns = [
        Column(_("No"), 5, "center"),
        Column(_("Nama barang/bahan"), 24),
        Column(_("Merek/spesifikasi/\nnomor seri"), 21),
        Column(_("Jumlah"), 9, "right"),
        Column(_("Satuan"), 9),
        Column(_("Harga satuan (Rp)"), 16, "right"),
        Column(_("Jumlah (Rp)"), 17, "right"),
        Column(_("Keadaan"), 11),
    ]
    items = [row for _at, row in rows(material.fact.answers, "items")]
    total = sum_of_lines(line_total(row, PRICE) for row in items)
    body = [Row(_goods_cells(material, at, row)) for at, row in enumerate(items, start=1)]
    body.append(Row(("", _("Jumlah"), "", "", "", "", _sen(total), ""), bold=True))
    strips = data_table(fonts, columns, body, width, size=TABLE_SIZE)
    strips[-2 if len(body) > 1 else -1] = replace(strips[-2 if len(body) > 1 else -1], keep=True)
    if total is not None:
        words = _("Jumlah Rp{amount} ({words}).").format(amount=_sen(total), words=amount_in_words(total))
        strips += [gap(3), *paragraph(fonts, words, width, face=Face.BOLD, size=10)]
    if money := _transfer_words(material):
        strips += [gap(2), *paragraph(fonts, money, width, size=10)]
    if missing := _missing_words(material, items):
        strips += [gap(2), *paragraph(fonts, missing, width, size=10)]
    return [*strips, gap(6)]


def _goods_cells(material: Material, at: int, row: Mapping[str, Any]) -> tuple[str, ...]:
    number = quantity(row)
    kept = ", ".join(part for code in ("brand", "spec", "serial_number") if (part := text(row, code)))
    return (
        str(at),
        text(row, "name") or BLANK,
        kept or BLANK,
        quantity_words(number) if number is not None else BLANK,
        material.said.cell("items", row, "unit"),
        _sen(whole(row, PRICE)),
        _sen(line_total(row, PRICE)),
        material.said.cell("items", row, "condition"),
    )


def _sen(amount: int | None) -> str:
    """An amount as minutes spell it: 1.250.000,00 (handbook 3.4)."""
    return BLANK if amount is None else f"{group_thousands(amount)},00"


def _transfer_words(material: Material) -> str:
    """To which account the money went; nothing where none was handed over or it was cash."""
    answers, said = material.fact.answers, material.said
    if not text(answers, "bank_account"):
        return ""
    return _("Uang ditransfer ke rekening {bank} nomor {account} pada {day}, bukti {proof}.").format(
        bank=said.text("bank_name"),
        account=said.text("bank_account"),
        day=said.text("transferred_on"),
        proof=said.text("transfer_reference"),
    )


def _missing_words(material: Material, items: list[Mapping[str, Any]]) -> str:
    """Catatan kekurangan: short rows, planned goods that did not come at all, and the officer's own note."""
    told = [f"{text(row, 'name')}: {words.lower()}" for row in items if (words := short_words(row))]
    absent = material.fact.snapshot.get("not_handed")
    told += [_("{goods}: belum diserahkan").format(goods=goods) for goods in absent or [] if isinstance(goods, str)]
    note = text(material.fact.answers, "shortage_note")
    words = ". ".join(part for part in ("; ".join(told), note) if part)
    return _("Catatan kekurangan: {words}").format(words=words) if words else ""


def _change_parts(material: Material) -> list[Strip]:
    """What was, what it becomes and why, and the goods as they stand now."""
    fonts, width = material.fonts, material.width
    columns = [
        Column(_("No"), 5, "center"),
        Column(_("Yang diubah"), 19),
        Column(_("Semula"), 27),
        Column(_("Menjadi"), 27),
        Column(_("Alasan"), 22),
    ]
    changes = [one for one in material.fact.snapshot.get("changes") or [] if isinstance(one, Mapping)]
    body = [
        Row((str(at), *(str(one.get(code) or BLANK) for code in ("what", "before", "after", "reason"))))
        for at, one in enumerate(changes, start=1)
    ]
    opening = _("Kedua pihak sepakat mengubah berita acara tersebut sebagai berikut:")
    after = _("Dengan perubahan ini, rincian bantuan menjadi:")
    others = _("Ketentuan lain dalam berita acara tersebut tetap berlaku.")
    return [
        *paragraph(fonts, opening, width, size=SIZE),
        gap(4),
        *data_table(fonts, columns, body or [Row(("", BLANK, BLANK, BLANK, BLANK))], width, size=TABLE_SIZE),
        gap(6),
        *(replace(strip, keep=True) for strip in paragraph(fonts, after, width, size=SIZE)),
        gap(4),
        *_goods_part(material),
        *paragraph(fonts, others, width, size=SIZE),
        gap(4),
    ]


def _closing(material: Material) -> list[Strip]:
    """The last sentence and everybody who signs, on one page."""
    fonts, width, answers = material.fonts, material.width, material.fact.answers
    words = _(
        "Demikian Berita Acara ini dibuat dengan sebenarnya dalam rangkap {n} untuk dipergunakan sebagaimana mestinya."
    ).format(n=answers.get("copies") or 2)
    giver = material.frozen("giver")
    name, number = str(giver.get("name") or ""), str(giver.get("employee_number") or "")
    parties = [
        _signatory(_("PIHAK KEDUA,"), answers.get("signature_recipient"), material.word("receiver", "name")),
        _signatory(_("PIHAK KESATU,"), answers.get("signature_staff"), name, register_line(number)),
    ]
    village = material.word("address", "village")
    head = material.word("head_title") or _("Kepala Desa/Lurah")
    knowing = f"{head} {village}".strip()
    others = [
        _signatory(_("Saksi 1,"), answers.get("signature_witness_1"), _name_in(answers.get("witness_1"))),
        _signatory(_("Saksi 2,"), answers.get("signature_witness_2"), _name_in(answers.get("witness_2"))),
        _signatory(_("Mengetahui,\n{head},").format(head=knowing), answers.get("signature_head")),
    ]
    return tied(
        [
            *paragraph(fonts, words, width, size=SIZE),
            replace(gap(8), space=False),
            signature_block(fonts, parties, width, material.photos),
            replace(gap(8), space=False),
            signature_block(fonts, others, width, material.photos),
        ]
    )


def _name_in(value: Any) -> str:
    return str(value.get("name") or "") if isinstance(value, Mapping) else ""


def _signatory(title: str, signature: Any, name: str = "", below: str = "") -> Signatory:
    return Signatory(title, signature, _name_in(signature) or name, below)
