"""Whatever JSON lies in the store, a sheet shows it: a cell of a known type, never an exception."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kube_field.domain.forms.catalogue import FORMS
from kube_field.domain.forms.declaration import Context, Form
from kube_field.exchange.cells import Known
from kube_field.exchange.columns import Told
from kube_field.exchange.csv_folder import csv_text
from kube_field.exchange.tables import tables_of
from kube_field.usecases.export_rows import people_named
from tests.domain.forms.test_any_json_is_judged import FEW, JSON, REFERENCE, WORDS


def told(form: Form, answers: dict[str, Any], context: Context | None) -> Told:
    return Told(uid="u", kind=form.kind, form_version=form.version, answers=answers, context=context)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.kind}-{form.version}")
@FEW
@given(data=st.data())
def test_every_answer_becomes_a_cell(form: Form, data: st.DataObject):
    codes = [question.code for question in form.questions()]
    columns = [column.code for question in form.questions() for column in question.columns] or ["name"]
    rows = st.lists(st.dictionaries(st.sampled_from(columns), WORDS | st.integers(), max_size=4), max_size=3)
    answers = data.draw(st.dictionaries(st.sampled_from(codes), JSON | rows, max_size=6))
    facts = data.draw(st.dictionaries(st.sampled_from(["household", "village_code"]), JSON))
    context = Context(date(2026, 11, 23), reference=REFERENCE, facts=facts)
    known = Known(REFERENCE, data.draw(st.booleans()))
    one = told(form, answers, context)
    list(people_named(one))
    for table in tables_of(form.kind):
        for cells in table.rows(one, known):
            assert len(cells) == len(table.columns)
            for cell in cells:
                assert cell is None or isinstance(cell, str | int | Decimal | date)
                assert not isinstance(cell, bool)
                csv_text(cell)
