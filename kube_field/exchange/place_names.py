"""Finds the village that a list means: by its code, by its name beside kecamatan and kabupaten, or in full."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from gettext import gettext as _

from rapidfuzz import fuzz, process

from kube_field.domain.names import fold_name
from kube_field.domain.regions import Region, Regions
from kube_field.exchange.incoming_cells import Problem, Reading

_CODE = re.compile(r"([0-9]{2})\.?([0-9]{2})\.?([0-9]{2})\.?([0-9]{4})")
_WORDS = re.compile(
    r"^(?:desa|kelurahan|kampung|kel|kecamatan|kec|kabupaten|kab|kota)\b[.\s]*(?:kelurahan|desa)?\s*", re.IGNORECASE
)
LIKE = 80
"""Smallest likeness (0 to 100) at which another name is offered."""
NAMED = 3


class PlaceNames:
    """The villages by name; `areas` are the officer's, which decide between villages of one name."""

    def __init__(self, regions: Regions, areas: Sequence[str]) -> None:
        self._regions, self._areas = regions, areas
        self._by_name: dict[str, list[Region]] = defaultdict(list)
        for kabupaten in regions.all_kabupaten():
            for kecamatan in regions.kecamatan_in(kabupaten.code):
                for village in regions.villages_in(kecamatan.code):
                    self._by_name[_plain(village.name)].append(village)
        self._known: dict[tuple[str, str, str], Reading] = {}

    def read(self, village: str, kecamatan: str, kabupaten: str) -> Reading:
        """The code of the village, or why it is not clear."""
        asked = (village, kecamatan, kabupaten)
        if asked not in self._known:
            self._known[asked] = self._read(*asked)
        return self._known[asked]

    def _read(self, village: str, kecamatan: str, kabupaten: str) -> Reading:
        if (code := _CODE.fullmatch(village.strip())) is not None:
            return self._by_code(".".join(code.groups()))
        name, *above = village.split(",")
        if above:
            kecamatan = kecamatan or above[0]
            kabupaten = kabupaten or (above[1] if len(above) > 1 else "")
        found = [one for one in self._by_name.get(_plain(name), ()) if self._lies_in(one, kecamatan, kabupaten)]
        if len(found) > 1:
            found = [one for one in found if self._regions.in_areas(one.code, self._areas)] or found
        if len(found) == 1:
            return Reading(found[0].code)
        return Reading(problem=self._several(found) if found else self._unknown(name, kecamatan, kabupaten))

    def _by_code(self, code: str) -> Reading:
        if self._regions.village(code) is not None:
            return Reading(code)
        message = _("Kode wilayah {code} tidak ada dalam daftar.").format(code=code)
        return Reading(problem=Problem("REGION_UNKNOWN", message, _("Tulis nama desanya, atau kode Kemendagri.")))

    def _lies_in(self, village: Region, kecamatan: str, kabupaten: str) -> bool:
        above = ((kecamatan, self._regions.kecamatan(village.code)), (kabupaten, self._regions.kabupaten(village.code)))
        return all(not told.strip() or (one is not None and _plain(one.name) == _plain(told)) for told, one in above)

    def _several(self, found: Sequence[Region]) -> Problem:
        names = "; ".join(self._regions.full_name(one.code) for one in found[:NAMED])
        message = _("Ada {n} desa dengan nama ini: {names}.").format(n=len(found), names=names)
        return Problem("REGION_AMBIGUOUS", message, _("Tambahkan kolom Kecamatan, atau tulis kode desanya."))

    def _unknown(self, name: str, kecamatan: str, kabupaten: str) -> Problem:
        wanted = _plain(name)
        elsewhere = self._by_name.get(wanted, [])
        if elsewhere:
            place = self._regions.full_name(elsewhere[0].code)
            message = _("Desa ini tidak ada di kecamatan yang ditulis.")
            return Problem("REGION_UNKNOWN", message, _("Ada: {place}. Perbaiki salah satunya.").format(place=place))
        message = _("Desa, kelurahan, atau kampung ini tidak ada dalam daftar.")
        return Problem("REGION_UNKNOWN", message, self._suggestion(wanted))

    def _suggestion(self, wanted: str) -> str:
        best = process.extract(wanted, list(self._by_name), scorer=fuzz.ratio, score_cutoff=LIKE, limit=NAMED)
        places = [self._regions.full_name(self._by_name[name][0].code) for name, _score, _at in best]
        if not places:
            return _("Tulis nama resminya, atau kode Kemendagri.")
        return _("Mungkin: {places}.").format(places="; ".join(places))


def _plain(name: str) -> str:
    """A place's name without the word before it, as it is compared; spaces do not tell places apart."""
    return fold_name(_WORDS.sub("", " ".join(name.split()))).replace(" ", "")
