"""The journal says at any time what waits in the outbox, and gives all of it back when the database is gone."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from kube_field.domain.commit import Commit
from kube_field.domain.records import RecordKind
from kube_field.storage import journal
from kube_field.storage.courier_files import HEARD
from kube_field.storage.erasure import erase_here
from kube_field.storage.journal import LEAST_WASTE
from kube_field.storage.journal_keeping import META, METAS, SETTINGS, take_identity, told_of
from kube_field.storage.journal_lines import START, read_lines, seal_lines
from kube_field.storage.sync_store import LocalSyncStore
from tests.support.journalled import JOURNAL_KEY, Journalled, PowerCut
from tests.support.make_store import make_change_record, open_test_store

STORIES = {
    "visit": lambda laptop: laptop.visit(),
    "visit with photos": lambda laptop: laptop.visit(2),
    "person": lambda laptop: laptop.person(),
    "edit": lambda laptop: laptop.edit(),
    "take back": lambda laptop: laptop.take_back(),
    "sent": lambda laptop: laptop.send("applied"),
    "sent with photos": lambda laptop: laptop.send("applied", photos=True),
    "refused": lambda laptop: laptop.send("rejected"),
    "held": lambda laptop: laptop.send("held"),
    "forgotten by the server": lambda laptop: laptop.forgotten_by_server(),
    "run ends": lambda laptop: laptop.end_run(),
    "restart": lambda laptop: laptop.restart(),
}
IN_A_RUN = {"sent", "sent with photos", "refused", "held"}
"""After these the journal may hold more than waits, until the run ends."""
steps = st.lists(st.tuples(st.sampled_from(sorted(STORIES)), st.none() | st.floats(0, 1)), min_size=1, max_size=14)


@pytest.fixture
def laptop(tmp_path: Path) -> Journalled:
    return Journalled(tmp_path)


def live(laptop: Journalled, story: str, cut: float | None) -> None:
    """One step; with `cut` the power goes when the journal is written, if it is, and the program starts anew."""
    laptop.journal.cut = cut
    try:
        STORIES[story](laptop)
    except PowerCut:
        laptop.restart()
        laptop.assert_alike()
    else:
        laptop.journal.cut = None
        if story not in IN_A_RUN:
            if story != "run ends" and laptop.store.db.value("SELECT 1 FROM outbox WHERE state <> 'queued' LIMIT 1"):
                laptop.end_run()
            laptop.assert_alike()
    assert set(laptop.unsent()) <= set(laptop.read().changes), "nothing that waits is missing in it"
    assert laptop.store.journal.put_back == 0, "what was taken back does not come back"


@given(steps)
def test_whatever_happens_the_journal_is_the_unsent_work(story: list[tuple[str, float | None]]):
    with tempfile.TemporaryDirectory() as folder:
        laptop = Journalled(Path(folder))
        try:
            for name, cut in story:
                live(laptop, name, cut)
            laptop.end_run()
            laptop.assert_alike()
            before, numbers = laptop.unsent(), laptop.store.next_number("KUNJ", 2026)
            laptop.lose_database()
            assert laptop.unsent() == before
            assert laptop.store.next_number("KUNJ", 2026) == numbers
            laptop.assert_alike()
        finally:
            laptop.store.close()


def test_what_comes_back_is_shown_and_was_handed_over(laptop: Journalled):
    visit, person = laptop.visit(2), laptop.person()
    laptop.edit()
    shown = [laptop.store.facts.get(visit), laptop.store.records.get(person)]
    rows = laptop.store.queue.rows()
    laptop.lose_database()
    store = laptop.store
    assert store.journal.put_back == 3
    fact = store.facts.get(visit)
    assert fact == shown[0]
    assert store.records.get(person) == shown[1]
    assert [(row.change_id, row.title, row.photos_expected) for row in store.queue.rows()] == [
        (row.change_id, row.title, row.photos_expected) for row in rows
    ]
    assert store.queue.was_handed_over(visit), "the server may have it: it is not reopened in place"
    laptop.restart()
    assert laptop.store.journal.put_back == 0
    laptop.store.close()


def test_an_older_database_gets_back_what_it_does_not_know(laptop: Journalled):
    laptop.visit()
    laptop.store.close()
    older = {path: path.read_bytes() for path in laptop.folder.glob("data.db*")}
    laptop.start()
    laptop.visit()
    before, number = laptop.unsent(), laptop.store.next_number("KUNJ", 2026)
    laptop.store.close()
    for path, content in older.items():
        path.write_bytes(content)
    laptop.start()
    assert laptop.unsent() == before
    assert laptop.store.next_number("KUNJ", 2026) == number
    laptop.store.close()


def test_an_older_database_gives_no_number_twice_though_all_was_sent_since(laptop: Journalled):
    """The paper with that number is in somebody's hands."""
    laptop.visit()
    laptop.store.close()
    older = {path: path.read_bytes() for path in laptop.folder.glob("data.db*")}
    laptop.start()
    laptop.visit()
    laptop.send("applied")
    laptop.send("applied")
    laptop.end_run()
    number = laptop.store.next_number("KUNJ", 2026)
    laptop.store.close()
    assert laptop.read().changes == {}
    for path, content in older.items():
        path.write_bytes(content)
    for _start in range(2):
        laptop.start()
        assert laptop.store.next_number("KUNJ", 2026) == number
        laptop.store.close()


def test_what_waited_when_the_server_went_back_comes_back_as_written_upon_the_first_version(laptop: Journalled):
    """Else a deletion would count as one that had seen what others wrote in that version since."""
    person = laptop.person()
    laptop.send("applied")
    gone = make_change_record(
        "c-gone", person, RecordKind.PERSON, sets={"deleted": (None, True)}, base_version=5, create=False
    )
    laptop.store.commit(Commit(changes=[gone]))
    with laptop.store.transaction():
        laptop.sync.server_went_back()
    laptop.end_run()
    laptop.lose_database()
    assert [one.base_version for one in laptop.unsent().values() if one.id == gone.id] == [1]
    laptop.store.close()


def test_answers_to_the_files_of_a_repaired_laptop_are_news(tmp_path: Path):
    """Its files are numbered from one on again, however many were answered before."""
    for name in ("before", "after"):
        (tmp_path / name).mkdir()
    before, after = (open_test_store(tmp_path / name) for name in ("before", "after"))
    told, mended = LocalSyncStore(before).courier, LocalSyncStore(after).courier
    told.note_file("old")
    told.hear(7)
    journal_now = told_of(before.db.rows(SETTINGS), before.db.rows(METAS), [])
    assert f"{META} {HEARD}" not in journal_now
    take_identity(after, {**journal_now, f"{META} {HEARD}": "7"})
    mended.note_file("new")
    assert mended.number_of("new") > mended.heard()
    before.close()
    after.close()


def test_a_save_without_its_second_copy_succeeds_and_is_made_up_for(laptop: Journalled):
    laptop.visit()
    away = laptop.path.with_name("disimpan")
    laptop.path.rename(away)
    laptop.path.mkdir()  # as a file that an antivirus program does not let go
    laptop.visit()
    assert laptop.store.journal.is_behind
    laptop.path.rmdir()
    away.rename(laptop.path)
    laptop.person()
    assert not laptop.store.journal.is_behind
    assert len(laptop.unsent()) == 3
    laptop.assert_alike()
    laptop.store.close()


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_what_lies_half_in_the_file_hides_nothing_behind_it(laptop: Journalled, monkeypatch, share: float):
    """The disk is full in the middle of a line, or says no after it took all of it."""
    laptop.visit()

    def full(path: Path, content: bytes) -> None:
        with path.open("ab") as file:
            file.write(content[: round(len(content) * share)])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as context:
        context.setattr("kube_field.storage.journal.append_durably", full)
        laptop.visit()
        assert laptop.store.journal.is_behind
        laptop.take_back()
    laptop.person()
    laptop.edit()
    assert not laptop.store.journal.is_behind
    laptop.assert_alike()
    before = laptop.unsent()
    laptop.lose_database()
    assert laptop.unsent() == before
    laptop.store.close()


def test_a_journal_that_cannot_be_read_at_the_start_is_neither_lost_nor_in_the_way(laptop: Journalled):
    laptop.visit()
    laptop.store.close()
    away = laptop.path.with_name("disimpan")
    laptop.path.rename(away)
    laptop.path.mkdir()
    laptop.start()
    laptop.visit()
    assert laptop.store.journal.is_behind
    laptop.path.rmdir()
    away.rename(laptop.path)
    laptop.end_run()
    assert not laptop.store.journal.is_behind
    laptop.assert_alike()
    laptop.store.close()


def test_a_laptop_of_before_writes_its_journal_at_the_first_start(laptop: Journalled):
    laptop.visit(1)
    laptop.person()
    laptop.store.close()
    laptop.path.unlink()
    laptop.start()
    assert len(laptop.read().changes) == 2
    laptop.assert_alike()
    laptop.store.close()


def test_a_journal_of_another_key_is_put_aside_and_not_deleted(laptop: Journalled):
    laptop.visit()
    laptop.store.close()
    strange, _seq, _link = seal_lines([{"add": {}}], AESGCM(bytes(32)), 0, START)
    laptop.path.write_bytes(strange[0])
    laptop.start()
    laptop.assert_alike()
    assert laptop.path.with_name(laptop.path.name + ".tak-terbaca").read_bytes() == strange[0]
    laptop.store.close()


def test_the_file_stays_small_and_says_nothing_in_clear(laptop: Journalled):
    for _turn in range(60):
        for _visit in range(4):
            laptop.visit(1)
        laptop.send("applied", photos=True)
        laptop.send("applied", photos=True)
        laptop.send("applied", photos=True)
        laptop.end_run()
    laptop.person()
    raw = laptop.path.read_bytes()
    assert len(raw) < 2 * LEAST_WASTE + sum(line.length for line in laptop.journal.held.values())
    assert b"Melati" not in raw
    assert b"visit" not in raw
    if os.name == "posix":
        assert laptop.path.stat().st_mode & 0o777 == 0o600
    laptop.store.close()


def test_the_content_of_somebody_erased_leaves_the_file_at_once(laptop: Journalled):
    laptop.visit()
    laptop.person()
    size = laptop.path.stat().st_size
    with laptop.store.transaction():
        laptop.store.db.execute_sql("UPDATE outbox SET state = 'attention', status = 'erased' WHERE kind = 'person'")
        laptop.store.db.execute_sql("UPDATE outbox_content SET sets_json = '{}' WHERE n = 2")
    laptop.end_run()
    assert laptop.path.stat().st_size < size
    laptop.assert_alike()
    laptop.store.close()


def test_what_was_sent_of_somebody_erased_leaves_the_file_too(laptop: Journalled, monkeypatch: pytest.MonkeyPatch):
    """A line that was taken back lies in the file until it is written anew."""
    laptop.person()
    laptop.visit(0)
    laptop.send("applied", photos=True)
    laptop.end_run()
    (her,) = [uid for (uid,) in laptop.store.db.rows("SELECT uid FROM outbox WHERE kind = 'person'")]
    before = read_lines(laptop.path.read_bytes(), AESGCM(JOURNAL_KEY))
    assert her in repr(before.bodies)
    assert her not in repr(laptop.read().changes)
    with laptop.store.transaction():
        erase_here(laptop.store, her)
    monkeypatch.setattr(journal, "write_durably", _no_room)
    laptop.sync.tidy_erased()
    monkeypatch.undo()
    laptop.sync.tidy_erased()
    after = read_lines(laptop.path.read_bytes(), AESGCM(JOURNAL_KEY))
    assert her not in repr(after.bodies)
    assert len(laptop.unsent()) == 1
    laptop.end_run()
    laptop.assert_alike()
    laptop.store.close()


def _no_room(_path: Path, _content: bytes) -> None:
    raise OSError


# the lines alone

CIPHER = AESGCM(JOURNAL_KEY)
LINES, LAST, _LINK = seal_lines([{"add": {"change_id": f"c-{n}"}} for n in range(8)], CIPHER, 0, START)


@given(st.integers(0, len(b"".join(LINES)) - 1), st.integers(1, 255))
def test_a_changed_byte_costs_its_own_line_and_at_most_the_one_behind(at: int, by: int):
    raw = bytearray(b"".join(LINES))
    raw[at] ^= by
    lines = read_lines(bytes(raw), CIPHER)
    told = [body["add"]["change_id"] for body, _length in lines.bodies]
    assert lines.damaged
    assert told == sorted(told)
    assert len(told) >= 6


@given(st.integers(0, len(b"".join(LINES))))
def test_a_torn_file_keeps_every_whole_line(length: int):
    raw = b"".join(LINES)[:length]
    lines = read_lines(raw, CIPHER)
    assert len(lines.bodies) in (raw.count(b"\n"), raw.count(b"\n") + 1)
    assert lines.is_torn == (bool(raw) and not raw.endswith(b"\n"))


@given(st.binary(max_size=400))
def test_no_file_at_all_makes_reading_fail(raw: bytes):
    assert read_lines(raw, CIPHER).bodies == []
    assert len(read_lines(b"".join(LINES) + raw, CIPHER).bodies) == len(LINES)


def test_a_missing_and_a_repeated_line_are_noticed():
    assert read_lines(b"".join(LINES[:3] + LINES[4:]), CIPHER).damaged == 1
    repeated = read_lines(b"".join([*LINES, LINES[2]]), CIPHER)
    assert (len(repeated.bodies), repeated.damaged) == (8, 1)
