"""Which editor serves which kind of question."""

from __future__ import annotations

from kube_field.domain.forms.declaration import Kind, Question
from kube_field.ui.forms.choice_editors import ManyOfEditor, OneOfEditor, YesNoEditor
from kube_field.ui.forms.date_editor import DateEditor
from kube_field.ui.forms.editor import Editor, Surroundings
from kube_field.ui.forms.line_editors import (
    DecimalEditor,
    IntegerEditor,
    MoneyEditor,
    NameEditor,
    NikEditor,
    PhoneEditor,
    TextEditor,
    TimeEditor,
)
from kube_field.ui.forms.location_editor import LocationEditor
from kube_field.ui.forms.long_text_editor import LongTextEditor
from kube_field.ui.forms.photo_editor import PhotoEditor
from kube_field.ui.forms.picker_editors import RecordEditor, RegionEditor, SearchChoiceEditor
from kube_field.ui.forms.shown_editors import AdviceEditor, ComputedEditor, DoorEditor, FixedEditor
from kube_field.ui.forms.signature_editor import SignatureEditor
from kube_field.ui.forms.week_grid import WeekGrid

MOST_RADIOS = 7
EDITORS: dict[Kind, type[Editor]] = {
    Kind.TEXT: TextEditor,
    Kind.LONG_TEXT: LongTextEditor,
    Kind.INTEGER: IntegerEditor,
    Kind.DECIMAL: DecimalEditor,
    Kind.RUPIAH: MoneyEditor,
    Kind.DATE: DateEditor,
    Kind.TIME: TimeEditor,
    Kind.YES_NO: YesNoEditor,
    Kind.ONE_OF: OneOfEditor,
    Kind.MANY_OF: ManyOfEditor,
    Kind.NIK: NikEditor,
    Kind.KK: NikEditor,
    Kind.PHONE: PhoneEditor,
    Kind.NAME: NameEditor,
    Kind.REGION: RegionEditor,
    Kind.PERSON: RecordEditor,
    Kind.REFERENCE: RecordEditor,
    Kind.COMPUTED: ComputedEditor,
    Kind.PHOTO: PhotoEditor,
    Kind.SIGNATURE: SignatureEditor,
    Kind.LOCATION: LocationEditor,
    Kind.LEVEL: OneOfEditor,
}


def make_editor(question: Question, around: Surroundings, *, compact: bool = False) -> Editor:
    """The editor of a question; `compact` is the form inside a row of a table, where choices drop down."""
    if question.kind == Kind.COMPUTED and question.wide:
        return AdviceEditor(question, around)
    if question.opens:
        return DoorEditor(question, around)
    if question.fixed:
        return FixedEditor(question, around)
    if question.grid:
        return WeekGrid(question, around)
    if question.kind == Kind.ROWS:
        from kube_field.ui.forms.rows_editor import RowsEditor

        return RowsEditor(question, around)
    if question.kind in (Kind.ONE_OF, Kind.LEVEL) and (compact or len(question.choices) > MOST_RADIOS):
        return SearchChoiceEditor(question, around)
    return EDITORS[question.kind](question, around)
