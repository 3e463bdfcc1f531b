"""Drawing on PDF pages: a thin hand over reportlab's canvas that leaves no date, author, producer or path behind."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, TypeAlias

from kube_field.reports.fonts import Face, FontSet

Point: TypeAlias = tuple[float, float]
BLACK = 0.0
HEADER_NOTE = b" ReportLab Generated PDF document (opensource)"
TRAILER_NOTE = b"% ReportLab generated PDF document -- digest (opensource)\n"


@dataclass(frozen=True, slots=True)
class Jpeg:
    """A photo as its own bytes, with its size in pixels."""

    content: bytes
    width: int
    height: int


class Pen:
    """One PDF being drawn. Coordinates in points, y upwards from the bottom edge, as in PDF."""

    def __init__(self, page_size: tuple[float, float], title: str, fonts: FontSet) -> None:
        from reportlab import rl_config
        from reportlab.pdfgen.canvas import Canvas

        rl_config.useA85 = 0  # text armour of binary streams: a quarter more bytes and a third more time
        self._target = BytesIO()
        self._canvas = Canvas(
            self._target, pagesize=page_size, invariant=1, pageCompression=1, initialFontName=str(Face.REGULAR)
        )
        self._canvas._doc.info = _title_only(title)
        self.fonts = fonts
        self.page_size = page_size

    def text(self, x: float, y: float, text: str, face: Face = Face.REGULAR, size: float = 9.5) -> None:
        """One line of text with its baseline at y. Written straight into the page: a third of the canvas's own time."""
        if not text:
            return
        font, document = self.fonts.fonts[face], self._canvas._doc
        shown = " ".join(
            f"{font.getSubsetInternalName(subset, document)} {size:g} Tf <{piece.hex()}> Tj"
            for subset, piece in font.splitString(text, document)
        )
        self._canvas._code.append(f"BT 1 0 0 1 {x:.2f} {y:.2f} Tm {shown} ET")

    def line(self, start: Point, end: Point, width: float = 0.5) -> None:
        """A straight black line."""
        (x, y), (to_x, to_y) = start, end
        self._canvas._code.append(f"{width:.2f} w {x:.2f} {y:.2f} m {to_x:.2f} {to_y:.2f} l S")

    def box(self, x: float, y: float, width: float, height: float, line: float = 0.5) -> None:
        """An empty rectangle; (x, y) is its lower left corner."""
        self._canvas._code.append(f"{line:.2f} w {x:.2f} {y:.2f} {width:.2f} {height:.2f} re S")

    def strokes(self, strokes: Sequence[Sequence[Point]], width: float = 0.9) -> None:
        """Pen strokes as one path with round ends; a stroke of one point is a dot."""
        path = self._canvas.beginPath()
        for stroke in strokes:
            path.moveTo(*stroke[0])
            for point in stroke[1:] or (stroke[0],):
                path.lineTo(*point)
        self._canvas.saveState()
        self._canvas.setLineWidth(width)
        self._canvas.setLineCap(1)
        self._canvas.setLineJoin(1)
        self._canvas.drawPath(path)
        self._canvas.restoreState()

    def define_runs(self, name: str, runs: Sequence[tuple[int, int, int]], unit: float) -> None:
        """Name one path of black runs (x, y, length) one unit high, kept once in the file, stamped on many pages."""
        self._canvas.beginForm(name)
        path = " ".join(f"{x} {y} {length} 1 re" for x, y, length in runs)
        self._canvas._code.append(f"{unit:.5f} 0 0 {unit:.5f} 0 0 cm {path} f")
        self._canvas.endForm()

    def stamp(self, name: str, x: float, y: float) -> None:
        """Put a named drawing with its lower left corner at (x, y)."""
        self._canvas.saveState()
        self._canvas.translate(x, y)
        self._canvas.doForm(name)
        self._canvas.restoreState()

    def watermark(self, lines: Sequence[str], grey: float = 0.88) -> None:
        """Large grey words across the page, under everything that is drawn later."""
        width, height = self.page_size
        size = min(150.0, *(620 / max(self.fonts.width(text, Face.BOLD, 1), 0.1) for text in lines))
        self._canvas.saveState()
        self._canvas.translate(width / 2, height / 2)
        self._canvas.rotate(52 if height > width else 30)
        self._canvas.setFillGray(grey)
        self._canvas.setFont(str(Face.BOLD), size)
        for at, text in enumerate(lines):
            self._canvas.drawCentredString(0, -size * 0.35 + size * ((len(lines) - 1) / 2 - at), text)
        self._canvas.restoreState()

    def jpeg(self, photo: Jpeg, x: float, y: float, width: float, height: float) -> None:
        """A JPEG as it is, never decoded: the file's bytes become the image stream, named by their hash."""
        from reportlab.pdfbase.pdfdoc import PDFImageXObject

        canvas, document = self._canvas, self._canvas._doc
        name = hashlib.sha256(photo.content).hexdigest()[:32]
        registered = document.getXObjectName(name)
        if document.idToObject.get(registered) is None:
            image = PDFImageXObject(name)
            image.loadImageFromJPEG(BytesIO(photo.content))
            image.name = name
            document.Reference(image, registered)
            document.addForm(name, image)
        canvas._currentPageHasImages = 1
        canvas.saveState()
        canvas.translate(x, y)
        canvas.scale(width, height)
        canvas._code.append(f"/{registered} Do")
        canvas.restoreState()
        canvas._formsinuse.append(name)

    def picture(self, content: bytes, x: float, y: float, width: float, height: float) -> bool:
        """A PNG or JPEG emblem fitted into a box; False when it cannot be read."""
        from PIL import UnidentifiedImageError
        from reportlab.lib.utils import ImageReader

        try:
            image = ImageReader(BytesIO(content))
            self._canvas.drawImage(image, x, y, width, height, mask="auto", preserveAspectRatio=True)
        except (OSError, ValueError, UnidentifiedImageError):
            return False
        return True

    def next_page(self) -> None:
        """Finish this page and begin the next one."""
        self._canvas.showPage()

    def finish(self) -> bytes:
        """The whole PDF; the same drawing always gives the same bytes."""
        self._canvas.save()
        pdf = self._target.getvalue()
        head, body, tail = pdf[:128], pdf[128:-512], pdf[-512:]
        return head.replace(HEADER_NOTE, b" " * len(HEADER_NOTE)) + body + tail.replace(TRAILER_NOTE, b"")


def read_jpeg(content: bytes | None) -> Jpeg | None:
    """The photo with its size from the JPEG header, or None when these bytes are no JPEG."""
    from reportlab.pdfbase.pdfdoc import PDFError
    from reportlab.pdfbase.pdfutils import readJPEGInfo

    if not content or not content.startswith(b"\xff\xd8"):
        return None
    try:
        width, height, _colours, *_rest = readJPEGInfo(BytesIO(content))
    except (PDFError, struct.error, OSError, ValueError, IndexError, TypeError):
        return None
    return Jpeg(content, width, height) if width > 0 and height > 0 else None


def _title_only(title: str) -> Any:
    """The document's title and nothing about who made it, where, when or with what; stands in for reportlab's own."""
    from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFString

    info = PDFDictionary({"Title": PDFString(title)})
    info.digest = lambda signature: signature.update(title.encode())
    return info
