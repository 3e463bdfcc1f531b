"""A document whose photos lie on the server only offers to bring them."""

from __future__ import annotations

from pathlib import Path

from kube_field.domain.records import Role
from kube_field.ui.pages.document_page import DocumentPage
from kube_field.ui.presenters.document_presenter import DocumentPresenter
from kube_field.usecases.photos import PURGE_SETTING, purge_photos
from tests.support.laptop import make_laptop
from tests.support.make_picture import make_picture
from tests.support.make_records import make_batch, make_unit, record_visit, register_person
from tests.support.server import enrolled, running_server
from tests.ui.test_page_presenters import TASKS, went

__all__ = ["went"]


def test_photos_on_the_server_only_are_brought_by_a_button(qtbot, went, tmp_path: Path):
    navigator, _places = went
    with running_server(tmp_path) as server, make_laptop(tmp_path, "Rina") as rina:
        admin = server.add_user("Admin", Role.ADMIN_PROV, ("64",))
        with server.house.database.write():
            server.accounts.add_alias("staff-admin", admin.uid)
        session = enrolled(server, rina).session
        owner = register_person(session)
        unit = make_unit(session, owner, batch_id={"uid": make_batch(session).uid, "name": "KUBE"})
        names = [rina.photos.add(make_picture(200 + n, 100)) for n in range(2)]
        kinds = ("tempat_usaha", "kegiatan")
        items = [
            {"id": kind, "sha256": name, "size": size, "mime": mime, "photo_kind": kind}
            for (name, size, mime), kind in zip(names, kinds, strict=True)
        ]
        visit = record_visit(session, unit.uid, photos=items)
        server.sync(session)
        page = DocumentPage()
        qtbot.addWidget(page)
        presenter = DocumentPresenter(page, session, TASKS, navigator)
        presenter.open(visit.uid)
        assert page.fetch.isHidden()

        rina.clock.advance(days=61)
        session.store.put_setting(PURGE_SETTING, "yes")
        assert purge_photos(session) == 2
        presenter.open(visit.uid)
        assert not page.fetch.isHidden()
        page.fetch.click()
        assert page.fetch.isHidden()
        assert all(rina.photos.read(name) is not None for name, _size, _mime in names)
