"""One result of a pre-test or post-test of a training, written or asked aloud (handbook 5.10)."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import gettext as _

from kube_field.domain.forms.answered import answered, galat, picked, whole
from kube_field.domain.forms.codes import VERSION
from kube_field.domain.forms.declaration import Context, Finding, Form, Kind, Question, Required, Section, choices
from kube_field.domain.oral_test import ORAL_QUESTIONS, POINTS
from kube_field.domain.records import Answers, RecordKind

PRE, POST = "pre", "post"
WRITTEN, ORAL = "tulis", "lisan"
TOP = 100


def _has_score(answers: Answers, _context: Context) -> bool:
    return whole(answers, "score") is not None


def _oral_points(answers: Answers, _context: Context) -> Iterator[Finding]:
    """What was answered rightly says the score; a score without these answers was taken from a sheet."""
    right = answers.get("right_answers")
    if answers.get("mode") == ORAL and right is not None:
        points = POINTS * len(picked(answers, "right_answers"))
        if whole(answers, "score") != points:
            message = _("Nilai tidak sama dengan jumlah jawaban benar ({n}).").format(n=points)
            yield galat("ORAL_SCORE", "score", message)


TEST_RESULT_FORM = Form(
    kind=RecordKind.TEST_RESULT,
    version=VERSION,
    title="Nilai prates/pascates",
    sections=(
        Section(
            code="1",
            title="Nilai",
            questions=(
                Question(
                    code="event_id",
                    label="Kegiatan",
                    kind=Kind.REFERENCE,
                    required=Required.DRAFT,
                    refers_to=RecordKind.TRAINING_EVENT,
                    fixed=True,
                    header=True,
                ),
                Question(
                    code="person_id",
                    label="Peserta",
                    kind=Kind.PERSON,
                    required=Required.DRAFT,
                    fixed=True,
                    header=True,
                ),
                Question(
                    code="kind",
                    label="Tes",
                    kind=Kind.ONE_OF,
                    required=Required.DRAFT,
                    choices=choices((PRE, "Prates"), (POST, "Pascates")),
                    header=True,
                ),
                Question(
                    code="score",
                    label="Nilai",
                    kind=Kind.INTEGER,
                    at_least=0,
                    at_most=TOP,
                    help="0 sampai 100. Kosong berarti nilai ditarik kembali.",
                ),
                Question(
                    code="mode",
                    label="Cara",
                    kind=Kind.ONE_OF,
                    required=Required.FINAL,
                    applies_if=_has_score,
                    choices=choices((WRITTEN, "Tertulis"), (ORAL, "Lisan")),
                ),
                Question(
                    code="right_answers",
                    label="Jawaban benar",
                    kind=Kind.MANY_OF,
                    applies_if=answered("mode", ORAL),
                    choices=choices(*((one.code, one.question) for one in ORAL_QUESTIONS)),
                ),
            ),
        ),
    ),
    rules=(_oral_points,),
)
"""Its subject is the training; of several results of one person and test the newest stands."""
