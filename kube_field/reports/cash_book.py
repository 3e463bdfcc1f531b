"""BUKU KAS USAHA: the weeks of a visit's cash book and what they give, on one page, from the frozen visit alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from gettext import gettext as _

from kube_field.domain.dates import short_date, week_text
from kube_field.domain.forms.answered import read_day
from kube_field.domain.forms.cash_book import AMOUNTS, WEEKS, CashBook, Week, cash_book
from kube_field.domain.forms.visit_computed import per_month
from kube_field.domain.money import accounting
from kube_field.domain.records import Answers, Fact
from kube_field.errors import Failure, KubeFieldError
from kube_field.reference import Reference
from kube_field.reports.fonts import Face, load_fonts
from kube_field.reports.footer import PageFurniture
from kube_field.reports.layout import Sheet, Strip, draw_pages, gap, paginate, paragraph, tied
from kube_field.reports.letterhead import letterhead
from kube_field.reports.material import Material
from kube_field.reports.pen import Pen
from kube_field.reports.signatures import Signatory, register_line, signature_block
from kube_field.reports.tables import Column, Row, data_table, key_values, side_by_side
from kube_field.reports.visit_report import origin_of
from kube_field.reports.wording import BLANK, day, said_of

SIZE = 9.0
GUTTER = 16.0
ROOM = 36.0
"""Height for a signature by hand."""


def has_cash_book(fact: Fact) -> bool:
    """True for a visit whose weeks say something."""
    return cash_book(fact.answers) is not None


def render_cash_book(
    fact: Fact, *, reference: Reference, photos: Callable[[str], bytes | None], watermark: str = ""
) -> bytes:
    """The page as PDF.

    Raises: KubeFieldError when the visit has no book, or the program's font files are damaged.
    """
    book = cash_book(fact.answers)
    if book is None:
        raise KubeFieldError(
            Failure.VALIDATION,
            _("Kunjungan ini tidak berisi kas usaha."),
            _("Isi kas usaha pada bagian Keuangan usaha dahulu."),
        )
    fonts, sheet = load_fonts(), Sheet()
    material = Material(fonts, sheet.text_width, fact, said_of(fact), reference, photos)
    pages = paginate(_strips(material, book), sheet.text_height)
    title = f"{_('Buku Kas Usaha')} {fact.number}".strip()
    pen = Pen((sheet.width, sheet.height), fonts.printable(title), fonts)
    return draw_pages(pen, pages, sheet, PageFurniture(origin_of(fact), sheet, watermark))


def _strips(material: Material, book: CashBook) -> list[Strip]:
    return [
        *_head(material),
        *_particulars(material),
        gap(6),
        *_weeks(material, book),
        gap(6),
        *_result(material, book),
        *_signing(material),
    ]


def _head(material: Material) -> list[Strip]:
    fonts, width, kop = material.fonts, material.width, material.frozen("kop")
    emblem = material.photos(str(kop["emblem_sha256"])) if kop.get("emblem_sha256") else None
    number = _("Lampiran laporan kunjungan nomor {number}").format(number=material.fact.number or BLANK)
    titles = [
        *paragraph(fonts, _("BUKU KAS USAHA"), width, face=Face.BOLD, size=13, align="center"),
        *paragraph(fonts, number, width, size=10, align="center"),
    ]
    return [*letterhead(fonts, kop, width, emblem), *tied(titles), gap(6)]


def _particulars(material: Material) -> list[Strip]:
    answers, fonts = material.fact.answers, material.fonts
    half = (material.width - GUTTER) / 2
    owner = _("Nama KUBE") if material.is_group else _("Nama pemilik")
    left = [
        (owner, material.word("owner_name") or BLANK),
        (_("Jenis usaha"), material.word("business", "business_name") or material.word("business", "idea_name")),
        (_("Desa/Kelurahan"), material.word("address", "village") or BLANK),
    ]
    right = [
        (_("Masa laporan"), _period(answers)),
        (_("Sumber catatan"), material.said.text("book_source")),
        (_("Dicatat pada"), day(answers.get("visited_on"))),
    ]
    return side_by_side(
        key_values(fonts, left, half, label_width=82, size=SIZE),
        key_values(fonts, right, half, label_width=82, size=SIZE),
        half + GUTTER,
    )


def _period(answers: Answers) -> str:
    ends = [short_date(one) if (one := read_day(answers.get(code))) else BLANK for code in ("period_from", "period_to")]
    return _("{start} s.d. {end}").format(start=ends[0], end=ends[1])


def _weeks(material: Material, book: CashBook) -> list[Strip]:
    """A line a week, their sum; the last column is what the week brought in cash."""
    question = material.said.question(WEEKS)
    labels = {column.code: _(column.label) for column in question.columns} if question is not None else {}
    columns = [Column(_("Minggu"), 22)]
    columns += [Column(_("{label} (Rp)").format(label=labels.get(code, code)), 14.5, "right") for code in AMOUNTS]
    columns.append(Column(_("Sisa uang (Rp)"), 17, "right"))
    sums = [accounting(book.total(code)) for code in AMOUNTS]
    rows = [_week(week) for week in sorted(book.weeks, key=lambda week: str(week.start))]
    rows.append(Row([_("Jumlah"), *sums, accounting(sum(one.left_over for one in book.weeks))], bold=True))
    return data_table(material.fonts, columns, rows, material.width, size=8.5)


def _week(week: Week) -> Row:
    start, end = week.start, week.end
    days = f"{week_text(start, end)} {end.year}" if start is not None and end is not None else BLANK
    amounts = [accounting(week.amounts[code]) if code in week.amounts else BLANK for code in AMOUNTS]
    return Row([days, *amounts, accounting(week.left_over)])


def _money(amount: int | None) -> str:
    return BLANK if amount is None else accounting(amount)


def _result(material: Material, book: CashBook) -> list[Strip]:
    """How much the business earned at the left, whether the cash adds up at the right."""
    half = (material.width - GUTTER) / 2
    earned = [
        Row([_("Penjualan (omzet)"), _money(book.total("sold_idr"))], bold=True),
        Row([_("Stok awal"), _money(book.stock_start)]),
        Row([_("Pembelian"), _money(book.total("bought_idr"))]),
        Row([_("Dipakai di rumah"), _money(-book.total("home_idr"))]),
        Row([_("Stok akhir"), _money(None if book.stock_end is None else -book.stock_end)]),
        Row([_("Harga pokok penjualan (HPP)"), _money(book.cost_of_goods)], bold=True),
        Row([_("Laba kotor"), _money(book.gross_profit)]),
        Row([_("Upah"), _money(-book.total("wages_idr"))]),
        Row([_("Biaya lain"), _money(-book.total("other_idr"))]),
        Row([_("Laba (Rugi)"), _money(book.profit)], bold=True),
    ]
    cash = [
        Row([_("Kas awal"), _money(book.cash_start)]),
        Row([_("Sisa uang semua minggu"), _money(sum(one.left_over for one in book.weeks))]),
        Row([_("Diambil untuk keluarga"), _money(None if book.drawn is None else -book.drawn)]),
        Row([_("Kas menurut hitungan"), _money(book.cash_expected)], bold=True),
        Row([_("Kas yang dihitung (kas akhir)"), _money(book.cash_end)]),
        Row([_("Selisih kas"), _money(book.cash_difference)], bold=True),
        Row([_("Omzet per 30 hari"), _money(per_month(book.total("sold_idr"), book.days))]),
        Row([_("Laba (Rugi) per 30 hari"), _money(per_month(book.profit, book.days))]),
    ]
    left, right = (
        data_table(material.fonts, [Column(title, 64), Column(_("Rp"), 36, "right")], rows, half, size=8.5)
        for title, rows in ((_("Hasil usaha"), earned), (_("Uang kas"), cash))
    )
    note = _("Angka dalam kurung mengurangi atau berarti rugi. Dihitung dari {n} hari yang dicatat.")
    return [
        *side_by_side(left, right, half + GUTTER),
        gap(3),
        *paragraph(material.fonts, note.format(n=book.days), material.width, size=8),
    ]


def _signing(material: Material) -> list[Strip]:
    """The treasurer and the officer sign by hand; of a business of one person its owner."""
    fonts, width = material.fonts, material.width
    place = ", ".join(part for part in (material.word("place"), day(material.fact.answers.get("visited_on"))) if part)
    keeper = (
        Signatory(_("Bendahara,"), name=material.word("officers", "bendahara"))
        if material.is_group
        else Signatory(_("Pemilik usaha,"), name=material.word("owner_name"))
    )
    officer = Signatory(
        _("Petugas Pendamping,"),
        name=material.word("officer", "name") or material.fact.author_name,
        below=register_line(material.word("officer", "employee_number")),
    )
    return tied(
        [
            replace(gap(4), space=False),
            *paragraph(fonts, place, width, size=10.5, align="right"),
            replace(gap(4), space=False),
            signature_block(fonts, [keeper, officer], width, material.photos, room=ROOM),
        ]
    )
