"""What stays of a run: its failure until it is solved, when all was sent, the receipts of its paper, its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kube_field.domain.commit import AuditLine, Commit
from kube_field.domain.records import RecordKind
from kube_field.domain.sync_views import SyncRun
from kube_field.storage.handed_over import EMPTY_RUNS_KEPT
from kube_field.storage.outbox_results import requeue
from kube_field.storage.store import DEVICE_CODE, LocalStore
from kube_field.storage.sync_store import LocalSyncStore
from kube_field.wire.enrolment import Enrolled
from kube_field.wire.messages import Person
from tests.support.make_store import AT, make_change_record, make_fact_record, open_test_store

RECEIPT = (
    "UPDATE outbox SET state = 'acked', receipt_id = ?, receipt_sha256 = sha256, receipt_at = ? WHERE change_id = ?"
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    opened = open_test_store(tmp_path)
    yield opened
    opened.close()


def minute(n: int) -> str:
    return f"2026-11-23T{n // 60:02d}:{n % 60:02d}:00.000Z"


def remember(store: LocalStore, *outcomes: str, **fields: Any) -> None:
    for outcome in outcomes:
        at = minute(len(store.queue.runs(10_000)) % 1440)
        known: dict[str, Any] = {"sent": 0, "received": 0, "refused": 0, "photos_sent": 0, "outcome": outcome}
        LocalSyncStore(store).add_run(SyncRun(at, at, bytes_up=0, bytes_down=0, **{**known, **fields}))


def unsolved(store: LocalStore) -> str | None:
    run = store.queue.pill().unsolved
    return None if run is None else run.outcome or run.message


@pytest.mark.parametrize(
    ("outcomes", "stands"),
    [
        (("S05",), "S05"),
        (("S05", "CANCELLED"), "S05"),
        (("S05", "COURIER"), "S05"),
        (("REVOKED", "S01", "S01"), "REVOKED"),
        (("S01", "S04"), "S04"),
        (("S05", "BUSY", "SERVER_FAULT"), "S05"),
        (("S01", "S09", "S01", "CANCELLED"), "S09"),
        (("S05", "DISK_FULL"), "DISK_FULL"),
        (("S05", "S01", ""), None),
        (("MASS_REMOVAL", "COURIER"), "MASS_REMOVAL"),
        (("CANCELLED",), None),
    ],
)
def test_a_failure_stands_until_a_run_says_that_it_is_solved(store, outcomes: tuple[str, ...], stands) -> None:
    for outcome in outcomes:
        remember(store, outcome, via="usb" if outcome == "COURIER" else "internet")
    assert unsolved(store) == stands


def test_the_question_of_a_stick_is_solved_by_a_stick_or_by_a_whole_run(store) -> None:
    remember(store, "S05")
    remember(store, "MASS_REMOVAL", via="usb")
    assert unsolved(store) == "MASS_REMOVAL"
    remember(store, "COURIER", via="usb")
    assert unsolved(store) == "S05", "what the line lacked stands as it did"
    remember(store, "MASS_REMOVAL", via="usb")
    remember(store, "")
    assert unsolved(store) is None


def test_a_wrong_clock_stands_after_a_good_run_until_one_finds_it_right(store) -> None:
    remember(store, "", message="Jam laptop tampaknya salah.")
    remember(store, "CANCELLED", "S01")
    assert unsolved(store) == "Jam laptop tampaknya salah."
    remember(store, "")
    assert unsolved(store) is None


def test_a_laptop_that_is_enrolled_anew_begins_without_a_failure(store) -> None:
    remember(store, "S05")
    who = Person(uid="user-rina", name="Rina", role="pendamping")
    answer = Enrolled(server_id="s", device="d2", device_code="L08", token="t", user=who)
    LocalSyncStore(store).enrol(answer, url="https://kube.contoh.go.id", ca_pem="")
    assert unsolved(store) is None


def test_all_sent_is_told_of_the_last_run_after_which_nothing_waited(store) -> None:
    remember(store, "")
    first = minute(0)
    assert store.queue.pill().last_good_at == first
    write(store, "v1")
    remember(store, "", refused=1)
    store.db.execute_sql("UPDATE outbox SET state = 'attention', status = 'rejected'")
    remember(store, "")
    store.db.execute_sql("UPDATE outbox SET state = 'held', status = ''")
    remember(store, "")
    assert store.queue.pill().last_good_at == first
    take(store, "r1", "c-v1")
    remember(store, "S01")
    assert store.queue.pill().last_good_at == first, "a run that met nobody says nothing"
    remember(store, "S06", sent=1)
    assert store.queue.pill().last_good_at == minute(5)


def test_a_photo_on_its_way_keeps_all_from_being_sent(store) -> None:
    store.db.insert_row("blob", {"sha256": "aa", "size": 9, "mime": "image/jpeg", "state": "local"})
    remember(store, "")
    assert store.queue.pill().last_good_at == ""
    store.db.execute_sql("UPDATE blob SET state = 'stored'")
    remember(store, "")
    assert store.queue.pill().last_good_at == minute(1)


def test_the_oldest_unsent_may_be_a_photo(store) -> None:
    write(store, "v1")
    take(store, "r1", "c-v1")
    for name, state in (("aa", "local"), ("bb", "refused")):
        store.db.insert_row("blob", {"sha256": name, "size": 9, "mime": "image/jpeg", "state": state})
        store.db.insert_row("blob_link", {"uid": "v1", "sha256": name})
    store.db.execute_sql("UPDATE outbox SET at = '2026-10-01T01:00:00.000Z'")
    pill = store.queue.pill("2026-10-31T01:00:00.000Z")
    assert (pill.unsent, pill.photos_unsent, pill.photos_refused, pill.oldest_days) == (0, 2, 1, 30)
    store.db.execute_sql("UPDATE blob SET state = 'refused'")
    assert store.queue.pill("2026-10-31T01:00:00.000Z").oldest_days == 0, "a refused one does not wait"


def test_a_photo_that_an_edit_brought_is_as_old_as_the_edit(store) -> None:
    for n, (said, at) in enumerate((("{}", "2026-10-01"), ('{"photo_id": [null, [{"sha256": "aa"}]]}', "2026-10-29"))):
        row = {"change_id": f"c{n}", "uid": "p1", "kind": RecordKind.PERSON.value, "state": "acked"}
        store.db.insert_row("outbox", {**row, "at": f"{at}T01:00:00.000Z"})
        store.db.execute_sql("INSERT INTO outbox_content (n, sets_json) VALUES (last_insert_rowid(), ?)", (said,))
    store.db.insert_row("blob", {"sha256": "aa", "size": 9, "mime": "image/jpeg", "state": "local"})
    store.db.insert_row("blob_link", {"uid": "p1", "sha256": "aa"})
    assert store.queue.pill("2026-10-31T01:00:00.000Z").oldest_days == 2


def write(store: LocalStore, *uids: str) -> None:
    for uid in uids:
        store.commit(Commit(facts=[make_fact_record(uid)], changes=[make_change_record(f"c-{uid}", uid)]))


def take(store: LocalStore, receipt: str, change: str) -> None:
    with store.transaction():
        store.db.execute_sql(RECEIPT, (receipt, AT, change))


def listed(store: LocalStore, run: int) -> list[str]:
    return [row.receipt_id for row in store.queue.handed_over(run)]


def test_a_run_keeps_its_receipts_when_the_server_lost_what_it_had_taken(store) -> None:
    write(store, "v1", "v2")
    take(store, "r1", "c-v1")
    take(store, "r2", "c-v2")
    remember(store, "", sent=2)
    with store.transaction():
        requeue(store, "c-v1")
    assert listed(store, 1) == ["r1", "r2"]
    take(store, "r9", "c-v1")
    remember(store, "", sent=1)
    assert (listed(store, 1), listed(store, 2)) == (["r1", "r2"], ["r9"])


def test_a_run_keeps_its_receipts_when_its_changes_are_forgotten_by_age(store) -> None:
    write(store, "v1")
    take(store, "r1", "c-v1")
    remember(store, "", sent=1)
    store.db.execute_sql("DELETE FROM outbox")
    assert listed(store, 1) == ["r1"]


def test_a_receipt_that_takes_the_place_of_another_belongs_to_its_own_run(store) -> None:
    """A change held in one run and lost by the server before it was decided about."""
    write(store, "v1")
    take(store, "r1", "c-v1")
    remember(store, "", sent=1)
    take(store, "r1", "c-v1")
    remember(store, "")
    assert (listed(store, 1), listed(store, 2)) == (["r1"], [])
    take(store, "r9", "c-v1")
    remember(store, "")
    assert (listed(store, 1), listed(store, 3)) == (["r1"], ["r9"])


def test_a_run_keeps_the_name_that_the_laptop_had(store) -> None:
    store.put_setting(DEVICE_CODE, "KT03")
    remember(store, "")
    store.put_setting(DEVICE_CODE, "KT09")
    assert [run.device_code for run in store.queue.runs()] == ["KT03"]


def test_a_run_keeps_where_the_audit_log_stood(store) -> None:
    store.audit(AuditLine(actor="u", action="a", object_type="o", object_id="1", at=AT))
    length, head = store.audit_log.head()
    remember(store, "")
    store.audit(AuditLine(actor="u", action="a", object_type="o", object_id="2", at=AT))
    (run,) = store.queue.runs()
    assert (run.audit_length, run.audit_head) == (length, head) == (1, head)


def test_runs_that_brought_nothing_are_let_go_of_and_the_others_stay(store) -> None:
    write(store, "v1")
    take(store, "r1", "c-v1")
    remember(store, "", sent=0)
    remember(store, "", sent=3)
    remember(store, "REVOKED")
    remember(store, "S01")
    with store.transaction():
        for _ in range(EMPTY_RUNS_KEPT - 1):
            remember(store, "S01")
    assert len(store.queue.runs(10_000)) == EMPTY_RUNS_KEPT + 3
    remember(store, "S01")
    kept = store.queue.runs(10_000)
    assert [run.id for run in kept[-3:]] == [3, 2, 1], "receipts, changes sent, the failure that stands"
    assert (len(kept), store.queue.run(4)) == (EMPTY_RUNS_KEPT + 3, None)
