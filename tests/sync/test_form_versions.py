"""Documents of every version of a form travel through one server and are printed alike on the other laptop."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kube_field.domain.records import Fact
from kube_field.usecases.assessments import begin_assessment
from kube_field.usecases.drafts import save_draft
from kube_field.usecases.papers import cash_book_paper, document_paper
from tests.support import make_answers
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import commit_saved, make_unit, record_visit, register_person, visit_answers
from tests.support.server import RunningServer, enrolled


@pytest.fixture
def dewi(tmp_path: Path, server: RunningServer):
    with make_laptop(tmp_path, "Dewi", code="L08") as laptop:
        yield enrolled(server, laptop)


def older_visit(laptop: Laptop, unit_uid: str, day: str, version: str = "2026.1", **changes: Any) -> Fact:
    """A visit as a laptop that was not updated yet finalises it."""
    draft, answers = visit_answers(laptop.session, unit_uid, day, **changes)
    older = replace(draft, form_version=version)
    laptop.store.save_draft(older)
    stored = commit_saved(laptop.session, save_draft(laptop.session, draft=older, answers=answers))
    assert isinstance(stored, Fact)
    return stored


def test_visits_of_every_version_arrive_whole_and_print_the_same(server: RunningServer, rina: Laptop, dewi: Laptop):
    unit = make_unit(rina.session)
    first = older_visit(rina, unit.uid, "2026-10-20")
    told = {"assess_stage": True, "tumbuh_a": True, "own_flag": "watch", "own_flag_reason": "Ketua sering sakit."}
    second = older_visit(rina, unit.uid, "2026-11-16", "2026.2", **told)
    period = {"period_from": "2026-10-21", "period_to": "2026-11-19"}
    third = record_visit(rina.session, unit.uid, "2026-11-20", **{**told, **period, **make_answers.make_cash_book()})
    assert [one.form_version for one in (first, second, third)] == ["2026.1", "2026.2", "2026.3"]
    sent, got = server.sync(rina.session), server.sync(dewi.session)
    assert (sent.refused, sent.outcome, got.outcome) == (0, "", "")
    for fact in (first, second, third):
        theirs = dewi.store.facts.get(fact.uid)
        assert theirs is not None
        assert (theirs.form_version, theirs.answers, theirs.snapshot, theirs.sha256) == (
            fact.form_version,
            fact.answers,
            fact.snapshot,
            fact.sha256,
        )
        here, there = (document_paper(laptop.session, uid=fact.uid) for laptop in (rina, dewi))
        assert here == there
    here, there = (cash_book_paper(laptop.session, uid=third.uid) for laptop in (rina, dewi))
    assert here == there


def test_an_assessment_arrives_with_its_suggestions_and_prints_the_same(
    server: RunningServer, rina: Laptop, dewi: Laptop
):
    widow = register_person(rina.session, 18)
    draft = begin_assessment(rina.session, subject_uid=widow.uid)
    answers = {**make_answers.complete_assessment(), **draft.answers, "planned_aid_idr": 5_000_000}
    answers["skills"] = make_answers.complete_assessment()["skills"]
    fact = commit_saved(rina.session, save_draft(rina.session, draft=draft, answers=answers))
    assert isinstance(fact, Fact)
    sent, got = server.sync(rina.session), server.sync(dewi.session)
    assert (sent.refused, sent.outcome, got.outcome) == (0, "", "")
    theirs = dewi.store.facts.get(fact.uid)
    assert theirs is not None
    assert theirs.snapshot["recommendation"] == fact.snapshot["recommendation"]
    assert len(theirs.snapshot["recommendation"]["suggestions"]) == 5
    here, there = (document_paper(laptop.session, uid=fact.uid) for laptop in (rina, dewi))
    assert here == there
