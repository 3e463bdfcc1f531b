"""One field that two people changed: both versions side by side, the value before in grey, or another value typed."""

from __future__ import annotations

from gettext import gettext as _
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QRadioButton, QVBoxLayout, QWidget

from kube_field.domain.forms.evaluation import is_blank
from kube_field.ui.formats import wita_text
from kube_field.ui.forms.editor import Editor, Surroundings
from kube_field.ui.forms.editors import make_editor
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.labels import make_label, restyle
from kube_field.usecases.conflicts import FieldConflict, Version
from kube_field.usecases.settling import waiting_for

COLUMNS = 2


class VersionCard(QFrame):
    """One value with its author and time; a click anywhere chooses it."""

    def __init__(self, heading: str, version: Version | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("version")
        px = current_theme().px
        self.radio = QRadioButton(heading.replace("&", "&&"))
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(px(8), px(2), px(12), px(8))
        self.box.setSpacing(px(2))
        self.box.addWidget(self.radio)
        if version is not None:
            self._add_version(heading, version)
        self.radio.toggled.connect(self._show_chosen)

    def _add_version(self, heading: str, version: Version) -> None:
        value = make_label(version.text, "strong", wraps=True)
        value.setIndent(current_theme().px(24))
        words = " · ".join(part for part in (version.by, wita_text(version.at) if version.at else "") if part)
        self.box.addWidget(value)
        if words:
            who = make_label(words, "muted", wraps=True)
            who.setIndent(current_theme().px(24))
            self.box.addWidget(who)
        self.box.addStretch(1)
        self.radio.setAccessibleName(f"{heading}: {version.text}, {words}".removesuffix(", "))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: D102
        self.radio.setFocus(Qt.FocusReason.MouseFocusReason)
        self.radio.setChecked(True)
        super().mousePressEvent(event)

    def _show_chosen(self, chosen: bool) -> None:
        self.setProperty("chosen", chosen)
        restyle(self)


class ConflictBlock(QWidget):
    """The choice for one field. Signals: `changed()`."""

    changed = Signal()

    def __init__(self, conflict: FieldConflict, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self.conflict = conflict
        self._group = QButtonGroup(self)
        self._values: dict[int, Any] = {}
        self.editor: Editor | None = None
        px = current_theme().px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(4), 0, px(4))
        column.setSpacing(px(4))
        column.addWidget(make_label(conflict.label, "heading", wraps=True))
        column.addWidget(make_label(_("Sebelumnya: {base}").format(base=conflict.base), "quiet", wraps=True))
        self.apart = make_label("", "muted", wraps=True)
        self.apart.setText(_("Belum masuk karena tidak cocok dengan isian lain: {why}").format(why=conflict.apart))
        self.apart.setVisible(bool(conflict.apart))
        column.addWidget(self.apart)
        self.refused = make_label("", "error", wraps=True)
        self.refused.setText(_("Pilihan Anda sebelumnya ditolak server: {why}").format(why=conflict.refused))
        self.refused.setVisible(bool(conflict.refused))
        column.addWidget(self.refused)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(px(12))
        self._grid.setVerticalSpacing(px(8))
        for at in range(COLUMNS):
            self._grid.setColumnStretch(at, 1)
        column.addLayout(self._grid)
        self._add_versions()
        if conflict.both and conflict.settles:
            self._add_wide(VersionCard(_("Simpan keduanya"), Version(conflict.both, conflict.both, "", "", mine=False)))
            self._values[len(self.cards) - 1] = conflict.both
        if conflict.may_type and conflict.settles and conflict.question is not None:
            self._add_typing(around)
        if not conflict.settles:
            self._leave_to_others(column)
        self.error = make_label("", "error", wraps=True)
        self.error.hide()
        column.addWidget(self.error)
        self._group.idToggled.connect(self._on_toggled)

    def _add_versions(self) -> None:
        shown = [(_heading(version), version) for version in self.conflict.others]
        server = self.conflict.server
        shown.insert(1, (_("Versi server (tulisan Anda)") if server.mine else _("Versi server"), server))
        self.cards = [VersionCard(heading, version) for heading, version in shown]
        for at, (card, (_heading_text, version)) in enumerate(zip(self.cards, shown, strict=True)):
            self._grid.addWidget(card, at // COLUMNS, at % COLUMNS)
            self._group.addButton(card.radio, at)
            self._values[at] = version.value
        written = zip(self.cards, (version for _heading_text, version in shown), strict=True)
        mine = [(version.at, card) for card, version in written if version.mine]
        self._mine = [card for _at, card in sorted(mine, key=lambda one: one[0])]

    def _add_typing(self, around: Surroundings) -> None:
        assert self.conflict.question is not None
        card = VersionCard(_("Tulis nilai lain"), None)
        self.editor = make_editor(self.conflict.question, around, compact=True)
        self.editor.setAccessibleName(_("Nilai lain untuk {label}").format(label=self.conflict.label))
        self.editor.setContentsMargins(current_theme().px(24), 0, 0, 0)
        self.editor.hide()
        self.editor.changed.connect(self._on_typed)
        card.box.addWidget(self.editor)
        self._add_wide(card)

    def _add_wide(self, card: VersionCard) -> None:
        """A card below all others, as wide as two of them."""
        self._grid.addWidget(card, self._grid.rowCount(), 0, 1, COLUMNS)
        self._group.addButton(card.radio, len(self.cards))
        self.cards.append(card)

    def _leave_to_others(self, column: QVBoxLayout) -> None:
        """Show both values; those who wrote them choose."""
        names = [version.by for version in (self.conflict.server, *self.conflict.others) if version.by]
        column.addWidget(make_label(waiting_for(names), "quiet", wraps=True))
        for card in self.cards:
            card.setEnabled(False)

    def is_decided(self) -> bool:
        """True once a value was chosen, or another one typed."""
        chosen = self._group.checkedId()
        return chosen >= 0 and (chosen in self._values or not is_blank(self._typed()))

    def value(self) -> Any:
        """The chosen value; call it when `is_decided`."""
        chosen = self._group.checkedId()
        return self._values[chosen] if chosen in self._values else self._typed()

    def has_mine(self) -> bool:
        """True when the officer wrote one of the values."""
        return bool(self._mine)

    def choose_mine(self) -> None:
        """Take the value that the officer wrote, wherever it stands; without one nothing is chosen."""
        if self._mine and self.conflict.settles:
            self._mine[-1].radio.setChecked(True)

    def choose_server(self) -> None:
        """Take what stands on the server."""
        if self.conflict.settles:
            self.cards[1].radio.setChecked(True)

    def show_error(self, text: str) -> None:
        """What is wrong with the value; "" takes it away."""
        self.error.setText(text)
        self.error.setVisible(bool(text))

    def _typed(self) -> Any:
        return self.editor.value() if self.editor is not None else None

    def _on_typed(self) -> None:
        self.show_error("")
        self.changed.emit()

    def _on_toggled(self, at: int, chosen: bool) -> None:
        if self.editor is not None and at not in self._values:
            self.editor.setVisible(chosen)
            if chosen:
                self.editor.start_typing()
        if chosen:
            self.show_error("")
            self.changed.emit()


def _heading(version: Version) -> str:
    if version.mine:
        return _("Versi saya")
    if not version.by:
        return _("Versi lain")
    return _("Versi {name}").format(name=version.by)
