"""The tables beside the editable records: facts, drafts, outbox, sync state, photos, audit, settings, search.

Unbound models like those of `tables.py`; the repositories write plain SQL, and a test holds models and schema together.
"""

from __future__ import annotations

from peewee import SQL, AutoField, ForeignKeyField, TextField

from kube_field.storage.tables import EDITABLE_TABLES, Table, count, flag, json, text


class FactTable(Table):
    """Insert-only records. The last block repeats answers that lists need: see `headers.fact_header`."""

    uid = TextField(primary_key=True)
    kind = text()
    document_id = text()
    revision = count(1)
    supersedes = text(index=True)
    number = text(index=True)
    form_version = text()
    scope = text(index=True)
    subject_uid = text()
    occurred_on = text()
    author_uid = text()
    author_name = text()
    finalised_at = text()
    version = count()
    answers = json()
    snapshot = json()
    confirmed = json()
    attachments = json("[]")
    extra = json()
    sha256 = text()
    person_uid = text(index=True)
    visit_no = count()
    visit_kind = text()
    business_status = text()
    next_visit_on = text()
    session_no = count()
    status = text()
    decision = text()

    class Meta:
        """Table name and the indexes of lists; whether a visit counts is read from the first one alone."""

        table_name = "fact"
        indexes = (
            (
                (
                    "subject_uid",
                    "kind",
                    "occurred_on",
                    "visit_kind",
                    "document_id",
                    "revision",
                    "uid",
                    "next_visit_on",
                ),
                False,
            ),
            (("document_id", "revision"), False),
            (("kind", "occurred_on", "finalised_at"), False),
            (("occurred_on", "finalised_at"), False),
        )


class DraftTable(Table):
    """Unfinished forms; never leave the laptop."""

    uid = TextField(primary_key=True)
    kind = text()
    form_version = text()
    record_uid = text(index=True)
    subject_uid = text(index=True)
    answers = json()
    author_uid = text()
    created_at = text()
    updated_at = text()
    document_id = text()
    revision = count(1)
    supersedes = text()
    title = text()

    class Meta:
        """Table name."""

        table_name = "draft"


class DraftVersionTable(Table):
    """The last five saved states of a draft."""

    id = AutoField()
    draft = ForeignKeyField(DraftTable, column_name="draft_uid", on_delete="CASCADE")
    updated_at = text()
    answers = json()

    class Meta:
        """Table name."""

        table_name = "draft_version"


class OutboxTable(Table):
    """Changes on their way to the server. `state`: queued, sent, held, acked, attention. Content never changes."""

    n = AutoField()
    change_id = TextField(unique=True)
    uid = text()
    kind = text()
    scope_id = text()
    base_version = count()
    form_version = text()
    sets_json = json()
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

    class Meta:
        """Table name and the two ways it is read."""

        table_name = "outbox"
        indexes = ((("state", "n"), False), (("uid", "n"), False))


class SyncMetaTable(Table):
    """Names and values of synchronisation: device, token, step, last good run."""

    k = TextField(primary_key=True)
    v = text()

    class Meta:
        """Table name."""

        table_name = "sync_meta"


class SyncScopeTable(Table):
    """How far each work area has been downloaded. Checksums are text: they are unsigned 64 bit."""

    scope_id = TextField(primary_key=True)
    mode = text()
    seq = count()
    head_seen = count()
    chain_seen = text()
    sum = text()
    gen = count()
    state = text()

    class Meta:
        """Table name."""

        table_name = "sync_scope"


class SyncBaseTable(Table):
    """What the server last said of a record. `body_json` is empty for facts: the fact's own row is the body."""

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
    """Photos by content hash. `state`: local (not yet at the server), stored (the server holds it)."""

    sha256 = TextField(primary_key=True)
    size = count()
    mime = text()
    state = TextField(default="local", constraints=[SQL("DEFAULT 'local'")], index=True)
    uploaded_bytes = count()
    upload_id = text()

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

    class Meta:
        """Table name."""

        table_name = "sync_run"


class ConflictTable(Table):
    """Fields that two people changed differently. `state`: open, closed. Values are JSON."""

    id = TextField(primary_key=True)
    uid = text()
    field = text()
    base = json("")
    kept = json("")
    other = json("")
    change_id = text()
    state = text()
    at = text()

    class Meta:
        """Table name and its key to a record."""

        table_name = "conflict"
        indexes = ((("uid", "state"), False),)


class AuditTable(Table):
    """Hash-chained audit log: `hash` = SHA-256(previous hash + canonical JSON of the row). Triggers refuse changes."""

    seq = AutoField()
    at = text()
    actor = text()
    device = text()
    action = text()
    object_type = text()
    object_id = text()
    result = text()
    reason = text()
    prev = text()
    hash = text()

    class Meta:
        """Table name."""

        table_name = "audit"


class SettingTable(Table):
    """Settings of this laptop."""

    name = TextField(primary_key=True)
    value = text()

    class Meta:
        """Table name."""

        table_name = "setting"


class NumberCounterTable(Table):
    """The last number given, by kind of paper and year."""

    id = AutoField()
    paper = text()
    year = count()
    value = count()

    class Meta:
        """Table name and key."""

        table_name = "number_counter"
        indexes = ((("paper", "year"), True),)


class SearchEntryTable(Table):
    """What the search index holds: `id` is the row of `search_words`; `title` and `detail` are shown.

    `folded` is the title as it is searched.
    """

    id = AutoField()
    uid = TextField(unique=True)
    kind = text()
    title = text()
    detail = text()
    folded = text()

    class Meta:
        """Table name."""

        table_name = "search_entry"


ALL_TABLES: tuple[type[Table], ...] = (
    *EDITABLE_TABLES.values(),
    FactTable,
    DraftTable,
    DraftVersionTable,
    OutboxTable,
    SyncMetaTable,
    SyncScopeTable,
    SyncBaseTable,
    UnknownRecordTable,
    BlobTable,
    BlobLinkTable,
    SyncRunTable,
    ConflictTable,
    AuditTable,
    SettingTable,
    NumberCounterTable,
    SearchEntryTable,
)
