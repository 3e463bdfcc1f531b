"""The simulated world: a province, its laptops, and everything that may happen to them, one step at a time."""

from __future__ import annotations

import random
import shutil
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from kube_field.domain.commit import Commit
from kube_field.domain.records import Change, Record, RecordKind
from kube_field.usecases.editing import change_of_record
from kube_field.usecases.histories import change_of_fact, hashed, small_fact
from kube_field.usecases.parents import unsent_references
from kube_field.usecases.session import Session
from kube_field.wire.canonical import change_hash
from tests.sim.disks import Image, PowerCut, laptop_key, new_folder
from tests.sim.machine import Machine, Request, officer_of
from tests.sim.oracle import Oracle, Violation
from tests.sim.province import Province
from tests.support import make_answers
from tests.support.laptop import START

VILLAGES = {"64.02.12": "64.02.12.2007", "64.02.13": "64.02.13.2019", "64.03.01": "64.03.01.2006"}
AREAS = (("64.02.12",), ("64.02.12", "64.02.13"), ("64.02.13",), ("64.03.01",), ("64.02.12", "64.03.01"))
TEXTS = ("name", "sk_number")
OTHERS: dict[str, tuple[Any, ...]] = {
    "has_signboard": (True, False),
    "has_stamp": (True, False),
    "iks_amount_idr": (5000, 10000, 20000),
    "iks_period": ("bulanan", "mingguan"),
}
ROUNDS = 12
"""How many rounds of all laptops may pass until nothing moves (I8)."""
CALLS = 400
"""How many calls one run may take in a small world."""
MOST_MACHINES = 7


class World:
    """One history. Each step draws from a random source of its own, so that others can be left out."""

    def __init__(self, seed: int, *, encrypted: bool = False, postgres: str = "") -> None:
        rng = random.Random(f"world {seed}")
        self.rng = rng
        self.folder = new_folder()
        self.clock = START.astimezone(UTC)
        self.faults: Counter[str] = Counter()
        self.story: deque[str] = deque(maxlen=1000)
        self.groups: list[str] = []
        self.backups: deque[Any] = deque(maxlen=2)
        self.laptop_backups: dict[str, tuple[Image, set[str]]] = {}
        self.old_requests: list[tuple[Machine, Request]] = []
        self.texts = 0
        self.encrypted = encrypted
        self.province = Province(self.folder, rng, self.now, postgres)
        self.machines: list[Machine] = []
        self.oracle = Oracle(self.province, self.machines)
        self.leaks: list[Violation] = []
        for n in range(rng.randint(4, 5)):
            self._new_laptop(f"L{n + 1}", AREAS[n % len(AREAS)])

    def _new_laptop(self, name: str, areas: tuple[str, ...]) -> None:
        user = self.province.add_officer(name, areas)
        machine = self._machine(name)
        machine.unpack()
        machine.enrol(self.province.enrol(user), officer_of(user.uid, name, areas))
        self.machines.append(machine)

    def _machine(self, name: str) -> Machine:
        return Machine(name, self.folder, self.province, self.rng, self.now, self._watch, laptop_key(self.encrypted))

    def now(self) -> datetime:
        self.clock += timedelta(milliseconds=1)
        return self.clock

    def close(self) -> None:
        for machine in self.machines:
            machine.close()
        self.province.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def tell(self, text: str) -> None:
        self.story.append(text)

    def _tell_call(self, machine: Machine, phase: str) -> None:
        """Calls of one laptop in a row share a line."""
        begin = f"{machine.name} calls:"
        if self.story and self.story[-1].startswith(begin):
            self.story[-1] += f" {phase}"
        else:
            self.tell(f"{begin} {phase}")

    def _watch(self, machine: Machine, path: str, body: bytes) -> None:
        try:
            self.oracle.look_at_answer(machine, path, body)
        except Violation as leak:  # the transport must not turn it into a lost answer
            self.leaks.append(leak)

    def _raise_leaks(self) -> None:
        if self.leaks:
            raise self.leaks[0]

    # one step

    def step(self, rng: random.Random) -> None:
        """Something happens."""
        names, weights = zip(*WEIGHTS.items(), strict=True)
        action: Callable[[World, random.Random], None] = getattr(World, rng.choices(names, weights)[0])
        action(self, rng)
        self._raise_leaks()

    # officers at work

    def work(self, rng: random.Random) -> None:
        """Somebody writes something."""
        machine = rng.choice(self.machines)
        kind = rng.choices(("group", "edit", "fact", "member", "delete", "move"), (4, 10, 4, 2, 1, 1))[0]
        known = self.known_groups(machine)
        if kind == "group" or not known:
            self.create_group(machine, rng)
            return
        record = rng.choice(known)
        getattr(self, f"{kind}_at")(machine, record, rng)

    def create_group(self, machine: Machine, rng: random.Random) -> None:
        areas = sorted(self.oracle.areas_of(machine)) or list(machine.officers[0].areas)
        session = machine.session(machine.officers[0])
        uid = machine.new_id()
        self._christen(uid, f"g{len(self.oracle.canaries) + 1}")
        answers = make_answers.complete_group() | {
            "name": self.text(uid),
            "sk_number": self.text(uid)[:40],
            "village_code": VILLAGES[rng.choice(areas)],
        }
        scope = session.reference.regions.scope_of(answers["village_code"])
        record = Record(uid, RecordKind.KUBE_GROUP, "2026.1", scope, answers, updated_at=session.instant())
        change = change_of_record(session, record, None, {code: (None, new) for code, new in answers.items()})
        self.groups.append(uid)
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

    def edit(self, machine: Machine, record: Record, typed: dict[str, Any], poison: str = "") -> None:
        session = machine.session(machine.officers[0])
        seen = {**record.answers, **record.extra, **({"deleted": True} if record.deleted else {})}
        sets = {code: (seen.get(code), new) for code, new in typed.items() if seen.get(code) != new}
        if not sets:
            return
        edited = _edited(session, record, typed)
        change = change_of_record(session, edited, record, sets, "")
        self._mark(change, poison)
        if edited.scope != record.scope:
            self.oracle.moved.add(record.uid)
        what = ", ".join(f"{code} {old!r}->{new!r}" for code, (old, new) in sets.items())
        self.commit(
            machine, Commit(records=(edited,), changes=(change,)), f"edits {self.oracle.name(record.uid)}: {what}"
        )

    def fact_at(self, machine: Machine, record: Record, rng: random.Random) -> None:
        session = machine.session(machine.officers[0])
        told = make_answers.complete_value_history() | {"new_value": self.text(record.uid)}
        fact = hashed(small_fact(session, RecordKind.VALUE_HISTORY, record, told, "2026-11-20"))
        self.oracle.names[fact.uid] = f"fact of {self.oracle.name(record.uid)}"
        change = change_of_fact(session, fact, unsent_references(session, {}, record.uid))
        self._mark(change, "boom" if rng.random() < 0.04 else "")
        self.commit(machine, Commit(facts=(fact,), changes=(change,)), f"writes a {self.oracle.names[fact.uid]}")

    def member_at(self, machine: Machine, record: Record, _rng: random.Random) -> None:
        session = machine.session(machine.officers[0])
        uid = machine.new_id()
        self.oracle.names[uid] = f"member of {self.oracle.name(record.uid)}"
        answers = make_answers.complete_membership() | {"group_id": {"uid": record.uid, "name": self.text(record.uid)}}
        member = Record(uid, RecordKind.MEMBERSHIP, "2026.1", record.scope, answers, updated_at=session.instant())
        change = change_of_record(session, member, None, {code: (None, new) for code, new in answers.items()})
        self.commit(machine, Commit(records=(member,), changes=(change,)), f"adds a {self.oracle.names[uid]}")

    def poison_work(self, rng: random.Random) -> None:
        """BAD breaks a rule; BOOM makes the server stumble."""
        machine = rng.choice(self.machines)
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
        elif poison:
            self.oracle.boom.add(change.id)
            place = self.province.poison.writing if poison == "boom_write" else self.province.poison.deciding
            place.add(change.id)

    def commit(self, machine: Machine, work: Commit, what: str) -> None:
        """Confirmed is what came back from the store, and what a dead machine finds committed in its outbox."""
        self.tell(f"{machine.name} {what}")
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

    def known_groups(self, machine: Machine) -> list[Record]:
        """Groups that the officer sees, where he may write as far as his laptop knows."""
        writable = {scope for (scope,) in machine.rows("SELECT scope_id FROM sync_scope WHERE mode = 'rw'")}
        found = [record for uid in self.groups if (record := machine.store.records.get(uid)) is not None]
        return [record for record in found if record.scope in writable or not record.version]

    def text(self, uid: str) -> str:
        """A text never typed before that tells whose it is."""
        self.texts += 1
        number = next(n for n, known in self.oracle.canaries.items() if known == uid)
        return f"kenari{number}x {self.texts}"

    def _christen(self, uid: str, name: str) -> None:
        self.oracle.canaries[len(self.oracle.canaries) + 1] = uid
        self.oracle.names[uid] = name

    # the line

    def sync(self, rng: random.Random) -> None:
        """A laptop makes some network calls, usually not all of a run."""
        machine = rng.choice(self.machines)
        for _call in range(rng.choice((1, 2, 4, 8, 20))):
            self._disturb(machine, rng)
            if self.call(machine):
                break

    def _disturb(self, machine: Machine, rng: random.Random) -> None:
        chance = rng.random()
        if chance < 0.12:
            machine.line.fault = rng.choice(("drop", "lose", "lose", "twice"))
            self.faults[{"drop": "lost request", "lose": "lost answer", "twice": "duplicate"}[machine.line.fault]] += 1
            self.tell(f"{machine.name}: the next call will be {machine.line.fault}")
        elif chance < 0.17:
            machine.fuse.set(rng.randint(1, 3), after=rng.random() < 0.5)
            self.faults["laptop crash"] += 1
        elif chance < 0.21:
            self.province.fuse.set(1, after=rng.random() < 0.5)
            self.faults["server crash"] += 1

    def call(self, machine: Machine) -> bool:
        """One network call; True when the run ended, the machine died or the line broke."""
        phase = machine.engine.phase.value if machine.engine else "hello"
        self._tell_call(machine, phase)
        try:
            over = machine.step()
        except PowerCut:
            machine.die()
            self.tell(f"{machine.name} dies")
            over = True
        if over and machine.outcome:
            self._tell_call(machine, f"({machine.outcome})")
        self.old_requests = [*self.old_requests[-30:], *((machine, sent) for sent in machine.line.sent[-1:])]
        self._raise_leaks()
        self.oracle.look_at_laptop(machine)
        return over

    def replay(self, rng: random.Random) -> None:
        """An old request arrives once more, late; nobody reads the answer."""
        if self.old_requests:
            machine, request = rng.choice(self.old_requests)
            self.faults["late replay"] += 1
            self.tell(f"an old {request[1]} of {machine.name} arrives again")
            self.province.serve(*request)

    def crash(self, rng: random.Random) -> None:
        """The next or a later commit of a laptop ends it."""
        machine = rng.choice(self.machines)
        machine.fuse.set(rng.randint(1, 4), after=rng.random() < 0.5)
        self.faults["laptop crash"] += 1

    # disasters

    def back_up_server(self, _rng: random.Random) -> None:
        self.backups.append(self.province.backup())
        self.tell("the server is backed up")

    def restore_server(self, rng: random.Random) -> None:
        if self.backups:
            self.province.put_back(rng.choice(self.backups))
            self.oracle.server_put_back()
            self.faults["server put back"] += 1
            self.tell("THE SERVER IS PUT BACK")

    def back_up_laptop(self, rng: random.Random) -> None:
        machine = rng.choice(self.machines)
        held = {name for name, known in self.oracle.confirmed.items() if machine.name in known.holders}
        self.laptop_backups[machine.name] = (machine.image(), held)
        self.tell(f"{machine.name} is backed up")

    def restore_laptop(self, rng: random.Random) -> None:
        if self.laptop_backups:
            name = rng.choice(sorted(self.laptop_backups))
            machine = next(item for item in self.machines if item.name == name)
            image, held = self.laptop_backups[name]
            machine.put_back(image)
            self.oracle.laptop_put_back(machine, held)
            self.faults["laptop put back"] += 1
            self.tell(f"{name} IS PUT BACK from its backup")

    def clone(self, rng: random.Random) -> None:
        if len(self.machines) >= MOST_MACHINES:
            return
        original = rng.choice(self.machines)
        twin = self._machine(f"L{len(self.machines) + 1}")
        twin.path.touch()
        twin.officers = list(original.officers)
        from tests.sim.disks import put_image

        put_image(twin.path, original.image())
        twin.start()
        self.machines.append(twin)
        self.oracle.laptop_cloned(original, twin)
        self.faults["clone"] += 1
        self.tell(f"{original.name} IS CLONED as {twin.name}")

    def flip_grant(self, rng: random.Random) -> None:
        machine = rng.choice(self.machines)
        officer = machine.officers[0]
        areas = self.oracle.areas_of(machine)
        area = rng.choice(sorted(VILLAGES))
        new = areas - {area} if area in areas and len(areas) > 1 else areas | {area}
        if new < areas:
            self.oracle.grants.setdefault(officer.uid, set()).add(area)
        self.province.fuse.clear()
        self.province.grant(officer.uid, tuple(sorted(new)), self.now().isoformat(timespec="milliseconds"))
        self.faults["grant"] += 1
        self.tell(f"{officer.name} may now work in {', '.join(sorted(new))}")

    # quiet

    def quiet(self) -> None:
        """All laptops sync without faults until nothing moves, then everything must hold."""
        self.tell("--- quiet ---")
        self.province.fuse.clear()
        for machine in self.machines:
            machine.fuse.clear()
            machine.line.fault = ""
        settled: dict[str, Any] = {}
        for _round in range(ROUNDS):
            restless = [machine for machine in self.machines if settled.get(machine.name) != self._standing(machine)]
            if not restless:
                self.oracle.check()
                return
            for machine in restless:
                before, is_new = self._standing(machine), machine.engine is None
                self._whole_run(machine)
                after = self._standing(machine)
                settled[machine.name] = after if is_new and after == before else None
        raise Violation("I8", f"still moving after {ROUNDS} rounds")

    def _whole_run(self, machine: Machine) -> None:
        for _call in range(CALLS):
            if self.call(machine):
                if machine.outcome:
                    raise Violation("I8", f"a run of {machine.name} without any fault ends with {machine.outcome}")
                return
        raise Violation("I8", f"a run of {machine.name} does not end")

    def _standing(self, machine: Machine) -> Any:
        """What a run of this laptop could depend on, or change."""
        return [
            machine.rows("SELECT change_id, state FROM outbox ORDER BY n"),
            machine.rows("SELECT scope_id, seq, sum, state FROM sync_scope ORDER BY scope_id"),
            self.province.rows("SELECT scope, head, chain FROM scope_head ORDER BY scope"),
            self.province.rows("SELECT status, count(*) FROM intake GROUP BY status ORDER BY status"),
            sorted(self.oracle.areas_of(machine)),
        ]


WEIGHTS = {
    "work": 40,
    "sync": 60,
    "poison_work": 2,
    "replay": 3,
    "crash": 3,
    "back_up_server": 3,
    "restore_server": 2,
    "back_up_laptop": 2,
    "restore_laptop": 1,
    "clone": 1,
    "flip_grant": 2,
}


def _edited(session: Session, record: Record, typed: dict[str, Any]) -> Record:
    """The record as the officer sees it after his edit."""
    answers, extra = dict(record.answers), dict(record.extra)
    for code, new in typed.items():
        if code == "deleted":
            continue
        (extra if code == "baru_x" else answers)[code] = new
    village = str(answers.get("village_code", ""))
    scope = session.reference.regions.scope_of(village) if "village_code" in typed else record.scope
    deleted = bool(typed.get("deleted", record.deleted))
    return replace(record, answers=answers, extra=extra, deleted=deleted, scope=scope, updated_at=session.instant())


__all__ = ["World", "change_hash"]
