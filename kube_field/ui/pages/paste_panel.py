"""What was pasted from Excel, line by line, before it is taken: whom a line means, or that it is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kube_field.domain.forms.declaration import Severity
from kube_field.domain.identifiers import NUMBER_LENGTH, mask_nik
from kube_field.ui.models.item_table_model import Column
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.buttons import primary_button, quiet_button
from kube_field.ui.widgets.data_table import DataTable
from kube_field.ui.widgets.elided_box import ElidedBox
from kube_field.ui.widgets.labels import ElidedLabel, make_label
from kube_field.ui.widgets.sign_mark import SignedLine
from kube_field.usecases.pasting import Fate, PastedLine
from kube_field.usecases.views import PersonRow

TABLE_HEIGHT = 170
"""The list of lines is at least so high, in px at 100 %; it takes what room there is."""
TONES = {Severity.GALAT: Tone.CRITICAL, Severity.PERINGATAN: Tone.WATCH}


class PastePanel(QFrame):
    """Hidden until `show_lines`; what is asked stands first. Nothing is taken before the button is pressed.

    Signals: accepted(tuple of PastedLine as decided), closed(), opened(bool) when it comes and goes: it wants the room.
    """

    accepted = Signal(object)
    closed = Signal()
    opened = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[PastedLine] = []
        self._build()
        self._connect()
        self.hide()

    def _build(self) -> None:
        self.setObjectName("card")
        px = current_theme().px
        self.title = make_label("", "strong")
        self.summary = ElidedLabel("", "quiet")
        self.table = DataTable(self._columns(), _("Baris yang ditempel"))
        self.table.setMinimumHeight(px(TABLE_HEIGHT))
        self.why = SignedLine()
        self.choice = ElidedBox()
        self.choice.setAccessibleName(_("Baris ini menjadi"))
        self.choice.setMinimumWidth(px(360))
        self.take = primary_button("")
        self.cancel_button = quiet_button(_("Batal"))
        asking = QHBoxLayout()
        asking.addWidget(self.why, 1, Qt.AlignmentFlag.AlignVCenter)
        asking.addWidget(self.choice)
        foot = QHBoxLayout()
        foot.addWidget(self.summary, 1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.take)
        column = QVBoxLayout(self)
        column.setSpacing(px(8))
        column.addWidget(self.title)
        column.addWidget(self.table, 1)
        column.addLayout(asking)
        column.addLayout(foot)

    def _columns(self) -> list[Column]:
        return [
            Column(_("Baris"), lambda line: str(line.number), sort_key=lambda line: line.number, width=60, whole=True),
            Column(_("Nama di tempelan"), lambda line: line.name, width=200),
            Column(_("NIK"), lambda line: nik_words(line.nik), width=165, whole=True),
            Column(_("Keterangan"), lambda line: line.words, tip=lambda line: line.words),
            Column(_("Menjadi"), fate_words, width=220, tone=_fate_tone, tip=fate_words),
        ]

    def _connect(self) -> None:
        self.table.item_chosen.connect(self._ask_about)
        self.table.item_opened.connect(lambda _line: self.choice.showPopup())
        self.choice.activated.connect(self._on_choice)
        self.take.clicked.connect(self._on_take)
        self.cancel_button.clicked.connect(self.close_panel)

    def show_lines(self, lines: Sequence[PastedLine]) -> None:
        """Show what was pasted, what has to be decided first."""
        self._lines = sorted(lines, key=lambda line: (line.is_sure, line.number))
        self.title.setText(_("{n} baris ditempel. Periksa dahulu, baru masukkan.").format(n=len(lines)))
        self.show()
        self._show_again(0)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def setVisible(self, visible: bool) -> None:  # noqa: N802 (Qt's name)
        """The page makes room for the panel, and takes it back."""
        super().setVisible(visible)
        self.opened.emit(visible)

    def close_panel(self) -> None:
        """Put the panel away; nothing was taken."""
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
            return
        super().keyPressEvent(event)

    def _show_again(self, row: int) -> None:
        self.table.show_items(self._lines)
        if self._lines:
            self.table.selectRow(row)
        fates = Counter(line.fate for line in self._lines)
        taken = fates[Fate.TAKE] + fates[Fate.WALK_IN]
        parts = [_("{n} diambil").format(n=fates[Fate.TAKE])]
        if fates[Fate.WALK_IN]:
            parts.append(_("{n} peserta tambahan").format(n=fates[Fate.WALK_IN]))
        parts.append(_("{n} tidak diambil").format(n=fates[Fate.LEAVE]))
        twice = self._taken_twice()
        if twice:
            parts = [_("{name} dipilih untuk dua baris: ubah salah satu.").format(name=twice)]
        self.summary.show_text(" · ".join(parts))
        self.take.setText(_("Masukkan {n} baris").format(n=taken))
        self.take.setEnabled(taken > 0 and not twice)

    def _taken_twice(self) -> str:
        chosen = Counter(line.person_uid for line in self._lines if line.fate == Fate.TAKE)
        return next((chosen_name(line) for line in self._lines if chosen[line.person_uid] > 1), "")

    def _ask_about(self, line: PastedLine) -> None:
        self.why.show_line(line.words, TONES.get(line.severity, Tone.NEUTRAL))
        self.choice.clear()
        for person in line.candidates:
            self.choice.addItem(_("Ambil: {who}").format(who=person_words(person)), (Fate.TAKE, person.uid))
        if line.may_walk_in:
            self.choice.addItem(_("Peserta tambahan (belum terdaftar)"), (Fate.WALK_IN, ""))
        self.choice.addItem(_("Jangan diambil"), (Fate.LEAVE, ""))
        self.choice.setEnabled(self.choice.count() > 1)
        wanted = (line.fate, line.person_uid)
        self.choice.setCurrentIndex(
            next(at for at in range(self.choice.count()) if tuple(self.choice.itemData(at)) == wanted)
        )

    def _on_choice(self, at: int) -> None:
        row = self.table.currentIndex().row()
        shown = self.table.current_item()
        fate, uid = self.choice.itemData(at)
        if shown is None:
            return
        place = self._lines.index(shown)
        self._lines[place] = replace(shown, fate=Fate(fate), person_uid=str(uid))
        self._show_again(row)

    def _on_take(self) -> None:
        self.hide()
        self.accepted.emit(tuple(sorted(self._lines, key=lambda line: line.number)))


def nik_words(nik: str) -> str:
    """A pasted NIK as lists show it; one that is none stands as it was pasted."""
    return mask_nik(nik) if len(nik) == NUMBER_LENGTH and nik.isdigit() else nik


def person_words(person: PersonRow) -> str:
    """What tells namesakes apart."""
    return " · ".join(part for part in (person.name, person.sex, person.birth_date[:4], person.village) if part)


def chosen_name(line: PastedLine) -> str:
    """The name of the person that was chosen for a line."""
    return next((person.name for person in line.candidates if person.uid == line.person_uid), line.name)


def fate_words(line: PastedLine) -> str:
    """What the line becomes."""
    if line.fate == Fate.TAKE:
        return chosen_name(line)
    return _("Peserta tambahan") if line.fate == Fate.WALK_IN else _("Tidak diambil")


def _fate_tone(line: PastedLine) -> Tone:
    if line.fate == Fate.TAKE:
        return Tone.GOOD
    return Tone.INFO if line.fate == Fate.WALK_IN else TONES.get(line.severity, Tone.NEUTRAL)
