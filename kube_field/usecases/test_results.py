"""Results of pre-test and post-test: each is final when it is written down, a later one takes its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Context
from kube_field.domain.forms.evaluation import evaluate
from kube_field.domain.forms.test_result import ORAL, POST, PRE, WRITTEN
from kube_field.domain.oral_test import POINTS
from kube_field.domain.records import Answers, Fact, RecordKind
from kube_field.domain.training_results import TestsSummary, summary_of
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases import views
from kube_field.usecases.attendance_rows import participants_of, person_cell
from kube_field.usecases.audit_trail import audit_line
from kube_field.usecases.finalise import field_of
from kube_field.usecases.histories import change_of_fact, small_fact
from kube_field.usecases.parents import display_name, reference_name, reference_uid, unsent_references
from kube_field.usecases.people import the_record
from kube_field.usecases.permissions import require_may_write
from kube_field.usecases.ports import Commit
from kube_field.usecases.prefill import reference
from kube_field.usecases.session import Session


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A participant with both results, None where there is none; `present` counts the sessions with a final list."""

    person_uid: str
    name: str
    sex: str
    village: str
    present: int
    pre: int | None = None
    pre_mode: str = ""
    post: int | None = None
    post_mode: str = ""


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """Results of a training: registered participants, invited or present."""

    event_uid: str
    event_title: str
    rows: tuple[ScoreRow, ...]

    @property
    def summary(self) -> TestsSummary | None:
        """What the results come to."""
        return summary_of((row.pre, row.post) for row in self.rows)


def score_sheet(session: Session, *, event_uid: str) -> ScoreSheet:
    """The results of a training as they stand.

    Raises: KubeFieldError VALIDATION when the training is not on this laptop.
    """
    event = the_record(session, event_uid, RecordKind.TRAINING_EVENT)
    attended = session.store.facts.of_subject(event_uid, RecordKind.ATTENDANCE)
    results = newest_results(session, event_uid)
    people = {cell.person_uid: cell for cell in participants_of(session, event)}
    for fact in attended:
        uid = reference_uid(fact.answers.get("person_id"))
        if uid and uid not in people:
            people[uid] = person_cell(session, uid, reference_name(fact.answers.get("person_id")))
    return ScoreSheet(
        event_uid=event_uid,
        event_title=display_name(event.answers),
        rows=tuple(_row(cell, attended, results) for cell in people.values()),
    )


def _row(cell: views.AttendanceCell, attended: Sequence[Fact], results: dict[tuple[str, str], Fact]) -> ScoreRow:
    told: dict[str, Any] = {}
    for kind in (PRE, POST):
        fact = results.get((cell.person_uid, kind))
        if fact is not None:
            told |= {kind: fact.answers.get("score"), f"{kind}_mode": str(fact.answers.get("mode") or "")}
    present = {
        fact.answers.get("session_no")
        for fact in attended
        if fact.answers.get("status") == "hadir" and reference_uid(fact.answers.get("person_id")) == cell.person_uid
    }
    return ScoreRow(cell.person_uid, cell.name, cell.sex, cell.village, len(present), **told)


def newest_results(session: Session, event_uid: str) -> dict[tuple[str, str], Fact]:
    """The result that stands, by person and test."""
    found: dict[tuple[str, str], Fact] = {}
    for fact in sorted(
        session.store.facts.of_subject(event_uid, RecordKind.TEST_RESULT), key=lambda one: (one.finalised_at, one.uid)
    ):
        found[reference_uid(fact.answers.get("person_id")), str(fact.answers.get("kind"))] = fact
    return found


def tests_told(session: Session, event_uid: str) -> dict[str, Any]:
    """The summary for the snapshot of an attendance list; {} while nobody has both results."""
    found = newest_results(session, event_uid)
    people = {person for person, _kind in found}

    def score(person: str, kind: str) -> int | None:
        fact = found.get((person, kind))
        return fact.answers.get("score") if fact is not None else None

    summary = summary_of((score(person, PRE), score(person, POST)) for person in people)
    return summary.told() if summary is not None else {}


def record_score(session: Session, *, event_uid: str, person_uid: str, kind: str, score: int | None) -> Fact | None:
    """Write down a result from a test on paper; None takes it back. The same one again makes no new fact.

    Raises: KubeFieldError VALIDATION (not 0 to 100, person or training not here), NOT_ALLOWED by role, DISK_FULL.
    """
    told = {"score": score, "mode": WRITTEN} if score is not None else {}
    return _record(session, event_uid, person_uid, kind, told)


def record_oral(
    session: Session, *, event_uid: str, person_uid: str, kind: str, right_answers: Sequence[str]
) -> Fact | None:
    """Write down a test that was asked aloud: the codes of the questions answered rightly.

    Raises: KubeFieldError as `record_score`.
    """
    right = list(dict.fromkeys(right_answers))
    told = {"score": POINTS * len(right), "mode": ORAL, "right_answers": right}
    return _record(session, event_uid, person_uid, kind, told)


def _record(session: Session, event_uid: str, person_uid: str, kind: str, told: dict[str, Any]) -> Fact | None:
    require_may_write(session.officer, RecordKind.TEST_RESULT)
    event = the_record(session, event_uid, RecordKind.TRAINING_EVENT)
    person = the_record(session, person_uid, RecordKind.PERSON)
    before = newest_results(session, event_uid).get((person_uid, kind))
    answers = {"event_id": reference(event), "person_id": reference(person), "kind": kind, **told}
    if _same(before, told):
        return None
    _refuse_errors(session, answers)
    fact = small_fact(session, RecordKind.TEST_RESULT, event, answers, session.today().isoformat())
    change = change_of_fact(session, fact, unsent_references(session, fact.answers, event.uid))
    line = audit_line(session, "record.edit", RecordKind.TEST_RESULT, fact.uid)
    session.store.commit(Commit(facts=(fact,), changes=(change,), audit=(line,)))
    return fact


def _same(before: Fact | None, told: Answers) -> bool:
    codes = ("score", "mode", "right_answers")
    stood: Answers = before.answers if before is not None else {}
    return all(stood.get(code) == told.get(code) for code in codes)


def _refuse_errors(session: Session, answers: Answers) -> None:
    errors = evaluate(form(RecordKind.TEST_RESULT), answers, Context(today=session.today())).errors
    if errors:
        raise KubeFieldError(
            Failure.VALIDATION,
            errors[0].message,
            _("Nilai yang lama tetap berlaku."),
            details=[{"field": field_of(one), "code": one.code, "message": one.message} for one in errors],
        )
