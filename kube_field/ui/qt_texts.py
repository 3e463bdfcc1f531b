"""What Qt says by itself (context menus, standard buttons, file and print dialogs), in Indonesian: Qt brings none."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import QObject, QTranslator

PLURAL_ANY = -1


def qt_words() -> dict[str, str]:
    """Qt's English to ours; a mnemonic stays a mnemonic."""
    return {
        "&Undo": _("&Urungkan"),
        "&Redo": _("&Ulangi"),
        "Cu&t": _("&Potong"),
        "&Copy": _("&Salin"),
        "&Paste": _("&Tempel"),
        "Delete": _("Hapus"),
        "&Delete": _("&Hapus"),
        "Select All": _("Pilih semua"),
        "Copy &Link Location": _("Salin &tautan"),
        "OK": _("OK"),
        "&OK": _("&OK"),
        "Cancel": _("Batal"),
        "&Cancel": _("&Batal"),
        "Close": _("Tutup"),
        "&Close": _("&Tutup"),
        "Yes": _("Ya"),
        "&Yes": _("&Ya"),
        "No": _("Tidak"),
        "&No": _("&Tidak"),
        "Save": _("Simpan"),
        "&Save": _("&Simpan"),
        "Save As": _("Simpan sebagai"),
        "Open": _("Buka"),
        "&Open": _("&Buka"),
        "&Choose": _("&Pilih"),
        "Apply": _("Terapkan"),
        "Help": _("Bantuan"),
        "Discard": _("Buang"),
        "Retry": _("Coba lagi"),
        "Look in:": _("Cari di:"),
        "File &name:": _("&Nama berkas:"),
        "Files of type:": _("Jenis berkas:"),
        "Directory:": _("Folder:"),
        "Computer": _("Komputer"),
        "Name": _("Nama"),
        "Size": _("Ukuran"),
        "Type": _("Jenis"),
        "Date Modified": _("Tanggal diubah"),
        "All Files (*)": _("Semua berkas (*)"),
        "Back": _("Kembali"),
        "Forward": _("Maju"),
        "Parent Directory": _("Folder induk"),
        "Create New Folder": _("Buat folder baru"),
        "List View": _("Tampilan daftar"),
        "Detail View": _("Tampilan rincian"),
        "Print": _("Cetak"),
        "&Print": _("&Cetak"),
        "Printer": _("Pencetak"),
        "Copies": _("Rangkap"),
        "Print range": _("Halaman yang dicetak"),
        "Print all": _("Cetak semua"),
        "Pages from": _("Halaman"),
        "to": _("sampai"),
        "Next Month": _("Bulan berikutnya"),
        "Previous Month": _("Bulan sebelumnya"),
    }


class QtTexts(QTranslator):
    """Answers for Qt's own words; every other text is left as it is."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = qt_words()

    def translate(
        self, context: str, source: str, disambiguation: str | None = None, n: int = PLURAL_ANY
    ) -> str | None:
        """Our word for one of Qt's; None for a text that is not Qt's own."""
        return self._words.get(source)

    def isEmpty(self) -> bool:  # noqa: N802
        """False: Qt asks nobody who says that he has nothing."""
        return False
