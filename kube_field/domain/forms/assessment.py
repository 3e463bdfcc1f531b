"""Asesmen kebutuhan: the needs assessment of a person or a group, a document (handbook 5.8)."""

from __future__ import annotations

from kube_field.domain.forms.assessment_business import (
    CAPACITY,
    ENVIRONMENT,
    PLACE,
    RESULT,
    SIGNATURES,
    WISHES,
)
from kube_field.domain.forms.assessment_family import ASSETS, EXPENSES, INCOME, TIME, WHO
from kube_field.domain.forms.assessment_rules import ASSESSMENT_RULES
from kube_field.domain.forms.codes import VERSION
from kube_field.domain.forms.declaration import Form
from kube_field.domain.records import RecordKind

ASSESSMENT_FORM = Form(
    kind=RecordKind.ASSESSMENT,
    version=VERSION,
    title="Asesmen kebutuhan",
    sections=(
        WHO,
        INCOME,
        EXPENSES,
        ASSETS,
        TIME,
        CAPACITY,
        PLACE,
        ENVIRONMENT,
        WISHES,
        RESULT,
        SIGNATURES,
    ),
    rules=ASSESSMENT_RULES,
)
