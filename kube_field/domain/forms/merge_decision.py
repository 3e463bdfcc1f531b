"""What a supervisor decides about two records that may be one person or family (sync design 4)."""

from __future__ import annotations

from kube_field.domain.forms.codes import VERSION
from kube_field.domain.forms.declaration import Form, Kind, Question, Required, Section, choices
from kube_field.domain.records import RecordKind

MERGE, DIFFERENT, UNDO = "merge", "different", "undo"
LONGEST_UID = 80

MERGE_DECISION_FORM = Form(
    kind=RecordKind.MERGE_DECISION,
    version=VERSION,
    title="Keputusan data ganda",
    sections=(
        Section(
            code="1",
            title="Keputusan data ganda",
            questions=(
                Question(
                    code="duplicate",
                    label="Temuan",
                    kind=Kind.TEXT,
                    required=Required.FINAL,
                    max_length=LONGEST_UID,
                    fixed=True,
                ),
                Question(
                    code="decision",
                    label="Keputusan",
                    kind=Kind.ONE_OF,
                    required=Required.FINAL,
                    choices=choices(
                        (MERGE, "Digabung"), (DIFFERENT, "Bukan orang atau keluarga yang sama"), (UNDO, "Dipisah lagi")
                    ),
                    header=True,
                ),
                Question(
                    code="kept",
                    label="Data yang dipertahankan",
                    kind=Kind.TEXT,
                    required=Required.FINAL,
                    max_length=LONGEST_UID,
                    fixed=True,
                ),
                Question(
                    code="merged",
                    label="Data yang digabungkan",
                    kind=Kind.TEXT,
                    required=Required.FINAL,
                    max_length=LONGEST_UID,
                    fixed=True,
                ),
                Question(code="reason", label="Alasan", kind=Kind.LONG_TEXT),
            ),
        ),
    ),
)
"""`duplicate` is the uid of the server's word; `kept` and `merged` are its two records, in its order for different."""
