"""What waits to be sent, what became of each run, and the pill at the top of the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from gettext import gettext as _

from kube_field.domain.forms.catalogue import form
from kube_field.domain.records import RecordKind
from kube_field.usecases import views
from kube_field.usecases.secrecy import MAYBE_SECRET, may_see
from kube_field.usecases.session import Session


def queue(session: Session) -> list[views.QueueRow]:
    """Changes that have no receipt yet, the refused ones with field and reason, oldest first."""
    rows = [replace(row, reason=_with_field(row)) for row in session.store.queue.rows()]
    return [replace(row, title=secret) if (secret := _secret_title(session, row)) else row for row in rows]


def _secret_title(session: Session, row: views.QueueRow | views.HandedOver) -> str:
    """What a colleague reads of a document that he may not see: that it waits, not whom it is about."""
    fact = session.store.facts.get(row.uid) if row.kind in MAYBE_SECRET else None
    return _("Dokumen terbatas") if fact is not None and not may_see(session, fact) else ""


def _with_field(row: views.QueueRow) -> str:
    """A refusal's reason behind the name of the question that it is about, unless it names it itself."""
    label = _label(row.kind, row.field)
    return row.reason if not label or label.casefold() in row.reason.casefold() else f"{label}: {row.reason}"


def _label(kind: RecordKind, code: str) -> str:
    """The words of a question; "" for what is no question of this kind."""
    try:
        return form(kind).question(code).label if code else ""
    except KeyError:
        return ""


def ask_again(session: Session, *, change_ids: Sequence[str]) -> None:
    """Let refused changes, and refused photos of their records, be sent once more with the next run."""
    session.store.queue.ask_again(change_ids)


def handed_over(session: Session, *, run_id: int) -> list[views.HandedOver]:
    """What the server took in one run, with its receipts; what left the laptop since has no name any more."""
    rows = session.store.queue.handed_over(run_id) if run_id else []
    named = [row if row.title else replace(row, title=_("(data sudah tidak ada di laptop)")) for row in rows]
    return [replace(row, title=secret) if (secret := _secret_title(session, row)) else row for row in named]


def runs(session: Session, *, limit: int = 50) -> list[views.SyncRun]:
    """The last runs of synchronisation, newest first."""
    return session.store.queue.runs(limit)


def pill(session: Session) -> views.PillState:
    """The numbers behind the sync pill."""
    return session.store.queue.pill(session.instant())
