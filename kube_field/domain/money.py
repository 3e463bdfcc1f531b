"""Rupiah: whole numbers read from what people type, shown and written in words (handbook 3.4, 9.0)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from gettext import gettext as _

from kube_field.domain.checked import Checked, CodedFinding, error, warning

LARGEST_IDR = 99_999_999_999

_CURRENCY = re.compile(r"(?:rp|idr)\.?\s*", re.IGNORECASE)
_MINUS = tuple("-‐‑‒–—−")
_PLAIN = re.compile(r"(?P<whole>[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,(?P<sen>-|[0-9]{1,2}))?")
_ONE_COMMA = re.compile(r"[0-9]+,[0-9]{3}(?:\.[0-9]{1,2})?")
_ENGLISH = re.compile(r"(?P<whole>[1-9][0-9]{0,2}(?:,[0-9]{3}){2,})(?:\.(?P<sen>[0-9]{1,2}))?")
_WITH_UNIT = re.compile(
    r"(?P<whole>[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,(?P<part>[0-9]+))?\s*(?P<unit>ribu|rb|k|juta|jt)",
    re.IGNORECASE,
)
_UNIT_ZEROS = {"ribu": 3, "rb": 3, "k": 3, "juta": 6, "jt": 6}
_DIGIT_WORDS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
SHORT_UNITS = ((1, ""), (10**3, " rb"), (10**6, " jt"), (10**9, " M"))
"""Short words of a thousand and more, as people write them."""
_SCALES = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (10**3, "ribu"))


def check_amount(text: str, required: bool = True, soft_limit: int | None = None) -> Checked:
    """Judge an amount of rupiah; the value is an int. Zero is a value, empty is not zero."""
    typed = " ".join(text.split())
    if not typed:
        return Checked(None, (error("AMT_REQUIRED", _("Nilai rupiah wajib diisi.")),) if required else ())
    bare, is_negative = _without_signs(typed)
    if is_negative and re.search("[0-9]", bare):
        return Checked(None, (error("AMT_NEGATIVE", _("Nilai tidak boleh minus. Rugi dihitung otomatis.")),))
    amount, findings = _read(bare)
    if amount is not None:
        findings = (*findings, *_size_findings(amount, soft_limit))
    return Checked(amount, findings)


def group_thousands(amount: int) -> str:
    """An amount with dot groups: 1.250.000."""
    return f"{amount:,}".replace(",", ".")


def show_rupiah(amount: int) -> str:
    """An amount as the screen shows it: Rp1.250.000; a minus stands before the currency."""
    return f"-Rp{group_thousands(-amount)}" if amount < 0 else f"Rp{group_thousands(amount)}"


def accounting(amount: int) -> str:
    """An amount as a table prints it: a loss stands in brackets, (350.000)."""
    return f"({group_thousands(-amount)})" if amount < 0 else group_thousands(amount)


def short_rupiah(amount: int) -> str:
    """An amount beside the scale of a chart, at most one decimal: 250 rb, 2,5 jt, 1,2 M."""
    sign, size = ("−" if amount < 0 else ""), abs(amount)
    scaled = ((round_half_up(size * 10, unit), words) for unit, words in SHORT_UNITS)
    tenths, words = next((pair for pair in scaled if pair[0] < 10_000), (round_half_up(size, 10**8), " M"))
    whole, rest = divmod(tenths, 10)
    return f"{sign}{group_thousands(whole)}{f',{rest}' if rest else ''}{words}"


def round_half_up(numerator: int, denominator: int) -> int:
    """The quotient rounded to the nearest whole number, halves away from zero, without floating point.

    Raises: ZeroDivisionError.
    """
    is_negative = (numerator < 0) != (denominator < 0)
    top, bottom = abs(numerator), abs(denominator)
    rounded = (2 * top + bottom) // (2 * bottom)
    return -rounded if is_negative else rounded


def number_in_words(number: int) -> str:
    """A whole number in Indonesian words: 1.100 is "seribu seratus"."""
    if number < 0:
        return f"minus {number_in_words(-number)}"
    return " ".join(_words(number)) or _DIGIT_WORDS[0]


def amount_in_words(amount: int) -> str:
    """An amount in words as handover minutes carry it: "dua puluh juta rupiah"."""
    return f"{number_in_words(amount)} rupiah"


def _without_signs(typed: str) -> tuple[str, bool]:
    """The text without currency and signs of a loss, and whether there was one."""
    bare, is_negative = typed, False
    for _layer in range(3):  # currency, minus and brackets come in any order
        if bare.startswith("(") and bare.endswith(")"):
            bare, is_negative = bare[1:-1].strip(), True
        if bare.startswith(_MINUS):
            bare, is_negative = bare[1:].lstrip(), True
        bare = _CURRENCY.sub("", bare, count=1) if _CURRENCY.match(bare) else bare
    return bare, is_negative


def _read(bare: str) -> tuple[int | None, tuple[CodedFinding, ...]]:
    if found := _PLAIN.fullmatch(bare):
        return _whole(found["whole"], found["sen"])
    if found := _WITH_UNIT.fullmatch(bare):
        return _scaled(found["whole"], found["part"] or "", _UNIT_ZEROS[found["unit"].lower()])
    if _ONE_COMMA.fullmatch(bare):
        return None, (error("AMT_AMBIGUOUS", _("Gunakan titik untuk ribuan.")),)
    if found := _ENGLISH.fullmatch(bare):
        amount, findings = _whole(found["whole"], found["sen"])
        if amount is None:
            return None, findings
        message = _("Koma dibaca sebagai pemisah ribuan: {nilai}.").format(nilai=show_rupiah(amount))
        return amount, (warning("AMT_ENGLISH_GROUPING", message),)
    return None, (error("AMT_FORMAT", _("Tulis angka saja, misalnya 1.250.000 atau 2,5 juta.")),)


def _whole(whole: str, sen: str | None) -> tuple[int | None, tuple[CodedFinding, ...]]:
    if sen is not None and sen.strip("-0"):
        return None, (_fraction(),)
    return int(re.sub("[.,]", "", whole)), ()


def _scaled(whole: str, part: str, zeros: int) -> tuple[int | None, tuple[CodedFinding, ...]]:
    if part[zeros:].strip("0"):
        return None, (_fraction(),)
    return int(whole.replace(".", "") + part[:zeros].ljust(zeros, "0")), ()


def _fraction() -> CodedFinding:
    return error("AMT_FRACTION", _("Isi rupiah bulat, tanpa sen."))


def _size_findings(amount: int, soft_limit: int | None) -> Iterator[CodedFinding]:
    if amount > LARGEST_IDR:
        yield error("AMT_TOO_LARGE", _("Nilai terlalu besar, paling banyak Rp99.999.999.999."))
    if soft_limit is not None and amount > soft_limit:
        yield warning("AMT_UNUSUAL", _("Nilai sangat besar, periksa jumlah nol."))


def _words(number: int) -> Iterator[str]:
    for size, name in _SCALES:
        count, number = divmod(number, size)
        if count == 1 and size == 1000:
            yield "seribu"
        elif count:
            yield from _words(count)
            yield name
    yield from _words_below_thousand(number)


def _words_below_thousand(number: int) -> Iterator[str]:
    hundreds, rest = divmod(number, 100)
    if hundreds:
        yield "seratus" if hundreds == 1 else f"{_DIGIT_WORDS[hundreds]} ratus"
    tens, ones = divmod(rest, 10)
    if tens == 1:
        yield {0: "sepuluh", 1: "sebelas"}.get(ones, f"{_DIGIT_WORDS[ones]} belas")
        return
    if tens:
        yield f"{_DIGIT_WORDS[tens]} puluh"
    if ones:
        yield _DIGIT_WORDS[ones]
