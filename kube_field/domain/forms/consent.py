"""Small facts beside person and household: consent, DTSEN check, history of a value (handbook 2, 5.3, 5.4, 8.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.checks import not_future
from kube_field.domain.forms.codes import HOW_CONSENTED, VERSION
from kube_field.domain.forms.declaration import Form, Kind, Question, Required, Section, choices
from kube_field.domain.records import RecordKind

PRIVACY_NOTICE = (
    "Data Bapak/Ibu dicatat oleh Dinas Sosial untuk pelaksanaan program pemberdayaan usaha (KUBE/WRSE): asesmen, "
    "penyaluran bantuan, pelatihan, kunjungan, dan laporan. Data yang dicatat: identitas, alamat, keadaan keluarga, "
    "penghasilan, dan usaha. Data hanya dilihat petugas yang bertugas dan dibagikan kepada instansi lain bila "
    "Bapak/Ibu menyetujui. Bapak/Ibu boleh melihat, membetulkan, dan meminta salinan data, menolak difoto, serta "
    "menarik persetujuan kapan saja. Menolak difoto atau menolak lokasi rumah dicatat tidak memengaruhi hak atas "
    "bantuan. Pertanyaan: {kontak_petugas_pdp}."
)
"""Read aloud before anything is recorded (handbook 2); `with_contact` puts the Dinas's contact into it."""
PDP_CONTACT = "pdp_contact"
"""Setting that holds whom to ask about personal data."""

DATA_CONSENT = "data_program"
PHOTO_CONSENT = "foto"
LOCATION_CONSENT = "lokasi"
PARTNER_CONSENT = "mitra"
CONSENT_ITEMS = choices(
    (DATA_CONSENT, "Saya bersedia data saya dicatat dan diproses untuk program ini"),
    (PHOTO_CONSENT, "Saya bersedia difoto bersama usaha saya"),
    (LOCATION_CONSENT, "Saya bersedia titik lokasi rumah/usaha dicatat"),
    (PARTNER_CONSENT, "Saya bersedia data saya dibagikan kepada instansi mitra untuk rujukan"),
    ("publikasi", "Saya bersedia foto usaha dipakai untuk publikasi"),
)
CONSENT_QUESTIONS = (
    Question(
        code="item", label="Persetujuan", kind=Kind.ONE_OF, required=Required.FINAL, choices=CONSENT_ITEMS, header=True
    ),
    Question(code="given", label="Bersedia", kind=Kind.YES_NO, required=Required.FINAL, header=True),
    Question(
        code="given_on", label="Tanggal", kind=Kind.DATE, required=Required.FINAL, checks=(not_future,), header=True
    ),
    Question(code="how", label="Cara", kind=Kind.ONE_OF, required=Required.FINAL, choices=HOW_CONSENTED),
    Question(code="witness", label="Saksi", kind=Kind.NAME, help="Bila warga tidak dapat membaca atau menulis"),
)
CONSENT_ROW = (replace(CONSENT_QUESTIONS[0], fixed=True), *CONSENT_QUESTIONS[1:])
"""The same inside a person's form, where the five statements are given."""
DESIL_QUESTIONS = (
    Question(
        code="desil",
        label="Desil",
        kind=Kind.ONE_OF,
        required=Required.FINAL,
        choices=choices(
            *((str(desil), f"Desil {desil}") for desil in range(1, 11)),
            ("tidak_terdaftar", "Tidak terdaftar"),
            ("belum_dicek", "Belum dicek"),
        ),
        header=True,
    ),
    Question(
        code="checked_on",
        label="Tanggal dicek",
        kind=Kind.DATE,
        required=Required.FINAL,
        checks=(not_future,),
        header=True,
    ),
    Question(
        code="source",
        label="Sumber",
        kind=Kind.ONE_OF,
        required_if=lambda answers, _context: answers.get("desil") != "belum_dicek",
        choices=choices(
            ("siks_ng", "SIKS-NG"),
            ("cekbansos", "Cek Bansos"),
            ("operator_desa", "Operator desa/kelurahan"),
            ("pengakuan", "Pengakuan keluarga"),
        ),
    ),
    Question(code="evidence_photo", label="Foto bukti", kind=Kind.PHOTO, at_most=1),
)

CONSENT_FORM = Form(
    kind=RecordKind.CONSENT,
    version=VERSION,
    title="Persetujuan",
    sections=(Section(code="1", title="Persetujuan", help=PRIVACY_NOTICE, questions=CONSENT_QUESTIONS),),
)
DESIL_CHECK_FORM = Form(
    kind=RecordKind.DESIL_CHECK,
    version=VERSION,
    title="Desil DTSEN",
    sections=(Section(code="1", title="Desil DTSEN", questions=DESIL_QUESTIONS),),
)
VALUE_HISTORY_FORM = Form(
    kind=RecordKind.VALUE_HISTORY,
    version=VERSION,
    title="Riwayat isian",
    sections=(
        Section(
            code="1",
            title="Riwayat isian",
            questions=(
                Question(
                    code="field",
                    label="Isian",
                    kind=Kind.ONE_OF,
                    required=Required.FINAL,
                    choices=choices(
                        ("kk_number", "Nomor KK"),
                        ("nik", "NIK"),
                        ("phone", "No. HP"),
                        ("address", "Alamat"),
                        ("village_code", "Desa/Kelurahan/Kampung"),
                        ("household_id", "Keluarga"),
                        ("assigned_staff_id", "Pendamping"),
                    ),
                    header=True,
                ),
                Question(code="old_value", label="Sebelumnya", kind=Kind.TEXT, max_length=250),
                Question(code="new_value", label="Menjadi", kind=Kind.TEXT, max_length=250),
                Question(
                    code="valid_from",
                    label="Berlaku sejak",
                    kind=Kind.DATE,
                    required=Required.FINAL,
                    checks=(not_future,),
                    header=True,
                ),
                Question(code="reason", label="Alasan", kind=Kind.TEXT),
            ),
        ),
    ),
)


def with_contact(text: str, contact: str) -> str:
    """A notice as people read it: the contact in its place, the local Dinas Sosial where none was set."""
    return text.replace("{kontak_petugas_pdp}", contact.strip().rstrip(".") or _("Dinas Sosial setempat"))


def blank_consents(on: str, new_id: Callable[[], str]) -> list[dict[str, Any]]:
    """The five consent rows as the form shows them first: every one "no" until the citizen says yes."""
    return [
        {"id": new_id(), "item": item.code, "given": False, "given_on": on, "how": "lisan"} for item in CONSENT_ITEMS
    ]
