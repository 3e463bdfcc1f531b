"""Waiting after wrong passwords, counted in seconds that the program ran: neither restart nor clock shortens it.

It slows down children and pranks; whoever holds the disk goes around it, and there the cost of a guess is the wall.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from gettext import gettext as _
from pathlib import Path

from kube_field.errors import Failure, KubeFieldError
from kube_field.sqlite.durable import write_durably

FREE_TRIES = 3
DELAYS = (5, 30, 120, 600, 1800)
"""Seconds to wait after the third wrong try, the fourth, …; the last one stays."""


class BackOff:
    """How long the next try has to wait. `seconds` is a monotonic clock; `path` keeps the state over restarts."""

    def __init__(self, path: Path, seconds: Callable[[], float]) -> None:
        self._path = path
        self._seconds = seconds
        self._failures, self._owed = self._read()
        self._since = seconds()

    @property
    def failures(self) -> int:
        """Wrong tries since the last good one."""
        return self._failures

    def remaining(self) -> int:
        """Whole seconds that the next try still has to wait."""
        left = self._owed - (self._seconds() - self._since)
        return max(0, int(-(-left // 1)))

    def require_turn(self) -> None:
        """Refuse a try that comes too early. Raises: KubeFieldError with WRONG_PASSWORD, code WAIT."""
        left = self.remaining()
        if left == 0:
            return
        self.keep_progress()
        raise KubeFieldError(
            Failure.WRONG_PASSWORD,
            _("Terlalu banyak kata sandi salah. Tunggu {seconds} detik lagi.").format(seconds=left),
            _("Waktu tunggu berjalan selama program terbuka. Data Anda aman."),
            code="WAIT",
        )

    def keep_progress(self) -> None:
        """Store how much of the waiting is done; the login page calls it every few seconds."""
        self._store(self._failures, self.remaining())

    def note_failure(self) -> None:
        """A wrong password was typed."""
        failures = self._failures + 1
        late = failures - FREE_TRIES
        self._store(failures, DELAYS[min(late, len(DELAYS) - 1)] if late >= 0 else 0)

    def note_success(self) -> None:
        """The right password was typed; all is forgotten."""
        if self._failures:
            self._store(0, 0)

    def _store(self, failures: int, owed: int) -> None:
        self._failures, self._owed, self._since = failures, owed, self._seconds()
        write_durably(self._path, json.dumps({"failures": failures, "owed": owed}).encode())

    def _read(self) -> tuple[int, int]:
        """A file that cannot be read counts as free tries used up."""
        if not self._path.is_file():
            return 0, 0
        try:
            content = json.loads(self._path.read_bytes())
            return max(0, int(content["failures"])), min(max(0, int(content["owed"])), DELAYS[-1])
        except (OSError, ValueError, KeyError, TypeError):
            return FREE_TRIES, DELAYS[0]
