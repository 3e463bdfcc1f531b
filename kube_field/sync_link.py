"""The window's way to the server of an open laptop: runs, connection check, enrolment, the laptop's officers."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _

from kube_field.assembly import OpenLaptop, join_server, transport_of
from kube_field.colleagues import add_colleague, change_own_password, colleagues
from kube_field.sync.ports import Progress
from kube_field.ui.pages.officers_card import OfficerLine
from kube_field.ui.pages.sync_page import DeviceView
from kube_field.usecases.queue import pill
from kube_field.usecases.sync import connection, sync_now
from kube_field.usecases.views import SyncRun


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

    def send(self, on_progress: Callable[[str, int, int], None], cancelled: Callable[[], bool]) -> SyncRun:
        """One whole run. Raises: KubeFieldError when the laptop is not enrolled."""

        def tell(progress: Progress) -> None:
            on_progress(progress.phase, progress.done, progress.total)

        with transport_of(self._laptop.session) as transport:
            return sync_now(self._laptop.session, transport, tell, cancelled)

    def check(self) -> str:
        """Ask the server for its name, then whether it knows us. Raises: KubeFieldError with one cause."""
        with transport_of(self._laptop.session) as transport:
            transport.health()
            me = transport.me()
        return _("Sambungan baik. Server mengenal laptop ini atas nama {name}.").format(name=me.user.name)

    def enrol(self, server: str, code: str) -> None:
        """Make this laptop known. Raises: KubeFieldError."""
        join_server(self._laptop, url=server, code=code)

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
