"""What lists say about a record beside its own state: conflicts, possible doubles, merged into another one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from kube_field.usecases.session import Session


@dataclass(frozen=True, slots=True)
class Marks:
    """By uid of a record: open conflicts, the case of a possible double, the record that it was merged into."""

    conflicts: Mapping[str, int] = field(default_factory=dict)
    doubles: Mapping[str, str] = field(default_factory=dict)
    merged: Mapping[str, str] = field(default_factory=dict)


def record_marks(session: Session) -> Marks:
    """The marks of every record of this laptop; few have any."""
    queue = session.store.queue
    return Marks(
        conflicts=Counter(row.uid for row in queue.conflicts(only_open=True)),
        doubles={uid: row.uid for row in queue.duplicates() for uid in row.uids},
        merged={row.merged: row.kept for row in queue.merges()},
    )
