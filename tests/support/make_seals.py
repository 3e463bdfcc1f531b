"""Visits that were finalised with a seal, and the keys that they are signed with."""

from __future__ import annotations

from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kube_field.domain.key_figures import key_figures, unit_name
from kube_field.domain.records import Fact
from kube_field.wire.canonical import fact_body, fact_hash
from kube_field.wire.seal import SEAL, Seal, kept_seal, key_name, seal_of, seal_text, unsigned_seal

PRIVATE = bytes(range(32))
PUBLIC = Ed25519PrivateKey.from_private_bytes(PRIVATE).public_key().public_bytes_raw().hex()


def seal_for(fact: Fact) -> Seal:
    """The signed seal of a visit."""
    return unsigned_seal(fact, key_figures(fact), unit_name(fact), key_name(PUBLIC)).signed(PRIVATE)


def sealed_visit(fact: Fact, *, registered: bool = True) -> Fact:
    """The visit with its seal frozen in it, and the hash of that."""
    fact = replace(fact, snapshot={**fact.snapshot, SEAL: kept_seal(seal_for(fact), registered=registered)})
    return replace(fact, sha256=fact_hash(fact.uid, fact.kind, fact_body(fact)))


def code_of(fact: Fact) -> str:
    """What the code of a sealed visit says."""
    seal = seal_of(fact, key_figures(fact), unit_name(fact))
    assert seal is not None
    return seal_text(seal)
