"""A line that searches while one types and takes one of what it finds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from gettext import gettext as _
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QFocusEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from kube_field.ui.forms.editor import Deliver, Option
from kube_field.ui.forms.field_line import FieldLine
from kube_field.ui.icons import icon
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.drop_list import DropList
from kube_field.ui.widgets.edge_button import EdgeButton

Search = Callable[[str, Deliver], None]


class PickerLine(FieldLine):
    """Options drop down under the line; Down opens them, Enter takes one, Esc closes.

    Signals: `picked(Option)`; `text_typed()` on every key.
    """

    picked = Signal(object)
    text_typed = Signal()

    def __init__(self, name: str, search: Search, *, delay_ms: int = 120, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._search = search
        self._wanted = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(delay_ms)
        self._build()
        self._timer.timeout.connect(self.look)
        self.textEdited.connect(self._typed)

    def _build(self) -> None:
        self.opener = QAction(icon("chevron", current_theme().palette.muted), _("Buka pilihan"), self)
        self.arrow = EdgeButton(self, self.opener)
        self.opener.triggered.connect(self._toggle)
        self.drop = DropList(self, _("Pilihan"))
        self.drop.taken.connect(self._take)

    def look(self, text: str | None = None) -> None:
        """Search for what stands in the line, or for another text ("" lists everything)."""
        wanted = self.text().strip() if text is None else text
        self._wanted = wanted
        self._search(wanted, lambda options: self._show(wanted, options))

    def is_open(self) -> bool:
        """True while options are on view."""
        return self.drop.is_open()

    def _typed(self, text: str) -> None:
        self.text_typed.emit()
        if text.strip():
            self._timer.start()
        else:
            self._timer.stop()
            self.drop.close_list()

    def _toggle(self) -> None:
        if self.is_open():
            self.drop.close_list()
        else:
            self.setFocus()
            self.look("")

    def _show(self, wanted: str, options: Sequence[Option]) -> None:
        if wanted != self._wanted or not self.hasFocus():
            return
        rows = [(f"{option.label} · {option.detail}" if option.detail else option.label, option) for option in options]
        self.drop.show_rows(rows, _("Tidak ada yang cocok."))

    def _take(self, option: Option) -> None:
        self.setText(option.label)
        self.picked.emit(option)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: D102
        super().focusOutEvent(event)
        self._timer.stop()
        self.drop.close_list()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: D102
        super().hideEvent(event)
        self._timer.stop()
        self.drop.close_list()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102
        if self.drop.key(event.key()):
            return
        if event.key() == Qt.Key.Key_Down and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.look("")
            return
        super().keyPressEvent(event)


def matching(options: Sequence[Option], text: str) -> list[Option]:
    """Options whose words hold the text, those that begin with it first."""
    wanted = text.casefold()
    found = [option for option in options if wanted in f"{option.label} {option.detail}".casefold()]
    return sorted(found, key=lambda option: not option.label.casefold().startswith(wanted))


def search_in(options: Callable[[], Sequence[Option]]) -> Search:
    """A search over options that are all here."""

    def search(text: str, deliver: Deliver) -> None:
        deliver(matching(options(), text) if text else options())

    return search


def label_of(value: Any) -> str:
    """Name in a reference answer; the text itself for anything else."""
    return str(value.get("name", "")) if isinstance(value, dict) else str(value)
