"""The failure of synchronisation that stands: it stays on the page until a run says that it is solved."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kube_field.ui.formats import wita_text
from kube_field.ui.pages.trouble_table import ALLOW, Trouble
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.buttons import literal, primary_button, secondary_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.chip import ChipLabel
from kube_field.ui.widgets.labels import make_label


class TroubleCard(Card):
    """One cause, one action, and whether the data are safe, with the time of the run.

    Signals: `action_requested(action)` with a name of `trouble_table`, `declined()` for *Jangan*.
    """

    action_requested = Signal(str)
    declined = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._action = ""
        self.sentence = make_label("", "strong", wraps=True)
        self.advice = make_label("", wraps=True)
        self.safe = ChipLabel("", Tone.GOOD)
        self.when = make_label("", "muted")
        self.button = primary_button("")
        self.decline = secondary_button(_("Jangan"))
        words = QVBoxLayout()
        words.setSpacing(current_theme().px(4))
        foot = QHBoxLayout()
        foot.setSpacing(current_theme().px(12))
        foot.addWidget(self.safe)
        foot.addWidget(self.when)
        foot.addStretch(1)
        for part in (self.sentence, self.advice):
            words.addWidget(part)
        words.addLayout(foot)
        line = QHBoxLayout()
        line.setSpacing(current_theme().px(8))
        line.addLayout(words, 1)
        line.addWidget(self.decline, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(line)
        self.button.clicked.connect(lambda: self.action_requested.emit(self._action))
        self.decline.clicked.connect(self.declined)
        self.hide()

    def show_trouble(self, trouble: Trouble, at: str) -> None:
        """Show a failure; `at` is the UTC instant at which the run ended."""
        self._action = trouble.action
        self.sentence.setText(trouble.sentence)
        self.advice.setText(trouble.advice)
        self.advice.setVisible(bool(trouble.advice))
        self.safe.show_chip(trouble.safe, Tone.GOOD)
        self.safe.setVisible(bool(trouble.safe))
        self.when.setText(_("Terjadi {at}").format(at=wita_text(at)))
        self.button.setText(literal(trouble.button))
        self.button.setAccessibleName(trouble.button)
        self.button.setVisible(bool(trouble.button))
        self.decline.setVisible(trouble.action == ALLOW)
        self.setAccessibleName(f"{trouble.sentence} {trouble.advice} {trouble.safe}")
        self.show()
