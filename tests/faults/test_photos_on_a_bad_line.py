"""Photos on the road to a real server process: the line is cut anywhere, the server killed between two pieces."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from kube_field.domain.records import Role
from kube_field.server.serving import PHOTO_FOLDER
from kube_field.server.storage.accounts import Accounts
from kube_field.server.storage.database import ServerDatabase, open_sqlite
from kube_field.storage.photo_queue import PhotoQueue
from kube_field.sync.transports.http import HttpTransport
from kube_field.usecases.enrolment import enrol
from kube_field.usecases.sync import make_engine, sync_now
from kube_field.wire.messages import MAX_PIECE_BYTES
from tests.support.cutting_proxy import Cut, CuttingProxy, Message, Way, cutting_proxy
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_picture import make_picture
from tests.support.make_records import make_batch, make_unit, record_visit, register_person
from tests.support.real_server import RealServer
from tests.support.server import http_of

BLOB = "/sync/v1/blob/"
MESSAGES = 3
"""A photo of two pieces: its announcement and the pieces."""
RANDOM_PLACES, LAST_BYTES = 300, 64


@dataclass
class Road:
    """A laptop with one photo of two pieces whose record the server has, and the proxy between them."""

    server: RealServer
    proxy: CuttingProxy
    laptop: Laptop
    content: bytes

    @property
    def name(self) -> str:
        return sha256(self.content).hexdigest()

    @property
    def there(self) -> Path:
        return self.server.folder / PHOTO_FOLDER / self.name[:2] / self.name

    def run(self) -> str:
        with http_of(self.laptop.session) as transport:
            return sync_now(self.laptop.session, transport, wait=lambda _seconds: None).outcome

    def forget(self, database: ServerDatabase) -> None:
        """The server never saw the photo, and the laptop never sent it."""
        with database.write():
            database.run("DELETE FROM blob")
            database.run("DELETE FROM blob_part")
        self.there.unlink(missing_ok=True)
        self.laptop.store.db.execute_sql("UPDATE blob SET state = 'local', uploaded_bytes = 0, upload_id = ''")

    def assert_once_and_whole(self, database: ServerDatabase) -> None:
        assert self.there.read_bytes() == self.content
        with database.read():
            assert database.run("SELECT sha256 FROM blob").fetchall() == [(self.name,)]
            assert database.run("SELECT count(*) FROM blob_part").fetchone()[0] == 0
        rows = self.laptop.store.db.rows("SELECT state, uploaded_bytes FROM blob WHERE sha256 = ?", self.name)
        assert rows == [("stored", len(self.content))]


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    server = RealServer(tmp_path / "server")
    try:
        with make_laptop(tmp_path, "Rina") as laptop, cutting_proxy(server.url) as proxy:
            code = server.add_user("Rina", Role.PENDAMPING, "64.02.12").code
            _know_the_admin(server)
            with HttpTransport(proxy.url) as desk:
                enrol(laptop.session, desk=desk, url=proxy.url, code=code)
            yield Road(server, proxy, laptop, _photo_of_a_visit(laptop))
    finally:
        server.stop()


def _know_the_admin(server: RealServer) -> None:
    """The programme's batch is written by an admin, under the name that he has on the laptop."""
    admin = server.add_user("Admin", Role.ADMIN_PROV, "64")
    database = open_sqlite(server.folder / "server.db")
    try:
        with database.write():
            Accounts(database).add_alias("staff-admin", admin.uid)
    finally:
        database.close()


def _photo_of_a_visit(laptop: Laptop) -> bytes:
    person = register_person(laptop.session)
    name, size, mime = laptop.photos.add(make_picture(1100, 900, noise=True))
    items = [
        {"id": f"p{n}", "sha256": name, "size": size, "mime": mime, "photo_kind": kind}
        for n, kind in enumerate(("tempat_usaha", "kegiatan"))
    ]
    unit = make_unit(laptop.session, person, batch_id={"uid": make_batch(laptop.session).uid, "name": "KUBE"})
    record_visit(laptop.session, unit.uid, photos=items)
    laptop.store.db.execute_sql("DELETE FROM blob WHERE sha256 <> ?", (name,))  # that only the sample answers name
    content = laptop.photos.read(name)
    assert content is not None
    assert MAX_PIECE_BYTES < len(content) < 2 * MAX_PIECE_BYTES
    return content


def cut_at(road: Road, database: ServerDatabase, cut: Cut) -> None:
    road.forget(database)
    road.proxy.cut = cut
    assert road.run() == "", cut
    assert road.proxy.cut is None, "the line was cut"
    road.assert_once_and_whole(database)


def messages_of(road: Road, way: Way) -> list[Message]:
    """What travels for the photo in an undisturbed run: announcement, first piece, second piece, or their answers."""
    road.proxy.seen.clear()
    assert road.run() == ""
    found = [message for message in road.proxy.seen if message.path.startswith(BLOB) and message.way == way]
    assert len(found) == MESSAGES
    return found


@pytest.mark.parametrize("way", list(Way))
def test_a_cut_at_every_edge_of_every_message_costs_nothing(road: Road, way: Way):
    messages = messages_of(road, way)
    with road.server.database() as database:
        for skip, message in enumerate(messages):
            for after in (0, 1, 100, *message.edges):
                cut_at(road, database, Cut(BLOB, way, after, skip))


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("skip", range(MESSAGES))
def test_a_cut_behind_every_byte_of_an_answer_costs_nothing(road: Road, skip: int):
    answer = messages_of(road, Way.ANSWER)[skip]
    with road.server.database() as database:
        for after in answer.every_place:
            cut_at(road, database, Cut(BLOB, Way.ANSWER, after, skip))


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("skip", range(MESSAGES))
def test_a_cut_before_any_of_the_last_bytes_costs_nothing(road: Road, skip: int):
    messages_of(road, Way.REQUEST)
    with road.server.database() as database:
        for before_end in range(1, LAST_BYTES + 1):
            cut_at(road, database, Cut(BLOB, Way.REQUEST, -before_end, skip))


def cut_at_random(road: Road, count: int, seed: int) -> None:
    chance = random.Random(seed)
    pieces = list(enumerate(messages_of(road, Way.REQUEST)))[1:]
    with road.server.database() as database:
        for _n in range(count):
            skip, piece = chance.choice(pieces)
            cut_at(road, database, Cut(BLOB, Way.REQUEST, chance.randrange(piece.size), skip))


def test_a_cut_at_a_few_random_places_costs_nothing(road: Road):
    cut_at_random(road, 10, 1)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_cut_at_three_hundred_random_places_costs_nothing(road: Road):
    cut_at_random(road, RANDOM_PLACES, 2)


def test_a_server_that_is_killed_between_two_pieces_still_has_the_first(road: Road):
    with http_of(road.laptop.session) as transport:
        engine = make_engine(road.laptop.session, transport, wait=lambda _seconds: None)
        while not _held(road):
            engine.step()
    road.server.kill()
    road.server.start_again()
    photo = PhotoQueue(road.laptop.store).next_upload([])
    assert photo is not None
    with http_of(road.laptop.session) as transport:
        assert transport.start_photo(photo).offset == MAX_PIECE_BYTES
    assert road.run() == ""
    database = open_sqlite(road.server.folder / "server.db")
    try:
        road.assert_once_and_whole(database)
    finally:
        database.close()


def test_a_laptop_that_dies_between_two_pieces_goes_on_from_the_servers_word(road: Road):
    with http_of(road.laptop.session) as transport:
        engine = make_engine(road.laptop.session, transport, wait=lambda _seconds: None)
        while not _held(road):
            engine.step()
    road.laptop.reopen()
    before = road.proxy.sizes.copy()
    assert road.run() == ""
    new = {path: size for (path, way), size in road.proxy.sizes.items() if way == Way.REQUEST and path.startswith(BLOB)}
    assert before != road.proxy.sizes
    assert max(new.values()) < MAX_PIECE_BYTES, "only the second, shorter piece travelled again"
    assert road.there.read_bytes() == road.content


def _held(road: Road) -> int:
    return int(road.laptop.store.db.value("SELECT uploaded_bytes FROM blob WHERE sha256 = ?", road.name))
