"""Make this laptop and its officers known to the province's server, each by a one-time code."""

from __future__ import annotations

from collections.abc import Collection
from gettext import gettext as _
from typing import Protocol

from kube_field import __version__
from kube_field.domain.commit import AuditLine
from kube_field.errors import Failure, KubeFieldError
from kube_field.storage.sync_store import LocalSyncStore
from kube_field.sync.troubles import trouble_of
from kube_field.usecases.session import Session
from kube_field.usecases.sync import sync_store
from kube_field.wire.enrolment import Enrol, Enrolled
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
    answer = _shown(desk, body)
    _require_same_server(store, answer)
    if store.meta("user_uid") == session.officer.uid != answer.user.uid:
        raise _code_of_another(answer)
    store.enrol(answer, url=url, ca_pem=ca_pem)
    session.store.audit(
        AuditLine(session.officer.uid, "enrol", "device", answer.device, session.instant(), reason=answer.device_code)
    )
    return answer


def enrol_colleague(
    session: Session, *, desk: EnrolmentDesk, code: str, before: str = "", others: Collection[str] = ()
) -> Enrolled:
    """Let the code's officer join this enrolled laptop; the laptop keeps its code and its token.

    `before` is the uid under which he wrote here so far, `others` those of the laptop's other officers.
    Raises: KubeFieldError when the laptop is not enrolled, the code is refused or belongs to one of the others, or the
    server is not reached.
    """
    require_enrolled(session)
    store = sync_store(session.store)
    device = store.meta("device_id")
    answer = _shown(desk, Enrol(code=code, officer=before, device=device, app=__version__))
    _require_same_server(store, answer)
    if answer.device != device:
        raise KubeFieldError(
            Failure.NOT_ALLOWED,
            _("Server provinsi belum dapat menambah petugas pada laptop ini."),
            _("Hubungi admin provinsi: program server perlu diperbarui."),
            code="OLD_SERVER",
        )
    if answer.user.uid in others:
        raise _code_of_another(answer)
    if before:
        store.retry_author(before)
    session.store.audit(
        AuditLine(session.officer.uid, "enrol", "officer", answer.user.uid, session.instant(), reason=answer.device)
    )
    return answer


def require_enrolled(session: Session) -> None:
    """Refuse to add officers before the first one enrolled the laptop. Raises: KubeFieldError."""
    if not sync_store(session.store).meta("device_id"):
        raise KubeFieldError(
            Failure.NOT_ALLOWED,
            _("Laptop ini belum terdaftar di server provinsi."),
            _("Petugas pertama mendaftarkan laptop dulu di Sinkronisasi › Perangkat, lalu menambah petugas lain."),
            code="NOT_ENROLLED",
        )


def _shown(desk: EnrolmentDesk, body: Enrol) -> Enrolled:
    try:
        return desk.enrol(body)
    except Refusal as refusal:
        raise trouble_of(refusal) from refusal


def _require_same_server(store: LocalSyncStore, answer: Enrolled) -> None:
    if store.server_id() not in ("", answer.server_id):
        raise KubeFieldError(
            Failure.NOT_ALLOWED,
            _("Laptop ini sudah terdaftar di server lain."),
            _("Data di laptop ini milik server itu; hubungi admin provinsi."),
            code="OTHER_SERVER",
        )


def _code_of_another(answer: Enrolled) -> KubeFieldError:
    return KubeFieldError(
        Failure.NOT_ALLOWED,
        _("Kode ini milik {name}.").format(name=answer.user.name),
        _("Minta kode atas nama petugas yang benar kepada kantor; kode ini tidak dapat dipakai lagi."),
        code="OTHER_OFFICER",
    )
