"""Pictures of the programme: handover minutes in the form, on the profile and as a document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtWidgets import QWidget

from kube_field.domain.records import RecordKind
from kube_field.ui.workplace import Workplace
from kube_field.usecases.aid import begin_aid
from kube_field.usecases.drafts import discard_draft, save_draft
from kube_field.usecases.graduations import begin_graduation
from kube_field.usecases.received_aid import standing_minutes
from kube_field.usecases.referrals import begin_referral, change_status
from kube_field.usecases.sample_data import LoadedSample
from kube_field.usecases.session import Session
from tests.support import make_answers
from tests.support.make_records import hand_over, record_visit, refer


def programme_pictures(work: Workplace, session: Session, sample: LoadedSample) -> Iterator[tuple[str, QWidget]]:
    """The way of a unit after its assessment."""
    work.open_page("batches")
    yield "09-paket", work.window
    work.navigate.open_profile(RecordKind.PROGRAM_BATCH, next(iter(sample.batches.values())))
    yield "09-paket-profil", work.window
    yield from _aid(work, session, sample.units["U4"])
    yield from _graduation(work, session, sample.units["U1"])
    yield from _referral(work, session, sample.units["U4"])


def _aid(work: Workplace, session: Session, unit_uid: str) -> Iterator[tuple[str, QWidget]]:
    draft = begin_aid(session, unit_uid=unit_uid)
    first, second = make_answers.complete_aid()["items"]
    rows = [{**first, "qty": "1", "planned_qty": "2"}, second]
    save_draft(session, draft=draft, answers={**draft.answers, "items": rows})
    yield from _sections(work, draft.uid, "09-bantuan")
    work.navigate.open_review(draft.uid)
    yield "09-bantuan-tinjau", work.window
    discard_draft(session, draft_uid=draft.uid)
    standing = standing_minutes(session, unit_uid)
    fact = standing[0].fact if standing else hand_over(session, unit_uid, "2026-10-20", items=rows)
    if not standing:
        record_visit(session, unit_uid, "2026-11-12", photos={"waived": "kamera rusak"})
    work.navigate.open_profile(RecordKind.BUSINESS_UNIT, unit_uid)
    page: Any = work.window.page("profile")
    page.tabs.setCurrentWidget(page.aid)
    yield "09-profil-bantuan", work.window
    work.navigate.open_document(fact.uid)
    yield "09-bantuan-dokumen", work.window


def _graduation(work: Workplace, session: Session, unit_uid: str) -> Iterator[tuple[str, QWidget]]:
    draft = begin_graduation(session, unit_uid=unit_uid)
    answers = {**draft.answers, "kind": "lulus_mandiri", "reason": "Kelompok berjalan sendiri."}
    save_draft(session, draft=draft, answers=answers)
    yield from _sections(work, draft.uid, "09-graduasi")
    work.navigate.open_profile(RecordKind.BUSINESS_UNIT, unit_uid)
    page: Any = work.window.page("profile")
    page.tabs.setCurrentWidget(page.graduation)
    yield "09-profil-graduasi", work.window
    discard_draft(session, draft_uid=draft.uid)


def _referral(work: Workplace, session: Session, unit_uid: str) -> Iterator[tuple[str, QWidget]]:
    draft = begin_referral(session, subject_uid=unit_uid)
    yield from _sections(work, draft.uid, "09-rujukan")
    discard_draft(session, draft_uid=draft.uid)
    fact = refer(session, unit_uid)
    change_status(session, uid=fact.uid, answers={"status": "dikirim", "changed_on": "2026-11-23"})
    work.navigate.open_profile(RecordKind.BUSINESS_UNIT, unit_uid)
    page: Any = work.window.page("profile")
    page.tabs.setCurrentWidget(page.referrals)
    yield "09-profil-rujukan", work.window
    work.navigate.open_document(fact.uid)
    shown: Any = work.window.page("document")
    shown.follow.click()
    yield "09-rujukan-dokumen", work.window
    shown.status.close_panel()


def _sections(work: Workplace, draft_uid: str, name: str) -> Iterator[tuple[str, QWidget]]:
    work.navigate.open_draft(draft_uid)
    view = work.window.page("form").form_view
    for at, section in enumerate(view.form.sections):
        if section.code in view.sections_on_view():
            view.open_section(section.code)
            yield f"{name}-{at + 1}", work.window
