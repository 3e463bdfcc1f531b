"""What a running server does by itself: tells how far it is, makes files for first downloads, misses lost photos,
looks for doubles among old records.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta, timezone

from kube_field.server.endpoint import House, log_fault
from kube_field.server.lineage import write_witness
from kube_field.server.looking_back import look_back
from kube_field.server.photo_rounds import look_after_photos
from kube_field.server.snapshots import make_snapshots

log = logging.getLogger(__name__)

WITNESS_SECONDS = 30.0
LOOK_SECONDS = 900.0
WITA = timezone(timedelta(hours=8), "WITA")
NIGHT_HOUR = 2
END_SECONDS = 30.0


class Keeper:
    """The rounds of one server; each is short, and what goes wrong in one is logged and tried again."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._end = threading.Event()
        self._since_look = LOOK_SECONDS
        self._night = self._today()

    def run(self) -> None:
        """Go round until the end."""
        self._safely(lambda: look_after_photos(self._house))
        while not self._end.is_set():
            self.round()
            self._end.wait(WITNESS_SECONDS)
            self._since_look += WITNESS_SECONDS

    def round(self) -> None:
        """One round: the witness and some old records each time; files when they are due, at night all that changed."""
        self._safely(lambda: write_witness(self._house))
        self._safely(lambda: look_back(self._house))
        tonight = self._house.now().astimezone(WITA)
        if self._since_look >= LOOK_SECONDS:
            self._since_look = 0.0
            self._safely(lambda: make_snapshots(self._house))
        if tonight.hour == NIGHT_HOUR and self._night != self._today():
            self._night = self._today()
            self._safely(lambda: make_snapshots(self._house, nightly=True))
            self._safely(lambda: look_after_photos(self._house))

    def stop(self) -> None:
        """End after the present round."""
        self._end.set()

    def _today(self) -> str:
        return self._house.now().astimezone(WITA).date().isoformat()

    def _safely(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001  (the server goes on; the next round tries again)
            log_fault(error)


@contextmanager
def kept(house: House) -> Iterator[None]:
    """Run a keeper in a thread of its own for as long as the server serves."""
    keeper = Keeper(house)
    thread = threading.Thread(target=keeper.run, name="keeper", daemon=True)
    thread.start()
    try:
        yield
    finally:
        keeper.stop()
        thread.join(END_SECONDS)
