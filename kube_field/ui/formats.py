"""How numbers, money and days look on screen; the rules themselves live in the domain."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from gettext import gettext as _

from kube_field.domain.dates import day_and_date, short_date, show_date, wita_text
from kube_field.domain.identifiers import group_nik, mask_nik
from kube_field.domain.money import group_thousands, show_rupiah
from kube_field.domain.phones import show_phone

MANY_TIMES = 10
"""From here on a factor says more than a percentage."""
WITA = timezone(timedelta(hours=8), "WITA")

__all__ = [
    "clock_text",
    "day_and_date",
    "decimal_text",
    "file_size",
    "group_nik",
    "group_thousands",
    "mask_nik",
    "percent",
    "percent_change",
    "short_date",
    "short_instant",
    "show_date",
    "show_phone",
    "show_rupiah",
    "signed_rupiah",
    "wita_text",
]


def short_instant(instant: str) -> str:
    """A UTC instant as day, month and WITA clock: "14 Agu 10.22"; the year only when the text has none to show."""
    shown = wita_text(instant)
    words = shown.split(" ")
    return f"{words[0]} {words[1]} {words[-1]}" if len(words) == 4 else shown


def clock_text(moment: datetime) -> str:
    """An aware moment as WITA clock with seconds: 10.42.07."""
    return moment.astimezone(WITA).strftime("%H.%M.%S")


def instant_clock(instant: str) -> str:
    """A UTC instant text as WITA clock with seconds."""
    return clock_text(datetime.fromisoformat(instant.replace("Z", "+00:00")).astimezone(UTC))


def percent(value: float | int) -> str:
    """14 becomes "14 %"."""
    return _("{n} %").format(n=round(value))


def percent_change(before: int, now: int) -> str:
    """Change in whole percent with its sign; a dash from gain to loss or back, empty with nothing to compare."""
    if before == 0 or before == now:
        return ""
    if before < 0 or now < 0:
        return "–"
    if now >= before * MANY_TIMES:
        return _("{n} kali lipat").format(n=now // before)
    change = round((now - before) * 100 / before)
    return _("{sign}{n} %").format(sign="+" if change > 0 else "−", n=abs(change))


def signed_rupiah(amount: int) -> str:
    """Money that may be a loss: the loss in accounting brackets."""
    return f"({show_rupiah(-amount)})" if amount < 0 else show_rupiah(amount)


def decimal_text(value: str) -> str:
    """A stored decimal ("1.5") with the comma of the screen."""
    return value.replace(".", ",")


def file_size(size: int) -> str:
    """Bytes as KB or MB with a decimal comma."""
    if size < 1024 * 1024:
        return _("{n} KB").format(n=max(round(size / 1024), 1))
    return _("{n} MB").format(n=f"{size / 1024 / 1024:.1f}".replace(".", ","))
