"""The suggested businesses on screen: the five best with every line, and the others with what speaks against them."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kube_field.domain.rules.recommendation import Advice, Line, Suggestion
from kube_field.ui.theme import Tone
from kube_field.ui.widgets.buttons import literal, quiet_button
from kube_field.ui.widgets.chip import ChipLabel
from kube_field.ui.widgets.labels import make_label
from kube_field.ui.widgets.leaving import put_away

GRADE_TONES = ((75, Tone.GOOD), (60, Tone.NEUTRAL), (45, Tone.WATCH))


class AdviceView(QWidget):
    """Each suggestion opens and closes its lines; the first one is open."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(8)
        self.cards: list[SuggestionCard] = []
        self.words = make_label("", "muted", wraps=True)
        self.excluded_button = quiet_button("")
        self.excluded_button.clicked.connect(self._turn)
        self.excluded = make_label("", "muted", wraps=True)
        self.excluded.hide()
        self.box.addWidget(self.words)
        self.box.addWidget(self.excluded_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.box.addWidget(self.excluded)
        self._shown: Advice | None = None
        self._tell(None)

    def show_advice(self, advice: Advice | None) -> None:
        """Show the suggestions; None while too little is answered."""
        if advice != self._shown:
            self._tell(advice)

    def _tell(self, advice: Advice | None) -> None:
        self._shown = advice
        opened = [card.code for card in self.cards if not card.lines.isHidden()]
        for card in self.cards:
            self.box.removeWidget(card)
            put_away(card)
        best = advice.best if advice is not None else ()
        self.cards = [SuggestionCard(at, one) for at, one in enumerate(best, start=1)]
        for at, card in enumerate(self.cards):
            card.open(card.code in opened or (not opened and at == 0))
            self.box.insertWidget(at, card)
        self.words.setText(_words(advice))
        self.words.setVisible(bool(self.words.text()))
        self._show_excluded(advice)

    def _show_excluded(self, advice: Advice | None) -> None:
        told = advice.excluded if advice is not None else ()
        lines = [f"{one.idea.name}: {' '.join(words for _code, words in one.reasons)}" for one in told]
        self.excluded.setText("\n".join(lines))
        self.excluded_button.setVisible(bool(told))
        self._open_excluded(bool(told) and not self.excluded.isHidden())

    def _turn(self) -> None:
        self._open_excluded(self.excluded.isHidden())

    def _number_excluded(self) -> int:
        return len(self._shown.excluded) if self._shown is not None else 0

    def _open_excluded(self, wanted: bool) -> None:
        self.excluded.setVisible(wanted)
        words = (
            _("Tutup yang tidak disarankan")
            if wanted
            else _("Tidak disarankan ({n})").format(n=self._number_excluded())
        )
        self.excluded_button.setText(literal(words))
        self.excluded_button.setAccessibleName(words)


class SuggestionCard(QFrame):
    """One idea: rank, name, points and grade; below them every line of the points on demand."""

    def __init__(self, rank: int, one: Suggestion, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("row")
        self.code = one.idea.code
        head = QHBoxLayout()
        head.setSpacing(8)
        title = _("{rank}. {name}").format(rank=rank, name=one.idea.name)
        head.addWidget(make_label(title, "strong", wraps=True), 1)
        tone = next((tone for least, tone in GRADE_TONES if one.points >= least), Tone.NEUTRAL)
        head.addWidget(ChipLabel(_("{points} · {grade}").format(points=one.points, grade=one.grade), tone))
        self.button = quiet_button("")
        self.button.clicked.connect(self._turn)
        head.addWidget(self.button)
        self.lines = make_label("\n".join(_lines(one)), "", wraps=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 8, 8, 8)
        box.setSpacing(4)
        box.addLayout(head)
        box.addWidget(self.lines)
        self._title = title

    def _turn(self) -> None:
        self.open(self.lines.isHidden())

    def open(self, wanted: bool) -> None:
        """Show or hide the lines."""
        self.lines.setVisible(wanted)
        words = _("Tutup") if wanted else _("Mengapa")
        self.button.setText(literal(words))
        self.button.setAccessibleName(f"{words}: {self._title}")


def _words(advice: Advice | None) -> str:
    if advice is None:
        return _("Saran muncul setelah waktu, keterampilan, rencana bantuan, dan tempat terisi.")
    return "" if advice.best else _("Tidak ada usaha dalam katalog yang sesuai dengan isian ini.")


def _lines(one: Suggestion) -> list[str]:
    lines = [
        _("{part} {points}: {words}").format(part=line.part, points=_points(line), words=line.words)
        for line in one.lines
    ]
    return [
        *lines,
        _("Perhatikan: {season}; {risk}.").format(season=_lower(one.idea.season), risk=_lower(one.idea.risk)),
    ]


def _points(line: Line) -> str:
    return f"{line.points}/{line.most}" if line.most else f"−{-line.points}" if line.points < 0 else "0"


def _lower(words: str) -> str:
    """Words that go on in a sentence."""
    return words[:1].lower() + words[1:]
