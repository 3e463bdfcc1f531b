"""Document numbers by handbook 9.0: unique without a network, because each laptop has its own code."""

from __future__ import annotations

from datetime import date

from kube_field.domain.records import Answers, RecordKind
from kube_field.usecases.ports import DocumentNumber
from kube_field.usecases.session import Session

PAPERS = {
    RecordKind.VISIT: "KUNJ",
    RecordKind.ASSESSMENT: "ASM",
    RecordKind.ATTENDANCE: "DH",
    RecordKind.AID: "BAST",
    RecordKind.GRADUATION: "GRD",
    RecordKind.REFERRAL: "RJK",
}
CHANGE_OF_AID = "BAP"
KABUPATEN_CODES = {
    "64.01": "PSR",
    "64.02": "KKR",
    "64.03": "BRU",
    "64.07": "KBR",
    "64.08": "KTM",
    "64.09": "PPU",
    "64.11": "MHU",
    "64.71": "BPP",
    "64.72": "SMD",
    "64.74": "BTG",
}
MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
PROVINCE_CODE = "KALTIM"
"""Stands where a document belongs to no kabupaten."""


def paper_of(kind: RecordKind, answers: Answers) -> str:
    """The code of a document's paper in its number; a Berita Acara Perubahan has its own."""
    if kind == RecordKind.AID and answers.get("bast_type") == "perubahan":
        return CHANGE_OF_AID
    return PAPERS[kind]


def next_document_number(session: Session, paper: str, scope: str) -> tuple[DocumentNumber, str]:
    """The next free counter value of this year and its spelling; the commit that uses it takes it for good."""
    today = session.today()
    value = session.store.next_number(paper, today.year)
    return DocumentNumber(paper, today.year, value), spell_number(session, paper, value, scope, today)


def spell_number(session: Session, paper: str, value: int, scope: str, day: date) -> str:
    """`400.9/L07-0012/KUNJ/KKR/XI/2026`; an empty klasifikasi leaves its part out."""
    parts = [
        session.store.setting("klasifikasi"),
        f"{session.store.setting('device_code')}-{value:04d}",
        paper,
        KABUPATEN_CODES.get(scope[:5], PROVINCE_CODE),
        MONTHS[day.month - 1],
        str(day.year),
    ]
    return "/".join(part for part in parts if part)
