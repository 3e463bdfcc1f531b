"""The outbox on its way: what is verified, what is handed over next, what became of it, when it may be forgotten."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from kube_field.domain.records import EDITABLE_KINDS, Change
from kube_field.storage.conflicts import mark_settling_again
from kube_field.storage.courier_files import GIVEN_TO_VERIFY, NEXT_FILE
from kube_field.storage.erasure import tidy_after_erasure
from kube_field.storage.outbox_bulk import mark_sent, settle_all
from kube_field.storage.outbox_results import ACKED, ATTENTION, requeue, settle_anew
from kube_field.storage.rows import change_of
from kube_field.storage.sync_identity import WAITING, instant_of
from kube_field.storage.sync_room import SyncRoom
from kube_field.wire.messages import DONE, ChangeResult, Have, HaveAnswer
from kube_field.wire.outcome import BatchOutcome

ENVELOPE_BYTES = 400
"""What a change weighs on the wire besides its fields."""
NOTHING_TO_VERIFY = "-1"
KEPT_DAYS, TOLD_DAYS = 400, 30
"""Acknowledged changes stay so long: it makes a server put back from a backup harmless (sync design 3.2, rule 5)."""
OLDEST = f"""
SELECT n, size, kind FROM outbox
WHERE n IN (SELECT n FROM outbox WHERE {WAITING} ORDER BY n LIMIT ?) ORDER BY n
"""
"""The inner query needs nothing but an index, however many wait."""
WHOLE = "SELECT * FROM outbox_whole WHERE n IN (SELECT value FROM json_each(?)) ORDER BY n"
ANSWERED = "state IN ('acked', 'held', 'attention') AND status <> 'erased'"
"""A change whose content was erased is never sent again, whatever the server remembers of it."""
FORGET = """
DELETE FROM outbox WHERE state = 'acked' AND receipt_id <> '' AND receipt_at <> '' AND receipt_at < ?
  AND uid NOT IN (SELECT l.uid FROM blob_link l JOIN blob b ON b.sha256 = l.sha256
                  WHERE b.state IN ('local', 'sending'))
"""
FORGET_ERASED = "DELETE FROM outbox WHERE state = 'attention' AND status = 'erased' AND receipt_at < ?"
"""What was refused because somebody was erased is told for a month."""
LOST_PHOTO = f"""
UPDATE blob SET state = 'local', uploaded_bytes = 0, upload_id = '', stored_at = '', from_file = {NEXT_FILE}
WHERE state = 'stored' AND sha256 IN (SELECT value FROM json_each(?))
"""


class Sending(SyncRoom):
    """Verify and push."""

    def to_verify(self, limit: int) -> Have | None:
        """Answered changes, oldest first, and stored photos that the server has to confirm anew; None without any.

        Photos that came from others count too: whoever holds one still may be the last to do so.
        """
        after = int(self.meta("verify_after") or NOTHING_TO_VERIFY)
        changes = (
            self._names(f"SELECT change_id FROM outbox WHERE {ANSWERED} AND n > ? ORDER BY n LIMIT {limit}", after)
            if after >= 0
            else []
        )
        photos = self._names(
            "SELECT sha256 FROM blob WHERE state = 'stored'"
            f" AND sha256 > (SELECT v FROM sync_meta WHERE k = 'verify_photos_after') ORDER BY sha256 LIMIT {limit}"
        )
        return Have(ids=changes, photos=photos) if changes or photos else None

    def _names(self, query: str, *values: object) -> list[str]:
        return [str(name) for (name,) in self._db.rows(query, *values)]

    def take_verified(self, asked: Have, answer: HaveAnswer) -> None:
        """What the server lost, or remembers otherwise than we do, waits again under the same id."""
        with self._store.transaction():
            if asked.ids:
                self._put("verify_after", str(self._take_verified_changes(asked.ids, answer.st)))
            self._db.execute_sql(LOST_PHOTO, (json.dumps(answer.missing),))
            if asked.photos:
                self._put("verify_photos_after", asked.photos[-1])
            if self.to_verify(1) is None:
                self._forget("verify_after")
                self._forget("verify_photos_after")
        self._store.journal.keep_up()  # what the server lost needs its second copy again

    def take_found(self, answer: HaveAnswer) -> int:
        """What the server said by courier of what it should have, like `take_verified`; how many it lost.

        What both have not accepted is left to `take_set_aside`.
        """
        with self._store.transaction():
            asked = self._found(answer, aside=False)
            self._take_verified_changes(asked, answer.st)
            self._db.execute_sql(LOST_PHOTO, (json.dumps(answer.missing),))
        return sum(answer.st[name] is None for name in asked)

    def take_set_aside(self, answer: HaveAnswer) -> None:
        """The rest of it, once the pages that came with it were taken: they may bring the decision itself."""
        with self._store.transaction():
            self._take_verified_changes(self._found(answer, aside=True), answer.st)

    def _found(self, answer: HaveAnswer, *, aside: bool) -> list[str]:
        """The changes of an answer that were given to be verified: those that neither side accepted, or the others."""
        aside_there = [name for name, known in answer.st.items() if known is not None and known[0] not in DONE]
        query = (
            f"SELECT change_id FROM outbox WHERE {GIVEN_TO_VERIFY} AND change_id IN (SELECT value FROM json_each(?))"
            " AND (state = 'attention' AND change_id IN (SELECT value FROM json_each(?))) = ?"
        )
        return self._names(query, json.dumps(list(answer.st)), json.dumps(aside_there), aside)

    def _take_verified_changes(self, asked: Sequence[str], answers: Mapping[str, tuple[str, int] | None]) -> int:
        """The number of the last change that was asked for."""
        last = 0
        for name in asked:
            known = answers.get(name)
            for n, state, status in self._db.rows("SELECT n, state, status FROM outbox WHERE change_id = ?", name):
                last = max(last, int(n))
                if known is None or _is_otherwise(known[0], state, status):
                    requeue(self._store, name)
                elif state == ACKED:
                    settle_anew(self._store, name, *known)
        return last

    def retry_author(self, uid: str) -> None:
        """The server knows this author now: what it put aside for want of him waits again."""
        put_aside = "by_uid = ? AND state = 'attention' AND status = 'quarantined'"
        with self._store.transaction():
            names = self._names(f"SELECT change_id FROM outbox WHERE {put_aside}", uid)
            self._db.execute_sql(
                f"UPDATE outbox SET state = 'queued', status = '', from_file = {NEXT_FILE} WHERE {put_aside}", (uid,)
            )
            mark_settling_again(self._db, names)

    def waiting(self) -> int:
        """How many changes wait to be sent."""
        return int(self._db.value(f"SELECT count(*) FROM outbox WHERE {WAITING}"))

    def next_batch(self, count: int, size: int, *, edits: int | None = None) -> list[Change]:
        """The oldest waiting changes, marked as handed over before anybody sees them.

        At most `count` changes and `size` bytes; at most `edits` of them need merging, the others are new facts.
        """
        with self._store.transaction():
            rows = _fitting(self._db.rows(OLDEST, count), size, count if edits is None else edits)
            mark_sent(self._store, rows)
            return [change_of(row) for row in self._db.named_rows(WHOLE, json.dumps(rows))]

    def take_results(
        self, batch: Sequence[Change], results: Sequence[ChangeResult], continuity: str | None
    ) -> BatchOutcome:
        """Store what became of a batch; results that came by courier bring no token.

        A stick may be older than the server's last restore, so the next run online asks for these changes again.
        """
        answered = {result.id: result for result in results}
        with self._store.transaction():
            if continuity is not None:
                self._take_token(continuity)
            states = settle_all(self._store, batch, answered)
            if continuity is None:
                self._verify_again(batch)
        return BatchOutcome(states.count(ACKED), states.count(ATTENTION), states.count("held"))

    def _verify_again(self, batch: Sequence[Change]) -> None:
        named = json.dumps([change.id for change in batch])
        query = f"SELECT min(n) FROM outbox WHERE {ANSWERED} AND change_id IN (SELECT value FROM json_each(?))"
        first = self._db.value(query, named)
        if first is not None:
            standing = int(self.meta("verify_after") or NOTHING_TO_VERIFY)
            self._put("verify_after", str(int(first) - 1 if standing < 0 else min(standing, int(first) - 1)))

    def undecided(self) -> bool:
        """True while the server has changes of ours that it has not decided for good."""
        return bool(self._db.value("SELECT 1 FROM outbox WHERE state IN ('held', 'attention') LIMIT 1"))

    def forget_old(self) -> None:
        """Forget changes that were acknowledged 400 days ago by the server's clock; by age only, never by number."""
        seen = int(self.meta("last_seen_server_time") or 0)
        if seen:
            limit = datetime.fromtimestamp(seen / 1000, UTC) - timedelta(days=KEPT_DAYS)
            with self._store.transaction():
                self._db.execute_sql(FORGET, (limit.isoformat(timespec="milliseconds").replace("+00:00", "Z"),))
                self._forget_erased(seen)
        self.tidy_erased()

    def tidy_erased(self) -> None:
        """After an erasure: nothing of it stays in index, journal or copies."""
        tidy_after_erasure(self._store)

    def _forget_erased(self, seen: int) -> None:
        """The month begins when it was told first, by the server's clock."""
        unnoted = "UPDATE outbox SET receipt_at = ? WHERE state = 'attention' AND status = 'erased' AND receipt_at = ''"
        self._db.execute_sql(unnoted, (instant_of(seen),))
        self._db.execute_sql(FORGET_ERASED, (instant_of(seen - TOLD_DAYS * 24 * 3600 * 1000),))


def _fitting(rows: Sequence[tuple[int, int, str]], size: int, edits: int) -> list[int]:
    """Numbers of the first changes that fit into so many bytes and hold so few edits, at least one."""
    taken: list[int] = []
    used = merging = 0
    for number, content, kind in rows:
        used += content + ENVELOPE_BYTES
        merging += kind in EDITABLE_KINDS
        if taken and (used > size or merging > edits):
            break
        taken.append(number)
    return taken


def _is_otherwise(told: str, state: str, status: str) -> bool:
    """True where a change is asked for again, for the server has something else of it than we do.

    What failed there is tried again there, by the yes of a supervisor if it had one: sent again it would lose that.
    """
    return told not in DONE if state == ACKED else told not in (status, "failed")
