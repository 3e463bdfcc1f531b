"""Keeps the journal equal to what waits in the outbox, and puts back what only the journal knows.

A change is added after its commit and taken out before the commit that takes it back, so that after a kill in between
the journal lacks what the outbox has, never the other way round. What the journal has and the database has never
heard of is therefore work that a lost or older database does not hold any more.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from kube_field.domain.commit import Commit
from kube_field.domain.records import EDITABLE_KINDS, Change
from kube_field.errors import Failure, KubeFieldError
from kube_field.storage.courier_files import HEARD
from kube_field.storage.headers import UnfitError
from kube_field.storage.journal import ChangeRow, Journal
from kube_field.storage.rows import change_of
from kube_field.storage.working_rows import Arrived, arrived_fact, rebuild_record

if TYPE_CHECKING:
    from kube_field.storage.store import LocalStore

WANTED = """
SELECT change_id, ever_kept, base_version FROM outbox
  WHERE state IN ('queued', 'sent', 'held', 'attention') AND status <> 'erased'
UNION SELECT o.change_id, o.ever_kept, o.base_version
  FROM blob b JOIN blob_link l ON l.sha256 = b.sha256 JOIN outbox o ON o.uid = l.uid
  WHERE b.state IN ('local', 'sending', 'refused') AND o.status <> 'erased'
"""
"""Without a receipt, or with photos that have none: the change names them; their files lie encrypted on the disk."""
COLUMNS = (
    "o.n, change_id, uid, kind, scope_id, base_version, form_version, deps_json, resolves_json, by_uid, at, reason,"
    " sha256, created, ever_kept, sets_json"
)
CHANGES = "FROM outbox o JOIN outbox_content c ON c.n = o.n"
WHOLE = f"SELECT {COLUMNS} {CHANGES}"
"""What also a damaged database of before the last migration has."""
ROWS = (
    f"SELECT {COLUMNS}, seen_in, written_after {CHANGES}"
    " WHERE change_id IN (SELECT value FROM json_each(?)) ORDER BY o.n"
)
KNOWN = "SELECT change_id FROM outbox WHERE change_id IN (SELECT value FROM json_each(?))"
OF_RECORDS = "SELECT change_id FROM outbox WHERE uid IN (SELECT value FROM json_each(?))"
IS_ERASED = "SELECT 1 FROM outbox WHERE status = 'erased' AND change_id IN (SELECT value FROM json_each(?)) LIMIT 1"
SETTINGS = "SELECT name, value FROM setting WHERE name NOT IN ('forms_learnt', 'words_left')"
"""All but what says something about the working rows of exactly this database."""
METAS = """
SELECT k, v FROM sync_meta WHERE k IN ('device_id', 'user_uid', 'token', 'former_tokens', 'server_id', 'server_url',
  'ca_pem', 'continuity', 'epoch', 'last_seen_server_time', 'server_clock_offset')
  OR (k LIKE 'courier%' AND k <> 'courier_heard')
"""
"""Not HEARD, how many files were answered: a new database numbers its own from one on."""
NUMBERS = "SELECT paper, year, value FROM number_counter"
RAISE = """
INSERT INTO number_counter (paper, year, value) VALUES (?, ?, ?)
ON CONFLICT (paper, year) DO UPDATE SET value = max(value, excluded.value)
"""
SETTING, META, NUMBER = "setting", "meta", "number"


class JournalKeeper:
    """Stands between one open store and its journal; without a journal it does nothing."""

    def __init__(self, store: LocalStore, journal: Journal | None) -> None:
        self._store, self._db = store, store.db
        self._journal = journal
        self.put_back = 0
        """How many changes only the journal had when it was opened."""

    @property
    def is_behind(self) -> bool:
        """True while unsent work has no second copy, since its file could not be written."""
        return self._journal is not None and self._journal.is_behind

    @contextmanager
    def taking_back(self, work: Commit) -> Iterator[None]:
        """Around a commit that takes changes back: they leave the journal first, and nobody compares meanwhile."""
        journal = self._journal
        if journal is None or not (work.withdrawn_changes or work.withdrawn_facts):
            yield
            return
        with journal.lock:
            of_facts = self._names(OF_RECORDS, json.dumps(list(work.withdrawn_facts)))
            journal.write(drop={*work.withdrawn_changes, *of_facts} & journal.held.keys())
            try:
                yield
            except BaseException:
                journal.is_behind = True  # they wait still
                raise

    def rows_of(self, work: Commit) -> Sequence[ChangeRow]:
        """The changes of a commit as they go into the journal; read inside its transaction."""
        return self._rows({change.id for change in work.changes}) if self._journal is not None else ()

    def keep(self, rows: Sequence[ChangeRow], work: Commit) -> None:
        """Write down what was just committed; what could not be written earlier is made up for."""
        journal = self._journal
        if journal is None or not (rows or work.number):
            return
        number = work.number
        tell = {f"{NUMBER} {number.paper} {number.year}": str(number.value)} if number is not None else {}
        with journal.lock:
            if journal.is_read and not journal.is_behind:
                journal.write(rows, tell=tell)
                return
        with suppress(KubeFieldError):  # the commit itself is done
            self.keep_up()

    def keep_up(self) -> None:
        """Make the journal say what waits in the outbox now, no more and no less."""
        journal = self._journal
        if journal is None:
            return
        with journal.lock:
            if not journal.is_read and not self._take_up(journal):
                return
            held = journal.held
            wanted = {str(name): (bool(kept), int(base)) for name, kept, base in self._db.rows(WANTED)}
            gone = held.keys() - wanted.keys()
            said = {name: (line.ever_kept, line.base_version) for name, line in held.items()}
            new = {name for name, now in wanted.items() if said.get(name) != now}
            told = self._told()
            is_done = journal.write(
                self._rows(new),
                gone,
                {
                    name: told.get(name)
                    for name in told.keys() | journal.told
                    if told.get(name) != journal.told.get(name)
                },
            )
            journal.is_behind = not is_done
            if is_done and (journal.is_wasteful or self._is_erased(gone)):
                journal.rewrite(self._rows(wanted.keys()), told)

    def write_anew(self) -> bool:
        """Let the journal say what waits now, and leave no line in it that was taken back; False when it cannot be."""
        journal = self._journal
        if journal is None:
            return True
        with journal.lock:
            if not journal.is_read and not self._take_up(journal):
                return False
            wanted = {str(name) for name, _kept, _base in self._db.rows(WANTED)}
            journal.is_behind = not journal.rewrite(self._rows(wanted), self._told())
            return not journal.is_behind

    def _take_up(self, journal: Journal) -> bool:
        """Read it for the first time, and put back what only it has."""
        try:
            kept = journal.read()
            known = self._names(KNOWN, json.dumps(list(kept.changes)))
            lost = [row for name, row in kept.changes.items() if name not in known]
            if lost or are_higher(self._store, kept.told):
                with self._store.transaction():
                    raise_numbers(self._store, kept.told)
                    put_back(self._store, lost)
                self.put_back = len(lost)
        except (OSError, KubeFieldError) as error:
            journal.is_read, journal.is_behind = False, True
            if isinstance(error, KubeFieldError) and error.failure != Failure.DISK_FULL:
                raise
        return journal.is_read

    def _names(self, query: str, *values: object) -> set[str]:
        return {str(name) for (name,) in self._db.rows(query, *values)}

    def _rows(self, names: Set[str]) -> list[ChangeRow]:
        return list(self._db.named_rows(ROWS, json.dumps(sorted(names)))) if names else []

    def _is_erased(self, names: Set[str]) -> bool:
        return bool(names) and bool(self._db.value(IS_ERASED, json.dumps(sorted(names))))

    def _told(self) -> dict[str, str]:
        return told_of(self._db.rows(SETTINGS), self._db.rows(METAS), self._db.rows(NUMBERS))


Rows = Sequence[tuple[Any, ...]]


def told_of(settings: Rows, metas: Rows, numbers: Rows) -> dict[str, str]:
    """What a laptop needs to go on as the same one, by names of one kind."""
    return {
        **{f"{SETTING} {name}": str(value) for name, value in settings},
        **{f"{META} {name}": str(value) for name, value in metas},
        **{f"{NUMBER} {paper} {year}": str(value) for paper, year, value in numbers},
    }


def put_back(store: LocalStore, rows: Sequence[ChangeRow]) -> None:
    """Queue changes under their own ids again, oldest first, and show what they say.

    They count as handed over: the server may have them already, and then recognises them.
    """
    with store.transaction():
        for row in sorted(rows, key=lambda row: int(row["n"])):
            told = {"lies_in": row.get("seen_in") or row["scope_id"], "written_after": row.get("written_after")}
            change = change_of({**row, **told, "state": "queued"})
            store.queue.add(change, is_new=False)
            store.db.execute_sql(
                "UPDATE outbox SET ever_sent = 1, ever_kept = ? WHERE change_id = ?", (row["ever_kept"], change.id)
            )
            _show(store, change)


def take_identity(store: LocalStore, told: Mapping[str, str]) -> None:
    """Give a new database what the journal was told: settings, who this laptop is, the last document numbers."""
    with store.transaction():
        raise_numbers(store, told)
        for name, value in told.items():
            sort, _space, rest = name.partition(" ")
            if sort == SETTING:
                store.put_setting(rest, value)
            elif sort == META and rest != HEARD:  # journals of before tell it too
                store.db.put_row("sync_meta", {"k": rest, "v": value}, key="k")


def raise_numbers(store: LocalStore, told: Mapping[str, str]) -> None:
    """Let no document number be given that was given already; inside a transaction."""
    for row in _numbers_in(told):
        store.db.execute_sql(RAISE, row)


def are_higher(store: LocalStore, told: Mapping[str, str]) -> bool:
    """True when a number was given of which the database does not know: it is an older one."""
    return any(value >= store.next_number(paper, year) for paper, year, value in _numbers_in(told))


def _numbers_in(told: Mapping[str, str]) -> Iterator[tuple[str, int, int]]:
    """Paper, year and last number."""
    for name, value in told.items():
        sort, _space, rest = name.partition(" ")
        if sort == NUMBER:
            paper, _space, year = rest.rpartition(" ")
            yield paper, int(year), int(value)


def _show(store: LocalStore, change: Change) -> None:
    """An edit of a record that is not here is shown as far as it says, in no scope, until the record is downloaded."""
    if change.kind in EDITABLE_KINDS:
        if not change.create and store.records.get(change.uid) is None:
            store.db.insert_row("sync_base", {"uid": change.uid, "kind": change.kind.value, "body_json": "{}"})
        rebuild_record(store, change.uid)
    elif store.facts.get(change.uid) is None:
        body = {name: new for name, (_old, new) in change.sets.items()}
        arrived = Arrived(change.uid, change.kind.value, change.scope, 0, body, change.sha256, change.by)
        with suppress(UnfitError):  # it waits all the same
            store.put_fact(arrived_fact(arrived))
