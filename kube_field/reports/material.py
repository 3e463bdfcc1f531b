"""What a part of a visit report is made from: the frozen fact read through its form, the width, and the fonts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kube_field.domain.records import Fact
from kube_field.reference import Reference
from kube_field.reports.fonts import FontSet
from kube_field.reports.wording import Said


@dataclass(frozen=True, slots=True)
class Material:
    """The fact, its answers in words, and the tools to set them. `photos` gives JPEG bytes by SHA-256, or None."""

    fonts: FontSet
    width: float
    fact: Fact
    said: Said
    reference: Reference
    photos: Callable[[str], bytes | None]

    def frozen(self, key: str) -> Mapping[str, Any]:
        """A mapping of the snapshot; empty where the record knew nothing."""
        value = self.fact.snapshot.get(key)
        return value if isinstance(value, Mapping) else {}

    def word(self, key: str, inner: str = "") -> str:
        """A text of the snapshot, empty where there is none."""
        value = self.frozen(key).get(inner) if inner else self.fact.snapshot.get(key)
        return "" if value is None else str(value)

    @property
    def is_final(self) -> bool:
        """True for a finalised visit; what finalising would freeze has no number yet, so its paper is a draft's."""
        return bool(self.fact.number and self.fact.finalised_at)

    @property
    def is_group(self) -> bool:
        """True for the visit of a KUBE."""
        kind = self.fact.snapshot.get("owner_kind") or self.fact.answers.get("owner_kind")
        return kind == "group"

    @property
    def tells_result(self) -> bool:
        """True for a visit of a form that shows its result: the first version's papers stay as they were filed."""
        return self.said.question("result_lines") is not None

    @property
    def nobody_met(self) -> bool:
        """True for a visit at which nobody was at home: it asks only parts 1, 8 and 10 of the form."""
        return self.fact.answers.get("met") == "tidak_ada_orang"


def day_or_none(value: object) -> date | None:
    """The day of an ISO text, or None for anything else."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None
