"""The laptop's side of synchronisation over the encrypted store: outbox, cursors, downloaded rows, photos, runs.

Every method is one transaction. Implements `sync.ports.SyncStore`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kube_field.domain.records import EDITABLE_KINDS, Change
from kube_field.domain.views import SyncRun
from kube_field.errors import BugError
from kube_field.storage.photo_queue import PhotoQueue
from kube_field.storage.projection import put_remote, rebuild_record, remove_remote
from kube_field.storage.rows import Row as StoredRow
from kube_field.storage.rows import change_of, dump
from kube_field.storage.store import DEVICE_CODE, LocalStore
from kube_field.wire import chain
from kube_field.wire.messages import (
    DONE,
    HELD,
    AuditHead,
    ChangeResult,
    Enrolled,
    Hello,
    HelloAnswer,
    Pull,
    PullAnswer,
    QueueState,
    Row,
    ScopeState,
)
from kube_field.wire.outcome import BatchOutcome

ENVELOPE_BYTES = 400
"""What a change weighs on the wire besides its fields."""
LIVE, RESYNC, LEAVING = "live", "resync", "leaving"
NOTHING_TO_VERIFY = "-1"

TO_SEND = "state IN ('queued', 'sent')"


class LocalSyncStore:
    """Synchronisation as it stands on one laptop."""

    def __init__(self, store: LocalStore) -> None:
        self.photos = PhotoQueue(store)
        self._store = store
        self._db = store.db

    # who this laptop is

    def meta(self, name: str) -> str:
        """A value of synchronisation, "" when not set."""
        value = self._db.value("SELECT v FROM sync_meta WHERE k = ?", name)
        return "" if value is None else str(value)

    def enrol(self, answer: Enrolled, *, url: str, ca_pem: str) -> None:
        """Keep what the server said at enrolment; document numbers begin with the laptop's code from now on."""
        with self._store.transaction():
            self._put("device_id", answer.device)
            self._put("user_uid", answer.user.uid)
            self._put("token", answer.token)
            self._put("server_id", answer.server_id)
            self._put("server_url", url)
            self._put("ca_pem", ca_pem)
            self._forget("continuity")
            self._forget("step")
            self._store.put_setting(DEVICE_CODE, answer.device_code)

    def retry_author(self, uid: str) -> None:
        """The server knows this author now: what it put aside for want of him waits again."""
        with self._store.transaction():
            self._db.execute_sql(
                "UPDATE outbox SET state = 'queued', status = ''"
                " WHERE by_uid = ? AND state = 'attention' AND status = 'quarantined'",
                (uid,),
            )

    def move_to(self, url: str) -> None:
        """The server that this laptop belongs to answers at another address now."""
        with self._store.transaction():
            self._put("server_url", url)

    def server_id(self) -> str:
        """The server that this laptop is enrolled with."""
        return self.meta("server_id")

    def continuity(self) -> str | None:
        """The token to show next; None before the first hello."""
        return self.meta("continuity") or None

    def start_step(self, new_id: Callable[[], str]) -> str:
        """The id of the step about to be sent; kept until an answer arrives."""
        with self._store.transaction():
            step = self.meta("step") or new_id()
            self._put("step", step)
        return step

    # hello

    def hello(self, step: str) -> Hello:
        """Who we are and where we stand."""
        scopes = self._db.rows(
            "SELECT scope_id, seq, head_seen, chain_seen, sum FROM sync_scope WHERE state <> 'leaving'"
        )
        count, size, oldest = self._db.rows(
            f"SELECT count(*), coalesce(sum(length(sets_json)), 0), coalesce(min(at), '') FROM outbox WHERE {TO_SEND}"
        )[0]
        length, head = self._store.audit_log.head()
        return Hello(
            device=self.meta("device_id"),
            user=self.meta("user_uid"),
            continuity=self.continuity(),
            step=step,
            scopes={
                name: ScopeState(seq=seq, head=seen, chain=link, sum=total or "0")
                for name, seq, seen, link, total in scopes
            },
            queue=QueueState(n=count, bytes=size, oldest=oldest),
            audit=AuditHead(length=length, head=head),
        )

    def take_hello(self, answer: HelloAnswer) -> None:
        """Keep token, scopes and clock; after a break or a server put back, what was acknowledged is verified."""
        offered = {offer.id: offer for offer in answer.scopes}
        with self._store.transaction():
            self._take_token(answer.continuity)
            self._put("epoch", answer.epoch)
            self._put("last_seen_server_time", str(answer.clock))
            self._store.put_setting(DEVICE_CODE, answer.device_code)
            for offer in offered.values():
                self._db.execute_sql(
                    "INSERT INTO sync_scope (scope_id, mode, state) VALUES (?, ?, 'live') ON CONFLICT (scope_id)"
                    " DO UPDATE SET mode = excluded.mode,"
                    " state = CASE WHEN state = 'leaving' THEN 'live' ELSE state END",
                    (offer.id, offer.mode),
                )
            for (name,) in self._db.rows("SELECT scope_id FROM sync_scope"):
                if name not in offered:
                    self._leave(name)
            if answer.rollback:
                self._start_over()
            if answer.rollback or answer.standing != "ok":
                self._put("verify_after", "0")

    def _start_over(self) -> None:
        self._db.execute_sql(
            "UPDATE sync_scope SET seq = 0, head_seen = 0, chain_seen = '', sum = '0', gen = gen + 1, state = ?",
            (RESYNC,),
        )

    # verify

    def to_verify(self, limit: int) -> list[str]:
        """Acknowledged changes that the server has to confirm anew."""
        after = int(self.meta("verify_after") or NOTHING_TO_VERIFY)
        if after < 0:
            return []
        rows = self._db.rows(
            "SELECT change_id FROM outbox WHERE state = 'acked' AND n > ? ORDER BY n LIMIT ?", after, limit
        )
        return [name for (name,) in rows]

    def take_verified(self, answers: Mapping[str, tuple[str, int] | None]) -> None:
        """Changes that the server lost wait again, under the same id."""
        with self._store.transaction():
            last = 0
            for name, known in answers.items():
                row = self._db.rows("SELECT n FROM outbox WHERE change_id = ?", name)
                last = max(last, int(row[0][0])) if row else last
                if known is None:
                    self._requeue(name)
            self._put("verify_after", str(last))
            if not self.to_verify(1):
                self._put("verify_after", NOTHING_TO_VERIFY)

    def _requeue(self, change_id: str) -> None:
        self._db.execute_sql(
            "UPDATE outbox SET state = 'queued', status = '', result_version = 0, receipt_id = '',"
            " receipt_sha256 = '', receipt_at = '' WHERE change_id = ?",
            (change_id,),
        )
        self._db.execute_sql(
            "UPDATE blob SET state = 'local' WHERE state = 'stored' AND sha256 IN (SELECT l.sha256 FROM blob_link l"
            " JOIN outbox o ON o.uid = l.uid WHERE o.change_id = ?)",
            (change_id,),
        )

    # push

    def requeue_held(self) -> None:
        """Ask again about what waited on the server; the answer is the same receipt or a later decision."""
        with self._store.transaction():
            self._db.execute_sql("UPDATE outbox SET state = 'sent' WHERE state = 'held'")

    def waiting(self) -> int:
        """How many changes wait to be sent."""
        return int(self._db.value(f"SELECT count(*) FROM outbox WHERE {TO_SEND}"))

    def next_batch(self, count: int, size: int) -> list[Change]:
        """The oldest waiting changes, marked as handed over before anybody sees them."""
        query = f"SELECT * FROM outbox WHERE {TO_SEND} ORDER BY n LIMIT ?"
        with self._store.transaction():
            rows = _fitting(self._db.named_rows(query, count), size)
            for row in rows:
                self._db.execute_sql("UPDATE outbox SET state = 'sent', ever_sent = 1 WHERE n = ?", (row["n"],))
        return [change_of(row) for row in rows]

    def take_results(self, batch: Sequence[Change], results: Sequence[ChangeResult], continuity: str) -> BatchOutcome:
        """Store what became of a batch."""
        answered = {result.id: result for result in results}
        states: list[str] = []
        with self._store.transaction():
            self._take_token(continuity)
            for change in batch:
                result = answered.get(change.id)
                if result is not None:
                    states.append(self._take_result(change, result))
        return BatchOutcome(states.count("acked"), states.count("attention"), states.count("held"))

    def _take_result(self, change: Change, result: ChangeResult) -> str:
        receipt = result.receipt
        ours = receipt is not None and receipt.sha256 == change.sha256
        state = "attention"
        if ours and result.status in DONE:
            state = "acked"
        elif ours and result.status == HELD:
            state = "held"
        status = result.status if state != "attention" or result.status not in DONE | {HELD} else "failed"
        columns: dict[str, Any] = {
            "state": state,
            "status": status,
            "result_json": json.dumps({"conflicts": result.conflicts, "hold": result.hold}),
            "result_version": result.version,
            "errors_json": dump([_error_of(error) for error in result.errors]),
        }
        if receipt is not None and ours:
            columns |= {"receipt_id": receipt.id, "receipt_sha256": receipt.sha256, "receipt_at": receipt.at}
        sets = ", ".join(f"{name} = ?" for name in columns)
        self._db.execute_sql(f"UPDATE outbox SET {sets} WHERE change_id = ?", (*columns.values(), change.id))
        self._keep_conflicts(change, result)
        if change.kind in EDITABLE_KINDS and state == "acked" and result.status != "applied":
            self._rebuild(change.uid)
        return state

    def _keep_conflicts(self, change: Change, result: ChangeResult) -> None:
        """Our value that did not go in stays readable; the server's is in the record once it was downloaded."""
        for name in result.conflicts:
            field = name.rsplit(":", 1)[-1]
            old, new = change.sets.get(field, (None, None))
            self._db.execute_sql(
                "INSERT INTO conflict (id, uid, field, base, other, change_id, state, at)"
                " VALUES (?, ?, ?, ?, ?, ?, 'open', ?) ON CONFLICT (id) DO NOTHING",
                (name, change.uid, field, dump(old), dump(new), change.id, change.at),
            )

    # pull

    def behind(self, heads: Mapping[str, int]) -> list[str]:
        """Scopes with something new on the server: the province first, for units refer to its batches and staff."""
        rows = self._db.rows("SELECT scope_id, seq FROM sync_scope WHERE state <> 'leaving' ORDER BY scope_id")
        return [name for name, seq in rows if heads.get(name, 0) > int(seq)]

    def pull(self, scope: str, max_bytes: int) -> Pull:
        """The next request for a scope."""
        seq, head, link, _total, _gen = self._scope(scope)
        return Pull(scope=scope, seq=seq, head=head, chain=link, max_bytes=max_bytes)

    def take_page(self, scope: str, page: PullAnswer) -> int:
        """Rows and cursor in one transaction. Where the sum differs at the end, the scope is downloaded anew."""
        with self._store.transaction():
            _seq, head, _link, total, gen = self._scope(scope)
            taken = 0
            for row in page.rows:
                total = self._take_row(scope, row, total, gen)
                taken += 1
            state = LIVE
            seq = page.seq
            if not page.more and str(total) != page.sum:
                seq, total, gen, state = 0, 0, gen + 1, RESYNC
            self._db.execute_sql(
                "UPDATE sync_scope SET seq = ?, head_seen = ?, chain_seen = ?, sum = ?, gen = ?, state = ?"
                " WHERE scope_id = ?",
                (seq, page.head, page.chain if page.head >= head else "", str(total), gen, state, scope),
            )
        return taken

    def _take_row(self, scope: str, row: Row, total: int, gen: int) -> int:
        before = self._version(row.uid, scope, gen)
        if row.st == "exit":
            remove_remote(self._store, row.uid)
            return chain.replaced(total, row.uid, before, 0)
        put_remote(self._store, row.uid, row.k, scope, row.v, row.body, row.sha, row.by, gen=gen)
        return chain.replaced(total, row.uid, before, row.v)

    def _version(self, uid: str, scope: str, gen: int) -> int:
        """The version that is in the scope's sum already: downloaded in this generation of the scope."""
        value = self._db.value(
            "SELECT version FROM sync_base WHERE uid = ? AND scope_id = ? AND gen = ?"
            " UNION ALL SELECT version FROM unknown_record WHERE uid = ? AND scope_id = ?",
            uid,
            scope,
            gen,
            uid,
            scope,
        )
        return int(value or 0)

    def lose_scope(self, scope: str) -> None:
        """The scope is not downloaded any more; what is here stays until it is taken off in good order."""
        with self._store.transaction():
            self._leave(scope)

    def _leave(self, scope: str) -> None:
        self._db.execute_sql("UPDATE sync_scope SET state = ? WHERE scope_id = ?", (LEAVING, scope))

    # runs

    def add_run(self, run: SyncRun) -> None:
        """Remember a run."""
        with self._store.transaction():
            row = {name: getattr(run, name) for name in SyncRun.__slots__ if name != "exit_code"}
            self._db.insert_row("sync_run", row)

    def _scope(self, scope: str) -> tuple[int, int, str, int, int]:
        rows = self._db.rows("SELECT seq, head_seen, chain_seen, sum, gen FROM sync_scope WHERE scope_id = ?", scope)
        if not rows:
            raise BugError(f"scope {scope} was never offered")
        seq, head, link, total, gen = rows[0]
        return int(seq), int(head), str(link), int(total or 0), int(gen)

    def _rebuild(self, uid: str) -> None:
        author = self._db.value("SELECT author FROM sync_base WHERE uid = ?", uid)
        rebuild_record(self._store, uid, by=str(author or ""))

    def _take_token(self, token: str) -> None:
        """An answer arrived: the next request shows its token and is a new step."""
        self._put("continuity", token)
        self._forget("step")

    def _put(self, name: str, value: str) -> None:
        self._db.execute_sql(
            "INSERT INTO sync_meta (k, v) VALUES (?, ?) ON CONFLICT (k) DO UPDATE SET v = excluded.v", (name, value)
        )

    def _forget(self, name: str) -> None:
        self._db.execute_sql("DELETE FROM sync_meta WHERE k = ?", (name,))


def _fitting(rows: list[dict[str, Any]], size: int) -> list[StoredRow]:
    """The first rows that fit into so many bytes, at least one."""
    taken: list[StoredRow] = []
    used = 0
    for row in rows:
        used += len(row["sets_json"].encode()) + ENVELOPE_BYTES
        if taken and used > size:
            break
        taken.append(row)
    return taken


def _error_of(error: Any) -> dict[str, Any]:
    return {
        "field": error.field,
        "code": error.code,
        "message": error.message,
        "row": error.row,
        "column": error.column,
    }
