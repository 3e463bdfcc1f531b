"""Periksa sambungan: each step with its tick, one cause, one action."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from kube_field.sync.transports.line_check import LineCheck, Step, StepState
from kube_field.ui.pages.page_frame import clear_layout
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.buttons import quiet_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.chip import paint_sign
from kube_field.ui.widgets.labels import make_label

SIGNS = {
    StepState.GOOD: ("tick", Tone.GOOD),
    StepState.BAD: ("cross", Tone.CRITICAL),
    StepState.NOT_REACHED: ("ring", Tone.NEUTRAL),
}
SIDE = 14
IN_A_ROW = 3


class StepSign(QWidget):
    """A tick, a cross or a ring."""

    def __init__(self, state: StepState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        side = current_theme().px(SIDE)
        self.setFixedSize(side + 2, side + 2)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        sign, tone = SIGNS[self._state]
        painter = QPainter(self)
        box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        paint_sign(painter, sign, box, QColor(current_theme().tone(tone).text))
        painter.end()


class LineCard(Card):
    """The steps of a check of the connection; hidden until there is one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Periksa sambungan"), self._make_close(), parent)
        self._steps = QGridLayout()
        self._steps.setHorizontalSpacing(current_theme().px(12))
        self._steps.setVerticalSpacing(current_theme().px(4))
        self.words = make_label("", "strong", wraps=True)
        self.advice = make_label("", wraps=True)
        column = QVBoxLayout()
        column.addLayout(self._steps)
        column.addWidget(self.words)
        column.addWidget(self.advice)
        self.body.addLayout(column)
        self.hide()

    def _make_close(self) -> QWidget:
        close = quiet_button(_("Tutup"))
        close.clicked.connect(self.hide)
        return close

    def show_check(self, check: LineCheck) -> None:
        """Show what was found."""
        clear_layout(self._steps)
        names = step_names()
        for at, (step, state) in enumerate(check.steps):
            sign = StepSign(state)
            label = make_label(names[step], "quiet" if state == StepState.NOT_REACHED else "")
            label.setAccessibleName(_("{step}: {state}").format(step=names[step], state=_state_words(state)))
            line = QHBoxLayout()
            line.setSpacing(current_theme().px(6))
            for part in (sign, label):
                line.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
            line.addStretch(1)
            self._steps.addLayout(line, at // IN_A_ROW, at % IN_A_ROW)
        if check.trouble is None:
            self.words.setText(
                _("Sambungan baik. Server mengenal laptop ini atas nama {name}.").format(name=check.name)
            )
            self.advice.hide()
        else:
            self.words.setText(check.trouble.sentence)
            self.advice.setText(check.trouble.action)
            self.advice.setVisible(bool(check.trouble.action))
        self.show()


def step_names() -> Mapping[Step, str]:
    """What each step is called."""
    return {
        Step.ADAPTER: _("Jaringan"),
        Step.NAME: _("Alamat server"),
        Step.PORTAL: _("Tanpa halaman masuk"),
        Step.SECURE: _("Pengaman dan jam"),
        Step.SERVER: _("Server menjawab"),
        Step.LOGIN: _("Laptop dikenal"),
    }


def _state_words(state: StepState) -> str:
    words = {StepState.GOOD: _("baik"), StepState.BAD: _("gagal"), StepState.NOT_REACHED: _("belum diperiksa")}
    return words[state]
