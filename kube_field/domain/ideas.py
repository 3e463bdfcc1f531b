"""One business idea of the catalogue (handbook 6.1)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BusinessIdea:
    """What a business needs, earns from and risks. Capital in rupiah, `hours` a day, `cycle_days` until money returns.

    `space`, `electricity`, `water`, `raw`, `markets`, `skills` are codes of the lists in handbook 5.3, 5.8 and 6.2.
    """

    code: str
    name_id: str
    name_en: str
    sector: str
    individual: bool
    group: bool
    cap_min: int
    cap_max: int
    skills: tuple[str, ...]
    trainable: bool
    tools: str
    space: str
    electricity: str
    water: str
    raw: str
    markets: tuple[str, ...]
    hours: int
    home_based: bool
    load: str
    perish: str
    cycle_days: int
    flood_sensitive: bool
    season: str
    risk: str
    licences: tuple[str, ...]
    needs_cold: bool

    @property
    def name(self) -> str:
        """The name in Indonesian, as the screen shows it."""
        return self.name_id
