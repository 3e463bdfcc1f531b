"""The sheets that explain an export: what every column and code means, and where the file comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from gettext import gettext as _

from kube_field.domain.forms.declaration import Kind, Question
from kube_field.exchange.cells import BETWEEN, Cell, special_words
from kube_field.exchange.columns import SheetColumn
from kube_field.exchange.tables import SheetTable


def codebook_headings() -> tuple[str, ...]:
    """Heads of the codebook."""
    return (
        _("Lembar"),
        _("Kolom"),
        _("Kode isian"),
        _("Bentuk isian"),
        _("Satuan"),
        _("Keterangan"),
        _("Kode jawaban"),
        _("Jawaban"),
        _("Versi formulir"),
    )


def codebook_rows(tables: Iterable[SheetTable]) -> Iterator[tuple[Cell, ...]]:
    """One row a column, and one more for each answer that can be chosen."""
    for table in tables:
        for column in table.columns:
            yield _row(table, column)
            if column.question is not None:
                yield from (
                    _row(table, column, choice.code, _label(choice.label, active=choice.active))
                    for choice in column.question.choices
                )


def _row(table: SheetTable, column: SheetColumn, code: str = "", label: str = "") -> tuple[Cell, ...]:
    question = column.question
    return (
        table.name,
        column.heading,
        column.code if question is None else question.code,
        kind_words(question) if question is not None else _("diisi aplikasi"),
        (_(question.unit) if question is not None and question.unit else None),
        (column.words or (_(question.help) if question is not None else "")) or None,
        code or None,
        label or None,
        ", ".join(column.versions) or None,
    )


def _label(label: str, *, active: bool) -> str:
    return _(label) if active else _("{label} (tidak dipakai lagi)").format(label=_(label))


def kind_words(question: Question) -> str:
    """What one writes into such a question."""
    words = {
        Kind.TEXT: _("tulisan"),
        Kind.LONG_TEXT: _("tulisan panjang"),
        Kind.INTEGER: _("bilangan bulat"),
        Kind.DECIMAL: _("bilangan"),
        Kind.RUPIAH: _("rupiah"),
        Kind.DATE: _("tanggal"),
        Kind.TIME: _("jam"),
        Kind.YES_NO: _("ya/tidak"),
        Kind.ONE_OF: _("satu pilihan"),
        Kind.MANY_OF: _("beberapa pilihan, dipisah “{sign}”").format(sign=BETWEEN.strip()),
        Kind.NIK: _("NIK, 16 angka"),
        Kind.KK: _("nomor KK, 16 angka"),
        Kind.PHONE: _("nomor HP"),
        Kind.NAME: _("nama"),
        Kind.REGION: _("desa/kelurahan/kampung"),
        Kind.PERSON: _("warga terdaftar"),
        Kind.REFERENCE: _("data lain"),
        Kind.ROWS: _("tabel"),
        Kind.COMPUTED: _("dihitung aplikasi"),
        Kind.PHOTO: _("foto (jumlahnya)"),
        Kind.SIGNATURE: _("tanda tangan (nama)"),
        Kind.LOCATION: _("titik lokasi"),
        Kind.LEVEL: _("tingkat"),
    }
    return words[question.kind]


def reading_help() -> tuple[str, ...]:
    """How to read the cells, in sentences."""
    unknown, refused = special_words().values()
    return (
        _("Sel kosong: belum ditanyakan atau tidak berlaku. “{unknown}” dan “{refused}” adalah jawaban.").format(
            unknown=unknown, refused=refused
        ),
        _("NIK, nomor KK, dan nomor HP ditulis sebagai teks agar tidak ada angka yang hilang."),
        _("Baris tabel yang dicabut, draf, dan revisi lama tidak ikut diekspor."),
    )
