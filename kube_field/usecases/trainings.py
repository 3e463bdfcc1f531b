"""Trainings and their attendance: a grid for each session, a draft first, then one fact for each participant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.catalogue import form, newest_version
from kube_field.domain.forms.declaration import Finding, Stage
from kube_field.domain.forms.evaluation import Evaluation, evaluate, finalised_answers, live_rows
from kube_field.domain.records import Answers, Draft, Fact, Record, RecordKind
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases import views
from kube_field.usecases.attendance_rows import (
    answers_of_cell,
    cell_of_fact,
    cell_of_row,
    draft_row,
    merged_cells,
    participants_of,
    without_erased,
)
from kube_field.usecases.audit_trail import audit_line
from kube_field.usecases.drafts import begin_draft, save_draft
from kube_field.usecases.editing import change_of_record, field_sets
from kube_field.usecases.finalise import field_of
from kube_field.usecases.freezing import numbered, photos_of_answers
from kube_field.usecases.histories import change_of_fact
from kube_field.usecases.known import context_of
from kube_field.usecases.numbering import PAPERS, next_document_number
from kube_field.usecases.parents import display_name, reference_uid, unsent_references, village_of
from kube_field.usecases.people import the_record
from kube_field.usecases.permissions import may_write, require_may_write
from kube_field.usecases.ports import Commit
from kube_field.usecases.prefill import reference
from kube_field.usecases.session import Session
from kube_field.usecases.snapshots import common_snapshot
from kube_field.usecases.test_results import tests_told


def find_trainings(session: Session) -> list[views.TrainingRow]:
    """Training events of this laptop with their attendance in numbers, newest first."""
    return session.store.listings.trainings()


def attendance_sheet(session: Session, *, event_uid: str, session_no: int) -> views.AttendanceSheet:
    """The grid of one session: who was invited, what is final, and on top of it what was typed since.

    Raises: KubeFieldError VALIDATION when the training or the session does not exist.
    """
    event = the_record(session, event_uid, RecordKind.TRAINING_EVENT)
    held = session_of(event, session_no)
    final = final_rows(session, event_uid, session_no)
    draft = sheet_draft(session, event_uid, session_no)
    typed = [cell_of_row(row) for row in draft.answers.get("rows") or []] if draft is not None else []
    newest = max(final, key=lambda fact: fact.finalised_at, default=None)
    rows = session.store.listings.documents(views.DocumentFilter(subject_uid=event_uid, drafts=False)) if newest else []
    return views.AttendanceSheet(
        event_uid=event_uid,
        event_title=display_name(event.answers),
        session_no=session_no,
        session_date=str(held.get("date") or ""),
        session_subject=str(held.get("subject") or ""),
        cells=merged_cells(participants_of(session, event), (cell_of_fact(session, fact) for fact in final), typed),
        draft_uid=draft.uid if draft is not None else "",
        number=newest.number if newest is not None else "",
        chip=next((row.chip for row in rows if newest is not None and row.uid == newest.uid), None),
    )


def training_as_stored(session: Session, event_uid: str) -> tuple[Answers, frozenset[str]]:
    """What an open grid was made from: the training's answers and the ids of its attendance rows.

    Raises: KubeFieldError VALIDATION when the training is not on this laptop.
    """
    event = the_record(session, event_uid, RecordKind.TRAINING_EVENT)
    rows = session.store.facts.of_subject(event_uid, RecordKind.ATTENDANCE)
    return event.answers, frozenset(fact.uid for fact in rows)


def save_attendance(session: Session, *, sheet: views.AttendanceSheet) -> views.AttendanceSheet:
    """Keep the grid as a draft, whatever is missing in it; the sheet comes back with its draft.

    Raises: KubeFieldError NOT_ALLOWED by role, DISK_FULL.
    """
    event = the_record(session, sheet.event_uid, RecordKind.TRAINING_EVENT)
    draft = sheet_draft(session, sheet.event_uid, sheet.session_no)
    if draft is None:
        begun = {"event_id": reference(event), "session_no": sheet.session_no}
        draft = begin_draft(session, kind=RecordKind.ATTENDANCE, subject_uid=sheet.event_uid, prefill=begun)
    answers = {**draft.answers, "rows": [draft_row(cell) for cell in without_erased(session, sheet.cells)]}
    saved = save_draft(session, draft=draft, answers=answers)
    return replace(sheet, draft_uid=saved.uid)


def finalise_attendance(session: Session, *, event_uid: str, session_no: int, reason: str = "") -> list[Fact]:
    """Make a fact of every row that is new or changed since the last time, under one shared number, in one transaction.

    `reason` confirms warnings. Rows that did not change keep their fact. Nothing changed: no fact, the draft goes.
    Raises: KubeFieldError VALIDATION with one detail per finding, NOT_ALLOWED by role.
    """
    require_may_write(session.officer, RecordKind.ATTENDANCE)
    event = the_record(session, event_uid, RecordKind.TRAINING_EVENT)
    sheet = attendance_sheet(session, event_uid=event_uid, session_no=session_no)
    before = {fact.uid: fact for fact in final_rows(session, event_uid, session_no)}
    made: list[Fact] = []
    details: list[dict[str, str]] = []
    totals = totals_of(sheet.cells)
    for cell in sheet.cells:
        draft = _row_draft(session, event, session_no, cell, before.get(cell.fact_uid))
        fact, found = _row_fact(session, event, draft, cell, before.get(cell.fact_uid), reason, totals)
        details += found
        if fact is not None:
            made.append(fact)
    if details:
        raise KubeFieldError(
            Failure.VALIDATION,
            _("Masih ada {n} hal yang perlu diperiksa di daftar hadir.").format(n=len(details)),
            _("Daftar hadir tetap tersimpan sebagai draf."),
            details=details,
        )
    return _commit_rows(session, event, sheet, made)


def judge_participant(session: Session, *, event_uid: str, session_no: int, cell: views.AttendanceCell) -> Evaluation:
    """What the attendance form says about one row of the grid as it stands.

    Raises: KubeFieldError VALIDATION when the training does not exist.
    """
    event = the_record(session, event_uid, RecordKind.TRAINING_EVENT)
    draft = _row_draft(session, event, session_no, cell, None)
    return evaluate(form(draft.kind, draft.form_version), draft.answers, context_of(session, draft, Stage.FINAL))


def add_participants(session: Session, *, event_uid: str, person_uids: Sequence[str]) -> Record:
    """Invite registered people to a training; who is invited already stays once.

    Raises: KubeFieldError NOT_ALLOWED by role, VALIDATION when the training or a person is not on this laptop.
    """
    require_may_write(session.officer, RecordKind.TRAINING_EVENT)
    stored = the_record(session, event_uid, RecordKind.TRAINING_EVENT)
    rows = list(stored.answers.get("participants") or [])
    invited = invited_uids(stored)
    for uid in dict.fromkeys(person_uids):
        if uid not in invited:
            person = the_record(session, uid, RecordKind.PERSON)
            rows.append({"id": session.wiring.new_id(), "person": reference(person)})
    return _store_participants(session, stored, rows)


def take_back_invitations(session: Session, *, event_uid: str, person_uids: Sequence[str]) -> Record:
    """Take back that people were invited a moment ago; nothing where somebody edits the training by now.

    Raises: KubeFieldError NOT_ALLOWED by role, VALIDATION when the training is not on this laptop.
    """
    require_may_write(session.officer, RecordKind.TRAINING_EVENT)
    stored = the_record(session, event_uid, RecordKind.TRAINING_EVENT)
    if session.store.drafts.of_record(event_uid) is not None:
        return stored
    gone = set(person_uids)
    listed = stored.answers.get("participants") or []
    rows = [row for row in listed if "struck" in row or reference_uid(row.get("person")) not in gone]
    return _store_participants(session, stored, rows)


def invited_uids(event: Record) -> set[str]:
    """Who is invited to a training."""
    return {reference_uid(row.get("person")) for _at, row in live_rows(event.answers.get("participants"))} - {""}


def _store_participants(session: Session, stored: Record, rows: list[Any]) -> Record:
    if rows == (stored.answers.get("participants") or []):
        return stored
    kept = {code: value for code, value in stored.answers.items() if code != "participants"}
    record = replace(
        stored,
        answers={**kept, "participants": rows} if rows else kept,
        updated_at=session.instant(),
        updated_by=session.officer.uid,
    )
    sets = field_sets(stored, record)
    if sets:
        change = change_of_record(session, record, stored, sets)
        line = audit_line(session, "record.edit", record.kind, record.uid)
        session.store.commit(Commit(records=(record,), changes=(change,), audit=(line,)))
    return record


def invite(session: Session, *, event_uid: str, person_uids: Sequence[str]) -> bool:
    """Invite people who are on an attendance list, where this officer may and nobody is editing the training.

    An unfinished edit of the training would take the invitations back when it is stored; then they stay on the list
    only. True when they were invited.
    """
    allowed = may_write(session.officer, RecordKind.TRAINING_EVENT)
    if not allowed or session.store.drafts.of_record(event_uid) is not None:
        return False
    add_participants(session, event_uid=event_uid, person_uids=person_uids)
    return True


def session_of(event: Record, session_no: int) -> dict[str, Any]:
    """One session of a training by its number, from 1.

    Raises: KubeFieldError VALIDATION when the training has no such session.
    """
    rows = dict(live_rows(event.answers.get("sessions")))
    if session_no - 1 not in rows:
        raise KubeFieldError(
            Failure.VALIDATION,
            _("Sesi ke-{n} tidak ada dalam kegiatan ini.").format(n=session_no),
            _("Tambahkan sesinya pada data pelatihan."),
        )
    return dict(rows[session_no - 1])


def final_rows(session: Session, event_uid: str, session_no: int) -> list[Fact]:
    """The newest final row of every participant of a session."""
    return [
        fact
        for fact in session.store.facts.of_subject(event_uid, RecordKind.ATTENDANCE)
        if fact.answers.get("session_no") == session_no
    ]


def sheet_draft(session: Session, event_uid: str, session_no: int) -> Draft | None:
    """The unfinished grid of a session."""
    for draft in session.store.drafts.of_subject(event_uid, RecordKind.ATTENDANCE):
        if draft.answers.get("session_no") == session_no:
            return draft
    return None


def totals_of(cells: Sequence[views.AttendanceCell]) -> dict[str, int]:
    """Participants by status and sex: what stands below the list (handbook 9.2)."""
    states = Counter(cell.status for cell in cells)
    return {
        "participants": len(cells),
        "male": sum(1 for cell in cells if cell.sex == "L"),
        "female": sum(1 for cell in cells if cell.sex == "P"),
        **{status: states[status] for status in ("hadir", "izin", "sakit", "tanpa_kabar", "digantikan_oleh")},
    }


def _row_draft(session: Session, event: Record, session_no: int, cell: views.AttendanceCell, old: Fact | None) -> Draft:
    now = session.instant()
    return Draft(
        uid=cell.key,
        kind=RecordKind.ATTENDANCE,
        form_version=newest_version(RecordKind.ATTENDANCE),
        record_uid=session.wiring.new_id(),
        subject_uid=event.uid,
        answers=answers_of_cell(session, event, session_no, cell),
        author_uid=session.officer.uid,
        created_at=now,
        updated_at=now,
        document_id=old.document_id if old is not None else session.wiring.new_id(),
        revision=old.revision + 1 if old is not None else 1,
        supersedes=old.uid if old is not None else "",
    )


def _row_fact(
    session: Session,
    event: Record,
    draft: Draft,
    cell: views.AttendanceCell,
    old: Fact | None,
    reason: str,
    totals: dict[str, int],
) -> tuple[Fact | None, list[dict[str, str]]]:
    """The fact of one row, None when nothing changed; and what stands against it."""
    context = context_of(session, draft, Stage.FINAL)
    judged = evaluate(form(draft.kind, draft.form_version), draft.answers, context)
    kept = finalised_answers(judged.form, draft.answers, context)
    if old is not None and kept == old.answers:
        return None, []
    warnings = judged.unconfirmed({finding.key: reason for finding in judged.findings})
    details = [_detail(cell, finding) for finding in (*judged.errors, *warnings)]
    session_no = int(kept["session_no"])
    fact = Fact(
        uid=draft.record_uid,
        kind=draft.kind,
        form_version=draft.form_version,
        scope=event.scope,
        subject_uid=event.uid,
        occurred_on=str(session_of(event, session_no).get("date") or session.today().isoformat()),
        answers=kept,
        author_uid=session.officer.uid,
        author_name=session.officer.name,
        finalised_at=session.instant(),
        document_id=draft.document_id,
        revision=draft.revision,
        supersedes=draft.supersedes,
        snapshot=row_snapshot(session, event, session_no, cell, totals),
        confirmed={finding.key: reason.strip() for finding in judged.unconfirmed({})},
        attachments=photos_of_answers(judged.form, kept),
    )
    return fact, details


def _detail(cell: views.AttendanceCell, finding: Finding) -> dict[str, str]:
    return {
        "field": f"{cell.key}.{field_of(finding)}",
        "code": finding.code,
        "message": f"{cell.name}: {finding.message}",
        "key": finding.key,
    }


def row_snapshot(
    session: Session, event: Record, session_no: int, cell: views.AttendanceCell, totals: dict[str, int]
) -> dict[str, Any]:
    """What the attendance list shows besides the answers: event, session, how the participant is named, totals."""
    village = village_of(session, event.answers)
    held = session_of(event, session_no)
    return {
        **common_snapshot(session, village, str(held.get("date") or "")),
        "event": event_snapshot(event),
        "session": {code: held.get(code) for code in ("date", "start", "end", "subject", "trainer")},
        "participant": {
            "name": cell.name,
            "sex": cell.sex,
            "group_name": cell.group_name,
            "village": cell.village,
            "phone_end": cell.phone_end,
            "walk_in": bool(cell.walk_in) or not cell.person_uid,
        },
        "totals": totals,
        **({"tests": told} if (told := tests_told(session, event.uid)) else {}),
    }


def event_snapshot(event: Record) -> dict[str, Any]:
    """The training as its papers name it."""
    told = {code: event.answers.get(code) for code in ("title", "topic", "starts_on", "ends_on", "venue", "organizer")}
    trainers = [{"name": row.get("name")} for _at, row in live_rows(event.answers.get("trainers"))]
    return {**told, "trainers": trainers}


def _commit_rows(session: Session, event: Record, sheet: views.AttendanceSheet, made: list[Fact]) -> list[Fact]:
    removed = (sheet.draft_uid,) if sheet.draft_uid else ()
    if not made:
        session.store.commit(Commit(removed_drafts=removed))
        return []
    counter, number = next_document_number(session, PAPERS[RecordKind.ATTENDANCE], event.scope)
    facts = [numbered(fact, number) for fact in made]
    session.store.commit(
        Commit(
            facts=facts,
            changes=[
                change_of_fact(session, fact, unsent_references(session, fact.answers, event.uid)) for fact in facts
            ],
            audit=[audit_line(session, "document.finalise", fact.kind, fact.uid) for fact in facts],
            removed_drafts=removed,
            number=counter,
        )
    )
    return facts
