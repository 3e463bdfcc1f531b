"""Joins a form page, the drafts and the task runner: judges while one types, saves by itself, leads to the review."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from gettext import gettext as _
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer

from kube_field.domain.document_state import Chip, ChipState
from kube_field.domain.forms.consent import PDP_CONTACT
from kube_field.domain.forms.declaration import Form
from kube_field.domain.forms.evaluation import Evaluation
from kube_field.domain.identifiers import check_nik, nik_birth_date, nik_sex
from kube_field.domain.records import EDITABLE_KINDS, Answers, Draft, RecordKind
from kube_field.errors import KubeFieldError
from kube_field.ui.formats import instant_clock
from kube_field.ui.forms.editor import Deliver, Option, Surroundings
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.form_page import FormPage
from kube_field.ui.tasks import Tasks
from kube_field.ui.texts import chip_text
from kube_field.usecases.discarding import leave_untouched, may_discard, put_back, throw_away
from kube_field.usecases.drafts import evaluate_draft, form_of, previous_answers, subject_name, the_draft
from kube_field.usecases.drafts import save_draft as store_draft
from kube_field.usecases.editing import changed_meanwhile
from kube_field.usecases.parents import reference_name, village_of
from kube_field.usecases.photos import add_photo
from kube_field.usecases.record_search import find_records
from kube_field.usecases.reviews import notes_for
from kube_field.usecases.session import Session

IDLE_MS, LONGEST_MS, RETRY_MS, EVALUATE_MS = 2000, 5000, 5000, 60
"""Saved 2 s after the last key, at most 5 s after the first unsaved one (security design 3.2)."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to wait, in milliseconds; tests make it short."""

    idle_ms: int = IDLE_MS
    longest_ms: int = LONGEST_MS
    retry_ms: int = RETRY_MS
    evaluate_ms: int = EVALUATE_MS


@dataclass(frozen=True, slots=True)
class _Opened:
    draft: Draft
    form: Form
    previous: Answers
    evaluation: Evaluation
    place: str
    contact: str
    notes: Mapping[str, str]


class FormPresenter(QObject):
    """One form at a time; `open_draft` shows it, `flush` stores what was typed, `close` before it goes."""

    def __init__(
        self, page: FormPage, session: Session, tasks: Tasks, navigate: Navigator, *, pace: Pace | None = None
    ) -> None:
        super().__init__(page)
        self.page, self.session, self.tasks, self.navigate = page, session, tasks, navigate
        self.pace = pace or Pace()
        self._draft: Draft | None = None
        self._contact = ""
        self._typed = 0
        self._stored = 0
        self._saving = False
        self._is_left = False
        self._after_save: list[Callable[[], None]] = []
        self._evaluating = False
        self._evaluate_again = False
        self._idle = self._timer(self.pace.idle_ms, self.flush)
        self._longest = self._timer(self.pace.longest_ms, self.flush)
        self._retry = self._timer(self.pace.retry_ms, self.flush)
        self._evaluate_soon = self._timer(self.pace.evaluate_ms, self._evaluate)
        self._connect()

    def _timer(self, interval: int, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval)
        timer.timeout.connect(act)
        return timer

    def _connect(self) -> None:
        self.page.answer_changed.connect(self._on_answer_changed)
        self.page.field_left.connect(self._on_field_left)
        self.page.section_shown.connect(lambda _code: self.flush())
        self.page.left.connect(self.flush)
        self.page.save_again_requested.connect(self.flush)
        self.page.review_requested.connect(self.review)
        self.page.discard_requested.connect(self.discard)

    # Opening

    def open_draft(self, draft_uid: str, *, at: str = "") -> None:
        """Show a draft; `at` is a question to begin with."""
        self.flush()
        if self._draft is not None and self._draft.uid != draft_uid:
            self.leave()
        self.tasks.run(lambda: self._load(draft_uid), lambda opened: self._show(opened, at), self._say)

    def _load(self, draft_uid: str) -> _Opened:
        draft = the_draft(self.session, draft_uid)
        evaluation = evaluate_draft(self.session, draft=draft)
        place = place_of(self.session, draft)
        contact = self.session.store.setting(PDP_CONTACT)
        previous, notes = previous_answers(self.session, draft=draft), notes_for(self.session, draft)
        return _Opened(draft, form_of(draft), previous, evaluation, place, contact, notes)

    def _show(self, opened: _Opened, at: str) -> None:
        self._draft, self._contact, self._is_left = opened.draft, opened.contact, False
        self._typed = self._stored = 0
        last_step = _("Tinjau & simpan") if opened.draft.kind in EDITABLE_KINDS else _("Tinjau & finalkan")
        version = _("formulir {version}").format(version=opened.draft.form_version)
        self.page.show_head(
            head_of(opened.draft),
            " · ".join(part for part in (opened.place, version) if part),
            last_step,
            may_discard=may_discard(opened.draft),
        )
        answers = opened.evaluation.answers
        self.page.show_form(opened.form, self.surroundings(), answers, opened.previous, opened.notes)
        self._show_evaluation(opened.evaluation)
        self.page.show_saved(instant_clock(opened.draft.updated_at))
        if at and self.page.form_view is not None:
            self.page.form_view.open_question(at)
        elif self.page.hasFocus():
            self.page.begin_typing()

    def tell_news(self) -> None:
        """Say in a bar when the record that is being edited came anew from the server; what is typed stays."""
        draft = self._draft
        if draft is None or self._is_left or draft.kind not in EDITABLE_KINDS:
            return

        def tell(changed: bool) -> None:
            if changed and self._draft is not None and self._draft.uid == draft.uid and self.page.notice.isHidden():
                self.page.notice.show_notice(
                    _("Ada pembaruan dari server untuk data ini. Isian Anda tetap seperti adanya."),
                    _("Lihat"),
                    lambda: self.navigate.open_profile(draft.kind, draft.record_uid),
                )

        self.tasks.run(lambda: changed_meanwhile(self.session, draft), tell, self._say)

    def surroundings(self) -> Surroundings:
        """What the editors may ask of this laptop."""
        return Surroundings(
            today=self.session.today(),
            clock=self.session.today,
            new_id=self.session.wiring.new_id,
            regions=self.session.reference.regions,
            areas=self.session.officer.areas,
            find_records=self._find_records,
            add_photo=self._add_photo,
            read_photo=self._read_photo,
            propose_signer=self._propose_signer,
            extras={PDP_CONTACT: self._contact},
        )

    def _propose_signer(self, code: str) -> str:
        view = self.page.form_view
        return signer_of(code, view.answers() if view is not None else {}, self.session.officer.name)

    # Typing and saving

    def _on_answer_changed(self, _code: str) -> None:
        if not self._longest.isActive():  # also while a save is under way: what is typed now is not in it
            self._longest.start()
        self._typed += 1
        self._idle.start()
        self.page.show_unsaved()
        self._evaluate_soon.start()

    def _on_field_left(self, code: str) -> None:
        view = self.page.form_view
        if code == "nik" and view is not None:
            for proposed, value in proposals_from_nik(view.answers(), self.session.today()).items():
                view.set_answer(proposed, value)
        self.flush()

    def is_stored(self) -> bool:
        """True when everything that was typed is stored durably."""
        return self._typed == self._stored

    def flush(self, then: Callable[[], None] | None = None) -> None:
        """Store what was typed, if anything; `then` is called once all of it is stored."""
        if then is not None:
            self._after_save.append(then)
        self._idle.stop()
        self._longest.stop()
        draft, view = self._draft, self.page.form_view
        if draft is None or view is None or self.is_stored():
            self._run_waiting()
            return
        if self._saving:
            return
        self._saving = True
        answers, typed = view.answers(), self._typed
        self.tasks.run(
            lambda: store_draft(self.session, draft=draft, answers=answers),
            lambda saved: self._on_saved(saved, typed),
            self._on_save_failed,
        )

    def _on_saved(self, saved: Draft, typed: int) -> None:
        self._saving = False
        self._retry.stop()
        if self._draft is None or saved.uid != self._draft.uid:
            return
        self._draft = saved
        self._stored = typed
        self.page.show_saved(instant_clock(saved.updated_at))
        if self.is_stored():
            self._run_waiting()
        else:
            self.page.show_unsaved()
            self.flush() if self._after_save else self._idle.start()

    def _on_save_failed(self, error: KubeFieldError) -> None:
        self._saving = False
        self._after_save.clear()
        self.page.show_save_failure(error.sentence, error.action)
        self._retry.start()

    def _run_waiting(self) -> None:
        waiting, self._after_save = self._after_save, []
        for act in waiting:
            act()

    def close(self) -> None:
        """Store what is left and stop all timers."""
        self.flush()
        for timer in (self._idle, self._longest, self._retry, self._evaluate_soon):
            timer.stop()

    # Drafts that nobody wants

    def leave(self) -> None:
        """The form is left: a draft in which nothing was typed goes quietly."""
        draft = self._draft
        if draft is None or not self.is_stored():
            return
        self._is_left = True

        def gone(was_removed: bool) -> None:
            if not was_removed:
                return
            if not self._is_left and self._draft is draft:
                self.tasks.run(lambda: put_back(self.session, draft=draft), None, self._say)
                return
            if self._draft is draft:
                self._draft = None
            self.navigate.forget_form()

        self.tasks.run(lambda: leave_untouched(self.session, draft_uid=draft.uid), gone, self._say)

    def come_back(self) -> None:
        """The same form is on view again; an untouched draft that is about to go is put back."""
        self._is_left = False

    def discard(self) -> None:
        """Throw the draft away, whatever was typed, and go back; for 10 seconds it can be put back."""
        draft = self._draft
        if draft is None:
            return
        work = partial(throw_away, self.session, draft_uid=draft.uid)

        def throw() -> None:
            self.tasks.run(work, self._gone, self._say)

        self.flush(throw)

    def _gone(self, draft: Draft) -> None:
        self._draft = None
        self._evaluate_soon.stop()
        self.navigate.forget_form()
        self.navigate.back()
        self.navigate.notice(_("Draf dibuang."), _("Urungkan"), lambda: self._put_back(draft))

    def _put_back(self, draft: Draft) -> None:
        self.tasks.run(
            lambda: put_back(self.session, draft=draft), lambda there: self.navigate.open_draft(there.uid), self._say
        )

    def review(self) -> None:
        """Store, then go to Tinjau & finalkan."""
        draft = self._draft
        if draft is not None:
            self.flush(lambda: self.navigate.open_review(draft.uid))

    # Judging

    def _evaluate(self) -> None:
        draft, view = self._draft, self.page.form_view
        if draft is None or view is None:
            return
        if self._evaluating:
            self._evaluate_again = True
            return
        self._evaluating = True
        typed = replace(draft, answers=view.answers())
        self.tasks.run(lambda: evaluate_draft(self.session, draft=typed), self._on_evaluated, self._on_not_evaluated)

    def _on_evaluated(self, evaluation: Evaluation) -> None:
        self._evaluating = False
        self._show_evaluation(evaluation)
        if self._evaluate_again:
            self._evaluate_again = False
            self._evaluate()

    def _on_not_evaluated(self, error: KubeFieldError) -> None:
        self._evaluating = False
        self._say(error)

    def _show_evaluation(self, evaluation: Evaluation) -> None:
        self.page.show_evaluation(evaluation)
        self.page.show_chip(*chip_text(Chip(ChipState.DRAFT, missing=len(evaluation.missing))))

    # What editors ask

    def _find_records(self, kind: RecordKind, text: str, deliver: Deliver) -> None:
        self.tasks.run(
            lambda: find_records(self.session, kind=kind, text=text),
            lambda hits: deliver([Option({"uid": hit.uid, "name": hit.title}, hit.title, hit.detail) for hit in hits]),
            self._say,
        )

    def _add_photo(self, path: Path, done: Callable[[Mapping[str, Any]], None], failed: Callable[[str], None]) -> None:
        self.tasks.run(
            lambda: add_photo(self.session, path=path), done, lambda error: failed(f"{error.sentence} {error.action}")
        )

    def _read_photo(self, sha256: str, deliver: Callable[[bytes | None], None]) -> None:
        self.tasks.run(lambda: self.session.photos.read(sha256), deliver, self._say)

    def _say(self, error: KubeFieldError) -> None:
        self.navigate.notice(f"{error.sentence} {error.action}".strip())


def head_of(draft: Draft) -> str:
    """The title over a form: which visit of whom, or the form and the name."""
    number, name = draft.answers.get("visit_no"), subject_name(draft.answers)
    if draft.kind == RecordKind.VISIT and isinstance(number, int):
        return " · ".join(part for part in (_("Kunjungan ke-{n}").format(n=number), name) if part)
    return draft.title.replace(": ", " · ", 1)


def place_of(session: Session, draft: Draft) -> str:
    """Desa, kecamatan and kabupaten of whom a draft is about; "" when they are not known."""
    village, regions = village_of(session, draft.answers), session.reference.regions
    return str(regions.full_name(village)) if village and regions.village(village) is not None else ""


SIGNERS: Mapping[str, tuple[str, ...]] = {
    "signature_staff": ("handed_by",),
    "signature_recipient": ("met_names", "received_by"),
    "signature_respondent": ("respondent",),
    "signature_witness_1": ("witness_1",),
    "signature_witness_2": ("witness_2",),
}
"""Questions that name who signs."""


def signer_of(code: str, answers: Answers, officer: str) -> str:
    """Who will probably sign: whom the form names, unless it names several people; else the officer for the office."""
    for source in SIGNERS.get(code, ()):
        value = answers.get(source)
        name = value if isinstance(value, str) else reference_name(value)
        if name:
            return name.strip() if "," not in name else ""
    return officer if code == "signature_staff" else ""


def proposals_from_nik(answers: Answers, today: date) -> dict[str, str]:
    """Birth date and sex as the NIK tells them, for what is still blank (handbook 3.1, "Prefill")."""
    nik = answers.get("nik")
    if not isinstance(nik, str) or check_nik(nik, today=today).verdict != "ok":
        return {}
    born = nik_birth_date(nik, today)
    told = {"birth_date": born.isoformat() if born is not None else "", "sex": nik_sex(nik)}
    return {code: value for code, value in told.items() if value and code not in answers}
