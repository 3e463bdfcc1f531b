"""What changed since the last visit, as a paragraph drafted from fixed sentences; the officer edits it.

The same answers always give the same words, and every number in them is the exact one of the two visits. Facts of the
context: `previous` (answers of the last visit with figures, `visited_on` of the very last one), `background`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from gettext import gettext as _
from typing import Any

from kube_field.domain.dates import show_date
from kube_field.domain.forms.answered import day, fact, picked, rows, text, whole
from kube_field.domain.forms.declaration import Context, Proposed
from kube_field.domain.forms.visit_closing import ACTION_RESULTS
from kube_field.domain.forms.visit_computed import per_month as brought_to_month
from kube_field.domain.forms.visit_computed import period_days, profit, revenue_per_month, working_capital
from kube_field.domain.forms.visit_finance import IKS_LEVELS
from kube_field.domain.forms.visit_sections import BOOKKEEPING_LEVELS, BUSINESS_STATUSES
from kube_field.domain.money import round_half_up, show_rupiah
from kube_field.domain.records import Answers
from kube_field.domain.rules.result import Background, judged
from kube_field.domain.rules.score import Status, status_words

AMOUNT = re.compile(r"Rp[0-9.]*[0-9]", re.ASCII)


def drafted_changes(answers: Answers, context: Context) -> Proposed | None:
    """The paragraph by the answers of now and then; nothing while these say nothing or the unit is not known."""
    if "background" not in context.facts:
        return None
    before = fact(context, "previous")
    if not before:
        return Proposed(_("Kunjungan ini kunjungan pertama, sehingga belum ada pembanding."))
    sentences = [*_since(before), *_money(answers, before, context), *_work(answers, before), *_promises(answers)]
    sentences += _standing(answers, context)
    return Proposed(" ".join(sentences)) if sentences else None


def strange_amounts(answers: Answers, context: Context) -> list[str]:
    """Amounts in the officer's paragraph that no answer of this or the last visit and no drafted sentence holds."""
    said = text(answers, "changes_text")
    if not said or "background" not in context.facts:
        return []
    drafted = drafted_changes(answers, context)
    known = set(AMOUNT.findall(str(drafted.value))) if drafted is not None else set()
    for told in (answers, fact(context, "previous")):
        known |= {show_rupiah(amount) for amount in _amounts(told)}
    return [amount for amount in dict.fromkeys(AMOUNT.findall(said)) if amount not in known]


def _amounts(value: Any) -> Iterator[int]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _amounts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _amounts(inner)
    elif isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        yield value


def _since(before: Answers) -> Iterator[str]:
    visited = day(before, "visited_on")
    if visited is not None:
        yield _("Dibandingkan dengan kunjungan tanggal {day}:").format(day=show_date(visited))


def _money(answers: Answers, before: Answers, context: Context) -> Iterator[str]:
    now_then = (revenue_per_month(answers, context), revenue_per_month(before, context))
    yield from _moved(_("Omzet per 30 hari"), *now_then)
    yield from _profit(*(_profit_month(told, context) for told in (answers, before)))
    yield from _moved(_("Modal kerja"), working_capital(answers, context), working_capital(before, context))
    now, then = (whole(told, "debt_instalment_month_idr") for told in (answers, before))
    if now is not None and then is not None and now != then:
        words = _("Cicilan per bulan {now} (lalu {then}).")
        yield words.format(now=show_rupiah(now), then=show_rupiah(then))


def _profit_month(told: Answers, context: Context) -> int | None:
    return brought_to_month(profit(told, context), period_days(told, context))


def _moved(what: str, now: int | None, then: int | None) -> Iterator[str]:
    """How an amount moved; a share only of an amount above zero."""
    if now is None or then is None:
        return
    amounts = {"what": what, "now": _signed(now), "then": _signed(then)}
    if now == then:
        yield _("{what} tetap {now}.").format(**amounts)
        return
    way = _("naik") if now > then else _("turun")
    share = ""
    if then > 0 and now >= 0:
        share = " " + _("{n}%").format(n=round_half_up(abs(now - then) * 100, then))
    yield _("{what} {way}{share} dari {then} menjadi {now}.").format(way=way, share=share, **amounts)


def _profit(now: int | None, then: int | None) -> Iterator[str]:
    if now is None or then is None:
        return
    if now >= 0 and then >= 0:
        yield from _moved(_("Laba per 30 hari"), now, then)
    elif now < 0 and then < 0:
        words = _("Usaha masih rugi: {now} per 30 hari (lalu {then}).")
        yield words.format(now=show_rupiah(-now), then=show_rupiah(-then))
    elif now < 0:
        words = _("Usaha menjadi rugi {now} per 30 hari (lalu laba {then}).")
        yield words.format(now=show_rupiah(-now), then=show_rupiah(then))
    else:
        words = _("Usaha kembali laba {now} per 30 hari (lalu rugi {then}).")
        yield words.format(now=show_rupiah(now), then=show_rupiah(-then))


def _signed(amount: int) -> str:
    return show_rupiah(amount) if amount >= 0 else _("minus {amount}").format(amount=show_rupiah(-amount))


def _work(answers: Answers, before: Answers) -> Iterator[str]:
    now, then = text(answers, "business_status"), text(before, "business_status")
    if now and then and now != then:
        words = _("Status usaha berubah dari {then} menjadi {now}.")
        yield words.format(then=_label(BUSINESS_STATUSES, then), now=_label(BUSINESS_STATUSES, now))
    yield from _counts(_("Hari buka"), _("hari"), answers, before, "days_open")
    yield from _channels(answers, before)
    yield from _level(_("Pembukuan"), BOOKKEEPING_LEVELS, answers, before, "bookkeeping_level")
    yield from _counts(_("Anggota aktif"), _("orang"), answers, before, "members_active")
    yield from _level(_("IKS"), IKS_LEVELS, answers, before, "iks_level")


def _counts(what: str, unit: str, answers: Answers, before: Answers, code: str) -> Iterator[str]:
    now, then = whole(answers, code), whole(before, code)
    if now is not None and then is not None and now != then:
        yield _("{what} {now} {unit} (lalu {then}).").format(what=what, now=now, then=then, unit=unit)


def _channels(answers: Answers, before: Answers) -> Iterator[str]:
    now, then = (len([one for one in picked(told, "channels") if one != "none"]) for told in (answers, before))
    if now != then:
        yield _("Saluran penjualan {now} (lalu {then}).").format(now=now, then=then)


def _level(what: str, labels: Any, answers: Answers, before: Answers, code: str) -> Iterator[str]:
    now, then = whole(answers, code), whole(before, code)
    if now is None or then is None or now == then:
        return
    way = _("membaik") if now > then else _("menurun")
    words = _("{what} {way}: dari “{then}” menjadi “{now}”.")
    yield words.format(what=what, way=way, then=_label(labels, str(then)), now=_label(labels, str(now)))


def _label(labels: Any, code: str) -> str:
    return next((_(one.label) for one in labels if one.code == code), code)


def _promises(answers: Answers) -> Iterator[str]:
    results = [text(row, "result") for _at, row in rows(answers, "previous_actions")]
    counts = Counter(result for result in results if result)
    if counts:
        told = ", ".join(_("{n} {result}").format(n=counts[one.code], result=_(one.label).lower())
                         for one in ACTION_RESULTS if counts[one.code])  # fmt: skip
        words = _("Dari {n} tindak lanjut kunjungan lalu: {told}.")
        yield words.format(n=len(results), told=told)


def _standing(answers: Answers, context: Context) -> Iterator[str]:
    behind = context.facts.get("background")
    found = judged(answers, behind) if isinstance(behind, Background) else None
    if found is None or not isinstance(behind, Background) or not behind.earlier:
        return
    last = behind.earlier[-1]
    if Status.INSUFFICIENT in (found.score.status, last.score.status):
        return
    words = _("Nilai keberlanjutan {now} ({status}), lalu {then} ({before}).")
    yield words.format(
        now=found.score.total,
        status=status_words(found.final),
        then=last.score.total,
        before=status_words(last.final),
    )
