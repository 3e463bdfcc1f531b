"""What the judgement of a report says to people, the same in the window and on the command line."""

from __future__ import annotations

from gettext import gettext as _
from typing import NamedTuple

from kube_field.domain.dates import wita_text
from kube_field.usecases.verifying import Verdict, Verified


class Told(NamedTuple):
    """The judgement in a line, and what to make of it."""

    title: str
    words: str


def told(found: Verified) -> Told:
    """Title and explanation of a judgement."""
    if found.verdict == Verdict.OLD_CODE:
        return _old(found)
    title, words = (_signature_fits() | _no_proof())[found.verdict]
    signer, newest = found.signer, found.newest
    filled = words.format(
        signer=_signer(found),
        revoked=wita_text(signer.revoked_at) if signer is not None and signer.revoked_at else "",
        revision=newest.revision if newest is not None else "",
        number=newest.number if newest is not None else "",
    )
    return Told(title, " ".join([filled, *_besides(found)]))


def proof_words() -> str:
    """What a good judgement proves, and what not."""
    return _(
        "Yang dibuktikan: laptop itu memfinalkan laporan dengan nomor, unit, tanggal, angka, dan isi ini. "
        "Yang tidak dibuktikan: kebenaran isinya, siapa yang memakai laptop itu, dan bagian kertas yang tidak dapat "
        "dibandingkan. Ini bukan tanda tangan elektronik tersertifikasi."
    )


def _signer(found: Verified) -> str:
    signer = found.signer
    if signer is None:
        return ""
    if signer.is_ours:
        return _("laptop ini ({code})").format(code=signer.code)
    return _("laptop {code} ({holder})").format(code=signer.code, holder=signer.holder or "–")


def _besides(found: Verified) -> list[str]:
    """Sentences that hold whatever the judgement is."""
    said = []
    if found.is_void:
        said.append(_("Laporan ini dinyatakan batal oleh penyelia."))
    if found.verdict == Verdict.UNKNOWN_KEY and found.matches:
        said.append(_("Isinya sama dengan data di laptop ini."))
    if found.seal is not None and not found.words_read and found.verdict != Verdict.WRONG_SIGNATURE:
        said.append(_("Bandingkan sendiri angka di bawah dengan yang tercetak di kertas."))
    return said


def _signature_fits() -> dict[Verdict, tuple[str, str]]:
    return {
        Verdict.GENUINE_HERE: (
            _("Asli, sama dengan data di laptop ini"),
            _("Tanda tangan {signer} cocok, dan isi laporan sama dengan yang tersimpan di laptop ini."),
        ),
        Verdict.GENUINE: (
            _("Asli; datanya tidak ada di laptop ini"),
            _("Tanda tangan {signer} cocok. Laporan ini dari wilayah lain, atau belum disinkronkan."),
        ),
        Verdict.REPLACED: (
            _("Asli, tetapi sudah digantikan"),
            _("Tanda tangan {signer} cocok. Yang berlaku sekarang bernomor {number} (revisi {revision})."),
        ),
        Verdict.REVOKED: (
            _("Laptop penanda tangan sudah dicabut"),
            _("Tanda tangan {signer} cocok, tetapi laptop itu dicabut {revoked} WITA. Tanyakan kepada kantor."),
        ),
        Verdict.PAPER_DIFFERS: (
            _("Isi kertas berbeda dari kodenya"),
            _("Kodenya asli, tetapi yang tercetak tidak sama: lihat yang bertanda. Tanyakan kepada pembuatnya."),
        ),
        Verdict.RECORD_DIFFERS: (
            _("Data di laptop ini berbeda dari kodenya"),
            _("Tanda tangan {signer} cocok, tetapi data tersimpan berubah sesudahnya: lihat yang bertanda."),
        ),
    }


def _no_proof() -> dict[Verdict, tuple[str, str]]:
    return {
        Verdict.WRONG_SIGNATURE: (
            _("Tanda tangan tidak cocok"),
            _("Kode ini diubah, atau bukan buatan laptop yang disebutnya. Jangan dipercaya."),
        ),
        Verdict.UNKNOWN_KEY: (
            _("Penanda tangan belum dikenal"),
            _(
                "Laptop penanda tangan belum pernah tersambung ke server provinsi, atau laptop ini belum "
                "disinkronkan sesudahnya. Sinkronkan, lalu periksa lagi."
            ),
        ),
        Verdict.NO_CODE: (
            _("Kode keaslian tidak ditemukan"),
            _("Foto halaman terakhir dari dekat, lurus, dan terang; kode QR besar harus terlihat utuh."),
        ),
    }


def _old(found: Verified) -> Told:
    """Codes of documents that carry no signature: every footer has one."""
    advice = _("Kode ini tidak bertanda tangan: dokumen lama, atau kode kecil di kaki halaman.")
    if found.record is None:
        title = _("Kode tanpa tanda tangan; datanya tidak ada di laptop ini")
    elif found.matches:
        title = _("Kode tanpa tanda tangan; isinya sama dengan data di laptop ini")
    else:
        title = _("Kode tanpa tanda tangan; isinya berbeda dari data di laptop ini")
    return Told(title, " ".join([advice, _("Untuk laporan kunjungan baru, foto halaman terakhirnya.")]))
