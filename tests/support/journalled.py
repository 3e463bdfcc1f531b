"""A store with its journal, whose power can be cut at any byte that goes into the journal, and what both must say."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kube_field.domain.commit import Commit, DocumentNumber
from kube_field.domain.records import Attachment, Change, RecordKind
from kube_field.domain.sync_views import SyncRun
from kube_field.storage.journal import Journal, Kept
from kube_field.storage.rows import change_of
from kube_field.storage.store import LocalStore, open_store
from kube_field.storage.sync_store import LocalSyncStore
from kube_field.wire.messages import BlobState, ChangeResult, Have, HaveAnswer, WireReceipt
from tests.support.make_store import (
    AT,
    DATABASE_NAME,
    JOURNAL_KEY,
    JOURNAL_NAME,
    REFERENCE,
    TEST_KEY,
    make_change_record,
    make_fact_record,
    make_person_record,
    open_test_store,
)
from tests.support.ready_stores import plenty

CURSOR = 10_000


class PowerCut(BaseException):
    """The power went while the journal was written."""


class DyingJournal(Journal):
    """A journal that takes in `cut` of the next bytes (0 to 1) and then the power goes."""

    cut: float | None = None

    def _append(self, content: bytes) -> bool:
        if self.cut is not None:
            with self.path.open("ab") as file:
                file.write(content[: round(len(content) * self.cut)])
            raise PowerCut
        return super()._append(content)


@dataclass
class Journalled:
    """One laptop's store and journal in a folder, and the small stories that they live through."""

    folder: Path
    store: LocalStore = field(init=False)
    journal: DyingJournal = field(init=False)
    sync: LocalSyncStore = field(init=False)

    def __post_init__(self) -> None:
        open_test_store(self.folder).close()
        self._numbers = itertools.count(1)
        self.start()

    @property
    def path(self) -> Path:
        return self.folder / JOURNAL_NAME

    def start(self) -> None:
        self.journal = DyingJournal(self.path, JOURNAL_KEY)
        self.store = open_store(
            self.folder / DATABASE_NAME, TEST_KEY, reference=REFERENCE, free_bytes=plenty, journal=self.journal
        )
        self.sync = LocalSyncStore(self.store)

    def restart(self) -> None:
        self.store.close()
        self.start()

    def lose_database(self) -> None:
        """The database is gone; a new one takes its place."""
        self.store.close()
        for file in self.folder.glob(f"{DATABASE_NAME}*"):
            file.unlink()
        open_test_store(self.folder).close()
        self.start()

    # stories

    def visit(self, photos: int = 0) -> str:
        """A finalised document with photos; its uid."""
        n = next(self._numbers)
        uid, number = f"visit-{n}", self.store.next_number("KUNJ", 2026)
        shown = tuple(Attachment(f"{n:032d}{p:032d}", 10, "image/jpeg", "photos") for p in range(photos))
        fact = make_fact_record(uid, attachments=shown)
        sets = {"answers": fact.answers, "subject_uid": fact.subject_uid, "occurred_on": fact.occurred_on}
        sets |= {"form_version": fact.form_version, "author_uid": fact.author_uid, "author_name": fact.author_name}
        sets |= {"finalised_at": AT, "document_id": fact.document_id, "number": "", "snapshot": {}, "confirmed": {}}
        sets |= {"attachments": [photo_of(photo) for photo in shown], "revision": 1, "supersedes": ""}
        change = make_change_record(f"c-{n}", uid, sets={name: (None, value) for name, value in sets.items()})
        self.store.commit(Commit(facts=[fact], changes=[change], number=DocumentNumber("KUNJ", 2026, number)))
        return uid

    def person(self) -> str:
        """A person who was registered."""
        n = next(self._numbers)
        uid = f"person-{n}"
        record = make_person_record(uid, f"Melati {n}")
        sets = {name: (None, value) for name, value in record.answers.items()}
        change = make_change_record(f"c-{n}", uid, RecordKind.PERSON, sets=sets)
        self.store.commit(Commit(records=[record], changes=[change]))
        return uid

    def edit(self) -> None:
        """Another telephone of somebody who is here."""
        uids = [uid for (uid,) in self.store.db.rows("SELECT uid FROM person ORDER BY uid")]
        if not uids:
            return
        n = next(self._numbers)
        record = self.store.records.get(uids[n % len(uids)])
        assert record is not None
        record = replace(record, answers={**record.answers, "phone": f"+62812{n:07d}"})
        sets = {"phone": (None, f"+62812{n:07d}")}
        change = make_change_record(f"c-{n}", record.uid, RecordKind.PERSON, sets=sets, create=False)
        self.store.commit(Commit(records=[record], changes=[change]))

    def take_back(self) -> None:
        """The newest document that was never handed over is reopened."""
        uid = self.store.db.value(
            "SELECT uid FROM outbox WHERE kind = 'visit' AND ever_sent = 0 AND state = 'queued' ORDER BY n DESC"
        )
        if uid is not None:
            self.store.commit(Commit(withdrawn_facts=[str(uid)]))

    def send(self, status: str, *, photos: bool = False) -> None:
        """Half of what waits gets this answer; with `photos` theirs arrive too."""
        batch = self.sync.next_batch(max(1, self.sync.waiting() // 2), 1 << 20)
        results = [_result(change, status) for change in batch]
        self.sync.take_results(batch, results, f"token-{next(self._numbers)}")
        if photos:
            waiting = "SELECT l.sha256 FROM blob_link l JOIN outbox o ON o.uid = l.uid WHERE o.state = 'acked'"
            for (name,) in self.store.db.rows(waiting):
                self.sync.photos.take(BlobState(sha256=name, size=10, offset=10, state="done"), AT)

    def forgotten_by_server(self) -> None:
        """A server that was put back does not know half of what it acknowledged."""
        with self.store.transaction():
            self.sync._put("verify_after", "0")
        asked = self.sync.to_verify(CURSOR)
        known: dict[str, tuple[str, int] | None] = {}
        for n, name in enumerate(asked.ids if asked else []):
            acked = self.store.db.value("SELECT state = 'acked' FROM outbox WHERE change_id = ?", name)
            known[name] = ("applied" if acked else "rejected", 1) if n % 2 else None
        self.sync.take_verified(asked or Have(ids=[]), HaveAnswer(st=known))

    def end_run(self) -> None:
        self.sync.add_run(SyncRun(AT, AT, 0, 0, 0, 0, 0, 0))

    # what has to be

    def read(self) -> Kept:
        """The journal as a stranger reads it from the disk."""
        return Journal(self.path, JOURNAL_KEY).read()

    def unsent(self) -> dict[str, Change]:
        """What has no receipt, or photos without one, looked at one by one."""
        found = {}
        for row in self.store.db.named_rows("SELECT * FROM outbox_whole WHERE status <> 'erased' ORDER BY n"):
            photos = self.store.db.rows(
                "SELECT b.state FROM blob b JOIN blob_link l ON l.sha256 = b.sha256 WHERE l.uid = ?", row["uid"]
            )
            if row["state"] != "acked" or any(state not in ("stored", "remote") for (state,) in photos):
                found[str(row["change_id"])] = as_written(row)
        return found

    def assert_alike(self) -> None:
        """The journal holds the unsent work, no more and no less, and tells the numbers that were given."""
        kept = self.read()
        assert {name: as_written(row) for name, row in kept.changes.items()} == self.unsent()
        for paper, year, value in self.store.db.rows("SELECT paper, year, value FROM number_counter"):
            assert kept.told[f"number {paper} {year}"] == str(value)
        assert kept.told["setting device_code"] == self.store.setting("device_code")


def as_written(row: Any) -> Change:
    """A change without what is only known of its way."""
    return change_of({**row, "state": "queued", "lies_in": row["scope_id"], "written_after": None})


def photo_of(photo: Attachment) -> dict[str, Any]:
    return {"sha256": photo.sha256, "size": photo.size, "mime": photo.mime, "question": photo.question}


def _result(change: Change, status: str) -> ChangeResult:
    receipt = WireReceipt(id=f"r-{change.id}", sha256=change.sha256, at=AT) if status == "applied" else None
    return ChangeResult(id=change.id, status=status, version=1, receipt=receipt)
