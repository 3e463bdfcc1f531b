"""Unfinished forms: begun, saved at every pause whatever is wrong with them, judged, discarded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from gettext import gettext as _
from typing import Any

from kube_field.domain.document_state import Standing, chip_of
from kube_field.domain.forms.catalogue import form, newest_version
from kube_field.domain.forms.declaration import Form, Stage
from kube_field.domain.forms.evaluation import Evaluation, evaluate
from kube_field.domain.records import DOCUMENT_KINDS, EDITABLE_KINDS, Answers, Draft, RecordKind
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases import views
from kube_field.usecases.audit_trail import audit_line
from kube_field.usecases.histories import history_rows
from kube_field.usecases.known import context_of, refreshed_answers
from kube_field.usecases.parents import display_name, reference_name, village_of
from kube_field.usecases.permissions import require_may_write
from kube_field.usecases.ports import Commit
from kube_field.usecases.prefill import prefilled
from kube_field.usecases.previous import earlier_documents, previous_of
from kube_field.usecases.secrecy import may_see, require_may_see
from kube_field.usecases.session import Session
from kube_field.usecases.visit_background import last_stage

ONE_DRAFT_PER_SUBJECT = frozenset({RecordKind.VISIT, RecordKind.ASSESSMENT, RecordKind.AID, RecordKind.GRADUATION})
"""Kinds of which one subject has at most one unfinished first revision."""
OWN = "_"
"""Keys in a draft's answers that begin so are the draft's own: no question has them, so nothing of them is stored."""
BASE = "_dasar"
"""The record as it stood when its edit was begun: {"version", "answers"}; the commit sends what differs from it."""
REOPENED = "_dibuka_kembali"
"""Set in the draft of a reopened document, which was final before: such a draft is not thrown away."""
OCCURRED_CODES = (
    "visited_on",
    "assessed_on",
    "changed_on",
    "handover_on",
    "proposed_on",
    "sent_on",
    "session_date",
    "checked_on",
    "given_on",
    "valid_from",
    "starts_on",
)
"""Questions that say on which day something happened."""


def begin_draft(
    session: Session,
    *,
    kind: RecordKind,
    record_uid: str = "",
    subject_uid: str = "",
    prefill: Mapping[str, Any] | None = None,
) -> Draft:
    """Open a form: the draft that exists for this record or subject, else a new one that already knows what is known.

    `record_uid` names the editable record to edit, or the uid a new one shall get; `prefill` wins over what is known.
    Raises: KubeFieldError NOT_ALLOWED.
    """
    require_may_write(session.officer, kind)
    existing = _existing(session, kind, record_uid, subject_uid)
    if existing is not None:
        return existing
    draft = new_draft(session, kind=kind, record_uid=record_uid, subject_uid=subject_uid, prefill=prefill)
    session.store.save_draft(draft)
    return draft


def new_draft(
    session: Session,
    *,
    kind: RecordKind,
    record_uid: str = "",
    subject_uid: str = "",
    prefill: Mapping[str, Any] | None = None,
) -> Draft:
    """A draft that knows what is known and is not stored yet."""
    stored = session.store.records.get(record_uid) if record_uid and kind in EDITABLE_KINDS else None
    version = newest_version(kind)
    if stored is not None:
        begun_from = {BASE: {"version": stored.version, "answers": dict(stored.answers)}}
        answers = {**stored.answers, **history_rows(session, kind, record_uid), **(prefill or {}), **begun_from}
    else:
        answers = prefilled(session, form(kind, version), subject_uid, prefill or {})
    now = session.instant()
    return Draft(
        uid=session.wiring.new_id(),
        kind=kind,
        form_version=version,
        record_uid=record_uid or session.wiring.new_id(),
        subject_uid=subject_uid,
        answers=answers,
        author_uid=session.officer.uid,
        created_at=now,
        updated_at=now,
        document_id=session.wiring.new_id() if kind in DOCUMENT_KINDS else "",
        title=title_of(kind, version, answers),
    )


def _existing(session: Session, kind: RecordKind, record_uid: str, subject_uid: str) -> Draft | None:
    if record_uid:
        return session.store.drafts.of_record(record_uid)
    if kind in ONE_DRAFT_PER_SUBJECT and subject_uid:
        first = [draft for draft in session.store.drafts.of_subject(subject_uid, kind) if not draft.supersedes]
        return first[0] if first else None
    return None


def save_draft(session: Session, *, draft: Draft, answers: Answers) -> Draft:
    """Store what was typed, right or wrong; the draft comes back with the instant of the durable save.

    Raises: KubeFieldError NOT_ALLOWED when the form was finalised or discarded in the meantime, DISK_FULL.
    """
    stored = session.store.drafts.get(draft.uid)
    if stored is None:
        raise KubeFieldError(
            Failure.NOT_ALLOWED,
            _("Formulir ini sudah difinalkan atau dibuang."),
            _("Tutup formulir ini, lalu buka kembali dari daftarnya."),
        )
    saved = replace(
        draft,
        answers={**{code: value for code, value in stored.answers.items() if code.startswith(OWN)}, **answers},
        updated_at=session.instant(),
        title=title_of(draft.kind, draft.form_version, answers),
    )
    session.store.save_draft(saved)
    return saved


def discard_draft(session: Session, *, draft_uid: str) -> None:
    """Remove a draft; what was final or stored before it stays as it is.

    Raises: KubeFieldError VALIDATION when there is no such draft.
    """
    draft = the_draft(session, draft_uid)
    line = audit_line(session, "draft.discard", draft.kind, draft.record_uid)
    session.store.commit(Commit(removed_drafts=(draft.uid,), audit=(line,)))


def evaluate_draft(session: Session, *, draft: Draft, stage: Stage = Stage.FINAL) -> Evaluation:
    """Judge a draft by the form version that it was begun with and by what this laptop knows."""
    return evaluate(form_of(draft), refreshed_answers(session, draft), context_of(session, draft, stage))


def previous_answers(session: Session, *, draft: Draft) -> Answers:
    """Answers of the document before this one (last visit, last assessment), {} for the first.

    What is not asked at every visit, the stage of a KUBE, is that of the last visit that asked it.
    """
    fact = previous_of(session, draft)
    if fact is None or draft.kind != RecordKind.VISIT:
        return fact.answers if fact is not None else {}
    return {**last_stage(earlier_documents(session, draft))["answers"], **fact.answers}


def drafts(session: Session) -> list[views.DocumentRow]:
    """Every unfinished form on this laptop, the one touched last first."""
    seen = (draft for draft in session.store.drafts.listed() if may_see(session, draft))
    found = sorted(seen, key=lambda draft: draft.updated_at, reverse=True)
    return [draft_row(session, draft) for draft in found]


def with_missing(session: Session, rows: Iterable[views.DocumentRow]) -> list[views.DocumentRow]:
    """Rows of a list whose drafts say how many answers they still need."""
    told = []
    for row in rows:
        draft = session.store.drafts.get(row.uid) if row.is_draft else None
        if draft is not None:
            standing = standing_of_draft(session, draft)
            row = replace(row, standing=standing, chip=chip_of(standing))
        told.append(row)
    return told


def standing_of_draft(session: Session, draft: Draft) -> Standing:
    """A draft's standing: how many needed answers are missing, in an attendance grid how many people without status."""
    if draft.kind == RecordKind.ATTENDANCE and isinstance(draft.answers.get("rows"), list):
        missing = sum(1 for row in draft.answers["rows"] if not row.get("status"))
    else:
        missing = len(evaluate_draft(session, draft=draft).missing)
    return Standing(is_draft=True, missing=missing)


def draft_row(session: Session, draft: Draft) -> views.DocumentRow:
    """One draft as a line of a list."""
    standing = standing_of_draft(session, draft)
    village = village_of(session, draft.answers)
    found = session.reference.regions.village(village) if village else None
    visit_no = draft.answers.get("visit_no")
    return views.DocumentRow(
        uid=draft.uid,
        kind=draft.kind,
        title=draft.title,
        subject_uid=draft.subject_uid,
        subject=subject_name(draft.answers) or draft.title,
        village=found.name if found is not None else "",
        occurred_on=occurred_on(draft.answers),
        number="",
        author=session.officer.name if draft.author_uid == session.officer.uid else "",
        standing=standing,
        chip=chip_of(standing),
        is_draft=True,
        visit_no=visit_no if isinstance(visit_no, int) else 0,
        business_status=str(draft.answers.get("business_status") or ""),
    )


def the_draft(session: Session, draft_uid: str) -> Draft:
    """The draft with this uid.

    Raises: KubeFieldError VALIDATION; NOT_ALLOWED for one that this officer may not see.
    """
    draft = session.store.drafts.get(draft_uid)
    if draft is None:
        raise KubeFieldError(
            Failure.VALIDATION,
            _("Draf ini tidak ada lagi di laptop."),
            _("Draf itu sudah difinalkan atau dibuang; lihat daftarnya."),
        )
    require_may_see(session, draft)
    return draft


def form_of(draft: Draft) -> Form:
    """The form that a draft was begun with."""
    return form(draft.kind, draft.form_version)


def subject_name(answers: Answers) -> str:
    """Name of whom or what a document is about, as its reference carries it."""
    codes = ("unit_id", "subject_id", "event_id", "person_id", "group_id")
    return next((name for code in codes if (name := reference_name(answers.get(code)))), "")


def title_of(kind: RecordKind, version: str, answers: Answers) -> str:
    """How a draft is called in lists: the form's title and the name, as far as known."""
    name = display_name(answers) or subject_name(answers)
    title = _(form(kind, version).title)
    return f"{title}: {name}" if name else title


def occurred_on(answers: Answers) -> str:
    """The day that answers speak of, "" while none was given."""
    return next((str(answers[code]) for code in OCCURRED_CODES if isinstance(answers.get(code), str)), "")
