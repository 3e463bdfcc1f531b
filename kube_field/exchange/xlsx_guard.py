"""Looks into an XLSX file before any reader unpacks it: macros, bombs and impossible sizes are refused (T13)."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from gettext import gettext as _
from pathlib import Path

from kube_field.exchange.incoming import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, damaged_file, refused, too_large

MAX_PARTS = 2_000
MAX_XML_BYTES = 250 * 1024 * 1024
"""All that a list of 30,000 rows and 60 columns unpacks to stays below half of it."""
CHUNK = 1 << 16
LONGEST_TAG = 1 << 12
OLE = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"
CONTENT_TYPES = "[Content_Types].xml"
WORKBOOK_TYPE = b"spreadsheetml.sheet.main+xml"
MACROS = re.compile(rb"macroEnabled|vbaProject", re.IGNORECASE)
MACRO_PARTS = ("vbaproject", "macrosheets/", "dialogsheets/", "activex/", "embeddings/")
DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
CELL = re.compile(rb"""<(?:\w{1,20}:)?c\s[^<>]*?\br=["']([A-Z]{1,4})([0-9]{1,9})["'][^<>]*?(/?)>""")
ENCRYPTED = 0x1


def guard_xlsx(path: Path) -> None:
    """Read every part of the file once, counting.

    Raises: KubeFieldError FILE_REFUSED.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if start == OLE:
        raise refused("OLD_OR_LOCKED", _("Berkas ini terkunci dengan kata sandi, atau berupa .xls lama."))
    if start != ZIP:
        raise damaged_file()
    try:
        with zipfile.ZipFile(path) as book:
            _guard_parts(book)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        raise damaged_file() from None


def _guard_parts(book: zipfile.ZipFile) -> None:
    parts = book.infolist()
    if len(parts) > MAX_PARTS or len({part.filename for part in parts}) < len(parts):
        raise damaged_file()
    if any(mark in part.filename.lower() for part in parts for mark in MACRO_PARTS):
        raise _with_macros()
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise refused("OLD_OR_LOCKED", _("Berkas ini terkunci dengan kata sandi."))
    xml = [part for part in parts if part.filename.lower().endswith((".xml", ".rels"))]
    if sum(part.file_size for part in xml) > MAX_XML_BYTES:
        raise _bomb()
    types = _whole(book, CONTENT_TYPES)
    if MACROS.search(types):
        raise _with_macros()
    if WORKBOOK_TYPE not in types:
        raise damaged_file()
    left = MAX_XML_BYTES
    for part in xml:
        left -= _guard_part(book, part, left)


def _whole(book: zipfile.ZipFile, name: str) -> bytes:
    try:
        with book.open(name) as part:
            return part.read(CHUNK)
    except KeyError:
        raise damaged_file() from None


def _guard_part(book: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """Read one part to its end, where its checksum is compared; its size."""
    is_sheet = "worksheets/" in part.filename.lower()
    size, cells = 0, 0
    for chunk, told in _chunks(book, part):
        size += told
        if size > left:
            raise _bomb()
        if DECLARED.search(chunk):
            raise damaged_file()
        if is_sheet:
            cells += _guard_cells(chunk)
            if cells > MAX_CELLS:
                raise too_large()
    return size


def _chunks(book: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """Pieces that end before an unfinished tag, and how many bytes were read for each."""
    rest = b""
    with book.open(part) as stream:
        while read := stream.read(CHUNK):
            piece = rest + read
            cut = piece.rfind(b"<")
            cut = len(piece) if cut < 0 or len(piece) - cut > LONGEST_TAG else cut
            yield piece[:cut], len(read)
            rest = piece[cut:]
    yield rest, 0


def _guard_cells(chunk: bytes) -> int:
    """Count cells that hold something and refuse those that lie too far out: a reader lays out all between them."""
    count = 0
    for letters, number, empty in CELL.findall(chunk):
        if empty:
            continue
        count += 1
        if int(number) > MAX_ROWS or len(letters) > 2 or _column(letters) > MAX_COLUMNS:
            raise too_large()
    return count


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _with_macros() -> Exception:
    return refused(
        "MACROS",
        _("Berkas ini berisi makro atau program lain, jadi tidak dibuka."),
        _("Simpan sebagai Buku Kerja Excel (.xlsx) tanpa makro, lalu coba lagi. Tidak ada data yang berubah."),
    )


def _bomb() -> Exception:
    return refused("UNPACKS_TOO_LARGE", _("Isi berkas ini jauh lebih besar daripada daftar mana pun."))
