"""What is judged about a visit across questions (handbook 5.11). Facts of the context that the rules read:

`handover_on` ISO day, `due_on` ISO day (next planned visit after this one, 5.14), `previous` (answers of the last
visit), `consents` {item: bool} of the recipient, `graduated` bool. What is missing keeps its rule silent.
"""

from __future__ import annotations

from collections.abc import Iterator
from gettext import gettext as _

from kube_field.domain.dates import show_date
from kube_field.domain.forms.answered import (
    day,
    fact,
    galat,
    keterangan,
    peringatan,
    picked,
    read_day,
    rows,
    text,
    total,
    whole,
)
from kube_field.domain.forms.cash_book_rules import cash_book_rule
from kube_field.domain.forms.consent import LOCATION_CONSENT, PHOTO_CONSENT
from kube_field.domain.forms.declaration import Context, Finding, Rule
from kube_field.domain.forms.visit_computed import COSTS, period_days, profit
from kube_field.domain.forms.visit_finance import PROFIT_USES
from kube_field.domain.forms.visit_result import changes_rule, next_visit_rule, own_word_rule
from kube_field.domain.forms.visit_sections import NOBODY
from kube_field.domain.forms.visit_stage import stage_rule
from kube_field.domain.records import Answers

USUAL_PERIOD_DAYS = range(7, 121)
GROUP_SAMPLE = 3
PHOTOS_WANTED = 2
RUNNING = ("berjalan_baik", "berjalan_lambat")


def _before_handover(answers: Answers, context: Context) -> Iterator[Finding]:
    visited, handover = day(answers, "visited_on"), read_day(context.facts.get("handover_on"))
    if visited is not None and handover is not None and visited < handover:
        message = _("Tanggal kunjungan sebelum serah terima bantuan ({day}).").format(day=show_date(handover))
        yield peringatan("DATE_BEFORE_HANDOVER", "visited_on", message)


def _after_previous(answers: Answers, context: Context) -> Iterator[Finding]:
    visited, last = day(answers, "visited_on"), day(fact(context, "previous"), "visited_on")
    if visited is not None and last is not None and visited < last:
        message = _("Tanggal ini lebih awal dari kunjungan lalu ({day}).").format(day=show_date(last))
        yield peringatan("DATE_BEFORE_PREVIOUS", "visited_on", message)


def _hours(answers: Answers, _context: Context) -> Iterator[Finding]:
    start, end = text(answers, "time_from"), text(answers, "time_to")
    if start and end and end <= start:
        yield galat("TIME_ORDER", "time_to", _("Jam selesai harus sesudah jam mulai."))


def _met_fits_owner(answers: Answers, _context: Context) -> Iterator[Finding]:
    if answers.get("owner_kind") == "person" and answers.get("met") in ("ketua", "pengurus", "anggota"):
        yield peringatan(
            "MET_NOT_A_GROUP", "met", _("Unit ini milik perorangan, tidak memiliki pengurus atau anggota.")
        )


def _location_consent(answers: Answers, context: Context) -> Iterator[Finding]:
    place = answers.get("location")
    if isinstance(place, dict) and "latitude" in place and fact(context, "consents").get(LOCATION_CONSENT) is False:
        yield galat("CONSENT_LOCATION", "location", _("Warga tidak bersedia titik lokasi usaha dicatat."))


def _days_open(answers: Answers, _context: Context) -> Iterator[Finding]:
    opened, planned = whole(answers, "days_open"), whole(answers, "days_planned")
    if opened is not None and planned is not None and opened > planned:
        yield keterangan("OPEN_ABOVE_PLAN", "days_open", _("Lebih dari rencana; dihitung 100%."))
    if opened == 0 and answers.get("business_status") in RUNNING:
        yield peringatan("OPEN_BUT_NO_DAYS", "days_open", _("Usaha disebut berjalan, tetapi tidak ada hari buka."))


def _period(answers: Answers, context: Context) -> Iterator[Finding]:
    start, end = day(answers, "period_from"), day(answers, "period_to")
    visited, last_end = day(answers, "visited_on"), day(fact(context, "previous"), "period_to")
    if start is not None and end is not None and end < start:
        yield galat("PERIOD_ORDER", "period_to", _("Akhir masa laporan harus sesudah awalnya."))
    if end is not None and visited is not None and end > visited:
        yield galat("PERIOD_AFTER_VISIT", "period_to", _("Masa laporan tidak boleh melewati tanggal kunjungan."))
    days = period_days(answers, context)
    if days is not None and days not in USUAL_PERIOD_DAYS:
        message = _("Masa laporan {n} hari; biasanya 7 sampai 120 hari.").format(n=days)
        yield peringatan("PERIOD_LENGTH", "period_to", message)
    if start is not None and last_end is not None and start <= last_end:
        message = _("Masa ini sudah termasuk laporan lalu (sampai {day}).").format(day=show_date(last_end))
        yield peringatan("PERIOD_OVERLAP", "period_from", message)


def _loss(answers: Answers, context: Context) -> Iterator[Finding]:
    result = profit(answers, context)
    if result is not None and result < 0:
        yield keterangan("LOSS", "profit_idr", _("Rugi"))


def _revenue_and_status(answers: Answers, _context: Context) -> Iterator[Finding]:
    revenue, costs = whole(answers, "revenue_idr"), total(answers, COSTS)
    if revenue == 0 and answers.get("business_status") in RUNNING:
        yield peringatan("RUNNING_WITHOUT_REVENUE", "revenue_idr", _("Usaha disebut berjalan, tetapi omzet nol."))
    if revenue is not None and revenue > 0 and costs == 0:
        yield peringatan("REVENUE_WITHOUT_COST", "cost_material_idr", _("Ada omzet, tetapi semua biaya nol."))


def _profit_use(answers: Answers, context: Context) -> Iterator[Finding]:
    used, result = total(answers, PROFIT_USES), profit(answers, context)
    if used is not None and result is not None and used > max(result, 0):
        first = next(code for code in PROFIT_USES if whole(answers, code) is not None)
        yield peringatan("PROFIT_USE_ABOVE_PROFIT", first, _("Penggunaan laba lebih besar dari laba."))


def _members(answers: Answers, _context: Context) -> Iterator[Finding]:
    active, everybody = whole(answers, "members_active"), whole(answers, "members_total")
    if active is not None and everybody is not None and active > everybody:
        yield galat("ACTIVE_ABOVE_TOTAL", "members_active", _("Anggota aktif tidak boleh lebih dari seluruh anggota."))


def _income_sample(answers: Answers, _context: Context) -> Iterator[Finding]:
    if answers.get("owner_kind") != "group" or not answers.get("hh_income_sample"):
        return
    sample = [row for _at, row in rows(answers, "hh_income_sample")]
    everybody = whole(answers, "members_total")
    wanted = GROUP_SAMPLE if everybody is None else max(1, min(GROUP_SAMPLE, everybody))
    if len(sample) < wanted:
        message = _("Isi sedikitnya {n} anggota; sekarang baru {count}.").format(n=wanted, count=len(sample))
        yield galat("TOO_FEW", "hh_income_sample", message)
    elif len({text(row, "role") for row in sample if text(row, "role")}) < wanted:
        message = _("Pilih anggota dengan jabatan yang berbeda-beda.")
        yield peringatan("SAMPLE_ROLES", "hh_income_sample", message)
    if everybody is not None and len(sample) * 10 < everybody * 3:
        message = _("Sebaiknya 30% anggota ditanya, yaitu {n} orang.").format(n=-(-everybody * 3 // 10))
        yield keterangan("SAMPLE_BELOW_30_PERCENT", "hh_income_sample", message)


def _previous_actions(answers: Answers, context: Context) -> Iterator[Finding]:
    reviewed = {text(row, "id") for _at, row in rows(answers, "previous_actions")}
    promised = [row for _at, row in rows(fact(context, "previous"), "support_needed")]
    forgotten = [row for row in promised if text(row, "id") not in reviewed]
    if reviewed and forgotten:
        message = _("{n} tindak lanjut kunjungan lalu belum diisi hasilnya.").format(n=len(forgotten))
        yield galat("PREVIOUS_ACTION_OPEN", "previous_actions", message)


def _every_tool(answers: Answers, context: Context) -> Iterator[Finding]:
    given = [text(row, "name") for _at, row in rows(fact(context, "unit"), "tools")]
    checked = {text(row, "name") for _at, row in rows(answers, "asset_checks")}
    missing = [name for name in given if name not in checked]
    if checked and missing:
        message = _("Alat ini belum diperiksa: {names}.").format(names=", ".join(missing))
        yield galat("TOOL_NOT_CHECKED", "asset_checks", message)


def _action_dates(answers: Answers, _context: Context) -> Iterator[Finding]:
    visited = day(answers, "visited_on")
    for at, row in rows(answers, "support_needed"):
        until = day(row, "by_date")
        if visited is not None and until is not None and until < visited:
            message = _("Batas waktu sebelum tanggal kunjungan.")
            yield galat("ACTION_BEFORE_VISIT", "support_needed", message, at, "by_date")


def _constraint_twice(answers: Answers, _context: Context) -> Iterator[Finding]:
    seen: set[str] = set()
    for at, row in rows(answers, "constraints"):
        code = text(row, "code")
        if code and code in seen and code != "lainnya":
            yield peringatan("CONSTRAINT_TWICE", "constraints", _("Kendala ini sudah dicatat."), at, "code")
        seen.add(code)


def _next_visit(answers: Answers, context: Context) -> Iterator[Finding]:
    following, visited = day(answers, "next_visit_on"), day(answers, "visited_on")
    due = read_day(context.facts.get("due_on"))
    if following is not None and visited is not None and following <= visited:
        yield galat("NEXT_BEFORE_VISIT", "next_visit_on", _("Kunjungan berikut harus sesudah kunjungan ini."))
    elif following is not None and due is not None and following > due:
        message = _("Lebih lambat dari jadwal ({day}).").format(day=show_date(due))
        yield peringatan("NEXT_AFTER_DUE", "next_visit_on", message)


def _photos(answers: Answers, context: Context) -> Iterator[Finding]:
    photos = answers.get("photos")
    if not isinstance(photos, list) or not photos:
        return
    if answers.get("met") != NOBODY and len(photos) < PHOTOS_WANTED:
        message = _("Isi sedikitnya {n}; sekarang baru {count}.").format(n=PHOTOS_WANTED, count=len(photos))
        yield galat("TOO_FEW", "photos", message)
    if fact(context, "consents").get(PHOTO_CONSENT) is False:
        yield peringatan("CONSENT_PHOTO", "photos", _("Warga tidak bersedia difoto. Pastikan foto tanpa orangnya."))


def _harsh_lenders(answers: Answers, _context: Context) -> Iterator[Finding]:
    if {"rentenir", "pinjol"} & set(picked(answers, "lender_kinds")):
        message = _("Ada pinjaman rentenir atau pinjaman daring; pertimbangkan rujukan keuangan.")
        yield keterangan("HARSH_LENDER", "lender_kinds", message)


COMMON_RULES: tuple[Rule, ...] = (
    _before_handover,
    _after_previous,
    _hours,
    _met_fits_owner,
    _location_consent,
    _days_open,
    _period,
    _loss,
    _revenue_and_status,
    _profit_use,
    _members,
    _income_sample,
    _previous_actions,
    _every_tool,
    _action_dates,
    _constraint_twice,
    _photos,
    _harsh_lenders,
)
"""Those of every version."""
VISIT_RULES: tuple[Rule, ...] = (*COMMON_RULES, _next_visit)
VISIT_RULES_2: tuple[Rule, ...] = (
    *COMMON_RULES,
    next_visit_rule,
    own_word_rule,
    changes_rule,
    stage_rule,
)
VISIT_RULES_3: tuple[Rule, ...] = (*VISIT_RULES_2, cash_book_rule)
