"""What handover minutes show besides their answers, frozen when finalised (handbook 9.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kube_field.domain.forms.aid_changes import differing, reason_of
from kube_field.domain.forms.aid_rules import AFTER_VISIT, is_last_tranche, not_handed
from kube_field.domain.forms.answered import rows, text, whole
from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Kind, Question
from kube_field.domain.forms.goods import quantity, quantity_words
from kube_field.domain.money import show_rupiah
from kube_field.domain.records import Answers, Fact, Record, RecordKind
from kube_field.usecases.answer_text import answer_in_words
from kube_field.usecases.known import batch_answers, planned_rows, present_members
from kube_field.usecases.parents import (
    display_name,
    household_of,
    owner_of,
    record_of,
    reference_name,
    reference_uid,
    village_of,
)
from kube_field.usecases.received_aid import standing_minutes
from kube_field.usecases.session import Session
from kube_field.usecases.snapshots import (
    address_snapshot,
    batch_snapshot,
    business_snapshot,
    common_snapshot,
    owner_snapshot,
)


def aid_snapshot(session: Session, *, answers: Answers, supersedes: str = "") -> dict[str, Any]:
    """Everything that the minutes show besides the answers, as it stands now."""
    unit = session.store.records.get(reference_uid(answers.get("unit_id")))
    handed_on = text(answers, "handover_on")
    if unit is None:
        return common_snapshot(session, "", handed_on)
    village = village_of(session, unit.answers)
    owner = owner_of(session, unit)
    original = session.store.facts.get(supersedes) if supersedes else None
    return {
        **common_snapshot(session, village, handed_on),
        **owner_snapshot(session, owner, unit),
        "business": business_snapshot(session, unit),
        "batch": batch_snapshot(session, unit, owner),
        "address": address_snapshot(session, unit, owner, village),
        "giver": _giver(session, answers),
        "receiver": _receiver(session, answers),
        "member_list": _members(session, owner),
        "tranche": _tranche(session, answers),
        "not_handed": _not_handed(session, unit, answers, supersedes),
        **(_change(session, original, answers) if original is not None else {}),
    }


def _giver(session: Session, answers: Answers) -> dict[str, str]:
    """Who hands over, by the staff record; the officer himself where it is not here."""
    staff = record_of(session, answers.get("handed_by"))
    if staff is not None:
        told = {code: str(staff.answers.get(code) or "") for code in ("employee_number", "office")}
        return {"name": display_name(staff.answers), **told}
    name, officer = reference_name(answers.get("handed_by")), session.officer
    if name and name != officer.name:
        return {"name": name, "employee_number": "", "office": officer.office}
    return {"name": officer.name, "employee_number": officer.employee_number, "office": officer.office}


def _receiver(session: Session, answers: Answers) -> dict[str, str]:
    """Who receives, with the whole NIK and the home address: minutes name people fully (handbook 9.0)."""
    person = record_of(session, answers.get("received_by"))
    if person is None:
        return {"name": reference_name(answers.get("received_by")), "nik": "", "sex": "", "address": ""}
    return {
        "name": display_name(person.answers),
        "nik": text(person.answers, "nik"),
        "sex": text(person.answers, "sex"),
        "address": home_address(session, household_of(session, person)),
    }


def home_address(session: Session, home: Record | None) -> str:
    """The address of a family in one line, village and kecamatan included."""
    lives: Answers = home.answers if home is not None else {}
    village = text(lives, "village_code")
    numbers = (("RT", whole(lives, "rt")), ("RW", whole(lives, "rw")))
    parts = [
        text(lives, "address"),
        " ".join(f"{word} {number:03d}" for word, number in numbers if number),
        session.reference.regions.full_name(village) if village else "",
    ]
    return ", ".join(part for part in parts if part)


def _members(session: Session, owner: Record | None) -> list[dict[str, str]]:
    """The present members of a group with their whole NIK, officers first."""
    if owner is None or owner.kind != RecordKind.KUBE_GROUP:
        return []
    roles = form(RecordKind.MEMBERSHIP).question("role")
    told = []
    for row in present_members(session, owner.uid):
        person = session.store.records.get(row.person_uid)
        nik = text(person.answers, "nik") if person is not None else ""
        told.append({"name": row.name, "nik": nik, "role": roles.choice_label(row.role)})
    return told


def _tranche(session: Session, answers: Answers) -> dict[str, Any]:
    """Which tranche of how many, and the next one where it waits for a visit."""
    batch = batch_answers(session, answers) or {}
    number = whole(answers, "tranche_no") or 1
    planned = {whole(row, "no"): text(row, "condition") for _at, row in rows(batch, "tranches")}
    following = number + 1 if planned.get(number + 1) == AFTER_VISIT else None
    return {"no": number, "of": len(planned), "next_after_visit": following}


def _not_handed(session: Session, unit: Record, answers: Answers, supersedes: str) -> list[str]:
    """Planned goods of which nothing came, told with the last tranche: `Etalase kaca, 1 unit`."""
    batch = batch_answers(session, answers) or {}
    if not is_last_tranche(answers, batch):
        return []
    minutes = [one for one in standing_minutes(session, unit.uid) if one.fact.uid != supersedes]
    return [_goods_words(row) for row in not_handed(answers, planned_rows(session, unit, minutes))]


def _goods_words(row: Mapping[str, Any]) -> str:
    number = quantity(row)
    return f"{text(row, 'item')}, {quantity_words(number) if number is not None else ''} {text(row, 'unit')}".strip()


def _change(session: Session, original: Fact, answers: Answers) -> dict[str, Any]:
    """What the correction is about, and each difference with its reason (handbook 9.4: Semula, Menjadi, Alasan)."""
    return {
        "changed_document": {"number": original.number, "handover_on": text(original.answers, "handover_on")},
        "changes": list(differences(session, original.answers, answers)),
    }


def differences(session: Session, before: Answers, after: Answers) -> Iterator[dict[str, str]]:
    """Each answer that differs as {what, before, after, reason}; items one by one, each with its own reason."""
    for one in differing(form(RecordKind.AID).questions(), before, after):
        told = tuple(_in_words(session, one.question, value) for value in (one.before, one.after))
        yield {"what": one.what, "before": told[0], "after": told[1], "reason": reason_of(one, after)}


def _in_words(session: Session, question: Question, value: Any) -> str:
    if question.kind == Kind.ROWS:
        return _item_words(question, value)
    return answer_in_words(question, value, session.reference)


def _item_words(question: Question, row: Mapping[str, Any] | None) -> str:
    """An item in one line: name, brand, amount, price, condition; a dash where there is none."""
    if row is None:
        return "–"
    columns = {column.code: column for column in question.columns}
    number, price = quantity(row), whole(row, "unit_price_idr")
    parts = [
        columns["kind"].choice_label(row.get("kind")) if row.get("kind") else "",
        " ".join(part for code in ("name", "brand", "spec", "serial_number") if (part := text(row, code))),
        f"{quantity_words(number)} {text(row, 'unit')}" if number is not None else "",
        show_rupiah(price) if price is not None else "",
        columns["condition"].choice_label(row["condition"]) if row.get("condition") else "",
    ]
    return ", ".join(part for part in parts if part)
