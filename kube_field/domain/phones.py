"""Telephone numbers: one spelling to store (E.164), one to show (handbook 3.3)."""

from __future__ import annotations

import re
from gettext import gettext as _

from kube_field.domain.checked import Checked, CodedFinding, error, info, warning

COUNTRY = "+62"

_JOINED = re.compile(r"[0-9][^0-9]*(?:[/,;&]|atau)[^0-9]*[0-9]", re.IGNORECASE)
_DROPPED = dict.fromkeys(map(ord, ".-()‐‑‒–—―−"))
_NUMBER = re.compile(r"\+?[0-9]+")
_MOBILE_LENGTHS = range(9, 13)
_LANDLINE_LENGTHS = range(7, 12)
_FOREIGN_LENGTHS = range(8, 16)
_MIN_WITH_COUNTRY = 10
_EQUAL_TAIL = re.compile(r"([0-9])\1{7,}$")


def check_phone(text: str, required: bool = False) -> Checked:
    """Judge a telephone number; the value is E.164, such as +6281120003344."""
    typed = text.strip().removeprefix("'").strip()
    if not typed:
        return Checked(None, (error("PHONE_REQUIRED", _("Nomor HP wajib diisi.")),) if required else ())
    if _JOINED.search(typed):
        return _failed("PHONE_MULTIPLE", _("Isi satu nomor saja."))
    number = "".join(typed.split()).translate(_DROPPED)
    if not _NUMBER.fullmatch(number):
        return _failed("PHONE_CHARS", _("Nomor HP hanya boleh berisi angka, boleh diawali tanda +."))
    if number.startswith("+") and not number.startswith(COUNTRY):
        return _foreign(number)
    national, findings = _national_part(number)
    return _judge_national(national, findings)


def show_phone(e164: str) -> str:
    """A stored number as people write it: 0811-2000-3344, 0541-202020; a foreign one stays as it is."""
    if not e164.startswith(COUNTRY):
        return e164
    local = "0" + e164.removeprefix(COUNTRY)
    if not local.startswith("08"):
        return f"{local[:4]}-{local[4:]}"
    return "-".join(part for part in (local[:4], local[4:8], local[8:]) if part)


def _failed(code: str, message: str) -> Checked:
    return Checked(None, (error(code, message),))


def _foreign(number: str) -> Checked:
    if len(number) - 1 not in _FOREIGN_LENGTHS:
        return _failed("PHONE_LENGTH", _("Jumlah angka nomor HP tidak sesuai."))
    finding = warning("PHONE_FOREIGN", _("Nomor luar negeri. Pastikan sudah benar."))
    return Checked(number, (finding, *_suspicious(number)))


def _national_part(number: str) -> tuple[str, list[CodedFinding]]:
    """The number without country code and leading zero."""
    for prefix in (COUNTRY, "0062", "62"):
        if number.startswith(prefix) and (prefix != "62" or len(number) >= _MIN_WITH_COUNTRY):
            return number.removeprefix(prefix).removeprefix("0"), []
    if number.startswith("8"):
        message = _("Nomor HP biasanya diawali 0. Dibaca sebagai 0{nomor}.").format(nomor=number)
        return number, [warning("PHONE_NO_LEADING_ZERO", message)]
    return number.removeprefix("0"), []


def _judge_national(national: str, findings: list[CodedFinding]) -> Checked:
    if national.startswith(("80", "0")):
        return _failed("PHONE_INVALID", _("Nomor HP ini tidak mungkin ada."))
    is_mobile = national.startswith("8")
    if len(national) not in (_MOBILE_LENGTHS if is_mobile else _LANDLINE_LENGTHS):
        return _failed("PHONE_LENGTH", _("Jumlah angka nomor HP tidak sesuai."))
    findings = [*findings, *_suspicious(national)]
    if not is_mobile:
        findings.append(info("PHONE_LANDLINE", _("Nomor telepon rumah atau kantor.")))
    return Checked(COUNTRY + national, tuple(findings))


def _suspicious(number: str) -> list[CodedFinding]:
    if not _EQUAL_TAIL.search(number):
        return []
    return [warning("PHONE_SUSPICIOUS", _("Banyak angka sama di akhir nomor. Pastikan sudah benar."))]
