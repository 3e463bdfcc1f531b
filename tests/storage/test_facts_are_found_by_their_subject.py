"""Facts about one record are looked up by the record, however many facts of the kind the laptop holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kube_field.domain.records import RecordKind
from tests.support.laptop import make_laptop


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
