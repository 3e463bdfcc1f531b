"""Editors of choices: yes or no, one of a few, several, a level from 0 to 4."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QGridLayout, QHBoxLayout, QWidget

from kube_field.domain.forms.codes import NONE
from kube_field.domain.forms.declaration import Choice, Kind, Question
from kube_field.ui.forms.editor import Editor, Surroundings
from kube_field.ui.widgets.buttons import literal
from kube_field.ui.widgets.choices import RadioChoice, TickBox
from kube_field.ui.widgets.labels import hide_unless

COLUMNS_FROM = 7
LONG_LABEL = 26


class YesNoEditor(Editor):
    """Ya or Tidak; keys Y and T."""

    def __init__(self, question: Question, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(question, around, parent)
        self.yes, self.no = RadioChoice(_("Ya")), RadioChoice(_("Tidak"))
        self._group = _group(self, (self.yes, self.no))
        row = QHBoxLayout()
        row.setSpacing(16)
        for button in (self.yes, self.no):
            button.setAccessibleName(f"{question.label}: {button.text()}")
            row.addWidget(button)
        row.addStretch(1)
        self.box.addLayout(row)
        self._group.buttonClicked.connect(lambda _button: self.changed.emit())

    def value(self) -> Any:  # noqa: D102
        return True if self.yes.isChecked() else False if self.no.isChecked() else None

    def set_value(self, value: Any) -> None:  # noqa: D102
        _check_only(self._group, self.yes if value is True else self.no if value is False else None)

    def focus_widget(self) -> QWidget:  # noqa: D102
        return self.no if self.no.isChecked() else self.yes

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102
        chosen = {"y": self.yes, "t": self.no}.get(event.text().lower())
        if chosen is None:
            super().keyPressEvent(event)
        else:
            chosen.setFocus()
            chosen.click()


class OneOfEditor(Editor):
    """Up to seven choices under each other; keys 1 to 9 (a level: the digit itself)."""

    def __init__(self, question: Question, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(question, around, parent)
        self._buttons: dict[str, RadioChoice] = {}
        self._retired: dict[str, RadioChoice] = {}
        self._group = QButtonGroup(self)
        for at, choice in enumerate(question.choices, start=1):
            key = choice.code if question.kind == Kind.LEVEL else str(at)
            button = RadioChoice(literal(f"{key}  {_(choice.label)}"))
            button.setAccessibleName(f"{question.label}: {choice.label}")
            hide_unless(button, choice.active)
            self._group.addButton(button)
            self._buttons[choice.code] = button
            self.box.addWidget(button)
        self.box.setSpacing(0)
        self._group.buttonClicked.connect(lambda _button: self.changed.emit())

    def value(self) -> Any:  # noqa: D102
        for code, button in self._buttons.items():
            if button.isChecked():
                return int(code) if self.question.kind == Kind.LEVEL else code
        return None

    def set_value(self, value: Any) -> None:  # noqa: D102
        button = self._buttons.get(str(value)) if value is not None else None
        if button is not None:
            button.show()
        _check_only(self._group, button)

    def focus_widget(self) -> QWidget:  # noqa: D102
        checked = self._group.checkedButton()
        shown = [button for button in self._buttons.values() if not button.isHidden()]
        return checked or (shown[0] if shown else self)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102
        button = self._button_of_key(event.text())
        if button is None or button.isHidden():
            super().keyPressEvent(event)
        else:
            button.setFocus()
            button.click()

    def _button_of_key(self, key: str) -> RadioChoice | None:
        if self.question.kind == Kind.LEVEL:
            return self._buttons.get(key)
        places = list(self._buttons.values())
        return places[int(key) - 1] if key in "123456789" and key and int(key) <= len(places) else None


class ManyOfEditor(Editor):
    """Boxes to tick; keys 1 to 9; the answer "none of these" excludes the others."""

    def __init__(self, question: Question, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(question, around, parent)
        self._boxes: dict[str, TickBox] = {}
        self._unknown: list[str] = []
        grid = QGridLayout()
        grid.setSpacing(0)
        grid.setHorizontalSpacing(16)
        offered = [choice for choice in question.choices if choice.active]
        columns = _columns(offered)
        lines = -(-len(offered) // columns)
        for choice in question.choices:
            box = TickBox(literal(_(choice.label)))
            box.setAccessibleName(f"{question.label}: {choice.label}")
            hide_unless(box, choice.active)
            box.clicked.connect(lambda _ticked, code=choice.code: self._clicked(code))
            self._boxes[choice.code] = box
            at = offered.index(choice) if choice.active else 0
            place = (at % lines, at // lines) if choice.active else (lines + len(self._boxes), 0)
            grid.addWidget(box, *place, Qt.AlignmentFlag.AlignLeft)
        for column in range(columns):
            grid.setColumnStretch(column, 1)
        self.box.addLayout(grid)

    def value(self) -> Any:  # noqa: D102
        return [code for code, box in self._boxes.items() if box.isChecked()] + self._unknown or None

    def set_value(self, value: Any) -> None:  # noqa: D102
        codes = [str(code) for code in value] if isinstance(value, list) else []
        self._unknown = [code for code in codes if code not in self._boxes]
        for code, box in self._boxes.items():
            box.setChecked(code in codes)
            if code in codes:
                box.show()

    def focus_widget(self) -> QWidget:  # noqa: D102
        return next((box for box in self._boxes.values() if not box.isHidden()), self)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102
        places = list(self._boxes.values())
        key = event.text()
        if key and key in "123456789" and int(key) <= len(places) and not places[int(key) - 1].isHidden():
            places[int(key) - 1].setFocus()
            places[int(key) - 1].click()
        else:
            super().keyPressEvent(event)

    def _clicked(self, code: str) -> None:
        if self._boxes[code].isChecked():
            for other, box in self._boxes.items():
                if (code == NONE) != (other == NONE) and NONE in (code, other):
                    box.setChecked(False)
        self.changed.emit()


def _columns(choices: Sequence[Choice]) -> int:
    short = all(len(choice.label) <= LONG_LABEL for choice in choices)
    return 2 if len(choices) >= COLUMNS_FROM and short else 1


def _group(parent: QWidget, buttons: Sequence[QAbstractButton]) -> QButtonGroup:
    group = QButtonGroup(parent)
    for button in buttons:
        group.addButton(button)
    return group


def _check_only(group: QButtonGroup, chosen: QAbstractButton | None) -> None:
    group.setExclusive(False)
    for button in group.buttons():
        button.setChecked(button is chosen)
    group.setExclusive(True)
