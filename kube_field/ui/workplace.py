"""The window of one unlocked laptop: every page with its presenter, and the ways between them."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from kube_field.domain.records import DOCUMENT_KINDS, RecordKind
from kube_field.ui.main_window import MainWindow
from kube_field.ui.navigation import Navigator, RailEntry
from kube_field.ui.pages.attendance_page import AttendancePage
from kube_field.ui.pages.batches_page import BatchesPage
from kube_field.ui.pages.document_page import DocumentPage
from kube_field.ui.pages.form_page import FormPage
from kube_field.ui.pages.groups_page import GroupsPage
from kube_field.ui.pages.home_page import HomePage
from kube_field.ui.pages.import_page import ImportPage
from kube_field.ui.pages.people_page import PeoplePage
from kube_field.ui.pages.plan_page import PlanPage
from kube_field.ui.pages.profile_page import ProfilePage
from kube_field.ui.pages.register_page import RegisterPage
from kube_field.ui.pages.reports_page import ReportsPage
from kube_field.ui.pages.review_page import ReviewPage
from kube_field.ui.pages.scores_page import ScoresPage
from kube_field.ui.pages.sync_page import SyncPage
from kube_field.ui.pages.trainings_page import TrainingsPage
from kube_field.ui.pages.verify_page import VerifyPage
from kube_field.ui.pages.visits_page import VisitsPage
from kube_field.ui.presenters.batches_presenter import BatchesPresenter
from kube_field.ui.presenters.document_presenter import DocumentPresenter
from kube_field.ui.presenters.export_desk import ExportDesk
from kube_field.ui.presenters.form_presenter import FormPresenter, Pace
from kube_field.ui.presenters.groups_presenter import GroupsPresenter
from kube_field.ui.presenters.home_presenter import HomePresenter
from kube_field.ui.presenters.import_presenter import ImportPresenter
from kube_field.ui.presenters.officers_presenter import OfficerDesk, OfficersPresenter
from kube_field.ui.presenters.paper_output import PaperOutput
from kube_field.ui.presenters.people_presenter import PeoplePresenter, RegisterPresenter
from kube_field.ui.presenters.plan_presenter import PlanPresenter
from kube_field.ui.presenters.profile_presenter import ProfilePresenter
from kube_field.ui.presenters.reports_presenter import ReportsPresenter
from kube_field.ui.presenters.review_presenter import ReviewPresenter
from kube_field.ui.presenters.scores_presenter import ScoresPresenter
from kube_field.ui.presenters.sync_presenter import SyncLink, SyncPresenter
from kube_field.ui.presenters.trainings_presenter import AttendancePresenter, TrainingsPresenter
from kube_field.ui.presenters.verify_presenter import VerifyPresenter
from kube_field.ui.presenters.visits_presenter import VisitsPresenter
from kube_field.ui.tasks import Tasks
from kube_field.ui.texts import pill_text
from kube_field.usecases.queue import pill
from kube_field.usecases.search import search
from kube_field.usecases.session import Session
from kube_field.usecases.views import PillState, SearchHit, SyncRun

Page = TypeVar("Page", bound=QWidget)
PILL_MS = 5000
FORM_PAGES = ("form", "review")
"""The two pages of one draft."""
SEARCH_MS = 120
RAIL_OF = {"batches": "groups", "import": "people", "verify": "reports", "plan": "visits"}
"""Pages that are reached from a page of the rail and belong to it."""
OF_GROUPS = (RecordKind.KUBE_GROUP, RecordKind.PROGRAM_BATCH)


def rail_entries() -> list[RailEntry]:
    """The seven entries, in the order of Alt+1 to Alt+7."""
    return [
        RailEntry("home", _("Beranda"), "home"),
        RailEntry("visits", _("Kunjungan"), "visit"),
        RailEntry("people", _("Penerima"), "person"),
        RailEntry("groups", _("Kelompok"), "group"),
        RailEntry("trainings", _("Pelatihan"), "training"),
        RailEntry("reports", _("Laporan"), "report"),
        RailEntry("sync", _("Sinkronisasi"), "sync"),
    ]


class Office(SyncLink, OfficerDesk, Protocol):
    """The way to the server and to the officers of this laptop."""


class Workplace(QObject):
    """Window, pages and presenters of one session; `flush` stores what is being typed before the window goes."""

    def __init__(
        self,
        session: Session,
        tasks: Tasks,
        link: Office,
        *,
        pace: Pace | None = None,
        output: PaperOutput | None = None,
    ) -> None:
        super().__init__()
        self.session, self.tasks, self.link = session, tasks, link
        self.navigate = Navigator()
        self.window = MainWindow(rail_entries(), demo=session.is_demo)
        self._refresh: dict[str, Callable[[], object]] = {}
        self._sending: tuple[int, int] | None = None
        self._pill: PillState | None = None
        self._search_text = ""
        self._add_pages(pace, output)
        self._connect()
        self._pill_timer = self._timer(PILL_MS, self.refresh_pill, repeats=True)
        self._search_timer = self._timer(SEARCH_MS, self._search)

    def _timer(self, interval: int, act: Callable[[], object], *, repeats: bool = False) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval)
        timer.setSingleShot(not repeats)
        timer.timeout.connect(act)
        return timer

    def _add_pages(self, pace: Pace | None, output: PaperOutput | None) -> None:
        self._add_lists(output)
        given = (self.session, self.tasks, self.navigate)
        self.reports = ReportsPresenter(self._added("reports", ReportsPage()), *given, output)
        self.document = DocumentPresenter(self._added("document", DocumentPage()), *given, output)
        self.attendance = AttendancePresenter(self._added("training", AttendancePage()), *given, output)
        self.scores = ScoresPresenter(self._added("scores", ScoresPage()), *given)
        self.profile = ProfilePresenter(self._added("profile", ProfilePage()), *given)
        self.form = FormPresenter(self._added("form", FormPage()), *given, pace=pace)
        self.review = ReviewPresenter(self._added("review", ReviewPage()), *given)
        sync_page = self._added("sync", SyncPage(self.session.wiring.now))
        self.sync = SyncPresenter(sync_page, *given, self.link, output)
        self.officers = OfficersPresenter(sync_page, self.tasks, self.link)
        self.plan = PlanPresenter(self._added("plan", PlanPage()), *given, output)
        self.verify = VerifyPresenter(self._added("verify", VerifyPage()), *given)
        self._refresh |= {
            "reports": self.reports.refresh,
            "plan": self.plan.refresh,
            "profile": self.profile.refresh,
            "training": self.attendance.refresh,
            "scores": self.scores.refresh,
            "sync": self.sync.refresh,
            "form": self.form.come_back,
        }

    def _add_lists(self, output: PaperOutput | None) -> None:
        given = (self.session, self.tasks, self.navigate)
        self.home = HomePresenter(self._added("home", HomePage()), *given)
        self.visits = VisitsPresenter(self._added("visits", VisitsPage()), *given, output)
        self.people = PeoplePresenter(self._added("people", PeoplePage()), *given, output)
        self.register = RegisterPresenter(self._added("register", RegisterPage()), *given)
        self.groups = GroupsPresenter(self._added("groups", GroupsPage()), *given, output)
        self.batches = BatchesPresenter(self._added("batches", BatchesPage()), *given, output)
        self.imports = ImportPresenter(self._added("import", ImportPage()), *given, output)
        self.trainings = TrainingsPresenter(self._added("trainings", TrainingsPage()), *given, output)
        self._refresh |= {
            "home": self.home.refresh,
            "visits": self.visits.refresh,
            "people": self.people.refresh,
            "register": self.register.start,
            "groups": self.groups.refresh,
            "batches": self.batches.refresh,
            "trainings": self.trainings.refresh,
        }

    def _added(self, key: str, page: Page) -> Page:
        self.window.add_page(key, page)
        return page

    def _connect(self) -> None:
        window, navigate = self.window, self.navigate
        window.page_requested.connect(self.open_page)
        window.page_left.connect(self._on_page_left)
        window.page_returned.connect(self._refresh_page)
        window.deactivated.connect(self.flush)
        window.search_text_changed.connect(self._on_search_text)
        window.hit_chosen.connect(self._open_hit)
        window.pill_clicked.connect(lambda: self.open_page("sync"))
        navigate.page_wanted.connect(self.open_page)
        navigate.profile_wanted.connect(self._open_profile)
        navigate.draft_wanted.connect(self._open_draft)
        navigate.question_wanted.connect(self._open_draft)
        navigate.document_wanted.connect(self._open_document)
        navigate.review_wanted.connect(self._open_review)
        navigate.training_wanted.connect(self._open_training)
        navigate.scores_wanted.connect(self._open_scores)
        navigate.conflicts_wanted.connect(self._open_conflicts)
        navigate.double_wanted.connect(self._open_double)
        navigate.quarantine_wanted.connect(self._open_quarantine)
        navigate.import_wanted.connect(self._open_import)
        navigate.form_forgotten.connect(lambda: window.forget_visit(*FORM_PAGES))
        navigate.back_wanted.connect(self._go_back)
        navigate.notice_wanted.connect(window.show_notice)
        self.sync.state_changed.connect(self._show_pill)
        self.sync.state_changed.connect(lambda _state: self.officers.refresh())
        self.sync.progressed.connect(self._on_progress)
        self.sync.run_ended.connect(self._on_run_ended)

    def start(self) -> None:
        """Show who works here and the first page, and keep the pill up to date."""
        officer = self.session.officer
        self.window.show_officer(officer.name, self._area_words())
        self.open_page("home")
        self.refresh_pill()
        self._pill_timer.start()

    def stop(self) -> None:
        """Store what is being typed and stop all timers."""
        self._pill_timer.stop()
        self._search_timer.stop()
        for desk in self._export_desks():
            desk.stop()
        self.imports.stop()
        self.form.close()

    def _export_desks(self) -> tuple[ExportDesk, ...]:
        lists = (self.visits, self.people, self.groups, self.batches, self.trainings)
        return (*(one.exports for one in lists), *self.reports.exports)

    def flush(self) -> None:
        """Store what is being typed."""
        self.form.flush()

    # Going places

    def open_page(self, key: str) -> None:
        """Show a page of the rail, or another one that needs no record."""
        self.window.show_page(key, rail_key=RAIL_OF.get(key, ""))
        self._refresh_page(key)

    def _refresh_page(self, key: str) -> None:
        refresh = self._refresh.get(key)
        if refresh is not None:
            refresh()

    def _on_page_left(self, key: str) -> None:
        if key == "form":
            self.flush()
        if key in FORM_PAGES and self.window.current_page() not in FORM_PAGES:
            self.form.leave()

    def _go_back(self) -> None:
        if self.window.can_go_back():
            self.window.go_back()
        else:
            self.open_page("home")

    def _open_profile(self, kind: str, uid: str) -> None:
        self.profile.open(kind, uid)
        self.window.show_page("profile", rail_key="groups" if kind in OF_GROUPS else "people")

    def _open_draft(self, draft_uid: str, at: str = "") -> None:
        self.form.open_draft(draft_uid, at=at)
        self.window.show_page("form")

    def _open_document(self, uid: str) -> None:
        self.document.open(uid)
        self.window.show_page("document")

    def _open_review(self, draft_uid: str) -> None:
        self.review.open_draft(draft_uid)
        self.window.show_page("review")

    def _open_training(self, uid: str) -> None:
        self.attendance.open(uid)
        self.window.show_page("training", rail_key="trainings")

    def _open_scores(self, uid: str) -> None:
        self.scores.open(uid)
        self.window.show_page("scores", rail_key="trainings")

    def _open_conflicts(self, uid: str) -> None:
        self.open_page("sync")
        self.sync.open_conflicts(uid)

    def _open_double(self, uid: str) -> None:
        self.open_page("sync")
        self.sync.open_double(uid)

    def _open_quarantine(self) -> None:
        self.open_page("sync")
        self.sync.open_quarantine()

    def _open_import(self, kind: str) -> None:
        self.imports.open_for(kind)
        self.window.show_page("import", rail_key="groups" if kind == "groups" else "people")

    def _open_hit(self, kind: str, uid: str) -> None:
        if RecordKind(kind) in DOCUMENT_KINDS:
            self._open_document(uid)
        elif kind == RecordKind.TRAINING_EVENT:
            self._open_training(uid)
        else:
            self._open_profile(kind, uid)

    # Search

    def _on_search_text(self, text: str) -> None:
        self._search_text = text
        self._search_timer.start()

    def _search(self) -> None:
        text = self._search_text

        def show(hits: list[SearchHit]) -> None:
            if text == self._search_text:
                self.window.show_hits(hits)

        self.tasks.run(lambda: search(self.session, text=text), show)

    # The pill

    def refresh_pill(self) -> None:
        """Read again how much waits."""
        self.tasks.run(lambda: pill(self.session), self._show_pill)

    def _show_pill(self, state: PillState) -> None:
        self._pill = state
        self.window.show_pill(*pill_text(state, self._sending if self.sync.is_sending else None))

    def _on_progress(self, done: int, total: int) -> None:
        self._sending = (done, total)
        if self._pill is not None:
            self._show_pill(self._pill)

    def _on_run_ended(self, run: SyncRun) -> None:
        self._sending = None
        self.refresh_pill()
        key = self.window.current_page()
        # A list may be refreshed under the reader; what is being typed or looked at may not.
        if run.received and key in ("home", "visits", "people", "groups", "trainings", "reports"):
            self._refresh_page(key)
        elif run.received and key == "profile":
            self.profile.tell_news()
        elif run.received and key == "form":
            self.form.tell_news()
        elif run.received and key == "training":
            self.attendance.tell_news()

    def _area_words(self) -> str:
        regions = self.session.reference.regions
        areas = self.session.officer.areas
        found = [regions.kabupaten(area) or regions.kecamatan(area) for area in areas]
        names = [region.name.replace("Kabupaten", _("Kab.")) for region in found if region is not None]
        if not names:
            return _("Provinsi Kalimantan Timur")
        return names[0] if len(names) == 1 else _("{name} + {n} lagi").format(name=names[0], n=len(names) - 1)
