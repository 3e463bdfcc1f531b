"""Days and months in lists, where an empty day shows nothing."""

from __future__ import annotations

from gettext import gettext as _

from kube_field.domain.dates import MONTHS
from kube_field.ui.formats import short_date


def short_day(day: str) -> str:
    """An ISO day as 23 Nov 2026; empty stays empty."""
    return short_date(day) if day else ""


def month_words(month: str) -> str:
    """A month YYYY-MM as November 2026."""
    year, number = month.split("-")
    return _("{month} {year}").format(month=MONTHS[int(number) - 1], year=year)


def months_back(newest: str, count: int) -> list[tuple[str, str]]:
    """The month YYYY-MM and those before it, newest first, each with its words."""
    year, number = (int(part) for part in newest.split("-"))
    months = [divmod(year * 12 + number - 1 - back, 12) for back in range(count)]
    codes = [f"{at_year:04d}-{at_month + 1:02d}" for at_year, at_month in months]
    return [(code, month_words(code)) for code in codes]
