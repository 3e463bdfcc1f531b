"""Finding one record to refer to: a person, household, group, unit, batch, officer or training."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kube_field.domain.names import fold_name
from kube_field.domain.records import Record, RecordKind
from kube_field.usecases import views
from kube_field.usecases.parents import display_name
from kube_field.usecases.session import Session

FOUND = 20
LOOKED_AT = 120
"""Hits of all kinds that are looked through for those of the wanted kind."""


def find_records(session: Session, *, kind: RecordKind, text: str) -> list[views.SearchHit]:
    """Records of one kind whose words hold the text, at most 20; the empty text lists the first."""
    finder = _FINDERS.get(kind)
    if finder is not None:
        return finder(session, text.strip())
    return _listed(session, kind, text.strip())


def _people(session: Session, text: str) -> list[views.SearchHit]:
    rows = session.store.listings.people(views.PersonFilter(text=text, limit=FOUND))
    return [views.SearchHit(RecordKind.PERSON, row.uid, row.name, _joined(row.village, row.nik)) for row in rows]


def _groups(session: Session, text: str) -> list[views.SearchHit]:
    rows = session.store.listings.groups(views.GroupFilter(text=text, limit=FOUND))
    return [views.SearchHit(RecordKind.KUBE_GROUP, row.uid, row.name, row.village) for row in rows]


def _units(session: Session, text: str) -> list[views.SearchHit]:
    wanted, named = fold_name(text), session.store.listings.unit_names()
    return [hit for hit in named if wanted in fold_name(f"{hit.title} {hit.detail}")][:FOUND]


def _households(session: Session, text: str) -> list[views.SearchHit]:
    if not text:
        return []
    found = session.store.listings.search(text, LOOKED_AT)
    hits = [hit for hit in found if hit.kind == RecordKind.HOUSEHOLD]
    digits = "".join(sign for sign in text if sign.isascii() and sign.isdigit())
    if len(digits) == 16:
        known = {hit.uid for hit in hits}
        same = session.store.records.where(RecordKind.HOUSEHOLD, kk_number=digits)
        hits += [_hit(record) for record in same if record.uid not in known]
    return hits[:FOUND]


def _listed(session: Session, kind: RecordKind, text: str) -> list[views.SearchHit]:
    wanted = fold_name(text)
    records = [one for one in session.store.records.where(kind) if wanted in fold_name(display_name(one.answers))]
    return sorted((_hit(record) for record in records), key=lambda hit: hit.title)[:FOUND]


def _hit(record: Record) -> views.SearchHit:
    return views.SearchHit(record.kind, record.uid, display_name(record.answers), "")


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


_FINDERS: Mapping[RecordKind, Callable[[Session, str], list[views.SearchHit]]] = {
    RecordKind.PERSON: _people,
    RecordKind.KUBE_GROUP: _groups,
    RecordKind.BUSINESS_UNIT: _units,
    RecordKind.HOUSEHOLD: _households,
}
