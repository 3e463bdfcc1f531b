"""Erasing a person's record on this laptop, when the server says so: base, working row, search, drafts, photos, outbox.

What others wrote and was not answered yet stays until the server answers; of a change about the person herself that
answer is the refusal `ERASED`, and then its content goes too. Numbers, receipts and hashes stay: papers count them.
All functions but `tidy_after_erasure` run inside the caller's transaction.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kube_field.domain.commit import AuditLine
from kube_field.domain.records import EDITABLE_KINDS
from kube_field.storage.outbox import photos_in

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
EMPTY_CHANGES = f"UPDATE outbox SET status = '{ERASED}', reason = '', size = 0, resolves_json = '[]' WHERE uid = ?"
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
    photos |= _forget_drafts(store, uid)
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


def was_erased(store: LocalStore, uid: str) -> bool:
    """True when the server's last word about a record is that it was erased."""
    return bool(store.db.value("SELECT 1 FROM sync_base WHERE uid = ? AND kind = ?", uid, ERASED))


def photos_to_remove(store: LocalStore) -> list[str]:
    """Photos whose files have to go."""
    names: list[str] = json.loads(store.setting(PHOTOS, "[]"))
    return names


def photos_removed(store: LocalStore) -> None:
    """Their files are gone."""
    store.put_setting(PHOTOS, "[]")


def tidy_after_erasure(store: LocalStore) -> bool:
    """Let no word of it stay in search index, journal or the copy of before; True when there was something to tidy."""
    if store.setting(PENDING) != "1":
        return False
    (Path(store.db.database).parent / COPY_FOLDER / COPY_NAME).unlink(missing_ok=True)
    with store.transaction():
        store.db.execute_sql("INSERT INTO search_words (search_words) VALUES ('optimize')")
        store.put_setting(PENDING, "")
    store.db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return True


def _forget_drafts(store: LocalStore, uid: str) -> set[str]:
    """Drafts about the record; the photos that they showed."""
    drafts = store.db.rows(f"SELECT uid, answers FROM draft WHERE {ABOUT}", uid, uid)
    for name, _answers in drafts:
        store.drafts.remove(str(name))
    named: list[Any] = [photo for _name, answers in drafts for photo in photos_in(json.loads(answers))]
    return {str(photo["sha256"]) for photo in named}


def _drop_photos(store: LocalStore, names: set[str]) -> None:
    gone = sorted(name for name in names if not store.db.execute_sql(STILL_NAMED, {"name": name}).fetchone())
    for name in gone:
        store.db.execute_sql("DELETE FROM blob WHERE sha256 = ?", (name,))
    if gone:
        store.put_setting(PHOTOS, json.dumps(sorted({*photos_to_remove(store), *gone})))
