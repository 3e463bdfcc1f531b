"""Prates dan pascates of one training: every result is stored as it is typed."""

from __future__ import annotations

from collections.abc import Callable

from kube_field.domain.records import Fact
from kube_field.errors import KubeFieldError
from kube_field.ui.formats import clock_text
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.scores_page import ScoresPage
from kube_field.ui.presenters.page_presenter import PagePresenter
from kube_field.ui.tasks import Tasks
from kube_field.usecases.session import Session
from kube_field.usecases.test_results import ScoreSheet, record_oral, record_score, score_sheet


class ScoresPresenter(PagePresenter):
    """Presenter of ScoresPage; call `open` with a training's uid."""

    def __init__(self, page: ScoresPage, session: Session, tasks: Tasks, navigate: Navigator) -> None:
        super().__init__(page, session, tasks, navigate)
        self.page = page
        self._event_uid = ""
        page.score_typed.connect(self._on_score)
        page.oral_answered.connect(self._on_oral)
        page.attendance_requested.connect(lambda: navigate.open_training(self._event_uid))

    def open(self, event_uid: str) -> None:
        """Show the results of a training."""
        self._event_uid = event_uid
        self.refresh()

    def refresh(self) -> None:
        """Read the results again."""
        event = self._event_uid
        if event:
            self.ask(lambda: score_sheet(self.session, event_uid=event), self._show)

    def _show(self, sheet: ScoreSheet) -> None:
        if sheet.event_uid == self._event_uid:
            self.page.show_sheet(sheet)

    def _on_score(self, person: str, test: str, score: int | None) -> None:
        event = self._event_uid
        self._store(lambda: record_score(self.session, event_uid=event, person_uid=person, kind=test, score=score))

    def _on_oral(self, person: str, test: str, codes: list[str]) -> None:
        event = self._event_uid
        self._store(
            lambda: record_oral(self.session, event_uid=event, person_uid=person, kind=test, right_answers=codes)
        )

    def _store(self, work: Callable[[], Fact | None]) -> None:
        def stored(fact: Fact | None) -> None:
            if fact is not None:
                self.page.show_saved(clock_text(self.session.wiring.now()))
            self.refresh()

        def refused(error: KubeFieldError) -> None:
            self.show_failure(error)
            self.refresh()

        self.ask(work, stored, refused)
