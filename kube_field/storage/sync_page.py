"""Rows of a download written into the laptop, and what they do to the sums of the scopes that they are in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kube_field.storage.projection import forget_undelivered, put_all, remove_remote
from kube_field.storage.store import LocalStore
from kube_field.storage.working_rows import Arrived, parts
from kube_field.wire import chain
from kube_field.wire.messages import Row

EXIT = "exit"
LOWER = "UPDATE sync_scope SET sum = ?, state = CASE state WHEN 'live' THEN 'differs' ELSE state END WHERE scope_id = ?"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a record stands here: its scope, the version and the generation in which it was delivered."""

    scope: str
    version: int
    gen: int


@dataclass(frozen=True, slots=True)
class Written:
    """What a page did: the sum of its scope afterwards, and how many records left this laptop's areas."""

    total: int
    removed: int


def write_rows(
    store: LocalStore, scope: str, gen: int, total: int, rows: Sequence[Row], *, of_before: bool = False
) -> Written:
    """Store rows of a scope in its generation; `total` is the scope's sum before. Inside a transaction.

    A record that comes from another area's scope leaves that sum at once: the exit that is still to be read there
    then finds it gone. Rows `of_before` (from a file or a stick) do not take a record away from where it went since;
    over the line the later page is right, also when the server was put back in between.
    """
    newest = {row.uid: row for row in rows}
    before = standings(store, list(newest))
    gens = {name: int(value) for name, value in store.db.rows("SELECT scope_id, gen FROM sync_scope")}
    elsewhere: dict[str, int] = {}
    leaving: list[str] = []
    arrived: list[Arrived] = []
    for row in newest.values():
        old = before.get(row.uid)
        if row.st == EXIT and old is None:
            forget_undelivered(store, row.uid)
        if row.st == EXIT and (old is None or old.scope != scope):
            continue
        there = old if old is not None and old.scope != scope and old.gen == gens.get(old.scope) else None
        if of_before and there is not None and there.version > row.v:
            continue  # its exit from here is still to be read
        version = 0 if row.st == EXIT else row.v
        if there is not None:
            elsewhere[there.scope] = chain.replaced(elsewhere.get(there.scope, 0), row.uid, there.version, 0)
            old = None
        counted = old.version if old is not None and old.scope == scope and old.gen == gen else 0
        total = chain.replaced(total, row.uid, counted, version)
        if row.st == EXIT:
            leaving.append(row.uid)
        else:
            arrived.append(Arrived(row.uid, row.k, scope, row.v, row.body, row.sha, row.by))
    put_all(store, arrived, gen=gen)
    _lower_sums(store, elsewhere)
    return Written(total, sum(remove_remote(store, uid) for uid in leaving))


def standings(store: LocalStore, uids: Sequence[str]) -> dict[str, Standing]:
    """Where these records stand."""
    found: dict[str, Standing] = {}
    for part in parts(uids):
        marks = ", ".join("?" * len(part))
        rows = store.db.rows(f"SELECT uid, scope_id, version, gen FROM sync_base WHERE uid IN ({marks})", *part)
        found.update((uid, Standing(scope, int(version), int(gen))) for uid, scope, version, gen in rows)
    return found


def bucket_sums(rows: Iterable[tuple[str, int]], buckets: int) -> list[int]:
    """Sums of uid and version by part of a scope."""
    sums = [0] * buckets
    for uid, version in rows:
        part = chain.bucket(uid)
        sums[part] = chain.replaced(sums[part], uid, 0, version)
    return sums


def _lower_sums(store: LocalStore, elsewhere: dict[str, int]) -> None:
    """These scopes are looked at again, even if nothing is new: a server put back may never send their exit."""
    for name, change in elsewhere.items():
        total = int(store.db.value("SELECT sum FROM sync_scope WHERE scope_id = ?", name) or 0)
        total = (total + change) % chain.SUM_MODULUS
        store.db.execute_sql(LOWER, (str(total), name))
