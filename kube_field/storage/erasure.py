"""Erasing a person's record on this laptop, when the server says so: base, working row, search, drafts, photos, outbox.

What others wrote and was not answered yet stays until the server answers; of a change about the person herself that
answer is the refusal `ERASED`, and then its content goes too. What was refused before never became a record of which
the server could say it: it goes with whom it names. Numbers, receipts and hashes stay: papers count them.
All functions but `tidy_after_erasure` run inside the caller's transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kube_field.domain.commit import AuditLine
from kube_field.domain.records import EDITABLE_KINDS, Change, person_in
from kube_field.storage.outbox import photos_in
from kube_field.storage.rows import dump
from kube_field.wire.server_words import ERASED_CODE

if TYPE_CHECKING:
    from kube_field.storage.store import LocalStore

ERASED = "erased"
"""Status of a change in the outbox whose content is gone."""
PENDING, PHOTOS = "erased_pending", "erased_photos"
"""Settings: whether something is to be tidied up, and photos whose files have to go (JSON list)."""
COPY_FOLDER, COPY_NAME = "cadangan", "sebelum-penghapusan.db"
"""The closed copy of the database that is kept before a mass removal, under the database's own key."""
SERVER = "server"
UNANSWERED = "SELECT 1 FROM outbox WHERE uid = ? AND state IN ('queued', 'sent', 'held')"
ABOUT = "record_uid = ? OR subject_uid = ?"
EMPTY_CONTENT = "UPDATE outbox_content SET sets_json = '{}' WHERE n IN (SELECT n FROM outbox WHERE uid = ?)"
EMPTY_CHANGES = f"""
UPDATE outbox SET status = '{ERASED}', reason = '', size = 0, resolves_json = '[]',
  errors_json = CASE WHEN instr(errors_json, '"code":"{ERASED_CODE}"') > 0 THEN errors_json ELSE '[]' END WHERE uid = ?
"""
"""Any other refusal may quote what was typed."""
REFUSED_ONLY = """o.state = 'attention' AND o.status <> 'erased'
  AND NOT EXISTS (SELECT 1 FROM sync_base b WHERE b.uid = o.uid)"""
NEVER_TAKEN = f"""
SELECT f.uid FROM fact f JOIN outbox o ON o.uid = f.uid
  WHERE (f.subject_uid = :uid OR f.person_uid = :uid) AND {REFUSED_ONLY} UNION
SELECT m.uid FROM membership m JOIN outbox o ON o.uid = m.uid WHERE m.person_id = :uid AND {REFUSED_ONLY} UNION
SELECT u.uid FROM business_unit u JOIN outbox o ON o.uid = u.uid WHERE u.person_id = :uid AND {REFUSED_ONLY}
"""
"""What is about a record, and is here only because it was refused."""
GRID, OF_PERSON = "rows", "person_uid"
"""Where an attendance grid keeps its rows in its draft, and whose each of them is."""
STILL_NAMED = """
SELECT 1 FROM blob_link WHERE sha256 = :name UNION ALL
SELECT 1 FROM draft WHERE instr(answers, :name) > 0 UNION ALL
SELECT 1 FROM outbox_content WHERE instr(sets_json, :name) > 0
"""


def erase_here(store: LocalStore, uid: str) -> None:
    """Take all that is known of a record off this laptop, unless a change of it waits for the server's answer."""
    if store.db.value(UNANSWERED, uid):
        return
    photos = {str(name) for (name,) in store.db.rows("SELECT sha256 FROM blob_link WHERE uid = ?", uid)}
    photos |= _forget_drafts(store, uid) | _take_out_of_grids(store, uid)
    for kind in EDITABLE_KINDS:
        if store.db.value(f"SELECT 1 FROM {kind.value} WHERE uid = ?", uid):
            store.remove_record(uid, kind)
    store.remove_fact(uid)
    for statement in (EMPTY_CONTENT, EMPTY_CHANGES, "DELETE FROM conflict WHERE uid = ?"):
        store.db.execute_sql(statement, (uid,))
    store.db.execute_sql("DELETE FROM unknown_record WHERE uid = ?", (uid,))
    _drop_photos(store, photos)
    store.put_setting(PENDING, "1")
    at = store.db.value("SELECT max(at) FROM audit") or ""
    store.audit(AuditLine(actor=SERVER, action="erase", object_type="record", object_id=uid, at=str(at)))
    for (other,) in store.db.execute_sql(NEVER_TAKEN, {"uid": uid}).fetchall():
        erase_here(store, str(other))


def is_about_erased(store: LocalStore, change: Change) -> bool:
    """True when a change is about a record that was erased, or only names a person who was."""
    values = {name: new for name, (_old, new) in change.sets.items()}
    named = (change.uid, values.get("subject_uid"), person_in(values))
    return any(store.records.was_erased(uid) for uid in named if isinstance(uid, str) and uid)


def photos_to_remove(store: LocalStore) -> list[str]:
    """Photos whose files have to go."""
    names: list[str] = json.loads(store.setting(PHOTOS, "[]"))
    return names


def photos_removed(store: LocalStore) -> None:
    """Their files are gone."""
    store.put_setting(PHOTOS, "[]")


def tidy_after_erasure(store: LocalStore) -> bool:
    """Let no word of it stay in search index, log, journal or the copy of before; True when there was anything to do.

    A journal that cannot be written now is tidied next time.
    """
    if store.setting(PENDING) != "1":
        return False
    (Path(store.db.database).parent / COPY_FOLDER / COPY_NAME).unlink(missing_ok=True)
    is_written = store.journal.write_anew()
    with store.transaction():
        store.db.execute_sql("INSERT INTO search_words (search_words) VALUES ('optimize')")
        store.put_setting(PENDING, "" if is_written else "1")
    store.db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return True


def _forget_drafts(store: LocalStore, uid: str) -> set[str]:
    """Drafts about the record, or that name the person; the photos that they showed."""
    drafts = [
        (name, json.loads(told))
        for name, told in store.db.rows(f"SELECT uid, answers FROM draft WHERE {ABOUT}", uid, uid)
    ]
    drafts += [
        (name, answers) for name, answers in _mentioning(store, "draft", "uid", uid) if person_in(answers) == uid
    ]
    for name, _answers in drafts:
        store.drafts.remove(str(name))
    return _photo_names(answers for _name, answers in drafts)


def _take_out_of_grids(store: LocalStore, uid: str) -> set[str]:
    """The person's rows out of attendance that is being filled in, and out of its versions; the photos in them."""
    gone: list[Any] = []
    for table, key in (("draft", "uid"), ("draft_version", "id")):
        for name, answers in _mentioning(store, table, key, uid):
            rows = answers.get(GRID)
            if person_in(answers) == uid:  # an earlier version: the draft is about somebody else by now
                store.db.execute_sql(f"DELETE FROM {table} WHERE {key} = ?", (name,))
            elif isinstance(rows, list):
                gone += [row for row in rows if _is_of(row, uid)]
                kept = [row for row in rows if not _is_of(row, uid)]
                told = dump({**answers, GRID: kept})
                store.db.execute_sql(f"UPDATE {table} SET answers = ? WHERE {key} = ?", (told, name))
    return _photo_names(gone)


def _mentioning(store: LocalStore, table: str, key: str, uid: str) -> Iterator[tuple[Any, dict[str, Any]]]:
    rows = store.db.rows(f"SELECT {key}, answers FROM {table} WHERE instr(answers, ?) > 0", uid)
    return ((name, json.loads(answers)) for name, answers in rows)


def _is_of(row: Any, uid: str) -> bool:
    return isinstance(row, dict) and row.get(OF_PERSON) == uid


def _photo_names(values: Iterable[Any]) -> set[str]:
    return {str(photo["sha256"]) for value in values for photo in photos_in(value)}


def _drop_photos(store: LocalStore, names: set[str]) -> None:
    gone = sorted(name for name in names if not store.db.execute_sql(STILL_NAMED, {"name": name}).fetchone())
    for name in gone:
        store.db.execute_sql("DELETE FROM blob WHERE sha256 = ?", (name,))
    if gone:
        store.put_setting(PHOTOS, json.dumps(sorted({*photos_to_remove(store), *gone})))
