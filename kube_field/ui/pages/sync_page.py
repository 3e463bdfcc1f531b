"""Sinkronisasi: what waits, what each run did, this laptop and its server; "terkirim" is the truth (pains P1 to P3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from gettext import gettext as _

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QTabWidget, QVBoxLayout, QWidget

from kube_field.storage.vault.passwords import check_password
from kube_field.ui.formats import file_size, wita_text
from kube_field.ui.models.item_table_model import Column
from kube_field.ui.pages.enrol_card import EnrolCard
from kube_field.ui.pages.officers_card import JudgePassword, OfficersCard
from kube_field.ui.pages.page_frame import PageFrame, scrolled_down
from kube_field.ui.pages.profile_panels import SectionsPanel, TableOrEmpty
from kube_field.ui.pages.sync_words import age_words, outcome_words, queue_chip, run_chip, run_words, via_words
from kube_field.ui.texts import kind_words
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import primary_button, quiet_button, secondary_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.data_table import DataTable
from kube_field.ui.widgets.empty_state import EmptyState
from kube_field.ui.widgets.labels import make_label
from kube_field.usecases.views import PillState, QueueRow, SyncRun

MOST_NAMES = 12
DEVICE_HEIGHT = 250


@dataclass(frozen=True, slots=True)
class DeviceView:
    """This laptop: `last_contact` is a UTC instant or empty."""

    device_code: str
    server: str
    last_contact: str
    officer: str
    enrolled: bool


class SyncPage(PageFrame):
    """Antrean, Riwayat, Perangkat. `judge_password(password, user)` gives what is wrong with a password, in words.

    Signals: send_requested(), cancel_requested(), check_requested(), retry_requested(change id),
    record_opened(QueueRow), enrol_requested(server, code).
    """

    send_requested = Signal()
    cancel_requested = Signal()
    check_requested = Signal()
    retry_requested = Signal(str)
    record_opened = Signal(object)
    enrol_requested = Signal(str, str)

    def __init__(
        self,
        today: Callable[[], date],
        parent: QWidget | None = None,
        *,
        judge_password: JudgePassword = check_password,
    ) -> None:
        super().__init__(_("Sinkronisasi"), parent)
        self._today = today
        self.officers = OfficersCard(judge_password)
        self._build()
        self._connect()

    def _build(self) -> None:
        self._check = secondary_button(_("Periksa sambungan"))
        self._send = primary_button(_("Kirim sekarang"), "sync")
        self.action_row.addWidget(self._check)
        self.action_row.addWidget(self._send)
        self.body.addWidget(self._make_progress())
        self.body.addWidget(self._make_result())
        self.enrol = EnrolCard()
        self.enrol.hide()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(_("Rincian sinkronisasi"))
        self.tabs.addTab(self._make_queue(), _("Antrean"))
        self.tabs.addTab(self._make_runs(), _("Riwayat"))
        self.tabs.addTab(self._make_device(), _("Perangkat"))
        card = Card()
        card.body.addWidget(self.tabs, 1)
        self.body.addWidget(card, 1)

    def _make_progress(self) -> QWidget:
        self._progress = Card()
        self._doing = make_label("")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(_("Kemajuan pengiriman"))
        self._cancel = quiet_button(_("Batal"))
        line = QHBoxLayout()
        line.addWidget(self._doing, 1)
        line.addWidget(self._cancel)
        self._progress.body.addLayout(line)
        self._progress.body.addWidget(self._bar)
        self._progress.hide()
        return self._progress

    def _make_result(self) -> QWidget:
        self._result = Card(_("Hasil pengiriman"))
        self._result_words = make_label("", "strong", wraps=True)
        self._result_names = make_label("", "", wraps=True)
        self._result_close = quiet_button(_("Tutup"))
        line = QHBoxLayout()
        line.addWidget(self._result_words, 1)
        line.addWidget(self._result_close)
        self._result.body.addLayout(line)
        self._result.body.addWidget(self._result_names)
        self._result.hide()
        return self._result

    def _make_queue(self) -> QWidget:
        words = kind_words()
        columns = [
            Column(_("Data"), lambda row: row.title or "–"),
            Column(_("Jenis"), lambda row: words[row.kind], width=115),
            Column(_("Petugas"), lambda row: row.author, width=120),
            Column(_("Menunggu"), lambda row: age_words(self._age(row)), sort_key=lambda row: row.at, width=100),
            Column(_("Ukuran"), lambda row: file_size(row.size), sort_key=lambda r: r.size, align="right", width=80),
            Column(_("Keadaan"), lambda row: queue_chip(row)[0], width=180, tone=lambda row: queue_chip(row)[1]),
            Column(_("Sebab"), lambda row: row.reason, width=250),
        ]
        empty = EmptyState(_("Semua sudah terkirim"), _("Yang menunggu dikirim atau ditolak server tampil di sini."))
        self.queue = TableOrEmpty(DataTable(columns, _("Antrean")), empty)
        self._open = secondary_button(_("Buka"))
        self._retry = secondary_button(_("Coba lagi"))
        self._reason = make_label("", "quiet", wraps=True)
        line = QHBoxLayout()
        line.addWidget(self._reason, 1)
        line.addWidget(self._open)
        line.addWidget(self._retry)
        return _tab(self.queue, line)

    def _make_runs(self) -> QWidget:
        columns = [
            Column(_("Mulai"), lambda run: wita_text(run.started_at), sort_key=lambda r: r.started_at, width=160),
            Column(_("Selesai"), lambda run: wita_text(run.ended_at)[-5:], width=80),
            Column(_("Hasil"), lambda run: run_chip(run)[0], width=210, tone=lambda run: run_chip(run)[1]),
            Column(_("Terkirim"), lambda run: str(run.sent), sort_key=lambda r: r.sent, align="right", width=84),
            Column(_("Diterima"), lambda r: str(r.received), sort_key=lambda r: r.received, align="right", width=84),
            Column(_("Ditolak"), lambda run: str(run.refused), sort_key=lambda r: r.refused, align="right", width=76),
            Column(
                _("Naik/turun"),
                lambda run: f"{file_size(run.bytes_up)} / {file_size(run.bytes_down)}",
                sort_key=lambda run: run.bytes_up + run.bytes_down,
                width=150,
            ),
            Column(_("Lewat"), lambda run: via_words(run.via), width=84),
            Column(_("Keterangan"), lambda run: run.message),
        ]
        empty = EmptyState(_("Belum pernah mengirim"), _("Setiap pengiriman dengan hasilnya tampil di sini."))
        self.runs = TableOrEmpty(DataTable(columns, _("Riwayat")), empty)
        return _tab(self.runs, None)

    def _make_device(self) -> QWidget:
        self.device = SectionsPanel()
        self.device.setMinimumHeight(current_theme().px(DEVICE_HEIGHT))
        inner = QWidget()
        inner.setObjectName("scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, current_theme().px(8), 0, 0)
        column.addWidget(self.enrol)
        column.addWidget(self.officers)
        column.addWidget(self.device, 1)
        self._device_area = scrolled_down(inner)
        return self._device_area

    def _connect(self) -> None:
        self._send.clicked.connect(self.send_requested)
        self._check.clicked.connect(self.check_requested)
        self._cancel.clicked.connect(self.cancel_requested)
        self._result_close.clicked.connect(self._result.hide)
        self.queue.table.item_chosen.connect(self._on_row)
        self.queue.table.item_opened.connect(self.record_opened)
        self._open.clicked.connect(self._on_open)
        self._retry.clicked.connect(self._on_retry)
        self.enrol.enrol_requested.connect(self.enrol_requested)
        self.officers.form_opened.connect(self._bring_into_view)

    def show_queue(self, rows: Sequence[QueueRow]) -> None:
        """Show what waits."""
        self.queue.show_items(rows)
        self.tabs.setTabText(0, _("Antrean ({n})").format(n=len(rows)) if rows else _("Antrean"))
        self._reason.clear()
        for button in (self._open, self._retry):
            button.setEnabled(False)

    def show_runs(self, runs: Sequence[SyncRun]) -> None:
        """Show the runs, newest first."""
        self.runs.show_items(runs)

    def show_device(self, device: DeviceView, pill: PillState) -> None:
        """Show this laptop; without enrolment the card to enrol comes first and nothing can be sent."""
        contact = wita_text(device.last_contact) if device.last_contact else _("belum pernah")
        pairs = (
            (_("Kode laptop"), device.device_code or "–"),
            (_("Server"), device.server or _("belum didaftarkan")),
            (_("Kontak terakhir"), contact),
            (_("Petugas"), device.officer),
            (_("Belum terkirim"), _("{n} data · {photos} foto").format(n=pill.unsent, photos=pill.photos_unsent)),
            (_("Perlu perbaikan"), str(pill.failed)),
        )
        self.device.show_sections([(_("Laptop ini"), pairs)])
        self.enrol.setVisible(not device.enrolled)
        self.officers.show_enrolled(device.enrolled)
        self._send.setEnabled(device.enrolled)
        self._check.setEnabled(device.enrolled)
        self._send.setToolTip("" if device.enrolled else _("Daftarkan laptop ini dulu, di tab Perangkat."))
        if not device.enrolled:
            words = _("Laptop ini belum didaftarkan ke server. Data tersimpan di sini dan dikirim setelah terdaftar.")
            self.show_notice(words, _("Daftarkan"), lambda: self.tabs.setCurrentIndex(2))

    def show_progress(self, words: str, done: int = 0, total: int = 0) -> None:
        """Show what is going on; empty words mean that the run is over."""
        running = bool(words)
        self._progress.setVisible(running)
        self._send.setEnabled(not running)
        self._check.setEnabled(not running)
        self._doing.setText(words)
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        if running:
            self._result.hide()

    def show_result(self, run: SyncRun, sent: Sequence[str], refused: Sequence[tuple[str, str]]) -> None:
        """Show a run's result with names: what was sent, and what was refused with its reason."""
        self.show_progress("")
        words = run_words(run)
        if run.outcome:
            words = f"{run.message or outcome_words(run.outcome)}\n{words}"
        self._result.set_title(run_chip(run)[0])
        self._result_words.setText(words)
        lines = [_("Terkirim: {names}").format(names=_names(sent))] if sent else []
        lines += [_("Ditolak: {name} · {reason}").format(name=name, reason=reason) for name, reason in refused]
        self._result_names.setText("\n".join(lines))
        self._result_names.setVisible(bool(lines))
        self._result.show()

    def show_check(self, words: str, *, good: bool) -> None:
        """Show what the connection check found."""
        self.show_progress("")
        if good:
            self.show_notice(words, seconds=8)
        else:
            self.show_problem(words)

    def _bring_into_view(self, form: QWidget) -> None:
        """A form that opens below the edge of a low window is scrolled to once it has its place."""
        QTimer.singleShot(0, self, lambda: self._device_area.ensureWidgetVisible(form))

    def _age(self, row: QueueRow) -> int:
        return (self._today() - date.fromisoformat(row.at[:10])).days

    def _on_row(self, row: QueueRow) -> None:
        self._reason.setText(row.reason)
        self._open.setEnabled(True)
        self._retry.setEnabled(row.state in ("rejected", "quarantined", "failed", "held"))

    def _on_open(self) -> None:
        if (row := self.queue.table.current_item()) is not None:
            self.record_opened.emit(row)

    def _on_retry(self) -> None:
        if (row := self.queue.table.current_item()) is not None:
            self.retry_requested.emit(row.change_id)


def _tab(content: QWidget, foot: QHBoxLayout | None) -> QWidget:
    page = QWidget()
    page.setObjectName("clear")
    column = QVBoxLayout(page)
    column.setContentsMargins(0, current_theme().px(8), 0, 0)
    column.addWidget(content, 1)
    if foot is not None:
        column.addLayout(foot)
    return page


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    return _("{names} dan {n} lagi").format(names=shown, n=more) if more > 0 else shown
