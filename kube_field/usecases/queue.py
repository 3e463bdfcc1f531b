"""What waits to be sent, what became of each run, and the pill at the top of the window."""

from __future__ import annotations

from collections.abc import Sequence

from kube_field.usecases import views
from kube_field.usecases.session import Session


def queue(session: Session) -> list[views.QueueRow]:
    """Changes that have no receipt yet, the refused ones with their reason, oldest first."""
    return session.store.queue.rows()


def ask_again(session: Session, *, change_ids: Sequence[str]) -> None:
    """Let refused changes, and refused photos of their records, be sent once more with the next run."""
    session.store.queue.ask_again(change_ids)


def handed_over(session: Session, *, run_id: int) -> list[views.HandedOver]:
    """What the server took in one run, with its receipts."""
    return session.store.queue.handed_over(run_id) if run_id else []


def runs(session: Session, *, limit: int = 50) -> list[views.SyncRun]:
    """The last runs of synchronisation, newest first."""
    return session.store.queue.runs(limit)


def pill(session: Session) -> views.PillState:
    """The numbers behind the sync pill."""
    return session.store.queue.pill(session.instant())
