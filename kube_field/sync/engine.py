"""One run of synchronisation as a state machine: hello, verify, push until the queue is empty, purge, pull, photos.

Between two pieces of photos it goes back to push when something waits.

Every step is one network call, and what it brought is stored before the next one: a run may end anywhere, be killed,
or lose an answer, and the next run goes on from what is stored. A step that is repeated changes nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from gettext import gettext as _

from msgspec import UNSET, Raw, UnsetType, structs

from kube_field.domain.records import Change
from kube_field.domain.sync_views import SyncRun
from kube_field.errors import BugError, Failure, KubeFieldError
from kube_field.sync.download_lane import DownloadLane
from kube_field.sync.notices import notice_of
from kube_field.sync.pace import TRIES, BatchSize, pause
from kube_field.sync.photo_lane import PhotoLane, instant
from kube_field.sync.ports import Progress, Surroundings, SyncStore, Transport
from kube_field.sync.troubles import app_too_old, clock_is_wrong, data_differ, foreign_server, no_answer, trouble_of
from kube_field.sync.turn import wait_for_turn
from kube_field.wire.again import AgainAnswer
from kube_field.wire.changes import results_of, to_wire
from kube_field.wire.codec import to_json
from kube_field.wire.columns import MAX_TABLE_BYTES, Table
from kube_field.wire.messages import MAX_HAVE_IDS, HelloAnswer, Limits, Push, PushAnswer
from kube_field.wire.new_facts import is_plain, table_of
from kube_field.wire.refusals import Refusal, RefusalCode

CLOCK_TOLERANCE_MS = 10 * 60 * 1000
LONGEST_RETRY_AFTER_SECONDS = 120
"""A server that wants to be left alone for longer is tried again in the next run."""
SENT_BACK = 5
"""How often one run may be told to say hello again; hellos that got lost on the line do not count."""
SPLIT = frozenset({RefusalCode.BODY_TOO_LARGE, RefusalCode.BATCH_TOO_LARGE})
ONE_PHOTO = frozenset({RefusalCode.BLOB_UNKNOWN, RefusalCode.BODY_TOO_LARGE, RefusalCode.NO_SUCH_ADDRESS})
"""Refusals that concern one photo; the next one may go."""
TRIED_AGAIN = frozenset({Failure.NO_NETWORK, Failure.BUG})
"""Failures that may have passed a moment later; a server's fault too."""
LATER = frozenset({RefusalCode.BUSY, RefusalCode.SERVER_FAULT, RefusalCode.TOO_MANY_TRIES, RefusalCode.DIGEST_MISMATCH})
NOT_ABOUT_TERMS = LATER | {RefusalCode.LOGIN_AGAIN, RefusalCode.DEVICE_REVOKED}
"""Refusals of a hello in short that a whole one would meet as well."""


class Phase(StrEnum):
    """Where a run stands."""

    HELLO = "hello"
    VERIFY = "verify"
    PUSH = "push"
    PULL = "pull"
    PHOTOS = "photos"
    DONE = "done"


@dataclass(slots=True)
class Tally:
    """What a run did so far."""

    sent: int = 0
    received: int = 0
    refused: int = 0
    photos_sent: int = 0
    notice: str = ""


class Engine:
    """One run; `step` makes the next network call, `run` goes on until the end and remembers the run.

    `trouble` is the one cause for which the run is not good; what it did before stays done.
    """

    def __init__(self, store: SyncStore, transport: Transport, around: Surroundings) -> None:
        self.phase = Phase.HELLO
        self.tally = Tally()
        self.trouble: KubeFieldError | None = None
        self._store = store
        self._transport = transport
        self._around = around
        self._limits = Limits()
        self._batch_size = BatchSize()
        self._sent_last = 0
        self._has_begun = False
        self._started = around.now()
        self._failures = 0
        self._sent_back = 0
        self._may_be_short = True
        self._refused_tokens: set[str] = set()
        self._clock_is_wrong = False
        self._downloads = DownloadLane(store, transport)
        self._photos = PhotoLane(store.photos, transport, around)
        self._steps: dict[Phase, Callable[[], Phase]] = {
            Phase.HELLO: self._hello,
            Phase.VERIFY: self._verify,
            Phase.PUSH: self._push,
            Phase.PULL: self._pull,
            Phase.PHOTOS: self._photo,
        }

    def run(self) -> SyncRun:
        """Go on until everything is done, cancelled, or given up; the queue stays whatever happens."""
        while self.has_more():
            if self._around.cancelled():
                return self._remember("CANCELLED")
            self.go_on()
        return self.finish()

    def has_more(self) -> bool:
        """True while a network call is left and nothing ended the run."""
        return self.phase != Phase.DONE and self.trouble is None

    def go_on(self) -> None:
        """Make the next network call; what goes wrong with it is tried again, passed over, or ends the run."""
        try:
            self.step()
            self._failures = 0
        except KubeFieldError as error:
            self._failures = self._after_trouble(error, self._failures, error.retry_after)
        except Refusal as refusal:
            self._failures = self._after_refusal(refusal, self._failures)

    def finish(self) -> SyncRun:
        """Close and remember a run that has no more calls to make."""
        if self.trouble is None:
            self._close()
        return self._remember("")

    def step(self) -> None:
        """Make the next network call and store what it brought. Raises: KubeFieldError, Refusal."""
        if self.phase == Phase.DONE:
            raise BugError("the run is over")
        self.phase = self._steps[self.phase]()

    # the steps

    def _hello(self) -> Phase:
        if not self._store.server_id():
            raise KubeFieldError(
                Failure.NOT_ALLOWED,
                _("Laptop ini belum terdaftar di server provinsi."),
                _("Minta kode pendaftaran kepada admin provinsi. Data Anda aman di laptop."),
                code="NOT_ENROLLED",
            )
        if not self._has_begun:
            self._store.start_run(allow_removal=self._around.allow_removal)
            self._has_begun = True
        self._clock_is_wrong = self._clock() < self._store.last_server_time() - CLOCK_TOLERANCE_MS
        step = self._store.start_step(self._around.new_id)
        terms = self._store.terms() if self._may_be_short and self._store.to_verify(1) is None else None
        return self._hello_whole(step) if terms is None else self._hello_again(step, terms)

    def _hello_whole(self, step: str) -> Phase:
        body = self._store.hello(step)
        body.clock = self._clock()
        body.app = self._around.app_version
        answer = self._transport.hello(body)
        if answer.server_id != self._store.server_id():
            raise foreign_server()
        self._store.take_hello(answer, clock=self._clock())
        self.tally.notice = notice_of(answer, device=body.device) or self.tally.notice
        if answer.token:  # the server gave this laptop a name of its own
            self._transport.use_token(answer.token)
        self._take_terms(answer)
        return Phase.VERIFY if self._store.to_verify(1) else self._push_or_on()

    def _hello_again(self, step: str, terms: HelloAnswer) -> Phase:
        """Say hello in short and hand over the first batch with it."""
        self._limits = terms.limits
        self._transport.pack_for(terms.codings)
        self._batch_size.announced(terms.limits.push_n, terms.limits.table_rows)
        batch, body = self._next_batch(), self._store.again(step)
        body.clock, body.app = self._clock(), self._around.app_version
        body.changes, body.facts, in_table = self._packed(batch)
        began, self._sent_last = self._around.now(), len(batch)
        answer = self._transport.again(body)
        if len(answer.heads) != len(terms.scopes):
            raise no_answer()
        offers = [structs.replace(offer, head=head) for offer, head in zip(terms.scopes, answer.heads, strict=True)]
        greeting = structs.replace(
            terms,
            continuity=answer.continuity,
            clock=answer.clock,
            scopes=offers,
            photos=answer.photos,
            aside=answer.aside,
        )
        self._store.take_hello(greeting, clock=self._clock())
        self._take_terms(greeting)
        if batch:
            self._settle(batch, in_table, answer, began)
        return self._push_or_on()

    def _take_terms(self, answer: HelloAnswer) -> None:
        self._photos.take_missing(answer.photos, answer.challenge)
        self._limits = answer.limits
        self._batch_size.announced(answer.limits.push_n, answer.limits.table_rows)
        self._downloads.begin({offer.id: offer.head for offer in answer.scopes}, answer.limits)
        self._note_clock(answer)
        wait_for_turn(answer, self._around)

    def _verify(self) -> Phase:
        asked = self._store.to_verify(MAX_HAVE_IDS)
        if asked is not None:
            self._store.take_verified(asked, self._transport.have(asked))
        return Phase.VERIFY if self._store.to_verify(1) else self._push_or_on()

    def _push(self) -> Phase:
        step, batch = self._store.start_step(self._around.new_id), self._next_batch()
        if not batch:  # withdrawn since, or damaged: what cannot be sent holds nothing up
            self._store.purge_leaving()
            return self._pull_or_on()
        began, self._sent_last = self._around.now(), len(batch)
        changes, facts, in_table = self._packed(batch)
        device, token = self._store.device_id(), self._store.continuity()
        answer = self._transport.push(Push(device=device, continuity=token, step=step, changes=changes, facts=facts))
        self._settle(batch, in_table, answer, began)
        return self._push_or_on()

    def _next_batch(self) -> list[Change]:
        most = MAX_TABLE_BYTES if self._limits.table_rows else self._limits.push_bytes
        return self._store.next_batch(self._batch_size.changes, most, edits=self._batch_size.edits)

    def _settle(
        self, batch: list[Change], in_table: list[Change], answer: PushAnswer | AgainAnswer, began: datetime
    ) -> None:
        """Store what became of a batch."""
        results = [*answer.results, *results_of(answer.taken, in_table)]
        outcome = self._store.take_results(batch, results, answer.continuity)
        known = self._store.take_echo(batch, results, answer.fed)
        news = {change.scope for change in batch}.difference(known)
        self._downloads.expect(news, decisions=self._store.undecided())
        if not (outcome.acked or outcome.held or outcome.refused):
            self._without_tables()
            raise no_answer()  # it says nothing about what it was asked
        self.tally.sent += outcome.acked + outcome.held
        self.tally.refused += outcome.refused
        self._batch_size.answered((self._around.now() - began).total_seconds())
        self._report(Phase.PUSH, self.tally.sent + self.tally.refused, self._store.waiting())

    def _pull(self) -> Phase:
        began = self._around.now()
        self._downloads.step()
        self._downloads.answered((self._around.now() - began).total_seconds())
        self.tally.received = self._downloads.received
        self._around.on_progress(Progress(Phase.PULL.value, self.tally.received, 0))  # how much comes nobody knows
        return self._pull_or_on()

    def _photo(self) -> Phase:
        self._photos.step()
        self.tally.photos_sent = self._photos.sent
        self.tally.refused += self._photos.take_refused()
        self._report(Phase.PHOTOS, self._photos.sent, self._photos.left())
        return self._after_photo()

    # what comes next

    def _push_or_on(self) -> Phase:
        if self._store.waiting():
            return Phase.PUSH
        self._store.purge_leaving()
        return self._pull_or_on()

    def _pull_or_on(self) -> Phase:
        if self._downloads.has_more():
            return Phase.PULL
        if self._downloads.has_lost:
            self._downloads.has_lost = False
            self._store.purge_leaving()
        return self._photos_or_done()

    def _photos_or_done(self) -> Phase:
        return Phase.PHOTOS if self._photos.has_more() else Phase.DONE

    def _after_photo(self) -> Phase:
        """Photos travel for hours on a slow line: what was finalised since goes before the next piece."""
        return Phase.PUSH if self._store.waiting() else self._photos_or_done()

    # when something goes wrong

    def _after_refusal(self, refusal: Refusal, failures: int) -> int:
        """Do what the refusal asks for; the new count of failures in a row."""
        if self.phase == Phase.HELLO and self._may_be_short and refusal.code not in NOT_ABOUT_TERMS:
            self._may_be_short = False  # for the rest of the run; a whole hello is understood by every server
            return failures
        if refusal.code == RefusalCode.SAY_HELLO:
            return self._say_hello_again(refusal, failures)
        if refusal.code == RefusalCode.LOGIN_AGAIN and self._has_other_token():
            return failures
        if refusal.code in SPLIT and self.phase == Phase.PUSH and self._batch_size.too_large(self._sent_last):
            return failures
        if refusal.code == RefusalCode.TABLE_REFUSED and self._limits.table_rows:
            self._without_tables()
            return failures
        if self.phase == Phase.PULL and self._downloads.after_refusal(refusal):
            self.phase = self._pull_or_on()
            return failures
        if self.phase == Phase.PHOTOS and refusal.code in ONE_PHOTO:
            return self._skip_photo(failures)
        return self._after_trouble(trouble_of(refusal), failures, refusal.retry_after)

    def _has_other_token(self) -> bool:
        """Go on with another login token of this laptop; each is tried once in a run."""
        token = self._store.fall_back(self._refused_tokens)
        if token:
            self._transport.use_token(token)
            self.phase = Phase.HELLO
        return bool(token)

    def _without_tables(self) -> None:
        """The server reads a table otherwise than it was meant: each change goes for itself in the rest of the run."""
        self._limits.table_rows = 0
        self._batch_size.announced(self._limits.push_n)

    def _say_hello_again(self, refusal: Refusal, failures: int) -> int:
        """Begin anew; a server that asks for it again and again ends the run, for no call can go well without it."""
        self._sent_back += 1
        if self._sent_back > SENT_BACK:
            self.trouble = trouble_of(refusal)
        self.phase = Phase.HELLO
        return failures

    def _skip_photo(self, failures: int) -> int:
        """One photo that the server does not take must not stop the others."""
        self._photos.skip()
        self.phase = self._after_photo()
        return failures

    def _after_trouble(self, error: KubeFieldError, failures: int, wait: int) -> int:
        failures += 1
        if error.failure not in TRIED_AGAIN or failures >= TRIES or wait > LONGEST_RETRY_AFTER_SECONDS:
            self.trouble = clock_is_wrong() if error.code == "S09" and self._clock_is_wrong else error
            return failures
        if self.phase in (Phase.HELLO, Phase.PUSH):
            self._batch_size.lost()
        elif self.phase == Phase.PULL:
            self._downloads.lost()
        self._around.sleep(pause(failures, wait, self._around.chance()))
        return failures

    def _close(self) -> None:
        """Everything that can be done is done; what could not is told."""
        self._store.forget_old()
        if self._downloads.too_old:
            self.trouble = app_too_old()
        elif self._downloads.unmended:
            self.trouble = data_differ()
        else:
            self._store.purge_moved_away()
            self._store.forget_left()

    def _note_clock(self, answer: HelloAnswer) -> None:
        """A wrong clock is told at the end; it never stops the work."""
        self._clock_is_wrong |= abs(self._clock() - answer.clock) > CLOCK_TOLERANCE_MS

    # small things

    def _packed(self, batch: list[Change]) -> tuple[list[Raw], Table | UnsetType, list[Change]]:
        """A batch on its way: single changes, a table, and which of its changes are in the table."""
        in_table: list[Change] = []
        alone: list[Change] = []
        for change in batch:
            (in_table if self._limits.table_rows and is_plain(change) else alone).append(change)
        table = table_of(in_table) if in_table else UNSET
        return [Raw(to_json(to_wire(change))) for change in alone], table, in_table

    def _clock(self) -> int:
        return int(self._around.now().timestamp() * 1000)

    def _report(self, phase: Phase, done: int, left: int) -> None:
        self._around.on_progress(Progress(phase.value, done, done + left if left else done))

    def _remember(self, stopped: str) -> SyncRun:
        run = self._told(stopped)
        try:
            self._store.add_run(run)
        except KubeFieldError as error:  # a disk that takes nothing more; what stopped the run says more than this
            self.trouble = self.trouble or error
            return self._told(stopped)
        return run

    def _told(self, stopped: str) -> SyncRun:
        told = self.trouble or (clock_is_wrong() if self._clock_is_wrong else None)
        traffic = self._transport.traffic
        return SyncRun(
            started_at=instant(self._started),
            ended_at=instant(self._around.now()),
            **asdict(self.tally),
            bytes_up=traffic.up,
            bytes_down=traffic.down,
            outcome=stopped or (self.trouble.code if self.trouble else ""),
            message=_("Dihentikan oleh petugas.") if stopped else str(told or ""),
            exit_code=int(self.trouble.failure) if self.trouble else 0,
        )
