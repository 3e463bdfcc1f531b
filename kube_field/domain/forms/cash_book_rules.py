"""What is strange in a cash book: every word is a warning that the officer confirms or mends, or a quiet hint.

Facts of the context: `previous` (answers of the last visit). Shares are compared by multiplying, never by dividing.
"""

from __future__ import annotations

from collections.abc import Iterator
from gettext import gettext as _

from kube_field.domain.dates import show_date
from kube_field.domain.forms.answered import day, fact, keterangan, peringatan, whole
from kube_field.domain.forms.cash_book import FINANCE_3, PROPOSED, WEEKS, CashBook, cash_book, figures_of
from kube_field.domain.forms.declaration import Context, Finding
from kube_field.domain.forms.visit_computed import period_days
from kube_field.domain.money import show_rupiah
from kube_field.domain.records import Answers

TOLERATED_IDR, TOLERATED_PERCENT = 50_000, 10
"""Cash may differ by so much, or by this share of the sales, whichever is more."""
FAR_TIMES = 2
"""Sales of 30 days that are more than twice or less than half of last time's are far from them."""
LABELS = {question.code: question.label for question in FINANCE_3.questions}


def cash_book_rule(answers: Answers, context: Context) -> Iterator[Finding]:
    """Everything that is said about a book that says something."""
    book = cash_book(answers)
    if book is None:
        return
    yield from _weeks(book, answers)
    yield from _goods(book)
    yield from _cash(book)
    yield from _coverage(book, period_days(answers, context))
    yield from _far_from_last(book, fact(context, "previous"), context)
    yield from _differs(book, answers, context)


def _weeks(book: CashBook, answers: Answers) -> Iterator[Finding]:
    start, end = day(answers, "period_from"), day(answers, "period_to")
    seen: set[object] = set()
    for week in book.weeks:
        if week.start is None or week.end is None:
            continue
        if start is not None and end is not None and (week.start < start or week.end > end):
            message = _("Minggu {day} di luar masa laporan.").format(day=show_date(week.start))
            yield peringatan("BOOK_WEEK_OUTSIDE", WEEKS, message, week.at, "sold_idr")
        if week.start in seen:
            message = _("Minggu {day} tercatat dua kali.").format(day=show_date(week.start))
            yield peringatan("BOOK_WEEK_TWICE", WEEKS, message, week.at, "sold_idr")
        seen.add(week.start)
        if "sold_idr" not in week.amounts:
            message = _("Penjualan minggu ini kosong; tulis 0 bila tidak ada.")
            yield peringatan("BOOK_SOLD_EMPTY", WEEKS, message, week.at, "sold_idr")


def _goods(book: CashBook) -> Iterator[Finding]:
    sold, cost = book.total("sold_idr"), book.cost_of_goods
    if sold > 0 and not book.total("bought_idr") and not book.stock_start:
        yield peringatan("BOOK_SOLD_FROM_NOTHING", WEEKS, _("Ada penjualan, tetapi tidak ada pembelian dan stok awal."))
    elif cost is not None and (cost < 0 or (cost == 0 and sold > 0)):
        message = _("Barang yang dipakai di rumah dan stok akhir tidak mungkin sebanyak itu; laba melebihi omzet.")
        yield peringatan("BOOK_GOODS_APPEAR", "book_stock_end_idr", message)
    elif cost is not None and cost > sold:
        message = _("Barang terjual di bawah harga beli. Periksa stok akhir dan barang yang dipakai di rumah.")
        yield peringatan("BOOK_SOLD_BELOW_COST", "book_stock_end_idr", message)


def _cash(book: CashBook) -> Iterator[Finding]:
    difference = book.cash_difference
    if difference is None or abs(difference) <= TOLERATED_IDR:
        return
    if abs(difference) * 100 <= book.total("sold_idr") * TOLERATED_PERCENT:
        return
    amount = show_rupiah(abs(difference))
    if difference > 0:
        message = _("Kas akhir lebih {amount} dari hitungan. Ada uang masuk yang belum dicatat?")
    else:
        message = _("Kas akhir kurang {amount} dari hitungan. Ada uang untuk keluarga atau belanja yang belum dicatat?")
    yield peringatan("BOOK_CASH_DIFFERS", "book_cash_end_idr", message.format(amount=amount))


def _coverage(book: CashBook, days: int | None) -> Iterator[Finding]:
    if days is not None and book.days < days:
        message = _("Kas mencatat {covered} dari {days} hari; angka usulan dihitung untuk seluruh masa laporan.")
        yield keterangan("BOOK_PART_OF_PERIOD", WEEKS, message.format(covered=book.days, days=days))


def _far_from_last(book: CashBook, before: Answers, context: Context) -> Iterator[Finding]:
    then, then_days = whole(before, "revenue_idr"), period_days(before, context)
    if not then or not then_days or not book.days:
        return
    now, last = book.total("sold_idr") * then_days, then * book.days
    if now > last * FAR_TIMES or now * FAR_TIMES < last:
        message = _("Penjualan jauh berbeda dari kunjungan lalu. Periksa jumlah nol.")
        yield peringatan("BOOK_FAR_FROM_LAST", WEEKS, message)


def _differs(book: CashBook, answers: Answers, context: Context) -> Iterator[Finding]:
    told = figures_of(book, period_days(answers, context))
    other = [
        code
        for code in PROPOSED
        if code in told and (typed := whole(answers, code)) is not None and typed != told[code]
    ]
    if other:
        names = ", ".join(_(LABELS[code]) for code in other)
        message = _("Berbeda dari kas usaha: {names}.").format(names=names)
        yield peringatan("BOOK_DIFFERS", other[0], message)
