"""Durable saves: a visit finalised and a draft autosaved, against one bare commit of as many bytes in one row."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kube_field.domain.forms.evaluation import Evaluation
from kube_field.domain.records import Draft
from kube_field.usecases.drafts import evaluate_draft, save_draft
from kube_field.usecases.finalise import commit_draft, reopen_document
from kube_field.usecases.session import Session
from tests.bench.bare_database import bare_connection
from tests.bench.measure import Pairs, Row, Sizes, milliseconds
from tests.support.laptop import DATABASE_KEY, Laptop, make_laptop
from tests.support.make_records import REASON, make_unit, visit_answers

VISITED_ON = "2026-11-20"
TABLES_OF_A_SAVE = {"fact": "uid", "outbox": "uid", "search_entry": "uid", "audit": "object_id"}
TABLES_OF_A_DRAFT = {"draft": "uid", "draft_version": "draft_uid"}


@contextmanager
def timed_commits(store: Any) -> Iterator[list[float]]:
    """Milliseconds of every commit of the laptop's store meanwhile."""
    commits: list[float] = []
    commit = store.commit
    store.commit = lambda work: commits.append(milliseconds(lambda: commit(work)))
    try:
        yield commits
    finally:
        del store.commit


def measure(sizes: Sizes) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder, make_laptop(Path(folder)) as laptop:
        draft, answers = visit_answers(laptop.session, make_unit(laptop.session).uid, VISITED_ON)
        draft = save_draft(laptop.session, draft=draft, answers=answers)
        return [
            _autosave(laptop, draft, sizes.saves),
            *_finalise(laptop, draft, sizes.saves),
        ]


def _autosave(laptop: Laptop, draft: Draft, rounds: int) -> Row:
    pairs = Pairs()
    size = _bytes_of(laptop, TABLES_OF_A_DRAFT, draft.uid)
    with bare_commits(laptop, size) as bare:
        for n in range(rounds):
            answers = {**draft.answers, "officer_opinion": f"Usaha berjalan baik, pembukuan teratur ({n})."}
            pairs.ours.append(milliseconds(lambda a=answers: save_draft(laptop.session, draft=draft, answers=a)))
            pairs.bare.append(milliseconds(bare))
    return pairs.row("save: autosave of a visit's draft")


def _finalise(laptop: Laptop, draft: Draft, rounds: int) -> list[Row]:
    session, whole = laptop.session, Pairs()
    reasons = {one.key: REASON for one in _judged(session, draft).unconfirmed({})}
    fact = commit_draft(session, draft_uid=draft.uid, confirmed=reasons)
    size = _bytes_of(laptop, TABLES_OF_A_SAVE, fact.uid)
    commits: list[float] = []
    with bare_commits(laptop, size) as bare:
        for _ in range(rounds):
            draft = reopen_document(session, uid=fact.uid, reason=REASON)
            with timed_commits(laptop.store) as told:
                whole.ours.append(
                    milliseconds(lambda uid=draft.uid: commit_draft(session, draft_uid=uid, confirmed=reasons))
                )
            commits += told
            whole.bare.append(milliseconds(bare))
    return [
        whole.row("save: finalise a visit, rules and all"),
        Pairs(commits, whole.bare).row("save: finalise a visit, its one commit"),
    ]


def _judged(session: Session, draft: Draft) -> Evaluation:
    return evaluate_draft(session, draft=draft)


@contextmanager
def bare_commits(laptop: Laptop, size: int) -> Iterator[Callable[[], None]]:
    """A function that commits one row of `size` bytes to a database of its own beside the laptop's."""
    content = b"x" * size
    with bare_connection(laptop.folder / "bare.db", DATABASE_KEY) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS saved (id INTEGER PRIMARY KEY, content BLOB)")

        def commit() -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO saved (content) VALUES (?)", (content,))
            connection.execute("COMMIT")

        commit()
        yield commit


def _bytes_of(laptop: Laptop, tables: dict[str, str], uid: str) -> int:
    """Bytes that the newest rows about a record hold in their columns."""
    db = laptop.store.db
    total = 0
    for table, key in tables.items():
        columns = [name for _n, name, *_rest in db.rows(f"PRAGMA table_info({table})")]
        lengths = " + ".join(f"coalesce(length(CAST({name} AS BLOB)), 0)" for name in columns)
        query = f"SELECT {lengths} FROM {table} WHERE {key} = ? ORDER BY rowid DESC LIMIT 1"
        total += int(db.value(query, uid) or 0)
    return total
