"""The head of a scope's feed: how far it is, its chain and its sum.

Heads are locked last of all, in the order of the scopes, each once (sync design 5): so their order is that of the
commits, and nobody who holds one waits for anything else.
"""

from __future__ import annotations

from dataclasses import dataclass

from kube_field.server.storage.database import ServerDatabase
from kube_field.wire import chain

START = "INSERT INTO scope_head (scope, head, chain, sum) VALUES (?, 0, ?, '0') ON CONFLICT DO NOTHING"


@dataclass(slots=True)
class Head:
    """Where a scope stands; until the transaction ends nobody else appends to it."""

    scope: str
    seq: int
    chain: str
    sum: int

    def append(self, uid: str, version: int, change_id: str) -> None:
        """One more row of the feed."""
        self.seq += 1
        self.chain = chain.link(self.chain, self.scope, self.seq, uid, version, change_id)

    def replace(self, uid: str, old_version: int, new_version: int) -> None:
        """A record stands in another version; 0 for not at all."""
        self.sum = chain.replaced(self.sum, uid, old_version, new_version)


def lock_head(database: ServerDatabase, scope: str) -> Head:
    """The head of a scope, which begins with this if nothing was in it."""
    database.tell(START, scope, chain.GENESIS)
    query = f"SELECT head, chain, sum FROM scope_head WHERE scope = ?{database.locking}"
    seq, tail, total = database.rows(query, scope)[0]
    return Head(scope, int(seq), str(tail), int(total))


def keep_head(database: ServerDatabase, head: Head) -> None:
    """Remember where a scope stands now."""
    update = "UPDATE scope_head SET head = ?, chain = ?, sum = ? WHERE scope = ?"
    database.tell(update, head.seq, head.chain, str(head.sum), head.scope)
