"""Kas usaha: the money of a business by weeks, from its notebook or from memory (issue "Kas KUBE helper").

What the weeks and the states at start and end give (turnover, cost of goods, profit, cash) is proposed to the finance
part of the visit; the officer decides. Whole rupiah, sums exact, no order of the weeks matters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from gettext import gettext as _
from typing import Any

from kube_field.domain.dates import show_date
from kube_field.domain.forms.answered import day, rows, text, whole
from kube_field.domain.forms.declaration import Context, Kind, Propose, Proposed, Question, Section, choices
from kube_field.domain.forms.visit_computed import per_month, period_days
from kube_field.domain.forms.visit_finance import FINANCE, SOFT_LIMIT_IDR
from kube_field.domain.forms.visit_sections import somebody
from kube_field.domain.money import round_half_up, show_rupiah
from kube_field.domain.records import Answers

SECTION = "K"
WEEKS, PERIOD = "cash_weeks", "book_period"
AMOUNTS = ("sold_idr", "bought_idr", "home_idr", "wages_idr", "other_idr")
WEEK_DAYS = 7
USUAL_WEEKS, MOST_WEEKS = 5, 9
"""So many weeks are laid out, and so many fit on the one page that is printed."""
WEEK_SOFT_LIMIT_IDR = 25_000_000


@dataclass(frozen=True, slots=True)
class Week:
    """One week; `at` is its place in the table. An amount that was left blank counts as nothing."""

    at: int
    start: date | None
    end: date | None
    amounts: Mapping[str, int]

    @property
    def days(self) -> int:
        """Days of the week, both ends included; 0 when they are not known."""
        if self.start is None or self.end is None or self.end < self.start:
            return 0
        return (self.end - self.start).days + 1

    @property
    def left_over(self) -> int:
        """What the week brought in cash: sales less purchases, wages and other costs."""
        return self.of("sold_idr") - self.of("bought_idr") - self.of("wages_idr") - self.of("other_idr")

    def of(self, code: str) -> int:
        """One amount."""
        return self.amounts.get(code, 0)


@dataclass(frozen=True, slots=True)
class CashBook:
    """The weeks that say something, and the states at start and end; None is not known."""

    weeks: tuple[Week, ...]
    cash_start: int | None
    cash_end: int | None
    stock_start: int | None
    stock_end: int | None
    drawn: int | None

    @property
    def days(self) -> int:
        """Days that the weeks cover."""
        return sum(week.days for week in self.weeks)

    def total(self, code: str) -> int:
        """Sum of one column."""
        return sum(week.of(code) for week in self.weeks)

    @property
    def goods_in(self) -> int | None:
        """Goods that could be sold: stock at the start and what was bought."""
        return None if self.stock_start is None else self.stock_start + self.total("bought_idr")

    @property
    def cost_of_goods(self) -> int | None:
        """HPP: goods that could be sold less those used at home and those still there; None without both stocks."""
        if self.goods_in is None or self.stock_end is None:
            return None
        return self.goods_in - self.total("home_idr") - self.stock_end

    @property
    def gross_profit(self) -> int | None:
        """Sales less the cost of what was sold."""
        cost = self.cost_of_goods
        return None if cost is None else self.total("sold_idr") - cost

    @property
    def profit(self) -> int | None:
        """What is left after wages and other costs; below zero is a loss."""
        gross = self.gross_profit
        return None if gross is None else gross - self.total("wages_idr") - self.total("other_idr")

    @property
    def cash_expected(self) -> int | None:
        """Cash that should be there: cash at the start, what the weeks brought, less what was taken for the family."""
        if self.cash_start is None:
            return None
        return self.cash_start + sum(week.left_over for week in self.weeks) - (self.drawn or 0)

    @property
    def cash_difference(self) -> int | None:
        """Counted cash less expected cash."""
        expected = self.cash_expected
        return None if expected is None or self.cash_end is None else self.cash_end - expected


def cash_book(answers: Answers) -> CashBook | None:
    """The book in these answers; None while no week says anything."""
    weeks = tuple(week for at, row in rows(answers, WEEKS) if (week := _week(at, row)).amounts)
    if not weeks:
        return None
    return CashBook(
        weeks,
        cash_start=whole(answers, "book_cash_start_idr"),
        cash_end=whole(answers, "book_cash_end_idr"),
        stock_start=whole(answers, "book_stock_start_idr"),
        stock_end=whole(answers, "book_stock_end_idr"),
        drawn=whole(answers, "book_drawn_idr"),
    )


def _week(at: int, row: Mapping[str, Any]) -> Week:
    told = {code: amount for code in AMOUNTS if (amount := whole(row, code)) is not None}
    return Week(at, day(row, "week_from"), day(row, "week_to"), told)


def weeks_of_period(answers: Answers, context: Context) -> list[dict[str, str]]:
    """Rows for the period in pieces of seven days, the last ones of a long period; the last piece may be shorter."""
    start, end = day(answers, "period_from"), day(answers, "period_to")
    if start is None or end is None or period_days(answers, context) is None:
        return []
    last = (end - start).days
    begins = range(0, last + 1, WEEK_DAYS)[-USUAL_WEEKS:]
    pairs = ((start + timedelta(days=at), start + timedelta(days=min(at + WEEK_DAYS - 1, last))) for at in begins)
    return [{"id": str(begin), "week_from": str(begin), "week_to": str(until)} for begin, until in pairs]


def brought_to_period(amount: int | None, book: CashBook, days: int | None) -> int | None:
    """An amount of the weeks brought to the reported period, half up; the same where they cover all of it."""
    if amount is None or not days or not book.days:
        return None
    return amount if book.days == days else round_half_up(amount * days, book.days)


def book_words(answers: Answers, context: Context) -> str | None:
    """The book in one line; None while it is empty."""
    book = cash_book(answers)
    if book is None:
        return None
    revenue = per_month(book.total("sold_idr"), book.days)
    words = [_("{n} minggu dicatat.").format(n=len(book.weeks))]
    if revenue is not None:
        words.append(_("Omzet 30 hari {amount}.").format(amount=show_rupiah(revenue)))
    return " ".join([*words, *_profit_words(book)])


def _profit_words(book: CashBook) -> Iterator[str]:
    profit = per_month(book.profit, book.days)
    if profit is not None:
        told = _("Laba 30 hari {amount}.") if profit >= 0 else _("Rugi 30 hari {amount}.")
        yield told.format(amount=show_rupiah(abs(profit)))


def figures_of(book: CashBook, days: int | None) -> dict[str, int]:
    """What the book says about the finance part, by question; a figure that it cannot give or that cannot be is not in.

    Carriage, rent and light stand in the notebook's other costs, so their own questions are nothing.
    """
    flows = {
        "revenue_idr": book.total("sold_idr"),
        "cost_material_idr": book.cost_of_goods,
        "cost_labor_idr": book.total("wages_idr"),
        "cost_transport_idr": 0,
        "cost_rent_utilities_idr": 0,
        "cost_other_idr": book.total("other_idr"),
    }
    told = {code: brought_to_period(amount, book, days) for code, amount in flows.items()}
    told |= {"cash_idr": book.cash_end, "stock_idr": book.stock_end}
    return {code: amount for code, amount in told.items() if amount is not None and amount >= 0}


def _propose_weeks(answers: Answers, context: Context) -> Proposed | None:
    weeks = weeks_of_period(answers, context)
    return Proposed(weeks) if weeks else None


def _propose_source(answers: Answers, _context: Context) -> Proposed | None:
    source = text(answers, "book_source")
    return Proposed(source, _("menurut kas usaha")) if source and cash_book(answers) is not None else None


def _propose_figure(code: str) -> Propose:
    def propose(answers: Answers, context: Context) -> Proposed | None:
        book = cash_book(answers)
        if book is None:
            return None
        days = period_days(answers, context)
        amount = figures_of(book, days).get(code)
        return None if amount is None else Proposed(amount, _words_of(code, book, days))

    return propose


def _words_of(code: str, book: CashBook, days: int | None) -> str:
    if code in ("cost_transport_idr", "cost_rent_utilities_idr"):
        return _("sudah termasuk biaya lain pada kas usaha")
    if code not in ("cash_idr", "stock_idr") and days is not None and book.days != days:
        return _("menurut kas usaha {covered} hari, dihitung untuk {days} hari").format(covered=book.days, days=days)
    return _("menurut kas usaha")


def _period_words(answers: Answers, context: Context) -> str | None:
    start, end = day(answers, "period_from"), day(answers, "period_to")
    days = period_days(answers, context)
    if start is None or end is None or days is None:
        return _("Isi dahulu masa laporan pada bagian Keuangan usaha.")
    return _("{start} s.d. {end} ({n} hari)").format(start=show_date(start), end=show_date(end), n=days)


def _amount(code: str, label: str, help_text: str = "", soft_limit: int = WEEK_SOFT_LIMIT_IDR) -> Question:
    return Question(code=code, label=label, kind=Kind.RUPIAH, soft_limit=soft_limit, help=help_text)


CASH_BOOK = Section(
    code=SECTION,
    title="Kas usaha",
    applies_if=somebody,
    questions=(
        Question(code=PERIOD, label="Masa laporan", kind=Kind.COMPUTED, compute=_period_words),
        Question(
            code=WEEKS,
            label="Catatan per minggu",
            kind=Kind.ROWS,
            at_most=MOST_WEEKS,
            grid=True,
            propose=_propose_weeks,
            columns=(
                Question(code="week_from", label="Dari", kind=Kind.DATE, fixed=True),
                Question(code="week_to", label="Sampai", kind=Kind.DATE, fixed=True),
                _amount("sold_idr", "Jual", "Uang penjualan minggu itu"),
                _amount("bought_idr", "Beli", "Belanja bahan dan barang dagangan"),
                _amount("home_idr", "Dipakai di rumah", "Barang usaha yang dipakai keluarga, menurut harga beli"),
                _amount("wages_idr", "Upah"),
                _amount("other_idr", "Biaya lain", "Angkutan, listrik, sewa, dan lainnya"),
            ),
        ),
        _amount("book_cash_start_idr", "Kas awal", "Uang usaha pada hari pertama", SOFT_LIMIT_IDR),
        _amount("book_cash_end_idr", "Kas akhir", "Uang usaha yang dihitung sekarang", SOFT_LIMIT_IDR),
        _amount(
            "book_stock_start_idr", "Stok awal", "Nilai barang pada hari pertama, menurut harga beli", SOFT_LIMIT_IDR
        ),
        _amount("book_stock_end_idr", "Stok akhir", "Nilai barang sekarang, menurut harga beli", SOFT_LIMIT_IDR),
        _amount("book_drawn_idr", "Uang untuk keluarga", "Uang usaha yang diambil untuk rumah tangga", SOFT_LIMIT_IDR),
        Question(
            code="book_source",
            label="Sumber catatan",
            kind=Kind.ONE_OF,
            choices=choices(("buku_kas", "Buku kas"), ("nota", "Nota"), ("ingatan", "Ingatan")),
        ),
    ),
)
"""Filled in on a page of its own, which the finance part opens; all of it may stay empty."""

PROPOSED = (
    "revenue_idr",
    "cost_material_idr",
    "cost_labor_idr",
    "cost_transport_idr",
    "cost_rent_utilities_idr",
    "cost_other_idr",
    "cash_idr",
    "stock_idr",
)
"""Money questions of the finance part that the book can answer."""
TRANSFERRED = ("figures_source", *PROPOSED)
"""Everything that can be put into the finance part."""


def _with_proposal(question: Question) -> Question:
    if question.code == "figures_source":
        return replace(question, propose=_propose_source)
    return replace(question, propose=_propose_figure(question.code)) if question.code in PROPOSED else question


def _with_book() -> Iterator[Question]:
    for question in FINANCE.questions:
        yield _with_proposal(question)
        if question.code == "period_days":
            yield Question(
                code="cash_book_words",
                label="Kas usaha",
                kind=Kind.COMPUTED,
                compute=book_words,
                opens=SECTION,
                help="Jual, beli, dan pemakaian per minggu dari buku kas atau ingatan; angkanya diusulkan di sini",
            )


FINANCE_3 = replace(FINANCE, questions=tuple(_with_book()))
"""The finance part with a door to the book, and what the book proposes."""
