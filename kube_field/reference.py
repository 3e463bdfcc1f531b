"""Reference data that the program ships (regions, ideas, poverty lines), read through importlib.resources."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from importlib.resources import files
from typing import Any

from kube_field.domain.ideas import BusinessIdea
from kube_field.domain.poverty import PovertyLine, PovertyLines
from kube_field.domain.regions import Region, Regions

RESOURCES = "kube_field.resources"


@dataclass(frozen=True, slots=True)
class Reference:
    """What rules, forms and papers look up; the same on laptop and server."""

    regions: Regions
    ideas: tuple[BusinessIdea, ...]
    poverty: PovertyLines

    def idea(self, code: str) -> BusinessIdea | None:
        """The business idea with this code."""
        return next((idea for idea in self.ideas if idea.code == code), None)


def load_reference() -> Reference:
    """Everything from the package's resources; the country's NIK codes (7,800 rows) wait until they are needed."""
    regions = Regions(
        _region_rows("regencies"),
        _region_rows("districts"),
        _region_rows("villages"),
        nik_rows=_nik_rows,
    )
    return Reference(regions, _ideas(), _poverty_lines())


def read_table(*path: str) -> list[dict[str, str]]:
    """Rows of a CSV file of the resources, by column name."""
    return list(csv.DictReader(io.StringIO(_text(*path))))


def _text(*path: str) -> str:
    return files(RESOURCES).joinpath(*path).read_text(encoding="utf-8")


def _region_rows(name: str) -> Iterator[Region]:
    lines = csv.reader(io.StringIO(_text("regions", f"{name}.csv")))
    next(lines)
    return (Region(*line) for line in lines)


def _nik_rows() -> Iterator[Region]:
    yield from _region_rows("nik_regencies")
    yield from _region_rows("nik_districts")


def _ideas() -> tuple[BusinessIdea, ...]:
    return tuple(_idea(entry) for entry in json.loads(_text("business_ideas.json"))["ideas"])


def _idea(entry: dict[str, Any]) -> BusinessIdea:
    values: dict[str, Any] = {field.name: entry[field.name] for field in fields(BusinessIdea)}
    lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return BusinessIdea(**(values | lists))


def _poverty_lines() -> PovertyLines:
    return PovertyLines.of(
        PovertyLine(row["region_code"], row["valid_from"], int(row["amount_idr"]), row["source"])
        for row in read_table("poverty_lines.csv")
    )
