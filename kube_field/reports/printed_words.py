"""What a visit report says on paper, read back from the words of its PDF and held against its seal.

A printed PDF keeps its words in reading order; what cannot be found is told as not read, never as wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from gettext import gettext as _

from kube_field.domain.dates import show_date
from kube_field.domain.money import accounting
from kube_field.wire.seal import MOST_OF_A_UNIT, Seal

AMOUNT = r"(\([\d.]+\)|[\d.]+|–|tidak \w+)(?=\s)"
FIGURE_LINES = (
    rf"^Omzet\s+{AMOUNT}",
    rf"^Laba \(Rugi\)\s+{AMOUNT}",
    rf"^Modal kerja\s+sekarang\s+(?:\(\(?[\d.]+\)?%\s+dari\s+modal\s+awal\)\s+)?{AMOUNT}",
    r"^Nilai (\d+) dari 100",
)
NUMBERS = (r"^Nomor: ?(\S+)", r"^Halaman \d+ dari \d+ · (\S+) ·")
UNITS = (r"^Nama KUBE\s*:\s*(.+?)\s*^Jenis usaha", r"^Jenis usaha\s*:\s*(.+?)\s*^Paket program")
MOST_OF_A_LETTER = 4
DAY = r"^Hari, tanggal\s*:\s*(.+?)\s*^Pukul"


@dataclass(frozen=True, slots=True)
class Compared:
    """One thing that the code says: its name, the value in the code, the one found on paper ("" for not found).

    `recorded` is what the record on this laptop says, where that is not the content that was sealed.
    """

    name: str
    coded: str
    found: str = ""
    differs: bool = False
    recorded: str = ""


def figure_names() -> tuple[str, ...]:
    """Names of the four key figures in their order."""
    return (_("Omzet"), _("Laba (Rugi)"), _("Modal kerja"), _("Nilai"))


def figure_words(amount: int | None) -> str:
    """A key figure as the report prints it."""
    return "–" if amount is None else accounting(amount)


def compared_with_words(seal: Seal, words: str) -> list[Compared]:
    """Number, unit, day and figures of a seal beside what the words of the paper say."""
    told = words.replace("\r\n", "\n").replace("\r", "\n")
    return [
        _number(seal, told),
        _unit(seal, told),
        _day(seal, told),
        *(
            _figure(name, amount, line, told)
            for name, amount, line in zip(figure_names(), seal.figures.amounts, FIGURE_LINES, strict=True)
        ),
    ]


def _number(seal: Seal, told: str) -> Compared:
    found = [number for pattern in NUMBERS for number in _every(pattern, told)]
    other = next((number for number in found if _bare(number) != _bare(seal.number)), "")
    return Compared(_("Nomor"), seal.number, other or next(iter(found), ""), bool(other))


def _unit(seal: Seal, told: str) -> Compared:
    """A group by its own line, a person's business by its kind and name; in the code a long name is cut."""
    group, business = (next(iter(_every(pattern, told)), "") for pattern in UNITS)
    found, coded = " ".join((group or business).split()), _bare(seal.unit)
    if not found or not coded:
        return Compared(_("Unit"), seal.unit, found)
    is_whole = len(seal.unit.encode()) <= MOST_OF_A_UNIT - MOST_OF_A_LETTER
    fits = _bare(found) == coded if group and is_whole else coded in _bare(found)
    return Compared(_("Unit"), seal.unit, found, not fits)


def _day(seal: Seal, told: str) -> Compared:
    coded = show_date(seal.on.isoformat())
    found = next(iter(_every(DAY, told)), "")
    differs = bool(found) and not _bare(found).endswith(_bare(coded))
    return Compared(_("Tanggal"), coded, " ".join(found.split()), differs)


def _figure(name: str, amount: int | None, line: str, told: str) -> Compared:
    coded = figure_words(amount)
    found = _every(line, told)
    other = next((one for one in found if (_is_amount(one) or amount is not None) and one != coded), "")
    return Compared(name, coded, other or next(iter(found), ""), bool(other))


def _is_amount(found: str) -> bool:
    return any(letter.isdigit() for letter in found)


def _every(pattern: str, told: str) -> list[str]:
    return [str(found) for found in re.findall(pattern, told, re.MULTILINE | re.DOTALL)]


def _bare(text: str) -> str:
    """Letters and digits alone: how a line was broken or spaced does not count."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())
