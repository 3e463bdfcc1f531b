"""What stands on a paper: its words, fonts and metadata, read back from the PDF bytes."""

from __future__ import annotations

import re

import pypdfium2 as pdfium


def page_texts(pdf: bytes) -> list[str]:
    """The words of every page; white space of any kind becomes one blank."""
    document = pdfium.PdfDocument(pdf)
    texts = []
    for number in range(len(document)):
        page = document[number]
        words = page.get_textpage()
        texts.append(re.sub(r"\s+", " ", words.get_text_bounded()))
        words.close()
        page.close()
    document.close()
    return texts


def paper_text(pdf: bytes) -> str:
    """The words of the whole paper."""
    return " ".join(page_texts(pdf))


def page_sizes(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of every page in whole points."""
    document = pdfium.PdfDocument(pdf)
    sizes = [tuple(round(side) for side in document.get_page_size(number)) for number in range(len(document))]
    document.close()
    return [(wide, high) for wide, high in sizes]


def metadata(pdf: bytes) -> dict[str, str]:
    """The document information that is not empty."""
    document = pdfium.PdfDocument(pdf)
    found = {key: value for key, value in document.get_metadata_dict().items() if value}
    document.close()
    return found


def count_images(pdf: bytes) -> int:
    """Images that stand on the pages, each time they are drawn."""
    document = pdfium.PdfDocument(pdf)
    found = 0
    for number in range(len(document)):
        page = document[number]
        found += sum(1 for item in page.get_objects() if item.type == pdfium.raw.FPDF_PAGEOBJ_IMAGE)
        page.close()
    document.close()
    return found
