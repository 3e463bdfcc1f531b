"""Scores, warnings and suggestions as they are kept and printed: whole numbers and text only, every line explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from fractions import Fraction
from typing import Any

from kube_field.domain.money import round_half_up
from kube_field.domain.rules import RULES_VERSION
from kube_field.domain.rules.flags import Flag, final_status
from kube_field.domain.rules.recommendation import Exclusion, Family, Suggestion
from kube_field.domain.rules.score import Score


def told_score(score: Score, flags: Sequence[Flag]) -> dict[str, Any]:
    """Version of the rules, total, status, coverage, indicators, flags and what they come to; decimals as text."""
    return {
        "rules_version": RULES_VERSION,
        "total": score.total,
        "status": str(score.status),
        "coverage": decimal_text(score.coverage),
        "indicators": [
            {
                "code": one.code,
                "weight": one.weight,
                "level": one.level,
                "points": decimal_text(one.points),
                "words": one.words,
            }
            for one in score.indicators
        ],
        "flags": [
            {
                "code": flag.code,
                "floor": str(flag.floor) if flag.floor is not None else "",
                "sentence": flag.sentence,
                "action": flag.action,
            }
            for flag in flags
        ],
        "final_status": str(final_status(score.status, flags)),
    }


def told_advice(suggestions: Sequence[Suggestion], excluded: Sequence[Exclusion]) -> dict[str, Any]:
    """Version of the rules, the suggestions with every line, and why the others were excluded."""
    return {
        "rules_version": RULES_VERSION,
        "suggestions": [
            {
                "code": one.idea.code,
                "name": one.idea.name,
                "points": one.points,
                "grade": one.grade,
                "lines": [
                    {"part": line.part, "points": line.points, "most": line.most, "words": line.words}
                    for line in one.lines
                ],
                "beware": [one.idea.season, one.idea.risk],
            }
            for one in suggestions
        ],
        "excluded": [
            {"code": one.idea.code, "reasons": [{"code": code, "words": words} for code, words in one.reasons]}
            for one in excluded
        ],
    }


def told_family(family: Family) -> dict[str, Any]:
    """What suggestions were reckoned with, by the names of the rules; decimals as text."""
    told: dict[str, Any] = {}
    for name in (one.name for one in fields(family)):
        value = getattr(family, name)
        if isinstance(value, Fraction):
            told[name] = decimal_text(value)
        elif isinstance(value, Mapping):
            told[name] = dict(value)
        else:
            told[name] = list(value) if isinstance(value, tuple) else value
    return told


def decimal_text(number: Fraction) -> str:
    """A share, points or an amount that is not negative, with up to three decimals: 11.25."""
    units, rest = divmod(round_half_up(number.numerator * 1000, number.denominator), 1000)
    return f"{units}.{rest:03d}".rstrip("0").rstrip(".")
