"""An edit by somebody who saw an older version is merged with what he saw, as far as that matters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kube_field.domain.merge import DELETED, FieldConflict, Merged
from kube_field.domain.records import RecordKind
from kube_field.server.merging import merge_change
from tests.support.wire_changes import make_edit

Edits = Sequence[Mapping[str, Sequence[Any]]]
STANDING = {"phone": "1", "address": "Jalan Mawar"}


def merged(sets: Mapping[str, tuple[Any, Any]], since: Edits, standing: Mapping[str, Any] = STANDING) -> Merged:
    """What becomes of an edit of version 1 after these edits, newest first."""
    asked: list[str] = []

    def history() -> Edits:
        asked.append("history")
        return since

    found = merge_change(standing, make_edit(RecordKind.PERSON, "p-1", sets, base=1), 1 + len(since), history)
    assert bool(asked) == (DELETED in sets or DELETED in standing), "looked up only where it decides"
    return found


def test_a_deletion_loses_against_an_answer_that_was_given_since():
    found = merged({DELETED: (None, True)}, [{"address": (None, "Jalan Mawar")}])
    assert found.values == STANDING
    assert found.conflicts == (FieldConflict(DELETED, None, None, True),)


def test_a_deletion_goes_through_when_what_was_changed_since_was_changed_back():
    found = merged({DELETED: (None, True)}, [{"phone": ("7", "1")}, {"phone": ("1", "7")}])
    assert found.values == {**STANDING, DELETED: True}
    assert found.conflicts == ()


def test_an_answer_that_was_given_and_taken_back_since_is_no_edit():
    found = merged({DELETED: (None, True)}, [{"dusun": ("Hulu", None)}, {"dusun": (None, "Hulu")}])
    assert found.values == {**STANDING, DELETED: True}


def test_an_edit_brings_back_what_was_deleted_since():
    found = merged({"phone": ("1", "7")}, [{DELETED: (None, True)}], {**STANDING, DELETED: True})
    assert found.values == {**STANDING, "phone": "7"}
    assert found.conflicts == (FieldConflict(DELETED, None, None, True),)


def test_an_edit_of_what_was_deleted_already_leaves_it_deleted():
    since = [{"address": (None, "Jalan Mawar")}]
    found = merged({"phone": ("1", "7")}, since, {**STANDING, DELETED: True})
    assert found.values == {**STANDING, "phone": "7", DELETED: True}
    assert found.conflicts == ()


def test_an_edit_of_the_version_that_stands_needs_no_history():
    standing = {**STANDING, DELETED: True}
    change = make_edit(RecordKind.PERSON, "p-1", {"phone": ("1", "7")}, base=3)
    assert merge_change(standing, change, 3, lambda: []).values == {**standing, "phone": "7"}


def test_an_edit_where_nothing_is_deleted_needs_none_either():
    found = merged({"phone": ("1", "7")}, [{"address": (None, "Jalan Mawar")}])
    assert found.values == {**STANDING, "phone": "7"}
