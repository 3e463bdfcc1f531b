"""A process that works on a store until it is killed: `python -m tests.support.store_child FOLDER MODE [jurnal]`.

It prints the id of each piece of work, flushed, only after its commit returned.
"""

from __future__ import annotations

import sys
import uuid
from pathlib import Path

from kube_field.domain.commit import AuditLine, Commit, DocumentNumber
from kube_field.domain.records import RecordKind
from kube_field.errors import KubeFieldError
from kube_field.storage.store import LocalStore
from tests.support.make_store import (
    AT,
    journal_of,
    make_change_record,
    make_draft_record,
    make_fact_record,
    make_person_record,
    open_test_store,
)


def put_person(store: LocalStore) -> str:
    """A person with her change and audit line, in one commit."""
    uid = uuid.uuid4().hex
    store.commit(
        Commit(
            records=[make_person_record(uid, f"Melati {uid}", note="x" * 2000)],
            changes=[make_change_record(f"c-{uid}", uid, RecordKind.PERSON)],
            audit=[AuditLine("staff-rina", "put", "person", uid, AT)],
        )
    )
    return uid


def finalise(store: LocalStore) -> str:
    """A draft that is saved and then finalised."""
    uid = uuid.uuid4().hex
    draft = make_draft_record(f"d-{uid}", record_uid=uid, answers={"note": "x" * 2000})
    store.save_draft(draft)
    number = store.next_number("KUNJ", 2026)
    store.commit(
        Commit(
            facts=[make_fact_record(uid, number=f"KUNJ/T1/2026/{number}", answers=draft.answers)],
            changes=[make_change_record(f"c-{uid}", uid)],
            audit=[AuditLine("staff-rina", "finalise", "visit", uid, AT)],
            removed_drafts=[draft.uid],
            number=DocumentNumber("KUNJ", 2026, number),
        )
    )
    return uid


def save_drafts(store: LocalStore) -> str:
    """A draft alone."""
    uid = uuid.uuid4().hex
    store.save_draft(make_draft_record(uid, answers={"note": "x" * 2000}))
    return uid


MODES = {"put": put_person, "finalise": finalise, "draft": save_drafts}


def main() -> int:
    """Work until killed, or until the disk says no: its exit code then, the sentence on standard error."""
    folder, mode = Path(sys.argv[1]), sys.argv[2]
    try:
        store = open_test_store(folder, journal=journal_of(folder) if sys.argv[3:] else None)
        while True:
            sys.stdout.write(MODES[mode](store) + "\n")
            sys.stdout.flush()
    except KubeFieldError as error:
        sys.stderr.write(error.sentence)
        return int(error.failure)


if __name__ == "__main__":
    raise SystemExit(main())
