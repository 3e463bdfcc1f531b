"""Hello: who is there, where it stands, what it may read (sync design 3.5)."""

from __future__ import annotations

from dataclasses import replace

from kube_field.server.continuity import Continued, greet
from kube_field.server.courier_keys import public_keys
from kube_field.server.endpoint import Call
from kube_field.server.lineage import retry_jitter
from kube_field.server.reviewing import waiting_for
from kube_field.server.routes.exchange import went_back
from kube_field.server.routes.photos import challenge
from kube_field.server.snapshots import valid
from kube_field.server.storage.accounts import Laptop
from kube_field.server.storage.records import RecordStore
from kube_field.wire.columns import MAX_TABLE_ROWS
from kube_field.wire.messages import Hello, HelloAnswer, Limits, ScopeOffer, SnapshotOffer

PHOTOS_NAMED = 500
"""Missing photos told at once, from a random one on: no laptop may have the first ones any more."""


def hello(call: Call) -> HelloAnswer:
    """Greet a laptop; one that is a copy of another gets a name of its own."""
    body: Hello = call.body
    epoch = call.accounts.epoch()
    names = call.caller.scope.readable(call.house.kecamatan, call.records.shelves())
    rollback = any(went_back(call, name, state) for name, state in body.scopes.items() if name in names)
    restored = rollback or body.epoch not in ("", epoch)
    known = greet(call, body.device, body.continuity, body.step, went_back=restored)
    clock = int(call.house.now().timestamp() * 1000)
    call.accounts.save_device(_seen(call, known.laptop, clock))
    return HelloAnswer(
        server_id=call.accounts.meta("server_id"),
        epoch=epoch,
        device=known.laptop.device_id,
        device_code=known.laptop.code,
        continuity=known.token,
        standing="ok" if known.fits else "broken",
        rollback=rollback,
        clock=clock,
        user=call.caller.user.person,
        scopes=_offers(call, names),
        limits=Limits(table_rows=MAX_TABLE_ROWS),
        token=known.login,
        photos=_photos(call, known),
        challenge=challenge(call, known.laptop.device_id),
        keys=public_keys(call.house),
        aside=waiting_for(call.house, [call.caller.user, *call.caller.colleagues]),
        retry_jitter_s=retry_jitter(call.house),
    )


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


def _photos(call: Call, known: Continued) -> list[str]:
    """Photos that this laptop's officers named and that are not here, or that they never showed to have."""
    own, caller = known.laptop.device_id, call.caller
    serving = caller.colleagues if own == caller.device.device_id else call.accounts.officers(own)
    officers = {caller.user.uid, *(user.uid for user in serving)}
    start = call.house.random_bytes(32).hex()
    return sorted(call.records.missing_photos(sorted(officers), PHOTOS_NAMED, start))


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
