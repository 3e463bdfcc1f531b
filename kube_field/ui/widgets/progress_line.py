"""Long work: what is done of how much, how long it may still take, and a way to stop."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from kube_field.ui.formats import group_thousands
from kube_field.ui.widgets.buttons import quiet_button
from kube_field.ui.widgets.labels import make_label

MINUTE = 60


class ProgressLine(QWidget):
    """Hidden while nothing is going on.

    Signals: cancel_requested().
    """

    cancel_requested = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self.words = make_label("")
        self.cancel_button = quiet_button(_("Batal"))
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(name)
        line = QHBoxLayout()
        line.addWidget(self.words, 1)
        line.addWidget(self.cancel_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(line)
        column.addWidget(self.bar)
        self.cancel_button.clicked.connect(self.cancel_requested)
        self.hide()

    def show_progress(self, what: str, done: int, whole: int, seconds_left: float | None = None) -> None:
        """Show how far the work is; `seconds_left` None while nobody can tell."""
        parts = [
            _("{what} {done} dari {whole}").format(what=what, done=group_thousands(done), whole=group_thousands(whole))
        ]
        if seconds_left is not None and done < whole:
            parts.append(time_left(seconds_left))
        self.words.setText(" · ".join(parts))
        self.bar.setRange(0, whole)
        self.bar.setValue(done)
        self.cancel_button.show()
        self.show()

    def show_waiting(self, what: str, *, may_cancel: bool = False) -> None:
        """Show work of which nobody can tell how far it is; what is one step of its own cannot be stopped."""
        self.words.setText(what)
        self.bar.setRange(0, 0)
        self.cancel_button.setVisible(may_cancel)
        self.show()


def time_left(seconds: float) -> str:
    """A rough time, as one would say it."""
    if seconds < MINUTE:
        return _("kurang dari 1 menit lagi")
    return _("kira-kira {n} menit lagi").format(n=round(seconds / MINUTE))
