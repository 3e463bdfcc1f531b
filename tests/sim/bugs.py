"""The 21 bugs of the sync design, section 8, and two of older programs, each a patch over the real classes.

The simulator must catch every one.
"""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from typing import Any
from unittest import mock
from uuid import NAMESPACE_OID, uuid5

import msgspec

from kube_field.domain.commit import Commit
from kube_field.domain.merge import Merged
from kube_field.domain.records import EDITABLE_KINDS
from kube_field.server import applying, continuity, edits, endpoint
from kube_field.server.batch import Batch
from kube_field.server.routes import exchange
from kube_field.server.storage import records as server_records
from kube_field.server.storage.reading import ScopeReading
from kube_field.storage import projection, working_rows
from kube_field.storage.outbox import QueueRepository
from kube_field.storage.store import LocalStore
from kube_field.storage.sync_store import LocalSyncStore
from kube_field.wire.canonical import change_hash
from tests.sim.machine import Machine

Patch = Callable[[], AbstractContextManager[Any]]


def _around(owner: Any, name: str, wrap: Callable[..., Any]) -> Any:
    """Replace a method by one that gets the real one first."""
    real = getattr(owner, name)

    @functools.wraps(real)
    def changed(*arguments: Any, **named: Any) -> Any:
        return wrap(real, *arguments, **named)

    return mock.patch.object(owner, name, changed)


# on the laptop


def drop_on_ack() -> Any:
    def take(real: Any, sync: Any, *arguments: Any, **named: Any) -> Any:
        outcome = real(sync, *arguments, **named)
        sync._db.execute_sql("DELETE FROM outbox WHERE state = 'acked'")
        return outcome

    return _around(LocalSyncStore, "take_results", take)


def no_rollback_detect() -> Any:
    def take(real: Any, sync: Any, answer: Any, **named: Any) -> Any:
        return real(sync, msgspec.structs.replace(answer, rollback=False), **named)

    return _blind_to_pulls(_around(LocalSyncStore, "take_hello", take))


@contextmanager
def _blind_to_pulls(*patches: Any) -> Iterator[None]:
    with ExitStack() as stack:
        for patch in (*patches, mock.patch.object(exchange, "went_back", return_value=False)):
            stack.enter_context(patch)
        yield


def no_continuity() -> Any:
    def take(real: Any, sync: Any, answer: Any, **named: Any) -> Any:
        standing = "ok" if not answer.rollback else answer.standing
        return real(sync, msgspec.structs.replace(answer, standing=standing), **named)

    return _around(LocalSyncStore, "take_hello", take)


@contextmanager
def no_chain() -> Iterator[None]:
    """A server that went back is only noticed while its head is behind."""

    def chain_at(real: Any, reading: Any, scope: str, seq: int) -> Any:
        found = real(reading, scope, seq)
        return None if found is None else _Any()

    with _around(ScopeReading, "chain_at", chain_at):
        yield


class _Any:
    """Equal to every chain."""

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = None  # type: ignore[assignment]


def chain_at_cursor() -> Any:
    """The proof is the chain at the cursor, not at the newest head ever seen."""

    def take(real: Any, sync: Any, scope: str, page: Any, *arguments: Any, **named: Any) -> Any:
        result = real(sync, scope, page, *arguments, **named)
        if page.more:
            sync._db.execute_sql("UPDATE sync_scope SET head_seen = 0, chain_seen = '' WHERE scope_id = ?", (scope,))
        return result

    return _around(LocalSyncStore, "take_page", take)


def no_cursor_reset() -> Any:
    def start_over(_real: Any, sync: Any, where: str, *values: str) -> None:
        sync._db.execute_sql(f"UPDATE sync_scope SET head_seen = 0, chain_seen = '' WHERE {where}", values)

    return _around(LocalSyncStore, "_start_over", start_over)


def cursor_first() -> Any:
    """The cursor is stored before the rows, in a transaction of its own."""

    def take(real: Any, sync: Any, scope: str, page: Any, *arguments: Any, **named: Any) -> Any:
        with sync._store.transaction():
            sync._db.execute_sql(
                "UPDATE sync_scope SET seq = ?, head_seen = ?, chain_seen = ? WHERE scope_id = ?",
                (page.seq, page.head, page.chain, scope),
            )
        return real(sync, scope, page, *arguments, **named)

    return _around(LocalSyncStore, "take_page", take)


@contextmanager
def split_tx() -> Iterator[None]:
    """The record is stored first and its change after it, in two transactions."""

    def commit(real: Any, store: LocalStore, work: Commit) -> None:
        real(store, replace(work, changes=()))
        real(store, Commit(changes=work.changes))

    with _around(LocalStore, "commit", commit):
        yield


@contextmanager
def counter_ids() -> Iterator[None]:
    """Ids are the laptop's code and a counter in its database."""

    def new_id(machine: Machine) -> str:
        count = int(machine.store.setting("sim_counter", "0")) + 1
        machine.store.db.put_row("setting", {"name": "sim_counter", "value": str(count)}, "name")
        return str(uuid5(NAMESPACE_OID, f"{machine.sync.meta('device_id')}-{count}"))

    with mock.patch.object(Machine, "new_id", new_id):
        yield


def ack_all() -> Any:
    """A batch that was answered counts as accepted."""

    def take(real: Any, sync: Any, batch: Any, results: Any, *arguments: Any, **named: Any) -> Any:
        outcome = real(sync, batch, results, *arguments, **named)
        for change in batch:
            sync._db.execute_sql("UPDATE outbox SET state = 'acked' WHERE change_id = ?", (change.id,))
        return outcome

    return _around(LocalSyncStore, "take_results", take)


def no_rebase() -> Any:
    """What comes down replaces what was typed since."""
    return mock.patch.object(working_rows, "rebased", lambda body, pending: dict(body) if body else _typed(pending))


def _typed(pending: Any) -> dict[str, Any]:
    return {name: new for change in pending for name, (_old, new) in change.sets.items()}


@contextmanager
def purge_first() -> Iterator[None]:
    """What lies in lost areas goes before everything was sent."""

    def take(real: Any, sync: Any, answer: Any, **named: Any) -> Any:
        result = real(sync, answer, **named)
        for (name,) in sync._db.rows("SELECT scope_id FROM sync_scope WHERE state = 'leaving'"):
            sync._db.execute_sql("DELETE FROM outbox WHERE scope_id = ? AND state <> 'acked'", (name,))
        sync.purge_leaving()
        return result

    with _around(LocalSyncStore, "take_hello", take):
        yield


def coalesce_sent() -> Any:
    """Two edits that were not acknowledged become one with a new id, also when the first one was handed over."""
    return _around(QueueRepository, "add", functools.partial(_coalesce, new_id=True))


def mutable_change() -> Any:
    """Two edits that were not acknowledged become one under the first one's id."""
    return _around(QueueRepository, "add", functools.partial(_coalesce, new_id=False))


def _coalesce(real: Any, queue: QueueRepository, change: Any, *, new_id: bool) -> None:
    state = "state IN ('queued', 'sent')" if new_id else "state = 'queued'"
    rows = queue._db.rows(
        f"SELECT change_id, sets_json, created FROM outbox_whole WHERE uid = ? AND {state} ORDER BY n DESC LIMIT 1",
        change.uid,
    )
    if change.kind not in EDITABLE_KINDS or not rows:
        real(queue, change)
        return
    before, sets, created = rows[0]
    merged = {name: tuple(pair) for name, pair in json.loads(sets).items()}
    for name, (old, new) in change.sets.items():
        merged[name] = (merged[name][0] if name in merged else old, new)
    queue._db.execute_sql("DELETE FROM outbox WHERE change_id = ?", (before,))
    whole = change_hash(change.uid, change.kind, merged)
    real(queue, replace(change, id=change.id if new_id else before, sets=merged, sha256=whole, create=bool(created)))


def kind_not_learnt() -> Any:
    """A new program makes nothing of the records that the old one did not know."""
    return mock.patch.object(projection, "materialise", return_value=0)


def unknown_kind_dropped() -> Any:
    """What the program does not know is not kept."""

    def is_understood(real: Any, store: Any, row: Any) -> bool:
        return real(store, row) or row.kind not in projection.WORD_KINDS

    return _around(projection, "_is_understood", is_understood)


# on the server


def no_dedupe() -> Any:
    return mock.patch.object(server_records.RecordStore, "decided", return_value={})


def lww() -> Any:
    """The last one to arrive wins."""

    def merge(real: Any, standing: Any, change: Any, *arguments: Any) -> Merged:
        values = {**standing, **{name: new for name, (_old, new) in change.set.items()}}
        applied = tuple(name for name, (_old, new) in change.set.items() if standing.get(name) != new)
        return Merged({name: value for name, value in values.items() if value is not None}, applied)

    return _around(edits, "merge_change", merge)


def refused_together() -> Any:
    """Who was right when he wrote is refused for what another officer wrote."""
    return mock.patch.object(edits.MergingEdit, "_was_seen", return_value=True)


def wrong_together() -> Any:
    """Answers of two officers stand side by side, whatever they make together."""
    return mock.patch.object(edits.MergingEdit, "_only_together", return_value=set())


def deleted_unseen() -> Any:
    """A record is deleted over what was written about it on another laptop."""
    return mock.patch.object(Batch, "unseen_edits", return_value=[])


@contextmanager
def cached_grants() -> Iterator[None]:
    """Rights are remembered from the first request of a token."""
    known: dict[str, Any] = {}

    def authenticate(real: Any, accounts: Any, header: str) -> Any:
        caller = real(accounts, header)
        first = known.setdefault(header, caller)
        return replace(caller, user=first.user, colleagues=first.colleagues)

    with _around(endpoint, "authenticate", authenticate):
        yield


def no_exit() -> Any:
    def page(real: Any, reading: Any, *arguments: Any, **named: Any) -> Any:
        found = real(reading, *arguments, **named)
        return replace(found, rows=[row for row in found.rows if row.st != "exit"])

    return _around(ScopeReading, "page", page)


def poison_batch() -> Any:
    """An unexpected error refuses the whole batch."""

    def one_by_one(_real: Any, call: Any) -> Any:
        raise endpoint._fault(RuntimeError("whole batch"))

    real = next(route for route in _addresses() if route.handler is exchange.push)
    return mock.patch.object(type(real), "recover", property(lambda _self: None, lambda _self, _value: None))


def _addresses() -> list[Any]:
    from kube_field.server.app import ADDRESSES

    return [item for _method, _path, item in ADDRESSES]


def no_hold() -> Any:
    """A child without its parent is taken in as if the parent were there, or lost."""
    return mock.patch.object(applying.Applying, "_missing_parent", return_value="")


@contextmanager
def step_not_rotated() -> Iterator[None]:
    """A repeated step hands out the token that it handed out before."""
    handed_out: dict[str, str] = {}

    def carry_on(real: Any, call: Any, device_id: str, shown: Any, step: str) -> Any:
        known = handed_out.get(step) if call.caller.device.step == step else None
        again = mock.patch.object(continuity, "new_token", return_value=known)
        with again if known else contextlib.nullcontext():
            laptop, token = real(call, device_id, shown, step)
        handed_out[step] = token
        return laptop, token

    with _around(exchange, "carry_on", carry_on):
        yield


BUGS: dict[str, Patch] = {
    bug.__name__: bug
    for bug in (
        drop_on_ack,
        no_rollback_detect,
        no_continuity,
        no_chain,
        chain_at_cursor,
        step_not_rotated,
        no_cursor_reset,
        cursor_first,
        no_dedupe,
        lww,
        refused_together,
        wrong_together,
        deleted_unseen,
        cached_grants,
        no_exit,
        poison_batch,
        no_hold,
        split_tx,
        counter_ids,
        ack_all,
        no_rebase,
        purge_first,
        coalesce_sent,
        mutable_change,
        kind_not_learnt,
        unknown_kind_dropped,
    )
}
