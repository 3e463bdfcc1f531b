"""500 visit reports in one file, against one canvas of reportlab that draws the same marks; time a report and memory.

Each side runs in a process of its own: `python -m tests.bench.many_papers ours|bare COUNT` prints milliseconds and
peak KiB. Every report has photos of its own, so that neither side can keep one for all.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from reportlab.pdfgen.canvas import Canvas

from kube_field.language import speak_indonesian
from kube_field.reports.fonts import Face
from kube_field.reports.joining import JoinedPapers
from kube_field.reports.layout import A4
from kube_field.reports.pen import Pen
from kube_field.reports.visit_report import render_visit_report
from tests.bench.measure import Row, Sizes
from tests.bench.papers import DRAWN, BareMarks, Marks
from tests.support.make_papers import make_photo_reader, make_reference, make_visit_fact

ROUNDS = 3
MIB = 1024


def measure(sizes: Sizes) -> list[Row]:
    """Medians of some runs by turns."""
    ours, bare = [], []
    for _round in range(ROUNDS):
        ours.append(_run("ours", sizes.many))
        bare.append(_run("bare", sizes.many))
    middle = ROUNDS // 2
    times = [sorted(run[0] for run in runs)[middle] / sizes.many for runs in (ours, bare)]
    peaks = [sorted(run[1] for run in runs)[middle] / MIB for runs in (ours, bare)]
    return [
        Row(f"paper: one of {sizes.many} reports in one file", *times, ROUNDS),
        Row(f"paper: peak memory of {sizes.many} in one file", *peaks, ROUNDS, "MiB"),
    ]


def _run(side: str, count: int) -> tuple[float, float]:
    command = [sys.executable, "-m", "tests.bench.many_papers", side, str(count)]
    root = Path(__file__).resolve().parents[2]
    told = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.split()
    return float(told[0]), float(told[1])


def _own_photos(read: Callable[[str], bytes | None], rng: random.Random) -> Callable[[str], bytes | None]:
    def reader(sha256: str) -> bytes | None:
        content = read(sha256)
        return content and content[:-2] + rng.randbytes(16) + content[-2:]

    return reader


def make_ours(count: int, folder: Path) -> Path:
    fact, reference = make_visit_fact(), make_reference()
    photos = _own_photos(make_photo_reader(), random.Random(1))
    with JoinedPapers() as joined:
        for at in range(count):
            joined.add(render_visit_report(replace(fact, uid=f"{at:036d}"), reference=reference, photos=photos))
        joined.save(folder / "ours.pdf")
    return folder / "ours.pdf"


def make_bare(count: int, folder: Path) -> Path:
    """The marks of one report drawn again and again by the canvas's own methods into one file."""
    marks = Marks()
    with patch.multiple(Pen, **{name: marks.recording(name) for name in DRAWN}):
        render_visit_report(make_visit_fact(), reference=make_reference(), photos=make_photo_reader())
    rng = random.Random(1)
    canvas = Canvas(str(folder / "bare.pdf"), pagesize=A4, pageCompression=1, initialFontName=str(Face.REGULAR))
    for at in range(count):
        for name, words, named in marks.made:
            step = getattr(BareMarks(folder), name)
            if name in ("define_runs", "stamp"):  # every report has a code of its own
                words = (f"{words[0]}{at}", *words[1:])
            if name == "jpeg":
                photo = replace(words[0], content=words[0].content[:-2] + rng.randbytes(16) + words[0].content[-2:])
                words = (photo, *words[1:])
            step(*words, **named)(canvas)
    canvas.save()
    return folder / "bare.pdf"


def main(side: str, count: int) -> None:
    speak_indonesian()  # as the program does: otherwise the standard library looks for catalogues at every text
    make = make_ours if side == "ours" else make_bare
    with tempfile.TemporaryDirectory() as folder:
        make(1, Path(folder))  # fonts and what is kept once
        begun = time.perf_counter()
        make(count, Path(folder))
        took = (time.perf_counter() - begun) * 1000
    print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
