"""A list of 20,000 people with every mistake of the handbook: imported, mended in its report, imported again.

Each side runs in a process of its own: `python -m tests.bench.import_lists ours|bare COUNT` prints seconds and peak
KiB. The bare thing reads the same file with the same reader and puts its rows into an encrypted table, in one
transaction, and judges nothing.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from python_calamine import load_workbook

from kube_field.exchange.incoming_columns import REPORT_HEADINGS, ImportType
from kube_field.exchange.sheet_reading import read_book
from kube_field.language import speak_indonesian
from kube_field.sqlite.driver import open_database
from kube_field.usecases.import_columns import read_list
from kube_field.usecases.import_papers import import_report
from kube_field.usecases.import_results import Decisions, DoubleChoice
from kube_field.usecases.import_writing import tally, write_import
from tests.bench.measure import Row, Sizes
from tests.support.laptop import DATABASE_KEY, REFERENCE, make_laptop
from tests.support.make_big_list import HEADINGS, Listed, big_list, doubles_of
from tests.support.make_lists import REASON, judge, write_cells

KUTAI_KARTANEGARA = "64.02"
DECIDED = Decisions(REASON, all_doubles=DoubleChoice.LEAVE_OUT)
STEPS = ("read", "judge", "report", "again", "write", "same")
MIB = 1024


def measure(sizes: Sizes) -> list[Row]:
    """One run of each side: it takes minutes."""
    ours, bare = _run("ours", sizes.listed), _run("bare", sizes.listed)
    whole = sum(ours[step] for step in ("read", "judge", "write"))
    return [
        Row(f"import: {sizes.listed} rows read, judged and written", whole * 1000, bare["whole"] * 1000, 1),
        *(Row(f"import: of it or beside it, {step}", ours[step] * 1000, bare["whole"] * 1000, 1) for step in STEPS),
        Row(
            f"import: memory that {sizes.listed} rows take beside the bench's own list",
            (ours["peak"] - ours["base"]) / MIB,
            (bare["peak"] - bare["base"]) / MIB,
            1,
            "MiB",
        ),
    ]


def _run(side: str, count: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.import_lists", side, str(count)]
    root = Path(__file__).resolve().parents[2]
    told: dict[str, float] = json.loads(subprocess.run(command, cwd=root, capture_output=True, check=True).stdout)
    return told


def the_list(count: int, wrong_every: int = 20) -> list[Listed]:
    rows = list(big_list(count, REFERENCE.regions, KUTAI_KARTANEGARA, wrong_every=wrong_every))
    return rows + doubles_of(rows, 200)


def write_the_list(folder: Path, rows: list[Listed]) -> Path:
    cells = (list(row.cells.values()) for row in rows)
    return write_cells(folder / "daftar.xlsx", HEADINGS, cells, title="DAFTAR WARGA KABUPATEN KUTAI KARTANEGARA")


def mend(report: Path, rows: list[Listed], folder: Path) -> Path:
    """The report with the cells of its wrong rows typed anew, as somebody would who has the cards before him."""
    sheet = read_book(report).sheets[0]
    headings = [str(heading) for heading in sheet.rows[0]]
    wrong = headings.index(REPORT_HEADINGS[2])
    mended = []
    for row, listed in zip(sheet.rows[1:], rows, strict=True):
        cells = [*row, *([None] * (len(headings) - len(row)))]
        if cells[wrong]:
            cells[: len(HEADINGS)] = list(listed.good.values())
        mended.append(cells)
    return write_cells(folder / "diperbaiki.xlsx", headings, mended)


def ours(count: int, folder: Path, wrong_every: int = 20) -> dict[str, Any]:
    """Seconds of each step."""
    rows = the_list(count, wrong_every)
    path = write_the_list(folder, rows)
    took: dict[str, Any] = {"base": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}
    with make_laptop(folder, areas=(KUTAI_KARTANEGARA,)) as laptop:
        began = _now()
        incoming = read_list(laptop.session, path=path, kind=ImportType.PEOPLE)
        took["read"], began = _since(began)
        importer = judge(laptop.session, incoming)
        took["judge"], began = _since(began)
        took["first"] = _told(importer)
        took["missed"] = missed(rows, importer)
        report = folder / "laporan.xlsx"
        began = _now()
        report.write_bytes(import_report(importer, Decisions()))
        took["report"], began = _since(began)
        again_path = mend(report, rows, folder)
        importer = None
        began = _now()
        incoming = read_list(laptop.session, path=again_path, kind=ImportType.PEOPLE)
        again = judge(laptop.session, incoming)
        took["again"], began = _since(began)
        took["second"] = _told(again)
        write_import(laptop.session, again, DECIDED)
        took["write"], began = _since(began)
        again = None
        same = judge(laptop.session, incoming)
        took["same"], began = _since(began)
        took["third"] = _told(same)
        took["unsent"] = laptop.store.queue.pill().unsent
    return took


def missed(rows: list[Listed], importer: Any) -> list[str]:
    """Mistakes that were made and not found, and good rows of which something was said."""
    found = []
    for listed, row in zip(rows, importer.rows, strict=True):
        codes = {finding.code for finding in row.findings}
        if listed.code not in (*codes, "", "DOUBLE") or (not listed.code and codes):
            found.append(f"{row.number}: {listed.code} {sorted(codes)}")
    return found[:20]


def _told(importer: Any) -> dict[str, int]:
    told = tally(importer, Decisions())
    return {name: getattr(told, name) for name in ("rows", "new", "changed", "same", "doubles", "wrong", "errors")} | {
        "warnings": told.warnings
    }


def bare(count: int, folder: Path) -> dict[str, Any]:
    path = write_the_list(folder, the_list(count))
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    database = open_database(folder / "bare.db", DATABASE_KEY)
    database.execute_sql(f"CREATE TABLE list ({', '.join(f'c{at} TEXT' for at in range(len(HEADINGS)))})")
    began = _now()
    cells = load_workbook(path).get_sheet_by_index(0).to_python()
    marks = ", ".join("?" * len(HEADINGS))
    with database.immediate():
        database.cursor().executemany(
            f"INSERT INTO list VALUES ({marks})", [[str(cell) for cell in row] for row in cells if len(row) > 2]
        )
    took, _at = _since(began)
    database.close_all()
    return {"whole": took, "base": base}


def _now() -> float:
    return time.perf_counter()


def _since(began: float) -> tuple[float, float]:
    now = time.perf_counter()
    return now - began, now


if __name__ == "__main__":
    speak_indonesian()
    side, size = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory() as data:
        result = {"ours": ours, "bare": bare}[side](size, Path(data))
    result["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result["cpu"] = time.process_time()
    print(json.dumps(result))
