"""A database is damaged wherever a byte can be: everything that was not sent is there again, and arrives once.

The real command line repairs, a real server process receives. The damaged files lie in the quarantine, untouched.
"""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kube_field.assembly import OpenLaptop, join_server, transport_of
from kube_field.domain.records import RecordKind, Role
from kube_field.errors import Failure
from kube_field.storage.photos import PhotoStore
from kube_field.usecases.drafts import begin_draft, save_draft
from kube_field.usecases.sync import sync_now
from tests.support.command_line import copied, kube, officer_of, reopened, set_up
from tests.support.make_picture import photo_item
from tests.support.make_records import commit_saved, make_unit, record_visit, register_household, register_person
from tests.support.real_server import RealServer
from tests.support.server import OF_CHANGES
from tests.support.wholeness import assert_alike, assert_whole

AREA = "64.02.12"
UNSENT = (
    "SELECT change_id, uid, kind, scope_id, base_version, form_version, deps_json, resolves_json, by_uid, at, reason,"
    " sha256, created, size, sets_json FROM outbox_whole WHERE state <> 'acked' ORDER BY n"
)
PHOTOS = "SELECT sha256, size, mime FROM blob WHERE state IN ('local', 'sending') ORDER BY sha256"
PAGE = 4096


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    running = RealServer(tmp_path_factory.mktemp("server"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory, server: RealServer) -> Path:
    """Rina's laptop: some of her work was sent, an edit, two visits with photos and a form half filled in were not."""
    folder = tmp_path_factory.mktemp("rina") / "laptop"
    with set_up(folder, officer=officer_of("Rina")) as laptop:
        join_server(laptop, url=server.url, code=server.add_user("Rina", Role.PENDAMPING, AREA).code)
        session = laptop.session
        homes = [register_household(session, n) for n in (1, 2, 3)]
        for n, home in enumerate(homes, start=1):
            if n == 2:
                assert_goes_through(laptop)
            assert isinstance(session.photos, PhotoStore)
            mine = make_unit(session, register_person(session, n, household=home))
            kinds = [photo_item(session.photos, kind) for kind in ("tempat_usaha", "kegiatan")]
            record_visit(session, mine.uid, "2026-11-02", photos=kinds, book_photo=[kinds[0]])
        edit = begin_draft(session, kind=RecordKind.HOUSEHOLD, record_uid=homes[0].uid)
        commit_saved(session, save_draft(session, draft=edit, answers={**edit.answers, "address": "Jalan Poros RT 4"}))
        draft = begin_draft(session, kind=RecordKind.PERSON)
        save_draft(session, draft=draft, answers={"full_name": "Belum Selesai"})
    return folder


def assert_goes_through(laptop: OpenLaptop) -> None:
    with transport_of(laptop.session) as transport:
        done = sync_now(laptop.session, transport, wait=lambda _seconds: None)
    assert (done.outcome, done.refused) == ("", 0), done


def told(folder: Path) -> dict[str, Any]:
    """What is not sent on a laptop, with everything that the server will compare, and who the laptop is."""
    with reopened(folder) as laptop:
        assert_whole(laptop.store)
        rows = laptop.store.db.rows
        return {
            "unsent": rows(UNSENT),
            "photos": rows(PHOTOS),
            "numbers": rows("SELECT paper, year, value FROM number_counter ORDER BY paper, year"),
            "officer": laptop.session.officer,
            "code": laptop.store.setting("device_code"),
            "who": rows("SELECT k, v FROM sync_meta WHERE k IN ('device_id', 'token', 'continuity') ORDER BY k"),
        }


def flip(path: Path, offset: int) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        byte = file.read(1)
        file.seek(offset)
        file.write(bytes([byte[0] ^ 0x40]))


def hashes(folder: Path) -> dict[str, str]:
    """The database with all its files, by content."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("kube.db*")}


def repaired(folder: Path, before: dict[str, str]) -> dict[str, Any]:
    """What the command said; the damaged files lie together in the quarantine as they were."""
    done = kube(folder, "db", "repair")
    assert done.code == 0, done
    answer = done.lines[-1]
    if answer["repaired"]:
        assert hashes(Path(answer["quarantine"])) == before
        assert not list(folder.glob("*.pulih*"))
        assert not (folder / "periksa").exists()
    return answer


def offsets(size: int, count: int) -> list[int]:
    """The first page, the last one, and others all over the file; each time another byte of the page."""
    chance = random.Random(20261130)
    pages = sorted({0, size // PAGE - 1, *chance.sample(range(size // PAGE), min(count, size // PAGE))})
    return [page * PAGE + chance.randrange(PAGE) for page in pages]


@pytest.mark.parametrize("pages", [6, pytest.param(200, marks=[pytest.mark.slow, pytest.mark.timeout(3000)])])
def test_a_flipped_byte_anywhere_loses_no_unsent_work(tmp_path: Path, worked: Path, pages: int):
    before = told(worked)
    assert len(before["unsent"]) > 8
    assert len(before["photos"]) == 4
    drafts = 0
    for n, offset in enumerate(offsets((worked / "kube.db").stat().st_size, pages)):
        folder = copied(worked, tmp_path / str(n))
        flip(folder / "kube.db", offset)
        answer = repaired(folder, hashes(folder))
        assert answer["repaired"], offset
        assert (answer["changes"], answer["photos"]) == (len(before["unsent"]), 4), offset
        assert answer["photos_missing"] == answer["damaged_lines"] == 0
        assert told(folder) == before, offset
        drafts += answer["drafts"]
        shutil.rmtree(folder)
    assert drafts > pages // 2, "what can still be read of unfinished forms is kept too"


def test_a_repaired_laptop_sends_everything_once(tmp_path: Path, worked: Path, server: RealServer):
    """The first one goes on as itself; the others are put back from the same day, as copies of a laptop are."""
    before = told(worked)
    for n, offset in enumerate((100, 5 * PAGE + 7, 11 * PAGE + 99)):
        folder = copied(worked, tmp_path / str(n))
        flip(folder / "kube.db", offset)
        assert repaired(folder, hashes(folder))["repaired"]
        with reopened(folder) as laptop:
            assert_goes_through(laptop)
            assert_goes_through(laptop)
            assert_whole(laptop.store)
            assert_alike(server, laptop.store)
            is_itself = laptop.store.setting("device_code") == before["code"]
            assert is_itself == (n == 0)
            assert laptop.store.db.rows(PHOTOS) == []
        there = server.rows("SELECT change_id, sha256 FROM intake")
        assert {(row[0], row[11]) for row in before["unsent"]} <= set(there)
        assert len(there) == len(dict(there))
        written = f"SELECT count(*), count(DISTINCT change_id) FROM record_version WHERE {OF_CHANGES}"
        assert server.rows(written) == [(len(there), len(there))], n
        assert {name for name, _size, _mime in before["photos"]} <= {
            n for (n,) in server.rows("SELECT sha256 FROM blob")
        }


def test_a_good_database_is_left_alone(tmp_path: Path, worked: Path):
    folder = copied(worked, tmp_path / "baik")
    before = hashes(folder)
    done = kube(folder, "db", "repair")
    assert done.lines == [{"ok": True, "repaired": False}]
    assert "tidak rusak" in done.err
    assert hashes(folder) == before
    assert not (folder / "karantina").exists()


@pytest.mark.parametrize("harm", ["gone", "empty", "short", "text"])
def test_a_file_that_is_no_database_any_more_is_repaired(tmp_path: Path, worked: Path, harm: str):
    before, folder = told(worked), copied(worked, tmp_path / harm)
    database = folder / "kube.db"
    if harm == "gone":
        database.unlink()
    elif harm == "short":
        with database.open("r+b") as file:
            file.truncate(database.stat().st_size // 2 + 123)
    else:
        database.write_bytes(b"" if harm == "empty" else b"bukan basis data " * 1000)
    found = kube(folder, "db", "info")
    assert found.code == Failure.INTEGRITY or harm == "short"
    assert repaired(folder, hashes(folder))["changes"] == len(before["unsent"])
    assert told(folder) == before


def test_without_a_journal_and_without_a_readable_page_nothing_is_touched(tmp_path: Path, worked: Path):
    folder = copied(worked, tmp_path / "tanpa")
    (folder / "jurnal.kfj").unlink()
    flip(folder / "kube.db", 40)
    before = hashes(folder)
    done = kube(folder, "db", "repair")
    assert done.code == Failure.INTEGRITY
    assert "Tidak ada yang diubah" in done.err
    assert hashes(folder) == before


def test_a_repair_waits_for_a_file_that_another_program_holds(tmp_path: Path, worked: Path):
    before, folder = told(worked), copied(worked, tmp_path / "dipegang")
    flip(folder / "kube.db", 77)
    damaged, journal = hashes(folder), folder / "jurnal.kfj"
    journal.rename(folder / "disimpan")
    journal.mkdir()
    done = kube(folder, "db", "repair")
    assert done.code == Failure.ALREADY_RUNNING
    assert hashes(folder) == damaged
    journal.rmdir()
    (folder / "disimpan").rename(journal)
    assert repaired(folder, damaged)["changes"] == len(before["unsent"])
    assert told(folder) == before


def test_a_journal_that_nobody_can_read_is_left_where_it_is_when_nothing_can_be_done(tmp_path: Path, worked: Path):
    folder = copied(worked, tmp_path / "keduanya")
    (folder / "jurnal.kfj").write_bytes(b"bukan jurnal\n" * 50)
    flip(folder / "kube.db", 40)
    before = hashes(folder)
    assert kube(folder, "db", "repair").code == Failure.INTEGRITY
    assert hashes(folder) == before
    assert (folder / "jurnal.kfj").read_bytes() == b"bukan jurnal\n" * 50


def test_without_a_journal_what_can_be_read_is_kept(tmp_path: Path, worked: Path):
    """A laptop whose database broke before this program could write its first journal."""
    before, folder = told(worked), copied(worked, tmp_path / "lama")
    (folder / "jurnal.kfj").unlink()
    flip(folder / "kube.db", (folder / "kube.db").stat().st_size - 50)
    answer = repaired(folder, hashes(folder))
    assert answer["repaired"]
    after = told(folder)
    assert {row[0] for row in after["unsent"]} <= {row[0] for row in before["unsent"]}
    assert answer["changes"] == len(after["unsent"]) > 0
    assert after["officer"] == before["officer"]


def test_a_damaged_line_of_the_journal_costs_nothing_that_the_database_still_tells(tmp_path: Path, worked: Path):
    before, folder = told(worked), copied(worked, tmp_path / "dua")
    journal = folder / "jurnal.kfj"
    flip(journal, journal.stat().st_size // 2)
    (folder / "kube.db").unlink()
    answer = repaired(folder, hashes(folder))
    assert answer["damaged_lines"] > 0
    assert len(before["unsent"]) - 2 <= answer["changes"] < len(before["unsent"])
