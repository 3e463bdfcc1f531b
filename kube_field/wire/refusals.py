"""Numbered refusals: why the server answered with something else than a decided result, and the HTTP status of each."""

from __future__ import annotations

from enum import IntEnum


class RefusalCode(IntEnum):
    """The published number of a refusal; it never changes its meaning."""

    BODY_UNREADABLE = 1001
    BODY_TOO_LARGE = 1002
    DIGEST_MISMATCH = 1003
    BATCH_TOO_LARGE = 1004
    NO_SUCH_ADDRESS = 1005
    BUNDLE_REFUSED = 1006
    TABLE_REFUSED = 1007
    """Of a table alone: the same rows, each for itself, may be understood."""
    LOGIN_AGAIN = 2001
    DEVICE_REVOKED = 2002
    CODE_REFUSED = 2003
    TOO_MANY_TRIES = 2004
    NOT_ALLOWED = 2005
    SAY_HELLO = 3001
    SCOPE_NOT_GRANTED = 3002
    BLOB_UNKNOWN = 3003
    UPGRADE_NEEDED = 3004
    """Of a download alone: what a program sends is taken from every version ever shipped."""
    NOT_SET_ASIDE = 3005
    SERVER_FAULT = 9001
    BUSY = 9002


STATUS_OF = {
    RefusalCode.BODY_UNREADABLE: 400,
    RefusalCode.BODY_TOO_LARGE: 413,
    RefusalCode.DIGEST_MISMATCH: 400,
    RefusalCode.BATCH_TOO_LARGE: 413,
    RefusalCode.NO_SUCH_ADDRESS: 404,
    RefusalCode.BUNDLE_REFUSED: 422,
    RefusalCode.TABLE_REFUSED: 422,
    RefusalCode.LOGIN_AGAIN: 401,
    RefusalCode.DEVICE_REVOKED: 403,
    RefusalCode.CODE_REFUSED: 403,
    RefusalCode.TOO_MANY_TRIES: 429,
    RefusalCode.NOT_ALLOWED: 403,
    RefusalCode.SAY_HELLO: 409,
    RefusalCode.SCOPE_NOT_GRANTED: 403,
    RefusalCode.BLOB_UNKNOWN: 404,
    RefusalCode.UPGRADE_NEEDED: 426,
    RefusalCode.NOT_SET_ASIDE: 404,
    RefusalCode.SERVER_FAULT: 500,
    RefusalCode.BUSY: 503,
}


class Refusal(Exception):  # noqa: N818  (the word of the protocol)
    """The server will not do what was asked. `message` is Indonesian and holds no personal data."""

    def __init__(self, code: RefusalCode, message: str, *, retry_after: int = 0) -> None:
        super().__init__(f"{code.name}: {message}")
        self.code = code
        self.message = message
        self.retry_after = retry_after

    @property
    def status(self) -> int:
        """HTTP status of the answer."""
        return STATUS_OF[self.code]
