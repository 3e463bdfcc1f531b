"""Notices that the database was put back to an older state, and begins a new life of it then (sync design 3.9).

Three witnesses: the identity of the PostgreSQL cluster, the name of the last life, and a small file beside the
database that remembers how far it was. Where none of them tells, a laptop does that knows more. Nobody has to run a
procedure; laptops learn of it at their next hello.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from kube_field.server.endpoint import House, instant
from kube_field.server.storage.accounts import Accounts
from kube_field.server.storage.lives import HEARD, Life, Lives, Progress
from kube_field.sqlite.durable import write_durably

log = logging.getLogger(__name__)

WITNESS_FILE = "saksi.json"
INIT, RESTORED, BEHIND, OLDER_LIFE, OTHER_CLUSTER = "init", "restore", "behind-witness", "older-life", "other-cluster"
JITTER_HOURS = 1
LAPTOPS_PER_SECOND = 10
"""So many laptops may come back in a second after a restore; the others are asked to wait for their turn."""
LONGEST_JITTER = 1800


@dataclass(frozen=True, slots=True)
class Witness:
    """What the file beside the database remembers."""

    epoch: str
    progress: Progress


def take_up_life(house: House, reason: str = "") -> Life:
    """The present life of the database, a new one when it was put back; inside a write transaction.

    `reason` begins a new life whatever the witnesses say.
    """
    lives = Lives(house.database)
    life, identity = lives.current(), lives.identity()
    why = reason if reason and life else why_new(life, lives, read_witness(house.data_dir), identity)
    if life is not None and not why:
        if identity and not life.identity:
            lives.move(life.epoch, identity)
        return life
    return _begun(house, life, why, identity)


def hear_of_restore(house: House, named: str) -> None:
    """Begin a new life by the word of a laptop that knows more than this database; inside a write transaction.

    No witness told: it was lost, or put back along. `named` is the life that the laptop knows. Where it is not this
    one, and the database knows that it went back, there is no news in it.
    """
    lives = Lives(house.database)
    house.database.lock_uids([HEARD])  # of two laptops that come at once the first one tells
    life = lives.current()
    if life is not None and (named == life.epoch or life.number == 1):
        _begun(house, life, HEARD, life.identity)
        log.warning("a laptop knows more than this database: it was put back")


def _begun(house: House, before: Life | None, why: str, identity: str) -> Life:
    number, parent = (before.number + 1, before.epoch) if before else (1, "")
    started = Life(house.new_id(), number, parent, instant(house.now()), why, identity)
    Lives(house.database).start(started)
    return started


def why_new(life: Life | None, lives: Lives, witness: Witness | None, identity: str) -> str:
    """Why a new life begins, "" when the old one goes on."""
    if life is None:
        return OLDER_LIFE if witness else INIT
    if identity and life.identity and identity != life.identity:
        return OTHER_CLUSTER
    if witness is None:
        return ""
    if not lives.knows(witness.epoch):
        return OLDER_LIFE
    now = lives.progress()
    return BEHIND if now.heads < witness.progress.heads or now.seen < witness.progress.seen else ""


def read_witness(folder: Path) -> Witness | None:
    """What the file remembers; None when there is none that can be read."""
    try:
        told = json.loads((folder / WITNESS_FILE).read_text(encoding="utf-8"))
        return Witness(str(told["epoch"]), Progress(int(told["heads"]), str(told["seen"])))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_witness(house: House) -> None:
    """Remember how far the database is; nothing is written when the file says so already."""
    with house.database.read():
        lives = Lives(house.database)
        life, progress = lives.current(), lives.progress()
    if life is None:
        return
    witness = Witness(life.epoch, progress)
    if read_witness(house.data_dir) != witness:
        told = {"epoch": life.epoch, "heads": progress.heads, "seen": progress.seen}
        write_durably(house.data_dir / WITNESS_FILE, json.dumps(told).encode() + b"\n")


def retry_jitter(house: House) -> int:
    """Over how many seconds laptops spread their return while a restore is fresh; inside a transaction."""
    life = Lives(house.database).current()
    fresh = instant(house.now() - timedelta(hours=JITTER_HOURS))
    if life is None or life.reason == INIT or life.started_at < fresh:
        return 0
    return min(LONGEST_JITTER, Accounts(house.database).count_devices() // LAPTOPS_PER_SECOND)
