"""BUKU SERAH TERIMA DATA: what the server took from this laptop in one run, receipt by receipt (pains O12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from gettext import gettext as _
from typing import Any

from kube_field.domain.dates import wita_text
from kube_field.domain.money import group_thousands
from kube_field.reports.fonts import Face, FontSet, load_fonts
from kube_field.reports.footer import Origin, PageFurniture
from kube_field.reports.layout import Sheet, Strip, draw_pages, gap, heading, paginate, paragraph, tied
from kube_field.reports.letterhead import letterhead
from kube_field.reports.pen import Pen
from kube_field.reports.signatures import Signatory, signature_block
from kube_field.reports.tables import Column, Row, data_table, key_values, side_by_side
from kube_field.reports.wording import BLANK

SHORT = 8
MOST_GIVERS = 3
SIZE = 8.5


@dataclass(frozen=True, slots=True)
class HandedRow:
    """One record: `kind` in words, receipt and content hash whole, `at` the server's instant (UTC)."""

    title: str
    kind: str
    author: str
    receipt: str
    sha256: str
    at: str


@dataclass(frozen=True, slots=True)
class HandoverBook:
    """One run as it is printed, whoever prints it. Instants are UTC.

    `officers` are those whose work it was; `digest` is the hash over all receipts in their order; `audit_head` that of
    the last of the `audit_length` lines of the laptop's audit log, whose lines each carry the hash of the one before.
    """

    number: str
    device_code: str
    officers: Sequence[str]
    office: str
    server: str
    started_at: str
    ended_at: str
    way: str
    result: str
    sent: int
    received: int
    refused: int
    photos: int
    digest: str
    audit_length: int = 0
    audit_head: str = ""
    rows: Sequence[HandedRow] = ()
    kop: Mapping[str, Any] = field(default_factory=dict)


def render_handover(book: HandoverBook, *, watermark: str = "") -> bytes:
    """The paper as PDF, the same bytes at every reprint. Raises: KubeFieldError when the font files are damaged."""
    fonts, sheet = load_fonts(), Sheet()
    pages = paginate(_strips(fonts, sheet.text_width, book), sheet.text_height)
    title = _("Buku Serah Terima Data {number}").format(number=book.number)
    pen = Pen((sheet.width, sheet.height), fonts.printable(title), fonts)
    origin = Origin(uid="", number=_("Serah terima {number}").format(number=book.number))
    return draw_pages(pen, pages, sheet, PageFurniture(origin, sheet, watermark))


def _strips(fonts: FontSet, width: float, book: HandoverBook) -> list[Strip]:
    titles = [
        *paragraph(fonts, _("BUKU SERAH TERIMA DATA"), width, face=Face.BOLD, size=13, align="center"),
        *paragraph(fonts, _("Nomor: {number}").format(number=book.number), width, size=10, align="center"),
    ]
    return [
        *letterhead(fonts, book.kop, width),
        *tied(titles),
        gap(8),
        *_particulars(fonts, width, book),
        gap(6),
        *paragraph(fonts, _statement(book), width, size=10),
        *heading(fonts, _("Jumlah"), width),
        *_counts(fonts, width, book),
        *heading(fonts, _("Daftar data yang diterima server"), width),
        *_list(fonts, width, book),
        gap(6),
        *tied(_ending(fonts, width, book)),
    ]


def _particulars(fonts: FontSet, width: float, book: HandoverBook) -> list[Strip]:
    half = (width - 16) / 2
    left = [
        (_("Laptop"), book.device_code or BLANK),
        (_("Petugas"), ", ".join(book.officers) or BLANK),
        (_("Kantor"), book.office or BLANK),
        (_("Server"), book.server or BLANK),
    ]
    right = [
        (_("Mulai"), _moment(book.started_at)),
        (_("Selesai"), _moment(book.ended_at)),
        (_("Waktu server"), _moment(max((row.at for row in book.rows), default=""))),
        (_("Lewat"), book.way),
        (_("Hasil"), book.result),
    ]
    return side_by_side(
        key_values(fonts, left, half, label_width=54, size=9),
        key_values(fonts, right, half, label_width=72, size=9),
        half + 16,
    )


def _statement(book: HandoverBook) -> str:
    if not book.rows:
        return _("Pada pengiriman ini tidak ada data baru yang diterima server dari laptop ini.")
    return _(
        "Server provinsi telah menerima {n} data berikut dari laptop {code}. Setiap baris memiliki tanda terima server "
        "untuk isi yang persis sama dengan yang tersimpan di laptop."
    ).format(n=len(book.rows), code=book.device_code)


def _counts(fonts: FontSet, width: float, book: HandoverBook) -> list[Strip]:
    """What was sent, by kind of record, and the other numbers of the run."""
    kinds: dict[str, int] = {}
    for row in book.rows:
        kinds[row.kind] = kinds.get(row.kind, 0) + 1
    rows = [Row([label, group_thousands(count)]) for label, count in sorted(kinds.items())]
    rows.append(Row([_("Diterima server (terkirim)"), group_thousands(len(book.rows))], bold=True))
    others = (
        (_("Foto terkirim"), book.photos),
        (_("Ditolak server"), book.refused),
        (_("Diterima laptop dari server"), book.received),
    )
    rows += [Row([label, group_thousands(count)]) for label, count in others]
    return data_table(fonts, [Column(_("Jenis"), 4), Column(_("Jumlah"), 1, "right")], rows, width, size=SIZE)


def _list(fonts: FontSet, width: float, book: HandoverBook) -> list[Strip]:
    if not book.rows:
        return paragraph(fonts, _("Tidak ada."), width, size=10)
    columns = [
        Column(_("No"), 24, "center"),
        Column(_("Data"), 150),
        Column(_("Jenis"), 74),
        Column(_("Petugas"), 74),
        Column(_("Tanda terima"), 56, "center"),
        Column(_("Sidik isi"), 56, "center"),
        Column(_("Waktu server (WITA)"), 66, "center"),
    ]
    rows = [
        Row(
            [
                str(number),
                row.title or BLANK,
                row.kind,
                row.author or BLANK,
                _end(row.receipt),
                row.sha256[:SHORT],
                _moment(row.at),
            ]
        )
        for number, row in enumerate(book.rows, start=1)
    ]
    return data_table(fonts, columns, rows, width, size=SIZE)


def _ending(fonts: FontSet, width: float, book: HandoverBook) -> list[Strip]:
    words = _(
        "Sidik daftar: {digest}. Tanda terima dan sidik isi ditulis singkat; yang lengkap tersimpan di laptop dan "
        "server."
    ).format(digest=_grouped(book.digest))
    if book.audit_head:
        log = _("Catatan audit laptop saat itu: {n} baris, sidik baris terakhir {head}.")
        words += " " + log.format(n=group_thousands(book.audit_length), head=_grouped(book.audit_head))
    return [
        *paragraph(fonts, words, width, size=9),
        gap(10),
        signature_block(
            fonts,
            [*_givers(book.officers), Signatory(_("Mengetahui,\nPenyelia"))],
            width,
            lambda _sha256: None,
            room=44,
        ),
    ]


def _givers(officers: Sequence[str]) -> list[Signatory]:
    """Whoever gave it signs; where they are many, the first for all."""
    title = _("Yang menyerahkan,")
    if len(officers) > MOST_GIVERS:
        others = _("dan {n} petugas lain").format(n=len(officers) - 1)
        return [Signatory(title, name=officers[0], below=others)]
    return [Signatory(title, name=name) for name in officers or ("",)]


def _moment(instant: str) -> str:
    return wita_text(instant) if instant else BLANK


def _end(name: str) -> str:
    """The last characters of a receipt's id: the first ones of a UUIDv7 are only the time."""
    return name.replace("-", "")[-SHORT:]


def _grouped(digest: str) -> str:
    return " ".join(digest[at : at + 4] for at in range(0, 32, 4)) if digest else BLANK
