"""QR codes and words out of a picture or PDF that somebody brings: a photo, a scan, a screenshot, the file itself.

What is too large is refused before it is unpacked; nothing of the file is kept. zxing-cpp reads the codes.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from gettext import gettext as _
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

from kube_field.errors import Failure, KubeFieldError

MAX_BYTES = 24 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 20_000
MAX_PAGES = 30
"""Our longest report has nine pages; what lies behind is not looked at."""
MAX_LETTERS = 100_000
"""Of the words of a page."""
MAX_CODES = 20
FORMATS = ("JPEG", "PNG", "WEBP", "BMP")
PDF_MAGIC = b"%PDF-"
PAGE_DPIS = (200, 300)
POINTS_PER_INCH = 72
MAX_PAGE_PIXELS = 12_000_000
SCAN_SHARE = 0.7
SMALL_SIDE = 1600
"""Pixels of the long side below which a picture is looked at enlarged too."""
Wanted: TypeAlias = Callable[[str], bool]
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class PaperFile:
    """What a file shows: texts of its codes, each once, and the words of a PDF's pages ("" for a picture or scan)."""

    codes: tuple[str, ...]
    words: str = ""
    is_pdf: bool = False


def brought_file(path: Path) -> bytes:
    """The bytes of a file that somebody brings. Raises: KubeFieldError FILE_REFUSED where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)  # one more than is taken, so that it is told to be too large
    except OSError as trouble:
        raise KubeFieldError(
            Failure.FILE_REFUSED,
            _("Berkas {name} tidak dapat dibaca.").format(name=path.name),
            _("Periksa apakah berkas itu masih ada dan tidak sedang dipakai program lain."),
        ) from trouble


def read_paper(raw: bytes, wanted: Wanted = bool) -> PaperFile:
    """The codes and words of a PNG, JPEG or PDF; it is looked at harder as long as no code is a wanted one.

    Raises: KubeFieldError with FILE_REFUSED for a file that is too large, damaged, locked or of another kind.
    """
    if len(raw) > MAX_BYTES:
        raise refused_paper("PAPER_TOO_LARGE", _("Berkas lebih besar dari 24 MB."))
    if raw[:1024].lstrip().startswith(PDF_MAGIC):
        return _read_pdf(raw, wanted)
    return PaperFile(codes_in(_picture(raw), wanted))


def codes_in(picture: Image.Image, wanted: Wanted = bool) -> tuple[str, ...]:
    """Texts of the QR codes in a picture, each once."""
    found: dict[str, None] = {}
    for view, options in _views(picture):
        found.update(dict.fromkeys(_scanned(view, options)))
        if any(map(wanted, found)):
            break
    return tuple(found)


def _views(picture: Image.Image) -> Iterator[tuple[Image.Image, dict[str, Any]]]:
    """Ways to look at a picture, the cheapest first: as it is, with more contrast, enlarged or reduced."""
    import zxingcpp

    grey = picture.convert("L")
    yield grey, {}
    yield ImageOps.autocontrast(grey, cutoff=2), {"binarizer": zxingcpp.Binarizer.GlobalHistogram}
    if max(grey.size) <= SMALL_SIDE:
        yield grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.BICUBIC), {}
        sharp = grey.filter(ImageFilter.UnsharpMask(3, 200, 0))
        yield sharp.resize((grey.width * 3, grey.height * 3), Image.Resampling.BICUBIC), {}
    else:
        yield grey.resize((grey.width // 2, grey.height // 2), Image.Resampling.BOX), {}
        yield grey.filter(ImageFilter.UnsharpMask(3, 200, 0)), {}


def _scanned(view: Image.Image, options: dict[str, Any]) -> tuple[str, ...]:
    import zxingcpp

    found = zxingcpp.read_barcodes(view, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode), **options)
    return tuple(dict.fromkeys(one.text for one in found[:MAX_CODES] if one.text))


def _picture(raw: bytes) -> Image.Image:
    """The picture upright and whole, decoded only when its header names a bearable size."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the size is checked below, before a pixel is decoded
            with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
                if opened.width * opened.height > MAX_PIXELS or max(opened.size) > MAX_SIDE:
                    raise _too_many_pixels()
                return ImageOps.exif_transpose(opened).convert("RGB")
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except (OSError, ValueError, SyntaxError, EOFError, UnidentifiedImageError):
        raise refused_paper("PAPER_DAMAGED", _("Berkas ini rusak, atau bukan PNG, JPEG, atau PDF.")) from None


def _read_pdf(raw: bytes, wanted: Wanted) -> PaperFile:
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(raw)
    except pdfium.PdfiumError:
        raise _locked_or_damaged() from None
    codes: dict[str, None] = {}
    try:
        pages = range(min(len(document), MAX_PAGES))
        words = "\n".join(_of_page(document, number, _words) for number in pages)
        for dpi in PAGE_DPIS:
            for number in pages:
                look = partial(_codes_of, dpi=dpi, wanted=wanted)
                codes.update(dict.fromkeys(_of_page(document, number, look)))
            if any(map(wanted, codes)):
                break
    except pdfium.PdfiumError:
        raise _locked_or_damaged() from None
    finally:
        document.close()
    return PaperFile(tuple(codes)[:MAX_CODES], words.strip(), is_pdf=True)


def _of_page(document: Any, number: int, look: Callable[[Any], Found]) -> Found:
    page = document[number]
    try:
        return look(page)
    finally:
        page.close()


def _words(page: Any) -> str:
    """The words of a page that was written, "" of one that was scanned: what a scanner guesses blames nobody."""
    if _is_scan(page):
        return ""
    text = page.get_textpage()
    try:
        told: str = text.get_text_range(0, min(text.count_chars(), MAX_LETTERS))
        return told
    finally:
        text.close()


def _is_scan(page: Any) -> bool:
    """True when one picture covers most of the page."""
    import pypdfium2 as pdfium

    wide, high = page.get_size()
    for found in page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE], max_depth=2):
        left, bottom, right, top = found.get_bounds()
        if (right - left) * (top - bottom) > SCAN_SHARE * wide * high:
            return True
    return False


def _codes_of(page: Any, dpi: int, wanted: Wanted) -> tuple[str, ...]:
    """Codes of one page drawn as finely as this, or as a page of its size may be."""
    wide, high = page.get_size()
    scale = min(dpi / POINTS_PER_INCH, (MAX_PAGE_PIXELS / max(wide * high, 1)) ** 0.5, MAX_SIDE / max(wide, high, 1))
    if wide * scale < 1 or high * scale < 1:
        return ()
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        return codes_in(bitmap.to_pil(), wanted)
    finally:
        bitmap.close()


def _too_many_pixels() -> KubeFieldError:
    return refused_paper("PAPER_TOO_MANY_PIXELS", _("Gambar lebih besar dari 40 megapiksel."))


def _locked_or_damaged() -> KubeFieldError:
    return refused_paper("PAPER_DAMAGED", _("Berkas PDF ini rusak atau terkunci kata sandi."))


def refused_paper(code: str, sentence: str) -> KubeFieldError:
    """The refusal of a file, with what to bring instead."""
    return KubeFieldError(
        Failure.FILE_REFUSED, sentence, _("Pilih foto, hasil pindai, atau PDF laporan yang lain."), code=code
    )
