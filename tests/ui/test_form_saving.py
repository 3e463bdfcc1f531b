"""Nothing typed is lost: when a draft is saved, what is shown meanwhile, and what happens when saving fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from kube_field.domain.records import Draft, RecordKind
from kube_field.errors import Failure, KubeFieldError
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.form_page import FormPage
from kube_field.ui.presenters.form_presenter import FormPresenter, Pace
from kube_field.ui.tasks import DATABASE, ImmediateTaskRunner
from kube_field.usecases.drafts import begin_draft
from tests.support.laptop import Laptop, make_laptop

NEVER = 600_000


class HeldTasks(ImmediateTaskRunner):
    """Does work at once until it is told to hold; what is held comes later, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.holding = False
        self.held: list[Callable[[], Any]] = []

    def run(self, work: Any, done: Any = None, failed: Any = None, *, lane: str = DATABASE) -> Event:
        if not self.holding:
            return super().run(work, done, failed, lane=lane)
        self.held.append(lambda: super(HeldTasks, self).run(work, done, failed, lane=lane))
        return Event()

    def let_go(self) -> None:
        self.holding = False
        waiting, self.held = self.held, []
        for one in waiting:
            one()


class Desk:
    """A form of a person on screen, on a real encrypted laptop."""

    def __init__(self, laptop: Laptop, pace: Pace) -> None:
        self.laptop = laptop
        self.tasks = HeldTasks()
        self.navigate = Navigator()
        self.page = FormPage()
        self.presenter = FormPresenter(self.page, laptop.session, self.tasks, self.navigate, pace=pace)
        self.draft = begin_draft(laptop.session, kind=RecordKind.PERSON)
        self.presenter.open_draft(self.draft.uid)

    def type_name(self, text: str) -> None:
        view = self.page.form_view
        assert view is not None
        line = view._views["1"].rows["full_name"].editor.focus_widget()
        line.setText(text)
        line.textEdited.emit(text)

    def stored(self) -> Draft:
        found = self.laptop.store.drafts.get(self.draft.uid)
        assert found is not None
        return found

    def stored_name(self) -> Any:
        return self.stored().answers.get("full_name")


@pytest.fixture
def open_desk(qtbot: Any, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    desks: list[Desk] = []

    def build(**pace: int) -> Desk:
        slow = {"idle_ms": NEVER, "longest_ms": NEVER, "retry_ms": NEVER, "evaluate_ms": 0, **pace}
        desk = Desk(make_laptop(tmp_path / str(len(desks))), Pace(**slow))
        qtbot.addWidget(desk.page)
        desks.append(desk)
        return desk

    yield build
    for desk in desks:
        desk.tasks.let_go()
        desk.presenter.close()
        desk.laptop.close()


def test_a_pause_in_typing_stores_the_draft(open_desk: Any, qtbot: Any) -> None:
    desk = open_desk(idle_ms=10)
    desk.type_name("Melati")
    assert desk.stored_name() is None
    qtbot.waitUntil(lambda: desk.stored_name() == "Melati", timeout=2000)


def test_typing_without_a_pause_is_stored_all_the_same(open_desk: Any, qtbot: Any) -> None:
    desk = open_desk(longest_ms=30)
    names = iter("Melati Contoh" * 400)
    typed = ""

    def one_more_key() -> bool:
        nonlocal typed
        typed += next(names)
        desk.type_name(typed)
        return desk.stored_name() is not None

    qtbot.waitUntil(one_more_key, timeout=4000)
    assert typed.startswith(desk.stored_name())


def test_leaving_the_field_the_section_or_the_page_stores_at_once(open_desk: Any) -> None:
    desk = open_desk()
    desk.type_name("Melati")
    desk.page.field_left.emit("full_name")
    assert desk.stored_name() == "Melati"
    desk.type_name("Melati Dua")
    desk.page.form_view.open_section("2")
    assert desk.stored_name() == "Melati Dua"
    desk.type_name("Melati Tiga")
    desk.page.left.emit()
    assert desk.stored_name() == "Melati Tiga"


def test_hiding_the_page_stores_at_once(open_desk: Any, qtbot: Any) -> None:
    desk = open_desk()
    with qtbot.waitExposed(desk.page):
        desk.page.show()
    desk.type_name("Melati")
    desk.page.hide()
    assert desk.stored_name() == "Melati"


def test_saved_is_said_only_after_the_store_returned(open_desk: Any) -> None:
    desk = open_desk()
    desk.type_name("Melati")
    assert desk.page.saved_label.text() == "Menyimpan…"
    desk.tasks.holding = True
    desk.presenter.flush()
    assert desk.page.saved_label.text() == "Menyimpan…"
    assert not desk.presenter.is_stored()
    desk.tasks.let_go()
    assert desk.page.saved_label.text() == "Tersimpan 10.00.00"
    assert desk.presenter.is_stored()


def test_what_is_typed_while_saving_is_saved_next(open_desk: Any) -> None:
    desk = open_desk()
    desk.type_name("Melati")
    desk.tasks.holding = True
    desk.presenter.flush()
    desk.type_name("Melati Contoh")
    desk.tasks.let_go()
    assert desk.stored_name() == "Melati"
    assert not desk.presenter.is_stored()
    desk.presenter.flush()
    assert desk.stored_name() == "Melati Contoh"


def test_a_full_disk_stays_on_view_and_the_typing_stays_in_memory(open_desk: Any, qtbot: Any, monkeypatch: Any) -> None:
    desk = open_desk(retry_ms=20)
    whole = desk.laptop.store.save_draft
    full = [True, True]

    def save(draft: Draft) -> None:
        if full:
            full.pop()
            raise KubeFieldError(Failure.DISK_FULL, "Disk penuh.", "Kosongkan ruang, lalu coba lagi.")
        whole(draft)

    monkeypatch.setattr(desk.laptop.store, "save_draft", save)
    desk.type_name("Melati")
    desk.presenter.flush()
    assert desk.page.saved_label.text() == "Belum tersimpan"
    assert "Disk penuh." in desk.page.notice.label.text()
    assert not desk.page.notice.isHidden()
    assert desk.page.form_view.answers()["full_name"] == "Melati"
    desk.type_name("Melati Contoh")
    qtbot.waitUntil(lambda: desk.stored_name() == "Melati Contoh", timeout=3000)
    assert desk.page.notice.isHidden()


def test_closing_stores_what_is_left(open_desk: Any) -> None:
    desk = open_desk()
    desk.type_name("Melati")
    desk.presenter.close()
    assert desk.stored_name() == "Melati"


def test_the_review_opens_only_after_everything_is_stored(open_desk: Any) -> None:
    desk = open_desk()
    opened: list[str] = []
    desk.navigate.review_wanted.connect(opened.append)
    desk.type_name("Melati")
    desk.tasks.holding = True
    desk.page.review_requested.emit()
    assert opened == []
    desk.tasks.let_go()
    assert opened == [desk.draft.uid]
    assert desk.stored_name() == "Melati"


def test_saving_never_validates(open_desk: Any) -> None:
    desk = open_desk()
    desk.type_name("12345 ???")
    desk.presenter.flush()
    assert desk.stored_name() == "12345 ???"


def test_the_form_is_judged_while_one_types(open_desk: Any, qtbot: Any) -> None:
    desk = open_desk()
    before = desk.page.chip.text()
    desk.type_name("Melati Contoh")
    qtbot.waitUntil(lambda: desk.page.chip.text() != before, timeout=2000)
    assert desk.page.chip.text().startswith("Draf · ")


def test_only_the_newest_judgement_is_waited_for(open_desk: Any, qtbot: Any) -> None:
    desk = open_desk()
    desk.tasks.holding = True
    for name in ("M", "Me", "Mel"):
        desk.type_name(name)
        desk.presenter._evaluate()
    assert len(desk.tasks.held) == 1
    desk.tasks.let_go()
    assert desk.presenter._evaluating is False


def test_opening_another_draft_stores_the_first(open_desk: Any) -> None:
    desk = open_desk()
    other = begin_draft(desk.laptop.session, kind=RecordKind.HOUSEHOLD)
    desk.type_name("Melati")
    desk.presenter.open_draft(other.uid)
    assert desk.stored_name() == "Melati"
    assert desk.page.form_view.form.kind == RecordKind.HOUSEHOLD


def test_birth_date_and_sex_are_proposed_from_the_nik_and_can_be_taken_back(open_desk: Any) -> None:
    desk = open_desk()
    view = desk.page.form_view
    line = view._views["1"].rows["nik"].editor.focus_widget()
    line.setText("6402 1248 0668 9901")
    line.textEdited.emit(line.text())
    desk.page.field_left.emit("nik")
    assert view.answers()["birth_date"] == "1968-06-08"
    assert view.answers()["sex"] == "P"
    view.undo()
    view.undo()
    assert "birth_date" not in view.answers()
    view.set_answer("sex", "L")
    desk.page.field_left.emit("nik")
    assert view.answers()["sex"] == "L"


def test_a_key_during_a_save_is_stored_in_time_although_the_typing_never_pauses(qtbot: Any, open_desk: Any) -> None:
    desk = open_desk(longest_ms=30)
    desk.type_name("Mel")
    desk.tasks.holding = True
    desk.presenter.flush()
    desk.type_name("Melati")
    desk.tasks.let_go()
    assert desk.stored_name() == "Mel"
    qtbot.waitUntil(lambda: desk.stored_name() == "Melati", timeout=2000)
