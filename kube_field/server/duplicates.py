"""Finds records that may be one person or family, and tells of them in each area as far as it may know (design 4).

Runs when the records of a batch are decided, before they are written. A case is about two records and one reason; it
opens when they are alike and is withdrawn when they are no more. Each area in which one of them lies has a word of its
own, which names only the records of that area.

Locks: whoever changes what makes a record alike, or where it lies, holds the locks of all marks that it has and had.
So two batches that could see the same pair come one after the other, and the second finds what the first wrote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kube_field.server.batch import Batch, Cause
from kube_field.server.conflicts import word
from kube_field.server.storage.double_rows import GONE, MERGED, OPEN, Case, DoubleRows
from kube_field.server.storage.likeness import KK, NAME, NIK, NUMBERS, case_id, is_alike, marks_of
from kube_field.server.storage.record_rows import Stored
from kube_field.wire.server_words import Duplicate, ServerKind, duplicate_uid

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Touched:
    """A record that a batch wrote, with the marks that it had and has."""

    record: Stored
    had: frozenset[str]
    has: Mapping[str, str]


class Doubles:
    """Looks at what one batch did to people and families."""

    def __init__(self, batch: Batch, rows: DoubleRows) -> None:
        self._batch = batch
        self._rows = rows
        self._others: dict[str, Stored] = {}
        self._secret = b""

    def look(self) -> None:
        """Bring marks, cases and words up to what the batch made of its records."""
        written = self._batch.work.records
        before = {uid: first for uid, first in self._batch.first_states().items() if uid in written}
        people = {uid: first for uid, first in before.items() if written[uid].kind in NUMBERS}
        if people or self._batch.cases:
            self._secret = self._rows.secret()
            found = (self._touched(written[uid], first) for uid, first in people.items())
            self._compare([item for item in found if item is not None])

    def look_at(self, records: Sequence[Stored]) -> None:
        """The same for records that were stored before there was an index, locked by the caller."""
        self._secret = self._rows.secret()
        self._others.update({record.uid: record for record in records})
        marks = ((record, marks_of(record, self._secret)) for record in records)
        self._compare([Touched(record, frozenset(), has) for record, has in marks if has])

    def _touched(self, record: Stored, before: Stored | None) -> Touched | None:
        """None for a record that is as alike as before to everybody, where it was, and about which nobody decided."""
        had, has = marks_of(before, self._secret), marks_of(record, self._secret)
        same = had.keys() == has.keys() and (not has if before is None else _is_same(before, record))
        if same and all(record.uid not in (case.one, case.other) for case in self._batch.cases):
            return None
        return Touched(record, frozenset(had), has)

    def _compare(self, touched: Sequence[Touched]) -> None:
        uids = [item.record.uid for item in touched]
        self._batch.store.lock_marks({mark for item in touched for mark in (*item.had, *item.has)})
        wanted = self._pairs(touched)
        decided = {case.id: case for case in self._batch.cases}
        stored = {case.id: case for case in self._rows.cases_of(uids)}
        standing = {**stored, **decided}
        followed = [self._followed(case, wanted, uids) for case in standing.values()]
        fresh = [case for name, case in wanted.items() if name not in standing]
        self._get([uid for case in followed for uid in (case.one, case.other)])
        for case in (*followed, *fresh):
            told = self._tell(case)
            if case.id in decided or told != stored.get(case.id):
                self._rows.put_case(told)
        for merge in self._batch.merges:
            self._rows.put_merge(merge)

    # who is like whom

    def _pairs(self, touched: Sequence[Touched]) -> dict[str, Case]:
        """A case for every touched record and another one that is like it, by the case's id."""
        holders = self._put_marks(touched)
        others = {uid for found in holders.values() for uid in found}
        self._get(sorted(others))
        found: dict[Pair, Case] = {}
        for item in touched:
            for mark, reason in sorted(item.has.items(), key=lambda pair: pair[1] == NAME):
                for uid in holders[mark]:
                    self._pair(found, item.record, uid, reason)
        return {case.id: case for case in found.values()}

    def _pair(self, found: dict[Pair, Case], record: Stored, uid: str, reason: str) -> None:
        """Numbers come before names: a pair has one reason at a time."""
        other = self._record(uid)
        if other is None or uid == record.uid or other.kind != record.kind:
            return
        one, two = sorted((record.uid, uid))
        if (one, two) not in found and (reason != NAME or is_alike(record, other)):
            name = case_id(self._secret, reason, one, two)
            found[one, two] = Case(name, record.kind, reason, one, two)

    def _put_marks(self, touched: Sequence[Touched]) -> dict[str, list[str]]:
        """Bring the index up to date; who is found under the marks that these records have now."""
        kept = self._rows.marks_of([item.record.uid for item in touched])
        gone, fresh = [], []
        for item in touched:
            known = kept.get(item.record.uid, set())
            gone += [(mark, item.record.uid) for mark in sorted(known - item.has.keys())]
            fresh += [(mark, item.record.uid) for mark in item.has if mark not in known]
        self._rows.put_marks(gone, fresh)
        return self._rows.holders(sorted({mark for item in touched for mark in item.has}))

    # cases

    def _followed(self, case: Case, wanted: Mapping[str, Case], uids: Sequence[str]) -> Case:
        """An open case whose likeness is gone is withdrawn, one that is like again opens; decisions stand."""
        if case.one not in uids and case.other not in uids:
            return case
        if case.state == OPEN and case.id not in wanted:
            return replace(case, state=GONE)
        return replace(case, state=OPEN) if case.state == GONE and case.id in wanted else case

    # words

    def _tell(self, case: Case) -> Case:
        """Say in every area what it may know of a case; the case with the areas that have a word."""
        pair = [record for uid in (case.one, case.other) if (record := self._record(uid)) is not None]
        here: dict[str, list[str]] = {scope: [] for scope in case.scopes}
        for record in pair:
            if record.scope in here or case.state != GONE:
                here.setdefault(record.scope, []).append(record.uid)
        names = {scope: duplicate_uid(case.id, scope) for scope in here}
        self._batch.load(sorted(names.values()))
        for scope, uids in sorted(here.items()):
            self._say(names[scope], scope, _about(case, uids), pair)
        return replace(case, scopes=tuple(sorted(here)))

    def _say(self, uid: str, scope: str, about: Duplicate, pair: Sequence[Stored]) -> None:
        before = self._batch.records.get(uid)
        version = before.version + 1 if before else 1
        said = word(uid, ServerKind.DUPLICATE, scope, about, version=version)
        if before is None or before.sha256 != said.sha256:
            self._batch.put(said, self._cause(pair))

    def _cause(self, pair: Sequence[Stored]) -> Cause:
        """The newest change of one of the two."""
        uids = {record.uid for record in pair}
        made = (step.change_id for step in reversed(self._batch.work.steps) if step.uid in uids)
        return Cause(next(made, "doubles"))

    # records

    def _record(self, uid: str) -> Stored | None:
        return self._batch.work.records.get(uid) or self._others.get(uid)

    def _get(self, uids: Sequence[str]) -> None:
        """Read records anew: what was read before the marks were locked may have changed."""
        unknown = [uid for uid in uids if uid not in self._batch.work.records and uid not in self._others]
        self._others.update(self._batch.store.records(unknown))


def case_about(batch: Batch, uid: str, pair: Sequence[Stored]) -> Case | None:
    """The case of these two records of which a word with this uid tells; also one that a put back server forgot.

    None when the word is about something else: a case's id follows from its records and this server's key.
    """
    uids = sorted({record.uid for record in pair})
    if len(uids) != 2:
        return None
    one, other = uids
    secret = batch.store.doubles().secret()
    for reason in (NIK, KK, NAME):
        name = case_id(secret, reason, one, other)
        if uid.startswith(duplicate_uid(name, "")):
            return batch.case(name) or Case(name, pair[0].kind, reason, one, other)
    return None


def is_alike_again(batch: Batch, case: Case, pair: Sequence[Stored]) -> bool:
    """True for two records that are a possible double as this batch has made them; their case opens at its end."""
    secret = batch.store.doubles().secret()
    ours, theirs = (marks_of(record, secret) for record in pair)
    shared = {reason for mark, reason in ours.items() if mark in theirs}
    return case.reason in shared and (case.reason != NAME or is_alike(*pair))


def _is_same(before: Stored, record: Stored) -> bool:
    """True when a record lies where it lay, and the answers are the same that likeness depends on besides the marks."""
    was, now = {**before.body, **before.extra}, {**record.body, **record.extra}
    return before.scope == record.scope and all(was.get(code) == now.get(code) for code in ("full_name", "sex"))


def _about(case: Case, uids: Sequence[str]) -> Duplicate:
    """What one area is told: only of the records that lie there."""
    both = len(uids) > 1
    return Duplicate(
        uids=list(uids),
        record_kind=case.record_kind,
        reason=case.reason,
        state=GONE if case.state == OPEN and not uids else case.state,
        elsewhere=bool(uids) and not both,
        decided_by=case.decided_by,
        decided_at=case.decided_at,
        case=case.id,
        kept=case.kept if both and case.state == MERGED else "",
        merged=case.merged if both and case.state == MERGED else "",
    )
