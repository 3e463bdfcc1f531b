"""Pelatihan: the list of trainings with their attendance in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kube_field.domain.records import RecordKind
from kube_field.ui.models.item_table_model import Column
from kube_field.ui.pages.date_words import short_day
from kube_field.ui.pages.form_words import choice_words
from kube_field.ui.pages.mark_door import MarkDoor
from kube_field.ui.pages.page_frame import PageFrame, filter_words
from kube_field.ui.pages.profile_panels import TableOrEmpty
from kube_field.ui.widgets.buttons import primary_button, secondary_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.data_table import DataTable
from kube_field.ui.widgets.empty_state import EmptyState
from kube_field.ui.widgets.export_panel import ExportPanel
from kube_field.ui.widgets.labels import make_label
from kube_field.ui.widgets.search_field import SearchField
from kube_field.usecases.views import TrainingRow


class TrainingsPage(PageFrame):
    """The list of trainings.

    Signals: training_opened(uid), edit_requested(uid), new_training_requested().
    """

    training_opened = Signal(str)
    edit_requested = Signal(str)
    new_training_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Pelatihan"), parent)
        self._topics = choice_words(RecordKind.TRAINING_EVENT, "topic")
        self._rows: tuple[TrainingRow, ...] = ()
        self._build()
        self._connect()

    def _build(self) -> None:
        self._new = primary_button(_("Pelatihan baru"), "add")
        self.export = ExportPanel()
        self.action_row.addWidget(self.export.button)
        self.action_row.addWidget(self._new)
        self._search = SearchField(_("Cari judul, topik, tempat"))
        card = Card()
        card.body.addWidget(self._search)
        card.body.addWidget(self._make_list(), 1)
        card.body.addLayout(self._make_foot())
        self.body.addWidget(self.export)
        self.body.addWidget(card, 1)

    def _make_list(self) -> TableOrEmpty:
        self.marks = MarkDoor()
        columns = [
            Column(_("Tanggal"), _days, sort_key=lambda row: row.starts_on, width=195, whole=True),
            Column(_("Judul"), lambda row: row.title),
            Column(_("Topik"), lambda row: self._topics.get(row.topic, row.topic), width=180),
            Column(_("Tempat"), lambda row: row.venue, width=190),
            Column(_("Sesi"), lambda row: str(row.sessions), sort_key=lambda r: r.sessions, align="right", width=60),
            Column(
                _("Peserta"),
                lambda row: str(row.participants),
                sort_key=lambda row: row.participants,
                align="right",
                width=80,
            ),
            Column(_("Hadir"), lambda row: str(row.present), sort_key=lambda r: r.present, align="right", width=70),
            self.marks.column(),
        ]
        empty = EmptyState(
            _("Belum ada pelatihan"),
            _("Buat pelatihan dengan sesinya, lalu isi daftar hadir dari papan ketik."),
            _("Pelatihan baru"),
        )
        self.list = TableOrEmpty(DataTable(columns, _("Daftar pelatihan")), empty)
        self.marks.watch(self.list.table)
        return self.list

    def _make_foot(self) -> QHBoxLayout:
        self._attend = secondary_button(_("Buka daftar hadir"))
        self._edit = secondary_button(_("Ubah data pelatihan"), "edit")
        for button in (self._attend, self._edit):
            button.setEnabled(False)
        self._count = make_label("", "muted")
        line = QHBoxLayout()
        line.addWidget(self._count, 1)
        line.addWidget(self.marks.button)
        line.addWidget(self._edit)
        line.addWidget(self._attend)
        return line

    def _connect(self) -> None:
        self._new.clicked.connect(self.new_training_requested)
        self.list.empty.action_requested.connect(self.new_training_requested)
        self._search.search_changed.connect(lambda _text: self._show_rows())
        self.list.table.item_opened.connect(lambda row: self.training_opened.emit(row.uid))
        self.list.table.item_chosen.connect(lambda _row: self._enable(True))
        self._attend.clicked.connect(lambda: self._emit(self.training_opened))
        self._edit.clicked.connect(lambda: self._emit(self.edit_requested))

    def show_trainings(self, rows: Sequence[TrainingRow]) -> None:
        """Show the trainings, newest first as given."""
        self._rows = tuple(rows)
        self._show_rows()

    def listed(self) -> list[TrainingRow]:
        """The trainings that are shown, as they are sorted."""
        return list(self.list.table.items_model.items())

    def filter_words(self) -> str:
        """What the list is filtered by, in words."""
        return filter_words((), self._search.text())

    def _show_rows(self) -> None:
        wanted = self._search.text().strip().casefold().split()
        rows = [row for row in self._rows if all(word in self._words_of(row) for word in wanted)]
        self.list.show_items(rows)
        self._enable(False)
        self._count.setText(_("{n} pelatihan").format(n=len(rows)))

    def _words_of(self, row: TrainingRow) -> str:
        return " ".join((row.title, self._topics.get(row.topic, row.topic), row.venue, row.village)).casefold()

    def _enable(self, on: bool) -> None:
        for button in (self._attend, self._edit):
            button.setEnabled(on)

    def _emit(self, signal: SignalInstance) -> None:
        if (row := self.list.table.current_item()) is not None:
            signal.emit(row.uid)


def _days(row: TrainingRow) -> str:
    if not row.ends_on or row.ends_on == row.starts_on:
        return short_day(row.starts_on)
    first, last = short_day(row.starts_on), short_day(row.ends_on)
    if row.starts_on[:7] == row.ends_on[:7]:
        first = first.split(" ")[0]
    return _("{first} – {last}").format(first=first, last=last)
