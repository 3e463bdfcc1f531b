"""Who may do what on the laptop (handbook 8.3); the server judges again, here the officer is told."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _

from kube_field.domain.records import Officer, RecordKind, Role
from kube_field.errors import Failure, KubeFieldError

PROVINCE_KINDS = frozenset({RecordKind.PROGRAM_BATCH, RecordKind.STAFF})
"""Records that only the province keeps."""
FIELD_ROLES = frozenset({Role.PENDAMPING, Role.TKSK, Role.PSM, Role.PEKERJA_SOSIAL, Role.PENYELIA_KAB})
"""Roles that create and finalise; a PSM finalises like the others."""
ROLES_OF: Mapping[RecordKind, frozenset[Role]] = {
    RecordKind.MERGE_DECISION: frozenset({Role.PENYELIA_KAB, Role.ADMIN_PROV}),
    RecordKind.REVIEW: frozenset({Role.PEKERJA_SOSIAL, Role.PENYELIA_KAB, Role.ADMIN_PROV}),
} | dict.fromkeys(PROVINCE_KINDS, frozenset({Role.ADMIN_PROV}))
"""Who writes the kinds that are not every field officer's; a social worker reviews what volunteers (PSM) wrote."""


MAY_EXPORT_NIK = frozenset({Role.PENYELIA_KAB, Role.ADMIN_PROV})
"""Who may take NIK and KK numbers out of the program in full, with a reason and written down."""


def may_write(officer: Officer, kind: RecordKind) -> bool:
    """True when this officer may create, edit and finalise records of this kind."""
    return officer.role in ROLES_OF.get(kind, FIELD_ROLES)


def require_may_write(officer: Officer, kind: RecordKind) -> None:
    """Refuse an officer whose role does not write this kind.

    Raises: KubeFieldError NOT_ALLOWED.
    """
    if may_write(officer, kind):
        return
    if kind in PROVINCE_KINDS:
        raise KubeFieldError(
            Failure.NOT_ALLOWED,
            _("Paket program dan data petugas hanya diubah oleh admin provinsi."),
            _("Mintalah admin provinsi mengubahnya."),
        )
    if kind == RecordKind.MERGE_DECISION:
        raise KubeFieldError(
            Failure.NOT_ALLOWED,
            _("Data ganda diputuskan oleh penyelia kabupaten/kota atau admin provinsi."),
            _("Beri tahu penyelia Anda tentang data ini."),
        )
    if kind == RecordKind.REVIEW:
        raise KubeFieldError(
            Failure.NOT_ALLOWED,
            _("Dokumen diperiksa oleh penyelia kabupaten/kota atau admin provinsi."),
            _("Beri tahu penyelia Anda tentang dokumen ini."),
        )
    raise KubeFieldError(
        Failure.NOT_ALLOWED,
        _("Peran Anda hanya untuk melihat, bukan mengisi data lapangan."),
        _("Mintalah petugas atau penyelia wilayah ini mengisinya."),
    )


def require_may_see_nik(officer: Officer) -> None:
    """Refuse the full NIK to leaders, who see counts only.

    Raises: KubeFieldError NOT_ALLOWED.
    """
    if officer.role == Role.PIMPINAN:
        raise KubeFieldError(
            Failure.NOT_ALLOWED,
            _("NIK lengkap tidak ditampilkan untuk peran Anda."),
            _("Hubungi penyelia kabupaten/kota bila NIK diperlukan."),
        )


def require_may_export(officer: Officer, *, with_nik: bool) -> None:
    """Refuse leaders, who see counts only, and full NIK to all but supervisors and the province.

    Raises: KubeFieldError NOT_ALLOWED.
    """
    if officer.role == Role.PIMPINAN:
        raise KubeFieldError(
            Failure.NOT_ALLOWED,
            _("Peran Anda melihat jumlah saja, bukan data orang."),
            _("Pakai rekapitulasi bulanan di halaman Laporan."),
        )
    if with_nik and officer.role not in MAY_EXPORT_NIK:
        raise KubeFieldError(
            Failure.NOT_ALLOWED,
            _("Peran Anda tidak boleh mengekspor NIK lengkap."),
            _("Ekspor dengan NIK disamarkan, atau mintalah penyelia kabupaten/kota."),
        )
