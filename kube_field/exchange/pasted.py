"""Rows pasted from a spreadsheet: which column is what, by its heading or by what stands in it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from gettext import gettext as _

from kube_field.errors import Failure, KubeFieldError
from kube_field.exchange.choice_words import CHOICE_WORDS
from kube_field.exchange.heading_words import WORDS
from kube_field.exchange.incoming_cells import NUMERIC_TEXT
from kube_field.exchange.incoming_columns import fold_heading

MOST_ROWS = 500
"""More is a list of its own, for the import."""
IDENTITY = re.compile(r"[0-9]{16}")
"""NIK and KK numbers look alike; which column is which is told by who is registered."""
PHONE = re.compile(r"(?:\+?62|0)8[0-9]{7,11}")
GAPS = str.maketrans("", "", " .-'\u00a0")
MOSTLY = 0.5
"""A column is what so many of its cells are."""


class PastedColumn(StrEnum):
    """What a column of a pasted list can be."""

    NIK = "nik"
    KK = "kk_number"
    NAME = "name"
    SEX = "sex"
    PHONE = "phone"
    VILLAGE = "village"
    ROLE = "role"
    JOINED = "joined_on"
    STATUS = "status"
    ALLOWANCE = "transport_allowance_idr"
    NOTE = "note"


HEADINGS: Mapping[PastedColumn, tuple[str, ...]] = {
    PastedColumn.NIK: (*WORDS["nik"], "anggota nik", "peserta nik"),
    PastedColumn.KK: WORDS["kk_number"],
    PastedColumn.NAME: (*WORDS["full_name"], "anggota", "peserta", "nama peserta"),
    PastedColumn.SEX: WORDS["sex"],
    PastedColumn.PHONE: WORDS["phone"],
    PastedColumn.VILLAGE: WORDS["village_code"],
    PastedColumn.ROLE: ("jabatan", "jabatan dalam kube", "kedudukan"),
    PastedColumn.JOINED: ("masuk", "masuk tanggal", "tanggal masuk", "tgl masuk", "sejak"),
    PastedColumn.STATUS: ("kehadiran", "hadir", "status kehadiran", "absen", "absensi", "presensi"),
    PastedColumn.ALLOWANCE: ("uang transpor", "transpor", "transport", "uang transport"),
    PastedColumn.NOTE: ("catatan", "keterangan", "ket"),
}
STATUS_WORDS: Mapping[str, tuple[str, ...]] = {
    "hadir": ("h", "hadir", "v", "√", "✓", "ya", "1"),
    "izin": ("i", "izin", "ijin"),
    "sakit": ("s", "sakit"),
    "tanpa_kabar": ("a", "alpa", "alpha", "tanpa kabar", "tidak hadir", "tk", "0"),
    "digantikan_oleh": ("g", "digantikan", "diganti", "digantikan oleh", "diwakili"),
}
ROLE_WORDS: Mapping[str, tuple[str, ...]] = {
    "ketua": ("ketua",),
    "sekretaris": ("sekretaris", "sekertaris", "sek"),
    "bendahara": ("bendahara", "bend"),
    "anggota": ("anggota", "anggota kube"),
}
BY_CONTENT = (
    (PastedColumn.ROLE, ROLE_WORDS),
    (PastedColumn.STATUS, STATUS_WORDS),
    (PastedColumn.SEX, CHOICE_WORDS["sex"]),
)


@dataclass(frozen=True, slots=True)
class PastedRow:
    """One pasted line: its place in the paste, from 1, and the text of every column that is known."""

    number: int
    texts: Mapping[PastedColumn, str] = field(default_factory=dict)

    def text(self, column: PastedColumn) -> str:
        """The text of a column, "" when there is none."""
        return self.texts.get(column, "")

    @property
    def nik(self) -> str:
        """The NIK without gaps, as it was pasted otherwise."""
        return self.text(PastedColumn.NIK).translate(GAPS) or self.text(PastedColumn.NIK)

    @property
    def is_cut_number(self) -> bool:
        """True for a NIK that the spreadsheet shortened: 6,40212E+15."""
        return bool(NUMERIC_TEXT.fullmatch(self.text(PastedColumn.NIK).replace(" ", "")))


def read_pasted(text: str, registered: Callable[[Sequence[str]], int]) -> list[PastedRow]:
    """The rows of a tab-separated text; `registered` says how many of some NIK belong to people of this laptop.

    Raises: KubeFieldError VALIDATION when there is nothing in it, no column of NIK or names, or too much.
    """
    lines = _lines(text)
    filled = [(number, line) for number, line in enumerate(lines, start=1) if any(line)]
    if len(filled) > MOST_ROWS:
        raise _refused(
            _("Tempelan ini lebih dari {n} baris.").format(n=MOST_ROWS), _("Pakai impor untuk daftar besar.")
        )
    columns = _by_heading(filled[0][1]) if filled else {}
    if columns:
        filled = filled[1:]
    elif filled:
        columns = _by_content([line for _number, line in filled], registered)
    if not filled or not {PastedColumn.NIK, PastedColumn.NAME} & columns.keys():
        raise _refused(
            _("Tidak ada kolom NIK atau nama dalam tempelan ini."),
            _("Salin baris dari Excel beserta kolom NIK, boleh dengan judul kolomnya, lalu tempel lagi."),
        )
    return [PastedRow(number, _texts(line, columns)) for number, line in filled]


def _lines(text: str) -> list[list[str]]:
    """Cells as a spreadsheet puts them on the clipboard: tabs between, quotes around what holds tabs or line ends."""
    try:
        read = list(csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter="\t"))
    except csv.Error:
        raise _refused(
            _("Tempelan ini tidak dapat dibaca."), _("Salin barisnya dari Excel, lalu tempel lagi.")
        ) from None
    return [[" ".join(cell.split()) for cell in line] for line in read]


def meaning(text: str, words: Mapping[str, tuple[str, ...]]) -> str:
    """The code whose words a cell has, "" for none."""
    folded = fold_heading(text) or text.strip().casefold()
    return next((code for code, spelled in words.items() if folded == code or folded in spelled), "")


def _texts(line: Sequence[str], columns: Mapping[PastedColumn, int]) -> dict[PastedColumn, str]:
    return {column: line[at] for column, at in columns.items() if at < len(line) and line[at]}


def _by_heading(line: Sequence[str]) -> dict[PastedColumn, int]:
    """Columns by their headings; nothing when the first line is no line of headings."""
    if any(IDENTITY.fullmatch(cell.translate(GAPS)) for cell in line):
        return {}
    known = {word: column for column, words in HEADINGS.items() for word in words}
    found: dict[PastedColumn, int] = {}
    for at, cell in enumerate(line):
        column = known.get(fold_heading(cell)) if cell else None
        if column is not None:
            found.setdefault(column, at)
    return found if {PastedColumn.NIK, PastedColumn.NAME} & found.keys() else {}


def _by_content(lines: Sequence[Sequence[str]], registered: Callable[[Sequence[str]], int]) -> dict[PastedColumn, int]:
    width = max(len(line) for line in lines)
    cells = {at: [line[at] for line in lines if at < len(line) and line[at]] for at in range(width)}
    cells = {at: texts for at, texts in cells.items() if texts}
    found: dict[PastedColumn, int] = {}
    if (nik := _nik_column(cells, registered)) is not None:
        found[PastedColumn.NIK] = nik
    for column, words in BY_CONTENT:
        _take(found, column, cells, partial(_has_word, words=words), whole=True)
    _take(found, PastedColumn.PHONE, cells, lambda text: bool(PHONE.fullmatch(text.translate(GAPS))))
    names = [at for at in cells if at not in found.values() and _share(cells[at], _is_name_like) > MOSTLY]
    if names:
        found[PastedColumn.NAME] = names[0]
    return found


def _nik_column(cells: Mapping[int, list[str]], registered: Callable[[Sequence[str]], int]) -> int | None:
    """The column of NIK: where most are registered here, else where women's days are, else the most different."""
    candidates = [at for at, texts in cells.items() if _share(texts, _is_number_like) >= MOSTLY]

    def rank(at: int) -> tuple[int, bool, int, int]:
        niks = [digits for text in cells[at] if IDENTITY.fullmatch(digits := text.translate(GAPS))]
        has_woman = any(int(nik[6:8]) > 40 for nik in niks)
        return registered(niks), has_woman, len(set(niks)), -at

    return max(candidates, key=rank, default=None)


def _is_number_like(text: str) -> bool:
    return bool(IDENTITY.fullmatch(text.translate(GAPS)) or NUMERIC_TEXT.fullmatch(text.replace(" ", "")))


def _is_name_like(text: str) -> bool:
    letters = sum(sign.isalpha() for sign in text)
    return letters >= 3 and letters > len(text) / 2


def _has_word(text: str, words: Mapping[str, tuple[str, ...]]) -> bool:
    """True for a word of a choice; numbers count rows in too many lists."""
    return not text.isdigit() and bool(meaning(text, words))


def _share(texts: Sequence[str], fits: Callable[[str], bool]) -> float:
    return sum(map(fits, texts)) / len(texts)


def _take(
    found: dict[PastedColumn, int],
    column: PastedColumn,
    cells: Mapping[int, list[str]],
    fits: Callable[[str], bool],
    *,
    whole: bool = False,
) -> None:
    """The first column left of which most cells, or all of them, fit."""
    for at, texts in cells.items():
        share = _share(texts, fits)
        if at not in found.values() and (share == 1 if whole else share > MOSTLY):
            found[column] = at
            return


def _refused(sentence: str, action: str) -> KubeFieldError:
    return KubeFieldError(Failure.VALIDATION, sentence, action, code="PASTE")
