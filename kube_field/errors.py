"""What can go wrong, told so that the officer can act on it. Exit codes: security design, section 4."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum


class Failure(IntEnum):
    """One cause of failure; the value is the published exit code of the command line."""

    USAGE = 2
    VALIDATION = 3
    ALREADY_RUNNING = 4
    WRONG_PASSWORD = 5
    INTEGRITY = 6
    DISK_FULL = 7
    NEWER_DATA = 8
    MIGRATION_ROLLED_BACK = 9
    INSECURE_CONNECTION = 10
    NO_NETWORK = 11
    REVOKED = 12
    FILE_REFUSED = 13
    NOT_ALLOWED = 14
    BUG = 70
    """Our own mistake that was answered in order: the server's, or of a program that the server does not understand."""


BUG_EXIT_CODE = int(Failure.BUG)


class KubeFieldError(Exception):
    """A failure that the officer can act on.

    `sentence` says what happened, `action` what to do next and whether the data are safe; both Indonesian.
    `details` holds one JSON-ready mapping per finding (field, code, message) where the cause is a validation.
    `retry_after`: for so many seconds the other side wants to be left alone.
    """

    def __init__(
        self,
        failure: Failure,
        sentence: str,
        action: str = "",
        *,
        code: str = "",
        details: Sequence[dict[str, str]] = (),
        retry_after: int = 0,
    ) -> None:
        super().__init__(f"{sentence} {action}".strip())
        self.failure = failure
        self.sentence = sentence
        self.action = action
        self.code = code or failure.name
        self.details = tuple(details)
        self.retry_after = retry_after


class BugError(Exception):
    """Our own mistake: a state that the code promises can never be."""
