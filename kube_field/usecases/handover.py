"""Buku serah terima: the paper of one run of synchronisation, made from the receipts that lie on this laptop."""

from __future__ import annotations

from gettext import gettext as _

from kube_field.domain.forms.catalogue import form
from kube_field.domain.records import RecordKind
from kube_field.domain.sync_views import SyncRun
from kube_field.domain.views import HandedOver
from kube_field.errors import Failure, KubeFieldError
from kube_field.reports.handover import HandedRow, HandoverBook, render_handover
from kube_field.usecases.audit_trail import audit_line
from kube_field.usecases.papers import DEMO_MARK
from kube_field.usecases.queue import handed_over
from kube_field.usecases.session import Session
from kube_field.usecases.snapshots import letterhead
from kube_field.wire.canonical import content_hash

OBJECT_TYPE = "sync_run"


def handover_paper(session: Session, *, run_id: int, printed: bool = True) -> bytes:
    """The paper of one run of the history. Raises: KubeFieldError VALIDATION when there is no such run."""
    run = session.store.queue.run(run_id)
    if run is None:
        raise KubeFieldError(
            Failure.VALIDATION,
            _("Pengiriman ini tidak ada dalam riwayat laptop."),
            _("Pilih pengiriman lain di Riwayat."),
        )
    rows = handed_over(session, run_id=run_id)
    if printed:
        session.store.audit(audit_line(session, "paper.print", OBJECT_TYPE, str(run_id)))
    return render_handover(_book(session, run, rows), watermark=DEMO_MARK if session.is_demo else "")


def handover_number(run: SyncRun) -> str:
    """How the paper of a run is called: the laptop's code of that day, the run's number, its year."""
    return f"{run.device_code}/BST/{run.started_at[:4]}/{run.id:04d}"


def _book(session: Session, run: SyncRun, rows: list[HandedOver]) -> HandoverBook:
    proofs = [[row.receipt_id, row.sha256, row.at] for row in rows]
    return HandoverBook(
        number=handover_number(run),
        device_code=run.device_code,
        officers=list(dict.fromkeys(row.author for row in rows if row.author)),
        office=", ".join(dict.fromkeys(row.office for row in rows if row.office)),
        server=run.server,
        started_at=run.started_at,
        ended_at=run.ended_at,
        way=_("USB") if run.via == "usb" else _("Internet"),
        result=_("selesai") if not run.outcome else run.message or run.outcome,
        sent=run.sent,
        received=run.received,
        refused=run.refused,
        photos=run.photos_sent,
        digest=content_hash({"receipts": proofs}) if rows else "",
        audit_length=run.audit_length,
        audit_head=run.audit_head,
        rows=[
            HandedRow(
                row.title,
                _kind_words(row.kind),
                row.author,
                row.receipt_id,
                row.sha256,
                row.at,
            )
            for row in rows
        ],
        kop=letterhead(session, ""),
    )


def _kind_words(kind: RecordKind) -> str:
    if kind == RecordKind.REVIEW:
        return _("Tinjauan penyelia")
    return _(form(kind).title)
