"""The first page: whom to visit next, and why (promise 4 of the screen design)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from gettext import gettext as _

from kube_field.domain.dates import short_date, wita_day, wita_text
from kube_field.domain.document_state import ChipState
from kube_field.domain.records import NEVER_REVISED, RecordKind
from kube_field.usecases import views
from kube_field.usecases.business_standing import counted_statuses
from kube_field.usecases.conflicts import ConflictedRecord, open_conflicts
from kube_field.usecases.drafts import drafts
from kube_field.usecases.due import STANDS_ALONE, STOPPED, due_items, month_plan, unit_state
from kube_field.usecases.handovers_due import handover_items
from kube_field.usecases.quarantine import aside_known
from kube_field.usecases.queue import queue
from kube_field.usecases.referrals import waiting_referrals
from kube_field.usecases.reviews import documents_to_review, review_of
from kube_field.usecases.secrecy import seen_by_officer
from kube_field.usecases.session import Session
from kube_field.usecases.settling import SUPERVISORS, waits_days, waits_long

RETURNED_LIMIT = 500
REVIEW_LIMIT = 50
CANDIDATE_LIMIT = 200
ASSESSMENT_LIMIT = 2000
UNIT_STATES = ("overdue", "due", "soon", "on_plan", STOPPED, STANDS_ALONE)


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
    started = _started_visits(session, unfinished)
    waiting = queue(session)
    begun = [_begun(item, started) for item in due]
    taken_up = {item.target_uid for item in begun}
    items = [
        *_returned(session),
        *_conflicts(session),
        *_refused(waiting),
        *_set_aside(session),
        *_kept_aside(waiting),
        *_to_review(session),
        *_silent_referrals(session),
        *begun,
        *handover_items(session, units, unfinished),
        *_candidates(session, unfinished),
        *(item for item in _unfinished(unfinished) if item.target_uid not in taken_up),
    ]
    return views.HomeSummary(
        officer_name=session.officer.name,
        items=tuple(items),
        units=sum(count for state, count in states.items() if state not in (STOPPED, STANDS_ALONE)),
        visits_done=done,
        visits_planned=planned,
        drafts=len(unfinished),
        unsent=pill.unsent,
        sent=pill.sent,
        unit_states=tuple((state, states.get(state, 0)) for state in UNIT_STATES),
        health=counted_statuses(units),
    )


def _started_visits(session: Session, unfinished: Sequence[views.DocumentRow]) -> dict[str, views.DocumentRow]:
    """The unfinished first visit of each unit by the unit's uid; corrections of earlier visits are not among them."""
    first = {draft.uid for draft in session.store.drafts.listed() if draft.revision == 1}
    return {row.subject_uid: row for row in unfinished if row.kind == RecordKind.VISIT and row.uid in first}


def _begun(item: views.WorkItem, started: dict[str, views.DocumentRow]) -> views.WorkItem:
    """A due visit as it stands in the list: one that was begun goes on in its draft."""
    row = started.get(item.target_uid)
    if row is None:
        return item
    detail = f"{item.detail} · {_draft_words(row)}"
    return replace(item, detail=detail, target_uid=row.uid, target_kind=row.kind, action="continue_draft")


def _draft_words(row: views.DocumentRow) -> str:
    return _("Draf – {n} perlu diisi").format(n=row.chip.missing) if row.chip.missing else _("Draf – lengkap")


def _returned(session: Session) -> list[views.WorkItem]:
    wanted = views.DocumentFilter(drafts=False, review="returned", limit=RETURNED_LIMIT)
    return [
        _document_item(row, "returned", _why_returned(session, row.uid))
        for row in session.store.listings.documents(seen_by_officer(session, wanted))
        if row.chip.state == ChipState.RETURNED and not _is_followed(session, row)
    ]


def _is_followed(session: Session, row: views.DocumentRow) -> bool:
    """True for a document that is never revised, once a new one was made in its place."""
    if row.kind not in NEVER_REVISED:
        return False
    return any(fact.supersedes == row.uid for fact in session.store.facts.of_subject(row.subject_uid, row.kind))


def _day(row: views.DocumentRow) -> str:
    return short_date(row.occurred_on) if row.occurred_on else ""


def _why_returned(session: Session, uid: str) -> str:
    words = _("Dikembalikan penyelia – perlu diperbaiki")
    review = review_of(session, uid=uid)
    return f"{words}: {review.reason}" if review is not None and review.reason else words


def _set_aside(session: Session) -> list[views.WorkItem]:
    """What waits on the server for this officer's decision, as far as it said so last."""
    known = aside_known(session)
    if known is None or not known.count:
        return []
    detail = _("Ditahan server sampai Anda memutuskan · dihitung {at}") if known.at else _("Ditahan server")
    return [
        views.WorkItem(
            state="set_aside",
            title=_("{n} data menunggu keputusan Anda").format(n=known.count),
            village="",
            detail=detail.format(at=wita_text(known.at) if known.at else ""),
            target_uid="",
            target_kind=None,
            action="decide_aside",
        )
    ]


def _to_review(session: Session) -> list[views.WorkItem]:
    """Documents of others that wait for this supervisor, oldest first."""
    return [
        replace(_document_item(row, "to_review", _what_waits(row)), action="review")
        for row in documents_to_review(session, REVIEW_LIMIT)
    ]


def _what_waits(row: views.DocumentRow) -> str:
    kind, _dot, _subject = row.title.partition(" · ")
    return " · ".join(part for part in (kind, _day(row), row.author) if part)


def _silent_referrals(session: Session) -> list[views.WorkItem]:
    """Referrals of which nobody wrote anything for 14 days, the longest silent first."""
    return [
        views.WorkItem(
            state="referral",
            title=row.person,
            village="",
            detail=_("Rujukan ke {partner}: {status} sejak {day}").format(
                partner=row.partner, status=row.status_words.lower(), day=short_date(row.changed_on)
            ),
            target_uid=row.uid,
            target_kind=RecordKind.REFERRAL,
            due_on=row.changed_on,
            days=row.days_waiting,
            action="follow_referral",
        )
        for row in waiting_referrals(session)
    ]


def _conflicts(session: Session) -> list[views.WorkItem]:
    """Records that two people changed differently and this officer may settle; first what a supervisor must look after.

    What nobody settled for more than 14 days stands out on the supervisor's first page.
    """
    items = [_conflict_item(session, record) for record in open_conflicts(session) if record.settles]
    return sorted(items, key=lambda item: item.state != "conflict_old")


def _conflict_item(session: Session, record: ConflictedRecord) -> views.WorkItem:
    labels = ", ".join(field.label for field in record.fields)
    days = waits_days(record.since, session.today())
    is_old = session.officer.role in SUPERVISORS and waits_long(record.since, session.today())
    since = _("Belum dipilih sejak {day} · {labels} · {names}").format(
        day=short_date(wita_day(record.since)), labels=labels, names=", ".join(record.names)
    )
    return views.WorkItem(
        state="conflict_old" if is_old else "conflict",
        title=record.title,
        village=record.village,
        detail=since if is_old else labels,
        target_uid=record.uid,
        target_kind=record.kind,
        days=days,
        action="settle",
    )


def _refused(rows: Sequence[views.QueueRow]) -> list[views.WorkItem]:
    """Changes that the server refused, editable records included."""
    return [
        _queue_item(row, "needs_repair", row.reason or _("Ditolak server – perlu diperbaiki"), "repair")
        for row in rows
        if row.state == "rejected"
    ]


def _kept_aside(rows: Sequence[views.QueueRow]) -> list[views.WorkItem]:
    """Changes that the server keeps without having taken them in: somebody looks at them, or it tries again."""
    words = {
        "quarantined": _("Ditahan server sampai penyelia memeriksanya; isinya sudah tersimpan di server"),
        "failed": _("Server belum dapat memprosesnya; isinya sudah tersimpan di server"),
    }
    return [
        _queue_item(
            row, row.state, f"{words[row.state]}: {row.reason}" if row.reason else words[row.state], "show_queue"
        )
        for row in rows
        if row.state in words
    ]


def _queue_item(row: views.QueueRow, state: str, detail: str, action: str) -> views.WorkItem:
    return views.WorkItem(
        state=state,
        title=row.title,
        village="",
        detail=detail,
        target_uid=row.uid,
        target_kind=row.kind,
        action=action,
    )


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
            detail=_draft_words(row),
            target_uid=row.uid,
            target_kind=row.kind,
            due_on=row.occurred_on,
            action="continue_draft",
        )
        for row in unfinished
    ]
