"""Two small proofs of a scope's feed: a hash chain over all that ever happened, and a sum over what stands now."""

from __future__ import annotations

import hashlib

GENESIS = ""
SUM_MODULUS = 2**64


def link(chain: str, scope: str, seq: int, uid: str, version: int, change_id: str) -> str:
    """The chain after one more feed row, 64 hex digits; the chain of an empty feed is ""."""
    text = "\n".join((chain, scope, str(seq), uid, str(version), change_id))
    return hashlib.sha256(text.encode()).hexdigest()


def weight(uid: str, version: int) -> int:
    """What one standing record adds to the scope sum: 64 bits of a hash of uid and version."""
    return int.from_bytes(hashlib.sha256(f"{uid}\n{version}".encode()).digest()[:8], "big")


def replaced(total: int, uid: str, old_version: int, new_version: int) -> int:
    """The scope sum after a record went from one version to the next; 0 stands for "was not there" and "is gone"."""
    if old_version:
        total -= weight(uid, old_version)
    if new_version:
        total += weight(uid, new_version)
    return total % SUM_MODULUS


def bucket(uid: str) -> int:
    """Which of the 256 parts of a scope a record is compared in, when the scope sums differ."""
    return hashlib.sha256(uid.encode()).digest()[0]
