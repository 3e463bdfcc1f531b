"""The builders that every test uses give answers that the forms accept whole."""

from __future__ import annotations

import pytest

from kube_field.domain.forms.catalogue import FORMS, form
from kube_field.domain.forms.declaration import Severity
from kube_field.domain.forms.evaluation import evaluate
from kube_field.domain.records import RecordKind
from kube_field.reference import load_reference
from tests.support import make_answers as make

COMPLETE = [
    (RecordKind.PERSON, make.complete_person()),
    (RecordKind.HOUSEHOLD, make.complete_household()),
    (RecordKind.KUBE_GROUP, make.complete_group()),
    (RecordKind.MEMBERSHIP, make.complete_membership()),
    (RecordKind.BUSINESS_UNIT, make.complete_unit("group")),
    (RecordKind.BUSINESS_UNIT, make.complete_unit("person")),
    (RecordKind.PROGRAM_BATCH, make.complete_batch()),
    (RecordKind.STAFF, make.complete_staff()),
    (RecordKind.TRAINING_EVENT, make.complete_training()),
    (RecordKind.ATTENDANCE, make.complete_attendance()),
    (RecordKind.ATTENDANCE, make.complete_attendance(walk_in=True)),
    (RecordKind.VISIT, make.complete_visit("group")),
    (RecordKind.VISIT, make.complete_visit("person")),
    (RecordKind.VISIT, make.visit_to_nobody()),
    (RecordKind.ASSESSMENT, make.complete_assessment("person")),
    (RecordKind.ASSESSMENT, make.complete_assessment("group")),
    (RecordKind.AID, make.complete_aid("group")),
    (RecordKind.AID, make.complete_aid("person")),
    (RecordKind.GRADUATION, make.complete_graduation()),
    (RecordKind.REFERRAL, make.complete_referral()),
    (RecordKind.REFERRAL_STATUS, make.complete_referral_status()),
    (RecordKind.TEST_RESULT, make.complete_test_result()),
    (RecordKind.CONSENT, make.complete_consent()),
    (RecordKind.DESIL_CHECK, make.complete_desil_check()),
    (RecordKind.VALUE_HISTORY, make.complete_value_history()),
    (RecordKind.MERGE_DECISION, make.complete_merge_decision()),
    (RecordKind.REVIEW, make.complete_review()),
]


@pytest.mark.parametrize(("kind", "answers"), COMPLETE)
def test_complete_answers_raise_neither_error_nor_warning(kind, answers):
    judged = evaluate(form(kind), answers, make.make_context(reference=load_reference()))
    assert [finding for finding in judged.findings if finding.severity > Severity.KETERANGAN] == []
    assert judged.percent == 100


@pytest.mark.parametrize(("kind", "answers"), COMPLETE)
def test_complete_answers_name_only_questions_of_the_form(kind, answers):
    assert set(answers) <= {question.code for question in form(kind).questions()}


def test_every_form_has_complete_answers():
    assert {kind for kind, _answers in COMPLETE} == {declared.kind for declared in FORMS}
