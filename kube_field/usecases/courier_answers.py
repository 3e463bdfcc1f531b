"""Taking in the server's answers from a stick: in any order, any number of times; what is older overrules nothing."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from gettext import gettext as _
from pathlib import Path

import msgspec

from kube_field.errors import KubeFieldError
from kube_field.storage.sync_store import LocalSyncStore
from kube_field.usecases.session import Session
from kube_field.usecases.stick import CourierTally, Found, Watch, bundles_on, read_from_stick, why_not_read
from kube_field.usecases.sync import sync_store
from kube_field.wire.bundle import BundleError, Direction, Frame, read_frames, verify_bundle
from kube_field.wire.codec import UNREADABLE
from kube_field.wire.courier import Arrived, NoPage, Op, Page, Results
from kube_field.wire.messages import CourierKeys, HaveAnswer
from kube_field.wire.refusals import RefusalCode

ASKS = "MASS_REMOVAL"
OWN_DEVICE, OWN_SERVER = "device_id", "server_id"


def take_answers(
    session: Session, keys: CourierKeys, folder: Path, tally: CourierTally, watch: Watch, *, allow_removal: bool
) -> None:
    """Take in the answers on the stick that are for this laptop, oldest first; files of others are left alone."""
    store = sync_store(session.store)
    store.start_run(allow_removal=allow_removal)  # one brake for all pages of all files
    ours = (Direction.DOWN, store.meta(OWN_DEVICE), store.meta(OWN_SERVER))
    heads = [(found, found.header) for found in bundles_on(folder, tally)]
    mine = [found for found, head in heads if (head.direction, head.device, head.server) == ours]
    for done, found in enumerate(mine):
        if not watch.goes_on(tally, "take", done, len(mine)):
            return
        _take_file(session, store, keys, found, tally)


def _take_file(session: Session, store: LocalSyncStore, keys: CourierKeys, found: Found, tally: CourierTally) -> None:
    answer = _Answer.to(found, session, store, tally)
    content = read_from_stick(found.path)
    stream = io.BytesIO(content)
    try:
        verify_bundle(stream, len(content), signed_by=keys.sign)
        unread = [frame.op for frame in read_frames(stream, ours=store.courier.keys()) if not answer.took(frame)]
        answer.end()
    except BundleError as error:
        tally.not_read.append((found.path.name, why_not_read(error)))
        return
    if unread:
        tally.not_read.append((found.path.name, _("Sebagian jawaban ini belum dapat dibaca; perbarui program.")))
    if answer.says_what_is_there:
        store.courier.hear(answer.number)
    tally.taken_files += 1


@dataclass(slots=True)
class _Answer:
    """One answer that is taken in; `number` is that of our file which it answers, 0 when we do not remember it.

    `is_news`: nothing was heard from the server, online or by a later file, since that file was given.
    """

    session: Session
    store: LocalSyncStore
    tally: CourierTally
    number: int
    is_news: bool
    is_old: bool
    says_what_is_there: bool = False
    found: list[HaveAnswer] = field(default_factory=list)

    @classmethod
    def to(cls, found: Found, session: Session, store: LocalSyncStore, tally: CourierTally) -> _Answer:
        number, heard = store.courier.number_of(found.header.answers), store.courier.heard()
        return cls(session, store, tally, number, is_news=number > heard, is_old=0 < number <= heard)

    def took(self, frame: Frame) -> bool:
        """False for a frame that this program cannot read; the others count."""
        steps = {
            Op.RESULTS: self._take_results,
            Op.FOUND: self._take_found,
            Op.PHOTOS: self._take_photos,
            Op.PAGE: self._take_page,
            Op.NO_PAGE: self._take_no_page,
        }
        step = next((step for op, step in steps.items() if op == frame.op), None)
        try:
            if step is not None:
                step(frame)
        except UNREADABLE:
            return False
        return True

    def _take_results(self, frame: Frame) -> None:
        results = msgspec.json.decode(frame.body, type=Results).results
        with self.store.together():
            waiting = self.store.courier.changes([result.id for result in results], self.number)
            outcome = self.store.take_results(waiting, results, None)
            self.store.courier.answered(waiting, self.number)
        self.tally.receipts += outcome.acked
        self.tally.refused += outcome.refused

    def _take_found(self, frame: Frame) -> None:
        """What the server has of what it should have; what it lost goes along with the next file again."""
        told = msgspec.json.decode(frame.body, type=HaveAnswer)
        self.says_what_is_there = True
        if self.is_news:
            self.tally.lost += self.store.take_found(told)
            self.found.append(told)

    def end(self) -> None:
        """All of it was read: a decision by hand that it brings is nothing that the server has otherwise."""
        for told in self.found:
            self.store.take_set_aside(told)

    def _take_photos(self, frame: Frame) -> None:
        stored = msgspec.json.decode(frame.body, type=Arrived).stored
        self.tally.photos_stored += self.store.photos.take_arrived(stored, self.session.instant(), self.number)

    def _take_page(self, frame: Frame) -> None:
        """Rows count only from exactly where we stand: a page from further on would leave a hole."""
        page = msgspec.json.decode(frame.body, type=Page)
        cursor = self.store.courier.cursor(frame.name, self.number)
        if cursor == (page.seq, page.head, page.chain):
            self._take_rows(frame.name, page)
        elif cursor is not None and cursor[0] <= page.seq and not self.is_old and frame.name not in self.tally.behind:
            self.tally.behind.append(frame.name)

    def _take_rows(self, scope: str, page: Page) -> None:
        try:
            self.tally.received += self.store.take_page(scope, page.page, by_stick=True)
        except KubeFieldError as error:
            if error.code != ASKS:
                raise
            self.tally.behind.append(scope)
            self.tally.asking.append(scope)

    def _take_no_page(self, frame: Frame) -> None:
        """Why an area got nothing; of use only where we still stand as we did when we asked."""
        told = msgspec.json.decode(frame.body, type=NoPage)
        self.says_what_is_there = True
        if not self.is_news or self.store.courier.cursor(frame.name, self.number) != (told.seq, told.head, told.chain):
            return
        if told.code == RefusalCode.SAY_HELLO:
            with self.store.together():
                self.store.server_went_back()
            self.tally.went_back = True
        else:
            self.tally.no_pages.append((self._area(frame.name), told.message))

    def _area(self, scope: str) -> str:
        regions = self.session.reference.regions
        region = regions.kecamatan(scope) or regions.kabupaten(scope)
        return region.name if region else scope
