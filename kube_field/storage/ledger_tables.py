"""The tables beside the editable records: facts, drafts, audit, settings, search; those of synchronisation are apart.

Unbound models like those of `tables.py`; the repositories write plain SQL, and a test holds models and schema together.
"""

from __future__ import annotations

from peewee import AutoField, ForeignKeyField, TextField

from kube_field.storage.sync_tables import SYNC_TABLES
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
    restricted = flag()

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
    *SYNC_TABLES,
    AuditTable,
    SettingTable,
    NumberCounterTable,
    SearchEntryTable,
)
