"""A change that cannot be decided to its end leaves nothing behind in its batch: no record, no photo."""

from __future__ import annotations

from pathlib import Path

from kube_field.server.batch import Batch, Cause
from kube_field.server.policy import Console
from kube_field.server.storage.record_rows import Stored
from kube_field.server.storage.records import RecordStore
from tests.support.server import AT, open_test_database

HOME = Stored("home-1", "household", "64.02.12", 1, {}, {})
PHOTO, OTHER = "a" * 64, "b" * 64


def test_the_photos_of_a_change_that_is_taken_back_are_not_named(tmp_path: Path):
    database = open_test_database(tmp_path, "")
    batch = Batch(RecordStore(database, Console()), lambda _uids: {}, AT)
    batch.put(HOME, Cause("change-1"))
    batch.name_photo(PHOTO, HOME, "image/jpeg")
    mark = batch.mark()
    batch.name_photo(PHOTO, HOME, "image/png")
    batch.name_photo(OTHER, HOME, "image/jpeg")
    batch.undo(mark)
    assert batch.work.photos == {(PHOTO, HOME.uid): (HOME.scope, "image/jpeg", "")}
    database.close()
