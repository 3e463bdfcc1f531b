"""Two records side by side: a card each with what hangs on it, then their answers, the differing ones first."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from kube_field.ui.formats import wita_text
from kube_field.ui.pages.conflict_block import VersionCard
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.chip import ChipLabel
from kube_field.ui.widgets.labels import make_label, make_line
from kube_field.usecases.double_decisions import ComparedField, Comparison, Side

COLUMNS = 4
"""Question, both answers, and a chip where they differ."""


class DoubleSides(QWidget):
    """The comparison. Signals: `chosen(uid)` when the officer says which record stays."""

    chosen = Signal(str)

    def __init__(self, told: Comparison, headings: tuple[str, str], *, may_choose: bool) -> None:
        super().__init__()
        self.setObjectName("clear")
        self._uids = (told.first.uid, told.second.uid)
        self._titles = (told.first.title, told.second.title)
        self._group = QButtonGroup(self)
        px = current_theme().px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        line = QHBoxLayout()
        line.setSpacing(px(12))
        self.cards = [
            _side_card(heading, side) for heading, side in zip(headings, (told.first, told.second), strict=True)
        ]
        for at, card in enumerate(self.cards):
            card.setEnabled(may_choose)
            self._group.addButton(card.radio, at)
            line.addWidget(card, 1)
        column.addLayout(line)
        differing = [field for field in told.fields if field.differs]
        same = [field for field in told.fields if not field.differs]
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(6))
        for at, share in enumerate((3, 4, 4)):
            grid.setColumnStretch(at, share)
        self._add_fields(grid, _("Berbeda ({n})").format(n=len(differing)), differing)
        self._add_fields(grid, _("Sama ({n})").format(n=len(same)), same)
        column.addLayout(grid)
        column.addStretch(1)
        self._group.idToggled.connect(lambda at, on: self.chosen.emit(self._uids[at]) if on else None)

    def kept(self) -> str:
        """The record that stays, "" until one is chosen."""
        at = self._group.checkedId()
        return self._uids[at] if at >= 0 else ""

    def kept_and_merged(self) -> tuple[str, str]:
        """How to call the record that stays and the other one; where both have one name, by the side they stand on."""
        at = max(self._group.checkedId(), 0)
        if self._titles[0] == self._titles[1]:
            sides = (_("sebelah kiri"), _("sebelah kanan"))
            names = [f"{title} ({side})" for title, side in zip(self._titles, sides, strict=True)]
        else:
            names = list(self._titles)
        return names[at], names[1 - at]

    def _add_fields(self, grid: QGridLayout, title: str, fields: Sequence[ComparedField]) -> None:
        """One table for all of them, so that its columns stand under each other at any size."""
        if not fields:
            return
        start = grid.rowCount()
        grid.addWidget(make_label(title, "heading"), start, 0, 1, COLUMNS)
        grid.addWidget(make_line(), start + 1, 0, 1, COLUMNS)
        for row, field in enumerate(fields, start=start + 2):
            grid.addWidget(make_label(field.label, "quiet", wraps=True), row, 0, Qt.AlignmentFlag.AlignTop)
            for at, text in enumerate((field.first, field.second), start=1):
                label = make_label(text, "strong" if field.differs else "", wraps=True)
                grid.addWidget(label, row, at, Qt.AlignmentFlag.AlignTop)
            if field.differs:
                grid.addWidget(ChipLabel(_("Beda"), Tone.WATCH), row, 3, Qt.AlignmentFlag.AlignTop)


def _side_card(heading: str, side: Side) -> VersionCard:
    card = VersionCard(heading, None)
    told = [side.place] if side.place else []
    told.append(" · ".join(_("{word} {n}").format(word=word, n=count) for word, count in side.counts))
    if side.updated_at:
        told.append(_("Diperbarui {at}").format(at=wita_text(side.updated_at)))
    for role, text in (("strong", side.title or "–"), *(("muted", line) for line in told)):
        label = make_label(text, role, wraps=True)
        label.setIndent(current_theme().px(24))
        card.box.addWidget(label)
    card.box.addStretch(1)
    card.radio.setAccessibleName(f"{heading}: {side.title}, {', '.join(told)}")
    return card
