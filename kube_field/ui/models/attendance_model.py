"""The rows of an attendance grid: participants with status, time and note, edited in place (handbook 5.10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import IntEnum
from gettext import gettext as _
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from kube_field.ui.icons import icon
from kube_field.usecases.views import AttendanceCell

STATUS_KEYS = {"H": "hadir", "I": "izin", "S": "sakit", "A": "tanpa_kabar", "G": "digantikan_oleh"}
"""The keys that set a status."""
NOTE_LENGTH = 120


class AttendanceColumn(IntEnum):
    """Columns of the grid, left to right."""

    NUMBER = 0
    NAME = 1
    SEX = 2
    GROUP = 3
    VILLAGE = 4
    PHONE = 5
    STATUS = 6
    TIME = 7
    SIGNED = 8
    NOTE = 9


TOLD_WHOLE = (
    AttendanceColumn.NAME,
    AttendanceColumn.GROUP,
    AttendanceColumn.VILLAGE,
    AttendanceColumn.STATUS,
    AttendanceColumn.NOTE,
)
"""Columns whose text may be cut; the tooltip tells all of it."""
EDITED_COLUMNS = (AttendanceColumn.TIME, AttendanceColumn.NOTE)


def status_label(status: str) -> str:
    """A status as the grid shows it, the key first."""
    labels = {
        "hadir": _("H · Hadir"),
        "izin": _("I · Izin"),
        "sakit": _("S · Sakit"),
        "tanpa_kabar": _("A · Tanpa kabar"),
        "digantikan_oleh": _("G · Digantikan"),
    }
    return labels.get(status, "")


def signed_words(cell: AttendanceCell) -> str:
    """Whether and how somebody signed."""
    if cell.signature.get("strokes"):
        return _("Sudah bertanda tangan")
    if cell.signature.get("thumbprint"):
        return _("Cap jempol")
    return _("Tidak bertanda tangan: {reason}").format(reason=cell.signature["waived"]) if cell.signature else ""


def signed_sign(cell: AttendanceCell) -> str:
    """The icon for it."""
    signs = {"strokes": "pen", "thumbprint": "photo", "waived": "note"}
    return next((sign for part, sign in signs.items() if cell.signature.get(part)), "")


def read_time(text: str) -> str:
    """Typed time as HH:MM: 8, 815, 0815, 8.15 and 8:15 are understood; anything else gives "".

    Anything that is no time of day is refused.
    """
    digits = text.strip().replace(".", "").replace(":", "").replace(" ", "")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 4:
        return ""
    padded = digits.zfill(2) + "00" if len(digits) <= 2 else digits.zfill(4)
    hour, minute = int(padded[:2]), int(padded[2:])
    return f"{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else ""


class AttendanceModel(QAbstractTableModel):
    """A table over attendance cells.

    Signals: changed() after any edit by the officer.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._cells: list[AttendanceCell] = []
        self._locked = False

    @property
    def cells(self) -> tuple[AttendanceCell, ...]:
        """The rows as they stand."""
        return tuple(self._cells)

    def show_cells(self, cells: Sequence[AttendanceCell], *, locked: bool = False) -> None:
        """Take new rows; `locked` rows can be read only."""
        self.beginResetModel()
        self._cells, self._locked = list(cells), locked
        self.endResetModel()

    def add_cell(self, cell: AttendanceCell) -> None:
        """One row more at the end."""
        at = len(self._cells)
        self.beginInsertRows(QModelIndex(), at, at)
        self._cells.append(cell)
        self.endInsertRows()
        self.changed.emit()

    def set_status(self, rows: Iterable[int], status: str) -> None:
        """Give rows a status; empty takes it back."""
        if self._locked:
            return
        touched = sorted({row for row in rows if 0 <= row < len(self._cells)})
        for row in touched:
            cell = self._cells[row]
            self._cells[row] = replace(cell, status=status, time_in=cell.time_in if status == "hadir" else "")
        if touched:
            self._tell(touched[0], touched[-1])

    def cell(self, row: int) -> AttendanceCell | None:
        """The participant of a row."""
        return self._cells[row] if 0 <= row < len(self._cells) else None

    def row_of(self, key: str) -> int:
        """Where a participant stands; -1 when nowhere."""
        return next((at for at, cell in enumerate(self._cells) if cell.key == key), -1)

    def allowance(self) -> int:
        """Transport allowances together, rupiah; what cannot be read counts nothing."""
        paid = ("hadir", "digantikan_oleh")
        amounts = [cell.transport_allowance_idr for cell in self._cells if cell.status in paid]
        return sum(amount for amount in amounts if isinstance(amount, int))

    def replace_cell(self, cell: AttendanceCell) -> None:
        """Take the edited row of a participant, found by its key."""
        row = self.row_of(cell.key)
        if row < 0 or self._locked or self._cells[row] == cell:
            return
        self._cells[row] = cell
        self._tell(row, row)

    def set_allowance(self, amount: Any) -> None:
        """Give everybody who is present the same transport allowance."""
        for row, cell in enumerate(self._cells):
            if cell.status == "hadir" and not self._locked:
                self._cells[row] = replace(cell, transport_allowance_idr=amount)
        if self._cells:
            self._tell(0, len(self._cells) - 1)

    def _tell(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, AttendanceColumn.NOTE))
        self.changed.emit()

    def totals(self) -> Counter[str]:
        """How many rows have each status; "" counts the ones without."""
        return Counter(cell.status for cell in self._cells)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """One row for each participant."""
        return 0 if parent is not None and parent.isValid() else len(self._cells)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """The columns of AttendanceColumn."""
        return 0 if parent is not None and parent.isValid() else len(AttendanceColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Column titles."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (
            _("No"),
            _("Nama"),
            _("L/P"),
            _("KUBE/Perorangan"),
            _("Desa/Kelurahan"),
            _("HP"),
            _("Kehadiran"),
            _("Jam datang"),
            _("TTD"),
            _("Catatan"),
        )[section]

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text of a cell; walk-in participants say so."""
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self._text(index.row(), index.column())
        if index.column() == AttendanceColumn.SIGNED:
            return self._sign(self._cells[index.row()], role)
        if role == Qt.ItemDataRole.ToolTipRole and index.column() in TOLD_WHOLE:
            return self._text(index.row(), index.column()).replace("&", "&amp;").replace("<", "&lt;")
        return None

    def setData(
        self, index: QModelIndex | QPersistentModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """Take typed time and note; a time that cannot be read is not taken."""
        if role != Qt.ItemDataRole.EditRole or index.column() not in EDITED_COLUMNS or self._locked:
            return False
        text = str(value or "").strip()
        cell = self._cells[index.row()]
        if index.column() == AttendanceColumn.NOTE:
            self._cells[index.row()] = replace(cell, note=text[:NOTE_LENGTH])
        else:
            time_in = read_time(text)
            if text and not time_in:
                return False
            self._cells[index.row()] = replace(cell, time_in=time_in)
        self.dataChanged.emit(index, index)
        self.changed.emit()
        return True

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        """Time and note can be typed while the sheet is open."""
        flags = super().flags(index)
        if index.isValid() and index.column() in EDITED_COLUMNS and not self._locked:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def _sign(self, cell: AttendanceCell, role: int) -> Any:
        if role == Qt.ItemDataRole.DecorationRole:
            return icon(sign) if (sign := signed_sign(cell)) else None
        spoken = (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
        return signed_words(cell) if role in spoken else None

    def _text(self, row: int, column: int) -> str:
        cell = self._cells[row]
        name = _("{name} (peserta tambahan)").format(name=cell.name) if cell.walk_in else cell.name
        return (
            str(row + 1),
            name,
            cell.sex,
            cell.group_name or _("Perorangan"),
            cell.village.split(",")[0],
            cell.phone_end,
            _status_words(cell),
            cell.time_in.replace(":", "."),
            "",
            cell.note,
        )[column]


def _status_words(cell: AttendanceCell) -> str:
    """The status; who came instead, where somebody did."""
    if cell.status == "digantikan_oleh" and cell.replaced_by:
        return _("G · {name}").format(name=cell.replaced_by)
    return status_label(cell.status)
