"""What the simulated world stands on: its laptops and server, its clocks, what happened so far and its faults."""

from __future__ import annotations

import functools
import random
import shutil
from collections import Counter, deque
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Form
from kube_field.domain.records import Record, RecordKind, Role
from kube_field.server import fast_facts, judging
from kube_field.server.storage import reading
from kube_field.sqlite import driver
from kube_field.storage.photos import PhotoStore
from kube_field.sync import photo_lane
from kube_field.usecases.permissions import may_write
from kube_field.wire import codec
from kube_field.wire.known_words import pack_with_words
from tests.sim.disks import IN_MEMORY, Image, laptop_key, new_folder
from tests.sim.machine import Machine, Request, officer_of
from tests.sim.oracle import Oracle, Violation
from tests.sim.province import Province
from tests.support.laptop import PHOTO_KEY, START, plenty

VILLAGES = {"64.02.12": "64.02.12.2007", "64.02.13": "64.02.13.2019", "64.03.01": "64.03.01.2006"}
AREAS = (("64.02.12",), ("64.02.12", "64.02.13"), ("64.02.13",), ("64.03.01",), ("64.02.12", "64.03.01"))
SUPERVISED = ("64.02",)
FAMILIAR = (("64.02.12",), ("64.02.12", "64.02.13"), ("64.03.01",))
"""Areas of the laptops in a history about people; beside them come those of whoever decides about doubles."""
DECIDING = {Role.PENYELIA_KAB: ("64.02.12", "64.02.13"), Role.ADMIN_PROV: ("64.02.12", "64.02.13", "64.03.01")}
NEW_FORM = "2099.1"
"""A form version that laptops know before the server does."""
PAGES = (3, reading.PAGE_ROWS)
"""So many rows are on one page of a download, in some histories fewer than anything needs."""
PIECE_BYTES = 300
"""Photos of the simulated world are small, and so are the pieces in which they travel."""


GREETINGS = ("/hello", "/again")
"""At these a laptop hears that the server was put back. In the middle of a run it may have learnt already that a record
lies elsewhere than the old server knows; then it has to compare."""


class Ground:
    """One history. Each step draws from a random source of its own, so that others can be left out."""

    def __init__(self, seed: int, *, encrypted: bool = False, postgres: str = "", people: bool = False) -> None:
        rng = random.Random(f"world {seed}")
        self.rng = rng
        self.folder = new_folder()
        self.clock = START.astimezone(UTC)
        self.skews: dict[str, timedelta] = {}
        self.faults: Counter[str] = Counter()
        self.story: deque[str] = deque(maxlen=1000)
        self.groups: list[str] = []
        self.families: list[str] = []
        self.persons: list[str] = []
        self.backups: deque[Any] = deque(maxlen=2)
        self.laptop_backups: dict[str, tuple[Image, set[str], set[str]]] = {}
        self.old_requests: list[tuple[Machine, Request]] = []
        self.stick = self.folder / "stick"
        self.stick.mkdir()
        self.texts = 0
        self.encrypted = encrypted
        self.server_is_new = False
        self._patches = self._patched(random.Random(f"pages {seed}").choice(PAGES) if people else reading.PAGE_ROWS)
        self.province = Province(self.folder, rng, self.now, postgres)
        self.machines: list[Machine] = []
        self.oracle = Oracle(self.province, self.machines)
        self.leaks: list[Violation] = []
        self.supervisor = self.province.add_officer("Penyelia", SUPERVISED, Role.PENYELIA_KAB)
        for n, areas in enumerate(FAMILIAR if people else AREAS[: rng.randint(4, 5)], start=1):
            self.new_laptop(f"L{n}", areas)
        for role, areas in DECIDING.items() if people else ():
            self.new_laptop(f"L{len(self.machines) + 1}", areas, role)
        self.oracle.older |= {"L2"} if people else set()

    def _patched(self, page_rows: int) -> ExitStack:
        stack = ExitStack()
        stack.enter_context(mock.patch.object(reading, "PAGE_ROWS", page_rows))
        stack.enter_context(mock.patch.object(photo_lane, "MAX_PIECE_BYTES", PIECE_BYTES))
        # no line here is slow, and no body large
        stack.enter_context(mock.patch.object(codec, "ZSTD_LEVEL_SMALL", 1))
        stack.enter_context(mock.patch.object(codec, "pack_with_words", functools.partial(pack_with_words, level=1)))
        if not self.encrypted:
            stack.enter_context(mock.patch.object(driver, "PRAGMAS", IN_MEMORY))
        for module in (judging, fast_facts):
            stack.enter_context(mock.patch.object(module, "form", self._form))
        return stack

    def _form(self, kind: RecordKind, version: str | None = None) -> Form:
        """The server's forms: of a version that it will know one day, it knows nothing yet."""
        if version == NEW_FORM:
            if not self.server_is_new:
                raise LookupError(version)
            return form(kind)
        return form(kind) if version is None else form(kind, version)

    def new_laptop(self, name: str, areas: tuple[str, ...], role: Role = Role.PENDAMPING) -> None:
        """A laptop with its officer, enrolled."""
        user = self.province.add_officer(name, areas, role)
        self.oracle.granted[user.uid] = set(areas)
        self.oracle.first_areas[user.uid] = frozenset(areas)
        machine = self._machine(name)
        machine.unpack()
        machine.enrol(self.province.enrol(user), officer_of(user.uid, name, areas, role))
        self.machines.append(machine)

    def _machine(self, name: str) -> Machine:
        machine = Machine(
            name,
            self.folder,
            self.province,
            self.rng,
            lambda: self.now() + self.skews.get(name, timedelta()),
            self._watch,
            laptop_key(self.encrypted),
        )
        machine.photos = PhotoStore(self.folder / f"photos {name}", PHOTO_KEY, free_bytes=plenty)
        return machine

    def now(self) -> datetime:
        self.clock += timedelta(milliseconds=1)
        return self.clock

    def instant(self) -> str:
        """The true time, as it is written."""
        return self.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def close(self) -> None:
        self._patches.close()
        for machine in self.machines:
            machine.close()
        self.province.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    # what is told

    def tell(self, text: str) -> None:
        self.story.append(text)

    def _watch(self, machine: Machine, path: str, body: bytes) -> None:
        self.observe(lambda: self.oracle.look_at_answer(machine, path, body))
        if path.endswith(GREETINGS):
            machine.greeted_life = self.province.life
        is_of_other_life = machine.greeted_life != self.province.life
        machine.mixed_lives |= is_of_other_life and path.endswith("/pull")
        if path.endswith("/digest") and not is_of_other_life and not machine.mixed_lives:
            self.leaks.append(Violation("mending", f"{machine.name} had to compare its records with the server's"))

    def observe(self, look: Callable[[], None]) -> None:
        """Look at something in the middle of a call; the program must not take a violation for a lost answer."""
        try:
            look()
        except Violation as leak:
            self.leaks.append(leak)

    def _raise_leaks(self) -> None:
        if self.leaks:
            raise self.leaks[0]

    # what every kind of work needs

    def writers(self) -> list[Machine]:
        """Laptops on which somebody writes down what he sees."""
        return [machine for machine in self.machines if may_write(machine.officers[0], RecordKind.KUBE_GROUP)]

    def known_groups(self, machine: Machine) -> list[Record]:
        """Groups that the officer sees, where he may write as far as his laptop knows."""
        return self.known(machine, self.groups)

    def known(self, machine: Machine, uids: Iterable[str]) -> list[Record]:
        """Those of these records that the officer sees, where he may write as far as his laptop knows."""
        writable = {scope for (scope,) in machine.rows("SELECT scope_id FROM sync_scope WHERE mode = 'rw'")}
        found = [record for uid in uids if (record := machine.store.records.get(uid)) is not None]
        return [record for record in found if record.scope in writable or not record.version]

    def text(self, uid: str) -> str:
        """A text never typed before that tells whose it is."""
        self.texts += 1
        return f"kenari{self.oracle.numbers[uid]}x {self.texts}"

    def christen(self, uid: str, name: str) -> None:
        """Give a record a name for stories, and a number that its texts carry."""
        number = len(self.oracle.canaries) + 1
        self.oracle.canaries[number] = uid
        self.oracle.numbers[uid] = number
        self.oracle.names[uid] = name
