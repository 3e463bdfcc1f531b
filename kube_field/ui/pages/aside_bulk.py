"""Several of what the server set aside decided at once: the bar that asks, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kube_field.ui.models.item_table_model import Column
from kube_field.ui.texts import kind_words
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.buttons import primary_button, secondary_button
from kube_field.ui.widgets.data_table import DataTable
from kube_field.ui.widgets.labels import make_label
from kube_field.ui.widgets.notice_bar import NoticeBar
from kube_field.ui.widgets.reason_panel import ReasonPanel
from kube_field.usecases.quarantine import AsideRecord

REFUSE = "refuse"
LEAST_FOR_MANY = 2
"""One chosen row is opened and decided on its own page."""


@dataclass(frozen=True, slots=True)
class AsideResult:
    """What became of one of several: `settled` when the server's receipt for a decision is there."""

    record: AsideRecord
    words: str
    chip: str
    tone: Tone
    settled: bool


class BulkBar(QWidget):
    """Decides about several chosen rows; hidden until two that can be decided are chosen.

    Signals: `accepted(records)`, `refused(records, reason)`.
    """

    accepted = Signal(object)
    refused = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self._records: list[AsideRecord] = []
        self._told = make_label("", "strong", wraps=True)
        self.refuse = secondary_button("")
        self.accept = primary_button("")
        self.question = NoticeBar()
        self.reason = ReasonPanel()
        self._line = QWidget()
        self._line.setObjectName("clear")
        line = QHBoxLayout(self._line)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(current_theme().px(8))
        line.addWidget(self._told, 1)
        line.addWidget(self.refuse)
        line.addWidget(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.question, self.reason, self._line):
            column.addWidget(widget)
        self.accept.clicked.connect(self._ask_to_accept)
        self.refuse.clicked.connect(self._ask_reason)
        self.reason.given.connect(lambda _key, reason: self.refused.emit(self._records, reason))
        self.hide()

    def show_chosen(self, records: Sequence[AsideRecord]) -> bool:
        """Offer to decide about these; False when there are too few to decide at once."""
        self._records = [record for record in records if not record.waits]
        self.question.dismiss()
        self.reason.hide()
        count = len(self._records)
        self._told.setText(_("{n} data dipilih").format(n=count))
        self.refuse.setText(_("Tolak {n} data").format(n=count))
        self.accept.setText(_("Terima {n} data").format(n=count))
        self.setVisible(count >= LEAST_FOR_MANY)
        return count >= LEAST_FOR_MANY

    def _ask_to_accept(self) -> None:
        """Nothing that was let in can be put out again: asked once more, in the page."""
        self.reason.hide()
        words = _("Terima {n} data tanpa membukanya satu per satu? Yang sudah diterima tidak dapat ditarik.")
        count, records = len(self._records), list(self._records)
        self.question.show_notice(
            words.format(n=count), _("Ya, terima {n} data").format(n=count), partial(self.accepted.emit, records)
        )
        self.question.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask_reason(self) -> None:
        self.question.dismiss()
        words = _("Tolak {n} data ini? Isinya tidak masuk ke catatan. Petugas yang menulisnya membaca alasan Anda.")
        count = len(self._records)
        self.reason.ask(REFUSE, words.format(n=count), _("Tolak {n} data").format(n=count))


class AsideResults(QWidget):
    """What became of each, row by row. Signals: `left()`."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self.told = make_label("", "strong", wraps=True)
        self.detail = make_label("", "", wraps=True)
        self.table = DataTable(_columns(), _("Hasil keputusan"))
        self.back = primary_button(_("Kembali ke daftar"))
        foot = QHBoxLayout()
        foot.addWidget(self.told, 1)
        foot.addWidget(self.back)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table, 1)
        column.addWidget(self.detail)
        column.addLayout(foot)
        self.table.item_chosen.connect(lambda result: self.detail.setText(result.words))
        self.back.clicked.connect(self.left)

    def show_results(self, results: Sequence[AsideResult]) -> None:
        """Show what became of each."""
        self.table.show_items(results)
        done = sum(result.settled for result in results)
        words = _("Keputusan dipastikan server untuk {done} dari {all} data.").format(done=done, all=len(results))
        more = _("Yang lain tetap dalam daftar; datanya aman di server.")
        self.told.setText(words if done == len(results) else f"{words} {more}")
        first = next((n for n, result in enumerate(results) if not result.settled), 0)
        self.table.selectRow(first)
        self.back.setFocus(Qt.FocusReason.OtherFocusReason)


def _columns() -> list[Column]:
    kinds = kind_words()
    return [
        Column(_("Data"), lambda one: one.record.title or "–", width=230),
        Column(_("Jenis"), lambda one: kinds[one.record.kind] if one.record.kind else _("Tidak terbaca"), width=115),
        Column(_("Hasil"), lambda one: one.chip, width=150, tone=lambda one: one.tone, whole=True),
        Column(_("Keterangan"), lambda one: one.words, tip=lambda one: one.words),
    ]
