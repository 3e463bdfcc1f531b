"""What must hold when all laptops have synced and nothing moves: the invariants I1 to I5 and I8 to I11."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from kube_field.domain.forms.household import PARTS_OF_FAMILY
from kube_field.domain.forms.merge_decision import UNDO
from kube_field.domain.merge import DELETED
from kube_field.domain.records import EDITABLE_KINDS, Change, RecordKind
from kube_field.server.photo_folder import photo_path
from kube_field.wire import chain
from kube_field.wire.canonical import canonical_json
from kube_field.wire.server_words import ServerKind
from tests.sim.machine import Machine
from tests.sim.merges import Merges
from tests.sim.oracle import CANARY, TAKEN, Confirmed, Oracle, Violation, covered, screen
from tests.sim.server_state import EDITABLE, ServerState, Step, StoredRow, Taken

UNDECIDED = ("held", "failed")
DECIDED = (*TAKEN, *UNDECIDED, "rejected", "quarantined")
SERVER_KINDS = ("conflict", "decision", "duplicate", "alias", "laptop")
KEY_PARTS = ("device", "code", "key", "holder", "revoked_at")
OWN_KINDS = frozenset({*(kind.value for kind in RecordKind), *SERVER_KINDS})
TRAVELS_BY = {RecordKind.MEMBERSHIP.value: "group_id", RecordKind.PERSON.value: "household_id"}
SHOWN = {"sync_base": "body_json", "unknown_record": "body_json", "fact": "answers", "kube_group": "answers"} | {
    "membership": "answers",
    "person": "answers",
    "household": "answers",
    "conflict": "base || kept || other",
    "search_entry": "title || detail",
}
"""Where a laptop keeps what it downloaded."""


class Peace:
    """The look around after quiet."""

    def __init__(self, oracle: Oracle) -> None:
        self._oracle = oracle
        self._server = ServerState(oracle.province)
        self._merges = Merges(oracle, self._server)

    def check(self) -> None:
        """Raises: Violation."""
        self._i1_i2()
        self._i5()
        self._i9_i10()
        self._answers_go_together()
        self._i11()
        self._merges.check()
        self._photos_are_there()
        for machine in self._oracle.machines:
            self._oracle.look_at_laptop(machine)
            self._i3(machine)
            self._i4(machine)
            self._i8(machine)
            self._merges.look_at(machine)

    def _name(self, uid: str) -> str:
        return self._oracle.name(uid)

    # what was confirmed

    def _i1_i2(self) -> None:
        for name, known in self._oracle.confirmed.items():
            if known.gone:
                continue
            found = self._server.intake.get(name)
            if found is None:
                raise Violation("I1", f"{self._oracle.tell(known)} is not on the server", known.change.uid)
            sets = {code: list(pair) for code, pair in known.change.sets.items()}
            if canonical_json(found.sets) != canonical_json(sets) or found.sha256 != known.change.sha256:
                raise Violation("I1", f"{self._oracle.tell(known)} has another content on the server", known.change.uid)
            if found.status in TAKEN:
                self._is_in_the_record(known, found)
            else:
                self._may_be(known, found)
        for uid, steps in self._server.history.items():
            self._nothing_unseen_overwritten(uid, steps)
            if not self._oracle.has_gone_back:
                self._nothing_deleted_unseen(uid, steps)

    def _is_in_the_record(self, known: Confirmed, found: Taken) -> None:
        change = known.change
        if change.kind not in EDITABLE_KINDS:
            record = self._server.records.get(change.uid)
            if record is None or any(record.body.get(code) != new for code, new in known.typed.items() if new):
                raise Violation("I1", f"{self._oracle.tell(known)} is not in the fact", change.uid)
            return
        if found.alias:
            self._is_in_the_standing_one(known, found.alias)
            return
        stood = self._server.at(change.uid, found.version)
        for code, new in known.typed.items():
            value, other = stood.get(code), self._server.others.get((change.id, code), ...)
            if (value or new) and value != new and other != new:
                raise Violation("I2", f"{code}={new!r} of {self._oracle.tell(known)} is nowhere", change.uid)

    def _is_in_the_standing_one(self, known: Confirmed, alias: str) -> None:
        """Who had not heard of a merge edited the record that stood then; that the old one be deleted says nothing."""
        if alias not in self._oracle.companions(known.change.uid):
            raise Violation("I1", f"{self._oracle.tell(known)} went into {self._name(alias)}", known.change.uid)
        ever = self._server.history.get(alias, [])
        for code, new in known.typed.items():
            stood = any(code in step.sets and step.sets[code][1] == new for step in ever)
            if code != DELETED and new and not stood and self._server.others.get((known.change.id, code), ...) != new:
                raise Violation("I2", f"{code}={new!r} of {self._oracle.tell(known)} is nowhere", known.change.uid)

    def _nothing_deleted_unseen(self, uid: str, steps: list[Step]) -> None:
        """Nobody deletes a record over what was written on another laptop and never came to his."""
        for deletion in steps:
            seen = self._oracle.seen.get(deletion.change_id)
            if seen is None or not deletion.sets.get(DELETED):
                continue
            known = self._oracle.confirmed[deletion.change_id]
            stood = self._server.at(uid, deletion.version - 1)
            for step in steps[known.change.base_version : deletion.version - 1]:
                other = self._oracle.confirmed.get(step.change_id)
                codes = [
                    code
                    for code in step.sets
                    if (stood.get(code) or seen.get(code)) and stood.get(code) != seen.get(code)
                ]
                is_anothers = other is not None and other.author != known.author
                if is_anothers and codes and step.change_id not in self._written_before(deletion.change_id):
                    raise Violation("I2", f"{self._name(uid)} is deleted over {codes}, which was not seen", uid)

    def _written_before(self, name: str) -> set[str]:
        """What was written to the record before a change where that was written, or where that laptop was copied."""
        found = set[str]()
        while (name := self._server.intake[name].after if name in self._server.intake else "") not in found | {""}:
            found.add(name)
        return found

    def _answers_go_together(self) -> None:
        """I2: what officers wrote who were right, each by himself, does not stand together as an error."""
        for uid, record in self._server.records.items():
            if record.kind == RecordKind.HOUSEHOLD:
                parts = {code: record.body.get(code) or 0 for code in PARTS_OF_FAMILY}
                if any(count > record.body["size"] for count in parts.values()):
                    text = f"{parts} are more than the {record.body['size']} of {self._name(uid)}"
                    raise Violation("I2", text, uid)

    def _nothing_unseen_overwritten(self, uid: str, steps: list[Step]) -> None:
        values: dict[str, Any] = {}
        for step in steps:
            known = self._oracle.confirmed.get(step.change_id)
            for code, (before, new) in step.sets.items():
                seen = known.change.sets.get(code, (None, None))[0] if known and not _takes_back(known) else before
                if (values.get(code) or seen) and values.get(code) != seen and values.get(code) != new:
                    raise Violation(
                        "I2", f"{code}={values.get(code)!r} of {self._name(uid)} overwritten unseen by {new!r}", uid
                    )
                values[code] = new
            if self._server.others.get((step.change_id, DELETED)):
                values.pop(DELETED, None)

    def _may_be(self, known: Confirmed, found: Taken) -> None:
        """I9: a change may end without being taken only for a reason that we know."""
        name = known.change.id
        reasons = {
            "rejected": name in self._oracle.bad | self._oracle.decided
            or self._rights_were_lost(found)
            or self._merges.had_to_be_refused(known, found),
            "failed": name in self._oracle.boom or name in self._oracle.newer,
            "quarantined": name not in self._oracle.let_in
            and (self._had_to_be_put_aside(known, found.code) or self._merges.had_to_be_looked_at(known, found)),
            "held": name in self._server.held,
        }
        if not reasons.get(found.status, False):
            text = f"{self._oracle.tell(known)} ended as {found.status} {found.code} without a reason"
            raise Violation("I9", text, known.change.uid)

    def _rights_were_lost(self, found: Taken) -> bool:
        """Rights that were written down nowhere any more: the database put back, and the file beside it lost."""
        return found.code == "NOT_ALLOWED" and not self._oracle.grants_file_is_whole

    def _had_to_be_put_aside(self, known: Confirmed, code: str) -> bool:
        change, oracle = known.change, self._oracle
        places = oracle.places_of(change.uid) | {change.scope}
        if code == "FORMER_AREA":
            return bool(places & oracle.lost_areas.get(change.by, set()))
        if code == "NOT_ALLOWED":
            return self._was_looked_at_with(change)
        if code not in ("ACCEPTED_BEFORE", "MOVED_AWAY"):
            return False
        may_have_thought = len(places) > 1 or not oracle.grants_file_is_whole
        return may_have_thought or (code == "MOVED_AWAY" and self._waits_behind(change))

    def _waits_behind(self, change: Change) -> bool:
        """What the same officer did to the record, or to what it hangs on, waits or waited to be looked at.

        Or it may have to be, as it failed or waits for another record.
        """
        about = self._others_beside(change)
        found = [self._server.intake[name] for name in about & self._server.intake.keys()]
        waits = any(one.code == "ACCEPTED_BEFORE" or one.status in UNDECIDED for one in found)
        return waits or self._was_looked_at_with(change)

    def _was_looked_at_with(self, change: Change) -> bool:
        """A supervisor looked at what it hangs on. The yes may not reach to where the record went by that."""
        return not self._oracle.looked_at.isdisjoint(self._others_beside(change))

    def _others_beside(self, change: Change) -> set[str]:
        """What else the same officer did to the record, or to what it hangs on, by id."""
        about = self._oracle.hangs_on(change.uid)
        mine = (one.change for one in self._oracle.confirmed.values() if one.change.by == change.by)
        return {one.id for one in mine if one.uid in about and one.id != change.id}

    # the server's own order

    def _i5(self) -> None:
        for uid, steps in self._server.history.items():
            names = [step.change_id for step in steps]
            if len(names) != len(set(names)):
                raise Violation("I5", f"a change is twice in the history of {self._name(uid)}", uid)

    def _i9_i10(self) -> None:
        server = self._server
        for name, found in server.intake.items():
            if found.status not in DECIDED:
                raise Violation("I9", f"change {name} is undecided: {found.status!r}", found.uid)
            if (found.status == "held") != (name in server.held):
                raise Violation("I10", f"change {name} is {found.status} but its waiting says otherwise", found.uid)
        for name, waits_for in server.held.items():
            if waits_for in server.records:
                raise Violation("I10", f"change {name} waits for {self._name(waits_for)}, which is there", waits_for)
        self._children_lie_with_their_parents()
        self._settled_stays_settled()

    def _settled_stays_settled(self) -> None:
        """I1: a word that settled a conflict counts, also when it came to a server that was put back before it.

        It counts for its own record only: what was written about a merged one may come when that stands alone again.
        """
        taken = [found for found in self._server.intake.values() if found.status in TAKEN]
        settled = {(uid, found.uid) for found in taken for uid in found.resolves}
        for uid, word in self._server.words(ServerKind.CONFLICT).items():
            if (uid, word.body["record"]) in settled and word.body["state"] == "open":
                raise Violation("I1", f"conflict {uid} is open though it was settled", word.body["record"])

    def _children_lie_with_their_parents(self) -> None:
        server = self._server
        for uid, record in server.records.items():
            parent = _parent(record)
            if parent and parent not in server.records:
                raise Violation("I10", f"{self._name(uid)} stands on the server before what it hangs on", uid)
            if parent and server.records[parent].scope != record.scope:
                raise Violation("I3", f"{self._name(uid)} lies elsewhere than what it hangs on", uid)

    def _i11(self) -> None:
        server = self._server
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
            self._index_agrees(scope, total, newest)
        for uid, record in server.records.items():
            standing = {scope for scope, row in server.index.get(uid, {}).items() if row[0] == "put"}
            if standing != {record.scope}:
                raise Violation("I11", f"{self._name(uid)} lies in {record.scope}, listed in {standing or 'none'}", uid)

    def _index_agrees(self, scope: str, total: int, newest: dict[str, tuple[int, int]]) -> None:
        rows = {uid: found[scope] for uid, found in self._server.index.items() if scope in found}
        puts = (chain.weight(uid, version) for uid, (state, _seq, version) in rows.items() if state == "put")
        recomputed = sum(puts) % chain.SUM_MODULUS
        if recomputed != total:
            raise Violation("I11", f"sum of {scope} is {total}, recomputed {recomputed}")
        for uid, (_state, *place) in rows.items():
            if tuple(place) != newest.get(uid):
                raise Violation("I11", f"index of {self._name(uid)} in {scope} is not its newest feed row", uid)

    # photos

    def _photos_are_there(self) -> None:
        """I1: a photo that a record names is on the server if a laptop of its author holds it."""
        folder = self._oracle.province.house.photo_folder
        for name, uid in self._oracle.photos.items():
            if name in self._server.blobs:
                path = photo_path(folder, name)
                if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != name:
                    raise Violation("I1", f"the server says that it holds the photo of {self._name(uid)}", uid)
            elif uid in self._server.records:
                author = self._server.records[uid].body.get("author_uid")
                for machine in self._oracle.machines:
                    ours = author in {officer.uid for officer in machine.officers}
                    if ours and _knows_photo(machine, name) and machine.photos.read(name) is not None:
                        raise Violation("I1", f"the photo of {self._name(uid)} never left {machine.name}", uid)

    # every laptop

    def _i3(self, machine: Machine) -> None:
        areas = self._oracle.areas_of(machine)
        base = {
            str(uid): (int(version), body)
            for table in ("sync_base", "unknown_record")
            for uid, scope, version, body in machine.rows(f"SELECT uid, scope_id, version, body_json FROM {table}")
            if scope
        }
        mine = {f"user:{officer.uid}" for officer in machine.officers}
        for uid, record in self._server.records.items():
            if record.scope not in mine and (record.scope.startswith("user:") or not covered(record.scope, areas)):
                continue
            if uid not in base:
                raise Violation("I3", f"{machine.name} lacks {self._name(uid)} ({record.kind} in {record.scope})", uid)
            version, body = base[uid]
            if version != record.version:
                raise Violation(
                    "I3", f"{machine.name} has version {version} of {self._name(uid)}, server {record.version}", uid
                )
            self._same_content(machine, uid, record, body)
        for uid in base.keys() - self._server.records.keys():
            raise Violation("I3", f"{machine.name} has {self._name(uid)}, which the server does not know", uid)

    def _same_content(self, machine: Machine, uid: str, record: StoredRow, body: str) -> None:
        if self._oracle.knows(machine, record.kind):
            self._same_screen(machine, uid, record)
        elif record.kind == ServerKind.LAPTOP:
            self._same_key(machine, uid, record)
        elif record.kind not in SERVER_KINDS and json.loads(body or "null") != record.body:
            raise Violation("I3", f"{machine.name} keeps another content of {self._name(uid)}", uid)

    def _same_key(self, machine: Machine, uid: str, record: StoredRow) -> None:
        kept = machine.rows(f"SELECT {', '.join(KEY_PARTS)} FROM laptop_key WHERE uid = ?", uid)
        if kept != [tuple(record.body[part] for part in KEY_PARTS)]:
            raise Violation("I3", f"{machine.name} verifies with another key than the server told: {uid}", uid)

    def _same_screen(self, machine: Machine, uid: str, record: StoredRow) -> None:
        expected = dict(record.body)
        if record.kind in EDITABLE:
            expected |= self._oracle.undecided(machine, uid)
            expected |= {DELETED: True} if self._merges.into(uid) else {}
        shown = screen(machine, uid) or {}
        for code in expected.keys() | (shown.keys() if record.kind in EDITABLE else set()):
            if code == "form_version":
                continue
            if (shown.get(code) or expected.get(code)) and shown.get(code) != expected.get(code):
                raise Violation(
                    "I3",
                    f"{machine.name} shows {code}={shown.get(code)!r} of {self._name(uid)},"
                    f" server {expected.get(code)!r}",
                    uid,
                )

    def _i4(self, machine: Machine) -> None:
        areas = self._oracle.areas_of(machine)
        own = {uid for (uid,) in machine.rows("SELECT uid FROM outbox WHERE state <> 'acked'")}
        for table, column in SHOWN.items():
            for uid, text in machine.rows(f"SELECT uid, {column} FROM {table}"):
                for number in {int(found) for found in CANARY.findall(text.encode())}:
                    about = self._oracle.canaries[number]
                    if about in self._server.records and not self._is_ours(about, areas) and not {uid, about} & own:
                        record = self._server.records[about]
                        text = f"{machine.name} keeps {self._name(about)} ({record.scope}) in {table}"
                        raise Violation("I4", text, about)

    def _is_ours(self, uid: str, areas: set[str]) -> bool:
        """True for a record that lies in these areas, or of which somebody said that it is one that lies there."""
        ones = (self._server.records.get(one) for one in self._oracle.companions(uid))
        return any(one is not None and covered(one.scope, areas) for one in ones)

    def _i8(self, machine: Machine) -> None:
        """Nothing waits any more, and what stays apart is told as the server says it."""
        for name, state in machine.rows("SELECT change_id, state FROM outbox WHERE state <> 'acked'"):
            found = self._server.intake.get(name)
            if state in ("queued", "sent", "verify"):
                raise Violation("I8", f"{name} still waits on {machine.name} ({state})")
            if found is not None and found.status in TAKEN:
                raise Violation("I8", f"{name} is {state} on {machine.name}, {found.status} on the server", found.uid)
        query = "SELECT sha256, state FROM blob WHERE state NOT IN ('stored', 'remote') AND sha256 IN ({})"
        for name, state in machine.rows(query.format("SELECT sha256 FROM blob_link")):  # of records that are here
            about = self._oracle.photos[name]
            if about in self._server.records and machine.photos.read(name) is not None:
                raise Violation("I8", f"the photo of {self._name(about)} is {state} on {machine.name}", about)


def _takes_back(known: Confirmed) -> bool:
    """True for a merge taken back: what it may put out is looked at with the merges."""
    return known.change.kind == RecordKind.MERGE_DECISION and known.typed["answers"]["decision"] == UNDO


def _parent(record: StoredRow) -> str:
    """What a fact, member or person hangs on, or the record under which this one is seen."""
    if record.merged_into:
        return record.merged_into
    if record.kind in TRAVELS_BY:
        return str(record.body[TRAVELS_BY[record.kind]]["uid"])
    if record.kind in OWN_KINDS and record.kind not in EDITABLE and record.kind not in SERVER_KINDS:
        return str(record.body.get("subject_uid", ""))
    return ""


def _knows_photo(machine: Machine, name: str) -> bool:
    return bool(machine.rows("SELECT 1 FROM blob b JOIN blob_link l ON l.sha256 = b.sha256 WHERE b.sha256 = ?", name))
