"""Part D of the visit report: the period's figures brought to 30 days, beside those of the visit before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.declaration import Context
from kube_field.domain.forms.visit_computed import per_month, period_days, profit, total_cost, working_capital
from kube_field.domain.money import accounting, group_thousands, round_half_up
from kube_field.reports.layout import Strip, gap, heading, paragraph
from kube_field.reports.material import Material
from kube_field.reports.tables import Column, Row, data_table
from kube_field.reports.wording import BLANK, day, plain, special, whole

COSTS = (
    ("cost_material_idr", "Biaya bahan"),
    ("cost_labor_idr", "Upah"),
    ("cost_transport_idr", "Angkutan"),
    ("cost_rent_utilities_idr", "Sewa/listrik/air"),
    ("cost_other_idr", "Biaya lain"),
)
BALANCES = (
    ("cash_idr", "Kas"),
    ("stock_idr", "Nilai stok"),
    ("receivable_idr", "Piutang tertagih"),
    ("payable_idr", "Utang usaha"),
)
SAVED = ("profit_use_tabungan_idr", "profit_use_iks_idr")
NO_CONTEXT = Context(today=date.min)
"""The sums of a visit need nothing but its answers."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The money answers of one visit; a sum with an unknown part is unknown, never a part of itself."""

    answers: Mapping[str, Any]
    days: int | None

    def amount(self, code: str) -> int | None:
        """One answer in rupiah."""
        return whole(self.answers.get(code))

    @property
    def cost(self) -> int | None:
        """All costs of the period."""
        return total_cost(self.answers, NO_CONTEXT)

    @property
    def profit(self) -> int | None:
        """Revenue less costs; below zero for a loss."""
        return profit(self.answers, NO_CONTEXT)

    @property
    def working_capital(self) -> int | None:
        """Cash, stock and collectable receivables less payables, on the day of the visit."""
        return working_capital(self.answers, NO_CONTEXT)

    @property
    def saved(self) -> int | None:
        """What of the period's profit went into savings and the solidarity fund; None when neither was asked."""
        known = [amount for amount in map(self.amount, SAVED) if amount is not None]
        return sum(known) if known else None

    def monthly(self, amount: int | None) -> int | None:
        """An amount of the period brought to 30 days, halves away from zero."""
        return per_month(amount, self.days)


def finance_part(material: Material) -> list[Strip]:
    """Part D whole: heading, period and source, table, note."""
    fonts, width = material.fonts, material.width
    note = _(
        "Kas, stok, piutang, utang, modal kerja, dan cicilan adalah keadaan pada hari kunjungan, tidak dihitung "
        "per 30 hari. Angka dalam kurung berarti rugi atau kurang."
    )
    table = data_table(fonts, _columns(), _rows(material), width, size=9)
    return [
        *heading(fonts, _("D. KEUANGAN USAHA"), width),
        *[_kept(strip) for strip in paragraph(fonts, _period(material), width, size=9.5)],
        _kept(gap(3)),
        *table,
        *paragraph(fonts, note, width, size=8),
    ]


def _kept(strip: Strip) -> Strip:
    return replace(strip, keep=True, space=False)


def _columns() -> list[Column]:
    return [
        Column(_("Uraian"), 33),
        Column(_("Kunjungan ini (Rp)"), 17, "right"),
        Column(_("Per 30 hari (Rp)"), 17, "right"),
        Column(_("Kunjungan lalu per 30 hari (Rp)"), 18, "right"),
        Column(_("Perubahan"), 15, "right"),
    ]


def _period(material: Material) -> str:
    answers = material.fact.answers
    days = period_days(answers, NO_CONTEXT)
    return _("Masa laporan {start} s.d. {end} ({days} hari) · Sumber angka: {source}").format(
        start=day(answers.get("period_from")),
        end=day(answers.get("period_to")),
        days=BLANK if days is None else days,
        source=material.said.text("figures_source").lower(),
    )


def _rows(material: Material) -> list[Row]:
    answers = material.fact.answers
    now = Figures(answers, period_days(answers, NO_CONTEXT))
    before = _previous(material)
    rows = [_flow(_("Omzet"), "revenue_idr", now, before)]
    rows += [_flow(_(label), code, now, before) for code, label in COSTS]
    rows.append(_reckoned(_("Jumlah biaya"), (now, now.cost), (before, before.cost), bold=True))
    rows.append(_reckoned(_("Laba (Rugi)"), (now, now.profit), (before, before.profit), bold=True))
    rows += [_balance(_(label), code, now, before) for code, label in BALANCES]
    rows.append(_capital(material, now, before))
    rows.append(_balance(_("Cicilan per bulan"), "debt_instalment_month_idr", now, before))
    rows.append(_reckoned(_("Tabungan/IKS"), (now, now.saved), (before, before.saved)))
    return rows


def _previous(material: Material) -> Figures:
    frozen = material.frozen("previous")
    answers = frozen.get("answers")
    answers = answers if isinstance(answers, Mapping) else {}
    days = whole(frozen.get("period_days")) or period_days(answers, NO_CONTEXT)
    return Figures(answers, days)


def _flow(label: str, code: str, now: Figures, before: Figures) -> Row:
    """A row of what came in or went out during the period."""
    return _line(
        label,
        _shown(now.answers.get(code)),
        now.monthly(now.amount(code)),
        before.monthly(before.amount(code)),
    )


def _reckoned(
    label: str, now: tuple[Figures, int | None], before: tuple[Figures, int | None], *, bold: bool = False
) -> Row:
    """A row of a sum over the period."""
    return _line(label, money(now[1]), now[0].monthly(now[1]), before[0].monthly(before[1]), bold=bold)


def _balance(label: str, code: str, now: Figures, before: Figures) -> Row:
    """A row of what was there on the day: the same in every column but the 30 days."""
    return _standing(label, _shown(now.answers.get(code)), now.amount(code), before.amount(code))


def _capital(material: Material, now: Figures, before: Figures) -> Row:
    capital, base = now.working_capital, whole(material.fact.snapshot.get("working_capital_base_idr"))
    label = _("Modal kerja sekarang")
    if capital is not None and base:
        percent = round_half_up(capital * 100, base)
        label = _("Modal kerja sekarang ({percent}% dari modal awal)").format(percent=accounting(percent))
    return _standing(label, money(capital), capital, before.working_capital, bold=True)


def _standing(label: str, shown: str, now: int | None, before: int | None, *, bold: bool = False) -> Row:
    return Row((label, shown, "", money(before), change(now, before)), bold=bold)


def _line(label: str, shown: str, monthly: int | None, before: int | None, *, bold: bool = False) -> Row:
    return Row((label, shown, money(monthly), money(before), change(monthly, before)), bold=bold)


def _shown(answer: Any) -> str:
    """An answer as an amount, in the words for what was not answered, or as it was typed in a draft."""
    amount = whole(answer)
    return special(answer) or (plain(answer) if amount is None else money(amount))


def money(amount: int | None) -> str:
    """An amount of a table: dot groups, a loss in brackets, a dash for unknown."""
    return BLANK if amount is None else accounting(amount)


def change(now: int | None, before: int | None) -> str:
    """How much more (+) or less (brackets) than at the visit before."""
    if now is None or before is None:
        return BLANK
    difference = now - before
    return f"+{group_thousands(difference)}" if difference > 0 else accounting(difference)
