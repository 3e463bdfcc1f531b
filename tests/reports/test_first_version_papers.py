"""Papers of visits of the first version: whatever later versions print, these stay byte for byte as they were filed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest

from kube_field.domain.records import Fact
from kube_field.reports.visit_report import render_visit_report
from tests.support.make_papers import (
    make_draft_visit,
    make_person_visit,
    make_photo_reader,
    make_reference,
    make_visit_fact,
)
from tests.support.read_papers import paper_text

FILED = [
    (make_visit_fact, "bacb15d9779788e1c8eee29dd51446811b067f96648413650e4d65148bc644a5"),
    (make_person_visit, "96e28860156f146ba97a50dd30cf6edcca4eaf3ed457731a407e6b277e00b302"),
    (make_draft_visit, "815cbf929bca8462acd7bdb0a3ed75812b95be9ac90ca7e2b3a9be1f645c2bb0"),
]
"""Hashes of the papers as the program before the second version made them."""


@pytest.mark.parametrize(("made", "sha256"), FILED)
def test_a_visit_of_the_first_version_is_printed_as_it_was(made: Callable[[], Fact], sha256: str) -> None:
    fact = made()
    assert fact.form_version == "2026.1"
    paper = render_visit_report(fact, reference=make_reference(), photos=make_photo_reader())
    assert hashlib.sha256(paper).hexdigest() == sha256


def test_a_frozen_result_does_not_change_a_paper_of_the_first_version() -> None:
    fact = make_visit_fact()
    with_result = make_visit_fact(None, {**fact.snapshot, "score": {"total": 79, "final_status": "healthy"}})
    paper = render_visit_report(with_result, reference=make_reference(), photos=make_photo_reader())
    assert "K. PENILAIAN" not in paper_text(paper)
