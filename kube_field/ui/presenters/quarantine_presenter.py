"""Karantina: fetches what the server set aside and hands over decisions; only the server's receipt counts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from gettext import gettext as _
from typing import Protocol

from kube_field.errors import Failure, KubeFieldError
from kube_field.ui.formats import wita_text
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.sync_page import SyncPage
from kube_field.ui.presenters.aside_bulk import BulkDecisions
from kube_field.ui.presenters.page_presenter import PagePresenter
from kube_field.ui.tasks import QUESTIONS, Tasks
from kube_field.usecases.quarantine import AsidePage, AsideRecord, Receipt, may_review
from kube_field.usecases.session import Session

NOT_SURE = (Failure.NO_NETWORK, Failure.INSECURE_CONNECTION, Failure.BUG)
"""Failures after which nobody knows here whether the server took the decision."""


class ReviewLink(Protocol):
    """The way to what was set aside; every call waits for the network and raises KubeFieldError."""

    def ask_aside(self, after: str) -> AsidePage:
        """What waits for this officer's decision, after that place."""
        ...

    def accept_aside(self, record: AsideRecord) -> Receipt:
        """Let it in."""
        ...

    def refuse_aside(self, record: AsideRecord, reason: str) -> Receipt:
        """Refuse it."""
        ...


class QuarantinePresenter(PagePresenter):
    """Presenter of the tab Karantina, which only those see who decide; call `opened` when it comes to view."""

    def __init__(self, page: SyncPage, session: Session, tasks: Tasks, navigate: Navigator, link: ReviewLink) -> None:
        super().__init__(page, session, tasks, navigate)
        self._page, self._panel, self._link = page, page.quarantine, link
        self._asked: threading.Event | None = None
        self._at = self._after = ""
        self._unlisted: int | None = None
        self._many = BulkDecisions(self._panel, tasks, self._count)
        page.offer_quarantine(may_review(session))
        page.quarantine_opened.connect(self.opened)
        self._panel.list_wanted.connect(self.load)
        self._panel.more_wanted.connect(self._load_more)
        self._panel.cancelled.connect(self._cancel)
        self._panel.accepted.connect(lambda record: self._decide(record, lambda: link.accept_aside(record)))
        self._panel.refused.connect(lambda record, why: self._decide(record, lambda: link.refuse_aside(record, why)))

        self._panel.many_accepted.connect(lambda records: self._many.begin(records, link.accept_aside))
        self._panel.many_refused.connect(
            lambda records, why: self._many.begin(records, lambda record: link.refuse_aside(record, why))
        )

    def opened(self) -> None:
        """Ask once when the tab comes to view; later only when somebody wants it."""
        if not self._at:
            self.load()

    def load(self) -> None:
        """Fetch the list anew, oldest first."""
        self._ask("", self._show)

    def look_again(self) -> None:
        """After a run that went well: read the list quietly, unless it is on view now."""
        if may_review(self.session) and self._asked is None and not self._panel.isVisible():
            self.tasks.run(lambda: self._link.ask_aside(""), self._show, lambda _error: None, lane=QUESTIONS)

    def _load_more(self) -> None:
        self._ask(self._after, lambda page: self._show(page, tuple(self._panel.records())))

    def _ask(self, after: str, done: Callable[[AsidePage], None]) -> None:
        self._panel.show_busy(_("Mengambil daftar dari server…"), may_cancel=True)

        def arrived(page: AsidePage) -> None:
            self._ready()
            done(page)

        self._asked = self.tasks.run(lambda: self._link.ask_aside(after), arrived, self._missed, lane=QUESTIONS)

    def _ready(self) -> None:
        self._asked = None
        self._panel.show_busy("")

    def _missed(self, error: KubeFieldError) -> None:
        self._ready()
        self._panel.show_trouble(error.sentence, error.action)

    def _cancel(self) -> None:
        if self._many.is_deciding:
            self._many.stop()
            return
        if self._asked is not None:
            self._asked.set()
        self._ready()

    def _show(self, page: AsidePage, before: tuple[AsideRecord, ...] = ()) -> None:
        self._at, self._after = page.at, page.after
        known = {record.change for record in page.records}
        self._panel.show_records(
            [*(one for one in before if one.change not in known), *page.records], page.at, more=bool(page.after)
        )
        listed = len(self._panel.records())
        self._unlisted = None if page.total is None else max(page.total - listed, 0)
        self._count()

    def _count(self) -> None:
        """Tell in the tab how many wait, those that are not listed included where the server counts them."""
        listed = len(self._panel.records())
        self._page.name_quarantine(listed + (self._unlisted or 0), more=self._unlisted is None and bool(self._after))

    def _decide(self, record: AsideRecord, work: Callable[[], Receipt]) -> None:
        self._panel.show_busy(_("Mengirim keputusan ke server…"))

        def settled(receipt: Receipt) -> None:
            self._panel.show_busy("")
            if receipt.open:
                self._panel.view.show_problem(receipt.words)
                return
            title = record.title or _("Data ini")
            words = _("{title}: {words} Tanda terima server {at}.")
            self._panel.show_settled(record, words.format(title=title, words=receipt.words, at=wita_text(receipt.at)))
            self._count()

        def unsettled(error: KubeFieldError) -> None:
            self._panel.show_busy("")
            self._panel.view.show_problem(unsettled_words(error))

        self.tasks.run(work, settled, unsettled, lane=QUESTIONS)


def unsettled_words(error: KubeFieldError) -> str:
    """Why no receipt came, what to do, and that the data are safe; asking again does no harm."""
    if error.failure not in NOT_SURE:
        return f"{error.sentence} {error.action}".strip()
    safe = _("Keputusan Anda belum dipastikan server; datanya aman di sana. Ulangi setelah sambungan kembali.")
    return f"{error.sentence} {safe}"
