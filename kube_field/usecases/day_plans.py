"""Rencana kunjungan hari ini: whom to visit, in the order of villages, and a blank sheet for each visit.

Back at the office the code of a sheet, or its short id, opens the visit that it belongs to.
"""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _
from typing import Any

from kube_field.domain.dates import short_date
from kube_field.domain.day_plan import DayPlan, PlannedStop, VisitSheet
from kube_field.domain.forms.answered import text
from kube_field.domain.forms.catalogue import form, newest_version
from kube_field.domain.forms.declaration import Context, Form, Question
from kube_field.domain.forms.evaluation import live_rows
from kube_field.domain.key_figures import key_figures
from kube_field.domain.money import accounting
from kube_field.domain.phones import show_phone
from kube_field.domain.records import Answers, Draft, Fact, Record, RecordKind
from kube_field.domain.rules.score import Status, status_words
from kube_field.domain.sheet_code import read_sheet_code, sheet_code
from kube_field.errors import Failure, KubeFieldError
from kube_field.reports.day_plan import render_day_plan
from kube_field.reports.footer import short_id
from kube_field.reports.visit_sheet import render_visit_sheet
from kube_field.usecases.audit_trail import audit_line
from kube_field.usecases.drafts import new_draft, previous_answers
from kube_field.usecases.due import due_items
from kube_field.usecases.known import context_of
from kube_field.usecases.papers import DEMO_MARK
from kube_field.usecases.parents import display_name, owner_of, village_of
from kube_field.usecases.people import the_record
from kube_field.usecases.prefill import unit_name
from kube_field.usecases.previous import documents_of
from kube_field.usecases.session import Session
from kube_field.usecases.snapshots import address_snapshot, business_snapshot, letterhead, street_words
from kube_field.usecases.visits import begin_visit

SEEN_ON_THE_DAY = ("visited_on", "period_to", "next_visit_on", "members_active")
"""What the form proposes and the visit has to find out: dots on the sheet."""
MOST_FLAGS = 3
SHORT_ID = 8
CHAIR = "ketua"


def day_plan(session: Session, *, units: Sequence[str]) -> DayPlan:
    """The plan of these units. Raises: KubeFieldError VALIDATION for one that is not on this laptop."""
    reasons = {item.target_uid: item.detail for item in due_items(session.store.listings.units(), session.today())}
    stops = [planned_stop(session, uid, reasons.get(uid, "")) for uid in dict.fromkeys(units)]
    stops.sort(key=lambda stop: (stop.kecamatan, stop.village_code, stop.name))
    kabupaten = session.reference.regions.kabupaten(stops[0].village_code) if stops else None
    return DayPlan(
        day=session.today().isoformat(),
        officer=session.officer.name,
        office=session.officer.office,
        stops=tuple(stops),
        kop=letterhead(session, kabupaten.name if kabupaten is not None else ""),
    )


def plan_paper(session: Session, *, units: Sequence[str], printed: bool = True) -> bytes:
    """The plan of the day as PDF."""
    plan = day_plan(session, units=units)
    if printed:
        session.store.audit(audit_line(session, "plan.print", RecordKind.BUSINESS_UNIT, ""))
    return render_day_plan(plan, watermark=DEMO_MARK if session.is_demo else "", photos=session.photos.read)


def sheet_paper(session: Session, *, unit_uid: str, printed: bool = True) -> bytes:
    """The blank visit sheet of a unit as PDF. Raises: KubeFieldError VALIDATION when it is not on this laptop."""
    sheet = visit_sheet(session, unit_uid)
    if printed:
        session.store.audit(audit_line(session, "sheet.print", RecordKind.BUSINESS_UNIT, unit_uid))
    return render_visit_sheet(sheet, watermark=DEMO_MARK if session.is_demo else "", photos=session.photos.read)


def unit_of_sheet(session: Session, *, text: str) -> str:
    """The unit of a sheet's code or of its short id. Raises: KubeFieldError VALIDATION when none is here."""
    wanted = read_sheet_code(text)
    found = [wanted] if wanted else _by_short_id(session, text)
    units = [uid for uid in found if (unit := session.store.records.get(uid)) and unit.kind == RecordKind.BUSINESS_UNIT]
    if len(units) != 1:
        raise KubeFieldError(
            Failure.VALIDATION,
            _("Unit usaha dari lembar ini tidak ada di laptop ini."),
            _("Sinkronkan dahulu, atau ketik kembali ID lembar: delapan huruf dan angka di bawah kode QR."),
            code="NO_SUCH_SHEET",
        )
    return units[0]


def sheets_in(session: Session, codes: Sequence[str]) -> tuple[PlannedStop, ...]:
    """The units of the sheets among these codes, each once.

    Raises: KubeFieldError VALIDATION for a sheet whose unit is not on this laptop.
    """
    found = dict.fromkeys(unit_of_sheet(session, text=code) for code in codes if read_sheet_code(code))
    return tuple(planned_stop(session, uid) for uid in found)


def begin_visit_of_sheet(session: Session, *, text: str) -> Draft:
    """Open the visit that a sheet is for, or go on with its draft. Raises: KubeFieldError VALIDATION, NOT_ALLOWED."""
    return begin_visit(session, unit_uid=unit_of_sheet(session, text=text))


def is_short_id(text: str) -> bool:
    """True for the eight characters below a sheet's code."""
    return len(text.strip()) == SHORT_ID and all(sign in "0123456789abcdef" for sign in text.strip().lower())


def planned_stop(session: Session, unit_uid: str, reason: str = "") -> PlannedStop:
    """What the plan says of one unit."""
    unit = the_record(session, unit_uid, RecordKind.BUSINESS_UNIT)
    owner, village = owner_of(session, unit), village_of(session, unit.answers)
    address = address_snapshot(session, unit, owner, village)
    contact, business = _contact(session, owner), business_snapshot(session, unit)
    return PlannedStop(
        unit_uid=unit_uid,
        name=display_name(owner.answers) if owner is not None else unit_name(session, unit),
        business=business["business_name"] or business["idea_name"],
        village_code=village,
        village=str(address["village"]),
        kecamatan=str(address["kecamatan"]),
        address=street_words(address),
        contact=display_name(contact.answers) if contact is not None else "",
        phone=show_phone(text(contact.answers, "phone"))
        if contact is not None and contact.answers.get("phone")
        else "",
        reason=reason,
        findings=tuple(_findings(documents_of(session, unit_uid, RecordKind.VISIT))),
        promises=tuple(_promises(session, unit_uid)),
    )


def visit_sheet(session: Session, unit_uid: str) -> VisitSheet:
    """Everything that stands on the blank sheet of a unit."""
    stop = planned_stop(session, unit_uid)
    draft = new_draft(session, kind=RecordKind.VISIT, subject_uid=unit_uid, prefill={"kind": "terjadwal"})
    declared = form(RecordKind.VISIT, newest_version(RecordKind.VISIT))
    known = {code: value for code, value in draft.answers.items() if code not in SEEN_ON_THE_DAY}
    unit = the_record(session, unit_uid, RecordKind.BUSINESS_UNIT)
    owner = owner_of(session, unit)
    members = session.store.listings.members(owner.uid) if owner is not None else []
    kabupaten = session.reference.regions.kabupaten(stop.village_code) if stop.village_code else None
    return VisitSheet(
        stop=stop,
        code=sheet_code(unit_uid),
        short=short_id(unit_uid),
        form=declared,
        known=known,
        previous=previous_answers(session, draft=draft),
        skipped=frozenset(_never_asked(session, declared, draft)),
        members=tuple(row.name for row in members if not row.left_on),
        recipient=stop.contact or stop.name,
        officer=session.officer.name,
        kop=letterhead(session, kabupaten.name if kabupaten is not None else ""),
    )


def _by_short_id(session: Session, text: str) -> list[str]:
    if not is_short_id(text):
        return []
    wanted = text.strip().lower()
    return [unit.uid for unit in session.store.listings.units() if short_id(unit.uid) == wanted]


def _contact(session: Session, owner: Record | None) -> Record | None:
    """Whom to call: the person, or the chair of the group, else a member with a telephone."""
    if owner is None or owner.kind == RecordKind.PERSON:
        return owner
    present = [row for row in session.store.listings.members(owner.uid) if not row.left_on]
    people = [session.store.records.get(row.person_uid) for row in sorted(present, key=lambda row: row.role != CHAIR)]
    known = [person for person in people if person is not None]
    return next((person for person in known if person.answers.get("phone")), known[0] if known else None)


def _findings(visits: Sequence[Fact]) -> list[str]:
    """What the last visit found, in short lines."""
    if not visits:
        return [_("Belum pernah dikunjungi.")]
    last = visits[-1]
    declared = form(RecordKind.VISIT, last.form_version) if _is_known(last) else form(RecordKind.VISIT)
    lines = [_last_line(last, declared)]
    figures = key_figures(last)
    if figures.revenue_idr is not None:
        profit = "–" if figures.profit_idr is None else accounting(figures.profit_idr)
        lines.append(_("Omzet {revenue}, laba {profit}").format(revenue=accounting(figures.revenue_idr), profit=profit))
    column = declared.question("constraints").columns[0]
    found = [column.choice_label(row.get("code")) for _at, row in live_rows(last.answers.get("constraints"))]
    if found:
        lines.append(_("Kendala: {names}").format(names=", ".join(_(name) for name in found)))
    return [*lines, *_flags(last)]


def _is_known(visit: Fact) -> bool:
    try:
        form(RecordKind.VISIT, visit.form_version)
    except KeyError:
        return False
    return True


def _last_line(last: Fact, declared: Form) -> str:
    score = last.snapshot.get("score")
    status = score.get("final_status") if isinstance(score, dict) else None
    if status in set(Status):
        words = status_words(Status(status))
    else:
        words = _(declared.question("business_status").choice_label(last.answers.get("business_status") or "–"))
    return _("{day}: {status}").format(day=short_date(last.occurred_on), status=words)


def _flags(last: Fact) -> list[str]:
    score = last.snapshot.get("score")
    flags = score.get("flags") if isinstance(score, dict) else None
    return [str(flag.get("sentence")) for flag in (flags or ())[:MOST_FLAGS] if flag.get("sentence")]


def _promises(session: Session, unit_uid: str) -> list[str]:
    """What is promised and not done yet, by the last visit."""
    draft = new_draft(session, kind=RecordKind.VISIT, subject_uid=unit_uid)
    who = next(column for column in form(RecordKind.VISIT).question("previous_actions").columns if column.code == "who")
    told = []
    for _at, row in live_rows(draft.answers.get("previous_actions")):
        besides = [_(who.choice_label(row["who"])) if row.get("who") else "", _day(row.get("by_date"))]
        words = ", ".join(part for part in besides if part)
        told.append(f"{row.get('action') or '–'} ({words})" if words else str(row.get("action") or "–"))
    return told


def _day(value: Any) -> str:
    try:
        return short_date(str(value)) if value else ""
    except ValueError:
        return str(value)


def _never_asked(session: Session, declared: Form, draft: Draft) -> set[str]:
    """What this unit is not asked whatever is found: questions of the other kind of owner, tools without tools."""
    context = context_of(session, draft)
    opened = declared.opened_from()
    skipped = {
        question.code for section in declared.sections if section.code in opened for question in section.questions
    }
    other = {"group": "person", "person": "group"}.get(str(draft.answers.get("owner_kind")), "")
    for question in declared.questions():
        if question.applies_if is None:
            continue
        ours, theirs = draft.answers, {**draft.answers, "owner_kind": other}
        of_the_other = _applies(question, theirs, context) and not _applies(question, ours, context)
        brought_empty = question.code in ("asset_checks", "previous_actions") and not draft.answers.get(question.code)
        if of_the_other or brought_empty:
            skipped.add(question.code)
    return skipped


def _applies(question: Question, answers: Answers, context: Context) -> bool:
    return question.applies_if is None or question.applies_if(answers, context)
