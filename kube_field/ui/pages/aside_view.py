"""One record that the server set aside: why, who wrote it and when, what he wrote, and the two ways to decide."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kube_field.ui.formats import wita_text
from kube_field.ui.pages.profile_panels import Sections, SectionsPanel
from kube_field.ui.texts import kind_words
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import primary_button, quiet_button, secondary_button
from kube_field.ui.widgets.labels import ElidedLabel, make_label, make_line
from kube_field.ui.widgets.notice_bar import NoticeBar
from kube_field.ui.widgets.reason_panel import ReasonPanel
from kube_field.usecases.quarantine import AsideRecord

REFUSE = "refuse"


class AsideView(QWidget):
    """The record on view. A decision stays on view until the server answered; what went wrong stands above it.

    Signals: `accepted(AsideRecord)`, `refused(AsideRecord, reason)`, `left()`.
    """

    accepted = Signal(object)
    refused = Signal(object, str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self._record: AsideRecord | None = None
        px = current_theme().px
        self.back = quiet_button(_("Daftar karantina"), "back")
        self.title = ElidedLabel("", "heading")
        head = QHBoxLayout()
        head.setSpacing(px(8))
        head.addWidget(self.back)
        head.addWidget(self.title, 1)
        self.cause = make_label("", "strong", wraps=True)
        self.advice = make_label("", "quiet", wraps=True)
        self.content = SectionsPanel(_("Isinya tidak dapat dibaca aplikasi ini."), above=(self.cause, self.advice))
        self.problem = NoticeBar()
        self.reason = ReasonPanel()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        column.addLayout(head)
        column.addWidget(make_line())
        column.addWidget(self.content, 1)
        column.addWidget(self.problem)
        column.addWidget(self.reason)
        column.addWidget(self._make_foot())
        self._connect()

    def _make_foot(self) -> QWidget:
        self.hint = make_label("", "quiet", wraps=True)
        self.refuse = secondary_button(_("Tolak"))
        self.accept = primary_button(_("Terima"))
        self.foot = QWidget()
        self.foot.setObjectName("clear")
        line = QHBoxLayout(self.foot)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(current_theme().px(8))
        line.addWidget(self.hint, 1)
        line.addWidget(self.refuse)
        line.addWidget(self.accept)
        return self.foot

    def _connect(self) -> None:
        self.back.clicked.connect(self.left)
        self.accept.clicked.connect(self._on_accept)
        self.refuse.clicked.connect(self._ask_reason)
        self.reason.given.connect(self._on_reason)
        self.reason.cancelled.connect(self._stop_asking)

    def record(self) -> AsideRecord | None:
        """The record on view, None without one."""
        return self._record

    def show_record(self, record: AsideRecord) -> None:
        """Show a record; nothing is decided yet."""
        self._record = record
        self.title.show_text(record.title or "–")
        self.cause.setText(record.cause)
        self.advice.setText(record.advice)
        self.content.show_sections([*_origin(record), *record.sections])
        self.accept.setText(_("Coba proses lagi") if record.stuck else _("Terima"))
        for button in (self.accept, self.refuse):
            button.setVisible(not record.waits)
        waits = _("Belum ada yang perlu diputuskan.")
        decides = _("Keputusan berlaku setelah server menjawab.")
        self.hint.setText(waits if record.waits else decides)
        self.show_problem("")
        self._stop_asking()
        self.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_problem(self, words: str) -> None:
        """What kept a decision from being made; "" takes it away."""
        if words:
            self.problem.show_notice(words, critical=True)
        else:
            self.problem.dismiss()

    def set_busy(self, busy: bool) -> None:
        """While the server is asked nothing else can be."""
        if busy and self.isVisible():
            self.back.setFocus(Qt.FocusReason.OtherFocusReason)  # a button that goes out takes its focus anywhere
        for widget in (self.accept, self.refuse, self.reason):
            widget.setEnabled(not busy)

    def leave(self) -> None:
        """Forget the record: what was shown of it does not stay in the window."""
        self._record = None
        self._stop_asking()
        self.show_problem("")
        self.content.show_sections([])

    def _ask_reason(self) -> None:
        self.show_problem("")
        words = _("Tolak data ini? Isinya tidak masuk ke catatan. Petugas yang menulisnya membaca alasan Anda.")
        self.foot.hide()
        self.reason.ask(REFUSE, words, _("Tolak"))

    def _stop_asking(self) -> None:
        self.reason.hide()
        self.foot.show()

    def _on_accept(self) -> None:
        if self._record is not None:
            self.show_problem("")
            self.accepted.emit(self._record)

    def _on_reason(self, _key: str, reason: str) -> None:
        self.foot.show()
        if self._record is not None:
            self.refused.emit(self._record, reason)


def _origin(record: AsideRecord) -> Sections:
    """Where a record comes from, and, before an edit, what the arrows below mean."""
    kind = kind_words()[record.kind] if record.kind else _("Tidak terbaca")
    pairs = (
        (_("Jenis"), _("Perubahan data {kind}").format(kind=kind.lower()) if record.is_edit else kind),
        (_("Ditulis oleh"), record.author or _("tidak diketahui")),
        (_("Dikirim oleh"), record.sender),
        (_("Ditulis pada (jam laptop)"), wita_text(record.written_at) if record.written_at else ""),
        (_("Tiba di server"), wita_text(record.since)),
        (_("Wilayah"), record.place),
        (_("Nomor"), record.number),
        (_("Alasan perubahan"), record.reason),
        (_("Cara membaca"), _("semula → ditulis petugas") if record.is_edit else ""),
    )
    return ((_("Asal data"), tuple(pair for pair in pairs if pair[1])),)
