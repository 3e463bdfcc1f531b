"""Tells every laptop the signing keys of all laptops, so that any of them verifies a report without a network.

A key is a record of the province's scope like any other word of the server. It is put out when a laptop first says it
at hello, again with the day when the laptop is revoked, and for all laptops at the start of the server: those of before
and those that a database put back did not hold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from kube_field.domain.records import PROVINCE_SCOPE
from kube_field.server.batch import Batch, Cause
from kube_field.server.conflicts import word
from kube_field.server.endpoint import House, instant
from kube_field.server.policy import Console
from kube_field.server.storage.accounts import Accounts, Laptop
from kube_field.server.storage.records import RecordStore
from kube_field.wire.server_words import LaptopKey, ServerKind, laptop_uid

KEY = re.compile(r"[0-9a-f]{64}")
"""A laptop says its key itself; anything else is told to nobody."""


def tell_every_key(house: House) -> int:
    """Put out what was not told yet; how many words."""

    def work() -> int:
        with house.database.write():
            return tell_keys(house, Accounts(house.database).devices())

    return house.database.retry(work)


def tell_keys(house: House, laptops: Sequence[Laptop]) -> int:
    """Put out the keys of these laptops where they are not told as they are now; inside a write transaction."""
    told = {laptop_uid(one.device_id, one.sign_key): one for one in laptops if KEY.fullmatch(one.sign_key)}
    if not told:
        return 0
    accounts, store = Accounts(house.database), RecordStore(house.database, Console())
    store.lock(sorted(told))
    batch = Batch(store, accounts.authors, instant(house.now()))
    batch.load(sorted(told))
    for uid, laptop in told.items():
        _tell(batch, uid, laptop)
    store.write(batch.work, now=batch.now)
    return len(batch.work.records)


def _tell(batch: Batch, uid: str, laptop: Laptop) -> None:
    before = batch.records.get(uid)
    known = msgspec.convert(before.body, LaptopKey) if before else None
    said = LaptopKey(
        device=laptop.device_id,
        code=laptop.code,
        key=laptop.sign_key,
        holder=batch.name_of(laptop.user_uid),
        since=known.since if known else batch.now,
        revoked_at=laptop.revoked_at,
    )
    if said == known:
        return
    version = before.version + 1 if before else 1
    batch.put(word(uid, ServerKind.LAPTOP, PROVINCE_SCOPE, said, version=version), Cause(f"{uid}:{version}"))
