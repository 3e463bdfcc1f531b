"""What is shown and not asked: fixed answers and computed figures."""

from __future__ import annotations

from gettext import gettext as _
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kube_field.domain.forms.declaration import Question
from kube_field.domain.rules.recommendation import Advice
from kube_field.ui.forms.advice_view import AdviceView
from kube_field.ui.forms.answer_text import RUPIAH_UNIT, answer_text, computed_text
from kube_field.ui.forms.editor import Editor, Surroundings
from kube_field.ui.forms.field_chain import ENTER_GOES_ON
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import small_button
from kube_field.ui.widgets.labels import make_label, set_role


class FixedEditor(Editor):
    """An answer that the app filled in."""

    def __init__(self, question: Question, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(question, around, parent)
        self._value: Any = None
        self.box.setContentsMargins(0, current_theme().px(6), 0, 0)
        self.label = make_label("", wraps=True)
        self.box.addWidget(self.label)

    def value(self) -> Any:  # noqa: D102
        return self._value

    def set_value(self, value: Any) -> None:  # noqa: D102
        self._value = value
        self.label.setText(answer_text(self.question, value, self.around.regions) or "–")


class ComputedEditor(Editor):
    """A figure that the form works out, live."""

    def __init__(self, question: Question, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(question, around, parent)
        self.box.setContentsMargins(0, current_theme().px(6), 0, 0)
        self.label = make_label("–", "strong", wraps=True)
        self.box.addWidget(self.label)

    def set_value(self, value: Any) -> None:  # noqa: D102
        self.label.setText(computed_text(self.question, value))
        is_loss = isinstance(value, int) and value < 0 and self.question.unit == RUPIAH_UNIT
        is_figure = value is None or isinstance(value, int)
        set_role(self.label, "loss" if is_loss else "strong" if is_figure else "")


class DoorEditor(Editor):
    """What stands behind a question in one line, and the button that opens it. Signals: `opened(section code)`."""

    opened = Signal(str)

    def __init__(self, question: Question, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(question, around, parent)
        self.label = make_label("", wraps=True)
        self.button = small_button("", "forward")
        self.button.setProperty(ENTER_GOES_ON, True)
        self.button.setToolTip(_("Spasi membuka, Enter melanjutkan."))
        self.box.addWidget(self.label)
        self.box.addWidget(self.button)
        self.button.clicked.connect(lambda: self.opened.emit(question.opens))
        self.set_value(None)

    def set_value(self, value: Any) -> None:  # noqa: D102
        self.label.setText(computed_text(self.question, value) if value else "")
        self.label.setVisible(bool(value))
        words = _("Buka {label}") if value else _("Isi {label}")
        self.button.setText(words.format(label=_(self.question.label).lower()))
        self.button.setAccessibleName(self.button.text())

    def focus_widget(self) -> QWidget:  # noqa: D102
        return self.button


class AdviceEditor(Editor):
    """The suggested businesses, live."""

    def __init__(self, question: Question, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(question, around, parent)
        self.view = AdviceView()
        self.box.addWidget(self.view)

    def set_value(self, value: Any) -> None:  # noqa: D102
        self.view.show_advice(value if isinstance(value, Advice) else None)
