"""Changes that somebody has to look at: quarantined, failed, or waiting for a record for a long time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kube_field.domain.records import PROVINCE_SCOPE
from kube_field.server.storage.database import ServerDatabase
from kube_field.server.storage.record_rows import Decision, decision_of
from kube_field.server.storage.tables import Held, Intake, ServerMeta

PROGRAM_VERSION = "program_version"
"""Name of the version of the program that served last, among the values of the installation."""
PLACE = f"""
CASE WHEN r.uid IS NOT NULL THEN r.scope
     WHEN p.uid IS NOT NULL AND p.scope <> '{PROVINCE_SCOPE}' THEN p.scope ELSE a.scope END
"""
"""Where a change that was set aside would go now: to its record, to its parent, else by its own word."""
SET_ASIDE = """
FROM aside a LEFT JOIN held h ON h.change_id = a.change_id
LEFT JOIN record r ON r.uid = a.uid LEFT JOIN record p ON p.uid = a.parent
WHERE (h.change_id IS NULL OR h.since <= ?)
"""
PAGE = "AND (a.since, a.change_id) > (?, ?)"


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


@dataclass(frozen=True, slots=True)
class Aside:
    """A change that was set aside, as it arrived: `since` when, `place` where it would go now.

    `waits_for` is the record that it misses.
    """

    decision: Decision
    since: str
    place: str
    waits_for: str = ""


@dataclass(frozen=True, slots=True)
class AreasOf:
    """Whose areas and kinds a list of what was set aside is kept to."""

    areas: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a change so far, when and by whom ("" for the server itself)."""

    decision: Decision
    decided_at: str


class ReviewRows:
    """Repository of what waits for a decision."""

    def __init__(self, database: ServerDatabase) -> None:
        self._database = database
        self._db = database.db

    def aside(self, within: AreasOf | None, *, after: tuple[str, str], held_until: str, limit: int) -> list[Aside]:
        """What was set aside, and what waits for a record since that instant or longer, oldest first.

        `within` keeps it to somebody's areas; it goes on after the (since, change id) of the last one known. No body
        is read but those that are given.
        """
        only, values = self._only(within)
        query = f"""
            SELECT i.*, w.since, w.place, w.waits_for FROM (
                SELECT a.change_id, a.since, {PLACE} AS place, coalesce(h.waits_for, '') AS waits_for
                {SET_ASIDE} {PAGE} {only} ORDER BY a.since, a.change_id LIMIT ?
            ) w JOIN intake i ON i.change_id = w.change_id ORDER BY w.since, w.change_id
        """
        rows = self._database.named_rows(query, held_until, *after, *values, limit)
        return [Aside(decision_of(row), row["since"], row["place"], row["waits_for"]) for row in rows]

    def count_aside(self, within: AreasOf | None, *, held_until: str) -> int:
        """How many changes that list holds."""
        only, values = self._only(within)
        return int(self._database.value(f"SELECT count(*) {SET_ASIDE} {only}", held_until, *values))

    def _only(self, within: AreasOf | None) -> tuple[str, list[Any]]:
        """The condition of somebody's areas, and its parameters."""
        if within is None:
            return "", []
        inside = " OR ".join([f"{PLACE} = ? OR {PLACE} LIKE ? OR {PLACE} LIKE ?"] * len(within.areas)) or "1 = 0"
        areas = [word for area in within.areas for word in (area, f"{area}.%", f"{area}:%")]
        return f"AND {self._database.among('a.kind')} AND ({inside})", [self._database.listed(within.kinds), *areas]

    def places(self, uids: Sequence[str]) -> dict[str, str]:
        """The scope in which each of these records lies now."""
        query = f"SELECT uid, scope FROM record WHERE {self._database.among('uid')}"
        return {str(uid): str(scope) for uid, scope in self._database.rows(query, self._database.listed(uids))}

    def outcome(self, change_id: str) -> Outcome | None:
        """What became of one change."""
        rows = self._database.named_rows("SELECT * FROM intake WHERE change_id = ?", change_id)
        return next((Outcome(decision_of(row), row["decided_at"]) for row in rows), None)

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
