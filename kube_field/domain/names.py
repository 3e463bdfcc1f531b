"""Names of people: kept as the card says, compared tolerantly (handbook 3.6)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from gettext import gettext as _

from kube_field.domain.checked import Checked, CodedFinding, error, warning

MAX_LENGTH = 120
USUAL_LENGTH = 60

_APOSTROPHES = str.maketrans(dict.fromkeys("‘’‛`´ʼʻ′", "'"))
_PUNCTUATION = frozenset(" .,'-/()")
_DIGITS = frozenset("0123456789")
_TITLES = frozenset({"h", "hj", "kh", "drs", "dra", "dr", "drg", "ir", "prof", "ust", "ustaz", "tgh", "alm", "almh"})
_DEGREE = re.compile(r"[a-z]{1,4}(?:\.[a-z]{1,6})+\.?")
_SEPARATORS = dict.fromkeys(map(ord, ",/()"), " ")
_DROPPED_IN_SEARCH = dict.fromkeys(map(ord, "'.-"))
_SPELLINGS = (
    (re.compile("oe"), "u"),
    (re.compile("d+j"), "j"),
    (re.compile("t+j"), "c"),
    (re.compile("s+j"), "sy"),
)


def normalise_name(text: str) -> str:
    """A name in NFC with single spaces and plain apostrophes; letters and their case stay as typed."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_APOSTROPHES).split())


def check_name(text: str, required: bool = True) -> Checked:
    """Judge a name. A single word is fully valid."""
    name = normalise_name(text)
    if not name:
        return Checked(None, (_no_letter(),) if required else ())
    return Checked(name, (*_name_errors(name), *_name_warnings(name)))


def fold_name(text: str) -> str:
    """The form under which names are searched: no case, accents, titles, apostrophes, dots, hyphens; new spelling."""
    folded = _fold_once(text)
    while (again := _fold_once(folded)) != folded:
        folded = again
    return folded


def without_titles(text: str) -> str:
    """The words of a text that are not titles or degrees, as they were typed; all of them when nothing else is left."""
    words = text.split()
    return " ".join(word for word in words if not _is_title(word.strip(",").lower())) or " ".join(words)


def _no_letter() -> CodedFinding:
    return error("NAME_REQUIRED", _("Nama wajib diisi."))


def _name_errors(name: str) -> Iterator[CodedFinding]:
    if not any(letter.isalpha() for letter in name):
        yield _no_letter()
    if not all(_is_name_sign(sign) for sign in name):
        yield error("NAME_CHARS", _("Nama hanya boleh berisi huruf Latin, spasi, dan tanda . , ' - / ( )."))
    if len(name) > MAX_LENGTH:
        yield error("NAME_TOO_LONG", _("Nama terlalu panjang, paling banyak 120 huruf."))


def _name_warnings(name: str) -> Iterator[CodedFinding]:
    if USUAL_LENGTH < len(name) <= MAX_LENGTH:
        yield warning("NAME_LONG", _("Nama lebih dari 60 huruf. Cocokkan dengan KTP."))
    if any(sign in _DIGITS for sign in name):
        yield warning("NAME_DIGITS", _("Nama berisi angka. Cocokkan dengan KTP."))
    if any(sign in "/()" for sign in name):
        yield warning("NAME_NOTE", _("Tulis keterangan di kolom Catatan."))
    if sum(sign.isalpha() for sign in name) == 1:
        yield warning("NAME_SINGLE_LETTER", _("Nama hanya satu huruf. Cocokkan dengan KTP."))


def _is_name_sign(sign: str) -> bool:
    if sign in _PUNCTUATION or sign in _DIGITS or unicodedata.category(sign) == "Mn":
        return True
    return sign.isalpha() and unicodedata.name(sign, "").startswith("LATIN ")


def _fold_once(text: str) -> str:
    folded = (_fold_word(word) for word in without_titles(_plain(text)).split())
    return " ".join(word for word in folded if word)


def _plain(text: str) -> str:
    """Lower case without accents; commas, slashes and brackets are spaces."""
    lower = normalise_name(text).casefold()
    if not lower.isascii():
        decomposed = unicodedata.normalize("NFKD", lower)
        lower = "".join(sign for sign in decomposed if unicodedata.category(sign) != "Mn")
    return lower.translate(_SEPARATORS)


def _is_title(word: str) -> bool:
    """True for H., Hj., Drs. and for degrees written with inner dots, such as S.Pd. or A.Md.Keb."""
    return word.rstrip(".") in _TITLES or ("." in word and bool(_DEGREE.fullmatch(word)))


def _fold_word(word: str) -> str:
    folded = word.translate(_DROPPED_IN_SEARCH)
    for old, new in _SPELLINGS:
        folded = old.sub(new, folded)
    return folded
