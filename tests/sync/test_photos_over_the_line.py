"""Photos travel after their records, by content, and only where a record names them."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kube_field.domain.records import Role
from kube_field.media.images import MIME
from kube_field.server.photo_rounds import forget_lost_photos, look_after_photos, take_in_found_photos
from kube_field.storage.photo_queue import PhotoQueue
from kube_field.sync.transports.http import HttpTransport
from kube_field.usecases.sync import sync_now
from kube_field.wire.codec import digest_header
from kube_field.wire.messages import MAX_PIECE_BYTES, BlobStart, BlobState
from kube_field.wire.refusals import Refusal, RefusalCode
from tests.support.laptop import Clock, Laptop, make_laptop
from tests.support.make_records import make_batch, make_unit, record_visit, register_person
from tests.support.network import DropsRequest, Line, LosesReply
from tests.support.server import RunningServer, enrolled, http_of, running_server


def picture(shade: int) -> bytes:
    """A small JPEG."""
    file = io.BytesIO()
    Image.new("RGB", (120, 90), (shade, 90, 60)).save(file, "JPEG")
    return file.getvalue()


def visit_with_photos(laptop: Laptop, count: int = 2, extra: Sequence[bytes] = ()) -> list[str]:
    """A visit to a single person's business with real photos, and contents as they are; their hashes."""
    person = register_person(laptop.session)
    batch = make_batch(laptop.session)
    unit = make_unit(laptop.session, person, batch_id={"uid": batch.uid, "name": "KUBE"})
    items = []
    for n, kind in zip(range(count), ("tempat_usaha", "kegiatan", "produk"), strict=False):
        name, size, mime = laptop.photos.add(picture(40 * n))
        items.append({"id": f"p{n}", "sha256": name, "size": size, "mime": mime, "photo_kind": kind})
    for n, content in enumerate(extra):
        name = laptop.photos.put(content)
        items.append({"id": f"e{n}", "sha256": name, "size": len(content), "mime": MIME, "photo_kind": "kegiatan"})
    record_visit(laptop.session, unit.uid, photos=items)
    for (name,) in list(laptop.store.db.rows("SELECT sha256 FROM blob")):  # photos that only the sample answers name
        if laptop.photos.read(name) is None:
            laptop.store.db.execute_sql("DELETE FROM blob WHERE sha256 = ?", (name,))
    return [item["sha256"] for item in items]


def test_photos_follow_their_visit_and_arrive_whole(server: RunningServer, rina: Laptop):
    names = visit_with_photos(rina)
    run = server.sync(rina.session)
    assert (run.refused, run.photos_sent) == (0, 2)
    here = dict(rina.store.db.rows("SELECT sha256, state FROM blob"))
    for name in names:
        assert here[name] == "stored"
        stored = server.house.photo_folder / name[:2] / name
        assert sha256(stored.read_bytes()).hexdigest() == name
    assert server.count("blob") == 2


@pytest.mark.parametrize("call", ["start_photo", "put_piece"])
def test_a_photo_whose_answer_is_lost_is_stored_once(server: RunningServer, rina: Laptop, call: str):
    visit_with_photos(rina)
    with http_of(rina.session) as inner:
        run = sync_now(rina.session, LosesReply(inner, call), wait=lambda _seconds: None)
    assert (run.outcome, run.photos_sent) == ("", 2)
    assert server.count("blob") == 2
    assert server.count("blob_part") == 0


def test_a_photo_that_no_record_names_is_refused(server: RunningServer, rina: Laptop):
    visit_with_photos(rina)
    server.sync(rina.session)
    uid = server.rows("SELECT uid FROM blob_link")[0][0]
    with http_of(rina.session) as transport, pytest.raises(Refusal) as caught:
        transport.start_photo(announced(picture(1), str(uid)))
    assert caught.value.code == RefusalCode.BLOB_UNKNOWN


def test_content_that_is_not_what_the_name_says_starts_from_nothing(server: RunningServer, rina: Laptop):
    content, begun = begun_photo(server, rina)
    wrong = content[:-1] + b"x"
    with http_of(rina.session) as transport:
        state = transport.put_piece(begun.upload, 0, wrong)
        assert (state.state, state.offset) == ("open", 0)
        assert transport.put_piece(begun.upload, 0, content).state == "done"


def test_pieces_go_on_where_the_server_stands(server: RunningServer, rina: Laptop):
    content, begun = begun_photo(server, rina)
    uid = str(server.rows("SELECT uid FROM blob_part")[0][0])
    with http_of(rina.session) as transport:
        assert transport.put_piece(begun.upload, 0, content[:100]).offset == 100
        assert transport.put_piece(begun.upload, 0, content[:300]).offset == 100, "a piece from elsewhere is no news"
        assert transport.put_piece(begun.upload, 200, content[200:]).offset == 100, "no holes"
        again = transport.start_photo(announced(content, uid))
        assert (again.upload, again.offset, again.state) == (begun.upload, 100, "open")
        assert transport.put_piece(begun.upload, 100, content[100:]).state == "done"
        assert transport.start_photo(announced(content, uid)).state == "done"
    name = sha256(content).hexdigest()
    assert (server.house.photo_folder / name[:2] / name).read_bytes() == content


def test_a_piece_is_limited_and_damage_on_the_way_is_noticed(server: RunningServer, rina: Laptop):
    content, begun = begun_photo(server, rina)
    with http_of(rina.session) as transport:
        with pytest.raises(Refusal) as caught:
            transport.put_piece(begun.upload, 0, bytes(MAX_PIECE_BYTES + 1))
        assert caught.value.code == RefusalCode.BODY_TOO_LARGE
        with pytest.raises(Refusal) as caught:
            transport.put_piece(begun.upload, 1, content)
        assert caught.value.code == RefusalCode.BODY_TOO_LARGE
        headers = {"Content-Digest": digest_header(b"something else"), "Upload-Offset": "0"}
        with pytest.raises(Refusal) as caught:
            transport._read("PATCH", f"/sync/v1/blob/{begun.upload}", content, headers, BlobState)
        assert caught.value.code == RefusalCode.DIGEST_MISMATCH
        headers = {"Content-Digest": digest_header(content)}
        with pytest.raises(Refusal) as caught:
            transport._read("PATCH", f"/sync/v1/blob/{begun.upload}", content, headers, BlobState)
        assert caught.value.code == RefusalCode.BODY_UNREADABLE
        assert "Upload-Offset" in caught.value.message


def test_an_officer_elsewhere_can_neither_send_nor_see_it(server: RunningServer, rina: Laptop, tmp_path: Path):
    content, begun = begun_photo(server, rina)
    uid = str(server.rows("SELECT uid FROM blob_part")[0][0])
    with make_laptop(tmp_path, "Budi", areas=("64.07",), code="L09") as budi:
        enrolled(server, budi, areas=("64.07",))
        with http_of(budi.session) as transport:
            for attempt in (
                lambda: transport.start_photo(announced(content, uid)),
                lambda: transport.put_piece(begun.upload, 0, content),
                lambda: transport.get_photo(sha256(content).hexdigest(), 0),
            ):
                with pytest.raises(Refusal) as caught:
                    attempt()
                assert caught.value.code == RefusalCode.BLOB_UNKNOWN
    server.sync(rina.session)
    assert server.count("blob") == 2


def test_a_half_photo_that_nobody_goes_on_with_is_taken_away(tmp_path: Path):
    clock = Clock()
    with running_server(tmp_path, now=clock.now) as server, make_laptop(tmp_path, "Rina") as rina:
        admin = server.add_user("Admin", Role.ADMIN_PROV, ("64",))
        with server.house.database.write():
            server.accounts.add_alias("staff-admin", admin.uid)
        enrolled(server, rina)
        content, begun = begun_photo(server, rina)
        parts = server.house.photo_folder / "parts"
        with http_of(rina.session) as transport:
            transport.put_piece(begun.upload, 0, content[:100])
            (parts / "nobody-knows-it").write_bytes(b"rest")
            clock.advance(days=13)
            other = rina.store.db.rows("SELECT sha256 FROM blob ORDER BY rowid")[1][0]
            second = rina.photos.read(other)
            assert second is not None
            uid = str(server.rows("SELECT uid FROM blob_part")[0][0])
            transport.start_photo(announced(second, uid))
            assert [path.name for path in parts.iterdir()] == [begun.upload]
            clock.advance(days=2)
            third = transport.start_photo(announced(content, uid))
            assert third.offset == 100, "he who comes back in time goes on"
            transport.put_piece(begun.upload, 100, content[100:101])
            clock.advance(days=13)
            transport.start_photo(announced(second, uid))
            assert server.count("blob_part") == 2, "thirteen days since its last piece"
            clock.advance(days=2)
            with server.house.database.write():
                server.house.database.run("DELETE FROM blob_part WHERE sha256 <> '" + begun.sha256 + "'")
            assert server.sync(rina.session).photos_sent == 2, "hello named the other one as missing"
        assert server.count("blob_part") == 0
        assert list(parts.iterdir()) == []


def test_what_is_no_photo_is_refused_and_the_others_go_on(server: RunningServer, rina: Laptop):
    bad = b"GIF89a" + bytes(range(200))
    bomb = bomb_png()
    names = visit_with_photos(rina, 1, extra=[bad, picture(9)[:-300], bomb])
    run = server.sync(rina.session)
    assert (run.outcome, run.photos_sent, run.refused) == ("", 1, 3)
    states = {state.sha256: state for state in rina_queue(rina).states()}
    assert set(states) == set(names[1:])
    assert {state.reason for state in states.values()} == {"Berkas ini rusak atau bukan foto."}
    assert server.count("blob") == 1
    assert server.count("blob_refused") == 3
    assert server.rows("SELECT count(*) FROM record WHERE kind = 'visit'") == [(1,)], "the record is not lost"
    assert server.sync(rina.session).refused == 0, "asked once"


def test_photos_that_the_server_lost_are_sent_again(server: RunningServer, rina: Laptop):
    names = visit_with_photos(rina)
    server.sync(rina.session)
    with server.house.database.write():
        server.house.database.run("DELETE FROM blob")
    for name in names:
        (server.house.photo_folder / name[:2] / name).unlink()
    assert server.sync(rina.session).photos_sent == 2
    assert server.count("blob") == 2


def test_photos_whose_files_are_gone_or_cut_short_are_asked_for_again(server: RunningServer, rina: Laptop):
    """A photo folder put back to an older day beside a database of today, or a bad disk."""
    gone, cut = visit_with_photos(rina)
    server.sync(rina.session)
    files = [server.house.photo_folder / name[:2] / name for name in (gone, cut)]
    files[0].unlink()
    files[1].write_bytes(files[1].read_bytes()[:100])
    assert forget_lost_photos(server.house) == 2
    assert server.sync(rina.session).photos_sent == 2
    assert [sha256(file.read_bytes()).hexdigest() for file in files] == [gone, cut]
    assert forget_lost_photos(server.house) == 0


def test_photos_of_a_folder_that_was_away_are_known_again_when_it_is_back(server: RunningServer, rina: Laptop):
    """A disk that was not there at the server's start must not cost what the laptops have purged since."""
    names = visit_with_photos(rina)
    server.sync(rina.session)
    folder, away = server.house.photo_folder, server.house.photo_folder.with_name("away")
    folder.rename(away)
    look_after_photos(server.house)
    assert server.count("blob") == 0
    away.rename(folder)
    assert take_in_found_photos(server.house) == 2
    with http_of(rina.session) as transport:
        assert [transport.get_photo(name, 0).total > 0 for name in names] == [True, True]
    (folder / names[0][:2] / names[0]).write_bytes(b"x")
    assert forget_lost_photos(server.house) == 1
    assert take_in_found_photos(server.house) == 0, "what is not the photo is not taken in"


def test_a_photo_whose_file_is_gone_is_not_called_done(server: RunningServer, rina: Laptop):
    (name, _other) = visit_with_photos(rina)
    server.sync(rina.session)
    (server.house.photo_folder / name[:2] / name).unlink()
    rina.store.db.execute_sql("UPDATE blob SET state = 'local' WHERE sha256 = ?", (name,))
    server.sync(rina.session)
    assert (server.house.photo_folder / name[:2] / name).exists()


def test_a_server_that_lost_only_its_rows_takes_its_own_files_in_again(server: RunningServer, rina: Laptop):
    visit_with_photos(rina)
    server.sync(rina.session)
    with server.house.database.write():
        server.house.database.run("DELETE FROM blob")
    rina.store.db.execute_sql("UPDATE blob SET state = 'local'")
    with http_of(rina.session) as inner:
        line = Line(inner)
        sync_now(rina.session, line, wait=lambda _seconds: None)
    assert line.calls.count("start_photo") == 2
    assert "put_piece" not in line.calls
    assert server.count("blob") == 2


def test_a_photo_that_a_colleague_sent_already_costs_no_second_upload(
    server: RunningServer, rina: Laptop, tmp_path: Path
):
    content, other = picture(60), picture(200)
    with make_laptop(tmp_path, "Budi", code="L09") as budi:
        enrolled(server, budi)
        for laptop in (rina, budi):
            visit_with_photos(laptop, 0, extra=[content, other])
        server.sync(rina.session)
        with http_of(budi.session) as inner:
            line = Line(inner)
            run = sync_now(budi.session, line, wait=lambda _seconds: None)
        assert (run.outcome, run.photos_sent) == ("", 2)
        assert "put_piece" not in line.calls
        name = sha256(content).hexdigest()
        holders = server.rows(f"SELECT user_uid FROM blob_holder WHERE sha256 = '{name}' ORDER BY user_uid")
        assert holders == [("user-budi",), ("user-rina",)]


def test_two_laptops_send_the_same_photo_at_the_same_time(server: RunningServer, rina: Laptop, tmp_path: Path):
    content, other = picture(5), picture(6)
    with make_laptop(tmp_path, "Budi", code="L09") as budi:
        enrolled(server, budi)
        for laptop in (rina, budi):
            visit_with_photos(laptop, 0, extra=[content, other])
            with http_of(laptop.session) as inner:
                sync_now(laptop.session, DropsRequest(inner, "start_photo", times=9), wait=lambda _seconds: None)
        ways = [http_of(rina.session), http_of(budi.session)]
        uids = [rina_queue(laptop).next_upload([]).uid for laptop in (rina, budi)]  # type: ignore[union-attr]
        parts = [way.start_photo(announced(content, uid)) for way, uid in zip(ways, uids, strict=True)]
        assert parts[0].upload != parts[1].upload
        for way, part in zip(ways, parts, strict=True):
            assert way.put_piece(part.upload, 0, content[:50]).offset == 50
        with ThreadPoolExecutor(2) as both:
            ends = list(both.map(lambda n: ways[n].put_piece(parts[n].upload, 50, content[50:]), (0, 1)))
        for way in ways:
            way.close()
        assert [end.state for end in ends] == ["done", "done"]
        assert (server.count("blob"), server.count("blob_part")) == (1, 0)
        assert list((server.house.photo_folder / "parts").iterdir()) == []
        assert all(server.sync(laptop.session).outcome == "" for laptop in (rina, budi))


def test_revoked_in_the_middle_of_a_photo_nothing_is_lost(server: RunningServer, rina: Laptop):
    names = visit_with_photos(rina)
    with http_of(rina.session) as inner:
        run = sync_now(rina.session, RevokesAt(inner, server, "put_piece"), wait=lambda _seconds: None)
    assert run.outcome == "REVOKED"
    assert server.count("blob") == 0
    states = dict(rina.store.db.rows("SELECT sha256, state FROM blob"))
    assert states == {names[0]: "sending", names[1]: "local"}
    assert all(rina.photos.read(name) for name in names)
    with server.house.database.write():
        server.house.database.run("UPDATE device SET revoked_at = ''")
    assert server.sync(rina.session).photos_sent == 2


def test_an_area_that_is_taken_away_in_the_middle_lets_the_photos_of_sent_records_through(
    server: RunningServer, rina: Laptop
):
    visit_with_photos(rina)
    with http_of(rina.session) as inner:
        sync_now(rina.session, DropsRequest(inner, "start_photo", times=9), wait=lambda _seconds: None)
    with server.house.database.write():
        server.house.database.run("DELETE FROM area_grant WHERE user_uid = 'user-rina'")
    with http_of(rina.session) as transport:
        photo = rina_queue(rina).next_upload([])
        assert photo is not None
        content = rina.photos.read(photo.sha256)
        assert content is not None
        begun = transport.start_photo(photo)
        assert transport.put_piece(begun.upload, 0, content).state == "done"


class RevokesAt(Line):
    """The office revokes the laptop while a call is on its way."""

    def __init__(self, inner: HttpTransport, server: RunningServer, name: str) -> None:
        super().__init__(inner)
        self._server, self._name = server, name

    def carry(self, name: str, call: Callable[[], Any]) -> Any:
        if name == self._name:
            with self._server.house.database.write():
                self._server.house.database.run("UPDATE device SET revoked_at = '2026-11-23T00:00:00.000Z'")
        return call()


def announced(content: bytes, uid: str) -> BlobStart:
    return BlobStart(sha256=sha256(content).hexdigest(), size=len(content), mime="image/jpeg", uid=uid)


def begun_photo(server: RunningServer, laptop: Laptop) -> tuple[bytes, BlobState]:
    """Two photos wait, the first is announced; its content and the server's word."""
    visit_with_photos(laptop)
    with http_of(laptop.session) as inner:
        sync_now(laptop.session, DropsRequest(inner, "start_photo", times=9), wait=lambda _seconds: None)
    photo = rina_queue(laptop).next_upload([])
    assert photo is not None
    content = laptop.photos.read(photo.sha256)
    assert content is not None
    with http_of(laptop.session) as transport:
        return content, transport.start_photo(photo)


def rina_queue(laptop: Laptop) -> PhotoQueue:
    return PhotoQueue(laptop.store)


def bomb_png() -> bytes:
    """A few kilobytes that want to be 100 megapixels, under the name of a photo."""
    file = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(file, "PNG", optimize=True)
    return file.getvalue()
