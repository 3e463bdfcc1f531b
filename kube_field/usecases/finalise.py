"""From draft to stored: commit an edit, finalise a document, reopen what nobody has seen, correct what was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from gettext import gettext as _

from kube_field.domain.forms.declaration import Finding, Severity, Stage
from kube_field.domain.forms.evaluation import MIN_REASON_LENGTH, Evaluation
from kube_field.domain.records import DOCUMENT_KINDS, EDITABLE_KINDS, NEVER_REVISED, Draft, Fact, Record
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases.audit_trail import audit_line
from kube_field.usecases.drafts import REOPENED, evaluate_draft, the_draft, title_of
from kube_field.usecases.editing import commit_edit, warnings_to_confirm
from kube_field.usecases.freezing import CORRECTION_REASON, frozen_fact, numbered
from kube_field.usecases.histories import change_of_fact
from kube_field.usecases.numbering import next_document_number, paper_of
from kube_field.usecases.parents import unsent_references
from kube_field.usecases.permissions import require_may_write
from kube_field.usecases.ports import Commit
from kube_field.usecases.sealing import sealed
from kube_field.usecases.secrecy import require_may_see
from kube_field.usecases.session import Session


def commit_draft(session: Session, *, draft_uid: str, confirmed: Mapping[str, str] | None = None) -> Record | Fact:
    """Store an edit, or finalise a document: everything in one transaction, queued for sending, the draft gone.

    `confirmed` maps the key of a warning to the officer's reason.
    Raises: KubeFieldError VALIDATION with one detail per error or unconfirmed warning; NOT_ALLOWED; DISK_FULL.
    """
    return store_draft(session, draft=the_draft(session, draft_uid), confirmed=confirmed)


def store_draft(
    session: Session, *, draft: Draft, confirmed: Mapping[str, str] | None = None, confirm_all: str = ""
) -> Record | Fact:
    """As `commit_draft`, for a draft at hand; `confirm_all` is the reason for every warning without one of its own."""
    require_may_write(session.officer, draft.kind)
    reasons = dict(confirmed or {})
    evaluation = evaluate_draft(session, draft=draft)
    refuse_findings(evaluation.errors)
    if confirm_all:
        reasons = {finding.key: confirm_all for finding in evaluation.of_severity(Severity.PERINGATAN)} | reasons
    if draft.kind in EDITABLE_KINDS:
        refuse_findings(warnings_to_confirm(session, draft, evaluation, reasons))
        keys = {finding.key for finding in evaluation.findings}
        return commit_edit(session, draft, {key: text for key, text in reasons.items() if key in keys})
    refuse_findings(evaluation.unconfirmed(reasons))
    return _commit_document(session, draft, evaluation, reasons)


def _commit_document(session: Session, draft: Draft, evaluation: Evaluation, reasons: Mapping[str, str]) -> Fact:
    fact = frozen_fact(session, draft, evaluation, reasons)
    counter = None
    if draft.kind in DOCUMENT_KINDS:
        counter, number = next_document_number(session, paper_of(draft.kind, fact.answers), fact.scope)
        fact = sealed(session, numbered(fact, number))
    deps = unsent_references(session, fact.answers, fact.subject_uid)
    reason = str(draft.answers.get(CORRECTION_REASON) or "")
    action = "document.finalise" if counter is not None else "record.create"
    session.store.commit(
        Commit(
            facts=(fact,),
            changes=(change_of_fact(session, fact, deps, reason),),
            audit=(audit_line(session, action, fact.kind, fact.uid),),
            removed_drafts=(draft.uid,),
            number=counter,
        )
    )
    return fact


def preview_fact(session: Session, *, draft_uid: str) -> Fact:
    """What finalising would freeze now, without a number: for the paper marked DRAF."""
    draft = the_draft(session, draft_uid)
    return frozen_fact(session, draft, evaluate_draft(session, draft=draft, stage=Stage.FINAL), {})


def reopen_document(session: Session, *, uid: str, reason: str) -> Draft:
    """Turn a final document back into the draft it was, possible only while no change of it was handed to a transport.

    Its number is spent; finalising again takes a new one.
    Raises: KubeFieldError NOT_ALLOWED after that, VALIDATION without a reason.
    """
    fact = the_document(session, uid)
    require_may_write(session.officer, fact.kind)
    _require_reason(reason)
    _require_revisable(fact)
    if session.store.queue.was_handed_over(uid) or not session.store.queue.pending_sets(uid):
        raise KubeFieldError(
            Failure.NOT_ALLOWED,
            _("Dokumen ini sudah dikirim, jadi tidak dapat dibuka kembali."),
            _("Pilih “Ajukan koreksi”: dokumen baru menggantikannya dan yang lama tetap tersimpan."),
        )
    draft = _draft_of(session, fact, fact.uid, fact.revision, fact.supersedes)
    draft = replace(draft, answers={**draft.answers, REOPENED: True})
    line = audit_line(session, "document.reopen", fact.kind, fact.uid, reason.strip())
    session.store.commit(Commit(drafts=(draft,), withdrawn_facts=(fact.uid,), audit=(line,)))
    return draft


def correct_document(session: Session, *, uid: str, reason: str) -> Draft:
    """Begin the next revision of a document; the stored one stays as it is and keeps its number.

    A second call gives the draft of the first. Raises: KubeFieldError VALIDATION, NOT_ALLOWED for an old revision.
    """
    fact = the_document(session, uid)
    require_may_write(session.officer, fact.kind)
    _require_reason(reason)
    _require_revisable(fact)
    for draft in session.store.drafts.of_subject(fact.subject_uid, fact.kind):
        if draft.document_id == fact.document_id:
            return draft
    newest = max(session.store.facts.revisions(fact.document_id), key=lambda one: one.revision)
    if newest.uid != fact.uid:
        raise KubeFieldError(
            Failure.NOT_ALLOWED,
            _("Dokumen ini sudah digantikan oleh revisi {n}.").format(n=newest.revision),
            _("Buka revisi terbaru, lalu ajukan koreksi dari sana."),
        )
    draft = _draft_of(session, fact, session.wiring.new_id(), fact.revision + 1, fact.uid, reason.strip())
    line = audit_line(session, "document.correct", fact.kind, fact.uid, reason.strip())
    session.store.commit(Commit(drafts=(draft,), audit=(line,)))
    return draft


def the_document(session: Session, uid: str) -> Fact:
    """The document with this uid.

    Raises: KubeFieldError VALIDATION; NOT_ALLOWED for one that this officer may not see.
    """
    fact = session.store.facts.get(uid)
    if fact is None or fact.kind not in DOCUMENT_KINDS:
        raise KubeFieldError(
            Failure.VALIDATION,
            _("Dokumen ini tidak ada di laptop."),
            _("Sinkronkan dahulu, atau buka dari daftar dokumen."),
        )
    require_may_see(session, fact)
    return fact


def refuse_findings(findings: Sequence[Finding]) -> None:
    """Refuse to store while findings stand.

    Raises: KubeFieldError VALIDATION, one detail each: field (with row and column), code, message, key.
    """
    if not findings:
        return
    raise KubeFieldError(
        Failure.VALIDATION,
        _("Masih ada {n} hal yang perlu diperiksa: {first}").format(n=len(findings), first=findings[0].message),
        _("Isian Anda tetap tersimpan sebagai draf."),
        details=[
            {"field": field_of(finding), "code": finding.code, "message": finding.message, "key": finding.key}
            for finding in findings
        ],
    )


def field_of(finding: Finding) -> str:
    """`income_main_idr`, or `debts.0.balance_idr` inside a table."""
    return finding.question if finding.row is None else f"{finding.question}.{finding.row}.{finding.column}"


def _draft_of(session: Session, fact: Fact, record_uid: str, revision: int, supersedes: str, reason: str = "") -> Draft:
    now = session.instant()
    kept = dict(fact.answers)
    if carried := reason or fact.snapshot.get("correction_reason"):
        kept[CORRECTION_REASON] = carried
    return Draft(
        uid=session.wiring.new_id(),
        kind=fact.kind,
        form_version=fact.form_version,
        record_uid=record_uid,
        subject_uid=fact.subject_uid,
        answers=kept,
        author_uid=session.officer.uid,
        created_at=now,
        updated_at=now,
        document_id=fact.document_id,
        revision=revision,
        supersedes=supersedes,
        title=title_of(fact.kind, fact.form_version, kept),
    )


def _require_revisable(fact: Fact) -> None:
    if fact.kind in NEVER_REVISED:
        raise KubeFieldError(
            Failure.NOT_ALLOWED,
            _("Dokumen ini tidak diubah lagi setelah difinalkan."),
            _("Kesalahannya diperbaiki dengan dokumen baru yang merujuk kepadanya."),
        )


def _require_reason(reason: str) -> None:
    if len(reason.strip()) < MIN_REASON_LENGTH:
        raise KubeFieldError(
            Failure.VALIDATION,
            _("Tulis alasan singkat."),
            _("Alasan dicatat bersama dokumen."),
            details=[{"field": "reason", "code": "REASON_REQUIRED", "message": _("Tulis alasan singkat.")}],
        )
