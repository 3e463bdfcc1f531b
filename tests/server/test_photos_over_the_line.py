"""Photos travel after their records, by content, and only where a record names them."""

from __future__ import annotations

import io
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image

from kube_field.domain.records import Role
from kube_field.usecases.sync import sync_now
from kube_field.wire.refusals import Refusal, RefusalCode
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import make_batch, make_unit, record_visit, register_person
from tests.support.network import LosesReply
from tests.support.server import RunningServer, enrolled, http_of, running_server


@pytest.fixture
def server(tmp_path: Path):
    with running_server(tmp_path) as running:
        admin = running.add_user("Admin", Role.ADMIN_PROV, ("64",))
        with running.house.database.write():
            running.accounts.add_alias("staff-admin", admin.uid)
        yield running


@pytest.fixture
def rina(tmp_path: Path, server: RunningServer):
    with make_laptop(tmp_path, "Rina") as laptop:
        yield enrolled(server, laptop)


def picture(shade: int) -> bytes:
    """A small JPEG."""
    file = io.BytesIO()
    Image.new("RGB", (120, 90), (shade, 90, 60)).save(file, "JPEG")
    return file.getvalue()


def visit_with_photos(laptop: Laptop, count: int = 2) -> list[str]:
    """A visit to a single person's business with real photos; their hashes."""
    person = register_person(laptop.session)
    batch = make_batch(laptop.session)
    unit = make_unit(laptop.session, person, batch_id={"uid": batch.uid, "name": "KUBE"})
    items = []
    for n, kind in zip(range(count), ("tempat_usaha", "kegiatan", "produk"), strict=False):
        name, size, mime = laptop.photos.add(picture(40 * n))
        items.append({"id": f"p{n}", "sha256": name, "size": size, "mime": mime, "photo_kind": kind})
    record_visit(laptop.session, unit.uid, photos=items)
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


def test_a_photo_whose_answer_is_lost_is_stored_once(server: RunningServer, rina: Laptop):
    visit_with_photos(rina)
    with http_of(rina.session) as inner:
        run = sync_now(rina.session, LosesReply(inner, "put_photo"), wait=lambda _seconds: None)
    assert run.outcome == ""
    assert server.count("blob") == 2


def test_a_photo_that_no_record_names_is_refused(server: RunningServer, rina: Laptop):
    content = picture(1)
    with http_of(rina.session) as transport, pytest.raises(Refusal) as caught:
        transport.put_photo(sha256(content).hexdigest(), content)
    assert caught.value.code == RefusalCode.BLOB_UNKNOWN


def test_content_under_another_photos_name_is_refused(server: RunningServer, rina: Laptop):
    name = visit_with_photos(rina)[0]
    with http_of(rina.session) as inner:
        sync_now(rina.session, LosesReply(inner, "put_photo", times=99), wait=lambda _seconds: None)
    with http_of(rina.session) as transport, pytest.raises(Refusal) as caught:
        transport.put_photo(name[::-1], picture(200))
    assert caught.value.code == RefusalCode.BLOB_UNKNOWN


def test_an_officer_elsewhere_can_neither_put_nor_get_it(server: RunningServer, rina: Laptop, tmp_path: Path):
    name = visit_with_photos(rina)[0]
    server.sync(rina.session)
    with make_laptop(tmp_path, "Budi", areas=("64.07",), code="L09") as budi:
        enrolled(server, budi, areas=("64.07",))
        content = rina.photos.read(name)
        assert content is not None
        with http_of(budi.session) as transport, pytest.raises(Refusal) as caught:
            transport.put_photo(name, content)
    assert caught.value.code == RefusalCode.BLOB_UNKNOWN
