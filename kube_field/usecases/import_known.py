"""What the laptop and the earlier rows of a list know: who has a number, and who may be somebody else's double."""

from __future__ import annotations

from collections import defaultdict
from gettext import gettext as _

from rapidfuzz import fuzz

from kube_field.domain.dates import show_date
from kube_field.domain.names import fold_name
from kube_field.domain.records import RecordKind
from kube_field.usecases.import_results import PossibleTwin
from kube_field.usecases.session import Session

ALIKE = 82
"""Smallest likeness (0 to 100) of two folded names, words in any order, as in the search before registering."""
ALIKE_HEADS = 92
"""Heads of families share neither birth date nor number: their names must be more alike."""
Candidate = tuple[str, PossibleTwin]
"""A folded name, and whom it belongs to."""


class KnownPeople:
    """People by NIK and by birth date; rows of the list are added as they are judged."""

    def __init__(self, session: Session) -> None:
        self._regions = session.reference.regions
        self.holders: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._born: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
        for one in session.store.listings.people_to_match():
            if one.nik:
                self.holders[one.nik].append((one.uid, one.name))
            if one.birth_date and one.village_code:
                self._note(one.name, one.birth_date, one.village_code, uid=one.uid)

    def twins(self, name: str, born: str, village: str) -> list[PossibleTwin]:
        """People of a like name who were born the same day and live in the same kecamatan."""
        folded = fold_name(name)
        return [
            twin
            for other, twin in self._born.get((born, village[:8]), ())
            if fuzz.token_sort_ratio(folded, other) >= ALIKE
        ]

    def add(self, row: int, name: str, born: str, village: str) -> None:
        """A row that may become a person."""
        self._note(name, born, village, row=row)

    def _note(self, name: str, born: str, village: str, *, row: int = 0, uid: str = "") -> None:
        place = self._regions.name_in_kecamatan(village)
        detail = _("lahir {day}, {place}").format(day=_day(born), place=place)
        self._born[born, village[:8]].append((fold_name(name), PossibleTwin(name, detail, row, uid)))


class KnownFamilies:
    """Families by KK number and by the head's name in a village."""

    def __init__(self, session: Session) -> None:
        self._regions = session.reference.regions
        self.cards: dict[str, list[str]] = defaultdict(list)
        self.by_head: dict[str, list[str]] = defaultdict(list)
        self._heads: dict[tuple[str, int | None], list[Candidate]] = defaultdict(list)
        for one in session.store.listings.families_to_match():
            if one.kk_number:
                self.cards[one.kk_number].append(one.uid)
            self.by_head[fold_name(one.head_name)].append(one.uid)
            self._note(one.head_name, one.village_code, one.rt, one.kk_number, uid=one.uid)

    def twins(self, head: str, village: str, rt: int | None) -> list[PossibleTwin]:
        """Families of the same RT whose heads have nearly the same name."""
        folded = fold_name(head)
        return [
            twin
            for other, twin in self._heads.get((village, rt), ())
            if fuzz.token_sort_ratio(folded, other) >= ALIKE_HEADS
        ]

    def add(self, row: int, head: str, village: str, rt: int | None, kk: str) -> None:
        """A row that may become a family."""
        self._note(head, village, rt, kk, row=row)

    def _note(self, head: str, village: str, rt: int | None, kk: str, *, row: int = 0, uid: str = "") -> None:
        if head and village:
            detail = _("nomor KK berakhir {end}, {place}").format(
                end=kk[-4:], place=self._regions.name_in_kecamatan(village)
            )
            self._heads[village, rt].append((fold_name(head), PossibleTwin(head, detail, row, uid)))


class KnownGroups:
    """Groups by name and village, and by the number of their decree."""

    def __init__(self, session: Session) -> None:
        self._by_name: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._by_number: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._in_village: dict[str, list[Candidate]] = defaultdict(list)
        for group in session.store.records.where(RecordKind.KUBE_GROUP):
            name, village = str(group.answers.get("name") or ""), str(group.answers.get("village_code") or "")
            self._by_name[fold_name(name), village].append(group.uid)
            if number := fold_name(str(group.answers.get("sk_number") or "")):
                self._by_number[number, village].append(group.uid)
            self._note(name, village, uid=group.uid)

    def matching(self, name: str, number: str, village: str) -> list[str]:
        """Groups of this name in the village, else those with this decree there."""
        return self._by_name.get((fold_name(name), village)) or self._by_number.get((fold_name(number), village), [])

    def twins(self, name: str, village: str) -> list[PossibleTwin]:
        """Groups of the village with a like name."""
        folded = fold_name(name)
        return [
            twin for other, twin in self._in_village.get(village, ()) if fuzz.token_sort_ratio(folded, other) >= ALIKE
        ]

    def add(self, row: int, name: str, village: str) -> None:
        """A row that may become a group."""
        self._note(name, village, row=row)

    def _note(self, name: str, village: str, *, row: int = 0, uid: str = "") -> None:
        if name and village:
            self._in_village[village].append((fold_name(name), PossibleTwin(name, "", row, uid)))


def _day(born: str) -> str:
    try:
        return show_date(born)
    except ValueError:
        return born
