"""While the sample data are made: what is going on, and what went wrong when it did not work."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kube_field.ui.pages.page_frame import wide
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import primary_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.labels import make_label
from kube_field.ui.widgets.progress_line import ProgressLine

WIDTH = 480


class DemoStartPage(QWidget):
    """Signals: wanted() when it shall be tried again."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.served_by: list[object] = []
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        card = Card(_("Data contoh"))
        card.setFixedWidth(current_theme().px(WIDTH))
        self.progress = ProgressLine(_("Menyiapkan data contoh"))
        self.problem = make_label("", "error", wraps=True)
        self.again_button = wide(primary_button(_("Coba lagi")))
        self.again_button.clicked.connect(self.wanted)
        for widget in (self.progress, self.problem, self.again_button):
            card.body.addWidget(widget)
        title = make_label(_("KUBE Lapangan"), "title")
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(card)
        middle.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(current_theme().px(16))
        column.addStretch(1)
        column.addWidget(title)
        column.addLayout(middle)
        column.addStretch(2)

    def show_working(self) -> None:
        """The data are made, or opened when they were made before."""
        self.problem.hide()
        self.again_button.hide()
        self.progress.show_waiting(_("Menyiapkan data rekaan. Ini perlu beberapa saat."))

    def show_problem(self, text: str) -> None:
        """Say why it did not work."""
        self.progress.hide()
        self.problem.setText(text)
        self.problem.show()
        self.again_button.show()
        self.again_button.setFocus()
