"""Officers at work: what they write, and the changes at which the server will stumble."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from kube_field.domain.commit import Commit
from kube_field.domain.records import Attachment, Change, Fact, Record, RecordKind
from kube_field.usecases.editing import change_of_record
from kube_field.usecases.histories import change_of_fact, hashed, small_fact
from kube_field.usecases.parents import unsent_references
from kube_field.usecases.session import Session
from tests.sim.disks import PowerCut
from tests.sim.ground import NEW_FORM, VILLAGES, Ground
from tests.sim.machine import Machine
from tests.sim.pictures import tiny_photo
from tests.support import make_answers

TEXTS = ("name", "sk_number")
OTHERS: dict[str, tuple[Any, ...]] = {
    "has_signboard": (True, False),
    "has_stamp": (True, False),
    "iks_amount_idr": (5000, 10000, 20000),
    "iks_period": ("bulanan", "mingguan"),
}
KINDS = {"group": 4, "edit": 10, "fact": 3, "photo": 2, "member": 2, "delete": 1, "move": 1}
FACT_DAY = "2026-11-20"


class Officers(Ground):
    """What is written on the laptops."""

    def work(self, rng: random.Random) -> None:
        """Somebody writes something."""
        machine = rng.choice(self.writers())
        kind = rng.choices(list(KINDS), list(KINDS.values()))[0]
        known = self.known_groups(machine)
        if kind == "group" or not known:
            self.create_group(machine, rng)
            return
        getattr(self, f"{kind}_at")(machine, rng.choice(known), rng)

    def create_group(self, machine: Machine, rng: random.Random) -> None:
        areas = sorted(self.oracle.areas_of(machine)) or list(machine.officers[0].areas)
        session = machine.session(machine.officers[0])
        uid = machine.new_id()
        self.christen(uid, f"g{len(self.oracle.canaries) + 1}")
        answers = make_answers.complete_group() | {
            "name": self.text(uid),
            "sk_number": self.text(uid)[:40],
            "village_code": VILLAGES[rng.choice(areas)],
        }
        self.groups.append(uid)
        scope = session.reference.regions.scope_of(answers["village_code"])
        self.write_new(machine, RecordKind.KUBE_GROUP, uid, scope, answers)

    def write_new(self, machine: Machine, kind: RecordKind, uid: str, scope: str, answers: dict[str, Any]) -> None:
        """A record that nobody had before."""
        session = machine.session(machine.officers[0])
        record = Record(uid, kind, "2026.1", scope, answers, updated_at=session.instant())
        change = change_of_record(session, record, None, {code: (None, new) for code, new in answers.items()})
        self.commit(machine, Commit(records=(record,), changes=(change,)), f"creates {self.oracle.name(uid)}")

    def edit_at(self, machine: Machine, record: Record, rng: random.Random) -> None:
        codes = rng.sample([*TEXTS, *OTHERS], rng.choice((1, 1, 2)))
        typed = {code: self.text(record.uid)[:40] if code in TEXTS else rng.choice(OTHERS[code]) for code in codes}
        if rng.random() < 0.05:
            typed["baru_x"] = self.text(record.uid)
            self.faults["unknown field"] += 1
        self.edit(machine, record, typed)

    def delete_at(self, machine: Machine, record: Record, _rng: random.Random) -> None:
        self.edit(machine, record, {"deleted": True})

    def move_at(self, machine: Machine, record: Record, rng: random.Random) -> None:
        self.faults["move"] += 1
        self.edit(machine, record, {"village_code": rng.choice(sorted(VILLAGES.values()))})

    def edit(
        self, machine: Machine, record: Record, typed: dict[str, Any], poison: str = "", *, scope: str = ""
    ) -> None:
        """An edit of what the officer sees; `scope` is where the record lies then, when its village does not say."""
        session = machine.session(machine.officers[0])
        seen = {**record.answers, **record.extra, **({"deleted": True} if record.deleted else {})}
        sets = {code: (seen.get(code), new) for code, new in typed.items() if seen.get(code) != new}
        if not sets:
            return
        edited = _edited(session, record, typed)
        edited = replace(edited, scope=scope or edited.scope)
        change = change_of_record(session, edited, record, sets, "")
        self._mark(change, poison)
        what = ", ".join(f"{code} {old!r}->{new!r}" for code, (old, new) in sets.items())
        work = Commit(records=(edited,), changes=(change,))
        self.commit(machine, work, f"edits {self.oracle.name(record.uid)}: {what}")

    def fact_at(self, machine: Machine, record: Record, rng: random.Random) -> None:
        fact = self._fact(machine, record)
        kind = rng.choices(("", "boom", "new form"), (92, 4, 4))[0]
        if kind == "new form":
            self.faults["unknown form version"] += 1
            fact = hashed(replace(fact, form_version=NEW_FORM))
        self._write_fact(machine, fact, f"fact of {self.oracle.name(record.uid)}", kind)

    def photo_at(self, machine: Machine, record: Record, _rng: random.Random) -> None:
        """Something final with a photo, whose bytes follow the record."""
        fact = self._fact(machine, record)
        content = tiny_photo(self.text(record.uid))
        photo = Attachment(machine.photos.put(content), len(content), "image/jpeg", "photos")
        self.oracle.photos[photo.sha256] = fact.uid
        self.faults["photo"] += 1
        self._write_fact(
            machine, hashed(replace(fact, attachments=(photo,))), f"photographed fact of {self.oracle.name(record.uid)}"
        )

    def _fact(self, machine: Machine, record: Record) -> Fact:
        session = machine.session(machine.officers[0])
        told = make_answers.complete_value_history() | {"new_value": self.text(record.uid)}
        return small_fact(session, RecordKind.VALUE_HISTORY, record, told, FACT_DAY)

    def _write_fact(self, machine: Machine, fact: Fact, name: str, poison: str = "") -> None:
        session = machine.session(machine.officers[0])
        self.oracle.names[fact.uid] = name
        change = change_of_fact(session, fact, unsent_references(session, {}, fact.subject_uid))
        self._mark(change, poison)
        self.commit(machine, Commit(facts=(fact,), changes=(change,)), f"writes a {name}")

    def member_at(self, machine: Machine, record: Record, rng: random.Random) -> None:
        """Somebody joins a group, where the program has a form for that."""
        if not self.oracle.knows(machine, RecordKind.MEMBERSHIP):
            return
        uid = machine.new_id()
        self.oracle.names[uid] = f"member of {self.oracle.name(record.uid)}"
        group = {"group_id": {"uid": record.uid, "name": self.text(record.uid)}}
        answers = make_answers.complete_membership() | group | self.member_names(machine, rng)
        self.write_new(machine, RecordKind.MEMBERSHIP, uid, record.scope, answers)

    def member_names(self, _machine: Machine, _rng: random.Random) -> dict[str, Any]:
        """Who is a member."""
        return {}

    def poison_work(self, rng: random.Random) -> None:
        """BAD breaks a rule; BOOM makes the server stumble."""
        machine = rng.choice(self.writers())
        known = self.known_groups(machine)
        if not known:
            return
        record, kind = rng.choice(known), rng.choice(("bad", "boom", "boom_write"))
        self.faults[f"poison {kind}"] += 1
        typed = {"iks_period": "tidak ada"} if kind == "bad" else {"sk_number": self.text(record.uid)[:40]}
        self.edit(machine, record, typed, kind)

    def _mark(self, change: Change, poison: str) -> None:
        if poison == "bad":
            self.oracle.bad.add(change.id)
        elif poison == "new form":
            self.oracle.newer.add(change.id)
        elif poison:
            self.oracle.boom.add(change.id)
            place = self.province.poison.writing if poison == "boom_write" else self.province.poison.deciding
            place.add(change.id)

    def commit(self, machine: Machine, work: Commit, what: str) -> None:
        """Confirmed is what came back from the store, and what a dead machine finds committed in its outbox."""
        self.tell(f"{machine.name} {what}")
        self.oracle.hear(work)
        try:
            machine.store.commit(work)
        except PowerCut:
            machine.die()
            self.tell(f"{machine.name} dies over it")
            kept = [c for c in work.changes if machine.rows("SELECT 1 FROM outbox WHERE change_id = ?", c.id)]
            self.oracle.confirm(kept, machine)
        else:
            self.oracle.confirm(work.changes, machine)
        self.oracle.look_at_laptop(machine)


def _edited(session: Session, record: Record, typed: dict[str, Any]) -> Record:
    """The record as the officer sees it after his edit."""
    answers, extra = dict(record.answers), dict(record.extra)
    for code, new in typed.items():
        if code == "deleted":
            continue
        (extra if code == "baru_x" else answers)[code] = new
    answers = {code: value for code, value in answers.items() if value is not None}
    village = str(answers.get("village_code", ""))
    scope = session.reference.regions.scope_of(village) if "village_code" in typed else record.scope
    deleted = bool(typed.get("deleted", record.deleted))
    return replace(record, answers=answers, extra=extra, deleted=deleted, scope=scope, updated_at=session.instant())
