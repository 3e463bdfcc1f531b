"""The sections of a form with their state, and how much of the form is filled in."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from kube_field.domain.forms.declaration import Section
from kube_field.domain.forms.evaluation import Evaluation, SectionState
from kube_field.ui.texts import section_state_word
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.chip import paint_sign
from kube_field.ui.widgets.labels import make_label, plain_tip

SIGNS = {
    SectionState.COMPLETE: ("disc", Tone.GOOD),
    SectionState.PARTIAL: ("half", Tone.INFO),
    SectionState.WRONG: ("exclamation", Tone.CRITICAL),
    SectionState.EMPTY: ("ring", Tone.NEUTRAL),
}
NUMBER_ROOM, SIGN_ROOM = 31, 24


class SectionButton(QPushButton):
    """Number, title on as many lines as it needs, and the sign of the state at the right."""

    def __init__(self, at: int, section: Section, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.code = section.code
        self._number, self._title = str(at), _(section.title)
        self._state = SectionState.EMPTY
        self.setProperty("kind", "section")
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.show_state(SectionState.EMPTY)

    def show_state(self, state: SectionState) -> None:
        """Show how far the section is."""
        self._state = state
        words = f"{self._number} {self._title}: {section_state_word(state)}"
        self.setAccessibleName(words)
        self.setToolTip(plain_tip(words))
        self.update()

    def show_number(self, number: int) -> None:
        """Its place among the sections that apply."""
        self._number = str(number)

    def state(self) -> SectionState:
        """The state on view."""
        return self._state

    def _words_box(self, width: int) -> QRect:
        theme = current_theme()
        left = theme.px(NUMBER_ROOM)
        return QRect(left, 0, max(width - left - theme.px(SIGN_ROOM), 40), 1000)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As high as the wrapped title needs."""
        super().resizeEvent(event)
        theme = current_theme()
        metrics = QFontMetrics(theme.font(strong=True))
        wrapped = metrics.boundingRect(self._words_box(self.width()), int(Qt.TextFlag.TextWordWrap), self._title)
        self.setFixedHeight(max(wrapped.height() + theme.px(8), theme.px(30)))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        super().paintEvent(event)
        theme = current_theme()
        painter = QPainter(self)
        painter.setFont(theme.font(strong=self.isChecked()))
        painter.setPen(QColor(theme.palette.accent if self.isChecked() else theme.palette.text))
        box = self._words_box(self.width())
        box.setHeight(self.height())
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box, int(middle | Qt.TextFlag.TextWordWrap), self._title)
        painter.drawText(QRect(theme.px(8), 0, box.left(), self.height()), int(middle), self._number)
        sign, tone = SIGNS[self._state]
        side = theme.px(10)
        place = QRectF(self.width() - theme.px(SIGN_ROOM) + 6, (self.height() - side) / 2, side, side)
        paint_sign(painter, sign, place, QColor(theme.tone(tone).text))
        painter.end()


class SectionList(QWidget):
    """Signals: `section_chosen(code)`."""

    section_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scrolled")
        self.buttons: dict[str, SectionButton] = {}
        self._group = QButtonGroup(self)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(2)
        self.percent_label = make_label("", "muted")

    def show_sections(self, sections: Sequence[Section]) -> None:
        """Build the list once for a form."""
        for at, section in enumerate(sections, start=1):
            button = SectionButton(at, section)
            button.clicked.connect(lambda _checked=False, code=section.code: self.section_chosen.emit(code))
            self.buttons[section.code] = button
            self._group.addButton(button)
            self.box.addWidget(button)
        self.box.addSpacing(8)
        self.box.addWidget(self.percent_label)
        self.box.addStretch(1)

    def show_evaluation(self, evaluation: Evaluation) -> None:
        """Show states and percent; a section of which nothing applies, or that lies behind a question, is not there."""
        number = 0
        for section in evaluation.form.sections:
            button = self.buttons.get(section.code)
            if button is None:
                continue
            applies = any(question.code in evaluation.applicable for question in section.questions)
            number += applies
            button.show_number(number)
            button.setVisible(applies)
            button.show_state(evaluation.state(section))
        self.percent_label.setText(_("{n} % terisi").format(n=evaluation.percent))

    def mark(self, code: str) -> None:
        """Show which section is open."""
        self.buttons[code].setChecked(True)
