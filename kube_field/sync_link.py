"""The window's way to the server of an open laptop: runs, connection check, enrolment, the laptop's officers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from gettext import gettext as _
from pathlib import Path

from kube_field.assembly import OpenLaptop, join_server, transport_of
from kube_field.colleagues import add_colleague, change_own_password, colleagues
from kube_field.errors import BUG_EXIT_CODE, KubeFieldError
from kube_field.logs import places_of
from kube_field.sync.ports import Progress
from kube_field.sync.transports.line_check import LineCheck, check_line
from kube_field.ui.pages.officers_card import OfficerLine
from kube_field.ui.pages.sync_page import DeviceView
from kube_field.usecases.courier import visit_stick
from kube_field.usecases.quarantine import AsidePage, AsideRecord, Receipt, accept_aside, ask_aside, refuse_aside
from kube_field.usecases.queue import pill
from kube_field.usecases.stick import CourierTally, Watch
from kube_field.usecases.sync import connection, sync_now, sync_store
from kube_field.usecases.views import SyncRun

log = logging.getLogger(__name__)
BROKEN = "BROKEN"
"""Outcome of a run that our own mistake broke off."""


class ServerLink:
    """What the sync page may ask for; every call but `device` may wait for the network."""

    def __init__(self, laptop: OpenLaptop) -> None:
        self._laptop = laptop

    def is_enrolled(self) -> bool:
        """True once a server knows this laptop."""
        return pill(self._laptop.session).enrolled

    def device(self) -> DeviceView:
        """This laptop and its server."""
        state = pill(self._laptop.session)
        return DeviceView(
            device_code=self._laptop.store.setting("device_code"),
            server=connection(self._laptop.session).url if state.enrolled else "",
            last_contact=state.last_good_at,
            officer=self._laptop.session.officer.name,
            enrolled=state.enrolled,
        )

    def send(
        self,
        on_progress: Callable[[str, int, int], None],
        cancelled: Callable[[], bool],
        *,
        allow_removal: bool = False,
    ) -> SyncRun:
        """One whole run. Whatever stops it is in its outcome and in the history, our own mistakes too."""

        def tell(progress: Progress) -> None:
            on_progress(progress.phase, progress.done, progress.total)

        started = self._laptop.session.instant()
        try:
            with transport_of(self._laptop.session) as transport:
                return sync_now(self._laptop.session, transport, tell, cancelled, allow_removal=allow_removal)
        except KubeFieldError as error:
            return self._broken_off(started, error.code, str(error), int(error.failure))
        except Exception as error:  # noqa: BLE001  a run that broke must say so, whatever broke it
            log.error("BUG in a run: %s", places_of(type(error), error.__traceback__))
            return self._broken_off(started, BROKEN, _("Pengiriman terputus oleh kesalahan aplikasi."), BUG_EXIT_CODE)

    def _broken_off(self, started: str, outcome: str, message: str, exit_code: int) -> SyncRun:
        """The history keeps it where it can be written; the page shows it in any case."""
        session = self._laptop.session
        run = SyncRun(
            started, session.instant(), 0, 0, 0, 0, 0, 0, outcome=outcome, message=message, exit_code=exit_code
        )
        try:
            sync_store(session.store).add_run(run)
        except Exception as error:  # noqa: BLE001  the page shows the run even then
            log.error("a broken run was not written down: %s", type(error).__name__)
        return run

    def check(self) -> LineCheck:
        """Go through the steps of the connection. Raises: KubeFieldError when the laptop is not enrolled."""
        with transport_of(self._laptop.session) as transport:
            return check_line(transport, connection(self._laptop.session).url)

    def visit_stick(
        self,
        folder: Path,
        on_progress: Callable[[str, int, int], None],
        cancelled: Callable[[], bool],
        *,
        allow_removal: bool = False,
    ) -> CourierTally:
        """Titip data USB: hand in what lies there when there is a way, take the answers, leave what waits.

        The line is touched only where a file waits to be handed in. Raises: KubeFieldError.
        """
        session, watch = self._laptop.session, Watch(on_progress, cancelled)
        with transport_of(session) as transport:
            return visit_stick(session, folder, transport.carry, allow_removal=allow_removal, watch=watch)

    def ask_aside(self, after: str) -> AsidePage:
        """What the server set aside for this officer's decision. Raises: KubeFieldError."""
        with transport_of(self._laptop.session) as desk:
            return ask_aside(self._laptop.session, desk, after=after)

    def accept_aside(self, record: AsideRecord) -> Receipt:
        """Let a record in that was set aside. Raises: KubeFieldError without a receipt."""
        with transport_of(self._laptop.session) as desk:
            return accept_aside(self._laptop.session, desk, record)

    def refuse_aside(self, record: AsideRecord, reason: str) -> Receipt:
        """Refuse a record that was set aside. Raises: KubeFieldError without a receipt."""
        with transport_of(self._laptop.session) as desk:
            return refuse_aside(self._laptop.session, desk, record, reason)

    def enrol(self, server: str, code: str) -> None:
        """Make this laptop known, or known again: then the pinned authority stays. Raises: KubeFieldError."""
        pinned = connection(self._laptop.session).ca_pem if self.is_enrolled() else ""
        join_server(self._laptop, url=server, code=code, ca_pem=pinned)

    def officers(self) -> list[OfficerLine]:
        """Everybody who works on this laptop."""
        at_work = self._laptop.user
        return [
            OfficerLine(one.user, one.officer.name, one.unsent, one.user == at_work, one.enrolled)
            for one in colleagues(self._laptop)
        ]

    def add_officer(self, user: str, code: str, password: str) -> str:
        """Let a colleague join; his name. Raises: KubeFieldError."""
        return add_colleague(self._laptop, user=user, password=password, code=code).name

    def change_password(self, old: str, new: str) -> None:
        """Replace the password of the officer at work. Raises: KubeFieldError."""
        change_own_password(self._laptop, old=old, new=new)
