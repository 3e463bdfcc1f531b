"""What a paper shows besides its own answers, frozen when finalised so that every reprint is the same."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.answered import read_day
from kube_field.domain.forms.assessment_advice import advice, family
from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Context
from kube_field.domain.forms.evaluation import live_rows
from kube_field.domain.identifiers import mask_nik
from kube_field.domain.records import PROVINCE_SCOPE, Answers, Fact, Record, RecordKind
from kube_field.domain.rules.telling import told_advice, told_family
from kube_field.usecases import views
from kube_field.usecases.due import planned_day
from kube_field.usecases.known import batch_answers
from kube_field.usecases.parents import (
    display_name,
    household_of,
    owner_of,
    record_of,
    reference_name,
    reference_uid,
    village_of,
)
from kube_field.usecases.previous import best_to_compare, documents_of
from kube_field.usecases.received_aid import unit_answers
from kube_field.usecases.session import Session

ROLES = ("ketua", "sekretaris", "bendahara")
KOP_SETTINGS = {
    "government": "kop_government",
    "office": "kop_office",
    "address": "kop_address",
    "phone": "kop_phone",
    "web": "kop_web",
    "email": "kop_email",
}
"""Parts of the letterhead and the settings that hold them."""


def visit_snapshot(session: Session, *, answers: Answers, document_id: str = "") -> dict[str, Any]:
    """Everything that the visit report shows besides the answers (handbook 9.1), as it stands now."""
    unit = session.store.records.get(reference_uid(answers.get("unit_id")))
    visited_on = (read_day(answers.get("visited_on")) or session.today()).isoformat()
    if unit is None:
        return {**common_snapshot(session, "", visited_on), "visit_no": answers.get("visit_no"), "previous": {}}
    village = village_of(session, unit.answers)
    owner = owner_of(session, unit)
    received = unit_answers(session, unit)
    earlier = [
        fact
        for fact in documents_of(session, unit.uid, RecordKind.VISIT)
        if fact.document_id != document_id and fact.occurred_on <= visited_on
    ]
    return {
        **common_snapshot(session, village, visited_on),
        **owner_snapshot(session, owner, unit),
        "business": business_snapshot(session, unit),
        "batch": batch_snapshot(session, unit, owner),
        "address": address_snapshot(session, unit, owner, village),
        "aid": {
            "value_idr": received.get("aid_value_idr"),
            "handover_on": received.get("handover_on"),
            "bast_number": received.get("bast_number"),
        },
        "tools": tools_snapshot(received),
        "visit_no": answers.get("visit_no"),
        "planned_on": planned_day(session, unit, visited_on, document_id),
        "previous": previous_snapshot(best_to_compare(earlier)),
        "working_capital_base_idr": received.get("working_capital_base_idr"),
    }


def assessment_snapshot(session: Session, *, answers: Answers) -> dict[str, Any]:
    """Everything that the assessment form shows besides the answers (handbook 9.3)."""
    subject = session.store.records.get(reference_uid(answers.get("subject_id")))
    assessed_on = (read_day(answers.get("assessed_on")) or session.today()).isoformat()
    village = village_of(session, subject.answers) if subject is not None else ""
    household = household_of(session, subject) if subject is not None else None
    return {
        **common_snapshot(session, village, assessed_on),
        **owner_snapshot(session, subject, subject),
        "address": address_snapshot(session, None, subject, village),
        "batch": batch_snapshot(session, subject, subject),
        "household": {"size": household.answers.get("size")} if household is not None else {},
    }


def advice_snapshot(kept: Answers, context: Context) -> dict[str, Any]:
    """The suggestions as they stood: inputs, the five best with every line, the excluded; {} where there are none."""
    found, about = advice(kept, context), family(kept, context)
    if found is None or about is None:
        return {}
    chosen = str(kept.get("chosen_idea") or "")
    return {
        "recommendation": {
            **told_advice(found.best, found.excluded),
            "inputs": told_family(about),
            "override": bool(chosen) and chosen not in {one.idea.code for one in found.best},
        }
    }


def common_snapshot(session: Session, village: str, day: str) -> dict[str, Any]:
    """Officer, letterhead, place, order and poverty line: what every report shows."""
    regions = session.reference.regions
    kabupaten = regions.kabupaten(village) if village else None
    found = regions.village(village) if village else None
    line = session.reference.poverty.at(
        kabupaten.code if kabupaten is not None else PROVINCE_SCOPE, read_day(day) or session.today()
    )
    setting = session.store.setting
    return {
        "officer": {
            "name": session.officer.name,
            "employee_number": session.officer.employee_number,
            "office": session.officer.office,
        },
        "kop": letterhead(session, kabupaten.name if kabupaten is not None else ""),
        "order": {"number": setting("order_number"), "date": setting("order_date")},
        "poverty_line": {"amount_idr": line.amount_idr, "valid_from": line.valid_from} if line is not None else {},
        "kabupaten_code": kabupaten.code if kabupaten is not None else "",
        "head_title": regions.head_title(village) if village else "",
        "place": found.name if found is not None else "",
    }


def letterhead(session: Session, kabupaten: str) -> dict[str, str]:
    """The letterhead by this laptop's settings; an unset government is the kabupaten's, else the province's."""
    kop = {part: session.store.setting(name) for part, name in KOP_SETTINGS.items()}
    government = kop["government"] or _("PEMERINTAH {name}").format(
        name=(kabupaten or "Provinsi Kalimantan Timur").upper()
    )
    return {**kop, "government": government, "office": kop["office"] or _("DINAS SOSIAL")}


def owner_snapshot(session: Session, owner: Record | None, unit: Record | None) -> dict[str, Any]:
    """Who is assisted: group or person, masked NIK, officers of the group, members by sex, companion."""
    if owner is None:
        return {"owner_kind": "", "owner_name": "", "owner_uid": "", "nik_masked": "", "officers": {}, "members": {}}
    is_group = owner.kind == RecordKind.KUBE_GROUP
    present = [row for row in session.store.listings.members(owner.uid) if not row.left_on] if is_group else []
    nik = owner.answers.get("nik")
    companion = reference_name(owner.answers.get("assigned_staff_id")) or session.officer.name
    return {
        "owner_kind": "group" if is_group else "person",
        "owner_name": display_name(owner.answers),
        "owner_uid": owner.uid,
        "nik_masked": mask_nik(str(nik)) if nik else "",
        "officers": {role: _name_of_role(present, role) for role in ROLES} if is_group else {},
        "members": {
            "total": len(present),
            "male": sum(1 for row in present if row.sex == "L"),
            "female": sum(1 for row in present if row.sex == "P"),
        }
        if is_group
        else {},
        "companion": companion,
    }


def business_snapshot(session: Session, unit: Record) -> dict[str, str]:
    """The business: idea with its name in the catalogue, own name."""
    code = str(unit.answers.get("idea_code") or "")
    idea = session.reference.idea(code) if code else None
    return {
        "idea_code": code,
        "idea_name": idea.name if idea is not None else code,
        "business_name": str(unit.answers.get("business_name") or ""),
    }


def batch_snapshot(session: Session, record: Record | None, owner: Record | None) -> dict[str, Any]:
    """The program batch of a unit, or of the group that owns it."""
    for one in (record, owner):
        batch = batch_answers(session, one.answers) if one is not None else None
        if batch is not None:
            return {
                "name": batch.get("name"),
                "year": batch.get("fiscal_year"),
                "legal_basis": batch.get("legal_basis_text") or "",
            }
    name = reference_name(record.answers.get("batch_id")) if record is not None else ""
    return {"name": name, "year": None, "legal_basis": ""} if name else {}


def address_snapshot(session: Session, unit: Record | None, owner: Record | None, village: str) -> dict[str, Any]:
    """Where the business is: the unit's own address, else the family's."""
    household = _household_behind(session, owner)
    home: Answers = household.answers if household is not None else {}
    regions = session.reference.regions
    village_row = regions.village(village) if village else None
    kecamatan = regions.kecamatan(village) if village else None
    kabupaten = regions.kabupaten(village) if village else None
    own = unit.answers.get("location_address") if unit is not None else None
    return {
        "location": own or home.get("address") or "",
        "rt": _three_digits(home.get("rt")),
        "rw": _three_digits(home.get("rw")),
        "village": village_row.name if village_row is not None else "",
        "village_word": regions.village_word(village) if village else "",
        "kecamatan": kecamatan.name if kecamatan is not None else "",
        "kabupaten": kabupaten.name if kabupaten is not None else "",
    }


def _three_digits(number: Any) -> str | None:
    """RT and RW as they stand on papers (handbook 3.7); documents of before froze the bare number and keep it."""
    return f"{number:03d}" if isinstance(number, int) and number else None


def street_words(address: Mapping[str, Any]) -> str:
    """Street, RT and RW of a frozen address: `Gang Kenanga, RT 002 RW 002`."""
    numbers = " ".join(f"{name.upper()} {address[name]}" for name in ("rt", "rw") if address.get(name))
    return ", ".join(part for part in (str(address.get("location") or ""), numbers) if part)


def tools_snapshot(unit: Answers) -> list[dict[str, Any]]:
    """The tools that the unit was given, units and conditions in words."""
    columns = {column.code: column for column in form(RecordKind.BUSINESS_UNIT).question("tools").columns}
    tools = []
    for _at, row in live_rows(unit.get("tools")):
        told = {code: row[code] for code in ("name", "qty") if code in row}
        words = {code: columns[code].choice_label(row[code]) for code in ("unit", "condition") if row.get(code)}
        tools.append({**told, **words})
    return tools


NOT_COMPARED = ("photos", "signature", "cash_weeks")
"""Answers of the last visit that nothing is compared with."""


def previous_snapshot(previous: Fact | None) -> dict[str, Any]:
    """The visit to compare with: its day, the days that its figures cover, its answers."""
    if previous is None:
        return {}
    start, end = read_day(previous.answers.get("period_from")), read_day(previous.answers.get("period_to"))
    days = (end - start).days + 1 if start is not None and end is not None else None
    answers = {code: value for code, value in previous.answers.items() if not code.startswith(NOT_COMPARED)}
    return {"visited_on": previous.occurred_on, "period_days": days, "answers": answers}


def _household_behind(session: Session, owner: Record | None) -> Record | None:
    if owner is None or owner.kind != RecordKind.PERSON:
        return None
    return record_of(session, owner.answers.get("household_id"))


def _name_of_role(members: list[views.MemberRow], role: str) -> str:
    return next((row.name for row in members if row.role == role), "")
