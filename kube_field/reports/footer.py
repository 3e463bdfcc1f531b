"""What stands on every page: watermark, footer line, and the QR that ties the paper to the record."""

from __future__ import annotations

from dataclasses import dataclass
from gettext import gettext as _

from kube_field.reports.fonts import Face
from kube_field.reports.layout import MM, Sheet, wrap
from kube_field.reports.pen import Pen

QR_SIZE = 17 * MM
QR_NAME = "qr"
SIZE = 8.0


@dataclass(frozen=True, slots=True)
class Origin:
    """What a paper says about the record behind it. `finalised` is a WITA time as text, empty for a draft."""

    uid: str
    number: str = ""
    revision: int = 1
    finalised: str = ""
    author: str = ""
    sha256: str = ""


def short_id(uid: str) -> str:
    """Eight characters that tell records apart: the last ones, for the first ones of a UUIDv7 are only the time."""
    return uid.replace("-", "")[-8:]


def qr_text(origin: Origin) -> str:
    """The id and the first 16 hex digits of the content hash; empty while there is no frozen content."""
    return f"{origin.uid} {origin.sha256[:16]}" if origin.sha256 and origin.finalised else ""


def qr_runs(text: str) -> tuple[list[tuple[int, int, int]], int]:
    """A QR code, error correction M, as black runs (x, y upwards, length) and its width, counted in modules."""
    import segno

    matrix = segno.make(text, error="m", micro=False, boost_error=False).matrix
    runs = []
    for number, row in enumerate(matrix):
        start = 0
        while start < len(row):
            end = start
            while end < len(row) and row[end]:
                end += 1
            if end > start:
                runs.append((start, len(matrix) - 1 - number, end - start))
            start = end + 1
    return runs, len(matrix)


@dataclass(frozen=True, slots=True)
class PageFurniture:
    """Watermark (one or more lines, or empty), footer and QR of one paper."""

    origin: Origin
    sheet: Sheet
    watermark: str = ""

    def under(self, pen: Pen) -> None:
        """The watermark."""
        lines = [line.strip() for line in pen.fonts.printable(self.watermark).split("\n") if line.strip()]
        if lines:
            pen.watermark(lines)

    def after(self, pen: Pen, page: int, pages: int) -> None:
        """The rule, the footer's words and the QR."""
        sheet, code = self.sheet, qr_text(self.origin)
        rule = sheet.bottom - 2.5 * MM
        reserved = QR_SIZE + 4 * MM if code else 0.0  # the code needs white on every side
        pen.line((sheet.left, rule), (sheet.width - sheet.right - reserved, rule), 0.4)
        _draw_words(pen, sheet, _footer_parts(self.origin, page, pages), rule, reserved)
        if not code:
            return
        if page == 1:
            runs, modules = qr_runs(code)
            pen.define_runs(QR_NAME, runs, QR_SIZE / modules)
        pen.stamp(QR_NAME, sheet.width - sheet.right - QR_SIZE, rule - QR_SIZE - 1 * MM)


def _footer_parts(origin: Origin, page: int, pages: int) -> list[str]:
    """`Halaman 1 dari 2 · nomor · ID … · Revisi 1 · difinalkan … oleh …`."""
    parts = [_("Halaman {page} dari {pages}").format(page=page, pages=pages)]
    if origin.number:
        parts.append(origin.number)
    if origin.uid:
        parts.append(_("ID {short}").format(short=short_id(origin.uid)))
    if origin.uid:
        parts.append(_("Revisi {revision}").format(revision=origin.revision))
    if origin.finalised:
        parts.append(_("difinalkan {at} WITA oleh {author}").format(at=origin.finalised, author=origin.author))
    elif origin.uid:
        parts.append(_("draf, belum difinalkan"))
    return parts


def _draw_words(pen: Pen, sheet: Sheet, parts: list[str], rule: float, reserved: float) -> None:
    """The footer, broken between its parts where they do not fit into one line."""
    width = sheet.text_width - reserved
    rows: list[str] = []
    for part in parts:
        longer = f"{rows[-1]} · {part}" if rows else part
        if rows and pen.fonts.width(pen.fonts.printable(longer), Face.REGULAR, SIZE) <= width:
            rows[-1] = longer
        else:
            rows.append(part)
    lines = [line for row in rows for line in wrap(pen.fonts, row, Face.REGULAR, SIZE, width)]
    for at, line in enumerate(lines[:4]):
        pen.text(sheet.left, rule - 12 - at * SIZE * 1.35, line, Face.REGULAR, SIZE)
