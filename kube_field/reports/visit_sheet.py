"""LEMBAR KUNJUNGAN: the visit's form for filling in by hand, what is known on it, and a code that names its unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from gettext import gettext as _
from typing import Any

from kube_field.domain.day_plan import VisitSheet
from kube_field.domain.forms.declaration import Kind, Question, Section
from kube_field.domain.records import UNKNOWN
from kube_field.reports.fonts import Face, FontSet, load_fonts
from kube_field.reports.footer import Origin, PageFurniture, qr_runs
from kube_field.reports.layout import MM, Sheet, Strip, draw_line, draw_pages, gap, heading, paginate, paragraph, tied
from kube_field.reports.letterhead import letterhead
from kube_field.reports.pen import Pen
from kube_field.reports.signatures import Photos, Signatory, no_photos, signature_block
from kube_field.reports.tables import Column, Row, data_table, key_values, side_by_side
from kube_field.reports.ticks import Tick, labelled_ticks, tick_lines
from kube_field.reports.wording import BLANK, Said, show

DOTS = "." * 100
CODE_SIDE = 24 * MM
CODE_ROOM = 34 * MM
NAME = "sheet"
ROOM = 17.0
EMPTY_ROWS = 3
LONG_LINES = 2
NOT_BY_HAND = frozenset({Kind.COMPUTED, Kind.PHOTO, Kind.SIGNATURE, Kind.LOCATION, Kind.REFERENCE})
CHOICES = frozenset({Kind.ONE_OF, Kind.MANY_OF, Kind.LEVEL})
PRESENT = "members_present"
ON_TOP = ("owner_kind", "unit_id")
SIZE = 9.5


def render_visit_sheet(sheet: VisitSheet, *, watermark: str = "", photos: Photos = no_photos) -> bytes:
    """The sheet as PDF. Raises: KubeFieldError when the program's font files are damaged."""
    return _SheetPaper(sheet, load_fonts(), photos).render(watermark)


class _SheetPaper:
    """One sheet being made."""

    def __init__(self, sheet: VisitSheet, fonts: FontSet, photos: Photos) -> None:
        self._sheet, self._fonts, self._photos = sheet, fonts, photos
        self._page = Sheet()
        self._width = self._page.text_width
        self._said = Said(sheet.form, sheet.known)

    def render(self, watermark: str) -> bytes:
        """Every page."""
        strips = self._head()
        number = 0
        for section in self._sheet.form.sections:
            if part := self._section(section, number + 1):
                strips, number = [*strips, *part], number + 1
        pages = paginate([*strips, *self._signing()], self._page.text_height)
        title = self._fonts.printable(_("Lembar kunjungan {name}").format(name=self._sheet.stop.name))
        pen = Pen((self._page.width, self._page.height), title, self._fonts)
        named = _("{name} · ID {short}").format(name=self._sheet.stop.name, short=self._sheet.short)
        return draw_pages(pen, pages, self._page, PageFurniture(Origin(uid="", number=named), self._page, watermark))

    def _head(self) -> list[Strip]:
        kop = self._sheet.kop
        emblem = self._photos(str(kop["emblem_sha256"])) if kop.get("emblem_sha256") else None
        title = paragraph(self._fonts, _("LEMBAR KUNJUNGAN"), self._width, face=Face.BOLD, size=13, align="center")
        room = self._width - CODE_ROOM
        left = key_values(self._fonts, self._identity(), room)
        return [*letterhead(self._fonts, kop, self._width, emblem), *title, gap(4), *self._beside_code(left, room)]

    def _identity(self) -> list[tuple[str, str]]:
        stop = self._sheet.stop
        called = " · ".join(part for part in (stop.contact, stop.phone) if part)
        place = ", ".join(part for part in (stop.address, stop.village, stop.kecamatan) if part)
        last = "; ".join(stop.findings)
        return [
            (_("Unit usaha"), f"{stop.name} ({stop.business})" if stop.business else stop.name),
            (_("Alamat"), place),
            (_("Kontak"), called),
            (_("Petugas"), self._sheet.officer),
            (_("Kunjungan terakhir"), last),
        ]

    def _beside_code(self, left: Sequence[Strip], room: float) -> list[Strip]:
        runs, modules = qr_runs(self._sheet.code)
        words = _("ID {short}").format(short=self._sheet.short)

        def draw(pen: Pen, x: float, top: float) -> None:
            pen.define_runs(NAME, runs, CODE_SIDE / modules)
            corner = x + CODE_ROOM - CODE_SIDE
            pen.stamp(NAME, corner, top - CODE_SIDE)
            draw_line(pen, words, corner, top - CODE_SIDE - 11, CODE_SIDE, Face.BOLD, 9, "center")

        return side_by_side(left, [Strip(CODE_SIDE + 15, draw)], room)

    def _section(self, section: Section, number: int) -> list[Strip]:
        asked = [
            question
            for question in section.questions
            if question.code not in self._sheet.skipped and question.code not in ON_TOP
        ]
        strips = [strip for question in asked for strip in self._question(question)]
        if not strips:
            return []
        title = f"{number}. {_(section.title)}"
        return [*heading(self._fonts, title, self._width, size=10.5), *strips]

    def _question(self, question: Question) -> list[Strip]:
        if question.code == PRESENT:
            ticks = [(False, name) for name in self._sheet.members] or [(False, DOTS[:40])]
            return [*self._words(_(question.label)), *tick_lines(self._fonts, ticks, self._width)]
        if question.kind in NOT_BY_HAND:
            return []
        if question.kind == Kind.ROWS:
            return self._rows(question)
        if ticks := self._ticks(question):
            return labelled_ticks(self._fonts, self._with_last(question, _(question.label)), ticks, self._width)
        if question.kind == Kind.LONG_TEXT:
            dots = "\n".join([DOTS] * LONG_LINES)
            return [*self._words(_(question.label)), *paragraph(self._fonts, dots, self._width, size=SIZE)]
        room = self._with_last(question, self._room(question))
        return key_values(self._fonts, [(_(question.label), room)], self._width)

    def _with_last(self, question: Question, words: str) -> str:
        """The words, and the answer of the visit before where the form shows it."""
        before = self._sheet.previous.get(question.code)
        told = show(question, before) if question.shows_previous and before not in (None, UNKNOWN) else ""
        return _("{words} (lalu: {value})").format(words=words, value=told) if told and told != BLANK else words

    def _room(self, question: Question) -> str:
        """What is known, or dots with the unit of the answer."""
        if self._sheet.known.get(question.code) is not None:
            return self._said.text(question.code)
        if question.kind == Kind.RUPIAH:
            return f"Rp{DOTS[:50]}"
        if question.kind in (Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.TIME):
            return f"{DOTS[:40]} {_(question.unit) if question.unit else ''}".strip()
        return DOTS

    def _ticks(self, question: Question) -> list[Tick]:
        known = self._sheet.known.get(question.code)
        if question.kind == Kind.YES_NO:
            return [(known is True, _("ya")), (known is False, _("tidak"))]
        if question.kind not in CHOICES:
            return []
        chosen = known if isinstance(known, list) else [known]
        ticks = [(choice.code in chosen, _(choice.label)) for choice in question.choices if choice.active]
        return [*ticks, (False, _("tidak tahu"))] if question.may_be_unknown else ticks

    def _rows(self, question: Question) -> list[Strip]:
        """A table with what is known in it and room below; the choices of a column stand under it."""
        columns = [column for column in question.columns if column.kind not in NOT_BY_HAND]
        known = self._said.rows(question.code)
        brought = any(column.fixed for column in columns)
        filled = [Row(tuple(self._cell(question, row, column) for column in columns), min_height=ROOM) for row in known]
        empty = [] if brought and known else [Row(("",) * len(columns), min_height=ROOM)] * EMPTY_ROWS
        shares = [Column(_(column.label), 2 if column.kind in (Kind.TEXT, Kind.PERSON) else 1) for column in columns]
        legend = [
            f"{_(column.label)}: {' / '.join(_(choice.label) for choice in column.choices if choice.active)}"
            for column in columns
            if column.kind in CHOICES and not column.fixed
        ]
        return [
            gap(3),
            *self._words(_(question.label)),
            *data_table(self._fonts, shares, [*filled, *empty], self._width, size=8.5),
            *[line for text in legend for line in paragraph(self._fonts, text, self._width, size=7.5)],
            gap(3),
        ]

    def _cell(self, question: Question, row: Mapping[str, Any], column: Question) -> str:
        return self._said.cell(question.code, row, column.code) if row.get(column.code) is not None else ""

    def _words(self, text: str) -> list[Strip]:
        return [replace(strip, keep=True) for strip in paragraph(self._fonts, text, self._width, size=SIZE)]

    def _signing(self) -> list[Strip]:
        people = [
            Signatory(_("Penerima/Ketua,"), name=self._sheet.recipient),
            Signatory(_("Petugas Pendamping,"), name=self._sheet.officer),
        ]
        note = _("Lembar ini bukan laporan: isinya dimasukkan ke KUBE Lapangan, lalu difinalkan di sana.")
        return tied(
            [
                replace(gap(10), space=False),
                signature_block(self._fonts, people, self._width, no_photos),
                *paragraph(self._fonts, note, self._width, face=Face.ITALIC, size=8.5),
            ]
        )
