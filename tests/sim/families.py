"""Families and people of the simulated world: few of them, written down again and again on different laptops."""

from __future__ import annotations

import random
from typing import Any

from kube_field.domain.forms.household import PARTS_OF_FAMILY
from kube_field.domain.records import Record, RecordKind
from tests.sim.ground import VILLAGES
from tests.sim.machine import Machine
from tests.sim.officers import Officers
from tests.support import make_answers
from tests.support.wire_changes import kk_of, who_is

KK_NUMBERS = tuple(kk_of(f"keluarga {n}") for n in range(3))
IDENTITIES = tuple(who_is(f"warga {n}") for n in range(3))
PHONES = tuple(f"+62812000000{n:02d}" for n in range(4))
SCHOOLING = ("sd", "smp", "sma")
DEEDS = {"family": 2, "person": 6, "edit": 10, "fact": 2, "photo": 1, "delete": 1, "move": 1}


class Families(Officers):
    """What is written about people on the laptops."""

    def meet_people(self, rng: random.Random) -> None:
        """Somebody writes down a family or a person, or what is new about one."""
        machine = rng.choice(self.writers())
        deed = rng.choices(list(DEEDS), list(DEEDS.values()))[0]
        homes, people = self.known(machine, self.families), self.known(machine, self.persons)
        if deed == "family" or not homes:
            self.create_family(machine, **self._some_family(machine, rng))
        elif deed == "person" or not people:
            self.create_person(machine, rng.choice(homes), **self._somebody(rng))
        elif deed == "edit":
            self.edit_people(machine, rng.choice([*homes, *people]), rng)
        elif deed == "move":
            self.move_people(machine, rng.choice([*homes, *people]), homes, rng)
        else:
            getattr(self, f"{deed}_at")(machine, rng.choice([*homes, *people]), rng)

    def create_family(self, machine: Machine, **told: Any) -> str:
        """A family with these answers; its uid."""
        uid = machine.new_id()
        self.christen(uid, f"k{len(self.oracle.canaries) + 1}")
        self.families.append(uid)
        answers = make_answers.complete_household(dtsen_rows=None, **self._in_full(uid, told))
        scope = machine.session(machine.officers[0]).reference.regions.scope_of(answers["village_code"])
        self.write_new(machine, RecordKind.HOUSEHOLD, uid, scope, answers)
        return uid

    def create_person(self, machine: Machine, home: Record, **told: Any) -> str:
        """A woman of a family, whoever else may have written her down before; her uid."""
        uid = machine.new_id()
        self.christen(uid, f"p{len(self.oracle.canaries) + 1}")
        self.persons.append(uid)
        told = {"household_id": _reference(home), "consents": None, **self._in_full(uid, told)}
        self.write_new(machine, RecordKind.PERSON, uid, home.scope, make_answers.complete_person(**told))
        return uid

    def _in_full(self, uid: str, told: dict[str, Any]) -> dict[str, Any]:
        """An answer of "" is a text that nobody typed before."""
        return {code: self.text(uid) if value == "" else value for code, value in told.items()}

    def _some_family(self, machine: Machine, rng: random.Random) -> dict[str, Any]:
        areas = sorted(self.oracle.areas_of(machine)) or list(machine.officers[0].areas)
        return {
            "kk_number": rng.choice(KK_NUMBERS),
            "village_code": VILLAGES[rng.choice(areas)],
            "address": "",
            "dusun": rng.choice((None, "")),
            "rw": rng.choice((None, 1, 2)),
        }

    def _somebody(self, rng: random.Random) -> dict[str, Any]:
        return {
            **rng.choice(IDENTITIES),
            "birth_place": rng.choice((None, "")),
            "phone": rng.choice((None, *PHONES)),
            "education": rng.choice(SCHOOLING),
        }

    def edit_people(self, machine: Machine, record: Record, rng: random.Random) -> None:
        """One or two answers are others now; rarely even whose record it is."""
        values = (
            self._person_values(record, rng) if record.kind == RecordKind.PERSON else self._home_values(record, rng)
        )
        if rng.random() < 0.1:
            typed = dict(rng.choice(IDENTITIES)) if record.kind == RecordKind.PERSON else {}
            typed = typed or {"kk_number": rng.choice(KK_NUMBERS)}
        else:
            typed = {code: values[code] for code in rng.sample(sorted(values), rng.choice((1, 1, 2)))}
        if record.kind == RecordKind.HOUSEHOLD:
            typed |= self._counts(record)
        self.edit(machine, record, typed)

    def _person_values(self, record: Record, rng: random.Random) -> dict[str, Any]:
        return {
            "birth_place": rng.choice((None, self.text(record.uid), self.text(record.uid))),
            "phone": rng.choice((None, *PHONES)),
            "education": rng.choice(SCHOOLING),
        }

    def _home_values(self, record: Record, rng: random.Random) -> dict[str, Any]:
        return {"address": self.text(record.uid), "dusun": self.text(record.uid), "rw": rng.choice((None, 1, 2, 3))}

    def _counts(self, record: Record) -> dict[str, int]:
        """Sometimes a count of the family, too, such as its form takes beside the others that the officer sees.

        A form that lacks some of them, for the server lost the family's first words, takes none. It draws from a source
        of its own: the histories of before stay as they were.
        """
        rng = random.Random(f"counts {self.texts} {record.uid}")
        if not {"size", *PARTS_OF_FAMILY} <= record.answers.keys():
            return {}
        size = record.answers["size"]
        code = rng.choice(("size", "n_school", ""))
        if code == "n_school":
            return {code: rng.choice((0, size))}
        least = max(1, *(record.answers[part] for part in PARTS_OF_FAMILY))
        return {code: rng.choice((least, least + 3))} if code else {}

    def move_people(self, machine: Machine, record: Record, homes: list[Record], rng: random.Random) -> None:
        """A family moves to another village, a person to another family."""
        if record.kind == RecordKind.HOUSEHOLD:
            self.move_at(machine, record, rng)
            return
        self.faults["move to another family"] += 1
        home = rng.choice(homes)
        self.edit(machine, record, {"household_id": _reference(home)}, scope=home.scope)

    def member_names(self, machine: Machine, rng: random.Random) -> dict[str, Any]:
        """A member is one of the people, where the laptop has some."""
        people = self.known(machine, self.persons)
        return {"person_id": _reference(rng.choice(people))} if people else {}


def _reference(record: Record) -> dict[str, str]:
    """A reference whose name tells nothing about anybody."""
    return make_answers.reference_to(record.uid, "Contoh")
