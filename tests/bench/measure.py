"""Times of ours and of the bare thing beside it, taken by turns in one run, as rows of one table."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured; the defaults are those of RESULTS.md."""

    saves: int = 60
    people: int = 100_000
    visits: int = 8_000
    lists: int = 9
    starts: int = 11
    papers: int = 40
    many: int = 500
    listed: int = 20_000
    """Rows of the list that is imported."""
    synced: tuple[int, ...] = (1_000, 10_000)
    syncs: int = 3
    windows: int = 3
    window_visits: int = 400_000
    """Visits on the laptop whose window is measured."""
    stored: int = 100_000
    """Records on the server while twenty changes are pulled; a million takes `--stored 1000000`."""
    cache: Path | None = None
    """Folder of the invented province; the user's cache folder when None."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: ours against the bare thing, in `unit`."""

    name: str
    ours: float
    bare: float
    rounds: int
    unit: str = "ms"

    @property
    def ratio(self) -> float:
        return self.ours / self.bare

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio}


@dataclass(slots=True)
class Pairs:
    """Times of both sides in milliseconds."""

    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)

    def row(self, name: str) -> Row:
        """The medians."""
        return Row(name, median(self.ours), median(self.bare), len(self.ours))

    def rows_of_spread(self, name: str) -> list[Row]:
        """Median, 95th percentile and the worst."""
        return [
            self.row(f"{name}, median"),
            Row(f"{name}, p95", percentile_95(self.ours), percentile_95(self.bare), len(self.ours)),
            Row(f"{name}, worst", max(self.ours), max(self.bare), len(self.ours)),
        ]


def percentile_95(values: Sequence[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1]


def milliseconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def by_turns(ours: Callable[[], object], bare: Callable[[], object], rounds: int, *, warm: int = 1) -> Pairs:
    """Ours and bare by turns, so that whatever else this machine does hits both."""
    for _ in range(warm):
        ours()
        bare()
    pairs = Pairs()
    for _ in range(rounds):
        pairs.ours.append(milliseconds(ours))
        pairs.bare.append(milliseconds(bare))
    return pairs


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    head = ("name", "ours", "bare", "ratio", "rounds")
    cells = [
        head,
        *(
            (
                row.name,
                f"{row.ours:,.2f} {row.unit}",
                f"{row.bare:,.2f} {row.unit}",
                f"{row.ratio:.1f}",
                f"{row.rounds}",
            )
            for row in rows
        ),
    ]
    widths = [max(len(line[at]) for line in cells) for at in range(len(head))]
    lines = [
        "| "
        + " | ".join(
            text.ljust(width) if at == 0 else text.rjust(width)
            for at, (text, width) in enumerate(zip(line, widths, strict=True))
        )
        + " |"
        for line in cells
    ]
    rule = "|" + "|".join("-" * (width + 1) + ("-" if at == 0 else ":") for at, width in enumerate(widths)) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])
