"""The profile of a KUBE or a person's business as parts in words, before it is set on paper (handbook 9.6)."""

from __future__ import annotations

from dataclasses import dataclass

from kube_field.domain.progress import VisitPoint


@dataclass(frozen=True, slots=True)
class PartTable:
    """A table: heads with their share of the width, and rows of words; `numeric` columns stand at the right."""

    columns: tuple[tuple[str, float], ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """One part; what it has is set in this order. `checks` are criteria, None for one that nobody judged.

    `photos` are (SHA-256, caption). `empty` is said when a part has nothing at all.
    """

    title: str
    pairs: tuple[tuple[str, str], ...] = ()
    table: PartTable | None = None
    checks: tuple[tuple[str, bool | None], ...] = ()
    course: tuple[VisitPoint, ...] = ()
    photos: tuple[tuple[str, str], ...] = ()
    words: str = ""
    empty: str = ""

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to set."""
        return not (self.pairs or (self.table and self.table.rows) or self.checks or self.photos or self.words)


@dataclass(frozen=True, slots=True)
class ProfilePaper:
    """The whole profile. `as_of` (UTC) is when it was made; `signs` are titles and names of who signs."""

    title: str
    name: str
    as_of: str
    place: str
    parts: tuple[Part, ...]
    signs: tuple[tuple[str, str], ...]
