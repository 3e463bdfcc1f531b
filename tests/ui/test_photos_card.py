"""Foto di laptop ini: what photos take is told, and how they are kept is chosen once for the whole laptop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kube_field.errors import Failure, KubeFieldError
from kube_field.ui.pages.photos_card import PhotosCard
from kube_field.ui.pages.sync_page import SyncPage
from kube_field.ui.presenters.photos_presenter import PhotosPresenter
from kube_field.ui.tasks import ImmediateTaskRunner
from kube_field.usecases.photo_keeping import PhotoKeeping, PhotoRoom, photo_keeping
from tests.support.laptop import Laptop, make_laptop


@pytest.fixture
def rina(tmp_path: Path) -> Iterator[Laptop]:
    with make_laptop(tmp_path, "Rina") as laptop:
        yield laptop


@pytest.fixture
def page(qtbot, rina: Laptop) -> SyncPage:
    made = SyncPage(rina.session.wiring.now)
    qtbot.addWidget(made)
    return made


def chosen(card: PhotosCard) -> list[PhotoKeeping]:
    return [keeping for keeping, choice in card.choices.items() if choice.isChecked()]


def test_nothing_comes_or_goes_until_somebody_says_so(page: SyncPage, rina: Laptop) -> None:
    PhotosPresenter(page, rina.session, ImmediateTaskRunner()).refresh()
    assert chosen(page.photos) == [PhotoKeeping.AS_NEEDED]
    assert page.photos.room.text() == "Belum ada foto di laptop ini."


@pytest.mark.parametrize("keeping", [PhotoKeeping.BRING_ALL, PhotoKeeping.TAKE_OFF])
def test_what_is_chosen_is_stored_and_told_and_can_be_taken_back(
    page: SyncPage, rina: Laptop, keeping: PhotoKeeping
) -> None:
    presenter = PhotosPresenter(page, rina.session, ImmediateTaskRunner())
    presenter.refresh()
    page.photos.choices[keeping].click()
    assert photo_keeping(rina.session) == keeping
    assert "sinkronisasi berikutnya" in page.notice_bar.label.text()
    again = SyncPage(rina.session.wiring.now)
    PhotosPresenter(again, rina.session, ImmediateTaskRunner()).refresh()
    assert chosen(again.photos) == [keeping]
    again.deleteLater()
    page.photos.choices[PhotoKeeping.AS_NEEDED].click()
    assert photo_keeping(rina.session) == PhotoKeeping.AS_NEEDED


def test_a_choice_that_could_not_be_stored_is_told_and_the_card_says_how_it_is(
    page: SyncPage, rina: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise KubeFieldError(Failure.DISK_FULL, "Ruang penuh.", "Kosongkan.")

    presenter = PhotosPresenter(page, rina.session, ImmediateTaskRunner())
    presenter.refresh()
    with monkeypatch.context() as disk:
        disk.setattr(type(rina.store), "put_setting", full)
        page.photos.choices[PhotoKeeping.TAKE_OFF].click()
    assert "Ruang penuh." in page.notice_bar.label.text()
    assert chosen(page.photos) == [PhotoKeeping.AS_NEEDED]
    assert photo_keeping(rina.session) == PhotoKeeping.AS_NEEDED


def test_what_photos_take_and_what_could_go_is_told(page: SyncPage) -> None:
    page.photos.show_room(PhotoRoom(PhotoKeeping.TAKE_OFF, 12, 3_145_728, 4, 1_048_576))
    assert page.photos.room.text() == "12 foto memakai 3,0 MB. 4 foto (1,0 MB) sudah 60 hari di server."
    page.photos.show_room(PhotoRoom(PhotoKeeping.TAKE_OFF, 12, 3_145_728, 0, 0))
    assert page.photos.room.text() == "12 foto memakai 3,0 MB."
