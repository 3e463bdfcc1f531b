"""What must hold of doubles and merges after quiet: nothing lost in a merge, nothing kept from a way back.

What stands is worked out again from the supervisors' own words in the order in which the server carried them out.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from kube_field.domain.forms.merge_decision import DIFFERENT, MERGE, UNDO
from kube_field.domain.merge import DELETED
from kube_field.domain.records import RecordKind
from kube_field.server.double_decisions import DECIDED_BEFORE
from kube_field.wire.server_words import ServerKind
from tests.sim.machine import Machine
from tests.sim.oracle import TAKEN, Confirmed, Oracle, Violation, covered
from tests.sim.server_state import ServerState, Step, StoredRow, Taken

NUMBERS = {RecordKind.PERSON.value: ("nik", "nik"), RecordKind.HOUSEHOLD.value: ("kk", "kk_number")}
"""Why two records of a kind may be one, and the answer that says so."""
ALIKE_BY = ("nik", "birth_date", "full_name", "kk_number", "household_id", "village_code", "sex", DELETED)
OF_THE_RECORD_ITSELF = ("form_version", DELETED)
TOO_LATE = ("MERGED_AWAY", "MERGED_AGAIN", "MERGED", "DIFFERENT", "CASE_GONE")
ALIASES = "SELECT uid, old, new, undone FROM alias"
DOUBLES = "SELECT uid, uids, state, elsewhere, kept, merged FROM duplicate"
CONFLICTS = "SELECT id, state, kept, other FROM conflict"


@dataclass
class Joined:
    """A merge that was carried out; `back` is the decision that took it back."""

    change_id: str
    kept: str
    merged: str
    back: str = ""


class Merges:
    """The look at doubles; nothing to see where nobody wrote down people."""

    def __init__(self, oracle: Oracle, server: ServerState) -> None:
        self._oracle = oracle
        self._server = server
        self.joined = [made for uid in server.words(ServerKind.ALIAS) for made in self._replayed(uid)]

    def check(self) -> None:
        """Raises: Violation."""
        self._decisions_were_carried_out()
        for made in self.joined:
            self._nothing_was_dropped(made)
            self._merged_one_stays(made)
            if made.back:
                self._way_back(made)
        self._doubles_are_told()
        self._words_are_true()
        self._count()

    def into(self, uid: str) -> str:
        """The record into which the decisions merged this one, as it stands now."""
        return next((made.kept for made in self.joined if made.merged == uid and not made.back), "")

    def _name(self, uid: str) -> str:
        return self._oracle.name(uid)

    def _decisions(self, word: str) -> Iterator[tuple[Confirmed, dict[str, Any]]]:
        for known in self._oracle.confirmed.values():
            if known.change.kind == RecordKind.MERGE_DECISION:
                told = known.typed["answers"]
                if told["decision"] == word:
                    yield known, told

    def _accepted(self, word: str) -> Iterator[tuple[Confirmed, dict[str, Any]]]:
        for known, told in self._decisions(word):
            found = self._server.intake.get(known.change.id)
            if found is not None and found.status in TAKEN:
                yield known, told

    # what the decisions did

    def _replayed(self, uid: str) -> Iterator[Joined]:
        """The merges of one record, in the order in which the server carried out what was decided about it."""
        old = self._server.records[uid].body["old"]
        standing: Joined | None = None
        for change_id in dict.fromkeys(self._server.said.get(uid, [])):  # the word may have moved by the same change
            known = self._oracle.confirmed.get(change_id)
            told = known.typed["answers"] if known and known.change.kind == RecordKind.MERGE_DECISION else {}
            pair = {told.get("kept"), told.get("merged")}
            if told.get("decision") == MERGE and told["merged"] == old:
                if standing is not None:
                    raise Violation("I5", f"{self._name(old)} was merged twice", old)
                standing = Joined(change_id, told["kept"], old)
            elif told.get("decision") == UNDO and standing is not None and pair == {old, standing.kept}:
                standing.back = change_id
                yield standing
                standing = None
        if standing is not None:
            yield standing

    def _decisions_were_carried_out(self) -> None:
        for uid, record in self._server.records.items():
            if record.kind in NUMBERS and record.merged_into != self.into(uid):
                stands = self._name(record.merged_into) if record.merged_into else "nothing"
                raise Violation("I1", f"{self._name(uid)} is merged into {stands}, decided was otherwise", uid)
            if uid in self._above(uid):
                raise Violation("I1", f"{self._name(uid)} is merged into itself", uid)
        done = {made.change_id for made in self.joined}
        for known, told in self._accepted(MERGE):
            if known.change.id not in done and told["kept"] not in self._family(told["merged"]):
                raise Violation("I1", f"{self._oracle.tell(known)} was accepted and not carried out", told["merged"])
        back = [{made.kept, made.merged} for made in self.joined if made.back]
        back += [{told["kept"], told["merged"]} for known, told in self._accepted(MERGE) if known.change.id not in done]
        for known, told in self._accepted(UNDO):  # also of a merge that found them one by way of others
            if {told["kept"], told["merged"]} not in back:
                raise Violation(
                    "I1", f"{self._oracle.tell(known)} was accepted, taken back was nothing", told["merged"]
                )

    def _above(self, uid: str) -> set[str]:
        """The records under which this one is seen, over all merges that stand."""
        found: set[str] = set()
        while (uid := self.into(uid)) and uid not in found:
            found.add(uid)
        return found

    def _family(self, uid: str) -> set[str]:
        """All that were ever one with a record on the server, over however many merges."""
        found, fresh = {uid}, True
        while fresh:
            pairs = [{made.kept, made.merged} for made in self.joined]
            fresh = {one for pair in pairs if pair & found for one in pair} - found != set()
            found |= {one for pair in pairs if pair & found for one in pair}
        return found

    def _nothing_was_dropped(self, made: Joined) -> None:
        """I2: an answer of the merged record is taken, or shown beside the other one."""
        under = self._server.step(made.merged, made.change_id)
        if under is None:
            raise Violation("I1", f"{self._name(made.merged)} was merged without a word in its history", made.merged)
        taken = self._server.step(made.kept, made.change_id)
        before = [step for step in self._server.history[made.kept] if taken is None or step.version <= taken.version]
        for code, value in self._server.at(made.merged, under.version).items():
            if code in OF_THE_RECORD_ITSELF or value in (None, "", []):
                continue
            shown = self._server.others.get((made.change_id, code), ...) == value
            if not shown and not any(self._means_the_same(value, step.sets[code][1]) for step in _with(before, code)):
                text = f"{code}={value!r} of {self._name(made.merged)} is neither in {self._name(made.kept)} nor shown"
                raise Violation("I2", text, made.merged)

    def _means_the_same(self, value: Any, other: Any) -> bool:
        if isinstance(value, dict) and isinstance(other, dict) and "uid" in value:
            return other.get("uid") in self._family(value["uid"])
        return bool(value == other)

    def _merged_one_stays(self, made: Joined) -> None:
        """I2: whoever has not heard edits the one that stands, never the one that nobody looks at any more."""
        hidden = False
        for step in self._server.history[made.merged]:
            if step.change_id == made.back:
                return
            if hidden and step.sets:
                raise Violation(
                    "I2", f"{self._name(made.merged)} was edited under {self._name(made.kept)}", made.merged
                )
            hidden = hidden or step.change_id == made.change_id

    def _way_back(self, made: Joined) -> None:
        """I2: what was taken goes out again unless somebody edited it since; the conflicts are closed."""
        history = self._server.history[made.kept]
        taken, back = (self._server.step(made.kept, name) for name in (made.change_id, made.back))
        put_in, put_back = (step.sets if step else {} for step in (taken, back))
        last = back.version if back else history[-1].version
        for code, (after, value) in put_back.items():
            if code not in put_in and self._was_left_for(made, code, after):
                continue
            theirs = code in put_in and (self._edited(made, code, last) or self._typed_too(made, code, put_in[code][1]))
            if code not in put_in or theirs or value != put_in[code][0]:
                raise Violation("I2", f"{code} of {self._name(made.kept)} overwritten by a merge taken back", made.kept)
        for code in put_in.keys() - put_back.keys():
            stays = self._server.at(made.kept, history[-1].version).get(code) == put_in[code][1]
            if stays and not self._edited(made, code, last) and not self._may_be_theirs(made, code, put_in[code][1]):
                raise Violation("I1", f"{code} stays in {self._name(made.kept)} after the merge is undone", made.kept)
        for uid, word in self._server.words(ServerKind.CONFLICT).items():
            if word.body["change"] == made.change_id and word.body["state"] != "resolved":
                raise Violation("I1", f"conflict {uid} is open though its merge was taken back", made.kept)

    def _was_left_for(self, made: Joined, code: str, value: Any) -> bool:
        """True for what a merge into the same record put in that was taken back before this one."""
        others = [one for one in self.joined if one.kept == made.kept and one.back and one is not made]
        steps = [self._server.step(one.kept, one.change_id) for one in others]
        return any(step is not None and step.sets.get(code, (None, None))[1] == value for step in steps)

    def _edited(self, made: Joined, code: str, last: int) -> bool:
        taken = self._server.step(made.kept, made.change_id)
        since = [step for step in self._server.history[made.kept] if taken and taken.version < step.version <= last]
        return any(code in step.sets and step.change_id not in (made.change_id, made.back) for step in since)

    def _typed_too(self, made: Joined, code: str, value: Any) -> bool:
        """True for an answer that somebody typed into the kept record and found there, while the merge stood."""
        taken, back = (self._server.step(made.kept, name) for name in (made.change_id, made.back))
        last = back.version if back else self._server.history[made.kept][-1].version + 1
        return any(
            uid == made.kept and taken is not None and taken.version <= found.version < last
            for uid, found in self._typed(code, value)
        )

    def _may_be_theirs(self, made: Joined, code: str, value: Any) -> bool:
        """The same, whenever it was, also by somebody who only knew another record that is, or was, seen under it."""
        return any(made.kept in (uid, found.alias, *self._above(uid)) for uid, found in self._typed(code, value))

    def _typed(self, code: str, value: Any) -> Iterator[tuple[str, Taken]]:
        for known in self._oracle.confirmed.values():
            found = self._server.intake.get(known.change.id)
            if found is not None and found.status in TAKEN and known.typed.get(code) == value:
                yield known.change.uid, found

    # what the server says of doubles

    def _doubles_are_told(self) -> None:
        """Two records with one number are a case in every area where one of them lies, which names only its own."""
        alike: dict[tuple[str, str], list[str]] = defaultdict(list)
        for uid, record in self._server.records.items():
            if record.kind in NUMBERS and not record.merged_into and not record.body.get(DELETED):
                alike[record.kind, str(record.body.get(NUMBERS[record.kind][1], ""))].append(uid)
        pairs = {frozenset(pair): kind for (kind, _number), uids in alike.items() for pair in combinations(uids, 2)}
        told = self._told_pairs()
        for pair, kind in pairs.items():
            states = told.get((pair, NUMBERS[kind][0]), set())
            if states != {self._wanted_state(pair, NUMBERS[kind][0])}:
                one, other = sorted(pair)
                text = (
                    f"{self._name(one)} and {self._name(other)} have one number, told is {sorted(states) or 'nothing'}"
                )
                raise Violation("I3", text, one)
        for (pair, reason), states in told.items():
            gone = reason != "name" and pair not in pairs and len(pair) == 2
            hidden = any(self._server.records[uid].merged_into for uid in pair)
            if "open" in states and (gone or hidden):
                raise Violation("I3", f"{' and '.join(map(self._name, sorted(pair)))} still are a case", min(pair))

    def _wanted_state(self, pair: frozenset[str], reason: str) -> str:
        for _known, told in self._accepted(DIFFERENT):
            if {told["kept"], told["merged"]} == pair and reason in self._reasons(told["duplicate"]):
                return "different"
        return "open"

    def _reasons(self, uid: str) -> set[str]:
        """Why a case was told, whichever of its words is left: the one decided about may lie in another area now."""
        words = self._server.words(ServerKind.DUPLICATE).values()
        return {word.body["reason"] for word in words if word.body["case"] == uid.split(":")[1]}

    def _told_pairs(self) -> dict[tuple[frozenset[str], str], set[str]]:
        """Every case with the records and the states that all its words together name, by its reason."""
        words = self._server.words(ServerKind.DUPLICATE).values()
        named: dict[str, set[str]] = defaultdict(set)
        for word in words:
            named[word.body["case"]] |= set(word.body["uids"])
        found: dict[tuple[frozenset[str], str], set[str]] = defaultdict(set)
        for word in words:
            if word.body["uids"]:
                found[frozenset(named[word.body["case"]]), word.body["reason"]].add(word.body["state"])
        return found

    def _words_are_true(self) -> None:
        for uid, word in self._server.words(ServerKind.DUPLICATE).items():
            elsewhere = [one for one in word.body["uids"] if self._server.records[one].scope != word.scope]
            if elsewhere:
                raise Violation("I4", f"{uid} in {word.scope} names {self._name(elsewhere[0])}", elsewhere[0])
            merged, kept = word.body["merged"], word.body["kept"]
            if word.body["state"] == "merged" and kept and self.into(merged) != kept:
                raise Violation("I3", f"{uid} tells of a merge that does not stand", merged)
        for uid, word in self._server.words(ServerKind.ALIAS).items():
            stands = "" if word.body["undone"] else word.body["new"]
            if stands != self.into(word.body["old"]):
                raise Violation("I3", f"{uid} tells of a merge that does not stand", word.body["old"])

    # laptops

    def look_at(self, machine: Machine) -> None:
        """I3: a laptop knows exactly the words of its areas."""
        areas = self._oracle.areas_of(machine)
        words = {uid: row for uid, row in self._server.records.items() if covered(row.scope, areas)}
        ours = _rows(words, ServerKind.ALIAS, ("old", "new", "undone"))
        _same(machine, "alias", ours, {uid: row for uid, *row in machine.rows(ALIASES)})
        ours = _rows(words, ServerKind.DUPLICATE, ("uids", "state", "elsewhere", "kept", "merged"))
        theirs = {uid: [json.loads(uids), *row] for uid, uids, *row in machine.rows(DOUBLES)}
        _same(machine, "duplicate", ours, theirs)
        stored = {uid: row for uid, *row in machine.rows(CONFLICTS)}
        for uid, word in words.items():
            if word.kind == ServerKind.CONFLICT:
                state, *values = stored.get(uid, ("missing",))
                expected = ("open", "settling") if word.body["state"] == "open" else ("resolved",)
                told = [json.loads(value or "null") for value in values]
                if state not in expected or told != [word.body["kept"], word.body["other"]]:
                    raise Violation("I3", f"{machine.name} has conflict {uid} as {state}, not {expected[0]}")

    # reasons

    def had_to_be_refused(self, known: Confirmed, found: Taken) -> bool:
        """True for a decision that came too late, by what others decided or wrote about the same records.

        What a server kept before it was put back is never refused for good.
        """
        if known.change.kind != RecordKind.MERGE_DECISION or found.again:
            return False
        return self._came_too_late(known, found.code)

    def had_to_be_looked_at(self, known: Confirmed, found: Taken) -> bool:
        """The same for one that a server kept before it was put back."""
        if known.change.kind != RecordKind.MERGE_DECISION or not (found.again and self._oracle.server_went_back):
            return False
        return found.code == DECIDED_BEFORE and any(self._came_too_late(known, code) for code in TOO_LATE)

    def _came_too_late(self, known: Confirmed, code: str) -> bool:
        told = known.typed["answers"]
        pair = {told["kept"], told["merged"]}
        earlier = [one for other, one in self._decisions(MERGE) if other is not known]
        if code in ("MERGED_AWAY", "MERGED_AGAIN"):
            return any(one["merged"] in pair for one in earlier)
        if code == "MERGED":
            return told["kept"] in self._oracle.companions(told["merged"])
        if code == "DIFFERENT":
            return any({one["kept"], one["merged"]} == pair for _other, one in self._decisions(DIFFERENT))
        if code == "CASE_GONE":
            return self._were_changed(pair)
        if code == "NOT_ALLOWED":
            return self._were_elsewhere(known, pair) and (told["decision"] == UNDO or self._oracle.server_went_back)
        return False

    def _were_changed(self, pair: set[str]) -> bool:
        about = {found for uid in pair for found in (*self._oracle.companions(uid), *self._oracle.hangs.get(uid, ()))}
        edits = (known.change for known in self._oracle.confirmed.values() if known.change.uid in about)
        return any(code in edit.sets for edit in edits if not edit.create for code in ALIKE_BY)

    def _were_elsewhere(self, known: Confirmed, pair: set[str]) -> bool:
        by = known.change.by
        safe = self._oracle.first_areas[by] - self._oracle.lost_areas.get(by, set())
        return any(not covered(place, safe) for uid in pair for place in self._oracle.places_of(uid))

    def _count(self) -> None:
        happened = self._oracle.happened
        happened |= {("case opened", word.body["case"]) for word in self._server.words(ServerKind.DUPLICATE).values()}
        happened |= {("merge", made.change_id) for made in self.joined}
        happened |= {("merge taken back", made.back) for made in self.joined if made.back}
        happened |= {("late edit of a merged record", name) for name, row in self._server.intake.items() if row.alias}
        for word in (MERGE, UNDO, DIFFERENT):
            for known, _told in self._decisions(word):
                found = self._server.intake.get(known.change.id)
                if found is not None and found.status not in TAKEN:
                    happened.add((f"decision {found.status} {found.code}".strip(), known.change.id))
                elif found is not None and word == DIFFERENT:
                    happened.add(("told apart", known.change.id))


def _with(steps: list[Step], code: str) -> list[Step]:
    return [step for step in steps if code in step.sets]


def _rows(words: dict[str, StoredRow], kind: ServerKind, names: tuple[str, ...]) -> dict[str, list[Any]]:
    return {uid: [row.body[name] for name in names] for uid, row in words.items() if row.kind == kind}


def _same(machine: Machine, table: str, ours: dict[str, list[Any]], theirs: dict[str, list[Any]]) -> None:
    for uid in ours.keys() | theirs.keys():
        if ours.get(uid) != theirs.get(uid):
            text = f"{machine.name} has {theirs.get(uid)} in {table} {uid}, the server says {ours.get(uid)}"
            raise Violation("I3", text)
