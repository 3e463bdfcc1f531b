"""The server's own keys for bundles: made once and kept in its database, so that they are in every backup."""

from __future__ import annotations

from functools import lru_cache

from kube_field.server.endpoint import House
from kube_field.server.storage.accounts import Accounts
from kube_field.wire.bundle import Keys
from kube_field.wire.messages import CourierKeys

SIGN_KEY, SEAL_KEY = "courier_sign_key", "courier_seal_key"


def server_keys(house: House) -> Keys:
    """The server's keys, made at the first time; to be called inside a write transaction."""
    accounts = Accounts(house.database)
    found = accounts.metas(SIGN_KEY, SEAL_KEY)
    if not all(found):
        for name in (SIGN_KEY, SEAL_KEY):
            accounts.put_meta(name, house.random_bytes(32).hex())
        found = accounts.metas(SIGN_KEY, SEAL_KEY)
    return Keys(bytes.fromhex(found[0]), bytes.fromhex(found[1]))


def public_keys(house: House) -> CourierKeys:
    """What laptops need to know of the server's keys; inside a write transaction."""
    return _public(server_keys(house))


@lru_cache(maxsize=4)
def _public(keys: Keys) -> CourierKeys:
    """Every hello tells them, and computing them costs more than the rest of its answer."""
    sign, seal = keys.public()
    return CourierKeys(sign=sign, seal=seal)
