"""Chips of a list about conflicts and doubles, and the ways to them: a click on the chip, or a button beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from gettext import gettext as _
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Signal

from kube_field.ui.models.item_table_model import Column
from kube_field.ui.texts import ToneText
from kube_field.ui.theme import Tone
from kube_field.ui.widgets.buttons import literal, quiet_button
from kube_field.ui.widgets.data_table import DataTable
from kube_field.usecases.marks import Marks

NARROW = 40


class MarkDoor(QObject):
    """One table's column *Tanda*. `uids_of` names the records that a row speaks of; the first one marked counts.

    `button` does the same from the keyboard where the page gives it a place; a profile has it in its heading.
    Signals: `conflicts_wanted(uid)`, `double_wanted(uid)` with the uid of the record.
    """

    conflicts_wanted = Signal(str)
    double_wanted = Signal(str)

    def __init__(self, uids_of: Callable[[Any], Sequence[str]] = lambda row: (row.uid,)) -> None:
        super().__init__()
        self._uids_of = uids_of
        self._marks = Marks()
        self._table: DataTable | None = None
        self._column = Column(
            _("Tanda"), self._text, width=NARROW, tone=lambda row: self._told(row)[1].tone, whole=True, tip=self._tip
        )
        self.button = quiet_button("")
        self.button.hide()
        self.button.clicked.connect(lambda: self._open(self._current()))

    def column(self) -> Column:
        """The column to be put among the others of the table; it takes room only while a row is marked."""
        return self._column

    def watch(self, table: DataTable) -> None:
        """Listen to the table that shows the column."""
        self._table = table
        table.show_column(self._column, shown=False)
        table.clicked.connect(self._on_click)
        table.item_chosen.connect(self._follow)
        table.items_model.modelReset.connect(self._on_rows)

    def show_marks(self, marks: Marks) -> None:
        """What is marked from now on; call it before the rows are shown."""
        self._marks = marks

    def _told(self, row: Any) -> tuple[str, ToneText]:
        """The record that is marked, and the chip."""
        uids = self._uids_of(row)
        for found, chip in (
            (self._marks.conflicts, ToneText(_("Bentrok"), Tone.CONFLICT)),
            (self._marks.doubles, ToneText(_("Ganda?"), Tone.WATCH)),
            (self._marks.merged, ToneText(_("Digabung"), Tone.NEUTRAL)),
        ):
            if (uid := next((uid for uid in uids if uid in found), "")) and uid:
                return uid, chip
        return "", ToneText("", Tone.NEUTRAL)

    def _text(self, row: Any) -> str:
        return self._told(row)[1].text

    def _tip(self, row: Any) -> str:
        uid = self._told(row)[0]
        if uid in self._marks.conflicts:
            return _("{n} isian bentrok · klik untuk menyelesaikan").format(n=self._marks.conflicts[uid])
        return _("Mungkin ganda · klik untuk membandingkan") if uid in self._marks.doubles else ""

    def _on_rows(self) -> None:
        if self._table is not None:
            self._table.show_column(self._column, shown=any(map(self._text, self._table.items_model.items())))
        self._follow(None)

    def _on_click(self, index: QModelIndex) -> None:
        if self._table is not None and self._table.items_model.columns[index.column()] is self._column:
            self._open(self._table.items_model.item(index.row()))

    def _follow(self, row: Any | None) -> None:
        """The button under the list offers what the chosen row's chip says."""
        if self.button.parentWidget() is None:
            return
        uid = self._told(row)[0] if row is not None else ""
        words = _("Selesaikan bentrok") if uid in self._marks.conflicts else _("Bandingkan data ganda")
        self.button.setText(literal(words))
        self.button.setAccessibleName(words)
        self.button.setVisible(uid in self._marks.conflicts or uid in self._marks.doubles)

    def _current(self) -> Any | None:
        return self._table.current_item() if self._table is not None else None

    def _open(self, row: Any | None) -> None:
        uid = self._told(row)[0] if row is not None else ""
        if uid in self._marks.conflicts:
            self.conflicts_wanted.emit(uid)
        elif uid in self._marks.doubles:
            self.double_wanted.emit(uid)
