"""How an action of the officer is named in the audit trail (security design 2.5): ids only, never personal data."""

from __future__ import annotations

from kube_field.domain.records import RecordKind
from kube_field.usecases.ports import AuditLine
from kube_field.usecases.session import Session


def audit_line(session: Session, action: str, kind: RecordKind | str, uid: str, reason: str = "") -> AuditLine:
    """One line for the trail, by this officer, now."""
    return AuditLine(
        actor=session.officer.uid,
        action=action,
        object_type=str(kind),
        object_id=uid,
        at=session.instant(),
        reason=reason,
    )
