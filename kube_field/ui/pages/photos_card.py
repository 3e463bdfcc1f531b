"""Foto di laptop ini: what photos take here, and whether colleagues' photos come and old copies go by themselves."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kube_field.ui.formats import file_size
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.choices import RadioChoice
from kube_field.ui.widgets.labels import make_label, make_line
from kube_field.usecases.photo_keeping import PhotoKeeping, PhotoRoom


class PhotosCard(QWidget):
    """Signals: keeping_chosen(PhotoKeeping) when the officer decided otherwise."""

    keeping_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self.choices = {keeping: RadioChoice(words) for keeping, words in _words().items()}
        self.room = make_label("", wraps=True)
        self._build()
        for keeping, choice in self.choices.items():
            choice.clicked.connect(lambda _checked, chosen=keeping: self.keeping_chosen.emit(chosen))

    def _build(self) -> None:
        px = current_theme().px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(8), px(12), 0)
        column.setSpacing(px(4))
        column.addWidget(make_label(_("Foto di laptop ini"), "heading"))
        column.addWidget(make_line())
        column.addWidget(self.room)
        for choice in self.choices.values():
            column.addWidget(choice)
        words = _(
            "Foto yang dihapus dari laptop tetap ada di server. Laporan yang dicetak lagi tanpa fotonya menunjukkan "
            "kotak kosong; unduh dulu dengan tombol Unduh foto pada dokumennya. Cap jempol tidak pernah dihapus."
        )
        column.addWidget(make_label(words, "muted", wraps=True))

    def show_room(self, room: PhotoRoom) -> None:
        """Show what photos take, and how it is wanted."""
        words = _("{n} foto memakai {size}.").format(n=room.count, size=file_size(room.bytes))
        if not room.count:
            words = _("Belum ada foto di laptop ini.")
        elif room.spare:
            spare = _("{n} foto ({size}) sudah 60 hari di server.")
            words = f"{words} {spare.format(n=room.spare, size=file_size(room.spare_bytes))}"
        self.room.setText(words)
        self.choices[room.keeping].setChecked(True)


def _words() -> dict[PhotoKeeping, str]:
    return {
        PhotoKeeping.AS_NEEDED: _("Simpan semua yang ada di sini; foto rekan diunduh bila diperlukan"),
        PhotoKeeping.BRING_ALL: _("Ambil juga foto kunjungan rekan setiap kali tersambung (paling banyak 50 MB)"),
        PhotoKeeping.TAKE_OFF: _("Hapus dari laptop foto yang sudah 60 hari tersimpan di server"),
    }
