"""The poverty line of a region on a day (handbook 1.11)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kube_field.domain.records import PROVINCE_SCOPE


@dataclass(frozen=True, slots=True)
class PovertyLine:
    """Rupiah per person and month from `valid_from` (ISO day, first of the survey month) until the next one."""

    region_code: str
    valid_from: str
    amount_idr: int
    source: str


@dataclass(frozen=True, slots=True)
class PovertyLines:
    """Every published line, kept in the order of its day."""

    rows: tuple[PovertyLine, ...]

    @classmethod
    def of(cls, rows: Iterable[PovertyLine]) -> PovertyLines:
        """Lines from rows in any order."""
        return cls(tuple(sorted(rows, key=lambda row: row.valid_from)))

    def at(self, region_code: str, day: date | str) -> PovertyLine | None:
        """The newest line on a day for the kabupaten that a region lies in, else for the province."""
        until = day if isinstance(day, str) else day.isoformat()
        for code in (region_code[:5], PROVINCE_SCOPE):
            found = [row for row in self.rows if row.region_code == code and row.valid_from <= until]
            if found:
                return found[-1]
        return None
