"""Tables of the server's photos: what arrived, who names it, who had it, what is on its way, refused or lost."""

# ruff: noqa: D106  (what peewee calls Meta needs no words)

from __future__ import annotations

from peewee import BigIntegerField, CompositeKey, Model, TextField


class Blob(Model):
    """A photo that arrived whole."""

    sha256 = TextField(primary_key=True)
    size = BigIntegerField()
    mime = TextField()
    stored_at = TextField()

    class Meta:
        table_name = "blob"


class BlobLink(Model):
    """Which record in which scope names a photo, and which officer wrote that first (`named_by`)."""

    sha256 = TextField()
    uid = TextField()
    scope = TextField()
    mime = TextField()
    named_by = TextField(default="")

    class Meta:
        table_name = "blob_link"
        primary_key = CompositeKey("sha256", "uid")


class BlobHolder(Model):
    """An officer who handed in the bytes of a photo, or proved that his laptop has them."""

    sha256 = TextField()
    user_uid = TextField()
    device_id = TextField()
    at = TextField()

    class Meta:
        table_name = "blob_holder"
        primary_key = CompositeKey("sha256", "user_uid")


class BlobPart(Model):
    """A photo of which `held` bytes lie durably in a part file; each laptop sends its own."""

    upload = TextField(primary_key=True)
    sha256 = TextField()
    size = BigIntegerField()
    mime = TextField()
    uid = TextField()
    device_id = TextField()
    held = BigIntegerField()
    touched_at = TextField()

    class Meta:
        table_name = "blob_part"


class BlobLost(Model):
    """A photo that arrived whole and whose file is gone since `at`."""

    sha256 = TextField(primary_key=True)
    at = TextField()

    class Meta:
        table_name = "blob_lost"


class BlobRefused(Model):
    """A content that was named as a photo and is none that we keep."""

    sha256 = TextField(primary_key=True)
    reason = TextField()
    at = TextField()

    class Meta:
        table_name = "blob_refused"
