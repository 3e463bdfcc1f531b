"""Needs assessments of a person or a group."""

from __future__ import annotations

from gettext import gettext as _

from kube_field.domain.records import Draft, RecordKind
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases.drafts import begin_draft
from kube_field.usecases.session import Session


def begin_assessment(session: Session, *, subject_uid: str) -> Draft:
    """Open the assessment of a person or group; an unfinished one is opened again.

    Raises: KubeFieldError VALIDATION when the subject is not on this laptop, NOT_ALLOWED by role.
    """
    subject = session.store.records.get(subject_uid)
    if subject is None or subject.kind not in (RecordKind.PERSON, RecordKind.KUBE_GROUP):
        raise KubeFieldError(
            Failure.VALIDATION,
            _("Warga atau kelompok ini tidak ada di laptop."),
            _("Daftarkan dahulu, lalu mulai asesmennya."),
        )
    return begin_draft(session, kind=RecordKind.ASSESSMENT, subject_uid=subject_uid)
