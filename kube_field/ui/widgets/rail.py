"""The navigation rail: icon and word, icons alone where the window is narrow."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from kube_field.ui.icons import icon
from kube_field.ui.navigation import RailEntry
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import icon_button, literal, quiet_button
from kube_field.ui.widgets.labels import ElidedLabel, make_label, make_line, plain_tip, restyle

WIDE, NARROW = 190, 64


class Rail(QFrame):
    """Entries, and below them the officer with Kunci.

    Signals: `entry_chosen(key)`, `lock_requested()`.
    """

    entry_chosen = Signal(str)
    lock_requested = Signal()

    def __init__(self, entries: Sequence[RailEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self._entries = tuple(entries)
        self._buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._narrow: bool | None = None
        self._build()
        self.set_narrow(False)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(4)
        self.name_label = make_label(_("KUBE Lapangan"), "heading")
        self.area_label = ElidedLabel("", "muted")
        column.addWidget(self.name_label)
        column.addWidget(self.area_label)
        column.addSpacing(12)
        for at, entry in enumerate(self._entries, start=1):
            column.addWidget(self._make_button(at, entry))
        column.addStretch(1)
        self.foot_line = make_line()
        column.addWidget(self.foot_line)
        foot = QHBoxLayout()
        foot.setSpacing(4)
        self.officer_label = ElidedLabel("")
        self.lock_button = quiet_button(_("Kunci"))
        self.lock_icon = icon_button("lock", _("Kunci layar"))
        foot.addWidget(self.officer_label, 1)
        foot.addWidget(self.lock_button)
        foot.addWidget(self.lock_icon, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(foot)
        self.lock_button.clicked.connect(self.lock_requested)
        self.lock_icon.clicked.connect(self.lock_requested)

    def _make_button(self, at: int, entry: RailEntry) -> QPushButton:
        palette = current_theme().palette
        button = QPushButton()
        button.setObjectName(f"rail_{entry.key}")
        button.setProperty("kind", "rail")
        button.setCheckable(True)
        button.setIcon(icon(entry.icon, palette.muted, palette.accent))
        size = current_theme().px(20)
        button.setIconSize(QSize(size, size))
        button.setAccessibleName(entry.word)
        button.setToolTip(_("{word} (Alt+{n})").format(word=entry.word, n=at))
        button.clicked.connect(lambda _checked=False, key=entry.key: self.entry_chosen.emit(key))
        self._group.addButton(button)
        self._buttons[entry.key] = button
        return button

    def has(self, key: str) -> bool:
        """True when the rail has an entry with this key."""
        return key in self._buttons

    def mark(self, key: str) -> None:
        """Show which entry is open; none for a key that the rail does not have."""
        self._group.setExclusive(False)
        for name, button in self._buttons.items():
            button.setChecked(name == key)
        self._group.setExclusive(True)

    def show_officer(self, name: str, area: str) -> None:
        """Who works here, and where."""
        self.officer_label.show_text(name)
        self.area_label.show_text(area)
        self.lock_icon.setToolTip(plain_tip(_("Kunci layar · {name}").format(name=name)))

    def set_narrow(self, narrow: bool) -> None:
        """Icons alone, or icons with words."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        self.setFixedWidth(current_theme().px(NARROW if narrow else WIDE))
        for entry in self._entries:
            button = self._buttons[entry.key]
            button.setText("" if narrow else literal("  " + entry.word))
            button.setProperty("narrow", narrow)
            restyle(button)
        for widget in (self.name_label, self.area_label, self.officer_label, self.lock_button):
            widget.setVisible(not narrow)
        self.lock_icon.setVisible(narrow)
