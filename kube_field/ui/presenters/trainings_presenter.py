"""Pelatihan: the list, and the attendance of each session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.evaluation import Evaluation, live_rows
from kube_field.domain.records import Answers, Fact, RecordKind
from kube_field.errors import Failure, KubeFieldError
from kube_field.ui.formats import clock_text
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.attendance_page import AttendancePage, SessionChoice
from kube_field.ui.pages.trainings_page import TrainingsPage
from kube_field.ui.presenters.editing_world import surroundings
from kube_field.ui.presenters.export_desk import ExportDesk, Listed
from kube_field.ui.presenters.page_presenter import PagePresenter
from kube_field.ui.presenters.paper_desk import PaperDesk
from kube_field.ui.presenters.paper_output import PaperOutput
from kube_field.ui.presenters.pasted_attendance import PastedAttendance
from kube_field.ui.presenters.start_work import find_subjects, person_words
from kube_field.ui.tasks import Tasks
from kube_field.ui.widgets.choice_panel import Choosable
from kube_field.usecases.attendance_rows import cell_with_answers, person_cell, row_answers, walk_in_cell
from kube_field.usecases.drafts import begin_draft
from kube_field.usecases.export_parts import parts_of_trainings
from kube_field.usecases.groups import group_profile
from kube_field.usecases.marks import Marks, record_marks
from kube_field.usecases.papers import attendance_paper
from kube_field.usecases.people import near_matches, the_record
from kube_field.usecases.session import Session
from kube_field.usecases.trainings import (
    attendance_sheet,
    finalise_attendance,
    find_trainings,
    invite,
    judge_participant,
    save_attendance,
    training_as_stored,
)
from kube_field.usecases.views import AttendanceCell, AttendanceSheet, TrainingRow

MOST_CHOICES = 12


class TrainingsPresenter(PagePresenter):
    """Presenter of TrainingsPage; call `refresh` whenever the page is shown."""

    def __init__(
        self,
        page: TrainingsPage,
        session: Session,
        tasks: Tasks,
        navigate: Navigator,
        output: PaperOutput | None = None,
    ) -> None:
        super().__init__(page, session, tasks, navigate)
        self.page = page
        self.exports = ExportDesk(self, page.export, self._listed, output)
        page.training_opened.connect(navigate.open_training)
        page.new_training_requested.connect(lambda: self._edit(""))
        page.edit_requested.connect(self._edit)
        self.follow_marks(page.marks)

    def refresh(self) -> None:
        """Read the list again."""

        def show(found: tuple[list[TrainingRow], Marks]) -> None:
            self.page.marks.show_marks(found[1])
            self.page.show_trainings(found[0])

        self.ask(lambda: (find_trainings(self.session), record_marks(self.session)), show)

    def _listed(self) -> Listed:
        title = " · ".join(filter(None, (_("Pelatihan"), self.page.filter_words())))
        return Listed(title, _("Pelatihan"), parts_of_trainings(self.session, [row.uid for row in self.page.listed()]))

    def _edit(self, uid: str) -> None:
        self.ask(
            lambda: begin_draft(self.session, kind=RecordKind.TRAINING_EVENT, record_uid=uid),
            lambda draft: self.navigate.open_draft(draft.uid),
        )


class AttendancePresenter(PagePresenter):
    """Presenter of AttendancePage; call `open` with a training's uid."""

    def __init__(
        self,
        page: AttendancePage,
        session: Session,
        tasks: Tasks,
        navigate: Navigator,
        output: PaperOutput | None = None,
    ) -> None:
        super().__init__(page, session, tasks, navigate)
        self.page = page
        self._event_uid = ""
        self._session_no = 1
        self._stored: tuple[Answers, frozenset[str]] | None = None
        self._desk = PaperDesk(self, output or PaperOutput())
        page.equip(surroundings(session, tasks, self.show_failure))
        self._pasted = PastedAttendance(self, page, lambda: self._event_uid, self._remember)
        self._connect()

    def _connect(self) -> None:
        page = self.page
        page.sheet_changed.connect(self._save)
        page.session_chosen.connect(lambda number: self.open(self._event_uid, number))
        page.finalise_requested.connect(lambda sheet: self._finalise(sheet, ""))
        page.reason.given.connect(self._finalise_with_reason)
        page.print_requested.connect(self._print)
        page.people_text_changed.connect(self._find)
        page.participant_chosen.connect(self._add)
        page.walk_in_looked_for.connect(self._look_for_walk_in)
        page.walk_in_judged.connect(self._judge_walk_in)
        page.walk_in_added.connect(self._add_walk_in)
        page.participant_opened.connect(self._open_participant)
        page.participant_answered.connect(self._on_participant_answered)
        page.walk_in_is.connect(self._add)
        page.edit_training_requested.connect(self._edit)
        page.scores_requested.connect(lambda: self.navigate.open_scores(self._event_uid))

    def open(self, event_uid: str, session_no: int = 1) -> None:
        """Show a session of a training."""
        self._event_uid, self._session_no = event_uid, session_no

        def read() -> tuple[AttendanceSheet, list[SessionChoice]]:
            self._remember(event_uid)
            return (
                attendance_sheet(self.session, event_uid=event_uid, session_no=session_no),
                session_choices(self.session, event_uid),
            )

        self.ask(read, lambda found: self.page.show_sheet(*found), self._on_no_session)

    def tell_news(self) -> None:
        """Say in a bar when what came from the server changes the list on view; never swap it under the cursor."""
        event = self._event_uid
        if not event:
            return

        def tell(stored: tuple[Answers, frozenset[str]]) -> None:
            if event == self._event_uid and self._stored is not None and stored != self._stored:
                self.page.show_notice(_("Ada pembaruan dari server."), _("Lihat"), self._show_news)

        self.ask(lambda: training_as_stored(self.session, event), tell, lambda _gone: None)

    def _remember(self, event: str) -> None:
        """What the grid was made from, from now on."""
        self._stored = training_as_stored(self.session, event)

    def _show_news(self) -> None:
        self.page.hide_notice()
        self.page.flush()  # what is typed lies in the draft before the list is read again
        self.refresh()

    def refresh(self) -> None:
        """Read the session again."""
        if self._event_uid:
            self.open(self._event_uid, self._session_no)

    def _on_no_session(self, error: KubeFieldError) -> None:
        """A training without sessions opens its form, where they are added."""
        if error.failure == Failure.VALIDATION and self._event_uid:
            self.navigate.notice(f"{error.sentence} {error.action}")
            self._edit()
        else:
            self.show_failure(error)

    def _save(self, sheet: AttendanceSheet) -> None:
        def saved(_sheet: AttendanceSheet) -> None:
            self.page.show_saved(clock_text(self.session.wiring.now()))

        self.ask(lambda: save_attendance(self.session, sheet=sheet), saved)

    def _finalise(self, sheet: AttendanceSheet, reason: str) -> None:
        def work() -> list[Fact]:
            save_attendance(self.session, sheet=sheet)
            return finalise_attendance(
                self.session, event_uid=sheet.event_uid, session_no=sheet.session_no, reason=reason
            )

        self.ask(work, self._finalised, lambda error: self._not_final(error, asked=bool(reason)))

    def _finalise_with_reason(self, _key: str, reason: str) -> None:
        if (sheet := self.page.sheet) is not None:
            self._finalise(sheet, reason)

    def _finalised(self, facts: list[Fact]) -> None:
        self.refresh()
        if facts:
            words = _("{n} kehadiran difinalkan dengan nomor {number}. Akan dikirim saat tersambung.")
            self.page.show_notice(words.format(n=len(facts), number=facts[0].number), seconds=10)
        else:
            self.page.show_notice(_("Tidak ada yang berubah sejak daftar ini difinalkan."), seconds=6)

    def _not_final(self, error: KubeFieldError, *, asked: bool) -> None:
        self.show_failure(error)
        if error.details and not asked:
            self.page.reason.ask(
                "finalise", _("Bila isian sudah benar, tulis alasannya untuk tetap memfinalkan."), _("Finalkan")
            )

    def _print(self, blank: bool) -> None:
        event, number = self._event_uid, self._session_no
        self._desk.print(lambda: attendance_paper(self.session, event_uid=event, session_no=number, blank=blank))

    def _find(self, text: str) -> None:
        if text:
            self.ask(lambda: find_subjects(self.session, text, MOST_CHOICES), self.page.show_people)

    def _add(self, uid: str) -> None:
        def added(cells: list[AttendanceCell]) -> None:
            count = self.page.add_cells(cells)
            words = _("{n} peserta ditambahkan.").format(n=count) if count else _("Sudah ada dalam daftar ini.")
            self.page.show_notice(words, seconds=5)
            self._invite([cell.person_uid for cell in cells])

        self.ask(lambda: cells_of(self.session, uid), added)

    def _invite(self, people: list[str]) -> None:
        """Whom the officer lists is invited: the other sessions and the blank list show them too."""
        event = self._event_uid

        def work() -> None:
            invite(self.session, event_uid=event, person_uids=people)
            self._remember(event)

        self.ask(work, lambda _none: None)

    def _add_walk_in(self, told: Mapping[str, Any]) -> None:
        cell = replace(walk_in_cell(self.session, self.session.wiring.new_id(), told), status="hadir")
        self.page.add_cells([cell])
        self.page.select_key(cell.key)

    def _judge_walk_in(self, told: Mapping[str, Any]) -> None:
        cell = replace(walk_in_cell(self.session, "", told), status="hadir")
        self._judge(cell, lambda found: self.page.walk_in.show_findings(found.findings))

    def _open_participant(self, cell: AttendanceCell) -> None:
        panel = self.page.participant
        panel.show_participant(cell, row_answers(self.session, cell))
        self._judge(cell, lambda found: panel.show_evaluation(cell.key, found))

    def _on_participant_answered(self, key: str, answers: Mapping[str, Any]) -> None:
        page = self.page
        cell = page.model.cell(page.model.row_of(key))
        if cell is None:
            return
        edited = cell_with_answers(self.session, cell, answers)
        page.participant.take_cell(edited, row_answers(self.session, edited))
        page.model.replace_cell(edited)
        self._judge(edited, lambda found: page.participant.show_evaluation(key, found))

    def _judge(self, cell: AttendanceCell, show: Callable[[Evaluation], None]) -> None:
        event, number = self._event_uid, self._session_no
        if event:
            self.ask(lambda: judge_participant(self.session, event_uid=event, session_no=number, cell=cell), show)

    def _look_for_walk_in(self, name: str, nik: str) -> None:
        def look() -> list[Choosable]:
            rows = near_matches(self.session, nik=nik if len(nik) == 16 else "", name=name)
            return [Choosable(row.uid, row.name, person_words(row.sex, row.birth_date, row.village)) for row in rows]

        self.ask(look, self.page.show_walk_in_matches)

    def _edit(self) -> None:
        event = self._event_uid
        self.ask(
            lambda: begin_draft(self.session, kind=RecordKind.TRAINING_EVENT, record_uid=event),
            lambda draft: self.navigate.open_draft(draft.uid),
        )


def session_choices(session: Session, event_uid: str) -> list[SessionChoice]:
    """The sessions of a training; numbers count rows that were taken back too."""
    event = the_record(session, event_uid, RecordKind.TRAINING_EVENT)
    return [
        SessionChoice(at + 1, str(row.get("date") or ""), str(row.get("subject") or ""))
        for at, row in live_rows(event.answers.get("sessions"))
    ]


def cells_of(session: Session, uid: str) -> list[AttendanceCell]:
    """A person as one row, a group as a row for each present member."""
    record = session.store.records.get(uid)
    if record is not None and record.kind == RecordKind.KUBE_GROUP:
        members = [member for member in group_profile(session, uid=uid).members if not member.left_on]
        return [person_cell(session, member.person_uid, member.name) for member in members]
    return [replace(person_cell(session, uid), status="")]
