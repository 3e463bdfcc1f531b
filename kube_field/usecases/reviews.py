"""A supervisor looks at what officers finalised: accepts, returns with notes, declares void (handbook 8.1, 8.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from gettext import gettext as _

from kube_field.domain.document_state import ChipState, chip_of
from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Context
from kube_field.domain.forms.evaluation import MIN_REASON_LENGTH, evaluate
from kube_field.domain.forms.review import ACCEPTED, RETURNED, VOID
from kube_field.domain.records import DOCUMENT_KINDS, GRADUATION_DECIDERS, Draft, Fact, RecordKind, Role
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases import views
from kube_field.usecases.audit_trail import audit_line
from kube_field.usecases.finalise import refuse_findings, the_document
from kube_field.usecases.histories import change_of_fact, small_fact
from kube_field.usecases.permissions import may_write, require_may_write
from kube_field.usecases.ports import Commit
from kube_field.usecases.secrecy import seen_by_officer
from kube_field.usecases.session import Session

AT_ONCE = 200
"""So many documents are listed; the oldest wait first."""
OPEN_TO = {
    ChipState.SENT: (ACCEPTED, RETURNED, VOID),
    ChipState.SENT_PHOTOS_PENDING: (ACCEPTED, RETURNED, VOID),
    ChipState.RETURNED: (ACCEPTED, VOID),
}
"""What may be said of a document in a state; an accepted one is only corrected."""


@dataclass(frozen=True, slots=True)
class Review:
    """What was said of one revision, by whom and when (UTC); `notes` by question code."""

    decision: str
    reason: str
    notes: Mapping[str, str]
    by: str
    at: str


def documents_to_review(session: Session, limit: int = AT_ONCE) -> list[views.DocumentRow]:
    """Documents of others that the server has and nobody reviewed, the one that waits longest first."""
    if not may_write(session.officer, RecordKind.REVIEW):
        return []
    wanted = views.DocumentFilter(drafts=False, unreviewed_by=session.officer.uid, limit=limit)
    rows = session.store.listings.documents(seen_by_officer(session, wanted))
    if session.officer.role == Role.PEKERJA_SOSIAL:
        rows = [row for row in rows if _may_review(session, the_document(session, row.uid))]
    return rows


def decisions_open(session: Session, *, uid: str) -> tuple[str, ...]:
    """What this officer may say about a revision now; nothing about his own ones or those that were replaced."""
    fact = the_document(session, uid)
    if not _may_review(session, fact):
        return ()
    newest = max(session.store.facts.revisions(fact.document_id), key=lambda one: one.revision)
    if newest.uid != uid:
        return ()
    return OPEN_TO.get(chip_of(session.store.listings.standing(uid)).state, ())


def _may_review(session: Session, fact: Fact) -> bool:
    """By role, never one's own; a social worker what a volunteer (PSM) of his area wrote, never a graduation."""
    if not may_write(session.officer, RecordKind.REVIEW) or fact.author_uid == session.officer.uid:
        return False
    if fact.kind == RecordKind.GRADUATION:
        return session.officer.role in GRADUATION_DECIDERS
    author = session.store.records.get(fact.author_uid)
    is_volunteer = author is not None and author.answers.get("role") == Role.PSM
    return session.officer.role != Role.PEKERJA_SOSIAL or is_volunteer


def review_document(
    session: Session, *, uid: str, decision: str, notes: Mapping[str, str] | None = None, reason: str = ""
) -> Fact:
    """Say accepted, returned or void of a document; queued like everything else, the server judges again.

    `notes` are by question code; empty ones are left out.
    Raises: KubeFieldError NOT_ALLOWED, VALIDATION (no reason, returned without a word), DISK_FULL.
    """
    require_may_write(session.officer, RecordKind.REVIEW)
    fact = the_document(session, uid)
    if fact.author_uid == session.officer.uid:
        raise KubeFieldError(
            Failure.NOT_ALLOWED,
            _("Dokumen sendiri harus diperiksa oleh orang lain."),
            _("Mintalah penyelia lain memeriksanya."),
        )
    if decision not in decisions_open(session, uid=uid):
        raise KubeFieldError(
            Failure.NOT_ALLOWED,
            _("Dokumen ini tidak lagi menunggu pemeriksaan."),
            _("Muat ulang daftarnya; mungkin sudah diputuskan atau ada revisi baru."),
        )
    if fact.kind == RecordKind.GRADUATION and decision == ACCEPTED and len(reason.strip()) < MIN_REASON_LENGTH:
        raise KubeFieldError(
            Failure.VALIDATION, _("Tulis alasan keputusan graduasi."), _("Alasan dicatat bersama keputusannya.")
        )
    return write_review(session, fact, decision, notes or {}, reason)


def write_review(session: Session, fact: Fact, decision: str, notes: Mapping[str, str], reason: str) -> Fact:
    """Store what was said of a document, whoever may say it. Raises: KubeFieldError VALIDATION, DISK_FULL."""
    answers = _said(session, decision, notes, reason)
    review = small_fact(session, RecordKind.REVIEW, fact, answers, session.today().isoformat())
    line = audit_line(session, f"document.{decision}", fact.kind, fact.uid, reason.strip())
    session.store.commit(Commit(facts=(review,), changes=(change_of_fact(session, review, ()),), audit=(line,)))
    return review


def _said(session: Session, decision: str, notes: Mapping[str, str], reason: str) -> dict[str, object]:
    rows = [
        {"id": session.wiring.new_id(), "question": code, "note": note.strip()}
        for code, note in notes.items()
        if note.strip()
    ]
    told = {"decision": decision, "reason": reason.strip(), "notes": rows if decision != ACCEPTED else []}
    answers: dict[str, object] = {code: value for code, value in told.items() if value}
    found = evaluate(form(RecordKind.REVIEW), answers, Context(today=session.today(), reference=session.reference))
    refuse_findings(found.errors)
    return answers


def review_of(session: Session, *, uid: str) -> Review | None:
    """What counts of the reviews of a revision that were not refused: an acceptance, else the newest; None for none."""
    said = session.store.facts.of_subject(uid, RecordKind.REVIEW)
    found = [fact for fact in said if not session.store.listings.standing(fact.uid).verdict]
    if not found:
        return None
    newest = max(found, key=lambda fact: (fact.answers.get("decision") == ACCEPTED, fact.finalised_at, fact.uid))
    rows = newest.answers.get("notes") or []
    return Review(
        decision=str(newest.answers.get("decision", "")),
        reason=str(newest.answers.get("reason", "")),
        notes={str(row.get("question", "")): str(row.get("note", "")) for row in rows},
        by=newest.author_name,
        at=newest.finalised_at,
    )


def notes_for(session: Session, draft: Draft) -> Mapping[str, str]:
    """The notes on the revision that a draft corrects, by question code; they stay visible while it is corrected."""
    if draft.kind not in DOCUMENT_KINDS or not draft.supersedes:
        return {}
    review = review_of(session, uid=draft.supersedes)
    return review.notes if review is not None and review.decision == RETURNED else {}
