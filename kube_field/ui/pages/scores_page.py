"""Prates dan pascates: the results of a training beside its participants, with what they come to."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kube_field.domain.forms.test_result import PRE
from kube_field.domain.training_results import TestsSummary, told_words
from kube_field.ui.models.scores_model import ScoreColumn, ScoresModel
from kube_field.ui.pages.oral_panel import OralPanel
from kube_field.ui.pages.page_frame import PageFrame
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import secondary_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.empty_state import EmptyState
from kube_field.ui.widgets.labels import ElidedLabel, make_label
from kube_field.ui.widgets.score_grid import ScoreGrid
from kube_field.usecases.test_results import ScoreRow, ScoreSheet


class ScoresPage(PageFrame):
    """One training.

    Signals: score_typed(person uid, test, score or None), oral_answered(person uid, test, codes),
    attendance_requested().
    """

    score_typed = Signal(str, str, object)
    oral_answered = Signal(str, str, list)
    attendance_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Prates dan pascates"), parent)
        self.model = ScoresModel()
        self._asked: tuple[ScoreRow, str] | None = None
        self._build()
        self._connect()

    def _build(self) -> None:
        self._saved = make_label("", "quiet")
        self.oral_button = secondary_button(_("Tes lisan"))
        self.back_button = secondary_button(_("Daftar hadir"))
        for widget in (self._saved, self.oral_button, self.back_button):
            self.action_row.addWidget(widget)
        self.grid = ScoreGrid(self.model)
        self.grid.setAccessibleName(_("Nilai prates dan pascates peserta"))
        self.empty = EmptyState(
            _("Belum ada peserta"),
            _("Nilai dicatat untuk peserta terdaftar yang diundang atau hadir. Isi daftar hadirnya lebih dahulu."),
            _("Buka daftar hadir"),
        )
        self.summary_label = make_label("", "strong", wraps=True)
        keys = _("0–100 lalu Enter · kosong berarti belum dites · Del menarik nilai · L tes lisan")
        card = Card()
        card.body.addWidget(self.grid, 1)
        card.body.addWidget(self.empty, 1)
        card.body.addWidget(ElidedLabel(keys, "muted"))
        card.body.addWidget(self.summary_label)
        self.oral = OralPanel()
        line = QHBoxLayout()
        line.setSpacing(current_theme().px(16))
        line.addWidget(card, 1)
        line.addWidget(self.oral)
        self.body.addLayout(line, 1)

    def _connect(self) -> None:
        self.model.score_typed.connect(self.score_typed)
        self.model.score_refused.connect(lambda: self.show_problem(_("Nilai adalah angka bulat dari 0 sampai 100.")))
        self.grid.oral_wanted.connect(self._open_oral)
        self.oral_button.clicked.connect(self._on_oral)
        self.oral.answered.connect(self._on_answered)
        self.oral.closed.connect(self.grid.setFocus)
        self.back_button.clicked.connect(self.attendance_requested)
        self.empty.action_requested.connect(self.attendance_requested)

    def show_sheet(self, sheet: ScoreSheet) -> None:
        """Show the results."""
        self.show_title(_("Prates dan pascates"), sheet.event_title)
        self.model.show_rows(sheet.rows)
        filled = bool(sheet.rows)
        self.grid.setVisible(filled)
        self.empty.setVisible(not filled)
        self.oral_button.setEnabled(filled)
        self.summary_label.setText(summary_words(sheet.summary))
        if filled and not self.grid.currentIndex().isValid():
            self.grid.go_to(0)

    def show_saved(self, clock: str) -> None:
        """A result is on the disk."""
        self._saved.setText(_("Tersimpan {clock}").format(clock=clock))
        self.hide_notice()

    def _on_oral(self) -> None:
        self._open_oral(*(self.grid.chosen_test() or (0, PRE)))

    def _open_oral(self, at: int, test: str) -> None:
        row = self.model.row(at)
        if row is None:
            return
        self._asked = (row, test)
        words = _("Prates: {name}") if test == PRE else _("Pascates: {name}")
        self.oral.open_for(words.format(name=row.name))

    def _on_answered(self, codes: list[str]) -> None:
        if self._asked is None:
            return
        row, test = self._asked
        self.oral.close_panel()
        column = ScoreColumn.PRE if test == PRE else ScoreColumn.POST
        self.oral_answered.emit(row.person_uid, test, codes)
        below = self.model.place_of(row.person_uid) + 1
        if 0 < below < self.model.rowCount():
            self.grid.go_to(below, column)


def summary_words(summary: TestsSummary | None) -> str:
    """What the results come to, as the list prints it (handbook 9.2)."""
    if summary is None:
        return _("Belum ada peserta dengan kedua nilai.")
    return told_words(summary.told())
