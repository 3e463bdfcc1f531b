"""Recomputes what has to be true of the server's records at any moment; every sentence that comes back is a fault.

For every scope: the feed has no hole, its chain verifies, the index holds the newest line per record, and the sum is
that of what stands. For every change: it is decided, and it waits only for a record that is not there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from peewee import fn

from kube_field.domain.forms.referral import is_restricted
from kube_field.domain.records import EDITABLE_KINDS, PROVINCE_SCOPE, RecordKind
from kube_field.server.storage.database import ServerDatabase
from kube_field.server.storage.tables import (
    AsideRow,
    Feed,
    Held,
    Intake,
    RecordVersion,
    ScopeHead,
    ScopeIndex,
    StoredRecord,
)
from kube_field.wire import chain
from kube_field.wire.messages import ATTENTION, DONE, HELD
from kube_field.wire.server_words import KABUPATEN_LENGTH, ServerKind, is_shelf, shelf_scope

FOLLOWERS = (
    *sorted(kind.value for kind in RecordKind if kind not in EDITABLE_KINDS),
    ServerKind.CONFLICT.value,
    ServerKind.ALIAS.value,
)
"""Kinds that always lie where the record lies that they are about."""

Top = tuple[int, str, str]


def check_feed(database: ServerDatabase) -> list[str]:
    """Everything that is wrong; to be called outside a transaction."""
    with database.read():
        return [
            *_check_scopes(database.db),
            *_check_records(database.db),
            *_check_changes(database.db),
        ]


def _check_scopes(db: Any) -> Iterator[str]:
    heads: dict[str, Top] = {
        row.scope: (int(row.head), str(row.chain), str(row.sum)) for row in ScopeHead.select().execute(db)
    }
    for table in (Feed, ScopeIndex):
        for (scope,) in table.select(table.scope).distinct().tuples().execute(db):
            heads.setdefault(scope, (0, chain.GENESIS, "0"))
    for scope, top in sorted(heads.items()):
        yield from _check_scope(db, scope, top)


def _check_scope(db: Any, scope: str, top: Top) -> Iterator[str]:
    newest: dict[str, tuple[int, int]] = {}
    tail, last = chain.GENESIS, 0
    query = Feed.select().where(Feed.scope == scope).order_by(Feed.seq)
    for row in query.execute(db):
        last += 1
        if int(row.seq) != last:
            yield f"{scope}: feed line {last} is missing, {row.seq} follows"
            return
        tail = chain.link(tail, scope, last, row.uid, int(row.version), row.change_id)
        if tail != row.chain:
            yield f"{scope}: chain breaks at {last}"
        newest[row.uid] = (last, int(row.version))
    if (last, tail) != top[:2]:
        yield f"{scope}: the head says {top[0]}, the feed ends at {last}"
    yield from _check_index(db, scope, newest, top[2])


def _check_index(db: Any, scope: str, newest: dict[str, tuple[int, int]], told: str) -> Iterator[str]:
    total = 0
    for row in ScopeIndex.select().where(ScopeIndex.scope == scope).execute(db):
        if newest.pop(row.uid, None) != (int(row.seq), int(row.version)):
            yield f"{scope}: index of {row.uid} is not its newest feed line"
        if row.state == "put":
            total = chain.replaced(total, row.uid, 0, int(row.version))
    for uid in sorted(newest):
        yield f"{scope}: {uid} has no index row"
    if str(total) != told:
        yield f"{scope}: the sum is {told}, what stands makes {total}"


def _check_records(db: Any) -> Iterator[str]:
    query = StoredRecord.select(
        StoredRecord.uid, StoredRecord.kind, StoredRecord.scope, StoredRecord.version, StoredRecord.subject_uid
    )
    records = {row[0]: (row[1], row[2], int(row[3]), row[4]) for row in query.tuples().execute(db)}
    steps = RecordVersion.select(RecordVersion.uid, fn.COUNT(RecordVersion.uid), fn.MAX(RecordVersion.version))
    counted = steps.group_by(RecordVersion.uid).tuples().execute(db)
    versions = {uid: (int(count), int(last)) for uid, count, last in counted}
    for uid, (kind, scope, version, subject) in records.items():
        if versions.get(uid) != (version, version):
            yield f"{uid}: its history has holes"
        place = records.get(subject, ("", ""))[1]
        is_near = scope[:KABUPATEN_LENGTH] == place[:KABUPATEN_LENGTH]
        is_apart = kind == RecordKind.REFERRAL and is_shelf(scope) and is_near
        if kind in FOLLOWERS and place not in (scope, PROVINCE_SCOPE) and not is_apart:
            yield f"{uid}: does not lie where {subject} lies"
    yield from _check_shelves(db)
    yield from _check_places(db, {uid: (record[1], record[2]) for uid, record in records.items()})


def _check_shelves(db: Any) -> Iterator[str]:
    """A restricted referral lies on its author's shelf, and no other does (handbook 5.12)."""
    query = StoredRecord.select(StoredRecord.uid, StoredRecord.scope, StoredRecord.author_uid, StoredRecord.body)
    for uid, scope, author, body in query.where(StoredRecord.kind == RecordKind.REFERRAL.value).tuples().execute(db):
        restricted = is_restricted(json.loads(body).get("answers") or {})
        if restricted != is_shelf(scope) or (restricted and scope != shelf_scope(scope, author)):
            yield f"{uid}: does not lie where only its author and the supervisors read"


def _check_places(db: Any, stands: dict[str, tuple[str, int]]) -> Iterator[str]:
    places: dict[str, list[tuple[str, int]]] = {}
    for row in ScopeIndex.select().where(ScopeIndex.state == "put").execute(db):
        places.setdefault(row.uid, []).append((row.scope, int(row.version)))
    for uid, place in stands.items():
        if places.pop(uid, []) != [place]:
            yield f"{uid}: stands in {place[0]} in version {place[1]}, the index says something else"
    for uid in sorted(places):
        yield f"{uid}: stands in an index, but there is no such record"


def _check_changes(db: Any) -> Iterator[str]:
    waits = {row.change_id: row.waits_for for row in Held.select().execute(db)}
    known = [*DONE, *ATTENTION]
    query = Intake.select(Intake.change_id, Intake.status).where(Intake.status.not_in(known))
    for change_id, status in query.tuples().execute(db):
        if status != HELD:
            yield f"change {change_id}: undecided ({status})"
        elif waits.pop(change_id, None) is None:
            yield f"change {change_id}: held, but it waits for nothing"
    for change_id in sorted(waits):
        yield f"change {change_id}: waits although it is decided"
    undecided = Intake.select(Intake.change_id).where(Intake.status.in_(["failed", "quarantined", HELD]))
    listed = {row.change_id for row in AsideRow.select(AsideRow.change_id).execute(db)}
    for change_id in listed.symmetric_difference(row.change_id for row in undecided.execute(db)):
        yield f"change {change_id}: waits for a decision and is not listed, or the other way round"
    there = StoredRecord.select(StoredRecord.uid)
    for row in Held.select().where(Held.waits_for.in_(there)).execute(db):
        yield f"change {row.change_id}: waits for {row.waits_for}, which is there"
