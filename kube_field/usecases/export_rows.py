"""Records as an export tells them: within the officer's area, with names beside the ids, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from kube_field.domain.dates import wita_day
from kube_field.domain.document_state import Chip, chip_of, state_words
from kube_field.domain.forms.answered import read_day
from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Context, Question
from kube_field.domain.records import (
    DOCUMENT_KINDS,
    EDITABLE_KINDS,
    PROVINCE_SCOPE,
    Fact,
    Record,
    RecordKind,
)
from kube_field.domain.rules.score import Status, status_words
from kube_field.exchange.cells import Cell, Known, answer_cell, day_cell
from kube_field.exchange.columns import Told
from kube_field.exchange.tables import FAMILY_OF_PERSON
from kube_field.usecases import views
from kube_field.usecases.due import due_detail, due_of
from kube_field.usecases.export_parts import Part
from kube_field.usecases.parents import display_name, reference_uid
from kube_field.usecases.secrecy import may_see
from kube_field.usecases.session import Session

SHELF = ":"
"""Stands in the scope of what only its author and supervisors see: kabupaten, then author."""


class PageReader:
    """Reads pages of records for one export."""

    def __init__(self, session: Session, *, with_nik: bool) -> None:
        self._session = session
        self._selections = session.store.selections
        self._with_nik = with_nik
        self._officers = {
            session.officer.uid: session.officer.name,
            **{one.uid: display_name(one.answers) for one in session.store.records.where(RecordKind.STAFF)},
        }
        self._family_questions = {
            question.code: question
            for question in form(RecordKind.HOUSEHOLD).questions()
            if question.code in FAMILY_OF_PERSON
        }
        self.left_out = 0
        """Records of the lists that lie outside the officer's area."""

    def page(self, part: Part, uids: Sequence[str]) -> tuple[list[Told], Known]:
        """What is told of these records, and what their cells look up."""
        if part.kind in EDITABLE_KINDS:
            records = [one for one in self._selections.records(part.kind, uids) if self._is_mine(one.scope)]
            told = self._told_records(part.kind, records)
        else:
            told = self._told_facts(part, self._seen_facts(part, uids))
        return told, self._known(told)

    def _is_mine(self, scope: str) -> bool:
        regions, areas = self._session.reference.regions, self._session.officer.areas
        mine = scope == PROVINCE_SCOPE or regions.in_areas(scope.partition(SHELF)[0], areas)
        self.left_out += not mine
        return mine

    def _seen_facts(self, part: Part, uids: Sequence[str]) -> list[Fact]:
        own = self._session.officer.uid
        return [
            fact
            for fact in self._selections.facts(uids)
            if may_see(self._session, fact) and (fact.scope.endswith(f"{SHELF}{own}") or self._is_mine(fact.scope))
        ]

    def _told_records(self, kind: RecordKind, records: Sequence[Record]) -> list[Told]:
        more = self._told_beside(kind, records)
        return [
            Told(
                uid=one.uid,
                kind=kind,
                form_version=one.form_version,
                answers=one.answers,
                title=display_name(one.answers),
                officer=self._officers.get(one.updated_by, ""),
                day=_changed_on(one.updated_at),
                more=more.get(one.uid, {}),
                kabupaten=self._kabupaten(one.scope),
                kecamatan=self._kecamatan(one.scope),
            )
            for one in records
        ]

    def _told_beside(self, kind: RecordKind, records: Sequence[Record]) -> Mapping[str, Mapping[str, Cell]]:
        if kind == RecordKind.PERSON:
            return self._families(records)
        if kind == RecordKind.BUSINESS_UNIT:
            units = self._session.store.listings.units_named([one.uid for one in records])
            return {uid: _course(unit, self._session.today()) for uid, unit in units.items()}
        return {}

    def _families(self, people: Sequence[Record]) -> dict[str, Mapping[str, Cell]]:
        family_of = self._selections.families([one.uid for one in people])
        households = {
            one.uid: one for one in self._selections.records(RecordKind.HOUSEHOLD, sorted(set(family_of.values())))
        }
        known = Known(self._session.reference, self._with_nik)
        return {
            person: {
                code: answer_cell(question, households[uid].answers.get(code), known)
                for code, question in self._family_questions.items()
            }
            for person, uid in family_of.items()
            if uid in households
        }

    def _told_facts(self, part: Part, facts: Sequence[Fact]) -> list[Told]:
        uids = [fact.uid for fact in facts]
        standings = self._selections.standings(uids) if part.kind in DOCUMENT_KINDS else {}
        chips = {uid: chip_of(standing) for uid, standing in standings.items()}
        kept = [fact for fact in facts if part.state is None or chips[fact.uid].state == part.state]
        names = self._selections.titles(sorted({fact.subject_uid for fact in kept}))
        return [self._told_fact(fact, chips.get(fact.uid), names.get(fact.subject_uid, "")) for fact in kept]

    def _told_fact(self, fact: Fact, chip: Chip | None, about: str) -> Told:
        return Told(
            uid=fact.uid,
            kind=fact.kind,
            form_version=fact.form_version,
            answers=fact.answers,
            title=about,
            about=about,
            about_uid=fact.subject_uid,
            number=fact.number,
            revision=fact.revision,
            status=state_words()[chip.state] if chip is not None else "",
            officer=fact.author_name,
            day=fact.occurred_on,
            more=_score(fact) if fact.kind == RecordKind.VISIT else {},
            context=self._context(fact),
            kabupaten=self._kabupaten(fact.scope),
            kecamatan=self._kecamatan(fact.scope),
        )

    def _context(self, fact: Fact) -> Context:
        """What the figures of a document are reckoned with: its own day, what was frozen with it, its kabupaten."""
        facts = {"household": fact.snapshot.get("household"), "village_code": fact.scope.partition(SHELF)[0]}
        on = read_day(fact.occurred_on) or self._session.today()
        return Context(today=on, reference=self._session.reference, facts=facts)

    def _kabupaten(self, scope: str) -> str:
        found = self._session.reference.regions.kabupaten(scope.partition(SHELF)[0])
        return found.name if found is not None else ""

    def _kecamatan(self, scope: str) -> str:
        found = self._session.reference.regions.kecamatan(scope.partition(SHELF)[0])
        return found.name if found is not None else ""

    def _known(self, told: Sequence[Told]) -> Known:
        """NIK of everybody whom these records name, shown as the officer may have them."""
        people = sorted({uid for one in told for uid in people_named(one)})
        known = Known(self._session.reference, self._with_nik)
        question = _nik_question()
        niks = {uid: str(answer_cell(question, nik, known)) for uid, nik in self._selections.niks(people).items()}
        return Known(self._session.reference, self._with_nik, niks)


def people_named(told: Told) -> Iterator[str]:
    """Uids in reference answers of a record and of the rows of its tables."""
    for value in told.answers.values():
        rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
        for answer in (value, *(cell for row in rows for cell in row.values())):
            if uid := reference_uid(answer):
                yield uid


def _changed_on(instant: str) -> str:
    """The day of an instant in East Kalimantan, "" for none."""
    try:
        return wita_day(instant).isoformat() if instant else ""
    except ValueError:
        return ""


def _score(fact: Fact) -> dict[str, Cell]:
    """The frozen result of a visit; nothing for visits of before."""
    score: Any = fact.snapshot.get("score")
    if not isinstance(score, Mapping):
        return {}
    total, status = score.get("total"), str(score.get("final_status") or "")
    return {
        "score": total if isinstance(total, int) else None,
        "final_status": status_words(Status(status)) if status in set(Status) else None,
    }


def _course(unit: views.UnitRow, today: date) -> dict[str, Cell]:
    """Where a business stands, as the list of due visits says it."""
    due = due_of(unit, today)
    return {
        "due_words": due_detail(due) if due.on and not unit.is_over else None,
        "due_on": day_cell(due.on) if due.on and not unit.is_over else None,
        "last_visit_on": day_cell(unit.last_visit_on) if unit.last_visit_on else None,
        "health": status_words(Status(unit.health)) if unit.health else None,
    }


def _nik_question() -> Question:
    return form(RecordKind.PERSON).question("nik")
