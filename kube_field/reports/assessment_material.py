"""What a part of the assessment form is made from: answers in words, or blank lines and boxes for the pen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.declaration import Kind, Question
from kube_field.reports.layout import Strip, gap, heading, paragraph
from kube_field.reports.material import Material
from kube_field.reports.tables import Column, Row, data_table, key_values
from kube_field.reports.ticks import Tick, labelled_ticks
from kube_field.reports.wording import BLANK, show

DOTS = "." * 100
ROOM = 17.0
"""Height of a row that is filled in by hand."""


@dataclass(frozen=True, slots=True)
class AssessmentPaper:
    """The material, and whether the paper is for filling in by hand."""

    material: Material
    blank: bool

    @property
    def is_group(self) -> bool:
        """True for the assessment of a KUBE."""
        kind = self.material.fact.answers.get("subject_kind") or self.material.fact.snapshot.get("owner_kind")
        return kind == "group"

    def part(self, title: str, strips: Sequence[Strip]) -> list[Strip]:
        """A numbered part."""
        return [*heading(self.material.fonts, title, self.material.width, size=10.5), *strips]

    def pairs(self, pairs: Sequence[tuple[str, str]]) -> list[Strip]:
        """Labels and texts under each other; an empty text is a dash, or dots on the blank form."""
        empty = DOTS if self.blank else BLANK
        filled = [(label, text if text not in ("", BLANK) else empty) for label, text in pairs]
        return key_values(self.material.fonts, filled, self.material.width)

    def answer(self, code: str, label: str = "") -> list[Strip]:
        """One question with its answer; a blank form offers its choices as boxes. Nothing where it is not asked."""
        question = self.material.said.question(code)
        if question is None:
            return []
        words = label or _(question.label)
        ticks = _blank_ticks(question) if self.blank else []
        if ticks:
            return labelled_ticks(self.material.fonts, words, ticks, self.material.width)
        text = "" if self.blank else self._text(question)
        return self.pairs([(words, text)])

    def _text(self, question: Question) -> str:
        value = self.material.fact.answers.get(question.code)
        words = show(question, value)
        has_unit = question.unit and question.kind in (Kind.INTEGER, Kind.DECIMAL) and words[:1].isdigit()
        return f"{words.replace('.', ',')} {_(question.unit)}" if has_unit else words

    def answers(self, *codes: str) -> list[Strip]:
        """Several questions under each other."""
        return [strip for code in codes for strip in self.answer(code)]

    def table(self, code: str, columns: Sequence[Column], cells: Sequence[str], empty_rows: int) -> list[Strip]:
        """A table of rows by the codes of its columns; the blank form has so many empty rows."""
        said = self.material.said
        rows = [
            Row(tuple(said.cell(code, row, cell) if row.get(cell) is not None else BLANK for cell in cells))
            for row in said.rows(code)
        ]
        if self.blank:
            rows = [Row(("",) * len(columns), min_height=ROOM) for _at in range(empty_rows)]
        if not rows:
            return []
        return [gap(2), *data_table(self.material.fonts, columns, rows, self.material.width, size=9), gap(3)]

    def sentence(self, text: str, size: float = 9.5) -> list[Strip]:
        """A line of text."""
        return paragraph(self.material.fonts, text, self.material.width, size=size)

    def rows(self, code: str) -> list[Mapping[str, Any]]:
        """Rows of a table that still count."""
        return self.material.said.rows(code)


def _blank_ticks(question: Question) -> list[Tick]:
    if question.kind == Kind.YES_NO:
        return [(False, _("ya")), (False, _("tidak"))]
    if question.kind in (Kind.ONE_OF, Kind.MANY_OF, Kind.LEVEL):
        return [(False, _(choice.label)) for choice in question.choices if choice.active]
    return []
