"""What finalising freezes: the answers that apply, the snapshot for paper, the photos, the number, the hash."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from kube_field.domain.forms.codes import VERSION
from kube_field.domain.forms.declaration import Form, Kind, Question, Severity
from kube_field.domain.forms.evaluation import Evaluation, finalised_answers
from kube_field.domain.forms.graduation import proposal_in
from kube_field.domain.records import Attachment, Draft, Fact, RecordKind
from kube_field.usecases.aid_snapshot import aid_snapshot
from kube_field.usecases.assessment_snapshot import identity_snapshot
from kube_field.usecases.drafts import occurred_on
from kube_field.usecases.graduation_criteria import criteria_snapshot
from kube_field.usecases.histories import hashed
from kube_field.usecases.known import context_of
from kube_field.usecases.parents import scope_of
from kube_field.usecases.referral_snapshot import referral_snapshot
from kube_field.usecases.scoring import frozen_score, score_of_answers
from kube_field.usecases.session import Session
from kube_field.usecases.snapshots import advice_snapshot, assessment_snapshot, visit_snapshot
from kube_field.usecases.visit_background import judgement_snapshot

CORRECTION_REASON = "_alasan_koreksi"
"""Key in a draft's answers for the reason of a correction: no question has it, so it is never frozen as an answer."""


def frozen_fact(session: Session, draft: Draft, evaluation: Evaluation, confirmed: Mapping[str, str]) -> Fact:
    """The draft as a finished revision, hashed; without a number, which only a commit gives."""
    kept = finalised_answers(evaluation.form, evaluation.answers, context_of(session, draft))
    keys = {finding.key for finding in evaluation.of_severity(Severity.PERINGATAN)}
    fact = Fact(
        uid=draft.record_uid,
        kind=draft.kind,
        form_version=draft.form_version,
        scope=scope_of(session, draft.kind, {} if draft.subject_uid else kept, draft.subject_uid),
        subject_uid=draft.subject_uid,
        occurred_on=occurred_on(kept) or session.today().isoformat(),
        answers=kept,
        author_uid=session.officer.uid,
        author_name=session.officer.name,
        finalised_at=session.instant(),
        document_id=draft.document_id,
        revision=draft.revision,
        supersedes=draft.supersedes,
        snapshot=snapshot_of(session, draft, kept),
        confirmed={key: reason.strip() for key, reason in confirmed.items() if key in keys},
        attachments=attachments_of(evaluation, kept),
    )
    return hashed(fact)


def numbered(fact: Fact, number: str) -> Fact:
    """The fact with its document number; the hash covers it."""
    return hashed(replace(fact, number=number))


def snapshot_of(session: Session, draft: Draft, kept: Mapping[str, Any]) -> dict[str, Any]:
    """What the paper of this kind shows besides the answers; of a visit that met somebody its score with every line."""
    freeze = FROZEN.get(draft.kind)
    snapshot = freeze(session, draft, kept) if freeze is not None else {}
    reason = draft.answers.get(CORRECTION_REASON)
    return {**snapshot, "correction_reason": str(reason)} if reason else snapshot


def _visit(session: Session, draft: Draft, kept: Mapping[str, Any]) -> dict[str, Any]:
    snapshot = visit_snapshot(session, answers=kept, document_id=draft.document_id)
    if (found := score_of_answers(session, draft, kept)) is not None:
        snapshot["score"] = frozen_score(found)
    if draft.form_version != VERSION:
        snapshot |= judgement_snapshot(kept, context_of(session, draft))
    return snapshot


def _assessment(session: Session, draft: Draft, kept: Mapping[str, Any]) -> dict[str, Any]:
    subject = session.store.records.get(draft.subject_uid)
    snapshot = assessment_snapshot(session, answers=kept) | identity_snapshot(session, subject, kept)
    if draft.form_version != VERSION:
        snapshot |= advice_snapshot(kept, context_of(session, draft))
    return snapshot


def _graduation(session: Session, draft: Draft, _kept: Mapping[str, Any]) -> dict[str, Any]:
    proposal = proposal_in(context_of(session, draft))
    return criteria_snapshot(proposal) if proposal is not None else {}


FROZEN: Mapping[RecordKind, Callable[[Session, Draft, Mapping[str, Any]], dict[str, Any]]] = {
    RecordKind.VISIT: _visit,
    RecordKind.ASSESSMENT: _assessment,
    RecordKind.AID: lambda session, draft, kept: aid_snapshot(session, answers=kept, supersedes=draft.supersedes),
    RecordKind.GRADUATION: _graduation,
    RecordKind.REFERRAL: lambda session, _draft, kept: referral_snapshot(session, answers=kept),
}
"""What each kind freezes beside its answers."""


def attachments_of(evaluation: Evaluation, kept: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """Every photo that the answers name, tables and thumbprints included, each content once."""
    return photos_of_answers(evaluation.form, kept)


def photos_of_answers(declared: Form, kept: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """Every photo in answers of this form, each content once, under the first question that shows it."""
    found: dict[str, Attachment] = {}
    for question in declared.questions():
        for photo in photos_in(question, kept.get(question.code)):
            sha256 = str(photo["sha256"])
            found.setdefault(
                sha256, Attachment(sha256, int(photo.get("size") or 0), str(photo.get("mime") or ""), question.code)
            )
    return tuple(found.values())


def photos_in(question: Question, value: Any) -> Iterator[Mapping[str, Any]]:
    """Photo items inside one answer."""
    if question.kind == Kind.PHOTO and isinstance(value, list):
        yield from (item for item in value if isinstance(item, Mapping) and item.get("sha256") and "struck" not in item)
    elif question.kind == Kind.SIGNATURE and isinstance(value, Mapping):
        thumbprint = value.get("thumbprint")
        if isinstance(thumbprint, Mapping) and thumbprint.get("sha256"):
            yield thumbprint
    elif question.kind == Kind.ROWS and isinstance(value, list):
        for row in value:
            for column in question.columns:
                if isinstance(row, Mapping):
                    yield from photos_in(column, row.get(column.code))
