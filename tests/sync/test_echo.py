"""What a laptop sent it need not download: one request carries a visit, and the proofs hold as if it was pulled."""

from __future__ import annotations

from pathlib import Path

from kube_field.usecases.sync import sync_now, sync_store
from kube_field.wire.messages import Fed
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import make_batch, make_unit, record_visit, register_person
from tests.support.network import Line, LosesReply
from tests.support.server import RunningServer, enrolled, http_of

SCOPE = "64.02.12"


def unit_at_the_server(server: RunningServer, laptop: Laptop) -> str:
    batch = make_batch(laptop.session)
    person = register_person(laptop.session)
    unit = make_unit(laptop.session, person, batch_id={"uid": batch.uid, "name": "KUBE"})
    assert server.sync(laptop.session).outcome == ""
    return unit.uid


def run_over(laptop: Laptop, make_line=Line) -> tuple[Line, str]:
    with http_of(laptop.session) as inner:
        line = make_line(inner)
        return line, sync_now(laptop.session, line, wait=lambda _seconds: None).outcome


def without_photos(line: Line) -> list[str]:
    return [name for name in line.calls if name in ("hello", "again", "have", "push", "pull", "digest")]


def assert_stands_where_the_server_does(server: RunningServer, laptop: Laptop) -> None:
    ours = laptop.store.db.rows("SELECT seq, chain_seen, sum, state FROM sync_scope WHERE scope_id = ?", SCOPE)
    theirs = server.rows(f"SELECT head, chain, sum FROM scope_head WHERE scope = '{SCOPE}'")
    assert ours == [(*theirs[0], "live")]
    delivered = laptop.store.db.rows("SELECT uid, version FROM sync_base WHERE scope_id = ? ORDER BY uid", SCOPE)
    assert delivered == server.rows(f"SELECT uid, version FROM scope_index WHERE scope = '{SCOPE}' ORDER BY uid")


def test_one_visit_takes_one_request(server: RunningServer, rina: Laptop):
    unit = unit_at_the_server(server, rina)
    visit = record_visit(rina.session, unit)
    line, outcome = run_over(rina)
    assert outcome == ""
    assert without_photos(line) == ["again"]
    assert_stands_where_the_server_does(server, rina)
    assert rina.store.db.value("SELECT version FROM sync_base WHERE uid = ?", visit.uid) == 1
    assert without_photos(run_over(rina)[0]) == ["again"]


def test_news_of_others_are_downloaded_all_the_same(tmp_path: Path, server: RunningServer, rina: Laptop):
    unit = unit_at_the_server(server, rina)
    with make_laptop(tmp_path, "Sari", code="L08") as sari:
        enrolled(server, sari)
        server.sync(sari.session)
        theirs = record_visit(sari.session, unit, "2026-11-19")
        server.sync(sari.session)
        ours = record_visit(rina.session, unit)
        line, outcome = run_over(rina)
        assert (outcome, "pull" in line.calls) == ("", True)
        assert rina.store.facts.get(theirs.uid) is not None
        assert_stands_where_the_server_does(server, rina)
        server.sync(sari.session)
        assert sari.store.facts.get(ours.uid) is not None
        assert_stands_where_the_server_does(server, sari)


def test_a_lost_answer_is_made_up_for_by_a_download(server: RunningServer, rina: Laptop):
    unit = unit_at_the_server(server, rina)
    record_visit(rina.session, unit)
    line, outcome = run_over(rina, lambda inner: LosesReply(inner, "again"))
    assert (outcome, line.calls.count("again"), "pull" in line.calls) == ("", 2, True)
    assert_stands_where_the_server_does(server, rina)


def test_a_sum_that_is_not_ours_is_never_believed(server: RunningServer, rina: Laptop):
    unit = unit_at_the_server(server, rina)
    record_visit(rina.session, unit)

    class Miscounts(Line):
        def carry(self, name, call):
            answer = call()
            for step in getattr(answer, "fed", ()):
                step.sum = "7"
            return answer

    line, outcome = run_over(rina, Miscounts)
    assert (outcome, "pull" in line.calls) == ("", True)
    assert_stands_where_the_server_does(server, rina)


def test_an_area_that_was_granted_since_the_hello_is_downloaded_later(rina: Laptop):
    granted = Fed(scope="64.02.13", before=0, head=1, chain="0" * 64, sum="7")
    assert sync_store(rina.store).take_echo([], [], [granted]) == []
    assert rina.store.db.rows("SELECT scope_id FROM sync_scope WHERE scope_id = '64.02.13'") == []
