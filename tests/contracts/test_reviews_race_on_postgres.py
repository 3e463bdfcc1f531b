"""Four supervisors decide about one document at the same moment: one acceptance ends it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kube_field.domain.records import RecordKind, Role
from tests.contracts.desk import KECAMATAN, Desk, open_desk
from tests.support.make_answers import complete_review
from tests.support.postgres import make_ready_database
from tests.support.wire_changes import make_fact, make_household, make_person, make_unit_change

pytestmark = pytest.mark.postgres
SUPERVISORS = ("Ani", "Budi", "Citra", "Dewi")


@pytest.fixture
def desk(tmp_path: Path):
    with open_desk(tmp_path, make_ready_database()) as opened:
        for name in SUPERVISORS:
            opened.add(name, Role.PENYELIA_KAB, (KECAMATAN,))
        opened.push(make_household(), make_person(), make_unit_change())
        yield opened


def test_only_one_of_four_acceptances_of_one_moment_counts(desk: Desk):
    for turn in range(8):
        assert desk.statuses(make_fact(f"visit-{turn}")) == ["applied"]
        start = threading.Barrier(len(SUPERVISORS))

        def decide(name: str, turn: int = turn, start: threading.Barrier = start) -> str:
            answers = complete_review(decision="accepted", reason="", notes=[])
            word = make_fact(f"review-{name}-{turn}", RecordKind.REVIEW, f"visit-{turn}", answers, body={"number": ""})
            word.by = f"user-{name.lower()}"
            start.wait()
            return desk.house.database.retry(lambda: desk.statuses(word, name=name))[0]

        with ThreadPoolExecutor(len(SUPERVISORS)) as pool:
            statuses = list(pool.map(decide, SUPERVISORS))
        assert sorted(statuses) == ["applied", "rejected", "rejected", "rejected"]
