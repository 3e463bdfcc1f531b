"""The first page: whom to visit next, and why (promise 4 of the screen design)."""

from __future__ import annotations

from collections import Counter
from gettext import gettext as _

from kube_field.domain.document_state import ChipState
from kube_field.domain.records import RecordKind
from kube_field.usecases import views
from kube_field.usecases.drafts import drafts
from kube_field.usecases.due import STOPPED, due_items, month_plan, unit_state
from kube_field.usecases.session import Session

RETURNED_LIMIT = 500
CANDIDATE_LIMIT = 200
ASSESSMENT_LIMIT = 2000
UNIT_STATES = ("overdue", "due", "soon", "on_plan", "stopped")


def home(session: Session) -> views.HomeSummary:
    """What is to be done today and how the work stands; a handful of queries, whatever the number of visits."""
    today = session.today()
    units = session.store.listings.units()
    unfinished = drafts(session)
    due = due_items(units, today)
    by_unit = {item.target_uid: item for item in due}
    states = Counter(unit_state(unit, by_unit) for unit in units)
    done, planned = month_plan(units, today)
    pill = session.store.queue.pill()
    items = [
        *_returned(session),
        *_refused(session),
        *due,
        *_candidates(session, unfinished),
        *_unfinished(unfinished),
    ]
    return views.HomeSummary(
        officer_name=session.officer.name,
        items=tuple(items),
        units=sum(count for state, count in states.items() if state != STOPPED),
        visits_done=done,
        visits_planned=planned,
        drafts=len(unfinished),
        unsent=pill.unsent,
        sent=pill.sent,
        unit_states=tuple((state, states.get(state, 0)) for state in UNIT_STATES),
    )


def _returned(session: Session) -> list[views.WorkItem]:
    wanted = views.DocumentFilter(drafts=False, review="returned", limit=RETURNED_LIMIT)
    return [
        _document_item(row, "returned", _("Dikembalikan penyelia – perlu diperbaiki"))
        for row in session.store.listings.documents(wanted)
        if row.chip.state == ChipState.RETURNED
    ]


def _refused(session: Session) -> list[views.WorkItem]:
    """Changes that the server refused, editable records included."""
    return [
        views.WorkItem(
            state="needs_repair",
            title=row.title,
            village="",
            detail=row.reason or _("Ditolak server – perlu diperbaiki"),
            target_uid=row.uid,
            target_kind=row.kind,
            action="repair",
        )
        for row in session.store.queue.rows()
        if row.state in ("rejected", "quarantined", "failed")
    ]


def _document_item(row: views.DocumentRow, state: str, detail: str) -> views.WorkItem:
    return views.WorkItem(
        state=state,
        title=row.subject or row.title,
        village=row.village,
        detail=detail,
        target_uid=row.uid,
        target_kind=row.kind,
        due_on=row.occurred_on,
        action="repair",
    )


def _candidates(session: Session, unfinished: list[views.DocumentRow]) -> list[views.WorkItem]:
    """People registered as candidates for whom nobody has begun an assessment."""
    people = session.store.listings.people(views.PersonFilter(status="calon", limit=CANDIDATE_LIMIT))
    if not people:
        return []
    wanted = views.DocumentFilter(kind=RecordKind.ASSESSMENT, drafts=False, limit=ASSESSMENT_LIMIT)
    begun = [*unfinished, *session.store.listings.documents(wanted)]
    assessed = {row.subject_uid for row in begun if row.kind == RecordKind.ASSESSMENT}
    return [
        views.WorkItem(
            state="candidate",
            title=person.name,
            village=person.village,
            detail=_("Asesmen awal belum dibuat"),
            target_uid=person.uid,
            target_kind=RecordKind.PERSON,
            action="start_assessment",
        )
        for person in people
        if person.uid not in assessed
    ]


def _unfinished(unfinished: list[views.DocumentRow]) -> list[views.WorkItem]:
    return [
        views.WorkItem(
            state="draft",
            title=row.title,
            village=row.village,
            detail=_("Draf – {n} perlu diisi").format(n=row.chip.missing) if row.chip.missing else _("Draf – lengkap"),
            target_uid=row.uid,
            target_kind=row.kind,
            due_on=row.occurred_on,
            action="continue_draft",
        )
        for row in unfinished
    ]
