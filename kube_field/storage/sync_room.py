"""What every part of the laptop's synchronisation stands on: the open store, named values, the state of a scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kube_field.errors import BugError
from kube_field.storage.courier_files import NEXT_FILE
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

    def _metas(self) -> Mapping[str, str]:
        """All values of synchronisation that are set, for those who need many of them: one query is enough."""
        return {str(name): str(value) for name, value in self._db.rows("SELECT k, v FROM sync_meta")}

    def _put(self, name: str, value: str) -> None:
        self._put_all({name: value})

    def _put_all(self, values: Mapping[str, str]) -> None:
        marks = ", ".join(["(?, ?)"] * len(values))
        self._db.execute_sql(
            f"INSERT INTO sync_meta (k, v) VALUES {marks} ON CONFLICT (k) DO UPDATE SET v = excluded.v",
            tuple(part for pair in values.items() for part in pair),
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

    def _proof(self, row: ScopeRow, head: int, link: str) -> tuple[int, str]:
        """The newest head ever seen and the chain there (sync design 3.2, rule 4)."""
        return (head, link) if head >= row.head else (row.head, row.chain)

    def _start_over(self, where: str, *values: str) -> None:
        """Announced reset: cursor 0, no proof, a new generation; what is delivered again gets the new one.

        A scope that leaves goes on leaving; granted again before it was taken off, it is downloaded anew.
        """
        for (name,) in self._db.rows(f"SELECT scope_id FROM sync_scope WHERE {where}", *values):
            self._drop_snapshot(name)
        self._db.execute_sql(
            "UPDATE sync_scope SET seq = 0, head_seen = 0, chain_seen = '', sum = '0', gen = gen + 1,"
            f" state = CASE state WHEN ? THEN state ELSE ? END, from_file = {NEXT_FILE} WHERE {where}",
            (LEAVING, RESYNC, *values),
        )

    def _drop_snapshot(self, scope: str) -> None:
        for table in ("snapshot_piece", "snapshot"):
            self._db.execute_sql(f"DELETE FROM {table} WHERE scope_id = ?", (scope,))
