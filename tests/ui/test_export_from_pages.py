"""Ekspor on the list pages: asked what for, written step by step, stopped at a click, nothing half left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from kube_field.domain.records import RecordKind, Role
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.batches_page import BatchesPage
from kube_field.ui.pages.groups_page import GroupsPage
from kube_field.ui.pages.people_page import PeoplePage
from kube_field.ui.pages.reports_page import Paper, ReportsPage
from kube_field.ui.pages.trainings_page import TrainingsPage
from kube_field.ui.pages.visits_page import VisitsPage
from kube_field.ui.presenters.batches_presenter import BatchesPresenter
from kube_field.ui.presenters.groups_presenter import GroupsPresenter
from kube_field.ui.presenters.paper_output import PaperOutput
from kube_field.ui.presenters.people_presenter import PeoplePresenter
from kube_field.ui.presenters.reports_presenter import ReportsPresenter
from kube_field.ui.presenters.trainings_presenter import TrainingsPresenter
from kube_field.ui.presenters.visits_presenter import VisitsPresenter
from kube_field.ui.tasks import ImmediateTaskRunner, TaskRunner
from kube_field.usecases.session import Session
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import (
    hand_over,
    make_batch,
    make_group,
    make_training,
    make_unit,
    nik_of,
    record_visit,
    refer,
    register_household,
    register_person,
)
from tests.support.read_sheets import day_of, sheets_of, table_of
from tests.ui.test_many_papers import Slowly

PURPOSE = "Laporan triwulan"


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    with make_laptop(tmp_path / "laptop") as made:
        yield made


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "keluar").mkdir()
    return tmp_path / "keluar"


def saving_to(folder: Path, proposed: list[str] | None = None) -> PaperOutput:
    """Takes the name that is proposed, in this folder."""

    def choose(_parent: Any, name: str) -> Path:
        if proposed is not None:
            proposed.append(name)
        return folder / name

    return PaperOutput(choose_file=choose)


def shown(
    qtbot: Any, page: Any, presenter: Callable[..., Any], session: Session, output: PaperOutput, tasks: Any
) -> Any:
    qtbot.addWidget(page)
    page.show()
    presenter(page, session, tasks, Navigator(), output).refresh()
    return page


def ask(page: Any, panel: Any = None) -> Any:
    panel = panel or page.export
    panel.button.click()
    assert panel.isVisible()
    panel.purpose.setText(PURPOSE)
    return panel


def notice(page: Any) -> str:
    return page.notice_bar.label.text()


def test_people_are_exported_as_they_are_filtered(qtbot: Any, laptop: Laptop, out: Path):
    family = register_household(laptop.session)
    for n in (1, 2, 3):
        register_person(laptop.session, n, household=family, status="aktif" if n < 3 else "calon")
    names: list[str] = []
    page = shown(qtbot, PeoplePage(), PeoplePresenter, laptop.session, saving_to(out, names), ImmediateTaskRunner())
    page._status.setCurrentIndex(page._status.findData("aktif"))
    panel = ask(page)
    assert panel.title.text() == "Ekspor: Penerima · Aktif"
    panel.save.click()
    assert names == ["Penerima 2026-11-23.xlsx"]
    rows = table_of(out / names[0], "Warga")
    assert [row["Status"] for row in rows] == ["Aktif", "Aktif"]
    assert all("*" in row["NIK"] for row in rows)
    assert "3 baris tersimpan" in notice(page)
    assert not panel.isVisible()


def test_nothing_is_saved_before_a_purpose_is_named(qtbot: Any, laptop: Laptop, out: Path):
    page = shown(qtbot, PeoplePage(), PeoplePresenter, laptop.session, saving_to(out), ImmediateTaskRunner())
    panel = ask(page)
    panel.purpose.setText("x ")
    assert not panel.save.isEnabled()
    qtbot.keyClick(panel.purpose, Qt.Key.Key_Return)
    assert list(out.iterdir()) == []
    assert "tidak terenkripsi" in panel.warning.label.text()
    qtbot.keyClick(panel.purpose, Qt.Key.Key_Escape)
    assert not panel.isVisible()


def test_full_numbers_are_offered_to_supervisors_only(qtbot: Any, laptop: Laptop, out: Path):
    register_person(laptop.session)
    page = shown(qtbot, PeoplePage(), PeoplePresenter, laptop.session, saving_to(out), ImmediateTaskRunner())
    panel = ask(page)
    assert not panel.nik.isVisible()
    assert panel.masked.isVisible()
    session = laptop.as_role(Role.PENYELIA_KAB)
    page = shown(qtbot, PeoplePage(), PeoplePresenter, session, saving_to(out), ImmediateTaskRunner())
    panel = ask(page)
    assert not panel.nik.isChecked()
    panel.nik.click()
    panel.save.click()
    assert [row["NIK"] for row in table_of(out / "Penerima 2026-11-23.xlsx", "Warga")] == [nik_of(1)]


def test_leaders_are_told_that_they_see_counts_only(qtbot: Any, laptop: Laptop, out: Path):
    session = laptop.as_role(Role.PIMPINAN)
    page = shown(qtbot, PeoplePage(), PeoplePresenter, session, saving_to(out), ImmediateTaskRunner())
    page.export.button.click()
    assert not page.export.isVisible()
    assert "jumlah saja" in notice(page)


def test_csv_goes_into_a_folder(qtbot: Any, laptop: Laptop, out: Path):
    register_person(laptop.session)
    page = shown(qtbot, PeoplePage(), PeoplePresenter, laptop.session, saving_to(out), ImmediateTaskRunner())
    panel = ask(page)
    panel.csv.click()
    panel.save.click()
    (folder,) = out.iterdir()
    assert folder.name == "Penerima 2026-11-23"
    assert {"Warga.csv", "Keluarga.csv", "Kamus.csv", "Keterangan.csv"} == {one.name for one in folder.iterdir()}


@pytest.mark.parametrize(
    ("make_page", "presenter", "sheet"),
    [
        (GroupsPage, GroupsPresenter, "KUBE"),
        (VisitsPage, VisitsPresenter, "Kunjungan"),
        (TrainingsPage, TrainingsPresenter, "Pelatihan"),
        (BatchesPage, BatchesPresenter, "Paket"),
    ],
)
def test_every_list_can_be_exported(qtbot: Any, laptop: Laptop, out: Path, make_page: Any, presenter: Any, sheet: str):
    batch = make_batch(laptop.session)
    unit = make_unit(laptop.session, make_group(laptop.session, members=10, batch=batch))
    record_visit(laptop.session, unit.uid)
    make_training(laptop.session)
    page = shown(qtbot, make_page(), presenter, laptop.session, saving_to(out), ImmediateTaskRunner())
    if isinstance(page, VisitsPage):
        page.show_all_documents()
    ask(page).save.click()
    (file,) = out.iterdir()
    assert len(table_of(file, sheet)) == 1


@pytest.mark.parametrize(("tab", "name"), [(0, "Jatuh tempo"), (1, "Perlu ditindaklanjuti")])
def test_the_visits_that_are_due_are_exported_with_their_schedule(
    qtbot: Any, laptop: Laptop, out: Path, tab: int, name: str
):
    early, late = make_unit(laptop.session), make_unit(laptop.session, register_person(laptop.session, 9))
    record_visit(laptop.session, early.uid, "2026-06-10")
    record_visit(laptop.session, late.uid, "2026-11-20")
    page = shown(qtbot, VisitsPage(), VisitsPresenter, laptop.session, saving_to(out), ImmediateTaskRunner())
    page.tabs.setCurrentIndex(tab)
    assert ask(page).title.text() == f"Ekspor: {name}"
    page.export.save.click()
    (row,) = table_of(out / f"{name} 2026-11-23.xlsx", "Unit usaha")
    assert row["ID"] == early.uid
    assert row["Jadwal kunjungan"].startswith("Kunjungan ke-2 lewat ")
    assert day_of(row["Kunjungan terakhir"]) == date(2026, 6, 10)
    assert day_of(row["Tanggal jadwal"]) < date(2026, 11, 23)
    assert row["Status usaha menurut nilai"]


def test_the_reports_page_exports_its_list_and_the_whole_area(qtbot: Any, laptop: Laptop, out: Path):
    unit = make_unit(laptop.session)
    for day in ("2026-10-20", "2026-11-20"):
        record_visit(laptop.session, unit.uid, day)
    page = shown(qtbot, ReportsPage(), ReportsPresenter, laptop.session, saving_to(out), ImmediateTaskRunner())
    page._month.setCurrentIndex(page._month.findData("2026-11"))
    ask(page).save.click()
    (file,) = out.iterdir()
    assert len(table_of(file, "Kunjungan")) == 1
    file.unlink()
    ask(page, page.export)
    ask(page, page.export_area)
    assert not page.export.isVisible()
    page.export_area.save.click()
    (file,) = out.iterdir()
    assert {"Warga", "Keluarga", "Persetujuan", "Unit usaha", "Kunjungan"} <= set(sheets_of(file))
    assert len(table_of(file, "Kunjungan")) == 2
    page._paper.setCurrentIndex(page._paper.findData(str(Paper.CERTIFICATE)))
    assert not page.export.button.isEnabled()
    assert page.export_area.button.isEnabled()


@pytest.mark.parametrize(
    ("paper", "sheet", "count"),
    [
        (Paper.PROFILE, "Unit usaha", 1),
        (Paper.PROFILE, "Bantuan", 1),
        (Paper.AID, "Bantuan", 1),
        (Paper.CONSENT, "Warga", 10),
        (Paper.CONSENT, "Persetujuan", 50),
        (Paper.REFERRAL, "Rujukan", 1),
        (Paper.ASSESSMENT, "Asesmen", 0),
        (Paper.ATTENDANCE, "Pelatihan", 1),
    ],
)
def test_the_lists_behind_the_papers(qtbot: Any, laptop: Laptop, out: Path, paper: Paper, sheet: str, count: int):
    unit = make_unit(laptop.session, make_group(laptop.session, members=10))
    hand_over(laptop.session, unit.uid)
    refer(laptop.session, unit.uid)
    make_training(laptop.session)
    page = shown(qtbot, ReportsPage(), ReportsPresenter, laptop.session, saving_to(out), ImmediateTaskRunner())
    page._paper.setCurrentIndex(page._paper.findData(str(paper)))
    ask(page).save.click()
    (file,) = out.iterdir()
    assert len(table_of(file, sheet)) == count


def people_page(qtbot: Any, laptop: Laptop, out: Path, count: int = 5) -> tuple[Any, Slowly, PeoplePresenter]:
    family = register_household(laptop.session)
    for n in range(1, count + 1):
        register_person(laptop.session, n, household=family)
    tasks = Slowly()
    page = PeoplePage()
    qtbot.addWidget(page)
    page.show()
    presenter = PeoplePresenter(page, laptop.session, tasks, Navigator(), saving_to(out))
    ask(page).save.click()
    return page, tasks, presenter


def test_an_export_goes_step_by_step_and_can_be_stopped(
    qtbot: Any, laptop: Laptop, out: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("kube_field.usecases.exports.PAGE", 2)
    page, tasks, _presenter = people_page(qtbot, laptop, out)
    assert page.export.progress.words.text() == "Menyiapkan daftar …"
    tasks.step()  # opened
    tasks.step()  # two people
    assert "2 dari 6" in page.export.progress.words.text()
    assert not page.export.button.isEnabled()
    page.export.progress.cancel_button.click()
    tasks.step()
    assert "dibatalkan" in notice(page)
    tasks.step()  # closed
    assert tasks.waiting == []
    assert list(out.iterdir()) == []
    assert page.export.button.isEnabled()


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_when_the_window_goes_nothing_half_stays(
    qtbot: Any, laptop: Laptop, out: Path, monkeypatch: pytest.MonkeyPatch, steps: int
):
    monkeypatch.setattr("kube_field.usecases.exports.PAGE", 2)
    _page, tasks, presenter = people_page(qtbot, laptop, out)
    for _each in range(steps):
        tasks.step()
    presenter.exports.stop()
    presenter.exports.stop()
    for work, _done, _failed in tasks.waiting:  # the runner drops answers once it is shut
        work()
    assert list(out.iterdir()) == []


def test_a_window_that_goes_while_the_file_is_packed_lets_it_be(qtbot: Any, laptop: Laptop, out: Path):
    page, tasks, presenter = people_page(qtbot, laptop, out)
    while page.export.progress.words.text() != "Menyusun berkas …":
        tasks.step()
    presenter.exports.stop()
    for work, _done, _failed in tasks.waiting:
        work()
    assert [one.name for one in out.iterdir()] == ["Penerima 2026-11-23.xlsx"]


def test_a_place_that_takes_nothing_is_told_on_the_page(qtbot: Any, laptop: Laptop, tmp_path: Path):
    register_person(laptop.session)
    output = saving_to(tmp_path / "tidak ada")
    page = shown(qtbot, PeoplePage(), PeoplePresenter, laptop.session, output, ImmediateTaskRunner())
    ask(page).save.click()
    assert "tidak dapat ditulis" in notice(page)
    assert not page.export.isVisible()


def test_changing_the_filter_meanwhile_changes_nothing_of_what_was_asked(qtbot: Any, laptop: Laptop, out: Path):
    family = register_household(laptop.session)
    for n in (1, 2):
        register_person(laptop.session, n, household=family, status="aktif" if n < 2 else "calon")
    page = shown(qtbot, PeoplePage(), PeoplePresenter, laptop.session, saving_to(out), ImmediateTaskRunner())
    panel = ask(page)
    page._status.setCurrentIndex(page._status.findData("calon"))
    assert panel.title.text() == "Ekspor: Penerima"
    panel.save.click()
    assert len(table_of(out / "Penerima 2026-11-23.xlsx", "Warga")) == 2


def test_records_outside_the_area_are_told(qtbot: Any, laptop: Laptop, out: Path):
    register_person(laptop.session)
    session = replace(laptop.session, officer=replace(laptop.session.officer, areas=("64.08",)))
    page = shown(qtbot, PeoplePage(), PeoplePresenter, session, saving_to(out), ImmediateTaskRunner())
    ask(page).save.click()
    assert "2 data di luar wilayah tugas Anda tidak ikut" in notice(page)
    assert laptop.store.records.where(RecordKind.PERSON)


@pytest.fixture
def runner(qtbot: Any) -> Iterator[TaskRunner]:
    made = TaskRunner()
    yield made
    made.shut_down()


def threaded_page(qtbot: Any, laptop: Laptop, out: Path, runner: TaskRunner) -> tuple[Any, PeoplePresenter]:
    family = register_household(laptop.session)
    for n in range(1, 8):
        register_person(laptop.session, n, household=family)
    page = PeoplePage()
    qtbot.addWidget(page)
    page.show()
    return page, PeoplePresenter(page, laptop.session, runner, Navigator(), saving_to(out))


def test_with_real_threads_the_file_is_there_and_written_down(
    qtbot: Any, laptop: Laptop, out: Path, runner: TaskRunner, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("kube_field.usecases.exports.PAGE", 2)
    page, _presenter = threaded_page(qtbot, laptop, out, runner)
    ask(page).save.click()
    qtbot.waitUntil(lambda: "8 baris tersimpan" in notice(page), timeout=20_000)
    assert len(table_of(out / "Penerima 2026-11-23.xlsx", "Warga")) == 7
    sql = "SELECT action FROM audit WHERE object_type = 'export' ORDER BY seq"
    qtbot.waitUntil(lambda: laptop.store.db.rows(sql) == [("export.masked",), ("export.done",)], timeout=20_000)


@pytest.mark.parametrize("wait_ms", [0, 20, 60, 200])
def test_locking_in_the_middle_leaves_the_whole_file_or_nothing(
    qtbot: Any, laptop: Laptop, out: Path, runner: TaskRunner, monkeypatch: pytest.MonkeyPatch, wait_ms: int
):
    monkeypatch.setattr("kube_field.usecases.exports.PAGE", 1)
    page, presenter = threaded_page(qtbot, laptop, out, runner)
    ask(page).save.click()
    qtbot.wait(wait_ms)
    presenter.exports.stop()
    assert runner.shut_down()
    left = [one.name for one in out.iterdir()]
    assert left in ([], ["Penerima 2026-11-23.xlsx"])
    if left:
        assert len(table_of(out / left[0], "Warga")) == 7
