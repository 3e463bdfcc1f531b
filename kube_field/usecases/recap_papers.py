"""The monthly recap as PDF and as tables for a spreadsheet; every print is written down."""

from __future__ import annotations

from pathlib import PurePath

from kube_field.domain.recap_tables import definitions, recap_tables
from kube_field.exchange.sheets import csv_of, xlsx_of
from kube_field.reports.recap import basis_words, render_recap
from kube_field.usecases.audit_trail import audit_line
from kube_field.usecases.papers import DEMO_MARK
from kube_field.usecases.recap import monthly_recap
from kube_field.usecases.session import Session
from kube_field.usecases.snapshots import letterhead

CSV_ENDING = ".csv"


def recap_paper(session: Session, *, kabupaten: str, month: str, only_accepted: bool, printed: bool = True) -> bytes:
    """The recap of a month (YYYY-MM) of a kabupaten as it stands now."""
    recap = monthly_recap(session, kabupaten=kabupaten, month=month, only_accepted=only_accepted)
    if printed:
        session.store.audit(audit_line(session, "recap.print", "recap", f"{kabupaten} {month}"))
    return render_recap(
        recap,
        kop=letterhead(session, recap.kabupaten),
        officer=session.officer.name,
        place="",
        watermark=DEMO_MARK if session.is_demo else "",
        photos=session.photos.read,
    )


def recap_sheet(session: Session, *, kabupaten: str, month: str, only_accepted: bool, name: str) -> bytes:
    """The same tables as XLSX, or as CSV where the file's name ends so."""
    recap = monthly_recap(session, kabupaten=kabupaten, month=month, only_accepted=only_accepted)
    session.store.audit(audit_line(session, "recap.export", "recap", f"{kabupaten} {month}"))
    tables = recap_tables(recap)
    if PurePath(name).suffix.lower() == CSV_ENDING:
        return csv_of(tables)
    return xlsx_of(tables, (f"{recap.kabupaten} · {recap.month}", basis_words(recap), *definitions()))
