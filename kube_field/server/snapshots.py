"""Scopes as files for the first download (sync design 3.6): made at night and at start, offered to empty laptops only.

A file is never changed and never given out without reading the grant anew. One that belongs to a state which the
server lost in a restore is not offered: its place in the feed carries another chain now.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

import msgspec

from kube_field.server.endpoint import House
from kube_field.server.storage.erasure_rows import ErasureRows
from kube_field.server.storage.reading import ScopeReading
from kube_field.sqlite.durable import replace_patiently, write_durably
from kube_field.wire.codec import UNREADABLE
from kube_field.wire.messages import SnapshotOffer
from kube_field.wire.server_words import is_shelf, user_scope
from kube_field.wire.snapshot import SUFFIX, write_snapshot

FOLDER = "unduhan"
KEPT = 2
"""Files kept per scope: a laptop may still be loading the one before."""
MIN_ROWS = 200
"""A smaller scope is as quick in pages."""
LONGEST_WRITING = 3600.0
"""Seconds after which a file that is still being written belongs to a writer that died."""
FAR_AHEAD = 0.2
"""A new file is due when this part of it changed since."""


class Made(msgspec.Struct, kw_only=True):
    """What is remembered beside a file."""

    scope: str
    seq: int
    chain: str
    sha256: str
    bytes: int
    rows: int

    @property
    def offer(self) -> SnapshotOffer:
        """How the file is offered."""
        return SnapshotOffer(seq=self.seq, sha256=self.sha256, bytes=self.bytes, rows=self.rows)


@dataclass(frozen=True, slots=True)
class AllScopes:
    """The reach of the server itself while it writes files; nobody is answered with it."""

    user_uid: str = ""

    def may_read(self, scope_id: str) -> bool:
        """Every scope but those of single persons, which stay small."""
        return not scope_id.startswith(user_scope("")) and not is_shelf(scope_id)

    def may_write_somehow(self, _scope_id: str) -> bool:
        """Nothing."""
        return False


def make_snapshots(house: House, *, only: str = "", least_rows: int = MIN_ROWS, nightly: bool = False) -> list[Made]:
    """Make the files that are missing or far behind; `nightly` all that are not the newest state."""
    _remove_erased(house)
    with house.database.read():
        sizes = ScopeReading(house.database, AllScopes()).sizes()
    wanted = [size for size in sizes if only in ("", size[0])]
    due = [scope for scope, head, rows in wanted if rows >= least_rows and _is_due(house, scope, head, nightly)]
    return [make_snapshot(house, scope) for scope in due]


def make_snapshot(house: House, scope: str) -> Made:
    """Write one file of what stands in a scope now, and remove those that are too many.

    One from which somebody was erased while it was written does not stay.
    """
    folder = house.data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = folder / f"{scope}.{house.new_id()}.part"
    try:
        made = _write(house, scope, beside)
        replace_patiently(beside, file_of(house, made))
    finally:
        beside.unlink(missing_ok=True)
    write_durably(_memory_of(folder, scope, made.seq), msgspec.json.encode(made))
    _remove_old(folder, scope)
    _remove_erased(house)
    return made


def known(house: House, scope: str) -> list[Made]:
    """The files of a scope, newest first."""
    found = [_remembered(path) for path in (house.data_dir / FOLDER).glob(f"{scope}-*.json")]
    of_scope = [made for made in found if made is not None and made.scope == scope]
    return sorted(of_scope, key=lambda made: made.seq, reverse=True)


def _remembered(path: Path) -> Made | None:
    """What is remembered here; without its memory a file counts for nothing."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Made)
    except (OSError, *UNREADABLE):
        return None


def valid(house: House, reading: ScopeReading, scope: str, seq: int | None = None) -> Made | None:
    """The newest file of a scope, or the one of this state, if the feed went on from it; inside a transaction."""
    erasures = ErasureRows(house.database)
    for made in known(house, scope):
        fits = seq in (None, made.seq) and reading.chain_at(scope, made.seq) == made.chain
        fits = fits and not erasures.erased_since(scope, made.seq)
        if fits and _is_whole(house, made):
            return made
    return None


def _is_whole(house: House, made: Made) -> bool:
    """True for a file that is there and as long as it was made; what is inside its laptops check."""
    try:
        return file_of(house, made).stat().st_size == made.bytes
    except OSError:
        return False


def file_of(house: House, made: Made) -> Path:
    """Where a file lies."""
    return house.data_dir / FOLDER / f"{made.scope}-{made.seq}{SUFFIX}"


def forget(house: House, scope: str) -> None:
    """Take all files of a scope away: something in them was erased."""
    folder = house.data_dir / FOLDER
    for path in (*folder.glob(f"{scope}-*.json"), *folder.glob(f"{scope}-*{SUFFIX}")):
        _unlink(path)


def discard(house: House, made: Made) -> None:
    """Take one file away that cannot be read; the next round makes another."""
    _unlink(_memory_of(house.data_dir / FOLDER, made.scope, made.seq))
    _unlink(file_of(house, made))


def _remove_erased(house: House) -> None:
    """Take away what holds somebody who was erased since: a server that died in an erasure or a writer left it."""
    folder = house.data_dir / FOLDER
    for scope in sorted({one.scope for path in folder.glob("*.json") if (one := _remembered(path)) is not None}):
        with house.database.read():
            rows = ErasureRows(house.database)
            is_stale = any(rows.erased_since(scope, made.seq) for made in known(house, scope))
        if is_stale:
            forget(house, scope)
    for part in folder.glob("*.part"):
        with contextlib.suppress(OSError):  # its writer has just finished
            if time.time() - part.stat().st_mtime > LONGEST_WRITING:
                _unlink(part)


def _is_due(house: House, scope: str, head: int, nightly: bool) -> bool:
    with house.database.read():
        newest = valid(house, ScopeReading(house.database, AllScopes()), scope)
    if newest is None:
        return True
    return head != newest.seq if nightly else head - newest.seq > max(MIN_ROWS, int(newest.rows * FAR_AHEAD))


def _write(house: House, scope: str, path: Path) -> Made:
    """Write one state of a scope durably, out of one transaction that sees it whole."""
    with path.open("xb") as file, house.database.read():
        path.chmod(0o600)
        reading = ScopeReading(house.database, AllScopes())
        seq, chain, total = reading.top(scope)
        rows = write_snapshot(file, reading.standing(scope), scope=scope, seq=seq, chain=chain, total=total)
        file.flush()
        os.fsync(file.fileno())
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Made(scope=scope, seq=seq, chain=chain, sha256=digest, bytes=path.stat().st_size, rows=rows)


def _memory_of(folder: Path, scope: str, seq: int) -> Path:
    return folder / f"{scope}-{seq}.json"


def _remove_old(folder: Path, scope: str) -> None:
    """Keep the files made last; a memory goes before its file."""
    memories = sorted(folder.glob(f"{scope}-*.json"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for memory in memories[KEPT:]:
        _unlink(memory)
    standing = {memory.name.removesuffix(".json") for memory in memories[:KEPT]}
    for path in folder.glob(f"{scope}-*{SUFFIX}"):
        if path.name.removesuffix(SUFFIX) not in standing:
            _unlink(path)


def _unlink(path: Path) -> None:
    """Take a file away; one that is just being given out goes with the next round (Windows holds it)."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
