"""How much of each officer's work waits, for the tiles of the unlock page: numbers only, outside the database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from kube_field.sqlite.durable import write_durably

if TYPE_CHECKING:
    from kube_field.assembly import OpenLaptop


def write_summary(laptop: OpenLaptop) -> None:
    """Keep the number of unsent changes of each user."""
    from kube_field.colleagues import colleagues  # the unlock page only reads: it does not wait for the rest

    counts = {one.user: one.unsent for one in colleagues(laptop)}
    write_durably(laptop.paths.summary, json.dumps(counts).encode())


def read_summary(path: Path) -> dict[str, int]:
    """Unsent changes by user, {} when it is not known."""
    try:
        kept = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(user): int(count) for user, count in kept.items()} if isinstance(kept, dict) else {}
