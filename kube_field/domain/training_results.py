"""What pre-test and post-test of a training come to (handbook 5.10, 9.2); a missing result is never taken for zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from gettext import gettext as _
from typing import Any

from kube_field.domain.money import round_half_up

Scores = tuple[int | None, int | None]
"""Pre-test and post-test of one participant."""


@dataclass(frozen=True, slots=True)
class TestsSummary:
    """Means over the participants who have both results, how many of these improved, and how many have only one."""

    __test__ = False  # not a test, whatever its name

    pairs: int
    mean_pre: Fraction
    mean_post: Fraction
    improved: int
    unpaired: int

    @property
    def change(self) -> Fraction:
        """How far the mean rose."""
        return self.mean_post - self.mean_pre

    def told(self) -> dict[str, Any]:
        """For a snapshot: numbers, the means as text with one decimal."""
        return {
            "pairs": self.pairs,
            "mean_pre": one_decimal(self.mean_pre),
            "mean_post": one_decimal(self.mean_post),
            "change": one_decimal(self.change),
            "improved": self.improved,
            "unpaired": self.unpaired,
        }


def summary_of(scores: Iterable[Scores]) -> TestsSummary | None:
    """The summary; None while nobody has both results."""
    all_scores = list(scores)
    pairs = [(pre, post) for pre, post in all_scores if pre is not None and post is not None]
    if not pairs:
        return None
    return TestsSummary(
        pairs=len(pairs),
        mean_pre=Fraction(sum(pre for pre, _post in pairs), len(pairs)),
        mean_post=Fraction(sum(post for _pre, post in pairs), len(pairs)),
        improved=sum(post > pre for pre, post in pairs),
        unpaired=sum((pre is None) != (post is None) for pre, post in all_scores),
    )


def one_decimal(number: Fraction) -> str:
    """A number with at most one decimal, half up: 62.5, 70, -3.5."""
    tenths = round_half_up(number.numerator * 10, number.denominator)
    sign, (whole, rest) = ("-" if tenths < 0 else ""), divmod(abs(tenths), 10)
    return f"{sign}{whole}.{rest}" if rest else f"{sign}{whole}"


def told_words(told: Mapping[str, Any]) -> str:
    """A told summary as screen and paper word it (handbook 9.2)."""
    return _(
        "Rata-rata prates {pre}, pascates {post}, kenaikan {change}; {k} dari {m} peserta meningkat; "
        "{q} peserta tanpa pasangan nilai."
    ).format(
        pre=_comma(told["mean_pre"]),
        post=_comma(told["mean_post"]),
        change=_comma(told["change"]),
        k=told["improved"],
        m=told["pairs"],
        q=told["unpaired"],
    )


def _comma(number: str) -> str:
    return number.replace(".", ",").replace("-", "−")
