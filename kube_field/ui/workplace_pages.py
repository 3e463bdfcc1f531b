"""The pages of the window with their presenters, each made when it is first needed, or before while nobody waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from gettext import gettext as _
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

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
from kube_field.ui.presenters.form_presenter import FormPresenter, Pace
from kube_field.ui.presenters.groups_presenter import GroupsPresenter
from kube_field.ui.presenters.home_presenter import HomePresenter
from kube_field.ui.presenters.import_presenter import ImportPresenter
from kube_field.ui.presenters.officers_presenter import OfficerDesk, OfficersPresenter
from kube_field.ui.presenters.paper_output import PaperOutput
from kube_field.ui.presenters.people_presenter import PeoplePresenter, RegisterPresenter
from kube_field.ui.presenters.photos_presenter import PhotosPresenter
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
from kube_field.usecases.session import Session

Page = TypeVar("Page", bound=QWidget)
AHEAD_MS = 120
"""Between two pages that are made ahead the window answers whatever is asked of it."""
PAGES: Mapping[str, str] = {
    "home": "home",
    "visits": "visits",
    "people": "people",
    "profile": "profile",
    "form": "form",
    "groups": "groups",
    "sync": "sync",
    "register": "register",
    "review": "review",
    "document": "document",
    "reports": "reports",
    "trainings": "trainings",
    "training": "attendance",
    "scores": "scores",
    "batches": "batches",
    "plan": "plan",
    "import": "imports",
    "verify": "verify",
}
"""Every page with the presenter that makes it, the ones that are wanted first before the others."""


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


class WorkplacePages(QObject):
    """Window, pages and presenters of one session."""

    def __init__(
        self, session: Session, tasks: Tasks, link: Office, pace: Pace | None, output: PaperOutput | None
    ) -> None:
        super().__init__()
        self.session, self.tasks, self.link = session, tasks, link
        self.navigate = Navigator()
        self.window = MainWindow(rail_entries(), demo=session.is_demo)
        self.window.page_missing.connect(self._make)
        self._given = (session, tasks, self.navigate)
        self._pace, self._output = pace, output
        self._ahead = QTimer(self)
        self._ahead.setInterval(AHEAD_MS)
        self._ahead.timeout.connect(self._make_ahead)

    def is_made(self, key: str) -> bool:
        """True when a page was needed already."""
        return PAGES[key] in self.__dict__

    def _make(self, key: str) -> None:
        if key in PAGES:
            getattr(self, PAGES[key])

    def _make_ahead(self) -> None:
        """Only while the start page is read: a page that comes to be may take the cursor from where one types."""
        waiting = next((key for key in PAGES if not self.is_made(key)), None)
        if waiting is None:
            self._ahead.stop()
        elif self.window.is_at_rest("home"):
            self._make(waiting)

    def _added(self, key: str, make: Callable[[QWidget], Page]) -> Page:
        """A page that stands in its place before anything is in it: whatever is moved is styled anew."""
        page = make(self.window.stack)
        self.window.add_page(key, page)
        return page

    @cached_property
    def home(self) -> HomePresenter:
        """Beranda."""
        return HomePresenter(self._added("home", HomePage), *self._given)

    @cached_property
    def visits(self) -> VisitsPresenter:
        """Kunjungan."""
        return VisitsPresenter(self._added("visits", VisitsPage), *self._given, self._output)

    @cached_property
    def people(self) -> PeoplePresenter:
        """Penerima."""
        return PeoplePresenter(self._added("people", PeoplePage), *self._given, self._output)

    @cached_property
    def register(self) -> RegisterPresenter:
        """Registering a person."""
        return RegisterPresenter(self._added("register", RegisterPage), *self._given)

    @cached_property
    def groups(self) -> GroupsPresenter:
        """Kelompok."""
        return GroupsPresenter(self._added("groups", GroupsPage), *self._given, self._output)

    @cached_property
    def batches(self) -> BatchesPresenter:
        """Paket program."""
        return BatchesPresenter(self._added("batches", BatchesPage), *self._given, self._output)

    @cached_property
    def trainings(self) -> TrainingsPresenter:
        """Pelatihan."""
        return TrainingsPresenter(self._added("trainings", TrainingsPage), *self._given, self._output)

    @cached_property
    def reports(self) -> ReportsPresenter:
        """Laporan."""
        return ReportsPresenter(self._added("reports", ReportsPage), *self._given, self._output)

    @cached_property
    def document(self) -> DocumentPresenter:
        """A finished document."""
        return DocumentPresenter(self._added("document", DocumentPage), *self._given, self._output)

    @cached_property
    def attendance(self) -> AttendancePresenter:
        """One training and its attendance."""
        return AttendancePresenter(self._added("training", AttendancePage), *self._given, self._output)

    @cached_property
    def scores(self) -> ScoresPresenter:
        """Tests of a training."""
        return ScoresPresenter(self._added("scores", ScoresPage), *self._given)

    @cached_property
    def profile(self) -> ProfilePresenter:
        """A profile."""
        return ProfilePresenter(self._added("profile", ProfilePage), *self._given)

    @cached_property
    def form(self) -> FormPresenter:
        """A form."""
        return FormPresenter(self._added("form", FormPage), *self._given, pace=self._pace)

    @cached_property
    def review(self) -> ReviewPresenter:
        """Tinjau & finalkan."""
        return ReviewPresenter(self._added("review", ReviewPage), *self._given)

    @cached_property
    def plan(self) -> PlanPresenter:
        """Plan of the day."""
        return PlanPresenter(self._added("plan", PlanPage), *self._given, self._output)

    @cached_property
    def imports(self) -> ImportPresenter:
        """Import of lists."""
        return ImportPresenter(self._added("import", ImportPage), *self._given, self._output)

    @cached_property
    def verify(self) -> VerifyPresenter:
        """Verifying a signed report."""
        return VerifyPresenter(self._added("verify", VerifyPage), *self._given)

    @cached_property
    def sync(self) -> SyncPresenter:
        """Sinkronisasi."""
        return SyncPresenter(self._sync_page, *self._given, self.link, self._output)

    @cached_property
    def officers(self) -> OfficersPresenter:
        """Officers of this laptop, on the page Sinkronisasi."""
        return OfficersPresenter(self._sync_page, self.tasks, self.link)

    @cached_property
    def photos(self) -> PhotosPresenter:
        """Photos on this laptop, on the page Sinkronisasi."""
        return PhotosPresenter(self._sync_page, self.session, self.tasks)

    @cached_property
    def _sync_page(self) -> SyncPage:
        """The page of three presenters."""
        return self._added("sync", partial(SyncPage, self.session.wiring.now))
