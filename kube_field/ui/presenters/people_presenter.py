"""Penerima: filters while typing, opens profiles; and the search that comes before a new person."""

from __future__ import annotations

from gettext import gettext as _

from kube_field.domain.forms.declaration import Severity
from kube_field.domain.identifiers import check_nik
from kube_field.domain.records import Draft, RecordKind
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.form_words import choice_words
from kube_field.ui.pages.people_page import PeoplePage
from kube_field.ui.pages.register_page import NEW_FAMILY, RegisterPage, WantedPerson
from kube_field.ui.presenters.export_desk import ExportDesk, Listed
from kube_field.ui.presenters.page_presenter import PagePresenter
from kube_field.ui.presenters.paper_output import PaperOutput
from kube_field.ui.tasks import Tasks
from kube_field.ui.theme import Tone
from kube_field.ui.widgets.choice_panel import Choosable
from kube_field.usecases.export_parts import parts_of_people
from kube_field.usecases.households import NewPerson, begin_family, begin_family_member
from kube_field.usecases.marks import Marks, record_marks
from kube_field.usecases.people import count_people, find_people, near_matches
from kube_field.usecases.record_search import find_records
from kube_field.usecases.session import Session
from kube_field.usecases.views import PersonFilter, PersonRow

MOST_VILLAGES = 8


def kecamatan_of(session: Session) -> list[tuple[str, str]]:
    """(code, name) of the kecamatan in the officer's areas, in alphabetical order."""
    regions = session.reference.regions
    found: dict[str, str] = {}
    for area in session.officer.areas:
        if area.count(".") == 2:
            one = regions.kecamatan(area)
            found[area] = one.name if one is not None else area
        else:
            inside = [one.code for one in regions.all_kabupaten() if one.code == area or "." not in area]
            found |= {region.code: region.name for code in inside for region in regions.kecamatan_in(code)}
    return sorted(found.items(), key=lambda pair: pair[1])


class PeoplePresenter(PagePresenter):
    """Presenter of PeoplePage; call `refresh` whenever the page is shown."""

    def __init__(
        self,
        page: PeoplePage,
        session: Session,
        tasks: Tasks,
        navigate: Navigator,
        output: PaperOutput | None = None,
    ) -> None:
        super().__init__(page, session, tasks, navigate)
        self.page = page
        self.exports = ExportDesk(self, page.export, self._listed, output)
        self._kecamatan = ""
        page.show_choices(
            kecamatan=kecamatan_of(session),
            statuses=choice_words(RecordKind.PERSON, "status"),
            categories=choice_words(RecordKind.PERSON, "category"),
        )
        page.filter_changed.connect(self._on_filter)
        page.person_opened.connect(lambda uid: navigate.open_profile(RecordKind.PERSON, uid))
        page.register_requested.connect(lambda: navigate.open_page("register"))
        page.import_requested.connect(lambda: navigate.open_import("people"))
        self.follow_marks(page.marks)

    def refresh(self) -> None:
        """Read the list again with the filter as it stands."""
        self._on_filter(self.page.wanted())

    def _on_filter(self, wanted: PersonFilter) -> None:
        if wanted.kecamatan != self._kecamatan:
            self._kecamatan = wanted.kecamatan
            regions = self.session.reference.regions
            villages = regions.villages_in(wanted.kecamatan) if wanted.kecamatan else ()
            self.page.show_villages([(village.code, village.name) for village in villages])

        def look() -> tuple[PersonFilter, list[PersonRow], int, Marks]:
            rows = find_people(self.session, wanted=wanted)
            full = len(rows) >= wanted.limit
            total = count_people(self.session, wanted=wanted) if full else len(rows)
            return wanted, rows, total, record_marks(self.session)

        self.ask(look, self._show)

    def _listed(self) -> Listed:
        title = " · ".join(filter(None, (_("Penerima"), self.page.filter_words())))
        return Listed(title, _("Penerima"), parts_of_people(self.session, self.page.wanted()))

    def _show(self, found: tuple[PersonFilter, list[PersonRow], int, Marks]) -> None:
        wanted, rows, total, marks = found
        if wanted == self.page.wanted():
            self.page.marks.show_marks(marks)
            self.page.show_people(rows, total)


class RegisterPresenter(PagePresenter):
    """Presenter of RegisterPage; call `start` when the page is opened for a new person."""

    def __init__(self, page: RegisterPage, session: Session, tasks: Tasks, navigate: Navigator) -> None:
        super().__init__(page, session, tasks, navigate)
        self.page = page
        page.look_requested.connect(self._look)
        page.village_text_changed.connect(self._on_village)
        page.nik_left.connect(self._judge_nik)
        page.person_opened.connect(lambda uid: navigate.open_profile(RecordKind.PERSON, uid))
        page.family_text_changed.connect(self._find_families)
        page.create_requested.connect(self._create)

    def start(self) -> None:
        """Empty the page."""
        self.page.start()

    def _judge_nik(self, digits: str) -> None:
        regions = self.session.reference.regions
        checked = check_nik(digits, today=self.session.today(), required=False, regions=regions)
        tones = {Severity.GALAT: Tone.CRITICAL, Severity.PERINGATAN: Tone.WATCH}
        found = sorted((one for one in checked.findings if one[1] in tones), key=lambda one: -one[1])
        words, tone = (found[0][2], tones[found[0][1]]) if found else ("", Tone.NEUTRAL)
        self.page.show_nik_finding(words, tone)

    def _look(self, wanted: WantedPerson) -> None:
        def look() -> list[PersonRow]:
            return near_matches(
                self.session,
                nik=wanted.nik,
                name=wanted.name,
                birth_year=wanted.birth_year,
                village_code=wanted.village_code,
            )

        self.ask(look, lambda rows: self.page.show_matches(rows, wanted))

    def _on_village(self, text: str) -> None:
        regions = self.session.reference.regions
        found = regions.search_villages(text, self.session.officer.areas, limit=MOST_VILLAGES) if text else ()
        self.page.show_villages([(village.code, regions.full_name(village.code)) for village in found])

    def _find_families(self, text: str) -> None:
        def look() -> list[Choosable]:
            hits = find_records(self.session, kind=RecordKind.HOUSEHOLD, text=text)
            return [Choosable(hit.uid, hit.title, hit.detail) for hit in hits[:MOST_VILLAGES]]

        self.ask(look, self.page.show_families)

    def _create(self, wanted: WantedPerson, family: str) -> None:
        person = NewPerson(wanted.name, wanted.nik, wanted.village_code)
        if family != NEW_FAMILY:
            self.ask(
                lambda: begin_family_member(self.session, household_uid=family, person=person),
                lambda draft: self.navigate.open_draft(draft.uid),
            )
            return

        def open_family(draft: Draft) -> None:
            self.navigate.open_draft(draft.uid)
            words = _("Isi keluarganya dulu. Data {name} menunggu sebagai draf di keluarga itu dan di Beranda.")
            self.navigate.notice(words.format(name=wanted.name or wanted.nik))

        self.ask(lambda: begin_family(self.session, person=person), open_family)
