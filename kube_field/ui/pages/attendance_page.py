"""The attendance of one session of a training: a grid worked from the keyboard, saved as a draft by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from gettext import gettext as _

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QWidget

from kube_field.domain.money import show_rupiah
from kube_field.ui.forms.editor import Surroundings
from kube_field.ui.models.attendance_model import STATUS_KEYS, AttendanceModel, status_label
from kube_field.ui.pages.date_words import short_day
from kube_field.ui.pages.page_frame import PageFrame
from kube_field.ui.pages.participant_panel import ParticipantPanel
from kube_field.ui.pages.paste_panel import PastePanel
from kube_field.ui.pages.walk_in_panel import WalkInPanel
from kube_field.ui.texts import chip_text
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.attendance_grid import AttendanceGrid
from kube_field.ui.widgets.buttons import primary_button, secondary_button, small_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.chip import ChipLabel
from kube_field.ui.widgets.choice_panel import ChoicePanel, Choosable
from kube_field.ui.widgets.elided_box import ElidedBox
from kube_field.ui.widgets.empty_state import EmptyState
from kube_field.ui.widgets.labels import ElidedLabel, make_label
from kube_field.ui.widgets.reason_panel import ReasonPanel
from kube_field.usecases.views import AttendanceCell, AttendanceSheet

AUTOSAVE_MS = 1500


@dataclass(frozen=True, slots=True)
class SessionChoice:
    """One session of the training, to switch to."""

    number: int
    day: str
    subject: str


class AttendancePage(PageFrame):
    """One session.

    Signals: sheet_changed(AttendanceSheet) a moment after the last edit, session_chosen(number),
    finalise_requested(AttendanceSheet), print_requested(blank), people_text_changed(text), participant_chosen(key),
    walk_in_looked_for(name, nik), walk_in_judged(parts), walk_in_added(parts), walk_in_is(person uid),
    participant_opened(AttendanceCell), participant_answered(key, answers), edit_training_requested(),
    scores_requested(), paste_requested(text).
    """

    sheet_changed = Signal(object)
    session_chosen = Signal(int)
    finalise_requested = Signal(object)
    print_requested = Signal(bool)
    people_text_changed = Signal(str)
    participant_chosen = Signal(str)
    walk_in_looked_for = Signal(str, str)
    walk_in_judged = Signal(object)
    walk_in_added = Signal(object)
    participant_opened = Signal(object)
    participant_answered = Signal(str, object)
    walk_in_is = Signal(str)
    edit_training_requested = Signal()
    scores_requested = Signal()
    paste_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Daftar hadir"), parent)
        self._sheet: AttendanceSheet | None = None
        self._dirty = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AUTOSAVE_MS)
        self.model = AttendanceModel()
        self._build()
        self._connect()

    def _build(self) -> None:
        self._saved = make_label("", "quiet")
        self._chip = ChipLabel()
        self._chip.hide()
        self._edit = secondary_button(_("Ubah data pelatihan"), "edit")
        self.scores_button = secondary_button(_("Prates & pascates"))
        for widget in (self._saved, self._chip, self.scores_button, self._edit):
            self.action_row.addWidget(widget)
        self.reason = ReasonPanel()
        self.body.addWidget(self.reason)
        card, line = Card(), QHBoxLayout()
        line.setSpacing(current_theme().px(16))
        line.addWidget(card, 1)
        self.body.addLayout(line, 1)
        card.body.addLayout(self._make_bar())
        self.chooser = ChoicePanel()
        self.walk_in = WalkInPanel()
        self.pasting = PastePanel()
        card.body.addWidget(self.chooser)
        card.body.addWidget(self.walk_in)
        card.body.addWidget(self.pasting, 1)
        self.grid = AttendanceGrid(self.model)
        self.grid.setAccessibleName(_("Daftar hadir peserta"))
        self._empty = EmptyState(
            _("Belum ada peserta"),
            _("Tambahkan warga yang diundang, satu kelompok sekaligus, atau peserta yang datang langsung."),
            _("Tambah peserta"),
        )
        card.body.addWidget(self.grid, 1)
        card.body.addWidget(self._empty, 1)
        keys = _(
            "H hadir · I izin · S sakit · A tanpa kabar · G digantikan · Del hapus · Ctrl+A semua hadir · F2 rincian"
        )
        self._keys = ElidedLabel(keys, "muted")
        card.body.addWidget(self._keys)
        self.participant = ParticipantPanel()
        line.addWidget(self.participant)
        self.body.addWidget(self._totals)
        self.body.addLayout(self._make_foot())

    def _make_bar(self) -> QHBoxLayout:
        self._sessions = ElidedBox()
        self._sessions.setAccessibleName(_("Sesi"))
        self._sessions.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._sessions.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._sessions.setMinimumWidth(current_theme().px(160))
        self._totals = ElidedLabel("", "strong")
        self._all = small_button(_("Semua hadir"))
        self._detail = small_button(_("Rincian"), "edit")
        self._detail.setToolTip(_("Tanda tangan, uang transpor, pengganti, catatan (F2)"))
        self._add = small_button(_("Tambah peserta"), "add")
        self._walk_in = small_button(_("Peserta tambahan"), "add")
        self._paste = small_button(_("Tempel"))
        self._paste.setToolTip(_("Tempel daftar dari Excel (Ctrl+V): kolom NIK atau nama, kehadiran, transpor"))
        bar = QHBoxLayout()
        bar.addWidget(self._sessions, 1)
        for button in (self._detail, self._all, self._add, self._walk_in, self._paste):
            bar.addWidget(button)
        return bar

    def _make_foot(self) -> QHBoxLayout:
        self._blank = secondary_button(_("Cetak daftar kosong"), "print")
        self._filled = secondary_button(_("Cetak daftar terisi"), "print")
        self._finalise = primary_button(_("Finalkan"))
        foot = QHBoxLayout()
        foot.addWidget(self._blank)
        foot.addWidget(self._filled)
        foot.addStretch(1)
        foot.addWidget(self._finalise)
        return foot

    def _connect(self) -> None:
        self._timer.timeout.connect(self.flush)
        self.model.changed.connect(self._on_changed)
        self._sessions.activated.connect(self._on_session)
        self._all.clicked.connect(lambda: self.model.set_status(range(self.model.rowCount()), "hadir"))
        self._add.clicked.connect(self._open_chooser)
        self._empty.action_requested.connect(self._open_chooser)
        self._walk_in.clicked.connect(self._open_walk_in)
        self._paste.clicked.connect(self._on_paste)
        QShortcut(QKeySequence.StandardKey.Paste, self, self._on_paste, Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.pasting.opened.connect(lambda _on: self._show_totals())
        self.pasting.closed.connect(self.grid.setFocus)
        self._blank.clicked.connect(lambda: self._print(True))
        self._filled.clicked.connect(lambda: self._print(False))
        self._finalise.clicked.connect(self._on_finalise)
        self._edit.clicked.connect(self.edit_training_requested)
        self.scores_button.clicked.connect(self._on_scores)
        self.chooser.text_changed.connect(self.people_text_changed)
        self.chooser.chosen.connect(self._on_chosen)
        self.chooser.closed.connect(self.grid.setFocus)
        self.walk_in.looked_for.connect(self.walk_in_looked_for)
        self.walk_in.added.connect(self.walk_in_added)
        self.walk_in.is_person.connect(self.walk_in_is)
        self.walk_in.judged.connect(self.walk_in_judged)
        self.walk_in.closed.connect(self.grid.setFocus)
        self._detail.clicked.connect(lambda: self.open_detail())
        self.grid.detail_wanted.connect(self.open_detail)
        self.grid.row_chosen.connect(lambda _row: self._follow())
        self.model.dataChanged.connect(lambda *_range: self._follow())
        self.participant.answered.connect(self.participant_answered)
        self.participant.step_wanted.connect(self._step)
        self.participant.allowance_for_all.connect(self.model.set_allowance)
        self.participant.closed.connect(self._close_detail)

    def equip(self, around: Surroundings) -> None:
        """Give the editors of the page what they may ask of the laptop."""
        self.participant.equip(around)
        self.walk_in.equip(around)

    def open_detail(self, code: str = "") -> None:
        """Show everything about the participant under the cursor, with the cursor in a question."""
        cell = self.model.cell(max(0, self.grid.currentIndex().row()))
        if cell is None:
            return
        if not self.grid.currentIndex().isValid():
            self.grid.start()
        self._show_beside(True)
        self.participant.show()
        self.participant_opened.emit(cell)
        self.participant.start_typing(code)

    def _follow(self) -> None:
        """The panel shows the participant under the grid's cursor, as the grid has them."""
        cell = self.model.cell(self.grid.currentIndex().row())
        if cell is not None and not self.participant.isHidden() and cell != self.participant.cell:
            self.participant_opened.emit(cell)

    def _step(self, by: int) -> None:
        row = self.grid.currentIndex().row() + by
        if self.model.cell(row) is not None:
            self.grid.go_to(row)
        self.participant.start_typing()

    def _close_detail(self) -> None:
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        self.participant.hide()
        self._show_beside(False)

    def _show_beside(self, beside: bool) -> None:
        """The panel needs room: the grid leaves out what stands there, and the bar its actions."""
        self.grid.show_beside_panel(beside)
        for widget in (self._detail, self._all, self._add, self._walk_in, self._paste):
            widget.setHidden(beside)

    @property
    def sheet(self) -> AttendanceSheet | None:
        """The sheet with what stands in the grid now."""
        return None if self._sheet is None else replace(self._sheet, cells=self.model.cells)

    def show_sheet(self, sheet: AttendanceSheet, sessions: Sequence[SessionChoice]) -> None:
        """Show one session; typed rows that are not saved yet are saved first."""
        self.flush()
        same = self._sheet is not None and (self._sheet.event_uid, self._sheet.session_no) == (
            sheet.event_uid,
            sheet.session_no,
        )
        self._sheet = sheet
        self.model.show_cells(sheet.cells)
        self.show_title(sheet.event_title, self._subtitle(sheet))
        self._show_sessions(sessions, sheet.session_no)
        self._chip.setVisible(sheet.chip is not None)
        if sheet.chip is not None:
            self._chip.show_chip(*chip_text(sheet.chip))
        self._show_totals()
        if not same:
            self._saved.clear()
            self.chooser.hide()
            self.walk_in.hide()
            self.pasting.hide()
            self.hide_notice()
            self._close_detail()
        self._start_grid(keep=same)

    def _start_grid(self, *, keep: bool) -> None:
        """The cursor goes to the first participant; the same list shown again leaves the panel where it is."""
        at = self.model.row_of(self.participant.cell.key) if keep and self.participant.cell is not None else -1
        if at >= 0 and not self.participant.isHidden():
            self.grid.go_to(at)
        else:
            self.grid.start()

    def show_saved(self, clock: str) -> None:
        """The draft is on disk since `clock`."""
        self._saved.setText(_("Tersimpan {clock}").format(clock=clock))

    def show_people(self, found: Sequence[Choosable]) -> None:
        """Show people and groups that can be added."""
        self.chooser.show_choices(found)

    def show_walk_in_matches(self, found: Sequence[Choosable]) -> None:
        """Show registered people who may be the one who walked in."""
        self.walk_in.show_matches(found)

    def add_cells(self, cells: Sequence[AttendanceCell]) -> int:
        """Add participants who are not in the grid yet; how many were added."""
        known = {cell.person_uid for cell in self.model.cells if cell.person_uid}
        added = [cell for cell in cells if not cell.person_uid or cell.person_uid not in known]
        for cell in added:
            self.model.add_cell(cell)
        return len(added)

    def take_cells(self, cells: Sequence[AttendanceCell]) -> None:
        """Put other rows into the grid, as an edit of the officer; the cursor stays where it can."""
        at = self.grid.currentIndex().row()
        self.model.show_cells(cells)
        self._on_changed()
        if cells:
            self.grid.go_to(min(max(at, 0), len(cells) - 1))
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def flush(self) -> None:
        """Hand on unsaved edits at once."""
        self._timer.stop()
        if self._dirty and (sheet := self.sheet) is not None:
            self._dirty = False
            self.sheet_changed.emit(sheet)

    def hideEvent(self, event: object) -> None:
        """Leaving the page saves."""
        self.flush()

    def _subtitle(self, sheet: AttendanceSheet) -> str:
        parts = (
            _("Sesi {n}").format(n=sheet.session_no),
            short_day(sheet.session_date),
            sheet.session_subject,
            sheet.number,
        )
        return " · ".join(part for part in parts if part)

    def _show_sessions(self, sessions: Sequence[SessionChoice], current: int) -> None:
        self._sessions.clear()
        for session in sessions:
            words = " · ".join(part for part in (short_day(session.day), session.subject) if part)
            self._sessions.addItem(_("Sesi {n}: {words}").format(n=session.number, words=words), session.number)
        self._sessions.setCurrentIndex(max(0, self._sessions.findData(current)))
        self._sessions.setEnabled(len(sessions) > 1)

    def _on_changed(self) -> None:
        self._dirty = True
        self._show_totals()
        self._timer.start()

    def _show_totals(self) -> None:
        totals = self.model.totals()
        parts = [_("{n} peserta").format(n=self.model.rowCount())]
        parts += [f"{status_label(status).split(' · ')[1]} {totals[status]}" for status in STATUS_KEYS.values()]
        allowance = self.model.allowance()
        if allowance:
            parts.append(_("transpor {amount}").format(amount=show_rupiah(allowance)))
        if totals[""]:
            parts.append(_("belum diisi {n}").format(n=totals[""]))
        self._totals.show_text("   ".join(parts))
        filled = self.model.rowCount() > 0
        is_free = self.pasting.isHidden()
        self.grid.setVisible(filled and is_free)
        self._empty.setVisible(not filled and is_free)
        self._finalise.setEnabled(filled and not totals[""])
        self._finalise.setToolTip("" if self._finalise.isEnabled() else _("Isi kehadiran semua peserta dulu."))
        self._all.setEnabled(filled)
        self._detail.setEnabled(filled)

    def _on_session(self, at: int) -> None:
        number = int(self._sessions.itemData(at))
        if self._sheet is not None and number != self._sheet.session_no:
            self.flush()
            self.session_chosen.emit(number)

    def _open_chooser(self) -> None:
        self.walk_in.hide()
        self.chooser.open_for(_("Tambah peserta"), _("Ketik nama warga atau kelompok. Satu kelompok masuk sekaligus."))

    def _on_chosen(self, key: str) -> None:
        """One more may follow; Esc closes the search."""
        self.participant_chosen.emit(key)
        self._open_chooser()

    def _on_paste(self) -> None:
        self.chooser.hide()
        self.walk_in.hide()
        self.paste_requested.emit(QGuiApplication.clipboard().text())

    def _open_walk_in(self) -> None:
        self.chooser.hide()
        self.walk_in.open_panel()

    def select_key(self, key: str) -> None:
        """Put the grid's cursor on a participant."""
        if (row := self.model.row_of(key)) >= 0:
            self.grid.go_to(row)
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _print(self, blank: bool) -> None:
        self.flush()
        self.print_requested.emit(blank)

    def _on_scores(self) -> None:
        self.flush()
        self.scores_requested.emit()

    def _on_finalise(self) -> None:
        self.flush()
        if (sheet := self.sheet) is not None:
            self.finalise_requested.emit(sheet)
