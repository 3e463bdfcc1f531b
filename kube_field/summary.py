"""How much of each officer's work waits, for the tiles of the unlock page: numbers only, outside the database."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from kube_field.assembly import OpenLaptop, officer_uids
from kube_field.storage.vault.durable import write_durably


def write_summary(laptop: OpenLaptop) -> None:
    """Keep the number of unsent changes of each user."""
    waiting = Counter(row.author for row in laptop.store.queue.rows())
    counts = {user: waiting.get(uid, 0) for user, uid in officer_uids(laptop).items()}
    write_durably(laptop.paths.summary, json.dumps(counts).encode())


def read_summary(path: Path) -> dict[str, int]:
    """Unsent changes by user, {} when it is not known."""
    try:
        kept = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(user): int(count) for user, count in kept.items()} if isinstance(kept, dict) else {}
