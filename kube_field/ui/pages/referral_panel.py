"""The tab "Rujukan" of a profile, and the question how a referral stands now."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kube_field.domain.forms.catalogue import form
from kube_field.domain.records import RecordKind
from kube_field.ui.models.item_table_model import Column
from kube_field.ui.pages.date_words import short_day
from kube_field.ui.pages.profile_panels import TableOrEmpty
from kube_field.ui.pages.question_grid import Placed
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.buttons import secondary_button
from kube_field.ui.widgets.data_table import DataTable
from kube_field.ui.widgets.empty_state import EmptyState
from kube_field.ui.widgets.labels import make_label
from kube_field.usecases.views import ReferralRow

STATUS_TONES = {"selesai": Tone.GOOD, "ditolak": Tone.RISK, "tidak_jadi": Tone.NEUTRAL}


def status_questions() -> list[Placed]:
    """How it stands, since when, the result, until when it is followed up."""
    asked = {question.code: question for question in form(RecordKind.REFERRAL_STATUS).questions()}
    return [
        Placed(asked["status"], 0, 0, 2),
        Placed(asked["changed_on"], 0, 1, 1),
        Placed(asked["result"], 0, 2, 3),
        Placed(asked["follow_up_by"], 0, 3, 1),
    ]


class ReferralPanel(QWidget):
    """Referrals of one person, group or unit.

    Signals: referral_requested(), referral_opened(uid).
    """

    referral_requested = Signal()
    referral_opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self.begin = secondary_button(_("Buat rujukan"), "add")
        words = make_label(_("Buka satu rujukan untuk mencatat perkembangannya."), "quiet")
        bar = QHBoxLayout()
        bar.addWidget(words, 1)
        bar.addWidget(self.begin)
        self.rows = _make_rows()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, current_theme().px(8), 0, 0)
        column.addLayout(bar)
        column.addWidget(self.rows, 1)
        self.begin.clicked.connect(self.referral_requested)
        self.rows.table.item_opened.connect(lambda row: self.referral_opened.emit(row.uid))

    def show_referrals(self, rows: Sequence[ReferralRow], *, may_begin: bool) -> None:
        """Show the referrals that the officer may see."""
        self.begin.setVisible(may_begin)
        self.rows.show_items(rows)


def _make_rows() -> TableOrEmpty:
    columns: list[Column] = [
        Column(
            _("Tanggal"),
            lambda row: short_day(row.written_on),
            sort_key=lambda row: row.written_on,
            width=120,
            whole=True,
        ),
        Column(_("Mitra"), lambda row: row.partner),
        Column(_("Keperluan"), lambda row: row.need, width=260, tip=lambda row: row.need),
        Column(_("Nomor"), lambda row: row.number, width=210, tip=lambda row: row.number),
        Column(_("Keadaan"), lambda row: row.status_words, width=150, tone=_tone),
        Column(
            _("Sejak"),
            lambda row: short_day(row.changed_on),
            sort_key=lambda row: row.changed_on,
            width=120,
            whole=True,
        ),
    ]
    empty = EmptyState(
        _("Belum ada rujukan"),
        _("Rujukan ke instansi mitra memerlukan persetujuan warga; suratnya dapat dicetak di sini."),
    )
    return TableOrEmpty(DataTable(columns, _("Rujukan")), empty)


def _tone(row: ReferralRow) -> Tone:
    return STATUS_TONES.get(row.status, Tone.INFO)
