"""Records on a laptop, made the way an officer makes them: through the use cases, never around them.

Every builder completes the answers by `make_answers`; changes replace or, as None, remove an answer.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from kube_field.domain.records import Fact, Record, RecordKind, Role
from kube_field.usecases.aid import begin_aid
from kube_field.usecases.assessments import begin_assessment
from kube_field.usecases.attendance_rows import person_cell
from kube_field.usecases.drafts import begin_draft, evaluate_draft, save_draft
from kube_field.usecases.finalise import commit_draft
from kube_field.usecases.groups import add_member
from kube_field.usecases.referrals import begin_referral
from kube_field.usecases.session import Session
from kube_field.usecases.trainings import attendance_sheet, finalise_attendance, save_attendance
from kube_field.usecases.visits import begin_visit
from tests.support import make_answers

NAMES = (
    "Melati Contoh Satu",
    "Kenanga Contoh",
    "Anggrek Contoh",
    "Cempaka Contoh",
    "Dahlia Contoh",
    "Flamboyan Contoh",
    "Kamboja Contoh",
    "Lavender Contoh",
    "Sedap Malam Contoh",
    "Teratai Contoh",
)
ROLES = ("ketua", "sekretaris", "bendahara")
REASON = "Sudah diperiksa kembali"


def as_admin(session: Session) -> Session:
    """The same laptop in the hands of the province's administrator."""
    officer = replace(session.officer, uid="staff-admin", name="Admin Provinsi", role=Role.ADMIN_PROV)
    return replace(session, officer=officer)


def commit_answers(
    session: Session, kind: RecordKind, answers: dict[str, Any], *, record_uid: str = "", subject_uid: str = ""
) -> Record:
    """A draft with exactly these answers, committed; its warnings confirmed."""
    draft = begin_draft(session, kind=kind, record_uid=record_uid, subject_uid=subject_uid)
    stored = commit_saved(session, save_draft(session, draft=draft, answers=answers))
    assert isinstance(stored, Record)
    return stored


def commit_saved(session: Session, draft: Any) -> Record | Fact:
    """Commit a saved draft with a reason for every warning."""
    warnings = evaluate_draft(session, draft=draft).unconfirmed({})
    return commit_draft(session, draft_uid=draft.uid, confirmed={finding.key: REASON for finding in warnings})


def birth_of(n: int) -> date:
    """Birth date of the n-th person: the first as in the sample data, the others a year and a day apart."""
    return date(1968, 6, 8) if n == 1 else date(1970 + n, 6, n)


def nik_of(n: int) -> str:
    """NIK of the n-th woman of kecamatan Tabang."""
    born = birth_of(n)
    return f"640212{born.day + 40:02d}{born.month:02d}{born.year % 100:02d}99{n:02d}"


def register_household(session: Session, n: int = 1, **changes: Any) -> Record:
    """The family of the n-th person."""
    answers = make_answers.complete_household(
        head_name=NAMES[(n - 1) % len(NAMES)], kk_number=f"640212120413{9800 + n:04d}"
    )
    return commit_answers(session, RecordKind.HOUSEHOLD, make_answers.changed(answers, changes))


def register_person(session: Session, n: int = 1, *, household: Record | None = None, **changes: Any) -> Record:
    """The n-th person (1 to 40) with a family of her own, unless one is given."""
    home = household or register_household(session, n)
    name = NAMES[(n - 1) % len(NAMES)]
    answers = make_answers.complete_person(
        nik=nik_of(n),
        full_name=name,
        birth_date=birth_of(n).isoformat(),
        phone=f"+62812000000{n:02d}",
        household_id={"uid": home.uid, "name": str(home.answers.get("head_name", ""))},
    )
    return commit_answers(session, RecordKind.PERSON, make_answers.changed(answers, changes))


def make_batch(session: Session, **changes: Any) -> Record:
    """A programme batch, entered by the province."""
    return commit_answers(as_admin(session), RecordKind.PROGRAM_BATCH, make_answers.complete_batch(**changes))


def make_group(session: Session, *, members: int = 0, batch: Record | None = None, **changes: Any) -> Record:
    """KUBE Mawar with the first persons as members: chair, secretary, treasurer, then members."""
    batch = batch or make_batch(session)
    answers = make_answers.complete_group(
        batch_id={"uid": batch.uid, "name": str(batch.answers["name"])},
        assigned_staff_id={"uid": session.officer.uid, "name": session.officer.name},
    )
    group = commit_answers(session, RecordKind.KUBE_GROUP, make_answers.changed(answers, changes))
    for n in range(1, members + 1):
        person = register_person(session, n)
        role = ROLES[n - 1] if n <= len(ROLES) else "anggota"
        add_member(session, group_uid=group.uid, person_uid=person.uid, role=role, joined_on="2025-10-06")
    return group


def make_unit(session: Session, owner: Record | None = None, **changes: Any) -> Record:
    """A running business of a group or person; of a new KUBE Mawar with five members when nobody is given."""
    owner = owner or make_group(session, members=5)
    is_group = owner.kind == RecordKind.KUBE_GROUP
    reference = {"uid": owner.uid, "name": str(owner.answers.get("name") or owner.answers.get("full_name"))}
    batch = owner.answers.get("batch_id") or {"uid": make_answers.BATCH_UID, "name": "KUBE APBD Prov 2026"}
    answers = make_answers.complete_unit(
        "group" if is_group else "person", **{"group_id" if is_group else "person_id": reference, "batch_id": batch}
    )
    return commit_answers(session, RecordKind.BUSINESS_UNIT, make_answers.changed(answers, changes))


def visit_answers(session: Session, unit_uid: str, visited_on: str, **changes: Any) -> tuple[Any, dict[str, Any]]:
    """The begun draft of a visit, and complete answers for it that keep what the draft already knew."""
    draft = begin_visit(session, unit_uid=unit_uid)
    day = date.fromisoformat(visited_on)
    owner_kind = str(draft.answers["owner_kind"])
    actions = [
        {**row, "result": "selesai"} for row in draft.answers.get("previous_actions") or [] if isinstance(row, dict)
    ]
    plan = {
        **draft.answers,
        "visited_on": visited_on,
        "period_from": draft.answers.get("period_from") or (day - timedelta(days=29)).isoformat(),
        "period_to": visited_on,
        "next_visit_on": (day + timedelta(days=28)).isoformat(),
        "support_needed": [
            {
                "id": session.wiring.new_id(),
                "kind": "pemasaran",
                "what": "Titip di toko",
                "who": "penerima",
                "by_date": (day + timedelta(days=14)).isoformat(),
            }
        ],
        "previous_actions": actions or None,
        "asset_checks": [{**row, "condition": "baik"} for row in draft.answers.get("asset_checks") or []] or None,
    }
    if owner_kind == "group":
        plan |= {"members_active": 5, "members_total": 5, "last_meeting_on": visited_on}
    plan |= {"constraints": None, "has_constraints": False, **changes}
    return draft, make_answers.changed(make_answers.complete_visit(owner_kind), plan)


def record_visit(session: Session, unit_uid: str, visited_on: str = "2026-11-20", **changes: Any) -> Fact:
    """A final visit of a unit on a day; its warnings confirmed."""
    draft, answers = visit_answers(session, unit_uid, visited_on, **changes)
    fact = commit_saved(session, save_draft(session, draft=draft, answers=answers))
    assert isinstance(fact, Fact)
    return fact


def hand_over(session: Session, unit_uid: str, handover_on: str = "2026-02-10", **changes: Any) -> Fact:
    """Final handover minutes of a unit; what the begun draft knows of people, batch and tranche stays."""
    draft = begin_aid(session, unit_uid=unit_uid)
    owner_kind = str(draft.answers["owner_kind"])
    known = ("unit_id", "batch_id", "tranche_no", "handed_by", "received_by")
    answers = make_answers.complete_aid(owner_kind, **{code: draft.answers.get(code) for code in known})
    if owner_kind == "group":
        answers |= _witnesses(session, unit_uid)
    answers = make_answers.changed(answers, {"handover_on": handover_on, "photos": None, **changes})
    answers = {"photos": {"waived": "kamera rusak"}, **answers}
    fact = commit_saved(session, save_draft(session, draft=draft, answers=answers))
    assert isinstance(fact, Fact)
    return fact


def _witnesses(session: Session, unit_uid: str) -> dict[str, Any]:
    """The secretary and the treasurer of the unit's group."""
    unit = session.store.records.get(unit_uid)
    assert unit is not None
    rows = [row for row in session.store.listings.members(unit.answers["group_id"]["uid"]) if row.role != "ketua"]
    return {f"witness_{n}": {"uid": row.person_uid, "name": row.name} for n, row in enumerate(rows[:2], start=1)}


def refer(session: Session, subject_uid: str, **changes: Any) -> Fact:
    """A final referral; person and consent are those that the begun draft knows."""
    draft = begin_referral(session, subject_uid=subject_uid)
    known = ("unit_id", "person_id", "sent_on")
    answers = make_answers.complete_referral(**{code: draft.answers.get(code) for code in known}, consent_id=None)
    answers = make_answers.changed(answers, changes)
    fact = commit_saved(session, save_draft(session, draft=draft, answers=answers))
    assert isinstance(fact, Fact)
    return fact


def record_assessment(session: Session, subject: Record, **changes: Any) -> Fact:
    """A final assessment of a person or group."""
    draft = begin_assessment(session, subject_uid=subject.uid)
    kind = "group" if subject.kind == RecordKind.KUBE_GROUP else "person"
    kept = {code: draft.answers[code] for code in ("subject_kind", "subject_id", "staff")}
    answers = make_answers.changed(make_answers.complete_assessment(kind), {**kept, **changes})
    fact = commit_saved(session, save_draft(session, draft=draft, answers=answers))
    assert isinstance(fact, Fact)
    return fact


def make_training(session: Session, participants: list[Record] | None = None, **changes: Any) -> Record:
    """A training of two sessions to which these persons are invited."""
    rows = [
        {"id": session.wiring.new_id(), "person": {"uid": one.uid, "name": str(one.answers["full_name"])}}
        for one in participants or []
    ]
    answers = make_answers.complete_training(participants=rows or None, batch_id=None, photos=None)
    return commit_answers(session, RecordKind.TRAINING_EVENT, make_answers.changed(answers, changes))


def fill_in_grid(session: Session, event: Record, people: list[Record], session_no: int = 1, **told: Any) -> None:
    """An attendance grid while it is filled in: these came, invited or not; what stood in it stays."""
    sheet = attendance_sheet(session, event_uid=event.uid, session_no=session_no)
    came = [replace(person_cell(session, one.uid), **{"status": "hadir", **told}) for one in people]
    cells = {cell.key: cell for cell in (*sheet.cells, *came)}
    save_attendance(session, sheet=replace(sheet, cells=tuple(cells.values())))


def hold_session(session: Session, event: Record, session_no: int = 1, status: str = "hadir") -> list[Fact]:
    """A final attendance list in which everybody invited has this status."""
    sheet = attendance_sheet(session, event_uid=event.uid, session_no=session_no)
    cells = tuple(replace(cell, status=status) for cell in sheet.cells)
    save_attendance(session, sheet=replace(sheet, cells=cells))
    return finalise_attendance(session, event_uid=event.uid, session_no=session_no)
