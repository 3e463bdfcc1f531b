"""What an export writes into: a workbook, or a folder of CSV files; both take one row after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path
from typing import Protocol

from kube_field.exchange.cells import Cell
from kube_field.exchange.codebook import codebook_headings, codebook_rows
from kube_field.exchange.tables import SheetTable

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A text that begins so is a formula for spreadsheet programs, some after a tab or line end, some in wide letters."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What the first sheet says of the file: (what, value) pairs, and sentences on how to read it."""

    lines: tuple[tuple[str, str], ...]
    sentences: tuple[str, ...]
    footer: str
    """One line for the foot of every printed page."""


class Book(Protocol):
    """A file, or several, that grow row by row."""

    @property
    def path(self) -> Path:
        """Where it will stand."""
        ...

    def write(self, table: SheetTable, cells: Sequence[Cell]) -> None:
        """Add one row to a table. Raises: KubeFieldError."""
        ...

    def finish(self, cover: Cover) -> None:
        """Let it appear under its name. Raises: KubeFieldError; nothing stays then."""
        ...

    def drop(self) -> None:
        """Leave nothing behind."""
        ...


def is_formula_like(text: str) -> bool:
    """True for a text that a spreadsheet program would take for a formula if it were typed."""
    return text.startswith(FORMULA_SIGNS)


def cover_rows(cover: Cover) -> Iterable[tuple[str, ...]]:
    """The first sheet line by line."""
    yield from cover.lines
    yield ()
    yield from (("", sentence) for sentence in cover.sentences)


def code_rows(tables: Iterable[SheetTable]) -> Iterable[tuple[Cell, ...]]:
    """The codebook, heads first."""
    yield codebook_headings()
    yield from codebook_rows(tables)


def cover_name() -> str:
    """Name of the sheet that says where the file comes from."""
    return _("Keterangan")


def codebook_name() -> str:
    """Name of the sheet that explains columns and codes."""
    return _("Kamus")
