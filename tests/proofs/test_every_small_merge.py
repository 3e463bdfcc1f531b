"""Every merge of two fields with three values, against a second way of saying what must happen (sync design, T2)."""

from itertools import product

from kube_field.domain.merge import merge

VALUES = (None, "a", "b")
FIELDS = ("x", "y")
RECORDS = [
    {field: value for field, value in zip(FIELDS, values, strict=True) if value is not None}
    for values in product(VALUES, repeat=2)
]
"""All nine records of two fields."""


def expected(seen: object, typed: object, theirs: object) -> tuple[object, str]:
    """What stands in a field after an edit, and how it came to that; said without the program."""
    table = {
        (True, True): "already",
        (True, False): "already",
        (False, True): "applied",
        (False, False): "conflicts",
    }
    how = table[theirs == typed, theirs == seen]
    return (typed if how == "applied" else theirs), how


def test_every_edit_of_every_record_beside_every_other_edit():
    """9 records as I saw them, 9 as I left them, 9 as they stand at the server: 729 merges."""
    outcomes = set()
    for base, mine, theirs in product(RECORDS, repeat=3):
        edit = {field: (base.get(field), mine.get(field)) for field in FIELDS if base.get(field) != mine.get(field)}
        merged = merge(base, edit, theirs)
        told = {
            "applied": set(merged.applied),
            "already": set(merged.already),
            "conflicts": {conflict.field for conflict in merged.conflicts},
        }
        for field in FIELDS:
            if field not in edit:
                assert merged.values.get(field) == theirs.get(field), (base, mine, theirs)
                assert not any(field in fields for fields in told.values())
                continue
            value, how = expected(*edit[field], theirs.get(field))
            outcomes.add(how)
            assert merged.values.get(field) == value, (base, mine, theirs)
            assert [name for name, fields in told.items() if field in fields] == [how], (base, mine, theirs)
        for conflict in merged.conflicts:
            both = (conflict.kept, conflict.other)
            assert both == (theirs.get(conflict.field), mine.get(conflict.field)), "no value is dropped"
    assert outcomes == {"applied", "already", "conflicts"}
