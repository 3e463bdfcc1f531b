"""Commands about records: put, list, show, export, drafts, single values."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from gettext import gettext as _
from typing import Any, TextIO

from kube_field.domain.checks import as_answer, check
from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Form, Kind
from kube_field.domain.identifiers import mask_nik
from kube_field.domain.records import Answers, Draft, Fact, Record, RecordKind
from kube_field.errors import Failure, KubeFieldError
from kube_field.jsonlines import json_lines
from kube_field.reference import load_reference
from kube_field.usecases.audit_trail import audit_line
from kube_field.usecases.drafts import drafts
from kube_field.usecases.permissions import require_may_export
from kube_field.usecases.secrecy import require_may_see
from kube_field.usecases.session import WITA, Session
from kube_field.usecases.typed_records import draft_from_answers, keep_as_draft, put_record, stored_records

Say = Callable[[dict[str, Any]], None]


def check_values(lines: TextIO, say: Say) -> int:
    """Judge one value a line; exit code 3 when a line could not be understood."""
    regions = load_reference().regions
    worst = 0
    for request, trouble in json_lines(lines):
        try:
            say(_checked(request, trouble, regions))
        except KubeFieldError as failure:
            say({"ok": False, "errors": [_detail("line", failure.code, failure.sentence)]})
            worst = int(Failure.VALIDATION)
    return worst


def _checked(request: Any, trouble: str, regions: Any) -> dict[str, Any]:
    if trouble:
        raise KubeFieldError(Failure.VALIDATION, trouble, code="JSON")
    if not isinstance(request, Mapping) or not isinstance(request.get("field"), str):
        raise KubeFieldError(Failure.VALIDATION, _("Baris perlu berisi field dan value."), code="LINE")
    context = request.get("context") or {}
    if not isinstance(context, Mapping):
        raise KubeFieldError(Failure.VALIDATION, _("context harus berupa objek."), code="LINE")
    return as_answer(check(request["field"], request.get("value"), context, _today(request), regions))


def _today(request: Mapping[str, Any]) -> date:
    given = request.get("today")
    if not given:
        return datetime.now(WITA).date()
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        raise KubeFieldError(Failure.VALIDATION, _("today harus berbentuk TTTT-BB-HH."), code="TODAY") from None


def put(session: Session, options: argparse.Namespace, lines: TextIO, say: Say) -> int:
    """Store one record a line; a line that is refused leaves the others alone. Exit code 3 when any was refused."""
    kind = RecordKind(options.type)
    worst = 0
    for request, trouble in json_lines(lines):
        try:
            if trouble:
                raise KubeFieldError(Failure.VALIDATION, trouble, code="JSON")
            say(_put_one(session, kind, request, as_draft=options.draft, confirm_all=options.confirm))
        except KubeFieldError as failure:
            if failure.failure == Failure.DISK_FULL:
                raise
            details = list(failure.details) or [_detail("", failure.code, failure.sentence)]
            say({"ok": False, "errors": details})
            worst = max(worst, int(failure.failure))
    return worst


def _put_one(session: Session, kind: RecordKind, request: Any, *, as_draft: bool, confirm_all: str) -> dict[str, Any]:
    draft = _draft_of(session, kind, request)
    known = {question.code for question in form(kind, draft.form_version).questions()}
    unknown = sorted(code for code in draft.answers if code not in known)
    answer = _stored(session, draft, confirm_all) if not as_draft else _kept(session, draft)
    # A mistyped name must not vanish in silence.
    return {"ok": True, **answer, "unknown": unknown} if unknown else {"ok": True, **answer}


def _kept(session: Session, draft: Draft) -> dict[str, Any]:
    kept = keep_as_draft(session, draft=draft)
    return {"id": kept.record_uid, "draft": kept.uid, "saved_at": kept.updated_at}


def _stored(session: Session, draft: Draft, confirm_all: str) -> dict[str, Any]:
    stored = put_record(session, draft=draft, confirm_all=confirm_all)
    if isinstance(stored, Fact):
        answer = {"id": stored.uid, "sha256": stored.sha256}
        return {**answer, "number": stored.number} if stored.number else answer
    waiting = session.store.queue.pending_sets(stored.uid)
    return {"id": stored.uid, "sha256": waiting[-1].sha256 if waiting else ""}


def _draft_of(session: Session, kind: RecordKind, request: Any) -> Draft:
    if not isinstance(request, Mapping):
        raise KubeFieldError(Failure.VALIDATION, _("Baris harus berupa objek JSON."), code="LINE")
    wrapped = isinstance(request.get("answers"), Mapping)
    answers = request["answers"] if wrapped else {k: v for k, v in request.items() if k not in ("id", "form_version")}
    uid, version = str(request.get("id") or ""), str(request.get("form_version") or "")
    try:
        return draft_from_answers(session, kind=kind, answers=answers, uid=uid, form_version=version)
    except KeyError:
        text = _("Versi formulir {version} tidak dikenal.").format(version=version)
        raise KubeFieldError(Failure.VALIDATION, text, code="FORM_VERSION") from None


def listed(session: Session, options: argparse.Namespace, say: Say) -> int:
    """One line a record, NIK and KK masked."""
    for stored in stored_records(session, RecordKind(options.type)):
        say(_line(stored, masked=True))
    return 0


def export(session: Session, options: argparse.Namespace, say: Say) -> int:
    """Whole records; NIK and KK in full only for who may export them, with a reason, and logged."""
    kind = RecordKind(options.type)
    reason = options.reason.strip()
    require_may_export(session.officer, with_nik=bool(reason))
    session.store.audit(audit_line(session, "record.export", kind, "", reason))
    for stored in stored_records(session, kind):
        say(_line(stored, masked=not reason))
    return 0


def show(session: Session, options: argparse.Namespace, say: Say) -> int:
    """One record whole; reading it is logged."""
    stored: Record | Fact | None = session.store.records.get(options.id) or session.store.facts.get(options.id)
    if stored is None:
        raise KubeFieldError(Failure.VALIDATION, _("Catatan {id} tidak ada di laptop ini.").format(id=options.id))
    if isinstance(stored, Fact):
        require_may_see(session, stored)
    session.store.audit(audit_line(session, "record.show", stored.kind, stored.uid))
    say(_line(stored, masked=False))
    return 0


def list_drafts(session: Session, say: Say) -> int:
    """One line a draft."""
    for row in drafts(session):
        say({"id": row.uid, "type": row.kind.value, "title": row.title, "missing": row.standing.missing})
    return 0


def _line(stored: Record | Fact, *, masked: bool) -> dict[str, Any]:
    answers = masked_answers(form(stored.kind, stored.form_version), stored.answers) if masked else stored.answers
    line: dict[str, Any] = {"id": stored.uid, "type": stored.kind.value, "form_version": stored.form_version}
    if isinstance(stored, Fact):
        line |= {
            "document_id": stored.document_id,
            "revision": stored.revision,
            "number": stored.number,
            "subject": stored.subject_uid,
            "occurred_on": stored.occurred_on,
            "author": stored.author_name,
            "finalised_at": stored.finalised_at,
            "sha256": stored.sha256,
            "attachments": [asdict(item) for item in stored.attachments],
        }
    else:
        line |= {"version": stored.version, "updated_at": stored.updated_at}
    return {**line, "answers": dict(answers)}


def masked_answers(form: Form, answers: Answers) -> dict[str, Any]:
    """Answers with the middle of every NIK and KK hidden."""
    secret = {question.code for question in form.questions() if question.kind in (Kind.NIK, Kind.KK)}
    return {code: mask_nik(str(value)) if code in secret else value for code, value in answers.items()}


def _detail(field: str, code: str, message: str) -> dict[str, str]:
    return {"field": field, "code": code, "message": message}
