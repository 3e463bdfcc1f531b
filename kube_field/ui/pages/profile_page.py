"""The profile of a person, a group or a business unit: who it is, what happened, and the next step."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kube_field.domain.forms.catalogue import form
from kube_field.domain.records import RecordKind
from kube_field.ui.formats import group_nik
from kube_field.ui.pages.aid_panel import AidPanel
from kube_field.ui.pages.graduation_panel import GraduationPanel
from kube_field.ui.pages.mark_door import MarkDoor
from kube_field.ui.pages.members_panel import MembersPanel
from kube_field.ui.pages.page_frame import PageFrame, tabs_in
from kube_field.ui.pages.profile_panels import (
    SectionsPanel,
    TimelinePanel,
    make_documents,
    make_family,
    make_units,
    only_of,
)
from kube_field.ui.pages.progress_panel import ProgressPanel
from kube_field.ui.pages.referral_panel import ReferralPanel
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.buttons import literal, primary_button, quiet_button, secondary_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.chip import ChipLabel
from kube_field.ui.widgets.labels import ElidedLabel, make_label
from kube_field.ui.widgets.leaving import put_away
from kube_field.usecases.marks import Marks
from kube_field.usecases.views import DocumentRow, Profile

UNDO_SECONDS = 10
LONGEST_BUTTON = 48
HEADER_CODES = {
    RecordKind.PERSON: ("sex", "birth_date", "phone"),
    RecordKind.KUBE_GROUP: ("batch_id", "formed_on", "idea_code"),
    RecordKind.BUSINESS_UNIT: ("idea_code", "batch_id", "handover_on"),
    RecordKind.HOUSEHOLD: ("kk_number", "address"),
}
"""Questions whose answers stand in the heading's card."""
BADGE_TONES = {
    "aktif": Tone.GOOD,
    "terverifikasi": Tone.INFO,
    "calon": Tone.INFO,
    "berjalan": Tone.GOOD,
    "macet": Tone.RISK,
    "bubar": Tone.NEUTRAL,
    "graduasi": Tone.GOOD,
    "lulus": Tone.GOOD,
    "healthy": Tone.GOOD,
    "watch": Tone.WATCH,
    "at_risk": Tone.RISK,
    "critical": Tone.CRITICAL,
}
"""Tone of a status; categories and statuses that are not named here stay neutral."""


class ProfilePage(PageFrame):
    """One profile.

    Signals: reveal_requested(), edit_requested(), visit_requested(unit uid or ""), assessment_requested(),
    conflicts_requested(), double_requested(), document_opened(DocumentRow), unit_opened(uid), unit_requested(),
    household_opened(uid), family_member_requested(), progress_requested(unit uid) when its charts are looked at,
    handover_requested(unit uid), graduation_requested(unit uid),
    referral_requested(uid of person or unit), referral_opened(uid).
    """

    reveal_requested = Signal()
    edit_requested = Signal()
    visit_requested = Signal(str)
    assessment_requested = Signal()
    conflicts_requested = Signal()
    double_requested = Signal()
    document_opened = Signal(object)
    unit_opened = Signal(str)
    unit_requested = Signal()
    household_opened = Signal(str)
    family_member_requested = Signal()
    progress_requested = Signal(str)
    handover_requested = Signal(str)
    graduation_requested = Signal(str)
    referral_requested = Signal(str)
    referral_opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._profile: Profile | None = None
        self._build()
        self._connect()

    def _build(self) -> None:
        self._edit = secondary_button(_("Ubah data"), "edit")
        self._add_family = primary_button(_("Tambah anggota keluarga"), "add")
        self._assess = secondary_button(_("Mulai asesmen"))
        self._visit = primary_button(_("Mulai kunjungan"), "visit")
        for button in (self._edit, self._assess, self._add_family, self._visit):
            self.action_row.addWidget(button)
        self._header = self._make_header()
        self.body.addWidget(self._header)
        self.tabs = tabs_in(self.body, _("Isi profil"))
        self.timeline = TimelinePanel(
            _("Belum ada catatan"), _("Kunjungan, asesmen, dan perubahan data tampil di sini.")
        )
        self.facts = SectionsPanel()
        self.unit_marks, self.family_marks = MarkDoor(), MarkDoor(lambda row: (row.person_uid,))
        self.units = make_units(self.unit_marks)
        self.members = MembersPanel()
        self.family = make_family(self.family_marks)
        self.unit_marks.watch(self.units.table)
        self.family_marks.watch(self.family.table)
        self.unfinished = make_documents(_("Tidak ada draf"), _("Anggota yang belum selesai dicatat tampil di sini."))
        self.assessments = make_documents(
            _("Belum ada asesmen"), _("Asesmen mencatat kebutuhan dan potensi usaha."), _("Mulai asesmen")
        )
        self.trainings = TimelinePanel(_("Belum ada pelatihan"), _("Pelatihan yang dihadiri tampil di sini."))
        self.visits = make_documents(
            _("Belum ada kunjungan"), _("Kunjungan pendampingan tampil di sini, yang terbaru di atas.")
        )
        self.aid = AidPanel()
        self.graduation = GraduationPanel()
        self.referrals = ReferralPanel()
        self.progress = ProgressPanel()
        self.history = TimelinePanel(_("Belum ada perubahan"), _("Perubahan data dan alasannya tampil di sini."))
        self._add_tabs()

    def _make_header(self) -> QWidget:
        self._facts_line = ElidedLabel("")
        self._nik = make_label("")
        self._nik.setAccessibleName(_("NIK"))
        self._reveal = quiet_button(_("Tampilkan NIK"), "eye")
        self._household = quiet_button(_("Keluarga"))
        self._badges = QHBoxLayout()
        self.conflict = quiet_button("")
        self.double = quiet_button(_("Bandingkan"))
        self.merged = quiet_button("")
        line = QHBoxLayout()
        line.setSpacing(current_theme().px(12))
        line.addLayout(self._badges)
        for button in (self.conflict, self.double, self.merged):
            line.addWidget(button)
        line.addWidget(self._nik)
        line.addWidget(self._reveal)
        line.addStretch(1)
        line.addWidget(self._household)
        column = QVBoxLayout()
        column.setSpacing(current_theme().px(4))
        column.addWidget(self._facts_line)
        column.addLayout(line)
        card = Card()
        card.body.addLayout(column)
        return card

    def _connect(self) -> None:
        self._edit.clicked.connect(self.edit_requested)
        self._assess.clicked.connect(self.assessment_requested)
        self._visit.clicked.connect(self._on_visit)
        self._reveal.clicked.connect(self.reveal_requested)
        self.conflict.clicked.connect(self.conflicts_requested)
        for button in (self.double, self.merged):
            button.clicked.connect(self.double_requested)
        self._household.clicked.connect(self._on_household)
        self.assessments.empty.action_requested.connect(self.assessment_requested)
        self._add_family.clicked.connect(self.family_member_requested)
        self.family.table.item_opened.connect(lambda row: self.members.person_opened.emit(row.person_uid))
        self.family.empty.action_requested.connect(self.family_member_requested)
        for documents in (self.assessments, self.visits, self.unfinished):
            documents.table.item_opened.connect(self.document_opened)
        self.aid.handover_requested.connect(self._on_handover)
        self.referrals.referral_requested.connect(self._on_referral)
        self.referrals.referral_opened.connect(self.referral_opened)
        self.graduation.proposal_requested.connect(self._on_graduation)
        for panel in (self.aid, self.graduation):
            panel.document_opened.connect(self.document_opened)
        self.units.table.item_opened.connect(lambda row: self.unit_opened.emit(row.uid))
        self.units.empty.action_requested.connect(self.unit_requested)
        self.tabs.currentChanged.connect(lambda _at: self._on_progress())
        self.progress.unit_chosen.connect(lambda _uid: self._on_progress())

    def show_marks(self, marks: Marks) -> None:
        """What is marked in the lists; call it before the profile is shown."""
        for door in (self.members.marks, self.unit_marks, self.family_marks):
            door.show_marks(marks)

    def show_profile(self, profile: Profile) -> None:
        """Show a profile; the tab stays when it is the same record again."""
        same = self._profile is not None and self._profile.uid == profile.uid
        self._profile = profile
        self.show_title(profile.title, profile.subtitle)
        self._show_header(profile)
        self.timeline.show_items(profile.timeline)
        self.facts.show_sections(profile.sections)
        self.units.show_items(profile.units)
        self.members.show_members(profile.members)
        self.family.show_items(profile.members)
        self.unfinished.show_items([row for row in profile.documents if row.is_draft])
        self.assessments.show_items(only_of(profile.documents, RecordKind.ASSESSMENT))
        self.visits.show_items(only_of(profile.documents, RecordKind.VISIT))
        self.aid.show_aid(profile.aid, only_of(profile.documents, RecordKind.AID))
        may_refer = profile.kind in (RecordKind.PERSON, RecordKind.BUSINESS_UNIT) or bool(profile.units)
        self.referrals.show_referrals(profile.referrals, may_begin=may_refer)
        self.graduation.show_graduation(profile.graduation, only_of(profile.documents, RecordKind.GRADUATION))
        self.trainings.show_items(profile.trainings)
        self.history.show_items(profile.history)
        self.progress.show_units([(row.uid, row.name or row.idea) for row in profile.units])
        self._show_tabs(profile.kind, keep=same)
        if not same:
            self.hide_notice()

    def show_nik(self, nik: str) -> None:
        """Show the whole NIK; looking at it has been logged."""
        self._nik.setText(_("NIK {nik}").format(nik=group_nik(nik)))
        self._reveal.hide()

    def show_undo(self, words: str, on_undo: Callable[[], None]) -> None:
        """Say what was done; ten seconds to take it back."""
        self.show_notice(words, _("Urungkan"), on_undo, seconds=UNDO_SECONDS)

    def _show_header(self, profile: Profile) -> None:
        while (item := self._badges.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                put_away(old)
        for text, tone in profile.badges:
            self._badges.addWidget(ChipLabel(text, BADGE_TONES.get(tone, Tone.NEUTRAL)))
        if profile.open_conflicts:
            self._badges.addWidget(ChipLabel(_("Bentrok data"), Tone.CONFLICT))
        words = _("Selesaikan {n} isian") if profile.settles_conflicts else _("Lihat {n} isian")
        self.conflict.setText(words.format(n=profile.open_conflicts))
        self.conflict.setVisible(bool(profile.open_conflicts))
        self._show_doubles(profile)
        facts = _header_facts(profile)
        self._facts_line.show_text(facts)
        self._facts_line.setVisible(bool(facts))
        self._header.setVisible(profile.kind != RecordKind.PROGRAM_BATCH)
        is_person = profile.kind == RecordKind.PERSON
        self._nik.setText(_("NIK {nik}").format(nik=profile.masked_nik or "-"))
        self._nik.setVisible(is_person)
        self._reveal.setVisible(is_person and bool(profile.masked_nik))
        self._household.setVisible(bool(profile.household_uid))
        self._edit.setVisible(profile.may_edit)
        self._add_family.setVisible(profile.kind == RecordKind.HOUSEHOLD)
        self._assess.setVisible(profile.kind in (RecordKind.PERSON, RecordKind.KUBE_GROUP))
        has_visits = profile.kind != RecordKind.PROGRAM_BATCH and bool(profile.units)
        self._visit.setVisible(profile.kind == RecordKind.BUSINESS_UNIT or has_visits)

    def _show_doubles(self, profile: Profile) -> None:
        """What the heading says of possible doubles and of merges into this record."""
        if profile.double_uid:
            self._badges.addWidget(ChipLabel(_("Mungkin ganda"), Tone.WATCH))
        self.double.setVisible(bool(profile.double_uid))
        first = profile.merged_titles[0] if profile.merged_titles else ""
        more = len(profile.merged_titles) - 1
        words = _("Digabung dengan {name} + {n} lagi") if more > 0 else _("Digabung dengan {name}")
        self.merged.setText(literal(_shortened(words.format(name=first, n=more))))
        self.merged.setVisible(bool(first))

    def _add_tabs(self) -> None:
        """Every panel once: to put one in again costs the style of all that is in it."""
        for widget, words in (
            (self.timeline, _("Ringkasan")),
            (self.family, _("Anggota keluarga")),
            (self.unfinished, _("Belum selesai")),
            (self.members, _("Anggota")),
            (self.facts, _("Profil")),
            (self.units, _("Unit usaha")),
            (self.assessments, _("Asesmen")),
            (self.aid, _("Bantuan")),
            (self.trainings, _("Pelatihan")),
            (self.visits, _("Kunjungan")),
            (self.progress, _("Grafik")),
            (self.referrals, _("Rujukan")),
            (self.graduation, _("Graduasi")),
            (self.history, _("Riwayat data")),
        ):
            self.tabs.addTab(widget, words)

    def _show_tabs(self, kind: RecordKind, *, keep: bool) -> None:
        chosen = self.tabs.currentWidget() if keep else None
        people = kind in (RecordKind.PERSON, RecordKind.KUBE_GROUP)
        family, batch = kind == RecordKind.HOUSEHOLD, kind == RecordKind.PROGRAM_BATCH
        unit, about_visits = kind == RecordKind.BUSINESS_UNIT, not family and not batch
        wanted: dict[QWidget | None, bool] = {
            self.timeline: about_visits,
            self.family: family,
            self.unfinished: family,
            self.members: kind == RecordKind.KUBE_GROUP,
            self.units: people or batch,
            self.assessments: people,
            self.aid: about_visits,
            self.trainings: people,
            self.visits: people or unit,
            self.progress: people or unit,
            self.referrals: about_visits,
            self.graduation: unit,
        }
        shown = [at for at in range(self.tabs.count()) if wanted.get(self.tabs.widget(at), True)]
        kept = self.tabs.indexOf(chosen) if chosen is not None else -1
        for at in shown:
            self.tabs.setTabVisible(at, True)
        self.tabs.setCurrentIndex(kept if kept in shown else shown[0])
        for at in range(self.tabs.count()):
            self.tabs.setTabVisible(at, at in shown)

    def _on_progress(self) -> None:
        """The charts are reckoned only when somebody looks at them."""
        if self.tabs.currentWidget() is self.progress and (unit := self.progress.chosen_unit()):
            self.progress_requested.emit(unit)

    def _on_visit(self) -> None:
        self._ask_for_unit(self.visit_requested, _("Buka unit usaha yang dikunjungi, lalu tekan Mulai kunjungan."))

    def _on_handover(self) -> None:
        self._ask_for_unit(self.handover_requested, _("Buka unit usaha yang menerima, lalu tekan Catat serah terima."))

    def _on_graduation(self) -> None:
        self._ask_for_unit(self.graduation_requested, _("Buka unit usaha yang diusulkan."))

    def _on_referral(self) -> None:
        if self._profile is not None and self._profile.kind == RecordKind.PERSON:
            self.referral_requested.emit(self._profile.uid)
        else:
            self._ask_for_unit(self.referral_requested, _("Buka unit usaha atau anggota yang dirujuk."))

    def _ask_for_unit(self, signal: SignalInstance, words: str) -> None:
        """Begin something for the unit on view or the only one; of several the officer opens one first."""
        if self._profile is None:
            return
        if self._profile.kind == RecordKind.BUSINESS_UNIT:
            signal.emit(self._profile.uid)
        elif len(self._profile.units) == 1:
            signal.emit(self._profile.units[0].uid)
        else:
            self.tabs.setCurrentWidget(self.units)
            self.show_notice(words, seconds=8)

    def _on_household(self) -> None:
        if self._profile is not None and self._profile.household_uid:
            self.household_opened.emit(self._profile.household_uid)

    def document_of(self, uid: str) -> DocumentRow | None:
        """The row of a document that this profile lists."""
        documents = self._profile.documents if self._profile is not None else ()
        return next((row for row in documents if row.uid == uid), None)


def _shortened(text: str) -> str:
    """Short enough for a button beside others in the heading."""
    return text if len(text) <= LONGEST_BUTTON else text[: LONGEST_BUTTON - 1].rstrip() + "…"


def _header_facts(profile: Profile) -> str:
    """The few answers that one looks for first, in one line."""
    declared = form(profile.kind)
    asked = {question.code: question.label for question in declared.questions()}
    labels = [asked[code] for code in HEADER_CODES.get(profile.kind, ()) if code in asked]
    told = dict(pair for _title, pairs in profile.sections for pair in pairs)
    return " · ".join(told[label] for label in labels if label in told)
