"""Periksa laporan: what was brought is judged, what belongs to it is opened."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from gettext import gettext as _
from pathlib import Path

from kube_field.domain.day_plan import PlannedStop
from kube_field.domain.records import Draft, Fact
from kube_field.domain.sheet_code import is_sheet_code, sheet_code
from kube_field.errors import KubeFieldError
from kube_field.media.codes import PaperFile
from kube_field.media.paper_child import read_paper_apart
from kube_field.reports.printed_words import Compared
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.verify_page import SeenLine, VerdictView, VerifyPage
from kube_field.ui.presenters.page_presenter import PagePresenter
from kube_field.ui.tasks import FILES, Tasks
from kube_field.ui.theme import Tone
from kube_field.usecases.day_plans import begin_visit_of_sheet, is_short_id, sheets_in
from kube_field.usecases.session import Session
from kube_field.usecases.verdict_words import proof_words, told
from kube_field.usecases.verifying import (
    GOOD,
    Verdict,
    Verified,
    find_by_number,
    is_code,
    judge_paper,
    verify_code,
)

FIGURES = 4
BAD = frozenset({Verdict.WRONG_SIGNATURE, Verdict.PAPER_DIFFERS, Verdict.RECORD_DIFFERS})


class VerifyPresenter(PagePresenter):
    """Presenter of VerifyPage."""

    def __init__(self, page: VerifyPage, session: Session, tasks: Tasks, navigate: Navigator) -> None:
        super().__init__(page, session, tasks, navigate)
        self.page = page
        self._stopping = threading.Event()
        page.file_given.connect(self.look_at)
        page.cancelled.connect(self._cancel)
        page.text_given.connect(self.take_text)
        page.opening_wanted.connect(self._open)

    def look_at(self, path: Path) -> None:
        """Judge a file; the one that is being read is given up."""
        self._begin()
        stopping = self._stopping

        def judge(paper: PaperFile) -> None:
            if not stopping.is_set():
                self.ask(lambda: self._judged(paper), self._show, self._show_trouble)

        def tell(error: KubeFieldError) -> None:
            if not stopping.is_set():
                self._show_trouble(error)

        self.tasks.run(lambda: read_paper_apart(path, stopping), judge, tell, lane=FILES)

    def take_text(self, text: str) -> None:
        """Judge a code, begin the visit of a sheet, or open the report of a number."""
        self._begin()
        if is_sheet_code(text) or is_short_id(text):
            self._begin_visit(text)
            return
        if is_code(text):
            self.ask(lambda: verify_code(self.session, text=text), self._show, self._show_trouble)
            return

        def open_found(fact: Fact) -> None:
            self.page.show_nothing()
            self.navigate.open_document(fact.uid)

        self.ask(lambda: find_by_number(self.session, number=text), open_found, self._show_trouble)

    def _begin(self) -> None:
        self._stopping.set()
        self._stopping = threading.Event()
        self.page.hide_notice()
        self.page.show_working()

    def _cancel(self) -> None:
        self._stopping.set()
        self.page.show_nothing()

    def _judged(self, paper: PaperFile) -> Verified | tuple[PlannedStop, ...]:
        """What a file is: blank sheets that were filled in, or a report."""
        return sheets_in(self.session, paper.codes) or judge_paper(self.session, paper)

    def _show(self, found: Verified | tuple[PlannedStop, ...]) -> None:
        if isinstance(found, Verified):
            self.page.show_verdict(verdict_view(found))
        elif len(found) == 1:
            self._begin_visit(sheet_code(found[0].unit_uid))
        else:
            self.page.show_verdict(sheets_view(found))

    def _open(self, key: str) -> None:
        """A report by its uid, or the visit of a sheet by its code."""
        if is_sheet_code(key):
            self._begin_visit(key)
        else:
            self.navigate.open_document(key)

    def _begin_visit(self, text: str) -> None:
        def open_draft(draft: Draft) -> None:
            self.navigate.open_draft(draft.uid)

        self.ask(lambda: begin_visit_of_sheet(self.session, text=text), open_draft, self._show_trouble)

    def _show_trouble(self, error: KubeFieldError) -> None:
        self.page.show_nothing()
        self.show_failure(error)


def sheets_view(stops: Sequence[PlannedStop]) -> VerdictView:
    """Several filled sheets in one file: each opens its visit."""
    return VerdictView(
        tone=Tone.INFO,
        chip=_("Lembar kunjungan"),
        title=_("{n} lembar kunjungan ditemukan").format(n=len(stops)),
        words=_("Buka satu per satu; isi yang ditulis tangan diketik ke draf kunjungannya."),
        actions=[(sheet_code(stop.unit_uid), stop.name) for stop in stops],
    )


def verdict_view(found: Verified) -> VerdictView:
    """A judgement as the page shows it."""
    title, words = told(found)
    tone, chip = _chip(found)
    seen = [_seen(one, found) for one in found.compared]
    lines, figures = seen[:-FIGURES], seen[-FIGURES:]
    return VerdictView(
        tone=tone,
        chip=chip,
        title=title,
        words=words,
        figures=figures,
        lines=lines,
        strange=_strange(found),
        proof=proof_words() if found.seal is not None else "",
        actions=_actions(found),
    )


def _chip(found: Verified) -> tuple[Tone, str]:
    if found.is_void:
        return Tone.RISK, _("Dibatalkan")
    if found.verdict in GOOD:
        return Tone.GOOD, _("Asli")
    if found.verdict in BAD or (found.verdict == Verdict.OLD_CODE and found.record is not None and not found.matches):
        return Tone.CRITICAL, _("Jangan dipakai")
    if found.verdict in (Verdict.REPLACED, Verdict.REVOKED):
        return Tone.WATCH, _("Perhatikan")
    return Tone.NEUTRAL, _("Belum dapat dipastikan")


def _seen(one: Compared, found: Verified) -> SeenLine:
    if one.differs:
        return SeenLine(one.name, one.coded, _("di kertas tertulis {value}").format(value=one.found), differs=True)
    if one.recorded and one.recorded != one.coded:
        words = _("di data laptop ini {value}").format(value=one.recorded)
        return SeenLine(one.name, one.coded, words, differs=True)
    if one.found:
        return SeenLine(one.name, one.coded, _("sama di kertas"))
    return SeenLine(one.name, one.coded, _("bandingkan dengan kertas") if found.verdict in GOOD else "")


def _strange(found: Verified) -> Sequence[str]:
    added = [_("Hanya di berkas ini: {line}").format(line=line) for line in found.added]
    return [*added, *(_("Hilang dari berkas ini: {line}").format(line=line) for line in found.missing)]


def _actions(found: Verified) -> list[tuple[str, str]]:
    actions = []
    if found.newest is not None:
        actions.append((found.newest.uid, _("Buka yang berlaku")))
    if found.record is not None and (found.newest is None or found.newest.uid != found.record.uid):
        actions.append((found.record.uid, _("Buka laporan")))
    return actions
