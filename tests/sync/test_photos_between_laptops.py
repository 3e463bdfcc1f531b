"""Photos of one laptop on another: fetched with their visits or on demand, printed alike, taken off only when safe."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kube_field.domain.records import Fact
from kube_field.errors import Failure, KubeFieldError
from kube_field.server.photo_rounds import forget_lost_photos
from kube_field.storage.photo_queue import PhotoQueue
from kube_field.storage.photos import PhotoStore
from kube_field.sync.ports import PhotoPiece
from kube_field.usecases.papers import document_paper
from kube_field.usecases.photo_keeping import PhotoKeeping, keep_photos, photo_keeping, photo_room, purge_photos
from kube_field.usecases.photos import fetch_photos, forget_orphans, photo_states
from kube_field.usecases.sync import sync_now
from kube_field.wire.messages import MAX_PIECE_BYTES
from tests.support.laptop import PHOTO_KEY, Clock, Laptop, make_laptop
from tests.support.make_picture import make_picture
from tests.support.make_records import make_batch, make_unit, record_visit, register_person
from tests.support.network import DropsRequest, Line
from tests.support.server import RunningServer, enrolled, http_of


@pytest.fixture
def dewi(tmp_path: Path, server: RunningServer):
    """She wants her colleagues' photos to come along."""
    with make_laptop(tmp_path, "Dewi", code="L08", clock=Clock()) as laptop:
        keep_photos(laptop.session, PhotoKeeping.BRING_ALL)
        yield enrolled(server, laptop)


def visit_with_photos(laptop: Laptop, **changes: Any) -> Fact:
    """A visit with two real photos of 300 to 400 KB."""
    person = register_person(laptop.session)
    unit = make_unit(laptop.session, person, batch_id={"uid": make_batch(laptop.session).uid, "name": "KUBE"})
    items = []
    for n, kind in enumerate(("tempat_usaha", "kegiatan")):
        name, size, mime = laptop.photos.add(make_picture(1100 + n, 900, noise=True))
        items.append({"id": f"p{n}", "sha256": name, "size": size, "mime": mime, "photo_kind": kind})
    visit = record_visit(laptop.session, unit.uid, photos=items, **changes)
    for (name,) in list(laptop.store.db.rows("SELECT sha256 FROM blob")):  # photos that only the sample answers name
        if laptop.photos.read(name) is None:
            laptop.store.db.execute_sql("DELETE FROM blob WHERE sha256 = ?", (name,))
    return visit


def names_of(visit: Fact) -> list[str]:
    return [item.sha256 for item in visit.attachments if is_ours(item.sha256)]


def states_of(laptop: Laptop, visit: Fact) -> list[str]:
    states = {state.sha256: state.state for state in photo_states(laptop.session, uid=visit.uid)}
    return [states[name] for name in names_of(visit)]


def is_ours(name: str) -> bool:
    return not name.startswith("0000")


def is_here(laptop: Laptop, visit: Fact) -> bool:
    return all(laptop.photos.read(name) is not None for name in names_of(visit))


def test_photos_come_with_a_visit_and_a_reprint_elsewhere_is_the_same_to_the_byte(
    server: RunningServer, rina: Laptop, dewi: Laptop
):
    visit = visit_with_photos(rina)
    assert server.sync(rina.session).photos_sent == 2
    assert server.sync(dewi.session).outcome == ""
    assert is_here(dewi, visit)
    assert document_paper(dewi.session, uid=visit.uid) == document_paper(rina.session, uid=visit.uid)
    assert states_of(dewi, visit) == ["stored", "stored"]


def test_without_a_word_of_the_officer_photos_come_when_somebody_looks_at_them(
    server: RunningServer, rina: Laptop, dewi: Laptop
):
    keep_photos(dewi.session, PhotoKeeping.AS_NEEDED)
    visit = visit_with_photos(rina)
    server.sync(rina.session)
    with http_of(dewi.session) as inner:
        line = Line(inner)
        assert sync_now(dewi.session, line, wait=lambda _seconds: None).outcome == ""
        assert "get_photo" not in line.calls
        assert not is_here(dewi, visit)
        assert fetch_photos(dewi.session, inner, uid=visit.uid) == 2
    assert document_paper(dewi.session, uid=visit.uid) == document_paper(rina.session, uid=visit.uid)


def test_a_photo_that_lies_here_already_counts_as_sent_only_by_the_servers_word(
    server: RunningServer, rina: Laptop, dewi: Laptop
):
    """Her database was put back to before she had it, her folder was not. The server may have been put back, too."""
    visit = visit_with_photos(rina)
    server.sync(rina.session)
    server.sync(dewi.session)
    dewi.store.db.execute_sql("UPDATE blob SET state = 'remote', stored_at = ''")
    with http_of(dewi.session) as transport:
        assert fetch_photos(dewi.session, transport, uid=visit.uid) == 0
    assert states_of(dewi, visit) == ["local", "local"]
    assert server.sync(dewi.session).photos_sent == 2
    assert states_of(dewi, visit) == ["stored", "stored"]


def test_a_photo_whose_sender_is_late_is_fetched_on_demand(server: RunningServer, rina: Laptop, dewi: Laptop):
    visit = visit_with_photos(rina)
    with http_of(rina.session) as inner:
        sync_now(rina.session, DropsRequest(inner, "start_photo", times=9), wait=lambda _seconds: None)
    assert server.sync(dewi.session).outcome == "", "photos that are nowhere yet are no failure"
    assert not is_here(dewi, visit)
    with http_of(dewi.session) as transport:
        assert fetch_photos(dewi.session, transport, uid=visit.uid) == 0
        server.sync(rina.session)
        assert fetch_photos(dewi.session, transport, uid=visit.uid) == 2
        assert fetch_photos(dewi.session, transport, uid=visit.uid) == 0
    assert document_paper(dewi.session, uid=visit.uid) == document_paper(rina.session, uid=visit.uid)


def test_old_visits_leave_their_photos_on_the_server_until_they_are_asked_for(
    server: RunningServer, rina: Laptop, dewi: Laptop
):
    visit = visit_with_photos(rina)
    server.sync(rina.session)
    dewi.clock.advance(days=400)
    server.sync(dewi.session)
    assert not is_here(dewi, visit)
    with http_of(dewi.session) as transport:
        fetch_photos(dewi.session, transport, uid=visit.uid)
    assert is_here(dewi, visit)


def test_a_broken_download_goes_on_where_it_stopped_after_a_restart(server: RunningServer, rina: Laptop, dewi: Laptop):
    visit = visit_with_photos(rina)
    server.sync(rina.session)
    with http_of(dewi.session) as inner:
        sync_now(dewi.session, DropsRequest(inner, "get_photo", times=99), wait=lambda _seconds: None)
    name = names_of(visit)[0]
    size = next(item.size for item in visit.attachments if item.sha256 == name)
    assert size > MAX_PIECE_BYTES, "two pieces"
    with http_of(dewi.session) as transport:
        dewi.photos.add_part(name, 0, transport.get_photo(name, 0).content)
        restarted = PhotoStore(dewi.folder / "photos", PHOTO_KEY)
        assert restarted.part_size(name) == MAX_PIECE_BYTES
        line = Line(transport)
        fetch_photos(dewi.session, line, uid=visit.uid)
        assert line.calls.count("get_photo") == 4, "one piece of the first, two of the second, one that is nowhere"
    assert is_here(dewi, visit)
    assert not list((dewi.folder / "photos").rglob("*.kfpart"))


def test_parts_on_the_disk_are_unreadable(server: RunningServer, rina: Laptop, dewi: Laptop):
    content = rina.photos.read(names_of(visit_with_photos(rina))[0])
    assert content is not None
    dewi.photos.add_part("ab" * 32, 0, content)
    (part,) = (dewi.folder / "photos").rglob("*.kfpart")
    assert content[:40] not in part.read_bytes()
    assert dewi.photos.finish("ab" * 32) is False, "another content than its name says"
    assert dewi.photos.part_size("ab" * 32) == 0


class Answers(Line):
    """A server, or somebody in its place, that answers downloads with other bytes."""

    def __init__(self, inner: Any, spoil: Callable[[bytes], bytes]) -> None:
        super().__init__(inner)
        self._spoil = spoil

    def carry(self, name: str, call: Callable[[], Any]) -> Any:
        answer = call()
        if name != "get_photo":
            return answer
        content = self._spoil(answer.content)
        return PhotoPiece(answer.first, answer.total, content)


@pytest.mark.parametrize("spoil", [lambda raw: raw[:-1] + b"x", lambda _raw: b"", lambda raw: raw + bytes(9_000_000)])
def test_other_bytes_than_the_name_says_never_become_a_photo(
    server: RunningServer, rina: Laptop, dewi: Laptop, spoil: Callable[[bytes], bytes]
):
    visit = visit_with_photos(rina)
    server.sync(rina.session)
    with http_of(dewi.session) as inner:
        run = sync_now(dewi.session, Answers(inner, spoil), wait=lambda _seconds: None)
    assert run.outcome == ""
    assert not any(dewi.photos.read(name) for name in names_of(visit))
    assert server.sync(dewi.session).outcome == ""
    assert is_here(dewi, visit), "the next run mends it"


def test_a_file_that_is_no_photo_is_refused_here_too_and_the_record_stays(
    server: RunningServer, rina: Laptop, dewi: Laptop
):
    visit = visit_with_photos(rina)
    server.sync(rina.session)
    with http_of(dewi.session) as inner:
        sync_now(dewi.session, DropsRequest(inner, "get_photo", times=99), wait=lambda _seconds: None)
    dewi.photos.add_part(_name(NO_PHOTO), 0, NO_PHOTO)
    with pytest.raises(KubeFieldError) as caught:
        dewi.photos.finish(_name(NO_PHOTO))
    assert caught.value.failure == Failure.FILE_REFUSED
    assert dewi.photos.part_size(_name(NO_PHOTO)) == 0
    dewi.store.db.execute_sql("INSERT INTO blob (sha256, size, state) VALUES (?, 9, 'remote')", (_name(NO_PHOTO),))
    dewi.store.db.execute_sql("INSERT INTO blob_link (uid, sha256) VALUES (?, ?)", (visit.uid, _name(NO_PHOTO)))
    with http_of(dewi.session) as inner:
        fetch_photos(dewi.session, Substitutes(inner), uid=visit.uid)
    (refused,) = photo_states(dewi.session)
    assert (refused.sha256, refused.reason) == (_name(NO_PHOTO), "Berkas ini rusak atau bukan foto.")
    assert dewi.store.facts.get(visit.uid) is not None
    assert is_here(dewi, visit), "the others came"


NO_PHOTO = b"<svg onload=alert(1)>"


class Substitutes(Line):
    """A server that holds a file which is none of ours under its true name."""

    def __getattr__(self, name: str) -> Any:
        if name != "get_photo":
            return super().__getattr__(name)
        inner = self.inner.get_photo

        def get_photo(sha256: str, offset: int) -> PhotoPiece:
            return PhotoPiece(0, len(NO_PHOTO), NO_PHOTO) if sha256 == _name(NO_PHOTO) else inner(sha256, offset)

        return get_photo


def _name(content: bytes) -> str:
    from hashlib import sha256

    return sha256(content).hexdigest()


def test_copies_leave_only_when_allowed_and_sixty_days_after_the_server_had_them(server: RunningServer, rina: Laptop):
    visit = visit_with_photos(rina)
    keep_photos(rina.session, PhotoKeeping.TAKE_OFF)
    rina.clock.advance(days=100)
    assert purge_photos(rina.session) == 0, "the server has none of them"
    server.sync(rina.session)
    rina.clock.advance(days=59)
    server.sync(rina.session)
    assert is_here(rina, visit)
    rina.clock.advance(days=2)
    keep_photos(rina.session, PhotoKeeping.AS_NEEDED)
    server.sync(rina.session)
    assert is_here(rina, visit), "never unless the officer allows it"
    room = photo_room(rina.session)
    assert (room.keeping, room.count, room.spare) == (PhotoKeeping.AS_NEEDED, 2, 2)
    assert room.spare_bytes == room.bytes == sum(item.size for item in visit.attachments if is_ours(item.sha256))
    keep_photos(rina.session, PhotoKeeping.TAKE_OFF)
    with http_of(rina.session) as inner:
        broken = sync_now(rina.session, DropsRequest(DropsRequest(inner, "again", 99), "hello", 99), wait=rest_not)
    assert broken.outcome == "S04"
    assert is_here(rina, visit), "not before the server was reached"
    server.sync(rina.session)
    assert not any(rina.photos.read(name) for name in names_of(visit))
    assert (photo_room(rina.session).count, photo_room(rina.session).spare) == (0, 0)
    states = [state.state for state in photo_states(rina.session, uid=visit.uid) if state.sha256 in names_of(visit)]
    assert states == ["remote", "remote"]
    with http_of(rina.session) as transport:
        assert fetch_photos(rina.session, transport, uid=visit.uid) == 2
    assert is_here(rina, visit)
    server.sync(rina.session)
    assert is_here(rina, visit), "what was brought stays 60 days too"


def rest_not(_seconds: float) -> None:
    """Nobody waits here."""


def test_a_file_that_somebody_reads_just_now_stays_and_is_known_to_be_here(
    server: RunningServer, rina: Laptop, monkeypatch: pytest.MonkeyPatch
):
    visit = visit_with_photos(rina)
    server.sync(rina.session)
    rina.clock.advance(days=61)
    keep_photos(rina.session, PhotoKeeping.TAKE_OFF)

    def in_use(_self: Path, *, missing_ok: bool = False) -> None:
        raise PermissionError(13, "used by another program")

    with monkeypatch.context() as windows:
        windows.setattr(Path, "unlink", in_use)
        assert purge_photos(rina.session) == 0
    assert is_here(rina, visit)
    assert {state.state for state in photo_states(rina.session, uid=visit.uid)} == {"stored"}


def test_how_photos_are_kept_is_written_down_once_and_an_unknown_word_is_none(rina: Laptop):
    for _time in range(2):
        keep_photos(rina.session, PhotoKeeping.TAKE_OFF)
    trail = [action for (action,) in rina.store.db.rows("SELECT action FROM audit WHERE action LIKE 'photos.%'")]
    assert trail == ["photos.take_off"]
    rina.store.put_setting("photos.keeping", "in the cloud")
    assert photo_keeping(rina.session) == PhotoKeeping.AS_NEEDED


def test_a_thumbprint_stays_because_it_signs_a_paper(server: RunningServer, rina: Laptop):
    name, size, mime = rina.photos.add(make_picture(300, 200))
    thumb = {"thumbprint": {"id": "t", "sha256": name, "size": size, "mime": mime}, "name": "Melati Contoh Satu"}
    visit = visit_with_photos(rina, signature_recipient=thumb)
    assert name in names_of(visit)
    server.sync(rina.session)
    rina.clock.advance(days=61)
    keep_photos(rina.session, PhotoKeeping.TAKE_OFF)
    server.sync(rina.session)
    assert [here for here in names_of(visit) if rina.photos.read(here) is not None] == [name]


def test_a_copy_that_a_draft_or_a_waiting_change_names_stays(server: RunningServer, rina: Laptop):
    visit = visit_with_photos(rina)
    server.sync(rina.session)
    rina.clock.advance(days=90)
    queue = PhotoQueue(rina.store)
    before = "2027-02-15T00:00:00.000Z"
    first, second = names_of(visit)
    assert queue.to_purge(before) == [first, second]
    rina.store.db.execute_sql("INSERT INTO draft (uid, answers) VALUES ('d', ?)", (f'{{"photos": ["{first}"]}}',))
    assert queue.to_purge(before) == [second]
    rina.store.db.execute_sql("UPDATE outbox SET state = 'held' WHERE uid = ?", (visit.uid,))
    assert queue.to_purge(before) == []


def test_photos_leave_with_their_records_but_never_what_was_not_sent(server: RunningServer, rina: Laptop, dewi: Laptop):
    visit = visit_with_photos(rina)
    server.sync(rina.session)
    server.sync(dewi.session)
    assert is_here(dewi, visit)
    unsent = dewi.photos.add(make_picture(200, 100))[0]
    dewi.store.db.execute_sql(
        "INSERT INTO blob (sha256, size, mime, state) VALUES (?, 1, 'image/jpeg', 'local')", (unsent,)
    )
    with server.house.database.write():
        server.house.database.run("DELETE FROM area_grant")
    server.sync(dewi.session)
    assert not any(dewi.photos.read(name) for name in names_of(visit)), "colleagues' photos go at once"
    assert dewi.photos.read(unsent) is not None
    server.sync(rina.session)
    assert is_here(rina, visit), "her own stay: a server put back may ask for them"
    rina.clock.advance(days=61)
    assert forget_orphans(rina.session) == 2
    assert not any(rina.photos.read(name) for name in names_of(visit))


def test_a_photo_whose_record_left_is_brought_again_to_a_server_that_lost_its_file(server: RunningServer, rina: Laptop):
    """She was transferred, and hers is the last copy; her laptop would tell for ever that it waits."""
    visit = visit_with_photos(rina)
    server.sync(rina.session)
    with server.house.database.write():
        server.house.database.run("DELETE FROM area_grant")
    server.sync(rina.session)
    assert rina.store.facts.get(visit.uid) is None
    for file in server.house.photo_folder.rglob("*"):
        if file.is_file():
            file.unlink()
    assert forget_lost_photos(server.house) == 2
    for _run in range(2):
        server.sync(rina.session)
    assert rina.store.queue.pill().photos_unsent == 0
    assert server.count("blob") == 2
    rina.clock.advance(days=61)
    assert forget_orphans(rina.session) == 2, "and then they go"


def test_a_refused_photo_is_told_no_more_once_its_record_left(server: RunningServer, rina: Laptop):
    """No line on any page names it then, and nobody could take it again."""
    visit = visit_with_photos(rina)
    server.sync(rina.session)
    PhotoQueue(rina.store).refuse(names_of(visit)[0], "Berkas foto rusak.")
    assert rina.store.queue.pill().photos_refused == 1
    with server.house.database.write():
        server.house.database.run("DELETE FROM area_grant")
    server.sync(rina.session)
    assert rina.store.facts.get(visit.uid) is None
    assert (rina.store.queue.rows(), rina.store.queue.pill().photos_refused) == ([], 0)
    assert rina.store.queue.pill().is_all_sent
