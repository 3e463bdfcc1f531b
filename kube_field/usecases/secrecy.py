"""Who may see a referral to the protection of women and children: its author and the supervisors (handbook 5.12).

The server never sends it to anybody else; these are the checks on a laptop that several officers share.
"""

from __future__ import annotations

from dataclasses import replace
from gettext import gettext as _

from kube_field.domain.forms.referral import is_restricted
from kube_field.domain.records import Draft, Fact, RecordKind, Role
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases import views
from kube_field.usecases.session import Session

MAYBE_SECRET = frozenset({RecordKind.REFERRAL, RecordKind.REFERRAL_STATUS, RecordKind.REVIEW})
"""Kinds of which some are for few eyes."""
SUPERVISORS = frozenset({Role.PENYELIA_KAB, Role.ADMIN_PROV})


def sees_restricted(session: Session) -> bool:
    """True for officers who may see every restricted referral of their area."""
    return session.officer.role in SUPERVISORS


def seen_by_officer(session: Session, wanted: views.DocumentFilter) -> views.DocumentFilter:
    """The filter with the eyes of the officer at work."""
    return replace(wanted, viewer=session.officer.uid, sees_restricted=sees_restricted(session))


def may_see(session: Session, item: Fact | Draft) -> bool:
    """True when the officer at work may see this document, draft, or fact about a document."""
    if sees_restricted(session):
        return True
    if item.kind == RecordKind.REFERRAL:
        return not is_restricted(item.answers) or _is_own(session, item)
    if item.kind in (RecordKind.REFERRAL_STATUS, RecordKind.REVIEW):
        about = session.store.facts.get(item.subject_uid)
        return about is None or about.kind != RecordKind.REFERRAL or may_see(session, about)
    return True


def _is_own(session: Session, item: Fact | Draft) -> bool:
    """By the author, or by the shelf on which the server put it: an officer's uid may have been another one once."""
    shelf = item.scope.partition(":")[2] if isinstance(item, Fact) else ""
    return session.officer.uid in (item.author_uid, shelf)


def require_may_see(session: Session, item: Fact | Draft) -> None:
    """Refuse what the officer may not see. Raises: KubeFieldError NOT_ALLOWED."""
    if not may_see(session, item):
        raise KubeFieldError(
            Failure.NOT_ALLOWED,
            _("Dokumen ini hanya dapat dibuka oleh pembuatnya dan penyelia."),
            _("Hubungi penyelia bila Anda perlu mengetahuinya."),
        )
