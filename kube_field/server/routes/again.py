"""Hello in short, with a batch: one request for a laptop for which nothing changed (`wire.again`)."""

from __future__ import annotations

from dataclasses import replace

from kube_field.server.continuity import say_hello
from kube_field.server.endpoint import Call
from kube_field.server.reviewing import waiting_for
from kube_field.server.routes.exchange import facts_of, take_each, take_together, went_back, went_on
from kube_field.server.routes.hello import name_of_terms, now_ms, photos_asked_for, standing_terms
from kube_field.wire.again import Again, AgainAnswer
from kube_field.wire.messages import ScopeState


def again(call: Call) -> AgainAnswer:
    """Greet a laptop and take in its batch, in one transaction."""
    facts = facts_of(call.body)
    answer = _greeted(call)
    take_together(call, facts, answer)
    return answer


def again_one_by_one(call: Call) -> AgainAnswer:
    """After an unexpected error: the greeting, then every change, in a transaction of its own."""
    facts = facts_of(call.body)
    with call.house.database.write():
        answer = _greeted(call)
    answer.results = take_each(call, facts)
    return answer


def _greeted(call: Call) -> AgainAnswer:
    """The answer without a batch. Raises: Refusal when anything is not as the laptop knows it."""
    body: Again = call.body
    names = call.caller.scope.readable(call.house.kecamatan, call.records.shelves())
    laptop, token = went_on(call, call.caller.device.device_id, body.continuity, body.step)
    told = replace(laptop, app_version=body.app[:40])
    if name_of_terms(standing_terms(call, told, names), told) != body.terms or len(names) != len(body.seen):
        raise say_hello()
    seen = (ScopeState(head=head, chain=link) for head, link in body.seen)
    if any(went_back(call, name, state) for name, state in zip(names, seen, strict=True)):
        raise say_hello()
    clock = now_ms(call)
    call.accounts.save_device(
        replace(
            told,
            last_seen_at=call.at,
            clock_offset_ms=body.clock - clock if body.clock else 0,
            audit_length=body.audit.length,
            audit_head=body.audit.head[:64],
            queue_n=body.waiting,
        )
    )
    heads = call.records.heads(names)
    return AgainAnswer(
        continuity=token,
        clock=clock,
        heads=[heads[name] for name in names],
        photos=photos_asked_for(call, told),
        aside=waiting_for(call.house, [call.caller.user, *call.caller.colleagues]),
    )
