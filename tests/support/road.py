"""A village laptop, one stick, a colleague who carries it, and a server that may be put back to an older day."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from kube_field.domain.records import Role
from kube_field.errors import Failure, KubeFieldError
from kube_field.server import backup
from kube_field.server.courier import take_bundle
from kube_field.server.storage.accounts import Accounts, User
from kube_field.server.storage.proof import check_feed
from kube_field.usecases.courier import forward, give, take
from kube_field.usecases.queue import ask_again
from kube_field.usecases.stick import CourierTally
from kube_field.usecases.sync import sync_now
from kube_field.wire.bundle import ANSWER_PREFIX, SUFFIX, answer_path
from kube_field.wire.messages import PushAnswer
from kube_field.wire.refusals import Refusal
from tests.support.direct_server import DirectServer, direct_server
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import make_batch, register_household
from tests.support.server import AT


@dataclass
class Road:
    """A village laptop, a colleague of another area who carries, a laptop of another province, and one stick.

    `waits_again` is what was asked again, or found lost, since a file was given last: only a later one may answer it.
    `in_doubt`: the server was put back, or an answer of before may have been taken, since the last whole run.
    """

    server: DirectServer
    rina: Laptop
    budi: Laptop
    strange: Laptop
    stick: Path
    written: int = 0
    known: set[str] = field(default_factory=set)
    waits_again: set[str] = field(default_factory=set)
    images: list[Path] = field(default_factory=list)
    in_doubt: bool = False

    def do(self, name: str, where: int = 0, place: float = 0.0) -> None:
        deeds = {"write": self._write, "online": self._online, "give": self._give, "take": self._take}
        deeds |= {"carry": self._carry, "foreign": self._foreign, "unknown": self._write_as_unknown}
        deeds |= {"ask again": self._ask_again, "known": self._make_known, "image": self._image}
        deeds |= {"breaks off": self._breaks_off}
        if name in deeds:
            deeds[name]()
        elif name == "office":
            self._office(where)
        elif name == "put back":
            self._put_back(where)
        else:
            self._break(name, where, place)

    def _write(self) -> None:
        self.written += 1
        register_household(self.rina.session, self.written)
        self._note()

    def _write_as_unknown(self) -> None:
        """What an author wrote whom the server does not know: it is put aside there."""
        make_batch(self.rina.session, name=f"KUBE {len(self.known)}")
        self._note()

    def _note(self) -> None:
        self.known |= {name for (name,) in self.rina.store.db.rows("SELECT change_id FROM outbox")}

    def _make_known(self) -> None:
        accounts = Accounts(self.server.house.database)
        with self.server.house.database.write():
            if accounts.user("user-admin") is None:
                accounts.add_user(User("user-admin", "Admin", Role.ADMIN_PROV, ("64",)), AT)
            accounts.add_alias("staff-admin", "user-admin")

    def _ask_again(self) -> None:
        names = self.standing("attention")
        ask_again(self.rina.session, change_ids=sorted(names))
        self.waits_again |= names

    def _online(self) -> None:
        assert self.server.sync(self.rina.session).outcome == ""
        self.waits_again.clear()
        self.in_doubt = False

    def _breaks_off(self) -> None:
        """The line holds for hello and for what is verified, and breaks with the first batch."""
        answered = self.standing("acked", "attention", "held")
        with self.server.line(self.rina.session) as line:
            line.push = self._lost  # type: ignore[method-assign]
            sync_now(self.rina.session, line, wait=lambda _seconds: None)
        self.waits_again |= answered & self.standing("queued", "sent")

    def _lost(self, _body: object) -> PushAnswer:
        raise KubeFieldError(Failure.NO_NETWORK, "putus", code="S01")

    def _give(self) -> None:
        waiting = self._unsent()
        give(self.rina.session, self.stick, CourierTally())
        assert self._unsent() == waiting, "giving acknowledges nothing"
        self.waits_again.clear()

    def _take(self) -> None:
        acked = self.standing("acked")
        take(self.rina.session, self.stick, CourierTally())
        self.in_doubt = self.in_doubt or bool(self.images)
        assert self.waits_again <= self.standing("queued", "sent"), "an answer of before overruled what waits"
        self.waits_again |= acked - self.standing("acked")

    def standing(self, *states: str) -> set[str]:
        """Ids of the village laptop's changes in these states."""
        return {
            name for name, state in self.rina.store.db.rows("SELECT change_id, state FROM outbox") if state in states
        }

    def _image(self) -> None:
        path = self.stick.parent / f"cadangan-{len(self.images)}"
        backup.create(self.server.house, "", path)
        self.images.append(path)

    def _put_back(self, where: int) -> None:
        """The server stands as it did on an earlier day, and nobody tells anybody."""
        if not self.images:
            return
        self.in_doubt = True
        self.server.put_back(self.images[where % len(self.images)])

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
            assert state in ("queued", "sent", "acked", "attention"), state
            assert state != "acked" or receipt == sha
            assert state == "acked" or receipt in ("", sha)
            assert state != "acked" or self.in_doubt or there.get(name) == sha, "acknowledged, and not there"
        assert set(there) <= {name for name, *_rest in ours}, "nobody else's"
        versions = self.server.rows("SELECT uid, count(*), max(version) FROM record_version GROUP BY uid")
        assert all(count == top == 1 for _uid, count, top in versions), "applied once"
        assert self.server.count("feed") == self.server.count("record_version")
        assert check_feed(self.server.house.database) == []

    def settle(self) -> None:
        """A good line in the end: everything is there, once, and the laptop has it as the server does."""
        self._make_known()
        self._online()
        self._ask_again()
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
