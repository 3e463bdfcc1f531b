"""Tells every laptop the signing keys of all laptops, so that any of them verifies a report without a network.

A key is a record of the province's scope like any other word of the server. It is put out when a laptop first says it
at hello, once more with the instant when the laptop is revoked, and for all laptops at the start of the server: those
of before, and those that a database put back did not hold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

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
    telling = [one for one in laptops if KEY.fullmatch(one.sign_key)]
    if not telling:
        return 0
    accounts, store = Accounts(house.database), RecordStore(house.database, Console())
    batch = Batch(store, accounts.authors, instant(house.now()))
    batch.load_authors([one.user_uid for one in telling])
    words = {laptop_uid(said): said for said in (_said(batch, one) for one in telling)}
    store.lock(sorted(words))
    batch.load(sorted(words))
    for uid in words.keys() - batch.records.keys():
        batch.put(word(uid, ServerKind.LAPTOP, PROVINCE_SCOPE, words[uid]), Cause(uid))
    store.write(batch.work, now=batch.now)
    return len(batch.work.records)


def _said(batch: Batch, laptop: Laptop) -> LaptopKey:
    return LaptopKey(
        device=laptop.device_id,
        code=laptop.code,
        key=laptop.sign_key,
        holder=batch.name_of(laptop.user_uid),
        revoked_at=laptop.revoked_at,
    )
