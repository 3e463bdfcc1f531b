"""The download part of a run: first downloads, pages, mending of a scope whose sum differs; one call per step."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec import UNSET

from kube_field.sync.pace import QUICK_SECONDS
from kube_field.sync.ports import SyncStore, Transport
from kube_field.wire.columns import MAX_TABLE_BYTES
from kube_field.wire.messages import Limits, Pull, PullAnswer
from kube_field.wire.page_tables import rows_in
from kube_field.wire.refusals import Refusal, RefusalCode
from kube_field.wire.server_words import user_scope

FAR = 2**62
"""A head beyond every cursor."""
PIECE_BYTES = 128 * 1024
"""How much of a first download is asked for at once."""
LEAST_PAGE_BYTES = 64 * 1024
NOT_TO_BE_HAD = frozenset({RefusalCode.NO_SUCH_ADDRESS, RefusalCode.BLOB_UNKNOWN, RefusalCode.BODY_UNREADABLE})


class DownloadLane:
    """The downloads of one run, after everything was sent.

    Attributes: `received` rows; `unmended`, a scope differs from the server's whatever was done; `too_old`, the server
    gives nothing to this program any more (what is sent it still takes); `has_lost`, a scope is not granted any more.
    """

    def __init__(self, store: SyncStore, transport: Transport) -> None:
        self.received = 0
        self.unmended = self.too_old = self.has_lost = False
        self._store = store
        self._transport = transport
        self._page_bytes = self._most_bytes = Limits().pull_bytes
        self._with_tables = True
        self._heads: dict[str, int] = {}
        self._scopes: list[str] | None = None
        self._to_fetch: list[str] = []
        self._to_compare = ""
        self._compared: set[str] = set()
        self._repeated: set[str] = set()
        self._asked_snapshot = False

    def begin(self, heads: Mapping[str, int], limits: Limits) -> None:
        """The server said where it stands."""
        self._heads, self._page_bytes = dict(heads), min(self._page_bytes, limits.pull_bytes)
        self._most_bytes = MAX_TABLE_BYTES if limits.table_rows else limits.pull_bytes
        self._scopes, self._to_fetch, self._to_compare = None, [], ""

    def expect(self, scopes: Collection[str], *, decisions: bool) -> None:
        """What was sent there comes back with its version, and with it perhaps a late decision.

        Also when it was sent between photos, after everything had been downloaded.
        """
        for name in self._heads:
            if name in scopes or (decisions and name.startswith(user_scope(""))):
                self._heads[name] = FAR
                if self._scopes is not None and name not in self._scopes:
                    self._scopes.append(name)

    def has_more(self) -> bool:
        """True while a step is left; which scopes there are is settled when the queue is empty."""
        return bool(self._todo()) and not self.too_old

    def step(self) -> None:
        """Make the next network call. Raises: KubeFieldError, Refusal."""
        scope = self._todo()[0]
        self._asked_snapshot = False
        if self._to_fetch:
            self._fetch(scope)
        elif self._to_compare == scope:
            self._compare(scope)
        elif self._store.snapshot_wanted(scope) is not None:
            self._first_download(scope)
        else:
            self._page(scope)

    def answered(self, seconds: float) -> None:
        """An answer came after so long: where the line is good, the next page may be larger."""
        if seconds < QUICK_SECONDS and self._with_tables:
            self._page_bytes = min(self._page_bytes * 2, self._most_bytes)

    def lost(self) -> None:
        """No answer came."""
        self._page_bytes = max(LEAST_PAGE_BYTES, self._page_bytes // 2)

    def after_refusal(self, refusal: Refusal) -> bool:
        """Do what a refusal asks for; False when it concerns more than this scope."""
        if refusal.code == RefusalCode.SCOPE_NOT_GRANTED:
            self._store.lose_scope(self._next_scope())
            self.has_lost = True
        elif refusal.code == RefusalCode.UPGRADE_NEEDED:
            self.too_old = True
        elif refusal.code in NOT_TO_BE_HAD and self._asked_snapshot:
            self._store.drop_snapshot(self._todo()[0])
        elif refusal.code in NOT_TO_BE_HAD and self._to_compare:
            self._start_over(self._to_compare)  # a server that cannot compare
        else:
            return False
        return True

    def _todo(self) -> list[str]:
        if self._scopes is None:
            self._scopes = self._store.behind(self._heads)
        return self._scopes

    def _next_scope(self) -> str:
        self._to_fetch, self._to_compare = [], ""
        return self._todo().pop(0)

    def _first_download(self, scope: str) -> None:
        wanted = self._store.snapshot_wanted(scope)
        if wanted is not None and wanted.left:
            self._asked_snapshot = True
            size = min(PIECE_BYTES, wanted.left)
            piece = self._transport.snapshot(scope, wanted.seq, wanted.offset, size)
            self._store.take_piece(scope, wanted.offset, piece)
            asked, wanted = wanted, self._store.snapshot_wanted(scope)
            if wanted == asked:  # the file ends before its end
                self._store.drop_snapshot(scope)
        if wanted is not None and not wanted.left:
            self.received += self._store.store_snapshot(scope)

    def _page(self, scope: str) -> None:
        page = self._asked(self._store.pull(scope, self._page_bytes))
        if page is None:
            return
        self.received += self._store.take_page(scope, page)
        if not page.more:
            self._after_last_page(scope)

    def _asked(self, request: Pull) -> PullAnswer | None:
        """The page with its rows; None for a table that says something else than was meant: rows from now on."""
        request.table = self._with_tables
        page = self._transport.pull(request)
        if page.table is not UNSET:
            try:
                page.rows = rows_in(page.table)
            except ValueError:
                self._with_tables = False
                return None
        return page

    def _after_last_page(self, scope: str) -> None:
        state = self._store.scope_state(scope)
        if state == "differs" and scope not in self._compared:
            self._compared.add(scope)
            self._to_compare = scope
        elif state == "differs":
            self._start_over(scope)
        elif state == "resync" and scope not in self._repeated:  # the server stood behind the cursor
            self._repeated.add(scope)
        else:
            self._next_scope()

    def _start_over(self, scope: str) -> None:
        """Comparing did not mend it: everything anew, unless that did not help before."""
        self._to_compare = ""
        if not self._store.start_over(scope):
            self.unmended = True
            self._next_scope()

    def _compare(self, scope: str) -> None:
        answer = self._transport.digest(self._store.digest(scope))
        self._to_fetch = self._store.take_digest(scope, answer)
        self._to_compare = ""

    def _fetch(self, scope: str) -> None:
        request = self._store.fetch(scope, self._to_fetch, self._page_bytes)
        page = self._asked(request)
        if page is None:
            return
        self.received += self._store.take_fetched(scope, page)
        delivered = {row.uid for row in page.rows}
        if not page.more or not delivered:  # all of those asked for; what did not come is not there any more
            delivered.update(request.uids)
        self._to_fetch = [uid for uid in self._to_fetch if uid not in delivered]
