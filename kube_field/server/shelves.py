"""Where restricted facts lie: apart from their subject, where their author and the supervisors alone read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kube_field.domain.forms.referral import is_restricted
from kube_field.domain.records import RecordKind
from kube_field.server.storage.record_rows import Stored
from kube_field.wire.server_words import is_shelf, shelf_scope


def shelved(records: Mapping[str, Stored], record: Stored) -> Stored:
    """The record on its author's shelf if it is restricted (handbook 5.12), or beside what it hangs on if that is."""
    if record.kind == RecordKind.REFERRAL and is_restricted(record.body.get("answers") or {}):
        return replace(record, scope=shelf_scope(record.scope, record.author_uid))
    about = records.get(record.subject_uid)
    if about is not None and is_shelf(about.scope):
        return replace(record, scope=about.scope)
    return record
