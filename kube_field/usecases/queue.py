"""What waits to be sent, what became of each run, and the pill at the top of the window."""

from __future__ import annotations

from kube_field.usecases import views
from kube_field.usecases.session import Session


def queue(session: Session) -> list[views.QueueRow]:
    """Changes that have no receipt yet, the refused ones with their reason, oldest first."""
    return session.store.queue.rows()


def runs(session: Session, *, limit: int = 50) -> list[views.SyncRun]:
    """The last runs of synchronisation, newest first."""
    return session.store.queue.runs(limit)


def pill(session: Session) -> views.PillState:
    """The numbers behind the sync pill."""
    return session.store.queue.pill(session.instant())
