"""Loads the fictional sample of handbook 11 through the same use cases that an officer's work goes through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias

from kube_field.domain.forms.declaration import Proposed, Severity
from kube_field.domain.forms.review import ACCEPTED
from kube_field.domain.records import Draft, RecordKind, Role
from kube_field.domain.rules.stage import CODES
from kube_field.reference import read_table
from kube_field.usecases import views
from kube_field.usecases.aid import begin_aid
from kube_field.usecases.assessments import begin_assessment
from kube_field.usecases.drafts import begin_draft, evaluate_draft, save_draft
from kube_field.usecases.finalise import commit_draft
from kube_field.usecases.groups import add_member
from kube_field.usecases.reviews import write_review
from kube_field.usecases.sample_assessments import assessment_answers
from kube_field.usecases.sample_completion import (
    Row,
    checked_tools,
    family_size,
    household_answers,
    income_rows,
    person_answers,
    reviewed_actions,
    signature,
    visit_answers,
)
from kube_field.usecases.sample_handovers import goods_of, minutes_answers
from kube_field.usecases.session import Session
from kube_field.usecases.trainings import attendance_sheet, finalise_attendance, save_attendance
from kube_field.usecases.units import begin_unit
from kube_field.usecases.visits import begin_visit

SessionFor: TypeAlias = Callable[[Role, datetime], Session]
"""The laptop in the hands of an officer of a role, its clock standing at an instant (aware UTC)."""

REASON = "Data contoh: sudah dicocokkan dengan KTP dan KK."
"""Confirms every warning of the sample."""
SAMPLE_AREAS = ("64.01", "64.02", "64.03", "64.07", "64.08", "64.09", "64.11", "64.71", "64.74")
"""Kabupaten and kota in which the sample lives: the task area of the officer who loads it."""
BATCH_DAY = date(2026, 1, 5)
REGISTRATION_DAY = date(2026, 1, 12)
TRAINING_DAYS = (date(2026, 7, 21), date(2026, 7, 22))
TRAINING_VILLAGE = "64.02.12.2002"
TRAINED_GROUP = "G1"
ABSENT = {"P08": ("izin", "izin"), "P10": ("hadir", "tanpa_kabar")}
"""Who of the trained group missed a session; everybody else was there."""
SAMPLE_ROLES = ("ketua", "sekretaris", "bendahara")
GROUP_BATCH, PERSON_BATCH = "KUBE APBD Prov 2026", "WRSE APBD Prov 2026"


@dataclass(frozen=True)
class LoadedSample:
    """Uids of everything that was loaded, by the keys of the CSV files (P01, G1, U1, K01)."""

    households: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    visits: dict[str, str] = field(default_factory=dict)
    batches: dict[str, str] = field(default_factory=dict)
    trainings: list[str] = field(default_factory=list)
    assessments: dict[str, str] = field(default_factory=dict)
    """By the key of the person."""
    minutes: dict[str, str] = field(default_factory=dict)
    """By the key of the unit."""


def load_sample(session_for: SessionFor) -> LoadedSample:
    """Load batches, families, people, groups, assessments, units, visits and one training."""
    people = {row["person_key"]: row for row in read_table("sample", "sample_people.csv")}
    units = {row["unit_key"]: row for row in read_table("sample", "sample_units.csv")}
    visits = read_table("sample", "sample_visits.csv")
    loader = _Loader(session_for, people, units, LoadedSample())
    loader.load_province()
    for row in people.values():
        loader.load_person(row)
    newest = {row["unit_key"]: row for row in visits}
    for row in units.values():
        loader.load_owner_and_unit(row, newest[row["unit_key"]])
    for row in sorted(visits, key=lambda visit: visit["visit_date"]):
        loader.load_visit(row)
    loader.load_training()
    return loader.loaded


def confirmed_commit(session: Session, draft: Draft, answers: Mapping[str, Any], reason: str = REASON) -> str:
    """Put answers into a draft and commit it with every warning confirmed; the uid of the record or fact.

    Raises: KubeFieldError VALIDATION when the answers are wrong.
    """
    saved = save_draft(session, draft=draft, answers={**draft.answers, **answers})
    warnings = evaluate_draft(session, draft=saved).of_severity(Severity.PERINGATAN)
    return commit_draft(session, draft_uid=saved.uid, confirmed={one.key: reason for one in warnings}).uid


def _taken_proposals(session: Session, draft: Draft, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What the officer of the sample takes over as proposed: the paragraph of changes, and the stage when it is due."""
    taken: dict[str, Any] = {}
    for asked in ("changes_text", "assess_stage"):
        proposed = _proposed(session, draft, {**answers, **taken}).get(asked)
        if proposed is not None:
            taken[asked] = proposed.value
    stage = _proposed(session, draft, {**answers, **taken}) if "assess_stage" in taken else {}
    return {**taken, **{code: stage[code].value for code in CODES if code in stage}}


def _proposed(session: Session, draft: Draft, answers: Mapping[str, Any]) -> Mapping[str, Proposed]:
    return evaluate_draft(session, draft=replace(draft, answers={**draft.answers, **answers})).proposed


@dataclass(frozen=True)
class _Loader:
    session_for: SessionFor
    people: Mapping[str, Row]
    units: Mapping[str, Row]
    loaded: LoadedSample

    def at(self, day: date, role: Role = Role.PENDAMPING) -> Session:
        """Ten o'clock WITA of a day."""
        return self.session_for(role, datetime(day.year, day.month, day.day, 2, 0, tzinfo=UTC))

    def create(self, session: Session, kind: RecordKind, answers: Mapping[str, Any], record_uid: str = "") -> str:
        draft = begin_draft(session, kind=kind, record_uid=record_uid)
        return confirmed_commit(session, draft, answers)

    def load_province(self) -> None:
        """The batches, and the officer as the province keeps him."""
        admin, officer = self.at(BATCH_DAY, Role.ADMIN_PROV), self.at(BATCH_DAY).officer
        for name, scheme, amount in ((GROUP_BATCH, "kube", 20_000_000), (PERSON_BATCH, "wrse_perorangan", 5_000_000)):
            answers = _batch_answers(name, scheme, amount, admin.wiring.new_id())
            self.loaded.batches[name] = self.create(admin, RecordKind.PROGRAM_BATCH, answers)
        if admin.store.records.get(officer.uid) is None:
            staff = {
                "full_name": officer.name,
                "role": officer.role.value,
                "office": officer.office or "Dinas Sosial Provinsi Kalimantan Timur",
                "area_codes": list(officer.areas),
                "active_from": "2026-01-01",
                **({"employee_number": officer.employee_number} if officer.employee_number else {}),
            }
            self.create(admin, RecordKind.STAFF, staff, officer.uid)

    def load_person(self, row: Row) -> None:
        """One person with a family of the own card."""
        session, key = self.at(REGISTRATION_DAY), row["person_key"]
        new_id = session.wiring.new_id
        household = household_answers(row, REGISTRATION_DAY, new_id)
        self.loaded.households[key] = self.create(session, RecordKind.HOUSEHOLD, household)
        family = {"uid": self.loaded.households[key], "name": household["head_name"]}
        answers = person_answers(row, family, REGISTRATION_DAY, new_id)
        self.loaded.people[key] = self.create(session, RecordKind.PERSON, answers)

    def load_owner_and_unit(self, unit: Row, visit: Row) -> None:
        """The group with its members where a group owns the unit, then the unit on the day of its handover."""
        handover, owner_key = date.fromisoformat(unit["handover_date"]), unit["owner_key"]
        if owner_key.startswith("G"):
            self.load_group(owner_key, unit["idea_code"], handover - timedelta(days=28))
        else:
            self.load_assessment(owner_key, unit["idea_code"], handover - timedelta(days=21))
        owner_uid = (self.loaded.groups | self.loaded.people)[owner_key]
        session = self.at(handover)
        head = self.head_of(owner_key)
        answers = {
            "batch_id": self.batch(PERSON_BATCH if owner_key.startswith("P") else GROUP_BATCH),
            "idea_code": unit["idea_code"],
            "business_name": f"Usaha {head['name'].split()[0]}",
            "location_address": f"Rumah {head['name'].split(',')[0]}"[:200],
            "village_code": head["village_code"],
            "started_on": unit["handover_date"],
            "planned_days_per_month": int(visit["days_plan"]),
            "status": "berjalan",
            "handover_on": unit["handover_date"],
        }
        draft = begin_unit(session, owner_uid=owner_uid)
        self.loaded.units[unit["unit_key"]] = confirmed_commit(session, draft, answers)
        self.load_minutes(unit, visit, handover)

    def load_minutes(self, unit: Row, visit: Row, handover: date) -> None:
        """The minutes of a unit's aid, and the word of the province's office about them."""
        session, owner_key = self.at(handover), unit["owner_key"]
        idea = session.reference.idea(unit["idea_code"])
        if idea is None:
            return
        tools = len(visit["tools"].split("|")) if visit["tools"] else 0
        capital = int(visit["wc_base"] or unit["working_capital_base_idr"])
        goods = goods_of(idea, tools, int(unit["aid_value_idr"]), capital, session.wiring.new_id)
        people = [person for person, _role, _heads in self.sampled(owner_key)]
        place = f"Rumah {self.head_of(owner_key)['name'].split(',')[0]}"
        answers = minutes_answers(people, session.officer.name, goods, unit["handover_date"], place)
        draft = begin_aid(session, unit_uid=self.loaded.units[unit["unit_key"]])
        uid = self.loaded.minutes[unit["unit_key"]] = confirmed_commit(session, draft, answers)
        office, fact = self.at(handover + timedelta(days=1), Role.ADMIN_PROV), session.store.facts.get(uid)
        if visit["wc_base"] and fact is not None:
            write_review(office, fact, ACCEPTED, {}, "")

    def load_group(self, key: str, idea_code: str, formed_on: date) -> None:
        """A group with its members, formed four weeks before its handover."""
        session, head = self.at(formed_on), self.head_of(key)
        idea = session.reference.idea(idea_code)
        answers = {
            "name": f"KUBE {head['name'].split()[0]} Contoh",
            "batch_id": self.batch(GROUP_BATCH),
            "village_code": head["village_code"],
            "formed_on": formed_on.isoformat(),
            "sk_number": f"141/{key}/SK-CONTOH/2026",
            "sk_date": formed_on.isoformat(),
            "sk_by": "kepala_desa",
            "sector": idea.sector if idea is not None else "",
            "idea_code": idea_code,
            "has_signboard": True,
            "has_stamp": True,
            "has_adart": False,
            "books": ["anggota", "notulen", "kas"],
            "meeting_schedule": "bulanan",
            "iks_amount_idr": 10_000,
            "iks_period": "bulanan",
            "status": "aktif",
        }
        self.loaded.groups[key] = self.create(session, RecordKind.KUBE_GROUP, answers)
        for member in self.members_of(key):
            uid = self.loaded.people[member["person_key"]]
            add_member(session, group_uid=self.loaded.groups[key], person_uid=uid, role=member["role"])

    def load_assessment(self, key: str, idea_code: str, day: date) -> None:
        """What a single woman needed, three weeks before her handover."""
        session, person = self.at(day), self.people[key]
        idea = session.reference.idea(idea_code)
        if idea is None:
            return
        line = session.reference.poverty.at(person["village_code"], day)
        draft = begin_assessment(session, subject_uid=self.loaded.people[key])
        answers = assessment_answers(
            person["name"].strip(),
            session.officer.name,
            idea,
            family_size(person),
            line.amount_idr if line is not None else 0,
            day,
            session.wiring.new_id,
        )
        self.loaded.assessments[key] = confirmed_commit(session, draft, answers)

    def load_visit(self, visit: Row) -> None:
        """One visit, finalised on its day."""
        session = self.at(date.fromisoformat(visit["visit_date"]))
        owner_key = self.units[visit["unit_key"]]["owner_key"]
        head = self.head_of(owner_key)
        draft = begin_visit(session, unit_uid=self.loaded.units[visit["unit_key"]])
        line = session.reference.poverty.at(head["village_code"], visit["visit_date"])
        name = head["name"].strip()
        actions, tools = draft.answers.get("previous_actions"), draft.answers.get("asset_checks")
        answers = {
            **visit_answers(visit),
            "visited_on": visit["visit_date"],
            "met": "penerima" if owner_key.startswith("P") else "ketua",
            "met_names": name,
            "hh_income_sample": income_rows(visit, self.sampled(owner_key), line.amount_idr if line else 0),
            **({"previous_actions": reviewed_actions(visit, actions)} if actions else {}),
            **({"asset_checks": checked_tools(visit, tools)} if tools else {}),
            "signature_staff": signature(session.officer.name),
            "signature_recipient": signature(name),
        }
        answers |= _taken_proposals(session, draft, answers)
        self.loaded.visits[visit["visit_key"]] = confirmed_commit(session, draft, answers)

    def load_training(self) -> None:
        """One training of two sessions for the members of one group, with its attendance."""
        members = [row["person_key"] for row in self.members_of(TRAINED_GROUP)]
        session = self.at(TRAINING_DAYS[0] - timedelta(days=7))
        answers = _training_answers(session, [self.person(key) for key in members], self.batch(GROUP_BATCH))
        event = self.create(session, RecordKind.TRAINING_EVENT, answers)
        self.loaded.trainings.append(event)
        states = {self.loaded.people[key]: ABSENT.get(key, ("hadir", "hadir")) for key in members}
        for number, day in enumerate(TRAINING_DAYS, start=1):
            session = self.at(day)
            sheet = attendance_sheet(session, event_uid=event, session_no=number)
            cells = [_with_status(cell, states[cell.key][number - 1]) for cell in sheet.cells]
            save_attendance(session, sheet=replace(sheet, cells=tuple(cells)))
            finalise_attendance(session, event_uid=event, session_no=number, reason=REASON)

    def members_of(self, group_key: str) -> list[Row]:
        """Sample people of a group in the order of the file."""
        return [row for row in self.people.values() if row["group_key"] == group_key]

    def head_of(self, owner_key: str) -> Row:
        """The person who owns a unit, or the ketua of the group that does."""
        return self.people[owner_key] if owner_key in self.people else self.members_of(owner_key)[0]

    def sampled(self, owner_key: str) -> list[tuple[dict[str, str], str, int]]:
        """Whose family income is asked: the owner, or ketua, sekretaris and bendahara."""
        if owner_key in self.people:
            return [(self.person(owner_key), "", family_size(self.people[owner_key]))]
        rows = [row for row in self.members_of(owner_key) if row["role"] in SAMPLE_ROLES]
        return [(self.person(row["person_key"]), row["role"], family_size(row)) for row in rows]

    def person(self, key: str) -> dict[str, str]:
        """A reference to a sample person."""
        return {"uid": self.loaded.people[key], "name": self.people[key]["name"].strip()}

    def batch(self, name: str) -> dict[str, str]:
        """A reference to a batch."""
        return {"uid": self.loaded.batches[name], "name": name}


def _batch_answers(name: str, scheme: str, amount: int, row_id: str) -> dict[str, Any]:
    members = {"min_members": 5, "max_members": 20} if scheme == "kube" else {}
    return {
        "name": name,
        "scheme": scheme,
        "fiscal_year": 2026,
        "funding_source": "apbd_prov",
        "unit_amount_idr": amount,
        "aid_form": "barang_bahan",
        "tranches": [{"id": row_id, "no": 1, "percent": 100, "condition": "langsung"}],
        **members,
        "age_min": 18,
        "age_max": 59,
        "visit_plan_code": "standar",
        "legal_basis_text": "Keputusan contoh untuk latihan, bukan keputusan sebenarnya.",
    }


def _training_answers(session: Session, people: list[dict[str, str]], batch: dict[str, str]) -> dict[str, Any]:
    new_id = session.wiring.new_id
    subjects = ("Mencatat uang masuk dan keluar", "Menghitung laba dan harga jual")
    return {
        "title": "Bimtek Pembukuan Sederhana untuk KUBE",
        "topic": "pembukuan",
        "starts_on": TRAINING_DAYS[0].isoformat(),
        "ends_on": TRAINING_DAYS[-1].isoformat(),
        "venue": "Balai Desa Long Lalang",
        "village_code": TRAINING_VILLAGE,
        "organizer": session.officer.office or "Dinas Sosial Provinsi Kalimantan Timur",
        "trainers": [{"id": new_id(), "name": "Kamper Contoh", "institution": "Dinas Sosial"}],
        "batch_id": batch,
        "sessions": [
            {"id": new_id(), "date": day.isoformat(), "start": "09:00", "end": "12:00", "subject": subject}
            for day, subject in zip(TRAINING_DAYS, subjects, strict=True)
        ],
        "participants": [{"id": new_id(), "person": person} for person in people],
    }


def _with_status(cell: views.AttendanceCell, status: str) -> views.AttendanceCell:
    """A row of the grid as it was filled in; who was there signed."""
    return replace(cell, status=status, signature=signature(cell.name) if status == "hadir" else {})
