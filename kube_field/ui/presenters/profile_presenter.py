"""Profiles: opens one, starts work from it, and keeps a group's members."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from gettext import gettext as _
from typing import Any

from kube_field.domain.records import Record, RecordKind
from kube_field.errors import KubeFieldError
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.form_words import choice_words
from kube_field.ui.pages.profile_page import ProfilePage
from kube_field.ui.presenters.editing_world import surroundings
from kube_field.ui.presenters.page_presenter import PagePresenter
from kube_field.ui.presenters.start_work import WorkStarter, person_words
from kube_field.ui.tasks import Tasks
from kube_field.ui.widgets.choice_panel import Choosable
from kube_field.usecases.aid import begin_aid
from kube_field.usecases.batches import batch_profile
from kube_field.usecases.conflicts import settles_any
from kube_field.usecases.drafts import begin_draft
from kube_field.usecases.duplicates import case_of, done_merges, standing_record
from kube_field.usecases.graduations import begin_graduation
from kube_field.usecases.groups import (
    Newcomer,
    add_member,
    add_members,
    change_role,
    close_membership,
    group_profile,
    member_findings,
    reopen_membership,
    take_back_members,
    take_back_role,
)
from kube_field.usecases.households import begin_family_member, household_profile
from kube_field.usecases.marks import Marks, record_marks
from kube_field.usecases.pasting import Fate, PastedLine, pasted_members
from kube_field.usecases.people import find_people, person_profile, reveal_nik
from kube_field.usecases.progress import unit_progress
from kube_field.usecases.referrals import begin_referral
from kube_field.usecases.session import Session
from kube_field.usecases.units import begin_unit, unit_profile
from kube_field.usecases.views import DocumentRow, PersonFilter, Profile

MOST_PEOPLE = 10
PROFILE_KINDS = (
    RecordKind.PERSON,
    RecordKind.KUBE_GROUP,
    RecordKind.BUSINESS_UNIT,
    RecordKind.HOUSEHOLD,
    RecordKind.PROGRAM_BATCH,
)


class ProfilePresenter(PagePresenter):
    """Presenter of ProfilePage; call `open` with a kind and uid, `refresh` when the page is shown again."""

    def __init__(self, page: ProfilePage, session: Session, tasks: Tasks, navigate: Navigator) -> None:
        super().__init__(page, session, tasks, navigate)
        self.page = page
        self._kind = RecordKind.PERSON
        self._uid = ""
        self._shown: Profile | None = None
        self._start = WorkStarter(page, session, tasks, navigate)
        page.members.equip(surroundings(session, tasks, self.show_failure))
        page.members.show_choices(
            choice_words(RecordKind.MEMBERSHIP, "role"), choice_words(RecordKind.MEMBERSHIP, "leave_reason")
        )
        self._connect()

    def _connect(self) -> None:
        page, members = self.page, self.page.members
        page.reveal_requested.connect(self._reveal)
        page.conflicts_requested.connect(lambda: self.navigate.open_conflicts(self._uid))
        page.double_requested.connect(lambda: self.navigate.open_double(self._uid))
        for door in (page.members.marks, page.unit_marks, page.family_marks):
            self.follow_marks(door)
        page.edit_requested.connect(lambda: self._edit(self._kind, self._uid))
        page.visit_requested.connect(self._start.start_visit)
        page.assessment_requested.connect(lambda: self._start.start_assessment(self._uid))
        page.handover_requested.connect(self._begin_handover)
        page.referral_requested.connect(self._begin_referral)
        page.referral_opened.connect(self.navigate.open_document)
        page.graduation_requested.connect(self._begin_graduation)
        page.document_opened.connect(self._open_document)
        page.unit_opened.connect(lambda uid: self.navigate.open_profile(RecordKind.BUSINESS_UNIT, uid))
        page.unit_requested.connect(self._new_unit)
        page.household_opened.connect(lambda uid: self.navigate.open_profile(RecordKind.HOUSEHOLD, uid))
        page.family_member_requested.connect(self._new_family_member)
        page.progress_requested.connect(self._draw_progress)
        members.person_opened.connect(lambda uid: self.navigate.open_profile(RecordKind.PERSON, uid))
        members.person_text_changed.connect(self._find_people)
        members.add_requested.connect(self._add_member)
        members.close_requested.connect(self._close_membership)
        members.role_requested.connect(self._change_role)
        members.paste_requested.connect(self._read_paste)
        members.pasting.accepted.connect(self._add_pasted)

    def open(self, kind: RecordKind | str, uid: str) -> None:
        """Show the profile of a person, group or business unit or family; any other record opens in its form."""
        wanted = RecordKind(kind)
        if wanted not in PROFILE_KINDS:
            self._edit(wanted, uid)
            return
        self._kind, self._uid = wanted, uid
        self.refresh()

    def refresh(self) -> None:
        """Read the profile again; a record that was merged into another one leads there and says so."""
        if not self._uid:
            return
        uid = self._uid

        def read() -> tuple[Profile, Marks, str]:
            standing = standing_record(self.session, uid)
            return self._read(self._kind, standing.uid), record_marks(self.session), standing.merged_title

        self.ask(read, lambda found: self._show(uid, *found))

    def tell_news(self) -> None:
        """Say in a bar when what came from the server changes the profile on view; never swap it under the reader."""
        if not self._uid:
            return
        uid = self._uid

        def tell(profile: Profile) -> None:
            if uid == self._uid and self._shown is not None and profile != self._shown:
                self.page.show_notice(_("Ada pembaruan dari server."), _("Lihat"), self._show_news)

        self.ask(lambda: self._read(self._kind, standing_record(self.session, uid).uid), tell, lambda _gone: None)

    def _show_news(self) -> None:
        self.page.hide_notice()
        self.refresh()

    def _read(self, kind: RecordKind, uid: str) -> Profile:
        profile = self._profile_of(kind, uid)
        waiting = self.session.store.queue.conflicts(uid, only_open=True)
        return replace(
            profile,
            open_conflicts=len(waiting),
            settles_conflicts=settles_any(self.session, waiting),
            double_uid=case_of(self.session, uid),
            merged_titles=tuple(one.merged.title for one in done_merges(self.session) if one.kept.uid == uid),
        )

    def _profile_of(self, kind: RecordKind, uid: str) -> Profile:
        if kind == RecordKind.PERSON:
            return person_profile(self.session, uid=uid)
        if kind == RecordKind.KUBE_GROUP:
            return group_profile(self.session, uid=uid)
        if kind == RecordKind.HOUSEHOLD:
            return household_profile(self.session, uid=uid)
        if kind == RecordKind.PROGRAM_BATCH:
            return batch_profile(self.session, uid=uid)
        return unit_profile(self.session, uid=uid)

    def _show(self, asked: str, profile: Profile, marks: Marks, merged_title: str) -> None:
        if asked != self._uid:
            return
        self._uid = uid = profile.uid
        self._shown = profile
        self.page.show_marks(marks)
        self.page.show_profile(profile)
        if uid != asked:
            words = _("{old} digabung dengan {new}. Data yang dipertahankan tampil di sini.")
            self.page.show_notice(words.format(old=merged_title, new=profile.title))
        if profile.kind == RecordKind.KUBE_GROUP:
            self.ask(
                lambda: member_findings(self.session, group_uid=uid),
                lambda found: self.page.members.show_findings(found) if uid == self._uid else None,
            )

    def _draw_progress(self, unit: str) -> None:
        progress = self.page.progress
        self.ask(
            lambda: unit_progress(self.session, unit_uid=unit),
            lambda points: progress.show_points(points) if unit == progress.chosen_unit() else None,
        )

    def _reveal(self) -> None:
        uid = self._uid
        self.ask(lambda: reveal_nik(self.session, uid=uid), self.page.show_nik)

    def _edit(self, kind: RecordKind, uid: str) -> None:
        self.ask(
            lambda: begin_draft(self.session, kind=kind, record_uid=uid),
            lambda draft: self.navigate.open_draft(draft.uid),
        )

    def _begin_handover(self, unit_uid: str) -> None:
        self.ask(lambda: begin_aid(self.session, unit_uid=unit_uid), lambda draft: self.navigate.open_draft(draft.uid))

    def _begin_referral(self, subject_uid: str) -> None:
        self.ask(
            lambda: begin_referral(self.session, subject_uid=subject_uid),
            lambda draft: self.navigate.open_draft(draft.uid),
        )

    def _begin_graduation(self, unit_uid: str) -> None:
        self.ask(
            lambda: begin_graduation(self.session, unit_uid=unit_uid),
            lambda draft: self.navigate.open_draft(draft.uid),
        )

    def _new_unit(self) -> None:
        uid = self._uid
        self.ask(lambda: begin_unit(self.session, owner_uid=uid), lambda draft: self.navigate.open_draft(draft.uid))

    def _new_family_member(self) -> None:
        uid = self._uid
        self.ask(
            lambda: begin_family_member(self.session, household_uid=uid),
            lambda draft: self.navigate.open_draft(draft.uid),
        )

    def _open_document(self, row: DocumentRow) -> None:
        if row.is_draft:
            self.navigate.open_draft(row.uid)
        else:
            self.navigate.open_document(row.uid)

    def _find_people(self, text: str) -> None:
        if not text:
            return

        def look() -> list[Choosable]:
            rows = find_people(self.session, wanted=PersonFilter(text=text, limit=MOST_PEOPLE))
            return [Choosable(row.uid, row.name, person_words(row.sex, row.birth_date, row.village)) for row in rows]

        self.ask(look, self.page.members.show_people)

    def _add_member(self, person_uid: str, told: Mapping[str, Any]) -> None:
        group, role = self._uid, str(told.get("role") or "anggota")
        joined = str(told.get("joined_on") or "")
        self.ask(
            lambda: add_member(self.session, group_uid=group, person_uid=person_uid, role=role, joined_on=joined),
            lambda record: self._done(
                _("{name} menjadi anggota.").format(name=_member_name(record)),
                lambda: take_back_members(self.session, uids=(record.uid,)),
            ),
        )

    def _read_paste(self, text: str) -> None:
        """Only into a group that is on view."""
        group = self._uid
        if self._kind == RecordKind.KUBE_GROUP:
            self.page.hide_notice()
            self.ask(
                lambda: pasted_members(self.session, group_uid=group, text=text), self.page.members.pasting.show_lines
            )

    def _add_pasted(self, lines: Sequence[PastedLine]) -> None:
        group = self._uid
        newcomers = [
            Newcomer(line.person_uid, **{str(code): str(value) for code, value in line.told.items()})
            for line in lines
            if line.fate == Fate.TAKE
        ]
        self.ask(
            lambda: add_members(self.session, group_uid=group, newcomers=newcomers),
            lambda made: self._done(
                _("{n} anggota ditambahkan dari tempelan.").format(n=len(made)),
                lambda: take_back_members(self.session, uids=[one.uid for one in made]),
            ),
            self._pasted_refused,
        )

    def _pasted_refused(self, error: KubeFieldError) -> None:
        """Nobody came in: the list stays, to leave out who may not."""
        self.show_failure(error)
        self.page.members.pasting.show()

    def _close_membership(self, uid: str, told: Mapping[str, Any]) -> None:
        self.ask(
            lambda: close_membership(
                self.session,
                uid=uid,
                left_on=str(told.get("left_on") or ""),
                reason=str(told.get("leave_reason") or ""),
                note=str(told.get("note") or ""),
                replaced_by=told.get("replaced_by"),
            ),
            lambda record: self._done(
                _("Keanggotaan {name} diakhiri.").format(name=_member_name(record)),
                lambda: reopen_membership(self.session, uid=record.uid),
            ),
        )

    def _change_role(self, uid: str, told: Mapping[str, Any]) -> None:
        role = str(told.get("role") or "")
        words = choice_words(RecordKind.MEMBERSHIP, "role").get(role, role)
        self.ask(
            lambda: change_role(
                self.session,
                uid=uid,
                role=role,
                changed_on=str(told.get("joined_on") or ""),
                note=str(told.get("note") or ""),
            ),
            lambda rows: self._done(
                _("{name} sekarang {role}.").format(name=_member_name(rows[1]), role=words),
                lambda: take_back_role(self.session, closed_uid=rows[0].uid, opened_uid=rows[1].uid),
            ),
        )

    def _done(self, words: str, take_back: Callable[[], object]) -> None:
        """Show the members as they are now, with a short way back."""
        self.refresh()
        self.page.show_undo(words, lambda: self.ask(take_back, lambda _told: self.refresh()))


def _member_name(record: Record) -> str:
    person = record.answers.get("person_id")
    return str(person["name"]) if isinstance(person, dict) else _("anggota")
