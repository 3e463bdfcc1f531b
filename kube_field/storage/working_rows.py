"""The rows that pages and lists read, made from what the server said and what was typed since.

The working row of an editable record is the server's body with the pending local changes applied again; it can be
rebuilt at any time from `sync_base` and `outbox`. All functions run inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from kube_field.domain.forms.catalogue import form
from kube_field.domain.records import EDITABLE_KINDS, Attachment, Change, Fact, Record, RecordKind
from kube_field.storage.erasure import ERASED
from kube_field.storage.headers import UnfitError
from kube_field.storage.rows import dump, fact_row, load
from kube_field.wire.fact_shape import FIELDS, shape_of

if TYPE_CHECKING:
    from kube_field.storage.store import LocalStore

FORM_VERSION, DELETED = "form_version", "deleted"
IN_ONE_QUERY = 500


@dataclass(frozen=True, slots=True)
class Arrived:
    """One record as the server sent it."""

    uid: str
    kind: str
    scope: str
    version: int
    body: Mapping[str, Any]
    sha256: str
    author: str


def rebuild_record(store: LocalStore, uid: str, *, at: str = "", by: str = "") -> bool:
    """Make the working row anew from base and pending changes; to be called also when a pending change was decided.

    One that was merged into another record is kept as deleted here, so that lists and searches show only the other.
    False for what the tables cannot hold: then the row, if there is one, stays as it was.
    """
    pending = store.queue.pending_sets(uid)
    row = _base(store, uid)
    if row is None and not any(change.create for change in pending):
        return True  # nothing to build upon: it left this laptop
    kind, scope, version, body = row if row is not None else (pending[0].kind, "", 0, {})
    last = pending[-1] if pending else None
    fields = rebased(body, pending)
    if store.db.value("SELECT 1 FROM alias WHERE old = ? AND undone = 0", uid):
        fields[DELETED] = True
    scope = scope or (pending[0].scope if pending else "")
    record = _record(uid, kind, scope, version, fields, last.at if last else at, last.by if last else by)
    return _is_put(store, record)


def put_records(store: LocalStore, arrived: Sequence[Arrived], at: str) -> list[Arrived]:
    """Take over editable records whose base is stored already; those that the tables cannot hold are given back.

    Only those with work of ours are put together anew.
    """
    unfit: list[Arrived] = []
    uids = [row.uid for row in arrived]
    ours = {*known_uids(store, "outbox", uids), *known_uids(store, "alias", uids, "old")}
    for row in arrived:
        if row.uid in ours:
            is_put = rebuild_record(store, row.uid, at=at, by=row.author)
        else:
            kind = RecordKind(row.kind)
            is_put = _is_put(store, _record(row.uid, kind, row.scope, row.version, row.body, at, row.author))
        if not is_put:
            unfit.append(row)
    return unfit


def rebased(body: Mapping[str, Any], pending: list[Change]) -> dict[str, Any]:
    """The server's body with pending changes applied in their order; a new value of None takes the field out."""
    fields = dict(body)
    for change in pending:
        fields[FORM_VERSION] = change.form_version
        for name, (_old, new) in change.sets.items():
            if new is None:
                fields.pop(name, None)
            else:
                fields[name] = new
    return fields


def put_facts(store: LocalStore, arrived: Sequence[Arrived]) -> list[Arrived]:
    """Take over facts, each table in one statement and no query per fact; those that do not fit are given back.

    A fact that is here already keeps its content, for a fact never changes; only another scope is noted.
    """
    here = _scopes_of_facts(store, [row.uid for row in arrived])
    moved = [(row.scope, row.uid) for row in arrived if here.get(row.uid, row.scope) != row.scope]
    store.db.cursor().executemany("UPDATE fact SET scope = ? WHERE uid = ?", moved)
    fresh = {row.uid: row for row in arrived if row.uid not in here}
    facts, rows, unfit = _rows_of(fresh.values())
    insert_many(store, "fact", rows)
    store.search_index.index_new_facts(facts)
    photos = [(fact.uid, photo) for fact in facts for photo in fact.attachments]
    # The server's photos are not ours to send; one that waits here for another record keeps waiting.
    blobs = [{"sha256": p.sha256, "size": p.size, "mime": p.mime, "state": "remote"} for _uid, p in photos]
    insert_many(store, "blob", blobs, "ON CONFLICT DO NOTHING")
    links = [{"uid": uid, "sha256": photo.sha256} for uid, photo in photos]
    insert_many(store, "blob_link", links, "ON CONFLICT DO NOTHING")
    return unfit


def _rows_of(arrived: Iterable[Arrived]) -> tuple[list[Fact], list[dict[str, Any]], list[Arrived]]:
    """Facts and their rows, and what is none that this program could hold and show."""
    found: list[tuple[Fact, dict[str, Any]]] = []
    unfit: list[Arrived] = []
    for row in arrived:
        try:
            fact = arrived_fact(row)
            found.append((fact, fact_row(fact)))
        except UnfitError:
            unfit.append(row)
    return [fact for fact, _row in found], [row for _fact, row in found], unfit


def _scopes_of_facts(store: LocalStore, uids: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in parts(uids):
        found.update(store.db.rows(f"SELECT uid, scope FROM fact WHERE uid IN ({', '.join('?' * len(part))})", *part))
    return found


def known_uids(store: LocalStore, table: str, uids: Sequence[str], column: str = "uid") -> Iterator[str]:
    """Those uids that a table has."""
    for part in parts(uids):
        marks = ", ".join("?" * len(part))
        query = f"SELECT {column} FROM {table} WHERE {column} IN ({marks})"
        yield from (uid for (uid,) in store.db.rows(query, *part))


def parts(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Pieces that fit into one query."""
    for at in range(0, len(items), IN_ONE_QUERY):
        yield items[at : at + IN_ONE_QUERY]


def insert_many(store: LocalStore, table: str, rows: Sequence[Mapping[str, Any]], otherwise: str = "") -> None:
    """Rows of the same columns in one statement; `otherwise` says what happens to those that are there."""
    if not rows:
        return
    names = tuple(rows[0])
    sql = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))}) {otherwise}"
    values: Iterable[tuple[Any, ...]] = (tuple(row.values()) for row in rows)
    store.db.cursor().executemany(sql, values)


def _base(store: LocalStore, uid: str) -> tuple[RecordKind, str, int, dict[str, Any]] | None:
    rows = store.db.rows("SELECT kind, scope_id, version, body_json FROM sync_base WHERE uid = ?", uid)
    if not rows or rows[0][0] == ERASED:
        return None
    kind, scope, version, body = rows[0]
    return RecordKind(kind), scope, version, load(body)


def _is_put(store: LocalStore, record: Record) -> bool:
    """Write the record; False, with nothing written, when it does not fit into its table."""
    try:
        store.put_record(record)
    except UnfitError:
        return False
    return True


def _record(
    uid: str, kind: RecordKind, scope: str, version: int, fields: Mapping[str, Any], at: str, by: str
) -> Record:
    """A working row: what the form asks are answers, everything else travels along in `extra`."""
    form_version = str(fields.get(FORM_VERSION, ""))
    asked = asked_codes(kind, form_version)
    content = {name: value for name, value in fields.items() if name not in (FORM_VERSION, DELETED)}
    return Record(
        uid=uid,
        kind=kind,
        form_version=form_version,
        scope=scope,
        answers={name: value for name, value in content.items() if name in asked},
        version=version,
        extra={name: value for name, value in content.items() if name not in asked},
        deleted=bool(fields.get(DELETED, False)),
        updated_at=at,
        updated_by=by,
    )


def forms_known() -> str:
    """One word for all questions that this program asks about editable records."""
    told = {kind.value: sorted(asked_codes(kind, "")) for kind in sorted(EDITABLE_KINDS)}
    return sha256(dump(told).encode()).hexdigest()


def asked_codes(kind: RecordKind, form_version: str) -> frozenset[str]:
    """The questions of a form; those of the newest one for a version that this program does not have."""
    try:
        known = form(kind, form_version)
    except KeyError:  # a newer form than this program has
        known = form(kind)
    return frozenset(question.code for question in known.questions())


def arrived_fact(row: Arrived) -> Fact:
    """The fact that a body says. Raises: UnfitError for one that this program could not show."""
    shape = shape_of(row.body)
    if shape is None:
        raise UnfitError
    known = asdict(shape)
    known["attachments"] = tuple(Attachment(**asdict(photo)) for photo in shape.attachments)
    extra = {name: value for name, value in row.body.items() if name not in FIELDS}
    return Fact(uid=row.uid, kind=RecordKind(row.kind), scope=row.scope, sha256=row.sha256, extra=extra, **known)
