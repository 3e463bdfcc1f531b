"""What is judged about a person across questions: PRSE criteria, consent, eligibility panel (handbook 5.4)."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import gettext as _
from typing import Any

from kube_field.domain.dates import PRSE_AGES, age_on, check_date
from kube_field.domain.forms.answered import day, fact, galat, peringatan, picked, rows, text, whole
from kube_field.domain.forms.assessment_computed import ratio_to_poverty_line
from kube_field.domain.forms.codes import FAKIR_MISKIN, PRSE
from kube_field.domain.forms.consent import DATA_CONSENT, PHOTO_CONSENT
from kube_field.domain.forms.declaration import Context, Finding, Rule, Severity
from kube_field.domain.forms.kinds import Said
from kube_field.domain.records import Answers

AGE_CRITERION = "umur_18_59"
"""The criterion that nobody ticks: the app works it out from the birth date."""
AGE_OF_REVIEW = 60
"""At exactly this age a woman is "Perlu pertimbangan", not "Tidak memenuhi"."""
ALONE = ("belum_kawin", "cerai_hidup", "cerai_mati", "kawin_ditinggal")
DEFAULT_MAX_DESIL = 5
"""Poorest desil groups that social programmes put first (Kepmensos 79/HUK/2025, handbook 1.6)."""
MEETS, CONSIDER, FAILS = "Memenuhi", "Perlu pertimbangan", "Tidak memenuhi"


def birth_date_of_person(value: Any, answers: Answers, context: Context) -> Iterator[Said]:
    """Implausible ages are errors; outside 18 to 59 is a warning for PRSE (handbook 3.5)."""
    category = "prse" if PRSE in picked(answers, "category") else ""
    yield from check_date(str(value), today=context.today, kind="birth", category=category).findings


def public_servant(value: Any, _answers: Answers, _context: Context) -> Iterator[Said]:
    """Public servants and pensioners are left out in practice (handbook 5.4)."""
    if value is True:
        message = _("ASN, TNI, Polri, dan pensiunan biasanya tidak menjadi penerima bantuan.")
        yield ("PUBLIC_SERVANT", Severity.PERINGATAN, message)


def is_of_prse_age(answers: Answers, context: Context) -> str:
    """ "Ya" or "Tidak" for 18 to 59 full years today; empty without a birth date."""
    born = day(answers, "birth_date")
    if born is None:
        return ""
    return _("Ya") if age_on(born, context.today) in PRSE_AGES else _("Tidak")


def prse_verdict(answers: Answers, context: Context) -> str:
    """Verdict and reason on the PRSE criteria; it advises and never blocks."""
    unmet = [reason for reason, is_met in _prse_tests(answers, context) if not is_met]
    if not unmet:
        return _("{verdict}: semua kriteria terpenuhi.").format(verdict=_(MEETS))
    born = day(answers, "birth_date")
    on_the_edge = born is not None and age_on(born, context.today) == AGE_OF_REVIEW and unmet == [_("umur 18–59 tahun")]
    undecided = born is None or not picked(answers, "prse_criteria")
    verdict = CONSIDER if on_the_edge or undecided else FAILS
    return _("{verdict}: belum terpenuhi {reasons}.").format(verdict=_(verdict), reasons=", ".join(unmet))


def _prse_tests(answers: Answers, context: Context) -> Iterator[tuple[str, bool]]:
    born, criteria = day(answers, "birth_date"), picked(answers, "prse_criteria")
    yield _("perempuan"), answers.get("sex") == "P"
    yield _("umur 18–59 tahun"), born is not None and age_on(born, context.today) in PRSE_AGES
    yield _("penghasilan tidak mencukupi"), "penghasilan_kurang" in criteria
    alone = answers.get("marital_status") in ALONE
    bears = bool({"ditinggal_suami", "nafkah_utama"} & set(criteria)) or answers.get("is_main_breadwinner") is True
    yield _("ditinggal suami, pencari nafkah utama, atau tidak bersuami"), alone or bears


def poverty_verdict(_answers: Answers, context: Context) -> str:
    """Verdict on "fakir miskin": desil within the batch's limit, or income per head below the poverty line (5.4).

    Both are evidence, not a gate (handbook 1.6): it fails only where both are known and speak against it.
    """
    desil = newest_desil(rows(fact(context, "household"), "dtsen_rows"))
    ratio = ratio_to_poverty_line(fact(context, "assessment"), context)
    is_listed = desil.isdecimal() and int(desil) <= max_desil(context)
    if is_listed or (ratio is not None and ratio < 100):
        verdict = MEETS
    else:
        verdict = FAILS if desil.isdecimal() and ratio is not None else CONSIDER
    reasons = [
        _("keluarga tercatat di desil {desil}").format(desil=desil)
        if desil.isdecimal()
        else _("desil belum diketahui"),
    ]
    if ratio is not None:
        reasons.append(_("penghasilan per kapita {ratio} % dari garis kemiskinan").format(ratio=ratio))
    return _("{verdict}: {reasons}.").format(verdict=_(verdict), reasons="; ".join(reasons))


def max_desil(context: Context) -> int:
    """The highest desil that counts as poor: the batch's own limit, else the usual one."""
    limit = whole(fact(context, "batch"), "desil_max")
    return DEFAULT_MAX_DESIL if limit is None else limit


def newest_desil(checks: list[tuple[int, Any]]) -> str:
    """The desil answer of the newest check; empty when there is none."""
    dated = [(text(row, "checked_on"), at, text(row, "desil")) for at, row in checks]
    return max(dated)[2] if dated else ""


def _prse_is_a_woman(answers: Answers, _context: Context) -> Iterator[Finding]:
    if PRSE in picked(answers, "category") and answers.get("sex") == "L":
        message = _("Kategori Perempuan Rawan Sosial Ekonomi dipilih untuk laki-laki.")
        yield peringatan("PRSE_NOT_A_WOMAN", "category", message)


def _age_criterion(answers: Answers, context: Context) -> Iterator[Finding]:
    born = day(answers, "birth_date")
    claimed = AGE_CRITERION in picked(answers, "prse_criteria")
    if claimed and born is not None and age_on(born, context.today) not in PRSE_AGES:
        message = _("Menurut tanggal lahir, umurnya {n} tahun.").format(n=age_on(born, context.today))
        yield peringatan("PRSE_AGE_CRITERION", "prse_criteria", message)


def _breadwinner_criterion(answers: Answers, _context: Context) -> Iterator[Finding]:
    claimed = "nafkah_utama" in picked(answers, "prse_criteria")
    if claimed and answers.get("is_main_breadwinner") is False:
        message = _("Kriteria “pencari nafkah utama” dipilih, tetapi di bagian keluarga dijawab tidak.")
        yield peringatan("PRSE_BREADWINNER", "prse_criteria", message)


def _spouse_relation(answers: Answers, _context: Context) -> Iterator[Finding]:
    relation, sex = answers.get("relation_to_head"), answers.get("sex")
    if (relation, sex) in (("istri", "L"), ("suami", "P")):
        yield peringatan("RELATION_SEX", "relation_to_head", _("Hubungan keluarga tidak cocok dengan jenis kelamin."))


def consent_given(answers: Answers, item: str) -> bool | None:
    """The newest answer to a consent item; None when it was never asked."""
    asked = [
        (text(row, "given_on"), at, row.get("given") is True)
        for at, row in rows(answers, "consents")
        if row.get("item") == item
    ]
    return max(asked)[2] if asked else None


def _consent_to_processing(answers: Answers, _context: Context) -> Iterator[Finding]:
    if rows(answers, "consents") and consent_given(answers, DATA_CONSENT) is not True:
        message = _("Tanpa persetujuan pencatatan data, data warga tidak boleh disimpan.")
        yield galat("CONSENT_REQUIRED", "consents", message)


def _consent_to_photo(answers: Answers, _context: Context) -> Iterator[Finding]:
    if answers.get("photo_id") and consent_given(answers, PHOTO_CONSENT) is not True:
        yield galat("CONSENT_PHOTO", "photo_id", _("Warga belum menyatakan bersedia difoto."))


def _fakir_miskin_high_desil(answers: Answers, context: Context) -> Iterator[Finding]:
    desil = newest_desil(rows(fact(context, "household"), "dtsen_rows"))
    if FAKIR_MISKIN in picked(answers, "category") and desil.isdecimal() and int(desil) > max_desil(context):
        message = _("Keluarga ini tercatat di desil {desil}.").format(desil=desil)
        yield peringatan("DESIL_ABOVE_5", "category", message)


def _nik_after_acceptance(_answers: Answers, context: Context) -> Iterator[Finding]:
    """After the first accepted document a NIK is changed only by the penyelia, with a reason (handbook 8.2)."""
    accepted = fact(context, "accepted_nik")
    if not text(accepted, "nik"):
        return
    if accepted.get("may_change") is True:
        yield peringatan("NIK_CHANGED", "nik", _("NIK diubah setelah ada dokumen yang disetujui. Tulis alasannya."))
    else:
        message = _("Sudah ada dokumen yang disetujui; NIK hanya dapat diubah oleh penyelia.")
        yield galat("NIK_LOCKED", "nik", message)


PERSON_RULES: tuple[Rule, ...] = (
    _nik_after_acceptance,
    _prse_is_a_woman,
    _age_criterion,
    _breadwinner_criterion,
    _spouse_relation,
    _fakir_miskin_high_desil,
    _consent_to_processing,
    _consent_to_photo,
)
