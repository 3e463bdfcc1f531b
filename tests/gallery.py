"""`./run gallery FOLDER [NAME]`: pictures of every page with the sample data, at 100 % and 150 %."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from gettext import gettext as _
from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kube_field.domain.records import RecordKind, Role
from kube_field.language import speak_indonesian
from kube_field.repairing import Repair, words_of
from kube_field.sqlite.failures import damaged
from kube_field.storage.salvage import Repaired
from kube_field.storage.vault.passwords import check_password
from kube_field.sync import troubles
from kube_field.sync.transports.line_check import LineCheck, Step, StepState
from kube_field.ui.pages.demo_start_page import DemoStartPage
from kube_field.ui.pages.first_start_page import FirstStartPage
from kube_field.ui.pages.officers_card import OfficerLine
from kube_field.ui.pages.sync_page import DeviceView, SyncPage
from kube_field.ui.pages.unlock_page import OfficerTile, UnlockPage
from kube_field.ui.presenters.plan_presenter import PREVIEW_MS
from kube_field.ui.tasks import ImmediateTaskRunner
from kube_field.ui.theme import apply_theme
from kube_field.ui.workplace import Workplace
from kube_field.usecases.assessments import begin_assessment
from kube_field.usecases.drafts import begin_draft, save_draft
from kube_field.usecases.photo_keeping import PhotoKeeping, PhotoRoom
from kube_field.usecases.ports import Wiring
from kube_field.usecases.quarantine import AsidePage
from kube_field.usecases.sample_data import SAMPLE_AREAS, LoadedSample, load_sample
from kube_field.usecases.session import Session
from kube_field.usecases.stick import CourierTally
from kube_field.usecases.views import SyncRun
from kube_field.usecases.visits import begin_visit
from tests.gallery_cash_book import cash_book_pictures
from tests.gallery_export import export_pictures
from tests.gallery_import import import_pictures
from tests.gallery_papers import paper_pictures
from tests.gallery_paste import paste_pictures
from tests.gallery_programme import programme_pictures
from tests.gallery_review import review_pictures
from tests.gallery_sync import sync_pictures
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_answers import complete_assessment, complete_visit

SCALES = (1.0, 1.5)
SIZE = (1366, 768)


class NoServer:
    """The link of a laptop that was never enrolled, for pictures only."""

    def device(self) -> DeviceView:
        return DeviceView("L07", "https://kube.dinsos.example", "2026-11-20T02:22:00.000Z", "Rina", True)

    def send(
        self,
        on_progress: Callable[[str, int, int], None],
        cancelled: Callable[[], bool],
        *,
        allow_removal: bool = False,
    ) -> SyncRun:
        raise AssertionError("a picture sends nothing")

    def check(self) -> LineCheck:
        return LineCheck(tuple((step, StepState.GOOD) for step in Step), name="Rina")

    def visit_stick(
        self,
        folder: Path,
        on_progress: Callable[[str, int, int], None],
        cancelled: Callable[[], bool],
        *,
        allow_removal: bool = False,
    ) -> CourierTally:
        return CourierTally()

    def enrol(self, server: str, code: str) -> None:
        return None

    def ask_aside(self, after: str) -> AsidePage:
        raise troubles.no_network()

    def officers(self) -> list[OfficerLine]:
        return [
            OfficerLine("rina", "Rina Contoh", 3, at_work=True),
            OfficerLine("budi", "Budi Contoh", 0),
            OfficerLine("sari", "Sari Contoh binti Abdurrahman Contoh", 12, enrolled=False),
        ]

    def add_officer(self, user: str, code: str, password: str) -> str:
        return user

    def change_password(self, old: str, new: str) -> None:
        return None


def main(folder: Path, wanted: str = "") -> int:
    """Draw every page into `folder`, or those whose name begins like this."""
    speak_indonesian()
    app = QApplication.instance() or QApplication(["gallery"])
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        make_laptop(Path(data), name="Sri Wahyuni", areas=SAMPLE_AREAS) as laptop,
    ):
        sample = load_sample(lambda role, at: _session_at(laptop, role, at))
        laptop.clock.set_day("2026-11-23")
        for scale in SCALES:
            apply_theme(app, scale)
            for name, widget in _pages(laptop, sample):
                if name.startswith(wanted):
                    _shoot(app, widget, folder / f"{name}-{round(scale * 100)}.png")
    for scale in SCALES:
        apply_theme(app, scale)
        with tempfile.TemporaryDirectory() as data, make_laptop(Path(data), areas=SAMPLE_AREAS) as laptop:
            for name, widget in _reviewed(laptop):
                if name.startswith(wanted):
                    _shoot(app, widget, folder / f"{name}-{round(scale * 100)}.png")
    return 0


def _reviewed(laptop: Laptop) -> Iterator[tuple[str, QWidget]]:
    sample = load_sample(lambda role, at: _session_at(laptop, role, at))
    laptop.clock.set_day("2026-11-23")
    yield from review_pictures(laptop, sample, NoServer())


def _session_at(laptop: Laptop, role: Role, at: object) -> Session:
    laptop.clock.at = at
    session = laptop.session if role == Role.PENDAMPING else laptop.as_role(role)
    return replace(session, wiring=Wiring(now=laptop.clock.now, new_id=laptop.new_id))


def _pages(laptop: Laptop, sample: LoadedSample) -> Iterator[tuple[str, QWidget]]:
    first = FirstStartPage(check_password)
    yield "00-mulai", first
    making = DemoStartPage()
    making.show_working()
    yield "00-mulai-contoh", making
    making.show_problem(
        "Server contoh tidak dapat dijalankan. Lihat catatannya di"
        " C:/Users/Sri/AppData/Local/kube-field-contoh/server-contoh/server.log."
    )
    yield "00-mulai-contoh-gagal", making
    unlock = UnlockPage()
    unlock.show_officers([OfficerTile("rina", "Rina Contoh", 3), OfficerTile("budi", "Budi Contoh", 0)])
    yield "01-buka", unlock
    for name, button in (("lupa", unlock.forgot_button), ("tambah", unlock.add_button)):
        button.click()
        yield f"01-buka-{name}", unlock
    unlock.forgot_button.click()
    unlock.forgot_button.click()
    unlock.show_problem(str(damaged()), can_repair=True)
    yield "01-buka-rusak", unlock
    done = Repaired(Path("C:/Users/Sri/AppData/Local/kube-field/karantina/2026-11-30T080400"), 23, 2, ("a",) * 4, 0)
    unlock.show_repaired(words_of(Repair(done, 1)))
    yield "01-buka-dipulihkan", unlock
    session = replace(laptop.session, is_demo=False)
    work = Workplace(session, ImmediateTaskRunner(), NoServer())
    work.start()
    yield "02-beranda", work.window
    for key in ("visits", "people", "groups", "trainings", "reports", "sync", "register"):
        work.open_page(key)
        yield f"03-{key}", work.window
    work.open_page("visits")
    visits = work.window.page("visits")
    panels = (("tindak-lanjut", visits.follow_up), ("kalender", visits.calendar), ("wilayah", visits.area))
    for name, widget in panels:
        visits.tabs.setCurrentWidget(widget)
        yield f"03-visits-{name}", work.window
    visits.show_all_documents()
    yield "03-visits-semua", work.window
    work.open_page("plan")
    QTest.qWait(2 * PREVIEW_MS)  # its paper is drawn when the choice has stood still
    yield "03-rencana", work.window
    yield from _shared_laptop(work)
    yield from sync_pictures(work)
    yield from _profiles(work, sample)
    yield from _documents(work, sample)
    yield from _forms(work, session, sample)
    yield from programme_pictures(work, session, sample)
    yield from export_pictures(work)
    yield from paste_pictures(work, session, sample)
    yield from paper_pictures(work, sample, laptop.folder)
    yield from import_pictures(work, laptop)
    work.stop()
    work.window.close()
    work.window.deleteLater()


def _shared_laptop(work: Workplace) -> Iterator[tuple[str, QWidget]]:
    work.open_page("sync")
    page = work.window.page("sync")
    assert isinstance(page, SyncPage)
    page.tabs.setCurrentWidget(page._device_area)
    yield "03-sync-petugas", work.window
    page.officers.add_button.click()
    page.officers.adding.user.setText("dewi")
    page.officers.adding.password._edit.setText("pendek")
    yield "03-sync-tambah-petugas", work.window
    page.officers.adding.show_problem(_("Kode tidak dikenal, sudah dipakai, atau sudah lewat 24 jam."))
    yield "03-sync-kode-ditolak", work.window
    page.officers.change_button.click()
    yield "03-sync-ganti-sandi", work.window
    page.officers.show_done()
    page.photos.show_room(PhotoRoom(PhotoKeeping.TAKE_OFF, 1240, 259_000_000, 410, 84_600_000))
    page._bring_into_view(page.photos)
    yield "03-sync-foto", work.window


def _profiles(work: Workplace, sample: LoadedSample) -> Iterator[tuple[str, QWidget]]:
    people = list(sample.people.values())
    for name, kind, uid in (
        ("orang", RecordKind.PERSON, people[28]),
        ("kelompok", RecordKind.KUBE_GROUP, sample.groups["G1"]),
        ("unit", RecordKind.BUSINESS_UNIT, sample.units["U1"]),
    ):
        work.navigate.open_profile(kind, uid)
        page = work.window.page("profile")
        for at in range(page.tabs.count()):
            if page.tabs.isTabVisible(at):
                page.tabs.setCurrentIndex(at)
                yield f"04-profil-{name}-{at}", work.window


def _documents(work: Workplace, sample: LoadedSample) -> Iterator[tuple[str, QWidget]]:
    work.navigate.open_document(sample.visits["K06"])
    yield "05-dokumen", work.window
    work.navigate.open_training(sample.trainings[0])
    yield "06-daftar-hadir", work.window
    attendance = work.window.page("training")
    attendance.open_detail()
    yield "06-daftar-hadir-rincian", work.window
    work.navigate.open_scores(sample.trainings[0])
    scores = work.window.page("scores")
    for at, (pre, post) in enumerate(((40, 70), (55, 50), (None, 80))):
        person = scores.model.row(at).person_uid
        for test, score in (("pre", pre), ("post", post)):
            if score is not None:
                scores.score_typed.emit(person, test, score)
    yield "06-nilai", work.window
    scores.oral_button.click()
    yield "06-nilai-lisan", work.window


def _forms(work: Workplace, session: Session, sample: LoadedSample) -> Iterator[tuple[str, QWidget]]:
    visit = begin_visit(session, unit_uid=sample.units["U1"])
    answers = {
        **complete_visit(owner_kind="group"),
        **visit.answers,
        "revenue_idr": 3_200_000,
        "cost_material_idr": 3_900_000,
        "assess_stage": True,
        "tumbuh_a": True,
        "maju_e": False,
    }
    save_draft(session, draft=visit, answers={k: v for k, v in answers.items() if k != "cash_idr"})
    assessment = begin_assessment(session, subject_uid=sample.people["P26"])
    told = {**complete_assessment(), **assessment.answers, "planned_aid_idr": 5_000_000}
    save_draft(session, draft=assessment, answers={k: v for k, v in told.items() if not k.startswith("signature")})
    of_group = begin_assessment(session, subject_uid=sample.groups["G1"])
    save_draft(session, draft=of_group, answers={**complete_assessment("group"), **of_group.answers})
    drafts = {
        "kunjungan": visit.uid,
        "asesmen": assessment.uid,
        "asesmen-kelompok": of_group.uid,
        "warga": begin_draft(session, kind=RecordKind.PERSON, record_uid=sample.people["P29"]).uid,
        "keluarga": begin_draft(session, kind=RecordKind.HOUSEHOLD).uid,
        "kelompok": begin_draft(session, kind=RecordKind.KUBE_GROUP, record_uid=sample.groups["G1"]).uid,
    }
    for name, uid in drafts.items():
        work.navigate.open_draft(uid)
        view = work.window.page("form").form_view
        for at, code in enumerate(view.sections_on_view()):
            view.open_section(code)
            yield f"07-{name}-{at + 1:02d}", work.window
    work.navigate.open_review(visit.uid)
    yield "08-tinjau", work.window
    yield from cash_book_pictures(work, session, sample.units["U2"])


def _shoot(app: QApplication, widget: QWidget, path: Path) -> None:
    widget.resize(*SIZE)
    widget.show()
    for _round in range(3):
        app.processEvents()
        app.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    widget.grab().save(str(path))
    sys.stdout.write(f"{path.name} {widget.width()}x{widget.height()}\n")


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "gallery"), *sys.argv[2:3]))
