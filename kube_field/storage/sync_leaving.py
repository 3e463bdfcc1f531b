"""Taking records off the laptop: scopes that are not granted any more, and the brake against a mass removal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from gettext import gettext as _
from pathlib import Path

from kube_field.domain.records import RecordKind
from kube_field.errors import Failure, KubeFieldError
from kube_field.sqlite.durable import replace_patiently
from kube_field.storage.erasure import COPY_FOLDER, COPY_NAME
from kube_field.storage.projection import EDITABLE, RECORD_KINDS, WAITING_UIDS, WORDS_LEFT, remove_remote
from kube_field.storage.store import LocalStore
from kube_field.storage.sync_room import LEAVING, SyncRoom

PIECE = 500
"""Records that leave in one transaction."""
HARMLESS_REMOVALS = 50
HARMLESS_SHARE = 0.2
ASKED = "removal_asked"
"""How many records had been taken off when the officer was asked; not set while nothing is asked."""


class TooManyRemovedError(Exception):
    """This run would take more off the laptop than it may without asking."""


class Leaving(SyncRoom):
    """Scopes that leave, and the brake."""

    def __init__(self, store: LocalStore) -> None:
        super().__init__(store)
        self._may_remove_all = False
        self._removed = 0
        self._here: int | None = None
        self._accepted: list[tuple[str, str]] = []
        self._just_lost: set[str] = set()
        """Scopes that were lost after this run's hello: the server has not heard of their proof since."""

    def start_run(self, *, allow_removal: bool = False) -> None:
        """A new run begins; with `allow_removal` the officer agreed to a mass removal.

        While he was asked and did not agree yet, what was taken off before he was asked counts on: else every run
        would take off a little more.
        """
        self._may_remove_all = allow_removal
        self._removed, self._here = int(self.meta(ASKED) or 0), None
        self._accepted = self._never_downloaded()
        self._just_lost = set()

    def lose_scope(self, scope: str) -> None:
        """The scope is not downloaded any more; what is here stays until it is taken off in good order."""
        with self._store.transaction():
            self._db.execute_sql("UPDATE sync_scope SET state = ? WHERE scope_id = ?", (LEAVING, scope))
        self._just_lost.add(scope)

    def purge_leaving(self) -> int:
        """Take off what lies in scopes that leave, after everything was sent; how many records.

        What waits or needs attention keeps its outbox row and its working row until it is settled.
        """
        removed = self._purge_settled()
        names = [name for (name,) in self._db.rows("SELECT scope_id FROM sync_scope WHERE state = ?", LEAVING)]
        for name in names:
            removed += self._purge(name)
        self.forget_words()
        return removed

    def forget_words(self) -> None:
        """Write the search index anew after something left: its rows are overwritten, but their words stay in it."""
        if self._store.setting(WORDS_LEFT) != "1":
            return
        with self._store.transaction():
            self._db.execute_sql("INSERT INTO search_words (search_words) VALUES ('optimize')")
            self._store.put_setting(WORDS_LEFT, "")
        self._db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _purge(self, scope: str) -> int:
        """One piece to a transaction; cut short, it goes on at the next run. Granted again, it is downloaded anew.

        The proof of what was seen there stays until `forget_left`: of a move into it we may have read this half only.
        """
        with self._store.transaction():
            self._drop_snapshot(scope)
            self._db.execute_sql("UPDATE sync_scope SET seq = 0, sum = '0', gen = gen + 1 WHERE scope_id = ?", (scope,))
        removed = 0
        while uids := self._based(scope):
            with self._store.transaction():
                removed += sum(remove_remote(self._store, uid) for uid in uids)
        return removed + self._purge_all_unbased(scope)

    def forget_left(self) -> None:
        """After a whole download: nothing is half read any more, and what left needs no proof."""
        left = self._db.rows(
            "SELECT scope_id FROM sync_scope s WHERE state = ? AND seq = 0"
            " AND NOT EXISTS (SELECT 1 FROM sync_base b WHERE b.scope_id = s.scope_id)",
            LEAVING,
        )
        if names := [name for (name,) in left if name not in self._just_lost]:
            with self._store.transaction():
                for name in names:
                    self._db.execute_sql("DELETE FROM sync_scope WHERE scope_id = ?", (name,))

    def _based(self, scope: str) -> list[str]:
        rows = self._db.rows("SELECT uid FROM sync_base WHERE scope_id = ? LIMIT ?", scope, PIECE)
        return [uid for (uid,) in rows]

    def _purge_all_unbased(self, scope: str) -> int:
        return sum(self._purge_unbased(table, scope) for table in (*sorted(EDITABLE), "fact"))

    def _purge_unbased(self, table: str, scope: str) -> int:
        """Our own records that were accepted, but never downloaded again."""
        query = (
            f"SELECT uid FROM {table} WHERE scope = ? AND uid NOT IN (SELECT uid FROM sync_base)"
            f" AND uid NOT IN ({WAITING_UIDS}) LIMIT ?"
        )
        removed = 0
        while uids := [uid for (uid,) in self._db.rows(query, scope, PIECE)]:
            with self._store.transaction():
                for uid in uids:
                    if table == "fact":
                        self._store.remove_fact(uid)
                    else:
                        self._store.remove_record(uid, RecordKind(table))
            removed += len(uids)
        return removed

    def _purge_settled(self) -> int:
        """What left its scopes earlier, while something of it still waited."""
        query = f"SELECT uid FROM sync_base WHERE scope_id = '' AND uid NOT IN ({WAITING_UIDS})"
        if not self._db.rows(query):  # as nearly always, and then nobody needs the lock
            return 0
        with self._store.transaction():
            return sum(remove_remote(self._store, uid) for (uid,) in self._db.rows(query))

    def purge_moved_away(self) -> int:
        """Take off our own records that were accepted before this run and that its whole download did not bring.

        They went to another area at once; no row of ours tells so, for they never were in a scope of this laptop.
        """
        gone = set(self._accepted) & set(self._never_downloaded())
        if not gone:
            return 0
        with self._store.transaction():
            for uid, kind in gone:
                if kind in EDITABLE:
                    self._store.remove_record(uid, RecordKind(kind))
                else:
                    self._store.remove_fact(uid)
        return len(gone)

    def _never_downloaded(self) -> list[tuple[str, str]]:
        """Uid and kind of our accepted records that are shown here without a base."""
        rows = self._db.rows(
            "SELECT DISTINCT uid, kind FROM outbox WHERE state = 'acked' AND uid NOT IN (SELECT uid FROM sync_base)"
            f" AND uid NOT IN ({WAITING_UIDS})"
        )
        return [(uid, kind) for uid, kind in rows if self._is_shown(uid, kind)]

    def _is_shown(self, uid: str, kind: str) -> bool:
        table = kind if kind in EDITABLE else "fact"
        return bool(self._db.value(f"SELECT 1 FROM {table} WHERE uid = ?", uid))

    # the brake

    def _count_removed(self, count: int) -> None:
        """Raises: TooManyRemovedError when the run has taken off more than a fifth of everything, and more than 50."""
        if not count:
            return
        self._removed += count
        if self._may_remove_all:
            self._forget(ASKED)
        elif self._removed > HARMLESS_REMOVALS and self._removed > HARMLESS_SHARE * self._before():
            raise TooManyRemovedError

    def _before(self) -> int:
        """Records at the beginning of the run, as far as the run asked."""
        if self._here is None:
            marks = ", ".join(f"'{kind}'" for kind in sorted(RECORD_KINDS))
            now = int(self._db.value(f"SELECT count(*) FROM sync_base WHERE kind IN ({marks})"))
            self._here = now + self._removed
        return self._here

    @contextmanager
    def _braked(self) -> Iterator[None]:
        """Undo what removes too much, keep a copy of the database, and ask. Raises: KubeFieldError."""
        before = self._removed
        try:
            yield
        except TooManyRemovedError:
            self._removed = before
            if not self.meta(ASKED):
                self._keep_copy()
            with self._store.transaction():
                self._put(ASKED, str(before))
            raise mass_removal() from None

    def _keep_copy(self) -> None:
        """A closed copy of the whole database, under the same key. Raises: KubeFieldError when it cannot be made."""
        folder = Path(self._db.database).parent / COPY_FOLDER
        fresh = folder / f"{COPY_NAME}.baru"
        try:
            folder.mkdir(exist_ok=True)
            fresh.unlink(missing_ok=True)
            self._db.execute_sql("VACUUM INTO ?", (str(fresh),))
            replace_patiently(fresh, folder / COPY_NAME)
        except OSError as error:
            raise KubeFieldError(
                Failure.FILE_REFUSED,
                _("Salinan data sebelum penghapusan tidak dapat dibuat. Belum ada yang dihapus."),
                _("Periksa ruang dan izin folder data, lalu coba lagi. Data Anda aman di laptop."),
            ) from error


def mass_removal() -> KubeFieldError:
    """The server would take so much off this laptop that the officer is asked first."""
    return KubeFieldError(
        Failure.NOT_ALLOWED,
        _("Server ingin menghapus banyak sekali data dari laptop ini. Belum ada yang dihapus."),
        _("Tanyakan dulu kepada admin provinsi. Bila benar, izinkan penghapusan pada sinkronisasi berikutnya."),
        code="MASS_REMOVAL",
    )
