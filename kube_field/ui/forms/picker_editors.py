"""Editors that search: a long list of choices, a village, a person, another record."""

from __future__ import annotations

from gettext import gettext as _
from typing import Any

from PySide6.QtWidgets import QWidget

from kube_field.domain.forms.declaration import Kind, Question
from kube_field.domain.records import RecordKind
from kube_field.ui.forms.editor import Deliver, Editor, Option, Surroundings
from kube_field.ui.forms.picker import PickerLine, label_of, search_in

FOUND_VILLAGES = 30


class PickEditor(Editor):
    """A searching line; the answer is the option taken, the typed text while nothing was taken."""

    def __init__(self, question: Question, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(question, around, parent)
        self._value: Any = None
        self.line = PickerLine(question.label, self.search)
        self.box.addWidget(self.line)
        self.line.text_typed.connect(self._typed)
        self.line.picked.connect(self._picked)

    def search(self, text: str, deliver: Deliver) -> None:
        """Find options for a text; "" lists what there is."""
        deliver(())

    def words(self, value: Any) -> tuple[str, str]:
        """What stands in the line for an answer, and what is said under it."""
        return label_of(value), ""

    def unknown(self, text: str) -> Any:
        """The answer for a text that is no option."""
        return text

    def value(self) -> Any:  # noqa: D102
        return self._value

    def set_value(self, value: Any) -> None:  # noqa: D102
        self._value = value
        label, detail = self.words(value) if value is not None else ("", "")
        if self.line.text() != label:
            self.line.setText(label)
            self.line.setCursorPosition(0)
        self.echoed.emit(detail)

    def settle(self) -> None:  # noqa: D102
        self.line.drop.close_list()

    def set_state(self, state: str) -> None:  # noqa: D102
        self.line.set_state(state)

    def focus_widget(self) -> QWidget:  # noqa: D102
        return self.line

    def _typed(self) -> None:
        text = self.line.text().strip()
        self._value = self.unknown(text) if text else None
        self.echoed.emit("")
        self.changed.emit()

    def _picked(self, option: Option) -> None:
        self.set_value(option.value)
        self.changed.emit()


class SearchChoiceEditor(PickEditor):
    """One of many choices, found by typing."""

    def _options(self) -> list[Option]:
        return [Option(choice.code, _(choice.label)) for choice in self.question.choices if choice.active]

    def search(self, text: str, deliver: Deliver) -> None:  # noqa: D102
        search_in(self._options)(text, deliver)

    def words(self, value: Any) -> tuple[str, str]:  # noqa: D102
        return self.question.choice_label(value), ""

    def unknown(self, text: str) -> Any:  # noqa: D102
        exact = [option.value for option in self._options() if option.label.casefold() == text.casefold()]
        return self._of_kind(exact[0]) if exact else text

    def _picked(self, option: Option) -> None:
        super()._picked(Option(self._of_kind(option.value), option.label))

    def _of_kind(self, code: str) -> Any:
        return int(code) if self.question.kind == Kind.LEVEL else code


class RegionEditor(PickEditor):
    """A village by typed search; kecamatan and kabupaten are always shown."""

    def search(self, text: str, deliver: Deliver) -> None:  # noqa: D102
        regions = self.around.regions
        if regions is None:
            deliver(())
            return
        found = regions.search_villages(text, areas=self.around.areas, limit=FOUND_VILLAGES)
        if not found and self.around.areas:
            found = regions.search_villages(text, limit=FOUND_VILLAGES)
        deliver([self._option(region.code) for region in found])

    def _option(self, code: str) -> Option:
        name, _comma, place = str(self.around.regions.full_name(code)).partition(", ")
        return Option(code, name, place)

    def words(self, value: Any) -> tuple[str, str]:  # noqa: D102
        regions = self.around.regions
        if regions is None or regions.village(str(value)) is None:
            return str(value), ""
        option = self._option(str(value))
        return option.label, option.detail


class RecordEditor(PickEditor):
    """A person or another record that is registered."""

    def search(self, text: str, deliver: Deliver) -> None:  # noqa: D102
        kind = RecordKind.PERSON if self.question.kind == Kind.PERSON else self.question.refers_to
        if kind is None:
            deliver(())
        else:
            self.around.find_records(kind, text, deliver)

    def unknown(self, text: str) -> Any:
        """A name that is not taken from the list names nobody yet."""
        return {"uid": "", "name": text}
