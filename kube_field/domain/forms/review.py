"""What a supervisor says about one revision of a document: accepted, returned with notes, void (handbook 8.1)."""

from __future__ import annotations

from collections.abc import Iterable
from gettext import gettext as _

from kube_field.domain.forms.codes import VERSION
from kube_field.domain.forms.declaration import (
    Context,
    Finding,
    Form,
    Kind,
    Question,
    Required,
    Section,
    Severity,
    choices,
)
from kube_field.domain.forms.evaluation import MIN_REASON_LENGTH
from kube_field.domain.records import Answers, RecordKind

ACCEPTED, RETURNED, VOID = "accepted", "returned", "void"
LONGEST_CODE, LONGEST_NOTE = 60, 500


def _says_why(answers: Answers, _context: Context) -> Iterable[Finding]:
    """Who gets a document back has to know what to mend."""
    if answers.get("decision") == RETURNED and not answers.get("notes") and not answers.get("reason"):
        message = _("Tulis catatan pada isian yang harus diperbaiki, atau alasan pengembaliannya.")
        yield Finding("REQUIRED", Severity.GALAT, "reason", message)


REVIEW_FORM = Form(
    kind=RecordKind.REVIEW,
    version=VERSION,
    title="Pemeriksaan",
    sections=(
        Section(
            code="1",
            title="Pemeriksaan",
            questions=(
                Question(
                    code="decision",
                    label="Keputusan",
                    kind=Kind.ONE_OF,
                    required=Required.FINAL,
                    choices=choices((ACCEPTED, "Disetujui"), (RETURNED, "Dikembalikan"), (VOID, "Dibatalkan")),
                    header=True,
                ),
                Question(
                    code="reason",
                    label="Alasan",
                    kind=Kind.LONG_TEXT,
                    required_if=lambda answers, _context: answers.get("decision") == VOID,
                    at_least=MIN_REASON_LENGTH,
                ),
                Question(
                    code="notes",
                    label="Catatan",
                    kind=Kind.ROWS,
                    columns=(
                        Question(
                            code="question",
                            label="Isian",
                            kind=Kind.TEXT,
                            required=Required.FINAL,
                            max_length=LONGEST_CODE,
                            fixed=True,
                        ),
                        Question(
                            code="note",
                            label="Catatan",
                            kind=Kind.LONG_TEXT,
                            required=Required.FINAL,
                            max_length=LONGEST_NOTE,
                        ),
                    ),
                ),
            ),
        ),
    ),
    rules=(_says_why,),
)
"""Its subject is the revision; `question` in a note is the code of a question of that revision's form."""
