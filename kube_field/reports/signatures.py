"""The block at the end of a paper where people sign: strokes from the screen, a thumbprint, or room for ink."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from gettext import gettext as _
from typing import Any

from kube_field.reports.fonts import Face, FontSet
from kube_field.reports.layout import LEADING, Strip, draw_line, wrap
from kube_field.reports.pen import Pen, Point, read_jpeg

SIZE = 10.0
ROOM = 56.0
MAX_STROKES = 400
NIP_DIGITS = 18
Photos = Callable[[str], bytes | None]
"""A photo's bytes by its SHA-256, None where this laptop does not hold it."""


def no_photos(_sha256: str) -> None:
    """For a paper without thumbprints."""
    return


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs: lines above the signature, the answer as stored, name, line below it."""

    title: str
    signature: Any = None
    name: str = ""
    below: str = ""


def signature_block(
    fonts: FontSet, people: Sequence[Signatory], width: float, photos: Photos, *, room: float = ROOM
) -> Strip:
    """Everybody side by side as one strip; the names stand on one line, underlined."""
    each = width / len(people)
    inner = each - 12
    titles = [wrap(fonts, person.title, Face.REGULAR, SIZE, inner) for person in people]
    names = [wrap(fonts, person.name, Face.BOLD, SIZE, inner)[:4] for person in people]
    belows = [wrap(fonts, person.below, Face.REGULAR, SIZE - 1, inner)[:3] for person in people]
    leading = SIZE * LEADING
    head = leading * max(len(lines) for lines in titles)
    foot = max(max(len(name), 1) + len(below) for name, below in zip(names, belows, strict=True)) * leading

    def draw(pen: Pen, x: float, top: float) -> None:
        for at, person in enumerate(people):
            left = x + at * each + 6
            _lines(pen, titles[at], left, top, inner, Face.REGULAR, SIZE)
            _draw_mark(pen, person.signature, (left, top - head - room), (inner, room), photos)
            bottom = _names(pen, names[at], left, top - head - room, inner)
            _lines(pen, belows[at], left, bottom, inner, Face.REGULAR, SIZE - 1)

    return Strip(head + room + foot + 4, draw)


def register_line(number: str) -> str:
    """The line below a civil servant's name: NIP, or a register number; empty without one."""
    if not number:
        return ""
    digits = number.replace(" ", "")
    if digits.isdigit() and len(digits) == NIP_DIGITS:
        return _("NIP. {number}").format(number=number)
    return _("No. register {number}").format(number=number)


def _lines(pen: Pen, lines: Sequence[str], x: float, top: float, width: float, face: Face, size: float) -> None:
    for at, line in enumerate(lines):
        draw_line(pen, line, x, top - size * 1.05 - at * size * LEADING, width, face, size, "center")


def _names(pen: Pen, names: Sequence[str], x: float, top: float, width: float) -> float:
    """Underlined names, or a dotted line to write one on; returns where the next line may begin."""
    _lines(pen, names or ["…" * 14], x, top, width, Face.BOLD if names else Face.REGULAR, SIZE)
    for at, name in enumerate(names):
        wide = pen.fonts.width(name, Face.BOLD, SIZE)
        y = top - SIZE * 1.05 - at * SIZE * LEADING - 1.8
        pen.line((x + (width - wide) / 2, y), (x + (width + wide) / 2, y), 0.6)
    return top - max(len(names), 1) * SIZE * LEADING


def _draw_mark(pen: Pen, signature: Any, corner: Point, size: Point, photos: Photos) -> None:
    """What somebody put there, within a box: strokes, a thumbprint, or the reason for neither."""
    (x, y), (width, room) = corner, size
    if not isinstance(signature, Mapping):
        return
    if "waived" in signature:
        text = _("tidak menandatangani: {reason}").format(reason=signature["waived"])
        lines = wrap(pen.fonts, text, Face.ITALIC, SIZE - 1, width)[:4]
        _lines(pen, lines, x, y + room - 6, width, Face.ITALIC, SIZE - 1)
    elif signature.get("thumbprint"):
        draw_thumbprint(pen, signature["thumbprint"], x, y, width, room - 5, photos)
    else:
        draw_strokes(pen, signature.get("strokes"), x, y + 3, width, room - 6)


def draw_thumbprint(pen: Pen, photo: Any, x: float, y: float, width: float, height: float, photos: Photos) -> None:
    """The photographed thumbprint, if this laptop holds it, and the words `(cap jempol)`."""
    content = photos(str(photo.get("sha256", ""))) if isinstance(photo, Mapping) else None
    picture = read_jpeg(content)
    words = min(SIZE - 1, height * 0.4)
    room = height - words * 1.6
    if picture is not None and room > 8:
        scale = min(room / picture.height, width / picture.width)
        wide = picture.width * scale
        pen.jpeg(picture, x + (width - wide) / 2, y + words * 1.6, wide, picture.height * scale)
    draw_line(pen, _("(cap jempol)"), x, y + words * 0.5, width, Face.ITALIC, words, "center")


def draw_strokes(pen: Pen, strokes: Any, x: float, y: float, width: float, height: float) -> None:
    """Strokes (y downwards, as on a screen) scaled into a box without changing their shape."""
    lines = [line for line in (_points(stroke) for stroke in _listed(strokes)[:MAX_STROKES]) if line]
    if not lines:
        return
    xs = [point[0] for line in lines for point in line]
    ys = [point[1] for line in lines for point in line]
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    scale = min(width / max(wide, 1.0), height / max(high, 1.0), 1.0 if max(wide, high) < 24 else 99.0)
    left = x + (width - wide * scale) / 2 - min(xs) * scale
    upper = y + (height + high * scale) / 2 + min(ys) * scale
    pen.strokes([[(left + px * scale, upper - py * scale) for px, py in line] for line in lines])


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _points(stroke: Any) -> list[Point]:
    points: list[Point] = []
    for pair in _listed(stroke):
        if isinstance(pair, list | tuple) and len(pair) == 2:
            try:
                points.append((float(pair[0]), float(pair[1])))
            except (TypeError, ValueError):
                continue
    return points
