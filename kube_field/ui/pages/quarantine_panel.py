"""Karantina: what the server set aside, oldest first; one of it as its officer wrote it, to be accepted or refused."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from kube_field.ui.formats import wita_text
from kube_field.ui.models.item_table_model import Column
from kube_field.ui.pages.aside_bulk import AsideResult, AsideResults, BulkBar
from kube_field.ui.pages.aside_view import AsideView
from kube_field.ui.pages.profile_panels import TableOrEmpty
from kube_field.ui.texts import ToneText, kind_words
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.buttons import primary_button, quiet_button, secondary_button
from kube_field.ui.widgets.data_table import DataTable
from kube_field.ui.widgets.empty_state import EmptyState
from kube_field.ui.widgets.labels import make_label, restyle
from kube_field.usecases.quarantine import AsideRecord

LIST, DETAIL, RESULTS = 0, 1, 2


class QuarantinePanel(QWidget):
    """A list that is fetched from the server, and one record of it. Enter opens a row, Esc goes back to the list.

    Several rows that are chosen (Ctrl, Shift, Ctrl+A) are decided at once, and what became of each is told.
    Signals: `list_wanted()`, `more_wanted()`, `accepted(AsideRecord)`, `refused(AsideRecord, reason)`, `cancelled()`,
    `many_accepted(records)`, `many_refused(records, reason)`.
    """

    list_wanted = Signal()
    more_wanted = Signal()
    accepted = Signal(object)
    refused = Signal(object, str)
    many_accepted = Signal(object)
    many_refused = Signal(object, str)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self._records: list[AsideRecord] = []
        self.stack = QStackedWidget()
        self.view = AsideView()
        self.stack.addWidget(self._make_list())
        self.stack.addWidget(self.view)
        self.results = AsideResults()
        self.stack.addWidget(self.results)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, current_theme().px(8), 0, 0)
        column.setSpacing(current_theme().px(8))
        column.addWidget(self._make_busy())
        column.addWidget(self.stack, 1)
        self._connect()
        self.show_unasked()

    def _make_busy(self) -> QWidget:
        self.busy = QWidget()
        self.busy.setObjectName("clear")
        self._doing = make_label("")
        self._cancel = quiet_button(_("Batal"))
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName(_("Kemajuan"))
        line = QHBoxLayout(self.busy)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._doing)
        line.addWidget(bar, 1)
        line.addWidget(self._cancel)
        self.busy.hide()
        return self.busy

    def _make_list(self) -> QWidget:
        self.list = TableOrEmpty(DataTable(_columns(), _("Karantina")), EmptyState("", "", _("Ambil daftar")))
        self.list.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.bulk = BulkBar()
        self.told = make_label("", "quiet", wraps=True)
        self.more = secondary_button(_("Tampilkan berikutnya"))
        self.reload = secondary_button(_("Muat ulang"))
        self.open_button = primary_button(_("Periksa"))
        foot = QHBoxLayout()
        foot.addWidget(self.told, 1)
        for button in (self.more, self.reload, self.open_button):
            foot.addWidget(button)
        page = QWidget()
        page.setObjectName("clear")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list, 1)
        column.addWidget(self.bulk)
        column.addLayout(foot)
        self.more.hide()
        return page

    def _connect(self) -> None:
        self.list.empty.action_requested.connect(self.list_wanted)
        self.list.table.item_opened.connect(self._open)
        self.reload.clicked.connect(self.list_wanted)
        self.more.clicked.connect(self.more_wanted)
        self.open_button.clicked.connect(self._on_open)
        self._cancel.clicked.connect(self.cancelled)
        self.list.table.selectionModel().selectionChanged.connect(self._on_chosen)
        self.bulk.accepted.connect(self.many_accepted)
        self.bulk.refused.connect(self.many_refused)
        self.results.left.connect(self.show_list)
        self.view.left.connect(self.show_list)
        self.view.accepted.connect(self.accepted)
        self.view.refused.connect(self.refused)

    def records(self) -> list[AsideRecord]:
        """What is listed."""
        return list(self._records)

    def show_unasked(self) -> None:
        """Nothing was asked yet."""
        words = _("Data yang ditahan server untuk diperiksa hanya ada di server, jadi daftarnya memerlukan sambungan.")
        self._show_empty(_("Daftar belum diambil"), words, _("Ambil daftar"))

    def show_records(self, records: Sequence[AsideRecord], asked_at: str, *, more: bool) -> None:
        """Show what waits, as the server told it at that instant (UTC); `more`: there are younger ones."""
        self._records = list(records)
        self.more.setVisible(more)
        if not records:
            words = _("Tidak ada data wilayah Anda yang menunggu keputusan. Diperiksa {at}.")
            self._show_empty(_("Karantina kosong"), words.format(at=wita_text(asked_at)), _("Muat ulang"))
            return
        self.list.show_items(self._records)
        words = _("{n} data terlama · daftar dari server {at}") if more else _("{n} data · daftar dari server {at}")
        self._say(words.format(n=len(records), at=wita_text(asked_at)))

    def show_trouble(self, sentence: str, advice: str) -> None:
        """The list could not be had: in place of a list, or under the one that is there."""
        if self._records:
            self._say(f"{sentence} {advice}", "error")
        else:
            words = _("Karantina hanya ada di server, jadi memerlukan sambungan.")
            self._show_empty(sentence, f"{words} {advice}".strip(), _("Coba lagi"))

    def show_busy(self, words: str, *, may_cancel: bool = False) -> None:
        """Say what is asked of the server; "" when it answered."""
        waited_here = self._cancel.hasFocus()
        self._doing.setText(words)
        self._cancel.setVisible(may_cancel)
        self.busy.setVisible(bool(words))
        if may_cancel and self.isVisible():
            self._cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        for button in (self.more, self.reload, self.open_button, self.list.empty.button):
            button.setEnabled(not words)
        self.bulk.setEnabled(not words)
        self.view.set_busy(bool(words))
        if waited_here and not words:
            self._focus_list()

    def show_settled(self, record: AsideRecord, words: str) -> None:
        """The server's receipt came: the record leaves the list, its outcome stays to be read."""
        at = self.list.table.currentIndex().row()
        self._records = [one for one in self._records if one.change != record.change]
        self.list.table.show_items(self._records)
        self.list.table.selectRow(min(max(at, 0), len(self._records) - 1))
        if not self._records:
            self._show_empty(_("Tidak ada lagi dalam daftar ini"), words, _("Muat ulang"))
        else:
            self._say(words, "strong")
        self.show_list()

    def show_results(self, results: Sequence[AsideResult]) -> None:
        """What became of several: those with a receipt leave the list, the others stay in it."""
        settled = {result.record.change for result in results if result.settled}
        self._records = [one for one in self._records if one.change not in settled]
        self.list.table.clearSelection()
        self.list.table.show_items(self._records)
        if not self._records:
            words = _("Semua yang tercantum sudah diputuskan.")
            self._show_empty(_("Tidak ada lagi dalam daftar ini"), words, _("Muat ulang"))
        self.results.show_results(results)
        self.stack.setCurrentIndex(RESULTS)

    def show_list(self) -> None:
        """Go back to the list; nothing is decided."""
        self.stack.setCurrentIndex(LIST)
        self.view.leave()
        self._focus_list()

    def chosen(self) -> list[AsideRecord]:
        """The rows that are chosen, from top to bottom."""
        rows = sorted(index.row() for index in self.list.table.selectionModel().selectedRows())
        return [self.list.table.items_model.item(row) for row in rows]

    def _on_chosen(self) -> None:
        many = self.bulk.show_chosen(self.chosen())
        self.open_button.setVisible(bool(self._records) and not many)

    def _focus_list(self) -> None:
        target: QWidget = self.list.table if self._records else self.list.empty.button
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self, record: AsideRecord) -> None:
        self.view.show_record(record)
        self.stack.setCurrentIndex(DETAIL)

    def _on_open(self) -> None:
        record = self.list.table.current_item() or next(iter(self.list.table.items_model.items()), None)
        if record is not None:
            self._open(record)

    def _show_empty(self, title: str, words: str, action: str) -> None:
        self._records = []
        self.list.empty.show_text(title, words)
        self.list.empty.button.setText(action)
        self.list.empty.button.show()
        self.list.show_items([])
        self.more.hide()
        self._say("")

    def _say(self, words: str, role: str = "quiet") -> None:
        self.told.setText(words)
        self.told.setProperty("role", role)
        restyle(self.told)
        for widget in (self.reload, self.open_button, self.told):
            widget.setVisible(bool(self._records))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back to the list."""
        if event.key() == Qt.Key.Key_Escape and self.stack.currentIndex() != LIST:
            self.show_list()
            return
        super().keyPressEvent(event)


def aside_chip(record: AsideRecord) -> ToneText:
    """Why a record waits, as a chip."""
    if record.waits:
        return ToneText(record.short_cause, Tone.NEUTRAL)
    return ToneText(record.short_cause, Tone.WATCH if record.stuck else Tone.RISK)


def _who(record: AsideRecord) -> str:
    """Who wrote it; who brought it where no author is known."""
    if record.author:
        return record.author
    return _("lewat {name}").format(name=record.sender) if record.sender else "–"


def _columns() -> list[Column]:
    kinds = kind_words()
    return [
        Column(_("Data"), lambda one: one.title or "–"),
        Column(_("Jenis"), lambda one: kinds[one.kind] if one.kind else _("Tidak terbaca"), width=115),
        Column(_("Petugas"), _who, width=170),
        Column(
            _("Tiba di server"), lambda one: wita_text(one.since), sort_key=lambda one: one.since, width=150, whole=True
        ),
        Column(
            _("Sebab"),
            lambda one: aside_chip(one).text,
            width=190,
            tone=lambda one: aside_chip(one).tone,
            whole=True,
        ),
    ]
