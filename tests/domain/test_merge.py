"""The laws of the merge by field (sync design, section 4, and its test T1)."""

from hypothesis import given
from hypothesis import strategies as st

from kube_field.domain.merge import DELETED, FieldConflict, difference, merge

FIELDS = st.sampled_from(["name", "phone", "rt", "status"])
VALUES = st.one_of(st.none(), st.text(max_size=3), st.integers(0, 3), st.lists(st.integers(0, 2), max_size=2))
RECORDS = st.dictionaries(FIELDS, VALUES, max_size=4)


def edits_of(base):
    """Edits of a record: any field to any value, the old one as its author saw it."""
    return st.dictionaries(FIELDS, VALUES, max_size=4).map(
        lambda wanted: {f: (base.get(f), v) for f, v in wanted.items() if v != base.get(f)}
    )


BASE_AND_EDIT = RECORDS.flatmap(lambda base: st.tuples(st.just(base), edits_of(base)))
BASE_AND_TWO = RECORDS.flatmap(lambda base: st.tuples(st.just(base), edits_of(base), edits_of(base)))


def without_blanks(record):
    return {field: value for field, value in record.items() if value is not None}


def typed(edit):
    return {field: new for field, (_old, new) in edit.items()}


def test_different_fields_are_both_kept():
    base = {"phone": "1", "rt": 2}
    theirs = merge(base, {"phone": ("1", "7")}, base).values
    merged = merge(base, {"rt": (2, 3)}, theirs)
    assert (merged.values, merged.applied, merged.conflicts) == ({"phone": "7", "rt": 3}, ("rt",), ())


def test_the_same_value_twice_is_no_conflict():
    merged = merge({"phone": "1"}, {"phone": ("1", "7")}, {"phone": "7"})
    assert (merged.values, merged.already, merged.conflicts) == ({"phone": "7"}, ("phone",), ())


def test_the_same_field_twice_keeps_the_first_and_shows_both():
    merged = merge({"phone": "1"}, {"phone": ("1", "8")}, {"phone": "7"})
    assert merged.values == {"phone": "7"}
    assert merged.conflicts == (FieldConflict("phone", "1", "7", "8"),)


def test_a_cleared_answer_is_a_value_like_any_other():
    assert merge({"phone": "1"}, {"phone": ("1", None)}, {"phone": "1"}).values == {}
    assert merge({"phone": "1"}, {"phone": ("1", None)}, {"phone": "7"}).conflicts == (
        FieldConflict("phone", "1", "7", None),
    )


def test_no_answer_and_zero_are_not_the_same():
    assert merge({}, {"rt": (None, 0)}, {}).values == {"rt": 0}
    assert merge({}, {"rt": (None, 0)}, {"rt": 5}).conflicts[0].other == 0


def test_deleting_what_somebody_edited_keeps_the_record():
    base = {"phone": "1"}
    merged = merge(base, {DELETED: (None, True)}, {"phone": "7"})
    assert merged.values == {"phone": "7"}
    assert merged.conflicts == (FieldConflict(DELETED, None, None, True),)


def test_editing_what_somebody_deleted_brings_the_record_back():
    base = {"phone": "1"}
    merged = merge(base, {"phone": ("1", "7")}, {"phone": "1", DELETED: True})
    assert merged.values == {"phone": "7"}
    assert merged.conflicts == (FieldConflict(DELETED, None, None, True),)


def test_editing_what_was_known_to_be_deleted_leaves_it_deleted():
    base = {"phone": "1", DELETED: True}
    merged = merge(base, {"phone": ("1", "7")}, base)
    assert merged.values == {"phone": "7", DELETED: True}
    assert merged.conflicts == ()


def test_deleting_what_nobody_touched_deletes():
    base = {"phone": "1"}
    assert merge(base, {DELETED: (None, True)}, base).values == {"phone": "1", DELETED: True}


def test_an_edit_that_came_before_the_deletion_does_not_bring_the_record_back_when_it_is_sent_again():
    merged = merge({"phone": "1"}, {"phone": ("1", "7")}, {"phone": "7", DELETED: True})
    assert merged.values == {"phone": "7", DELETED: True}
    assert merged.already == ("phone",)


@given(BASE_AND_EDIT)
def test_an_edit_of_an_untouched_record_goes_in_whole(drawn):
    base, edit = drawn
    merged = merge(base, edit, base)
    assert merged.conflicts == ()
    assert merged.values == without_blanks({**base, **typed(edit)})


@given(BASE_AND_TWO)
def test_applying_twice_is_applying_once(drawn):
    base, first, second = drawn
    theirs = merge(base, first, base).values
    once = merge(base, second, theirs)
    twice = merge(base, second, once.values)
    assert twice.values == once.values
    assert twice.applied == ()


@given(BASE_AND_EDIT)
def test_equal_edits_never_conflict(drawn):
    base, edit = drawn
    merged = merge(base, edit, merge(base, edit, base).values)
    assert merged.conflicts == ()
    assert set(merged.already) == set(edit)


@given(BASE_AND_TWO, st.booleans())
def test_edits_of_different_fields_commute_and_never_conflict(drawn, deletes):
    base, first, second = drawn
    second = {field: pair for field, pair in second.items() if field not in first}
    one = merge(base, second, merge(base, first, base).values)
    other = merge(base, first, merge(base, second, base).values)
    assert one.values == other.values
    assert one.conflicts == other.conflicts == ()
    if deletes and first:
        deletion = {DELETED: (None, True)}
        before = merge(base, first, merge(base, deletion, base).values)
        after = merge(base, deletion, merge(base, first, base).values)
        assert before.values == after.values == merge(base, first, base).values
        assert before.conflicts == after.conflicts


@given(RECORDS, BASE_AND_EDIT)
def test_no_value_is_ever_dropped(theirs, drawn):
    base, edit = drawn
    merged = merge(base, edit, theirs)
    places = [*merged.applied, *merged.already, *(conflict.field for conflict in merged.conflicts)]
    assert sorted(places) == sorted(edit)
    for field, (_seen, new) in edit.items():
        in_record = merged.values.get(field) == new
        beside = any(c.field == field and c.other == new for c in merged.conflicts)
        assert in_record or beside
    for field, value in without_blanks(theirs).items():
        assert merged.values.get(field) == value or field in merged.applied


@given(RECORDS, RECORDS)
def test_the_difference_of_two_records_leads_from_one_to_the_other(before, after):
    assert merge(before, difference(before, after), before).values == without_blanks(after)
