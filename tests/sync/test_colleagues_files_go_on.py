"""What colleagues left on a stick goes on to the server from the window of a laptop that has a connection (P22, O2)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kube_field.assembly import OpenLaptop
from kube_field.errors import KubeFieldError
from kube_field.sync_link import ServerLink
from kube_field.ui.pages.sync_words import courier_words
from kube_field.usecases.courier import visit_stick
from kube_field.usecases.sync import sync_store
from kube_field.wire.bundle import answer_path
from kube_field.wire.refusals import Refusal, RefusalCode
from tests.support import command_line
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import register_household
from tests.support.server import RunningServer, enrolled, running_server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path) as running:
        yield running


@pytest.fixture
def budi(tmp_path: Path, server: RunningServer) -> Iterator[OpenLaptop]:
    """A laptop with a connection."""
    with command_line.set_up(tmp_path / "laptop") as laptop:
        server.add_user("Rina")
        server.enrol(laptop.session)
        server.sync(laptop.session)
        yield laptop


@pytest.fixture
def sari(tmp_path: Path, server: RunningServer) -> Iterator[Laptop]:
    """A laptop of a village without one."""
    with make_laptop(tmp_path, "Sari", code="L11") as laptop:
        enrolled(server, laptop)
        server.sync(laptop.session)
        yield laptop


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "flashdisk"
    folder.mkdir()
    return folder


class Watcher:
    """What the window is told; it presses Batal after so many files."""

    def __init__(self, stop_after: int = 99) -> None:
        self.told: list[tuple[str, int, int]] = []
        self.stop_after = stop_after

    def see(self, step: str, done: int, total: int) -> None:
        self.told.append((step, done, total))

    def is_cancelled(self) -> bool:
        return len(self.told) >= self.stop_after


def lose_the_line(laptop: OpenLaptop) -> None:
    """Nobody listens at this address of our own machine."""
    sync_store(laptop.store).move_to("http://127.0.0.1:9")


def two_days(laptop: Laptop, stick: Path) -> list[Path]:
    """A colleague left files on two days."""
    register_household(laptop.session, 1)
    first = visit_stick(laptop.session, stick).written
    register_household(laptop.session, 2)
    return first + visit_stick(laptop.session, stick).written


def test_the_window_hands_in_what_colleagues_left_and_names_them(
    server: RunningServer, budi: OpenLaptop, sari: Laptop, stick: Path
):
    files = two_days(sari, stick)
    before = [path.read_bytes() for path in files]
    seen = Watcher()
    tally = ServerLink(budi).visit_stick(stick, seen.see, seen.is_cancelled)
    assert [path.read_bytes() for path in files] == before, "copied, never moved"
    assert seen.told[:2] == [("forward", 0, 2), ("forward", 1, 2)]
    assert (len(tally.forwarded), tally.forwarded_changes, tally.not_forwarded) == (2, 6, 0)
    words = "\n".join(courier_words(tally))
    assert f"2 titipan ({sari.store.setting('device_code')}) dengan 6 perubahan dan 0 foto" in words
    assert budi.store.queue.runs()[0].message.endswith("2 titipan diteruskan ke server.")
    assert visit_stick(sari.session, stick).receipts == 4
    assert sari.store.queue.pill().unsent == 0


def test_without_a_connection_the_stick_is_visited_all_the_same(
    server: RunningServer, budi: OpenLaptop, sari: Laptop, stick: Path
):
    two_days(sari, stick)
    register_household(budi.session, 3)
    lose_the_line(budi)
    seen = Watcher()
    tally = ServerLink(budi).visit_stick(stick, seen.see, seen.is_cancelled)
    assert (tally.forwarded, tally.not_forwarded, tally.given_changes) == ([], 2, 2)
    assert "2 titipan belum diteruskan dan tetap ada di flashdisk" in "\n".join(courier_words(tally))


def test_a_line_is_not_touched_where_nothing_waits_to_be_handed_in(
    server: RunningServer, budi: OpenLaptop, stick: Path
):
    lose_the_line(budi)
    seen = Watcher()
    tally = ServerLink(budi).visit_stick(stick, seen.see, seen.is_cancelled)
    assert (tally.way_lost, len(tally.written)) == ("", 1)


def test_cancelled_between_two_files_what_was_handed_in_stays_done(
    server: RunningServer, budi: OpenLaptop, sari: Laptop, stick: Path
):
    files = two_days(sari, stick)
    seen = Watcher(stop_after=1)
    tally = ServerLink(budi).visit_stick(stick, seen.see, seen.is_cancelled)
    assert (len(tally.forwarded), tally.cancelled, tally.written) == (1, True, [])
    assert [answer_path(path).exists() for path in files].count(True) == 1
    assert budi.store.queue.runs()[0].outcome == "CANCELLED"
    rest = Watcher()
    assert len(ServerLink(budi).visit_stick(stick, rest.see, rest.is_cancelled).forwarded) == 1
    assert visit_stick(sari.session, stick).receipts == 4


def test_a_file_that_the_server_refuses_does_not_stop_the_others(
    server: RunningServer, budi: OpenLaptop, sari: Laptop, stick: Path
):
    first, second = two_days(sari, stick)
    first.write_bytes(first.read_bytes()[:-9])
    seen = Watcher()
    tally = ServerLink(budi).visit_stick(stick, seen.see, seen.is_cancelled)
    assert tally.forwarded == [answer_path(second)]
    assert [name for name, _why in tally.not_read] == [first.name]


def test_a_server_that_takes_nothing_now_is_told_once(budi: OpenLaptop, sari: Laptop, stick: Path):
    two_days(sari, stick)
    asked: list[bytes] = []

    def busy(content: bytes) -> bytes:
        asked.append(content)
        raise Refusal(RefusalCode.BUSY, "Server sedang sibuk.")

    tally = visit_stick(budi.session, stick, busy)
    assert (len(asked), tally.not_forwarded, len(tally.written)) == (1, 2, 1)
    assert tally.way_code


def test_the_command_line_says_why_nothing_went_on(tmp_path: Path, server: RunningServer, sari: Laptop, stick: Path):
    with command_line.set_up(tmp_path / "laptop") as laptop:
        server.add_user("Rina")
        server.enrol(laptop.session)
        server.sync(laptop.session)
        lose_the_line(laptop)
    two_days(sari, stick)
    told = command_line.kube(tmp_path / "laptop", "sync", "--usb", str(stick), "--forward")
    assert (told.code, told.lines[0]["ok"], told.lines[0]["not_forwarded"]) == (11, False, 2)
    assert len(told.lines[0]["written"]) == 1


def test_a_stick_that_is_gone_is_told(budi: OpenLaptop, stick: Path):
    with pytest.raises(KubeFieldError):
        ServerLink(budi).visit_stick(stick / "hilang", *(Watcher().see, Watcher().is_cancelled))
