"""A simulated laptop: the real store and the real engine, one network call at a time, on a line that can fail."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2

from kube_field.domain.records import Officer, RecordKind, Role
from kube_field.storage.photos import PhotoStore
from kube_field.storage.store import LocalStore
from kube_field.storage.sync_store import LocalSyncStore
from kube_field.sync.engine import Engine
from kube_field.sync.ports import Surroundings
from kube_field.sync.transports.http import HttpTransport
from kube_field.usecases.ports import Wiring
from kube_field.usecases.session import Session
from kube_field.wire.enrolment import Enrolled
from tests.sim.disks import DyingDatabase, Fuse, Image, PowerCut, empty_laptop, image_of, put_image
from tests.sim.province import Province
from tests.support.laptop import PHOTO_KEY, REFERENCE, plenty

ADDRESS = "http://127.0.0.1"
Request = tuple[str, str, list[tuple[bytes, bytes]], bytes]


class Line(httpx2.BaseTransport):
    """From a laptop to the server. `fault` is what happens to the next request: drop, lose, twice or "" for nothing."""

    def __init__(self, province: Province, watch: Callable[[str, bytes], None]) -> None:
        self.fault = ""
        self.asked = 0
        self.sent: list[Request] = []
        self._province, self._watch = province, watch

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.asked += 1
        fault, self.fault = self.fault, ""
        if fault == "drop":
            raise httpx2.ConnectError("dropped")
        path = request.url.raw_path.decode()
        whole: Request = (request.method, path, list(request.headers.raw), request.read())
        self.sent = [*self.sent[-5:], whole]
        answer = self._province.serve(*whole)
        if fault == "twice":
            answer = self._province.serve(*whole)
        if answer is None or fault == "lose":
            raise httpx2.ReadError("no answer")
        status, headers, body = answer
        self._watch(path, body)
        return httpx2.Response(status, headers=headers, stream=httpx2.ByteStream(body))


MASS_REMOVAL, LOGIN_UNKNOWN = "MASS_REMOVAL", "S05"


class Machine:
    """One laptop with its officers."""

    def __init__(
        self,
        name: str,
        folder: Path,
        province: Province,
        rng: random.Random,
        now: Callable[[], datetime],
        watch: Callable[[Machine, str, bytes], None],
        key: bytes | None,
    ) -> None:
        self.name, self.path, self.key = name, folder / f"{name}.db", key
        self.fuse = Fuse()
        self.officers: list[Officer] = []
        self.engine: Engine | None = None
        self.outcome = ""
        self.greeted_life = 0
        self.mixed_lives = False
        """True until the next quiet for one that took a page of a server which was put back since it greeted it.

        When the same work was handed in again until the next hello, only the sums can tell.
        """
        self.outcomes: Counter[str] = Counter()
        self._rng, self._now = rng, now
        self.photos = PhotoStore(folder / "photos", PHOTO_KEY)
        self.line = Line(province, lambda path, body: watch(self, path, body))
        self.transport = HttpTransport(ADDRESS, line=self.line)
        self.transport._is_known = True

    # its life

    def unpack(self) -> None:
        """A new laptop out of its box."""
        put_image(self.path, empty_laptop(self.key))
        self.start()

    def enrol(self, answer: Enrolled, *officers: Officer) -> None:
        self.sync.enrol(answer, url=ADDRESS, ca_pem="")
        self.officers = list(officers)

    def start_over_as(self, answer: Enrolled) -> None:
        """The same officers, another login."""
        self.engine = None
        self.enrol(answer, *self.officers)

    def start(self) -> None:
        self.store = LocalStore(
            DyingDatabase(str(self.path), key=self.key, fuse=self.fuse), reference=REFERENCE, free_bytes=plenty
        )
        self.sync = LocalSyncStore(self.store)
        self.engine = None

    def die(self) -> None:
        """The power goes: what was committed is there, the run is gone."""
        self.fuse.clear()
        image = image_of(self.path)
        self.store.close()
        put_image(self.path, image)
        self.start()

    def image(self) -> Image:
        return image_of(self.path)

    def put_back(self, image: Image) -> None:
        self.fuse.clear()
        self.store.close()
        put_image(self.path, image)
        self.start()

    def close(self) -> None:
        self.store.close()
        self.transport.close()

    # work

    def new_id(self) -> str:
        bits = self._rng.getrandbits(128)
        text = f"{bits:032x}"
        return f"{text[:8]}-{text[8:12]}-7{text[13:16]}-8{text[17:20]}-{text[20:]}"

    def session(self, officer: Officer) -> Session:
        wiring = Wiring(now=self._now, new_id=self.new_id)
        return Session(officer=officer, store=self.store, photos=self.photos, reference=REFERENCE, wiring=wiring)

    def step(self) -> bool:
        """One network call of the present run, or the first of a new one; True when the run is over."""
        if self.engine is None:
            self.transport._headers = {"Authorization": f"Bearer {self.sync.meta('token')}"}
            self.engine = Engine(self.sync, self.transport, self._surroundings())
        self.engine.go_on()
        if self.engine.has_more():
            return False
        run = self.engine.finish()
        self.outcomes[run.outcome] += 1
        self.outcome, self.engine = run.outcome, None
        return True

    def _surroundings(self) -> Surroundings:
        return Surroundings(
            now=self._now,
            sleep=lambda _seconds: None,
            new_id=self.new_id,
            chance=self._rng.random,
            read_photo=self.photos.read,
            allow_removal=self.outcome == MASS_REMOVAL,  # the officer was asked, and agrees
        )

    # what an invariant asks

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.store.db.rows(sql, *values)


def officer_of(uid: str, name: str, areas: tuple[str, ...], role: Role = Role.PENDAMPING) -> Officer:
    return Officer(uid=uid, name=name, role=role, areas=areas)


__all__ = ["Line", "Machine", "PowerCut", "RecordKind", "officer_of", "replace"]
