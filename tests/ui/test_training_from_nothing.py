from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from kube_field.domain.records import RecordKind
from kube_field.ui.tasks import ImmediateTaskRunner
from kube_field.ui.workplace import Workplace
from kube_field.usecases.trainings import final_rows
from tests.gallery import NoServer
from tests.support import make_answers, make_records
from tests.support.laptop import Laptop, make_laptop


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    with make_laptop(tmp_path) as made:
        yield made


@pytest.fixture
def work(qtbot, laptop) -> Iterator[Workplace]:
    made = Workplace(laptop.session, ImmediateTaskRunner(), NoServer())
    qtbot.addWidget(made.window)
    made.start()
    yield made
    made.stop()


def press(page, words):
    """Press the button on view that says this."""
    next(one for one in page.findChildren(QPushButton) if one.text() == words and not one.isHidden()).click()


def test_a_training_goes_from_nothing_to_a_final_list_by_the_window_alone(work, laptop):
    group = make_records.make_group(laptop.session, members=3)
    guest = make_records.register_person(laptop.session, 6)
    work.open_page("trainings")
    press(work.window.page("trainings"), "Pelatihan baru")
    form = work.window.page("form").form_view
    for code, value in make_answers.complete_training(participants=None, batch_id=None, photos=None).items():
        form.set_answer(code, value)
    work.form.review()
    press(work.window.page("review"), "Simpan")
    press(work.window.page("review"), "Isi daftar hadir")
    assert work.window.current_page() == "training"
    page = work.window.page("training")
    page._empty.button.click()
    page.chooser.text_changed.emit("mawar")
    page.chooser._on_item(page.chooser._list.item(0))
    assert not page.chooser.isHidden()
    page.chooser.text_changed.emit(str(guest.answers["full_name"]))
    page.chooser._on_item(page.chooser._list.item(0))
    assert len(page.model.cells) == 4
    page._all.click()
    page._finalise.click()
    event = laptop.session.store.records.where(RecordKind.TRAINING_EVENT)[0]
    assert len(final_rows(laptop.session, event.uid, 1)) == 4
    invited = {row["person"]["uid"] for row in event.answers["participants"]}
    members = {row.person_uid for row in laptop.session.store.listings.members(group.uid)}
    assert invited == {*members, guest.uid}
    page.session_chosen.emit(2)
    assert {cell.person_uid for cell in page.model.cells} == invited
