"""Erasing on the level of rows: what belongs to a person, what is said of it anywhere, and the ledger of it.

The feed keeps its lines: they hold ids and hashes of versions, nothing of what a record said, and every proof stands.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kube_field.domain.records import person_in
from kube_field.server.judging import RECORD_ID
from kube_field.server.storage.account_rows import noted
from kube_field.server.storage.database import ServerDatabase
from kube_field.wire.server_words import ServerKind

LEDGER, PHOTOS, EMPTY = "erased", "erased_photo", "{}"
IF_MISSING = "ON CONFLICT DO NOTHING"
REFUSED = """
SELECT change_id, body FROM intake WHERE status = 'rejected' AND body <> ? AND change_id > ?
ORDER BY change_id LIMIT 500
"""
"""One page of what was refused for good, by an index of nothing else."""


@dataclass(frozen=True, slots=True)
class Emptied:
    """What went: photos that nobody else names, and unfinished uploads."""

    photos: tuple[str, ...]
    parts: tuple[str, ...]


class ErasureRows:
    """Repository of erasures; inside the caller's transaction."""

    def __init__(self, database: ServerDatabase) -> None:
        self._database = database

    # the ledger

    def erased(self, uids: Iterable[str]) -> set[str]:
        """Which of these records were erased, whether a row of them is left or not."""
        wanted = [uid for uid in uids if uid]
        if not wanted:
            return set()
        query = f"SELECT uid FROM erased WHERE {self._database.among('uid')}"
        return {str(uid) for (uid,) in self._database.rows(query, self._database.listed(wanted))}

    def any_erased(self) -> bool:
        """True when anybody was ever erased."""
        return bool(self._database.rows("SELECT 1 FROM erased LIMIT 1"))

    def of_root(self, root: str) -> list[tuple[str, str, str]]:
        """Uid, instant and reason of everything that one decision erased."""
        query = "SELECT uid, at, reason FROM erased WHERE root = ? ORDER BY uid"
        return [(str(uid), str(at), str(reason)) for uid, at, reason in self._database.rows(query, root)]

    def unfinished(self) -> list[str]:
        """Decisions whose records stand here with their content, or are waited for: the database was put back."""
        query = """
            SELECT e.root FROM erased e JOIN record r ON r.uid = e.uid WHERE r.kind <> ?
            UNION SELECT e.root FROM erased e JOIN intake i ON i.uid = e.uid WHERE i.body <> ?
            UNION SELECT e.root FROM erased e JOIN held h ON h.waits_for = e.uid
        """
        return sorted(str(root) for (root,) in self._database.rows(query, ServerKind.ERASED.value, EMPTY))

    def roots(self, uids: Iterable[str]) -> set[str]:
        """The decisions by which these records were erased."""
        query = f"SELECT DISTINCT root FROM erased WHERE {self._database.among('uid')}"
        return {str(root) for (root,) in self._database.rows(query, self._database.listed(uids))}

    def enter(self, root: str, uids: Iterable[str], at: str, reason: str) -> None:
        """Write into the ledger, and with the rights outside the database, what is not in it yet."""
        fresh = sorted(set(uids) - self.erased(uids))
        self._enter(LEDGER, [{"uid": uid, "root": root, "at": at, "reason": reason} for uid in fresh])

    def _enter(self, table: str, rows: list[dict[str, str]]) -> None:
        self._database.add_rows(table, rows, IF_MISSING)
        self._database.note([noted(table, row) for row in rows])

    def unnamed_photos(self) -> list[str]:
        """Photos of erased people that nothing names: their files are to be gone."""
        query = f"""
            SELECT sha256 FROM {PHOTOS} EXCEPT SELECT sha256 FROM blob EXCEPT SELECT sha256 FROM blob_link
        """
        return [str(name) for (name,) in self._database.rows(query)]

    # what belongs to a person

    def merged_with(self, uids: Sequence[str]) -> set[str]:
        """Records that were merged into one of these, or into which one of these was merged."""
        among, listed = self._database.among, self._database.listed(uids)
        into = self._database.rows(f"SELECT merged_into FROM record WHERE {among('uid')}", listed)
        others = self._database.rows(f"SELECT uid FROM record WHERE {among('merged_into')}", listed)
        return {str(uid) for (uid,) in (*into, *others) if uid}

    def hanging_on(self, uids: Sequence[str]) -> set[str]:
        """Records that hang on one of these."""
        query = f"SELECT uid FROM record WHERE {self._database.among('subject_uid')}"
        return {str(uid) for (uid,) in self._database.rows(query, self._database.listed(uids))}

    def naming(self, people: Iterable[str]) -> set[str]:
        """What is about these people without hanging on them: memberships, businesses, attendance, test results.

        Every record is looked through, once for each person of an erasure.
        """
        query = "SELECT uid, body FROM record WHERE body LIKE ?"
        return {
            str(uid)
            for person in people
            for uid, body in self._database.rows(query, f"%{person}%")
            if named_person(json.loads(body)) == person
        }

    def not_taken(self) -> Iterator[tuple[str, str]]:
        """Id and body of every change that is in no record: those that wait for something, and those refused."""
        aside = "SELECT i.change_id, i.body FROM aside a JOIN intake i ON i.change_id = a.change_id WHERE i.body <> ?"
        yield from self._database.rows(aside, EMPTY)
        page, last = REFUSED, ""
        while rows := self._database.rows(page, EMPTY, last):
            yield from rows
            last = str(rows[-1][0])

    def erased_since(self, scope: str, seq: int) -> bool:
        """True when something in a scope was erased behind this place of its feed."""
        query = "SELECT 1 FROM scope_index WHERE scope = ? AND seq > ? AND kind = ? LIMIT 1"
        return bool(self._database.rows(query, scope, seq, ServerKind.ERASED.value))

    def seen_in(self, uids: Sequence[str]) -> set[str]:
        """The scopes in which these records stand, or once stood."""
        query = f"SELECT DISTINCT scope FROM scope_index WHERE {self._database.among('uid')}"
        return {str(scope) for (scope,) in self._database.rows(query, self._database.listed(uids))}

    # emptying

    def empty(self, uids: Sequence[str]) -> Emptied:
        """Take what these records said out of everything but the feed; the records themselves are written before."""
        among, listed = self._database.among, self._database.listed(uids)
        kind = ServerKind.ERASED.value
        for statement, values in (
            (f"UPDATE record SET kind = ?, occurred_on = '' WHERE {among('uid')}", (kind, listed)),
            (f"UPDATE scope_index SET kind = ? WHERE {among('uid')}", (kind, listed)),
            (f"UPDATE record_version SET sets = ?, reason = '' WHERE {among('uid')}", (EMPTY, listed)),
            (f"UPDATE intake SET body = ? WHERE {among('uid')}", (EMPTY, listed)),
            (f"UPDATE merge SET taken = ? WHERE {among('kept')} OR {among('merged')}", (EMPTY, listed, listed)),
            (f"DELETE FROM record_mark WHERE {among('uid')}", (listed,)),
        ):
            self._database.tell(statement, *values)
        return self._drop_photos(listed)

    def _drop_photos(self, listed: Any) -> Emptied:
        among = self._database.among
        parts = [
            str(name) for (name,) in self._database.rows(f"SELECT upload FROM blob_part WHERE {among('uid')}", listed)
        ]
        self._database.tell(f"DELETE FROM blob_part WHERE {among('uid')}", listed)
        named = {
            str(one) for (one,) in self._database.rows(f"SELECT sha256 FROM blob_link WHERE {among('uid')}", listed)
        }
        self._database.tell(f"DELETE FROM blob_link WHERE {among('uid')}", listed)
        photos = self._database.listed(sorted(named))
        kept = {
            str(one) for (one,) in self._database.rows(f"SELECT sha256 FROM blob_link WHERE {among('sha256')}", photos)
        }
        gone = sorted(named - kept)
        for table in ("blob", "blob_holder", "blob_lost"):
            self._database.tell(f"DELETE FROM {table} WHERE {among('sha256')}", self._database.listed(gone))
        self._enter(PHOTOS, [{"sha256": name} for name in gone])
        return Emptied(tuple(gone), tuple(parts))

    def empty_changes(self, change_ids: Sequence[str]) -> None:
        """Take the content out of changes as they arrived."""
        statement = f"UPDATE intake SET body = ? WHERE {self._database.among('change_id')}"
        self._database.tell(statement, EMPTY, self._database.listed(change_ids))


def named_person(fields: Mapping[str, Any]) -> str:
    """The person whom a record names as the one that it is about; what cannot be the id of a record is nobody."""
    uid = person_in(fields)
    return uid if RECORD_ID.fullmatch(uid) else ""
