"""Aid and its handover minutes: begun from the assessment's proposal, and corrected by a new document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.aid_rules import SIGNED_ANEW
from kube_field.domain.forms.evaluation import MIN_REASON_LENGTH
from kube_field.domain.forms.review import RETURNED, VOID
from kube_field.domain.records import Draft, Fact, RecordKind
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases.audit_trail import audit_line
from kube_field.usecases.drafts import begin_draft, new_draft
from kube_field.usecases.people import the_record
from kube_field.usecases.permissions import require_may_write
from kube_field.usecases.ports import Commit
from kube_field.usecases.received_aid import standing_minutes
from kube_field.usecases.session import Session

CORRECTION = "perubahan"


def begin_aid(session: Session, *, unit_uid: str) -> Draft:
    """Open the handover minutes of a unit with what is planned for it; unfinished ones are opened again.

    Raises: KubeFieldError VALIDATION when the unit is not on this laptop, NOT_ALLOWED by role.
    """
    unit = the_record(session, unit_uid, RecordKind.BUSINESS_UNIT)
    return begin_draft(session, kind=RecordKind.AID, subject_uid=unit.uid)


def correct_aid(session: Session, *, fact: Fact, reason: str) -> Draft:
    """Begin a Berita Acara Perubahan: a new document that holds the minutes as they shall stand, signed anew.

    A second call gives the draft of the first.
    Raises: KubeFieldError NOT_ALLOWED for minutes that do not stand or wait for a change already; VALIDATION.
    """
    require_may_write(session.officer, RecordKind.AID)
    if len(reason.strip()) < MIN_REASON_LENGTH:
        raise KubeFieldError(
            Failure.VALIDATION, _("Tulis alasan singkat."), _("Alasan dicetak pada berita acara perubahan.")
        )
    changed = _changed_by(session, fact) or fact
    for draft in session.store.drafts.of_subject(fact.subject_uid, RecordKind.AID):
        if draft.supersedes == changed.uid:
            return draft
    _require_standing(session, changed)
    shall = _as_it_shall_stand(session, fact, changed, reason)
    begun = new_draft(session, kind=RecordKind.AID, subject_uid=fact.subject_uid, prefill=shall)
    draft = replace(begun, supersedes=changed.uid)
    line = audit_line(session, "document.correct", fact.kind, fact.uid, reason.strip())
    session.store.commit(Commit(drafts=(draft,), audit=(line,)))
    return draft


def _changed_by(session: Session, fact: Fact) -> Fact | None:
    """What a returned change wanted to change: it is begun anew from there; None for anything else."""
    was_returned = session.store.listings.standing(fact.uid).review == RETURNED
    return session.store.facts.get(fact.supersedes) if fact.supersedes and was_returned else None


def _as_it_shall_stand(session: Session, fact: Fact, changed: Fact, reason: str) -> dict[str, Any]:
    kept: Mapping[str, Any] = {code: value for code, value in fact.answers.items() if code not in SIGNED_ANEW}
    return {
        **kept,
        "bast_type": CORRECTION,
        "changes_of": {"uid": changed.uid, "name": changed.number},
        "changed_on": session.today().isoformat(),
        "change_reason": reason.strip(),
        "copies": fact.answers.get("copies"),
    }


def _require_standing(session: Session, fact: Fact) -> None:
    """Refuse a change of minutes that are void or replaced, or for which one waits. Raises: KubeFieldError."""
    waiting = [
        other
        for other in session.store.facts.of_subject(fact.subject_uid, RecordKind.AID)
        if other.supersedes == fact.uid and session.store.listings.standing(other.uid).review not in (VOID, RETURNED)
    ]
    if waiting:
        raise KubeFieldError(
            Failure.NOT_ALLOWED,
            _("Berita acara ini sudah diubah dengan {number}.").format(number=waiting[0].number),
            _("Buka berita acara perubahan itu; perubahan berikutnya dibuat dari sana setelah disetujui."),
        )
    if fact.uid not in {one.fact.uid for one in standing_minutes(session, fact.subject_uid)}:
        raise KubeFieldError(
            Failure.NOT_ALLOWED,
            _("Berita acara ini tidak berlaku, jadi tidak dapat diubah."),
            _("Buat berita acara serah terima yang baru, atau tunggu pemeriksaan penyelia."),
        )
