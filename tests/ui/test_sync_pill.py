"""The pill: every state with its words and its colour; green is the truth."""

from __future__ import annotations

import pytest

from kube_field.domain.commit import Commit
from kube_field.storage.sync_store import LocalSyncStore
from kube_field.ui.texts import pill_text
from kube_field.ui.theme import Tone
from kube_field.usecases.views import PillState, SyncRun
from tests.support.make_store import AT, make_change_record, make_fact_record, open_test_store

GOOD_AT = "2026-08-14T02:22:00.000Z"


def pill(**fields) -> PillState:
    known = {"unsent": 0, "failed": 0, "photos_unsent": 0, "oldest_days": 0, "last_good_at": "", "enrolled": True}
    return PillState(**{**known, **fields})


@pytest.mark.parametrize(
    ("state", "text", "tone"),
    [
        (pill(enrolled=False), "Belum terdaftar ke server", Tone.NEUTRAL),
        (pill(), "Luring · semua tersimpan di laptop", Tone.NEUTRAL),
        (pill(unsent=7), "Luring · 7 belum terkirim", Tone.NEUTRAL),
        (pill(unsent=7, oldest_days=7), "Luring · 7 belum terkirim · tertua 7 hari", Tone.NEUTRAL),
        (pill(unsent=7, oldest_days=8), "Luring · 7 belum terkirim · tertua 8 hari", Tone.RISK),
        (pill(unsent=7, oldest_days=21), "Luring · 7 belum terkirim · tertua 21 hari", Tone.RISK),
        (pill(unsent=7, oldest_days=22), "Luring · 7 belum terkirim · tertua 22 hari", Tone.CRITICAL),
        (pill(photos_unsent=3, last_good_at=GOOD_AT), "Luring · 3 foto belum terkirim", Tone.NEUTRAL),
        (pill(failed=2, unsent=1), "2 gagal · lihat", Tone.WATCH),
        (pill(failed=2, unsent=1, oldest_days=9), "2 gagal · lihat", Tone.RISK),
        (pill(failed=2, unsent=1, oldest_days=30), "2 gagal · lihat", Tone.CRITICAL),
        (pill(last_good_at=GOOD_AT), "Semua terkirim · 14 Agu 10.22", Tone.GOOD),
    ],
)
def test_every_state_has_its_words_and_its_colour(state: PillState, text: str, tone: Tone) -> None:
    assert pill_text(state) == (text, tone)


def test_a_run_under_way_is_blue_whatever_waits() -> None:
    assert pill_text(pill(failed=2, unsent=4), (3, 7)) == ("Mengirim 3 dari 7", Tone.INFO)


@pytest.mark.parametrize(
    ("columns", "green"),
    [
        ({"state": "queued"}, False),
        ({"state": "sent"}, False),
        ({"state": "held", "receipt_id": "r", "receipt_sha256": "ab" * 32}, False),
        ({"state": "attention", "status": "rejected"}, False),
        ({"state": "acked", "receipt_id": "r", "receipt_sha256": "cd" * 32}, False),
        ({"state": "acked", "receipt_id": "r", "receipt_sha256": "ab" * 32}, True),
    ],
)
def test_green_only_with_a_receipt_for_exactly_this_content(tmp_path, columns: dict[str, str], green: bool) -> None:
    store = open_test_store(tmp_path)
    LocalSyncStore(store).add_run(SyncRun(AT, AT, 0, 0, 0, 0, 0, 0))
    store.commit(Commit(facts=[make_fact_record("v1")], changes=[make_change_record("c1", "v1")]))
    for name, value in columns.items():
        store.db.execute_sql(f"UPDATE outbox SET {name} = ?", (value,))
    assert (pill_text(store.queue.pill(AT)).tone == Tone.GOOD) is green
    store.close()


def test_a_photo_that_only_the_server_has_does_not_wait_to_be_sent(tmp_path) -> None:
    store = open_test_store(tmp_path)
    store.db.insert_row("blob", {"sha256": "aa", "size": 9, "mime": "image/jpeg", "state": "remote"})
    assert store.queue.pill(AT).photos_unsent == 0
    store.db.insert_row("blob", {"sha256": "bb", "size": 9, "mime": "image/jpeg", "state": "local"})
    assert store.queue.pill(AT).photos_unsent == 1
    store.close()
