"""Papers from the laptop: byte-stable reprints, marks of drafts and sample data, and every print in the audit trail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pypdfium2
import pytest

from kube_field.domain.records import RecordKind
from kube_field.errors import KubeFieldError
from kube_field.usecases.drafts import save_draft
from kube_field.usecases.papers import attendance_paper, document_paper, draft_paper
from tests.support.laptop import Laptop
from tests.support.make_records import (
    hold_session,
    make_training,
    make_unit,
    record_assessment,
    record_visit,
    register_person,
    visit_answers,
)


def words(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        texts = []
        for page in document:
            text = page.get_textpage()
            texts.append(text.get_text_range())
            text.close()
            page.close()
        return "\n".join(texts)
    finally:
        document.close()


def printed(laptop: Laptop, action: str) -> int:
    query = "SELECT count(*) FROM audit WHERE action = ?"
    return int(laptop.store.db.execute_sql(query, (action,)).fetchone()[0])


def test_a_reprint_is_the_same_to_the_byte_even_after_the_group_was_renamed(laptop: Laptop):
    unit = make_unit(laptop.session, register_person(laptop.session))
    fact = record_visit(laptop.session, unit.uid)
    first = document_paper(laptop.session, uid=fact.uid)
    laptop.clock.at += timedelta(days=40)
    renamed = {**unit.answers, "business_name": "Nama Baru"}
    laptop.store.put_setting("kop_address", "Jalan Baru 1")
    with laptop.store.transaction():
        laptop.store.put_record(replace(unit, answers=renamed))
    assert document_paper(laptop.session, uid=fact.uid) == first
    assert fact.number in words(first)
    assert printed(laptop, "paper.print") == 2


def test_a_draft_prints_with_its_mark_and_sample_data_with_theirs(laptop: Laptop):
    unit = make_unit(laptop.session, register_person(laptop.session))
    draft, answers = visit_answers(laptop.session, unit.uid, "2026-11-20")
    save_draft(laptop.session, draft=draft, answers=answers)
    assert "DRAF" in words(draft_paper(laptop.session, draft_uid=draft.uid))
    demo = replace(laptop.session, is_demo=True)
    assert "CONTOH" in words(draft_paper(demo, draft_uid=draft.uid))


def test_a_half_empty_draft_prints(laptop: Laptop):
    unit = make_unit(laptop.session, register_person(laptop.session))
    draft, _answers = visit_answers(laptop.session, unit.uid, "2026-11-20")
    assert draft_paper(laptop.session, draft_uid=draft.uid).startswith(b"%PDF")


def test_a_row_of_an_attendance_list_has_no_paper_of_its_own(laptop: Laptop):
    event = make_training(laptop.session, [register_person(laptop.session, 1)])
    row = hold_session(laptop.session, event)[0]
    with pytest.raises(KubeFieldError, match="lembar cetak"):
        document_paper(laptop.session, uid=row.uid)


def test_an_assessment_prints_its_form(laptop: Laptop):
    fact = record_assessment(laptop.session, register_person(laptop.session))
    assert fact.number in words(document_paper(laptop.session, uid=fact.uid))


def test_an_attendance_list_prints_blank_before_and_filled_after(laptop: Laptop):
    people = [register_person(laptop.session, n) for n in (1, 2)]
    event = make_training(laptop.session, people)
    blank = words(attendance_paper(laptop.session, event_uid=event.uid, session_no=1, blank=True))
    assert "Kenanga Contoh" in blank
    facts = hold_session(laptop.session, event)
    filled = attendance_paper(laptop.session, event_uid=event.uid, session_no=1, blank=False)
    assert facts[0].number in words(filled)
    assert "DRAF" not in words(filled)
    assert attendance_paper(laptop.session, event_uid=event.uid, session_no=1, blank=False) == filled
    assert laptop.store.drafts.of_subject(event.uid, RecordKind.ATTENDANCE) == []
