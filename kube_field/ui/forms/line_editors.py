"""Editors of one line: text, numbers, money, phone, name, identity numbers, time."""

from __future__ import annotations

import re
from gettext import gettext as _
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kube_field.domain.forms.declaration import Question
from kube_field.domain.identifiers import group_nik, normalise_number
from kube_field.domain.money import check_amount, group_thousands, show_rupiah
from kube_field.domain.names import normalise_name
from kube_field.domain.phones import check_phone, show_phone
from kube_field.ui.forms.editor import Editor, Surroundings
from kube_field.ui.forms.field_line import FieldLine
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.labels import make_label

NIK_DIGITS = 16


class LineEditor(Editor):
    """One line; subclasses say how an answer is read and shown. `WIDTH` in px at 100 %, 0 takes all there is."""

    WIDTH = 0
    PREFIX = ""

    def __init__(self, question: Question, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(question, around, parent)
        self.line = FieldLine(question.label)
        row = QHBoxLayout()
        row.setSpacing(8)
        if self.PREFIX:
            row.addWidget(make_label(self.PREFIX, "quiet"))
        row.addWidget(self.line, 0 if self.WIDTH else 1)
        if self.WIDTH:
            self.line.setFixedWidth(current_theme().px(self.WIDTH))
        if question.unit and question.unit != self.PREFIX:
            row.addWidget(make_label(_(question.unit), "quiet"))
        if self.WIDTH:
            row.addStretch(1)
        self.box.addLayout(row)
        self.line.textEdited.connect(self._typed)

    def read(self, text: str) -> Any:
        """The answer in a text that is not blank; the text itself where it cannot be read."""
        return text

    def show_text(self, value: Any) -> str:
        """How an answer stands in the line."""
        return str(value)

    def echo(self, text: str) -> str:
        """What was understood, where that is worth saying."""
        return ""

    def while_typing(self) -> None:
        """Tidy the line under the cursor."""

    def value(self) -> Any:  # noqa: D102
        text = self.line.text().strip()
        return self.read(text) if text else None

    def set_value(self, value: Any) -> None:  # noqa: D102
        text = "" if value is None else self.show_text(value)
        if text != self.line.text():
            self.line.setText(text)
        self.echoed.emit(self.echo(text))

    def settle(self) -> None:  # noqa: D102
        value = self.value()
        self.line.setText("" if value is None else self.show_text(value))
        self.echoed.emit(self.echo(self.line.text()))

    def set_state(self, state: str) -> None:  # noqa: D102
        self.line.set_state(state)

    def focus_widget(self) -> QWidget:  # noqa: D102
        return self.line

    def _typed(self, _text: str) -> None:
        self.while_typing()
        self.echoed.emit(self.echo(self.line.text().strip()))
        self.changed.emit()


class TextEditor(LineEditor):
    """Free text on one line."""


class NameEditor(LineEditor):
    """A name: spaces squeezed when left, letter case never touched."""

    def read(self, text: str) -> Any:  # noqa: D102
        return normalise_name(text)


class IntegerEditor(LineEditor):
    """A whole number; dots between thousands are read over."""

    WIDTH = 110

    def __init__(self, question: Question, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(question, around, parent)
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight)

    def read(self, text: str) -> Any:  # noqa: D102
        bare = text.replace(".", "").replace(" ", "")
        return int(bare) if re.fullmatch(r"-?[0-9]{1,15}", bare, re.ASCII) else text


class DecimalEditor(LineEditor):
    """A number with a decimal comma; stored as text with a point."""

    WIDTH = 110

    def __init__(self, question: Question, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(question, around, parent)
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight)

    def read(self, text: str) -> Any:  # noqa: D102
        bare = text.replace(" ", "").replace(",", ".")
        if not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", bare, re.ASCII):
            return text
        sign, digits = ("-", bare[1:]) if bare.startswith("-") else ("", bare)
        whole, _point, part = digits.partition(".")
        return sign + str(int(whole)) + (f".{part}" if part else "")

    def show_text(self, value: Any) -> str:  # noqa: D102
        return str(value).replace(".", ",")


class MoneyEditor(LineEditor):
    """Rupiah: thousands dots while typing, `1,5 jt` and `250rb` understood and echoed, right aligned."""

    WIDTH = 160
    PREFIX = "Rp"

    def __init__(self, question: Question, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(question, around, parent)
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._dots_are_ours = True

    def read(self, text: str) -> Any:  # noqa: D102
        amount = check_amount(text).value
        return amount if amount is not None else text

    def show_text(self, value: Any) -> str:  # noqa: D102
        self._dots_are_ours = True
        return group_thousands(value) if isinstance(value, int) and value >= 0 else str(value)

    def echo(self, text: str) -> str:  # noqa: D102
        if not text or re.fullmatch(r"[0-9.]*", text, re.ASCII):
            return ""
        amount = check_amount(text).value
        return _("Dibaca {amount}").format(amount=show_rupiah(int(amount))) if amount is not None else ""

    def while_typing(self) -> None:
        """Group digits; dots that the officer typed are left alone, so that `1.5 jt` never turns into 15 jt."""
        text = self.line.text()
        if not re.fullmatch(r"[0-9.]+", text, re.ASCII):
            return
        if "." not in text:
            self._dots_are_ours = True
        elif text[self.line.cursorPosition() - 1 : self.line.cursorPosition()] == ".":
            self._dots_are_ours = False
        digits = text.replace(".", "")
        if self._dots_are_ours and len(digits) <= NIK_DIGITS:
            self.line.replace_text(group_thousands(int(digits)), self.line.digits_before_cursor())


class NikEditor(LineEditor):
    """NIK or KK in groups of four."""

    WIDTH = 220

    def read(self, text: str) -> Any:  # noqa: D102
        return normalise_number(text)

    def show_text(self, value: Any) -> str:  # noqa: D102
        return group_nik(str(value)) if _all_digits(str(value)) else str(value)

    def echo(self, text: str) -> str:  # noqa: D102
        number = normalise_number(text)
        if not number or not _all_digits(number) or len(number) == NIK_DIGITS:
            return ""
        return _("{n} dari 16 angka").format(n=len(number))

    def while_typing(self) -> None:  # noqa: D102
        number = normalise_number(self.line.text())
        if number and _all_digits(number):
            self.line.replace_text(group_nik(number), self.line.digits_before_cursor())


class PhoneEditor(LineEditor):
    """A phone number, shown in groups once it is understood."""

    WIDTH = 220

    def read(self, text: str) -> Any:  # noqa: D102
        number = check_phone(text).value
        return number if number is not None else text

    def show_text(self, value: Any) -> str:  # noqa: D102
        return show_phone(str(value)) if str(value).startswith("+") else str(value)


class TimeEditor(LineEditor):
    """A clock time: 10.30, 10:30, 1030, 930 and a bare hour (5 is 05.00) are understood, and what was is said."""

    WIDTH = 110

    def read(self, text: str) -> Any:  # noqa: D102
        found = re.fullmatch(r"([0-9]{1,2})(?:[.: ]?([0-9]{2}))?", text, re.ASCII)
        if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
            return text
        return f"{int(found[1]):02d}:{found[2] or '00'}"

    def echo(self, text: str) -> str:  # noqa: D102
        clock = self.show_text(self.read(text)) if text else ""
        is_news = clock != text and re.fullmatch(r"[0-9]{2}\.[0-9]{2}", clock, re.ASCII) is not None
        return _("Dibaca {clock}").format(clock=clock) if is_news else ""

    def show_text(self, value: Any) -> str:  # noqa: D102
        return str(value).replace(":", ".")


def _all_digits(text: str) -> bool:
    return re.fullmatch("[0-9]+", text, re.ASCII) is not None
