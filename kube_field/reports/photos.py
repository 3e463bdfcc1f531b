"""Photos of a paper, two in a row, each with its caption below it, never decoded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _

from kube_field.reports.fonts import Face, FontSet
from kube_field.reports.layout import LEADING, Strip, draw_line, gap, tied, wrap
from kube_field.reports.pen import Pen, read_jpeg

BETWEEN = 12.0
CAPTION = 8.5
PROPORTION = 0.66
"""Height of a picture's place by its width: two rows of landscape photos and their captions stand on half a page."""


@dataclass(frozen=True, slots=True)
class CaptionedPhoto:
    """The JPEG bytes of a photo (None when this laptop does not hold it) and its caption."""

    content: bytes | None
    caption: str


def no_photo_words() -> str:
    """What stands in the place of a photo that this laptop does not hold."""
    return _("Foto tidak tersimpan di laptop ini")


def photo_rows(fonts: FontSet, photos: Sequence[CaptionedPhoto], width: float) -> list[Strip]:
    """Rows of two photos with their captions; a row is one strip."""
    strips: list[Strip] = []
    for at in range(0, len(photos), 2):
        strips.extend(tied([_row(fonts, photos[at : at + 2], (width - BETWEEN) / 2)]))
        strips.append(gap(8))
    return strips[:-1]


def _row(fonts: FontSet, pair: Sequence[CaptionedPhoto], width: float) -> Strip:
    captions = [wrap(fonts, photo.caption, Face.REGULAR, CAPTION, width)[:6] for photo in pair]
    picture = width * PROPORTION
    leading = CAPTION * LEADING
    height = picture + 3 + leading * max(len(lines) for lines in captions)

    def draw(pen: Pen, x: float, top: float) -> None:
        for at, (photo, lines) in enumerate(zip(pair, captions, strict=True)):
            left = x + at * (width + BETWEEN)
            _draw_photo(pen, photo.content, left, top - picture, width, picture)
            for number, line in enumerate(lines):
                baseline = top - picture - 3 - CAPTION - number * leading
                draw_line(pen, line, left, baseline, width, Face.REGULAR, CAPTION, "center")

    return Strip(height, draw)


def _draw_photo(pen: Pen, content: bytes | None, x: float, y: float, width: float, height: float) -> None:
    """The photo as large as the box allows, or a box that says why there is none."""
    photo = read_jpeg(content)
    if photo is None:
        pen.box(x, y, width, height)
        text = no_photo_words() if content is None else _("Berkas foto tidak dapat dibaca")
        draw_line(pen, text, x, y + height / 2 - 3, width, Face.ITALIC, CAPTION, "center")
        return
    scale = min(width / photo.width, height / photo.height)
    wide, high = photo.width * scale, photo.height * scale
    left, below = x + (width - wide) / 2, y + (height - high) / 2
    pen.jpeg(photo, left, below, wide, high)
    pen.box(left, below, wide, high, 0.4)
