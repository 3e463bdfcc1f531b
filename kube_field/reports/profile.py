"""PROFIL KELOMPOK USAHA BERSAMA and PROFIL USAHA PERORANGAN (handbook 9.6), made anew each time it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from gettext import gettext as _
from typing import Any

from kube_field.domain.dates import show_date, wita_day, wita_text
from kube_field.domain.profile_paper import Part, PartTable, ProfilePaper
from kube_field.domain.progress import VisitPoint
from kube_field.domain.rules.score import status_words
from kube_field.reports.boxes import SIDE, tick_box
from kube_field.reports.fonts import Face, FontSet, load_fonts
from kube_field.reports.footer import Origin, PageFurniture
from kube_field.reports.layout import (
    Sheet,
    Strip,
    draw_line,
    draw_pages,
    gap,
    heading,
    paginate,
    paragraph,
    tied,
)
from kube_field.reports.letterhead import letterhead
from kube_field.reports.pen import Pen
from kube_field.reports.photos import CaptionedPhoto, photo_rows
from kube_field.reports.progress_chart import progress_chart
from kube_field.reports.signatures import Photos, Signatory, no_photos, signature_block
from kube_field.reports.tables import Column, Row, data_table, key_values

SCORE_ROW = 13.0
BAR_LEFT, BAR_RIGHT = 88.0, 120.0


def render_profile(
    profile: ProfilePaper, *, kop: Mapping[str, Any], watermark: str = "", photos: Photos = no_photos
) -> bytes:
    """The profile as PDF. `photos` gives JPEG bytes by SHA-256, None where this laptop does not hold one.

    Raises: KubeFieldError when the program's font files are damaged.
    """
    fonts, sheet = load_fonts(), Sheet()
    width = sheet.text_width
    emblem = photos(str(kop["emblem_sha256"])) if kop.get("emblem_sha256") else None
    strips = [*letterhead(fonts, kop, width, emblem), *_titles(fonts, profile, width), gap(4)]
    for part in profile.parts:
        strips += _part(fonts, part, width, photos)
    strips[-1] = replace(strips[-1], keep=True)
    pages = paginate([*strips, *_signing(fonts, profile, width)], sheet.text_height)
    pen = Pen((sheet.width, sheet.height), fonts.printable(f"{profile.title} {profile.name}"), fonts)
    return draw_pages(pen, pages, sheet, PageFurniture(Origin(uid=""), sheet, watermark))


def _titles(fonts: FontSet, profile: ProfilePaper, width: float) -> list[Strip]:
    as_of = _("Keadaan data {at} WITA").format(at=wita_text(profile.as_of))
    return tied(
        [
            *paragraph(fonts, profile.title, width, face=Face.BOLD, size=13, align="center"),
            *paragraph(fonts, profile.name, width, face=Face.BOLD, size=12, align="center"),
            *paragraph(fonts, as_of, width, size=9.5, align="center"),
        ]
    )


def _part(fonts: FontSet, part: Part, width: float, photos: Photos) -> list[Strip]:
    strips = heading(fonts, part.title, width)
    if part.is_empty:
        return [*strips, *paragraph(fonts, part.empty, width, size=10)]
    strips += key_values(fonts, list(part.pairs), width)
    if part.table is not None and part.table.rows:
        strips += [*([gap(4)] if part.pairs else []), *_table(fonts, part.table, width)]
    strips += [_check(fonts, words, met, width) for words, met in part.checks]
    if any(one.revenue_idr is not None or one.profit_idr is not None for one in part.course):
        strips += [gap(6), progress_chart(part.course, width)]
    if any(one.score is not None for one in part.course):
        strips += [gap(6), *_scores(fonts, part, width)]
    if part.words:
        strips += paragraph(fonts, part.words, width, size=10)
    if part.photos:
        strips += photo_rows(fonts, [CaptionedPhoto(photos(sha), words) for sha, words in part.photos], width)
    return strips


def _table(fonts: FontSet, table: PartTable, width: float) -> list[Strip]:
    columns = [
        Column(title, share, "right" if at in table.numeric else "left")
        for at, (title, share) in enumerate(table.columns)
    ]
    return data_table(fonts, columns, [Row(row) for row in table.rows], width, size=9)


def _check(fonts: FontSet, words: str, met: bool | None, width: float) -> Strip:
    """A criterion with its box: ticked when it is met, empty when not, and said so when nobody judged it."""
    shown = words if met is not None else _("{words} (belum dinilai)").format(words=words)
    lines = paragraph(fonts, shown, width - 16, size=9.5)
    height = sum(line.height for line in lines) + 1

    def draw(pen: Pen, x: float, top: float) -> None:
        tick_box(pen, x, top - SIDE - 3, ticked=met is True)
        y = top
        for line in lines:
            line.draw(pen, x + 16, y)
            y -= line.height

    return Strip(height, draw)


def _scores(fonts: FontSet, part: Part, width: float) -> list[Strip]:
    title = paragraph(fonts, _("Nilai keberlanjutan (0–100)"), width, face=Face.BOLD, size=9)
    return tied([*title, *(_score(one, width) for one in part.course if one.score is not None)])


def _score(point: VisitPoint, width: float) -> Strip:
    def draw(pen: Pen, x: float, top: float) -> None:
        middle, room = top - SCORE_ROW / 2, width - BAR_LEFT - BAR_RIGHT
        draw_line(pen, show_date(point.visited_on), x, middle - 3, BAR_LEFT - 4, Face.REGULAR, 8.5)
        pen.box(x + BAR_LEFT, middle - 3.5, room, 7, 0.4)
        length = room * (point.score or 0) / 100
        if length:
            pen.line((x + BAR_LEFT, middle), (x + BAR_LEFT + length, middle), 7)
        words = f"{point.score} · {status_words(point.status)}"
        draw_line(pen, words, x + BAR_LEFT + room + 6, middle - 3, BAR_RIGHT - 6, Face.REGULAR, 8.5)

    return Strip(SCORE_ROW, draw)


def _signing(fonts: FontSet, profile: ProfilePaper, width: float) -> list[Strip]:
    day = show_date(wita_day(profile.as_of))
    place = ", ".join(part for part in (profile.place, day) if part)
    people = [Signatory(title, name=name) for title, name in profile.signs]
    return tied(
        [
            replace(gap(8), space=False),
            *paragraph(fonts, place, width, size=10.5, align="right"),
            replace(gap(4), space=False),
            signature_block(fonts, people, width, no_photos),
        ]
    )
