"""What the simulator knows by itself: which changes were confirmed, what their authors saw, what must hold afterwards.

The invariants are those of the sync design, section 7. Nothing here asks the program what it thinks of itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kube_field.domain.records import EDITABLE_KINDS, PROVINCE_SCOPE, Change, RecordKind
from kube_field.server.storage.accounts import Accounts
from kube_field.wire import chain
from kube_field.wire.canonical import canonical_json, fact_body
from tests.sim.machine import Machine
from tests.sim.province import Province

TAKEN = ("applied", "merged", "conflict")
CANARY = re.compile(r"kenari(\d+)x")
"""Every text of the n-th record holds it: whose data is this?"""
SERVER_KINDS = ("conflict", "decision", "duplicate", "alias")
DELETED = "deleted"
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
    names: dict[str, str] = field(default_factory=dict)
    bad: set[str] = field(default_factory=set)
    boom: set[str] = field(default_factory=set)
    decided: set[str] = field(default_factory=set)
    """Changes that a supervisor refused in quarantine."""
    moved: set[str] = field(default_factory=set)
    """Records that changed their area at least once."""
    grants: dict[str, set[str]] = field(default_factory=dict)
    """Areas that a user ever lost."""
    cursors: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)

    def name(self, uid: str) -> str:
        return self.names.get(uid, uid[:12])

    # keeping the list

    def confirm(self, changes: Iterable[Change], machine: Machine) -> None:
        for change in changes:
            self.confirmed[change.id] = Confirmed(change, machine.name, {machine.name}, len(self.confirmed))

    def laptop_cloned(self, original: Machine, clone: Machine) -> None:
        for known in self.confirmed.values():
            if original.name in known.holders:
                known.holders.add(clone.name)

    def laptop_put_back(self, machine: Machine, held: set[str]) -> None:
        """Its disk holds now what it held at the backup: `held`."""
        for name, known in self.confirmed.items():
            (known.holders.add if name in held else known.holders.discard)(machine.name)
        self.cursors.pop(machine.name, None)
        self._bury()

    def server_put_back(self) -> None:
        self._bury()

    def _bury(self) -> None:
        """A change that is on no disk at all is lost, and nobody can help it."""
        there = {name for (name,) in self.province.rows("SELECT change_id FROM intake")}
        for name, known in self.confirmed.items():
            if not known.holders and name not in there:
                known.gone = True

    # at every answer and every step

    def look_at_answer(self, machine: Machine, path: str, body: bytes) -> None:
        """I4: no answer to a laptop names a record of an area that nobody on it may read."""
        if b"kenari" not in body:
            return
        homes = dict(self.province.rows("SELECT uid, scope FROM record"))
        areas = self.areas_of(machine)
        for number in {int(found) for found in CANARY.findall(body.decode())}:
            uid = self.canaries[number]
            home = homes.get(uid)
            if home is not None and not _covered(home, areas):
                raise Violation("I4", f"{machine.name} got data of {self.name(uid)} ({home}) by {path}", uid)

    def areas_of(self, machine: Machine) -> set[str]:
        """Areas that the laptop's officers hold now, read anew from the table of grants."""
        uids = ",".join(f"'{officer.uid}'" for officer in machine.officers)
        rows = self.province.rows(f"SELECT area FROM area_grant WHERE until_at = '' AND user_uid IN ({uids})")
        return {area for (area,) in rows}

    def look_at_laptop(self, machine: Machine) -> None:
        """I6 and I7, after every call and every commit."""
        self._cursors_grow(machine)
        self._typed_is_shown(machine)

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

    def _typed_is_shown(self, machine: Machine) -> None:
        waiting = {
            str(name): (state, int(result), base)
            for name, state, result, base in machine.rows(
                "SELECT o.change_id, o.state, o.result_version, b.version FROM outbox o"
                " LEFT JOIN sync_base b ON b.uid = o.uid"
            )
        }
        wanted: dict[str, dict[str, Any]] = {}
        buildable = {uid for (uid,) in machine.rows(BUILDABLE)}
        for name, known in self.confirmed.items():
            if machine.name not in known.holders:
                continue
            if name not in waiting:
                raise Violation("I1", f"{machine.name} forgot {self.tell(known)}", known.change.uid)
            state, _result, _base = waiting[name]
            fields = wanted.setdefault(known.change.uid, {})
            for code, new in known.typed.items():
                if state != "acked":
                    fields[code] = new
                else:
                    fields.pop(code, None)
        for uid, fields in wanted.items():
            if fields and uid in buildable:
                self._is_shown(machine, uid, fields)

    def _is_shown(self, machine: Machine, uid: str, fields: Mapping[str, Any]) -> None:
        shown = screen(machine, uid)
        if shown is None:
            raise Violation("I7", f"{self.name(uid)} with unsent work vanished from {machine.name}", uid)
        for code, new in fields.items():
            if shown.get(code) != new and (shown.get(code) or new):
                raise Violation(
                    "I7", f"{machine.name} shows {code}={shown.get(code)!r} of {self.name(uid)}, typed was {new!r}", uid
                )

    def tell(self, known: Confirmed) -> str:
        fields = ", ".join(sorted(known.change.sets)[:4])
        return f"change {known.order} of {known.author} on {self.name(known.change.uid)} ({fields})"

    # after quiet

    def check(self) -> None:
        """Everything that must hold when all laptops have synced and nothing moves."""
        server = ServerState(self.province)
        self._i1_i2(server)
        self._i5(server)
        self._i9_i10(server)
        self._i11(server)
        for machine in self.machines:
            self.look_at_laptop(machine)
            self._i3(machine, server)
            self._i4(machine, server)
            self._drained(machine, server)

    def _i1_i2(self, server: ServerState) -> None:
        for name, known in self.confirmed.items():
            if known.gone:
                continue
            found = server.intake.get(name)
            if found is None:
                raise Violation("I1", f"{self.tell(known)} is not on the server", known.change.uid)
            sets = {code: list(pair) for code, pair in known.change.sets.items()}
            if canonical_json(found.sets) != canonical_json(sets) or found.sha256 != known.change.sha256:
                raise Violation("I1", f"{self.tell(known)} has another content on the server", known.change.uid)
            if found.status in TAKEN:
                self._is_in_the_record(server, known, found.version)
            else:
                self._may_be(known, found.status, server)
        for uid, steps in server.history.items():
            self._nothing_unseen_overwritten(server, uid, steps)

    def _is_in_the_record(self, server: ServerState, known: Confirmed, version: int) -> None:
        change = known.change
        if change.kind not in EDITABLE_KINDS:
            record = server.records.get(change.uid)
            if record is None or any(record.body.get(code) != new for code, new in known.typed.items() if new):
                raise Violation("I1", f"{self.tell(known)} is not in the fact", change.uid)
            return
        stood = server.at(change.uid, version)
        for code, new in known.typed.items():
            value, other = stood.get(code), server.others.get((change.id, code), ...)
            if (value or new) and value != new and other != new:
                raise Violation("I2", f"{code}={new!r} of {self.tell(known)} is nowhere", change.uid)

    def _nothing_unseen_overwritten(self, server: ServerState, uid: str, steps: list[Step]) -> None:
        values: dict[str, Any] = {}
        for step in steps:
            known = self.confirmed.get(step.change_id)
            for code, (before, new) in step.sets.items():
                seen = known.change.sets.get(code, (None, None))[0] if known else before
                if (values.get(code) or seen) and values.get(code) != seen and values.get(code) != new:
                    raise Violation(
                        "I2", f"{code}={values.get(code)!r} of {self.name(uid)} overwritten unseen by {new!r}", uid
                    )
                values[code] = new
            if (step.change_id, DELETED) in server.others:
                values.pop(DELETED, None)

    def _may_be(self, known: Confirmed, status: str, server: ServerState) -> None:
        """A change may end without being taken only for a reason that the oracle knows."""
        change = known.change
        reasons = {
            "rejected": change.id in self.bad or change.id in self.decided,
            "failed": change.id in self.boom,
            "quarantined": bool(self.grants.get(change.by)) or change.uid in self.moved or bool(self.moved),
            "held": change.id in server.held,
        }
        if not reasons.get(status, False):
            raise Violation("I9", f"{self.tell(known)} ended as {status} without a reason", change.uid)

    def _i5(self, server: ServerState) -> None:
        for uid, steps in server.history.items():
            seen: set[str] = set()
            for step in steps:
                if step.change_id in seen:
                    raise Violation("I5", f"a change is twice in the history of {self.name(uid)}", uid)
                seen.add(step.change_id)

    def _i9_i10(self, server: ServerState) -> None:
        for name, found in server.intake.items():
            if found.status not in (*TAKEN, "held", "rejected", "quarantined", "failed"):
                raise Violation("I9", f"change {name} is undecided: {found.status!r}", found.uid)
            if (found.status == "held") != (name in server.held):
                raise Violation("I10", f"change {name} is {found.status} but its waiting says otherwise", found.uid)
        for name, waits_for in server.held.items():
            if waits_for in server.records:
                raise Violation("I10", f"change {name} waits for {self.name(waits_for)}, which is there", waits_for)

    def _i11(self, server: ServerState) -> None:
        for scope, (head, tail, total) in server.heads.items():
            link = chain.GENESIS
            newest: dict[str, tuple[int, int]] = {}
            for n, (seq, uid, version, change_id, stored) in enumerate(server.feed.get(scope, []), start=1):
                link = chain.link(link, scope, seq, uid, version, change_id)
                newest[uid] = (seq, version)
                if seq != n or link != stored:
                    raise Violation("I11", f"feed of {scope} breaks at {seq}", uid)
            if len(server.feed.get(scope, [])) != head or link != tail:
                raise Violation("I11", f"head of {scope} is {head}, the feed has {len(server.feed.get(scope, []))}")
            self._index_agrees(server, scope, total, newest)
        for uid, record in server.records.items():
            standing = {scope for scope, row in server.index.get(uid, {}).items() if row[0] == "put"}
            if standing != {record.scope}:
                raise Violation("I11", f"{self.name(uid)} lies in {record.scope}, listed in {standing or 'none'}", uid)

    def _index_agrees(self, server: ServerState, scope: str, total: int, newest: dict[str, tuple[int, int]]) -> None:
        puts = {uid: row for uid, row in server.index.items() if row.get(scope, ("", 0, 0))[0] == "put"}
        recomputed = sum(chain.weight(uid, puts[uid][scope][2]) for uid in puts) % chain.SUM_MODULUS
        if recomputed != total:
            raise Violation("I11", f"sum of {scope} is {total}, recomputed {recomputed}")
        for uid, rows in server.index.items():
            if scope in rows and rows[scope][1:] != newest.get(uid):
                raise Violation("I11", f"index of {self.name(uid)} in {scope} is not its newest feed row", uid)

    def _i3(self, machine: Machine, server: ServerState) -> None:
        areas = self.areas_of(machine)
        base = {
            str(uid): (str(scope), int(version), body)
            for uid, scope, version, body in machine.rows("SELECT uid, scope_id, version, body_json FROM sync_base")
            if scope
        } | {
            str(uid): (str(scope), int(version), body)
            for uid, scope, version, body in machine.rows(
                "SELECT uid, scope_id, version, body_json FROM unknown_record"
            )
        }
        mine = {f"user:{officer.uid}" for officer in machine.officers}
        for uid, record in server.records.items():
            if record.scope not in mine and (record.scope.startswith("user:") or not _covered(record.scope, areas)):
                continue
            if uid not in base:
                raise Violation("I3", f"{machine.name} lacks {self.name(uid)} ({record.kind} in {record.scope})", uid)
            if base[uid][1] != record.version:
                raise Violation(
                    "I3", f"{machine.name} has version {base[uid][1]} of {self.name(uid)}, server {record.version}", uid
                )
            self._same_screen(machine, uid, record)
        for uid in base.keys() - server.records.keys():
            raise Violation("I3", f"{machine.name} has {self.name(uid)}, which the server does not know", uid)

    def _same_screen(self, machine: Machine, uid: str, record: StoredRow) -> None:
        if record.kind not in set(RecordKind):
            return
        expected = dict(record.body)
        if record.kind in EDITABLE_KINDS:
            expected |= _undecided(machine, uid)
        shown = screen(machine, uid) or {}
        for code in expected.keys() | (shown.keys() if record.kind in EDITABLE_KINDS else set()):
            if code == "form_version":
                continue
            if (shown.get(code) or expected.get(code)) and shown.get(code) != expected.get(code):
                raise Violation(
                    "I3",
                    f"{machine.name} shows {code}={shown.get(code)!r} of {self.name(uid)},"
                    f" server {expected.get(code)!r}",
                    uid,
                )

    def _i4(self, machine: Machine, server: ServerState) -> None:
        areas = self.areas_of(machine)
        own = {uid for (uid,) in machine.rows("SELECT uid FROM outbox WHERE state <> 'acked'")}
        tables = {"sync_base": "body_json", "unknown_record": "body_json", "fact": "answers", "kube_group": "answers"}
        tables |= {"membership": "answers", "search_entry": "title || detail"}
        for table, column in tables.items():
            for uid, text in machine.rows(f"SELECT uid, {column} FROM {table}"):
                for number in {int(found) for found in CANARY.findall(text)}:
                    about = self.canaries[number]
                    home = server.records[about].scope if about in server.records else None
                    if home is not None and not _covered(home, areas) and uid not in own and about not in own:
                        raise Violation("I4", f"{machine.name} keeps {self.name(about)} ({home}) in {table}", about)

    def _drained(self, machine: Machine, server: ServerState) -> None:
        """I8: nothing waits any more, and what stays apart has its reason."""
        for name, state in machine.rows("SELECT change_id, state FROM outbox WHERE state <> 'acked'"):
            found = server.intake.get(name)
            if state in ("queued", "sent", "verify"):
                raise Violation("I8", f"{name} still waits on {machine.name} ({state})")
            if found is not None and found.status in TAKEN:
                raise Violation("I8", f"{name} is {state} on {machine.name}, {found.status} on the server", found.uid)


@dataclass(frozen=True)
class Taken:
    """A row of the intake."""

    uid: str
    status: str
    sets: dict[str, Any]
    sha256: str
    version: int


@dataclass(frozen=True)
class StoredRow:
    """A record on the server."""

    kind: str
    scope: str
    version: int
    body: dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One version of a record's history."""

    version: int
    change_id: str
    sets: dict[str, Any]


class ServerState:
    """The server's tables, read once."""

    def __init__(self, province: Province) -> None:
        rows = province.rows
        self.intake: dict[str, Taken] = {}
        for name, uid, status, body, sha256, result in rows(
            "SELECT change_id, uid, status, body, sha256, result FROM intake"
        ):
            self.intake[name] = Taken(
                uid, status, json.loads(body).get("set", {}), sha256, json.loads(result or "{}").get("version", 0)
            )
        self.records = {
            uid: StoredRow(kind, scope, int(version), {**json.loads(body), **json.loads(extra)})
            for uid, kind, scope, version, body, extra in rows(
                "SELECT uid, kind, scope, version, body, extra FROM record"
            )
        }
        self.history: dict[str, list[Step]] = {}
        for uid, version, change_id, sets in rows(
            "SELECT uid, version, change_id, sets FROM record_version ORDER BY uid, version"
        ):
            kind = self.records[uid].kind if uid in self.records else ""
            if kind in {item.value for item in EDITABLE_KINDS}:
                self.history.setdefault(uid, []).append(Step(int(version), change_id, json.loads(sets)))
        self.others: dict[tuple[str, str], Any] = {
            (row.body["change"], row.body["field"]): row.body.get("other")
            for row in self.records.values()
            if row.kind == "conflict"
        }
        for change, name, other in _old_conflicts(province):
            self.others[change, name] = json.loads(other)
        self.held = dict(rows("SELECT change_id, waits_for FROM held"))
        self.heads = {s: (int(h), c, int(t)) for s, h, c, t in rows("SELECT scope, head, chain, sum FROM scope_head")}
        self.feed: dict[str, list[tuple[int, str, int, str, str]]] = {}
        for scope, seq, uid, version, change_id, link in rows(
            "SELECT scope, seq, uid, version, change_id, chain FROM feed ORDER BY scope, seq"
        ):
            self.feed.setdefault(scope, []).append((int(seq), uid, int(version), change_id, link))
        self.index: dict[str, dict[str, tuple[str, int, int]]] = {}
        for scope, uid, seq, version, state in rows("SELECT scope, uid, seq, version, state FROM scope_index"):
            self.index.setdefault(uid, {})[scope] = (state, int(seq), int(version))

    def at(self, uid: str, version: int) -> dict[str, Any]:
        """The record as it stood at a version, by its history."""
        values: dict[str, Any] = {}
        for step in self.history.get(uid, []):
            if step.version > version:
                break
            values |= {code: new for code, (_before, new) in step.sets.items()}
            if (step.change_id, DELETED) in self.others:
                values.pop(DELETED, None)
        return values


def _old_conflicts(province: Province) -> list[tuple[Any, ...]]:
    if not province.database.db.table_exists("conflict"):
        return []
    return province.rows("SELECT change_id, field, other FROM conflict")


def screen(machine: Machine, uid: str) -> dict[str, Any] | None:
    """What the laptop shows of a record or fact."""
    record = machine.store.records.get(uid)
    if record is not None:
        return {**record.answers, **record.extra, DELETED: record.deleted}
    fact = machine.store.facts.get(uid)
    if fact is None:
        return None
    return {**json.loads(canonical_json(fact_body(fact))), **fact.extra}


def _undecided(machine: Machine, uid: str) -> dict[str, Any]:
    """Values that the officer typed and that no later accepted change of his replaced."""
    typed: dict[str, Any] = {}
    for state, sets in machine.rows("SELECT state, sets_json FROM outbox_whole WHERE uid = ? ORDER BY n", uid):
        for code, (_old, new) in json.loads(sets).items():
            if state != "acked":
                typed[code] = new
            else:
                typed.pop(code, None)
    return typed


def _covered(scope: str, areas: Iterable[str]) -> bool:
    return (
        scope == PROVINCE_SCOPE
        or scope.startswith("user:")
        or any(scope == area or scope.startswith(f"{area}.") for area in areas)
    )


__all__ = ["Accounts", "Confirmed", "Oracle", "ServerState", "Violation", "screen"]
