"""Everybody of the invented province in one workbook, against XlsxWriter writing the same cells and nothing else.

Each side in a process of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import json
import marshal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from kube_field.domain.records import RecordKind
from kube_field.exchange.tables import tables_of
from kube_field.language import speak_indonesian
from kube_field.usecases.export_parts import Part, parts_of_people
from kube_field.usecases.export_rows import PageReader
from kube_field.usecases.exports import PAGE, ExportOrder, run_export
from kube_field.usecases.views import PersonFilter
from tests.bench.measure import Row, Sizes
from tests.bench.province import open_province

PEOPLE = tables_of(RecordKind.PERSON)[0]


def measure(sizes: Sizes) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        _child("cells", folder, sizes)
        told = {side: _child(side, folder, sizes) for side in ("ours", "bare")}
    ours, bare = told["ours"], told["bare"]
    name = f"export: {sizes.people:,} people"
    return [
        Row(f"{name}, time", ours["ms"], bare["ms"], 1),
        Row(f"{name}, peak memory", ours["peak_mb"], bare["peak_mb"], 1, "MB"),
        Row(f"{name}, peak above the start", ours["grown_mb"], bare["grown_mb"], 1, "MB"),
    ]


def _child(side: str, folder: str, sizes: Sizes) -> dict[str, float]:
    words = (side, folder, sizes.people, sizes.visits, sizes.cache or "")
    command = [sys.executable, "-m", "tests.bench.exporting", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def ours(folder: Path, sizes: Sizes) -> None:
    with open_province(sizes) as (session, _path):
        (people, _families) = parts_of_people(session, PersonFilter())
        order = ExportOrder("Penerima", (people,), "mengukur", folder / "ours.xlsx")
        done = run_export(session, order=order)
        assert done is not None
        assert dict(done.rows) == {"Warga": sizes.people}


def bare(folder: Path, _sizes: Sizes) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(folder / "bare.xlsx"), {"constant_memory": True, "tmpdir": str(folder)}) as book:
        sheet = book.add_worksheet("Warga")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for number, cells in enumerate(_kept(folder)):
            for at, (kind, value) in enumerate(cells):
                if kind == "text":
                    sheet.write_string(number, at, value)
                elif kind == "day":
                    sheet.write_datetime(number, at, date.fromordinal(value), day)
                elif kind == "number":
                    sheet.write_number(number, at, value)


def cells(folder: Path, sizes: Sizes) -> None:
    """Keep the cells that ours writes, so that bare need not make them."""
    with open_province(sizes) as (session, _path), (folder / "cells").open("wb") as kept:
        part: Part = parts_of_people(session, PersonFilter())[0]
        reader, uids = PageReader(session, with_nik=False), list(part.find())
        for start in range(0, len(uids), PAGE):
            told, known = reader.page(part, uids[start : start + PAGE])
            for one in told:
                marshal.dump([_plain(cell) for row in PEOPLE.rows(one, known) for cell in row], kept)


def _kept(folder: Path) -> Iterator[list[tuple[str, Any]]]:
    with (folder / "cells").open("rb") as kept:
        while True:
            try:
                yield marshal.load(kept)
            except EOFError:
                return


def _plain(cell: Any) -> tuple[str, Any]:
    if isinstance(cell, str):
        return "text", cell
    if isinstance(cell, date):
        return "day", cell.toordinal()
    return ("blank", None) if cell is None else ("number", float(cell) if isinstance(cell, Decimal) else cell)


def memory_mb(field: str) -> float:
    """What the kernel says of this process: VmRSS is now, VmHWM the peak."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(field)) / 1024


def main(side: str, folder: str, people: str, visits: str, cache: str) -> int:
    sides: dict[str, Callable[[Path, Sizes], None]] = {"ours": ours, "bare": bare, "cells": cells}
    before, begun = memory_mb("VmRSS"), time.perf_counter()
    sizes = Sizes(people=int(people), visits=int(visits), cache=Path(cache) if cache else None)
    sides[side](Path(folder), sizes)
    took, peak = time.perf_counter() - begun, memory_mb("VmHWM")
    sys.stdout.write(json.dumps({"ms": took * 1000, "peak_mb": peak, "grown_mb": peak - before}))
    return 0


if __name__ == "__main__":
    speak_indonesian()
    raise SystemExit(main(*sys.argv[1:]))
