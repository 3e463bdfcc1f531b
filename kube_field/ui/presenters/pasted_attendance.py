"""A list pasted into the attendance grid: read, shown, put in, and taken back in one go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from gettext import gettext as _

from kube_field.domain.records import RecordKind
from kube_field.ui.pages.attendance_page import AttendancePage
from kube_field.ui.presenters.page_presenter import PagePresenter
from kube_field.usecases.pasting import Fate, PastedLine, pasted_participants, with_pasted, without_pasted
from kube_field.usecases.people import the_record
from kube_field.usecases.trainings import invite, invited_uids, take_back_invitations
from kube_field.usecases.views import AttendanceCell

UNDO_SECONDS = 10
Cells = tuple[AttendanceCell, ...]


class PastedAttendance:
    """Works for the presenter of one attendance page; `event` names the training on view.

    `remember` is told, off the GUI thread, that we ourselves changed the training: it is no news from the server.
    """

    def __init__(
        self, presenter: PagePresenter, page: AttendancePage, event: Callable[[], str], remember: Callable[[str], None]
    ) -> None:
        self._presenter, self._page, self._event, self._remember = presenter, page, event, remember
        page.paste_requested.connect(self._read)
        page.pasting.accepted.connect(self._take)

    def _read(self, text: str) -> None:
        session = self._presenter.session
        listed = [cell.person_uid for cell in self._page.model.cells if cell.person_uid]
        self._page.hide_notice()
        self._presenter.ask(
            lambda: pasted_participants(session, text=text, listed=listed), self._page.pasting.show_lines
        )

    def _take(self, lines: Sequence[PastedLine]) -> None:
        session, before = self._presenter.session, self._page.model.cells

        def taken(cells: Cells) -> None:
            if self._page.model.cells != before:  # somebody typed meanwhile: that is not lost
                self._take(lines)
            else:
                self._show(before, cells, lines)

        self._presenter.ask(lambda: with_pasted(session, before, lines), taken)

    def _show(self, before: Cells, cells: Cells, lines: Sequence[PastedLine]) -> None:
        self._page.take_cells(cells)
        count = sum(line.fate != Fate.LEAVE for line in lines)
        people = [line.person_uid for line in lines if line.fate == Fate.TAKE]
        event = self._event()
        self._presenter.ask(
            lambda: self._invited(event, people),
            lambda invited: self._page.show_notice(
                _("{n} baris dimasukkan dari tempelan.").format(n=count),
                _("Urungkan"),
                lambda: self._take_back(before, cells, event, invited),
                seconds=UNDO_SECONDS,
            ),
        )

    def _invited(self, event: str, people: Sequence[str]) -> list[str]:
        """Invite whoever was not yet; who came in by it."""
        session = self._presenter.session
        already = invited_uids(the_record(session, event, RecordKind.TRAINING_EVENT))
        new = [uid for uid in people if uid not in already]
        is_done = invite(session, event_uid=event, person_uids=new)
        self._remember(event)
        return new if is_done else []

    def _take_back(self, before: Cells, pasted: Cells, event: str, invited: Sequence[str]) -> None:
        if event == self._event():
            self._page.take_cells(without_pasted(self._page.model.cells, before, pasted))
        self._presenter.ask(lambda: self._uninvite(event, invited), lambda _none: None)

    def _uninvite(self, event: str, invited: Sequence[str]) -> None:
        take_back_invitations(self._presenter.session, event_uid=event, person_uids=invited)
        self._remember(event)
