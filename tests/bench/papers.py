"""A visit's report, laid out and drawn, against reportlab's own canvas drawing the same marks at known places."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

from reportlab.pdfgen.canvas import Canvas

from kube_field.reports.fonts import Face
from kube_field.reports.layout import A4
from kube_field.reports.pen import Jpeg, Pen
from kube_field.reports.visit_report import render_visit_report
from tests.bench.measure import Row, Sizes, by_turns
from tests.support.make_papers import make_photo_reader, make_reference, make_visit_fact

DRAWN = ("text", "line", "box", "strokes", "define_runs", "stamp", "jpeg", "next_page")


@dataclass(slots=True)
class Marks:
    """Every mark of one paper in its order: (method of the pen, its arguments)."""

    made: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = field(default_factory=list)

    def recording(self, name: str) -> Callable[..., Any]:
        drawn = getattr(Pen, name)

        def record(pen: Pen, *words: Any, **named: Any) -> Any:
            self.made.append((name, words, named))
            return drawn(pen, *words, **named)

        return record


def measure(sizes: Sizes) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        ours, bare = _makers(Path(folder))
        return [by_turns(ours, bare, sizes.papers, warm=3).row("paper: a visit's report")]


def both_papers() -> tuple[bytes, bytes]:
    """Ours and the bare one, once."""
    with tempfile.TemporaryDirectory() as folder:
        ours, bare = _makers(Path(folder))
        return ours(), bare()


def _makers(folder: Path) -> tuple[Callable[[], bytes], Callable[[], bytes]]:
    """What makes our paper, and what makes the bare one from the marks of ours."""
    fact, reference, photos = make_visit_fact(), make_reference(), make_photo_reader()
    kept = {photo["sha256"]: photos(photo["sha256"]) for photo in fact.answers["photos"] + fact.answers["book_photo"]}

    def ours() -> bytes:
        return render_visit_report(fact, reference=reference, photos=kept.get)

    marks = Marks()
    with patch.multiple(Pen, **{name: marks.recording(name) for name in DRAWN}):
        ours()
    steps = _steps(marks, folder)
    return ours, lambda: bare_paper(steps)


def bare_paper(steps: Sequence[Callable[[Canvas], object]]) -> bytes:
    """The same marks by the canvas's own methods; photos undecoded from files, fonts registered already."""
    target = BytesIO()
    canvas = Canvas(target, pagesize=A4, pageCompression=1, initialFontName=str(Face.REGULAR))
    for step in steps:
        step(canvas)
    canvas.save()
    return target.getvalue()


def _steps(marks: Marks, folder: Path) -> list[Callable[[Canvas], object]]:
    bare = BareMarks(folder)
    return [getattr(bare, name)(*words, **named) for name, words, named in marks.made]


class BareMarks:
    """For each method of the pen what reportlab offers for it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def text(self, x: float, y: float, text: str, face: Face = Face.REGULAR, size: float = 9.5) -> Any:
        def draw(canvas: Canvas) -> None:
            canvas.setFont(str(face), size)
            canvas.drawString(x, y, text)

        return draw

    def line(self, start: tuple[float, float], end: tuple[float, float], width: float = 0.5) -> Any:
        def draw(canvas: Canvas) -> None:
            canvas.setLineWidth(width)
            canvas.line(*start, *end)

        return draw

    def box(self, x: float, y: float, width: float, height: float, line: float = 0.5) -> Any:
        def draw(canvas: Canvas) -> None:
            canvas.setLineWidth(line)
            canvas.rect(x, y, width, height)

        return draw

    def strokes(self, strokes: Sequence[Sequence[tuple[float, float]]], width: float = 0.9) -> Any:
        def draw(canvas: Canvas) -> None:
            path = canvas.beginPath()
            for stroke in strokes:
                path.moveTo(*stroke[0])
                for point in stroke[1:] or (stroke[0],):
                    path.lineTo(*point)
            canvas.setLineWidth(width)
            canvas.drawPath(path)

        return draw

    def define_runs(self, name: str, runs: Sequence[tuple[int, int, int]], unit: float) -> Any:
        def draw(canvas: Canvas) -> None:
            canvas.beginForm(name)
            path = canvas.beginPath()
            for x, y, length in runs:
                path.rect(x * unit, y * unit, length * unit, unit)
            canvas.drawPath(path, stroke=0, fill=1)
            canvas.endForm()

        return draw

    def stamp(self, name: str, x: float, y: float) -> Any:
        def draw(canvas: Canvas) -> None:
            canvas.saveState()
            canvas.translate(x, y)
            canvas.doForm(name)
            canvas.restoreState()

        return draw

    def jpeg(self, photo: Jpeg, x: float, y: float, width: float, height: float) -> Any:
        path = self._folder / f"{hashlib.sha256(photo.content).hexdigest()[:16]}.jpg"
        path.write_bytes(photo.content)
        return lambda canvas: canvas.drawImage(str(path), x, y, width, height)

    def next_page(self) -> Any:
        return lambda canvas: canvas.showPage()
