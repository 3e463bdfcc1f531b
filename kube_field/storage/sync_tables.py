"""The tables of synchronisation: outbox, cursors, the server's truth and its words, photos on their way, runs.

Unbound models like those of `tables.py`; the repositories write plain SQL, and a test holds models and schema together.
"""

from __future__ import annotations

from peewee import SQL, AutoField, BlobField, ForeignKeyField, TextField

from kube_field.storage.tables import Table, count, flag, json, text, text_if_told


class OutboxTable(Table):
    """Changes on their way to the server. `state`: queued, sent, held, acked, attention.

    `size` is that of the content in bytes, which lies beside it: what becomes of a change is written twice at least,
    and a narrow row is written at a fifth of the cost. `from_file`: answers to courier files before it are older than
    what is known of the change. `seen_in` is where its author saw the record, or what it hangs on, when he wrote it.
    The view `outbox_whole` is both together, with the scope that the record lies in by the server's last word, or was
    seen in then (`lies_in`). `written_after` is what was written before an edit of its record here, "" if nothing.
    """

    n = AutoField()
    change_id = TextField(unique=True)
    uid = text()
    kind = text()
    scope_id = text()
    base_version = count()
    form_version = text()
    deps_json = json("[]")
    by_uid = text()
    at = text()
    reason = text()
    sha256 = text()
    created = flag()
    state = text()
    ever_sent = flag()
    status = text()
    result_json = json()
    result_version = count()
    errors_json = json("[]")
    receipt_id = text()
    receipt_sha256 = text()
    receipt_at = text()
    resolves_json = json("[]")
    by_courier = flag()
    run_id = count()
    size = count()
    ever_kept = flag()
    from_file = count()
    seen_in = text()
    written_after = text_if_told()

    class Meta:
        """Table name and the three ways it is read."""

        table_name = "outbox"
        indexes = ((("state", "n"), False), (("uid", "n"), False), (("run_id",), False))


class OutboxContentTable(Table):
    """What each change of the outbox says: field to [old, new]. Never changes; goes when the change goes."""

    n = ForeignKeyField(OutboxTable, primary_key=True, column_name="n", on_delete="CASCADE")
    sets_json = json()

    class Meta:
        """Table name."""

        table_name = "outbox_content"


class SyncMetaTable(Table):
    """Names and values of synchronisation: device, token, step, last good run."""

    k = TextField(primary_key=True)
    v = text()

    class Meta:
        """Table name."""

        table_name = "sync_meta"


class SyncScopeTable(Table):
    """How far each work area has been downloaded. Checksums are text: they are unsigned 64 bit.

    `state`: bootstrap (the first download is not complete), live, resync (downloaded anew), leaving (not granted any
    more). `head_seen` and `chain_seen` are the proof at the newest head ever seen, not at the cursor.
    `from_file`: answers to courier files before it are older than the present beginning of the download.
    """

    scope_id = TextField(primary_key=True)
    mode = text()
    seq = count()
    head_seen = count()
    chain_seen = text()
    sum = text()
    gen = count()
    state = text()
    from_file = count()

    class Meta:
        """Table name."""

        table_name = "sync_scope"


class SyncBaseTable(Table):
    """What the server last said of a record, of any kind: all that counts in the sum of its scope.

    `body_json` is empty for facts, whose own row is the body, and for words of the server and unknown kinds, which
    have tables of their own. `scope_id` is empty for a record that left, but on which something still waits here.
    """

    uid = TextField(primary_key=True)
    scope_id = text(index=True)
    kind = text()
    version = count()
    body_json = json("")
    sha256 = text()
    author = text()
    gen = count()
    deleted = flag()

    class Meta:
        """Table name."""

        table_name = "sync_base"


class UnknownRecordTable(Table):
    """Records of kinds that this program version does not know, kept as they came."""

    uid = TextField(primary_key=True)
    kind = text()
    scope_id = text(index=True)
    version = count()
    body_json = json()

    class Meta:
        """Table name."""

        table_name = "unknown_record"


class BlobTable(Table):
    """Photos by content hash.

    `state`: local (the server lacks it), sending (it has `uploaded_bytes` of it), stored (it has it, and so have we),
    refused (it will not have it; `reason`), remote (it has it and we have not). `stored_at` is our instant of stored.
    `from_file`: answers to courier files before it are older than what is known of the photo.
    """

    sha256 = TextField(primary_key=True)
    size = count()
    mime = text()
    state = TextField(default="local", constraints=[SQL("DEFAULT 'local'")], index=True)
    uploaded_bytes = count()
    upload_id = text()
    stored_at = text()
    reason = text()
    from_file = count()

    class Meta:
        """Table name."""

        table_name = "blob"


class BlobLinkTable(Table):
    """Which record shows which photo."""

    uid = text()
    sha256 = text(index=True)

    class Meta:
        """Table name and key."""

        table_name = "blob_link"
        indexes = ((("uid", "sha256"), True),)


class CourierFileTable(Table):
    """Files that were given to the courier, in their order."""

    n = AutoField()
    file_id = TextField(unique=True)

    class Meta:
        """Table name."""

        table_name = "courier_file"


class SyncRunTable(Table):
    """Runs of synchronisation, for the officer to read."""

    id = AutoField()
    started_at = text()
    ended_at = text()
    sent = count()
    received = count()
    refused = count()
    photos_sent = count()
    bytes_up = count()
    bytes_down = count()
    outcome = text()
    message = text()
    via = text()
    notice = text()
    device_code = text()
    server = text()
    audit_length = count()
    audit_head = text()

    class Meta:
        """Table name."""

        table_name = "sync_run"


class PastReceiptTable(Table):
    """Receipts of a run that the outbox has no more: its change was lost and sent again, or is forgotten by age.

    Triggers of the outbox write them, so that no way of settling a change can shorten the paper of an earlier run.
    """

    id = AutoField()
    run_id = count()
    n = count()
    uid = text()
    kind = text()
    by_uid = text()
    receipt_id = text()
    receipt_sha256 = text()
    receipt_at = text()

    class Meta:
        """Table name and the way it is read."""

        table_name = "past_receipt"
        indexes = ((("run_id",), False),)


class ConflictTable(Table):
    """Fields that two people changed differently, as the server's word says (`wire.server_words.Conflict`).

    `state`: coming (our value lost, the word is not downloaded yet), open, settling (a choice waits in the outbox),
    resolved. Values are JSON.
    """

    id = TextField(primary_key=True)
    uid = text()
    field = text()
    base = json("")
    kept = json("")
    other = json("")
    change_id = text()
    state = text()
    at = text()
    record_kind = text()
    kept_by = text()
    kept_at = text()
    other_by = text()
    other_at = text()
    chosen = json("")
    resolved_by = text()
    resolved_at = text()

    class Meta:
        """Table name and its key to a record."""

        table_name = "conflict"
        indexes = ((("uid", "state"), False),)


class AliasTable(Table):
    """Records that were merged into another: `old` is hidden unless the merge was undone; `uid` is the word's."""

    old = TextField(primary_key=True)
    new = text(index=True)
    uid = text(index=True)
    undone = flag()

    class Meta:
        """Table name."""

        table_name = "alias"


class DuplicateTable(Table):
    """Records that may be one person or family, as the server's word says (`wire.server_words.Duplicate`).

    `state`: open, merged, different, gone; `uids` is a JSON list; `kept` and `merged` are its two sides once merged.
    """

    uid = TextField(primary_key=True)
    uids = json("[]")
    record_kind = text()
    reason = text()
    state = text()
    elsewhere = flag()
    decided_by = text()
    decided_at = text()
    case_id = text()
    kept = text()
    merged = text()

    class Meta:
        """Table name."""

        table_name = "duplicate"


class LaptopKeyTable(Table):
    """Signing keys of laptops, as the server's word says (`wire.server_words.LaptopKey`); one that came stays."""

    uid = TextField(primary_key=True)
    key = text(index=True)
    device = text()
    code = text()
    holder = text()
    revoked_at = text()

    class Meta:
        """Table name."""

        table_name = "laptop_key"


class SnapshotTable(Table):
    """First downloads on their way: bytes that are here, records that are stored already."""

    scope_id = TextField(primary_key=True)
    seq = count()
    sha256 = text()
    bytes = count()
    received = count()
    applied = count()

    class Meta:
        """Table name."""

        table_name = "snapshot"


class SnapshotPieceTable(Table):
    """Pieces of first downloads, kept until the whole is here and checked."""

    id = AutoField()
    scope_id = text()
    at_byte = count()
    content = BlobField(default=b"", constraints=[SQL("DEFAULT x''")])

    class Meta:
        """Table name and key."""

        table_name = "snapshot_piece"
        indexes = ((("scope_id", "at_byte"), True),)


SYNC_TABLES: tuple[type[Table], ...] = (
    OutboxTable,
    OutboxContentTable,
    SyncMetaTable,
    SyncScopeTable,
    SyncBaseTable,
    UnknownRecordTable,
    BlobTable,
    BlobLinkTable,
    CourierFileTable,
    SyncRunTable,
    PastReceiptTable,
    ConflictTable,
    AliasTable,
    DuplicateTable,
    LaptopKeyTable,
    SnapshotTable,
    SnapshotPieceTable,
)
