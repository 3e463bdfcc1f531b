"""Goods in a table: quantity times price, and quantities compared, without binary floating point."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from kube_field.domain.forms.answered import text, whole

MOST_QUANTITY, MOST_PRICE = 10**12, 10**15


def quantity(row: Mapping[str, Any], code: str = "qty") -> Decimal | None:
    """A quantity of a row; None when blank, not a number or beyond all measure."""
    try:
        number = Decimal(text(row, code))
    except InvalidOperation:
        return None
    return number if number.is_finite() and number.copy_abs() <= MOST_QUANTITY else None


def line_total(row: Mapping[str, Any], price_code: str) -> int | None:
    """Quantity times price in whole rupiah, rounded half up; None while one of them is missing."""
    number, price = quantity(row), whole(row, price_code)
    if number is None or price is None or abs(price) > MOST_PRICE:
        return None
    return int((number * price).to_integral_value(rounding=ROUND_HALF_UP))


def sum_of_lines(lines: Iterable[int | None]) -> int | None:
    """The sum of all lines; None while one is not complete, or when there are none."""
    found = list(lines)
    return None if None in found or not found else sum(line for line in found if line is not None)


def quantity_words(number: Decimal) -> str:
    """A quantity as people write it: 2, 1,5."""
    plain = format(number.normalize(), "f") if number else "0"
    return plain.replace(".", ",")
