"""The quiet bar in a page: one sentence, one action; never a dialog."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from kube_field.ui.icons import icon
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import icon_button, literal, quiet_button
from kube_field.ui.widgets.labels import make_label, restyle


class NoticeBar(QFrame):
    """Hidden until `show_notice`; a notice with `seconds` leaves by itself, one without stays until it is closed.

    Signals: `action_requested()`, `closed()`.
    """

    action_requested = Signal()
    closed = Signal()

    def __init__(self, text: str = "", action_text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._on_action: Callable[[], None] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._build()
        self._connect()
        self.hide()
        if text:
            self.show_notice(text, action_text)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 8, 4)
        row.setSpacing(12)
        self.label = make_label("", wraps=True)
        self.button = quiet_button("")
        self.close_button = icon_button("close", _("Tutup"))
        row.addWidget(self.label, 1)
        row.addWidget(self.button)
        row.addWidget(self.close_button)

    def _connect(self) -> None:
        self.button.clicked.connect(self._act)
        self.close_button.clicked.connect(self.dismiss)
        self._timer.timeout.connect(self.dismiss)

    def show_notice(
        self,
        text: str,
        action_text: str = "",
        on_action: Callable[[], None] | None = None,
        *,
        seconds: int = 0,
        critical: bool = False,
    ) -> None:
        """Show a sentence with at most one action; `critical` for a failure that stays visible."""
        self.label.setText(text)
        self.button.setText(literal(action_text))
        self.button.setVisible(bool(action_text))
        self._on_action = on_action
        self.setProperty("tone", "critical" if critical else "")
        palette = current_theme().palette
        self.close_button.setIcon(icon("close", palette.text if critical else palette.surface))
        for widget in (self, self.label, self.button):
            restyle(widget)
        self.setAccessibleName(text)
        self._timer.stop()
        if seconds:
            self._timer.start(seconds * 1000)
        self.show()

    def dismiss(self) -> None:
        """Take the notice away."""
        self._timer.stop()
        self._on_action = None
        self.hide()
        self.closed.emit()

    def _act(self) -> None:
        on_action = self._on_action
        self.dismiss()
        self.action_requested.emit()
        if on_action is not None:
            on_action()
