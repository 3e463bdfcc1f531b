"""A person erased at the server goes from every laptop too, and stays erased after a restore (bar B34)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from io import StringIO
from pathlib import Path

import pytest

from kube_field.domain.records import RecordKind, Role
from kube_field.domain.sync_views import SyncRun
from kube_field.server import erasing
from kube_field.server.cli import main
from kube_field.server.courier import take_bundle
from kube_field.server.erasing import erase
from kube_field.server.grants_file import GRANTS_FILE
from kube_field.server.photo_rounds import look_after_photos
from kube_field.server.storage.proof import check_feed
from kube_field.usecases.courier import visit_stick
from kube_field.usecases.drafts import begin_draft, save_draft
from kube_field.usecases.queue import handed_over, queue
from kube_field.usecases.sync import sync_store
from kube_field.wire.bundle import answer_path, unanswered
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_picture import make_picture
from tests.support.make_records import (
    commit_saved,
    make_batch,
    make_unit,
    record_visit,
    register_household,
    register_person,
)
from tests.support.server import RunningServer, enrolled, running_server
from tests.support.wholeness import assert_alike, assert_whole, assert_whole_page_or_none

CANARY, OTHER, REASON = "Kenari Zaitun", "Beringin Waru", "Surat keputusan 12/2026"


class Story:
    """Rina wrote about a woman; Budi has it too. The server lives in the folder and can be stopped and started."""

    def __init__(self, folder: Path, rina: Laptop, budi: Laptop) -> None:
        self.folder, self.rina, self.budi = folder, rina, budi
        self._running = ExitStack()
        self.start()
        admin = self.server.add_user("Admin", role=Role.ADMIN_PROV, areas=("64",))
        with self.server.house.database.write():
            self.server.accounts.add_alias("staff-admin", admin.uid)
        for laptop in (rina, budi):
            enrolled(self.server, laptop)
        self._write()
        self.sync()

    def start(self) -> None:
        self.server: RunningServer = self._running.enter_context(running_server(self.folder))

    def stop(self) -> None:
        self._running.close()

    def _write(self) -> None:
        session = self.rina.session
        home = register_household(session, head_name=OTHER)
        self.her = register_person(session, 1, household=home, full_name=CANARY)
        self.other = register_person(session, 2, household=home, full_name=OTHER)
        batch = {"uid": make_batch(session).uid, "name": "KUBE"}
        self.unit = make_unit(session, self.her, batch_id=batch, business_name=f"Warung {CANARY}")
        photos = []
        for n, kind in enumerate(("tempat_usaha", "kegiatan")):
            self.photo, size, mime = self.rina.photos.add(make_picture(300 + n, 200))
            photos.append({"id": f"p{n}", "sha256": self.photo, "size": size, "mime": mime, "photo_kind": kind})
        record_visit(session, self.unit.uid, photos=photos)

    def sync(self, *laptops: Laptop) -> list[SyncRun]:
        runs = []
        for laptop in laptops or (self.rina, self.budi, self.rina):
            sync_store(laptop.store).move_to(self.server.url)  # another port after each start
            runs.append(self.server.sync(laptop.session))
            assert runs[-1].outcome == "", runs[-1]
        return runs

    def erase(self) -> None:
        erase(self.server.house, self.her.uid, REASON)

    def put_back(self, image: Path) -> None:
        """Stop the server, put its database back, start it."""
        self.stop()
        command(self.folder / "server", "backup", "restore", str(image))
        self.start()

    def server_says(self, *tables: str) -> str:
        return "\n".join(repr(self.server.rows(f"SELECT * FROM {name}")) for name in tables)


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    with make_laptop(tmp_path, "Rina") as rina, make_laptop(tmp_path, "Budi") as budi:
        told = Story(tmp_path, rina, budi)
        try:
            yield told
            assert check_feed(told.server.house.database) == []
        finally:
            told.stop()
        for laptop in (rina, budi):
            assert_whole(laptop.store)
            assert_whole_page_or_none(laptop.store)


@pytest.fixture
def image(tmp_path: Path, story: Story) -> Path:
    """Last night's backup: she is in it."""
    command(tmp_path / "server", "backup", "create", str(tmp_path / "cadangan"))
    return tmp_path / "cadangan"


def words_of(laptop: Laptop) -> str:
    """Everything that the laptop's database says, also in the shadow tables of its search."""
    names = [name for (name,) in laptop.store.db.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    return "\n".join(repr(laptop.store.db.rows(f'SELECT * FROM "{name}"')) for name in names)


def assert_gone(laptop: Laptop) -> None:
    told = words_of(laptop)
    assert CANARY not in told
    assert "kenari" not in told.casefold()
    assert OTHER in told


def edit_her(laptop: Laptop, story: Story, name: str) -> None:
    draft = begin_draft(laptop.session, kind=RecordKind.PERSON, record_uid=story.her.uid)
    commit_saved(laptop.session, save_draft(laptop.session, draft=draft, answers={**draft.answers, "full_name": name}))


def test_she_goes_from_every_laptop_with_drafts_photos_and_outbox(story: Story):
    draft = begin_draft(story.budi.session, kind=RecordKind.PERSON, record_uid=story.her.uid)
    save_draft(story.budi.session, draft=draft, answers={**draft.answers, "full_name": f"{CANARY} Draf"})
    assert story.rina.photos.read(story.photo) is not None
    handed = len(story.rina.store.queue.handed_over(1))
    story.erase()
    story.sync()
    for laptop in (story.rina, story.budi):
        assert_gone(laptop)
        assert laptop.photos.read(story.photo) is None
        assert_alike(story.server, laptop.store)
        assert queue(laptop.session) == []
    assert story.budi.store.drafts.listed() == []
    told = handed_over(story.rina.session, run_id=1)
    assert len(told) == handed, "its paper still counts what was handed over"
    assert "(data sudah tidak ada di laptop)" in {row.title for row in told}
    assert story.rina.store.records.get(story.other.uid) is not None
    erased = story.rina.store.db.rows("SELECT object_id FROM audit WHERE action = 'erase'")
    assert (story.her.uid,) in erased


def test_what_was_typed_about_her_meanwhile_is_refused_in_words_and_goes(story: Story):
    edit_her(story.budi, story, f"{CANARY} Baru")
    record_visit(story.budi.session, story.unit.uid, "2026-11-22")
    story.erase()
    (run,) = story.sync(story.budi)
    assert run.refused == 2
    rows = queue(story.budi.session)
    assert [row.state for row in rows] == ["erased", "erased"]
    assert all("dihapus" in row.reason for row in rows)
    assert story.budi.store.queue.pill().failed == 0
    assert_gone(story.budi)
    story.budi.store.queue.ask_again([row.change_id for row in rows])
    assert story.sync(story.budi)[0].refused == 0, "an empty change is never sent again"
    assert CANARY not in story.server_says("intake")


def test_the_refusals_are_told_for_a_month(story: Story):
    edit_her(story.budi, story, f"{CANARY} Baru")
    story.erase()
    story.sync()
    assert len(queue(story.budi.session)) == 1
    house = story.server.house
    later = house.now()
    object.__setattr__(house, "now", lambda: later.replace(year=later.year + 1))
    story.sync()
    assert queue(story.budi.session) == []


def test_a_woman_registered_into_an_erased_family_is_kept_and_told_what_to_do(story: Story):
    alone = register_household(story.rina.session, 5, head_name="Cendana Wangi")
    her = register_person(story.rina.session, 5, household=alone, full_name="Cendana Wangi")
    story.sync()
    sister = register_person(story.budi.session, 6, household=alone, full_name="Mahoni Teduh")
    erase(story.server.house, her.uid, REASON)
    story.sync(story.budi)
    rows = {row.uid: row for row in queue(story.budi.session)}
    assert rows[sister.uid].state == "rejected"
    assert "Keluarga ini sudah dihapus" in rows[sister.uid].reason
    assert story.budi.store.records.get(sister.uid) is not None
    assert "Mahoni Teduh" in words_of(story.budi)
    assert story.budi.store.records.get(her.uid) is None
    assert story.budi.store.records.get(alone.uid) is None


def test_she_stays_erased_after_the_server_was_put_back(story: Story, image: Path):
    story.erase()
    story.sync()
    audit = story.rina.store.db.rows("SELECT object_id FROM audit WHERE action = 'erase'")
    story.put_back(image)
    assert CANARY not in story.server_says("record", "record_version", "intake")
    story.sync()
    assert CANARY not in story.server_says("record", "record_version", "intake")
    for laptop in (story.rina, story.budi):
        assert_gone(laptop)
        assert_alike(story.server, laptop.store)
    assert {name for (name,) in audit} >= {story.her.uid, story.unit.uid}


def test_her_photo_goes_when_the_server_died_before_and_when_it_is_put_back(
    story: Story, monkeypatch: pytest.MonkeyPatch
):
    house = story.server.house
    hers = house.photo_folder / story.photo[:2] / story.photo
    content = hers.read_bytes()
    with monkeypatch.context() as dying:
        dying.setattr(erasing, "_remove_files", lambda *_files: None)
        story.erase()
    assert hers.exists()
    look_after_photos(house)
    assert not hers.exists()
    hers.write_bytes(content)  # an older folder of photos
    look_after_photos(house)
    assert not hers.exists()
    assert GRANTS_FILE in [path.name for path in house.data_dir.iterdir() if story.photo.encode() in read(path)]


def read(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def test_a_laptop_that_slept_through_it_all_cannot_bring_her_back(story: Story, image: Path):
    """It holds acknowledged changes about her; the server was put back to before them and asks for what it lost."""
    edit_her(story.budi, story, f"{CANARY} Kemarin")
    record_visit(story.budi.session, story.unit.uid, "2026-11-22")
    story.sync(story.budi)
    story.erase()
    story.put_back(image)
    story.sync()
    assert CANARY not in story.server_says("record", "record_version", "intake")
    assert_gone(story.budi)
    assert_gone(story.rina)


def test_a_stick_carries_the_erasure_and_the_refusal(tmp_path: Path, story: Story):
    edit_her(story.rina, story, f"{CANARY} Baru")
    story.erase()
    stick = tmp_path / "flashdisk"
    stick.mkdir()
    visit_stick(story.rina.session, stick)
    for path in unanswered(stick):
        answer_path(path).write_bytes(take_bundle(story.server.house, path.read_bytes()).answer)
    tally = visit_stick(story.rina.session, stick)
    assert tally.refused == 1
    assert_gone(story.rina)
    assert story.rina.photos.read(story.photo) is None


def command(home: Path, *words: str) -> dict[str, object]:
    out, err = StringIO(), StringIO()
    assert main(["--json", *words, "--data-dir", str(home)], out, err) == 0, out.getvalue() + err.getvalue()
    return dict(json.loads(out.getvalue()))


def test_the_console_asks_once_more_and_says_what_went(tmp_path: Path, story: Story):
    home = tmp_path / "server"
    out, err = StringIO(), StringIO()
    words = ["erase", story.her.uid, "--reason", REASON, "--data-dir", str(home)]
    assert main(words, out, err) == 2
    assert "--yes" in err.getvalue()
    assert story.server.count("erased") == 0
    named = story.server.rows("SELECT DISTINCT sha256 FROM blob_link")
    done = command(home, *words[:-2], "--yes")
    assert (done["ok"], done["photos"]) == (True, len(named))
    assert not (home / "foto" / story.photo[:2] / story.photo).exists()
