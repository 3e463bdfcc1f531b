"""What the simulator knows by itself: which changes were confirmed, what their authors saw, who may see what.

The invariants are those of the sync design, section 7. Nothing here asks the program what it thinks of itself. What
must hold at every moment is here; what must hold after quiet is in `peace`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kube_field.domain.commit import Commit
from kube_field.domain.merge import DELETED
from kube_field.domain.records import PROVINCE_SCOPE, Change, RecordKind
from kube_field.wire.canonical import canonical_json, fact_body
from tests.sim.machine import Machine
from tests.sim.province import Province

TAKEN = ("applied", "merged", "conflict")
CANARY = re.compile(rb"kenari(\d+)x")
"""Every text of the n-th record holds it: whose data is this?"""
LEARNT = RecordKind.MEMBERSHIP
"""The kind that an older program does not know."""
PARENTS = ("group_id", "household_id")
"""Answers that say with what a record travels."""
GONE = (None, True)
ORPHANS = "SELECT uid FROM record WHERE subject_uid <> '' AND subject_uid NOT IN (SELECT uid FROM record)"
"""Records without the one on which they hang."""
BUILDABLE = "SELECT uid FROM sync_base UNION SELECT uid FROM outbox WHERE created = 1"
"""Records of which the laptop holds more than an edit. One that left its areas for good is not there any more when the
server forgets that it left; its edits wait in the queue, and it is shown again when it is downloaded again (I3)."""


class Violation(AssertionError):  # noqa: N818
    """An invariant does not hold. `about` names the record or laptop, to find it in the story."""

    def __init__(self, invariant: str, text: str, about: str = "") -> None:
        super().__init__(f"{invariant}: {text}")
        self.invariant, self.text, self.about = invariant, text, about


@dataclass
class Confirmed:
    """A change whose commit came back. `holders` are laptops whose disk holds it; `gone` with the last copy."""

    change: Change
    author: str
    holders: set[str]
    order: int
    gone: bool = False

    @property
    def typed(self) -> dict[str, Any]:
        return {name: new for name, (_old, new) in self.change.sets.items()}


@dataclass
class Oracle:
    """The list of what was confirmed, and the checks."""

    province: Province
    machines: list[Machine]
    confirmed: dict[str, Confirmed] = field(default_factory=dict)
    canaries: dict[int, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    hangs: dict[str, set[str]] = field(default_factory=dict)
    """Records and facts with what they hang on, or ever hung on, by their authors' own words."""
    joined: dict[str, set[str]] = field(default_factory=dict)
    """Records with those of which somebody said that they are the same."""
    photos: dict[str, str] = field(default_factory=dict)
    """Photos by their hash, with the fact that names them."""
    places: dict[str, set[str]] = field(default_factory=dict)
    """Areas in which a record lay, or was meant to lie by somebody."""
    bad: set[str] = field(default_factory=set)
    boom: set[str] = field(default_factory=set)
    newer: set[str] = field(default_factory=set)
    """Changes of a form version that the server does not know yet."""
    decided: set[str] = field(default_factory=set)
    """Changes that a supervisor refused in quarantine."""
    looked_at: set[str] = field(default_factory=set)
    """Changes that waited in quarantine until a supervisor took or refused them."""
    let_in: set[str] = field(default_factory=set)
    """Changes that the console let in, on the server as it stands: nobody has to look at them twice."""
    granted: dict[str, set[str]] = field(default_factory=dict)
    """What the province last granted to a user."""
    first_areas: dict[str, frozenset[str]] = field(default_factory=dict)
    """What it granted in the beginning."""
    lost_areas: dict[str, set[str]] = field(default_factory=dict)
    """Areas that a user ever lost."""
    older: set[str] = field(default_factory=set)
    """Laptops whose program does not know yet what a membership is."""
    grants_file_is_whole: bool = True
    has_gone_back: bool = False
    """The server was put back once: the number of a version may mean two of them."""
    seen: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Deletions by their change with the answers of the record that their author saw."""
    server_went_back: bool = False
    happened: set[tuple[str, str]] = field(default_factory=set)
    """What was seen on the server at some quiet, with what tells one from another."""
    cursors: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    _believed: dict[str, tuple[set[str], set[str]]] = field(default_factory=dict)
    """Changes and photos of a laptop whose receipts were compared with the server's tables."""
    _doubts: dict[str, int] = field(default_factory=dict)
    """Laptops that may hold receipts which the server lost, since when; until their next whole run."""
    _began: dict[str, int] = field(default_factory=dict)
    _moment: int = 0

    def name(self, uid: str) -> str:
        return self.names.get(uid, uid[:12])

    def tell(self, known: Confirmed) -> str:
        fields = ", ".join(sorted(known.change.sets)[:4])
        return f"change {known.order} of {known.author} on {self.name(known.change.uid)} ({fields})"

    # keeping the list

    def hear(self, work: Commit) -> None:
        """Somebody is about to write this: where it lies and what it hangs on, in his eyes."""
        for record in work.records:
            self.places.setdefault(record.uid, set()).add(record.scope)
            parents = (record.answers.get(code) for code in PARENTS)
            self.hangs.setdefault(record.uid, set()).update(found["uid"] for found in parents if found)
        answers = {record.uid: {**record.answers, **record.extra} for record in work.records}
        self.seen |= {change.id: answers[change.uid] for change in work.changes if change.sets.get(DELETED) == GONE}
        for fact in work.facts:
            self.hangs.setdefault(fact.uid, set()).add(fact.subject_uid)
            if fact.kind == RecordKind.MERGE_DECISION:
                pair = {fact.answers["kept"], fact.answers["merged"]}
                self.hangs[fact.uid] |= pair
                for uid in pair:
                    self.joined.setdefault(uid, set()).update(pair)

    def counted(self) -> Counter[str]:
        """How often each thing was seen on the server."""
        return Counter(what for what, _which in self.happened)

    def knows(self, machine: Machine, kind: str) -> bool:
        """True for a kind of which the laptop's program makes something that it shows."""
        return kind in set(RecordKind) and not (kind == LEARNT and machine.name in self.older)

    def companions(self, uid: str) -> set[str]:
        """This record and all that were ever said to be the same, over however many steps."""
        return _reachable(uid, self.joined)

    def places_of(self, uid: str) -> set[str]:
        """Areas in which a record, what it hangs on, or what it was made one with ever lay in somebody's eyes."""
        links = {uid: self.hangs.get(uid, set()) | self.joined.get(uid, set()) for uid in self.hangs | self.joined}
        return {place for found in _reachable(uid, links) for place in self.places.get(found, ())}

    def hangs_on(self, uid: str) -> set[str]:
        """A record and all that it hangs on, in anybody's eyes."""
        return _reachable(uid, self.hangs)

    def confirm(self, changes: Iterable[Change], machine: Machine) -> None:
        for change in changes:
            self.confirmed[change.id] = Confirmed(change, machine.name, {machine.name}, len(self.confirmed))

    def laptop_cloned(self, original: Machine, clone: Machine) -> None:
        for known in self.confirmed.values():
            if original.name in known.holders:
                known.holders.add(clone.name)
        self._doubt(clone)

    def laptop_put_back(self, machine: Machine, held: set[str]) -> None:
        """Its disk holds now what it held at the backup: `held`."""
        for name, known in self.confirmed.items():
            (known.holders.add if name in held else known.holders.discard)(machine.name)
        self.cursors.pop(machine.name, None)
        self._doubt(machine)
        self._bury()

    def server_put_back(self) -> None:
        """Rights are what was granted last, whatever the old database says."""
        self.has_gone_back = True
        self.server_went_back = True
        self.let_in.clear()
        for machine in self.machines:
            self._doubt(machine)
        self._bury()
        for user, areas in self.granted.items():
            if self.grants_file_is_whole and self.areas_of_user(user) != areas:
                raise Violation("I4", f"{user} may work in {self.areas_of_user(user)}, granted was {areas}", user)

    def server_mended(self) -> None:
        """I9: what failed was decided."""
        for name, uid in self.province.rows("SELECT change_id, uid FROM intake WHERE status = 'failed'"):
            raise Violation("I9", f"change {name} of {self.name(uid)} still failed after the mend", uid)

    def stick_taken(self, machine: Machine) -> None:
        """Its files may be older than the server's last restore."""
        self._doubt(machine)

    def run_begins(self, machine: Machine) -> None:
        self._began[machine.name] = self._moment

    def run_ended_well(self, machine: Machine) -> None:
        """A whole run begun after the doubt came up has compared everything."""
        if self._doubts.get(machine.name, self._moment) <= self._began[machine.name]:
            self._doubts.pop(machine.name, None)

    def _doubt(self, machine: Machine) -> None:
        self._moment += 1
        self._doubts[machine.name] = self._moment
        self._believed.pop(machine.name, None)

    def _bury(self) -> None:
        """A change that is on no disk at all is lost, and nobody can help it."""
        there = {name for (name,) in self.province.rows("SELECT change_id FROM intake")}
        for name, known in self.confirmed.items():
            if not known.holders and name not in there:
                known.gone = True

    # who may see what

    def areas_of(self, machine: Machine) -> set[str]:
        """Areas that the laptop's officers hold now, read anew from the table of grants."""
        return {area for officer in machine.officers for area in self.areas_of_user(officer.uid)}

    def areas_of_user(self, uid: str) -> set[str]:
        return {
            area
            for (area,) in self.province.rows(f"SELECT area FROM area_grant WHERE until_at = '' AND user_uid = '{uid}'")
        }

    def look_at_answer(self, machine: Machine, path: str, body: bytes) -> None:
        """I4: no answer to a laptop names a record of an area that nobody on it may read."""
        if b"kenari" not in body:
            return
        homes = dict(self.province.rows("SELECT uid, scope FROM record"))
        areas = self.areas_of(machine)
        for number in {int(found) for found in CANARY.findall(body)}:
            uid = self.canaries[number]
            home = homes.get(uid)
            if home is not None and not any(covered(homes.get(one, ""), areas) for one in self.companions(uid)):
                raise Violation("I4", f"{machine.name} got data of {self.name(uid)} ({home}) by {path}", uid)

    # at every step

    def look_at_laptop(self, machine: Machine) -> None:
        """I1, I6 and I7, after every call and every commit."""
        states = {str(name): str(state) for name, state in machine.rows("SELECT change_id, state FROM outbox")}
        self._cursors_grow(machine)
        self._typed_is_shown(machine, states)
        if machine.name not in self._doubts:
            self._receipts_are_true(machine, states)

    def look_at_server(self) -> None:
        """I10: nothing stands on the server before the record on which it hangs."""
        for (uid,) in self.province.rows(ORPHANS):
            raise Violation("I10", f"{self.name(uid)} stands on the server before what it hangs on", uid)

    def _receipts_are_true(self, machine: Machine, states: Mapping[str, str]) -> None:
        """What a laptop calls accepted is on the server with exactly this content, and so are its photos."""
        changes, photos = self._believed.setdefault(machine.name, (set(), set()))
        acked = {name for name, state in states.items() if state == "acked"}
        if new := acked - changes:
            there = {
                name: (status, sha256)
                for name, status, sha256 in self.province.rows("SELECT change_id, status, sha256 FROM intake")
            }
            for name in new:
                status, sha256 = there.get(name, ("missing", ""))
                known = self.confirmed[name]
                if status not in TAKEN or sha256 != known.change.sha256:
                    raise Violation(
                        "I1", f"{self.tell(known)} is accepted for {machine.name}, {status} there", known.change.uid
                    )
        stored = {name for (name,) in machine.rows("SELECT sha256 FROM blob WHERE state IN ('stored', 'remote')")}
        if new := stored - photos:
            there_too = {name for (name,) in self.province.rows("SELECT sha256 FROM blob")}
            own = {name for (name,) in machine.rows("SELECT sha256 FROM blob WHERE state = 'stored'")}
            for name in new & own - there_too:
                about = self.photos[name]
                raise Violation("I1", f"the photo of {self.name(about)} is stored for {machine.name}, not there", about)
        self._believed[machine.name] = (acked, stored)

    def _cursors_grow(self, machine: Machine) -> None:
        before = self.cursors.get(machine.name, {})
        now = {
            scope: (int(seq), int(gen))
            for scope, seq, gen in machine.rows("SELECT scope_id, seq, gen FROM sync_scope WHERE state <> 'leaving'")
        }
        for scope, (seq, gen) in now.items():
            seq_before, gen_before = before.get(scope, (0, -1))
            if gen == gen_before and seq < seq_before:
                raise Violation("I6", f"cursor of {scope} on {machine.name} went from {seq_before} to {seq}")
        self.cursors[machine.name] = now

    def _typed_is_shown(self, machine: Machine, states: Mapping[str, str]) -> None:
        wanted: dict[str, dict[str, Any]] = {}
        for name, known in self.confirmed.items():
            if machine.name not in known.holders:
                continue
            if name not in states:
                raise Violation("I1", f"{machine.name} forgot {self.tell(known)}", known.change.uid)
            fields = wanted.setdefault(known.change.uid, {})
            if states[name] != "acked":
                fields.update(known.typed)
            else:
                for code in known.change.sets:
                    fields.pop(code, None)
        self._all_are_shown(machine, {uid: fields for uid, fields in wanted.items() if fields})

    def _all_are_shown(self, machine: Machine, wanted: Mapping[str, Mapping[str, Any]]) -> None:
        if wanted:
            buildable = {uid for (uid,) in machine.rows(BUILDABLE)}
            for uid, fields in wanted.items():
                if uid in buildable:
                    self._is_shown(machine, uid, fields)

    def _is_shown(self, machine: Machine, uid: str, fields: Mapping[str, Any]) -> None:
        shown = screen(machine, uid)
        if shown is None:
            raise Violation("I7", f"{self.name(uid)} with unsent work vanished from {machine.name}", uid)
        if machine.rows(f"SELECT 1 FROM alias WHERE old = '{uid}' AND undone = 0"):
            fields = {code: new for code, new in fields.items() if code != DELETED}  # another one stands for it
        for code, new in fields.items():
            if shown.get(code) != new and (shown.get(code) or new):
                raise Violation(
                    "I7", f"{machine.name} shows {code}={shown.get(code)!r} of {self.name(uid)}, typed was {new!r}", uid
                )

    def undecided(self, machine: Machine, uid: str) -> dict[str, Any]:
        """Values that the officer typed and that no later accepted change of his replaced."""
        typed: dict[str, Any] = {}
        for name, state in machine.rows("SELECT change_id, state FROM outbox WHERE uid = ? ORDER BY n", uid):
            known = self.confirmed[name]
            if state != "acked":
                typed.update(known.typed)
            else:
                for code in known.change.sets:
                    typed.pop(code, None)
        return typed


def _reachable(uid: str, links: Mapping[str, set[str]]) -> set[str]:
    found, level = {uid}, {uid}
    while level:
        level = {other for one in level for other in links.get(one, ())} - found
        found |= level
    return found


def screen(machine: Machine, uid: str) -> dict[str, Any] | None:
    """What the laptop shows of a record or fact."""
    record = machine.store.records.get(uid)
    if record is not None:
        return {**record.answers, **record.extra, DELETED: record.deleted}
    fact = machine.store.facts.get(uid)
    if fact is None:
        return None
    return {**json.loads(canonical_json(fact_body(fact))), **fact.extra}


def covered(scope: str, areas: Iterable[str]) -> bool:
    """True for a scope that somebody with these areas may read."""
    return (
        scope == PROVINCE_SCOPE
        or scope.startswith("user:")
        or any(scope == area or scope.startswith(f"{area}.") for area in areas)
    )
