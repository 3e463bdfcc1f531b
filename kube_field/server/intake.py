"""Takes in a batch of changes: each gets its own outcome, none stops another, and nothing that arrived is lost.

The order of sync design 5: lock the records, look up what is known, decide in Python, write everything at once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from gettext import gettext as _
from typing import Any

import msgspec
from msgspec.structs import replace as replaced

from kube_field.domain.forms.aid_rules import NEEDS_VISIT
from kube_field.domain.records import EDITABLE_KINDS, RecordKind
from kube_field.server.applying import leans_on
from kube_field.server.arrivals import Arrived, arrived, as_written, news_of, retold
from kube_field.server.batch import AFRESH, UNDECIDED, Batch, FindAuthors
from kube_field.server.by_hand import ByHand
from kube_field.server.double_decisions import merges_in
from kube_field.server.duplicates import Doubles
from kube_field.server.judging import (
    RECORD_ID,
    BadChangeError,
    Judge,
    QuarantinedError,
    UnknownFormError,
    decided_about,
)
from kube_field.server.late_words import tell_sender
from kube_field.server.moving import new_values, parent_in, places_of
from kube_field.server.named import named_in, named_in_text, waits_for
from kube_field.server.policy import Grants, is_scope
from kube_field.server.storage.bulk import NewFacts
from kube_field.server.storage.database import DatabaseTrouble, hindered
from kube_field.server.storage.erasure_rows import named_person
from kube_field.server.storage.record_rows import Decision, Told
from kube_field.server.storage.records import RecordStore
from kube_field.server.tranches import accepted_visit
from kube_field.wire.messages import DONE, HELD, ChangeResult, FieldError, WireChange, WireReceipt

log = logging.getLogger(__name__)

RECEIPT_FOR = DONE | {HELD, "quarantined"}
"""Statuses with which the server answers for the content."""


class Intake:
    """Decides one batch inside the transaction that the caller holds.

    `grant` and `decided_by` are given when somebody lets changes in by hand; they count for what he was asked about.
    """

    def __init__(
        self,
        store: RecordStore,
        judge: Judge,
        find_authors: FindAuthors,
        *,
        device_id: str,
        now: str,
        new_id: Callable[[], str],
        grant: Grants | None = None,
        decided_by: str = "",
    ) -> None:
        self._store = store
        self._batch = Batch(store, find_authors, now)
        self._by_hand = ByHand(self._batch, judge, decided_by, grant)
        self._device_id = device_id
        self._now = now
        self._new_id = new_id
        self._waiting: dict[str, list[Arrived]] = {}
        self._tranches: dict[str, list[Arrived]] = {}
        """Minutes of this batch that wait for an accepted visit of their unit."""
        self._asked: set[str] = set()
        self._results: dict[str, ChangeResult] = {}
        self._known: dict[str, Decision] = {}

    def take(self, raws: Sequence[bytes]) -> list[ChangeResult]:
        """Decide and write a batch; one result per change, in the order given."""
        return self._take([arrived(raw) for raw in raws])

    def take_failed(self, raw: bytes) -> ChangeResult:
        """Keep a change that the server could not decide, so that it can be decided after a mend."""
        item = arrived(raw)
        self._learn([item])
        if item.id not in self._results:
            self._record(item, _fault())
            self._store.write(self._batch.work, now=self._now)
        return self._results[item.id]

    def decide_again(self, decisions: Sequence[Decision]) -> list[ChangeResult]:
        """Decide stored changes anew; one that was decided for good meanwhile keeps its result."""
        batch = [replace(arrived(item.body.encode()), id=item.change_id) for item in decisions]
        self._by_hand.ask_about(item.change_id for item in decisions)
        return self._take(batch)

    def refuse(self, decisions: Sequence[Decision], reason: str) -> list[ChangeResult]:
        """Refuse stored changes that nobody decided yet; their senders are told why."""
        items = [replace(arrived(item.body.encode()), id=item.change_id) for item in decisions]
        self._by_hand.ask_about(item.change_id for item in decisions)
        self._look_up(items)
        for item in items:
            if item.id not in self._results:
                self._record(item, ChangeResult(id="", status="rejected", errors=[_error("", "REFUSED", reason)]))
        self._store.write(self._batch.work, now=self._now)
        return [self._results[item.id] for item in items]

    def refuse_erased(self, decisions: Sequence[tuple[Decision, FieldError]]) -> None:
        """Refuse stored changes about somebody who was erased, each in these words.

        What was refused before is told anew: the words of then may quote what was typed about her.
        """
        self._known.update({known.change_id: known for known, _error in decisions})
        for known, error in decisions:
            result = ChangeResult(id="", status="rejected", errors=[error])
            self._record(replace(arrived(known.body.encode()), id=known.change_id), result)
            self._batch.work.released.append(known.change_id)
            self._batch.work.emptied.append(known.change_id)
            if known.status == result.status:
                tell_sender(self._batch, known.sender_uid, result)
        self._store.write(self._batch.work, now=self._now)

    def let_go(self, uids: Sequence[str]) -> None:
        """Decide what waits for these records, which were erased: they never come."""
        self._release(uids)
        self._close([])

    def _take(self, items: Sequence[Arrived]) -> list[ChangeResult]:
        self._look_up(items)
        self._decide_all(items)
        return self._close(items)

    def _decide_all(self, items: Sequence[Arrived]) -> None:
        for item in as_written(items):
            if item.id not in self._results:
                self._decide(self._as_told(item))

    def _close(self, items: Sequence[Arrived], facts: NewFacts | None = None) -> list[ChangeResult]:
        """Write what was decided, and the new facts that came beside it."""
        Doubles(self._batch, self._store.doubles()).look()
        self._store.write(self._batch.work, now=self._now, facts=facts)
        return [self._results[item.id] for item in items]

    # looking up

    def _look_up(self, items: Sequence[Arrived], new: Collection[str] = (), needed: Collection[str] = ()) -> None:
        """Lock and read what these touch; also locked are `new` facts that came beside them, and what those need."""
        changes = [item.change for item in items if item.change is not None]
        self._lock(changes, new, needed)
        self._learn(items)
        self._load(changes)
        unread = [named_in_text(item.text) for item in items if item.change is None]
        self._batch.load_erased(sorted(set().union(*unread)))
        self._look_for_waiting([change.uid for change in changes])
        self._batch.load_authors([change.by for change in changes])

    def _lock(self, changes: Sequence[WireChange], new: Collection[str] = (), needed: Collection[str] = ()) -> None:
        """Records that change, and parents that are missing, are ours alone; the others are only kept from changing.

        A new fact shares its own id, too: it only has to exclude whoever is about to wait for it. Whom a change names
        is not erased while it is decided.
        """
        parents = {uid for change in changes for uid in waits_for(change)}.union(needed)
        missing = parents - self._store.existing(sorted(parents))
        edited = _rewritten(changes)
        shared = {uid for change in changes for uid in (change.uid, *leans_on(change))}.union(new, needed)
        decided = [uid for change in changes for uid in decided_about(change)]
        shared |= places_of(self._store.records(decided).values())
        shared |= {named_person(new_values(change)) for change in changes} - {""}
        self._store.lock(edited | missing, shared)

    def _load(self, changes: Sequence[WireChange]) -> None:
        """Read what these changes touch or lean on, and whatever is seen in the place of it after a merge."""
        self._batch.load_erased([uid for change in changes for uid in (*named_in(change), *waits_for(change))])
        self._batch.load([uid for change in changes for uid in (change.uid, *leans_on(change))])
        self._batch.load_behind([*_rewritten(changes), *(uid for change in changes for uid in change.resolves)])
        decided = [self._batch.records.get(uid) for change in changes for uid in decided_about(change)]
        places = places_of([record for record in decided if record is not None])
        if places:
            self._batch.load_behind(sorted(places), shared=True)

    def _learn(self, items: Sequence[Arrived]) -> None:
        """What became of these changes before; what is decided for good stays."""
        come = {item.id: item for item in items}
        for decision in self._store.decided(list(come)).values():
            item = come[decision.change_id]
            self._by_hand.remember(decision, item)
            words = news_of(decision, item)
            self._known[decision.change_id] = self._retold(decision, words) if words else decision
            if decision.status not in AFRESH and not (words and decision.status == "rejected"):
                self._results[decision.change_id] = msgspec.json.decode(decision.result, type=ChangeResult)

    def _retold(self, decision: Decision, words: Mapping[str, Any]) -> Decision:
        body = self._batch.work.retold[decision.change_id] = retold(decision.body, words)
        return replace(decision, body=body)

    def _as_told(self, item: Arrived) -> Arrived:
        """An arrival with what one before told around the same content."""
        known = self._known.get(item.id)
        if known is None or item.change is None or item.change.sha256 != known.sha256:
            return item
        before = arrived(known.body.encode()).change
        if before is None:
            return item
        now = item.change
        words = {"again": now.again or before.again, "seen_in": now.seen_in or before.seen_in}
        return replace(item, change=replaced(now, **words))

    def _look_for_waiting(self, uids: Sequence[str]) -> None:
        """Find and lock what waits for these records."""
        unasked = [uid for uid in dict.fromkeys(uids) if uid not in self._asked]
        if not unasked:
            return
        self._asked.update(unasked)
        found: list[WireChange] = []
        for uid, decisions in self._store.waiting_for(unasked).items():
            told = [self._known.setdefault(decision.change_id, decision) for decision in decisions]
            items = [replace(arrived(decision.body.encode()), id=decision.change_id) for decision in told]
            self._waiting.setdefault(uid, []).extend(items)
            for known, item in zip(told, items, strict=True):
                self._by_hand.remember(known, item)
            found += [item.change for item in items if item.change is not None]
        self._make_ready(found)

    def _make_ready(self, found: Sequence[WireChange]) -> None:
        """Lock and read what is needed to decide changes that were stored before."""
        if found:
            self._lock(found)
            self._load(found)
            self._batch.load_authors([change.by for change in found])

    # deciding

    def _decide(self, item: Arrived) -> None:
        mark = self._batch.mark()
        result = self._outcome(item)
        if result.status not in DONE:
            self._batch.undo(mark)
        self._record(item, result)
        if result.status in DONE and item.change is not None:
            self._release([item.change.uid, *merges_in(item.change)], item)
            self._look_again(item.change)

    def _outcome(self, item: Arrived) -> ChangeResult:
        """What becomes of one change. Raises: whatever is not its own fault; then nothing of the batch is decided."""
        try:
            return self._applied(item)
        except BadChangeError as error:
            return ChangeResult(id="", status="rejected", errors=list(error.errors))
        except QuarantinedError as error:
            return ChangeResult(id="", status="quarantined", errors=[error.error])
        except UnknownFormError:
            return _failed("UNKNOWN_FORM", _("Versi formulir ini belum dikenal server; data tersimpan di server."))
        except DatabaseTrouble:
            raise  # the transaction is over; the batch begins anew, or each change gets one of its own
        except Exception as error:  # one change must never stop the others
            if hindered(error):
                raise
            log.error("a change could not be decided: %s", type(error).__name__)
            return _fault()

    def _applied(self, item: Arrived) -> ChangeResult:
        if item.change is None:
            raise item.error or BadChangeError()
        device = self._known[item.id].device_id if item.id in self._known else self._device_id
        return self._by_hand.applying(item).apply(item.change, device)

    def _record(self, item: Arrived, result: ChangeResult) -> None:
        result.id = item.id
        earlier = self._results.get(item.id) or self._stored_result(item.id)
        if result.status in RECEIPT_FOR and item.change is not None:
            result.receipt = self._receipt(item.change, earlier)
        self._results[item.id] = result
        known = self._known.get(item.id)
        work = self._batch.work
        if known is None:
            work.decisions[item.id] = self._new_decision(item, result)
        else:
            encoded = msgspec.json.encode(result).decode()
            by = "" if result.status == "quarantined" else self._by_hand.decider(item)
            work.redecided[item.id] = replace(known, status=result.status, result=encoded, decided_by=by)
            if result.status != known.status:
                tell_sender(self._batch, known.sender_uid, result)
        if self._must_not_stay(item, result):
            work.emptied.append(item.id)
        if result.status in UNDECIDED:
            work.aside[item.id] = _said(item.change)
        elif known is not None or item.id in work.aside:
            work.aside[item.id] = None
        self._let_wait(item, result)

    def _must_not_stay(self, item: Arrived, result: ChangeResult) -> bool:
        """True for what is refused or cannot be read, and is about somebody who was erased."""
        if item.change is None:
            return not self._batch.erased.isdisjoint(named_in_text(item.text))
        return result.status == "rejected" and not self._batch.erased.isdisjoint(named_in(item.change))

    def _let_wait(self, item: Arrived, result: ChangeResult) -> None:
        """Remember for what a change of this batch waits, that it may come in it too."""
        if result.hold:
            self._batch.work.held[item.id] = result.hold
            self._waiting.setdefault(result.hold, []).append(item)
        if item.change is not None and any(error.code == NEEDS_VISIT for error in result.errors):
            self._tranches.setdefault(parent_in(item.change), []).append(item)

    def _receipt(self, change: WireChange, earlier: ChangeResult | None) -> WireReceipt:
        """The word that was given before stands; a new one otherwise."""
        if earlier is not None and earlier.receipt is not None and earlier.receipt.sha256 == change.sha256:
            return earlier.receipt
        return WireReceipt(id=self._new_id(), sha256=change.sha256, at=self._now)

    def _stored_result(self, change_id: str) -> ChangeResult | None:
        known = self._known.get(change_id)
        return msgspec.json.decode(known.result, type=ChangeResult) if known else None

    def _new_decision(self, item: Arrived, result: ChangeResult) -> Decision:
        return Decision(
            change_id=item.id,
            uid=item.change.uid if item.change else "",
            author_uid=item.change.by if item.change else "",
            body=item.text,
            sha256=item.change.sha256 if item.change else "",
            status=result.status,
            result=msgspec.json.encode(result).decode(),
            sender_uid=self._store.scope.user_uid,
            device_id=self._device_id,
        )

    def _release(self, uids: Sequence[str], cause: Arrived | None = None) -> None:
        """Decide what waited for a record that is there now, or for a merge."""
        self._look_for_waiting(uids)
        for item in as_written([item for uid in uids for item in self._waiting.pop(uid, [])]):
            if self._batch.work.held.pop(item.id, None) is None:
                self._batch.work.released.append(item.id)
            if cause is not None:
                self._by_hand.pass_on(cause, item)
            self._decide(item)

    def _look_again(self, change: WireChange) -> None:
        """Decide minutes anew that were set aside for want of the visit that is accepted now."""
        if change.kind != RecordKind.REVIEW:
            return
        visit = accepted_visit(self._batch, parent_in(change), change.set["answers"][1])
        if visit is None:
            return
        stored = self._store.set_aside_about(visit.subject_uid, RecordKind.AID)
        before = [replace(arrived(one.body.encode()), id=one.change_id) for one in stored]
        self._known.update({one.change_id: one for one in stored})
        self._make_ready([item.change for item in before if item.change is not None])
        for item in [*before, *self._tranches.pop(visit.subject_uid, [])]:
            if self._results.get(item.id) is None or self._results[item.id].status == "quarantined":
                self._decide(item)


def _rewritten(changes: Sequence[WireChange]) -> set[str]:
    """The records that are no more the same after these changes, or of which only one word may be the first."""
    edited = {change.uid for change in changes if change.kind in EDITABLE_KINDS}
    reviewed = {parent_in(change) for change in changes if change.kind == RecordKind.REVIEW} - {""}
    return edited | reviewed | {uid for change in changes for uid in decided_about(change)}


def _said(change: WireChange | None) -> Told:
    """What a change says of itself, as far as any database takes it as a column."""
    if change is None:
        return Told()
    parent = parent_in(change)
    return Told(
        uid=change.uid,
        kind=change.kind,
        scope=change.scope if is_scope(change.scope) else "",
        parent=parent if RECORD_ID.fullmatch(parent) else "",
    )


def _error(field: str, code: str, message: str) -> FieldError:
    return FieldError(field=field, code=code, message=message)


def _failed(code: str, message: str) -> ChangeResult:
    return ChangeResult(id="", status="failed", errors=[_error("", code, message)])


def _fault() -> ChangeResult:
    return _failed("SERVER_FAULT", _("Server gagal memproses; data tersimpan di server dan akan dicoba lagi."))
