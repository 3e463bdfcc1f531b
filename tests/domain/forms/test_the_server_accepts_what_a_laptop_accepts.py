"""The server judges a record alone: what a laptop that knows more finds good, it may never refuse."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.evaluation import evaluate, finalised_answers
from kube_field.domain.records import RecordKind
from kube_field.reference import load_reference
from tests.support import make_answers as make

REFERENCE = load_reference()
DAYS = st.sampled_from(["", "2026-01-05", "2026-10-21", "2026-11-20", "2026-12-24"])
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "graduated": st.booleans(),
        "handover_on": DAYS,
        "due_on": DAYS,
        "previous": st.fixed_dictionaries(
            {"visited_on": DAYS, "period_to": DAYS},
            optional={"support_needed": st.just([{"id": "f7", "kind": "izin"}])},
        ),
        "consents": st.dictionaries(st.sampled_from(["foto", "lokasi"]), st.booleans()),
        "batch": st.fixed_dictionaries(
            {"aid_form": st.sampled_from(["barang_bahan", "uang_rekening"]), "unit_amount_idr": st.integers(0, 10**8)}
        ),
        "has_aid": st.booleans(),
        "area_codes": st.just(("64.71",)),
        "event": st.just(make.complete_training()),
        "household": st.just(make.complete_household()),
        "village_code": st.just(make.VILLAGE),
    },
)
RECORDS = [
    (RecordKind.VISIT, make.complete_visit("group")),
    (RecordKind.VISIT, make.complete_visit("person")),
    (RecordKind.VISIT, make.visit_to_nobody()),
    (RecordKind.ASSESSMENT, make.complete_assessment()),
    (RecordKind.KUBE_GROUP, make.complete_group()),
    (RecordKind.BUSINESS_UNIT, make.complete_unit()),
    (RecordKind.ATTENDANCE, make.complete_attendance()),
    (RecordKind.AID, make.complete_aid("group")),
    (RecordKind.AID, make.complete_aid("person")),
    (RecordKind.GRADUATION, make.complete_graduation()),
    (RecordKind.REFERRAL, make.complete_referral()),
    (RecordKind.PERSON, make.complete_person()),
    (RecordKind.HOUSEHOLD, make.complete_household()),
]


@pytest.mark.parametrize(("kind", "whole"), RECORDS)
@given(data=st.data())
@settings(max_examples=25)
def test_what_a_laptop_finalises_has_no_error_on_the_server(kind, whole, data):
    left_out = data.draw(st.sets(st.sampled_from(sorted(whole)), max_size=3))
    extra = {"previous_actions": [{"id": "f7", "result": "selesai"}]} if kind == RecordKind.VISIT else {}
    answers = {code: value for code, value in {**whole, **extra}.items() if code not in left_out}
    laptop = make.make_context(reference=REFERENCE, **data.draw(FACTS))
    if evaluate(form(kind), answers, laptop).errors:
        return
    frozen = finalised_answers(form(kind), answers, laptop)
    assert evaluate(form(kind), frozen, make.make_context(reference=REFERENCE)).errors == ()
