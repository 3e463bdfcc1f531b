"""When the sums of a scope differ: only the differing parts are named, only the wanted records are fetched."""

from __future__ import annotations

import pytest

from kube_field.domain.records import RecordKind
from kube_field.server.routes import exchange
from kube_field.wire import chain
from kube_field.wire.messages import DIGEST_BUCKETS, MAX_FETCH_UIDS, Digest, DigestAnswer, Pull
from kube_field.wire.refusals import Refusal, RefusalCode
from tests.contracts.desk import KECAMATAN, Desk
from tests.support.wire_changes import make_edit, make_household

HOMES = [f"home-{number}" for number in range(12)]


def ask(desk: Desk, sums: list[str], scope: str = KECAMATAN) -> DigestAnswer:
    with desk.house.database.read():
        return exchange.digest(desk.call(Digest(scope=scope, sums=sums)))


def sums_of(versions: dict[str, int]) -> list[str]:
    totals = [0] * DIGEST_BUCKETS
    for uid, version in versions.items():
        at = chain.bucket(uid)
        totals[at] = chain.replaced(totals[at], uid, 0, version)
    return [str(total) for total in totals]


@pytest.fixture
def full(desk: Desk) -> Desk:
    assert set(desk.statuses(*(make_household(uid) for uid in HOMES))) == {"applied"}
    return desk


def test_where_everything_is_alike_nothing_is_answered(full: Desk):
    answer = ask(full, sums_of(dict.fromkeys(HOMES, 1)))
    assert answer.buckets == {}
    assert (answer.head, answer.chain, answer.sum) == (12, full.pull().chain, full.pull().sum)


def test_only_the_parts_that_differ_are_named(full: Desk):
    ours = {**dict.fromkeys(HOMES[1:], 1), HOMES[5]: 7, "home-of-nobody": 1}
    answer = ask(full, sums_of(ours))
    expected = {chain.bucket(uid) for uid in (HOMES[0], HOMES[5], "home-of-nobody")}
    assert set(answer.buckets) == {str(at) for at in expected}
    named = {uid: version for rows in answer.buckets.values() for uid, version in rows}
    assert named == {uid: 1 for uid in HOMES if chain.bucket(uid) in expected}


def test_what_the_laptop_has_too_much_shows_as_an_empty_part(desk: Desk):
    desk.push(make_household(HOMES[0]))
    answer = ask(desk, sums_of({HOMES[0]: 1, "home-of-nobody": 1}))
    assert answer.buckets == {str(chain.bucket("home-of-nobody")): []}


def test_an_empty_scope_answers_with_its_beginning(desk: Desk):
    answer = ask(desk, sums_of({}))
    assert (answer.head, answer.chain, answer.sum, answer.buckets) == (0, "", "0", {})


@pytest.mark.parametrize("sums", [[], ["0"] * 255, ["x"] * 256, ["-1"] * 256, ["9" * 21] * 256])
def test_sums_that_are_none_are_refused(desk: Desk, sums: list[str]):
    with pytest.raises(Refusal) as caught:
        ask(desk, sums)
    assert caught.value.code == RefusalCode.BODY_UNREADABLE


def test_nobody_learns_what_stands_in_a_scope_of_others(full: Desk):
    for work in (
        lambda: ask(full, ["0"] * DIGEST_BUCKETS, "64.72.01"),
        lambda: full.pull("64.72.01", uids=HOMES[:1]),
    ):
        with pytest.raises(Refusal) as caught:
            work()
        assert caught.value.code == RefusalCode.SCOPE_NOT_GRANTED


def test_records_are_fetched_by_name_whatever_the_cursor(full: Desk):
    page = full.pull(seq=9, uids=[HOMES[3], HOMES[1], "home-of-nobody"])
    assert [row.uid for row in page.rows] == [HOMES[1], HOMES[3]]
    assert (page.seq, page.head, page.more) == (9, 12, False)
    assert page.rows[0].body["kk_number"] == make_household().set["kk_number"][1]


def test_a_fetched_record_comes_in_its_newest_state(full: Desk):
    assert full.statuses(
        make_edit(
            RecordKind.HOUSEHOLD, HOMES[3], {"address": (make_household().set["address"][1], "Jalan Baru")}, base=1
        )
    ) == ["applied"]
    (row,) = full.pull(uids=[HOMES[3]]).rows
    assert (row.v, row.seq, row.body["address"]) == (2, 13, "Jalan Baru")


def test_what_does_not_fit_is_asked_for_again(full: Desk):
    page = full.pull(uids=HOMES, max_bytes=1)
    assert (len(page.rows), page.more) == (1, True)
    rest = full.pull(uids=HOMES[1:])
    assert (len(rest.rows), rest.more) == (11, False)


def test_too_many_names_at_once_are_refused(desk: Desk):
    with pytest.raises(Refusal) as caught:
        desk.pull(uids=["x"] * (MAX_FETCH_UIDS + 1))
    assert caught.value.code == RefusalCode.BATCH_TOO_LARGE


def test_a_record_that_left_shows_nothing_of_what_it_is_elsewhere(full: Desk):
    with full.house.database.write():
        full.house.database.run(f"UPDATE scope_index SET state = 'exit' WHERE uid = '{HOMES[2]}'")
    (row,) = full.pull(uids=[HOMES[2]]).rows
    assert (row.st, row.body, row.by, row.sha) == ("exit", {}, "", "")
    assert [row.st for row in full.pull(seq=2).rows if row.uid == HOMES[2]] == ["exit"]


def test_a_laptop_that_has_nothing_yet_is_not_told_what_left(full: Desk):
    with full.house.database.write():
        full.house.database.run(f"UPDATE scope_index SET state = 'exit' WHERE uid IN ('{HOMES[2]}', '{HOMES[11]}')")
    page = full.pull(seq=0)
    assert (len(page.rows), page.seq, page.more) == (10, 12, False)
    assert HOMES[11] not in {uid for rows in ask(full, ["1"] * 256).buckets.values() for uid, _version in rows}


def test_an_oversized_pull_answers_the_same(full: Desk):
    with full.house.database.read():
        page = exchange.pull(full.call(Pull(scope=KECAMATAN, seq=-4, max_bytes=10**12)))
    assert len(page.rows) == 12
