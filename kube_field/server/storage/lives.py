"""The lives of a database: each restore begins a new one, so that laptops can tell a server that went back."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import peewee

from kube_field.server.storage.database import ServerDatabase
from kube_field.server.storage.tables import Lineage


@dataclass(frozen=True, slots=True)
class Life:
    """One life. `identity` is the cluster and timeline it was lived in, "" for a file."""

    epoch: str
    number: int
    parent: str
    started_at: str
    reason: str
    identity: str


HEARD = "behind-laptop"
"""Why a life began of which only a laptop knew: when the database was put back is known to nobody."""
LIFE = ", ".join(Life.__slots__)
IDENTITY = "SELECT system_identifier, pg_walfile_name(pg_current_wal_insert_lsn()) FROM pg_control_system()"
"""The name of the segment that is written to begins with the timeline. The last checkpoint names it too, but may be of
before a replica was promoted."""
TIMELINE_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a database is: all heads together, and the newest instant at which a laptop was seen."""

    heads: int
    seen: str


class Lives:
    """Repository of the lives of a database."""

    def __init__(self, database: ServerDatabase) -> None:
        self._database = database
        self._db = database.db

    def current(self) -> Life | None:
        """The newest life."""
        query = f"SELECT {LIFE} FROM lineage ORDER BY number DESC, started_at DESC LIMIT 1"
        return next((Life(*row) for row in self._database.rows(query)), None)

    def knows(self, epoch: str) -> bool:
        """True when this database lived that life or comes from it."""
        return bool(self._database.rows("SELECT 1 FROM lineage WHERE epoch = ?", epoch))

    def start(self, life: Life) -> None:
        """Begin a life."""
        Lineage.insert(**{name: getattr(life, name) for name in Life.__slots__}).execute(self._db)

    def move(self, epoch: str, identity: str) -> None:
        """Remember in which cluster a life is lived."""
        Lineage.update(identity=identity).where(Lineage.epoch == epoch).execute(self._db)

    def progress(self) -> Progress:
        """How far the database is."""
        query = "SELECT (SELECT sum(head) FROM scope_head), (SELECT max(last_seen_at) FROM device)"
        ((heads, seen),) = self._database.rows(query)
        return Progress(int(heads or 0), str(seen or ""))

    def identity(self) -> str:
        """System identifier and timeline of the PostgreSQL cluster, "" where nobody tells."""
        if not self._database.is_postgres:
            return ""
        with contextlib.suppress(peewee.PeeweeException), self._db.atomic():
            system, segment = self._database.run(IDENTITY).fetchone()
            return f"{system}/{int(segment[:TIMELINE_DIGITS], 16)}"
        return ""
