"""Starting a visit or an assessment from anywhere: choose whose it is, then its form opens."""

from __future__ import annotations

from gettext import gettext as _

from kube_field.domain.names import fold_name
from kube_field.domain.records import Draft, RecordKind
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.page_frame import PageFrame
from kube_field.ui.presenters.page_presenter import PagePresenter
from kube_field.ui.tasks import Tasks
from kube_field.ui.widgets.choice_panel import ChoicePanel, Choosable
from kube_field.usecases.aid import begin_aid
from kube_field.usecases.assessments import begin_assessment
from kube_field.usecases.groups import find_groups
from kube_field.usecases.people import find_people
from kube_field.usecases.session import Session
from kube_field.usecases.units import units
from kube_field.usecases.views import GroupFilter, PersonFilter, UnitRow
from kube_field.usecases.visits import begin_visit

MOST_CHOICES = 12


class WorkStarter(PagePresenter):
    """Opens the form of a visit or an assessment."""

    def start_visit(self, unit_uid: str) -> None:
        """Open the form of a unit's visit."""
        self.ask(lambda: begin_visit(self.session, unit_uid=unit_uid), self._open)

    def start_assessment(self, subject_uid: str) -> None:
        """Open the form of a person's or group's assessment."""
        self.ask(lambda: begin_assessment(self.session, subject_uid=subject_uid), self._open)

    def start_aid(self, unit_uid: str) -> None:
        """Open the form of the minutes for what a unit receives next."""
        self.ask(lambda: begin_aid(self.session, unit_uid=unit_uid), self._open)

    def _open(self, draft: Draft) -> None:
        self.navigate.open_draft(draft.uid)


class StartWork(WorkStarter):
    """Serves the chooser of a page; `choose_unit` and `choose_subject` open it."""

    def __init__(
        self, frame: PageFrame, chooser: ChoicePanel, session: Session, tasks: Tasks, navigate: Navigator
    ) -> None:
        super().__init__(frame, session, tasks, navigate)
        self._chooser = chooser
        self._kind = RecordKind.VISIT
        chooser.text_changed.connect(self._on_text)
        chooser.chosen.connect(self._on_chosen)

    def choose_unit(self) -> None:
        """Ask which business unit is visited."""
        self._kind = RecordKind.VISIT
        self._chooser.open_for(
            _("Kunjungan baru: unit usaha mana?"),
            _("Ketik nama kelompok, penerima, atau desa. Unit usaha yang belum dicatat ditambah dari profilnya."),
        )

    def choose_subject(self) -> None:
        """Ask who or which group is assessed."""
        self._kind = RecordKind.ASSESSMENT
        self._chooser.open_for(
            _("Asesmen baru: siapa yang dinilai?"), _("Ketik nama warga, NIK, atau nama kelompok yang sudah terdaftar.")
        )

    def _on_text(self, text: str) -> None:
        find = self._find_units if self._kind == RecordKind.VISIT else self._find_subjects
        self.ask(lambda: find(text), self._chooser.show_choices)

    def _on_chosen(self, key: str) -> None:
        if self._kind == RecordKind.VISIT:
            self.start_visit(key)
        else:
            self.start_assessment(key)

    def _find_units(self, text: str) -> list[Choosable]:
        words = fold_name(text).split()
        found = [row for row in units(self.session) if all(word in _unit_words(row) for word in words)]
        return [
            Choosable(row.uid, row.name or row.idea, " · ".join(part for part in (row.owner_name, row.village) if part))
            for row in found[:MOST_CHOICES]
        ]

    def _find_subjects(self, text: str) -> list[Choosable]:
        return find_subjects(self.session, text, MOST_CHOICES) if text else []


def find_subjects(session: Session, text: str, limit: int) -> list[Choosable]:
    """Groups, then people whose words match; the key is the uid."""
    groups = find_groups(session, wanted=GroupFilter(text=text, limit=limit // 3))
    people = find_people(session, wanted=PersonFilter(text=text, limit=limit - len(groups)))
    return [
        *(Choosable(row.uid, row.name, _("kelompok · {village}").format(village=row.village)) for row in groups),
        *(Choosable(row.uid, row.name, person_words(row.sex, row.birth_date, row.village)) for row in people),
    ]


def person_words(sex: str, birth_date: str, village: str) -> str:
    """What tells namesakes apart: sex, year of birth, village."""
    return " · ".join(part for part in (sex, birth_date[:4], village) if part)


def _unit_words(row: UnitRow) -> str:
    return fold_name(" ".join((row.name, row.owner_name, row.idea, row.village, row.kecamatan)))
