"""Mungkin ganda: records that may be one, compared and decided; merges that stand, to be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QRadioButton, QStackedWidget, QVBoxLayout, QWidget

from kube_field.ui.formats import wita_text
from kube_field.ui.models.item_table_model import Column
from kube_field.ui.pages.double_sides import DoubleSides
from kube_field.ui.pages.page_frame import clear_layout, scrolled_down
from kube_field.ui.pages.profile_panels import TableOrEmpty
from kube_field.ui.texts import ToneText, kind_words
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.buttons import primary_button, quiet_button, secondary_button
from kube_field.ui.widgets.data_table import DataTable
from kube_field.ui.widgets.empty_state import EmptyState
from kube_field.ui.widgets.labels import ElidedLabel, make_label, make_line
from kube_field.ui.widgets.reason_panel import ReasonPanel
from kube_field.usecases.double_decisions import Comparison
from kube_field.usecases.duplicates import DoneMerge, PossibleDouble

LIST, DETAIL = 0, 1
MERGE, DIFFERENT, UNDO = "merge", "different", "undo"


class DoublesPanel(QStackedWidget):
    """Two lists, open cases and merges that stand; one of them side by side. Enter opens a row, Esc goes back.

    Signals: `comparison_wanted(first uid, second uid)`, `merge_decided(case, kept uid, reason)`,
    `different_decided(case, reason)`, `undo_decided(case, reason)`.
    """

    comparison_wanted = Signal(str, str)
    merge_decided = Signal(str, str, str)
    different_decided = Signal(str, str)
    undo_decided = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._doubles: list[PossibleDouble] = []
        self._merges: list[DoneMerge] = []
        self._case: PossibleDouble | DoneMerge | None = None
        self._wanted, self._asked = "", ""
        self.sides: DoubleSides | None = None
        self._build_list()
        self._build_detail()
        self._connect()

    def _build_list(self) -> None:
        self.open_choice, self.done_choice = QRadioButton(), QRadioButton()
        self.open_choice.setChecked(True)
        self.open_button = primary_button(_("Bandingkan"))
        head = QHBoxLayout()
        head.addWidget(self.open_choice)
        head.addWidget(self.done_choice)
        head.addStretch(1)
        head.addWidget(self.open_button)
        self.open_list = _table(_("Mungkin ganda"), _open_columns(), _("Tidak ada data yang mungkin ganda"))
        self.done_list = _table(_("Penggabungan"), _done_columns(), _("Belum ada penggabungan"))
        page = QWidget()
        page.setObjectName("clear")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, current_theme().px(8), 0, 0)
        column.addLayout(head)
        column.addWidget(self.open_list, 1)
        column.addWidget(self.done_list, 1)
        self.addWidget(page)
        self._show_lists()

    def _build_detail(self) -> None:
        px = current_theme().px
        self.back = quiet_button(_("Daftar"), "back")
        self._title = ElidedLabel("", "heading")
        head = QHBoxLayout()
        head.addWidget(self.back)
        head.addWidget(self._title, 1)
        inner = QWidget()
        inner.setObjectName("scrolled")
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, px(12), 0)
        self.hint = make_label("", "quiet", wraps=True)
        self.reason = ReasonPanel()
        self.different = secondary_button(_("Orang/keluarga berbeda"))
        self.merge = primary_button(_("Gabungkan"))
        self.undo = primary_button(_("Urungkan penggabungan"))
        foot = QHBoxLayout()
        foot.addWidget(self.hint, 1)
        for button in (self.different, self.merge, self.undo):
            foot.addWidget(button)
        page = QWidget()
        page.setObjectName("clear")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, px(8), 0, 0)
        column.setSpacing(px(8))
        column.addLayout(head)
        column.addWidget(make_line())
        column.addWidget(scrolled_down(inner), 1)
        column.addWidget(self.reason)
        column.addLayout(foot)
        self.addWidget(page)

    def _connect(self) -> None:
        self.open_choice.toggled.connect(lambda _on: self._show_lists())
        for listed in (self.open_list, self.done_list):
            listed.table.item_opened.connect(self._open_case)
        self.open_button.clicked.connect(self._on_open)
        self.back.clicked.connect(self.show_list)
        self.different.clicked.connect(lambda: self._ask(DIFFERENT))
        self.merge.clicked.connect(lambda: self._ask(MERGE))
        self.undo.clicked.connect(lambda: self._ask(UNDO))
        self.reason.given.connect(self._on_reason)
        self.reason.cancelled.connect(self._on_cancelled)

    def show_cases(self, doubles: Sequence[PossibleDouble], merges: Sequence[DoneMerge]) -> None:
        """Show what is open and what was merged; a case on view goes back to the list once it changed."""
        self._doubles, self._merges = list(doubles), list(merges)
        self.open_list.show_items(self._doubles)
        self.done_list.show_items(self._merges)
        self.open_choice.setText(_("Belum diputuskan ({n})").format(n=len(self._doubles)))
        self.done_choice.setText(_("Sudah digabung ({n})").format(n=len(self._merges)))
        if self._case is not None and self._case not in [*self._doubles, *self._merges]:
            self.show_list()
        if self._wanted:
            self.open_record(self._wanted)

    def open_record(self, uid: str) -> None:
        """Show the case of a record, now or as soon as it is read; without a uid the list."""
        self._wanted = uid
        cases: list[PossibleDouble | DoneMerge] = [*self._doubles, *self._merges]
        found = next((case for case in cases if uid in _uids(case)), None)
        if found is not None:
            self._wanted = ""
            self._open_case(found)
        elif not uid:
            self.show_list()

    def show_list(self) -> None:
        """Go back to the lists; nothing is decided."""
        self._case = None
        self.reason.hide()
        self.setCurrentIndex(LIST)
        self._shown_list().table.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_comparison(self, told: Comparison) -> None:
        """Show both records of the case that was opened."""
        case = self._case
        if case is None or _uids(case) != (told.first.uid, told.second.uid):
            return
        clear_layout(self._column)
        is_done = isinstance(case, DoneMerge)
        keep = _("Pertahankan data ini")
        headings = (_("Dipertahankan"), _("Digabungkan")) if is_done else (keep, keep)
        may_choose = not (is_done or case.hint or case.deciding)
        self.sides = DoubleSides(told, headings, may_choose=may_choose)
        self.sides.chosen.connect(lambda _uid: self._on_chosen())
        if is_done:
            self.sides.cards[0].radio.setChecked(True)
        self._column.addWidget(self.sides)

    def _open_case(self, case: PossibleDouble | DoneMerge) -> None:
        self._case, self.sides = case, None
        clear_layout(self._column)
        self.reason.hide()
        uids = _uids(case)
        self._title.show_text(_("{reason}: {names}").format(reason=case.reason, names=_names(case)))
        self._follow()
        self.setCurrentIndex(DETAIL)
        self.back.setFocus(Qt.FocusReason.OtherFocusReason)
        if len(uids) == 2:
            self.comparison_wanted.emit(*uids)

    def _follow(self) -> None:
        """Buttons and words as the case stands."""
        case = self._case
        if case is None:
            return
        may, is_done = not (case.hint or case.deciding or self._is_asking()), isinstance(case, DoneMerge)
        blocked = isinstance(case, DoneMerge) and case.blocked
        self.different.setVisible(may and not is_done)
        self.merge.setVisible(may and not is_done)
        self.merge.setEnabled(self.sides is not None and bool(self.sides.kept()))
        self.undo.setVisible(may and is_done and not blocked)
        self.hint.setText(case.hint or _state_words(case))
        self.hint.setVisible(not self._is_asking())

    def _ask(self, decision: str) -> None:
        if self._case is None:
            return
        buttons = {MERGE: self.merge, DIFFERENT: self.different, UNDO: self.undo}
        self._asked = decision
        self.reason.ask(decision, self._question(decision), buttons[decision].text())
        self._follow()

    def _question(self, decision: str) -> str:
        """What is asked, naming the record that stays."""
        if decision == MERGE and self.sides is not None:
            kept, merged = self.sides.kept_and_merged()
            return _(
                "Pertahankan {kept} dan gabungkan {merged} ke dalamnya? Isian kosong diisi, isian yang berbeda menjadi"
                " bentrok, dan semua catatan ikut pindah. Dapat diurungkan nanti. Tulis alasannya."
            ).format(kept=kept, merged=merged)
        if decision == UNDO and isinstance(self._case, DoneMerge):
            return _(
                "Urungkan penggabungan {merged} ke {kept}? Keduanya berdiri sendiri lagi. Tulis alasannya."
            ).format(merged=self._case.merged.title, kept=self._case.kept.title)
        return _("Keduanya orang atau keluarga yang berbeda? Temuan ini tidak ditanyakan lagi. Tulis alasannya.")

    def _is_asking(self) -> bool:
        return not self.reason.isHidden()

    def _on_chosen(self) -> None:
        if self._is_asking() and self._asked == MERGE:
            self.reason.reword(self._question(MERGE))
        self._follow()

    def _on_cancelled(self) -> None:
        self._follow()
        self.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_reason(self, decision: str, reason: str) -> None:
        case = self._case
        if case is None:
            return
        if decision == UNDO:
            self.undo_decided.emit(case.uid, reason)
        elif decision == DIFFERENT:
            self.different_decided.emit(case.uid, reason)
        elif self.sides is not None and self.sides.kept():
            self.merge_decided.emit(case.uid, self.sides.kept(), reason)
        self._follow()

    def _shown_list(self) -> TableOrEmpty:
        return self.open_list if self.open_choice.isChecked() else self.done_list

    def _show_lists(self) -> None:
        self.open_list.setVisible(self.open_choice.isChecked())
        self.done_list.setVisible(not self.open_choice.isChecked())

    def _on_open(self) -> None:
        table = self._shown_list().table
        case = table.current_item() or next(iter(table.items_model.items()), None)
        if case is not None:
            self._open_case(case)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back to the list."""
        if event.key() == Qt.Key.Key_Escape and self.currentIndex() == DETAIL:
            self.show_list()
            return
        super().keyPressEvent(event)


def _table(name: str, columns: list[Column], empty: str) -> TableOrEmpty:
    words = _("Temuan server tentang data yang sama tampil di sini, untuk dibandingkan dan diputuskan penyelia.")
    return TableOrEmpty(DataTable(columns, name), EmptyState(empty, words))


def _open_columns() -> list[Column]:
    kinds = kind_words()
    return [
        Column(_("Data"), _names),
        Column(_("Jenis"), lambda case: kinds[case.kind], width=110),
        Column(
            _("Desa/Kelurahan"), lambda case: ", ".join(dict.fromkeys(one.village for one in case.twins)), width=180
        ),
        Column(_("Sebab"), lambda case: case.reason, width=230),
        Column(_("Keadaan"), lambda case: _chip(case).text, width=170, tone=lambda case: _chip(case).tone, whole=True),
    ]


def _done_columns() -> list[Column]:
    return [
        Column(_("Dipertahankan"), lambda case: case.kept.title),
        Column(_("Digabungkan"), lambda case: case.merged.title, width=230),
        Column(_("Oleh"), lambda case: case.by, width=130),
        Column(_("Pada"), lambda case: wita_text(case.at) if case.at else "", sort_key=lambda case: case.at, width=160),
        Column(_("Keadaan"), lambda case: _chip(case).text, width=170, tone=lambda case: _chip(case).tone, whole=True),
    ]


def _chip(case: PossibleDouble | DoneMerge) -> ToneText:
    if case.deciding:
        return ToneText(_("Menunggu dikirim"), Tone.INFO)
    if isinstance(case, DoneMerge):
        return ToneText(_("Digabung"), Tone.GOOD)
    return ToneText(_("Belum diputuskan"), Tone.WATCH)


def _state_words(case: PossibleDouble | DoneMerge) -> str:
    if case.deciding:
        return _("Keputusan tersimpan di laptop dan menunggu dikirim.")
    if isinstance(case, DoneMerge):
        if case.blocked:
            return _("Data yang dipertahankan sudah digabung lagi; urungkan penggabungan yang lebih baru dahulu.")
        return ""
    return _("Pilih data yang dipertahankan, atau nyatakan keduanya berbeda.")


def _uids(case: PossibleDouble | DoneMerge) -> tuple[str, ...]:
    if isinstance(case, DoneMerge):
        return case.kept.uid, case.merged.uid
    return tuple(twin.uid for twin in case.twins)


def _names(case: PossibleDouble | DoneMerge) -> str:
    twins = (case.kept, case.merged) if isinstance(case, DoneMerge) else case.twins
    names = [twin.title for twin in twins]
    if isinstance(case, PossibleDouble) and len(names) < 2:
        names.append(_("data di wilayah lain"))
    return " – ".join(names)
