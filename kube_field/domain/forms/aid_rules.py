"""What is judged about aid across questions (handbook 5.9). Facts of the context that the rules read:

`batch`, `members` (of the group), `receiver` {nik}, `consents`, `group` (answers of the KUBE), `earlier` {tranches,
total_idr, own_handover, accepted_visits: visits accepted since the newest tranche}, `planned` (rows of the proposed aid
that wait still), `original` (answers of the document that is corrected). What is missing keeps its rule silent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.answered import (
    answered,
    day,
    fact,
    facts_list,
    galat,
    keterangan,
    peringatan,
    rows,
    text,
    uid,
    whole,
)
from kube_field.domain.forms.codes import UNITS_OF_GOODS
from kube_field.domain.forms.consent import PHOTO_CONSENT
from kube_field.domain.forms.declaration import Context, Finding, Rule, Severity
from kube_field.domain.forms.goods import line_total, quantity, quantity_words, sum_of_lines
from kube_field.domain.forms.kinds import Said
from kube_field.domain.money import amount_in_words, show_rupiah
from kube_field.domain.names import fold_name
from kube_field.domain.records import Answers

PRICE = "unit_price_idr"
AFTER_VISIT, NEEDS_VISIT = "setelah_kunjungan", "TRANCHE_NEEDS_VISIT"
SIGNED_ANEW = frozenset(
    {
        "bast_type",
        "changes_of",
        "changed_on",
        "change_reason",
        "change_reasons",
        "conditions_read",
        "copies",
        "photos",
        "signature_recipient",
        "signature_staff",
        "signature_witness_1",
        "signature_witness_2",
        "signature_head",
    }
)
"""A correction is signed and photographed anew; these do not count as changed."""
is_correction = answered("bast_type", "perubahan")


def more_than_nothing(value: Any, _answers: Answers, _context: Context) -> Iterator[Said]:
    """Nothing was handed over of a row with the quantity zero."""
    number = quantity({"qty": value})
    if number is not None and number <= 0:
        yield ("QTY_ZERO", Severity.GALAT, _("Jumlah harus lebih dari nol. Hapus baris yang tidak diserahkan."))


def aid_total(answers: Answers, _context: Context) -> int | None:
    """Sum of all items; None while a line is not complete."""
    return sum_of_lines(line_total(row, PRICE) for _at, row in rows(answers, "items"))


def aid_total_in_words(answers: Answers, context: Context) -> str | None:
    """The sum as the minutes spell it."""
    total = aid_total(answers, context)
    return amount_in_words(total) if total is not None and total >= 0 else None


def unit_word(row: Answers) -> str:
    """The unit of a row as it is read."""
    code = text(row, "unit")
    return next((choice.label for choice in UNITS_OF_GOODS if choice.code == code), code)


def short_words(row: Answers) -> str:
    """`Kurang {n} {satuan}` for a row of which less came than was planned, else nothing."""
    planned, given = quantity(row, "planned_qty"), quantity(row)
    if planned is None or given is None or given >= planned:
        return ""
    return _("Kurang {n} {unit}").format(n=quantity_words(planned - given), unit=unit_word(row)).strip()


def not_handed(answers: Answers, planned: Sequence[Answers]) -> list[Answers]:
    """Rows of the plan of which nothing was handed over; known by their names."""
    given = {fold_name(text(row, "name")) for _at, row in rows(answers, "items")}
    return [row for row in planned if fold_name(text(row, "item")) not in given]


def is_last_tranche(answers: Answers, batch: Answers) -> bool:
    """True for the last tranche of a batch, or where the batch is not known."""
    numbers = [whole(row, "no") or 0 for _at, row in rows(batch, "tranches")]
    return (whole(answers, "tranche_no") or 1) >= max(numbers, default=1)


def _tranche(answers: Answers, context: Context) -> Iterator[Finding]:
    number, batch = whole(answers, "tranche_no"), fact(context, "batch")
    planned = {whole(row, "no"): row for _at, row in rows(batch, "tranches")}
    if number is None or not planned or is_correction(answers, context):
        return
    if number not in planned:
        message = _("Paket ini hanya terdiri dari {n} tahap.").format(n=len(planned))
        yield galat("TRANCHE_UNKNOWN", "tranche_no", message)
        return
    earlier = fact(context, "earlier")
    if number in earlier.get("tranches", ()):
        message = _("Tahap {n} sudah diserahkan. Kesalahannya diperbaiki dengan berita acara perubahan.")
        yield galat("TRANCHE_DONE", "tranche_no", message.format(n=number))
    elif text(planned[number], "condition") == AFTER_VISIT and earlier.get("accepted_visits") == 0:
        message = _("Tahap {n} baru boleh diserahkan setelah ada kunjungan yang disetujui penyelia.")
        yield galat(NEEDS_VISIT, "tranche_no", message.format(n=number))


def _tranche_order(answers: Answers, context: Context) -> Iterator[Finding]:
    number, earlier = whole(answers, "tranche_no") or 1, fact(context, "earlier")
    if number < 2 or not earlier or earlier.get("own_handover") or is_correction(answers, context):
        return
    if number - 1 not in earlier.get("tranches", ()):
        message = _("Tahap {n} belum tercatat diserahkan.").format(n=number - 1)
        yield peringatan("TRANCHE_BEFORE", "tranche_no", message)


def _receiver_has_nik(answers: Answers, context: Context) -> Iterator[Finding]:
    """Without a NIK nobody receives aid (handbook 3.1, 5.9)."""
    if uid(answers, "received_by") and fact(context, "receiver").get("nik") == "":
        yield galat("AID_WITHOUT_NIK", "received_by", _("Penerima belum punya NIK, jadi belum dapat menerima bantuan."))
    members = facts_list(context, "members") or []
    without = [str(member.get("name", "")) for member in members if member.get("has_nik") is False]
    if without:
        message = _("Anggota tanpa NIK: {names}.").format(names=", ".join(without))
        yield peringatan("MEMBERS_WITHOUT_NIK", "received_by", message)


def _receiver_leads(answers: Answers, context: Context) -> Iterator[Finding]:
    """For a group the ketua receives, before two witnesses from its members."""
    members = facts_list(context, "members")
    if members is None or answers.get("owner_kind") != "group":
        return
    offices = {str(member.get("person_uid")): str(member.get("role")) for member in members}
    receiver = uid(answers, "received_by")
    if receiver and offices.get(receiver) != "ketua":
        yield galat("RECEIVER_NOT_CHAIR", "received_by", _("Bantuan KUBE diterima oleh ketua kelompok."))
    for code in ("witness_1", "witness_2"):
        witness = uid(answers, code)
        if witness and witness not in offices:
            yield galat("WITNESS_NOT_MEMBER", code, _("Saksi harus anggota kelompok."))
    if not text(fact(context, "group"), "sk_number") and fact(context, "group"):
        yield peringatan("GROUP_WITHOUT_SK", "received_by", _("Nomor SK kelompok belum diisi pada data KUBE."))


def _witnesses(answers: Answers, _context: Context) -> Iterator[Finding]:
    receiver = uid(answers, "received_by")
    first, second = uid(answers, "witness_1"), uid(answers, "witness_2")
    if first and first == second:
        yield galat("WITNESS_TWICE", "witness_2", _("Kedua saksi harus orang yang berbeda."))
    for code, witness in (("witness_1", first), ("witness_2", second)):
        if witness and witness == receiver:
            yield galat("WITNESS_IS_RECEIVER", code, _("Penerima tidak dapat menjadi saksi."))


def _within_amount(answers: Answers, context: Context) -> Iterator[Finding]:
    total, allowed = aid_total(answers, context), whole(fact(context, "batch"), "unit_amount_idr")
    before = whole(fact(context, "earlier"), "total_idr") or 0
    if total is not None and allowed is not None and total + before > allowed:
        message = _("Jumlah bantuan {total} melebihi nilai per penerima dalam paket ({amount}).")
        told = message.format(total=show_rupiah(total + before), amount=show_rupiah(allowed))
        yield peringatan("AID_ABOVE_UNIT_AMOUNT", "items", told)


def _form_of_aid(answers: Answers, context: Context) -> Iterator[Finding]:
    wanted = text(fact(context, "batch"), "aid_form")
    kinds = {text(row, "kind") for _at, row in rows(answers, "items")}
    if wanted == "barang_bahan" and "uang" in kinds:
        yield peringatan("AID_OTHER_FORM", "items", _("Menurut paket, bantuan ini berupa barang dan bahan."))
    elif wanted == "uang_rekening" and kinds & {"bahan", "alat"}:
        yield peringatan("AID_OTHER_FORM", "items", _("Menurut paket, bantuan ini berupa uang melalui rekening."))


def _shortages(answers: Answers, context: Context) -> Iterator[Finding]:
    for at, row in rows(answers, "items"):
        if words := short_words(row):
            yield keterangan("AID_SHORT", "items", words, at, "qty")
    planned = facts_list(context, "planned") or []
    missing = [text(row, "item") for row in not_handed(answers, planned)]
    if missing and rows(answers, "items"):
        message = _("Menurut asesmen belum diserahkan: {names}.").format(names=", ".join(missing))
        yield keterangan("AID_MISSING", "items", message)


def _conditions(answers: Answers, _context: Context) -> Iterator[Finding]:
    if answers.get("conditions_read") is False:
        message = _("Bacakan ketentuan bantuan dahulu; tanpa itu serah terima tidak dapat difinalkan.")
        yield galat("CONDITIONS_NOT_READ", "conditions_read", message)


def _photo_consent(answers: Answers, context: Context) -> Iterator[Finding]:
    if isinstance(answers.get("photos"), list) and fact(context, "consents").get(PHOTO_CONSENT) is False:
        yield peringatan("CONSENT_PHOTO", "photos", _("Warga tidak bersedia difoto. Pastikan foto tanpa orangnya."))


def _transfer_day(answers: Answers, _context: Context) -> Iterator[Finding]:
    moved, handed = day(answers, "transferred_on"), day(answers, "handover_on")
    if moved is not None and handed is not None and moved > handed:
        yield peringatan("TRANSFER_LATER", "transferred_on", _("Transfer sesudah tanggal serah terima."))


def _something_changed(answers: Answers, context: Context) -> Iterator[Finding]:
    original = fact(context, "original")
    if not original or not is_correction(answers, context):
        return
    codes = ({*original} | {*answers}) - SIGNED_ANEW
    if all(comparable(original.get(code)) == comparable(answers.get(code)) for code in codes):
        message = _("Belum ada yang diubah. Perbaiki isian yang keliru pada bagian lain.")
        yield galat("NO_CHANGE", "change_reason", message)


def comparable(value: Any) -> Any:
    """An answer without what does not count as a change: rows taken back, names in references."""
    if isinstance(value, list):
        return [comparable(row) for row in value if not (isinstance(row, dict) and "struck" in row)]
    if isinstance(value, dict) and "uid" in value:
        return value["uid"]
    return value


AID_RULES: tuple[Rule, ...] = (
    _tranche,
    _tranche_order,
    _receiver_has_nik,
    _receiver_leads,
    _witnesses,
    _within_amount,
    _form_of_aid,
    _shortages,
    _conditions,
    _photo_consent,
    _transfer_day,
    _something_changed,
)
