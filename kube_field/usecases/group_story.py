"""What happened to a group through its members: trainings, people coming and going, offices changing hands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from gettext import gettext as _

from kube_field.domain.forms.catalogue import form
from kube_field.domain.records import Fact, Record, RecordKind
from kube_field.usecases import views
from kube_field.usecases.parents import display_name, reference_name, reference_uid
from kube_field.usecases.people import past_values
from kube_field.usecases.session import Session

PRESENT = "hadir"
MOST_NAMES = 6


def with_endings(session: Session, members: Iterable[views.MemberRow]) -> tuple[views.MemberRow, ...]:
    """Members with what only an ended membership has: who came instead, and the note."""
    told = []
    for row in members:
        record = session.store.records.get(row.uid) if row.left_on else None
        if record is not None:
            note, instead = str(record.answers.get("note") or ""), reference_name(record.answers.get("replaced_by"))
            row = replace(row, note=note, replaced_by=instead)
        told.append(row)
    return tuple(told)


def trainings_of_members(session: Session, members: Sequence[views.MemberRow]) -> list[views.TimelineItem]:
    """Trainings that members were listed in while they belonged to the group, newest first."""
    periods: dict[str, list[views.MemberRow]] = {}
    for row in members:
        periods.setdefault(row.person_uid, []).append(row)
    events = {
        document.subject_uid
        for person in periods
        for document in session.store.listings.documents(
            views.DocumentFilter(kind=RecordKind.ATTENDANCE, subject_uid=person, drafts=False)
        )
    }
    told = [_training(session, event, periods) for event in events]
    return sorted((item for item in told if item is not None), key=lambda item: item.at, reverse=True)


def _training(session: Session, event_uid: str, periods: dict[str, list[views.MemberRow]]) -> views.TimelineItem | None:
    listed = [
        fact
        for fact in session.store.facts.of_subject(event_uid, RecordKind.ATTENDANCE)
        if any(_belonged(row, fact.occurred_on) for row in periods.get(_person(fact), ()))
    ]
    if not listed:
        return None
    event = session.store.records.get(event_uid)
    present = {_person(fact): periods[_person(fact)][0].name for fact in listed if fact.answers["status"] == PRESENT}
    return views.TimelineItem(
        at=max(fact.occurred_on for fact in listed),
        what=display_name(event.answers) if event is not None else reference_name(listed[0].answers.get("event_id")),
        detail=_present_words(sorted(present.values()), len({_person(fact) for fact in listed})),
        record_uid=event_uid,
        kind=RecordKind.TRAINING_EVENT,
    )


def _person(fact: Fact) -> str:
    return reference_uid(fact.answers.get("person_id"))


def _belonged(row: views.MemberRow, day: str) -> bool:
    return row.joined_on <= day and (not row.left_on or day <= row.left_on)


def _present_words(names: list[str], listed: int) -> str:
    words = _("{n} dari {all} anggota hadir").format(n=len(names), all=listed)
    if not names:
        return words
    more = _(" dan {n} lagi").format(n=len(names) - MOST_NAMES) if len(names) > MOST_NAMES else ""
    return f"{words}: {', '.join(names[:MOST_NAMES])}{more}"


def comings_and_goings(members: Iterable[views.MemberRow]) -> list[views.TimelineItem]:
    """Who came, who left and why; a change of role is told once, with the new role."""
    roles, causes = form(RecordKind.MEMBERSHIP).question("role"), form(RecordKind.MEMBERSHIP).question("leave_reason")
    rows = tuple(members)
    changed = {(row.person_uid, row.left_on) for row in rows if row.leave_reason == "ganti_jabatan"}
    told: list[views.TimelineItem] = []
    for row in rows:
        role = _(roles.choice_label(row.role)) if row.role else ""
        became = (row.person_uid, row.joined_on) in changed
        what = _("Ganti jabatan") if became else _("Anggota masuk")
        detail = _("{name} menjadi {role}") if became else "{name} · {role}" if role else "{name}"
        told.append(_about(row, row.joined_on, what, detail.format(name=row.name, role=role)))
        if row.left_on and row.leave_reason != "ganti_jabatan":
            instead = _("diganti {name}").format(name=row.replaced_by) if row.replaced_by else ""
            cause = _(causes.choice_label(row.leave_reason)) if row.leave_reason else ""
            parts = (row.name, cause, instead, row.note)
            words = " · ".join(part for part in parts if part)
            told.append(_about(row, row.left_on, _("Anggota keluar"), words))
    return told


def _about(row: views.MemberRow, day: str, what: str, detail: str) -> views.TimelineItem:
    return views.TimelineItem(day, what, detail, row.person_uid, RecordKind.PERSON)


def history_of_group(
    session: Session, group: Record, members: Sequence[views.MemberRow]
) -> tuple[views.TimelineItem, ...]:
    """Past values of the group, and its members' comings and goings, newest first."""
    told = [*past_values(session, group), *comings_and_goings(members)]
    return tuple(sorted(told, key=lambda item: item.at, reverse=True))
