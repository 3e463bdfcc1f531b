"""The power goes while the encrypted database is written: its journal ends at any frame, in any byte of one.

Whatever the journal lost, the database opens as it was after the last commit that lies wholly before the cut: every
save that was acknowledged until then is there, and of the next one nothing. The next run then goes through.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from kube_field.server.storage.proof import check_feed
from kube_field.storage.store import LocalStore
from tests.sim.disks import image_of, put_image
from tests.support.day import SERVER, Day, make_morning, sent_from
from tests.support.direct_server import direct_server
from tests.support.journal import FRAME_BYTES, PAGE_BYTES, Moment, digest_of, frames, journal_of, recording, state_at
from tests.support.make_store import DATABASE_NAME, open_test_store
from tests.support.server import OF_CHANGES
from tests.support.store_child import finalise, put_person, save_drafts
from tests.support.wholeness import assert_alike, assert_whole, assert_whole_page_or_none

SAVES = (put_person, save_drafts, finalise) * 4
SEVERAL = 11
"""Frames from one cut to the next in the ordinary run."""
ODD = (1, 23, 24, 1000, FRAME_BYTES - 1)
"""Bytes of a half frame that are left of it: in its head, just its head, in its page, all but one."""


@dataclass(frozen=True)
class Written:
    """A day of saves: the file before them, the journal with all of them, its commits, the file after a checkpoint."""

    before: bytes
    journal: bytes
    moments: list[Moment]
    after: bytes


@pytest.fixture(scope="module")
def saves(tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("simpan")
    path = folder / DATABASE_NAME
    store = open_test_store(folder)
    with recording(store.db) as moments:
        before = path.read_bytes()
        for save in SAVES:
            save(store)
        journal = journal_of(path).read_bytes()
    store.db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    store.close()
    assert len(moments) > len(SAVES)
    assert len(journal) == moments[-1].end
    return Written(before, journal, moments, path.read_bytes())


def opened_as(folder: Path, file: bytes, journal: bytes) -> str:
    """What a sound database holds that the power cut left so."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / DATABASE_NAME).write_bytes(file)
    journal_of(folder / DATABASE_NAME).write_bytes(journal)
    store = open_test_store(folder)
    try:
        assert store.db.rows("PRAGMA integrity_check") == [("ok",)]
        assert store.audit_log.first_break() is None
        assert_no_half(store)
        return digest_of(store.db)
    finally:
        store.close()


def assert_no_half(store: LocalStore) -> None:
    """A person or document stands in every table that one commit writes, or in none."""
    rows = store.db.rows
    stored = {uid for (uid,) in rows("SELECT uid FROM person UNION SELECT uid FROM fact")}
    assert stored == {uid for (uid,) in rows("SELECT uid FROM outbox")}
    assert stored == {uid for (uid,) in rows("SELECT uid FROM search_entry")}
    assert store.audit_log.head()[0] == len(stored)
    assert not stored & {draft.record_uid for draft in store.drafts.listed()}


def cuts(written: Written, step: int) -> Iterable[int]:
    """Ends of frames, and odd places behind each."""
    for end in frames(written.journal)[::step]:
        yield end
        yield from (end + odd for odd in ODD if end + odd < len(written.journal))
    yield from (0, 1, 31)


def assert_every_cut_leaves_whole_saves(written: Written, folder: Path, step: int) -> None:
    for cut in cuts(written, step):
        expected = written.moments[state_at(written.moments, cut)].digest
        assert opened_as(folder, written.before, written.journal[:cut]) == expected, cut


def test_a_journal_cut_at_a_frame_or_in_one_leaves_whole_saves(saves: Written, tmp_path: Path):
    assert_every_cut_leaves_whole_saves(saves, tmp_path / "potong", SEVERAL)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_journal_cut_at_every_frame_leaves_whole_saves(saves: Written, tmp_path: Path):
    assert_every_cut_leaves_whole_saves(saves, tmp_path / "potong", 1)


def test_a_tail_that_reached_the_disk_in_any_order_leaves_whole_saves(saves: Written, tmp_path: Path):
    """What was written after the last sync may be there, be zeros, or be what lay there before, page by page."""
    chance = random.Random(17)
    for number in range(len(saves.moments) - 1):
        start, end = saves.moments[number].end, saves.moments[number + 1].end
        journal = bytearray(saves.journal[:end])
        lost = [at for at in range(max(start, 32), end, FRAME_BYTES) if chance.random() < 0.5]
        lost = lost or [max(start, 32)]
        for at in lost:
            journal[at : at + FRAME_BYTES] = chance.choice((bytes(FRAME_BYTES), chance.randbytes(FRAME_BYTES)))
        assert opened_as(tmp_path / "ekor", saves.before, bytes(journal)) == saves.moments[number].digest, number


def test_a_checkpoint_cut_at_any_page_leaves_everything(saves: Written, tmp_path: Path):
    """Pages on their way from the journal into the file, one of them half: the journal still has them."""
    chance = random.Random(19)
    pages = len(saves.after) // PAGE_BYTES
    before = saves.before.ljust(len(saves.after), b"\0")
    for _turn in range(12):
        file = bytearray(before)
        moved = chance.sample(range(pages), chance.randint(1, pages))
        for page in moved:
            at = page * PAGE_BYTES
            file[at : at + PAGE_BYTES] = saves.after[at : at + PAGE_BYTES]
        torn = moved[-1] * PAGE_BYTES
        file[torn + 512 : torn + PAGE_BYTES] = before[torn + 512 : torn + PAGE_BYTES]
        assert opened_as(tmp_path / "pindah", bytes(file), saves.journal) == saves.moments[-1].digest


# a run of synchronisation


@dataclass(frozen=True)
class Run:
    """A run of a laptop: its file before, its journal, its commits with the server as it was at each."""

    morning: Path
    file: bytes
    journal: bytes
    moments: list[Moment]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    morning = make_morning(tmp_path_factory.mktemp("pagi"))
    day = Day(morning, tmp_path_factory.mktemp("hari"))
    server_file = day.folder / SERVER / "server.db"
    with (
        direct_server(day.folder) as server,
        day.laptop() as laptop,
        recording(laptop.store.db, lambda: image_of(server_file)) as moments,
    ):
        file = day.data.read_bytes()
        assert server.sync(laptop.session).outcome == ""
        journal = journal_of(day.data).read_bytes()
    assert len(moments) > 10
    return Run(morning, file, journal, moments)


def cut_day(run: Run, folder: Path, cut: int) -> Day:
    """The morning again, the laptop as the cut left it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    day = Day(run.morning, folder)
    day.data.write_bytes(run.file)
    journal_of(day.data).write_bytes(run.journal[:cut])
    return day


def assert_run_goes_on(run: Run, folder: Path, cut: int, number: int, server_at: int) -> None:
    """The server is as it was at a commit of the laptop."""
    day = cut_day(run, folder, cut)
    put_image(folder / SERVER / "server.db", run.moments[server_at].beside)
    with direct_server(folder) as server, day.laptop() as laptop:
        assert digest_of(laptop.store.db) == run.moments[number].digest
        assert_whole(laptop.store)
        assert_whole_page_or_none(laptop.store)
        written, names = sent_from(laptop), server.rows("SELECT device_id FROM device ORDER BY device_id")
        done = server.sync(laptop.session)
        assert (done.outcome, done.refused) == ("", 0), (cut, done)
        assert sent_from(laptop) == written
        assert_whole(laptop.store)
        assert_alike(server, laptop.store)
        assert check_feed(server.house.database) == []
        assert server.rows(f"SELECT count(*) FROM record_version WHERE {OF_CHANGES}") == server.rows(
            "SELECT count(*) FROM intake"
        )
        assert server.rows("SELECT device_id FROM device ORDER BY device_id") == names, "nobody is a clone for that"


def power_cuts_in_a_run(run: Run, folder: Path, step: int) -> None:
    """In each commit of a run, with the server as it was before and after the call that the commit answers to."""
    chance = random.Random(23)
    for number in range(0, len(run.moments) - 1, step):
        here, there = run.moments[number].end, run.moments[number + 1].end
        for server_at in (number, number + 1):
            assert_run_goes_on(run, folder, chance.randrange(here, there), number, server_at)


def test_a_power_cut_in_a_run_is_taken_up(run: Run, tmp_path: Path):
    power_cuts_in_a_run(run, tmp_path / "padam", 5)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_power_cut_in_any_commit_of_a_run_is_taken_up(run: Run, tmp_path: Path):
    power_cuts_in_a_run(run, tmp_path / "padam", 1)


def test_a_run_cut_at_every_frame_opens_at_a_commit(run: Run, tmp_path: Path):
    for cut in frames(run.journal)[::SEVERAL]:
        with cut_day(run, tmp_path / "bingkai", cut).laptop() as laptop:
            assert digest_of(laptop.store.db) == run.moments[state_at(run.moments, cut)].digest
            assert_whole(laptop.store)
