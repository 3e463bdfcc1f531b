"""Participants of one session as rows of a grid, and as the answers that their facts hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from kube_field.domain.forms.evaluation import live_rows
from kube_field.domain.names import fold_name
from kube_field.domain.phones import check_phone
from kube_field.domain.records import Fact, Record, RecordKind
from kube_field.domain.regions import Regions
from kube_field.usecases import views
from kube_field.usecases.parents import display_name, reference_name, reference_uid, village_of
from kube_field.usecases.session import Session

PHONE_END = 4
"""How many digits of a telephone number stand on the list (handbook 9.2)."""
EDITED = ("status", "time_in", "note", "replaced_by", "transport_allowance_idr", "signature")
"""Answers of one participant that the grid edits."""
WALK_IN = ("name", "nik", "sex", "village", "phone")
"""Parts of a walk-in participant; the question codes begin with walk_in_."""
SIGNED_BY = ("strokes", "thumbprint", "waived")
"""One of these makes a signature: pen strokes, a photo of the thumbprint, or why there is neither."""


def participants_of(session: Session, event: Record) -> list[views.AttendanceCell]:
    """Everybody who was invited and not erased since, nothing filled in yet, in the order of the invitation."""
    invited = [row.get("person") for _at, row in live_rows(event.answers.get("participants"))]
    cells = [person_cell(session, reference_uid(one), reference_name(one)) for one in invited if reference_uid(one)]
    return without_erased(session, cells)


def without_erased(session: Session, cells: Iterable[views.AttendanceCell]) -> list[views.AttendanceCell]:
    """The rows without those of people who were erased; a grid may have stood open when the word came."""
    return [cell for cell in cells if not (cell.person_uid and session.store.records.was_erased(cell.person_uid))]


def person_cell(session: Session, person_uid: str, name: str = "") -> views.AttendanceCell:
    """An empty row for a registered person."""
    person = session.store.records.get(person_uid)
    if person is None:
        return views.AttendanceCell(person_uid, person_uid, name, "", "", "", "")
    village = village_of(session, person.answers)
    return views.AttendanceCell(
        key=person_uid,
        person_uid=person_uid,
        name=display_name(person.answers),
        sex=str(person.answers.get("sex") or ""),
        group_name=group_name_of(session, person_uid),
        village=session.reference.regions.name_in_kecamatan(village) if village else "",
        phone_end=str(person.answers.get("phone") or "")[-PHONE_END:],
    )


def group_name_of(session: Session, person_uid: str) -> str:
    """Name of the group that a person belongs to now."""
    for one in session.store.records.where(RecordKind.MEMBERSHIP, person_id=person_uid):
        if not one.answers.get("left_on"):
            return reference_name(one.answers.get("group_id"))
    return ""


def cell_of_fact(session: Session, fact: Fact) -> views.AttendanceCell:
    """A final row as the grid shows it."""
    answers = fact.answers
    person_uid = reference_uid(answers.get("person_id"))
    if person_uid:
        base = asdict(person_cell(session, person_uid, reference_name(answers.get("person_id"))))
    else:
        walk_in = {part: answers[f"walk_in_{part}"] for part in WALK_IN if answers.get(f"walk_in_{part}")}
        base = asdict(walk_in_cell(session, fact.document_id, walk_in))
    told = {code: answers[code] for code in EDITED if code in answers}
    return views.AttendanceCell(**{**base, **told, "fact_uid": fact.uid})


def cell_of_frozen(fact: Fact) -> views.AttendanceCell:
    """A final row as its own snapshot names the participant, for paper."""
    told = fact.snapshot.get("participant") or {}
    blank = {"name": "", "sex": "", "group_name": "", "village": "", "phone_end": ""}
    named: dict[str, Any] = {part: str(told.get(part) or "") for part in blank}
    person_uid = reference_uid(fact.answers.get("person_id"))
    edited = {code: fact.answers[code] for code in EDITED if code in fact.answers}
    return views.AttendanceCell(key=fact.document_id, person_uid=person_uid, fact_uid=fact.uid, **named, **edited)


def walk_in_cell(session: Session, key: str, walk_in: Mapping[str, Any]) -> views.AttendanceCell:
    """An empty row for somebody who is not registered."""
    village = str(walk_in.get("village") or "")
    return views.AttendanceCell(
        key=key,
        person_uid="",
        name=str(walk_in.get("name") or ""),
        sex=str(walk_in.get("sex") or ""),
        group_name="",
        village=_place_words(session.reference.regions, village),
        phone_end=str(walk_in.get("phone") or "")[-PHONE_END:],
        walk_in=dict(walk_in),
    )


def _place_words(regions: Regions, village: str) -> str:
    """A village with its kecamatan; a place that was only typed stays as it was typed."""
    return regions.name_in_kecamatan(village) if regions.village(village) is not None else village


def row_answers(session: Session, cell: views.AttendanceCell) -> dict[str, Any]:
    """What the officer may edit of one row, as answers of the attendance form; blanks left out."""
    told = {code: value for code in EDITED if (value := getattr(cell, code)) not in ("", None, {})}
    if cell.person_uid:
        return told
    walk_in = walk_in_answers(session, cell)
    return told | {f"walk_in_{part}": walk_in[part] for part in WALK_IN if walk_in.get(part)}


def cell_with_answers(session: Session, cell: views.AttendanceCell, answers: Mapping[str, Any]) -> views.AttendanceCell:
    """The row with its edited answers; how a walk-in is named in the grid follows them."""
    edited = replace(
        cell,
        status=str(answers.get("status") or ""),
        time_in=str(answers.get("time_in") or ""),
        note=str(answers.get("note") or ""),
        replaced_by=str(answers.get("replaced_by") or ""),
        transport_allowance_idr=answers.get("transport_allowance_idr"),
        signature=_signed(cell.name, answers.get("signature")),
    )
    if cell.person_uid:
        return edited
    walk_in = {part: answers[f"walk_in_{part}"] for part in WALK_IN if answers.get(f"walk_in_{part}")}
    named = walk_in_cell(session, cell.key, walk_in)
    return replace(
        edited, name=named.name, sex=named.sex, village=named.village, phone_end=named.phone_end, walk_in=walk_in
    )


def _signed(name: str, signature: Any) -> dict[str, Any]:
    """A signature that shows something, under the participant's name where no other was written."""
    if not isinstance(signature, Mapping) or not any(signature.get(part) for part in SIGNED_BY):
        return {}
    return dict(signature) if "waived" in signature else {**signature, "name": signature.get("name") or name}


def merged_cells(*layers: Iterable[views.AttendanceCell]) -> tuple[views.AttendanceCell, ...]:
    """Rows by key, later layers on top; the order of first appearance."""
    found: dict[str, views.AttendanceCell] = {}
    for layer in layers:
        for cell in layer:
            found[cell.key] = cell
    return tuple(found.values())


def draft_row(cell: views.AttendanceCell) -> dict[str, Any]:
    """A row as the draft keeps it: everything, so that the grid comes back as it was left."""
    return {name: value for name, value in asdict(cell).items() if value not in ("", None, {})}


def cell_of_row(row: Mapping[str, Any]) -> views.AttendanceCell:
    """A row of the draft as the grid shows it."""
    blank = {"key": "", "person_uid": "", "name": "", "sex": "", "group_name": "", "village": "", "phone_end": ""}
    known = {name for name in views.AttendanceCell.__dataclass_fields__}
    return views.AttendanceCell(**{**blank, **{name: value for name, value in row.items() if name in known}})


def answers_of_cell(session: Session, event: Record, session_no: int, cell: views.AttendanceCell) -> dict[str, Any]:
    """One participant as answers of the attendance form; blanks left out."""
    answers: dict[str, Any] = {
        "event_id": {"uid": event.uid, "name": display_name(event.answers)},
        "session_no": session_no,
    }
    if cell.person_uid:
        answers["person_id"] = {"uid": cell.person_uid, "name": cell.name}
    return answers | row_answers(session, cell)


def walk_in_answers(session: Session, cell: views.AttendanceCell) -> dict[str, Any]:
    """A walk-in's parts in the form's shape: telephone as +62…, village by its code where its name is unmistakable."""
    told = {"name": cell.name, "sex": cell.sex, **cell.walk_in}
    phone = str(told.get("phone") or "")
    told["phone"] = check_phone(phone).value or phone
    name = str(told.get("village_name") or "").strip()
    if name and not told.get("village"):
        found = session.reference.regions.search_villages(name, session.officer.areas)
        exact = [region for region in found if fold_name(region.name) == fold_name(name)]
        told["village"] = exact[0].code if len(exact) == 1 else name
    return told
