"""The seal of a visit report: made once, when the visit is finalised, and frozen with it (decision 13)."""

from __future__ import annotations

from dataclasses import replace

from kube_field.domain.key_figures import key_figures, unit_name
from kube_field.domain.records import Fact, RecordKind
from kube_field.usecases.histories import hashed
from kube_field.usecases.session import Session
from kube_field.usecases.sync import sync_store
from kube_field.wire.seal import SEAL, kept_seal, key_name, unsigned_seal

SEALED_KINDS = frozenset({RecordKind.VISIT})


def sealed(session: Session, fact: Fact) -> Fact:
    """A numbered visit with the signature of this laptop in its snapshot; other kinds as they are.

    The content hash covers the seal too; the hash inside the seal is that of everything else.
    """
    if fact.kind not in SEALED_KINDS:
        return fact
    store = sync_store(session.store)
    keys = store.courier.keys()
    public, _seal_to = keys.public()
    seal = unsigned_seal(fact, key_figures(fact), unit_name(fact), key_name(public)).signed(keys.sign)
    known_to_server = store.continuity() is not None
    return hashed(replace(fact, snapshot={**fact.snapshot, SEAL: kept_seal(seal, registered=known_to_server)}))
