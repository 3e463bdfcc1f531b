"""What comes from the server for the person on view is told in a bar; nothing is swapped under the cursor."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kube_field.domain.commit import Commit
from kube_field.domain.records import RecordKind
from kube_field.ui.forms.editor import Editor
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.attendance_page import AttendancePage
from kube_field.ui.pages.form_page import FormPage
from kube_field.ui.pages.profile_page import ProfilePage
from kube_field.ui.presenters.form_presenter import FormPresenter
from kube_field.ui.presenters.profile_presenter import ProfilePresenter
from kube_field.ui.presenters.trainings_presenter import AttendancePresenter
from kube_field.ui.tasks import ImmediateTaskRunner
from kube_field.ui.workplace import Workplace
from kube_field.usecases.drafts import begin_draft
from tests.gallery import NoServer
from tests.support.laptop import make_laptop
from tests.support.make_conflicts import put_conflict
from tests.support.make_records import make_training, register_person
from tests.support.sync_samples import make_run


@pytest.fixture
def laptop(tmp_path):
    with make_laptop(tmp_path) as made:
        yield made


@pytest.fixture
def person(laptop):
    return register_person(laptop.session)


def arrive(laptop, person, **answers) -> None:
    laptop.store.commit(Commit(records=[replace(person, answers={**person.answers, **answers}, version=2)]))


@pytest.fixture
def profile(qtbot, laptop, person):
    page = ProfilePage()
    qtbot.addWidget(page)
    presenter = ProfilePresenter(page, laptop.session, ImmediateTaskRunner(), Navigator())
    presenter.open(RecordKind.PERSON, person.uid)
    return page, presenter


def test_a_profile_is_not_swapped_but_offers_to_look(laptop, person, profile) -> None:
    page, presenter = profile
    arrive(laptop, person, full_name="Melati Contoh Baru")
    presenter.tell_news()
    assert page.title_label.whole_text() == "Melati Contoh Satu"
    assert page.notice_bar.label.text() == "Ada pembaruan dari server."
    page.notice_bar.button.click()
    assert page.title_label.whole_text() == "Melati Contoh Baru"
    assert page.notice_bar.isHidden()


def test_what_the_server_found_about_this_laptop_stays_on_every_page_until_it_is_closed(qtbot, laptop) -> None:
    work = Workplace(laptop.session, ImmediateTaskRunner(), NoServer())
    qtbot.addWidget(work.window)
    work.start()
    work.sync.run_ended.emit(make_run(notice="Laptop ini ternyata salinan: kode barunya KT09."))
    work.open_page("visits")
    work.sync.run_ended.emit(make_run())
    assert "kode barunya KT09" in work.window.notice.label.text()
    assert not work.window.notice.isHidden()
    work.window.notice.close_button.click()
    assert work.window.notice.isHidden()
    work.stop()


def test_news_about_others_say_nothing(laptop, profile) -> None:
    page, presenter = profile
    register_person(laptop.session, 2)
    presenter.tell_news()
    assert page.notice_bar.isHidden()


def test_a_form_keeps_what_is_typed_and_tells_of_the_news(qtbot, laptop, person) -> None:
    page = FormPage()
    qtbot.addWidget(page)
    presenter = FormPresenter(page, laptop.session, ImmediateTaskRunner(), Navigator())
    draft = begin_draft(laptop.session, kind=RecordKind.PERSON, record_uid=person.uid)
    presenter.open_draft(draft.uid)
    presenter.tell_news()
    assert page.notice.isHidden()
    arrive(laptop, person, full_name="Melati Contoh Baru")
    presenter.tell_news()
    assert "Ada pembaruan dari server" in page.notice.label.text()
    shown = [editor.value() for editor in page.findChildren(Editor) if editor.question.code == "full_name"]
    assert shown == ["Melati Contoh Satu"]
    presenter.close()


def test_who_wrote_neither_value_may_look_at_a_conflict_on_the_profile(qtbot, laptop, person, profile) -> None:
    page, presenter = profile
    put_conflict(laptop.store, person, "phone", "+6281255550000", other_by="Dewi Contoh")
    presenter.refresh()
    assert page.conflict.text() == "Lihat 1 isian"


def test_a_profile_in_conflict_says_so_and_leads_there(qtbot, laptop, person, profile) -> None:
    page, presenter = profile
    assert page.conflict.isHidden()
    put_conflict(laptop.store, person, "phone", "+6281255550000")
    presenter.refresh()
    assert page.conflict.text() == "Selesaikan 1 isian"
    with qtbot.waitSignal(presenter.navigate.conflicts_wanted) as told:
        page.conflict.click()
    assert told.args == [person.uid]


@pytest.fixture
def attendance(qtbot, laptop, person):
    event = make_training(laptop.session, [person])
    page = AttendancePage()
    qtbot.addWidget(page)
    presenter = AttendancePresenter(page, laptop.session, ImmediateTaskRunner(), Navigator())
    presenter.open(event.uid)
    return page, presenter, event


def test_an_open_attendance_list_is_not_swapped_but_offers_to_look(laptop, attendance) -> None:
    page, presenter, event = attendance
    title = page.title_label.whole_text()
    page.model.set_status([0], "sakit")
    arrive(laptop, laptop.store.records.get(event.uid), title="Pelatihan Contoh Baru")
    presenter.tell_news()
    assert (page.title_label.whole_text(), page.notice_bar.label.text()) == (title, "Ada pembaruan dari server.")
    page.notice_bar.button.click()
    assert page.title_label.whole_text() == "Pelatihan Contoh Baru"
    assert [cell.status for cell in page.model.cells] == ["sakit"]
    assert page.notice_bar.isHidden()


def test_what_the_officer_adds_to_the_attendance_list_is_no_news(laptop, attendance) -> None:
    page, presenter, _event = attendance
    page.participant_chosen.emit(register_person(laptop.session, 2).uid)
    page.notice_bar.dismiss()
    presenter.tell_news()
    assert page.notice_bar.isHidden()
