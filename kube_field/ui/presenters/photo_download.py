"""Photos that lie on the server only, brought beside the work: counted, to be stopped, never in the way of typing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from gettext import gettext as _

from PySide6.QtCore import QObject, Qt, Signal

from kube_field.assembly import transport_of
from kube_field.errors import KubeFieldError
from kube_field.ui.pages.document_page import DocumentPage
from kube_field.ui.tasks import QUESTIONS, Tasks
from kube_field.usecases.photos import FetchState, fetch_photos, photos_elsewhere
from kube_field.usecases.session import Session


class PhotoDownload(QObject):
    """Works for the page of a document, one download at a time; `came` is called with the document whose photos came.

    On a lane of the network: a dead line holds neither the database nor what is typed, and no run holds this.
    """

    _told = Signal(object, object)

    def __init__(self, page: DocumentPage, session: Session, tasks: Tasks, came: Callable[[str], None]) -> None:
        super().__init__(page)
        self._page, self._session, self._tasks, self._came = page, session, tasks, came
        self._stop: threading.Event | None = None
        self._began = 0.0
        self._told.connect(self._show, Qt.ConnectionType.QueuedConnection)
        page.fetching.cancel_requested.connect(self._cancel)

    def begin(self, uid: str, failed: Callable[[KubeFieldError], None]) -> None:
        """Bring the photos of a document, unless some are on their way."""
        if self._stop is not None:
            return
        stop = self._stop = threading.Event()
        self._began = time.monotonic()
        self._page.show_fetching(True)
        self._page.fetching.show_waiting(_("Menghubungi server untuk mengunduh foto…"), may_cancel=True)

        def fetched() -> tuple[int, int]:
            with transport_of(self._session) as transport:
                came = fetch_photos(
                    self._session,
                    transport,
                    uid=uid,
                    tell=lambda state: self._told.emit(stop, state),
                    cancelled=stop.is_set,
                )
            return came, photos_elsewhere(self._session, uid=uid)

        def broken(error: KubeFieldError) -> None:
            if self._end(stop):
                failed(error)

        self._tasks.run(fetched, lambda found: self._arrived(stop, uid, *found), broken, lane=QUESTIONS)

    def stop(self) -> None:
        """Stop after the piece that is on its way; what came stays."""
        if self._stop is not None:
            self._stop.set()
            self._end(self._stop)

    def _cancel(self) -> None:
        self.stop()
        self._page.show_notice(_("Unduhan dihentikan. Foto yang sudah sampai tetap tersimpan."), seconds=8)

    def _arrived(self, stop: threading.Event, uid: str, came: int, left: int) -> None:
        if not self._end(stop):
            return
        self._page.show_photos_left(uid, left)
        if came or not left:  # a run beside may have brought the last one
            self._came(uid)
        if left:
            words = _("{n} foto belum ada di server. Coba lagi setelah laptop yang memotretnya tersambung.")
            self._page.show_notice(words.format(n=left))

    def _end(self, stop: threading.Event) -> bool:
        """Put the line away; False for a download that was stopped: nobody waits for its answer."""
        if self._stop is not stop:
            return False
        self._stop = None
        self._page.show_fetching(False)
        return True

    def _show(self, stop: threading.Event, state: FetchState) -> None:
        if self._stop is not stop:
            return
        left = None
        if state.bytes:
            left = (time.monotonic() - self._began) / state.bytes * max(0, state.all_bytes - state.bytes)
        self._page.fetching.show_progress(_("Mengunduh foto"), state.done, state.whole, left)
