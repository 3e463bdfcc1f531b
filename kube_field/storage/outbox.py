"""Changes that wait to be sent, photos that wait with them, and what is told about both."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from gettext import gettext as _
from typing import Any

from kube_field.domain.conflict_views import ConflictRow, JoinedEdit
from kube_field.domain.double_views import DuplicateRow, MergeRow
from kube_field.domain.records import EDITABLE_KINDS, Change, RecordKind
from kube_field.domain.sync_views import PillState, SyncRun
from kube_field.domain.views import HandedOver, QueueRow
from kube_field.errors import Failure, KubeFieldError
from kube_field.sqlite.driver import Database
from kube_field.storage.conflicts import conflict_rows, mark_settling, mark_settling_again
from kube_field.storage.courier_files import NEXT_FILE
from kube_field.storage.duplicates import merge_rows, open_duplicate_rows, standing_uid
from kube_field.storage.handed_over import handed_over_in
from kube_field.storage.joined_edits import edited_later_by, joined_edits
from kube_field.storage.places_seen import place_seen, version_seen
from kube_field.storage.rows import change_of, change_row, dump
from kube_field.storage.unsolved import all_sent_at, unsolved_run
from kube_field.wire.fact_shape import LARGEST_PHOTO

NOT_DOWNLOADED = "b.version IS NULL OR o.result_version > b.version"
"""An acknowledged edit stays on top until the version with it has been downloaded (sync design 3.2, rule 6)."""

PENDING = f"""
SELECT o.* FROM outbox_whole o LEFT JOIN sync_base b ON b.uid = o.uid
WHERE o.uid = ? AND (o.state <> 'acked' OR (o.result_version > 0 AND ({NOT_DOWNLOADED}))) ORDER BY o.n
"""

IS_VERIFYING = "EXISTS (SELECT 1 FROM sync_meta WHERE k = 'verify_after')"
"""The server may have been put back, and forgotten what it had set aside."""
LAST_WRITTEN = "SELECT change_id FROM outbox WHERE uid = ? ORDER BY n DESC LIMIT 1"

ROWS = """
SELECT o.change_id, o.uid, o.kind, coalesce(w.full_name, a.title, ''), coalesce(s.title, st.full_name, ''),
  o.at, o.size,
  CASE o.state WHEN 'attention' THEN coalesce(nullif(o.status, ''), 'failed') WHEN 'acked' THEN 'photos'
    ELSE o.state END,
  o.errors_json, coalesce(f.full_name, ''),
  (SELECT count(*) FROM blob_link l JOIN blob b ON b.sha256 = l.sha256 WHERE l.uid = o.uid
    AND b.state IN ('stored', 'remote')),
  (SELECT count(*) FROM blob_link l WHERE l.uid = o.uid),
  (SELECT coalesce(max(b.reason), '') FROM blob_link l JOIN blob b ON b.sha256 = l.sha256
    WHERE l.uid = o.uid AND b.state = 'refused')
FROM outbox o
LEFT JOIN search_entry s ON s.uid = o.uid
LEFT JOIN staff st ON st.uid = o.uid
LEFT JOIN fact t ON t.uid = o.uid
LEFT JOIN membership m ON m.uid = o.uid
LEFT JOIN search_entry a ON a.uid = t.subject_uid
LEFT JOIN person w ON w.uid = coalesce(nullif(t.person_uid, ''), m.person_id)
LEFT JOIN staff f ON f.uid = o.by_uid
WHERE o.state <> 'acked' OR (o.created = 1 AND o.uid IN (
  SELECT l.uid FROM blob b JOIN blob_link l ON l.sha256 = b.sha256 WHERE b.state IN ('local', 'sending', 'refused')))
ORDER BY o.n LIMIT 2000
"""
"""What has no receipt, and what has one while its photos are not there.

Of a fact also whom it is about: the participant, else the record it hangs on; of a membership the member."""

PILL = """
SELECT count(CASE WHEN state <> 'attention' THEN 1 END),
  count(CASE WHEN state = 'attention' AND status <> 'erased' THEN 1 END),
  coalesce(min(CASE WHEN state <> 'attention' THEN at END), '')
FROM outbox WHERE state <> 'acked' OR receipt_sha256 <> sha256
"""
"""Acknowledged is only what has a receipt for exactly this content (pains P1)."""

PILL_PHOTOS = f"""
SELECT count(DISTINCT b.sha256), count(DISTINCT CASE WHEN b.state = 'refused' THEN b.sha256 END),
  coalesce(min(CASE WHEN b.state <> 'refused' THEN o.at END), '')
FROM blob b LEFT JOIN blob_link l ON l.sha256 = b.sha256 LEFT JOIN outbox o ON o.uid = l.uid
  AND (o.kind NOT IN ({", ".join(f"'{kind.value}'" for kind in sorted(EDITABLE_KINDS))})
    OR EXISTS (SELECT 1 FROM outbox_content c WHERE c.n = o.n AND instr(c.sets_json, b.sha256) > 0))
WHERE b.state IN ('local', 'sending', 'refused') AND (b.state <> 'refused' OR l.uid IS NOT NULL)
"""
"""A photo is as old as the change that brought it; a document has only one.

A refused one counts as long as a record here shows it: afterwards nobody can do anything about it."""

BY_AUTHOR = """
SELECT by_uid, count(*) FROM outbox WHERE state IN ('queued', 'sent', 'held') GROUP BY by_uid
"""

WAITING_ALL = "change_id IN (SELECT value FROM json_each(?)) AND ever_sent = 0"
HANGS_ON = """
WITH gone AS (SELECT value AS uid FROM json_each(?1))
SELECT 1 FROM outbox o, json_each(o.deps_json) d WHERE d.value IN (SELECT uid FROM gone)
UNION SELECT 1 FROM draft WHERE subject_uid IN (SELECT uid FROM gone) OR record_uid IN (SELECT uid FROM gone) LIMIT 1
"""
"""Whatever names a record that was never sent waits for it; a form about it may be open."""


class QueueRepository:
    """The outbox as use cases and pages see it."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._heard_ms: int | None = None

    def rows(self) -> list[QueueRow]:
        """What has no receipt yet, oldest first, at most 2000."""
        return [
            QueueRow(
                change_id=change_id,
                uid=uid,
                kind=RecordKind(kind),
                title=" · ".join(part for part in (about, title) if part),
                at=at,
                size=size,
                state=state,
                reason=_first_error(errors)[1] or refused,
                field=_first_error(errors)[0],
                author=author,
                photos_there=there,
                photos_expected=expected,
            )
            for change_id, uid, kind, about, title, at, size, state, errors, author, there, expected, refused in (
                self._db.rows(ROWS)
            )
        ]

    def runs(self, limit: int = 50) -> list[SyncRun]:
        """The last runs, newest first."""
        rows = self._db.named_rows("SELECT * FROM sync_run ORDER BY id DESC LIMIT ?", limit)
        return [SyncRun(**row) for row in rows]

    def run(self, number: int) -> SyncRun | None:
        """One run, None when it is not in the history."""
        rows = self._db.named_rows("SELECT * FROM sync_run WHERE id = ?", number)
        return SyncRun(**rows[0]) if rows else None

    def handed_over(self, run: int) -> list[HandedOver]:
        """What the server took in a run, in the order in which it was written."""
        return handed_over_in(self._db, run)

    def server_heard_at(self) -> datetime | None:
        """The server's clock when it was heard of last; None before that. Read from the file once, for the window."""
        if self._heard_ms is None:
            self._heard_ms = int(self._db.value("SELECT v FROM sync_meta WHERE k = 'last_seen_server_time'") or 0)
        return datetime.fromtimestamp(self._heard_ms / 1000, UTC) if self._heard_ms else None

    def hear_server(self, clock_ms: int) -> None:
        """The server told its clock; `sync_identity` has stored it."""
        self._heard_ms = clock_ms

    def ask_again(self, change_ids: Sequence[str]) -> None:
        """Send refused changes, and refused photos of their records, once more."""
        with self._db.immediate():
            for name in change_ids:
                self._db.execute_sql(
                    f"UPDATE outbox SET state = 'queued', status = '', from_file = {NEXT_FILE},"
                    f" ever_kept = ever_kept OR (receipt_id <> '' AND {IS_VERIFYING})"
                    " WHERE change_id = ? AND state = 'attention' AND status <> 'erased'",
                    (name,),
                )
                self._db.execute_sql(
                    f"UPDATE blob SET state = 'local', reason = '', from_file = {NEXT_FILE} WHERE state = 'refused'"
                    " AND sha256 IN"
                    " (SELECT l.sha256 FROM blob_link l JOIN outbox o ON o.uid = l.uid WHERE o.change_id = ?)",
                    (name,),
                )
            mark_settling_again(self._db, change_ids)

    def joined_edits(self, uid: str) -> list[JoinedEdit]:
        """Edits of a record that went in beside one of somebody else, the oldest first."""
        return joined_edits(self._db, uid)

    def edited_later_by(self, uid: str) -> str | None:
        """Who edited a record after the edits of this laptop, "" where the name is not known; None when nobody did."""
        return edited_later_by(self._db, uid)

    def conflicts(self, uid: str = "", *, only_open: bool = False) -> list[ConflictRow]:
        """Fields that two people changed differently, of one record or of all, oldest first."""
        return conflict_rows(self._db, uid, only_open=only_open)

    def duplicates(self) -> list[DuplicateRow]:
        """Records that the server holds for possible doubles and nobody decided about."""
        return open_duplicate_rows(self._db)

    def merges(self) -> list[MergeRow]:
        """Merges that stand, the newest first."""
        return merge_rows(self._db)

    def standing_uid(self, uid: str) -> str:
        """The record that stands for this one: itself, or the one that it was merged into."""
        return standing_uid(self._db, uid)

    def pill(self, now: str = "") -> PillState:
        """The pill's numbers; `now` (UTC ISO text) gives the age of the oldest unsent change."""
        unsent, failed, oldest = self._db.rows(PILL)[0]
        photos, refused, oldest_photo = self._db.rows(PILL_PHOTOS)[0]
        return PillState(
            unsent=unsent,
            failed=failed,
            photos_unsent=photos,
            oldest_days=max(_days(oldest, now), _days(oldest_photo, now)),
            last_good_at=all_sent_at(self._db),
            sent=self._db.value("SELECT count(*) FROM outbox WHERE state = 'acked'"),
            unread=self._db.value("SELECT count(*) FROM unknown_record"),
            enrolled=bool(self._db.value("SELECT v FROM sync_meta WHERE k = 'device_id'")),
            photos_refused=refused,
            unsolved=unsolved_run(self._db),
        )

    def unsent_by_author(self) -> dict[str, int]:
        """How many changes wait, by the uid of who wrote them; together the pill's number."""
        return {str(uid): int(count) for uid, count in self._db.rows(BY_AUTHOR)}

    def was_handed_over(self, uid: str) -> bool:
        """True when any change of this record was given to a transport, or the record came from the server."""
        return bool(
            self._db.value(
                "SELECT 1 FROM outbox WHERE uid = ? AND ever_sent = 1 UNION SELECT 1 FROM sync_base WHERE uid = ?",
                uid,
                uid,
            )
        )

    def pending_sets(self, uid: str) -> list[Change]:
        """Changes that are not yet part of what was downloaded, oldest first.

        A field that a later change set anew, which was accepted, is left out of an earlier one: the officer has
        corrected it, also where the server took the earlier one only afterwards.
        """
        rows = self._db.named_rows(PENDING, uid)
        if not rows:
            return []
        accepted = self._db.rows("SELECT n, sets_json FROM outbox_whole WHERE uid = ? AND state = 'acked'", uid)
        last = {field: n for n, sets in sorted(accepted) for field in json.loads(sets)}
        return [_without_corrected(change_of(row), int(row["n"]), last) for row in rows]

    def add(self, change: Change, *, is_new: bool = True) -> None:
        """Queue a change, and close here the conflicts that it settles; called inside a transaction.

        One that is not new, but comes from the journal, says itself what was written before it.
        """
        content = dump({name: list(pair) for name, pair in change.sets.items()})
        seen_in = change.seen_in or place_seen(self._db, change)
        after = self._written_before(change) if is_new else change.after
        row = change_row(change, size=len(content.encode()), seen_in=seen_in, written_after=after)
        row["base_version"] = version_seen(self._db, change)
        self._db.insert_row("outbox", row)
        self._db.execute_sql("INSERT INTO outbox_content (n, sets_json) VALUES (last_insert_rowid(), ?)", (content,))
        mark_settling(self._db, change)

    def _written_before(self, change: Change) -> str | None:
        """The last change of the same record here, "" without one; None for the one that creates it."""
        if change.create:
            return None
        return str(self._db.value(LAST_WRITTEN, change.uid) or "")

    def withdraw(self, uid: str) -> None:
        """Forget the unsent changes of a fact that is reopened; called inside a transaction.

        Raises: KubeFieldError with NOT_ALLOWED when one of them was handed to a transport.
        """
        if self.was_handed_over(uid):
            raise KubeFieldError(
                Failure.NOT_ALLOWED,
                _("Dokumen ini sudah pernah dikirim, jadi tidak dapat dibuka kembali."),
                _("Gunakan Ajukan koreksi untuk membuat revisi baru."),
                code="ALREADY_SENT",
            )
        self._db.execute_sql("DELETE FROM outbox WHERE uid = ?", (uid,))

    def withdraw_changes(self, change_ids: Sequence[str], uids: Sequence[str]) -> None:
        """Forget unsent changes, with which new records go; called inside a transaction.

        Raises: KubeFieldError with NOT_ALLOWED when one of them was handed to a transport, or something hangs on one
        of the new records.
        """
        if not change_ids:
            return
        named, gone = json.dumps(list(change_ids)), json.dumps(list(uids))
        if self._db.value(f"SELECT count(*) FROM outbox WHERE {WAITING_ALL}", named) != len(set(change_ids)):
            raise _sent_already()
        self._db.execute_sql(f"DELETE FROM outbox WHERE {WAITING_ALL}", (named,))
        if self._db.value(HANGS_ON, gone):
            raise _sent_already()


def _sent_already() -> KubeFieldError:
    return KubeFieldError(
        Failure.NOT_ALLOWED,
        _("Sebagian datanya sudah dikirim atau dipakai, jadi tidak dapat ditarik kembali."),
        _("Perbaiki data satu per satu. Data Anda aman."),
        code="ALREADY_SENT",
    )


def _without_corrected(change: Change, number: int, accepted: Mapping[str, int]) -> Change:
    left = {field: pair for field, pair in change.sets.items() if accepted.get(field, 0) <= number}
    return replace(change, sets=left)


class BlobRepository:
    """Which photos exist and which records show them."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def link(self, uid: str, photos: Sequence[Mapping[str, Any]]) -> None:
        """Note the photos that a record shows; called inside a transaction."""
        for photo in photos:
            self._db.execute_sql(
                "INSERT INTO blob (sha256, size, mime) VALUES (?, ?, ?) ON CONFLICT (sha256) DO NOTHING",
                (photo["sha256"], photo["size"], photo["mime"]),
            )
            self._db.execute_sql(
                "INSERT INTO blob_link (uid, sha256) VALUES (?, ?) ON CONFLICT DO NOTHING", (uid, photo["sha256"])
            )

    def unlink(self, uid: str) -> None:
        """Forget the photos of a record; those that nothing else shows, and that were never sent, are not sent."""
        shown = json.dumps([name for (name,) in self._db.rows("SELECT sha256 FROM blob_link WHERE uid = ?", uid)])
        self._db.execute_sql("DELETE FROM blob_link WHERE uid = ?", (uid,))
        self._db.execute_sql(
            "DELETE FROM blob WHERE sha256 IN (SELECT value FROM json_each(?)) AND state = 'local'"
            " AND uploaded_bytes = 0 AND sha256 NOT IN (SELECT sha256 FROM blob_link)"
            " AND NOT EXISTS (SELECT 1 FROM outbox_whole o"
            " WHERE o.state = 'acked' AND instr(o.sets_json, blob.sha256) > 0)",
            (shown,),
        )


def photos_in(value: Any) -> list[Mapping[str, Any]]:
    """Photo items anywhere inside answers."""
    if isinstance(value, Mapping):
        if _is_photo(value):
            return [value]
        return [photo for item in value.values() for photo in photos_in(item)]
    if isinstance(value, list | tuple):
        return [photo for item in value for photo in photos_in(item)]
    return []


def _is_photo(item: Mapping[str, Any]) -> bool:
    """True for what a photo's columns can hold; another program may have written anything."""
    size = item.get("size")
    return (
        isinstance(item.get("sha256"), str)
        and isinstance(item.get("mime"), str)
        and isinstance(size, int)
        and 0 <= size <= LARGEST_PHOTO
    )


def _days(since: str, now: str) -> int:
    if not since or not now:
        return 0
    return max(0, (datetime.fromisoformat(now) - datetime.fromisoformat(since)).days)


def _first_error(errors: str) -> tuple[str, str]:
    """The question that the server's first complaint is about, and the complaint."""
    found = json.loads(errors)
    first = found[0] if isinstance(found, list) and found else {}
    if not isinstance(first, dict):
        return "", ""
    return str(first.get("field") or ""), str(first.get("message") or first.get("code") or "")
