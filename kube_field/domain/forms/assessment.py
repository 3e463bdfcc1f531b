"""Asesmen kebutuhan: the needs assessment of a person or a group, a document (handbook 5.8), in two versions."""

from __future__ import annotations

from dataclasses import replace

from kube_field.domain.forms.assessment_advice import ADVICE, GROUP_PLACE, PLANNED_AID, propose_idea
from kube_field.domain.forms.assessment_business import (
    CAPACITY,
    ENVIRONMENT,
    PLACE,
    RESULT,
    SIGNATURES,
    WISHES,
)
from kube_field.domain.forms.assessment_family import ASSETS, EXPENSES, INCOME, TIME, WHO
from kube_field.domain.forms.assessment_rules import ASSESSMENT_RULES, ASSESSMENT_RULES_2
from kube_field.domain.forms.codes import SECOND_VERSION, VERSION
from kube_field.domain.forms.declaration import Form, Question, Section
from kube_field.domain.records import RecordKind

TITLE = "Asesmen kebutuhan"
FAMILY = (WHO, INCOME, EXPENSES, ASSETS, TIME)
"""Parts that both versions ask alike."""


def _after(section: Section, code: str, *added: Question) -> Section:
    """The section with questions after the one with this code."""
    at = next(at for at, question in enumerate(section.questions, start=1) if question.code == code)
    return replace(section, questions=(*section.questions[:at], *added, *section.questions[at:]))


def _with_proposal(section: Section) -> Section:
    """The section whose chosen business is proposed by the suggestions."""
    proposed = (replace(one, propose=propose_idea) if one.code == "chosen_idea" else one for one in section.questions)
    return replace(section, questions=tuple(proposed))


ASSESSMENT_FORM = Form(
    kind=RecordKind.ASSESSMENT,
    version=VERSION,
    title=TITLE,
    sections=(*FAMILY, CAPACITY, PLACE, ENVIRONMENT, WISHES, RESULT, SIGNATURES),
    rules=ASSESSMENT_RULES,
)
ASSESSMENT_FORM_2 = Form(
    kind=RecordKind.ASSESSMENT,
    version=SECOND_VERSION,
    title=TITLE,
    sections=(
        *FAMILY,
        _after(CAPACITY, "own_capital_idr", PLANNED_AID),
        _after(PLACE, "cold_storage", *GROUP_PLACE),
        ENVIRONMENT,
        WISHES,
        ADVICE,
        _with_proposal(RESULT),
        SIGNATURES,
    ),
    rules=ASSESSMENT_RULES_2,
)
"""With planned aid, the place of a group, and the suggested businesses."""
