"""What Qt says by itself (context menus, standard buttons, file and print dialogs), in Indonesian: Qt brings none."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _
from types import MappingProxyType

from PySide6.QtCore import QObject, QTranslator

PLURAL_ANY = -1


QT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "&Undo": "&Urungkan",
        "&Redo": "&Ulangi",
        "Cu&t": "&Potong",
        "&Copy": "&Salin",
        "&Paste": "&Tempel",
        "Delete": "Hapus",
        "&Delete": "&Hapus",
        "Select All": "Pilih semua",
        "Copy &Link Location": "Salin &tautan",
        "OK": "OK",
        "&OK": "&OK",
        "Cancel": "Batal",
        "&Cancel": "&Batal",
        "Close": "Tutup",
        "&Close": "&Tutup",
        "Yes": "Ya",
        "&Yes": "&Ya",
        "No": "Tidak",
        "&No": "&Tidak",
        "Save": "Simpan",
        "&Save": "&Simpan",
        "Save As": "Simpan sebagai",
        "Open": "Buka",
        "&Open": "&Buka",
        "&Choose": "&Pilih",
        "Apply": "Terapkan",
        "Help": "Bantuan",
        "Discard": "Buang",
        "Retry": "Coba lagi",
        "Look in:": "Cari di:",
        "&Look in:": "&Cari di:",
        "File &name:": "&Nama berkas:",
        "Files of type:": "Jenis berkas:",
        "Files of &type:": "&Jenis berkas:",
        "Directory:": "Folder:",
        "Computer": "Komputer",
        "Name": "Nama",
        "Size": "Ukuran",
        "Type": "Jenis",
        "Date Modified": "Tanggal diubah",
        "All Files (*)": "Semua berkas (*)",
        "Back": "Kembali",
        "Forward": "Maju",
        "Parent Directory": "Folder induk",
        "Create New Folder": "Buat folder baru",
        "List View": "Tampilan daftar",
        "Detail View": "Tampilan rincian",
        "Print": "Cetak",
        "&Print": "&Cetak",
        "Printer": "Pencetak",
        "Copies": "Rangkap",
        "Print range": "Halaman yang dicetak",
        "Print all": "Cetak semua",
        "Pages from": "Halaman",
        "to": "sampai",
        "Next Month": "Bulan berikutnya",
        "Previous Month": "Bulan sebelumnya",
    }
)
"""Qt's English to ours; a mnemonic stays a mnemonic."""


class QtTexts(QTranslator):
    """Answers for Qt's own words; every other text is left as it is."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = {english: _(ours) for english, ours in QT_WORDS.items()}

    def translate(
        self, context: str, source: str, disambiguation: str | None = None, n: int = PLURAL_ANY
    ) -> str | None:
        """Our word for one of Qt's; None for a text that is not Qt's own."""
        return self._words.get(source)

    def isEmpty(self) -> bool:  # noqa: N802
        """False: Qt asks nobody who says that he has nothing."""
        return False
