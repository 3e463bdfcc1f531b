"""The server's tables, read once, as the invariants look at them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from kube_field.domain.merge import DELETED
from kube_field.domain.records import EDITABLE_KINDS
from kube_field.wire.server_words import ServerKind
from tests.sim.province import Province

EDITABLE = frozenset(kind.value for kind in EDITABLE_KINDS)


@dataclass(frozen=True)
class Taken:
    """A row of the intake; `code` is the first reason why it was not taken in, `alias` the record that took it.

    `again`: its laptop said that a server had kept it before. `resolves` are the conflicts that it settles, `after` is
    the change of its record that was written before it there, "" without one.
    """

    uid: str
    status: str
    sets: dict[str, Any]
    sha256: str
    version: int
    code: str
    alias: str
    again: bool
    resolves: tuple[str, ...]
    after: str


@dataclass(frozen=True)
class StoredRow:
    """A record on the server; `merged_into` is the one under which it is seen."""

    kind: str
    scope: str
    version: int
    body: dict[str, Any]
    merged_into: str


@dataclass(frozen=True)
class Step:
    """One version of a record's history."""

    version: int
    change_id: str
    sets: dict[str, Any]


class ServerState:
    """Everything that the server holds."""

    def __init__(self, province: Province) -> None:
        rows = province.rows
        self.intake: dict[str, Taken] = {}
        for name, uid, status, body, sha256, result in rows(
            "SELECT change_id, uid, status, body, sha256, result FROM intake"
        ):
            told = json.loads(result or "{}")
            code = next((error["code"] for error in told.get("errors", ())), "")
            came = json.loads(body)
            said = bool(came.get("again")), tuple(came.get("resolves", ())), came.get("after") or ""
            version, alias = told.get("version", 0), told.get("alias", "")
            self.intake[name] = Taken(uid, status, came.get("set", {}), sha256, version, code, alias, *said)
        self.records = {
            uid: StoredRow(kind, scope, int(version), {**json.loads(body), **json.loads(extra)}, merged_into)
            for uid, kind, scope, version, body, extra, merged_into in rows(
                "SELECT uid, kind, scope, version, body, extra, merged_into FROM record"
            )
        }
        self.history: dict[str, list[Step]] = {}
        self.said: dict[str, list[str]] = {}
        """Words about merged records with the changes that made their versions, oldest first."""
        for uid, version, change_id, sets in rows(
            "SELECT uid, version, change_id, sets FROM record_version ORDER BY uid, version"
        ):
            if uid in self.records and self.records[uid].kind in EDITABLE:
                self.history.setdefault(uid, []).append(Step(int(version), change_id, json.loads(sets)))
            elif uid in self.records and self.records[uid].kind == ServerKind.ALIAS:
                self.said.setdefault(uid, []).append(change_id)
        self.others: dict[tuple[str, str], Any] = {
            (row.body["change"], row.body["field"]): row.body.get("other")
            for row in self.records.values()
            if row.kind == "conflict"
        }
        self.held = dict(rows("SELECT change_id, waits_for FROM held"))
        self.blobs = {name for (name,) in rows("SELECT sha256 FROM blob")}
        self.heads = {s: (int(h), c, int(t)) for s, h, c, t in rows("SELECT scope, head, chain, sum FROM scope_head")}
        self.feed: dict[str, list[tuple[int, str, int, str, str]]] = {}
        for scope, seq, uid, version, change_id, link in rows(
            "SELECT scope, seq, uid, version, change_id, chain FROM feed ORDER BY scope, seq"
        ):
            self.feed.setdefault(scope, []).append((int(seq), uid, int(version), change_id, link))
        self.index: dict[str, dict[str, tuple[str, int, int]]] = {}
        for scope, uid, seq, version, state in rows("SELECT scope, uid, seq, version, state FROM scope_index"):
            self.index.setdefault(uid, {})[scope] = (state, int(seq), int(version))

    def words(self, kind: ServerKind) -> dict[str, StoredRow]:
        """What the server says of a kind."""
        return {uid: row for uid, row in self.records.items() if row.kind == kind}

    def step(self, uid: str, change_id: str) -> Step | None:
        """The version of a record that a change made."""
        return next((step for step in self.history.get(uid, []) if step.change_id == change_id), None)

    def at(self, uid: str, version: int) -> dict[str, Any]:
        """The record as it stood at a version, by its history."""
        values: dict[str, Any] = {}
        for step in self.history.get(uid, []):
            if step.version > version:
                break
            values |= {code: new for code, (_before, new) in step.sets.items()}
            if self.others.get((step.change_id, DELETED)):  # it was the deletion that lost
                values.pop(DELETED, None)
        return values
