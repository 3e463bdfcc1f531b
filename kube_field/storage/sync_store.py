"""The laptop's side of synchronisation over the encrypted store: outbox, cursors, downloaded rows, photos, runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kube_field.domain.records import EDITABLE_KINDS, Change, RecordKind
from kube_field.domain.views import SyncRun
from kube_field.errors import BugError
from kube_field.storage.projection import put_remote, rebuild_record, remove_remote
from kube_field.storage.rows import change_of, dump
from kube_field.storage.store import DEVICE_CODE, LocalStore
from kube_field.storage.tables import OutboxTable, SyncRunTable
from kube_field.sync.ports import Outcome
from kube_field.wire import chain
from kube_field.wire.messages import (
    DONE,
    HELD,
    AuditHead,
    ChangeResult,
    Enrolled,
    Hello,
    HelloAnswer,
    Pull,
    PullAnswer,
    QueueState,
    Row,
    ScopeState,
)
