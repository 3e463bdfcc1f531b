"""Drafts that nobody wants: left without a word typed in them, or thrown away and put back."""

from __future__ import annotations

from kube_field.domain.records import Draft, RecordKind
from kube_field.usecases.audit_trail import audit_line
from kube_field.usecases.drafts import BASE, REOPENED, discard_draft, the_draft
from kube_field.usecases.parents import reference_uid
from kube_field.usecases.ports import Commit
from kube_field.usecases.session import Session

TYPED_BEFORE = ("full_name", "nik")
"""What the officer typed before the form of a new person opened: such a draft holds typing from its beginning."""


def leave_untouched(session: Session, *, draft_uid: str) -> bool:
    """Remove a draft in which nothing was ever typed; True when it went. A draft exists from the first keystroke."""
    draft = session.store.drafts.get(draft_uid)
    if draft is None or not _is_untouched(session, draft):
        return False
    discard_draft(session, draft_uid=draft_uid)
    return True


def may_discard(draft: Draft) -> bool:
    """False for a document that was final and was reopened: nothing else holds what it says."""
    return not draft.answers.get(REOPENED)


def throw_away(session: Session, *, draft_uid: str) -> Draft:
    """Discard a draft; it is handed back so that it can be put back.

    Raises: KubeFieldError VALIDATION when there is no such draft.
    """
    draft = the_draft(session, draft_uid)
    discard_draft(session, draft_uid=draft_uid)
    return draft


def put_back(session: Session, *, draft: Draft) -> Draft:
    """Store a discarded draft as it was; one that is there already stays as it is."""
    stored = session.store.drafts.get(draft.uid)
    if stored is not None:
        return stored
    line = audit_line(session, "draft.restore", draft.kind, draft.record_uid)
    session.store.commit(Commit(drafts=(draft,), audit=(line,)))
    return draft


def _is_untouched(session: Session, draft: Draft) -> bool:
    begun_only = draft.updated_at == draft.created_at and len(session.store.drafts.versions(draft.uid)) == 1
    was_final = draft.revision > 1 or bool(draft.supersedes) or not may_discard(draft)
    return begun_only and not was_final and not _is_of_a_registration(session, draft)


def _is_of_a_registration(session: Session, draft: Draft) -> bool:
    """True for a new person whose name was typed in the search before, and for the family such a person waits for."""
    if BASE in draft.answers:
        return False
    if draft.kind == RecordKind.PERSON:
        return any(draft.answers.get(code) for code in TYPED_BEFORE)
    if draft.kind != RecordKind.HOUSEHOLD:
        return False
    others = session.store.drafts.listed()
    return any(reference_uid(other.answers.get("household_id")) == draft.record_uid for other in others)
