"""A laptop that signs reports, as another one knows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signer:
    """Its code, who enrolled it, its public signing key (hex), when it was revoked; `is_ours` for this very laptop."""

    code: str
    holder: str
    key: str
    revoked_at: str = ""
    is_ours: bool = False
