"""What goes wrong with whole machines: put back, cloned, a wrong clock, files lost beside the database; and rights."""

from __future__ import annotations

import random
import shutil
from datetime import timedelta
from pathlib import Path

from kube_field.server.grants_file import GRANTS_FILE
from kube_field.server.lineage import WITNESS_FILE
from kube_field.server.snapshots import make_snapshots
from tests.sim.disks import put_image
from tests.sim.ground import VILLAGES
from tests.sim.machine import Machine
from tests.sim.programs import Programs

MOST_MACHINES = 7
TEN_YEARS = timedelta(days=3653)


class Disasters(Programs):
    """Backups, restores, clones, rights and clocks."""

    def back_up_server(self, _rng: random.Random) -> None:
        self.backups.append((self.province.backup(), _files(self.folder / "foto")))
        self.tell("the server is backed up")

    def restore_server(self, rng: random.Random) -> None:
        """An old database, in some histories without what lies beside it or with its old photos."""
        if not self.backups:
            return
        backup, photos = rng.choice(self.backups)
        if rng.random() < 0.3:
            _keep_only(self.folder / "foto", photos)
            self.faults["server photos put back"] += 1
        for file, name in ((WITNESS_FILE, "witness file lost"), (GRANTS_FILE, "grants file lost")):
            if rng.random() < 0.25:
                (self.folder / file).unlink(missing_ok=True)
                self.faults[name] += 1
                self.oracle.grants_file_is_whole &= file != GRANTS_FILE
                self.tell(f"{file} IS LOST")
        self.province.put_back(backup)
        self.faults["server put back"] += 1
        self.tell("THE SERVER IS PUT BACK")
        self.oracle.server_put_back()

    def back_up_laptop(self, rng: random.Random) -> None:
        machine = rng.choice(self.machines)
        held = {name for name, known in self.oracle.confirmed.items() if machine.name in known.holders}
        self.laptop_backups[machine.name] = (machine.image(), held, _files(_shelf(machine)))
        self.tell(f"{machine.name} is backed up")

    def restore_laptop(self, rng: random.Random) -> None:
        if not self.laptop_backups:
            return
        name = rng.choice(sorted(self.laptop_backups))
        machine = next(item for item in self.machines if item.name == name)
        image, held, photos = self.laptop_backups[name]
        machine.put_back(image)
        self.open_anew(machine)
        if rng.random() < 0.5:
            _keep_only(_shelf(machine), photos)
        self.oracle.laptop_put_back(machine, held)
        self.faults["laptop put back"] += 1
        self.tell(f"{name} IS PUT BACK from its backup")

    def clone(self, rng: random.Random) -> None:
        if len(self.machines) < MOST_MACHINES:
            self.clone_of(rng.choice(self.machines), f"L{len(self.machines) + 1}")

    def clone_of(self, original: Machine, name: str) -> None:
        """A second laptop from a copy of the first one's disk."""
        twin = self._machine(name)
        twin.officers = list(original.officers)
        put_image(twin.path, original.image())
        shutil.copytree(_shelf(original), _shelf(twin), dirs_exist_ok=True)
        twin.start()
        if original.name in self.oracle.older:
            self.oracle.older.add(name)
        self.machines.append(twin)
        self.oracle.laptop_cloned(original, twin)
        self.faults["clone"] += 1
        self.tell(f"{original.name} IS CLONED as {twin.name}")

    def enrol_anew(self, rng: random.Random) -> None:
        """The office gives a laptop a new code though its login is known."""
        self.give_new_login(rng.choice(self.machines))

    def give_new_login(self, machine: Machine) -> None:
        """A run that went on is over."""
        machine.fuse.clear()
        self.province.fuse.clear()
        machine.start_over_as(self.province.enrol_again([officer.uid for officer in machine.officers]))
        self.faults["enrolled anew"] += 1
        self.tell(f"{machine.name} IS ENROLLED ANEW")

    def make_first_downloads(self, _rng: random.Random) -> None:
        """At night the server writes its areas as files for empty laptops; a restore leaves the old ones."""
        made = self.province.do(lambda house: make_snapshots(house, least_rows=1, nightly=True))
        self.faults["first downloads made"] += bool(made)
        self.tell("files of first downloads are made")

    def jump_clock(self, rng: random.Random) -> None:
        """A dead CMOS battery, or somebody who set the wrong year; it may be set right again."""
        machine = rng.choice(self.machines)
        skew = rng.choice((-TEN_YEARS, TEN_YEARS, timedelta()))
        self.skews[machine.name] = skew
        self.faults["clock jump"] += 1
        self.tell(f"the clock of {machine.name} is off by {skew.days} days")

    def flip_grant(self, rng: random.Random) -> None:
        machine = rng.choice(self.machines)
        areas = self.oracle.areas_of(machine)
        area = rng.choice(sorted(VILLAGES))
        new = areas - {area} if area in areas and len(areas) > 1 else areas | {area}
        self.faults["grant"] += 1
        self.grant(machine.officers[0].uid, new)

    def grant(self, user_uid: str, areas: set[str]) -> None:
        """The province gives an officer these areas and no others."""
        self.oracle.lost_areas.setdefault(user_uid, set()).update(self.oracle.areas_of_user(user_uid) - areas)
        self.oracle.granted[user_uid] = set(areas)
        self.province.fuse.clear()
        self.province.grant(user_uid, tuple(sorted(areas)), self.instant())
        self.tell(f"{user_uid} may now work in {', '.join(sorted(areas))}")


def _shelf(machine: Machine) -> Path:
    return machine.photos._folder


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} if folder.exists() else set()


def _keep_only(folder: Path, names: set[str]) -> None:
    """Files are named by their content, so a backup of them is a list of names."""
    for name in _files(folder) - names:
        (folder / name).unlink()
