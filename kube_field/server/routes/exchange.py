"""Have, push, pull and digest (sync design 3.5)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from gettext import gettext as _

import msgspec
from msgspec import UNSET

from kube_field.server.arrivals import arrived, as_written
from kube_field.server.continuity import carry_on, say_hello
from kube_field.server.endpoint import Call, busy
from kube_field.server.fast_facts import Accepted, FastFacts
from kube_field.server.judging import Judge
from kube_field.server.program_age import require_young_program
from kube_field.server.routes.photos import reach_of, senders
from kube_field.server.storage.accounts import Laptop
from kube_field.server.storage.bulk import BulkFacts
from kube_field.server.storage.database import hindered
from kube_field.server.storage.photo_rows import PhotoRows
from kube_field.server.together import Together
from kube_field.wire.again import Again, AgainAnswer
from kube_field.wire.columns import MAX_TABLE_BYTES
from kube_field.wire.messages import (
    DIGEST_BUCKETS,
    MAX_FETCH_UIDS,
    MAX_HAVE_IDS,
    MAX_PULL_BYTES,
    ChangeResult,
    Digest,
    DigestAnswer,
    Fed,
    Have,
    HaveAnswer,
    Pull,
    PullAnswer,
    Push,
    PushAnswer,
    ScopeState,
)
from kube_field.wire.new_facts import changes_in
from kube_field.wire.page_tables import table_of_rows
from kube_field.wire.push import too_many_at_once
from kube_field.wire.refusals import Refusal, RefusalCode

SUM = re.compile(r"\d{1,20}")


def have(call: Call) -> HaveAnswer:
    """Which changes and photos the server holds."""
    body: Have = call.body
    if max(len(body.ids), len(body.photos)) > MAX_HAVE_IDS:
        raise too_many_at_once()
    found = call.records.decided(body.ids)
    answers: dict[str, tuple[str, int] | None] = dict.fromkeys(body.ids)
    for name, decision in found.items():
        result = msgspec.json.decode(decision.result, type=ChangeResult)
        answers[name] = (result.status, result.version)
    missing = PhotoRows(call.house.database, call.caller.scope).missing(body.photos, senders(call), reach_of(call))
    return HaveAnswer(st=answers, missing=missing)


def push(call: Call) -> PushAnswer:
    """Take in a batch in one transaction."""
    body: Push = call.body
    facts = facts_of(body)
    answer = PushAnswer(continuity=_keep_continuity(call, body), results=[])
    take_together(call, facts, answer)
    return answer


def push_one_by_one(call: Call) -> PushAnswer:
    """After an unexpected error: every change in its own transaction; only the guilty one is marked as failed."""
    body: Push = call.body
    facts = facts_of(body)
    with call.house.database.write():
        token = _keep_continuity(call, body)
    return PushAnswer(continuity=token, results=take_each(call, facts))


def facts_of(body: Push | Again) -> list[bytes]:
    """The changes of the table of a batch, each as it would have come alone. Raises: Refusal."""
    if body.facts is UNSET:
        return []
    try:
        return changes_in(body.facts)
    except ValueError as error:
        raise Refusal(RefusalCode.TABLE_REFUSED, _("Isi pesan tidak dapat dibaca.")) from error


def take_together(call: Call, facts: Sequence[bytes], answer: PushAnswer | AgainAnswer) -> None:
    """Take in a batch: its single changes first, for what is in its table may hang on them."""
    raws = [bytes(raw) for raw in call.body.changes]
    accepted: Accepted | None = None
    if raws and facts:
        answer.results, accepted = _intake(call).take_both(raws, facts, _fast(call))
    elif raws:
        answer.results, answer.fed = _take(call, raws)
    elif facts:
        accepted = _fast(call).take(facts, hashed=True)
        answer.results = [] if accepted else _intake(call).take(facts)
    if accepted is not None:
        answer.taken, answer.fed = accepted.taken, accepted.fed


def take_each(call: Call, facts: Sequence[bytes]) -> list[ChangeResult]:
    """Take in a batch change by change, each in its own transaction."""
    return _take_alone(call, [*(bytes(raw) for raw in call.body.changes), *facts])


def take_changes(call: Call, raws: Sequence[bytes]) -> list[ChangeResult]:
    """Take in changes that came by courier: together, or after an unexpected error each in its own transaction."""
    database = call.house.database

    def together() -> list[ChangeResult]:
        with database.write():
            return _take(call, raws)[0]

    try:
        return database.retry(together)
    except Exception as error:  # whatever it is, each change then gets its own answer
        if hindered(error):
            raise busy() from error
        return _take_alone(call, raws)


def pull(call: Call) -> PullAnswer:
    """A page of a scope; the grant was read with this very request."""
    return answer_pull(call, call.body)


def answer_pull(call: Call, body: Pull) -> PullAnswer:
    """The page that a laptop asks for, online or by courier. Raises: Refusal."""
    _check_grant(call, body.scope)
    if went_back(call, body.scope, ScopeState(seq=body.seq, head=body.head, chain=body.chain)):
        raise say_hello()
    most = MAX_TABLE_BYTES if body.table else MAX_PULL_BYTES
    after, size = max(body.seq, 0), min(max(body.max_bytes, 1), most)
    if len(body.uids) > MAX_FETCH_UIDS:
        raise too_many_at_once()
    records = call.records
    page = records.fetch(body.scope, body.uids, after, size) if body.uids else records.page(body.scope, after, size)
    answer = PullAnswer(rows=page.rows, seq=page.seq, head=page.head, chain=page.chain, sum=page.sum, more=page.more)
    if body.table and page.rows:
        answer.rows, answer.table = [], table_of_rows(page.rows)
    return answer


def _take_alone(call: Call, raws: Sequence[bytes]) -> list[ChangeResult]:
    """Each in a transaction of its own, as they were written; the results in the order given."""
    items = [arrived(raw) for raw in raws]
    results = {item.id: _take_one(call, item.raw) for item in as_written(items)}
    return [results[item.id] for item in items]


def _take_one(call: Call, raw: bytes) -> ChangeResult:
    database = call.house.database

    def decide() -> ChangeResult:
        with database.write():
            return _intake(call).take([raw])[0]

    try:
        return database.retry(decide)
    except Exception as error:
        if hindered(error):  # again and again: the laptop asks later, and nothing is held against the change
            raise busy() from error
        with database.write():
            return _intake(call).take_failed(raw)


def _take(call: Call, raws: Sequence[bytes]) -> tuple[list[ChangeResult], list[Fed]]:
    """New facts that are plainly in order go in together; anything else is decided change by change."""
    accepted = _fast(call).take(raws)
    return (accepted.results, accepted.fed) if accepted else (_intake(call).take(raws), [])


def _fast(call: Call) -> FastFacts:
    return FastFacts(
        BulkFacts(call.house.database),
        _judge(call),
        call.accounts.authors,
        device_id=call.caller.device.device_id,
        sender_uid=call.caller.user.uid,
        now=call.at,
        new_id=call.house.new_id,
    )


def _judge(call: Call) -> Judge:
    return Judge.at(call.house.reference, call.house.now())


def _intake(call: Call) -> Together:
    house = call.house
    return Together(
        call.records,
        _judge(call),
        call.accounts.authors,
        device_id=call.caller.device.device_id,
        now=call.at,
        new_id=house.new_id,
    )


def digest(call: Call) -> DigestAnswer:
    """What stands in those parts of a scope that differ."""
    body: Digest = call.body
    _check_grant(call, body.scope)
    page, buckets = call.records.digest(body.scope, _bucket_sums(body))
    return DigestAnswer(head=page.head, chain=page.chain, sum=page.sum, buckets=buckets)


def went_back(call: Call, scope: str, state: ScopeState) -> bool:
    """True when the feed does not hold what the laptop saw: the server was put back to an older state."""
    return bool(state.head) and call.records.chain_at(scope, state.head) != state.chain


def _keep_continuity(call: Call, body: Push) -> str:
    """Renew the token with every push. Raises: Refusal when the laptop has to say hello first."""
    device, token = went_on(call, body.device, body.continuity, body.step)
    call.accounts.save_device(replace(device, last_seen_at=call.at))
    return token


def went_on(call: Call, device_id: str, shown: str | None, step: str) -> tuple[Laptop, str]:
    """The laptop, not stored yet, and its next token. Raises: Refusal when it has to say hello first."""
    return carry_on(call, device_id, shown, step)


def _check_grant(call: Call, scope: str) -> None:
    if not call.caller.scope.may_read(scope):
        raise Refusal(RefusalCode.SCOPE_NOT_GRANTED, _("Wilayah ini bukan wilayah tugas Anda."))
    require_young_program(call)


def _bucket_sums(body: Digest) -> list[int]:
    if len(body.sums) != DIGEST_BUCKETS or not all(SUM.fullmatch(text) for text in body.sums):
        raise Refusal(RefusalCode.BODY_UNREADABLE, _("Isi pesan tidak dapat dibaca."))
    return [int(text) for text in body.sums]
