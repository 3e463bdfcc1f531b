"""The letters of every paper: Noto Sans from the program's own resources, checked, measured, embedded as a subset."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from gettext import gettext as _
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from typing import Any

from kube_field.errors import Failure, KubeFieldError

MISSING_SIGN = "\N{REPLACEMENT CHARACTER}"
"""Stands for a character that the font has no shape for, so that the reader sees that something stood there."""
INVISIBLE = frozenset({"Cf", "Mn", "Me"})
"""Marks without a shape of their own (joiners, direction marks); dropped where the font lacks them."""


SPELT = {"≤": "s.d. ", "≥": "mulai ", "−": "–"}
"""Signs that the font lacks and that have a word, or another sign that says the same."""


class Face(StrEnum):
    """The cuts in use; the value is the file's name."""

    REGULAR = "NotoSans-Regular"
    ITALIC = "NotoSans-Italic"
    BOLD = "NotoSans-Bold"


FONT_HASHES = {
    Face.REGULAR: "89c3c497f618fdaa0b2d1e98fef93582f28c71debd2c4a8cdf41f190ced2909d",
    Face.ITALIC: "5d7618dda819443fd07301c84adcee9fe8960c873ea5e5e1f0f59db384b78082",
    Face.BOLD: "e83493c945848ecd4a9ad0f6d19164541a0d3e23a9c952304a00a46e00272ac5",
}
"""SHA-256 of each file: a paper must look the same on every laptop, and a damaged file garbles letters silently."""


class LetterWidths(dict[str, int]):
    """Widths of the letters of one cut in thousandths of its size, each looked up once."""

    def __init__(self, font: Any) -> None:
        super().__init__()
        self._known, self._default = font.face.charWidths, font.face.defaultWidth

    def __missing__(self, letter: str) -> int:
        units = self[letter] = self._known.get(ord(letter), self._default)
        return int(units)


@dataclass(slots=True)
class FontSet:
    """The loaded cuts. Widths of words are remembered for as long as one paper is being made."""

    fonts: dict[Face, Any]
    _widths: dict[tuple[Face, str], int] = field(default_factory=dict)
    _letters: dict[Face, LetterWidths] = field(init=False)

    def __post_init__(self) -> None:
        self._letters = {face: LetterWidths(font) for face, font in self.fonts.items()}

    def width(self, text: str, face: Face, size: float) -> float:
        """Width in points."""
        units = self._widths.get((face, text))
        if units is None:
            units = self._widths[face, text] = sum(map(self._letters[face].__getitem__, text))
        return units * size * 0.001

    def printable(self, text: object) -> str:
        """The text in NFC with a visible sign for every character that cannot be printed; line feeds stay."""
        composed = unicodedata.normalize("NFC", str(text)).replace("\r\n", "\n").replace("\r", "\n")
        if composed.isascii() and composed.isprintable():
            return composed
        known = self.fonts[Face.REGULAR].face.charToGlyph
        return "".join(_shown(letter, known) for letter in composed)


def _shown(letter: str, known: dict[int, int]) -> str:
    if letter == "\n" or (ord(letter) in known and letter.isprintable()):
        return letter
    if letter.isspace():
        return " "
    if letter in SPELT:
        return SPELT[letter]
    return "" if unicodedata.category(letter) in INVISIBLE else MISSING_SIGN


def font_folder() -> Traversable:
    """Where the program keeps its fonts."""
    return files("kube_field.resources") / "fonts"


def read_font(face: Face, folder: Traversable) -> bytes:
    """The bytes of one font file.

    Raises: KubeFieldError when it is missing or not the file that was shipped.
    """
    try:
        content = (folder / f"{face}.ttf").read_bytes()
    except OSError as trouble:
        raise _damaged(face) from trouble
    if hashlib.sha256(content).hexdigest() != FONT_HASHES[face]:
        raise _damaged(face)
    return content


def load_fonts(folder: Traversable | None = None) -> FontSet:
    """The fonts, read once in the life of the program: reportlab's own registry remembers them.

    Raises: KubeFieldError when a font file is missing or damaged.
    """
    return FontSet({face: _registered(face, folder) for face in Face})


def _registered(face: Face, folder: Traversable | None) -> Any:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    if face in pdfmetrics.getRegisteredFontNames():
        return pdfmetrics.getFont(face)
    content = read_font(face, folder or font_folder())
    try:
        font = TTFont(str(face), BytesIO(content), asciiReadable=False)
    except TTFError as trouble:
        raise _damaged(face) from trouble
    pdfmetrics.registerFont(font)
    return font


def _damaged(face: Face) -> KubeFieldError:
    return KubeFieldError(
        Failure.INTEGRITY,
        _("Berkas huruf {file} milik program hilang atau rusak, jadi laporan tidak dapat dibuat.").format(
            file=f"{face}.ttf"
        ),
        _("Pasang ulang program KUBE Lapangan. Data Anda tetap aman."),
        code="FONT_DAMAGED",
    )
