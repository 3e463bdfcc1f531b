"""A day of Rina with the real window, and what becomes of her work: without a server until the evening."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from kube_field.assembly import OpenLaptop, join_server, transport_of
from kube_field.demo import sync
from kube_field.desktop import Desktop
from kube_field.domain.records import Officer, RecordKind, Role
from kube_field.language import speak_indonesian
from kube_field.paths import AppPaths
from kube_field.ui.pages.unlock_page import UnlockPage
from kube_field.ui.theme import apply_theme
from kube_field.usecases.documents import document
from kube_field.usecases.papers import document_paper
from kube_field.usecases.people import count_people
from kube_field.usecases.photos import fetch_photos
from kube_field.usecases.session import WITA
from kube_field.usecases.views import PersonFilter
from tests.support import make_answers, make_records
from tests.support.command_line import PASSWORD, officer_of, reopened, set_up
from tests.support.make_picture import make_picture
from tests.support.read_papers import paper_text
from tests.support.real_server import RealServer
from tests.support.robot import PATIENCE_MS, Robot

pytestmark = pytest.mark.usefixtures("signals_stay")
OTHER_KABUPATEN = "64.72"
AREA = "64.02.12"
MELATI = "Melati Contoh Satu"


def as_of_today(value: Any) -> Any:
    """Complete answers were written for one day; the window looks at the real clock."""
    return make_answers.moved(value, datetime.now(WITA).date() - make_answers.TODAY)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RealServer]:
    running = RealServer(tmp_path / "server")
    yield running
    running.stop()


def new_laptop(folder: Path, server: RealServer, name: str, areas: str = AREA) -> OpenLaptop:
    """An enrolled laptop of an officer."""
    laptop = set_up(folder, user=name.lower(), officer=officer_of(name))
    join_server(laptop, url=server.url, code=server.add_user(name, Role.PENDAMPING, areas).code)
    return laptop


def bring_programme(laptop: OpenLaptop, server: RealServer) -> None:
    """The province's batch and three women are known before the day begins."""
    admin = server.add_user("Admin Provinsi", Role.ADMIN_PROV, "64")
    officer = Officer(admin.uid, "Admin Provinsi", Role.ADMIN_PROV, ("64",))
    batch = as_of_today(make_answers.complete_batch())
    make_records.commit_answers(replace(laptop.session, officer=officer), RecordKind.PROGRAM_BATCH, batch)
    for n in (2, 3, 4):
        household = as_of_today(
            make_answers.complete_household(head_name=make_records.NAMES[n - 1], kk_number=f"64021212041398{n:02d}")
        )
        home = make_records.commit_answers(laptop.session, RecordKind.HOUSEHOLD, household)
        person = make_answers.complete_person(
            nik=make_records.nik_of(n),
            full_name=make_records.NAMES[n - 1],
            birth_date=make_records.birth_of(n).isoformat(),
            phone=None,
            household_id={"uid": home.uid, "name": make_records.NAMES[n - 1]},
        )
        make_records.commit_answers(laptop.session, RecordKind.PERSON, as_of_today(person))


def unlocked(qtbot: Any, paths: AppPaths, photo: Path) -> tuple[Desktop, Robot]:
    """The program started, the password typed, the window open."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    desktop = Desktop(app, paths)
    desktop.start()
    page = desktop.start_window.centralWidget()
    assert isinstance(page, UnlockPage)
    assert page.chosen_user == "rina"
    qtbot.keyClicks(page._password._edit, PASSWORD)
    qtbot.keyClick(page._password._edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desktop.workplace is not None, timeout=PATIENCE_MS)
    desktop.workplace.window.activateWindow()
    robot = Robot(qtbot, desktop.workplace, photo)
    robot.wait(desktop.workplace.window.isActiveWindow)
    return desktop, robot


def go_home(desktop: Desktop) -> None:
    """The window closed, the laptop locked up."""
    desktop.workplace.window.close()
    desktop.close()
    desktop.workplace.window.deleteLater()


def search(robot: Robot, text: str) -> None:
    """Ctrl+K, a few letters with a slip, Enter on the first of what is found."""
    bar = robot.work.window.top_bar
    bar.focus_search()
    robot.type(bar.search, text)
    robot.wait(lambda: bar.drop.is_open() and bar.drop.texts()[0].startswith(MELATI))
    robot.qtbot.keyClick(bar.search, Qt.Key.Key_Return)


def assess(robot: Robot, person: str) -> str:
    search(robot, "melatti contoh satu")
    page = robot.work.window.page("profile")
    robot.wait(lambda: page._profile is not None and page._profile.uid == person)
    robot.press(page._assess)
    answers = as_of_today(make_answers.complete_assessment())
    for code in ("subject_kind", "subject_id", "staff"):
        del answers[code]
    robot.fill_form(RecordKind.ASSESSMENT, answers)
    return robot.finish()


def train(robot: Robot, people: list[tuple[str, str]]) -> str:
    page = robot.go("trainings")
    robot.press(page._new)
    answers = as_of_today(make_answers.complete_training(batch_id=None, photos=None, materials=None))
    answers["participants"] = [{"person": {"uid": uid, "name": name}} for uid, name in people]
    robot.fill_form(RecordKind.TRAINING_EVENT, answers)
    training = robot.finish()
    robot.work.navigate.open_training(training)
    page = robot.work.window.page("training")
    robot.wait(lambda: page.model.rowCount() == len(people) and page.grid.isVisible())
    for key in "HISA":
        robot.qtbot.keyClicks(page.grid, key.lower())
    robot.press(page._finalise)
    store = robot.work.session.store
    robot.wait(lambda: len(store.facts.of_kind(RecordKind.ATTENDANCE)) == len(people) or page.reason.isVisible())
    if page.reason.isVisible():
        page.reason.given.emit("finalise", "Sudah sesuai daftar hadir di kertas")
    robot.wait(lambda: len(store.facts.of_kind(RecordKind.ATTENDANCE)) == len(people))
    return training


def visit(robot: Robot, unit: str, person: str) -> str:
    robot.work.navigate.open_profile(RecordKind.BUSINESS_UNIT, unit)
    page = robot.work.window.page("profile")
    robot.wait(lambda: page._profile is not None and page._profile.uid == unit)
    robot.press(page._visit)
    answers = as_of_today(make_answers.complete_visit("person"))
    for code in ("owner_kind", "unit_id", "visit_no"):
        del answers[code]
    answers["hh_income_sample"][0]["person"] = {"uid": person, "name": MELATI}
    answers["asset_checks"] = [{"condition": "baik"}, {"condition": "rusak_ringan"}]
    robot.fill_form(RecordKind.VISIT, answers)
    return robot.finish()


def save_paper(robot: Robot, monkeypatch: pytest.MonkeyPatch, uid: str, path: Path) -> bytes:
    """The report as the document page saves it."""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_arguments: (str(path), ""))
    robot.work.navigate.open_document(uid)
    page = robot.work.window.page("document")
    robot.wait(lambda: robot.work.window.current_page() == "document" and page.isVisible())
    page.save_requested.emit(uid)
    robot.wait(path.exists)
    return path.read_bytes()


def outbox(laptop: OpenLaptop) -> list[tuple[str, str, str]]:
    return list(laptop.store.db.rows("SELECT state, sha256, coalesce(receipt_sha256, '') FROM outbox"))


@pytest.mark.timeout(300)
def test_a_day_without_a_server_reaches_the_colleague_in_the_evening_and_nobody_else(
    qapp: Any, qtbot: Any, tmp_path: Path, server: RealServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak_indonesian()
    apply_theme(qapp)
    photo = tmp_path / "kamera.jpg"
    photo.write_bytes(make_picture(1200, 900))
    paths = AppPaths(tmp_path / "rina")
    with new_laptop(paths.data_dir, server, "Rina") as laptop:
        bring_programme(laptop, server)
        batch = laptop.store.records.where(RecordKind.PROGRAM_BATCH)[0]
        sync(laptop)
        assert {state for state, _sha, _receipt in outbox(laptop)} == {"acked"}
        others = [(one.uid, str(one.answers["full_name"])) for one in laptop.store.records.where(RecordKind.PERSON)]
    server.stop()

    desktop, robot = unlocked(qtbot, paths, photo)
    household, woman = (as_of_today(one) for one in (make_answers.complete_household(), make_answers.complete_person()))
    family, person = robot.register(household, woman)
    assessment = assess(robot, person)
    named = {"uid": batch.uid, "name": str(batch.answers["name"])}
    unit = robot.begin_business(person, as_of_today(make_answers.complete_unit("person", batch_id=named)))
    training = train(robot, [*others, (person, MELATI)])
    visited = visit(robot, unit, person)
    paper = save_paper(robot, monkeypatch, visited, tmp_path / "laporan.pdf")
    assert "belum terkirim" in desktop.workplace.window.top_bar.pill.text()
    made = {family, person, assessment, unit, training, visited}
    waiting = {row.uid for row in desktop.laptop.store.queue.rows()}
    assert made <= waiting
    attendance = {fact.uid for fact in desktop.laptop.store.facts.of_kind(RecordKind.ATTENDANCE)}
    statuses = {str(fact.answers["status"]) for fact in desktop.laptop.store.facts.of_kind(RecordKind.ATTENDANCE)}
    assert statuses == {"hadir", "izin", "sakit", "tanpa_kabar"}
    go_home(desktop)

    server.start_again()
    desktop, robot = unlocked(qtbot, paths, photo)
    page = robot.go("sync")
    robot.wait(page._send.isEnabled)
    robot.press(page._send)
    robot.wait(lambda: desktop.workplace.window.top_bar.pill.text().startswith("Semua terkirim"))
    rows = outbox(desktop.laptop)
    assert all(state == "acked" and sha256 == receipt for state, sha256, receipt in rows)
    numbers = {fact.number for fact in desktop.laptop.store.facts.of_kind(RecordKind.VISIT)}
    go_home(desktop)

    with reopened(paths.data_dir) as rina:
        mine = document(rina.session, uid=visited)
        first = document_paper(rina.session, uid=visited)
        photos = [rina.session.photos.read(item.sha256) for item in mine.attachments]
    with new_laptop(tmp_path / "budi", server, "Budi") as budi:
        sync(budi)
        assert budi.store.records.get(person).answers["nik"] == make_answers.NIK
        assert all(budi.store.records.get(uid) for uid in (family, unit, training, batch.uid))
        assert {fact.uid for fact in budi.store.facts.of_kind(RecordKind.ATTENDANCE)} == attendance
        there = document(budi.session, uid=visited)
        assert {there.number} == numbers
        assert [item.sha256 for item in there.attachments] == [item.sha256 for item in mine.attachments]
        with transport_of(budi.session) as line:
            assert fetch_photos(budi.session, line, uid=visited) == len(photos), "he looks at the visit"
        assert [budi.session.photos.read(item.sha256) for item in there.attachments] == photos
        second = document_paper(budi.session, uid=visited)
    assert mine.sha256 == there.sha256
    assert first == paper
    text = paper_text(paper)
    assert all(part in text for part in (mine.number, MELATI, "9.900.000", "2.900.000", "Rina"))
    assert make_answers.NIK not in text
    assert second == paper

    with new_laptop(tmp_path / "siti", server, "Siti", OTHER_KABUPATEN) as siti:
        sync(siti)
        assert count_people(siti.session, wanted=PersonFilter()) == 0
        assert siti.store.facts.get(visited) is None
        assert siti.store.db.rows("SELECT count(*) FROM fact") == [(0,)]
