"""A laptop that loads its first file: `python -m tests.support.download_child FOLDER ROWS BYTES`; to be killed.

After every stored piece of so many bytes, and so many stored records, it prints a line and waits for one.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from kube_field.storage import sync_snapshot
from kube_field.storage.store import open_store
from kube_field.storage.sync_snapshot import Snapshots
from kube_field.sync import download_lane
from kube_field.usecases.sync import sync_now
from tests.support.laptop import DATABASE_KEY, REFERENCE, laptop_over
from tests.support.ready_stores import plenty
from tests.support.server import http_of


def tells(name: str) -> None:
    """Print the name of a step after each of its transactions, and wait to be let on, or killed."""
    step = getattr(Snapshots, name)

    def told(self: Snapshots, *arguments: Any) -> Any:
        done = step(self, *arguments)
        say(name)
        sys.stdin.readline()
        return done

    setattr(Snapshots, name, told)


def main(folder: Path, rows: int, size: int) -> None:
    """One whole run."""
    sync_snapshot.ROWS_AT_ONCE, download_lane.PIECE_BYTES = rows, size
    tells("take_piece")
    tells("_store_batch")
    store = open_store(folder / "data.db", DATABASE_KEY, reference=REFERENCE, free_bytes=plenty)
    with laptop_over(folder, store) as laptop, http_of(laptop.session) as transport:
        say(f"ended {sync_now(laptop.session, transport, wait=lambda _seconds: None).outcome}")


def say(line: str) -> None:
    """Tell whoever started this process."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
