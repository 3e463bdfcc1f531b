"""Online runs and courier files in any order, any number of times, whole, broken, old, foreign: nothing twice (T14)."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kube_field.errors import KubeFieldError
from kube_field.server.courier import take_bundle
from kube_field.server.storage.proof import check_feed
from kube_field.usecases.courier import CourierTally, forward, give, take
from kube_field.wire.bundle import ANSWER_PREFIX, SUFFIX, answer_path
from kube_field.wire.refusals import Refusal
from tests.support.direct_server import DirectServer, direct_server
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import register_household

WHERE = st.integers(0, 5)
PLACE = st.floats(0, 1, allow_nan=False, exclude_max=True)
DEEDS = st.one_of(
    st.tuples(st.sampled_from(["write", "write", "online", "give", "give", "take", "take", "carry"])),
    st.tuples(st.just("office"), WHERE),
    st.tuples(st.sampled_from(["cut off", "flip", "again", "swap"]), WHERE, PLACE),
    st.tuples(st.just("foreign")),
)
STORIES = st.lists(DEEDS, max_size=14)
USUAL = [("write",), ("give",), ("carry",), ("take",)]


@dataclass
class Road:
    """A village laptop, a colleague of another area who carries, a laptop of another province, and one stick."""

    server: DirectServer
    rina: Laptop
    budi: Laptop
    strange: Laptop
    stick: Path
    written: int = 0
    known: set[str] = field(default_factory=set)

    def do(self, name: str, where: int = 0, place: float = 0.0) -> None:
        deeds = {"write": self._write, "online": self._online, "give": self._give, "take": self._take}
        deeds |= {"carry": self._carry, "foreign": self._foreign}
        if name in deeds:
            deeds[name]()
        elif name == "office":
            self._office(where)
        else:
            self._break(name, where, place)

    def _write(self) -> None:
        self.written += 1
        register_household(self.rina.session, self.written)
        self.known |= {name for (name,) in self.rina.store.db.rows("SELECT change_id FROM outbox")}

    def _online(self) -> None:
        assert self.server.sync(self.rina.session).outcome == ""

    def _give(self) -> None:
        waiting = self._unsent()
        give(self.rina.session, self.stick, CourierTally())
        assert self._unsent() == waiting, "giving acknowledges nothing"

    def _take(self) -> None:
        take(self.rina.session, self.stick, CourierTally())

    def _carry(self) -> None:
        forward(self.budi.session, self.stick, self.server.line(self.budi.session).carry, CourierTally())
        take(self.budi.session, self.stick, CourierTally())
        assert self.budi.store.db.value("SELECT count(*) FROM household") == 0, "it cannot read what it carries"

    def _foreign(self) -> None:
        """A file of the other province, and the answers that lie there under a name that says nothing."""
        with suppress(KubeFieldError):
            give(self.strange.session, self.stick, CourierTally())

    def _office(self, where: int) -> None:
        files = [path for path in self._files() if not path.name.startswith(ANSWER_PREFIX)]
        if files:
            path = files[where % len(files)]
            with suppress(Refusal):
                answer_path(path).write_bytes(take_bundle(self.server.house, path.read_bytes()).answer)

    def _break(self, how: str, where: int, place: float) -> None:
        """A copy of a file that is cut off, changed, doubled, or holds the end of another."""
        files = self._files()
        if not files:
            return
        path = files[where % len(files)]
        content, other = path.read_bytes(), files[(where + 1) % len(files)].read_bytes()
        at = int(place * len(content))
        spoilt = {
            "cut off": content[:at],
            "flip": content[:at] + bytes([content[at] ^ 0x40]) + content[at + 1 :] if content else b"",
            "again": content,
            "swap": content[:at] + other[at:],
        }[how]
        prefix = ANSWER_PREFIX if path.name.startswith(ANSWER_PREFIX) else ""
        (path.parent / f"{prefix}{how}-{len(files)}{SUFFIX}").write_bytes(spoilt)

    def _files(self) -> list[Path]:
        return sorted(self.stick.iterdir())

    def _unsent(self) -> int:
        return self.rina.session.store.queue.pill().unsent

    def check(self) -> None:
        """I1, I5, I11, and nothing is acknowledged that the server does not answer for."""
        ours = self.rina.store.db.rows("SELECT change_id, sha256, state, receipt_sha256 FROM outbox")
        assert {name for name, *_rest in ours} >= self.known, "what was confirmed is still here"
        there = dict(self.server.rows("SELECT change_id, sha256 FROM intake"))
        for name, sha, state, receipt in ours:
            assert state in ("queued", "sent", "acked"), state
            assert (state == "acked") == (receipt == sha)
            assert state != "acked" or there.get(name) == sha, "acknowledged, and not there"
        assert set(there) <= {name for name, *_rest in ours}, "nobody else's"
        versions = self.server.rows("SELECT uid, count(*), max(version) FROM record_version GROUP BY uid")
        assert all(count == top == 1 for _uid, count, top in versions), "applied once"
        assert self.server.count("feed") == self.server.count("record_version")
        assert check_feed(self.server.house.database) == []

    def settle(self) -> None:
        """A good line in the end: everything is there, once, and the laptop has it as the server does."""
        self._online()
        self._online()
        self.check()
        assert self._unsent() == 0
        assert self.server.count("intake") == self.rina.store.db.value("SELECT count(*) FROM outbox")
        assert self.rina.store.db.value("SELECT count(*) FROM sync_base WHERE kind = 'household'") == self.written


@contextmanager
def road() -> Iterator[Road]:
    folder = Path(tempfile.mkdtemp())
    try:
        with ExitStack() as stack:
            enter = stack.enter_context
            for name in ("sini", "sana", "stik"):
                (folder / name).mkdir()
            server, elsewhere = enter(direct_server(folder / "sini")), enter(direct_server(folder / "sana"))
            rina = enter(make_laptop(folder, "Rina"))
            budi = enter(make_laptop(folder, "Budi", ("64.01.02",), "L09"))
            strange = enter(make_laptop(folder, "Sari", code="L10"))
            for at, laptop in ((server, rina), (server, budi), (elsewhere, strange)):
                officer = laptop.session.officer
                at.enrol(laptop.session, at.add_user(officer.name, areas=officer.areas))
                at.sync(laptop.session)
            yield Road(server, rina, budi, strange, folder / "stik")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def holds(story: list[tuple[object, ...]]) -> None:
    with road() as going:
        for deed in story:
            going.do(*deed)  # type: ignore[arg-type]
            going.check()
        going.settle()


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(STORIES)
@example([*USUAL, *USUAL, ("take",)])
@example([("write",), ("give",), ("online",), ("office", 0), ("take",), ("write",), ("office", 0), ("take",)])
@example([("write",), ("give",), ("give",), ("office", 1), ("office", 0), ("office", 1), ("take",), ("take",)])
@example([("write",), ("give",), ("office", 0), ("flip", 0, 0.5), ("cut off", 1, 0.7), ("swap", 0, 0.5), ("take",)])
@example([("write",), ("foreign",), ("give",), ("carry",), ("again", 0, 0.0), ("take",), ("office", 2), ("take",)])
def test_any_order_of_runs_and_files_loses_nothing_and_doubles_nothing(story: list[tuple[object, ...]]):
    holds(story)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@settings(max_examples=400, suppress_health_check=list(HealthCheck))
@given(STORIES)
def test_four_hundred_stories_of_runs_and_files(story: list[tuple[object, ...]]):
    holds(story)


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=600), cut=PLACE, flips=st.lists(st.tuples(PLACE, st.integers(1, 255)), max_size=4))
def test_a_file_with_any_damage_is_refused_whole(given_file: bytes, on_the_road: Road, data, cut, flips):
    content = bytearray(given_file)
    for place, bits in flips:
        content[int(place * len(content))] ^= bits
    for spoilt in (
        bytes(content),
        bytes(content[: int(cut * len(content))]),
        given_file + data,
        data,
        given_file[:40] + data,
    ):
        if spoilt == given_file:
            continue
        with pytest.raises(Refusal):
            take_bundle(on_the_road.server.house, spoilt)
        assert on_the_road.server.count("intake") == 0


@pytest.fixture(scope="module")
def on_the_road() -> Iterator[Road]:
    with road() as going:
        yield going


@pytest.fixture(scope="module")
def given_file(on_the_road: Road) -> bytes:
    on_the_road.do("write")
    on_the_road.do("give")
    (path,) = on_the_road._files()
    return path.read_bytes()
