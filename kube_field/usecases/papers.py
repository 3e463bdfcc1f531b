"""Papers as PDF: final documents exactly as they were frozen, drafts marked DRAF; every print is written down.

`printed` is False for a look on the screen, which is no print.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from gettext import gettext as _

from kube_field.domain.forms.catalogue import newest_version
from kube_field.domain.records import Fact, RecordKind
from kube_field.errors import Failure, KubeFieldError
from kube_field.reports.aid_minutes import render_aid_minutes
from kube_field.reports.assessment_form import render_assessment_form
from kube_field.reports.attendance_list import render_attendance_list
from kube_field.reports.cash_book import has_cash_book, render_cash_book
from kube_field.reports.certificate import Attended, render_certificate
from kube_field.reports.referral_letter import render_referral_letter
from kube_field.reports.visit_report import render_visit_report
from kube_field.usecases.assessment_snapshot import identity_snapshot
from kube_field.usecases.attendance_rows import cell_of_frozen, participants_of
from kube_field.usecases.audit_trail import audit_line
from kube_field.usecases.finalise import preview_fact, the_document
from kube_field.usecases.parents import reference_uid, village_of
from kube_field.usecases.people import the_record
from kube_field.usecases.session import Session
from kube_field.usecases.snapshots import assessment_snapshot, common_snapshot
from kube_field.usecases.trainings import attendance_sheet, event_snapshot, final_rows, session_of, sheet_draft

DRAFT_MARK = "DRAF"
PRESENT = "hadir"
VOID_MARK = "DIBATALKAN"
DEMO_MARK = "CONTOH"
RENDERERS: Mapping[RecordKind, Callable[..., bytes]] = {
    RecordKind.VISIT: render_visit_report,
    RecordKind.AID: render_aid_minutes,
    RecordKind.REFERRAL: render_referral_letter,
    RecordKind.ASSESSMENT: render_assessment_form,
}
__all__ = [
    "PAPER_KINDS",
    "attendance_paper",
    "blank_assessment_paper",
    "cash_book_paper",
    "certificate_paper",
    "certificate_rows",
    "document_paper",
    "draft_paper",
    "has_cash_book",
]
PAPER_KINDS = frozenset(RENDERERS)
"""Documents of which one revision is one paper."""


def document_paper(session: Session, *, uid: str, printed: bool = True) -> bytes:
    """The paper of a final document; the same bytes at every reprint.

    Raises: KubeFieldError VALIDATION when there is no such document here or its kind has no paper.
    """
    fact = the_document(session, uid)
    _require_paper(fact.kind)
    void = session.store.listings.standing(fact.uid).review == "void"
    if printed:
        session.store.audit(audit_line(session, "paper.print", fact.kind, uid))
    return _rendered(session, fact, _watermark(session, VOID_MARK if void else ""))


def cash_book_paper(session: Session, *, uid: str, printed: bool = True) -> bytes:
    """The cash book of a final visit; the same bytes at every reprint.

    Raises: KubeFieldError VALIDATION when there is no such document here or it has no book.
    """
    fact = the_document(session, uid)
    void = session.store.listings.standing(fact.uid).review == "void"
    mark = _watermark(session, VOID_MARK if void else "")
    pdf = render_cash_book(fact, reference=session.reference, photos=session.photos.read, watermark=mark)
    if printed:
        session.store.audit(audit_line(session, "paper.print", fact.kind, uid))
    return pdf


def draft_paper(session: Session, *, draft_uid: str, printed: bool = True) -> bytes:
    """The paper as finalising would freeze it now, marked DRAF.

    Raises: KubeFieldError VALIDATION when there is no such draft or its kind has no paper.
    """
    fact = preview_fact(session, draft_uid=draft_uid)
    _require_paper(fact.kind)
    if printed:
        session.store.audit(audit_line(session, "paper.print_draft", fact.kind, fact.uid))
    return _rendered(session, fact, _watermark(session, DRAFT_MARK))


def blank_assessment_paper(session: Session, *, subject_uid: str = "", printed: bool = True) -> bytes:
    """The assessment form for filling in by hand; with a person or group its identity stands on it already.

    Raises: KubeFieldError VALIDATION when the subject is not on this laptop.
    """
    subject = session.store.records.get(subject_uid) if subject_uid else None
    if subject_uid and subject is None:
        raise KubeFieldError(
            Failure.VALIDATION, _("Warga atau kelompok ini tidak ada di laptop."), _("Pilih dari daftar.")
        )
    known = {"subject_id": {"uid": subject_uid}} if subject is not None else {}
    snapshot = {
        **assessment_snapshot(session, answers=known),
        **identity_snapshot(session, subject, {"assessed_on": session.today().isoformat()}),
    }
    if printed:
        session.store.audit(audit_line(session, "paper.print", RecordKind.ASSESSMENT, subject_uid))
    empty = Fact(
        uid="",
        kind=RecordKind.ASSESSMENT,
        form_version=newest_version(RecordKind.ASSESSMENT),
        scope="",
        subject_uid=subject_uid,
        occurred_on="",
        answers={},
        author_uid=session.officer.uid,
        author_name="",
        finalised_at="",
        snapshot=snapshot,
    )
    return render_assessment_form(
        empty,
        reference=session.reference,
        photos=session.photos.read,
        watermark=_watermark(session, ""),
        blank=True,
    )


def attendance_paper(session: Session, *, event_uid: str, session_no: int, blank: bool, printed: bool = True) -> bytes:
    """The attendance list of one session: blank for signing by hand, filled from the final rows, or from the draft.

    Raises: KubeFieldError VALIDATION when the training or the session is not here.
    """
    event = the_record(session, event_uid, RecordKind.TRAINING_EVENT)
    held = session_of(event, session_no)
    if printed:
        session.store.audit(audit_line(session, "paper.print", RecordKind.ATTENDANCE, event_uid))
    final = sorted(final_rows(session, event_uid, session_no), key=lambda fact: fact.finalised_at)
    if final and not blank and sheet_draft(session, event_uid, session_no) is None:
        return _final_list(session, final)
    village = village_of(session, event.answers)
    place = session.reference.regions.village(village) if village else None
    cells = (
        tuple(participants_of(session, event))
        if blank
        else attendance_sheet(session, event_uid=event_uid, session_no=session_no).cells
    )
    return render_attendance_list(
        event_snapshot(event),
        held,
        cells,
        snapshot={
            **common_snapshot(session, village, str(held.get("date") or "")),
            "village": place.name if place is not None else "",
        },
        blank=blank,
        watermark=_watermark(session, "" if blank else DRAFT_MARK),
        photos=session.photos.read,
    )


def certificate_rows(session: Session, *, event_uid: str) -> dict[str, list[Fact]]:
    """Who gets a certificate of a training, by registered person: their rows of presence, the newest of each session.

    That is who was present in at least four of five sessions that have a final list.
    """
    newest: dict[tuple[str, object], Fact] = {}
    rows = session.store.facts.of_subject(event_uid, RecordKind.ATTENDANCE)
    for fact in sorted(rows, key=lambda one: (one.revision, one.finalised_at)):
        newest[reference_uid(fact.answers.get("person_id")), fact.answers.get("session_no")] = fact
    sessions = {number for _person, number in newest}
    present: dict[str, list[Fact]] = {}
    for (person, _number), fact in newest.items():
        if person and fact.answers.get("status") == PRESENT:
            present.setdefault(person, []).append(fact)
    return {person: rows for person, rows in present.items() if len(rows) * 5 >= len(sessions) * 4}


def certificate_paper(session: Session, *, event_uid: str, person_uid: str, printed: bool = True) -> bytes:
    """The certificate of one participant.

    Raises: KubeFieldError VALIDATION when he was not present often enough.
    """
    rows = certificate_rows(session, event_uid=event_uid).get(person_uid)
    if not rows:
        raise KubeFieldError(
            Failure.VALIDATION,
            _("Peserta ini belum memenuhi kehadiran untuk sertifikat."),
            _("Sertifikat diberikan bila hadir sedikitnya empat dari lima sesi yang sudah difinalkan."),
        )
    if printed:
        session.store.audit(audit_line(session, "paper.print", RecordKind.ATTENDANCE, event_uid))
    return render_certificate(Attended(rows), watermark=_watermark(session, ""), photos=session.photos.read)


def _final_list(session: Session, final: list[Fact]) -> bytes:
    """The list as it was frozen: event and session by the newest fact, each participant by their own."""
    newest = final[-1]
    frozen = newest.snapshot
    cells = sorted((cell_of_frozen(fact) for fact in final), key=lambda cell: (not cell.person_uid, cell.name))
    return render_attendance_list(
        frozen["event"],
        frozen["session"],
        cells,
        snapshot={
            **frozen,
            "village": frozen.get("place"),
            "number": newest.number,
            "uid": newest.uid,
            "revision": newest.revision,
            "sha256": newest.sha256,
            "finalised_at": newest.finalised_at,
            "author_name": newest.author_name,
        },
        blank=False,
        watermark=_watermark(session, ""),
        photos=session.photos.read,
    )


def _rendered(session: Session, fact: Fact, watermark: str) -> bytes:
    return RENDERERS[fact.kind](fact, reference=session.reference, photos=session.photos.read, watermark=watermark)


def _watermark(session: Session, mark: str) -> str:
    """Marks one below the other: the paper's own, and CONTOH for sample data."""
    return "\n".join(part for part in (mark, DEMO_MARK if session.is_demo else "") if part)


def _require_paper(kind: RecordKind) -> None:
    if kind not in PAPER_KINDS:
        raise KubeFieldError(
            Failure.VALIDATION,
            _("Dokumen jenis ini belum memiliki lembar cetak."),
            _("Datanya tersimpan dan tetap dapat dibuka di layar."),
        )
