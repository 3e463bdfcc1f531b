"""The page of a locked laptop: whose work it is, and the password that opens it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from kube_field.ui.pages.page_frame import clear_layout, scrolled_down, wide
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import primary_button, quiet_button, secondary_button
from kube_field.ui.widgets.labels import ElidedLabel, make_label
from kube_field.ui.widgets.password_field import PasswordField

CARD_WIDTH = 460
TILE_HEIGHT = 52
SECOND_MS = 1000


@dataclass(frozen=True, slots=True)
class OfficerTile:
    """One officer of this laptop; `unsent` is None while the laptop is locked and the number is not known."""

    user: str
    name: str
    unsent: int | None = None


def initials(name: str) -> str:
    """Up to two first letters: "Sri Wahyuni" gives SW."""
    words = [word for word in name.replace(".", " ").split() if word[:1].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


def forgot_words() -> str:
    """What helps today when a password is forgotten; there are no recovery codes yet."""
    return _(
        "Data di laptop ini tetap tersimpan dan tidak terhapus. Petugas lain di laptop ini dapat membukanya dengan kata"
        " sandinya sendiri dan mengirim semua yang menunggu, juga catatan Anda. Bila tidak ada petugas lain, hubungi"
        " kantor. Jangan menghapus data dan jangan memasang ulang aplikasi."
    )


def add_words() -> str:
    """How a further officer gets onto this laptop."""
    return _(
        "Petugas yang sudah terdaftar membuka laptop ini dulu, lalu memilih Sinkronisasi › Perangkat › Tambah petugas."
        " Petugas baru mengetik kode dari kantor dan kata sandinya sendiri di sana."
    )


class UnlockPage(QWidget):
    """Tiles of officers and a password.

    Signals: unlock_requested(user, password), repair_requested(user, password) where the database is damaged.
    """

    unlock_requested = Signal(str, str)
    repair_requested = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.served_by: list[object] = []
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._tiles = QButtonGroup(self)
        self._tiles.setExclusive(True)
        self._wait_seconds = 0
        self._timer = QTimer(self)
        self._timer.setInterval(SECOND_MS)
        self._build()
        self._connect()

    def _build(self) -> None:
        px = current_theme().px
        card = QFrame()
        card.setObjectName("card")
        card.setFixedWidth(px(CARD_WIDTH))
        column = QVBoxLayout(card)
        column.setContentsMargins(px(24), px(24), px(24), px(24))
        column.setSpacing(px(12))
        column.addWidget(make_label(_("KUBE Lapangan"), "title"))
        column.addWidget(make_label(_("Siapa yang bekerja?"), "quiet"))
        self._tile_box = QVBoxLayout()
        self._tile_box.setSpacing(px(8))
        column.addLayout(self._tile_box)
        column.addWidget(make_label(_("Kata sandi"), "strong"))
        self._password = PasswordField(_("Kata sandi"))
        column.addWidget(self._password)
        self._problem = make_label("", "error", wraps=True)
        self._problem.setAccessibleName(_("Pesan"))
        self._problem.hide()
        column.addWidget(self._problem)
        self.repair_button = wide(secondary_button(_("Pulihkan data")))
        self.repair_button.hide()
        column.addWidget(self.repair_button)
        self._open = wide(primary_button(_("Buka")))
        column.addWidget(self._open)
        self.forgot_button = quiet_button(_("Lupa kata sandi?"))
        self.add_button = quiet_button(_("Tambah petugas"))
        line = QHBoxLayout()
        line.addWidget(self.forgot_button)
        line.addStretch(1)
        line.addWidget(self.add_button)
        column.addLayout(line)
        self._advice = make_label("", "muted", wraps=True)
        self._advice.setAccessibleName(_("Penjelasan"))
        self._advice.hide()
        column.addWidget(self._advice)
        self._show_in_the_middle(card)

    def _show_in_the_middle(self, card: QWidget) -> None:
        """Stretches, not an alignment: only so the words that wrap get the height they need."""
        inner = QWidget()
        inner.setObjectName("scrolled")
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(card)
        middle.addStretch(1)
        column = QVBoxLayout(inner)
        column.addStretch(1)
        column.addLayout(middle)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled_down(inner))

    def _connect(self) -> None:
        self._password.entered.connect(self._on_open)
        self._password.text_changed.connect(lambda _text: self._on_typing())
        self._open.clicked.connect(self._on_open)
        self.repair_button.clicked.connect(self._on_repair)
        self.forgot_button.clicked.connect(lambda: self._advise(forgot_words()))
        self.add_button.clicked.connect(lambda: self._advise(add_words()))
        self._timer.timeout.connect(self._on_second)
        self._tiles.idClicked.connect(lambda _at: self._password.setFocus(Qt.FocusReason.OtherFocusReason))

    def show_officers(self, tiles: Sequence[OfficerTile]) -> None:
        """Show the officers of this laptop; the first one is chosen."""
        for button in self._tiles.buttons():
            self._tiles.removeButton(button)
        clear_layout(self._tile_box)
        for at, tile in enumerate(tiles):
            button = self._make_tile(tile)
            self._tiles.addButton(button, at)
            self._tile_box.addWidget(button)
        if tiles:
            self._tiles.button(0).setChecked(True)
        self._password.forget()
        self._password.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_problem(self, text: str, wait_seconds: int = 0, *, can_repair: bool = False) -> None:
        """Say why it did not open; with a wait the field is closed and counts down.

        With `can_repair` the password stays, since the repair needs it.
        """
        self._problem.setText(text)
        self._problem.show()
        self.repair_button.setVisible(can_repair)
        self.repair_button.setEnabled(True)
        if not can_repair:
            self._password.forget()
        self._wait_seconds = wait_seconds
        self._follow_wait()
        if wait_seconds:
            self._timer.start()

    def show_busy(self, busy: bool) -> None:
        """While the key is made (about a second) nothing can be pressed."""
        self._open.setEnabled(not busy and not self._wait_seconds)
        self._open.setText(_("Membuka…") if busy else _("Buka"))

    def show_repairing(self) -> None:
        """While the database is mended nothing can be pressed."""
        self.show_busy(True)
        self._open.setText(_("Memulihkan…"))
        self.repair_button.setEnabled(False)

    def show_repaired(self, words: str) -> None:
        """Say what was kept and what was not; the same password opens it now."""
        self._problem.hide()
        self.repair_button.hide()
        self._advice.setText(words)
        self._advice.show()

    @property
    def chosen_user(self) -> str:
        """Whose tile is chosen."""
        button = self._tiles.checkedButton()
        return str(button.property("user")) if button is not None else ""

    def _make_tile(self, tile: OfficerTile) -> QPushButton:
        px = current_theme().px
        button = QPushButton()
        button.setCheckable(True)
        button.setMinimumHeight(px(TILE_HEIGHT))
        button.setProperty("kind", "tile")
        button.setProperty("user", tile.user)
        name = tile.name or tile.user
        unsent = _("{n} belum terkirim").format(n=tile.unsent) if tile.unsent else ""
        button.setAccessibleName(" · ".join(part for part in (name, unsent) if part))
        line = QHBoxLayout(button)
        line.setContentsMargins(px(12), 0, px(12), 0)
        sign = make_label(initials(name), "initials")
        sign.setFixedSize(px(36), px(36))
        sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words = ElidedLabel(name, "strong")
        line.addWidget(sign)
        line.addWidget(words, 1)
        line.addWidget(make_label(unsent, "muted"))
        for label in (sign, words):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        return button

    def _advise(self, words: str) -> None:
        """Show the words under the card; the same words again put them away."""
        again = not self._advice.isHidden() and self._advice.text() == words
        self._advice.setText(words)
        self._advice.setVisible(not again)

    def _on_typing(self) -> None:
        if not self._wait_seconds and self._password.text:
            self._problem.hide()

    def _on_repair(self) -> None:
        if self._password.text and self.chosen_user:
            self.repair_requested.emit(self.chosen_user, self._password.text)

    def _on_open(self) -> None:
        if self._wait_seconds or not self._password.text or not self.chosen_user:
            return
        self.unlock_requested.emit(self.chosen_user, self._password.text)

    def _on_second(self) -> None:
        self._wait_seconds = max(0, self._wait_seconds - 1)
        self._follow_wait()
        if not self._wait_seconds:
            self._timer.stop()
            self._problem.hide()
            self._password.setFocus(Qt.FocusReason.OtherFocusReason)

    def _follow_wait(self) -> None:
        waiting = self._wait_seconds > 0
        self._password.set_ready(not waiting)
        self._open.setEnabled(not waiting)
        self._open.setText(_("Tunggu {n} detik").format(n=self._wait_seconds) if waiting else _("Buka"))
