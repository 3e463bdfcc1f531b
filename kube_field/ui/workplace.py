"""The window of one unlocked laptop: every page with its presenter, and the ways between them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from gettext import gettext as _

from PySide6.QtCore import QTimer

from kube_field.domain.records import DOCUMENT_KINDS, RecordKind
from kube_field.ui.pill_words import pill_text
from kube_field.ui.presenters.export_desk import ExportDesk
from kube_field.ui.presenters.form_presenter import Pace
from kube_field.ui.presenters.paper_output import PaperOutput
from kube_field.ui.presenters.sync_presenter import SyncPresenter
from kube_field.ui.tasks import Tasks
from kube_field.ui.workplace_pages import PAGES, Office, WorkplacePages
from kube_field.usecases.queue import pill
from kube_field.usecases.search import search
from kube_field.usecases.session import Session
from kube_field.usecases.views import PillState, SearchHit, SyncRun

PILL_MS = 5000
FORM_PAGES = ("form", "review")
"""The two pages of one draft."""
SEARCH_MS = 120
RAIL_OF = {"batches": "groups", "import": "people", "verify": "reports", "plan": "visits"}
"""Pages that are reached from a page of the rail and belong to it."""
EXPORTING = ("visits", "people", "groups", "batches", "trainings")
"""Pages whose list can be exported."""
READ_BY = {"register": "start", "form": "come_back"}
"""What reads a page again when it is shown, where that is not its presenter's `refresh`."""
STAY_AS_THEY_WERE = ("document", "review", "import", "verify")
"""Pages that are not read again when one comes back."""
OF_GROUPS = (RecordKind.KUBE_GROUP, RecordKind.PROGRAM_BATCH)


class Workplace(WorkplacePages):
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
        super().__init__(session, tasks, link, pace, output)
        self._sending: tuple[str, int, int] | None = None
        self._pill: PillState | None = None
        self._search_text = ""
        self._connect()
        self._pill_timer = self._timer(PILL_MS, self.refresh_pill, repeats=True)
        self._search_timer = self._timer(SEARCH_MS, self._search)

    def _timer(self, interval: int, act: Callable[[], object], *, repeats: bool = False) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval)
        timer.setSingleShot(not repeats)
        timer.timeout.connect(act)
        return timer

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

    @cached_property
    def sync(self) -> SyncPresenter:
        """Sinkronisasi, which the pill and the lists follow."""
        made = super().sync
        made.state_changed.connect(self._show_pill)
        for other in (self.officers, self.photos):
            made.state_changed.connect(lambda _state, other=other: other.refresh())
        made.progressed.connect(self._on_progress)
        made.run_ended.connect(self._on_run_ended)
        return made

    def start(self) -> None:
        """Show who works here and the first page, and keep the pill up to date."""
        officer = self.session.officer
        self.window.show_officer(officer.name, self._area_words())
        self.open_page("home")
        self.refresh_pill()
        self._pill_timer.start()
        self._ahead.start()

    def stop(self) -> None:
        """Store what is being typed and stop all timers."""
        self._pill_timer.stop()
        self._search_timer.stop()
        self._ahead.stop()
        for desk in self._export_desks():
            desk.stop()
        if self.is_made("import"):
            self.imports.stop()
        if self.is_made("form"):
            self.form.close()

    def _export_desks(self) -> list[ExportDesk]:
        """Those of the pages that were needed so far."""
        desks: list[ExportDesk] = [getattr(self, key).exports for key in EXPORTING if self.is_made(key)]
        return [*desks, *self.reports.exports] if self.is_made("reports") else desks

    def cancel_sync(self) -> None:
        """Stop a run and a download that go on."""
        if self.is_made("sync"):
            self.sync.cancel()
        if self.is_made("document"):
            self.document.photos.stop()

    def flush(self) -> None:
        """Store what is being typed."""
        if self.is_made("form"):
            self.form.flush()

    # Going places

    def open_page(self, key: str) -> None:
        """Show a page of the rail, or another one that needs no record."""
        self.window.show_page(key, rail_key=RAIL_OF.get(key, ""))
        self._refresh_page(key)

    def _refresh_page(self, key: str) -> None:
        if key in PAGES and key not in STAY_AS_THEY_WERE:
            getattr(getattr(self, PAGES[key]), READ_BY.get(key, "refresh"))()

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
        self.window.show_pill(
            *pill_text(state, self._sending if self.is_made("sync") and self.sync.is_sending else None)
        )

    def _on_progress(self, phase: str, done: int, total: int) -> None:
        self._sending = (phase, done, total)
        if self._pill is not None:
            self._show_pill(self._pill)

    def _on_run_ended(self, run: SyncRun) -> None:
        self._sending = None
        self.refresh_pill()
        key = self.window.current_page()
        if run.notice:
            self.window.show_notice(run.notice, seconds=0)
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
