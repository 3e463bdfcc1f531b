"""The journal of a SQLite database as a power cut may leave it: frames, and where each commit ended."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kube_field.sqlite.driver import Database
from tests.support.wholeness import content_of

PAGE_BYTES = 4096
HEADER_BYTES, FRAME_BYTES = 32, 24 + PAGE_BYTES


def journal_of(path: Path) -> Path:
    """The journal beside a database."""
    return path.with_name(f"{path.name}-wal")


def digest_of(db: Database) -> str:
    """Every row of every table in one number."""
    return hashlib.sha256(repr(content_of(db)).encode()).hexdigest()


@dataclass(frozen=True)
class Moment:
    """A commit: how long the journal was then, what the database held, and what `beside` told."""

    end: int
    digest: str
    beside: Any = None


@dataclass
class Recorder:
    """Notes every commit of one database; nothing goes from the journal into the file meanwhile."""

    db: Database
    beside: Callable[[], Any]
    moments: list[Moment] = field(default_factory=list)
    is_looking: bool = False

    def look(self) -> None:
        """Note where the journal ends if something was committed."""
        if self.is_looking or self.db.connection().in_transaction:
            return
        end = journal_of(Path(str(self.db.database))).stat().st_size
        if not self.moments or end != self.moments[-1].end:
            self.is_looking = True
            self.moments.append(Moment(end, digest_of(self.db), self.beside()))
            self.is_looking = False


@contextmanager
def recording(db: Database, beside: Callable[[], Any] = lambda: None) -> Iterator[list[Moment]]:
    """The commits of this database from now on; the first one is how it was before."""
    db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    db.execute_sql("PRAGMA wal_autocheckpoint = 0").fetchall()
    recorder = Recorder(db, beside)
    recorder.look()
    inner = Database.execute_sql

    def noted(self: Database, sql: str, params: Any = None) -> Any:
        answer = inner(self, sql, params)
        if self is db:
            recorder.look()
        return answer

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Database, "execute_sql", noted)
        yield recorder.moments


def state_at(moments: list[Moment], cut: int) -> int:
    """Number of the last commit that lies wholly before the cut."""
    return max(n for n, moment in enumerate(moments) if moment.end <= cut)


def frames(journal: bytes) -> range:
    """Where each frame of a journal ends, from none on."""
    return range(HEADER_BYTES, len(journal) + 1, FRAME_BYTES)
