"""Tables of the provincial server, the same on SQLite and PostgreSQL; models are unbound, queries name their database.

Bodies are JSON text, not jsonb: jsonb refuses the NUL character and reorders keys. Instants are UTC ISO text.
"""

# ruff: noqa: D106  (what peewee calls Meta needs no words)

from __future__ import annotations

from peewee import BigIntegerField, CompositeKey, Model, TextField

from kube_field.server.storage.photo_tables import Blob, BlobHolder, BlobLink, BlobLost, BlobPart, BlobRefused


class ServerMeta(Model):
    """Names and values of the installation: server_id."""

    name = TextField(primary_key=True)
    value = TextField()

    class Meta:
        table_name = "server_meta"


class Lineage(Model):
    """One row per life of the database; a restore starts a new one. `identity` is the PostgreSQL cluster's."""

    epoch = TextField(primary_key=True)
    started_at = TextField()
    reason = TextField()
    number = BigIntegerField()
    parent = TextField()
    identity = TextField()

    class Meta:
        table_name = "lineage"


class UserAccount(Model):
    """An officer."""

    uid = TextField(primary_key=True)
    name = TextField()
    role = TextField()
    employee_number = TextField()
    office = TextField()
    password_hash = TextField()
    created_at = TextField()
    disabled_at = TextField()

    class Meta:
        table_name = "user_account"


class AreaGrant(Model):
    """A task area of an officer, for as long as it was granted; `until_at` is "" while it stands."""

    user_uid = TextField()
    area = TextField()
    from_at = TextField()
    until_at = TextField()

    class Meta:
        table_name = "area_grant"
        primary_key = CompositeKey("user_uid", "area", "from_at")


class AuthorAlias(Model):
    """The uid that an officer had on his laptop before it was enrolled."""

    alias_uid = TextField(primary_key=True)
    user_uid = TextField()

    class Meta:
        table_name = "author_alias"


class Device(Model):
    """A laptop. `continuity` and `previous` hold JSON lists of hashes of the tokens of the last and the step before."""

    device_id = TextField(primary_key=True)
    code = TextField()
    user_uid = TextField()
    name = TextField()
    created_at = TextField()
    revoked_at = TextField()
    last_seen_at = TextField()
    app_version = TextField()
    clock_offset_ms = BigIntegerField()
    continuity = TextField()
    previous = TextField()
    step = TextField()
    audit_length = BigIntegerField()
    audit_head = TextField()
    queue_n = BigIntegerField()
    sign_key = TextField()
    seal_key = TextField()
    parent_device = TextField()

    class Meta:
        table_name = "device"


class DeviceOfficer(Model):
    """An officer who works on a laptop; the one it was enrolled for is among them."""

    device_id = TextField()
    user_uid = TextField()
    added_at = TextField()

    class Meta:
        table_name = "device_officer"
        primary_key = CompositeKey("device_id", "user_uid")


class AccessToken(Model):
    """SHA-256 of a token; the token itself is nowhere."""

    token_hash = TextField(primary_key=True)
    device_id = TextField()
    user_uid = TextField()
    issued_at = TextField()
    revoked_at = TextField()

    class Meta:
        table_name = "access_token"


class EnrolmentCode(Model):
    """A one-time code: found by its first characters, proved by an Argon2id hash of all of it."""

    selector = TextField(primary_key=True)
    user_uid = TextField()
    code_hash = TextField()
    created_at = TextField()
    expires_at = TextField()
    tries_left = BigIntegerField()
    used_at = TextField()

    class Meta:
        table_name = "enrolment_code"


class Attempt(Model):
    """A failed login or enrolment, for the limits."""

    id = TextField(primary_key=True)
    subject = TextField(index=True)
    at = TextField()

    class Meta:
        table_name = "attempt"


class Intake(Model):
    """Every change as it arrived, and what became of it."""

    change_id = TextField(primary_key=True)
    uid = TextField()
    device_id = TextField()
    sender_uid = TextField()
    author_uid = TextField()
    received_at = TextField()
    body = TextField()
    sha256 = TextField()
    status = TextField()
    result = TextField()
    decided_at = TextField()
    decided_by = TextField()

    class Meta:
        table_name = "intake"


class Held(Model):
    """A change that waits for its parent; `place` is its turn among those of its batch."""

    change_id = TextField(primary_key=True)
    waits_for = TextField(index=True)
    since = TextField()
    place = BigIntegerField()

    class Meta:
        table_name = "held"


class AsideRow(Model):
    """A change that is not in the records, as a supervisor's list finds it: what it says of itself, and since when.

    Empty columns are those of a change that nobody can read. One that is held has its row in `held` too.
    """

    change_id = TextField(primary_key=True)
    since = TextField()
    uid = TextField()
    kind = TextField()
    scope = TextField()
    parent = TextField()

    class Meta:
        table_name = "aside"
        indexes = ((("since", "change_id"), False),)


class StoredRecord(Model):
    """A record in its newest state; `extra` holds the fields that this server does not know.

    `subject_uid` is the record that this one hangs on and travels with: what a fact is about, the family of a person.
    A record that was merged into another one hangs on that, and `merged_into` names it.
    """

    uid = TextField(primary_key=True)
    kind = TextField()
    scope = TextField()
    version = BigIntegerField()
    subject_uid = TextField()
    occurred_on = TextField()
    author_uid = TextField()
    body = TextField()
    extra = TextField()
    sha256 = TextField()
    deleted = BigIntegerField()
    updated_at = TextField()
    merged_into = TextField()

    class Meta:
        table_name = "record"


class RecordVersion(Model):
    """History: which change made which version."""

    uid = TextField()
    version = BigIntegerField()
    change_id = TextField()
    sets = TextField()
    author_uid = TextField()
    device_id = TextField()
    at = TextField()
    reason = TextField()

    class Meta:
        table_name = "record_version"
        primary_key = CompositeKey("uid", "version")


class ScopeHead(Model):
    """Counter, chain and sum of a scope; its row lock makes the order of commits the order of the feed."""

    scope = TextField(primary_key=True)
    head = BigIntegerField()
    chain = TextField()
    sum = TextField()

    class Meta:
        table_name = "scope_head"


class ScopeIndex(Model):
    """One row per record and scope: what a laptop downloads."""

    scope = TextField()
    uid = TextField()
    seq = BigIntegerField()
    version = BigIntegerField()
    kind = TextField()
    state = TextField()

    class Meta:
        table_name = "scope_index"
        primary_key = CompositeKey("scope", "uid")


class Feed(Model):
    """Everything that ever happened in a scope, without holes."""

    scope = TextField()
    seq = BigIntegerField()
    uid = TextField()
    version = BigIntegerField()
    change_id = TextField()
    chain = TextField()
    at = TextField()

    class Meta:
        table_name = "feed"
        primary_key = CompositeKey("scope", "seq")


class RecordMark(Model):
    """Under which keyed hashes a person or family is found (`likeness`)."""

    mark = TextField()
    uid = TextField()

    class Meta:
        table_name = "record_mark"
        primary_key = CompositeKey("mark", "uid")


class DupCase(Model):
    """Two records that may be one. `state`: open, merged, different, gone; `scopes` (JSON) have a word about it."""

    id = TextField(primary_key=True)
    record_kind = TextField()
    reason = TextField()
    one = TextField()
    other = TextField()
    state = TextField()
    scopes = TextField()
    kept = TextField()
    merged = TextField()
    decided_by = TextField()
    decided_at = TextField()

    class Meta:
        table_name = "dup_case"


class Merge(Model):
    """What a merge did: fields that `kept` took (JSON: name to [before, after]) in `version`, conflicts it opened.

    `scope` is where `merged` lay before.
    """

    change_id = TextField(primary_key=True)
    case_id = TextField()
    kept = TextField()
    merged = TextField()
    scope = TextField()
    version = BigIntegerField()
    taken = TextField()
    conflicts = TextField()
    undone_by = TextField()
    at = TextField()

    class Meta:
        table_name = "merge"


class ErasedRecord(Model):
    """A record that was emptied for good; `root` is the person or family whose erasure it went with."""

    uid = TextField(primary_key=True)
    root = TextField(index=True)
    at = TextField()
    reason = TextField()

    class Meta:
        table_name = "erased"


class ErasedPhoto(Model):
    """A photo that went with an erased record and that no other one named."""

    sha256 = TextField(primary_key=True)

    class Meta:
        table_name = "erased_photo"


TABLES: tuple[type[Model], ...] = (
    ServerMeta,
    Lineage,
    UserAccount,
    AreaGrant,
    AuthorAlias,
    Device,
    DeviceOfficer,
    AccessToken,
    EnrolmentCode,
    Attempt,
    Intake,
    Held,
    AsideRow,
    StoredRecord,
    RecordVersion,
    ScopeHead,
    ScopeIndex,
    Feed,
    Blob,
    BlobLink,
    BlobHolder,
    BlobPart,
    BlobRefused,
    BlobLost,
    RecordMark,
    DupCase,
    Merge,
    ErasedRecord,
    ErasedPhoto,
)
