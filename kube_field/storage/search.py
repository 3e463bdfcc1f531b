"""The search index: folded words of every record that can be looked for, written in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kube_field.domain.forms.referral import is_restricted
from kube_field.domain.names import fold_name, without_titles
from kube_field.domain.records import Fact, Record, RecordKind
from kube_field.sqlite.driver import Database
from kube_field.storage.headers import text_of
from kube_field.storage.places import Places

MIN_RANKED = 3
"""Ranking is affordable only from this many letters on (measured: p95 32 ms against 2 ms without)."""
TITLES = {
    RecordKind.PERSON: "full_name",
    RecordKind.HOUSEHOLD: "head_name",
    RecordKind.KUBE_GROUP: "name",
    RecordKind.BUSINESS_UNIT: "business_name",
    RecordKind.TRAINING_EVENT: "title",
    RecordKind.PROGRAM_BATCH: "name",
}

ADD_ENTRY = "INSERT INTO search_entry (uid, kind, title, detail, folded) VALUES (?, ?, ?, ?, ?)"
ADD_NUMBERED_ENTRY = "INSERT INTO search_entry (id, uid, kind, title, detail, folded) VALUES (?, ?, ?, ?, ?, ?)"
CHANGE_ENTRY = "UPDATE search_entry SET title = ?, detail = ?, folded = ? WHERE id = ?"


class SearchIndex:
    """Writes and reads the index of one laptop."""

    def __init__(self, db: Database, places: Places) -> None:
        self._db = db
        self._places = places
        self._village_words: dict[str, str] = {}

    def index_record(self, record: Record) -> None:
        """Bring the entry of a record up to date; a household brings its people along. Inside a transaction."""
        if record.kind not in TITLES:
            return
        if record.deleted:
            self.forget(record.uid)
            return
        title = text_of(record.answers.get(TITLES[record.kind]))
        village = text_of(record.answers.get("village_code"))
        if record.kind == RecordKind.PERSON:
            household = text_of(record.answers.get("household_id"))
            village = self._db.value("SELECT village_code FROM household WHERE uid = ?", household) or ""
        owner = _owner_name(record)
        self._put(record.uid, record.kind, title or owner, village, more=owner)
        if record.kind == RecordKind.HOUSEHOLD:
            self._index_people_of(record.uid, village)

    def index_fact(self, fact: Fact) -> None:
        """Make a document findable by its number. Inside a transaction."""
        if _is_findable(fact):
            self._put(fact.uid, fact.kind, fact.number, "", fact.occurred_on)

    def index_new_facts(self, facts: Sequence[Fact]) -> None:
        """Make documents findable that were not here before, in one statement a table. Inside a transaction."""
        numbered = [fact for fact in facts if _is_findable(fact)]
        first = int(self._db.value("SELECT coalesce(max(id), 0) + 1 FROM search_entry")) if numbered else 1
        entries: list[tuple[Any, ...]] = []
        words: list[tuple[int, str]] = []
        for number, fact in enumerate(numbered, first):
            folded = folded_words(fact.number)
            entries.append((number, fact.uid, fact.kind, fact.number, fact.occurred_on, folded))
            words.append((number, folded.strip()))
        self._db.cursor().executemany(ADD_NUMBERED_ENTRY, entries)
        self._db.cursor().executemany("INSERT INTO search_words (rowid, words) VALUES (?, ?)", words)

    def forget(self, uid: str) -> None:
        """Take an entry out. Inside a transaction."""
        entry = self._db.value("SELECT id FROM search_entry WHERE uid = ?", uid)
        if entry is not None:
            self._db.execute_sql("DELETE FROM search_words WHERE rowid = ?", (entry,))
            self._db.execute_sql("DELETE FROM search_entry WHERE id = ?", (entry,))

    def _put(self, uid: str, kind: RecordKind, title: str, village: str, detail: str = "", more: str = "") -> None:
        where = f"{self._places.village(village)}, {self._places.kecamatan(village)}" if village else detail
        folded = folded_words(title)
        words = f"{folded} {folded_words(more)} {self._words_of(village) if village else ''}".strip()
        entry = self._db.value("SELECT id FROM search_entry WHERE uid = ?", uid)
        if entry is None:
            cursor = self._db.execute_sql(ADD_ENTRY, (uid, kind, title, where, folded))
            self._db.execute_sql("INSERT INTO search_words (rowid, words) VALUES (?, ?)", (cursor.lastrowid, words))
            return
        self._db.execute_sql(CHANGE_ENTRY, (title, where, folded, entry))
        self._db.execute_sql("INSERT OR REPLACE INTO search_words (rowid, words) VALUES (?, ?)", (entry, words))

    def _words_of(self, village: str) -> str:
        if village not in self._village_words:
            where = f"{self._places.village(village)} {self._places.kecamatan(village)}"
            self._village_words[village] = folded_words(where)
        return self._village_words[village]

    def _index_people_of(self, household: str, village: str) -> None:
        people = self._db.rows("SELECT uid, full_name FROM person WHERE household_id = ? AND deleted = 0", household)
        for uid, name in people:
            self._put(uid, RecordKind.PERSON, name, village)


def _is_findable(fact: Fact) -> bool:
    """Documents are found by their number, except those that not everybody on this laptop may see."""
    return bool(fact.number) and not (fact.kind == RecordKind.REFERRAL and is_restricted(fact.answers))


def _owner_name(record: Record) -> str:
    """Name of the group or person that a business unit belongs to; such a unit is looked for by it too."""
    if record.kind != RecordKind.BUSINESS_UNIT:
        return ""
    owner = record.answers.get("group_id") or record.answers.get("person_id")
    return str(owner.get("name", "")) if isinstance(owner, Mapping) else ""


def folded_words(text: str) -> str:
    """The form in which words are indexed: folded names (handbook 3.6), and the old j for y (Tjahaja, Joesoef)."""
    return fold_name(text).replace("y", "j")


def match_expression(text: str) -> str:
    """An FTS5 expression that finds every typed word as the beginning of a word; empty when nothing can be found.

    What was typed without a space stays together, so that a document number is looked for as a whole.
    """
    words = (folded_words(word).replace('"', " ").strip() for word in without_titles(text).split())
    return " ".join(f'"{word}"*' for word in words if any(sign.isalnum() for sign in word))


def may_rank(text: str) -> bool:
    """True when ordering by rank stays quick."""
    return min((len(word) for word in fold_name(text).split()), default=0) >= MIN_RANKED


def typed_digits(text: str) -> str:
    """The digits of a text that is a number (spaces, dots and dashes allowed), else empty."""
    digits = "".join(sign for sign in text if sign not in " .-")
    return digits if digits.isdecimal() and digits.isascii() else ""
