"""Parts III to XII of the assessment form, in the wording of handbook 9.3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from gettext import gettext as _
from typing import Any

from kube_field.domain.dates import month_and_year
from kube_field.domain.forms.answered import full_total, text, whole
from kube_field.domain.forms.assessment_computed import (
    EXPENSES,
    INCOMES,
    proposed_aid_total,
)
from kube_field.domain.forms.codes import DEMAND_LEVELS, MARKETS, MATERIALS, RAW_LEVELS
from kube_field.domain.forms.declaration import Choice
from kube_field.domain.forms.goods import line_total
from kube_field.domain.money import amount_in_words, group_thousands, round_half_up, show_rupiah
from kube_field.reports.assessment_material import DOTS, ROOM, AssessmentPaper
from kube_field.reports.layout import Strip, gap
from kube_field.reports.material import day_or_none
from kube_field.reports.tables import Column, Row, data_table
from kube_field.reports.ticks import Tick, labelled_ticks, tick_lines
from kube_field.reports.visit_finance import NO_CONTEXT
from kube_field.reports.wording import BLANK, special

SUGGESTED = 5
MOST_REASONS = 3
ENOUGH = 70
"""A part with a smaller share of its points than this percentage has to be prepared."""


def money_part(paper: AssessmentPaper) -> list[Strip]:
    """III. PENGHASILAN DAN PENGELUARAN PER BULAN."""
    title = _("III. PENGHASILAN DAN PENGELUARAN PER BULAN")
    if paper.is_group:
        return paper.part(title, paper.sentence(_("Tidak ditanyakan untuk kelompok.")))
    columns = [
        Column(_("Penghasilan"), 28),
        Column(_("Rupiah"), 20, "right"),
        Column(_("Pengeluaran"), 28),
        Column(_("Rupiah"), 20, "right"),
    ]
    incomes, expenses = (
        [(_label(paper, code), _amount(paper, code)) for code in codes] for codes in (INCOMES, EXPENSES)
    )
    incomes += [("", "")] * (len(expenses) - len(incomes))
    room = ROOM if paper.blank else 0
    rows = [Row((*income, *expense), min_height=room) for income, expense in zip(incomes, expenses, strict=True)]
    totals = (_total(paper, INCOMES), _total(paper, EXPENSES))
    rows.append(Row((_("Jumlah"), totals[0], _("Jumlah"), totals[1]), bold=True, min_height=room))
    table = data_table(paper.material.fonts, columns, rows, paper.material.width, size=9)
    return paper.part(title, [*table, gap(3), *paper.sentence(_per_capita(paper))])


def _label(paper: AssessmentPaper, code: str) -> str:
    question = paper.material.said.question(code)
    return _(question.label) if question is not None else code


def _amount(paper: AssessmentPaper, code: str) -> str:
    if paper.blank:
        return ""
    value = paper.material.fact.answers.get(code)
    return special(value) or (group_thousands(value) if isinstance(value, int) else str(value))


def _total(paper: AssessmentPaper, codes: Sequence[str]) -> str:
    if paper.blank:
        return ""
    total = full_total(paper.material.fact.answers, codes)
    return BLANK if total is None else group_thousands(total)


def _per_capita(paper: AssessmentPaper) -> str:
    """`Penghasilan per kapita Rp… ({x}% dari garis kemiskinan Rp… per {bulan tahun})`, by what was frozen."""
    sentence = _("Penghasilan per kapita {amount} ({share}% dari garis kemiskinan {line} per {month}).")
    if paper.blank:
        return sentence.format(amount="Rp" + DOTS[:20], share=DOTS[:8], line="Rp" + DOTS[:20], month=DOTS[:20])
    income = full_total(paper.material.fact.answers, INCOMES)
    size, line = whole(paper.material.frozen("household"), "size"), paper.material.frozen("poverty_line")
    if income is None or not size:
        return _("Penghasilan per kapita: {blank}").format(blank=BLANK)
    each, limit = round_half_up(income, size), whole(line, "amount_idr")
    if not limit:
        return _("Penghasilan per kapita {amount}.").format(amount=show_rupiah(each))
    valid = str(line.get("valid_from"))
    return sentence.format(
        amount=show_rupiah(each),
        share=each * 100 // limit,
        line=show_rupiah(limit),
        month=month_and_year(valid) if day_or_none(valid) else BLANK,
    )


def assets_part(paper: AssessmentPaper) -> list[Strip]:
    """IV. ASET, TABUNGAN, UTANG."""
    columns = [
        Column(_("Pemberi pinjaman"), 40),
        Column(_("Sisa utang"), 30, "right"),
        Column(_("Cicilan per bulan"), 30, "right"),
    ]
    strips = [] if paper.is_group else paper.answers("savings_idr", "has_debts")
    if not paper.is_group:
        strips += paper.table("debts", columns, ("lender", "balance_idr", "instalment_idr"), 2)
    strips += paper.answers("own_capital_idr", "planned_aid_idr")
    strips += paper.pairs([(_("Alat yang dimiliki"), _tools(paper))])
    return paper.part(_("IV. ASET, TABUNGAN, UTANG"), strips)


def _tools(paper: AssessmentPaper) -> str:
    if paper.blank:
        return ""
    if paper.material.fact.answers.get("has_tools_owned") is False:
        return _("Tidak ada")
    rows = paper.rows("tools_owned")
    return ", ".join(f"{row.get('name')} ({row['qty']})" if row.get("qty") else str(row.get("name")) for row in rows)


def capacity_part(paper: AssessmentPaper) -> list[Strip]:
    """V. KETERAMPILAN DAN PENGALAMAN USAHA."""
    columns = [
        Column(_("Keterampilan"), 40),
        Column(_("Tingkat"), 26),
        Column(_("Lama (tahun)"), 17, "center"),
        Column(_("Pernah dilatih"), 17, "center"),
    ]
    strips = paper.table("skills", columns, ("skill_code", "level", "years", "training"), 4)
    strips += paper.answer("has_existing_business")
    if paper.blank or paper.material.fact.answers.get("has_existing_business") is True:
        for code in ("existing_idea_code", "existing_months", "existing_revenue_idr", "existing_profit_idr"):
            strips += paper.pairs([(_label(paper, code), "")]) if paper.blank else paper.answer(code)
    return paper.part(_("V. KETERAMPILAN DAN PENGALAMAN USAHA"), strips)


def time_part(paper: AssessmentPaper) -> list[Strip]:
    """VI. WAKTU DAN TENAGA."""
    return paper.part(_("VI. WAKTU DAN TENAGA"), paper.answers("hours_available", "caregiver", "limited_strength"))


def place_part(paper: AssessmentPaper) -> list[Strip]:
    """VII. TEMPAT DAN SARANA."""
    codes = ("spaces", "cold_storage", *(("electricity", "water", "flood_prone") if paper.is_group else ()))
    return paper.part(_("VII. TEMPAT DAN SARANA"), paper.answers(*codes))


def market_part(paper: AssessmentPaper) -> list[Strip]:
    """VIII. PASAR, BAHAN BAKU, PESAING."""
    strips = _rated(paper, _("Permintaan pasar"), ("demand", "market"), MARKETS, DEMAND_LEVELS)
    strips += _rated(paper, _("Bahan baku"), ("raw", "material"), MATERIALS, RAW_LEVELS)
    if paper.blank:
        strips += paper.pairs([(_("Jumlah usaha sejenis di desa/RT sekitar"), "")])
    else:
        told = [
            f"{paper.material.said.cell('competitors', row, 'idea_code')}: {row.get('count')}"
            for row in paper.rows("competitors")
        ]
        strips += paper.pairs([(_("Jumlah usaha sejenis"), "; ".join(told))])
    return paper.part(_("VIII. PASAR, BAHAN BAKU, PESAING"), [*strips, *paper.answers("distance_market_km", "road")])


def _rated(
    paper: AssessmentPaper, label: str, asked: tuple[str, str], things: Sequence[Choice], levels: Sequence[Choice]
) -> list[Strip]:
    """What was rated, with its level; a blank form has every level of every thing as boxes."""
    table, column = asked
    if not paper.blank:
        said = paper.material.said
        told = [
            f"{said.cell(table, row, column)}: {said.cell(table, row, 'level').lower()}" for row in paper.rows(table)
        ]
        return paper.pairs([(label, "; ".join(told))])
    ticks: list[Tick] = [(False, _(level.label)) for level in levels]
    fonts, width = paper.material.fonts, paper.material.width
    strips = paper.sentence(_("{label}:").format(label=label))
    for thing in things:
        strips += labelled_ticks(fonts, _(thing.label), ticks, width)
    return strips


def wishes_part(paper: AssessmentPaper) -> list[Strip]:
    """IX. MINAT."""
    said = paper.material.said
    if paper.blank:
        strips = paper.pairs([(_("Pilihan ke-{n}").format(n=n), "") for n in (1, 2, 3)])
        strips += paper.pairs([(_label(paper, "refuse"), "")])
    else:
        wished = sorted(paper.rows("interests"), key=lambda row: str(row.get("rank")))
        told = [f"{row.get('rank')}. {said.cell('interests', row, 'idea_code')}" for row in wished]
        strips = paper.pairs([(_label(paper, "interests"), "; ".join(told))]) + paper.answer("refuse")
    return paper.part(_("IX. MINAT"), strips)


def advice_part(paper: AssessmentPaper) -> list[Strip]:
    """X. SARAN USAHA: the five that were frozen, why, and what has to be prepared."""
    title, frozen = _("X. SARAN USAHA"), paper.material.frozen("recommendation")
    suggestions = [one for one in frozen.get("suggestions") or () if isinstance(one, Mapping)][:SUGGESTED]
    if not suggestions and not paper.blank:
        return paper.part(title, paper.sentence(_no_advice(paper)))
    columns = [
        Column(_("Peringkat"), 11, "center"),
        Column(_("Usaha"), 22),
        Column(_("Nilai"), 14, "center"),
        Column(_("Alasan utama"), 27),
        Column(_("Yang perlu disiapkan"), 26),
    ]
    rows = [Row((str(at), *_advised(one))) for at, one in enumerate(suggestions, start=1)]
    if paper.blank:
        rows = [Row((str(at), "", "", "", ""), min_height=ROOM) for at in range(1, SUGGESTED + 1)]
    table = data_table(paper.material.fonts, columns, rows, paper.material.width, size=8.5)
    note = _("Saran dihitung dengan aturan versi {v}; keputusan diambil bersama penerima.")
    version = DOTS[:10] if paper.blank else str(frozen.get("rules_version"))
    return paper.part(title, [*table, gap(3), *paper.sentence(note.format(v=version), 9)])


def _no_advice(paper: AssessmentPaper) -> str:
    if paper.material.said.question("suggestions") is None:
        words = _("Saran usaha belum dihitung pada formulir versi {version}.")
        return words.format(version=paper.material.fact.form_version)
    return _("Tidak ada usaha dalam katalog yang sesuai dengan isian ini.")


def _advised(one: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Name, points with grade, the fullest parts, and the parts that lack most, by the frozen lines."""
    lines = [line for line in one.get("lines") or () if isinstance(line, Mapping)]
    full = [line for line in lines if line.get("most") and line.get("points") == line.get("most")]
    lacking = [line for line in lines if _share(line) < ENOUGH and line.get("part") != _("Minat")]
    lacking.sort(key=_share)
    return (
        str(one.get("name")),
        f"{one.get('points')}\n{one.get('grade')}",
        _reasons(full),
        _reasons(lacking) or _first_sentence(one),
    )


def _share(line: Mapping[str, Any]) -> int:
    """Percent of the most that a part can give; a risk that stands is the gravest, one that does not is no lack."""
    most, points = whole(line, "most") or 0, whole(line, "points") or 0
    return points * 100 // most if most else -1 if points else 100


def _reasons(lines: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join(f"{line.get('part')}: {line.get('words')}" for line in lines[:MOST_REASONS])


def _first_sentence(one: Mapping[str, Any]) -> str:
    beware = one.get("beware")
    return str(beware[-1]) if isinstance(beware, list) and beware else BLANK


def agreement_part(paper: AssessmentPaper) -> list[Strip]:
    """XI. KESEPAKATAN, with the goods that are proposed and their sum in words."""
    codes = ("chosen_idea", "chosen_reason", "chosen_by")
    strips: list[Strip] = []
    for code in codes:
        one_line = paper.blank and code == "chosen_idea"
        strips += paper.pairs([(_label(paper, code), "")]) if one_line else paper.answer(code)
    strips += paper.answer("needs", _("Kebutuhan"))
    return paper.part(_("XI. KESEPAKATAN"), [*strips, *_goods(paper)])


def _goods(paper: AssessmentPaper) -> list[Strip]:
    columns = [
        Column(_("No"), 6, "center"),
        Column(_("Barang/bahan"), 36),
        Column(_("Jumlah"), 10, "center"),
        Column(_("Satuan"), 12, "center"),
        Column(_("Harga satuan"), 18, "right"),
        Column(_("Jumlah harga"), 18, "right"),
    ]
    rows = [Row((str(at), *_good(paper, row))) for at, row in enumerate(paper.rows("proposed_aid"), start=1)]
    if paper.blank:
        rows = [Row((str(at), "", "", "", "", ""), min_height=ROOM) for at in range(1, 7)]
    if not rows:
        return []
    total = proposed_aid_total(paper.material.fact.answers, NO_CONTEXT)
    rows.append(Row(("", _("Jumlah"), "", "", "", "" if total is None else group_thousands(total)), bold=True))
    sentence = _("Jumlah {amount} ({words}).")
    told = sentence.format(
        amount="Rp" + DOTS[:24] if total is None else show_rupiah(total),
        words=DOTS if total is None else amount_in_words(total),
    )
    title = paper.sentence(_("Usulan bantuan:"))
    table = data_table(paper.material.fonts, columns, rows, paper.material.width, size=9)
    return [gap(3), *title, *table, gap(3), *paper.sentence(told)]


def _good(paper: AssessmentPaper, row: Mapping[str, Any]) -> tuple[str, ...]:
    price, amount = whole(row, "price_idr"), line_total(row, "price_idr")
    return (
        text(row, "item"),
        text(row, "qty").replace(".", ","),
        paper.material.said.cell("proposed_aid", row, "unit"),
        BLANK if price is None else group_thousands(price),
        BLANK if amount is None else group_thousands(amount),
    )


def opinion_part(paper: AssessmentPaper) -> list[Strip]:
    """XII. PENDAPAT PETUGAS."""
    answers = paper.material.fact.answers
    opinion, reason = text(answers, "officer_opinion"), text(answers, "officer_opinion_reason")
    named = (
        ("layak", _("Layak"), False),
        ("layak_dengan_syarat", _("Layak dengan syarat: {words}"), True),
        ("tidak_layak", _("Tidak layak: {words}"), True),
    )
    strips: list[Strip] = []
    for code, words, has_reason in named:
        told = reason if opinion == code and reason else DOTS if paper.blank else BLANK
        label = words.format(words=told) if has_reason else words
        strips += _tick(paper, opinion == code, label)
    if opinion == "layak" and reason:
        strips += paper.sentence(_("Keterangan: {words}").format(words=reason))
    return paper.part(_("XII. PENDAPAT PETUGAS"), strips)


def _tick(paper: AssessmentPaper, ticked: bool, words: str) -> list[Strip]:
    return tick_lines(paper.material.fonts, [(ticked, words)], paper.material.width)
