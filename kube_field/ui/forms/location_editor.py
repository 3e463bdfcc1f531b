"""A place on earth, typed, or the words that it is not available."""

from __future__ import annotations

import re
from gettext import gettext as _
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kube_field.domain.forms.declaration import Question
from kube_field.ui.forms.editor import Editor, Surroundings
from kube_field.ui.forms.field_line import FieldLine
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.choices import TickBox
from kube_field.ui.widgets.labels import make_label

NOT_AVAILABLE = "tidak tersedia"
WIDTH, LEAST_WIDTH = 140, 72
PAIR = re.compile(r"\s*(-?[0-9]+\.[0-9]+)\s*[,;\s]\s*(-?[0-9]+\.[0-9]+)\s*", re.ASCII)


class LocationEditor(Editor):
    """Latitude, longitude, accuracy; a pair that is pasted into the first line fills both."""

    def __init__(self, question: Question, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(question, around, parent)
        self.latitude = FieldLine(_("Lintang"))
        self.longitude = FieldLine(_("Bujur"))
        self.accuracy = FieldLine(_("Ketelitian (meter)"))
        self.none = TickBox(_("Tidak tersedia"))
        self._build()
        for line in (self.latitude, self.longitude, self.accuracy):
            line.textEdited.connect(self._typed)
        self.none.clicked.connect(self._say_none)

    def _build(self) -> None:
        theme = current_theme()
        parts = QHBoxLayout()
        parts.setSpacing(8)
        for line in (self.latitude, self.longitude, self.accuracy):
            line.setMinimumWidth(theme.px(LEAST_WIDTH))
            line.setMaximumWidth(theme.px(WIDTH))
            column = QVBoxLayout()
            column.setSpacing(2)
            column.addWidget(make_label(line.accessibleName(), "muted"))
            column.addWidget(line)
            parts.addLayout(column)
        parts.addStretch(1)
        self.box.addLayout(parts)
        self.box.addWidget(self.none)

    def value(self) -> Any:  # noqa: D102
        if self.none.isChecked():
            return {"note": NOT_AVAILABLE}
        latitude, longitude = (_degrees(line.text()) for line in (self.latitude, self.longitude))
        accuracy = self.accuracy.text().strip()
        if not (latitude or longitude or accuracy):
            return None
        place: dict[str, Any] = {"latitude": latitude, "longitude": longitude}
        if accuracy:
            place["accuracy_m"] = int(accuracy) if re.fullmatch("[0-9]{1,6}", accuracy, re.ASCII) else accuracy
        return place

    def set_value(self, value: Any) -> None:  # noqa: D102
        place = value if isinstance(value, dict) else {}
        shown = (self.latitude, "latitude"), (self.longitude, "longitude"), (self.accuracy, "accuracy_m")
        for line, name in shown:
            text = str(place.get(name, "")).replace(".", ",")
            if line.text() != text:
                line.setText(text)
        self.none.setChecked("note" in place)
        self._enable()

    def set_state(self, state: str) -> None:  # noqa: D102
        for line in (self.latitude, self.longitude):
            line.set_state(state)

    def focus_widget(self) -> QWidget:  # noqa: D102
        return self.none if self.none.isChecked() else self.latitude

    def _typed(self, text: str) -> None:
        pair = PAIR.fullmatch(text)
        if pair is not None:
            self.latitude.setText(pair[1].replace(".", ","))
            self.longitude.setText(pair[2].replace(".", ","))
        self.changed.emit()

    def _say_none(self) -> None:
        self._enable()
        self.changed.emit()

    def _enable(self) -> None:
        for line in (self.latitude, self.longitude, self.accuracy):
            line.setEnabled(not self.none.isChecked())


def _degrees(text: str) -> str:
    bare = text.strip().replace(",", ".")
    found = re.fullmatch(r"(-?)0*([0-9]+)(\.[0-9]{1,6})?[0-9]*", bare, re.ASCII)
    return f"{found[1]}{found[2]}{found[3] or ''}" if found else bare
