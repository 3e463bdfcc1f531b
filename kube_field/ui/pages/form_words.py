"""Labels of choices as the form declarations give them, for lists and filters."""

from __future__ import annotations

from kube_field.domain.forms.catalogue import form
from kube_field.domain.records import RecordKind


def choice_words(kind: RecordKind, code: str) -> dict[str, str]:
    """Labels by code of one question's choices in the newest form, in the form's order. Raises: KeyError."""
    return {choice.code: choice.label for choice in form(kind).question(code).choices}
