"""A card: a white surface with a heading, for everything that belongs together."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kube_field.ui.widgets.labels import make_label, make_line


class Card(QFrame):
    """A surface; add content to `.body` (a vertical layout)."""

    def __init__(self, title: str = "", right: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 12, 16, 12)
        outer.setSpacing(8)
        self.title_label = make_label(title, "heading")
        if title or right is not None:
            head = QHBoxLayout()
            head.setSpacing(8)
            head.addWidget(self.title_label, 1)
            if right is not None:
                head.addWidget(right)
            outer.addLayout(head)
            outer.addWidget(make_line())
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        outer.addLayout(self.body, 1)

    def set_title(self, title: str) -> None:
        """Replace the heading."""
        self.title_label.setText(title)
