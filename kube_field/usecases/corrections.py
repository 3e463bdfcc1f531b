"""A mistake in a finished document: its next revision, or a new document where its kind is never revised."""

from __future__ import annotations

from kube_field.domain.records import Draft, RecordKind
from kube_field.usecases.aid import correct_aid
from kube_field.usecases.finalise import correct_document, the_document
from kube_field.usecases.graduations import propose_again
from kube_field.usecases.session import Session


def begin_correction(session: Session, *, uid: str, reason: str) -> Draft:
    """Begin what mends a document; what was begun already is opened again.

    Raises: KubeFieldError VALIDATION, NOT_ALLOWED.
    """
    fact = the_document(session, uid)
    if fact.kind == RecordKind.AID:
        return correct_aid(session, fact=fact, reason=reason)
    if fact.kind == RecordKind.GRADUATION:
        return propose_again(session, fact=fact)
    return correct_document(session, uid=uid, reason=reason)
