"""Which photos of this laptop still have to travel, and how far each one is.

A photo is `local` until the server has a piece of it, then `sending`, then `stored`; `refused` is one that the server
will not have, `remote` one that the server has and this laptop has not. Records always go before their photos.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kube_field.storage.courier_files import NEXT_FILE
from kube_field.storage.sync_room import SyncRoom
from kube_field.wire.messages import BlobStart, BlobState

KNOWN_THERE = """
SELECT l.uid FROM blob_link l WHERE l.sha256 = b.sha256 AND (
  EXISTS (SELECT 1 FROM outbox o WHERE o.uid = l.uid AND o.state = 'acked')
  OR EXISTS (SELECT 1 FROM sync_base s WHERE s.uid = l.uid))
"""
"""Records that name a photo and that the server has."""
OF_GONE = "SELECT o.uid FROM outbox_whole o WHERE o.state = 'acked' AND instr(o.sets_json, b.sha256) > 0"
"""Our own record that named it and left this laptop since: the server may have lost what we hold last."""
NAMED_BY = f"""
CASE WHEN EXISTS (SELECT 1 FROM blob_link l WHERE l.sha256 = b.sha256) THEN ({KNOWN_THERE} LIMIT 1)
  ELSE ({OF_GONE} LIMIT 1) END
"""
WAITING = f"b.state IN ('local', 'sending') AND {NAMED_BY} IS NOT NULL"
RECENT = """
SELECT b.sha256, b.size FROM blob b JOIN blob_link l ON l.sha256 = b.sha256 JOIN fact f ON f.uid = l.uid
WHERE b.state = 'remote' AND f.kind = 'visit' AND f.occurred_on >= ?
GROUP BY b.sha256 ORDER BY max(f.occurred_on) DESC, b.sha256 LIMIT ?
"""
OF_RECORD = """
SELECT b.sha256, b.size FROM blob b JOIN blob_link l ON l.sha256 = b.sha256
WHERE b.state = 'remote' AND l.uid = ? ORDER BY b.rowid LIMIT ?
"""
SPARE = """
SELECT b.sha256, b.size FROM blob b
WHERE b.state = 'stored' AND b.stored_at <> '' AND b.stored_at < ?
  AND NOT EXISTS (SELECT 1 FROM blob_link l JOIN outbox o ON o.uid = l.uid
                  WHERE l.sha256 = b.sha256 AND o.state <> 'acked')
  AND NOT EXISTS (SELECT 1 FROM blob_link l JOIN fact f ON f.uid = l.uid, json_each(f.attachments) a
                  WHERE l.sha256 = b.sha256 AND json_extract(a.value, '$.sha256') = b.sha256
                    AND json_extract(a.value, '$.question') LIKE 'signature%')
ORDER BY b.rowid
"""
"""Copies that may go where no draft names them; not those of unsent work, nor thumbprints."""
PHOTO_NAME = re.compile(r"[0-9a-f]{64}")
ARRIVES = "SELECT 1 FROM blob WHERE sha256 = ? AND state IN ('local', 'sending', 'refused') AND from_file <= ?"
ORPHANS = """
SELECT b.sha256 FROM blob b
WHERE b.state IN ('stored', 'remote') AND NOT EXISTS (SELECT 1 FROM blob_link l WHERE l.sha256 = b.sha256)
  AND NOT EXISTS (SELECT 1 FROM draft d WHERE instr(d.answers, b.sha256) > 0)
  AND NOT EXISTS (SELECT 1 FROM outbox_whole o WHERE instr(o.sets_json, b.sha256) > 0
                  AND (o.state <> 'acked' OR b.stored_at >= ?))
ORDER BY b.rowid
"""
"""Photos of records that left this laptop, which the server holds; our own stay a while, should it be put back."""


@dataclass(frozen=True, slots=True)
class PhotoState:
    """How far a photo of a record is; `reason` (Indonesian) says why it was refused."""

    sha256: str
    size: int
    state: str
    uploaded_bytes: int
    reason: str


class PhotoQueue(SyncRoom):
    """The photos of one laptop on their way; every method is one transaction. Implements `sync.ports.PhotoQueue`."""

    # up

    def next_upload(self, skipped: Sequence[str]) -> BlobStart | None:
        """The oldest photo that the server lacks although it has a record that names it."""
        rows = self._db.rows(
            f"SELECT b.sha256, b.size, b.mime, {NAMED_BY} FROM blob b WHERE {WAITING}"
            f" ORDER BY b.rowid LIMIT {len(skipped) + 1}"  # as a parameter it has SQLite plan anew each time
        )
        for name, size, mime, uid in rows:
            if name not in skipped:
                return BlobStart(sha256=name, size=size, mime=mime, uid=uid)
        return None

    def waiting(self) -> int:
        """How many photos of sent records wait."""
        return int(self._db.value(f"SELECT count(*) FROM blob b WHERE {WAITING}"))

    def take(self, answer: BlobState, at: str) -> None:
        """Keep what the server said about a photo that lies here; `at` is now."""
        with self._store.transaction():
            if answer.state == "done":
                self._db.execute_sql(
                    "UPDATE blob SET state = 'stored', uploaded_bytes = size, upload_id = '', reason = '',"
                    " stored_at = CASE WHEN stored_at = '' THEN ? ELSE stored_at END WHERE sha256 = ?",
                    (at, answer.sha256),
                )
            elif answer.state == "refused":
                self._refuse(answer.sha256, answer.message)
            else:
                self._db.execute_sql(
                    "UPDATE blob SET state = 'sending', uploaded_bytes = ?, upload_id = ? WHERE sha256 = ?",
                    (answer.offset, answer.upload, answer.sha256),
                )

    def take_arrived(self, names: Iterable[str], at: str, file: int) -> int:
        """A stick says that the server holds these: the answer to the courier file of this number; how many are news.

        It may be older than the server's last restore, so the next run online asks for all photos again. What was
        found missing, or is waited for again, since that file was given is passed over.
        """
        count = 0
        with self._store.transaction():
            for name in names:
                if self._db.value(ARRIVES, name, file):
                    self.take(BlobState(sha256=name, size=0, offset=0, state="done"), at)
                    count += 1
            self._put("verify_photos_after", "")
        return count

    def refuse(self, sha256: str, reason: str) -> None:
        """This photo will not travel; the others go on, and its record stays as it is."""
        with self._store.transaction():
            self._refuse(sha256, reason)

    def _refuse(self, sha256: str, reason: str) -> None:
        self._db.execute_sql(
            "UPDATE blob SET state = 'refused', uploaded_bytes = 0, upload_id = '', reason = ?,"
            f" from_file = {NEXT_FILE} WHERE sha256 = ?",
            (reason, sha256),
        )

    def send_again(self, names: Iterable[str], is_here: Callable[[str], bool]) -> int:
        """The server does not hold these photos (it was put back): those whose file is here wait again; how many."""
        here = [name for name in names if is_here(name)]
        count = 0
        if not here:
            return count
        with self._store.transaction():
            for name in here:
                count += self._db.execute_sql(
                    "UPDATE blob SET state = 'local', uploaded_bytes = 0, upload_id = '', stored_at = '', reason = '',"
                    f" from_file = {NEXT_FILE} WHERE sha256 = ? AND state IN ('stored', 'remote', 'refused')",
                    (name,),
                ).rowcount
        return count

    # down

    def next_recent(self, since: str, skipped: Sequence[str]) -> tuple[str, int] | None:
        """A photo (name, bytes) that is not here, of the newest visit since a day."""
        return self._first(self._db.rows(RECENT, since, len(skipped) + 1), skipped)

    def next_of(self, uid: str, skipped: Sequence[str]) -> tuple[str, int] | None:
        """A photo (name, bytes) of a record that is not here."""
        return self._first(self._db.rows(OF_RECORD, uid, len(skipped) + 1), skipped)

    def _first(self, rows: Iterable[tuple[str, int]], skipped: Sequence[str]) -> tuple[str, int] | None:
        return next(((name, int(size)) for name, size in rows if name not in skipped), None)

    def fetched(self, sha256: str, at: str) -> None:
        """It lies here too from now on."""
        with self._store.transaction():
            self._db.execute_sql(
                "UPDATE blob SET state = 'stored', uploaded_bytes = size, stored_at = ? WHERE sha256 = ?", (at, sha256)
            )

    # what the officer sees, and what may go

    def states(self, uid: str = "") -> list[PhotoState]:
        """The photos of a record, or all refused ones."""
        columns = "SELECT b.sha256, b.size, b.state, b.uploaded_bytes, b.reason FROM blob b"
        if uid:
            rows = self._db.rows(
                f"{columns} JOIN blob_link l ON l.sha256 = b.sha256 WHERE l.uid = ? ORDER BY b.rowid", uid
            )
        else:
            rows = self._db.rows(f"{columns} WHERE b.state = 'refused' ORDER BY b.rowid")
        return [PhotoState(*row) for row in rows]

    def to_purge(self, before: str) -> list[str]:
        """Photos that the server holds since before this instant and that no draft or waiting change here names."""
        return [name for name, _size in self._spare(before)]

    def spare(self, before: str) -> tuple[int, int]:
        """How many these are, and their bytes."""
        found = self._spare(before)
        return len(found), sum(size for _name, size in found)

    def _spare(self, before: str) -> list[tuple[str, int]]:
        in_drafts: set[str] = set()
        for (answers,) in self._db.rows("SELECT answers FROM draft"):
            in_drafts.update(PHOTO_NAME.findall(answers))
        return [(name, int(size)) for name, size in self._db.rows(SPARE, before) if name not in in_drafts]

    def room(self) -> tuple[int, int]:
        """How many photos lie here, and their bytes."""
        rows = self._db.rows("SELECT count(*), coalesce(sum(size), 0) FROM blob WHERE state <> 'remote'")
        ((count, size),) = rows
        return int(count), int(size)

    def orphans(self, before: str) -> list[str]:
        """Photos that the server holds and no record here names; our own only if it holds them since before then."""
        return [name for (name,) in self._db.rows(ORPHANS, before)]

    def forget(self, sha256: str) -> None:
        """Its file is gone with its record."""
        with self._store.transaction():
            self._db.execute_sql(
                "DELETE FROM blob WHERE sha256 = ? AND state IN ('stored', 'remote')"
                " AND sha256 NOT IN (SELECT sha256 FROM blob_link)",
                (sha256,),
            )

    def purged(self, sha256: str) -> None:
        """Its file is about to go; the row stays, so that it can be fetched again."""
        with self._store.transaction():
            self._db.execute_sql(
                "UPDATE blob SET state = 'remote', uploaded_bytes = 0 WHERE sha256 = ? AND state = 'stored'", (sha256,)
            )
