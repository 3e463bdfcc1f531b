"""Codes are read from what a camera, a scanner or a screenshot makes of a page; what is hostile is refused early."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress

import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance, ImageFilter

from kube_field.errors import Failure, KubeFieldError
from kube_field.media.codes import MAX_BYTES, MAX_PAGES, read_paper
from kube_field.reports.visit_report import render_visit_report
from kube_field.wire.seal import MARK, read_seal
from tests.support.make_papers import make_photo_reader, make_reference, make_visit_fact
from tests.support.make_seals import code_of, sealed_visit
from tests.support.tampering import jpeg_of, picture_of, seen_from_the_side

FACT = sealed_visit(make_visit_fact())
PAPER = render_visit_report(FACT, reference=make_reference(), photos=make_photo_reader())
CODE = code_of(FACT)


def is_seal(text: str) -> bool:
    return text.startswith(MARK)


def turned(picture: Image.Image, degrees: float) -> Image.Image:
    return picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor="white")


WAYS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "as it is": lambda picture: picture,
    "three degrees and a little blurred": lambda picture: turned(picture, 3).filter(ImageFilter.GaussianBlur(1)),
    "on its side": lambda picture: turned(picture, 91),
    "upside down": lambda picture: turned(picture, 180),
    "from the side and blurred": lambda picture: seen_from_the_side(picture, 0.08).filter(ImageFilter.GaussianBlur(1)),
    "from far to the side": lambda picture: seen_from_the_side(picture, 0.15),
    "in bad light": lambda picture: ImageEnhance.Brightness(ImageEnhance.Contrast(picture).enhance(0.25)).enhance(0.6),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("dpi", [150, 300])
def test_a_page_is_read_however_it_was_photographed(way: str, dpi: int):
    picture = WAYS[way](picture_of(PAPER, dpi=dpi))
    assert CODE in read_paper(jpeg_of(picture, 60), is_seal).codes


def test_a_screenshot_of_the_page_is_read():
    assert CODE in read_paper(png_of(picture_of(PAPER, dpi=96)), is_seal).codes


def test_a_pdf_gives_its_codes_and_words():
    paper = read_paper(PAPER, is_seal)
    assert paper.is_pdf
    assert CODE in paper.codes
    assert read_seal(CODE).number in paper.words


def png_of(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG whose header promises more than there is."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x00" * (MAX_BYTES + 1), "PAPER_TOO_LARGE"),
        (bomb(60_000, 60_000), "PAPER_TOO_MANY_PIXELS"),
        (bomb(50, 50), "PAPER_DAMAGED"),
        (b"", "PAPER_DAMAGED"),
        (b"MZ\x90\x00 program", "PAPER_DAMAGED"),
        (b"%PDF-1.7\nnothing of one", "PAPER_DAMAGED"),
        (PAPER[: len(PAPER) // 9], "PAPER_DAMAGED"),
    ],
)
def test_what_is_too_large_or_damaged_is_refused(content: bytes, code: str):
    with pytest.raises(KubeFieldError) as refused:
        read_paper(content)
    assert (refused.value.failure, refused.value.code) == (Failure.FILE_REFUSED, code)


def test_pages_of_any_size_and_number_stay_within_bounds():
    document = pdfium.PdfDocument.new()
    document.new_page(200_000, 200_000)
    document.new_page(0.5, 20_000)
    for _page in range(MAX_PAGES + 20):
        document.new_page(10, 10)
    stream = io.BytesIO()
    document.save(stream)
    assert read_paper(stream.getvalue()).codes == ()


@given(st.binary(max_size=200), st.integers(0, 4_000))
def test_no_damage_does_more_than_be_refused(junk: bytes, at: int):
    content = png_of(Image.new("L", (40, 40), "white"))
    at %= len(content)
    for damaged in (content[:at] + junk + content[at + len(junk) :], PAPER[: at + 8] + junk + PAPER[-900:], junk):
        with suppress(KubeFieldError):
            assert not any(map(is_seal, read_paper(damaged).codes))
