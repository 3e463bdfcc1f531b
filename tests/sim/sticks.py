"""Titip data USB in the simulated world: one stick for everybody, its files in any order, often, and broken."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kube_field.errors import Failure, KubeFieldError
from kube_field.server.courier import take_bundle
from kube_field.usecases.courier import forward, give, take
from kube_field.usecases.stick import CourierTally
from kube_field.wire.bundle import ANSWER_PREFIX, SUFFIX, BundleError, read_frames
from kube_field.wire.refusals import Refusal
from tests.sim.calls import Calls
from tests.sim.disks import PowerCut
from tests.sim.machine import Machine
from tests.sim.oracle import Violation

MOST_FILES = 10
STANDING = (
    "SELECT change_id, state, status FROM outbox ORDER BY change_id",
    "SELECT scope_id, seq, sum FROM sync_scope ORDER BY scope_id",
    "SELECT sha256, state FROM blob ORDER BY sha256",
)
AT_THE_SERVER = ("SELECT count(*) FROM intake", "SELECT count(*) FROM blob", "SELECT sum(head) FROM scope_head")


class Sticks(Calls):
    """What travels on the stick."""

    def use_stick(self, rng: random.Random) -> None:
        """Somebody plugs the stick in."""
        work = rng.choice((self.give_stick, self.give_stick, self.server_reads, self.server_reads, self.take_stick))
        work(rng)

    def give_stick(self, rng: random.Random) -> None:
        """A laptop leaves what waits, and stops what it did online."""
        machine = rng.choice(self.machines)
        if machine.sync.courier.server_keys() is None:
            return
        self._make_room()
        self.faults["bundle given"] += 1
        self.tell(f"{machine.name} gives a bundle")
        self._at_stick(machine, lambda tally: give(self._session(machine), self.stick, tally))

    def server_reads(self, rng: random.Random) -> None:
        """One file, new or old, is handed in: at the server itself, or through any laptop online."""
        files = self._bundles(answers=False)
        if not files:
            return
        path = rng.choice(files)
        if rng.random() < 0.25:
            self._hand_in_broken(path, rng)
            return
        self.faults["bundle handed in"] += 1
        self.tell(f"{path.name[-12:]} is handed in")
        if rng.random() < 0.3:
            self._carry(rng)
            return
        answer = self._answered(path.read_bytes())
        if answer:
            self.texts += 1
            path.with_name(f"{ANSWER_PREFIX}{self.texts}-{path.name}").write_bytes(answer)

    def take_stick(self, rng: random.Random) -> None:
        """A laptop takes the answers that are for it, whole or broken ones."""
        machine = rng.choice(self.machines)
        files = self._bundles(answers=True)
        if machine.sync.courier.server_keys() is None or not files:
            return
        if rng.random() < 0.25:
            self._take_broken(machine, rng.choice(files), rng)
            return
        self.faults["bundle taken"] += 1
        self.tell(f"{machine.name} takes what is for it from the stick")
        self.oracle.stick_taken(machine)
        self._at_stick(machine, lambda tally: take(self._session(machine), self.stick, tally))

    def _carry(self, rng: random.Random) -> None:
        machine = rng.choice(self.machines)
        self.disturb(machine, rng)
        machine.transport.use_token(machine.sync.meta("token"))
        self._at_stick(
            machine, lambda tally: forward(self._session(machine), self.stick, machine.transport.carry, tally)
        )

    def _at_stick(self, machine: Machine, work: Callable[[CourierTally], None]) -> None:
        machine.engine = None
        try:
            with self.program_of(machine):
                work(CourierTally())
        except PowerCut:
            machine.die()
            self.tell(f"{machine.name} dies")
        except KubeFieldError as error:
            if error.failure not in (Failure.NO_NETWORK, Failure.NOT_ALLOWED):
                raise
        self._raise_leaks()
        self.oracle.look_at_laptop(machine)

    # broken files

    def _hand_in_broken(self, path: Path, rng: random.Random) -> None:
        """Nothing of a broken file is taken in."""
        self.faults["bundle broken"] += 1
        broken = _broken(path.read_bytes(), rng)
        self.province.fuse.clear()
        before = [self.province.rows(query) for query in AT_THE_SERVER]
        if self._answered(broken) or before != [self.province.rows(query) for query in AT_THE_SERVER]:
            raise Violation("I1", f"a broken copy of {path.name} was taken in")

    def _take_broken(self, machine: Machine, path: Path, rng: random.Random) -> None:
        self.faults["bundle broken"] += 1
        folder = self.folder / "broken"
        folder.mkdir(exist_ok=True)
        copy = folder / path.name
        copy.write_bytes(_broken(path.read_bytes(), rng))
        machine.fuse.clear()
        before = [machine.rows(query) for query in STANDING]
        self._at_stick(machine, lambda tally: take(self._session(machine), folder, tally))
        copy.unlink()
        if before != [machine.rows(query) for query in STANDING]:
            raise Violation("I1", f"{machine.name} took in a broken copy of {path.name}")

    # small things

    def _answered(self, content: bytes) -> bytes:
        """The server's answer to a bundle; b"" when it refused it or died over it."""
        try:
            carried = self.province.do(lambda house: take_bundle(house, content))
        except Refusal:
            return b""
        if carried is None:
            return b""
        for machine in self.machines:
            if machine.sync.meta("device_id") == carried.device.device_id:
                machine.fuse.clear()  # looking for its keys is no commit of the officer's
                self.observe(lambda machine=machine: self._look_into(machine, carried.answer))  # type: ignore[misc]
                break
        self._raise_leaks()
        return carried.answer

    def _look_into(self, machine: Machine, answer: bytes) -> None:
        """I4 holds for what is sealed, too."""
        try:
            frames = list(read_frames(io.BytesIO(answer), ours=machine.sync.courier.keys()))
        except BundleError:  # a laptop put back may have other keys again
            return
        for frame in frames:
            self.oracle.look_at_answer(machine, f"bundle {frame.op}", frame.body)

    def _bundles(self, *, answers: bool) -> list[Path]:
        found = sorted(path for path in self.stick.iterdir() if path.suffix == SUFFIX)
        return [path for path in found if path.name.startswith(ANSWER_PREFIX) == answers]

    def _make_room(self) -> None:
        for path in sorted(self.stick.iterdir(), key=lambda path: path.stat().st_mtime_ns)[:-MOST_FILES]:
            path.unlink()

    def _session(self, machine: Machine) -> Any:
        return machine.session(machine.officers[0])


def _broken(content: bytes, rng: random.Random) -> bytes:
    """Cut off somewhere, or one bit flipped."""
    place = rng.randrange(len(content))
    if rng.random() < 0.5:
        return content[:place]
    return content[:place] + bytes([content[place] ^ 1 << rng.randrange(8)]) + content[place + 1 :]
