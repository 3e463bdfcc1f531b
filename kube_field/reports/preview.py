"""Pages of a PDF as pictures, for the preview in the window and for printing."""

from __future__ import annotations

from dataclasses import dataclass

from kube_field.errors import BugError


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page: size in pixels, and its rows of red, green, blue bytes from the top, without padding."""

    width: int
    height: int
    rgb: bytes


def page_images(pdf: bytes, width_px: int) -> list[PageImage]:
    """Every page drawn at this width in pixels.

    Raises: BugError for bytes that are no PDF: only our own papers come here.
    """
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(pdf)
    except pdfium.PdfiumError as trouble:
        raise BugError("preview of something that is no PDF") from trouble
    try:
        return [_draw(document[number], width_px) for number in range(len(document))]
    finally:
        document.close()


def _draw(page: object, width_px: int) -> PageImage:
    from pypdfium2 import PdfPage

    if not isinstance(page, PdfPage):
        raise BugError("preview of something that is no page")
    try:
        bitmap = page.render(scale=width_px / page.get_width(), rev_byteorder=True)
        picture = bitmap.to_pil().convert("RGB")
        bitmap.close()
        return PageImage(picture.width, picture.height, picture.tobytes())
    finally:
        page.close()
