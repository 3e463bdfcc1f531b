"""The laptop's side of synchronisation over the encrypted store; each part of it has a room of its own.

Who we are and hello: `sync_identity`. Outbox, verifying and results: `sync_sending`. Pages, sums, digest:
`sync_download`. Scopes that leave and the brake: `sync_leaving`. First download: `sync_snapshot`. Photos:
`photo_queue`. Every method is one transaction, unless it says that it is several.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kube_field.domain.sync_views import SyncRun
from kube_field.storage.handed_over import close_run, forget_empty_runs
from kube_field.storage.photo_queue import PhotoQueue
from kube_field.storage.store import DEVICE_CODE, LocalStore
from kube_field.storage.sync_download import Downloading
from kube_field.storage.sync_identity import Identity
from kube_field.storage.sync_sending import Sending
from kube_field.storage.sync_snapshot import Snapshots
from kube_field.storage.unsolved import note_all_sent, note_run

NOT_STORED = ("id", "exit_code")


class LocalSyncStore(Identity, Sending, Downloading, Snapshots):
    """Synchronisation as it stands on one laptop. Implements `sync.ports.SyncStore`."""

    def __init__(self, store: LocalStore) -> None:
        super().__init__(store)
        self.photos = PhotoQueue(store)

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is stored inside is stored as one, or not at all."""
        with self._store.transaction():
            yield

    def add_run(self, run: SyncRun) -> None:
        """Remember a run, and under which name it went; no words of what left meanwhile stay in the search index.

        What the server has by its receipts leaves the journal.
        """
        with self._store.transaction():
            row = {name: getattr(run, name) for name in SyncRun.__slots__ if name not in NOT_STORED}
            length, head = self._store.audit_log.head()
            here = {"device_code": self._store.setting(DEVICE_CODE), "server": self.meta("server_url")}
            self._db.insert_row("sync_run", row | here | {"audit_length": length, "audit_head": head})
            number = int(self._db.value("SELECT max(id) FROM sync_run"))
            close_run(self._db, number)
            note_run(self._db, run, number)
            if self._store.queue.pill().is_all_sent:
                note_all_sent(self._db, run)
            forget_empty_runs(self._db)
        self.forget_words()
        self._store.journal.keep_up()
