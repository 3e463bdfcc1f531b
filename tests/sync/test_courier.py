"""Titip data USB: what waits travels on a stick, in any order and any number of times, and nothing is moved by it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from kube_field.assembly import OpenLaptop
from kube_field.domain.records import Record, RecordKind
from kube_field.errors import KubeFieldError
from kube_field.server import courier
from kube_field.server.cli import main
from kube_field.server.courier import take_bundle
from kube_field.server.photo_folder import PhotoFolder
from kube_field.storage import sync_leaving
from kube_field.storage.courier_box import CourierBox
from kube_field.storage.store import open_store
from kube_field.usecases.courier import visit_stick
from kube_field.usecases.stick import CourierTally
from kube_field.usecases.sync import sync_store
from kube_field.wire.bundle import Frame, Header, answer_path, unanswered
from kube_field.wire.codec import to_json
from kube_field.wire.courier import Op, Page
from kube_field.wire.messages import Pull, PullAnswer, Row
from kube_field.wire.refusals import Refusal, RefusalCode
from tests.support import command_line
from tests.support.laptop import DATABASE_KEY, REFERENCE, Laptop, make_laptop, plenty
from tests.support.make_picture import make_picture
from tests.support.make_records import make_batch, make_unit, record_visit, register_household, register_person
from tests.support.server import RunningServer, enrolled, http_of


@pytest.fixture
def rina(tmp_path: Path, server: RunningServer) -> Iterator[Laptop]:
    """A laptop that was at the office once; a day of the village follows."""
    with make_laptop(tmp_path, "Rina") as laptop:
        enrolled(server, laptop)
        server.sync(laptop.session)
        yield laptop


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "flashdisk"
    folder.mkdir()
    return folder


def answer_all(server: RunningServer, stick: Path) -> None:
    """What `kube-field-server courier` does with a stick."""
    for path in unanswered(stick):
        answer_path(path).write_bytes(take_bundle(server.house, path.read_bytes()).answer)


def unit_of_one(laptop: Laptop) -> Record:
    batch = make_batch(laptop.session)
    return make_unit(laptop.session, register_person(laptop.session), batch_id={"uid": batch.uid, "name": "KUBE"})


def waiting(laptop: Laptop) -> int:
    return laptop.session.store.queue.pill().unsent


def assert_all_receipted(server: RunningServer, laptop: Laptop) -> None:
    ours = laptop.store.db.rows("SELECT change_id, sha256, receipt_sha256, state FROM outbox")
    assert {(sha == receipt, state) for _id, sha, receipt, state in ours} == {(True, "acked")}
    assert sorted(server.rows("SELECT change_id FROM intake")) == sorted((name,) for name, *_rest in ours)
    assert server.made("record_version") == len(ours)


def test_what_was_given_waits_until_its_receipt_comes_back(server: RunningServer, rina: Laptop, stick: Path):
    register_household(rina.session)
    given = visit_stick(rina.session, stick)
    assert (given.given_changes, given.receipts, len(given.written)) == (2, 0, 1)
    assert waiting(rina) == 2
    answer_all(server, stick)
    assert waiting(rina) == 2
    taken = visit_stick(rina.session, stick)
    assert (taken.receipts, taken.received, taken.not_read, taken.behind) == (2, 2, [], [])
    assert waiting(rina) == 0
    assert_all_receipted(server, rina)
    assert [run.via for run in rina.session.store.queue.runs()] == ["usb", "usb", "internet"]


def test_a_receipt_from_the_stick_is_asked_for_again_online(server: RunningServer, rina: Laptop, stick: Path):
    """The server may have been put back after it wrote the answer: then the change is sent again, never believed."""
    register_household(rina.session)
    visit_stick(rina.session, stick)
    answer_all(server, stick)
    for table in ("intake", "record", "record_version", "feed", "scope_index", "scope_head"):
        server.house.database.run(f"DELETE FROM {table}")
    visit_stick(rina.session, stick)
    assert waiting(rina) == 0
    server.sync(rina.session)
    assert_all_receipted(server, rina)


def test_the_same_files_any_number_of_times_and_backwards(server: RunningServer, rina: Laptop, stick: Path):
    for n in range(1, 4):
        register_household(rina.session, n)
        visit_stick(rina.session, stick)
    files = sorted(stick.iterdir())
    answers = [take_bundle(server.house, path.read_bytes()).answer for path in [*reversed(files), *files]]
    for n, answer in enumerate(reversed(answers)):
        (stick / f"jawaban-{n}.kubebundle").write_bytes(answer)
    visit_stick(rina.session, stick)
    visit_stick(rina.session, stick)
    assert waiting(rina) == 0
    assert_all_receipted(server, rina)
    server.sync(rina.session)
    assert server.sync(rina.session).outcome == ""


def test_a_colleague_with_a_connection_carries_what_he_cannot_read(
    tmp_path: Path, server: RunningServer, rina: Laptop, stick: Path
):
    household = register_household(rina.session)
    visit_stick(rina.session, stick)
    with make_laptop(tmp_path, "Budi", code="L09", areas=("64.01.02",)) as budi:
        enrolled(server, budi, areas=("64.01.02",))
        server.sync(budi.session)
        with http_of(budi.session) as line:
            carried = visit_stick(budi.session, stick, line.carry)
        assert len(carried.forwarded) == 1
        assert carried.not_read == []
        assert budi.store.records.get(household.uid) is None
        with http_of(budi.session) as line:
            assert visit_stick(budi.session, stick, line.carry).forwarded != []  # his own file of the first visit
    content = b"".join(path.read_bytes() for path in stick.iterdir())
    assert str(household.answers["kk_number"]).encode() not in content
    assert visit_stick(rina.session, stick).receipts == 2
    assert_receipts_only(rina)


def assert_receipts_only(laptop: Laptop) -> None:
    assert waiting(laptop) == 0
    assert {state for (state,) in laptop.store.db.rows("SELECT state FROM outbox")} == {"acked"}


def test_photos_travel_along_in_as_many_files_as_they_need(server: RunningServer, rina: Laptop, stick: Path):
    unit = unit_of_one(rina)
    items = []
    for n, kind in enumerate(("tempat_usaha", "kegiatan", "produk")):
        name, size, mime = rina.photos.add(make_picture(1500 + n, 1500, noise=True))
        items.append({"id": f"p{n}", "sha256": name, "size": size, "mime": mime, "photo_kind": kind})
    record_visit(rina.session, unit.uid, photos=items)
    here = [item["sha256"] for item in items]
    given = visit_stick(rina.session, stick)
    assert given.given_photos == len(here)
    assert all(path.stat().st_size < 8_000_000 for path in given.written)
    answer_all(server, stick)
    taken = visit_stick(rina.session, stick)
    assert taken.photos_stored == len(here)
    states = dict(rina.store.db.rows("SELECT sha256, state FROM blob"))
    assert {states[name] for name in here} == {"stored"}
    assert {name for (name,) in server.rows("SELECT sha256 FROM blob")} >= set(here)


def test_a_visit_goes_by_stick_and_its_words_come_to_the_other_laptop_online(
    tmp_path: Path, server: RunningServer, rina: Laptop, stick: Path
):
    unit = unit_of_one(rina)
    visit = record_visit(rina.session, unit.uid)
    visit_stick(rina.session, stick)
    answer_all(server, stick)
    with make_laptop(tmp_path, "Sari", code="L10") as sari:
        enrolled(server, sari)
        server.sync(sari.session)
        there = sari.store.facts.get(visit.uid)
        assert there is not None
        assert there.kind == RecordKind.VISIT
        assert there.sha256 == visit.sha256


def test_an_answer_that_anybody_touched_changes_nothing(server: RunningServer, rina: Laptop, stick: Path):
    register_household(rina.session)
    visit_stick(rina.session, stick)
    answer_all(server, stick)
    answer = next(path for path in stick.iterdir() if path.name.startswith("jawaban"))
    content = bytearray(answer.read_bytes())
    content[len(content) // 2] ^= 1
    answer.write_bytes(content)
    tally = visit_stick(rina.session, stick)
    assert [name for name, _reason in tally.not_read] == [answer.name]
    assert waiting(rina) == 2


def test_files_of_others_and_other_files_are_left_alone(server: RunningServer, rina: Laptop, stick: Path):
    (stick / "foto.jpg").write_bytes(b"x")
    (stick / "kosong.kubebundle").write_bytes(b"")
    register_household(rina.session)
    tally = visit_stick(rina.session, stick)
    assert [name for name, _reason in tally.not_read] == ["kosong.kubebundle"]
    assert (stick / "foto.jpg").read_bytes() == b"x"


def copy_of(laptop: Laptop, folder: Path) -> Laptop:
    """The laptop as its disk image would start on other hardware."""
    shutil.copytree(laptop.folder, folder)
    store = open_store(folder / "data.db", DATABASE_KEY, reference=REFERENCE, free_bytes=plenty)
    return replace(laptop, folder=folder, store=store, session=replace(laptop.session, store=store))


def test_an_answer_from_further_on_waits_for_the_one_before(
    tmp_path: Path, server: RunningServer, rina: Laptop, stick: Path
):
    """The second answer begins where the first one ended; alone it would leave a hole."""
    register_household(rina.session, 1)
    visit_stick(rina.session, stick)
    answer_all(server, stick)
    later = tmp_path / "flashdisk-kedua"
    later.mkdir()
    with copy_of(rina, tmp_path / "kloning") as further:
        visit_stick(further.session, stick)
        register_household(further.session, 2)
        visit_stick(further.session, later)
        answer_all(server, later)
    assert visit_stick(rina.session, later).behind == ["64.02.12"]
    assert rina.store.db.value("SELECT seq FROM sync_scope WHERE scope_id = '64.02.12'") == 0
    visit_stick(rina.session, stick)
    assert visit_stick(rina.session, later).behind == []
    assert rina.store.db.value("SELECT seq FROM sync_scope WHERE scope_id = '64.02.12'") == 4
    assert rina.store.db.value("SELECT count(*) FROM household") == 2


def test_an_answer_of_before_the_server_was_put_back_is_not_taken(
    tmp_path: Path, server: RunningServer, rina: Laptop, stick: Path
):
    """The same number of rows may be others then."""
    visit_stick(rina.session, stick)
    server.sync(rina.session)
    cursor = "UPDATE sync_scope SET seq = 0, head_seen = ?, chain_seen = ? WHERE scope_id = '64.02.12'"
    register_household(rina.session)
    server.sync(rina.session)
    rina.store.db.execute_sql(cursor, (0, ""))
    visit_stick(rina.session, stick)
    answer_all(server, stick)
    rina.store.db.execute_sql(cursor, (1, "c" * 64))
    taken = visit_stick(rina.session, stick)
    assert (taken.received, taken.behind) == (0, ["64.02.12"])
    rina.store.db.execute_sql(cursor, (0, ""))
    assert visit_stick(rina.session, stick).received > 0


def test_a_bundle_signed_by_nobody_we_know_is_refused(server: RunningServer, rina: Laptop, stick: Path):
    register_household(rina.session)
    path = visit_stick(rina.session, stick).written[0]
    server.house.database.run("UPDATE device SET sign_key = ''")
    with pytest.raises(Refusal) as refused:
        take_bundle(server.house, path.read_bytes())
    assert refused.value.code == RefusalCode.BUNDLE_REFUSED
    assert server.count("intake") == 0


def rows_of_laptops(server: RunningServer) -> dict[str, int]:
    """How much the server holds of what laptops bring."""
    return {table: server.count(table) for table in ("intake", "record", "record_version", "feed", "blob")}


def test_a_bundle_of_a_revoked_laptop_is_refused_whole_and_its_data_go_up_with_a_new_code(
    tmp_path: Path, server: RunningServer, rina: Laptop, stick: Path
):
    name, size, mime = rina.photos.add(make_picture(300, 200))
    photos = [
        {"id": f"p{n}", "sha256": name, "size": size, "mime": mime, "photo_kind": kind}
        for n, kind in enumerate(("tempat_usaha", "kegiatan"))
    ]
    record_visit(rina.session, unit_of_one(rina).uid, photos=photos)
    waited = waiting(rina)
    given = visit_stick(rina.session, stick)
    ((code,),) = server.rows("SELECT code FROM device")
    assert main(["device", "revoke", str(code), "--data-dir", str(tmp_path / "server")]) == 0
    before = rows_of_laptops(server)
    with pytest.raises(Refusal) as refused:
        take_bundle(server.house, given.written[0].read_bytes())
    assert refused.value.code == RefusalCode.DEVICE_REVOKED
    assert "tidak diizinkan lagi" in refused.value.message
    assert rows_of_laptops(server) == before
    visit_stick(rina.session, stick)
    assert waiting(rina) == waited > 0
    assert rina.photos.read(name) is not None
    server.enrol(rina.session)
    run = server.sync(rina.session)
    assert (run.outcome, run.sent, run.photos_sent) == ("", waited, 1)
    assert waiting(rina) == 0
    assert_all_receipted(server, rina)


def test_a_laptop_that_was_never_at_the_office_is_told_what_to_do(tmp_path: Path, stick: Path):
    with make_laptop(tmp_path, "Baru") as laptop, pytest.raises(KubeFieldError) as refused:
        visit_stick(laptop.session, stick)
    assert "internet" in refused.value.action
    assert list(stick.iterdir()) == []


def test_a_stick_that_is_not_there_is_told_and_everything_waits(server: RunningServer, rina: Laptop, stick: Path):
    register_household(rina.session)
    with pytest.raises(KubeFieldError) as refused:
        visit_stick(rina.session, stick / "hilang")
    assert "Flashdisk" in refused.value.sentence
    assert waiting(rina) == 2


def test_taking_and_giving_count_in_one_tally(rina: Laptop, stick: Path):
    tally = visit_stick(rina.session, stick)
    assert isinstance(tally, CourierTally)
    assert (tally.given_changes, len(tally.written)) == (0, 1)  # where we stand, to be answered with what is new
    assert sync_store(rina.session.store).courier.server_keys() is not None


UNREADABLE = (
    Frame(Op.PUSH, b'{"changes": "of a later program"}'),
    Frame(Op.PHOTO, b"x", "no blob start"),
    Frame(Op.PULL, b"\xff", "64.02.12"),
    Frame("later", b"{}"),
)


@pytest.mark.parametrize("strange", UNREADABLE, ids=lambda frame: f"{frame.op}-{len(frame.name)}")
def test_a_frame_that_the_server_cannot_read_costs_the_others_nothing(
    server: RunningServer, rina: Laptop, stick: Path, strange: Frame, monkeypatch: pytest.MonkeyPatch
):
    register_household(rina.session)
    own = CourierBox.files
    monkeypatch.setattr(CourierBox, "files", lambda *parts: ([strange, *file, strange] for file in own(*parts)))
    monkeypatch.setattr("kube_field.usecases.courier._changes_in", lambda _frames: 2)
    visit_stick(rina.session, stick)
    answer_all(server, stick)
    taken = visit_stick(rina.session, stick)
    assert (taken.receipts, taken.received) == (2, 2)
    assert_all_receipted(server, rina)


def test_a_photo_that_the_server_fails_at_costs_the_changes_nothing(
    server: RunningServer, rina: Laptop, stick: Path, monkeypatch: pytest.MonkeyPatch
):
    unit = unit_of_one(rina)
    items = []
    for n, kind in enumerate(("tempat_usaha", "kegiatan")):
        name, size, mime = rina.photos.add(make_picture(300 + n, 200))
        items.append({"id": f"p{n}", "sha256": name, "size": size, "mime": mime, "photo_kind": kind})
    record_visit(rina.session, unit.uid, photos=items)
    visit_stick(rina.session, stick)

    def full(*_parts: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(PhotoFolder, "write_piece", full)
    answer_all(server, stick)
    taken = visit_stick(rina.session, stick)
    assert (taken.photos_stored, waiting(rina)) == (0, 0)
    assert dict(rina.store.db.rows("SELECT sha256, state FROM blob"))[name] == "local", "it waits"


def test_a_part_of_an_answer_that_the_laptop_cannot_read_costs_the_others_nothing(
    server: RunningServer, rina: Laptop, stick: Path, monkeypatch: pytest.MonkeyPatch
):
    register_household(rina.session)
    visit_stick(rina.session, stick)
    own = courier.write_bundle

    def with_more(out: BinaryIO, header: Header, frames: list[Frame], **parts: Any) -> None:
        own(out, header, [Frame(Op.RESULTS, b"{}"), *frames], **parts)

    monkeypatch.setattr(courier, "write_bundle", with_more)
    answer_all(server, stick)
    taken = visit_stick(rina.session, stick)
    assert (taken.receipts, taken.received, len(taken.not_read)) == (2, 2, 1)


def households_that_leave(
    server: RunningServer, laptop: Laptop | OpenLaptop, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], int]:
    """An answer on the stick takes four of the laptop's families off it, one to a page; how many are still here."""
    for n in range(1, 5):
        register_household(laptop.session, n)
    server.sync(laptop.session)
    here = [uid for (uid,) in laptop.store.db.rows("SELECT uid FROM sync_base WHERE kind = 'household'")]
    assert len(here) == 4
    monkeypatch.setattr(sync_leaving, "HARMLESS_REMOVALS", 2)

    def one_row_a_page(_call: object, pulls: list[Pull], _room: int) -> Iterator[Frame]:
        (asked,) = (pull for pull in pulls if pull.scope == "64.02.12")
        end, proof = asked.seq + len(here), (asked.head, asked.chain)
        for seq, uid in enumerate(here, start=asked.seq + 1):
            row = Row(uid=uid, seq=seq, v=2, k="household", st="exit")
            answer = PullAnswer(rows=[row], seq=seq, head=end, chain="c", sum="0", more=seq < end)
            page = Page(seq=seq - 1, head=proof[0], chain=proof[1], page=answer)
            yield Frame(Op.PAGE, to_json(page), asked.scope)
            proof = (end, "c")

    monkeypatch.setattr(courier, "_pages", one_row_a_page)
    visit_stick(laptop.session, stick)
    answer_all(server, stick)
    return lambda: int(laptop.store.db.value("SELECT count(*) FROM sync_base WHERE kind = 'household'"))


def test_the_brake_counts_all_pages_of_a_stick_together(
    server: RunningServer, rina: Laptop, stick: Path, monkeypatch: pytest.MonkeyPatch
):
    still_here = households_that_leave(server, rina, stick, monkeypatch)
    for _visit in range(3):
        tally = visit_stick(rina.session, stick)
        assert (tally.behind, tally.asking) == (["64.02.12"], ["64.02.12"])
        assert still_here() == 2
    newest = rina.store.queue.runs()[0]
    assert (newest.via, newest.outcome) == ("usb", "MASS_REMOVAL")


def test_the_officers_word_lets_a_stick_take_much_off_the_laptop_once(
    server: RunningServer, rina: Laptop, stick: Path, monkeypatch: pytest.MonkeyPatch
):
    still_here = households_that_leave(server, rina, stick, monkeypatch)
    visit_stick(rina.session, stick)
    tally = visit_stick(rina.session, stick, allow_removal=True)
    assert (tally.behind, tally.asking, still_here()) == ([], [], 0)
    assert rina.store.queue.runs()[0].outcome == "COURIER"
    assert sync_store(rina.store).meta("removal_asked") == ""


def test_the_command_line_names_the_word_that_a_braked_stick_waits_for(
    tmp_path: Path, server: RunningServer, stick: Path, monkeypatch: pytest.MonkeyPatch
):
    with command_line.set_up(tmp_path / "laptop") as laptop:
        server.add_user("Rina")
        server.enrol(laptop.session)
        server.sync(laptop.session)
        households_that_leave(server, laptop, stick, monkeypatch)
    braked = command_line.kube(tmp_path / "laptop", "sync", "--usb", str(stick))
    assert (braked.code, braked.lines[0]["ok"], braked.lines[0]["asking"]) == (14, False, ["64.02.12"])
    assert "--usb" in braked.err
    assert "--allow-removal" in braked.err
    done = command_line.kube(tmp_path / "laptop", "sync", "--usb", str(stick), "--allow-removal")
    assert (done.code, done.lines[0]["ok"], done.lines[0]["asking"]) == (0, True, [])
