"""Villages, kecamatan and kabupaten of Kalimantan Timur, and the region part of a NIK (handbook 3.1, 3.7, 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from gettext import gettext as _

from kube_field.domain.names import fold_name
from kube_field.domain.records import PROVINCE_SCOPE
from kube_field.errors import Failure, KubeFieldError

KAMPUNG_KABUPATEN = frozenset({"64.03", "64.07", "64.11"})
"""Berau, Kutai Barat, Mahakam Ulu: the village is called "kampung"."""
PETINGGI_KABUPATEN = frozenset({"64.07", "64.11"})

HISTORIC_KABUPATEN = {
    "6404": "Kabupaten Bulungan",
    "6405": "Kabupaten Nunukan",
    "6406": "Kabupaten Malinau",
    "6410": "Kabupaten Tana Tidung",
    "6473": "Kota Tarakan",
}
"""Codes that Kaltim gave until Kaltara was formed in 2012."""
HISTORIC_KECAMATAN = frozenset({"640701", "640702", "640703", "640704"})
"""Kecamatan of Kutai Barat that are Mahakam Ulu today."""


@dataclass(frozen=True, slots=True)
class Region:
    """A region by its Kemendagri code; `kind` is provinsi, kabupaten, kota, kecamatan, desa or kelurahan."""

    code: str
    name: str
    parent_code: str
    kind: str


RegionRows = Callable[[], Iterable[Region]]


class Regions:
    """The regions of the province, looked up by code. The country's NIK codes are read only when first asked for."""

    def __init__(
        self,
        kabupaten: Iterable[Region],
        kecamatan: Iterable[Region],
        villages: Iterable[Region],
        nik_rows: RegionRows = tuple,
    ) -> None:
        self._kabupaten = {region.code: region for region in kabupaten}
        self._kecamatan = {region.code: region for region in kecamatan}
        self._villages = {region.code: region for region in villages}
        self._nik_rows = nik_rows

    def village(self, code: str) -> Region | None:
        """The desa, kelurahan or kampung with this code."""
        return self._villages.get(code)

    def kecamatan(self, code: str) -> Region | None:
        """The kecamatan with this code, or the one that a village code lies in."""
        return self._kecamatan.get(code[:8])

    def kabupaten(self, code: str) -> Region | None:
        """The kabupaten or kota with this code, or the one that a lower code lies in."""
        return self._kabupaten.get(code[:5])

    def all_kabupaten(self) -> tuple[Region, ...]:
        """The ten kabupaten and kota in the order of their codes."""
        return tuple(self._kabupaten.values())

    def kecamatan_in(self, kabupaten: str) -> tuple[Region, ...]:
        """Kecamatan of a kabupaten, in the order of their names."""
        return _children(self._kecamatan.values(), kabupaten)

    def villages_in(self, kecamatan: str) -> tuple[Region, ...]:
        """Villages of a kecamatan, in the order of their names."""
        return _children(self._villages.values(), kecamatan)

    def search_villages(self, text: str, areas: Sequence[str] = (), limit: int = 20) -> tuple[Region, ...]:
        """Villages whose name, kecamatan or kabupaten hold every typed word; names that begin with the text first.

        `areas` narrows to region codes; empty means the whole province.
        """
        wanted = fold_name(text)
        words = wanted.split()
        found = [
            (not name.startswith(wanted), name, code)
            for code, name, everything in self._searchable
            if all(word in everything for word in words) and (not areas or self.in_areas(code, areas))
        ]
        return tuple(self._villages[code] for _rank, _name, code in sorted(found)[:limit])

    def scope_of(self, village_code: str) -> str:
        """The work area that a record of this village travels in: its kecamatan."""
        return village_code[:8]

    def read_areas(self, text: str) -> tuple[str, ...]:
        """Task areas from codes with commas; `6408` and `64.08`, `640212` and `64.02.12` are the same.

        Raises: KubeFieldError VALIDATION for a code that is no kabupaten, kecamatan or the province, or none at all.
        """
        areas = tuple(dict.fromkeys(_dotted(part.strip()) for part in text.split(",") if part.strip()))
        for area in areas:
            if area != PROVINCE_SCOPE and self.kabupaten(area) is None and self.kecamatan(area) is None:
                raise KubeFieldError(
                    Failure.VALIDATION,
                    _("Kode wilayah {area} tidak dikenal.").format(area=area),
                    _("Tulis kode kabupaten atau kecamatan seperti 64.02 atau 64.02.12."),
                )
        if not areas:
            raise KubeFieldError(Failure.VALIDATION, _("Wilayah tugas wajib diisi."))
        return areas

    def in_areas(self, code: str, areas: Sequence[str]) -> bool:
        """True when a region lies in one of the areas (kabupaten or kecamatan codes; 64 is everything)."""
        return any(code == area or code.startswith(f"{area}.") for area in areas)

    def full_name(self, village_code: str) -> str:
        """A village that cannot be mistaken: Long Lalang, Kec. Tabang, Kab. Kutai Kartanegara; the code if unknown."""
        village, kecamatan, kabupaten = (
            self.village(village_code),
            self.kecamatan(village_code),
            self.kabupaten(village_code),
        )
        if village is None or kecamatan is None or kabupaten is None:
            return village_code
        return f"{village.name}, Kec. {kecamatan.name}, {short_kabupaten(kabupaten.name)}"

    def name_in_kecamatan(self, village_code: str) -> str:
        """A village on a list of one kabupaten: Long Lalang, Kec. Tabang; the code if unknown."""
        village, kecamatan = self.village(village_code), self.kecamatan(village_code)
        return village_code if village is None or kecamatan is None else f"{village.name}, Kec. {kecamatan.name}"

    def village_word(self, village_code: str) -> str:
        """What a village of this place is called: Desa, Kelurahan or Kampung."""
        if self._is_kelurahan(village_code):
            return _("Kelurahan")
        return _("Kampung") if village_code[:5] in KAMPUNG_KABUPATEN else _("Desa")

    def head_title(self, village_code: str) -> str:
        """How the head of a village is addressed: Lurah, Petinggi, Kepala Kampung (Berau) or Kepala Desa."""
        if self._is_kelurahan(village_code):
            return _("Lurah")
        if village_code[:5] in PETINGGI_KABUPATEN:
            return _("Petinggi")
        return _("Kepala Kampung") if village_code[:5] in KAMPUNG_KABUPATEN else _("Kepala Desa")

    def nik_region_known(self, code6: str) -> bool:
        """True for a kecamatan of the country, or one that had this code in the past (six digits)."""
        return code6[:4] in HISTORIC_KABUPATEN or code6 in HISTORIC_KECAMATAN or code6 in self._nik_regions

    def nik_region_name(self, code6: str) -> str:
        """Where a NIK was given, as far as the code tells: Kecamatan Turen, Kabupaten Malang; the code if unknown."""
        kabupaten = self._nik_regions.get(code6[:4])
        kabupaten_name = kabupaten.name if kabupaten is not None else HISTORIC_KABUPATEN.get(code6[:4], "")
        kecamatan = self._nik_regions.get(code6)
        if kecamatan is None:
            return kabupaten_name or code6
        return ", ".join(part for part in (f"Kecamatan {kecamatan.name}", kabupaten_name) if part)

    def _is_kelurahan(self, village_code: str) -> bool:
        """By the serial: first digit 1 is a kelurahan, 2 a desa (also for codes that this list does not know)."""
        return village_code[9:10] == "1"

    @cached_property
    def _nik_regions(self) -> dict[str, Region]:
        """Every kabupaten (four digits) and kecamatan (six digits) of the country."""
        return {region.code.replace(".", ""): region for region in self._nik_rows()}

    @cached_property
    def _searchable(self) -> tuple[tuple[str, str, str], ...]:
        """(code, folded name, folded name with kecamatan and kabupaten) of every village."""
        above = {code: fold_name(region.name) for code, region in (self._kecamatan | self._kabupaten).items()}
        folded = ((code, fold_name(village.name)) for code, village in self._villages.items())
        return tuple((code, name, f"{name} {above[code[:8]]} {above[code[:5]]}") for code, name in folded)


def short_kabupaten(name: str) -> str:
    """A kabupaten's name for tight places: Kab. Paser; a kota keeps its word."""
    return name.replace("Kabupaten ", "Kab. ", 1)


def _children(regions: Iterable[Region], parent: str) -> tuple[Region, ...]:
    return tuple(sorted((r for r in regions if r.parent_code == parent), key=lambda region: region.name))


def _dotted(code: str) -> str:
    """`640212` as `64.02.12`; anything but 4 or 6 plain digits stays as written."""
    if code.isascii() and code.isdigit() and len(code) in (4, 6):
        return ".".join(code[at : at + 2] for at in range(0, len(code), 2))
    return code
