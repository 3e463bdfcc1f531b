"""Tells whoever sent a change what became of it when that was decided later: a record in his own scope."""

from __future__ import annotations

from kube_field.server.batch import Batch, Cause
from kube_field.server.conflicts import word
from kube_field.wire.messages import ChangeResult
from kube_field.wire.server_words import Decision, ServerKind, decision_uid, user_scope


def tell_sender(batch: Batch, sender_uid: str, result: ChangeResult) -> None:
    """Put the outcome of a change into the scope of its sender; a later outcome replaces an earlier one."""
    if not sender_uid:
        return
    uid = decision_uid(result.id)
    batch.load([uid])
    before = batch.records.get(uid)
    told = Decision(
        change=result.id,
        status=result.status,
        version=result.version,
        errors=result.errors,
        conflicts=result.conflicts,
        receipt=result.receipt,
    )
    version = before.version + 1 if before else 1
    batch.put(word(uid, ServerKind.DECISION, user_scope(sender_uid), told, version=version), Cause(result.id))
