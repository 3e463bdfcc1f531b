"""Lists of documents, and one document with its revisions."""

from __future__ import annotations

from kube_field.domain.document_state import Standing
from kube_field.domain.records import NEVER_REVISED, Fact
from kube_field.usecases import views
from kube_field.usecases.drafts import with_missing
from kube_field.usecases.finalise import the_document
from kube_field.usecases.secrecy import seen_by_officer
from kube_field.usecases.session import Session


def find_documents(session: Session, *, wanted: views.DocumentFilter) -> list[views.DocumentRow]:
    """Documents and drafts by kind, subject, words, month or area; newest first."""
    rows = session.store.listings.documents(seen_by_officer(session, wanted))
    if wanted.area:
        rows = [row for row in rows if not row.is_draft or lies_in(session, row.subject_uid, wanted.area)]
    return with_missing(session, rows)


def lies_in(session: Session, uid: str, area: str) -> bool:
    """True when a record belongs to a kabupaten or kecamatan."""
    record = session.store.records.get(uid)
    return record is not None and f"{record.scope}.".startswith(f"{area}.")


def document(session: Session, *, uid: str) -> Fact:
    """One revision of a document.

    Raises: KubeFieldError VALIDATION when it is not on this laptop.
    """
    return the_document(session, uid)


def revisions(session: Session, *, uid: str) -> list[Fact]:
    """Every revision of the document that this one belongs to, the first one first."""
    return sorted(session.store.facts.revisions(the_document(session, uid).document_id), key=lambda fact: fact.revision)


def standing(session: Session, *, uid: str) -> Standing:
    """Everything that decides the chip of a record."""
    return session.store.listings.standing(uid)


def may_reopen(session: Session, *, uid: str) -> bool:
    """True while no change of this document was handed to a transport: it opens in place, else by a correction.

    Minutes of a handover never open again.
    """
    queue = session.store.queue
    if the_document(session, uid).kind in NEVER_REVISED:
        return False
    return bool(queue.pending_sets(uid)) and not queue.was_handed_over(uid)
