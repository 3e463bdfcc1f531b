"""The first steps of an import: the file is read, its list found, its columns recognised or remembered."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path

from kube_field.exchange.entries import Columns
from kube_field.exchange.incoming import Book, refused
from kube_field.exchange.incoming_columns import (
    BIRTH,
    FAMILY,
    ImportType,
    Table,
    Target,
    find_table,
    recognise,
    targets_of,
)
from kube_field.exchange.reading_child import read_apart
from kube_field.usecases.import_results import ImportRequest
from kube_field.usecases.session import Session

REMEMBERED = "import.columns"


@dataclass(frozen=True, slots=True)
class IncomingList:
    """A list that was read: what it is about, its table, what its columns may mean. `remembered`: chosen before."""

    kind: ImportType
    name: str
    sha256: str
    book: Book
    table: Table
    columns: Columns
    remembered: bool

    def request(self) -> ImportRequest:
        """The list as it is judged."""
        return ImportRequest(self.kind, self.table, self.columns, self.sha256, self.book.sheets)


def read_list(
    session: Session, *, path: Path, kind: ImportType, sheet: str = "", cancelled: threading.Event | None = None
) -> IncomingList:
    """Read a file and propose what its columns mean.

    Raises: KubeFieldError FILE_REFUSED.
    """
    book = read_apart(path, cancelled)
    return list_in(session, book=book, kind=kind, name=path.name, sha256=_hash_of(path), sheet=sheet)


def list_in(session: Session, *, book: Book, kind: ImportType, name: str, sha256: str, sheet: str = "") -> IncomingList:
    """The list in a book that was read.

    Raises: KubeFieldError FILE_REFUSED where there is none.
    """
    table = find_table(book.sheets, kind, sheet)
    if table is None or not table.rows:
        raise refused(
            "NO_LIST",
            _("Tidak ada daftar di berkas ini: baris judul dengan isi di bawahnya tidak ditemukan."),
            _("Beri judul pada setiap kolom, misalnya NIK, Nama, Tanggal lahir."),
        )
    remembered = _remembered(session, kind, table)
    by_heading = recognise(table.headings, kind)
    known = {target.code for target in targets_of(kind)}
    kept = {h: code for h, code in remembered.get("by_heading", {}).items() if h in by_heading and code in {*known, ""}}
    same = {code: text for code, text in remembered.get("same_for_all", {}).items() if code in known}
    return IncomingList(
        kind, name, sha256, book, table, Columns({**by_heading, **kept}, same), remembered=bool(kept or same)
    )


def remember_columns(session: Session, *, kind: ImportType, table: Table, columns: Columns) -> None:
    """Keep what the officer chose for the next list with the same headings."""
    told = {"by_heading": dict(columns.by_heading), "same_for_all": dict(columns.same_for_all)}
    session.store.put_setting(_place(kind, table), json.dumps(told, ensure_ascii=False))


def needed_targets(kind: ImportType, columns: Columns) -> list[Target]:
    """Questions that every row must answer and that no column answers: the officer may give one answer for all."""
    given = set(columns.answered())
    if BIRTH in given:
        given.add("birth_date")
    if "household_id" in given:
        given.add(f"{FAMILY}kk_number")
    return [target for target in targets_of(kind) if target.needed and target.code not in given]


def _remembered(session: Session, kind: ImportType, table: Table) -> Mapping[str, Mapping[str, str]]:
    try:
        told = json.loads(session.store.setting(_place(kind, table), "{}"))
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _place(kind: ImportType, table: Table) -> str:
    return f"{REMEMBERED}.{kind}.{hashlib.sha256(table.shape().encode()).hexdigest()[:24]}"


def _hash_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise refused("FILE_UNREADABLE", _("Berkas tidak dapat dibaca: {name}.").format(name=path.name)) from error
