"""What a business unit received by its handover minutes: day, number, value, first working capital, tools.

Minutes stand until they are declared void; a correction (Berita Acara Perubahan) stands in their place once it is
accepted, the newest where two laptops wrote one each. Where a unit has no minutes, its own fields are read (README 14).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kube_field.domain.forms.aid_rules import PRICE
from kube_field.domain.forms.answered import rows, text
from kube_field.domain.forms.goods import line_total
from kube_field.domain.forms.graduation import GRADUATED, LEFT
from kube_field.domain.forms.review import ACCEPTED, VOID
from kube_field.domain.records import Answers, Fact, Record, RecordKind
from kube_field.usecases.graduated import decision_in_effect
from kube_field.usecases.session import Session

WORKING_CAPITAL = ("bahan", "uang")
TOOL = "alat"


@dataclass(frozen=True, slots=True)
class Minutes:
    """Handover minutes that stand, and whether a supervisor accepted them."""

    fact: Fact
    is_accepted: bool

    @property
    def handover_on(self) -> str:
        """The day on which the aid was handed over."""
        return text(self.fact.answers, "handover_on")

    @property
    def items(self) -> list[Mapping[str, Any]]:
        """What was handed over."""
        return [row for _at, row in rows(self.fact.answers, "items")]

    @property
    def total_idr(self) -> int:
        """The value of all items."""
        return sum(line_total(row, PRICE) or 0 for row in self.items)


def standing_minutes(session: Session, unit_uid: str) -> list[Minutes]:
    """The minutes of a unit that stand today, the oldest handover first."""
    told = {
        fact.uid: (fact, session.store.listings.standing(fact.uid).review)
        for fact in session.store.facts.of_subject(unit_uid, RecordKind.AID)
    }
    accepted_changes = {
        fact.supersedes: fact
        for fact, review in sorted(told.values(), key=lambda pair: (pair[0].finalised_at, pair[0].uid))
        if fact.supersedes and review == ACCEPTED
    }
    found = []
    for fact, review in told.values():
        stands = accepted_changes.get(fact.supersedes) is fact if fact.supersedes else review != VOID
        if stands and fact.uid not in accepted_changes:
            found.append(Minutes(fact, review == ACCEPTED))
    return sorted(found, key=lambda one: (one.handover_on, one.fact.finalised_at))


def unit_answers(session: Session, unit: Record) -> Answers:
    """The answers of a unit with what its minutes say in place of its own fields about the aid.

    Its status is that of the graduation that a supervisor decided, where one holds.
    """
    decided = decision_in_effect(session, unit.uid)
    own = {**unit.answers, "status": GRADUATED if decided.is_independent else LEFT} if decided else unit.answers
    minutes = standing_minutes(session, unit.uid)
    if not minutes:
        return own
    told = {
        "handover_on": minutes[0].handover_on,
        "bast_number": ", ".join(one.fact.number for one in minutes if one.fact.number),
        "aid_value_idr": sum(one.total_idr for one in minutes),
        "working_capital_base_idr": first_capital(minutes),
        "tools": list(handed_tools(minutes)),
    }
    kept = {code: value for code, value in own.items() if code not in told}
    return {**kept, **{code: value for code, value in told.items() if value not in (None, "")}}


def first_capital(minutes: Sequence[Minutes]) -> int | None:
    """Cash and consumables of the accepted minutes, not tools (handbook 5.7); None while none is accepted."""
    accepted = [one for one in minutes if one.is_accepted]
    if not accepted:
        return None
    return sum(
        line_total(row, PRICE) or 0 for one in accepted for row in one.items if row.get("kind") in WORKING_CAPITAL
    )


def handed_tools(minutes: Sequence[Minutes]) -> Iterator[dict[str, Any]]:
    """Every tool that was handed over as a row of the unit's tools; its serial number tells equal ones apart."""
    seen: set[str] = set()
    for one in minutes:
        for row in one.items:
            if row.get("kind") != TOOL:
                continue
            name = _tool_name(row)
            name = name if name not in seen else f"{name} (BAST {one.handover_on})"
            seen.add(name)
            kept = {code: row[code] for code in ("id", "qty", "unit", "condition") if row.get(code)}
            yield {**kept, "name": name, "handed_on": one.handover_on, "bast_number": one.fact.number}


def _tool_name(row: Mapping[str, Any]) -> str:
    name, serial = text(row, "name"), text(row, "serial_number")
    return f"{name} ({serial})" if serial else name
