"""Kunjungan pendampingan: the follow-up visit of a business unit, a document (handbook 5.11)."""

from __future__ import annotations

from kube_field.domain.forms.codes import VERSION
from kube_field.domain.forms.declaration import Form
from kube_field.domain.forms.visit_closing import EVIDENCE, PROBLEMS, RESULT, SUPPORT
from kube_field.domain.forms.visit_finance import FINANCE
from kube_field.domain.forms.visit_rules import VISIT_RULES
from kube_field.domain.forms.visit_sections import ADMINISTRATION, CONDITION, HOUSEHOLD, TOOLS, VISIT
from kube_field.domain.records import RecordKind

VISIT_FORM = Form(
    kind=RecordKind.VISIT,
    version=VERSION,
    title="Kunjungan pendampingan",
    sections=(VISIT, CONDITION, FINANCE, ADMINISTRATION, HOUSEHOLD, TOOLS, PROBLEMS, SUPPORT, RESULT, EVIDENCE),
    rules=VISIT_RULES,
)
