"""New facts and pages travel as tables where both sides mean the same, and row by row where they do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import UNSET

from kube_field.sync.transports.http import HttpTransport
from kube_field.usecases.sync import connection, sync_now
from kube_field.wire.columns import hashes_proof
from kube_field.wire.messages import Push
from kube_field.wire.refusals import Refusal, RefusalCode
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import register_person
from tests.support.network import Line
from tests.support.server import RunningServer, enrolled, http_of, running_server
from tests.sync.test_lost_answer import assert_everything_arrived_once


class Watched(HttpTransport):
    """The real way, which remembers whether facts went as tables; `rows_only` as a server does that knows none."""

    rows_only = False

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.tables: list[bool] = []

    def __enter__(self) -> Watched:
        return self

    def hello(self, body: Any) -> Any:
        answer = super().hello(body)
        if self.rows_only:
            answer.limits.table_rows = 0
        return answer

    def push(self, body: Push) -> Any:
        self.tables.append(body.facts is not UNSET)
        return super().push(body)


class OfBefore(Watched):
    """A server of before: it reads no tables."""

    rows_only = True


class Misunderstands(Watched):
    """On the way to the server every table's proof gets lost."""

    def push(self, body: Push) -> Any:
        if body.facts is not UNSET:
            body.facts.proof = hashes_proof([])
        return super().push(body)


class OtherPages(Line):
    """Pages whose tables do not hold what the server has."""

    def carry(self, name: str, call: Callable[[], Any]) -> Any:
        answer = call()
        if name == "pull" and answer.table is not UNSET:
            answer.table.proof = hashes_proof([])
            self.spoiled = True
        return answer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path) as running:
        yield running


@pytest.fixture
def rina(tmp_path: Path, server: RunningServer) -> Iterator[Laptop]:
    with make_laptop(tmp_path, "Rina") as laptop:
        yield enrolled(server, laptop)


def line_of(laptop: Laptop, way: type[Watched]) -> Watched:
    where = connection(laptop.session)
    return way(where.url, where.token)


@pytest.mark.parametrize(("way", "tables"), [(Watched, [True]), (OfBefore, [False]), (Misunderstands, [True, False])])
def test_facts_go_as_tables_or_else_for_themselves(
    server: RunningServer, rina: Laptop, way: type[Watched], tables: list[bool]
):
    register_person(rina.session)
    with line_of(rina, way) as line:
        run = sync_now(rina.session, line, wait=lambda _seconds: None)
    assert run.outcome == ""
    assert line.tables == tables
    assert_everything_arrived_once(server, rina)


def test_a_refusal_of_tables_without_any_ends_the_run(rina: Laptop):
    class Refuses(OfBefore):
        def push(self, body: Push) -> Any:
            raise Refusal(RefusalCode.TABLE_REFUSED, "")

    register_person(rina.session)
    with line_of(rina, Refuses) as line:
        run = sync_now(rina.session, line, wait=lambda _seconds: None)
    assert run.outcome != ""


def test_pages_that_mean_something_else_are_asked_for_as_rows(server: RunningServer, rina: Laptop, tmp_path: Path):
    register_person(rina.session)
    server.sync(rina.session)
    with make_laptop(tmp_path, "Budi") as budi:
        enrolled(server, budi)
        with http_of(budi.session) as inner:
            line = OtherPages(inner)
            run = sync_now(budi.session, line, wait=lambda _seconds: None)
        assert line.spoiled
        assert run.outcome == ""
        here = {uid for (uid,) in budi.store.db.rows("SELECT uid FROM sync_base")}
    assert {uid for (uid,) in rina.store.db.rows("SELECT uid FROM outbox")} <= here
