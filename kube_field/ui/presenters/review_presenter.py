"""Joins Tinjau & finalkan with the use cases: loads, keeps reasons, finalises, and leads on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from gettext import gettext as _
from typing import Any

from PySide6.QtGui import QImage

from kube_field.domain.forms.codes import NONE
from kube_field.domain.forms.declaration import Context, Finding, Kind, Question
from kube_field.domain.forms.evaluation import Evaluation, is_blank
from kube_field.domain.records import EDITABLE_KINDS, Answers, Draft, Fact, Record, RecordKind
from kube_field.errors import KubeFieldError
from kube_field.ui.formats import percent_change
from kube_field.ui.forms.answer_text import answer_text, computed_text
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.review_page import ReviewPage, ReviewView
from kube_field.ui.pages.review_panels import Figure
from kube_field.ui.pages.score_card import ScoreView
from kube_field.ui.presenters.form_presenter import head_of, place_of
from kube_field.ui.presenters.page_presenter import failure_words
from kube_field.ui.presenters.paper_output import drawn_pages
from kube_field.ui.presenters.score_view import notes_of, score_view
from kube_field.ui.tasks import Tasks
from kube_field.usecases.drafts import evaluate_draft, previous_answers, save_draft, the_draft
from kube_field.usecases.finalise import commit_draft, reopen_document
from kube_field.usecases.known import context_of
from kube_field.usecases.papers import PAPER_KINDS, draft_paper
from kube_field.usecases.scoring import score_of_draft
from kube_field.usecases.session import Session
from kube_field.usecases.visits import begin_visit, due_list

CONFIRMED = "_confirmed"
"""Where a draft keeps the reasons for its warnings; no form asks it, so finalising leaves it out of the answers."""
KEY_FIGURES = (
    "business_status",
    "days_open",
    "channels",
    "revenue_idr",
    "cost_idr",
    "profit_idr",
    "revenue_month_idr",
    "profit_month_idr",
    "working_capital_idr",
    "debt_instalment_month_idr",
    "bookkeeping_level",
    "members_active",
    "iks_level",
    "savings_habit",
    "hh_per_capita_idr",
)
"""What the last look sets side by side with the last visit; periods differ, so amounts stand per 30 days too."""
EVIDENCE_KINDS = (Kind.SIGNATURE,)


@dataclass(frozen=True, slots=True)
class _Loaded:
    draft: Draft
    view: ReviewView


class ReviewPresenter:
    """One draft at a time; `open_draft` shows it."""

    def __init__(self, page: ReviewPage, session: Session, tasks: Tasks, navigate: Navigator) -> None:
        self.page, self.session, self.tasks, self.navigate = page, session, tasks, navigate
        self._draft: Draft | None = None
        self._reasons: dict[str, str] = {}
        self._stored_uid = ""
        self._stored_kind: RecordKind | None = None
        page.back_requested.connect(self._back_to_form)
        page.finding_chosen.connect(self._open_finding)
        page.reason_typed.connect(self._keep_reason)
        page.finalise_requested.connect(self.finalise)
        page.print_requested.connect(lambda: navigate.open_document(self._stored_uid))
        page.next_visit_requested.connect(self._take_next_step)
        page.reopen_requested.connect(self.reopen)
        page.done_requested.connect(lambda: navigate.open_page("home"))

    def open_draft(self, draft_uid: str) -> None:
        """Show a draft for the last look."""
        self.tasks.run(lambda: self._load(draft_uid), self._show, self._say)

    def _load(self, draft_uid: str) -> _Loaded:
        draft = the_draft(self.session, draft_uid)
        evaluation = evaluate_draft(self.session, draft=draft)
        kept = draft.answers.get(CONFIRMED)
        reasons = dict(kept) if isinstance(kept, Mapping) else {}
        previous = previous_answers(self.session, draft=draft)
        regions = self.session.reference.regions
        version = _("formulir {version}").format(version=draft.form_version)
        figures = key_figures(evaluation, previous, context_of(self.session, draft))
        view = ReviewView(
            title=head_of(draft),
            place=" · ".join(part for part in (place_of(self.session, draft), version) if part),
            evaluation=evaluation,
            reasons=reasons,
            figures=figures,
            photos=photos_of(evaluation),
            lines=evidence_lines(evaluation, regions),
            sections=() if draft.kind in PAPER_KINDS else answer_sections(evaluation, regions),
            is_document=draft.kind not in EDITABLE_KINDS,
            has_paper=draft.kind in PAPER_KINDS,
            score=self._score_of(draft, evaluation) if draft.kind == RecordKind.VISIT else None,
        )
        return _Loaded(draft, view)

    def _score_of(self, draft: Draft, evaluation: Evaluation) -> ScoreView:
        return score_view(score_of_draft(self.session, draft), notes_of(evaluation.computed))

    def _show(self, loaded: _Loaded) -> None:
        self._draft, self._reasons = loaded.draft, dict(loaded.view.reasons)
        for sha256, thumbnail in self.page.show_review(loaded.view):
            self.tasks.run(partial(self.session.photos.read, sha256), thumbnail.show_bytes, self._say)
        if loaded.view.has_paper:
            self.page.show_paper_message(_("Menyiapkan pratinjau…"))
            self.tasks.run(lambda: self._paper(loaded.draft.uid), self.page.show_paper, self._say_no_paper)

    def _paper(self, draft_uid: str) -> list[QImage]:
        return drawn_pages(draft_paper(self.session, draft_uid=draft_uid))

    def _say_no_paper(self, error: KubeFieldError) -> None:
        self.page.show_paper_message(failure_words(error))

    def _keep_reason(self, key: str, reason: str) -> None:
        draft = self._draft
        if draft is None:
            return
        self._reasons[key] = reason
        answers = {**draft.answers, CONFIRMED: dict(self._reasons)}
        self.tasks.run(lambda: save_draft(self.session, draft=draft, answers=answers), self._kept, self._say)

    def _kept(self, draft: Draft) -> None:
        if self._draft is not None and draft.uid == self._draft.uid:
            self._draft = draft

    def finalise(self) -> None:
        """Store the record, or finalise the document; offline and at once."""
        draft = self._draft
        if draft is None:
            return
        self.page.show_working(True)
        reasons = dict(self._reasons)
        self.tasks.run(
            lambda: commit_draft(self.session, draft_uid=draft.uid, confirmed=reasons), self._show_stored, self._refused
        )

    def _show_stored(self, stored: Record | Fact) -> None:
        self._stored_uid, self._stored_kind = stored.uid, stored.kind
        self._draft = None
        words = _("Akan dikirim saat tersambung.")
        is_document = isinstance(stored, Fact)
        if isinstance(stored, Fact) and stored.number:
            words = _("Nomor {number}. Akan dikirim saat tersambung.").format(number=stored.number)
        self.page.show_result(
            _("Tersimpan di laptop."),
            words,
            is_document=is_document,
            is_visit=stored.kind == RecordKind.VISIT,
            next_text=_("Isi daftar hadir") if stored.kind == RecordKind.TRAINING_EVENT else "",
        )

    def _refused(self, error: KubeFieldError) -> None:
        self.page.show_working(False)
        self._say(error)

    def reopen(self, reason: str) -> None:
        """Turn the document back into a draft, as long as nothing of it was sent."""
        uid = self._stored_uid
        self.tasks.run(
            lambda: reopen_document(self.session, uid=uid, reason=reason),
            lambda draft: self.navigate.open_draft(draft.uid),
            self._say,
        )

    def _take_next_step(self) -> None:
        if self._stored_kind == RecordKind.TRAINING_EVENT:
            self.navigate.open_training(self._stored_uid)
        else:
            self.begin_next_visit()

    def begin_next_visit(self) -> None:
        """Go on with the unit whose visit is most urgent; home when nothing is due."""
        self.tasks.run(self._next_draft, self._go_on, self._say)

    def _next_draft(self) -> Draft | None:
        due = due_list(self.session)
        return begin_visit(self.session, unit_uid=due[0].target_uid) if due else None

    def _go_on(self, draft: Draft | None) -> None:
        if draft is not None:
            self.navigate.open_draft(draft.uid)
            return
        self.navigate.open_page("home")
        self.navigate.notice(_("Tidak ada kunjungan lain yang jatuh tempo."))

    def _back_to_form(self) -> None:
        if self._draft is not None:
            self.navigate.open_draft(self._draft.uid)

    def _open_finding(self, finding: Finding) -> None:
        if self._draft is not None:
            self.navigate.open_question(self._draft.uid, finding.question)

    def _say(self, error: KubeFieldError) -> None:
        self.page.show_failure(failure_words(error))


def key_figures(evaluation: Evaluation, previous: Answers, context: Context) -> tuple[Figure, ...]:
    """The figures that tell how a business does, beside those of last time."""
    wanted = [q for q in evaluation.form.questions() if q.code in KEY_FIGURES and q.code in evaluation.applicable]
    ordered = sorted(wanted, key=lambda question: KEY_FIGURES.index(question.code))
    return tuple(_figure(question, evaluation, previous, context) for question in ordered)


def _figure(question: Question, evaluation: Evaluation, previous: Answers, context: Context) -> Figure:
    if question.compute is not None:
        now, before = evaluation.computed.get(question.code), question.compute(previous, context) if previous else None
    else:
        now, before = evaluation.answers.get(question.code), previous.get(question.code)
    is_money = question.code.endswith("_idr")
    both = isinstance(now, int) and isinstance(before, int) and is_money
    return Figure(
        label=_loss_label(question, now),
        now=_shown(question, now),
        before=_shown(question, before) if previous else "",
        change=percent_change(before, now) if both and isinstance(before, int) and isinstance(now, int) else "",
        is_loss=is_money and isinstance(now, int) and now < 0,
    )


def _loss_label(question: Question, now: Any) -> str:
    if question.code == "profit_idr" and isinstance(now, int):
        return _("Rugi") if now < 0 else _("Laba")
    return _(question.label)


def _shown(question: Question, value: Any) -> str:
    """Short enough to stand beside last time's: levels by their number, several choices by their count."""
    if question.compute is not None:
        return computed_text(question, value)
    if question.kind == Kind.LEVEL and isinstance(value, int):
        return str(value)
    if question.kind == Kind.MANY_OF and isinstance(value, list):
        return str(len([code for code in value if code != NONE]))
    return answer_text(question, value) or "–"


def photos_of(evaluation: Evaluation) -> tuple[tuple[str, str], ...]:
    """(sha256, words) of every photo in the answers."""
    found = []
    for question in evaluation.form.questions():
        value = evaluation.answers.get(question.code)
        if question.kind == Kind.PHOTO and question.code in evaluation.applicable and isinstance(value, list):
            for photo in value:
                words = _(question.choice_label(photo.get("photo_kind"))) if question.choices else _(question.label)
                found.append((str(photo.get("sha256", "")), f"{words} {photo.get('caption') or ''}".strip()))
    return tuple(found)


def evidence_lines(evaluation: Evaluation, regions: Any) -> tuple[tuple[str, str], ...]:
    """Signatures, photos left out with a reason, and the next date, as (label, answer)."""
    lines = []
    for question in evaluation.form.questions():
        value = evaluation.answers.get(question.code)
        waived = isinstance(value, Mapping) and "waived" in value
        wanted = question.kind in EVIDENCE_KINDS or waived or question.code == "next_visit_on"
        if wanted and question.code in evaluation.applicable:
            lines.append((_(question.label), answer_text(question, value, regions) or "–"))
    return tuple(lines)


def answer_sections(evaluation: Evaluation, regions: Any) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Every answer that was given, by section."""
    sections = []
    for section in evaluation.form.sections:
        pairs = tuple(
            (_(question.label), answer_text(question, evaluation.answers.get(question.code), regions))
            for question in section.questions
            if question.code in evaluation.applicable and not is_blank(evaluation.answers.get(question.code))
        )
        if pairs:
            sections.append((_(section.title), pairs))
    return tuple(sections)
