"""Which photos the server holds, and who may send or see them."""

from __future__ import annotations

from peewee import fn

from kube_field.server.policy import Reach
from kube_field.server.storage.database import ServerDatabase
from kube_field.server.storage.tables import Blob, BlobLink


class PhotoRows:
    """Repository of photos for one Reach; their bytes lie in the photo folder."""

    def __init__(self, database: ServerDatabase, scope: Reach) -> None:
        self._database = database
        self._db = database.db
        self.scope = scope

    def may_put(self, sha256: str) -> str | None:
        """MIME type of a photo that a record names in a scope where the officer may write; None for any other."""
        rows = BlobLink.select().where(BlobLink.sha256 == sha256).dicts().execute(self._db)
        return next((str(row["mime"]) for row in rows if self.scope.may_write_somehow(row["scope"])), None)

    def may_get(self, sha256: str) -> str | None:
        """MIME type of a stored photo that a record names in a scope that the officer may read."""
        query = BlobLink.select().join(Blob, on=(Blob.sha256 == BlobLink.sha256)).where(BlobLink.sha256 == sha256)
        rows = query.dicts().execute(self._db)
        return next((str(row["mime"]) for row in rows if self.scope.may_read(row["scope"])), None)

    def has(self, sha256: str) -> bool:
        """True when the whole photo is stored."""
        return bool(Blob.select(fn.COUNT(Blob.sha256)).where(Blob.sha256 == sha256).scalar(self._db))

    def add(self, sha256: str, size: int, mime: str, now: str) -> None:
        """Remember a photo that lies in the photo folder now."""
        Blob.insert(sha256=sha256, size=size, mime=mime, stored_at=now).on_conflict_ignore().execute(self._db)
