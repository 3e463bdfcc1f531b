from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QLabel

from kube_field.domain.records import EDITABLE_KINDS, RecordKind
from kube_field.errors import Failure, KubeFieldError
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.attendance_page import AttendancePage
from kube_field.ui.pages.document_page import DocumentPage
from kube_field.ui.pages.first_start_page import FirstStartPage
from kube_field.ui.pages.groups_page import GroupsPage
from kube_field.ui.pages.home_page import HomePage
from kube_field.ui.pages.people_page import PeoplePage
from kube_field.ui.pages.profile_page import ProfilePage
from kube_field.ui.pages.register_page import NEW_FAMILY, RegisterPage, WantedPerson
from kube_field.ui.pages.reports_page import Paper, ReportsPage, telling_part
from kube_field.ui.pages.trainings_page import TrainingsPage
from kube_field.ui.pages.unlock_page import OfficerTile, UnlockPage
from kube_field.ui.pages.visits_page import VisitsPage
from kube_field.ui.pages.work_words import action_words, work_chip, work_group
from kube_field.ui.presenters.document_presenter import DocumentPresenter
from kube_field.ui.presenters.groups_presenter import GroupsPresenter
from kube_field.ui.presenters.home_presenter import HomePresenter, greeting
from kube_field.ui.presenters.paper_output import PaperOutput
from kube_field.ui.presenters.people_presenter import PeoplePresenter, RegisterPresenter
from kube_field.ui.presenters.profile_presenter import ProfilePresenter
from kube_field.ui.presenters.reports_presenter import ReportsPresenter, paper_rows
from kube_field.ui.presenters.start_presenter import FirstStartPresenter, UnlockPresenter
from kube_field.ui.presenters.trainings_presenter import AttendancePresenter, TrainingsPresenter
from kube_field.ui.presenters.visits_presenter import VisitsPresenter
from kube_field.ui.tasks import ImmediateTaskRunner
from kube_field.usecases.households import household_profile
from tests.support import make_records
from tests.support.laptop import Laptop, make_laptop

TASKS = ImmediateTaskRunner()


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    with make_laptop(tmp_path) as made:
        yield made


@pytest.fixture
def went(qapp):
    """A navigator, and where it was asked to go."""
    navigator = Navigator()
    places: list[tuple[str, ...]] = []
    navigator.page_wanted.connect(lambda key: places.append(("page", key)))
    navigator.profile_wanted.connect(lambda kind, uid: places.append(("profile", kind, uid)))
    navigator.draft_wanted.connect(lambda uid: places.append(("draft", uid)))
    navigator.document_wanted.connect(lambda uid: places.append(("document", uid)))
    navigator.training_wanted.connect(lambda uid: places.append(("training", uid)))
    return navigator, places


def draft_at(session, place):
    assert place[0] == "draft"
    draft = session.store.drafts.get(place[1])
    assert draft is not None
    return draft


def test_home_greets_lists_and_starts_the_visit(qtbot, laptop, went):
    navigator, places = went
    unit = make_records.make_unit(laptop.session)
    page = HomePage()
    qtbot.addWidget(page)
    presenter = HomePresenter(page, laptop.session, TASKS, navigator)
    presenter.refresh()
    assert page.title_label.whole_text() == "Selamat pagi, Rina"
    assert page._units.text() == "1"
    due = [item for item in page.shown_items() if item.action == "start_visit"]
    if due:
        presenter.do(due[0])
    else:
        page.new_visit_requested.emit()
        page.chooser.chosen.emit(unit.uid)
    draft = draft_at(laptop.session, places[-1])
    assert (draft.kind, draft.subject_uid) == (RecordKind.VISIT, unit.uid)


def test_a_handover_that_is_due_opens_its_minutes(qtbot, laptop, went):
    navigator, places = went
    person = make_records.register_person(laptop.session)
    unit = make_records.make_unit(laptop.session, person, handover_on=None, bast_number=None, aid_value_idr=None)
    make_records.record_assessment(laptop.session, person)
    page = HomePage()
    qtbot.addWidget(page)
    presenter = HomePresenter(page, laptop.session, TASKS, navigator)
    presenter.refresh()
    (due,) = [item for item in page.shown_items() if item.action == "start_aid"]
    assert (work_chip(due)[0], action_words(due.action), work_group(due)) == ("Serah terima", "Buat BAST", "handover")
    presenter.do(due)
    draft = draft_at(laptop.session, places[-1])
    assert (draft.kind, draft.subject_uid) == (RecordKind.AID, unit.uid)


def test_an_assessment_starts_from_a_search(qtbot, laptop, went):
    navigator, places = went
    person = make_records.register_person(laptop.session)
    page = HomePage()
    qtbot.addWidget(page)
    presenter = HomePresenter(page, laptop.session, TASKS, navigator)
    page.new_assessment_requested.emit()
    page.chooser.text_changed.emit("melati")
    assert page.chooser._list.count() == 1
    page.chooser._on_item(page.chooser._list.item(0))
    draft = draft_at(laptop.session, places[-1])
    assert (draft.kind, draft.subject_uid) == (RecordKind.ASSESSMENT, person.uid)
    presenter.refresh()
    assert any(item.action == "continue_draft" for item in page.shown_items())


@pytest.mark.parametrize(("hour", "word"), [(3, "malam"), (4, "pagi"), (11, "siang"), (15, "sore"), (18, "malam")])
def test_the_greeting_follows_the_clock(hour, word):
    assert greeting(hour, "Rina") == f"Selamat {word}, Rina"


def test_people_are_found_by_what_is_typed(qtbot, laptop, went):
    navigator, places = went
    for n in (1, 2, 3):
        make_records.register_person(laptop.session, n)
    page = PeoplePage()
    qtbot.addWidget(page)
    presenter = PeoplePresenter(page, laptop.session, TASKS, navigator)
    presenter.refresh()
    assert page.table.items_model.rowCount() == 3
    with qtbot.waitSignal(page.filter_changed):
        page._search.setText("kenanga")
    rows = page.table.items_model.items()
    assert [row.name for row in rows] == ["Kenanga Contoh"]
    assert "*" in rows[0].nik
    page.person_opened.emit(rows[0].uid)
    assert places[-1] == ("profile", "person", rows[0].uid)
    page._kecamatan.setCurrentIndex(1)
    assert page._village.count() > 1


def test_a_known_person_is_shown_before_a_new_one_can_be_made(qtbot, laptop, went):
    navigator, _places = went
    make_records.register_person(laptop.session)
    page = RegisterPage()
    qtbot.addWidget(page)
    RegisterPresenter(page, laptop.session, TASKS, navigator).start()
    page._name.setText("melati contoh satu")
    page._year.setText("1968")
    page.look_requested.emit(page.wanted())
    assert page.table.items_model.rowCount() == 1
    page._on_village_text("long lalang")
    assert page._villages.count() >= 1


def test_a_new_person_of_a_new_family_leaves_two_drafts_the_family_first(qtbot, laptop, went):
    navigator, places = went
    page = RegisterPage()
    qtbot.addWidget(page)
    RegisterPresenter(page, laptop.session, TASKS, navigator)
    page.family_text_changed.emit("")
    assert page.family._list.count() == 1
    page.create_requested.emit(WantedPerson(name="Seroja Contoh", village_code="64.02.12.2002"), NEW_FAMILY)
    family = draft_at(laptop.session, places[-1])
    assert family.kind == RecordKind.HOUSEHOLD
    assert family.answers["village_code"] == "64.02.12.2002"
    person = next(draft for draft in laptop.session.store.drafts.listed() if draft.kind == RecordKind.PERSON)
    assert person.answers["full_name"] == "Seroja Contoh"
    assert person.answers["household_id"]["uid"] == family.record_uid


def test_a_new_person_joins_a_family_that_is_known(qtbot, laptop, went):
    navigator, places = went
    household = make_records.register_household(laptop.session)
    page = RegisterPage()
    qtbot.addWidget(page)
    RegisterPresenter(page, laptop.session, TASKS, navigator)
    page.family_text_changed.emit(str(household.answers["kk_number"]))
    assert page.family._list.count() == 2
    page.create_requested.emit(WantedPerson(name="Seroja Contoh"), household.uid)
    draft = draft_at(laptop.session, places[-1])
    assert draft.kind == RecordKind.PERSON
    assert draft.answers["household_id"]["uid"] == household.uid
    profile = household_profile(laptop.session, uid=household.uid)
    assert [row.uid for row in profile.documents] == [draft.uid]


def test_a_family_lists_its_members_the_head_first(qtbot, laptop, went):
    navigator, places = went
    household = make_records.register_household(laptop.session)
    person = make_records.register_person(laptop.session, household=household)
    page = ProfilePage()
    qtbot.addWidget(page)
    presenter = ProfilePresenter(page, laptop.session, TASKS, navigator)
    presenter.open("household", household.uid)
    assert [row.person_uid for row in page.family.table.items_model.items()] == [person.uid]
    page.family_member_requested.emit()
    assert draft_at(laptop.session, places[-1]).kind == RecordKind.PERSON


def test_a_new_group_opens_its_form(qtbot, laptop, went):
    navigator, places = went
    page = GroupsPage()
    qtbot.addWidget(page)
    presenter = GroupsPresenter(page, laptop.session, TASKS, navigator)
    make_records.make_group(laptop.session, members=2)
    presenter.refresh()
    assert page.table.items_model.item(0).members == 2
    page.new_group_requested.emit()
    assert draft_at(laptop.session, places[-1]).kind == RecordKind.KUBE_GROUP


def test_revealing_a_nik_is_logged(qtbot, laptop, went):
    navigator, _places = went
    person = make_records.register_person(laptop.session)
    page = ProfilePage()
    qtbot.addWidget(page)
    ProfilePresenter(page, laptop.session, TASKS, navigator).open(RecordKind.PERSON, person.uid)
    page._reveal.click()
    assert page._nik.text().replace(" ", "").endswith(str(person.answers["nik"]))
    told = laptop.store.db.execute_sql("SELECT object_id FROM audit WHERE action = 'nik.reveal'").fetchall()
    assert [row[0] for row in told] == [person.uid]


def test_members_are_added_by_search_ended_with_a_reason_and_taken_back(qtbot, laptop, went):
    navigator, _places = went
    group = make_records.make_group(laptop.session, members=2)
    newcomer = make_records.register_person(laptop.session, 5)
    page = ProfilePage()
    qtbot.addWidget(page)
    ProfilePresenter(page, laptop.session, TASKS, navigator).open(RecordKind.KUBE_GROUP, group.uid)
    panel = page.members
    panel._start_adding()
    panel.chooser.text_changed.emit("dahlia")
    panel.chooser._on_item(panel.chooser._list.item(0))
    added = next(row for row in panel.table.items_model.items() if row.person_uid == newcomer.uid)
    assert added.role == "anggota"
    told = {"left_on": "2026-11-23", "leave_reason": "pindah", "note": "Pindah ke Bontang"}
    panel.close_requested.emit(added.uid, told)
    ended = next(row for row in panel.table.items_model.items() if row.uid == added.uid)
    assert ended.left_on == "2026-11-23"
    page.notice_bar.button.click()
    back = next(row for row in panel.table.items_model.items() if row.uid == added.uid)
    assert back.left_on == ""


def test_a_change_of_role_is_one_action_that_can_be_taken_back(qtbot, laptop, went):
    navigator, _places = went
    group = make_records.make_group(laptop.session, members=4)
    page = ProfilePage()
    qtbot.addWidget(page)
    ProfilePresenter(page, laptop.session, TASKS, navigator).open(RecordKind.KUBE_GROUP, group.uid)
    panel = page.members
    before = {(row.uid, row.role, row.left_on) for row in panel.table.items_model.items()}
    panel.table.selectRow(3)
    panel._change.click()
    panel.role.fields.editors["role"].set_value("bendahara")
    panel.role.confirm.click()
    rows = panel.table.items_model.items()
    assert sorted(row.role for row in rows if not row.left_on) == ["bendahara", "bendahara", "ketua", "sekretaris"]
    assert [row.leave_reason for row in rows if row.left_on] == ["ganti_jabatan"]
    said = [panel._findings.itemAt(at).widget().label.text() for at in range(panel._findings.count())]
    assert any("Ada 2 bendahara" in words for words in said)
    page.notice_bar.button.click()
    assert {(row.uid, row.role, row.left_on) for row in panel.table.items_model.items()} == before


def test_who_was_added_by_mistake_is_taken_back(qtbot, laptop, went):
    navigator, _places = went
    group = make_records.make_group(laptop.session, members=1)
    newcomer = make_records.register_person(laptop.session, 5)
    page = ProfilePage()
    qtbot.addWidget(page)
    ProfilePresenter(page, laptop.session, TASKS, navigator).open(RecordKind.KUBE_GROUP, group.uid)
    page.members.add_requested.emit(newcomer.uid, {"role": "anggota", "joined_on": "2026-11-02"})
    added = next(row for row in page.members.table.items_model.items() if row.person_uid == newcomer.uid)
    assert added.joined_on == "2026-11-02"
    page.notice_bar.button.click()
    assert [row.role for row in page.members.table.items_model.items()] == ["ketua"]


def test_a_group_shows_its_trainings_and_what_changed(qtbot, laptop, went):
    navigator, _places = went
    group = make_records.make_group(laptop.session, members=2)
    members = laptop.session.store.listings.members(group.uid)
    people = [laptop.session.store.records.get(row.person_uid) for row in members]
    event = make_records.make_training(laptop.session, people)
    make_records.hold_session(laptop.session, event)
    page = ProfilePage()
    qtbot.addWidget(page)
    ProfilePresenter(page, laptop.session, TASKS, navigator).open(RecordKind.KUBE_GROUP, group.uid)
    shown = {words for words in told(page.trainings) if words}
    assert event.answers["title"] in shown
    assert any(words.startswith("2 dari 2 anggota hadir: ") for words in shown)
    assert "Anggota masuk" in told(page.history)


def told(panel):
    return [
        label.whole_text() if hasattr(label, "whole_text") else label.text() for label in panel.findChildren(QLabel)
    ]


def test_somebody_in_another_group_is_refused_in_words(qtbot, laptop, went):
    navigator, _places = went
    first = make_records.make_group(laptop.session, members=1)
    member = laptop.session.store.listings.members(first.uid)[0]
    batch = make_records.make_batch(laptop.session, name="KUBE APBD Prov 2027")
    second = make_records.make_group(laptop.session, batch=batch, name="KUBE Kenanga")
    page = ProfilePage()
    qtbot.addWidget(page)
    ProfilePresenter(page, laptop.session, TASKS, navigator).open(RecordKind.KUBE_GROUP, second.uid)
    page.members.add_requested.emit(member.person_uid, {"role": "anggota"})
    assert not page.notice_bar.isHidden()
    assert page.members.table.items_model.rowCount() == 0


def test_visits_list_what_is_there_and_open_it(qtbot, laptop, went):
    navigator, places = went
    unit = make_records.make_unit(laptop.session)
    fact = make_records.record_visit(laptop.session, unit.uid)
    page = VisitsPage()
    qtbot.addWidget(page)
    VisitsPresenter(page, laptop.session, TASKS, navigator).refresh()
    row = next(row for row in page.documents.table.items_model.items() if row.uid == fact.uid)
    page.document_opened.emit(row)
    assert places[-1] == ("document", fact.uid)


def test_a_final_visit_is_shown_with_its_paper_and_reopened_with_a_reason(qtbot, laptop, went):
    navigator, places = went
    unit = make_records.make_unit(laptop.session)
    fact = make_records.record_visit(laptop.session, unit.uid)
    page = DocumentPage()
    qtbot.addWidget(page)
    DocumentPresenter(page, laptop.session, TASKS, navigator).open(fact.uid)
    assert fact.number in page.subtitle_label.whole_text()
    assert page.preview.page_count >= 1
    assert not page._reopen.isHidden()
    assert page._correct.isHidden()
    page.reopen_requested.emit(fact.uid, "Salah ketik omzet")
    assert draft_at(laptop.session, places[-1]).kind == RecordKind.VISIT


def prints_logged(laptop: Laptop) -> int:
    found = laptop.store.db.execute_sql("SELECT count(*) FROM audit WHERE action = 'paper.print'").fetchone()
    return int(found[0])


def test_papers_are_listed_printed_and_saved(qtbot, laptop, went, tmp_path):
    navigator, _places = went
    unit = make_records.make_unit(laptop.session)
    fact = make_records.record_visit(laptop.session, unit.uid)

    def printer(_parent: object) -> QPrinter:
        made = QPrinter(QPrinter.PrinterMode.ScreenResolution)
        made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        made.setOutputFileName(str(tmp_path / "printed.pdf"))
        return made

    page = ReportsPage()
    qtbot.addWidget(page)
    output = PaperOutput(printer, lambda _parent, name: tmp_path / name)
    ReportsPresenter(page, laptop.session, TASKS, navigator, output).refresh()
    page.list.table.selectRow(0)
    assert page.chosen is not None
    assert page.chosen.key == fact.uid
    assert page.preview.page_count >= 1
    assert prints_logged(laptop) == 0
    page.preview.print_requested.emit()
    assert prints_logged(laptop) == 1
    assert (tmp_path / "printed.pdf").read_bytes().startswith(b"%PDF")
    page.preview.save_requested.emit()
    assert (tmp_path / f"{fact.number.replace('/', '-')}.pdf").read_bytes().startswith(b"%PDF")


def test_reports_are_found_by_area_and_show_the_telling_part_of_the_number(qtbot, laptop, went):
    navigator, _places = went
    unit = make_records.make_unit(laptop.session)
    fact = make_records.record_visit(laptop.session, unit.uid)
    event = make_records.make_training(laptop.session, [make_records.register_person(laptop.session, 7)])
    page = ReportsPage()
    qtbot.addWidget(page)
    ReportsPresenter(page, laptop.session, TASKS, navigator).refresh()
    offered = [page._area.itemData(at) for at in range(page._area.count())]
    assert fact.scope in offered
    assert paper_rows(laptop.session, Paper.VISIT, "", "", "64.71") == []
    for area, count in ((fact.scope, 1), ("", 1)):
        page._area.setCurrentIndex(page._area.findData(area))
        assert page.list.table.items_model.rowCount() == count
    page._area.setCurrentIndex(0)
    model = page.list.table.items_model
    assert model.data(model.index(0, 2)) == telling_part(fact.number)
    assert model.data(model.index(0, 2), Qt.ItemDataRole.ToolTipRole) == fact.number
    page._paper.setCurrentIndex(page._paper.findData(str(Paper.ATTENDANCE)))
    assert model.data(model.index(0, 2)).startswith("sesi ")
    final = make_records.hold_session(laptop.session, event)
    ReportsPresenter(page, laptop.session, TASKS, navigator).refresh()
    assert telling_part(final[0].number) in [model.data(model.index(at, 2)) for at in range(model.rowCount())]
    page._area.setCurrentIndex(page._area.findData(event.scope))
    assert model.rowCount() == 2


@pytest.mark.parametrize(
    ("number", "part"),
    [
        ("400.9/L07-0021/KUNJ/KKR/XI/2026", "L07-0021/KUNJ"),
        ("L07-0021/DH/KKR/XI/2026", "L07-0021/DH"),
        ("", ""),
    ],
)
def test_the_telling_part_of_a_number_names_laptop_counter_and_kind(number, part):
    assert telling_part(number) == part


def test_a_place_that_cannot_be_written_to_is_told(qtbot, laptop, went, tmp_path):
    navigator, _places = went
    unit = make_records.make_unit(laptop.session)
    make_records.record_visit(laptop.session, unit.uid)
    page = ReportsPage()
    qtbot.addWidget(page)
    output = PaperOutput(choose_file=lambda _parent, name: tmp_path / "nowhere" / name)
    ReportsPresenter(page, laptop.session, TASKS, navigator, output).refresh()
    page.list.table.selectRow(0)
    page.preview.save_requested.emit()
    assert "tidak dapat ditulis" in page.notice_bar.label.text()


def test_attendance_is_kept_finalised_and_printed(qtbot, laptop, went, tmp_path):
    navigator, places = went
    people = [make_records.register_person(laptop.session, n) for n in (1, 2, 3)]
    event = make_records.make_training(laptop.session, people)
    page = AttendancePage()
    qtbot.addWidget(page)

    def printer(_parent: object) -> QPrinter:
        made = QPrinter(QPrinter.PrinterMode.ScreenResolution)
        made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        made.setOutputFileName(str(tmp_path / "list.pdf"))
        return made

    presenter = AttendancePresenter(page, laptop.session, TASKS, navigator, PaperOutput(printer))
    presenter.open(event.uid)
    assert len(page.model.cells) == 3
    assert page._sessions.count() == 2
    page.model.set_status([0, 1], "hadir")
    page.flush()
    assert "Tersimpan" in page._saved.text()
    presenter.open(event.uid, 2)
    presenter.open(event.uid, 1)
    assert [cell.status for cell in page.model.cells] == ["hadir", "hadir", ""]
    page.model.set_status([2], "sakit")
    page._finalise.click()
    assert "difinalkan" in page.notice_bar.label.text()
    assert all(cell.fact_uid for cell in page.model.cells)
    page.print_requested.emit(True)
    assert (tmp_path / "list.pdf").read_bytes().startswith(b"%PDF")
    page.edit_training_requested.emit()
    assert draft_at(laptop.session, places[-1]).kind == RecordKind.TRAINING_EVENT


def test_a_whole_group_comes_at_once_and_nobody_twice(qtbot, laptop, went):
    navigator, _places = went
    group = make_records.make_group(laptop.session, members=3)
    event = make_records.make_training(laptop.session)
    page = AttendancePage()
    qtbot.addWidget(page)
    AttendancePresenter(page, laptop.session, TASKS, navigator).open(event.uid)
    page.people_text_changed.emit("mawar")
    page.participant_chosen.emit(group.uid)
    page.participant_chosen.emit(group.uid)
    assert len(page.model.cells) == 3
    assert {cell.group_name for cell in page.model.cells} == {str(group.answers["name"])}


def test_who_walked_in_is_offered_by_name_and_never_matched_silently(qtbot, laptop, went):
    navigator, _places = went
    person = make_records.register_person(laptop.session)
    event = make_records.make_training(laptop.session)
    page = AttendancePage()
    qtbot.addWidget(page)
    AttendancePresenter(page, laptop.session, TASKS, navigator).open(event.uid)
    page.walk_in_looked_for.emit("melati contoh satu", "")
    assert page.walk_in._matches.count() == 2
    assert page.model.cells == ()
    page.walk_in_added.emit({"name": "Melati Contoh Satu", "sex": "P", "village_name": "Long Lalang"})
    assert page.model.cells[0].person_uid == ""
    page.walk_in_is.emit(person.uid)
    assert page.model.cells[1].person_uid == person.uid


def test_trainings_lead_to_their_attendance(qtbot, laptop, went):
    navigator, places = went
    event = make_records.make_training(laptop.session)
    page = TrainingsPage()
    qtbot.addWidget(page)
    TrainingsPresenter(page, laptop.session, TASKS, navigator).refresh()
    page.list.table.selectRow(0)
    page._attend.click()
    assert places[-1] == ("training", event.uid)
    page.new_training_requested.emit()
    assert draft_at(laptop.session, places[-1]).record_uid != event.uid


def test_blank_attendance_lists_can_be_previewed(qtbot, laptop, went):
    navigator, _places = went
    make_records.make_training(laptop.session, [make_records.register_person(laptop.session)])
    page = ReportsPage()
    qtbot.addWidget(page)
    ReportsPresenter(page, laptop.session, TASKS, navigator)
    page._paper.setCurrentIndex(page._paper.findData(str(Paper.ATTENDANCE_BLANK)))
    assert page.list.table.items_model.rowCount() == 2
    page.list.table.selectRow(0)
    assert page.preview.page_count >= 1


def test_unlocking_hands_the_laptop_on_and_a_wrong_password_waits(qtbot):
    page = UnlockPage()
    qtbot.addWidget(page)
    opened: list[str] = []

    def unlock(user: str, password: str) -> str:
        if password != "benar":
            raise KubeFieldError(Failure.WRONG_PASSWORD, "Kata sandi belum cocok.", "Coba lagi.")
        return user

    presenter = UnlockPresenter(
        page,
        TASKS,
        officers=lambda: [OfficerTile("rina", "Rina", 2)],
        unlock=unlock,
        repair=lambda _user, _password: "",
        on_open=opened.append,
        wait_seconds=lambda: 0,
    )
    presenter.refresh()
    page.unlock_requested.emit("rina", "salah")
    assert "belum cocok" in page._problem.text()
    page.unlock_requested.emit("rina", "benar")
    assert opened == ["rina"]


def test_the_first_start_enrols_or_tries_with_sample_data(qtbot):
    page = FirstStartPage(lambda _password, _user: [])
    qtbot.addWidget(page)
    ready: list[str] = []

    def enrol(server: str, code: str, user: str, password: str) -> str:
        raise KubeFieldError(Failure.NO_NETWORK, "Server tidak dijangkau.", "Coba lagi saat tersambung.")

    FirstStartPresenter(page, TASKS, enrol=enrol, start_demo=lambda: "demo", on_ready=ready.append)
    page.enrol_requested.emit("https://kube.contoh.go.id", "ABCD", "rina", "lima kata yang panjang")
    assert "Server tidak dijangkau." in page._problem.text()
    page.demo_requested.emit()
    assert ready == ["demo"]


def test_every_editable_kind_that_the_queue_names_can_be_opened():
    from kube_field.ui.presenters.profile_presenter import PROFILE_KINDS

    assert set(PROFILE_KINDS) <= EDITABLE_KINDS
