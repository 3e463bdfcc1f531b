"""The tables of a laptop's database as unbound models: give each query its database with `.execute(db)`.

Synced tables declare no foreign keys between each other: rows may arrive in any order. Header columns of editable
records are named like the question whose answer they repeat; everything else of a record is in `answers`.
"""

from __future__ import annotations

from peewee import SQL, AutoField, BooleanField, ForeignKeyField, IntegerField, Model, TextField

from kube_field.domain.records import RecordKind


def text(*, index: bool = False) -> TextField:
    """A text column that is never null."""
    return TextField(default="", constraints=[SQL("DEFAULT ''")], index=index)


def name_text() -> TextField:
    """A column of names, ordered without regard to case."""
    return TextField(default="", constraints=[SQL("DEFAULT '' COLLATE NOCASE")])


def count(start: int = 0) -> IntegerField:
    """A whole number that is never null."""
    return IntegerField(default=start, constraints=[SQL(f"DEFAULT {start}")])


def flag() -> BooleanField:
    """True or false, false at first."""
    return BooleanField(default=False, constraints=[SQL("DEFAULT 0")])


def json(empty: str = "{}") -> TextField:
    """JSON as text."""
    return TextField(default=empty, constraints=[SQL(f"DEFAULT '{empty}'")])


class Table(Model):
    """Base of all tables."""

    class Meta:
        """Names as they are."""

        legacy_table_names = False
        without_rowid = False


class EditableTable(Table):
    """What every editable kind has. `updated_at` and `updated_by` are the last local or pulled change's."""

    uid = TextField(primary_key=True)
    scope = text(index=True)
    form_version = text()
    version = count()
    answers = json()
    extra = json()
    deleted = flag()
    updated_at = text()
    updated_by = text()


class PersonTable(EditableTable):
    """Warga."""

    full_name = name_text()
    nik = text()
    nik_status = text()
    sex = text()
    birth_date = text()
    household_id = text(index=True)
    category = json("[]")
    phone = text()
    status = text()

    class Meta:
        """Table name, and the list of people by name, by status and by the beginning of a NIK, from an index alone."""

        table_name = "person"
        indexes = (
            (("full_name", "uid", "deleted"), False),
            (("status", "full_name", "uid", "deleted"), False),
            (("nik", "full_name", "uid", "deleted"), False),
        )


class HouseholdTable(EditableTable):
    """Keluarga."""

    kk_number = text(index=True)
    head_name = text()
    address = text()
    rt = IntegerField(null=True)
    rw = IntegerField(null=True)
    village_code = text(index=True)

    class Meta:
        """Table name."""

        table_name = "household"


class KubeGroupTable(EditableTable):
    """KUBE."""

    name = name_text()
    batch_id = text(index=True)
    village_code = text(index=True)
    idea_code = text()
    assigned_staff_id = text()
    status = text()

    class Meta:
        """Table name."""

        table_name = "kube_group"


class MembershipTable(EditableTable):
    """Keanggotaan."""

    group_id = text(index=True)
    person_id = text(index=True)
    role = text()
    joined_on = text()
    left_on = text()
    leave_reason = text()

    class Meta:
        """Table name."""

        table_name = "membership"


class BusinessUnitTable(EditableTable):
    """Unit usaha."""

    owner_kind = text()
    group_id = text(index=True)
    person_id = text(index=True)
    batch_id = text()
    idea_code = text()
    business_name = text()
    village_code = text(index=True)
    status = text()
    handover_on = text()

    class Meta:
        """Table name."""

        table_name = "business_unit"


class ProgramBatchTable(EditableTable):
    """Paket program."""

    name = text()
    scheme = text()
    fiscal_year = IntegerField(null=True)
    visit_plan_code = text()

    class Meta:
        """Table name."""

        table_name = "program_batch"


class StaffTable(EditableTable):
    """Petugas."""

    full_name = text()
    employee_number = text()
    role = text()
    active_from = text()
    active_to = text()

    class Meta:
        """Table name."""

        table_name = "staff"


class TrainingEventTable(EditableTable):
    """Pelatihan."""

    title = text()
    topic = text()
    starts_on = text(index=True)
    ends_on = text()
    venue = text()
    village_code = text()
    batch_id = text()

    class Meta:
        """Table name."""

        table_name = "training_event"


EDITABLE_TABLES: dict[RecordKind, type[EditableTable]] = {
    RecordKind.PERSON: PersonTable,
    RecordKind.HOUSEHOLD: HouseholdTable,
    RecordKind.KUBE_GROUP: KubeGroupTable,
    RecordKind.MEMBERSHIP: MembershipTable,
    RecordKind.BUSINESS_UNIT: BusinessUnitTable,
    RecordKind.PROGRAM_BATCH: ProgramBatchTable,
    RecordKind.STAFF: StaffTable,
    RecordKind.TRAINING_EVENT: TrainingEventTable,
}


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
