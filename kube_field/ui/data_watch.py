"""Looks after the laptop's data behind the window: second copies that are missing, and once a week the whole file."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _

from PySide6.QtCore import QObject, QTimer, Signal

from kube_field.ui.tasks import DATABASE, FILES, Tasks
from kube_field.usecases.data_safety import check_database, check_is_due, copy_is_behind, put_back_from_copy
from kube_field.usecases.session import Session

FIRST_CHECK_MS, CHECK_MS, COPY_MS = 20_000, 3_600_000, 15_000


class DataWatch(QObject):
    """Looks at the copy every 15 seconds, and every hour whether the weekly check is due, unless `is_busy`.

    Signals: notice_wanted(text), damaged().
    """

    notice_wanted = Signal(str)
    damaged = Signal()

    def __init__(
        self, session: Session, tasks: Tasks, is_busy: Callable[[], bool], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._tasks, self._is_busy = session, tasks, is_busy
        self._was_behind = False
        self._copy_timer, self._check_timer = QTimer(self), QTimer(self)
        self._copy_timer.timeout.connect(self.look_at_copy)
        self._check_timer.timeout.connect(self.look_at_file)

    def begin(self) -> None:
        """Tell what came back from the second copy when the laptop was opened, and watch from now on."""
        self._copy_timer.start(COPY_MS)
        self._check_timer.start(FIRST_CHECK_MS)
        if count := put_back_from_copy(self._session):
            self.notice_wanted.emit(
                _("{n} perubahan yang belum terkirim dipulihkan dari salinan cadangan.").format(n=count)
            )

    def stop(self) -> None:
        """The window closes."""
        self._copy_timer.stop()
        self._check_timer.stop()

    def look_at_copy(self) -> None:
        """Tell once when unsent work has no second copy."""
        is_behind = copy_is_behind(self._session)
        if is_behind and not self._was_behind:
            self.notice_wanted.emit(
                _("Catatan Anda tersimpan, tetapi salinan cadangannya belum dapat ditulis. Akan dicoba lagi.")
            )
        self._was_behind = is_behind

    def look_at_file(self) -> None:
        """Check the database where a week has passed; work in its own lane never waits for it."""
        self._check_timer.setInterval(CHECK_MS)
        if not self._is_busy():
            self._tasks.run(lambda: check_is_due(self._session), self._check, self._give_up, lane=DATABASE)

    def _check(self, is_due: bool) -> None:
        if is_due:
            self._tasks.run(lambda: check_database(self._session), self._checked, self._give_up, lane=FILES)

    def _checked(self, is_whole: bool) -> None:
        if not is_whole:
            self.damaged.emit()

    def _give_up(self, _error: Exception) -> None:
        """Another time: the disk is full, or the file in use."""
