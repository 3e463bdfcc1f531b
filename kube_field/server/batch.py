"""What one batch of changes knows of the database, and what it is about to write; nothing is written before the end."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from kube_field.domain.records import EDITABLE_KINDS, RecordKind
from kube_field.server.shelves import shelved
from kube_field.server.storage.accounts import User
from kube_field.server.storage.double_rows import Case, MergeDone
from kube_field.server.storage.record_rows import Decision, Event, LastEdit, Step, Stored, Writing
from kube_field.server.storage.records import RecordStore
from kube_field.server.written import Written, in_written_order, told_before
from kube_field.wire.messages import DONE, HELD, WireChange
from kube_field.wire.server_words import ServerKind

Key = TypeVar("Key")
Value = TypeVar("Value")
FindAuthors = Callable[[Sequence[str]], Mapping[str, User]]
NO_EDIT = "{}"
AFRESH = frozenset({"failed", "quarantined"})
"""Statuses that are decided anew when the change comes again: after a mend of the server, or once its author or his
area is known, it may pass."""
UNDECIDED = AFRESH | {HELD}
"""Statuses of what is not in the records, but may come into them."""
FACTS = frozenset(RecordKind) - EDITABLE_KINDS
PROOF_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a record gets a new version: the change, its author (uid), his reason, the laptop that it came from."""

    change_id: str
    author_uid: str = ""
    reason: str = ""
    device_id: str = ""


class Batch:
    """Records, authors and the pending writing of one transaction."""

    def __init__(self, store: RecordStore, find_authors: FindAuthors, now: str) -> None:
        self.store = store
        self.now = now
        self.records: dict[str, Stored] = {}
        self.authors: dict[str, User] = {}
        self.work = Writing()
        self.cases: list[Case] = []
        """Cases about doubles that were decided here; the last word about one counts."""
        self.merges: list[MergeDone] = []
        """Merges that were made or taken back here."""
        self.erased: set[str] = set()
        """Records that were erased, as far as it was asked for them."""
        self._find_authors = find_authors
        self._asked: set[str] = set()
        self._puts: list[tuple[str, Stored | None, Stored | None]] = []
        self._links: list[tuple[tuple[str, str], tuple[str, str, str] | None]] = []

    def load(self, uids: Sequence[str]) -> None:
        """Read these records unless they were asked for before."""
        unasked = [uid for uid in dict.fromkeys(uids) if uid not in self._asked]
        self._asked.update(unasked)
        for uid, record in self.store.records(unasked).items():
            self.records.setdefault(uid, record)

    def load_erased(self, uids: Sequence[str]) -> None:
        """Learn which of these were erased; a database that was put back may not have their records."""
        self.erased |= self.store.erased(uids)

    def load_behind(self, uids: Sequence[str], *, shared: bool = False) -> None:
        """Lock and read these records, what each was merged into, and what each conflict among them is about.

        Few are merged, so this rarely asks the database for anything.
        """
        seen: set[str] = set()
        level = set(uids)
        while level:
            unknown = sorted(uid for uid in level if uid not in self._asked)
            self.store.lock(*([], unknown) if shared else (unknown,))
            self.load(unknown)
            seen |= level
            found = [self.records[uid] for uid in level if uid in self.records]
            about = {record.subject_uid for record in found if record.kind == ServerKind.CONFLICT}
            level = ({record.merged_into for record in found} | about) - seen - {""}
            if level and not shared:
                self.store.lock(sorted(level))

    def load_authors(self, uids: Sequence[str]) -> None:
        """Read these officers unless they are known."""
        unknown = [uid for uid in dict.fromkeys(uids) if uid and uid not in self.authors]
        if unknown:
            self.authors.update(self._find_authors(unknown))

    def author_of(self, change: WireChange) -> str:
        """The officer who wrote a change, whichever of his uids he wrote it under."""
        return self._officer(change.by)

    def _officer(self, uid: str) -> str:
        return self.authors[uid].uid if uid in self.authors else uid

    def name_of(self, uid: str) -> str:
        """Name of an officer, "" when nobody knows him."""
        self.load_authors([uid])
        return self.authors[uid].name if uid in self.authors else ""

    def put(self, record: Stored, cause: Cause, sets: str = NO_EDIT) -> Stored:
        """Let a record stand in this version; one that stood elsewhere leaves that scope in the same moment.

        What is restricted lies on its author's shelf, wherever its subject lies; the record comes back as it stands.
        """
        record = shelved(self.records, record)
        before = self.records.get(record.uid)
        self._puts.append((record.uid, before, self.work.records.get(record.uid)))
        self.work.before.setdefault(record.uid, (before.scope, before.version) if before else ("", 0))
        self.records[record.uid] = self.work.records[record.uid] = record
        self._asked.add(record.uid)
        if before is not None and before.scope != record.scope:
            self._tell(before.scope, record, cause, "exit")
        self._tell(record.scope, record, cause, "put")
        self.work.steps.append(
            Step(record.uid, record.version, cause.change_id, sets, cause.author_uid, cause.reason, cause.device_id)
        )
        return record

    def _tell(self, scope: str, record: Stored, cause: Cause, state: str) -> None:
        name = _proven(record, cause) if state == "put" else cause.change_id
        self.work.events.append(Event(scope, record.uid, record.version, name, record.kind, state))

    def name_photo(self, sha256: str, record: Stored, mime: str, by: str = "") -> None:
        """A record names a photo, which may then be sent; who named it first counts."""
        key = (sha256, record.uid)
        named = self.work.photos.get(key)
        by = named[2] if named else by
        self._links.append((key, named))
        self.work.photos[key] = (record.scope, mime, by)

    def was_set_aside(self, change: WireChange, present: str) -> bool:
        """True when something that its author did to this record, or to `present`, has or had to be looked at.

        What he did next is looked at too: he could not know what became of the first. What waits for a record may have
        to be looked at when that comes; whatever else waited for it may be decided before.
        """
        about, author = {change.uid, present}, self._officer(change.by)
        here = (self.work.decisions | self.work.redecided).values()
        mine = (one for one in here if one.uid in about and self._officer(one.author_uid) == author)
        if any(one.status == "quarantined" or (one.status in UNDECIDED and one.change_id != change.id) for one in mine):
            return True
        return self.store.was_set_aside(sorted(about), author, change.id)

    def seen_beside(self, change: WireChange, laptop: str) -> dict[str, Decision]:
        """What its author, or anybody on his laptop, did to this record besides, by id, in the order of writing."""
        author, seen = self._officer(change.by), dict[str, Decision]()
        for name, one in self._known_of(change.uid).items():
            if self._officer(one.author_uid) == author or (laptop and one.device_id == laptop):
                seen[name] = one
        seen.pop(change.id, None)
        order = in_written_order({name: told_before(json.loads(one.body)) for name, one in seen.items()})
        return {name: seen[name] for name in order}

    def mark(self) -> tuple[int, ...]:
        """A point to which `undo` can go back."""
        lists = (self._puts, self.work.steps, self.work.events, self._links, self.cases, self.merges)
        return tuple(len(one) for one in lists)

    def undo(self, mark: tuple[int, ...]) -> None:
        """Forget every put, photo and case since the mark: a change is taken in whole or not at all."""
        puts, steps, events, links, cases, merges = mark
        del self.cases[cases:], self.merges[merges:]
        for key, place in reversed(self._links[links:]):
            _set_back(self.work.photos, key, place)
        for uid, before, written in reversed(self._puts[puts:]):
            _set_back(self.records, uid, before)
            _set_back(self.work.records, uid, written)
        del self._puts[puts:], self.work.steps[steps:], self.work.events[events:], self._links[links:]

    def first_states(self) -> dict[str, Stored | None]:
        """Every record that this batch wrote, as it was before."""
        found: dict[str, Stored | None] = {}
        for uid, before, _written in self._puts:
            found.setdefault(uid, before)
        return found

    def standing(self, uid: str) -> str:
        """The record that is seen in the place of this one, as far as both are at hand."""
        seen: set[str] = set()
        while uid not in seen and (record := self.records.get(uid)) is not None and record.merged_into:
            seen.add(uid)
            uid = record.merged_into
        return uid

    def standing_merge(self, one: str, other: str) -> MergeDone | None:
        """The merge of two records that was not taken back, whichever was kept; what this batch did counts."""
        pending = {merge.change_id: merge for merge in self.merges if {merge.kept, merge.merged} == {one, other}}
        stored = self.store.doubles().standing_merge(one, other)
        found = [*pending.values(), *([stored] if stored and stored.change_id not in pending else [])]
        return next((merge for merge in found if not merge.undone_by), None)

    def merges_taken_back(self, kept: str) -> list[MergeDone]:
        """The merges into a record that were taken back, and are not made again; what this batch did counts."""
        stored = {merge.change_id: merge for merge in self.store.doubles().merges_into(kept)}
        known = [*(stored | {merge.change_id: merge for merge in self.merges if merge.kept == kept}).values()]
        standing = {merge.merged for merge in known if not merge.undone_by}
        return [merge for merge in known if merge.undone_by and merge.merged not in standing]

    def was_merged(self, one: str, other: str) -> bool:
        """True when these two records were made one, whether that was taken back since or not."""
        here = any({merge.kept, merge.merged} == {one, other} for merge in self.merges)
        return here or self.store.doubles().was_merged(one, other)

    def case(self, name: str) -> Case | None:
        """A case as it stands; the last word of this batch counts."""
        decided = [case for case in self.cases if case.id == name]
        return decided[-1] if decided else self.store.doubles().case(name)

    def edited_since(self, uid: str, version: int) -> set[str]:
        """The fields of a record that were set after this version."""
        return {name for step in self._steps_after(uid, version) for name in json.loads(step.sets)}

    def _steps_after(self, uid: str, version: int) -> list[Step]:
        """The versions of a record after this one, newest first; what this batch made counts."""
        pending = [step for step in self.work.steps if step.uid == uid and step.version > version]
        return [*reversed(pending), *self.store.steps_after(uid, version)]

    def version_seen(self, change: WireChange) -> int:
        """The version of its record that the author of an edit surely saw.

        After the server was put back, the number of a version means another one than before, as soon as the two went
        different ways. That the record was there he saw anyway. Of the life before is what was accepted then, and what
        a stick brings that was written before its laptop heard of it.
        """
        is_of_before = change.again is True or self.store.is_other_life(change.life or "")
        if not is_of_before and change.base <= self.records[change.uid].version:
            return change.base
        return min(change.base, max(1, self.store.version_before_put_back(change.uid)))

    def unseen_edits(self, change: WireChange, laptop: str) -> list[Mapping[str, Any]]:
        """What was done to a record after the version that was seen on a laptop, newest first: field to [old, new].

        Neither what was written there before counts, nor what was written there with this change before the eyes.
        `laptop` is "" for an edit that was meant for a record that was merged into this one: nothing was seen there.
        """
        unseen, written = self._not_written_before(change, laptop)
        return [sets for change_id, sets in unseen if not written.is_behind(change_id)]

    def edits_since(self, change: WireChange, laptop: str) -> list[Mapping[str, Any]]:
        """The same with what was written there since: all that its author could not see."""
        unseen, _written = self._not_written_before(change, laptop)
        return [sets for _change_id, sets in unseen]

    def has_all_before(self, change: WireChange) -> bool:
        """False where something that tells it was written before this change is still on its way."""
        return Written(self._known_of(change.uid), change, "").is_all_here

    def _not_written_before(self, change: WireChange, laptop: str) -> tuple[list[tuple[str, dict[str, Any]]], Written]:
        """Steps since its version that were not before its author's eyes, by their change, newest first.

        A field that was set since by what he did see stays as that left it.
        """
        steps = self._steps_after(change.uid, change.base)
        written = Written(self._known_of(change.uid) if steps else {}, change, laptop)
        unseen, seen_since = [], set[str]()
        for step in steps:
            sets = json.loads(step.sets)
            if written.is_before(step.change_id):
                seen_since |= sets.keys()
            else:
                left = {name: pair for name, pair in sets.items() if name not in seen_since}
                unseen.append((step.change_id, left))
        return unseen, written

    def _known_of(self, uid: str) -> dict[str, Decision]:
        """What came about a record, by id; what this batch made of it counts."""
        here = self.work.decisions | self.work.redecided
        return self.store.changes_of(uid) | {name: one for name, one in here.items() if one.uid == uid}

    def typed_since(self, uid: str, at: str, leaving: str) -> list[Mapping[str, Any]]:
        """What was typed into a record since a merge at this instant, taken in or found there: field to [old, new].

        What officers typed who knew only a record that is seen under it counts, but not for the one that leaves it.
        """
        into = {found.uid: found.merged_into for found in self.records.values()}
        under = {found for found in self.store.seen_under(uid) if into.get(found, uid) == uid}
        meant = {uid, *under, *(found for found, kept in into.items() if kept == uid)} - {leaving}
        return [told.get("set", {}) for told in self._taken_in(meant, at)]

    def taken_in(self, uid: str) -> list[Mapping[str, Any]]:
        """The changes of a record, and of those seen under it, that were accepted, as they came; oldest first."""
        under = {found.uid for found in self.records.values() if found.merged_into == uid}
        return self._taken_in({uid, *self.store.seen_under(uid), *under}, "")

    def _taken_in(self, uids: set[str], at: str) -> list[Mapping[str, Any]]:
        decided = (*self.work.decisions.values(), *self.work.redecided.values())
        pending = [json.loads(item.body) for item in decided if item.status in DONE and item.uid in uids]
        return [*self.store.bodies_since(sorted(uids), at), *pending]

    def hanging_on(self, uids: Sequence[str]) -> list[Stored]:
        """The records that hang on these, locked; what this batch made of them counts."""
        wanted = set(uids)
        found = self.store.hanging_on(uids)
        self.store.lock(found)
        unwritten = [uid for uid in found if uid not in self.work.records]
        self._asked.update(unwritten)
        self.records.update(self.store.records(unwritten))
        written = [uid for uid, record in self.work.records.items() if record.subject_uid in wanted]
        known = [self.records[uid] for uid in dict.fromkeys([*found, *written]) if uid in self.records]
        return [record for record in known if record.subject_uid in wanted]

    def last_edits(self, uid: str, names: Sequence[str]) -> dict[str, LastEdit]:
        """The newest edit of each field of a record; under "" its newest version."""
        return self.store.last_edits(uid, names) | self._pending_edits(uid, names)

    def _pending_edits(self, uid: str, names: Sequence[str]) -> dict[str, LastEdit]:
        found: dict[str, LastEdit] = {}
        for step in self.work.steps:
            if step.uid == uid:
                edit = LastEdit(step.author_uid, self.now)
                sets = json.loads(step.sets)
                found |= {"": edit} | {name: edit for name in names if name in sets}
        return found

    def scopes_left(self, uid: str) -> list[str]:
        """The scopes in which a record once was."""
        pending = [event.scope for event in self.work.events if event.uid == uid and event.state == "exit"]
        return [*pending, *(scope for scope, _version in self.store.left(uid))]

    def mover_of(self, uid: str) -> str:
        """Uid of the officer who moved a record last; "" for one that never moved."""
        version = max(
            [event.version for event in self.work.events if event.uid == uid and event.state == "exit"]
            or [version for _scope, version in self.store.left(uid)],
            default=0,
        )
        made = [step.author_uid for step in self.work.steps if (step.uid, step.version) == (uid, version)]
        return made[0] if made else self.store.author_of(uid, version)


def _set_back(kept: dict[Key, Value], key: Key, before: Value | None) -> None:
    if before is None:
        kept.pop(key, None)
    else:
        kept[key] = before


def _proven(record: Stored, cause: Cause) -> str:
    """What the feed's chain names besides a record's version: the change, and the content that this one led to.

    A fact is what its change says. An edit or a word of the server depends on what stood there: a server that was put
    back may come to another one by the same changes, and a laptop that has the first must see that.
    """
    if record.kind in FACTS:
        return cause.change_id
    return f"{cause.change_id} {record.sha256[:PROOF_DIGITS]}"
