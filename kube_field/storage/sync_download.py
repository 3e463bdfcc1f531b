"""Taking over what is new: pages, the proof of the feed, and what is done when the sum of a scope differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kube_field.domain.records import EDITABLE_KINDS, Change
from kube_field.storage.projection import remove_remote
from kube_field.storage.sync_leaving import Leaving
from kube_field.storage.sync_page import bucket_sums, write_rows
from kube_field.storage.sync_room import DIFFERS, LEAVING, LIVE, RESYNC, ScopeRow
from kube_field.wire import chain
from kube_field.wire.messages import (
    DIGEST_BUCKETS,
    MAX_FETCH_UIDS,
    ChangeResult,
    Digest,
    DigestAnswer,
    Fed,
    Pull,
    PullAnswer,
    Row,
)

NEW = 1
"""The version of what was just made."""


class Downloading(Leaving):
    """Pull and digest."""

    def behind(self, heads: Mapping[str, int]) -> list[str]:
        """Scopes with something new on the server, or not yet as they should be.

        The province first, for units refer to its batches and staff.
        """
        rows = self._db.rows("SELECT scope_id, seq, state FROM sync_scope WHERE state <> ? ORDER BY scope_id", LEAVING)
        return [name for name, seq, state in rows if name in heads and (heads[name] > int(seq) or state != LIVE)]

    def scope_state(self, scope: str) -> str:
        """bootstrap, live, resync, differs (the sum is not the server's) or leaving; "" when it is gone."""
        return str(self._db.value("SELECT state FROM sync_scope WHERE scope_id = ?", scope) or "")

    def pull(self, scope: str, max_bytes: int) -> Pull:
        """The next request for a scope."""
        row = self._scope(scope)
        return Pull(scope=scope, seq=row.seq, head=row.head, chain=row.chain, max_bytes=max_bytes)

    def take_page(self, scope: str, page: PullAnswer, *, by_stick: bool = False) -> int:
        """Rows and cursor in one transaction; how many rows.

        The cursor never goes back: a page from before it is passed over, and a server that is behind it starts the
        scope over. After the last page the sum decides whether the scope is live. One that came `by_stick` may be older
        than what the server accepted since: by it nothing of our own is taken off.
        Raises: KubeFieldError with MASS_REMOVAL; then nothing of the page is stored.
        """
        with self._braked(), self._store.transaction():
            row = self._scope(scope)
            if page.head < row.seq:
                self._start_over("scope_id = ?", scope)
                return 0
            if page.seq < row.seq:
                return 0
            if self._db.value("SELECT 1 FROM snapshot WHERE scope_id = ?", scope):
                row = self._without_file(scope)
            written = write_rows(self._store, scope, row.gen, row.total, page.rows, of_before=by_stick)
            self._count_removed(written.removed)
            head, link = self._proof(row, page.head, page.chain)
            self._db.execute_sql(
                "UPDATE sync_scope SET seq = ?, head_seen = ?, chain_seen = ?, sum = ? WHERE scope_id = ?",
                (page.seq, head, link, str(written.total), scope),
            )
            if not page.more:
                self._finish(scope, page.sum, by_stick=by_stick)
        return len(page.rows)

    def _without_file(self, scope: str) -> ScopeRow:
        """A page came by stick while the file of the first download is here in part: what it stored counts no more."""
        if self._db.value("SELECT applied FROM snapshot WHERE scope_id = ?", scope):
            self._start_over("scope_id = ?", scope)
        self._drop_snapshot(scope)
        return self._scope(scope)

    def take_echo(self, batch: Sequence[Change], results: Sequence[ChangeResult], fed: Sequence[Fed]) -> list[str]:
        """Go on in the scopes where this batch is all the news, as if it had been downloaded; which these are."""
        applied = {result.id for result in results if result.status == "applied"}
        facts = [change for change in batch if change.id in applied and change.kind not in EDITABLE_KINDS]
        known: list[str] = []
        with self._store.transaction():
            for step in fed:
                ours = [change for change in facts if change.scope == step.scope]
                if self._is_all(step, ours):
                    rows = [_echo(change, step) for change in ours]
                    page = PullAnswer(
                        rows=rows, seq=step.head, head=step.head, chain=step.chain, sum=step.sum, more=False
                    )
                    self.take_page(step.scope, page)
                    known.append(step.scope)
        return known

    def _is_all(self, step: Fed, facts: Sequence[Change]) -> bool:
        """True when we stood where the batch began and these facts make up the whole of the server's sum and chain.

        By the sum alone a server that went back meanwhile, and got the same versions of other content, would pass.
        An area that was granted since the last hello is not ours to go on in yet.
        """
        if self.scope_state(step.scope) != LIVE:
            return False
        row = self._scope(step.scope)
        total, link = row.total, row.chain
        for seq, fact in enumerate(facts, step.before + 1):
            total += chain.weight(fact.uid, NEW)
            link = chain.link(link, step.scope, seq, fact.uid, NEW, fact.id)
        fits = (str(total % chain.SUM_MODULUS), link) == (step.sum, step.chain)
        return row.seq == row.head == step.before and fits

    def _finish(self, scope: str, server_sum: str, *, by_stick: bool) -> None:
        """The last page is here: take off what was not delivered again, compare sums."""
        row = self._scope(scope)
        if row.state == LEAVING:
            return
        self._remove_all(self._not_delivered(scope, row.gen))
        if row.state == RESYNC and not by_stick:
            # All that stands was delivered: what was accepted, but is not there, is elsewhere now.
            self._count_removed(self._purge_all_unbased(scope))
        fits = str(row.total) == server_sum
        if fits:
            self._forget(f"unmended {scope}")
        state = LIVE if fits else DIFFERS
        self._db.execute_sql("UPDATE sync_scope SET state = ? WHERE scope_id = ?", (state, scope))

    def _not_delivered(self, scope: str, gen: int) -> list[str]:
        rows = self._db.rows("SELECT uid FROM sync_base WHERE scope_id = ? AND gen <> ?", scope, gen)
        return [uid for (uid,) in rows]

    def _remove_all(self, uids: list[str]) -> None:
        self._count_removed(sum(remove_remote(self._store, uid) for uid in uids))

    # when the sum differs

    def digest(self, scope: str) -> Digest:
        """Our sums by part of the scope."""
        sums = bucket_sums(self._delivered(scope), DIGEST_BUCKETS)
        return Digest(scope=scope, sums=[str(value) for value in sums])

    def take_digest(self, scope: str, answer: DigestAnswer) -> list[str]:
        """Take off what the server does not have there; the uids of what differs or is missing, to be fetched.

        The sum is counted anew from what stands. Raises: KubeFieldError with MASS_REMOVAL.
        """
        theirs = {uid: version for records in answer.buckets.values() for uid, version in records}
        asked = {int(name) for name in answer.buckets}
        with self._braked(), self._store.transaction():
            ours = {uid: version for uid, version in self._delivered(scope) if chain.bucket(uid) in asked}
            self._remove_all([uid for uid in ours if uid not in theirs])
            self._count_sum(scope)
        return [uid for uid, version in theirs.items() if ours.get(uid) != version]

    def fetch(self, scope: str, uids: list[str], max_bytes: int) -> Pull:
        """The request for some records of a scope, at most 500, whatever the cursor."""
        row = self._scope(scope)
        wanted = uids[:MAX_FETCH_UIDS]
        return Pull(scope=scope, seq=row.seq, head=row.head, chain=row.chain, max_bytes=max_bytes, uids=wanted)

    def take_fetched(self, scope: str, page: PullAnswer) -> int:
        """Store records that were asked for by uid; the cursor stays. How many rows."""
        with self._braked(), self._store.transaction():
            row = self._scope(scope)
            written = write_rows(self._store, scope, row.gen, row.total, page.rows)
            self._count_removed(written.removed)
            head, link = self._proof(row, page.head, page.chain)
            self._db.execute_sql(
                "UPDATE sync_scope SET head_seen = ?, chain_seen = ? WHERE scope_id = ?", (head, link, scope)
            )
            self._count_sum(scope)
        return len(page.rows)

    def start_over(self, scope: str) -> bool:
        """Download the scope anew because nothing else helped; False when that did not help the last time either."""
        mark = f"unmended {scope}"
        with self._store.transaction():
            if self.meta(mark):
                return False
            self._put(mark, "1")
            self._start_over("scope_id = ?", scope)
        return True

    def _delivered(self, scope: str) -> list[tuple[str, int]]:
        gen = self._scope(scope).gen
        rows = self._db.rows("SELECT uid, version FROM sync_base WHERE scope_id = ? AND gen = ?", scope, gen)
        return [(uid, int(version)) for uid, version in rows]

    def _count_sum(self, scope: str) -> None:
        total = sum(chain.weight(uid, version) for uid, version in self._delivered(scope)) % chain.SUM_MODULUS
        self._db.execute_sql("UPDATE sync_scope SET sum = ? WHERE scope_id = ?", (str(total), scope))


def _echo(change: Change, step: Fed) -> Row:
    """A fact that we sent, as the server would send it back; where exactly it stands in the feed is of no matter."""
    body = {name: new for name, (_old, new) in change.sets.items()}
    return Row(uid=change.uid, seq=step.head, v=NEW, k=change.kind.value, by=change.by, sha=change.sha256, body=body)
