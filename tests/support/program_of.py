"""A laptop program of another age: its forms, kinds and version, through the places where ours looks them up."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from kube_field.domain.forms import catalogue
from kube_field.domain.forms.declaration import Form, Kind, Question
from kube_field.domain.records import RecordKind
from kube_field.storage import projection, sync_leaving

ROOMS = ("kube_field.storage", "kube_field.usecases", "kube_field.sync", "kube_field.reports")
"""What runs on a laptop; the server, which runs in the same process here, keeps the forms of today."""
Declared = Callable[[RecordKind, str], Form]


@contextmanager
def program_of(
    *,
    knows_not: frozenset[RecordKind] = frozenset(),
    asks: Callable[[Form], Form] = lambda declared: declared,
    version: str = "",
) -> Iterator[None]:
    """What a laptop does in here is done by a program without these kinds, and with forms as `asks` makes them."""

    def declared(kind: RecordKind, form_version: str = "") -> Form:
        if kind in knows_not:
            raise KeyError(kind)
        return asks(catalogue.form(kind, form_version))

    ours = catalogue.form
    with pytest.MonkeyPatch.context() as patched:
        for name, module in list(sys.modules.items()):
            if name.startswith(ROOMS) and getattr(module, "form", None) is ours:
                patched.setattr(module, "form", declared)
        for room in (projection, sync_leaving):
            for known in ("RECORD_KINDS", "EDITABLE"):
                patched.setattr(room, known, getattr(room, known) - knows_not)
        if version:
            patched.setattr("kube_field.usecases.sync.__version__", version)
        yield


def without(*codes: str) -> Callable[[Form], Form]:
    """Forms that do not ask these questions yet."""

    def asks(declared: Form) -> Form:
        sections = [
            replace(section, questions=tuple(one for one in section.questions if one.code not in codes))
            for section in declared.sections
        ]
        return replace(declared, sections=tuple(sections))

    return asks


def with_one_more(kind: RecordKind, code: str) -> Callable[[Form], Form]:
    """Forms of which one asks for a further text at its end."""

    def asks(declared: Form) -> Form:
        if declared.kind != kind:
            return declared
        *before, last = declared.sections
        more = replace(last, questions=(*last.questions, Question(code=code, label="Pertanyaan baru", kind=Kind.TEXT)))
        return replace(declared, sections=(*before, more))

    return asks
