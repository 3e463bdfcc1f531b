"""Decides about several of what the server set aside: one request after the other, each with its own receipt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from gettext import gettext as _

from kube_field.errors import Failure, KubeFieldError
from kube_field.ui.formats import wita_text
from kube_field.ui.pages.aside_bulk import AsideResult
from kube_field.ui.pages.quarantine_panel import QuarantinePanel
from kube_field.ui.tasks import QUESTIONS, Tasks
from kube_field.ui.theme import Tone
from kube_field.usecases.quarantine import AsideRecord, Receipt

Decide = Callable[[AsideRecord], Receipt]
NO_LINE = (Failure.NO_NETWORK, Failure.INSECURE_CONNECTION, Failure.BUG)
"""After these nobody knows here whether the server took a decision, and the others are not tried."""


class BulkDecisions:
    """One row of decisions at a time; `stop` lets the request under way end and sends no other."""

    def __init__(self, panel: QuarantinePanel, tasks: Tasks, ended: Callable[[], None]) -> None:
        self._panel, self._tasks, self._ended = panel, tasks, ended
        self._left: list[AsideRecord] = []
        self._results: list[AsideResult] = []
        self._decide: Decide | None = None

    @property
    def is_deciding(self) -> bool:
        """True while decisions are on their way."""
        return self._decide is not None

    def begin(self, records: Sequence[AsideRecord], decide: Decide) -> None:
        """Decide about these, in this order."""
        self._left, self._results, self._decide = list(records), [], decide
        self._next()

    def stop(self) -> None:
        """Send no other decision; the answer to the one under way is waited for."""
        self._give_up(_("Tidak dikirim: dihentikan."))

    def _next(self) -> None:
        decide = self._decide
        if decide is None or not self._left:
            self._end()
            return
        record = self._left.pop(0)
        at, count = len(self._results) + 1, len(self._results) + len(self._left) + 1
        self._panel.show_busy(_("Mengirim keputusan {n} dari {all}…").format(n=at, all=count), may_cancel=True)
        self._tasks.run(
            lambda: decide(record),
            lambda receipt: self._settled(record, receipt),
            lambda error: self._failed(record, error),
            lane=QUESTIONS,
        )

    def _settled(self, record: AsideRecord, receipt: Receipt) -> None:
        words = receipt.words
        if not receipt.open:
            words = _("{words} Tanda terima server {at}.").format(words=words, at=wita_text(receipt.at))
        self._results.insert(self._done(), AsideResult(record, words, *_chip(receipt), settled=not receipt.open))
        self._next()

    def _failed(self, record: AsideRecord, error: KubeFieldError) -> None:
        if error.failure in NO_LINE:
            self._give_up(_("Tidak dikirim: sambungan terputus."))
            unsure = _("Keputusan belum dipastikan server.")
            words = f"{error.sentence} {unsure}"
        else:
            words = f"{error.sentence} {error.action}".strip()
        self._results.insert(self._done(), _undecided(record, words))
        self._next()

    def _done(self) -> int:
        """Where the next answer stands: before what was given up."""
        return sum(result.chip != _not_sent() for result in self._results)

    def _give_up(self, why: str) -> None:
        self._results += [AsideResult(one, why, _not_sent(), Tone.NEUTRAL, settled=False) for one in self._left]
        self._left = []

    def _end(self) -> None:
        self._decide = None
        self._panel.show_busy("")
        self._panel.show_results(self._results)
        self._ended()


def _undecided(record: AsideRecord, words: str) -> AsideResult:
    return AsideResult(record, words, _("Belum berhasil"), Tone.RISK, settled=False)


def _chip(receipt: Receipt) -> tuple[str, Tone]:
    if receipt.open:
        return _("Masih menunggu"), Tone.WATCH
    if receipt.late:
        return _("Sudah diputuskan"), Tone.NEUTRAL
    return (_("Diterima"), Tone.GOOD) if receipt.taken else (_("Ditolak"), Tone.INFO)


def _not_sent() -> str:
    return _("Belum dikirim")
