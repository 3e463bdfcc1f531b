"""Codes, tokens and passwords: how they are made, hashed and compared. The random bytes come from outside."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

RandomBytes = Callable[[int], bytes]

CODE_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ0123456789"
"""32 signs without I, L, O and U, which are misread."""
CODE_LENGTH = 12
SELECTOR_LENGTH = 4
TOKEN_BYTES = 32
SALT_BYTES = 16
HASH_BYTES = 32
ARGON_LANES, ARGON_ITERATIONS, ARGON_KIB = 1, 2, 19 * 1024
"""Argon2id as ASVS 5.0 asks at least: 19 MiB, two passes."""
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def new_code(random_bytes: RandomBytes) -> str:
    """A one-time code of 60 random bits."""
    return "".join(CODE_ALPHABET[byte % 32] for byte in random_bytes(CODE_LENGTH))


def show_code(code: str) -> str:
    """A code in groups of four, as it is read out."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def read_code(text: str) -> str:
    """A typed code without spaces and hyphens, misread letters mended; "" when it cannot be one."""
    code = "".join(sign for sign in text.upper() if sign.isalnum()).translate(MISREAD)
    return code if len(code) == CODE_LENGTH and all(sign in CODE_ALPHABET for sign in code) else ""


def new_token(random_bytes: RandomBytes) -> str:
    """An opaque token of 256 bits."""
    return base64.urlsafe_b64encode(random_bytes(TOKEN_BYTES)).decode().rstrip("=")


def token_hash(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def secret_hash(secret: str, random_bytes: RandomBytes) -> str:
    """Argon2id hash of a code or password in PHC form."""
    return _argon(random_bytes(SALT_BYTES)).derive_phc_encoded(secret.encode())


def secret_matches(secret: str, stored: str) -> bool:
    """Compare a code or password with its hash; takes as long for an empty hash."""
    if not stored:
        _argon(bytes(SALT_BYTES)).derive(secret.encode())
        return False
    try:
        Argon2id.verify_phc_encoded(secret.encode(), stored)
    except InvalidKey:
        return False
    return True


def same_text(left: str, right: str) -> bool:
    """Compare in a time that says nothing about where the texts differ."""
    return hmac.compare_digest(left.encode(), right.encode())


def _argon(salt: bytes) -> Argon2id:
    return Argon2id(salt=salt, length=HASH_BYTES, iterations=ARGON_ITERATIONS, lanes=ARGON_LANES, memory_cost=ARGON_KIB)
