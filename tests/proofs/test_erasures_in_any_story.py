"""Erasures in the middle of random work, broken lines and restores: she is gone everywhere, the others have everything.

The real server and the real laptops, told apart by a word in the name of each woman.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from kube_field.domain.records import Record, RecordKind, Role
from kube_field.errors import KubeFieldError
from kube_field.server import backup
from kube_field.server.erasing import erase
from kube_field.server.reviewing import accept, quarantined
from kube_field.server.storage.accounts import Accounts
from kube_field.server.storage.proof import check_feed
from kube_field.server.storage.tables import TABLES
from kube_field.usecases.drafts import begin_draft, save_draft
from kube_field.usecases.session import Session
from kube_field.usecases.sync import sync_now
from kube_field.usecases.test_results import record_score
from kube_field.usecases.trainings import finalise_attendance
from tests.support.direct_server import DirectServer, direct_server
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import (
    commit_saved,
    fill_in_grid,
    make_batch,
    make_training,
    make_unit,
    record_visit,
    register_household,
    register_person,
)
from tests.support.network import Follows
from tests.support.wholeness import assert_alike, assert_whole, assert_whole_page_or_none

WOMEN, STEPS, ROUNDS = 4, 40, 6
FIRST_VISIT, MOST_DAYS = date(2026, 10, 1), timedelta(days=50)
FAULTS = ("ok", "ok", "ok", "drop", "lose", "twice")
REASON = "Surat keputusan 12/2026"


def word(n: int) -> str:
    """What stands in everything that is about the n-th woman, and in nothing else."""
    return f"kenari{'abcdefgh'[n]}q"


class Story:
    """A server, two laptops, some women; `erased` are the numbers of those who were erased."""

    def __init__(self, folder: Path, seed: int, stack: ExitStack) -> None:
        self.folder, self.rng = folder, random.Random(seed)
        self._server = stack.enter_context(ExitStack())
        self.start()
        self.laptops = [stack.enter_context(make_laptop(folder, name)) for name in ("Rina", "Budi")]
        admin = self.server.add_user("Admin", Role.ADMIN_PROV, ("64",))
        with self.server.house.database.write():
            Accounts(self.server.house.database).add_alias("staff-admin", admin.uid)
        for laptop in self.laptops:
            self.server.enrol(laptop.session, self.server.add_user(laptop.session.officer.name))
        self.women: list[Record] = []
        self.units: list[Record] = []
        self.images: list[Path] = []
        self.erased: set[int] = set()
        self.visited = FIRST_VISIT
        self.late = 0
        self.waited = 0
        """Changes that waited at the server for a decision when the woman whom they name was erased."""
        self._begin()

    def start(self) -> None:
        self.server: DirectServer = self._server.enter_context(direct_server(self.folder))

    def _begin(self) -> None:
        session = self.laptops[0].session
        batch = {"uid": make_batch(session).uid, "name": "KUBE"}
        for n in range(WOMEN):
            name = f"{word(n).title()} Contoh"
            home = register_household(session, n + 1, head_name=name)
            her = register_person(session, n + 1, household=home, full_name=name)
            self.women.append(her)
            self.units.append(make_unit(session, her, batch_id=batch, business_name=f"Warung {name}"))
        self.event = make_training(session)
        self.quiet()

    # what happens

    def act(self) -> None:
        deeds: list[tuple[int, Callable[[], None]]] = [
            (8, self.edit),
            (6, self.visit),
            (4, self.attend),
            (3, self.attend_as_a_stranger),
            (2, self.fill_in),
            (4, self.score),
            (3, self.begin),
            (10, self.sync),
            (2, self.erase),
            (1, self.back_up),
            (1, self.put_back),
        ]
        self.rng.choices([deed for _weight, deed in deeds], [weight for weight, _deed in deeds])[0]()

    def edit(self) -> None:
        laptop, n = self.rng.choice(self.laptops), self.rng.randrange(WOMEN)
        if laptop.store.records.get(self.women[n].uid) is None:
            return
        draft = begin_draft(laptop.session, kind=RecordKind.PERSON, record_uid=self.women[n].uid)
        name = f"{word(n).title()} {self.rng.choice(('Satu', 'Dua', 'Tiga'))}"
        commit_saved(
            laptop.session, save_draft(laptop.session, draft=draft, answers={**draft.answers, "full_name": name})
        )

    def visit(self) -> None:
        laptop, n = self.rng.choice(self.laptops), self.rng.randrange(WOMEN)
        if laptop.store.records.get(self.units[n].uid) is not None and self.visited < FIRST_VISIT + MOST_DAYS:
            self.visited += timedelta(days=2)
            record_visit(laptop.session, self.units[n].uid, self.visited.isoformat())

    def some_of(self, session: Session) -> list[Record]:
        """One woman or several who are known on this laptop, and the training with them."""
        wanted = self.rng.sample(self.women, self.rng.randint(1, WOMEN))
        return [her for her in wanted if session.store.records.get(her.uid) is not None]

    def attend(self, session: Session | None = None) -> None:
        """Whoever stands in the grid was there or not: a fact of each, which names her and hangs on the training."""
        session = session or self.rng.choice(self.laptops).session
        self.fill_in(session)
        finalise_attendance(session, event_uid=self.event.uid, session_no=1, reason=REASON)

    def attend_as_a_stranger(self) -> None:
        """An officer whom the server does not know: it waits there for somebody's decision."""
        session = self.rng.choice(self.laptops).session
        self.attend(replace(session, officer=replace(session.officer, uid="staff-baru", name="Baru")))

    def fill_in(self, session: Session | None = None) -> None:
        session = session or self.rng.choice(self.laptops).session
        note = {"status": self.rng.choice(("hadir", "izin")), "note": f"catatan {self.rng.random()}"}
        fill_in_grid(session, self.event, self.some_of(session), **note)

    def score(self) -> None:
        session = self.rng.choice(self.laptops).session
        for her in self.some_of(session):
            record_score(
                session, event_uid=self.event.uid, person_uid=her.uid, kind="post", score=self.rng.randint(0, 100)
            )

    def begin(self) -> None:
        """A draft that nobody finishes."""
        laptop, n = self.rng.choice(self.laptops), self.rng.randrange(WOMEN)
        if laptop.store.records.get(self.women[n].uid) is not None:
            draft = begin_draft(laptop.session, kind=RecordKind.PERSON, record_uid=self.women[n].uid)
            save_draft(laptop.session, draft=draft, answers={**draft.answers, "nickname": word(n)})

    def sync(self) -> None:
        laptop = self.rng.choice(self.laptops)
        with self.server.line(laptop.session) as inner:
            line = Follows(inner, [self.rng.choice(FAULTS) for _call in range(8)])
            sync_now(laptop.session, line, wait=lambda _seconds: None)

    def erase(self) -> None:
        left = [n for n in range(WOMEN) if n not in self.erased]
        if len(left) < 2:
            return
        n = self.rng.choice(left)
        try:
            self.waited += erase(self.server.house, self.women[n].uid, REASON).changes
        except KubeFieldError as error:
            if error.code != "NO_SUCH_RECORD":  # a server that was put back does not know her yet
                raise
        else:
            self.erased.add(n)

    def back_up(self) -> None:
        target = self.folder / f"cadangan-{len(self.images)}"
        backup.create(self.server.house, "", target)
        self.images.append(target)

    def put_back(self) -> None:
        if self.images:
            self._server.close()
            backup.put_back(
                self.folder / "server", "server.db", "", self.rng.choice(self.images), str(self.rng.random())
            )
            self.start()

    def quiet(self) -> None:
        for _round in range(ROUNDS):
            runs = [self.server.sync(laptop.session) for laptop in self.laptops]
            if all(not (run.sent or run.received or run.refused) and not run.outcome for run in runs):
                return
        raise AssertionError(f"it never came to rest: {runs}")

    def let_in(self) -> None:
        """What strangers wrote is let in by the province, after all the erasures."""
        for item in quarantined(self.server.house):
            accept(self.server.house, item.change_id)
        self.quiet()

    def count_late(self) -> int:
        """Attendance and scores that came after the erasure of whom they name."""
        never_there = "uid NOT IN (SELECT uid FROM erased)"
        of_her = f"SELECT count(*) FROM intake WHERE body = '{{}}' AND status = 'rejected' AND {never_there}"
        return int(self.server.rows(of_her)[0][0])

    # what must hold

    def check(self) -> None:
        self.quiet()
        self.let_in()
        database = self.server.house.database
        assert check_feed(database) == []
        names = [table._meta.table_name for table in TABLES]  # type: ignore[attr-defined]
        there = "\n".join(repr(self.server.rows(f"SELECT * FROM {name}")) for name in names).casefold()
        for n in range(WOMEN):
            assert (word(n) in there) == (n not in self.erased), f"{word(n)} on the server"
        for laptop in self.laptops:
            self._check_laptop(laptop)

    def _check_laptop(self, laptop: Laptop) -> None:
        assert_whole(laptop.store)
        assert_whole_page_or_none(laptop.store)
        assert_alike(self.server, laptop.store)
        tables = [name for (name,) in laptop.store.db.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        told = "\n".join(repr(laptop.store.db.rows(f'SELECT * FROM "{name}"')) for name in tables).casefold()
        for n in range(WOMEN):
            assert (word(n) in told) == (n not in self.erased), f"{word(n)} on {laptop.session.officer.name}"


def tell(folder: Path, seed: int) -> Story:
    with ExitStack() as stack:
        story = Story(folder, seed, stack)
        for _step in range(STEPS):
            story.act()
        story.check()
        story.late = story.count_late()
    return story


@pytest.mark.parametrize("seed", range(4))
def test_who_was_erased_is_gone_and_the_others_have_everything(tmp_path: Path, seed: int):
    tell(tmp_path, seed)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_hundred_stories(tmp_path: Path):
    erased = waited = late = 0
    for seed in range(100, 200):
        folder = tmp_path / str(seed)
        folder.mkdir()
        told = tell(folder, seed)
        erased, waited, late = erased + len(told.erased), waited + told.waited, late + told.late
    assert erased > 100
    assert min(waited, late) > 50, "facts that name her came late, and waited"
