"""A finished document: shown, printed, reopened while it is still here, corrected once it is gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from gettext import gettext as _
from typing import Any

from kube_field.domain.document_state import chip_of
from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.referral import CLOSED
from kube_field.domain.forms.review import ACCEPTED, RETURNED, VOID
from kube_field.domain.records import NEVER_REVISED, Fact, RecordKind
from kube_field.ui.formats import short_date, wita_text
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.document_page import DocumentPage, DocumentView
from kube_field.ui.presenters.editing_world import surroundings
from kube_field.ui.presenters.page_presenter import PagePresenter, failure_words
from kube_field.ui.presenters.paper_desk import PaperDesk
from kube_field.ui.presenters.paper_output import PaperOutput
from kube_field.ui.presenters.photo_download import PhotoDownload
from kube_field.ui.tasks import Tasks
from kube_field.ui.texts import kind_words
from kube_field.usecases.answer_text import answered_sections
from kube_field.usecases.corrections import begin_correction
from kube_field.usecases.documents import document, may_reopen, revisions, standing
from kube_field.usecases.drafts import subject_name
from kube_field.usecases.finalise import reopen_document
from kube_field.usecases.papers import PAPER_KINDS, cash_book_paper, document_paper, has_cash_book
from kube_field.usecases.photos import photos_elsewhere
from kube_field.usecases.referral_standing import status_of
from kube_field.usecases.referrals import change_status, story_of
from kube_field.usecases.reviews import Review, decisions_open, documents_to_review, review_document, review_of
from kube_field.usecases.session import Session
from kube_field.usecases.views import TimelineItem


class DocumentPresenter(PagePresenter):
    """Presenter of DocumentPage; call `open` with a document's uid."""

    def __init__(
        self,
        page: DocumentPage,
        session: Session,
        tasks: Tasks,
        navigate: Navigator,
        output: PaperOutput | None = None,
    ) -> None:
        super().__init__(page, session, tasks, navigate)
        self.page = page
        self._desk = PaperDesk(self, output or PaperOutput())
        self.photos = PhotoDownload(page, session, tasks, self._with_photos)
        self._title = ""
        page.equip(surroundings(session, tasks, self.show_failure))
        page.status_given.connect(self._follow)
        page.reopen_requested.connect(self._reopen)
        page.correction_requested.connect(self._correct)
        page.revision_chosen.connect(self.open)
        page.photos_requested.connect(lambda uid: self.photos.begin(uid, self.show_failure))
        page.review_requested.connect(self._review)
        page.next_requested.connect(self._open_next)
        page.print_requested.connect(lambda uid: self._desk.print(self._paper(uid)))
        page.save_requested.connect(lambda uid: self._desk.save(self._paper(uid), self._file_name()))
        page.paper_chosen.connect(self._preview)

    def open(self, uid: str) -> None:
        """Show a document; its paper follows."""
        self.ask(lambda: document_view(self.session, uid), self._show)

    def _show(self, view: DocumentView) -> None:
        self._title = view.title
        self.page.show_document(view)
        if view.has_paper:
            self._preview(view.uid)

    def _preview(self, uid: str) -> None:
        self._desk.preview(
            self._paper(uid, printed=False),
            lambda images: self.page.show_pages(uid, images),
            lambda error: self.page.show_no_pages(uid, failure_words(error)),
        )

    def _paper(self, uid: str, *, printed: bool = True) -> Callable[[], bytes]:
        """How the paper on view is made: the document's own, or the cash book that goes with it."""
        make = cash_book_paper if self.page.book.isChecked() else document_paper
        return lambda: make(self.session, uid=uid, printed=printed)

    def _file_name(self) -> str:
        return f"{_('Buku kas')} · {self._title}" if self.page.book.isChecked() else self._title

    def _review(self, uid: str, decision: str, reason: str, notes: Mapping[str, str]) -> None:
        def reviewed() -> Fact:
            return review_document(self.session, uid=uid, decision=decision, notes=notes, reason=reason)

        self.ask(reviewed, lambda _fact: self.open(uid))

    def _open_next(self, uid: str) -> None:
        """The document of somebody else that waits longest."""

        def following() -> str:
            return next((row.uid for row in documents_to_review(self.session) if row.uid != uid), uid)

        self.ask(following, self.open)

    def _with_photos(self, uid: str) -> None:
        """Photos came: the paper is drawn anew; what a supervisor writes beside the answers stays."""
        if self.page.shows(uid):
            self._preview(uid)

    def _follow(self, uid: str, answers: Mapping[str, Any]) -> None:
        self.ask(lambda: change_status(self.session, uid=uid, answers=answers), lambda _fact: self.open(uid))

    def _reopen(self, uid: str, reason: str) -> None:
        self.ask(
            lambda: reopen_document(self.session, uid=uid, reason=reason),
            lambda draft: self.navigate.open_draft(draft.uid),
        )

    def _correct(self, uid: str, reason: str) -> None:
        self.ask(
            lambda: begin_correction(self.session, uid=uid, reason=reason),
            lambda draft: self.navigate.open_draft(draft.uid),
        )


def document_view(session: Session, uid: str) -> DocumentView:
    """Everything that the page shows about one revision.

    Raises: KubeFieldError VALIDATION when the document is not on this laptop.
    """
    fact = document(session, uid=uid)
    every = sorted(revisions(session, uid=uid), key=lambda one: one.revision, reverse=True)
    is_newest = every[0].uid == uid
    review, decisions = review_of(session, uid=uid), decisions_open(session, uid=uid)
    reopens = is_newest and may_reopen(session, uid=uid)
    return DocumentView(
        uid=uid,
        title=_title(fact),
        subtitle=_subtitle(fact),
        chip=chip_of(standing(session, uid=uid)),
        sections=answered_sections(form(fact.kind, fact.form_version), fact.answers, session.reference, with_rows=True),
        revisions=[
            (one.uid, _("Revisi {n} · {day}").format(n=one.revision, day=wita_text(one.finalised_at))) for one in every
        ],
        can_reopen=reopens,
        can_correct=_may_correct(fact, review) and is_newest and not reopens and not decisions,
        story=[_story_line(item) for item in story_of(session, fact)] if fact.kind == RecordKind.REFERRAL else (),
        may_follow=fact.kind == RecordKind.REFERRAL and is_newest and status_of(session, fact) not in CLOSED,
        asks_why_accepted=fact.kind == RecordKind.GRADUATION,
        correct_words=_correct_words(fact),
        has_paper=fact.kind in PAPER_KINDS,
        has_book=fact.kind == RecordKind.VISIT and has_cash_book(fact),
        photos_elsewhere=photos_elsewhere(session, uid=uid),
        decisions=decisions,
        notes=review.notes if review else {},
        said=_said(review) if review else "",
        is_returned=is_newest and review is not None and review.decision == RETURNED,
        waiting=sum(row.uid != uid for row in documents_to_review(session)),
    )


def _said(review: Review) -> str:
    words = {
        ACCEPTED: _("Disetujui oleh {name}, {at}."),
        RETURNED: _("Dikembalikan oleh {name}, {at}."),
        VOID: _("Dibatalkan oleh {name}, {at}. Dokumen ini tidak dihitung."),
    }
    told = words.get(review.decision, words[RETURNED]).format(name=review.by, at=wita_text(review.at))
    return f"{told} {review.reason}".strip()


def _story_line(item: TimelineItem) -> str:
    return " · ".join(part for part in (short_date(item.at), item.what, item.detail) if part)


def _may_correct(fact: Fact, review: Review | None) -> bool:
    """A proposal of graduation is made again only when it came back; everything else may be corrected."""
    return fact.kind != RecordKind.GRADUATION or (review is not None and review.decision == RETURNED)


def _correct_words(fact: Fact) -> str:
    if fact.kind == RecordKind.GRADUATION:
        return _("Usulan baru dibuat dengan isian yang sama; usulan lama tetap tersimpan.")
    if fact.kind in NEVER_REVISED:
        return _("Apa yang keliru? Berita acara perubahan dibuat; yang lama berlaku sampai perubahan itu disetujui.")
    return _("Apa yang dikoreksi? Revisi baru dibuat; dokumen yang lama tetap tersimpan.")


def _title(fact: Fact) -> str:
    kind = kind_words()[fact.kind]
    if fact.kind == RecordKind.VISIT and isinstance(fact.answers.get("visit_no"), int):
        kind = _("Kunjungan ke-{n}").format(n=fact.answers["visit_no"])
    name = subject_name(fact.answers)
    return f"{kind} · {name}" if name else kind


def _subtitle(fact: Fact) -> str:
    parts = (
        short_date(fact.occurred_on) if fact.occurred_on else "",
        fact.number,
        _("revisi {n}").format(n=fact.revision) if fact.revision > 1 else "",
        _("difinalkan {at} oleh {name}").format(at=wita_text(fact.finalised_at), name=fact.author_name),
    )
    return " · ".join(part for part in parts if part)
