"""Small forms and surroundings for tests of editors and of the form on screen."""

from __future__ import annotations

from datetime import date
from typing import Any

from kube_field.domain.forms.declaration import Context, Form, Kind, Question, Required, Section, choices
from kube_field.domain.forms.evaluation import Evaluation, evaluate
from kube_field.domain.records import RecordKind
from kube_field.ui.forms.editor import Surroundings

TODAY = date(2026, 11, 23)


def around_of(**changes: Any) -> Surroundings:
    """Surroundings on 23 November 2026 with ids row-1, row-2, …"""
    counted = iter(range(1, 1000))
    given: dict[str, Any] = {"today": TODAY, "new_id": lambda: f"row-{next(counted)}"}
    return Surroundings(**{**given, **changes})


def question(kind: Kind, **changes: Any) -> Question:
    """A question "Isian" of a kind."""
    return Question(**{"code": "isian", "label": "Isian", "kind": kind, **changes})


SMALL_FORM = Form(
    kind=RecordKind.VISIT,
    version="2026.1",
    title="Formulir kecil",
    sections=(
        Section(
            code="1",
            title="Pertama",
            questions=(
                Question(
                    code="met",
                    label="Nama yang ditemui",
                    kind=Kind.TEXT,
                    required=Required.FINAL,
                    help="Boleh beberapa",
                ),
                Question(
                    code="revenue_idr",
                    label="Omzet",
                    kind=Kind.RUPIAH,
                    required=Required.FINAL,
                    shows_previous=True,
                    may_be_unknown=True,
                    soft_limit=100_000_000,
                ),
                Question(code="runs", label="Berjalan", kind=Kind.YES_NO, required=Required.FINAL),
                Question(
                    code="why",
                    label="Sebab berhenti",
                    kind=Kind.TEXT,
                    applies_if=lambda answers, _context: answers.get("runs") is False,
                ),
                Question(code="stop_note", label="Catatan", kind=Kind.LONG_TEXT),
            ),
        ),
        Section(
            code="2",
            title="Kedua",
            questions=(
                Question(
                    code="photo",
                    label="Foto",
                    kind=Kind.PHOTO,
                    required=Required.FINAL,
                    waivable=True,
                    choices=choices(("alat", "Alat")),
                ),
                Question(
                    code="debts",
                    label="Utang",
                    kind=Kind.ROWS,
                    columns=(
                        Question(code="lender", label="Pemberi", kind=Kind.TEXT, required=Required.FINAL),
                        Question(code="balance_idr", label="Sisa", kind=Kind.RUPIAH, required=Required.FINAL),
                    ),
                ),
                Question(
                    code="double_idr",
                    label="Dua kali omzet",
                    kind=Kind.COMPUTED,
                    unit="Rp",
                    compute=lambda answers, _context: (
                        answers["revenue_idr"] * 2 if isinstance(answers.get("revenue_idr"), int) else None
                    ),
                ),
            ),
        ),
    ),
)


def judge(answers: dict[str, Any]) -> Evaluation:
    """What the small form says about answers."""
    return evaluate(SMALL_FORM, answers, Context(today=TODAY))
