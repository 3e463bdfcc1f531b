"""The fixed rule for the handover minutes of the sample's units: the CSV files name only day, value and first capital.

- what is not first capital went into tools, in even parts; where a unit has none, into a training;
- the first capital came as material; everything came in one tranche, on the day and of the value of the file;
- a person, or the ketua before secretary and treasurer, received it; photos are left out with a reason;
- the province's office accepted the minutes a day later, but for the unit whose first capital its visits do not know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kube_field.domain.ideas import BusinessIdea
from kube_field.usecases.sample_completion import NewId, signature, tools_of

MATERIAL, TRAINING = "Bahan awal", "Pelatihan usaha"


def minutes_answers(
    people: Sequence[Mapping[str, str]], officer: str, goods: Sequence[Mapping[str, Any]], day: str, place: str
) -> dict[str, Any]:
    """What the minutes say; the draft adds unit, batch and officer. `people` are receiver and witnesses."""
    receiver, *witnesses = people
    signed = {
        f"{part}witness_{at}": value
        for at, one in enumerate(witnesses, start=1)
        for part, value in (("", dict(one)), ("signature_", signature(one["name"])))
    }
    return {
        "handover_on": day,
        "place": place,
        "received_by": dict(receiver),
        **signed,
        "items": [dict(row) for row in goods],
        "conditions_read": True,
        "photos": {"waived": "Data contoh tidak memuat foto."},
        "signature_recipient": signature(receiver["name"]),
        "signature_staff": signature(officer),
    }


def goods_of(
    idea: BusinessIdea, tool_count: int, value_idr: int, capital_idr: int, new_id: NewId
) -> list[dict[str, Any]]:
    """Tools or a training for what is not first capital, and the material."""
    tools = tools_of(idea, tool_count, new_id)
    rest = value_idr - capital_idr
    each = rest // len(tools) if tools else 0
    prices = [rest - each * (len(tools) - 1), *[each] * (len(tools) - 1)]
    given = [{**row, "kind": "alat", "unit_price_idr": price} for row, price in zip(tools, prices, strict=False)]
    training = [] if tools or not rest else [_row(new_id, "pelatihan", TRAINING, rest)]
    return [*given, *training, {**_row(new_id, "bahan", MATERIAL, capital_idr), "condition": "baik"}]


def _row(new_id: NewId, kind: str, name: str, price_idr: int) -> dict[str, Any]:
    return {"id": new_id(), "kind": kind, "name": name, "qty": "1", "unit": "paket", "unit_price_idr": price_idr}
