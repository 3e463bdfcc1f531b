"""What a laptop gives to the courier and takes from him; nothing is moved, nothing is acknowledged by giving."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence

import msgspec
from msgspec import Raw, structs

from kube_field.domain.records import Change
from kube_field.storage.courier_files import GIVEN_TO_VERIFY, HEARD, note_file, number_of
from kube_field.storage.rows import change_of
from kube_field.storage.store import LocalStore
from kube_field.storage.sync_room import SyncRoom
from kube_field.wire.bundle import Frame, Keys
from kube_field.wire.changes import to_wire
from kube_field.wire.codec import to_json
from kube_field.wire.courier import MAX_BUNDLE_BYTES, Op
from kube_field.wire.messages import MAX_HAVE_IDS, BlobStart, CourierKeys, Have, Pull, Push, WireChange

KEY_BYTES = 32
FRAME_CHANGES, FRAME_BYTES = 64, 1_000_000
OWN_SIGN, OWN_SEAL = "courier_sign", "courier_seal"
SERVER_SIGN, SERVER_SEAL = "courier_server_sign", "courier_server_seal"

WAITING = "SELECT * FROM outbox_whole WHERE state IN ('queued', 'sent', 'held') AND n > ? ORDER BY n LIMIT ?"
PHOTOS = """
SELECT b.sha256, b.size, b.mime, min(l.uid) FROM blob b JOIN blob_link l ON l.sha256 = b.sha256
WHERE b.state IN ('local', 'sending') AND EXISTS (SELECT 1 FROM outbox o WHERE o.uid = l.uid)
GROUP BY b.sha256 ORDER BY b.rowid
"""
HAVE_CHANGES = f"SELECT change_id FROM outbox WHERE {GIVEN_TO_VERIFY} ORDER BY n"
HAVE_PHOTOS = """
SELECT b.sha256 FROM blob b WHERE b.state = 'stored'
  AND EXISTS (SELECT 1 FROM blob_link l JOIN outbox o ON o.uid = l.uid WHERE l.sha256 = b.sha256) ORDER BY b.rowid
"""
"""Photos that this laptop would give again."""
NEWS = """
SELECT * FROM outbox_whole WHERE state <> 'acked' AND from_file <= ? AND change_id IN (SELECT value FROM json_each(?))
"""
SCOPES = "SELECT scope_id, seq, head_seen, chain_seen FROM sync_scope WHERE state <> 'leaving' ORDER BY scope_id"
CURSOR = "SELECT seq, head_seen, chain_seen FROM sync_scope WHERE state <> 'leaving'"


class CourierBox(SyncRoom):
    """The courier's side of one laptop's store."""

    def __init__(self, store: LocalStore) -> None:
        super().__init__(store)
        self._public: CourierKeys | None = None

    # keys

    def keys(self) -> Keys:
        """Our own keys, made at the first time; their private halves never leave the encrypted database."""
        with self._store.transaction():
            for name in (OWN_SIGN, OWN_SEAL):
                if not self.meta(name):
                    self._put(name, os.urandom(KEY_BYTES).hex())
        return Keys(bytes.fromhex(self.meta(OWN_SIGN)), bytes.fromhex(self.meta(OWN_SEAL)))

    def public_keys(self) -> CourierKeys:
        """What the server needs to know of our keys; every hello says it, and they never change."""
        if self._public is None:
            sign, seal = self.keys().public()
            self._public = CourierKeys(sign=sign, seal=seal)
        return self._public

    def keep_server_keys(self, keys: CourierKeys) -> None:
        """Keep what the server said of its keys; inside a transaction. Only an online, verified server is believed."""
        self._put_all({SERVER_SIGN: keys.sign, SERVER_SEAL: keys.seal})

    def server_keys(self) -> CourierKeys | None:
        """The server's keys; None before the first run."""
        sign, seal = self.meta(SERVER_SIGN), self.meta(SERVER_SEAL)
        return CourierKeys(sign=sign, seal=seal) if sign and seal else None

    # giving

    def files(self, new_id: Callable[[], str], read_photo: Callable[[str], bytes | None]) -> Iterator[list[Frame]]:
        """What waits, and where we stand, as the frames of one file after the other; each file stands alone.

        The changes are marked as handed over before anybody gets them; they keep waiting until a receipt comes.
        """
        file: list[Frame] = [*self._to_verify(), *self._cursors()]
        used = sum(len(frame.body) for frame in file)
        for frame in self._content(new_id, read_photo):
            if file and used + len(frame.body) > MAX_BUNDLE_BYTES:
                yield file
                file, used = [], 0
            file.append(frame)
            used += len(frame.body)
        yield file

    def _content(self, new_id: Callable[[], str], read_photo: Callable[[str], bytes | None]) -> Iterator[Frame]:
        last = 0
        while batch := self._next_batch(last):
            last = batch[-1][0]
            changes = [Raw(to_json(self._of_its_life(change))) for _n, change in batch]
            push = Push(device=self.meta("device_id"), step=new_id(), changes=changes)
            yield Frame(Op.PUSH, to_json(push))
        for name, size, mime, uid in self._db.rows(PHOTOS):
            if (content := read_photo(name)) is not None:
                start = BlobStart(sha256=name, size=size, mime=mime, uid=uid)
                yield Frame(Op.PHOTO, content, to_json(start).decode())

    def _of_its_life(self, change: Change) -> WireChange:
        """A change as it travels by stick: a version that it counts on is one of the server's life that we know."""
        life = self.meta("epoch") if change.base_version else ""
        return structs.replace(to_wire(change), life=life or msgspec.UNSET)

    def _next_batch(self, last: int) -> list[tuple[int, Change]]:
        taken: list[tuple[int, Change]] = []
        used = 0
        with self._store.transaction():
            for row in self._db.named_rows(WAITING, last, FRAME_CHANGES):
                used += row["size"]
                if taken and used > FRAME_BYTES:
                    break
                taken.append((row["n"], change_of(row)))
                self._db.execute_sql("UPDATE outbox SET ever_sent = 1, by_courier = 1 WHERE n = ?", (row["n"],))
        return taken

    def _to_verify(self) -> Iterator[Frame]:
        """What the server should have: without a connection only its answer tells what it lost when it was put back."""
        changes = [name for (name,) in self._db.rows(HAVE_CHANGES)]
        photos = [name for (name,) in self._db.rows(HAVE_PHOTOS)]
        for at in range(0, max(len(changes), len(photos)), MAX_HAVE_IDS):
            end = at + MAX_HAVE_IDS
            yield Frame(Op.HAVE, to_json(Have(ids=changes[at:end], photos=photos[at:end])))

    def _cursors(self) -> list[Frame]:
        return [
            Frame(Op.PULL, to_json(Pull(scope=scope, seq=seq, head=head, chain=link)), scope)
            for scope, seq, head, link in self._db.rows(SCOPES)
        ]

    def note_file(self, file_id: str) -> None:
        """Number a file that is about to be written."""
        with self._store.transaction():
            note_file(self._db, file_id)

    # taking

    def number_of(self, file_id: str) -> int:
        """The number of a file of ours; 0 for one that this laptop does not remember."""
        return number_of(self._db, file_id)

    def heard(self) -> int:
        """Up to which file the server's own word is newer than an answer."""
        return int(self.meta(HEARD) or 0)

    def hear(self, number: int) -> None:
        """The answer to this file was taken in; inside a transaction or not."""
        if number > self.heard():
            with self._store.transaction():
                self._put(HEARD, str(number))

    def changes(self, ids: list[str], file: int) -> list[Change]:
        """Our changes of these ids without a receipt, of which the answer to a file of this number is news."""
        return [change_of(row) for row in self._db.named_rows(NEWS, file, msgspec.json.encode(ids).decode())]

    def answered(self, changes: Sequence[Change], file: int) -> None:
        """The answer to this file was taken for these changes: it is news no more, that to a later file still is."""
        named = msgspec.json.encode([change.id for change in changes]).decode()
        query = "UPDATE outbox SET from_file = ? WHERE change_id IN (SELECT value FROM json_each(?))"
        self._db.execute_sql(query, (file + 1, named))

    def cursor(self, scope: str, file: int) -> tuple[int, int, str] | None:
        """How far a scope was downloaded, and the proof.

        None for one that this laptop does not download, or began to download anew since that file was given.
        """
        found = self._db.rows(f"{CURSOR} AND from_file <= ? AND scope_id = ?", file, scope)
        return found[0] if found else None
