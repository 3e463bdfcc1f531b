"""Looks for doubles among the records that were stored before the server had an index of them, a few at a time."""

from __future__ import annotations

from kube_field.server.batch import Batch
from kube_field.server.duplicates import Doubles
from kube_field.server.endpoint import House, instant
from kube_field.server.policy import Console
from kube_field.server.storage.accounts import Accounts
from kube_field.server.storage.likeness import NUMBERS
from kube_field.server.storage.records import RecordStore

STEP = 200
"""So many records are locked and compared in one transaction: laptops that send meanwhile wait for a moment only."""
STEPS_A_ROUND = 25
END = "*"


def look_back(house: House, steps: int = STEPS_A_ROUND) -> int:
    """Go some steps on from where it was left; how many records were looked at, 0 when there is no older one."""
    looked = 0
    for _step in range(steps):
        found = house.database.retry(lambda: _one_step(house))
        looked += found
        if not found:
            break
    return looked


def _one_step(house: House) -> int:
    with house.database.write():
        store = RecordStore(house.database, Console())
        rows = store.doubles()
        after = rows.looked_until()
        if after is None:
            return 0
        uids = [record.uid for record in rows.next_records(after, list(NUMBERS), STEP)]
        store.lock(uids)
        batch = Batch(store, Accounts(house.database).authors, instant(house.now()))
        batch.load(uids)
        Doubles(batch, rows).look_at([batch.records[uid] for uid in uids if uid in batch.records])
        store.write(batch.work, now=batch.now)
        rows.now_looked_until(uids[-1] if uids else END)
        return len(uids)
