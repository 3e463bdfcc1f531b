"""A list is imported, sent, taken by the province's real application, and arrives on a colleague's laptop."""

from __future__ import annotations

from pathlib import Path

import pytest

from kube_field.domain.records import RecordKind
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases.import_results import RowState
from kube_field.usecases.import_writing import undo_import, write_import
from tests.support.direct_server import direct_server
from tests.support.laptop import REFERENCE, make_laptop
from tests.support.make_big_list import HEADINGS, big_list
from tests.support.make_lists import confirmed, judge_file, write_cells

AREA = "64.02"
ROWS = 60


def test_what_was_imported_is_sent_like_what_was_typed(tmp_path: Path):
    rows = [row for row in big_list(ROWS, REFERENCE.regions, AREA, wrong_every=4) if not row.is_error]
    path = write_cells(tmp_path / "daftar.xlsx", HEADINGS, [list(row.cells.values()) for row in rows])
    with (
        direct_server(tmp_path) as server,
        make_laptop(tmp_path, "Rina", areas=(AREA,)) as rina,
        make_laptop(tmp_path, "Budi", areas=(AREA,), code="L08") as budi,
    ):
        for laptop in (rina, budi):
            server.enrol(laptop.session, server.add_user(laptop.session.officer.name, areas=(AREA,)))
        importer = judge_file(rina.session, path)
        done = write_import(rina.session, importer, confirmed())
        assert done.tally.new == len(rows)
        assert server.sync(rina.session).outcome == ""
        pill = rina.store.queue.pill()
        assert (pill.unsent, pill.failed) == (0, 0)
        with pytest.raises(KubeFieldError) as caught:
            undo_import(rina.session, done)
        assert caught.value.failure == Failure.NOT_ALLOWED
        assert server.sync(budi.session).outcome == ""
        for kind in (RecordKind.PERSON, RecordKind.HOUSEHOLD):
            ours = {record.uid: dict(record.answers) for record in rina.store.records.where(kind)}
            theirs = {record.uid: dict(record.answers) for record in budi.store.records.where(kind)}
            assert ours == theirs
        # The colleague's laptop knows every row already.
        again = judge_file(budi.session, path)
        assert {row.state for row in again.rows} == {RowState.SAME}
