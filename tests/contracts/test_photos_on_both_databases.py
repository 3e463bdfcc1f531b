"""The life of a photo on either database: halves, doubles, refusals, and who may have it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from kube_field.domain.records import Role
from kube_field.storage.photo_queue import PhotoQueue
from kube_field.usecases.sync import sync_now
from tests.support.laptop import make_laptop
from tests.support.make_picture import make_picture
from tests.support.make_records import make_batch, make_unit, record_visit, register_person
from tests.support.network import DropsRequest
from tests.support.postgres import make_ready_database
from tests.support.server import enrolled, http_of, running_server

PHOTOS = (make_picture(300, 200), b"<html>no photo</html>")


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_halves_doubles_and_refusals(tmp_path: Path, kind: str):
    url = make_ready_database() if kind == "postgres" else ""
    with (
        running_server(tmp_path, postgres_url=url) as server,
        make_laptop(tmp_path, "Rina") as rina,
        make_laptop(tmp_path, "Budi", code="L09") as budi,
    ):
        admin = server.add_user("Admin", Role.ADMIN_PROV, ("64",))
        with server.house.database.write():
            server.accounts.add_alias("staff-admin", admin.uid)
        starts = []
        for laptop in (enrolled(server, rina), enrolled(server, budi)):
            unit = make_unit(
                laptop.session,
                register_person(laptop.session),
                batch_id={"uid": make_batch(laptop.session).uid, "name": "KUBE"},
            )
            items = [
                {"id": f"p{n}", "sha256": laptop.photos.put(raw), "size": len(raw), "mime": "image/jpeg",
                 "photo_kind": photo_kind}
                for n, (raw, photo_kind) in enumerate(zip(PHOTOS, ("tempat_usaha", "kegiatan"), strict=True))
            ]  # fmt: skip
            record_visit(laptop.session, unit.uid, photos=items)
            with http_of(laptop.session) as inner:
                sync_now(laptop.session, DropsRequest(inner, "start_photo", times=9), wait=lambda _seconds: None)
            skipped = [name for (name,) in laptop.store.db.rows("SELECT sha256 FROM blob") if name.startswith("0000")]
            photo = PhotoQueue(laptop.store).next_upload(skipped)
            assert photo is not None
            starts.append(photo)
        ways = [http_of(rina.session), http_of(budi.session)]
        good = PHOTOS[0]
        assert starts[0].sha256 == sha256(good).hexdigest()
        for way, start in zip(ways, starts, strict=True):
            begun = way.start_photo(start)
            assert way.start_photo(start) == begun
            assert way.put_piece(begun.upload, 0, good[:70]).offset == 70
        again = [way.start_photo(start) for way, start in zip(ways, starts, strict=True)]
        with ThreadPoolExecutor(2) as both:
            ends = list(both.map(lambda n: ways[n].put_piece(again[n].upload, 70, good[70:]), (0, 1)))
        assert [end.state for end in ends] == ["done", "done"]
        for way in ways:
            way.close()
        runs = [server.sync(laptop.session) for laptop in (rina, budi)]
        assert [run.refused for run in runs] == [1, 1]
        assert server.rows("SELECT sha256 FROM blob") == [(sha256(good).hexdigest(),)]
        assert server.count("blob_refused") == 1
        left = [str(name) for (name,) in server.rows("SELECT sha256 FROM blob_part")]
        assert [name for name in left if not name.startswith("0000")] == [], "only what the sample answers name"
