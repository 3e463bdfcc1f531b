"""Hello, have, push and pull (sync design 3.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta, timezone
from gettext import gettext as _

import msgspec

from kube_field.server.courier_keys import public_keys
from kube_field.server.credentials import new_token, token_hash
from kube_field.server.endpoint import Call, Caller
from kube_field.server.intake import Intake
from kube_field.server.judging import Judge
from kube_field.server.storage.accounts import Laptop
from kube_field.wire.messages import (
    MAX_HAVE_IDS,
    MAX_PULL_BYTES,
    MAX_PUSH_CHANGES,
    ChangeResult,
    Have,
    HaveAnswer,
    Hello,
    HelloAnswer,
    Pull,
    PullAnswer,
    Push,
    PushAnswer,
    ScopeOffer,
    ScopeState,
)
from kube_field.wire.refusals import Refusal, RefusalCode

WITA = timezone(timedelta(hours=8), "WITA")
TOKENS_KEPT = 20


def hello(call: Call) -> HelloAnswer:
    """Who is there, where it stands, what it may read."""
    body: Hello = call.body
    caller, records = call.caller, call.records
    device, token, fits = _continued(call, caller, body.continuity, body.step)
    clock = int(call.house.now().timestamp() * 1000)
    call.accounts.save_device(
        replace(
            device,
            last_seen_at=call.at,
            app_version=body.app[:40],
            clock_offset_ms=body.clock - clock if body.clock else 0,
            audit_length=body.audit.length,
            audit_head=body.audit.head[:64],
            queue_n=body.queue.n,
            sign_key=body.keys.sign if body.keys else device.sign_key,
            seal_key=body.keys.seal if body.keys else device.seal_key,
        )
    )
    heads = records.heads(caller.scope.readable(call.house.kecamatan))
    return HelloAnswer(
        server_id=call.accounts.meta("server_id"),
        epoch=call.accounts.epoch(),
        device=device.device_id,
        device_code=device.code,
        continuity=token,
        standing="ok" if fits else "broken",
        rollback=any(_went_back(call, name, state) for name, state in body.scopes.items() if name in heads),
        clock=clock,
        user=caller.user.person,
        scopes=[
            ScopeOffer(id=name, mode="rw" if caller.scope.may_write_somehow(name) else "ro", head=head)
            for name, head in heads.items()
        ],
        keys=public_keys(call.house),
    )


def have(call: Call) -> HaveAnswer:
    """Which changes the server holds."""
    body: Have = call.body
    if len(body.ids) > MAX_HAVE_IDS:
        raise _too_many_at_once()
    found = call.records.decided(body.ids)
    answers: dict[str, tuple[str, int] | None] = dict.fromkeys(body.ids)
    for name, decision in found.items():
        result = msgspec.json.decode(decision.result, type=ChangeResult)
        answers[name] = (result.status, result.version)
    return HaveAnswer(st=answers)


def push(call: Call) -> PushAnswer:
    """Take in a batch in one transaction."""
    body: Push = call.body
    if len(body.changes) > MAX_PUSH_CHANGES:
        raise _too_many_at_once()
    token = _keep_continuity(call, body)
    return PushAnswer(continuity=token, results=_intake(call).take([bytes(raw) for raw in body.changes]))


def push_one_by_one(call: Call) -> PushAnswer:
    """After an unexpected error: every change in its own transaction; only the guilty one is marked as failed."""
    body: Push = call.body
    database = call.house.database
    with database.write():
        token = _keep_continuity(call, body)
    return PushAnswer(continuity=token, results=[_take_alone(call, bytes(raw)) for raw in body.changes])


def take_changes(call: Call, raws: Sequence[bytes]) -> list[ChangeResult]:
    """Take in changes that came by courier: together, or after an unexpected error each in its own transaction."""
    database = call.house.database

    def together() -> list[ChangeResult]:
        with database.write():
            return _intake(call).take(raws)

    try:
        return database.retry(together)
    except Exception:  # noqa: BLE001  (whatever it is, each change then gets its own answer)
        return [_take_alone(call, raw) for raw in raws]


def pull(call: Call) -> PullAnswer:
    """A page of a scope; the grant was read with this very request."""
    return answer_pull(call, call.body)


def answer_pull(call: Call, body: Pull) -> PullAnswer:
    """The page that a laptop asks for, online or by courier. Raises: Refusal."""
    if not call.caller.scope.may_read(body.scope):
        raise Refusal(RefusalCode.SCOPE_NOT_GRANTED, _("Wilayah ini bukan wilayah tugas Anda."))
    if _went_back(call, body.scope, ScopeState(seq=body.seq, head=body.head, chain=body.chain)):
        raise _say_hello()
    page = call.records.page(body.scope, max(body.seq, 0), min(max(body.max_bytes, 1), MAX_PULL_BYTES))
    return PullAnswer(rows=page.rows, seq=page.seq, head=page.head, chain=page.chain, sum=page.sum, more=page.more)


def _take_alone(call: Call, raw: bytes) -> ChangeResult:
    database = call.house.database
    try:
        with database.write():
            return _intake(call).take([raw])[0]
    except Exception:  # noqa: BLE001  (whatever it is, the others go on and the raw body is kept)
        with database.write():
            return _intake(call).take_failed(raw)


def _intake(call: Call) -> Intake:
    house = call.house
    return Intake(
        call.records,
        Judge(house.reference, house.now().astimezone(WITA).date()),
        call.accounts.authors,
        device_id=call.caller.device.device_id,
        now=call.at,
        new_id=house.new_id,
    )


def _keep_continuity(call: Call, body: Push) -> str:
    """Renew the token with every push. Raises: Refusal when the laptop has to say hello first."""
    device, token, fits = _continued(call, call.caller, body.continuity, body.step)
    if not fits:
        raise _say_hello()
    call.accounts.save_device(replace(device, last_seen_at=call.at))
    return token


def _continued(call: Call, caller: Caller, shown: str | None, step: str) -> tuple[Laptop, str, bool]:
    """The laptop with a fresh token, the token, and whether the one it showed was expected (sync design 3.2).

    A repeated step may still show the token from before it, because its answer may have been lost.
    """
    device = call.accounts.device(caller.device.device_id, lock=True) or caller.device
    token = new_token(call.house.random_bytes)
    seen, fresh = token_hash(shown or ""), token_hash(token)
    first = not device.continuity and shown is None
    repeated = step == device.step and step != ""
    if repeated and (seen in device.previous or (not device.previous and shown is None)):
        return replace(device, continuity=(*device.continuity, fresh)[-TOKENS_KEPT:]), token, True
    fits = first or seen in device.continuity
    previous = (seen,) if fits and shown is not None else ()
    return replace(device, continuity=(fresh,), previous=previous, step=step), token, fits


def _went_back(call: Call, scope: str, state: ScopeState) -> bool:
    """True when the feed does not hold what the laptop saw: the server was put back to an older state."""
    return bool(state.head) and call.records.chain_at(scope, state.head) != state.chain


def _say_hello() -> Refusal:
    return Refusal(RefusalCode.SAY_HELLO, _("Sambungan perlu dimulai ulang."))


def _too_many_at_once() -> Refusal:
    return Refusal(RefusalCode.BATCH_TOO_LARGE, _("Terlalu banyak data sekaligus; bagi menjadi beberapa kiriman."))
