"""A downloaded page of facts takes as many statements as one of ten times as many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kube_field.domain.records import RecordKind
from kube_field.storage.store import LocalStore
from kube_field.storage.sync_store import LocalSyncStore
from kube_field.wire.canonical import fact_body
from kube_field.wire.messages import Row
from tests.storage.test_download_pages import A, greet, page, person
from tests.support.make_store import make_fact_record, open_test_store
from tests.support.statements import counting

FEW, MANY = 20, 200
STATEMENTS_OF_A_RECORD = 5


@pytest.fixture
def sync(tmp_path: Path) -> Iterator[LocalSyncStore]:
    store: LocalStore = open_test_store(tmp_path)
    found = LocalSyncStore(store)
    greet(found, A)
    yield found
    store.close()


def facts(kind: RecordKind, numbers: range) -> list[Row]:
    """Small facts or visits that a colleague wrote."""
    made = [(seq, make_fact_record(f"fact-{seq}", kind)) for seq in numbers]
    return [
        Row(uid=fact.uid, seq=seq, v=1, k=kind.value, by="staff-budi", sha=fact.sha256, body=fact_body(fact))
        for seq, fact in made
    ]


def people(_kind: RecordKind, numbers: range) -> list[Row]:
    """People whom a colleague registered."""
    return [person(f"person-{seq}", seq) for seq in numbers]


def statements_of(sync: LocalSyncStore, make: Callable[[RecordKind, range], list[Row]], kind: RecordKind) -> list[int]:
    """How many statements it takes to store a page of few rows, and one of many."""
    given = []
    for numbers in (range(1, 1 + FEW), range(1 + FEW, 1 + FEW + MANY)):
        rows = make(kind, numbers)
        with counting() as statements:
            assert sync.take_page(A, page(rows, head=numbers.stop, more=True)) == len(numbers)
        given.append(len(statements))
    return given


@pytest.mark.parametrize("kind", [RecordKind.VISIT, RecordKind.CONSENT, RecordKind.ATTENDANCE])
def test_the_facts_of_a_page_take_no_statement_each(sync: LocalSyncStore, kind: RecordKind):
    few, many = statements_of(sync, facts, kind)
    assert many == few > 0


def test_a_person_takes_no_more_than_five(sync: LocalSyncStore):
    """Its row, the village of its family, and three for the words under which it is found."""
    few, many = statements_of(sync, people, RecordKind.PERSON)
    assert many - few <= STATEMENTS_OF_A_RECORD * (MANY - FEW)
