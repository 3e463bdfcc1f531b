"""The declarations say which answers are columns; the tables have exactly those."""

from __future__ import annotations

import pytest

from kube_field.domain.forms.catalogue import FORMS
from kube_field.domain.forms.declaration import Form
from kube_field.domain.records import EDITABLE_KINDS, RecordKind
from kube_field.storage.headers import fact_header, header_columns, record_header
from tests.support.make_store import make_fact_record

EDITABLE_FORMS = [form for form in FORMS if form.kind in EDITABLE_KINDS]


@pytest.mark.parametrize("form", EDITABLE_FORMS, ids=lambda form: f"{form.kind}-{form.version}")
def test_every_header_question_is_a_column_and_every_column_a_header_question(form: Form) -> None:
    asked = {question.code for question in form.questions() if question.header}
    assert asked == set(header_columns(form.kind))


def test_every_editable_kind_has_a_form() -> None:
    assert {form.kind for form in EDITABLE_FORMS} == EDITABLE_KINDS


def test_answers_become_column_values_by_their_shape() -> None:
    header = record_header(
        RecordKind.PERSON,
        {
            "full_name": "Sari",
            "household_id": {"uid": "h-1", "name": "Keluarga"},
            "category": ["09", "20"],
            "nik": {"waived": "belum punya KTP"},
            "phone": None,
        },
    )
    assert (header["full_name"], header["household_id"], header["category"]) == ("Sari", "h-1", '["09", "20"]')
    assert (header["nik"], header["phone"], header["status"]) == ("", "", "")
    batch = record_header(RecordKind.PROGRAM_BATCH, {"fiscal_year": "tidak_tahu"})
    assert batch["fiscal_year"] is None
    assert record_header(RecordKind.PERSON, {})["category"] == "[]"


def test_a_visits_kind_is_a_column_of_its_own() -> None:
    visit = fact_header(make_fact_record("v-1", answers={"kind": "telepon", "visit_no": 4}))
    assert (visit["visit_kind"], visit["visit_no"]) == ("telepon", 4)
    consent = fact_header(
        make_fact_record("k-1", RecordKind.CONSENT, answers={"kind": "x", "person_id": {"uid": "p-1"}})
    )
    assert (consent["visit_kind"], consent["person_uid"]) == ("", "p-1")
