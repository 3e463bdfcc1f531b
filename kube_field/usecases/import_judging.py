"""Judges one record of a list by the form and use cases that a typed one goes through, and gathers its work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Finding, Severity
from kube_field.domain.records import FACT_ROWS, Draft, Fact, RecordKind
from kube_field.exchange.entries import EntryReader, RowFinding
from kube_field.exchange.incoming import Row
from kube_field.exchange.incoming_cells import Problem
from kube_field.exchange.incoming_columns import CONSENTS, DESIL
from kube_field.usecases.answer_text import answer_in_words
from kube_field.usecases.drafts import evaluate_draft, new_draft
from kube_field.usecases.editing import commit_edit, warnings_to_confirm
from kube_field.usecases.gathering import Gathered, Gathering
from kube_field.usecases.import_results import FieldChange
from kube_field.usecases.session import Session

OUTSIDE_AREA, OUTSIDE_AREA_WARNING = "AREA_NOT_ALLOWED", "REGION_OUTSIDE_AREA"
UNFILLED = {RecordKind.KUBE_GROUP: {"formed_on": None}}
"""What a new form proposes and the officer sees; a list that is silent about it leaves it open."""
FIRST_COLUMN = {CONSENTS: f"{CONSENTS}.data_program", DESIL: f"{DESIL}.desil"}
"""Under which column a finding about a whole table stands."""


@dataclass(slots=True)
class Judged:
    """One record judged: its work where nothing is wrong with it."""

    uid: str
    findings: list[RowFinding] = field(default_factory=list)
    work: Gathered | None = None
    is_new: bool = True

    @property
    def is_wrong(self) -> bool:
        """True when something blocks it."""
        return any(finding.severity == Severity.GALAT for finding in self.findings)

    def blocks(self, code: str) -> bool:
        """True when the answer to this question is what blocks: a number that is none tells no records apart."""
        return any(one.field == code and one.severity == Severity.GALAT for one in self.findings)


class RecordJudge:
    """Judges records of one list."""

    def __init__(self, gathering: Gathering, reader: EntryReader) -> None:
        self._gathering, self._reader = gathering, reader
        self._session = gathering.session

    def judge(
        self,
        kind: RecordKind,
        uid: str,
        answers: Mapping[str, Any],
        place: tuple[int, Row],
        found: Sequence[RowFinding],
        prefix: str = "",
    ) -> Judged:
        """Judge a record as it would stand; `uid` is "" for a new one, `found` what reading its cells said already."""
        self._gathering.forget_ids()
        if uid and self._says_nothing_new(kind, uid, answers, found):
            return Judged(uid, work=Gathered(), is_new=False)
        draft = self._draft(kind, uid, answers)
        is_new = not uid
        judged = Judged(draft.record_uid, list(found), is_new=is_new)
        told = {(one.field, one.code) for one in found}
        unreadable = {one.field for one in found if one.severity == Severity.GALAT}
        evaluation = evaluate_draft(self._session, draft=draft)
        outside = any(one.code == OUTSIDE_AREA for one in found)
        for finding in (*evaluation.errors, *warnings_to_confirm(self._session, draft, evaluation, {})):
            code = _code_of(finding, prefix)
            silent = code in unreadable or (code, finding.code) in told
            if not silent and not (outside and finding.code == OUTSIDE_AREA_WARNING):
                judged.findings.append(self._told(place, code, finding))
        if not judged.is_wrong:
            judged.work = self._gathering.begin()
            commit_edit(self._session, draft, {})
        return judged

    def _says_nothing_new(
        self, kind: RecordKind, uid: str, answers: Mapping[str, Any], found: Sequence[RowFinding]
    ) -> bool:
        """True for a row that repeats what stands here: most of a list that comes again, and quick to see."""
        stored = self._gathering.record(uid)
        if stored is None or any(one.severity == Severity.GALAT for one in found):
            return False
        tables = FACT_ROWS.get(kind, {})
        if any(stored.answers.get(code) != value for code, value in answers.items() if code not in tables):
            return False
        return all(
            _is_known(table, row, self._session.store.facts.of_subject(uid, fact_kind))
            for table, fact_kind in tables.items()
            for row in answers.get(table) or ()
        )

    def _draft(self, kind: RecordKind, uid: str, answers: Mapping[str, Any]) -> Draft:
        rows = {
            table: self._rows(table, fact_kind, uid, answers.get(table) or ())
            for table, fact_kind in FACT_ROWS.get(kind, {}).items()
            if uid or table in answers
        }
        open_ones = UNFILLED.get(kind, {}) if not uid else {}
        return new_draft(self._session, kind=kind, record_uid=uid, prefill={**open_ones, **answers, **rows})

    def _rows(
        self, table: str, kind: RecordKind, uid: str, told: Sequence[Mapping[str, Any]]
    ) -> list[Mapping[str, Any]]:
        """The rows of a table that are facts already, and those of the list that say something else."""
        facts = self._session.store.facts.of_subject(uid, kind) if uid else []
        rows: list[Mapping[str, Any]] = [{"id": fact.uid, **fact.answers} for fact in facts]
        for row in told:
            if not _is_known(table, row, facts):
                rows.append({"id": self._session.wiring.new_id(), **row})
        return rows

    def _told(self, place: tuple[int, Row], code: str, finding: Finding) -> RowFinding:
        number, row = place
        problem = Problem(finding.code, finding.message, severity=finding.severity)
        return self._reader.finding(number, row, code, problem)


def area_problem(session: Session, village: str) -> Problem | None:
    """Why a row of this village is refused: nobody brings people into areas that are not his own."""
    regions = session.reference.regions
    if not village or regions.in_areas(village, session.officer.areas):
        return None
    message = _("Di luar wilayah tugas Anda: {place}.").format(place=regions.full_name(village))
    return Problem(OUTSIDE_AREA, message, _("Hapus baris ini dari daftar, atau serahkan kepada petugas wilayah itu."))


def _code_of(finding: Finding, prefix: str) -> str:
    """The column that a finding of the form is about."""
    if finding.question == DESIL and finding.column:
        return f"{prefix}{finding.question}.{finding.column}"
    if finding.question == CONSENTS and finding.column in ("given_on", "how"):
        return f"{prefix}{finding.question}.{finding.column}"
    return f"{prefix}{FIRST_COLUMN.get(finding.question, finding.question)}"


def _is_known(table: str, row: Mapping[str, Any], facts: Sequence[Fact]) -> bool:
    """True for a row that says nothing new: the newest word on a consent, or a desil check of that day."""
    if table == CONSENTS:
        same = [fact for fact in facts if fact.answers.get("item") == row.get("item")]
        newest = max(same, key=lambda fact: fact.occurred_on, default=None)
        return newest is not None and all(newest.answers.get(code) == row[code] for code in row if code != "how")
    newest = max(facts, key=lambda fact: fact.occurred_on, default=None)
    if "checked_on" not in row and newest is not None:
        return bool(newest.answers.get("desil") == row.get("desil"))
    return any(all(fact.answers.get(code) == value for code, value in row.items()) for fact in facts)


def field_changes(session: Session, work: Gathered) -> list[FieldChange]:
    """What a row's work changes about records that are there, in words."""
    return [*_changed_fields(session, work), *_added_rows(session, work)]


def _changed_fields(session: Session, work: Gathered) -> Iterator[FieldChange]:
    for change in work.changes:
        if change.create or change.kind not in FORM_KINDS:
            continue
        questions = {question.code: question for question in form(change.kind).questions()}
        for code, (old, new) in change.sets.items():
            if code in questions and not questions[code].fixed:
                question = questions[code]
                words = [answer_in_words(question, value, session.reference) for value in (old, new)]
                yield FieldChange(_(question.label), *words)


def _added_rows(session: Session, work: Gathered) -> Iterator[FieldChange]:
    for fact in work.facts:
        if fact.kind not in (RecordKind.CONSENT, RecordKind.DESIL_CHECK):
            continue
        declared = form(fact.kind)
        words = [
            answer_in_words(question, fact.answers[question.code], session.reference)
            for question in declared.questions()
            if question.code in fact.answers
        ]
        yield FieldChange(_(declared.title), "", " · ".join(words))


FORM_KINDS = frozenset({RecordKind.PERSON, RecordKind.HOUSEHOLD, RecordKind.KUBE_GROUP})
