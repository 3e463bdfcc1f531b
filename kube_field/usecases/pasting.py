"""Lists pasted into the grids of a group and of a training: matched by NIK, and shown before anything is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from gettext import gettext as _
from typing import Any

from kube_field.domain.dates import check_date
from kube_field.domain.forms.declaration import Severity
from kube_field.domain.forms.reading import read_answer
from kube_field.domain.forms.trainings import ATTENDANCE_FORM
from kube_field.domain.identifiers import check_nik
from kube_field.domain.names import check_name, fold_name
from kube_field.exchange.choice_words import CHOICE_WORDS
from kube_field.exchange.pasted import ROLE_WORDS, STATUS_WORDS, PastedColumn, PastedRow, meaning, read_pasted
from kube_field.usecases import views
from kube_field.usecases.attendance_rows import person_cell, walk_in_cell
from kube_field.usecases.people import near_matches
from kube_field.usecases.session import Session

MOST_CANDIDATES = 5
PRESENT = "hadir"
"""Who walked in was there."""


class Fate(StrEnum):
    """What becomes of a pasted line."""

    TAKE = "take"
    WALK_IN = "walk_in"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class PastedLine:
    """One line as it is shown before it is taken.

    `candidates` are registered people whom it may mean, `person_uid` the proposed one of them; `words` say why.
    `told` are the other answers of the line in the form's shape. `is_sure`: matched by NIK, nothing to be asked.
    """

    number: int
    name: str
    nik: str
    fate: Fate
    person_uid: str = ""
    candidates: tuple[views.PersonRow, ...] = ()
    words: str = ""
    severity: Severity = Severity.KETERANGAN
    is_sure: bool = False
    told: Mapping[str, Any] = field(default_factory=dict)
    may_walk_in: bool = False


def pasted_members(session: Session, *, group_uid: str, text: str) -> tuple[PastedLine, ...]:
    """Every line of a list of members, matched with the registered people; nothing is stored.

    Raises: KubeFieldError VALIDATION for a text that is no list.
    """
    present = {row.person_uid for row in session.store.listings.members(group_uid) if not row.left_on}
    lines = [_matched(session, row, _member_answers(session, row)) for row in _rows(session, text)]
    return _each_once(tuple(_unless_member(line, present) for line in lines))


def pasted_participants(session: Session, *, text: str, listed: Sequence[str] = ()) -> tuple[PastedLine, ...]:
    """Every line of an attendance list; who is not registered may be taken as a walk-in. Nothing is stored.

    `listed` are the people in the grid already. Raises: KubeFieldError VALIDATION for a text that is no list.
    """
    lines = [_matched(session, row, _presence_answers(session, row)) for row in _rows(session, text)]
    known = set(listed)
    return _each_once(tuple(_as_participant(line, known) for line in lines))


def _rows(session: Session, text: str) -> list[PastedRow]:
    holders = session.store.listings.holders_of_nik
    return read_pasted(text, lambda niks: sum(bool(holders(nik)) for nik in niks))


def _matched(session: Session, row: PastedRow, told: Mapping[str, Any]) -> PastedLine:
    """The line with whom its NIK says it is; by its name alone nobody is ever taken."""
    line = PastedLine(row.number, row.text(PastedColumn.NAME), row.nik, Fate.LEAVE, told=told)
    if row.is_cut_number:
        words = _("NIK terpotong oleh Excel ({shown}). Ubah kolomnya menjadi Teks di berkas asal, lalu salin lagi.")
        return _asked(session, line, words.format(shown=row.nik), Severity.GALAT)
    if not row.nik:
        return _asked(session, line, _("Tanpa NIK: pilih orangnya."), Severity.PERINGATAN)
    errors = [said for said in check_nik(row.nik, today=session.today()).findings if said[1] == Severity.GALAT]
    if errors:
        return _asked(session, line, errors[0][2], Severity.GALAT)
    holders = near_matches(session, nik=row.nik)
    if len(holders) == 1:
        return _of_holder(line, holders[0])
    words = _("NIK ini dipakai {n} orang: pilih orangnya.").format(n=len(holders))
    if holders:
        return replace(line, candidates=tuple(holders), words=words, severity=Severity.PERINGATAN)
    return _asked(session, line, _("NIK ini belum terdaftar."), Severity.PERINGATAN)


def _of_holder(line: PastedLine, person: views.PersonRow) -> PastedLine:
    """Whose NIK it is; another name than the pasted one is asked about."""
    same = not line.name or fold_name(line.name) == fold_name(person.name)
    if same:
        words = _("Cocok menurut NIK.")
        return replace(
            line,
            fate=Fate.TAKE,
            person_uid=person.uid,
            candidates=(person,),
            words=words,
            is_sure=True,
            name=person.name,
        )
    words = _("NIK ini milik {name}: pastikan orangnya.").format(name=person.name)
    return replace(line, candidates=(person,), words=words, severity=Severity.PERINGATAN)


def _asked(session: Session, line: PastedLine, words: str, severity: Severity) -> PastedLine:
    """A line that the officer decides about, with those whose name is alike."""
    alike = near_matches(session, name=line.name)[:MOST_CANDIDATES] if line.name else []
    return replace(line, words=words, severity=severity, candidates=tuple(alike))


def _unless_member(line: PastedLine, present: set[str]) -> PastedLine:
    if line.person_uid in present:
        return replace(line, fate=Fate.LEAVE, person_uid="", candidates=(), words=_("Sudah anggota kelompok ini."))
    left = tuple(person for person in line.candidates if person.uid not in present)
    return replace(line, candidates=left)


def _as_participant(line: PastedLine, listed: set[str]) -> PastedLine:
    """Who is nowhere registered under a name that can stand on the list is proposed as a walk-in."""
    if line.person_uid in listed:
        return replace(line, words=_("Cocok menurut NIK; sudah ada dalam daftar ini."))
    may = check_name(line.name).verdict != "error"
    line = replace(line, may_walk_in=may)
    is_new = may and not line.candidates and line.severity != Severity.GALAT
    return replace(line, fate=Fate.WALK_IN) if is_new and not line.is_sure else line


def _each_once(lines: tuple[PastedLine, ...]) -> tuple[PastedLine, ...]:
    """Nobody twice: the second line about the same person is left out."""
    first: dict[str, int] = {}
    kept = []
    for line in lines:
        if line.person_uid and line.person_uid in first:
            words = _("Orang yang sama dengan baris {n}.").format(n=first[line.person_uid])
            line = replace(line, fate=Fate.LEAVE, person_uid="", candidates=(), words=words)
        elif line.person_uid:
            first[line.person_uid] = line.number
        kept.append(line)
    return tuple(kept)


def _member_answers(session: Session, row: PastedRow) -> dict[str, Any]:
    joined = check_date(row.text(PastedColumn.JOINED), today=session.today(), kind="any", required=False).value
    told = {"role": meaning(row.text(PastedColumn.ROLE), ROLE_WORDS), "joined_on": joined}
    return {code: value for code, value in told.items() if value}


def _presence_answers(session: Session, row: PastedRow) -> dict[str, Any]:
    """Status, allowance and note of the grid, and the parts of a walk-in; what cannot be read is left out."""
    told: dict[str, Any] = {
        "status": meaning(row.text(PastedColumn.STATUS), STATUS_WORDS),
        "note": row.text(PastedColumn.NOTE),
    }
    allowance = _read(session, "transport_allowance_idr", row.text(PastedColumn.ALLOWANCE))
    if isinstance(allowance, int):
        told["transport_allowance_idr"] = allowance
    village, nik = row.text(PastedColumn.VILLAGE), check_nik(row.nik, today=session.today(), required=False)
    told["walk_in"] = {
        "name": row.text(PastedColumn.NAME),
        "nik": nik.value if nik.verdict != "error" else "",
        "sex": meaning(row.text(PastedColumn.SEX), CHOICE_WORDS["sex"]),
        "phone": _read(session, "walk_in_phone", row.text(PastedColumn.PHONE)),
        "village": _village_code(session, village) or village,
    }
    return {code: value for code, value in told.items() if value}


def _read(session: Session, code: str, text: str) -> Any:
    return read_answer(ATTENDANCE_FORM.question(code), text, today=session.today()) if text else ""


def _village_code(session: Session, name: str) -> str:
    """The village of this name in the officer's areas, where there is exactly one."""
    if not name:
        return ""
    found = session.reference.regions.search_villages(name, session.officer.areas)
    exact = [region.code for region in found if fold_name(region.name) == fold_name(name)]
    return exact[0] if len(exact) == 1 else ""


def with_pasted(
    session: Session, cells: Sequence[views.AttendanceCell], lines: Sequence[PastedLine]
) -> tuple[views.AttendanceCell, ...]:
    """The grid after a paste: rows that are known filled in, new ones behind them; what is left changes nothing."""
    found = {cell.key: cell for cell in cells}
    key_of = {cell.person_uid: cell.key for cell in cells if cell.person_uid}
    for line in lines:
        if line.fate == Fate.TAKE and line.person_uid:
            key = key_of.get(line.person_uid)
            cell = found[key] if key is not None else person_cell(session, line.person_uid, line.name)
        elif line.fate == Fate.WALK_IN:
            cell = walk_in_cell(session, session.wiring.new_id(), line.told["walk_in"])
            cell = replace(cell, status=PRESENT)
        else:
            continue
        found[cell.key] = _filled(cell, line.told)
        key_of[cell.person_uid] = cell.key
    return tuple(found.values())


def _filled(cell: views.AttendanceCell, told: Mapping[str, Any]) -> views.AttendanceCell:
    """What the pasted line says of the session goes over what stood there; silence leaves it."""
    kept = {code: told[code] for code in ("status", "note", "transport_allowance_idr") if code in told}
    return replace(cell, **kept)


def without_pasted(
    now: Sequence[views.AttendanceCell], before: Sequence[views.AttendanceCell], pasted: Sequence[views.AttendanceCell]
) -> tuple[views.AttendanceCell, ...]:
    """The grid as if nothing had been pasted; a row that was edited since the paste stays as it is."""
    old, new = ({cell.key: cell for cell in cells} for cells in (before, pasted))
    kept = [old.get(cell.key) if new.get(cell.key) == cell else cell for cell in now]
    return tuple(cell for cell in kept if cell is not None)
