"""Find one thing and choose it inside the page: a search field with a list of answers under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from kube_field.ui.widgets.buttons import quiet_button

SEARCH_DELAY_MS = 200
KEY_ROLE = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class Choosable:
    """One answer of the list: what comes back, what is read first, what tells it from its namesakes."""

    key: str
    title: str
    detail: str = ""


class ChoicePanel(QFrame):
    """Hidden until `open_for`; Down goes to the list, Enter chooses, Esc closes.

    Signals: text_changed(text) after a short pause, chosen(key), closed().
    """

    text_changed = Signal(str)
    chosen = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SEARCH_DELAY_MS)
        self._build()
        self._connect()
        self.hide()

    def _build(self) -> None:
        self.setObjectName("card")
        self._title = QLabel()
        self._title.setProperty("role", "strong")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._close = quiet_button(_("Tutup"))
        self._edit = QLineEdit()
        self._edit.setObjectName("choiceText")
        self._edit.installEventFilter(self)
        self._list = QListWidget()
        self._list.setObjectName("choiceList")
        self._list.setAccessibleName(_("Hasil pencarian"))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._empty = QLabel()
        self._empty.setTextFormat(Qt.TextFormat.PlainText)
        self._empty.setProperty("role", "muted")
        self._empty.setWordWrap(True)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(self._edit)
        column.addWidget(self._empty)
        column.addWidget(self._list)

    def _connect(self) -> None:
        self._timer.timeout.connect(lambda: self.text_changed.emit(self._edit.text().strip()))
        self._edit.textChanged.connect(lambda _text: self._timer.start())
        self._edit.returnPressed.connect(self._choose_first)
        self._list.itemActivated.connect(self._on_item)
        self._list.itemClicked.connect(self._on_item)
        self._close.clicked.connect(self.close_panel)

    def open_for(self, title: str, help_text: str) -> None:
        """Show the panel empty and ask for the first answers."""
        self._title.setText(title)
        self._edit.setAccessibleName(title)
        self._edit.clear()
        self._timer.stop()
        self._empty.setText(help_text)
        self._list.clear()
        self._list.hide()
        self._empty.show()
        self.show()
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.text_changed.emit("")

    def show_choices(self, found: Sequence[Choosable]) -> None:
        """Show what was found for the text as it stands."""
        self._list.clear()
        for choice in found:
            text = f"{choice.title}   ·   {choice.detail}" if choice.detail else choice.title
            item = QListWidgetItem(text, self._list)
            item.setData(KEY_ROLE, choice.key)
        self._list.setVisible(bool(found))
        self._empty.setVisible(not found)
        if not found and self._edit.text().strip():
            self._empty.setText(_("Tidak ada yang cocok. Periksa ejaan, atau ketik sebagian nama saja."))
        rows = min(len(found), 6)
        self._list.setFixedHeight(max(1, rows) * max(self._list.sizeHintForRow(0), 1) + 8)

    def close_panel(self) -> None:
        """Put the panel away."""
        self._timer.stop()
        self.hide()
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down in the field goes to the list."""
        down = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Down
        if watched is self._edit and down and self._list.count():
            self._list.setFocus(Qt.FocusReason.TabFocusReason)
            self._list.setCurrentRow(0)
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
            return
        super().keyPressEvent(event)

    def _choose_first(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self.text_changed.emit(self._edit.text().strip())
        if self._list.count() == 1:
            self._on_item(self._list.item(0))
        elif self._list.count():
            self._list.setFocus(Qt.FocusReason.TabFocusReason)
            self._list.setCurrentRow(0)

    def _on_item(self, item: QListWidgetItem) -> None:
        key = str(item.data(KEY_ROLE))
        self.hide()
        self.chosen.emit(key)
