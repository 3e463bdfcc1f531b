"""What the server decided about many changes at once: the plain answers in one statement, the others one by one.

All functions run inside the caller's transaction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kube_field.domain.records import EDITABLE_KINDS, Change
from kube_field.storage.erasure import ERASED
from kube_field.storage.outbox_results import ACKED, settle
from kube_field.storage.working_rows import known_uids
from kube_field.wire.messages import ChangeResult, WireReceipt

if TYPE_CHECKING:
    from kube_field.storage.store import LocalStore

MARK_SENT = """
UPDATE outbox SET state = 'sent', ever_sent = 1
WHERE n IN (SELECT value FROM json_each(?)) AND (state <> 'sent' OR ever_sent = 0)
"""
ERASED_BASE = f"(SELECT uid FROM sync_base WHERE kind = '{ERASED}')"
TAKEN = """
UPDATE outbox SET state = 'acked', status = 'applied', result_json = '{"conflicts": [], "hold": ""}',
  result_version = ?, errors_json = '[]', receipt_id = ?, receipt_sha256 = ?, receipt_at = ? WHERE change_id = ?
"""


def mark_sent(store: LocalStore, numbers: Sequence[int]) -> None:
    """Note that these changes are handed over, before anybody sees them."""
    store.db.execute_sql(MARK_SENT, (json.dumps(list(numbers)),))


def settle_all(store: LocalStore, batch: Sequence[Change], answered: Mapping[str, ChangeResult]) -> list[str]:
    """Store what became of a batch; the new state of each change that was answered."""
    taken, others = [], []
    erased = set(known_uids(store, ERASED_BASE, [change.uid for change in batch]))
    for change in batch:
        result = answered.get(change.id)
        receipt = _plain_receipt(change, result) if result is not None and change.uid not in erased else None
        if result is not None and receipt is not None:
            taken.append((result.version, receipt.id, receipt.sha256, receipt.at, change.id))
        elif result is not None:
            others.append((change, result))
    store.db.cursor().executemany(TAKEN, taken)
    return [ACKED] * len(taken) + [settle(store, change, result) for change, result in others]


def _plain_receipt(change: Change, result: ChangeResult) -> WireReceipt | None:
    """The receipt of a new fact that went in with exactly our content: nothing else hangs on such an answer."""
    plain = result.status == "applied" and not result.conflicts and not result.errors and not change.resolves
    if not plain or change.kind in EDITABLE_KINDS or result.receipt is None:
        return None
    return result.receipt if result.receipt.sha256 == change.sha256 else None
