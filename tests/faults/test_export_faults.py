"""The disk ends in the middle of an export, at many places: a sentence, and nothing of it stays."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kube_field.errors import Failure

resource = pytest.importorskip("resource", reason="only where a process can be given a largest file")

CHILD = """
import resource, sys
from pathlib import Path
from kube_field.domain.records import RecordKind
from kube_field.errors import KubeFieldError
from kube_field.exchange.books import Cover
from kube_field.exchange.csv_folder import CsvFolder
from kube_field.exchange.tables import tables_of
from kube_field.exchange.xlsx_book import XlsxBook

place, opened, limit = Path(sys.argv[1]), {"xlsx": XlsxBook, "csv": CsvFolder}[sys.argv[2]], int(sys.argv[3])
table = tables_of(RecordKind.PERSON)[0]
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    book = opened(place / ("warga.xlsx" if sys.argv[2] == "xlsx" else "warga"), [table])
    try:
        for at in range(600):
            book.write(table, [f"{at} {column.code}" for column in table.columns])
        book.finish(Cover((), (), ""))
    finally:
        book.drop()
except KubeFieldError as failure:
    print(failure.sentence)
    sys.exit(int(failure.failure))
"""


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("limit", [0, 100, 60_000, 200_000])
def test_a_file_that_cannot_grow_any_more_leaves_nothing(tmp_path: Path, kind: str, limit: int):
    child = [sys.executable, "-c", CHILD, str(tmp_path), kind, str(limit)]
    done = subprocess.run(child, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == Failure.DISK_FULL, done.stderr
    assert "Ruang kosong tidak cukup" in done.stdout
    assert "Traceback" not in done.stderr, done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_with_room_enough_it_is_there(tmp_path: Path, kind: str):
    child = [sys.executable, "-c", CHILD, str(tmp_path), kind, "50000000"]
    done = subprocess.run(child, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["warga.xlsx" if kind == "xlsx" else "warga"]
