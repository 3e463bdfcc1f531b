"""Proof that a laptop holds the bytes of a photo, without sending them: a keyed hash under a word of the server's."""

from __future__ import annotations

import hmac
from hashlib import sha256


def challenge_for(key: bytes, device_id: str) -> str:
    """The word (hex) that one laptop answers with; another laptop's answers are worth nothing under it."""
    return hmac.new(key, b"photos of " + device_id.encode(), sha256).hexdigest()


def photo_proof(challenge: str, content: bytes) -> str:
    """What only he can say who has all bytes: HMAC-SHA-256 over them under the challenge, in hex."""
    return hmac.new(challenge.encode(), content, sha256).hexdigest()


def proves(proof: str, challenge: str, content: bytes) -> bool:
    """True when a proof fits these bytes."""
    return hmac.compare_digest(proof.encode(), photo_proof(challenge, content).encode())
