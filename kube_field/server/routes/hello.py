"""Hello: who is there, where it stands, what it may read (sync design 3.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from msgspec import structs

from kube_field.server.continuity import greet
from kube_field.server.courier_keys import public_keys
from kube_field.server.endpoint import Call
from kube_field.server.laptop_keys import tell_keys
from kube_field.server.lineage import hear_of_restore, retry_jitter
from kube_field.server.reviewing import waiting_for
from kube_field.server.routes.exchange import went_back
from kube_field.server.routes.photos import challenge
from kube_field.server.snapshots import valid
from kube_field.server.storage.accounts import Laptop
from kube_field.server.storage.records import RecordStore
from kube_field.wire.codec import codings, to_json
from kube_field.wire.columns import MAX_TABLE_ROWS
from kube_field.wire.messages import Hello, HelloAnswer, Limits, ScopeOffer, SnapshotOffer

TERMS_DIGITS = 16
PHOTOS_NAMED = 500
"""Missing photos told at once, from a random one on: no laptop may have the first ones any more."""


def hello(call: Call) -> HelloAnswer:
    """Greet a laptop; one that is a copy of another gets a name of its own."""
    body: Hello = call.body
    epoch = call.accounts.epoch()
    names = call.caller.scope.readable(call.house.kecamatan, call.records.shelves())
    # Also what was granted until now: of a move into it, half read, the laptop may know the better half only.
    rollback = any(went_back(call, name, state) for name, state in body.scopes.items())
    restored = rollback or body.epoch not in ("", epoch)
    known = greet(call, body.device, body.continuity, body.step, went_back=restored)
    if restored:
        hear_of_restore(call.house, body.epoch)
    clock = now_ms(call)
    laptop = _seen(call, known.laptop, clock)
    call.accounts.save_device(laptop)
    if laptop.sign_key != known.laptop.sign_key:
        call.accounts.note_device(laptop.device_id)
        tell_keys(call.house, [laptop])
    terms = standing_terms(call, laptop, names)
    return structs.replace(
        terms,
        continuity=known.token,
        standing="ok" if known.fits else "broken",
        rollback=rollback,
        clock=clock,
        scopes=_offers(call, names),
        token=known.login,
        photos=photos_asked_for(call, known.laptop),
        aside=waiting_for(call.house, [call.caller.user, *call.caller.colleagues]),
        retry_jitter_s=retry_jitter(call.house),
        terms=name_of_terms(terms, laptop),
    )


def standing_terms(call: Call, laptop: Laptop, names: Sequence[str]) -> HelloAnswer:
    """What is the same from hello to hello as long as nobody changes anything."""
    scope = call.caller.scope
    return HelloAnswer(
        server_id=call.accounts.meta("server_id"),
        epoch=call.accounts.epoch(),
        device=laptop.device_id,
        device_code=laptop.code,
        continuity="",
        clock=0,
        user=call.caller.user.person,
        scopes=[ScopeOffer(id=name, mode="rw" if scope.may_write_somehow(name) else "ro", head=0) for name in names],
        limits=Limits(table_rows=MAX_TABLE_ROWS),
        challenge=challenge(call, laptop.device_id),
        keys=public_keys(call.house),
        codings=codings(),
    )


def name_of_terms(terms: HelloAnswer, laptop: Laptop) -> str:
    """A short name for these terms and for what the laptop told of itself."""
    told = (laptop.app_version, laptop.sign_key, laptop.seal_key)
    return sha256(to_json((terms, told))).hexdigest()[:TERMS_DIGITS]


def now_ms(call: Call) -> int:
    """Our clock in milliseconds."""
    return int(call.house.now().timestamp() * 1000)


def _offers(call: Call, names: tuple[str, ...]) -> list[ScopeOffer]:
    scope, records = call.caller.scope, call.records
    return [
        ScopeOffer(
            id=name,
            mode="rw" if scope.may_write_somehow(name) else "ro",
            head=head,
            snapshot=_snapshot(call, records, name) if head else None,
        )
        for name, head in records.heads(names).items()
    ]


def _snapshot(call: Call, records: RecordStore, scope: str) -> SnapshotOffer | None:
    """The scope as one file, for a laptop that has nothing of it yet."""
    state = call.body.scopes.get(scope)
    made = valid(call.house, records, scope) if state is None or not state.seq else None
    return made.offer if made else None


def photos_asked_for(call: Call, laptop: Laptop) -> list[str]:
    """Photos that this laptop's officers named and that are not here, or that they never showed to have.

    Of those that were here once the laptop may have the last copy, whoever named them.
    """
    officers = {call.caller.user.uid, *(user.uid for user in call.accounts.officers(laptop.device_id))}
    start = call.house.random_bytes(32).hex()
    named = call.records.missing_photos(sorted(officers), PHOTOS_NAMED, start)
    return sorted({*named, *call.records.lost_photos(PHOTOS_NAMED, start)})


def _seen(call: Call, laptop: Laptop, clock: int) -> Laptop:
    """The laptop as it shows itself now; `clock` is ours in milliseconds."""
    body: Hello = call.body
    return replace(
        laptop,
        last_seen_at=call.at,
        app_version=body.app[:40],
        clock_offset_ms=body.clock - clock if body.clock else 0,
        audit_length=body.audit.length,
        audit_head=body.audit.head[:64],
        queue_n=body.queue.n,
        sign_key=body.keys.sign if body.keys else laptop.sign_key,
        seal_key=body.keys.seal if body.keys else laptop.seal_key,
    )
