"""The result of a visit: score, status, warnings with what to do, and on demand how it was reckoned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from kube_field.ui.theme import Tone
from kube_field.ui.widgets.buttons import literal, quiet_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.chip import ChipLabel
from kube_field.ui.widgets.labels import make_label
from kube_field.ui.widgets.leaving import put_away
from kube_field.ui.widgets.sign_mark import SignMark

TOP = Qt.AlignmentFlag.AlignTop
NUMBERS = TOP | Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One indicator: what it is, its level ("–" without one), its points of its weight, and what was counted."""

    title: str
    level: str
    points: str
    words: str


@dataclass(frozen=True, slots=True)
class ScoreView:
    """What the card shows. `flags` are (tone, sentence, action); a visit without a score has only `words`."""

    total: str = ""
    status: str = ""
    tone: Tone = Tone.NEUTRAL
    words: str = ""
    flags: tuple[tuple[Tone, str, str], ...] = ()
    lines: tuple[ScoreLine, ...] = ()
    notes: tuple[str, ...] = ()
    """What belongs to the result and does not count in it: the stage of a KUBE, how far graduation is."""


class ScoreCard(Card):
    """The result first; `Cara menghitung` opens the lines below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.chip = ChipLabel("", Tone.NEUTRAL)
        super().__init__(_("Nilai keberlanjutan"), self.chip, parent)
        self.total_label = make_label("", "figure")
        self.words_label = make_label("", "muted", wraps=True)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.total_label)
        row.addWidget(self.words_label, 1)
        self.flags = QVBoxLayout()
        self.flags.setSpacing(4)
        self.how_button = quiet_button("")
        self.how_button.clicked.connect(self._turn)
        self.how = QWidget()
        self.how.setObjectName("clear")
        self.grid = QGridLayout(self.how)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(12)
        self.grid.setVerticalSpacing(6)
        self.grid.setColumnStretch(0, 1)
        self.body.addLayout(row)
        self.body.addLayout(self.flags)
        self.notes_label = make_label("", "muted", wraps=True)
        self.body.addWidget(self.notes_label)
        self.body.addWidget(self.how_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.how)
        self._open(False)

    def show_score(self, view: ScoreView | None) -> None:
        """Show a result; None for what has no score at all."""
        self.setVisible(view is not None)
        if view is None:
            return
        self.chip.setVisible(bool(view.status))
        self.chip.show_chip(view.status, view.tone)
        self.total_label.setText(view.total)
        self.total_label.setVisible(bool(view.total))
        self.words_label.setText(view.words)
        self._show_flags(view.flags)
        self.notes_label.setText("\n".join(view.notes))
        self.notes_label.setVisible(bool(view.notes))
        self._show_lines(view.lines)
        self.how_button.setVisible(bool(view.lines))
        self._open(False)

    def _show_flags(self, flags: Sequence[tuple[Tone, str, str]]) -> None:
        while (item := self.flags.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                put_away(widget)
        for tone, sentence, action in flags:
            holder = QWidget()
            holder.setObjectName("clear")
            row = QHBoxLayout(holder)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(8)
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(make_label(sentence, "strong", wraps=True))
            words.addWidget(make_label(action, "muted", wraps=True))
            row.addWidget(SignMark(tone), 0, TOP)
            row.addLayout(words, 1)
            self.flags.addWidget(holder)

    def _show_lines(self, lines: Sequence[ScoreLine]) -> None:
        while (item := self.grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                put_away(widget)
        for column, title in enumerate((_("Indikator"), _("Tingkat"), _("Nilai"))):
            self.grid.addWidget(make_label(title, "muted"), 0, column, TOP if column == 0 else NUMBERS)
        for at, line in enumerate(lines, start=1):
            words: QLabel = make_label(_("{title}\n{words}").format(title=line.title, words=line.words), wraps=True)
            self.grid.addWidget(words, at, 0)
            self.grid.addWidget(make_label(line.level, "strong"), at, 1, NUMBERS)
            self.grid.addWidget(make_label(line.points, "muted"), at, 2, NUMBERS)

    def _turn(self) -> None:
        self._open(self.how.isHidden())

    def _open(self, wanted: bool) -> None:
        self.how.setVisible(wanted)
        words = _("Tutup cara menghitung") if wanted else _("Cara menghitung")
        self.how_button.setText(literal(words))
        self.how_button.setAccessibleName(words)
