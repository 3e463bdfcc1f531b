"""What storing the server's results came to: for engine and store, which are blind to each other."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BatchOutcome:
    """Changes of a batch by what became of them; `acked` have a receipt for exactly our content."""

    acked: int = 0
    refused: int = 0
    held: int = 0
