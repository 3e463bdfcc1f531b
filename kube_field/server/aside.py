"""What was set aside, as far as one supervisor may see it: that of his areas, judged by where it would go now."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from kube_field.domain.records import EDITABLE_KINDS, PROVINCE_SCOPE, RecordKind, Role
from kube_field.server.judging import RECORD_ID
from kube_field.server.moving import new_values, parent_in
from kube_field.server.policy import PROVINCE_KINDS, Right, may_write_kind
from kube_field.server.storage.accounts import Accounts, User
from kube_field.server.storage.database import ServerDatabase
from kube_field.server.storage.review_rows import AreasOf, Aside, ReviewRows
from kube_field.wire.messages import WireChange
from kube_field.wire.quarantine import SetAside

REVIEWERS = frozenset({Role.PENYELIA_KAB, Role.ADMIN_PROV})
"""Who decides about what was set aside."""
KINDS = frozenset(kind.value for kind in RecordKind)
PAGE_BYTES = 400_000
"""An answer ends after the first change that goes beyond: photos are not in it, signatures are."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One page of what waits: `last` is where the next one begins, `more` whether there is one."""

    items: list[SetAside]
    last: tuple[str, str]
    more: bool


def may_decide(by: User, change: WireChange | None, place: str) -> bool:
    """True when this officer decides about a change that would go there; one that nobody can read is the province's."""
    if by.role not in REVIEWERS or by.disabled_at:
        return False
    if by.role == Role.ADMIN_PROV:
        return True
    return change is not None and by.scope.right_to_write(RecordKind(change.kind), place) == Right.ALLOWED


def read_aside(body: str) -> WireChange | None:
    """A change out of its stored text, as far as that can be read; its content is looked at, not judged here."""
    try:
        change = msgspec.json.decode(body, type=WireChange)
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError, UnicodeError):
        return None
    return change if change.kind in KINDS else None


def places_of(database: ServerDatabase, changes: Iterable[WireChange | None]) -> dict[str, str]:
    """Where each of these changes (by id) would go now: to its record, to its parent, else by its own word."""
    known = [change for change in changes if change is not None]
    uids = {uid for change in known for uid in (change.uid, parent_in(change)) if RECORD_ID.fullmatch(uid)}
    scopes = ReviewRows(database).places(sorted(uids))
    return {change.id: _place(change, scopes) for change in known}


def within(by: User) -> AreasOf | None:
    """What this officer's list is kept to; None for whoever decides about everything."""
    if by.role == Role.ADMIN_PROV:
        return None
    kinds = [kind.value for kind in RecordKind if kind not in PROVINCE_KINDS and may_write_kind(by.role, kind)]
    return AreasOf(by.areas, tuple(kinds))


def seen_by(
    database: ServerDatabase, by: User, *, after: tuple[str, str], held_until: str, most: int, size: int = PAGE_BYTES
) -> Seen:
    """The oldest changes that this officer decides about, after that place; inside the caller's transaction."""
    rows = ReviewRows(database).aside(within(by), after=after, held_until=held_until, limit=most + 1)
    found: list[tuple[Aside, WireChange | None]] = []
    last, used = after, 0
    for row in rows[:most]:
        if used > size:
            return Seen(_told(database, found), last, more=True)
        last = (row.since, row.decision.change_id)
        change = read_aside(row.decision.body)
        if may_decide(by, change, row.place):
            found.append((row, change))
            used += len(row.decision.body)
    return Seen(_told(database, found), last, more=len(rows) > most)


def _place(change: WireChange, scopes: Mapping[str, str]) -> str:
    if change.uid in scopes:
        return scopes[change.uid]
    parent = scopes.get(parent_in(change), PROVINCE_SCOPE)
    return change.scope if parent == PROVINCE_SCOPE else parent


def _told(database: ServerDatabase, found: Sequence[tuple[Aside, WireChange | None]]) -> list[SetAside]:
    uids = {uid for row, _change in found for uid in (row.decision.author_uid, row.decision.sender_uid) if uid}
    people = Accounts(database).authors(sorted(uids))
    return [_item(row, change, people) for row, change in found]


def _item(row: Aside, change: WireChange | None, people: Mapping[str, User]) -> SetAside:
    kept = row.decision
    errors = json.loads(kept.result).get("errors") or [{}]
    sender, author = people.get(kept.sender_uid), people.get(kept.author_uid)
    item = SetAside(
        change=kept.change_id,
        uid=kept.uid,
        scope=row.place,
        since=row.since,
        status=kept.status,
        code=str(errors[0].get("code", "")),
        message=str(errors[0].get("message", "")),
        waits_for=row.waits_for,
        author=author.name if author else "",
        author_known=author is not None,
        sender=sender.name if sender else "",
    )
    if change is not None:
        _add_content(item, change)
    return item


def _add_content(item: SetAside, change: WireChange) -> None:
    """What its officer wrote; of a fact the answers, not the snapshot that its paper is made from."""
    item.kind, item.at, item.reason = change.kind, change.at, change.reason
    item.form, item.create, item.parent = change.form, change.create, parent_in(change)
    if change.kind in EDITABLE_KINDS:
        item.fields = {name: pair for name, pair in change.set.items() if name != "form_version"}
        return
    values: dict[str, Any] = new_values(change)
    item.create = True
    item.number, item.occurred_on = str(values.get("number") or ""), str(values.get("occurred_on") or "")
    item.author = item.author or str(values.get("author_name") or "")
    answers = values.get("answers")
    item.fields = {name: (None, value) for name, value in answers.items()} if isinstance(answers, dict) else {}
