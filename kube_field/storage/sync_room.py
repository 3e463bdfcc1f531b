"""What every part of the laptop's synchronisation stands on: the open store, named values, the state of a scope."""

from __future__ import annotations

from dataclasses import dataclass

from kube_field.errors import BugError
from kube_field.storage.store import LocalStore

BOOTSTRAP, LIVE, RESYNC, DIFFERS, LEAVING = "bootstrap", "live", "resync", "differs", "leaving"
"""First download not complete; up to date; downloaded anew; sum differs from the server's; not granted any more."""


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """How far a scope has been downloaded; `head` and `chain` are the proof at the newest head ever seen."""

    seq: int
    head: int
    chain: str
    total: int
    gen: int
    state: str


class SyncRoom:
    """Base of the parts of `LocalSyncStore`."""

    def __init__(self, store: LocalStore) -> None:
        self._store = store
        self._db = store.db

    def meta(self, name: str) -> str:
        """A value of synchronisation, "" when not set."""
        value = self._db.value("SELECT v FROM sync_meta WHERE k = ?", name)
        return "" if value is None else str(value)

    def _put(self, name: str, value: str) -> None:
        self._db.execute_sql(
            "INSERT INTO sync_meta (k, v) VALUES (?, ?) ON CONFLICT (k) DO UPDATE SET v = excluded.v", (name, value)
        )

    def _forget(self, name: str) -> None:
        self._db.execute_sql("DELETE FROM sync_meta WHERE k = ?", (name,))

    def _take_token(self, token: str) -> None:
        """An answer arrived: the next request shows its token and is a new step."""
        self._put("continuity", token)
        self._forget("step")

    def _scope(self, scope: str) -> ScopeRow:
        rows = self._db.rows(
            "SELECT seq, head_seen, chain_seen, sum, gen, state FROM sync_scope WHERE scope_id = ?", scope
        )
        if not rows:
            raise BugError(f"scope {scope} was never offered")
        seq, head, link, total, gen, state = rows[0]
        return ScopeRow(int(seq), int(head), str(link), int(total or 0), int(gen), str(state))

    def _start_over(self, where: str, *values: str) -> None:
        """Announced reset: cursor 0, no proof, a new generation; what is delivered again gets the new one."""
        named = f"scope_id IN (SELECT scope_id FROM sync_scope WHERE {where})"
        for table in ("snapshot_piece", "snapshot"):
            self._db.execute_sql(f"DELETE FROM {table} WHERE {named}", values)
        self._db.execute_sql(
            "UPDATE sync_scope SET seq = 0, head_seen = 0, chain_seen = '', sum = '0', gen = gen + 1, state = ?"
            f" WHERE {where}",
            (RESYNC, *values),
        )
