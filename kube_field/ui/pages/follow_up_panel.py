"""Perlu ditindaklanjuti: businesses that want follow-up, the gravest first, and how that is reckoned (handbook 7.2)."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kube_field.domain.rules.score import Status, indicator_name
from kube_field.ui.models.item_table_model import Column
from kube_field.ui.pages.date_words import short_day
from kube_field.ui.pages.profile_panels import TableOrEmpty
from kube_field.ui.texts import ToneText, status_word
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.buttons import literal, quiet_button
from kube_field.ui.widgets.data_table import DataTable
from kube_field.ui.widgets.empty_state import EmptyState
from kube_field.ui.widgets.labels import make_label
from kube_field.usecases.business_standing import MOST_FOLLOWED, BusinessStanding, FollowUp


class FollowUpPanel(QWidget):
    """Signals: `unit_opened(unit uid)`."""

    unit_opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        columns = [
            Column(_("Status"), lambda one: standing_word(one).text, _order, width=140, whole=True,
                   tone=lambda one: standing_word(one).tone, tip=_tip),
            Column(_("Unit usaha"), unit_words),
            Column(_("Nilai"), score_words, _total, width=120, whole=True),
            Column(_("Terendah"), short_lowest, width=150, tip=lowest_words, whole=True),
            Column(_("Jatuh tempo"), due_words, lambda one: one.due_on or "9999", width=150, whole=True),
        ]  # fmt: skip
        empty = EmptyState(
            _("Tidak ada usaha yang perlu ditindaklanjuti"),
            _("Usaha yang kritis, rawan, perlu perhatian, atau tidak terpantau tampil di sini."),
        )
        self.table = TableOrEmpty(DataTable(columns, _("Usaha yang perlu ditindaklanjuti"), lines=2), empty)
        self.how_button = quiet_button("")
        self.how_button.clicked.connect(self._turn)
        self.how = make_label(rule_words(), "muted", wraps=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, current_theme().px(8), 0, 0)
        self.more = make_label("", "muted")
        self.more.hide()
        column.addWidget(self.table, 1)
        column.addWidget(self.more)
        column.addWidget(self.how_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.how)
        self.table.table.item_opened.connect(lambda one: self.unit_opened.emit(one.unit.uid))
        self._open(False)

    def show_follow_ups(self, found: Sequence[FollowUp]) -> None:
        """Show the list; a full one says that there are more."""
        self.table.show_items(found)
        self.more.setText(_("{n} usaha yang paling mendesak ditampilkan.").format(n=len(found)))
        self.more.setVisible(len(found) >= MOST_FOLLOWED)

    def shown_units(self) -> tuple[str, ...]:
        """Uids of the businesses in the list, as it is sorted."""
        return tuple(one.unit.uid for one in self.table.table.items_model.items())

    def _turn(self) -> None:
        self._open(self.how.isHidden())

    def _open(self, wanted: bool) -> None:
        self.how.setVisible(wanted)
        words = _("Tutup cara menghitung") if wanted else _("Cara menghitung")
        self.how_button.setText(literal(words))
        self.how_button.setAccessibleName(words)


def standing_word(one: FollowUp) -> ToneText:
    """The status; a unit that nobody watches has its last one beside its score."""
    if one.unwatched or one.standing is None:
        return ToneText(_("Tidak terpantau"), Tone.NEUTRAL)
    return status_word(one.standing.status)


def _tip(one: FollowUp) -> str:
    if one.standing is None:
        return _("Belum pernah dinilai.")
    told = list(one.standing.warnings)
    if one.unwatched:
        told.insert(0, _("Belum dikunjungi sejak {day}.").format(day=short_day(one.standing.visited_on)))
    return " ".join(told)


def score_words(one: FollowUp) -> str:
    """The score, and an arrow from the one before: `53 ↓ 98`; where nobody watches, its status under it."""
    if one.standing is None:
        return "–"
    score = _compared(one.standing)
    return "\n".join((score, status_word(one.standing.status).text)) if one.unwatched else score


def unit_words(one: FollowUp) -> str:
    """Whose business it is, and where."""
    return "\n".join((one.unit.owner_name or one.unit.name, one.unit.village))


def due_words(one: FollowUp) -> str:
    """When the next visit is due, and when the newest scored one was."""
    due = short_day(one.due_on) or "–"
    if one.standing is None:
        return due
    return "\n".join((due, _("terakhir {day}").format(day=short_day(one.standing.visited_on))))


def _compared(standing: BusinessStanding) -> str:
    total, before = standing.total, standing.before
    if total is None:
        return "–"
    if before is None:
        return str(total)
    arrow = "↑" if total > before else "↓" if total < before else "="
    return _("{total} {arrow} {before}").format(total=total, arrow=arrow, before=before)


def short_lowest(one: FollowUp) -> str:
    """The two lowest indicators in a word or two each, one under the other."""
    return "\n".join(short_name(code) for code in one.standing.lowest) if one.standing is not None else ""


def lowest_words(one: FollowUp) -> str:
    """The two lowest indicators as the paper calls them."""
    return ", ".join(indicator_name(code) for code in one.standing.lowest) if one.standing is not None else ""


def short_name(code: str) -> str:
    """What an indicator is about."""
    names = {
        "A1": _("Laba"),
        "A2": _("Omzet"),
        "A3": _("Modal kerja"),
        "B1": _("Hari buka"),
        "B2": _("Keadaan alat"),
        "B3": _("Saluran jual"),
        "C1": _("Pembukuan"),
        "C2": _("Anggota aktif"),
        "C3": _("IKS atau tabungan"),
        "D1": _("Penghasilan keluarga"),
        "D2": _("Cicilan"),
    }
    return names[code]


def _order(one: FollowUp) -> tuple[int, int]:
    status = one.standing.status if one.standing is not None else Status.INSUFFICIENT
    place = {Status.CRITICAL: 0, Status.AT_RISK: 1, Status.WATCH: 3}.get(status, 4)
    return (min(place, 2) if one.unwatched else place), _total(one)


def _total(one: FollowUp) -> int:
    return one.standing.total if one.standing is not None and one.standing.total is not None else 101


def rule_words() -> str:
    """The rule in a few sentences (handbook 7.1, 7.2)."""
    return _(
        "Nilai 0–100 dihitung dari sebelas indikator: laba, omzet, modal kerja, hari buka, alat, saluran jual,"
        " pembukuan, anggota aktif, IKS atau tabungan, penghasilan keluarga, dan cicilan. Setiap indikator bertingkat"
        " 0–4 dengan bobotnya. 70 ke atas Sehat, 50–69 Perlu perhatian, 30–49 Rawan, di bawah 30 Kritis; bila kurang"
        " dari 60% bobot terjawab, data belum cukup. Tanda peringatan (usaha berhenti, rugi berturut-turut, omzet atau"
        " modal anjlok, anggota tidak aktif, alat hilang, cicilan berat) dapat menurunkan status. Urutan: Kritis,"
        " Rawan, Tidak terpantau (lewat jadwal lebih dari 30 hari), Perlu perhatian."
    )
