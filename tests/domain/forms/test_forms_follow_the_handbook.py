"""Every field of the handbook is declared as it says, and nothing else; the forms are well formed."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from kube_field.domain.forms.catalogue import FORMS, form, newest_version
from kube_field.domain.forms.codes import IDEAS, MATERIALS, PPKS_CATEGORIES, SECTORS, SKILLS
from kube_field.domain.forms.consent import CONSENT_ITEMS, PRIVACY_NOTICE, blank_consents
from kube_field.domain.forms.declaration import Form, Kind, Question, Required
from kube_field.domain.records import EDITABLE_KINDS, RecordKind
from kube_field.reference import load_reference

HANDBOOK = Path(__file__).with_name("handbook_fields.csv")
FIELDS = ("form", "code", "label", "kind", "required")


def handbook_rows() -> list[dict[str, str]]:
    with HANDBOOK.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def need(question: Question) -> str:
    if question.required == Required.NO and question.required_if is None:
        return "o"
    if question.required_if is not None or question.applies_if is not None:
        return "r"
    return "R*" if question.required == Required.DRAFT else "R"


def declared_rows() -> Iterator[tuple[str, ...]]:
    for declared in FORMS:
        for question in declared.questions():
            yield (declared.kind, question.code, question.label, question.kind, need(question))
            for column in question.columns:
                code = f"{question.code}.{column.code}"
                yield (declared.kind, code, column.label, column.kind, need(column))


def every_question(declared: Form) -> Iterator[Question]:
    for question in declared.questions():
        yield question
        yield from question.columns


def test_nothing_of_the_handbook_is_missing():
    wanted = {tuple(row[name] for name in FIELDS) for row in handbook_rows()}
    assert wanted - set(declared_rows()) == set()


def test_nothing_is_asked_that_the_list_does_not_name():
    wanted = {tuple(row[name] for name in FIELDS) for row in handbook_rows()}
    assert set(declared_rows()) - wanted == set()


def test_every_line_of_the_list_names_its_source():
    assert [row for row in handbook_rows() if not row["source"]] == []


def test_no_two_forms_share_kind_and_version():
    assert Counter((one.kind, one.version) for one in FORMS).most_common(1)[0][1] == 1


def test_every_editable_kind_has_a_form():
    assert {one.kind for one in FORMS} >= EDITABLE_KINDS


@pytest.mark.parametrize("declared", FORMS, ids=lambda one: one.kind)
def test_codes_are_unique_and_labels_are_there(declared):
    for group in [list(declared.questions()), *(list(question.columns) for question in declared.questions())]:
        assert [code for code, count in Counter(question.code for question in group).items() if count > 1] == []
    assert all(question.label.strip() for question in every_question(declared))
    assert all(section.title.strip() for section in declared.sections)
    assert len({section.code for section in declared.sections}) == len(declared.sections)


@pytest.mark.parametrize("declared", FORMS, ids=lambda one: one.kind)
def test_choices_are_unique_and_have_labels(declared):
    for question in every_question(declared):
        codes = [choice.code for choice in question.choices]
        assert len(set(codes)) == len(codes)
        assert all(choice.label.strip() for choice in question.choices)
        if question.kind in (Kind.ONE_OF, Kind.LEVEL):
            assert codes


@pytest.mark.parametrize("declared", FORMS, ids=lambda one: one.kind)
def test_each_kind_has_what_it_needs(declared):
    for question in every_question(declared):
        assert (question.compute is not None) == (question.kind == Kind.COMPUTED)
        assert bool(question.columns) == (question.kind == Kind.ROWS)
        if question.kind in (Kind.NIK, Kind.KK):
            assert question.checks, "the kind alone judges only the shape of these numbers"


@pytest.mark.parametrize("declared", FORMS, ids=lambda one: one.kind)
def test_unknown_is_never_allowed_where_it_could_not_be_true(declared):
    honest = (Kind.NAME, Kind.NIK, Kind.KK, Kind.DATE, Kind.PHOTO, Kind.SIGNATURE, Kind.REFERENCE, Kind.PERSON)
    assert [q.code for q in every_question(declared) if q.may_be_unknown and q.kind in honest] == []


def test_the_newest_form_is_found_without_a_version():
    assert form(RecordKind.VISIT) is form(RecordKind.VISIT, newest_version(RecordKind.VISIT))


def test_an_unknown_version_is_a_key_error():
    with pytest.raises(KeyError):
        form(RecordKind.VISIT, "1999.1")


def test_idea_codes_and_sectors_are_those_of_the_catalogue():
    ideas = load_reference().ideas
    assert [(choice.code, choice.label) for choice in IDEAS] == [(idea.code, idea.name_id) for idea in ideas]
    assert {idea.sector for idea in ideas} == {choice.code for choice in SECTORS}
    assert {idea.raw for idea in ideas} <= {choice.code for choice in MATERIALS}
    assert {skill for idea in ideas for skill in idea.skills} <= {choice.code for choice in SKILLS}


def test_only_the_ppks_categories_that_the_programme_needs_are_offered():
    assert [choice.code for choice in PPKS_CATEGORIES] == ["09", "20", "21", "22", "23", "24", "25", "26"]


def test_the_five_consents_start_with_no():
    ids = iter("abcde")
    rows = blank_consents("2026-11-23", lambda: next(ids))
    assert [row["item"] for row in rows] == [item.code for item in CONSENT_ITEMS]
    assert {row["given"] for row in rows} == {False}


def test_the_privacy_notice_is_read_where_consent_is_asked():
    assert form(RecordKind.PERSON).section_of("consents").help == PRIVACY_NOTICE
    assert form(RecordKind.ASSESSMENT).section_of("signature_respondent").help == PRIVACY_NOTICE


def choice_rows() -> list[dict[str, str]]:
    with HANDBOOK.with_name("handbook_choices.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("row", choice_rows(), ids=lambda row: f"{row['form']}.{row['question']}")
def test_choices_are_the_handbooks_codes(row):
    table, _dot, column = row["question"].partition(".")
    question = form(RecordKind(row["form"])).question(table)
    if column:
        question = next(one for one in question.columns if one.code == column)
    active = {choice.code for choice in question.choices if choice.active}
    assert active == {*row["codes"].split(), *row["added"].split()}
