"""Sinkronisasi: what waits, what each run did, conflicts, this laptop; "terkirim" is the truth (pains P1 to P3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from gettext import gettext as _

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from kube_field.storage.vault.passwords import check_password
from kube_field.sync.transports.line_check import LineCheck
from kube_field.ui.formats import wita_text
from kube_field.ui.pages.conflicts_panel import ConflictsPanel
from kube_field.ui.pages.doubles_panel import DoublesPanel
from kube_field.ui.pages.enrol_card import EnrolCard
from kube_field.ui.pages.line_card import LineCard
from kube_field.ui.pages.officers_card import JudgePassword, OfficersCard
from kube_field.ui.pages.page_frame import PageFrame, scrolled_down, tabs_in
from kube_field.ui.pages.photos_card import PhotosCard
from kube_field.ui.pages.profile_panels import SectionsPanel
from kube_field.ui.pages.quarantine_panel import QuarantinePanel
from kube_field.ui.pages.queue_panel import QueuePanel
from kube_field.ui.pages.runs_panel import RunsPanel, some_names
from kube_field.ui.pages.sync_words import (
    courier_words,
    refused_doubles,
    result_title,
    run_words,
    trouble_of_run,
    unsolved_trouble,
)
from kube_field.ui.pages.trouble_card import TroubleCard
from kube_field.ui.pages.trouble_table import ALLOW, CHECK, DEVICE, MASS_REMOVAL, NOT_KNOWN
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import primary_button, quiet_button, secondary_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.labels import make_label
from kube_field.ui.widgets.notice_bar import NoticeBar
from kube_field.usecases.conflicts import ConflictedRecord
from kube_field.usecases.duplicates import DoneMerge, PossibleDouble
from kube_field.usecases.stick import CourierTally
from kube_field.usecases.views import PillState, QueueRow, SyncRun

DEVICE_HEIGHT = 250
LEAST_LIST = 260
"""The lists keep this height (px at 100 %): on a low window the page scrolls rather than squeezing them."""


@dataclass(frozen=True, slots=True)
class DeviceView:
    """This laptop: `last_contact` is a UTC instant or empty."""

    device_code: str
    server: str
    last_contact: str
    officer: str
    enrolled: bool


class SyncPage(PageFrame):
    """Antrean, Riwayat, Bentrok, Mungkin ganda, Karantina, Perangkat. `now` is the present moment (UTC).

    `judge_password(password, user)` gives what is wrong with a password, in words.
    Signals: send_requested(), removal_allowed(the way that asked), removal_declined(), cancel_requested(),
    check_requested(), usb_requested(), retry_requested(change ids), record_opened(QueueRow),
    enrol_requested(server, code), quarantine_opened() when that tab comes to view.
    """

    send_requested = Signal()
    removal_allowed = Signal(str)
    removal_declined = Signal()
    cancel_requested = Signal()
    check_requested = Signal()
    usb_requested = Signal()
    retry_requested = Signal(object)
    record_opened = Signal(object)
    enrol_requested = Signal(str, str)
    quarantine_opened = Signal()

    def __init__(
        self,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
        *,
        judge_password: JudgePassword = check_password,
    ) -> None:
        super().__init__(_("Sinkronisasi"), parent)
        self._running = self._may_go_on = False
        self._enrolled = True
        self._unsolved: SyncRun | None = None
        self._declined_at = ""
        self._refused_doubles = ""
        self.queue = QueuePanel(now)
        self.runs = RunsPanel()
        self.conflicts = ConflictsPanel()
        self.doubles = DoublesPanel()
        self.quarantine = QuarantinePanel()
        self.officers = OfficersCard(judge_password)
        self.photos = PhotosCard()
        self._build()
        self._connect()

    def _build(self) -> None:
        self._check = secondary_button(_("Periksa sambungan"))
        self._usb = secondary_button(_("Titip data USB"), "usb")
        self._send = primary_button(_("Kirim sekarang"), "sync")
        self.action_row.addWidget(self._check)
        self.action_row.addWidget(self._usb)
        self.action_row.addWidget(self._send)
        self.trouble = TroubleCard()
        self.line = LineCard()
        for card in (self._make_progress(), self.trouble, self.line, self._make_result()):
            self.body.addWidget(card)
        self.enrol = EnrolCard()
        self.enrol.hide()
        self.refusal = NoticeBar()
        self.body.addWidget(self.refusal)
        self.tabs = tabs_in(self.body, _("Rincian sinkronisasi"))
        self.tabs.setMinimumHeight(current_theme().px(LEAST_LIST))
        self.tabs.addTab(self.queue, _("Antrean"))
        self.tabs.addTab(self.runs, _("Riwayat"))
        self.tabs.addTab(self.conflicts, _("Bentrok"))
        self.tabs.addTab(self.doubles, _("Mungkin ganda"))
        self.tabs.addTab(self.quarantine, _("Karantina"))
        self.tabs.addTab(self._make_device(), _("Perangkat"))
        self.offer_quarantine(False)

    def _make_progress(self) -> QWidget:
        self._progress = Card()
        self._doing = make_label("", wraps=True)
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
        self._result_close = quiet_button(_("Tutup"))
        self._result = Card(_("Hasil pengiriman"), self._result_close)
        self._result_words = make_label("", "strong", wraps=True)
        self._result_names = make_label("", "", wraps=True)
        self._result.body.addWidget(self._result_words)
        self._result.body.addWidget(self._result_names)
        self._result.hide()
        return self._result

    def _make_device(self) -> QWidget:
        self.device = SectionsPanel()
        self.device.setMinimumHeight(current_theme().px(DEVICE_HEIGHT))
        inner = QWidget()
        inner.setObjectName("scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, current_theme().px(8), 0, 0)
        column.addWidget(self.enrol)
        column.addWidget(self.officers)
        column.addWidget(self.photos)
        column.addWidget(self.device, 1)
        self._device_area = scrolled_down(inner)
        return self._device_area

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._on_tab)
        self._send.clicked.connect(self.send_requested)
        self._check.clicked.connect(self.check_requested)
        self._usb.clicked.connect(self.usb_requested)
        self._cancel.clicked.connect(self.cancel_requested)
        self._result_close.clicked.connect(self._result.hide)
        self.trouble.action_requested.connect(self._on_action)
        self.trouble.declined.connect(self._on_declined)
        self.queue.record_opened.connect(self.record_opened)
        self.queue.retry_requested.connect(self.retry_requested)
        self.enrol.enrol_requested.connect(self.enrol_requested)
        self.officers.form_opened.connect(self._bring_into_view)

    def show_queue(self, rows: Sequence[QueueRow]) -> None:
        """Show what waits."""
        self.queue.show_rows(rows)
        self._name_tab(self.queue, _("Antrean"), len(rows))
        self._refused_doubles = refused_doubles(rows)
        self._tell_refusal()

    def show_runs(self, runs: Sequence[SyncRun], *, more: bool = False) -> None:
        """Show the runs, newest first; `more`: there are older ones."""
        self.runs.show_runs(runs, more=more)

    def show_unsolved(self, run: SyncRun | None) -> None:
        """Show the run whose failure nobody solved yet, whatever was tried since; None when there is none."""
        self._unsolved = run
        self._tell_unsolved()

    def _tell_unsolved(self) -> None:
        run = self._unsolved
        if run is None or self._running or (run.outcome == MASS_REMOVAL and run.started_at == self._declined_at):
            self.trouble.hide()
        else:
            self.trouble.show_trouble(unsolved_trouble(run), run.ended_at)

    def show_conflicts(self, records: Sequence[ConflictedRecord]) -> None:
        """Show the records with open conflicts."""
        self.conflicts.show_conflicts(records)
        self._name_tab(self.conflicts, _("Bentrok"), len(records))

    def open_conflicts(self, uid: str = "") -> None:
        """Bring the conflicts of a record to view."""
        self.tabs.setCurrentWidget(self.conflicts)
        self.conflicts.open_record(uid)

    def show_doubles(self, doubles: Sequence[PossibleDouble], merges: Sequence[DoneMerge]) -> None:
        """Show records that may be one, and merges that stand."""
        self.doubles.show_cases(doubles, merges)
        self._name_tab(self.doubles, _("Mungkin ganda"), len(doubles))

    def open_double(self, uid: str = "") -> None:
        """Bring the case of a record to view."""
        self.tabs.setCurrentWidget(self.doubles)
        self.doubles.open_record(uid)

    def offer_quarantine(self, offered: bool) -> None:
        """Show the tab Karantina to those who decide there, hide it from the others."""
        self.tabs.setTabVisible(self.tabs.indexOf(self.quarantine), offered)

    def open_quarantine(self) -> None:
        """Bring what the server set aside to view."""
        self.tabs.setCurrentWidget(self.quarantine)

    def name_quarantine(self, count: int, *, more: bool) -> None:
        """Tell in the tab how many wait; `more`: these are not all."""
        words = _("Karantina ({n}+)").format(n=count) if more else _("Karantina ({n})").format(n=count)
        self.tabs.setTabText(self.tabs.indexOf(self.quarantine), words if count else _("Karantina"))

    def show_device(self, device: DeviceView, pill: PillState) -> None:
        """Show this laptop; without enrolment the card to enrol comes first and nothing can be sent.

        A laptop that the server does not take any more has the card too: a new code makes it known again.
        """
        contact = wita_text(device.last_contact) if device.last_contact else _("belum pernah")
        pairs = [
            (_("Kode laptop"), device.device_code or "–"),
            (_("Server"), device.server or _("belum didaftarkan")),
            (_("Terakhir semua terkirim"), contact),
            (_("Petugas"), device.officer),
            (_("Belum terkirim"), _("{n} data · {photos} foto").format(n=pill.unsent, photos=pill.photos_unsent)),
            (_("Perlu perbaikan"), str(pill.failed + pill.photos_refused)),
        ]
        if pill.unread:
            words = _("{n} data dari server tersimpan apa adanya. Perbarui program untuk mencoba lagi.")
            pairs.append((_("Belum dapat ditampilkan"), words.format(n=pill.unread)))
        self.device.show_sections([(_("Laptop ini"), pairs)])
        self._enrolled = device.enrolled
        self.enrol.show_for(device.server, again=device.enrolled)
        refused = self._unsolved is not None and self._unsolved.outcome in NOT_KNOWN
        self.enrol.setVisible(not device.enrolled or refused)
        self.officers.show_enrolled(device.enrolled)
        self._enable()
        self._send.setToolTip("" if device.enrolled else _("Daftarkan laptop ini dulu, di tab Perangkat."))
        if not device.enrolled:
            words = _("Laptop ini belum didaftarkan ke server. Data tersimpan di sini dan dikirim setelah terdaftar.")
            self.show_notice(words, _("Daftarkan"), self._show_device_tab)

    def show_progress(
        self, words: str, done: int = 0, total: int = 0, *, may_cancel: bool = True, may_go_on: bool = False
    ) -> None:
        """Show what is going on; empty words mean that it is over. `may_cancel`: *Batal* can stop it.

        With `may_go_on` it only waits, and the officer may send at once.
        """
        self._running, self._may_go_on = bool(words), may_go_on
        self._progress.setVisible(self._running)
        self._cancel.setVisible(may_cancel)
        self._enable()
        self._doing.setText(words)
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._tell_unsolved()

    def begin(self, words: str, *, may_cancel: bool = True) -> None:
        """Show that something begins; what came of the last one goes."""
        for card in (self._result, self.line):
            card.hide()
        self.show_progress(words, may_cancel=may_cancel)

    def show_result(
        self, run: SyncRun, sent: Sequence[str], refused: Sequence[tuple[str, str]], left: Sequence[str] = ()
    ) -> None:
        """Show a run's result with names and its time: what was sent, what still waits, what was refused and why.

        A failed run is told by the card of the failure, with its numbers here only when it did something; one that
        failed for another cause than the card's is told here.
        """
        self.show_progress("")
        trouble = trouble_of_run(run)
        is_told = trouble is None or (self._unsolved is not None and self._unsolved.started_at == run.started_at)
        self._result.set_title(_("Hasil pengiriman · {title}").format(title=result_title(run)))
        self._result_words.setText(run_words(run) if is_told or trouble is None else trouble.sentence)
        lines = [] if is_told or trouble is None else [f"{trouble.advice} {trouble.safe}".strip()]
        lines += [run.notice] if run.notice else []
        lines += [_("Terkirim: {names}").format(names=some_names(sent))] if sent else []
        lines += [_("Ditolak: {name} · {reason}").format(name=name, reason=reason) for name, reason in refused]
        if left:
            lines.append(_("Masih menunggu: {names}").format(names=some_names(left)))
        self._result_names.setText("\n".join(lines))
        self._result_names.setVisible(bool(lines))
        did = bool(run.sent or run.received or run.refused or run.notice)
        self._result.setVisible(trouble is None or not is_told or did)

    def show_stick(self, tally: CourierTally, at: str) -> None:
        """Show what one visit of a USB stick did; `at` is the UTC instant."""
        self.show_progress("")
        first, *others = courier_words(tally)
        self._result.set_title(_("Titip data USB · {at}").format(at=wita_text(at)))
        self._result_words.setText(first)
        waits = [_("Data itu tetap menunggu di laptop sampai tanda terima server datang.")] if tally.written else []
        self._result_names.setText("\n".join([*waits, *others]))
        self._result_names.setVisible(bool(waits or others))
        self._result.show()

    def show_check(self, check: LineCheck) -> None:
        """Show what the connection check found."""
        self.show_progress("")
        self.line.show_check(check)

    def _name_tab(self, widget: QWidget, name: str, count: int) -> None:
        words = _("{name} ({n})").format(name=name, n=count) if count else name
        self.tabs.setTabText(self.tabs.indexOf(widget), words)

    def _tell_refusal(self) -> None:
        """A decision about doubles that the server did not take is told where it was made."""
        if self._refused_doubles and self.tabs.currentWidget() is self.doubles:
            to_queue = partial(self.tabs.setCurrentWidget, self.queue)
            self.refusal.show_notice(self._refused_doubles, _("Buka Antrean"), to_queue, critical=True)
        else:
            self.refusal.dismiss()

    def _on_tab(self, _at: int) -> None:
        self._tell_refusal()
        if self.tabs.currentWidget() is self.quarantine:
            self.quarantine_opened.emit()

    def _enable(self) -> None:
        for button in (self._send, self._check, self._usb):
            button.setEnabled(self._enrolled and not self._running)
        if self._running:
            self._send.setEnabled(self._may_go_on)

    def _show_device_tab(self) -> None:
        self.tabs.setCurrentWidget(self._device_area)
        if not self.enrol.isHidden():
            self.enrol.start_typing()

    def _on_action(self, action: str) -> None:
        if action == ALLOW:
            self.removal_allowed.emit(self._unsolved.via if self._unsolved is not None else "")
        elif action == DEVICE:
            self._show_device_tab()
        elif action == CHECK:
            self.check_requested.emit()
        else:
            self.send_requested.emit()

    def _on_declined(self) -> None:
        self._declined_at = self._unsolved.started_at if self._unsolved is not None else ""
        self._tell_unsolved()
        self.show_notice(_("Tidak ada yang dihapus. Hubungi admin provinsi sebelum menyinkronkan lagi."), seconds=10)
        self.removal_declined.emit()

    def _bring_into_view(self, form: QWidget) -> None:
        """A form that opens below the edge of a low window is scrolled to once it has its place."""
        QTimer.singleShot(0, self, lambda: self._device_area.ensureWidgetVisible(form))
