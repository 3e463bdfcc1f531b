"""A first download from a real server process: cut anywhere, killed between two steps, its file replaced or damaged."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kube_field.domain.records import Role
from kube_field.server.endpoint import Call, Caller
from kube_field.server.routes.exchange import take_changes
from kube_field.server.serving import open_house
from kube_field.server.snapshots import FOLDER, make_snapshot
from kube_field.server.storage.accounts import Accounts, User
from kube_field.server.storage.accounts import Laptop as Device
from kube_field.storage import sync_snapshot
from kube_field.storage.store import open_store
from kube_field.sync import download_lane
from kube_field.sync.transports.http import HttpTransport
from kube_field.usecases.enrolment import enrol
from kube_field.usecases.sync import make_engine, sync_now
from kube_field.wire import chain
from kube_field.wire.codec import to_json
from tests.support.cutting_proxy import Cut, CuttingProxy, Way
from tests.support.laptop import DATABASE_KEY, KECAMATAN, REFERENCE, Laptop, laptop_over, make_laptop
from tests.support.network import Line
from tests.support.ready_stores import plenty
from tests.support.real_server import RealServer
from tests.support.server import AT, http_of
from tests.support.wire_changes import AUTHOR, make_household

FILE, PULL = "/sync/v1/snapshot/", "/sync/v1/pull"
ROWS_AT_ONCE, PIECE_BYTES = 50, 10_000
"""A tenth of what a laptop really stores and asks for at once: the same steps, sooner."""
ROWS, AFTER = 2 * ROWS_AT_ONCE + 12, 12
"""Records in the file, which is stored in three transactions, and those that came after it was made."""
NOISE = 330
"""Signs that do not compress, so that the file travels in several pieces."""
RANDOM_PLACES = 120
ASKED = re.compile(rb"\r\nrange: bytes=(\d+)-", re.IGNORECASE)


class CountingProxy(CuttingProxy):
    """Remembers from which byte on a file was asked for, and can damage one byte of the next answer."""

    def __init__(self, target: str) -> None:
        super().__init__(target)
        self.asked: list[int] = []
        self.damage_at: int | None = None

    def _carry(self, path: str, way: Way, message: bytes, to: Any) -> bool:
        if path.startswith(FILE) and way == Way.REQUEST and (found := ASKED.search(message)):
            self.asked.append(int(found[1]))
        if path.startswith(FILE) and way == Way.ANSWER and self.damage_at is not None:
            at, self.damage_at = message.index(b"\r\n\r\n") + 4 + self.damage_at, None
            message = message[:at] + bytes([message[at] ^ 1]) + message[at + 1 :]
        return super()._carry(path, way, message, to)


@dataclass
class Office:
    """A server with a file of one area, more that came afterwards, and a laptop that never spoke to it but to enrol."""

    server: RealServer
    proxy: CountingProxy
    enrolled: Path
    folder: Path
    copies: int = 0
    families: int = 0

    def new_laptop(self) -> Laptop:
        """The enrolled laptop as its disk image would start: it has nothing yet."""
        self.copies += 1
        home = self.folder / f"laptop-{self.copies}"
        shutil.copytree(self.enrolled, home)
        return opened(home)

    def add_more(self, count: int) -> None:
        """More families, entered by a colleague."""
        first, self.families = self.families, self.families + count
        with open_house(self.server.folder) as house:
            accounts = Accounts(house.database)
            user, device = accounts.user(AUTHOR), accounts.device("laptop-kantor")
            if user is None or device is None:
                user = User(AUTHOR, "Rina Kantor", Role.PENDAMPING, (KECAMATAN,))
                device = Device("laptop-kantor", "", AUTHOR, "", AT)
                with house.database.write():
                    accounts.add_user(user, AT)
                    accounts.add_device(device)
            call = Call(house, None, {}, "", AT, Caller(user, device))
            raws = [to_json(family(number)) for number in range(first, first + count)]
            for at in range(0, count, 200):
                assert {result.status for result in take_changes(call, raws[at : at + 200])} == {"applied"}

    def make_file(self) -> Path:
        with open_house(self.server.folder) as house:
            made = make_snapshot(house, KECAMATAN)
        return self.server.folder / FOLDER / f"{KECAMATAN}-{made.seq}.jsonl.zst"

    def at_rest(self, work: Callable[[], Any]) -> Any:
        """Do something while the server does not run."""
        self.server.stop()
        try:
            return work()
        finally:
            self.server.start_again()

    def run(self, laptop: Laptop) -> str:
        with http_of(laptop.session) as transport:
            return sync_now(laptop.session, transport, wait=lambda _seconds: None).outcome

    def assert_whole(self, laptop: Laptop) -> None:
        """Every record once, as the server has it; the scope is settled, its sum that of its rows."""
        there = sorted(self.server.rows(f"SELECT uid, version, sha256 FROM record WHERE scope = '{KECAMATAN}'"))
        here = sorted(laptop.store.db.rows("SELECT uid, version, sha256 FROM sync_base WHERE scope_id = ?", KECAMATAN))
        assert here == there
        total = 0
        for uid, version, _sha in here:
            total = chain.replaced(total, uid, 0, version)
        ((state, kept),) = laptop.store.db.rows("SELECT state, sum FROM sync_scope WHERE scope_id = ?", KECAMATAN)
        assert (state, kept) == ("live", str(total))
        assert laptop.store.db.value("SELECT count(*) FROM household") == len(here)
        assert laptop.store.db.value("SELECT count(*) FROM search_entry WHERE kind = 'household'") == len(here)
        for table in ("snapshot", "snapshot_piece"):
            assert laptop.store.db.value(f"SELECT count(*) FROM {table}") == 0


def family(number: int) -> Any:
    noise = "".join(random.Random(number).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=NOISE))
    return make_household(f"home-{number}", x_catatan=noise)


def opened(home: Path) -> Laptop:
    return laptop_over(home, open_store(home / "data.db", DATABASE_KEY, reference=REFERENCE, free_bytes=plenty))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    tmp_path = tmp_path_factory.mktemp("unduhan")
    with pytest.MonkeyPatch.context() as small:
        small.setattr(sync_snapshot, "ROWS_AT_ONCE", ROWS_AT_ONCE)
        small.setattr(download_lane, "PIECE_BYTES", PIECE_BYTES)
        with an_office(tmp_path) as told:
            yield told


@contextmanager
def an_office(tmp_path: Path) -> Iterator[Office]:
    server = RealServer(tmp_path / "server")
    proxy = CountingProxy(server.url)
    with make_laptop(tmp_path, "Rina") as laptop, proxy.running():
        code = server.add_user("Rina", Role.PENDAMPING, KECAMATAN).code
        with HttpTransport(proxy.url) as desk:
            enrol(laptop.session, desk=desk, url=proxy.url, code=code)
        laptop.close()
        told = Office(server, proxy, laptop.folder, tmp_path)
        told.at_rest(lambda: (told.add_more(ROWS), told.make_file(), told.add_more(AFTER)))
        try:
            yield told
        finally:
            server.stop()


def whole_download(office: Office) -> dict[tuple[str, Way], int]:
    """An undisturbed download; how long each message of it was."""
    office.proxy.asked.clear()
    with office.new_laptop() as laptop:
        assert office.run(laptop) == ""
        office.assert_whole(laptop)
    assert office.proxy.asked == [n * PIECE_BYTES for n in range(len(office.proxy.asked))]
    assert len(office.proxy.asked) > 2
    return dict(office.proxy.sizes)


def cut_at(office: Office, cut: Cut) -> None:
    """One laptop, one cut: it resumes where it stood, and holds everything once."""
    office.proxy.asked.clear()
    office.proxy.cut = cut
    with office.new_laptop() as laptop:
        assert office.run(laptop) == "", cut
        assert office.proxy.cut is None, ("the line was not cut", cut)
        office.assert_whole(laptop)
    asked = Counter(office.proxy.asked)
    assert sorted(asked) == [n * PIECE_BYTES for n in range(len(asked))], cut
    assert sum(asked.values()) <= len(asked) + 1, "one piece at most travelled twice"


def test_a_cut_at_the_edges_of_every_piece_costs_one_piece(office: Office):
    whole_download(office)
    pieces = len(office.proxy.asked)
    for skip in (0, pieces - 1):
        for way, after in ((Way.REQUEST, 0), (Way.REQUEST, 60), (Way.ANSWER, 0), (Way.ANSWER, 400)):
            cut_at(office, Cut(FILE, way, after, skip))
    cut_at(office, Cut(FILE, Way.ANSWER, PIECE_BYTES, 1))
    for way in Way:
        cut_at(office, Cut(PULL, way, 50))


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_a_cut_at_every_edge_and_many_random_bytes_costs_one_piece(office: Office):
    sizes = whole_download(office)
    pieces = len(office.proxy.asked)
    last = next(size for (path, way), size in sizes.items() if path.startswith(FILE) and way == Way.ANSWER)
    for skip in range(pieces):
        for after in (0, 1, 60, 150):
            cut_at(office, Cut(FILE, Way.REQUEST, after, skip))
        for after in (0, 1, 100, 300, 400, last - 1):
            cut_at(office, Cut(FILE, Way.ANSWER, after, skip))
    chance = random.Random(7)
    for _n in range(RANDOM_PLACES):
        skip = chance.randrange(pieces)
        cut_at(office, Cut(FILE, Way.ANSWER, chance.randrange(PIECE_BYTES if skip < pieces - 1 else last), skip))
    for way in Way:
        for after in range(0, sizes[PULL, way] - 60, 97):
            cut_at(office, Cut(PULL, way, after))


def killed_after(home: Path, steps: int) -> list[str]:
    """Start a laptop of its own, let it do so many steps, kill it; what it did. Fewer when it ended before."""
    command = [sys.executable, "-m", "tests.support.download_child", str(home), str(ROWS_AT_ONCE), str(PIECE_BYTES)]
    done: list[str] = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        while len(done) < steps and (line := child.stdout.readline().strip()):
            done.append(line)
            if len(done) < steps and not line.startswith("ended"):
                child.stdin.write("\n")
                child.stdin.flush()
        child.kill()
    return done


def test_a_laptop_that_is_killed_between_any_two_steps_goes_on_from_there(office: Office):
    whole_download(office)
    pieces = len(office.proxy.asked)
    for steps in (1, pieces, pieces + 1, pieces + 2, pieces + 3):
        with office.new_laptop() as laptop:
            home = laptop.folder
        done = killed_after(home, steps)
        assert done == ["take_piece"] * min(steps, pieces) + ["_store_batch"] * (steps - pieces)
        office.proxy.asked.clear()
        with opened(home) as laptop:
            stored = laptop.store.db.value("SELECT count(*) FROM sync_base WHERE scope_id = ?", KECAMATAN)
            assert (stored > 0) == (steps > pieces)
            assert office.run(laptop) == "", steps
            office.assert_whole(laptop)
        assert office.proxy.asked == [n * PIECE_BYTES for n in range(min(steps, pieces), pieces)], "goes on by byte"


def half_loaded(office: Office, laptop: Laptop) -> None:
    """One piece of the file lies here."""
    with http_of(laptop.session) as transport:
        engine = make_engine(laptop.session, transport, wait=lambda _seconds: None)
        while not int(laptop.store.db.value("SELECT coalesce(max(received), 0) FROM snapshot")):
            engine.step()


@pytest.mark.parametrize("newer_files", [1, 2, 3])
def test_a_file_that_is_replaced_meanwhile_is_never_mixed_with_the_new_one(office: Office, newer_files: int):
    with office.new_laptop() as laptop:
        half_loaded(office, laptop)
        for _n in range(newer_files):
            office.at_rest(lambda: (office.add_more(10), office.make_file()))
        assert office.run(laptop) == ""
        office.assert_whole(laptop)


def test_a_file_that_is_replaced_during_the_run_is_given_up(office: Office):
    with office.new_laptop() as laptop, http_of(laptop.session) as transport:
        engine = make_engine(laptop.session, transport, wait=lambda _seconds: None)
        while not int(laptop.store.db.value("SELECT coalesce(max(received), 0) FROM snapshot")):
            engine.step()
        office.at_rest(lambda: [(office.add_more(1), office.make_file()) for _n in range(3)])
        assert engine.run().outcome == ""
        office.assert_whole(laptop)


def test_a_byte_that_changes_on_the_line_is_noticed_and_the_piece_comes_again(office: Office):
    for at in (0, 500, PIECE_BYTES - 1):
        office.proxy.asked.clear()
        office.proxy.damage_at = at
        with office.new_laptop() as laptop:
            assert office.run(laptop) == ""
            office.assert_whole(laptop)
        assert office.proxy.asked[:2] == [0, 0]


@pytest.mark.parametrize("spoil", ["a byte", "cut off", "empty", "another file"])
def test_a_file_that_is_damaged_on_the_server_is_given_up_for_pages(office: Office, spoil: str):
    path = max((office.server.folder / FOLDER).glob(f"{KECAMATAN}-*.zst"), key=lambda one: one.stat().st_mtime_ns)
    content = path.read_bytes()
    spoilt = {
        "a byte": content[:7_000] + bytes([content[7_000] ^ 1]) + content[7_001:],
        "cut off": content[: PIECE_BYTES + 9],
        "empty": b"",
        "another file": content[::-1],
    }
    path.write_bytes(spoilt[spoil])
    try:
        with office.new_laptop() as laptop:
            assert office.run(laptop) == ""
            office.assert_whole(laptop)
    finally:
        path.write_bytes(content)


class EndsEarly(Line):
    """A server whose file ends before its end, and that says so with nothing."""

    def carry(self, name: str, call: Callable[[], Any]) -> Any:
        return b"" if name == "snapshot" else call()


def test_a_file_that_ends_early_does_not_keep_the_laptop_asking(office: Office):
    with office.new_laptop() as laptop, http_of(laptop.session) as transport:
        line = EndsEarly(transport)
        assert sync_now(laptop.session, line, wait=lambda _seconds: None).outcome == ""
        assert line.calls.count("snapshot") == 1
        office.assert_whole(laptop)
