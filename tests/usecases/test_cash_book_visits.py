"""Visits with a cash book: frozen whole, printed again alike, corrected; drafts of before are left alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kube_field.domain.records import Fact
from kube_field.errors import KubeFieldError
from kube_field.usecases.drafts import evaluate_draft, save_draft
from kube_field.usecases.finalise import correct_document
from kube_field.usecases.papers import cash_book_paper, document_paper
from kube_field.usecases.visits import begin_visit
from tests.support import make_records
from tests.support.laptop import Laptop
from tests.support.make_answers import make_cash_book
from tests.support.read_papers import paper_text

PERIOD = {"period_from": "2026-10-21", "period_to": "2026-11-19"}


def visit_with_book(laptop: Laptop, **changes: Any) -> Fact:
    unit = make_records.make_unit(laptop.session)
    return make_records.record_visit(
        laptop.session, unit.uid, "2026-11-20", **{**PERIOD, **make_cash_book(), **changes}
    )


def test_the_book_is_frozen_and_printed_twice_alike(laptop: Laptop) -> None:
    fact = visit_with_book(laptop)
    assert fact.form_version == "2026.3"
    assert fact.answers["cash_weeks"] == make_cash_book()["cash_weeks"]
    first = cash_book_paper(laptop.session, uid=fact.uid)
    assert "Laba (Rugi) 1.600.000" in paper_text(first)
    laptop.clock.set_day("2026-11-29")
    make_records.register_person(laptop.session, 18)
    assert cash_book_paper(laptop.session, uid=fact.uid) == first
    assert document_paper(laptop.session, uid=fact.uid) != first


def test_every_print_is_written_down_and_a_look_is_not(laptop: Laptop) -> None:
    fact = visit_with_book(laptop)
    prints = "SELECT count(*) FROM audit WHERE action = 'paper.print'"
    cash_book_paper(laptop.session, uid=fact.uid, printed=False)
    ((before,),) = laptop.store.db.rows(prints)
    cash_book_paper(laptop.session, uid=fact.uid)
    assert laptop.store.db.rows(prints) == [(before + 1,)]


def test_a_correction_takes_the_book_along(laptop: Laptop) -> None:
    fact = visit_with_book(laptop)
    draft = correct_document(laptop.session, uid=fact.uid, reason="Salah hitung stok")
    assert draft.answers["cash_weeks"] == fact.answers["cash_weeks"]
    assert draft.form_version == "2026.3"


def test_the_next_visit_begins_without_a_book_and_freezes_none_of_the_last(laptop: Laptop) -> None:
    fact = visit_with_book(laptop)
    draft = begin_visit(laptop.session, unit_uid=fact.subject_uid)
    assert not [code for code in draft.answers if code.startswith(("cash_weeks", "book_"))]
    later = {"period_from": "2026-11-20", "period_to": "2026-11-22"}
    second = make_records.record_visit(laptop.session, fact.subject_uid, "2026-11-23", **later)
    assert "cash_weeks" not in second.snapshot["previous"]["answers"]
    with pytest.raises(KubeFieldError):
        cash_book_paper(laptop.session, uid=second.uid)


@pytest.mark.parametrize("version", ["2026.1", "2026.2"])
def test_a_draft_of_before_is_not_asked_for_a_book(laptop: Laptop, version: str) -> None:
    unit = make_records.make_unit(laptop.session)
    draft, answers = make_records.visit_answers(laptop.session, unit.uid, "2026-11-20")
    older = replace(draft, form_version=version, answers={**answers, **make_cash_book()})
    laptop.store.save_draft(older)
    judged = evaluate_draft(laptop.session, draft=older)
    assert "cash_weeks" not in judged.applicable
    assert "revenue_idr" not in judged.proposed
    stored = make_records.commit_saved(laptop.session, save_draft(laptop.session, draft=older, answers=answers))
    assert isinstance(stored, Fact)
    assert stored.form_version == version
