"""Kunjungan pendampingan: the follow-up visit of a business unit, a document (handbook 5.11), in three versions."""

from __future__ import annotations

from kube_field.domain.forms.cash_book import CASH_BOOK, FINANCE_3
from kube_field.domain.forms.codes import SECOND_VERSION, THIRD_VERSION, VERSION
from kube_field.domain.forms.declaration import Form
from kube_field.domain.forms.visit_closing import EVIDENCE, PROBLEMS, RESULT, SUPPORT
from kube_field.domain.forms.visit_finance import FINANCE
from kube_field.domain.forms.visit_result import RESULT_2
from kube_field.domain.forms.visit_rules import VISIT_RULES, VISIT_RULES_2, VISIT_RULES_3
from kube_field.domain.forms.visit_sections import ADMINISTRATION, CONDITION, HOUSEHOLD, TOOLS, VISIT
from kube_field.domain.forms.visit_stage import STAGE
from kube_field.domain.records import RecordKind

TITLE = "Kunjungan pendampingan"
SHARED = (VISIT, CONDITION, FINANCE, ADMINISTRATION, HOUSEHOLD, TOOLS, PROBLEMS, SUPPORT)
"""Parts that the first two versions ask alike."""

VISIT_FORM = Form(
    kind=RecordKind.VISIT,
    version=VERSION,
    title=TITLE,
    sections=(*SHARED, RESULT, EVIDENCE),
    rules=VISIT_RULES,
)
VISIT_FORM_2 = Form(
    kind=RecordKind.VISIT,
    version=SECOND_VERSION,
    title=TITLE,
    sections=(*SHARED, STAGE, RESULT_2, EVIDENCE),
    rules=VISIT_RULES_2,
)
"""With the officer's own word on the result, the stage of a KUBE, and what changed since the last visit."""
VISIT_FORM_3 = Form(
    kind=RecordKind.VISIT,
    version=THIRD_VERSION,
    title=TITLE,
    sections=(
        *(FINANCE_3 if section is FINANCE else section for section in SHARED),
        STAGE,
        RESULT_2,
        EVIDENCE,
        CASH_BOOK,
    ),
    rules=VISIT_RULES_3,
)
"""With the cash book of the weeks, which proposes the figures of the finance part."""
