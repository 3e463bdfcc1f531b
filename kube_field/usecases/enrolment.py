"""Make this laptop known to the province's server by a one-time code."""

from __future__ import annotations

from gettext import gettext as _
from typing import Protocol

from kube_field import __version__
from kube_field.domain.commit import AuditLine
from kube_field.errors import Failure, KubeFieldError
from kube_field.sync.troubles import trouble_of
from kube_field.usecases.session import Session
from kube_field.usecases.sync import sync_store
from kube_field.wire.messages import Enrol, Enrolled
from kube_field.wire.refusals import Refusal


class EnrolmentDesk(Protocol):
    """Where a code is shown; `HttpTransport` is one."""

    def enrol(self, body: Enrol) -> Enrolled:
        """Show the code. Raises: KubeFieldError, Refusal."""
        ...


def enrol(
    session: Session, *, desk: EnrolmentDesk, url: str, code: str, ca_pem: str = "", device_name: str = ""
) -> Enrolled:
    """Show the code, keep what the server answers; the officer's earlier work counts as his.

    Raises: KubeFieldError when the code is refused, the server is not reached, or the laptop belongs to another one.
    """
    store = sync_store(session.store)
    body = Enrol(code=code, officer=session.officer.uid, device_name=device_name, app=__version__)
    try:
        answer = desk.enrol(body)
    except Refusal as refusal:
        raise trouble_of(refusal) from refusal
    if store.server_id() not in ("", answer.server_id):
        raise KubeFieldError(
            Failure.NOT_ALLOWED,
            _("Laptop ini sudah terdaftar di server lain."),
            _("Data di laptop ini milik server itu; hubungi admin provinsi."),
            code="OTHER_SERVER",
        )
    store.enrol(answer, url=url, ca_pem=ca_pem)
    session.store.audit(
        AuditLine(session.officer.uid, "enrol", "device", answer.device, session.instant(), reason=answer.device_code)
    )
    return answer
