"""The laptop's program is killed at every point of a run where something is known that is not stored yet, or half.

The point is in the real command, in a process of its own. Afterwards nothing that was written is lost or doubled,
nothing counts as sent without its receipt, and the next command goes on as if nothing had happened.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kube_field.assembly import OpenLaptop, join_server, transport_of
from kube_field.domain.records import Role
from kube_field.errors import Failure
from kube_field.server.storage.proof import check_feed
from kube_field.storage.photos import PhotoStore
from kube_field.usecases.photo_keeping import PhotoKeeping, keep_photos
from kube_field.usecases.session import WITA
from kube_field.usecases.sync import sync_now
from tests.support.command_line import ROOT, command, copied, kube, officer_of, reopened, set_up, typed
from tests.support.dying import LAPTOP, POINTS, dying_command, seam, was_killed
from tests.support.make_picture import photo_item
from tests.support.make_records import make_unit, record_visit, register_household, register_person
from tests.support.real_server import RealServer
from tests.support.server import OF_CHANGES, greet_whole
from tests.support.wholeness import SENT_FROM, assert_alike, assert_whole, assert_whole_page_or_none

AREA = "64.02.12"
OF_A_RUN = (
    "step chosen",
    "hello answered",
    "short hello answered",
    "hello stored",
    "marked as sent",
    "push answered",
    "results written, token not",
    "results half stored",
    "results stored",
    "page arrived",
    "rows written, cursor not",
    "page stored",
    "photo begun",
    "piece sent",
    "piece stored",
    "photo arrived",
    "part kept",
    "photo whole, row not",
    "photo fetched",
    "run remembered",
    "journal line, before",
    "journal line, after",
)
OF_A_REPAIR = (
    "new database made",
    "one damaged file moved",
    "damaged files moved",
    "repaired database named",
    "repaired",
)
OF_A_FIRST_DOWNLOAD = ("snapshot piece arrived", "snapshot piece stored", "snapshot rows stored", "snapshot closed")
OF_A_GIFT = ("bundle made", "bundle half on the stick", "bundle on the stick", "stick visited")
OF_A_RETURN = ("answer opened", "receipts of the stick stored", "page of the stick stored", "stick visited")
OF_ENROLLING = (
    "key file written",
    "database made",
    "officer kept",
    "database named",
    "enrolment answered",
    "enrolment stored",
)
COMMITS = ("a commit, before", "a commit, after")
WHOLE = ("hello answered", "push answered")
"""Points that a run comes to where hello is said whole."""
FEW = (
    "marked as sent",
    "short hello answered",
    "push answered",
    "rows written, cursor not",
    "piece sent",
    "photo whole, row not",
    "journal line, before",
)


def killed(folder: Path, point: str, *words: str, times: int = 1) -> bool:
    """Run a command that dies at a point; False when it ended well without coming there."""
    done = subprocess.run(
        dying_command("laptop", point, times, command(folder, *words)[3:]),
        input=typed([]),
        capture_output=True,
        cwd=ROOT,
        timeout=100,
        check=False,
    )
    assert was_killed(done.returncode) or done.returncode == 0, (point, done.returncode, done.stderr.decode())
    return was_killed(done.returncode)


@dataclass
class Village:
    """A server, Rina's laptop as a folder that the command opens, and Budi's."""

    server: RealServer
    rina: Path
    budi: Path
    days: int = 190

    def day(self) -> str:
        """The day of the next visit."""
        self.days -= 3
        return (datetime.now(WITA).date() - timedelta(days=self.days)).isoformat()

    def work(self, *, whole: bool = False) -> None:
        """Something to send with photos, and something of a colleague's to fetch; with `whole` a whole hello first."""
        day = self.day()
        with reopened(self.budi) as laptop:
            write(laptop, day, 2)
            assert_goes_through(laptop)
        with reopened(self.rina) as laptop:
            write(laptop, day, 1)
            if whole:
                greet_whole(laptop.store)

    def check(self) -> None:
        """Nothing is half, nothing called sent that is not there; the next run brings everything through."""
        server = self.server
        with reopened(self.rina) as laptop:
            store = laptop.store
            assert_whole(store)
            assert_whole_page_or_none(store)
            there = dict(server.rows("SELECT change_id, sha256 FROM intake"))
            photos = {name for (name,) in server.rows("SELECT sha256 FROM blob")}
            before = store.db.rows(SENT_FROM)
            for change, sha256, state, _receipt in before:
                assert state != "acked" or there[change] == sha256
            assert photos >= {name for (name,) in store.db.rows("SELECT sha256 FROM blob WHERE state = 'stored'")}
            assert_goes_through(laptop)
            assert [row[:2] for row in store.db.rows(SENT_FROM)] == [row[:2] for row in before]
            assert_whole(store)
            assert_alike(server, store)
            assert store.db.rows("SELECT sha256 FROM blob WHERE state IN ('local', 'sending', 'remote')") == []
            for (name,) in store.db.rows("SELECT sha256 FROM blob"):
                assert laptop.session.photos.read(name) is not None
        with server.database() as database:
            assert check_feed(database) == []
        (intake,) = server.rows("SELECT count(*), count(*) FROM intake")
        written = f"SELECT count(*), count(DISTINCT change_id) FROM record_version WHERE {OF_CHANGES}"
        assert server.rows(written) == [intake]


def assert_goes_through(laptop: OpenLaptop) -> None:
    with transport_of(laptop.session) as transport:
        done = sync_now(laptop.session, transport, wait=lambda _seconds: None)
    assert (done.outcome, done.refused) == ("", 0), done


def write(laptop: OpenLaptop, day: str, n: int) -> None:
    """A visit with two photos; the business of the n-th woman to visit when there is none."""
    session = laptop.session
    mine = f"SELECT uid FROM business_unit WHERE updated_by = '{session.officer.uid}'"
    unit = laptop.store.db.value(mine) or make_unit(session, register_person(session, n)).uid
    photos = session.photos
    assert isinstance(photos, PhotoStore)
    kinds = [photo_item(photos, kind) for kind in ("tempat_usaha", "kegiatan")]
    record_visit(session, str(unit), day, photos=kinds, book_photo=[kinds[0]])


def joined(folder: Path, server: RealServer, name: str) -> Path:
    """A laptop that has its colleagues' photos come along."""
    with set_up(folder, officer=officer_of(name)) as laptop:
        join_server(laptop, url=server.url, code=server.add_user(name, Role.PENDAMPING, AREA).code)
        keep_photos(laptop.session, PhotoKeeping.BRING_ALL)
    return folder


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RealServer]:
    running = RealServer(tmp_path / "server")
    yield running
    running.stop()


@pytest.fixture
def village(tmp_path: Path, server: RealServer) -> Village:
    return Village(server, joined(tmp_path / "rina", server, "Rina"), joined(tmp_path / "budi", server, "Budi"))


def test_a_run_killed_at_a_point_is_taken_up(village: Village):
    for point in FEW:
        village.work(whole=point in WHOLE)
        assert killed(village.rina, point, "sync"), point
        village.check()


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_a_run_killed_at_any_point_is_taken_up(village: Village):
    for point in OF_A_RUN:
        for times in (1, 2):
            village.work(whole=point in WHOLE)
            assert killed(village.rina, point, "sync", times=times) or times > 1, point
            village.check()


@pytest.mark.slow
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("point", COMMITS)
@pytest.mark.parametrize(("whole", "fewest"), [(True, 15), (False, 12)], ids=["whole_hello", "short_hello"])
def test_a_run_killed_at_any_commit_is_taken_up(village: Village, point: str, *, whole: bool, fewest: int):
    times = 1
    village.work(whole=whole)
    while killed(village.rina, point, "sync", times=times):
        village.check()
        village.work(whole=whole)
        times += 1
    village.check()
    assert times > fewest


# the first download of a new laptop


def test_a_first_download_killed_at_every_point_goes_on(tmp_path: Path, village: Village):
    for _turn in range(3):
        village.work()
        village.check()
    assert village.server.tell("snapshot")["snapshots"]
    village.rina = joined(tmp_path / "tiga", village.server, "Siti")
    for point in OF_A_FIRST_DOWNLOAD:
        assert killed(village.rina, point, "sync"), point
    village.check()


# the stick


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "flashdisk"
    folder.mkdir()
    return folder


def carried(village: Village, stick: Path, giving: Sequence[str], taking: Sequence[str]) -> None:
    """A stick that goes to the office and comes back; the laptop dies at these points of giving and of taking."""
    village.check()  # keys and areas are exchanged in a first run online
    village.work()
    for point in giving:
        assert killed(village.rina, point, "sync", "--usb", str(stick)), point
        with reopened(village.rina) as laptop:
            assert_whole(laptop.store)
            assert laptop.store.queue.pill().unsent
    assert kube(village.rina, "sync", "--usb", str(stick)).code == 0
    assert village.server.tell("courier", str(stick))["refused"] == []
    for point in taking:
        assert killed(village.rina, point, "sync", "--usb", str(stick)), point
        with reopened(village.rina) as laptop:
            assert_whole(laptop.store)
    assert kube(village.rina, "sync", "--usb", str(stick)).code == 0
    with reopened(village.rina) as laptop:
        assert laptop.store.queue.pill().unsent == 0
    village.check()


def test_a_stick_pulled_out_with_the_battery_is_taken_up(village: Village, stick: Path):
    carried(village, stick, OF_A_GIFT[1:2], OF_A_RETURN[1:2])


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_a_visit_of_the_stick_killed_at_any_point_is_taken_up(village: Village, stick: Path):
    carried(village, stick, OF_A_GIFT, OF_A_RETURN)
    for point in COMMITS:
        for times in range(1, 12):
            village.work()
            killed(village.rina, point, "sync", "--usb", str(stick), times=times)
            village.server.tell("courier", str(stick))
            killed(village.rina, point, "sync", "--usb", str(stick), times=times)
            village.check()


# a repair


def test_a_repair_killed_at_any_point_is_taken_up(tmp_path: Path, village: Village):
    village.work()
    unsent = "SELECT change_id, sha256, n FROM outbox WHERE state <> 'acked' ORDER BY n"
    with reopened(village.rina) as laptop:
        before = laptop.store.db.rows(unsent)
    for point in OF_A_REPAIR:
        folder = copied(village.rina, tmp_path / point)
        content = bytearray((folder / "kube.db").read_bytes())
        content[100] ^= 1
        (folder / "kube.db").write_bytes(content)
        assert killed(folder, point, "db", "repair"), point
        assert kube(folder, "db", "repair").code == 0
        (aside,) = (folder / "karantina").iterdir()
        assert (aside / "kube.db").read_bytes() == content, point
        assert aside.suffix == ""
        with reopened(folder) as laptop:
            assert_whole(laptop.store)
            assert [row[:2] for row in laptop.store.db.rows(unsent)] == [row[:2] for row in before]
    village.rina = folder
    village.check()


# enrolling


def enrolled_at_last(folder: Path, server: RealServer, code: str) -> None:
    """After the laptop died while it enrolled: the same words again, with a new code if the old one is spent."""
    done = kube(folder, "enrol", "--server", server.url, "--code", code)
    if done.code == Failure.NOT_ALLOWED:
        code = str(server.tell("device", "code", "--user", "Rina")["code"])
        done = kube(folder, "enrol", "--server", server.url, "--code", code)
    assert done.code == 0, done
    assert done.lines[-1]["name"] == "Rina"


def enrolling_killed(folder: Path, server: RealServer, point: str, times: int = 1) -> bool:
    """A new laptop that dies at this point while it is set up and enrolled; then it is, and works."""
    if not any(user["name"] == "Rina" for user in server.tell("user", "list")["users"]):
        server.add_user("Rina", Role.PENDAMPING, AREA)
    code = str(server.tell("device", "code", "--user", "Rina")["code"])
    if not killed(folder, point, "enrol", "--server", server.url, "--code", code, times=times):
        return False
    enrolled_at_last(folder, server, code)
    with reopened(folder) as laptop:
        home = register_household(laptop.session)
        assert_whole(laptop.store)
        assert_goes_through(laptop)
        assert_alike(server, laptop.store)
        assert (home.uid,) in server.rows("SELECT uid FROM record")
    return True


@pytest.mark.parametrize("point", ["database made", "enrolment answered"])
def test_a_laptop_killed_while_it_enrols_can_enrol(tmp_path: Path, server: RealServer, point: str):
    assert enrolling_killed(tmp_path / "rina", server, point)


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_a_laptop_killed_at_any_point_of_enrolling_can_enrol(tmp_path: Path, server: RealServer):
    for n, point in enumerate(OF_ENROLLING):
        assert enrolling_killed(tmp_path / f"titik-{n}", server, point), point
    for point in COMMITS:
        times = 1
        while enrolling_killed(tmp_path / f"{point}-{times}", server, point, times):
            times += 1
        assert times > 3


def test_every_named_point_of_the_laptop_is_tried():
    tried = (*OF_A_RUN, *OF_A_FIRST_DOWNLOAD, *OF_A_GIFT, *OF_A_RETURN, *OF_A_REPAIR, *OF_ENROLLING, *COMMITS)
    assert set(tried) == set(LAPTOP)


@pytest.mark.parametrize("program", POINTS)
def test_every_named_point_is_in_the_program(program: str):
    """A function that moved would be noticed by the long tests alone."""
    for name, point in POINTS[program].items():
        owner, function = seam(point.seam)
        assert callable(getattr(owner, function, None)), name
