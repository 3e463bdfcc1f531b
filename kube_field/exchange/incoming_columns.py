"""What the columns of an incoming list can mean, and how their headings are recognised."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from gettext import gettext as _
from typing import Any

from rapidfuzz import fuzz, process

from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.consent import CONSENT_QUESTIONS
from kube_field.domain.forms.declaration import Kind, Question, Required
from kube_field.domain.names import fold_name
from kube_field.domain.records import FACT_ROWS, RecordKind
from kube_field.exchange.heading_words import NO_ANSWER, WORDS
from kube_field.exchange.incoming import Row, Sheet

NOT_IN_SHEETS = frozenset({Kind.COMPUTED, Kind.PHOTO, Kind.SIGNATURE})
BY_CODE = "kode"
"""Ends the heading of the column in which our own exports name a village by its code; it is believed before names."""
FAMILY = "household."
"""Begins the codes of what a list of people says about the family."""
KECAMATAN, KABUPATEN, RT_RW, BIRTH = "kecamatan", "kabupaten", "rt_rw", "birth"
CONSENTS, DESIL = "consents", "dtsen_rows"
PROPOSED = frozenset({"birth_date_precision", "status", "assigned_staff_id", "household_id"})
"""Needed answers that the app fills in where a list is silent: exact date, candidate, officer, family of the card."""
LONGEST_TITLE = 20
"""The headings stand within so many rows; above them is what the list is called."""
FEWEST_HEADINGS = 2
REPORT_HEADINGS = ("Baris di berkas asal", "Hasil", "Galat", "Peringatan", "Mungkin ganda dengan")
"""Columns that the report of an import adds; a list that comes back with them is read without them."""
ALIKE = 90
"""Smallest likeness (0 to 100) at which a heading with a slip of the fingers is taken for a known one."""
SHORTEST = 8
_NOTE = re.compile(r"\([^)]*\)|\[[^\]]*\]|\*")


class ImportType(StrEnum):
    """What a list is about."""

    PEOPLE = "people"
    HOUSEHOLDS = "households"
    GROUPS = "groups"

    @property
    def kind(self) -> RecordKind:
        """The records that its rows become."""
        return KINDS[self]


KINDS = {
    ImportType.PEOPLE: RecordKind.PERSON,
    ImportType.HOUSEHOLDS: RecordKind.HOUSEHOLD,
    ImportType.GROUPS: RecordKind.KUBE_GROUP,
}


@dataclass(frozen=True, slots=True)
class Target:
    """A question that a column can answer. `code` has dots: household.rt, dtsen_rows.desil, consents.foto."""

    code: str
    label: str
    question: Question
    needed: bool = False

    @property
    def is_part(self) -> bool:
        """True for a column that is only a part of an answer: kecamatan, RT/RW in one, place and date of birth."""
        return self.code in (KECAMATAN, KABUPATEN, RT_RW, BIRTH)


def targets_of(kind: ImportType) -> tuple[Target, ...]:
    """Everything that the columns of such a list can answer, in the order of the forms."""
    own = tuple(_form_targets(kind.kind, ""))
    family = tuple(_form_targets(RecordKind.HOUSEHOLD, FAMILY)) if kind == ImportType.PEOPLE else ()
    parts = [_part(KECAMATAN, "Kecamatan"), _part(KABUPATEN, "Kabupaten/Kota")]
    if kind != ImportType.GROUPS:
        parts.append(_part(RT_RW, "RT/RW"))
    if kind == ImportType.PEOPLE:
        parts.append(_part(BIRTH, "Tempat, tanggal lahir"))
    return (*own, *family, *parts)


def _form_targets(kind: RecordKind, prefix: str) -> Iterator[Target]:
    for question in form(kind).questions():
        if question.kind in NOT_IN_SHEETS or (question.fixed and question.kind != Kind.ROWS):
            continue
        if question.kind == Kind.LOCATION:
            yield from _place_targets(question, prefix)
            continue
        if question.kind == Kind.ROWS:
            if question.code in FACT_ROWS.get(kind, {}):
                yield from _row_targets(question, prefix)
            continue
        needed = question.required > Required.NO and question.required_if is None and question.code not in PROPOSED
        needed = question.code == "kk_number" if prefix else needed
        yield Target(f"{prefix}{question.code}", question.label, question, needed)


def _place_targets(question: Question, prefix: str) -> Iterator[Target]:
    """A point on the map in four columns, called as our own exports call them."""
    for code, (words, kind) in PLACE_COLUMNS.items():
        label = f"{question.label} ({words})"
        yield Target(f"{prefix}{question.code}.{code}", label, Question(code=code, label=label, kind=kind))


def _row_targets(table: Question, prefix: str) -> Iterator[Target]:
    """A table's columns as columns of the sheet, which can hold one row of it."""
    start = f"{prefix}{table.code}."
    if table.code != CONSENTS:
        for column in table.columns:
            if column.kind not in NOT_IN_SHEETS:
                yield Target(f"{start}{column.code}", column.label, column, not prefix and column.code != "source")
        return
    item, given, *others = CONSENT_QUESTIONS
    for choice in item.choices:
        yield Target(f"{start}{choice.code}", choice.label, given, choice == item.choices[0])
    for column in others:
        if column.code != "witness":
            yield Target(f"{start}{column.code}", CONSENT_LABELS[column.code], column, column.code == "given_on")


PLACE_COLUMNS = {
    "latitude": ("lintang", Kind.DECIMAL),
    "longitude": ("bujur", Kind.DECIMAL),
    "accuracy_m": ("ketelitian, m", Kind.INTEGER),
    "note": ("keterangan", Kind.TEXT),
}
CONSENT_LABELS = {"given_on": "Tanggal persetujuan", "how": "Cara persetujuan"}


def _part(code: str, label: str) -> Target:
    return Target(code, label, Question(code=code, label=label, kind=Kind.TEXT))


def folded(text: object) -> str:
    """A heading or choice as it is compared: no case, accents, notes in brackets or signs."""
    plain = fold_heading(str(text))
    without = fold_heading(_NOTE.sub(" ", str(text)))
    return without or plain


def fold_heading(text: str) -> str:
    """Words without case, accents and signs; titles of people stay, for here they are words."""
    joined = re.sub(r"[^\w]+", " ", text.casefold().replace("_", " "))
    return " ".join(joined.split())


def heading_index(kind: ImportType) -> dict[str, str]:
    """Folded headings and the code of what they mean; "" for columns that every list has and nobody needs."""
    index: dict[str, str] = dict.fromkeys((*NO_ANSWER, *(fold_heading(one) for one in REPORT_HEADINGS)), "")
    listed = targets_of(kind)
    for target in reversed(listed):
        index[folded(target.code)] = target.code
        for part in (target.label, _(target.label)):
            index[fold_heading(part)] = target.code
            if target.question.code not in PLACE_COLUMNS:
                index[folded(part)] = target.code
            if target.question.kind == Kind.REGION:
                index[f"{fold_heading(part)} {BY_CODE}"] = target.code
    known = {target.code for target in listed}
    for code, words in WORDS.items():
        whole = code if code in known else f"{FAMILY}{code}"
        if whole in known:
            index.update({folded(word): whole for word in words if folded(word) not in index})
    return index


def recognise(headings: Sequence[str], kind: ImportType) -> dict[str, str]:
    """What each heading means, "" for one that means nothing to us; the first of two that mean the same counts."""
    index = heading_index(kind)
    found: dict[str, str] = {}
    taken: set[str] = set()
    for heading in sorted(headings, key=_is_plain):
        code = index.get(fold_heading(heading), index.get(folded(heading)))
        found[heading] = code if code and code not in taken else ""
        taken.add(found[heading])
    for heading in headings:
        if not found[heading] and heading and folded(heading) not in index:
            code = _nearest(folded(heading), index)
            found[heading] = code if code not in taken else ""
            taken.add(found[heading])
    return found


def _is_plain(heading: str) -> bool:
    return fold_heading(heading).rpartition(" ")[2] != BY_CODE


def _nearest(heading: str, index: Mapping[str, str]) -> str:
    """What the most alike known heading means; short ones are too near to others: No KKS is no No KK."""
    if len(heading) < SHORTEST:
        return ""
    best = process.extractOne(heading, index.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE)
    return index[best[0]] if best is not None else ""


@dataclass(frozen=True, slots=True)
class Table:
    """A list inside a sheet: its headings, where they stand, and the rows below with their numbers."""

    sheet: str
    headings: tuple[str, ...]
    rows: tuple[tuple[int, Row], ...]

    def shape(self) -> str:
        """The set of headings, as which a mapping is remembered."""
        return "|".join(sorted({fold_heading(heading) for heading in self.headings if heading}))


def find_table(sheets: Sequence[Sheet], kind: ImportType, name: str = "") -> Table | None:
    """The list among the sheets of which most headings are known; of the sheet with this name where one is given."""
    index = heading_index(kind)
    best: tuple[int, Sheet, int] | None = None
    for sheet in sheets:
        if name and fold_name(sheet.name) != fold_name(name):
            continue
        for at, row in enumerate(sheet.rows[:LONGEST_TITLE]):
            count = len({code for cell in row if (code := index.get(folded(cell)))})
            if count >= FEWEST_HEADINGS and (best is None or count > best[0]):
                best = (count, sheet, at)
    return _table(best[1], best[2]) if best is not None else _first_table(sheets, name)


def _first_table(sheets: Sequence[Sheet], name: str) -> Table | None:
    """Where no heading is known: the first row with something in it, for the officer to say what it means."""
    for sheet in sheets:
        if name and fold_name(sheet.name) != fold_name(name):
            continue
        for at, row in enumerate(sheet.rows[:LONGEST_TITLE]):
            if sum(cell is not None for cell in row) >= FEWEST_HEADINGS:
                return _table(sheet, at)
    return None


def _table(sheet: Sheet, at: int) -> Table:
    headings = _unique([" ".join(str(cell).split()) if cell is not None else "" for cell in sheet.rows[at]])
    rows = tuple(
        (number, row)
        for number, row in enumerate(sheet.rows[at + 1 :], start=at + 2)
        if _is_entry(row, number - at - 2)
    )
    return Table(sheet.name, headings, rows)


def _unique(headings: Sequence[str]) -> tuple[str, ...]:
    """Headings told apart: the second of two equal ones gets a number."""
    seen: dict[str, int] = {}
    told = []
    for heading in headings:
        seen[heading] = seen.get(heading, 0) + 1
        told.append(heading if seen[heading] == 1 or not heading else f"{heading} ({seen[heading]})")
    return tuple(told)


def _is_entry(row: Row, below: int) -> bool:
    """False for blank rows, for the row of column numbers below a heading, and for a total."""
    filled: list[Any] = [cell for cell in row if cell is not None]
    if not filled:
        return False
    numbers = [_whole(cell) for cell in filled]
    if below < 2 and len(filled) > 2 and numbers == list(range(1, len(filled) + 1)):
        return False
    first = folded(filled[0])
    return not (len(filled) <= 3 and first in ("jumlah", "total", "jumlah total"))


def _whole(cell: Any) -> int | None:
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return int(cell) if isinstance(cell, str) and cell.isascii() and cell.isdecimal() else None
