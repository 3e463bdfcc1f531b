"""Laporan: which papers there are, and each of them shown, printed, saved."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _
from typing import TypedDict

from kube_field.domain.records import RecordKind
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.attendance_page import SessionChoice
from kube_field.ui.pages.date_words import month_words, months_back
from kube_field.ui.pages.reports_page import Paper, PaperRow, ReportsPage, paper_words
from kube_field.ui.presenters.export_desk import ExportDesk, Listed
from kube_field.ui.presenters.many_papers import ManyPapers, Named
from kube_field.ui.presenters.page_presenter import PagePresenter, failure_words
from kube_field.ui.presenters.paper_desk import PaperDesk
from kube_field.ui.presenters.paper_output import XLSX, PaperOutput, file_name, write_file
from kube_field.ui.presenters.people_presenter import kecamatan_of
from kube_field.ui.presenters.trainings_presenter import session_choices
from kube_field.ui.presenters.visits_presenter import MONTHS_OFFERED
from kube_field.ui.tasks import Tasks
from kube_field.usecases.consent_papers import consent_paper
from kube_field.usecases.documents import find_documents, lies_in
from kube_field.usecases.export_parts import (
    Part,
    parts_of_area,
    parts_of_consents,
    parts_of_documents,
    parts_of_trainings,
    parts_of_units,
)
from kube_field.usecases.exports import area_words
from kube_field.usecases.groups import find_groups
from kube_field.usecases.papers import (
    attendance_paper,
    blank_assessment_paper,
    certificate_paper,
    certificate_rows,
    document_paper,
    draft_paper,
)
from kube_field.usecases.people import find_people
from kube_field.usecases.profile_papers import profile_paper
from kube_field.usecases.recap_papers import recap_paper, recap_sheet
from kube_field.usecases.session import Session
from kube_field.usecases.trainings import final_rows, find_trainings
from kube_field.usecases.units import units
from kube_field.usecases.views import DocumentFilter, GroupFilter, PersonFilter, TrainingRow

SEPARATOR = "#"
ONLY_ACCEPTED, ALL_FINAL = "accepted", "final"
RECAP_MONTHS = 12
MOST_PEOPLE = 500
KABUPATEN_LENGTH = len("64.02")


class RecapKey(TypedDict):
    """Which recap: kabupaten, month (YYYY-MM), basis."""

    kabupaten: str
    month: str
    only_accepted: bool


KIND_OF = {
    Paper.VISIT: RecordKind.VISIT,
    Paper.ASSESSMENT: RecordKind.ASSESSMENT,
    Paper.AID: RecordKind.AID,
    Paper.REFERRAL: RecordKind.REFERRAL,
}
"""Papers that are one document each."""


class ReportsPresenter(PagePresenter):
    """Presenter of ReportsPage; call `refresh` whenever the page is shown."""

    def __init__(
        self,
        page: ReportsPage,
        session: Session,
        tasks: Tasks,
        navigate: Navigator,
        output: PaperOutput | None = None,
    ) -> None:
        super().__init__(page, session, tasks, navigate)
        self.page = page
        self._output = output or PaperOutput()
        self._desk = PaperDesk(self, self._output)
        self._many = ManyPapers(self, page.progress)
        self.exports = (
            ExportDesk(self, page.export, self._listed, output),
            ExportDesk(self, page.export_area, self._area_listed, output),
        )
        page.show_areas(areas_of(session))
        page.verify_button.clicked.connect(lambda: navigate.open_page("verify"))
        page.filter_changed.connect(self._on_filter)
        page.paper_chosen.connect(self._preview)
        page.print_requested.connect(lambda row: self._desk.print(self._maker(row)))
        page.table_requested.connect(self._save_table)
        page.save_all_requested.connect(self._save_all)
        page.print_all_requested.connect(self._print_all)
        page.save_requested.connect(lambda row: self._desk.save(self._maker(row), _file_name(row)))

    def refresh(self) -> None:
        """Read the list again."""
        self.page.show_months(months_back(self.session.today().isoformat()[:7], MONTHS_OFFERED))
        self._on_filter(*self.page.wanted())

    def _on_filter(self, paper: str, month: str, text: str, area: str) -> None:
        def show(rows: list[PaperRow]) -> None:
            if (paper, month, text, area) == self.page.wanted():
                self.page.show_papers(rows)

        self.ask(lambda: paper_rows(self.session, Paper(paper), month, text, area), show)

    def _preview(self, row: PaperRow) -> None:
        self._desk.preview(
            self._maker(row, printed=False),
            lambda images: self.page.show_pages(row.key, images),
            lambda error: self.page.show_no_pages(row.key, failure_words(error)),
        )

    def _listed(self) -> Listed:
        return Listed(self.page.filter_words(), dict(paper_words())[self.page.paper], self._parts())

    def _parts(self) -> tuple[Part, ...]:
        """The data behind the papers of the list."""
        paper, month, text, area = self.page.wanted()
        keys = dict.fromkeys(row.key.split(SEPARATOR)[0] for row in self.page.final_rows())
        if paper == Paper.ATTENDANCE:
            return parts_of_trainings(self.session, tuple(keys))
        if paper == Paper.PROFILE:
            return parts_of_units(self.session, tuple(keys))
        if paper == Paper.CONSENT:
            return parts_of_consents(self.session, _people_wanted(text, area))
        kind = KIND_OF[Paper(paper)]
        return parts_of_documents(self.session, DocumentFilter(kind, month=month, text=text, area=area), (kind,))

    def _area_listed(self) -> Listed:
        words = _("Seluruh wilayah tugas")
        return Listed(f"{words} · {area_words(self.session)}", words, parts_of_area(self.session))

    def _save_table(self, row: PaperRow) -> None:
        path = self._output.choose_file(self.page, file_name(row.title, XLSX))
        if path is None:
            return

        def write() -> None:
            write_file(path, recap_sheet(self.session, **recap_key(row.key), name=path.name))

        self.ask(write, lambda _none: self.page.show_notice(_("Tersimpan: {path}").format(path=path), seconds=8))

    def _save_all(self, rows: list[PaperRow]) -> None:
        name = _("{paper} ({n})").format(paper=dict(paper_words())[self.page.paper], n=len(rows))
        self._many.save(self._named(rows), self._output.choose_file(self.page, file_name(name)))

    def _print_all(self, rows: list[PaperRow]) -> None:
        self._many.print(self._named(rows), self._output.choose_printer(self.page))

    def _named(self, rows: list[PaperRow]) -> list[Named]:
        return [(row.title, self._maker(row)) for row in rows]

    def _maker(self, row: PaperRow, *, printed: bool = True) -> Callable[[], bytes]:
        paper = self.page.paper
        if paper in KIND_OF:
            if row.is_draft:
                return lambda: draft_paper(self.session, draft_uid=row.key, printed=printed)
            return lambda: document_paper(self.session, uid=row.key, printed=printed)
        if paper == Paper.CONSENT:
            return lambda: consent_paper(self.session, person_uid=row.key, printed=printed)
        if paper == Paper.PROFILE:
            return lambda: profile_paper(self.session, unit_uid=row.key, printed=printed)
        if paper == Paper.ASSESSMENT_BLANK:
            return lambda: blank_assessment_paper(self.session, subject_uid=row.key, printed=printed)
        if paper == Paper.RECAP:
            return lambda: recap_paper(self.session, **recap_key(row.key), printed=printed)
        event_uid, number = row.key.split(SEPARATOR)
        if paper == Paper.CERTIFICATE:
            return lambda: certificate_paper(self.session, event_uid=event_uid, person_uid=number, printed=printed)
        blank = paper == Paper.ATTENDANCE_BLANK
        return lambda: attendance_paper(
            self.session, event_uid=event_uid, session_no=int(number), blank=blank, printed=printed
        )


def paper_rows(session: Session, paper: Paper, month: str, text: str, area: str = "") -> list[PaperRow]:
    """The papers of one sort that can be made, newest first; `area` is a kabupaten or kecamatan."""
    if paper in KIND_OF:
        return _document_rows(session, KIND_OF[paper], month, text, area)
    if paper == Paper.CONSENT:
        return _consent_rows(session, text, area)
    if paper == Paper.PROFILE:
        return _profile_rows(session, text, area)
    if paper == Paper.ASSESSMENT_BLANK:
        return _blank_rows(session, text, area)
    if paper == Paper.RECAP:
        return _recap_rows(session, month, area)
    if paper == Paper.CERTIFICATE:
        return _certificate_rows(session, month, text, area)
    return _attendance_rows(session, month, text, area, blank=paper == Paper.ATTENDANCE_BLANK)


def areas_of(session: Session) -> list[tuple[str, str]]:
    """(code, words) of every kabupaten in the officer's areas, its kecamatan after it."""
    regions, inside = session.reference.regions, kecamatan_of(session)
    told: list[tuple[str, str]] = []
    for kabupaten in regions.all_kabupaten():
        if session.officer.areas:
            here = [(code, name) for code, name in inside if code.startswith(f"{kabupaten.code}.")]
        else:
            here = [(one.code, one.name) for one in regions.kecamatan_in(kabupaten.code)]
        if here:
            told.append((kabupaten.code, kabupaten.name))
            told += [(code, _("Kec. {name}").format(name=name)) for code, name in here]
    return told


def _document_rows(session: Session, kind: RecordKind, month: str, text: str, area: str) -> list[PaperRow]:
    found = find_documents(session, wanted=DocumentFilter(kind=kind, month=month, text=text, area=area))
    return [
        PaperRow(
            key=row.uid,
            day=row.occurred_on,
            title=_visit_words(row.visit_no, row.subject),
            detail=" · ".join(part for part in (row.subject, row.village, row.author) if part),
            number=row.number,
            is_draft=row.is_draft,
        )
        for row in found
    ]


def _blank_rows(session: Session, text: str, area: str) -> list[PaperRow]:
    """The form without a name, then one for every candidate, whose identity stands on it already."""
    nameless = PaperRow("", "", _("Formulir tanpa nama"), _("Untuk diisi dengan tangan."), _("kosong"))
    words = text.casefold().split()
    people = find_people(session, wanted=PersonFilter(status="calon", limit=MOST_PEOPLE))
    groups = find_groups(session, wanted=GroupFilter(status="calon", limit=MOST_PEOPLE))
    named = [(one.uid, one.name, one.village, one.kecamatan) for one in people]
    named += [(one.uid, one.name, one.village, one.kecamatan) for one in groups]
    return [
        nameless,
        *(
            PaperRow(uid, "", name, " · ".join(part for part in (name, village, kecamatan) if part), _("calon"))
            for uid, name, village, kecamatan in named
            if all(word in f"{name} {village}".casefold() for word in words)
            and (not area or lies_in(session, uid, area))
        ),
    ]


def _visit_words(visit_no: int, subject: str) -> str:
    return _("ke-{n} · {name}").format(n=visit_no, name=subject) if visit_no else subject


def _attendance_rows(session: Session, month: str, text: str, area: str, *, blank: bool) -> list[PaperRow]:
    words = text.casefold().split()
    rows: list[PaperRow] = []
    for training in find_trainings(session):
        told = " ".join((training.title, training.venue, training.village)).casefold()
        if not all(word in told for word in words) or (area and not lies_in(session, training.uid, area)):
            continue
        held_then = [held for held in session_choices(session, training.uid) if not month or held.day.startswith(month)]
        rows += [_attendance_row(session, training, held, blank=blank) for held in held_then]
    return rows


def _profile_rows(session: Session, text: str, area: str) -> list[PaperRow]:
    """Every business, by its owner's name; a profile is of today, whatever month is chosen."""
    words = text.casefold().split()
    today = session.today().isoformat()
    return [
        PaperRow(
            key=unit.uid,
            day=unit.last_visit_on or today,
            title=unit.owner_name or unit.name,
            detail=" · ".join(part for part in (unit.owner_name, unit.name, unit.village) if part),
            number=unit.village,
        )
        for unit in sorted(units(session), key=lambda one: (one.owner_name or one.name).casefold())
        if all(word in f"{unit.owner_name} {unit.name} {unit.village}".casefold() for word in words)
        and unit.village_code.startswith(area)
    ]


def _consent_rows(session: Session, text: str, area: str) -> list[PaperRow]:
    """A blank sheet, then the people."""
    today = session.today().isoformat()
    blank = PaperRow("", today, _("Lembar kosong"), _("Untuk diisi dengan tangan."), "")
    people = find_people(session, wanted=_people_wanted(text, area))
    told = [PaperRow(row.uid, today, row.name, f"{row.name} · {row.village}", row.village) for row in people]
    return told if text else [blank, *told]


def _people_wanted(text: str, area: str) -> PersonFilter:
    kabupaten, kecamatan = (area, "") if len(area) == KABUPATEN_LENGTH else ("", area)
    return PersonFilter(text=text, kabupaten=kabupaten, kecamatan=kecamatan, limit=MOST_PEOPLE)


def _recap_rows(session: Session, month: str, area: str) -> list[PaperRow]:
    """The last months of every kabupaten of the officer, by accepted documents alone and by all."""
    months = months_back(session.today().isoformat()[:7], RECAP_MONTHS)
    wanted = [one for one in months if not month or one[0] == month]
    if month and not wanted:
        wanted = [(month, month_words(month))]
    places = [(code, name) for code, name in areas_of(session) if len(code) == KABUPATEN_LENGTH]
    return [
        PaperRow(
            key=SEPARATOR.join((code, at, basis)),
            day=f"{at}-01",
            title=_("Rekap {month} · {kabupaten}").format(month=words, kabupaten=name),
            detail=told,
            number=short,
        )
        for at, words in wanted
        for code, name in places
        if not area or area.startswith(code)
        for basis, short, told in (
            (ONLY_ACCEPTED, _("resmi"), _("Hanya dokumen yang disetujui.")),
            (ALL_FINAL, _("kerja"), _("Dokumen final, terkirim, dan disetujui.")),
        )
    ]


def recap_key(key: str) -> RecapKey:
    """What a row of recaps stands for."""
    kabupaten, month, basis = key.split(SEPARATOR)
    return {"kabupaten": kabupaten, "month": month, "only_accepted": basis == ONLY_ACCEPTED}


def _certificate_rows(session: Session, month: str, text: str, area: str) -> list[PaperRow]:
    words = text.casefold().split()
    rows: list[PaperRow] = []
    for training in find_trainings(session):
        if (month and not training.starts_on.startswith(month)) or (area and not lies_in(session, training.uid, area)):
            continue
        for person, attended in certificate_rows(session, event_uid=training.uid).items():
            newest = max(attended, key=lambda fact: fact.finalised_at)
            name = str(newest.snapshot["participant"]["name"])
            if all(word in f"{name} {training.title}".casefold() for word in words):
                key = f"{training.uid}{SEPARATOR}{person}"
                detail = f"{name} · {training.title}"
                rows.append(PaperRow(key, training.starts_on, name, detail, newest.number))
    return rows


def _attendance_row(session: Session, training: TrainingRow, held: SessionChoice, *, blank: bool) -> PaperRow:
    sitting = _("sesi {n}").format(n=held.number)
    parts = (training.title, sitting, held.subject, training.venue, training.village)
    return PaperRow(
        key=f"{training.uid}{SEPARATOR}{held.number}",
        day=held.day,
        title=training.title
        if training.sessions == 1
        else _("{sitting} · {title}").format(sitting=sitting.capitalize(), title=training.title),
        detail=" · ".join(part for part in parts if part),
        number=sitting if blank else _list_number(session, training.uid, held.number) or sitting,
    )


def _list_number(session: Session, event_uid: str, session_no: int) -> str:
    """The number of a session's newest final list, "" while there is none."""
    newest = max(final_rows(session, event_uid, session_no), key=lambda fact: fact.finalised_at, default=None)
    return newest.number if newest is not None else ""


def _file_name(row: PaperRow) -> str:
    """What a saved paper is called: its number, else what it is."""
    return row.number if "/" in row.number else " ".join(part for part in (row.title, row.number) if part)
