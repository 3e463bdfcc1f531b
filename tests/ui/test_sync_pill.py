"""The pill: every state with its words and its colour; green is the truth."""

from __future__ import annotations

import pytest

from kube_field.domain.commit import Commit
from kube_field.storage.sync_store import LocalSyncStore
from kube_field.ui.pill_words import pill_text
from kube_field.ui.theme import Tone
from kube_field.usecases.views import PillState, SyncRun
from tests.support.make_store import AT, make_change_record, make_fact_record, open_test_store
from tests.support.sync_samples import make_run

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
        (pill(photos_unsent=1, oldest_days=30), "Luring · 1 foto belum terkirim · tertua 30 hari", Tone.CRITICAL),
        (pill(photos_unsent=1, photos_refused=1, last_good_at=GOOD_AT), "1 gagal · lihat", Tone.WATCH),
        (pill(failed=2, unsent=1), "2 gagal · lihat", Tone.WATCH),
        (pill(failed=2, unsent=1, oldest_days=9), "2 gagal · lihat", Tone.RISK),
        (pill(failed=2, unsent=1, oldest_days=30), "2 gagal · lihat", Tone.CRITICAL),
        (pill(last_good_at=GOOD_AT), "Semua terkirim · 14 Agu 10.22", Tone.GOOD),
    ],
)
def test_every_state_has_its_words_and_its_colour(state: PillState, text: str, tone: Tone) -> None:
    assert pill_text(state) == (text, tone)


@pytest.mark.parametrize(
    ("sending", "words"),
    [
        (("push", 3, 7), "Mengirim 3 dari 7"),
        (("pull", 12_400, 0), "Menerima 12.400 data"),
        (("pull", 0, 0), "Memeriksa pembaruan"),
        (("photos", 2, 5), "Mengirim foto 2 dari 5"),
        (("photos", 0, 0), "Mengambil foto"),
        (("push", 0, 0), "Menghubungi server"),
    ],
)
def test_a_run_under_way_is_blue_and_says_what_it_does_whatever_waits(sending, words: str) -> None:
    stands = pill(failed=2, unsent=4, unsolved=make_run("S05"))
    assert pill_text(stands, sending) == (words, Tone.INFO)


@pytest.mark.parametrize(
    ("run", "waits", "text", "tone"),
    [
        (make_run("S05"), {}, "Server menolak laptop ini · lihat", Tone.RISK),
        (make_run("REVOKED"), {"unsent": 3}, "Server menolak laptop ini · 3 belum terkirim", Tone.RISK),
        (
            make_run("S05"),
            {"unsent": 3, "oldest_days": 22},
            "Server menolak laptop ini · 3 belum terkirim",
            Tone.CRITICAL,
        ),
        (make_run("REVOKED"), {"failed": 1, "unsent": 3}, "Server menolak laptop ini · 1 gagal", Tone.RISK),
        (make_run(message="Jam laptop tampaknya salah."), {}, "Jam laptop salah · lihat", Tone.WATCH),
        (make_run("S09"), {"photos_unsent": 2}, "Sertifikat server berubah · 2 foto belum terkirim", Tone.WATCH),
        (make_run("DATA_DIFFERS"), {}, "Sinkronisasi terhenti · lihat", Tone.WATCH),
        (make_run("S01"), {}, "Semua terkirim · 14 Agu 10.22", Tone.GOOD),
        (make_run("NOT_ENROLLED"), {"enrolled": False, "unsent": 3}, "Luring · 3 belum terkirim", Tone.NEUTRAL),
        (make_run("S04"), {"unsent": 3}, "Luring · 3 belum terkirim", Tone.NEUTRAL),
    ],
)
def test_what_nobody_solved_is_on_every_page_and_never_green(run, waits, text: str, tone: Tone) -> None:
    assert pill_text(pill(last_good_at=GOOD_AT, unsolved=run, **waits)) == (text, tone)


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
