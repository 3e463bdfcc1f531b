"""A date: typed first, picked second."""

from __future__ import annotations

import re
from datetime import date
from gettext import gettext as _
from typing import Any

from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QCalendarWidget, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kube_field.domain.dates import check_date, day_and_date
from kube_field.domain.forms.declaration import Question
from kube_field.ui.forms.editor import Editor, Surroundings
from kube_field.ui.forms.field_line import FieldLine
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import icon_button
from kube_field.ui.widgets.labels import ElidedLabel
from kube_field.ui.widgets.plain_calendar import make_indonesian

WIDTH, CALENDAR_WIDTH, GAP = 140, 340, 4


class DateEditor(Editor):
    """DD/MM/YYYY in the line, the day in words beside it, a calendar behind the button (F4)."""

    def __init__(self, question: Question, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(question, around, parent)
        self.line = FieldLine(question.label)
        self.line.setFixedWidth(current_theme().px(WIDTH))
        self.button = icon_button("calendar", _("Pilih dari kalender (F4)"))
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.words = ElidedLabel("", "muted")
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self.line)
        row.addWidget(self.button)
        row.addWidget(self.words, 1)
        self.box.addLayout(row)
        self.line.textEdited.connect(self._typed)
        self.button.clicked.connect(self.open_calendar)
        opener = QShortcut(QKeySequence("F4"), self)
        opener.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        opener.activated.connect(self.open_calendar)

    def value(self) -> Any:  # noqa: D102
        text = self.line.text().strip()
        if not text:
            return None
        return self._read(text) or text

    def set_value(self, value: Any) -> None:  # noqa: D102
        text = "" if value is None else _typed_form(str(value))
        if text != self.line.text():
            self.line.setText(text)
        self._say_day()

    def settle(self) -> None:  # noqa: D102
        self.set_value(self.value())

    def set_state(self, state: str) -> None:  # noqa: D102
        self.line.set_state(state)

    def focus_widget(self) -> QWidget:  # noqa: D102
        return self.line

    def open_calendar(self) -> None:
        """Show the calendar under the field."""
        popup = QFrame(self, Qt.WindowType.Popup)
        popup.setObjectName("popup")
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar = QCalendarWidget()
        make_indonesian(calendar)
        calendar.setMinimumWidth(current_theme().px(CALENDAR_WIDTH))
        day = date.fromisoformat(self._read(self.line.text()) or self.around.day().isoformat())
        calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        box = QVBoxLayout(popup)
        box.setContentsMargins(4, 4, 4, 4)
        box.addWidget(calendar)
        calendar.activated.connect(lambda chosen: self._pick(chosen, popup))
        calendar.clicked.connect(lambda chosen: self._pick(chosen, popup))
        popup.move(self.line.mapToGlobal(QPoint(0, self.line.height() + 4)))
        popup.show()
        calendar.setFocus()

    def _pick(self, chosen: QDate, popup: QWidget) -> None:
        popup.close()
        self.set_value(date(chosen.year(), chosen.month(), chosen.day()).isoformat())
        self.line.setFocus()
        self.changed.emit()

    def _read(self, text: str) -> str:
        day = check_date(with_slashes(text), today=self.around.day(), kind="any").value
        return str(day) if day else ""

    def _typed(self, _text: str) -> None:
        self._say_day()
        self.changed.emit()

    def _say_day(self) -> None:
        day = self._read(self.line.text())
        text = day_and_date(day) if day else ""
        room = self.width() - self.line.width() - self.button.width() - 2 * GAP
        fits = self.words.fontMetrics().horizontalAdvance(text) <= room
        self.words.show_text(text if fits else "")
        self.echoed.emit("" if fits else text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow place the words go under the line, where they may wrap."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._say_day()


def with_slashes(text: str) -> str:
    """Eight digits without signs between them are day, month and year: 01122026 is 01/12/2026."""
    return re.sub(r"^([0-9]{2})([0-9]{2})([0-9]{4})$", r"\1/\2/\3", text.strip(), flags=re.ASCII)


def _typed_form(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return day.strftime("%d/%m/%Y")
