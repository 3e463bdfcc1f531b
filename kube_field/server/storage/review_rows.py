"""Changes that somebody has to look at: quarantined, failed, or waiting for a record for a long time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kube_field.server.storage.database import ServerDatabase
from kube_field.server.storage.record_rows import Decision, decision_of
from kube_field.server.storage.tables import Held, Intake, ServerMeta

PROGRAM_VERSION = "program_version"
"""Name of the version of the program that served last, among the values of the installation."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change that is not in the records: what it is about, whose it is, since when, and why."""

    change_id: str
    uid: str
    kind: str
    scope: str
    author_uid: str
    sender_uid: str
    since: str
    status: str
    code: str
    waits_for: str = ""


class ReviewRows:
    """Repository of what waits for a decision."""

    def __init__(self, database: ServerDatabase) -> None:
        self._db = database.db

    def with_status(self, statuses: Sequence[str]) -> list[Waiting]:
        """Changes in one of these states, oldest first."""
        query = Intake.select().where(Intake.status.in_(list(statuses)))
        rows = query.order_by(Intake.received_at, Intake.change_id).dicts().execute(self._db)
        return [_waiting(row, row["received_at"]) for row in rows]

    def held_since(self, until: str) -> list[Waiting]:
        """Changes that wait for a record since that instant or longer, oldest first."""
        query = Intake.select(Intake, Held.waits_for, Held.since).join(Held, on=(Held.change_id == Intake.change_id))
        rows = query.where(Held.since <= until).order_by(Held.since, Intake.change_id).dicts().execute(self._db)
        return [_waiting(row, row["since"], row["waits_for"]) for row in rows]

    def change(self, change_id: str) -> Decision | None:
        """One change as it arrived."""
        rows = Intake.select().where(Intake.change_id == change_id).dicts().execute(self._db)
        return next((decision_of(row) for row in rows), None)

    def served_by(self) -> str:
        """Version of the program that served last, "" at the first time."""
        rows = ServerMeta.select(ServerMeta.value).where(ServerMeta.name == PROGRAM_VERSION).tuples().execute(self._db)
        return next((str(value) for (value,) in rows), "")

    def now_served_by(self, version: str) -> None:
        """Remember which version serves."""
        ServerMeta.insert(name=PROGRAM_VERSION, value=version).on_conflict(
            conflict_target=[ServerMeta.name], update={ServerMeta.value: version}
        ).execute(self._db)


def _waiting(row: dict[str, Any], since: str, waits_for: str = "") -> Waiting:
    named = _named(row["body"])
    errors = json.loads(row["result"]).get("errors") or [{}]
    return Waiting(
        change_id=row["change_id"],
        uid=row["uid"],
        kind=str(named.get("kind", "")),
        scope=str(named.get("scope", "")),
        author_uid=row["author_uid"],
        sender_uid=row["sender_uid"],
        since=since,
        status=row["status"],
        code=str(errors[0].get("code", "")),
        waits_for=waits_for,
    )


def _named(body: str) -> dict[str, Any]:
    """What a change says of itself, as far as it can be read."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
