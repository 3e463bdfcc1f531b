"""The causes of a failed run, one sentence and one action each (screen design S01 to S09); the queue is safe in all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from gettext import gettext as _

from kube_field.errors import Failure, KubeFieldError
from kube_field.wire.refusals import Refusal, RefusalCode


def no_network() -> KubeFieldError:
    """S01: no connection at all."""
    return KubeFieldError(
        Failure.NO_NETWORK,
        _("Tidak ada jaringan."),
        _("Sambungkan laptop ke internet, lalu coba lagi. Data Anda aman di laptop."),
        code="S01",
    )


def clock_is_wrong(day: str = "") -> KubeFieldError:
    """S03: the laptop's clock does not agree with the server or the certificate."""
    sentence = _("Jam laptop tampaknya salah ({day}).").format(day=day) if day else _("Jam laptop tampaknya salah.")
    return KubeFieldError(
        Failure.INSECURE_CONNECTION,
        sentence,
        _("Perbaiki tanggal dan jam laptop, lalu coba lagi. Data Anda aman di laptop."),
        code="S03",
    )


def no_answer(retry_after: int = 0) -> KubeFieldError:
    """S04: the server does not answer, or the line broke."""
    return KubeFieldError(
        Failure.NO_NETWORK,
        _("Server provinsi tidak menjawab."),
        _("Akan dicoba lagi dalam 15 menit. Data Anda aman di laptop."),
        code="S04",
        retry_after=retry_after,
    )


def busy(message: str = "", retry_after: int = 0) -> KubeFieldError:
    """The server answers that it cannot now."""
    return KubeFieldError(
        Failure.NO_NETWORK,
        message or _("Server provinsi sedang sibuk."),
        _("Akan dicoba lagi dalam 15 menit. Data Anda aman di laptop."),
        code="BUSY",
        retry_after=retry_after,
    )


def server_fault(message: str = "") -> KubeFieldError:
    """The server answers that something went wrong there."""
    return KubeFieldError(
        Failure.BUG,
        message or _("Server provinsi mengalami gangguan."),
        _("Akan dicoba lagi dalam 15 menit; bila terulang, laporkan kepada admin provinsi. Data Anda aman di laptop."),
        code="SERVER_FAULT",
    )


def not_understood(message: str = "") -> KubeFieldError:
    """The server cannot read what this program says."""
    return KubeFieldError(
        Failure.BUG,
        message or _("Server tidak dapat membaca kiriman laptop ini."),
        _("Laporkan kepada admin provinsi; mungkin program perlu diperbarui. Data Anda aman di laptop."),
        code="NOT_UNDERSTOOD",
    )


def too_large(message: str = "") -> KubeFieldError:
    """One message is more than the server, or something before it, lets through; it cannot be made smaller."""
    return KubeFieldError(
        Failure.NOT_ALLOWED,
        message or _("Satu kiriman terlalu besar bagi jaringan atau server ini."),
        _("Coba jaringan lain; bila terulang, laporkan kepada admin provinsi. Data Anda aman di laptop."),
        code="TOO_LARGE",
    )


def login_refused(message: str = "") -> KubeFieldError:
    """S05: the server does not know this laptop or its officer."""
    return KubeFieldError(
        Failure.NOT_ALLOWED,
        message or _("Server menolak masuk dengan nama atau kode ini."),
        _("Daftarkan ulang laptop atau hubungi admin provinsi. Antrean Anda aman di laptop."),
        code="S05",
    )


def app_too_old() -> KubeFieldError:
    """S06: the server gives nothing to this program any more; what is sent it still takes."""
    return KubeFieldError(
        Failure.NOT_ALLOWED,
        _("Program di laptop ini sudah terlalu lama. Data Anda tetap terkirim, tetapi pembaruan tidak dapat diambil."),
        _("Pasang program yang baru, lalu sinkronkan lagi."),
        code="S06",
    )


def data_differ() -> KubeFieldError:
    """What was downloaded is not what the server has, although it was compared and downloaded anew."""
    return KubeFieldError(
        Failure.INTEGRITY,
        _("Sebagian data di laptop ini belum sama dengan data server."),
        _("Laporkan kepada admin provinsi. Yang Anda tulis aman dan tetap terkirim."),
        code="DATA_DIFFERS",
    )


def too_many_tries(message: str) -> KubeFieldError:
    """Codes or passwords were guessed from here too often."""
    return KubeFieldError(
        Failure.NOT_ALLOWED,
        message,
        _("Tunggu 15 menit, lalu coba lagi dengan kode yang benar. Data Anda aman di laptop."),
        code="TOO_MANY_TRIES",
    )


def code_refused(message: str = "") -> KubeFieldError:
    """S05 while enrolling: the one-time code is not known, used up or too old."""
    return KubeFieldError(
        Failure.NOT_ALLOWED,
        message or _("Kode pendaftaran ditolak server."),
        _("Periksa hurufnya, atau minta kode baru dari kantor."),
        code="S05",
    )


def revoked() -> KubeFieldError:
    """The laptop or the officer was taken off the server."""
    return KubeFieldError(
        Failure.REVOKED,
        _("Laptop ini tidak diizinkan lagi oleh server provinsi."),
        _("Hubungi admin provinsi. Data yang belum terkirim tetap tersimpan di laptop."),
        code="REVOKED",
    )


def certificate_changed() -> KubeFieldError:
    """S09: the server's certificate is not one that the laptop trusts."""
    return KubeFieldError(
        Failure.INSECURE_CONNECTION,
        _("Sertifikat server berubah atau tidak dikenal. Tidak ada data yang dikirim."),
        _("Jangan lanjutkan di jaringan ini; hubungi admin provinsi. Data Anda aman di laptop."),
        code="S09",
    )


def certificate_expired(until: str) -> KubeFieldError:
    """The server's certificate ran out, or does not hold yet, and the laptop's clock is right."""
    return KubeFieldError(
        Failure.INSECURE_CONNECTION,
        _("Sertifikat server tidak berlaku hari ini (sampai {until}). Tidak ada data yang dikirim.").format(
            until=until
        ),
        _("Laporkan kepada admin provinsi: sertifikat server perlu diperbarui. Data Anda aman di laptop."),
        code="CERTIFICATE_EXPIRED",
    )


def foreign_server() -> KubeFieldError:
    """The address is answered by something that is not our server, or not the one that this laptop belongs to."""
    return KubeFieldError(
        Failure.INSECURE_CONNECTION,
        _("Yang menjawab bukan server KUBE provinsi Anda. Tidak ada data yang dikirim."),
        _("Periksa alamat server, atau masuk dulu ke jaringan ini. Data Anda aman di laptop."),
        code="WRONG_SERVER",
    )


def login_page() -> KubeFieldError:
    """S02: the network wants a login page first."""
    return KubeFieldError(
        Failure.INSECURE_CONNECTION,
        _("Jaringan ini meminta masuk lewat halaman web. Tidak ada data yang dikirim."),
        _("Buka peramban dan masuk ke jaringan, lalu coba lagi. Data Anda aman di laptop."),
        code="S02",
    )


def not_encrypted() -> KubeFieldError:
    """Plain http to another machine."""
    return KubeFieldError(
        Failure.INSECURE_CONNECTION,
        _("Alamat server harus diawali https://. Sambungan tanpa pengaman ditolak."),
        _("Periksa alamat server. Data Anda aman di laptop."),
        code="PLAIN_HTTP",
    )


def trouble_of(refusal: Refusal) -> KubeFieldError:
    """What a refusal means to the officer, in the server's own words where it has some."""
    words: Mapping[RefusalCode, Callable[[str], KubeFieldError]] = {
        RefusalCode.DEVICE_REVOKED: lambda _message: revoked(),
        RefusalCode.TOO_MANY_TRIES: too_many_tries,
        RefusalCode.CODE_REFUSED: code_refused,
        RefusalCode.LOGIN_AGAIN: login_refused,
        RefusalCode.NOT_ALLOWED: login_refused,
        RefusalCode.UPGRADE_NEEDED: lambda _message: app_too_old(),
        RefusalCode.BUSY: lambda message: busy(message, refusal.retry_after),
        RefusalCode.SERVER_FAULT: server_fault,
        RefusalCode.BODY_UNREADABLE: not_understood,
        RefusalCode.BODY_TOO_LARGE: too_large,
        RefusalCode.BATCH_TOO_LARGE: too_large,
    }
    told = words.get(refusal.code)
    return no_answer() if told is None else told(refusal.message)
