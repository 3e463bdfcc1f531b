"""The journal: a second copy of unsent work in an encrypted file beside the database, so that both must be lost.

It says three things: which changes wait (`add`), which wait no more (`drop`), and what else a laptop needs to go on as
the same one (`tell`: settings, tokens, document numbers). It knows nothing of the database; `journal_keeping` does.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kube_field.sqlite.durable import sync_folder, write_durably
from kube_field.storage.journal_lines import START, Body, read_lines, seal_lines

ADD, DROP, TELL = "add", "drop", "tell"
CHANGE_ID, EVER_KEPT, BASE_VERSION = "change_id", "ever_kept", "base_version"
LEAST_WASTE = 64_000
"""Bytes of lines that say nothing any more; from here on, and when they are the greater part, the file is rewritten."""
TRIES, PAUSE_SECONDS = 3, 0.02
"""How long a save waits for a file that another program holds; what was not written then is made up for later."""
UNREADABLE = ".tak-terbaca"
_BINARY = getattr(os, "O_BINARY", 0)

ChangeRow = Mapping[str, Any]
"""The columns of a change that waits, as `journal_keeping` reads them from the outbox."""


@dataclass(slots=True)
class Kept:
    """What a journal holds: changes by id in the order of their arrival, what was told, how many lines are damaged."""

    changes: dict[str, ChangeRow] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    damaged: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """The line of one change: its length, and what it says of the two things that may change later."""

    length: int
    ever_kept: bool
    base_version: int


class Journal:
    """One laptop's journal, for all its officers. `key` is the vault's journal key.

    Whoever compares it with the database holds `lock`. `is_behind` while something could not be written; `held` has the
    changes in it by id, `told` what it was told.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self.lock = threading.RLock()
        self.is_behind = False
        self.is_read = False
        self.held: dict[str, Held] = {}
        self.told: dict[str, str] = {}
        self._cipher = AESGCM(key)
        self._seq, self._link = 0, START
        self._size = 0
        self._needs_newline = False
        self._wants_rewrite = False

    def read(self, *, put_aside: bool = True) -> Kept:
        """Read the file and go on behind its last line. A damaged or torn line is passed over.

        A file of which nothing can be read is put aside under another name, unless told otherwise. Raises: OSError.
        """
        raw = self.path.read_bytes() if self.path.exists() else b""
        lines = read_lines(raw, self._cipher)
        if put_aside and raw and not lines.bodies:
            os.replace(self.path, self.path.with_name(self.path.name + UNREADABLE))
            raw, lines.is_torn = b"", False
        kept = Kept(damaged=lines.damaged)
        self.held = {}
        for body, length in lines.bodies:
            self._follow(body, length, kept)
        self.told = dict(kept.told)
        self._seq, self._link = lines.seq, lines.link
        self._size, self._needs_newline = len(raw), lines.is_torn
        self._wants_rewrite = lines.damaged > 0
        self.is_read = True
        return kept

    def write(
        self, add: Sequence[ChangeRow] = (), drop: Collection[str] = (), tell: Mapping[str, str | None] | None = None
    ) -> bool:
        """Append durably; False when it could not be written, and then it counts as behind."""
        rest: Body = {**({DROP: sorted(drop)} if drop else {}), **({TELL: dict(tell)} if tell else {})}
        bodies: list[Body] = [{ADD: dict(row)} for row in add]
        if rest:
            bodies = [*bodies[:-1], {**(bodies[-1] if bodies else {}), **rest}]
        if not bodies:
            return True
        sealed, self._seq, self._link = seal_lines(bodies, self._cipher, self._seq, self._link)
        if not self._append(b"".join(sealed)):
            self._wants_rewrite = True  # any part of it may lie there: its numbers are spent, and it has to go
            return False
        kept = Kept(told=self.told)
        for body, line in zip(bodies, sealed, strict=True):
            self._follow(body, len(line), kept)
        return True

    def rewrite(self, changes: Iterable[ChangeRow], told: Mapping[str, str]) -> bool:
        """Replace the file by one that says only this; False when it could not be, then it stays as it was."""
        bodies: list[Body] = [{TELL: dict(told)}, *({ADD: dict(row)} for row in changes)]
        sealed, seq, link = seal_lines(bodies, self._cipher, self._seq, self._link)
        content = b"".join(sealed)
        try:
            write_durably(self.path, content)
        except OSError:
            self._wants_rewrite = True
            return False
        self._seq, self._link, self._size = seq, link, len(content)
        self._needs_newline = self._wants_rewrite = False
        self.held, self.told = {}, {}
        kept = Kept(told=self.told)
        for body, line in zip(bodies, sealed, strict=True):
            self._follow(body, len(line), kept)
        return True

    @property
    def is_wasteful(self) -> bool:
        """True when the file is damaged, most of it says nothing any more, or rewriting it failed before."""
        live = sum(line.length for line in self.held.values())
        return self._wants_rewrite or self._size - live > max(LEAST_WASTE, live)

    def _follow(self, body: Body, length: int, kept: Kept) -> None:
        """What one line changes in what is held and told."""
        row = body.get(ADD)
        if isinstance(row, dict) and isinstance(row.get(CHANGE_ID), str):
            self.held[row[CHANGE_ID]] = Held(length, bool(row.get(EVER_KEPT)), int(row.get(BASE_VERSION, 0)))
            kept.changes[row[CHANGE_ID]] = row
        for name in body.get(DROP, ()):
            self.held.pop(name, None)
            kept.changes.pop(name, None)
        for name, value in dict(body.get(TELL, {})).items():
            if value is None:
                kept.told.pop(name, None)
            else:
                kept.told[name] = str(value)

    def _append(self, content: bytes) -> bool:
        for left in range(TRIES, 0, -1):
            try:
                append_durably(self.path, b"\n" + content if self._needs_newline else content)
            except OSError:
                self._needs_newline = True  # a part of it may lie there
                if left > 1:
                    time.sleep(PAUSE_SECONDS)
            else:
                self._needs_newline = False
                self._size += len(content)
                return True
        self.is_behind = True
        return False


def append_durably(path: Path, content: bytes) -> None:
    """Write behind a file's end and fsync; the file is readable by its owner only. Raises: OSError."""
    is_new = not path.exists()
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | _BINARY, 0o600), "ab") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    if is_new:
        sync_folder(path.parent)
