"""Every form by kind and version. A draft keeps the version it was begun with; older versions are never taken out."""

from __future__ import annotations

from collections.abc import Mapping

from kube_field.domain.forms.aid import AID_FORM
from kube_field.domain.forms.assessment import ASSESSMENT_FORM, ASSESSMENT_FORM_2
from kube_field.domain.forms.consent import CONSENT_FORM, DESIL_CHECK_FORM, VALUE_HISTORY_FORM
from kube_field.domain.forms.declaration import Form
from kube_field.domain.forms.graduation import GRADUATION_FORM
from kube_field.domain.forms.groups import KUBE_GROUP_FORM, MEMBERSHIP_FORM
from kube_field.domain.forms.household import HOUSEHOLD_FORM
from kube_field.domain.forms.merge_decision import MERGE_DECISION_FORM
from kube_field.domain.forms.person import PERSON_FORM
from kube_field.domain.forms.program import PROGRAM_BATCH_FORM, STAFF_FORM
from kube_field.domain.forms.referral import REFERRAL_FORM, REFERRAL_STATUS_FORM
from kube_field.domain.forms.review import REVIEW_FORM
from kube_field.domain.forms.test_result import TEST_RESULT_FORM
from kube_field.domain.forms.trainings import ATTENDANCE_FORM, TRAINING_EVENT_FORM
from kube_field.domain.forms.units import BUSINESS_UNIT_FORM
from kube_field.domain.forms.visit import VISIT_FORM, VISIT_FORM_2, VISIT_FORM_3
from kube_field.domain.records import RecordKind

FORMS: tuple[Form, ...] = (
    PERSON_FORM,
    HOUSEHOLD_FORM,
    KUBE_GROUP_FORM,
    MEMBERSHIP_FORM,
    BUSINESS_UNIT_FORM,
    PROGRAM_BATCH_FORM,
    STAFF_FORM,
    TRAINING_EVENT_FORM,
    ASSESSMENT_FORM,
    ASSESSMENT_FORM_2,
    VISIT_FORM,
    VISIT_FORM_2,
    VISIT_FORM_3,
    ATTENDANCE_FORM,
    AID_FORM,
    GRADUATION_FORM,
    REFERRAL_FORM,
    REFERRAL_STATUS_FORM,
    CONSENT_FORM,
    DESIL_CHECK_FORM,
    VALUE_HISTORY_FORM,
    MERGE_DECISION_FORM,
    REVIEW_FORM,
    TEST_RESULT_FORM,
)
"""Within a kind from the oldest version to the newest."""

_BY_VERSION: Mapping[tuple[RecordKind, str], Form] = {(form.kind, form.version): form for form in FORMS}
_NEWEST: Mapping[RecordKind, str] = {form.kind: form.version for form in FORMS}


def form(kind: RecordKind, version: str = "") -> Form:
    """The form of a kind; the newest when no version is named.

    Raises: KeyError for a kind without form or a version that this program does not know.
    """
    return _BY_VERSION[kind, version or _NEWEST[kind]]


def every_form() -> tuple[Form, ...]:
    """All forms of all versions that this program knows."""
    return tuple(_BY_VERSION.values())


def newest_version(kind: RecordKind) -> str:
    """The version in which new records of this kind are begun.

    Raises: KeyError.
    """
    return _NEWEST[kind]
