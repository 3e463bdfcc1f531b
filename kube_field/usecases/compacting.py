"""Room on the disk while nobody works."""

from __future__ import annotations

from kube_field.errors import BugError
from kube_field.storage.compacting import Compacting
from kube_field.storage.store import LocalStore
from kube_field.usecases.session import Session


def compacting(session: Session) -> Compacting:
    """An attempt to give the room of deleted records back; whoever runs it stops it when somebody works again."""
    if not isinstance(session.store, LocalStore):
        raise BugError("only the real store can be compacted")
    return Compacting(session.store)
