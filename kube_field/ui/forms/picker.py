"""A line that searches while one types and takes one of what it finds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from gettext import gettext as _
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from kube_field.ui.forms.editor import Deliver, Option
from kube_field.ui.forms.field_line import FieldLine
from kube_field.ui.icons import icon
from kube_field.ui.theme import current_theme

Search = Callable[[str, Deliver], None]
SHOWN_ROWS = 8


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
        self.installEventFilter(self)
        self.list.itemClicked.connect(self._take)

    def _build(self) -> None:
        self.opener = QAction(icon("chevron", current_theme().palette.muted), _("Buka pilihan"), self)
        self.addAction(self.opener, QLineEdit.ActionPosition.TrailingPosition)
        self.opener.triggered.connect(self._toggle)
        self.popup = QFrame(self, Qt.WindowType.ToolTip)
        self.popup.setObjectName("popup")
        box = QVBoxLayout(self.popup)
        box.setContentsMargins(4, 4, 4, 4)
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(_("Pilihan"))
        box.addWidget(self.list)

    def look(self, text: str | None = None) -> None:
        """Search for what stands in the line, or for another text ("" lists everything)."""
        wanted = self.text().strip() if text is None else text
        self._wanted = wanted
        self._search(wanted, lambda options: self._show(wanted, options))

    def is_open(self) -> bool:
        """True while options are on view."""
        return not self.popup.isHidden()

    def _typed(self, text: str) -> None:
        self.text_typed.emit()
        if text.strip():
            self._timer.start()
        else:
            self._timer.stop()
            self.popup.hide()

    def _toggle(self) -> None:
        if self.is_open():
            self.popup.hide()
        else:
            self.setFocus()
            self.look("")

    def _show(self, wanted: str, options: Sequence[Option]) -> None:
        if wanted != self._wanted or not self.hasFocus():
            return
        self.list.clear()
        for option in options:
            item = QListWidgetItem(f"{option.label} · {option.detail}" if option.detail else option.label)
            item.setData(Qt.ItemDataRole.UserRole, option)
            self.list.addItem(item)
        if not options:
            nothing = QListWidgetItem(_("Tidak ada yang cocok."))
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(nothing)
        self.list.setCurrentRow(0)
        self._place()

    def _place(self) -> None:
        theme = current_theme()
        height = theme.px(36) * min(max(self.list.count(), 1), SHOWN_ROWS) + 12
        width = max(self.width(), theme.px(300))
        corner = self.mapToGlobal(QPoint(0, self.height() + 4))
        screen = self.screen().availableGeometry()
        if corner.y() + height > screen.bottom():
            corner = self.mapToGlobal(QPoint(0, -height - 4))
        self.popup.setGeometry(corner.x(), corner.y(), width, height)
        self.popup.show()
        self.popup.raise_()

    def _take(self, item: QListWidgetItem | None) -> None:
        option = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        self.popup.hide()
        if isinstance(option, Option):
            self.setText(option.label)
            self.picked.emit(option)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: D102
        if event.type() == QEvent.Type.FocusOut or event.type() == QEvent.Type.Hide:
            self._timer.stop()
            self.popup.hide()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if not self.is_open():
            if key == Qt.Key.Key_Down and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self.look("")
                return True
            return False
        if key == Qt.Key.Key_Escape:
            self.popup.hide()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if key == Qt.Key.Key_Down else -1
            self.list.setCurrentRow(max(0, min(self.list.currentRow() + step, self.list.count() - 1)))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.list.currentItem())
        else:
            return False
        return True


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
