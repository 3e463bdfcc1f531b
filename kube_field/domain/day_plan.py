"""The plan of a day and the blank sheets for its visits, as papers show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kube_field.domain.forms.declaration import Form


@dataclass(frozen=True, slots=True)
class PlannedStop:
    """One visit of the day: whom, where, how to reach them, why now, what was found last, what is still promised."""

    unit_uid: str
    name: str
    business: str
    village_code: str
    village: str
    kecamatan: str
    address: str
    contact: str
    phone: str
    reason: str
    findings: tuple[str, ...] = ()
    promises: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DayPlan:
    """The visits of a day in the order of their villages."""

    day: str
    officer: str
    office: str
    stops: tuple[PlannedStop, ...]
    kop: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VisitSheet:
    """A visit's form for filling in by hand: `known` answers stand on it, `previous` ones beside their question.

    `skipped` questions are not asked of this unit; `members` are those who may be present.
    """

    stop: PlannedStop
    code: str
    short: str
    form: Form
    known: Mapping[str, Any]
    previous: Mapping[str, Any]
    skipped: frozenset[str] = frozenset()
    members: tuple[str, ...] = ()
    recipient: str = ""
    officer: str = ""
    kop: Mapping[str, Any] = field(default_factory=dict)
