"""Is what lies on this laptop whole, and has unsent work its second copy? Asked behind the officer's back."""

from __future__ import annotations

from datetime import datetime, timedelta

from kube_field.errors import BugError
from kube_field.storage.condition import reads_well
from kube_field.storage.store import LocalStore
from kube_field.usecases.session import Session

CHECKED_AT = "checked_at"
CHECK_DAYS = 7


def check_is_due(session: Session) -> bool:
    """True a week after the last check; also when a clock that was set back makes it lie ahead."""
    last = session.store.setting(CHECKED_AT)
    if not last:
        return True
    since = session.wiring.now() - datetime.fromisoformat(last)
    return not timedelta(0) <= since < timedelta(days=CHECK_DAYS)


def check_database(session: Session) -> bool:
    """Read the whole database once, and remember when; False when it is damaged. Not on the window's thread."""
    if not reads_well(_store(session)):
        return False
    session.store.put_setting(CHECKED_AT, session.instant())
    return True


def copy_is_behind(session: Session) -> bool:
    """True while some unsent work lies in the database alone, since its second copy cannot be written."""
    return _store(session).journal.is_behind


def put_back_from_copy(session: Session) -> int:
    """How many unsent changes only the second copy still had when the laptop was opened."""
    return _store(session).journal.put_back


def _store(session: Session) -> LocalStore:
    if not isinstance(session.store, LocalStore):
        raise BugError("only the real store lies on a disk")
    return session.store
