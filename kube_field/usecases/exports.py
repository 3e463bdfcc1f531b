"""Lists taken out of the program as a workbook or as CSV files: asked what for, written down, whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path

from kube_field import __version__
from kube_field.domain.dates import wita_text
from kube_field.domain.forms.evaluation import MIN_REASON_LENGTH
from kube_field.errors import Failure, KubeFieldError
from kube_field.exchange.books import Book, Cover
from kube_field.exchange.codebook import reading_help
from kube_field.exchange.csv_folder import CSV_ENDING, CsvFolder
from kube_field.exchange.tables import SheetTable, tables_of
from kube_field.exchange.unfinished import FreeBytes, free_bytes_at, free_name
from kube_field.exchange.xlsx_book import XLSX_ENDING, XlsxBook
from kube_field.usecases.audit_trail import audit_line
from kube_field.usecases.export_parts import Part
from kube_field.usecases.export_rows import PageReader
from kube_field.usecases.papers import DEMO_MARK
from kube_field.usecases.permissions import require_may_export
from kube_field.usecases.session import Session

PAGE = 200
"""Records of one step: short enough that what is typed meanwhile is stored between two of them."""
OBJECT = "export"


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What is taken out and what for. `title` names the list with its filter; `path` ends in .xlsx or is for CSV.

    For CSV a folder of the path's name without its ending is made, with a number behind it where there is one already.
    """

    title: str
    parts: tuple[Part, ...]
    purpose: str
    path: Path
    with_nik: bool = False


@dataclass(frozen=True, slots=True)
class Exported:
    """A finished export: where it is, how many rows each sheet has, and how many records lay outside the area."""

    path: Path
    rows: tuple[tuple[str, int], ...]
    left_out: int = 0


class RunningExport:
    """One export while it grows: `step` until it says False, then `finish`; `drop` whatever happened before.

    Steps read the database; `finish` does not, and takes longest.
    """

    def __init__(self, session: Session, order: ExportOrder, free_bytes: FreeBytes = free_bytes_at) -> None:
        require_may_export(session.officer, with_nik=order.with_nik)
        require_purpose(order.purpose)
        self._session, self._order = session, order
        self._id = session.wiring.new_id()
        # Before the first byte: a file that nobody knows of must not come to be.
        self._write_down("export.nik" if order.with_nik else "export.masked", order.purpose.strip())
        self._began = session.instant()
        self._reader = PageReader(session, with_nik=order.with_nik)
        self._rows: Counter[str] = Counter()
        self._found = [(part, part.find()) for part in order.parts]
        self.whole = sum(len(uids) for _part, uids in self._found)
        self.done = 0
        eager = [table for part in order.parts if part.is_wanted for table in tables_of(part.kind)[:1]]
        self._book = _book_at(order.path, eager, free_bytes)
        self._pages = self._write_pages()

    def step(self) -> bool:
        """Write the next page of records; False when all are in. Raises: KubeFieldError."""
        return next(self._pages, False)

    def _write_pages(self) -> Iterator[bool]:
        for part, uids in self._found:
            tables = tables_of(part.kind)
            for start in range(0, len(uids), PAGE):
                self._write_page(part, tables, uids[start : start + PAGE])
                self.done += len(uids[start : start + PAGE])
                yield True

    def _write_page(self, part: Part, tables: Sequence[SheetTable], uids: Sequence[str]) -> None:
        told, known = self._reader.page(part, uids)
        for one in told:
            for table in tables:
                for cells in table.rows(one, known):
                    self._book.write(table, cells)
                    self._rows[table.name] += 1

    def finish(self) -> Exported:
        """Let the file appear under its name. Raises: KubeFieldError; nothing stays then."""
        self._book.finish(self._cover())
        return Exported(self._book.path, tuple(self._rows.items()), self._reader.left_out)

    def record_end(self, *, is_done: bool) -> None:
        """Write down how it ended."""
        self._write_down("export.done" if is_done else "export.stopped", f"{sum(self._rows.values())}")

    def drop(self) -> None:
        """Leave nothing of an export that is not finished."""
        self._book.drop()

    def _write_down(self, action: str, reason: str) -> None:
        self._session.store.audit(audit_line(self._session, action, OBJECT, self._id, reason))

    def _cover(self) -> Cover:
        session, order = self._session, self._order
        when = wita_text(self._began)
        lines = [
            (_("Isi"), order.title),
            (_("Keperluan"), order.purpose.strip()),
            (_("Diekspor oleh"), session.officer.name),
            (_("Pada"), _("{when} WITA").format(when=when)),
            (_("Wilayah tugas"), area_words(session)),
            (_("NIK dan nomor KK"), _("lengkap") if order.with_nik else _("disamarkan sesuai peran")),
            (_("Tanda ekspor"), self._id),
            (_("Aplikasi"), f"KUBE Lapangan {__version__}"),
            *((name, _("{n} baris").format(n=count)) for name, count in self._rows.items()),
        ]
        if session.is_demo:
            lines.insert(0, (DEMO_MARK, _("Semua orang dan angka di berkas ini rekaan.")))
        if self._reader.left_out:
            lines.append((_("Tidak ikut"), _("{n} data di luar wilayah tugas").format(n=self._reader.left_out)))
        footer = _("Diekspor {who}, {when} WITA: {purpose}").format(
            who=session.officer.name, when=when, purpose=order.purpose.strip()
        )
        return Cover(tuple(lines), (unencrypted_words(), *reading_help()), footer)


def run_export(
    session: Session,
    *,
    order: ExportOrder,
    on_progress: Callable[[int, int], None] = lambda done, whole: None,
    cancelled: Callable[[], bool] = lambda: False,
    free_bytes: FreeBytes = free_bytes_at,
) -> Exported | None:
    """The whole export at once; None when it was cancelled, and then nothing of it is left.

    Raises: KubeFieldError NOT_ALLOWED by role, VALIDATION without a purpose, DISK_FULL.
    """
    running = RunningExport(session, order, free_bytes)
    exported = None
    try:
        while not cancelled() and running.step():
            on_progress(running.done, running.whole)
        if not cancelled():
            exported = running.finish()
    finally:
        running.drop()
        running.record_end(is_done=exported is not None)
    return exported


def require_purpose(purpose: str) -> None:
    """Refuse an export that nobody says a reason for. Raises: KubeFieldError VALIDATION."""
    if len(purpose.strip()) < MIN_REASON_LENGTH:
        raise KubeFieldError(
            Failure.VALIDATION,
            _("Tulis untuk keperluan apa data ini diekspor."),
            _("Paling sedikit 3 huruf; keperluan dicatat dalam jejak audit."),
            code="PURPOSE",
        )


def unencrypted_words() -> str:
    """What everybody has to know who holds such a file."""
    return _(
        "Berkas ini tidak terenkripsi: siapa pun yang memegangnya dapat membacanya. Simpan di tempat aman, "
        "jangan kirim lewat grup percakapan, dan hapus bila tidak dipakai lagi."
    )


def area_words(session: Session) -> str:
    """Names of the officer's areas."""
    regions = session.reference.regions
    found = [
        regions.kabupaten(area) if area.count(".") == 1 else regions.kecamatan(area) for area in session.officer.areas
    ]
    names = [region.name for region in found if region is not None]
    return ", ".join(names) or _("Provinsi Kalimantan Timur")


def _book_at(path: Path, tables: Sequence[SheetTable], free_bytes: FreeBytes) -> Book:
    if path.suffix.lower() == XLSX_ENDING:
        return XlsxBook(path, tables, free_bytes)
    folder = path.with_suffix("") if path.suffix.lower() == CSV_ENDING else path
    return CsvFolder(free_name(folder), tables, free_bytes)
