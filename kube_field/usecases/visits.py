"""Follow-up visits of a business unit: begun with what is known, and listed by what is due (handbook 5.11, 5.14)."""

from __future__ import annotations

from gettext import gettext as _

from kube_field.domain.records import Draft, RecordKind
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases import views
from kube_field.usecases.drafts import begin_draft
from kube_field.usecases.due import due_items
from kube_field.usecases.session import Session
from kube_field.usecases.snapshots import visit_snapshot

__all__ = ["begin_visit", "due_list", "visit_snapshot"]


def begin_visit(session: Session, *, unit_uid: str, kind: str = "terjadwal") -> Draft:
    """Open a visit of a unit with number, period, members and next date filled in; an unfinished one is opened again.

    Raises: KubeFieldError VALIDATION when the unit is not on this laptop, NOT_ALLOWED by role.
    """
    unit = session.store.records.get(unit_uid)
    if unit is None or unit.kind != RecordKind.BUSINESS_UNIT:
        raise KubeFieldError(
            Failure.VALIDATION, _("Unit usaha ini tidak ada di laptop."), _("Catat unit usahanya dahulu.")
        )
    return begin_draft(session, kind=RecordKind.VISIT, subject_uid=unit_uid, prefill={"kind": kind})


def due_list(session: Session) -> list[views.WorkItem]:
    """Units whose visit is overdue, due, or due within seven days; the longest overdue first."""
    return due_items(session.store.listings.units(), session.today())
