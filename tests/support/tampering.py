"""What somebody does to a report who wants it to say something else, and what a camera or scanner does to it."""

from __future__ import annotations

import ctypes
import io
from typing import Any

import pypdfium2 as pdfium
import segno
from PIL import Image

raw = pdfium.raw


def edited_pdf(pdf: bytes, old: str, new: str) -> bytes:
    """The PDF with one word changed at its first place in the body, as a PDF editor does it."""
    document = pdfium.PdfDocument(pdf)
    for number in range(len(document)):
        page = document[number]
        words = page.get_textpage()
        for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
            said = _said(item, words)
            if old in said:
                spelled = (said.replace(old, new, 1) + "\0").encode("utf-16-le")
                buffer = ctypes.cast(ctypes.create_string_buffer(spelled), ctypes.POINTER(ctypes.c_ushort))
                assert raw.FPDFText_SetText(item, buffer)
                page.gen_content()
                return _saved(document)
    raise AssertionError(f"{old} does not stand on this paper")


def with_code(pdf: bytes, text: str) -> bytes:
    """The PDF with another code instead of every code of its last page."""
    document = pdfium.PdfDocument(pdf)
    page = document[len(document) - 1]
    for item in list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_FORM], max_depth=1)):
        page.remove_obj(item)
    stream = io.BytesIO()
    segno.make(text, error="m", micro=False).save(stream, kind="png", scale=6, border=4)
    picture = Image.open(stream).convert("RGB")
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=95)
    image = pdfium.PdfImage.new(document)
    image.load_jpeg(jpeg)
    image.set_matrix(pdfium.PdfMatrix().scale(90, 90).translate(70, 90))
    page.insert_obj(image)
    page.gen_content()
    return _saved(document)


def scanned(pdf: bytes, words: str, dpi: int = 150) -> bytes:
    """Every page as a picture, with words that the scanner guessed lying behind it."""
    document = pdfium.PdfDocument(pdf)
    pages = [document[number].render(scale=dpi / 72).to_pil().convert("RGB") for number in range(len(document))]
    stream = io.BytesIO()
    pages[0].save(stream, "PDF", save_all=True, append_images=pages[1:], resolution=dpi)
    made = pdfium.PdfDocument(stream.getvalue())
    text = raw.FPDFPageObj_NewTextObj(made, b"Helvetica", 9.0)
    spelled = (words + "\0").encode("utf-16-le")
    buffer = ctypes.cast(ctypes.create_string_buffer(spelled), ctypes.POINTER(ctypes.c_ushort))
    assert raw.FPDFText_SetText(text, buffer)
    page = made[0]
    raw.FPDFPageObj_Transform(text, 1, 0, 0, 1, 60, 400)
    raw.FPDFPage_InsertObject(page, text)
    page.gen_content()
    return _saved(made)


def picture_of(pdf: bytes, page: int = -1, dpi: int = 200) -> Image.Image:
    """One page as a scanner sees it."""
    document = pdfium.PdfDocument(pdf)
    bitmap = document[page % len(document)].render(scale=dpi / 72)
    return bitmap.to_pil().convert("RGB")


def jpeg_of(picture: Image.Image, quality: int = 60) -> bytes:
    """The file that a telephone makes of it."""
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def seen_from_the_side(picture: Image.Image, share: float) -> Image.Image:
    """The picture as of a sheet that lies on a table before the camera."""
    wide, high = picture.size
    corners = [(0, 0), (wide, 0), (wide, high), (0, high)]
    seen = [
        (wide * share, high * share * 0.7),
        (wide * (1 - share * 0.4), 0),
        (wide, high),
        (0, high * (1 - share * 0.2)),
    ]
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(seen, corners, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    shape = _solved(rows)
    return picture.transform(
        picture.size, Image.Transform.PERSPECTIVE, shape, Image.Resampling.BICUBIC, fillcolor="gray"
    )


def _solved(rows: list[list[float]]) -> list[float]:
    """The solution of linear equations, each a row of coefficients and its right side."""
    count = len(rows)
    for at in range(count):
        best = max(range(at, count), key=lambda row: abs(rows[row][at]))
        rows[at], rows[best] = rows[best], rows[at]
        for row in range(count):
            if row != at:
                share = rows[row][at] / rows[at][at]
                rows[row] = [one - share * other for one, other in zip(rows[row], rows[at], strict=True)]
    return [rows[at][count] / rows[at][at] for at in range(count)]


def _said(item: Any, words: Any) -> str:
    size = raw.FPDFTextObj_GetText(item, words, None, 0)
    buffer = (ctypes.c_ushort * (size // 2))()
    raw.FPDFTextObj_GetText(item, words, buffer, size)
    return bytes(buffer).decode("utf-16-le").rstrip("\0")


def _saved(document: pdfium.PdfDocument) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    document.close()
    return stream.getvalue()
