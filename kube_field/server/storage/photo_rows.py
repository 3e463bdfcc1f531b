"""Which photos the server holds or receives just now, and who may send or see them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, fields
from typing import Any

from peewee import JOIN, fn

from kube_field.server.policy import Reach
from kube_field.server.storage.database import ServerDatabase
from kube_field.server.storage.photo_tables import Blob, BlobHolder, BlobLink, BlobLost, BlobPart, BlobRefused
from kube_field.server.storage.tables import Intake, StoredRecord


@dataclass(frozen=True, slots=True)
class Part:
    """A photo on its way: `held` bytes of it are durable."""

    upload: str
    sha256: str
    size: int
    mime: str
    uid: str
    device_id: str
    held: int
    touched_at: str


class PhotoRows:
    """Repository of photos for one Reach; their bytes lie in the photo folder."""

    def __init__(self, database: ServerDatabase, scope: Reach) -> None:
        self._database = database
        self._db = database.db
        self.scope = scope

    # who may

    def may_put(self, sha256: str, uid: str, senders: Collection[str]) -> str | None:
        """MIME type of a photo that record `uid` names; None when the caller may not send it.

        He may where he may write, in the record's first scope or in its present one, and always when one of these
        `senders` wrote or brought the record: people move away between a record and its photos. Whoever reads the
        record may have the last copy of a photo that was lost here; its name says that it is the same one.
        """
        query = (
            BlobLink.select(BlobLink.mime, BlobLink.scope, StoredRecord.scope.alias("present"), StoredRecord.author_uid)
            .join(StoredRecord, on=(StoredRecord.uid == BlobLink.uid))
            .where((BlobLink.sha256 == sha256) & (BlobLink.uid == uid))
        )
        for row in query.dicts().execute(self._db):
            scopes = (row["scope"], row["present"])
            ours = row["author_uid"] in senders or self._was_sent_by(uid, senders)
            if ours or any(map(self.scope.may_write_somehow, scopes)) or self.scope.may_read(row["present"]):
                return str(row["mime"])
        return None

    def _was_sent_by(self, uid: str, senders: Collection[str]) -> bool:
        query = Intake.select(fn.COUNT(Intake.change_id)).where(
            (Intake.uid == uid) & Intake.sender_uid.in_(list(senders))
        )
        return bool(query.scalar(self._db))

    def may_get(self, sha256: str, reach_of: Callable[[str], Reach | None]) -> str | None:
        """MIME type of a stored photo that the officer may have; None when he may not, or nothing is stored."""
        return self._visible([sha256], reach_of).get(sha256)

    def _visible(self, names: Sequence[str], reach_of: Callable[[str], Reach | None]) -> dict[str, str]:
        """MIME types of those stored photos that the officer may have.

        A record that he may read must name it, and whoever wrote that name must have had the photo himself: he handed
        it in, or could see it through such a record. To know a hash is not to have a photo.
        """
        links: dict[str, list[dict[str, Any]]] = {}
        for row in self._links(names):
            links.setdefault(str(row["sha256"]), []).append(row)
        found: dict[str, str] = {}
        for name, rows in links.items():
            held = [row for row in rows if row["holder"] is not None]
            for row in rows:
                if self.scope.may_read(row["scope"]) and (row in held or _sees(reach_of(row["named_by"]), held)):
                    found.setdefault(name, str(row["mime"]))
        return found

    def _links(self, names: Sequence[str]) -> list[dict[str, Any]]:
        """Where stored photos are named now; `holder` is who named it, if he had it."""
        query = (
            BlobLink.select(
                BlobLink.sha256,
                BlobLink.mime,
                BlobLink.named_by,
                StoredRecord.scope,
                BlobHolder.user_uid.alias("holder"),
            )
            .join(Blob, on=(Blob.sha256 == BlobLink.sha256))
            .switch(BlobLink)
            .join(StoredRecord, on=(StoredRecord.uid == BlobLink.uid))
            .switch(BlobLink)
            .join(
                BlobHolder,
                JOIN.LEFT_OUTER,
                on=((BlobHolder.sha256 == BlobLink.sha256) & (BlobHolder.user_uid == BlobLink.named_by)),
            )
            .where(BlobLink.sha256.in_(list(names)))
        )
        return list(query.dicts().execute(self._db))

    # who has the bytes

    def held_by(self, names: Sequence[str], officers: Collection[str]) -> set[str]:
        """Those photos that one of these officers handed in once."""
        query = BlobHolder.select(BlobHolder.sha256).where(
            BlobHolder.sha256.in_(list(names)) & BlobHolder.user_uid.in_(list(officers))
        )
        return {str(name) for (name,) in query.tuples().execute(self._db)}

    def note_holders(self, sha256: str, officers: Collection[str], device_id: str, now: str) -> None:
        """These officers have the photo: the laptop that handed it in is theirs together."""
        rows = [{"sha256": sha256, "user_uid": uid, "device_id": device_id, "at": now} for uid in sorted(officers)]
        BlobHolder.insert_many(rows).on_conflict_ignore().execute(self._db)

    # what is here

    def has(self, sha256: str) -> bool:
        """True when the whole photo is stored."""
        return bool(Blob.select(fn.COUNT(Blob.sha256)).where(Blob.sha256 == sha256).scalar(self._db))

    def missing(
        self, names: Sequence[str], officers: Collection[str], reach_of: Callable[[str], Reach | None]
    ) -> list[str]:
        """Those of these photos that are not stored whole; also those that are none of these officers' business."""
        query = Blob.select(Blob.sha256).where(Blob.sha256.in_(list(names)))
        stored = [str(name) for (name,) in query.tuples().execute(self._db)]
        known = self.held_by(stored, officers)
        known |= self._visible([name for name in stored if name not in known], reach_of).keys()
        return [name for name in names if name not in known]

    def held_after(self, name: str, count: int) -> list[tuple[str, int]]:
        """Name and bytes of the next photos in the order of their names."""
        query = Blob.select(Blob.sha256, Blob.size).where(Blob.sha256 > name).order_by(Blob.sha256).limit(count)
        return [(str(found), int(size)) for found, size in query.tuples().execute(self._db)]

    def unknown_after(self, name: str, count: int) -> list[tuple[str, str]]:
        """Name and MIME type of the next photos that records name and that are neither stored nor refused."""
        known = (Blob.select(Blob.sha256), BlobRefused.select(BlobRefused.sha256))
        query = BlobLink.select(BlobLink.sha256, fn.MIN(BlobLink.mime)).where(BlobLink.sha256 > name)
        for names in known:
            query = query.where(BlobLink.sha256.not_in(names))
        rows = query.group_by(BlobLink.sha256).order_by(BlobLink.sha256).limit(count).tuples().execute(self._db)
        return [(str(found), str(mime)) for found, mime in rows]

    def forget(self, names: Sequence[str], now: str) -> None:
        """These do not lie in the folder any more: whoever may read their records is asked for them."""
        Blob.delete().where(Blob.sha256.in_(names)).execute(self._db)
        rows = [{"sha256": name, "at": now} for name in names]
        BlobLost.insert_many(rows).on_conflict_ignore().execute(self._db)

    def add(self, sha256: str, size: int, mime: str, now: str) -> None:
        """Remember a photo that lies in the photo folder now."""
        Blob.insert(sha256=sha256, size=size, mime=mime, stored_at=now).on_conflict_ignore().execute(self._db)
        BlobLost.delete().where(BlobLost.sha256 == sha256).execute(self._db)

    def refusal(self, sha256: str) -> str:
        """Why this content was refused, "" when it was not."""
        query = BlobRefused.select(BlobRefused.reason).where(BlobRefused.sha256 == sha256)
        return next((str(reason) for (reason,) in query.tuples().execute(self._db)), "")

    def refuse(self, sha256: str, reason: str, now: str) -> None:
        """Remember that this content is no photo that we keep."""
        BlobRefused.insert(sha256=sha256, reason=reason, at=now).on_conflict_ignore().execute(self._db)

    # on their way

    def part(self, upload: str) -> Part | None:
        """A photo on its way, held until the end of the transaction."""
        query = self._database.for_update(BlobPart.select().where(BlobPart.upload == upload))
        return next((_part_of(row) for row in query.dicts().execute(self._db)), None)

    def part_of(self, device_id: str, sha256: str) -> Part | None:
        """The part that a laptop began to send."""
        query = self._database.for_update(
            BlobPart.select().where((BlobPart.device_id == device_id) & (BlobPart.sha256 == sha256))
        )
        return next((_part_of(row) for row in query.dicts().execute(self._db)), None)

    def add_part(self, part: Part) -> bool:
        """A laptop begins; False when the same laptop began already in another request."""
        row = {field.name: getattr(part, field.name) for field in fields(Part)}
        return bool(BlobPart.insert(row).on_conflict_ignore().as_rowcount().execute(self._db))

    def hold(self, upload: str, held: int, now: str) -> None:
        """So many bytes are durable."""
        BlobPart.update(held=held, touched_at=now).where(BlobPart.upload == upload).execute(self._db)

    def drop_part(self, upload: str) -> None:
        """Forget a part."""
        BlobPart.delete().where(BlobPart.upload == upload).execute(self._db)

    def uploads(self) -> frozenset[str]:
        """All parts of all laptops."""
        query = BlobPart.select(BlobPart.upload)
        return frozenset(str(name) for (name,) in query.tuples().execute(self._db))

    def drop_parts_before(self, instant: str) -> list[str]:
        """Forget parts that nobody went on with since then; their names."""
        query = BlobPart.select(BlobPart.upload).where(BlobPart.touched_at < instant)
        names = [str(name) for (name,) in query.tuples().execute(self._db)]
        BlobPart.delete().where(BlobPart.upload.in_(names)).execute(self._db)
        return names

    def drop_all_but(self, device_id: str, count: int) -> list[str]:
        """Keep the newest `count` parts of a laptop; the names of those forgotten."""
        query = BlobPart.select(BlobPart.upload).where(BlobPart.device_id == device_id)
        rows = query.order_by(BlobPart.touched_at.desc(), BlobPart.upload).offset(count).limit(1000)
        names = [str(name) for (name,) in rows.tuples().execute(self._db)]
        BlobPart.delete().where(BlobPart.upload.in_(names)).execute(self._db)
        return names


def _sees(namer: Reach | None, held: Sequence[dict[str, Any]]) -> bool:
    """True when an officer may read one of these records, so that he may have their photo anyway."""
    return namer is not None and any(namer.may_read(row["scope"]) for row in held)


def _part_of(row: dict[str, object]) -> Part:
    return Part(**{field.name: row[field.name] for field in fields(Part)})  # type: ignore[arg-type]
