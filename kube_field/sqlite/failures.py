"""What a failing SQLite means to the officer."""

from __future__ import annotations

from gettext import gettext as _

from kube_field.errors import Failure, KubeFieldError

BUSY, LOCKED, READ_ONLY, IO_ERROR, CORRUPT, FULL, CANNOT_OPEN, NOT_A_DATABASE = 5, 6, 8, 10, 11, 13, 14, 26
"""Primary result codes of SQLite."""
DATABASE_DAMAGED = "DATABASE_DAMAGED"
"""Code of the failure that a repair can mend."""


def failure_of(error: BaseException) -> KubeFieldError | None:
    """The failure that the officer can act on, or None when the error is our own mistake (wrong SQL, constraint)."""
    code = getattr(error, "sqlite_errorcode", None)
    if not isinstance(code, int):
        return None
    primary = code & 0xFF
    if primary == FULL:
        return disk_full()
    if primary in (IO_ERROR, READ_ONLY, CANNOT_OPEN):
        return _not_writable()
    if primary in (CORRUPT, NOT_A_DATABASE):
        return damaged()
    if primary in (BUSY, LOCKED):
        return _in_use()
    return None


def disk_full() -> KubeFieldError:
    """The disk has no room: nothing was stored."""
    return KubeFieldError(
        Failure.DISK_FULL,
        _("Ruang penyimpanan laptop penuh. Perubahan terakhir belum tersimpan."),
        _("Kosongkan ruang, lalu simpan lagi. Data yang sudah tersimpan tetap aman."),
    )


def damaged() -> KubeFieldError:
    """The file cannot be read with the right key: a damaged disk or file, not a wrong password."""
    return KubeFieldError(
        Failure.INTEGRITY,
        _("Berkas data di laptop ini rusak dan tidak dapat dibaca."),
        _("Jangan hapus apa pun. Pilih Pulihkan data saat membuka KUBE Lapangan: yang belum terkirim ada salinannya."),
        code=DATABASE_DAMAGED,
    )


def _not_writable() -> KubeFieldError:
    return KubeFieldError(
        Failure.DISK_FULL,
        _("Penyimpanan laptop tidak dapat ditulis. Perubahan terakhir belum tersimpan."),
        _("Periksa ruang kosong dan keadaan disk, lalu coba lagi. Data yang sudah tersimpan tetap aman."),
        code="DISK_NOT_WRITABLE",
    )


def _in_use() -> KubeFieldError:
    return KubeFieldError(
        Failure.ALREADY_RUNNING,
        _("Data sedang dipakai oleh proses lain di laptop ini."),
        _("Tunggu sebentar, lalu coba lagi. Data Anda aman."),
        code="DATABASE_IN_USE",
    )
