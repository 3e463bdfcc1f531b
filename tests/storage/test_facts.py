"""Facts are looked up by record or month, however many facts of the kind the laptop holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kube_field.domain.commit import Commit
from kube_field.domain.records import RecordKind
from tests.support.laptop import make_laptop
from tests.support.make_store import make_fact_record


def test_the_facts_of_a_record_are_looked_up_by_the_record(tmp_path: Path, monkeypatch: Any):
    with make_laptop(tmp_path) as laptop:
        asked: list[tuple[str, tuple[Any, ...]]] = []
        plain = laptop.store.db.named_rows

        def listening(sql: str, *parameters: Any) -> Any:
            asked.append((sql, parameters))
            return plain(sql, *parameters)

        monkeypatch.setattr(laptop.store.db, "named_rows", listening)
        laptop.store.facts.of_subject("p1", RecordKind.CONSENT)
        ((sql, parameters),) = asked
        plan = " ".join(str(row[3]) for row in laptop.store.db.rows(f"EXPLAIN QUERY PLAN {sql}", *parameters))
        assert "fact_subject_uid" in plan
        assert "fact_kind_occurred_on" not in plan


def test_the_facts_of_a_month_are_the_newest_revisions_within_an_area(tmp_path: Path):
    area = "64.02"
    facts = [
        make_fact_record("first", occurred_on="2026-11-01", scope="64.02.12"),
        make_fact_record("last", occurred_on="2026-11-30", scope="64.02.13:staff-rina"),
        make_fact_record("before", occurred_on="2026-10-31", scope="64.02.12"),
        make_fact_record("after", occurred_on="2026-12-01", scope="64.02.12"),
        make_fact_record("elsewhere", occurred_on="2026-11-15", scope="64.03.01"),
        make_fact_record("aid", RecordKind.AID, occurred_on="2026-11-15", scope="64.02.12"),
        make_fact_record("moved", occurred_on="2026-11-15", scope="64.02.12", document_id="d"),
        make_fact_record("moved on", occurred_on="2026-12-15", scope="64.02.12", document_id="d", revision=2),
    ]
    with make_laptop(tmp_path) as laptop:
        laptop.store.commit(Commit(facts=facts))
        found = laptop.store.facts.of_month(RecordKind.VISIT, "2026-11", area)
    assert [fact.uid for fact in found] == ["first", "last"]
