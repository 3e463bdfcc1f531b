"""Lists as villages and SIKS-NG operators send them: headings, rows, and files of them. Everybody is fictional."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import xlsxwriter

from kube_field.exchange.incoming_columns import ImportType
from kube_field.exchange.sheet_reading import read_book
from kube_field.usecases.import_columns import IncomingList, list_in
from kube_field.usecases.import_results import Decisions, JudgedRow
from kube_field.usecases.importing import Importer
from kube_field.usecases.session import Session

PERSON = {
    "NIK": "6402124806689901",
    "No KK": "6402121204139801",
    "Nama Lengkap": "Melati Contoh",
    "Tempat/Tgl Lahir": "Tabang, 08-06-1968",
    "JK": "P",
    "SHDK": "Kepala Keluarga",
    "Status Kawin": "Cerai Mati",
    "Pendidikan": "Tamat SD/Sederajat",
    "Baca Tulis": "Lancar",
    "Pekerjaan": "Mengurus Rumah Tangga",
    "Pencari nafkah": "Ya",
    "ASN": "Tidak",
    "Kategori PPKS": "Fakir Miskin",
    "Keadaan NIK": "KTP",
    "No. HP": "0812-0000-0001",
    "Persetujuan": "Ya",
    "Tanggal Persetujuan": "02/10/2026",
    "Cara persetujuan": "Lisan",
}
FAMILY = {
    "Nama Kepala Keluarga": "Melati Contoh",
    "Alamat": "Jalan Meranti 4",
    "RT/RW": "005/002",
    "Desa/Kelurahan": "Long Lalang",
    "Kecamatan": "Tabang",
    "Jml Jiwa": "3",
    "Balita": "0",
    "Anak Sekolah": "1",
    "Lansia": "0",
    "Jml Disabilitas": "0",
    "Status Rumah": "Milik sendiri",
    "Listrik": "450 VA",
    "Air": "Cukup untuk rumah",
    "Sering Banjir": "Tidak",
    "Desil": "2",
    "Tgl dicek": "01/10/2026",
    "Sumber": "SIKS-NG",
}
PERSON_WITH_FAMILY = PERSON | FAMILY
HOUSEHOLD = {"No KK": PERSON["No KK"], **FAMILY}
GROUP = {
    "Nama KUBE": "KUBE Mawar",
    "Paket Program": "KUBE APBD Prov 2026",
    "Desa/Kelurahan": "Long Lalang",
    "Kecamatan": "Tabang",
    "Tanggal Dibentuk": "12 Maret 2026",
    "Bidang Usaha": "Makanan dan minuman",
    "Jenis Usaha": "KERIPIK",
    "Papan Nama": "Ada",
    "Stempel": "Ada",
    "AD-ART": "Tidak",
    "Buku": "kas; tamu",
    "Jadwal Pertemuan": "Bulanan",
    "Status KUBE": "Aktif",
}
SECOND = {"NIK": "6402125511719902", "Nama Lengkap": "Kenanga Contoh", "Tempat/Tgl Lahir": "Tabang, 15 November 1971"}
"""Another woman; with the same KK she belongs to the same family."""
REASON = "Sudah dicocokkan dengan KTP dan KK"


def write_list(path: Path, rows: Sequence[dict[str, Any]], *, title: str = "", delimiter: str = ";") -> Path:
    """A file of these rows, headings from the first; numbers and dates of an XLSX stay what they are."""
    return write_cells(path, list(rows[0]), [list(row.values()) for row in rows], title=title, delimiter=delimiter)


def write_cells(
    path: Path, headings: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "", delimiter: str = ";"
) -> Path:
    """The same from rows of cells."""
    above: list[list[Any]] = [[title], []] if title else []
    if path.suffix == ".csv":
        text = StringIO(newline="")
        csv.writer(text, delimiter=delimiter).writerows([*above, list(headings), *rows])
        path.write_bytes(text.getvalue().encode("utf-8"))
        return path
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet, day = book.add_worksheet("Data"), book.add_format({"num_format": "dd/mm/yyyy"})
        for number, row in enumerate([*above, list(headings), *rows]):
            for at, cell in enumerate(row):
                _write_cell(sheet, number, at, cell, day)
    return path


def _write_cell(sheet: Any, row: int, column: int, cell: Any, day: Any) -> None:
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, day)
    elif cell is not None:
        sheet.write_string(row, column, str(cell))


def judge(session: Session, incoming: IncomingList) -> Importer:
    """Every row of a list judged."""
    importer = Importer(session, incoming.request())
    list(importer.steps())
    return importer


def judge_file(session: Session, path: Path, kind: ImportType = ImportType.PEOPLE, sheet: str = "") -> Importer:
    """A file read as the app reads it, and judged."""
    return judge(session, list_of(session, path, kind, sheet))


def list_of(session: Session, path: Path, kind: ImportType = ImportType.PEOPLE, sheet: str = "") -> IncomingList:
    """As `read_list`, without a process of its own."""
    return list_in(session, book=read_book(path), kind=kind, name=path.name, sha256="0" * 64, sheet=sheet)


def codes(row: JudgedRow) -> set[tuple[str, str]]:
    """(field, code) of everything that is said about a row."""
    return {(finding.field, finding.code) for finding in row.findings}


def confirmed() -> Decisions:
    """A reason for all warnings."""
    return Decisions(reason=REASON)
