"""A finished document, to be read: answers by section, state, revisions, and its paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from gettext import gettext as _

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from kube_field.domain.document_state import Chip
from kube_field.domain.forms.review import ACCEPTED, RETURNED, VOID
from kube_field.ui.forms.editor import Surroundings
from kube_field.ui.pages.membership_panel import MembershipPanel
from kube_field.ui.pages.noted_sections import NotedSections
from kube_field.ui.pages.page_frame import PageFrame
from kube_field.ui.pages.referral_panel import status_questions
from kube_field.ui.texts import chip_text
from kube_field.ui.widgets.buttons import primary_button, quiet_button, secondary_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.chip import ChipLabel
from kube_field.ui.widgets.labels import make_label
from kube_field.ui.widgets.pdf_preview import PdfPreview
from kube_field.ui.widgets.progress_line import ProgressLine
from kube_field.ui.widgets.reason_panel import ReasonPanel
from kube_field.usecases.answer_text import AnswerLine


@dataclass(frozen=True, slots=True)
class DocumentView:
    """What the page shows. `revisions` are (uid, words), newest first; `can_reopen` until a transport had it.

    `photos_elsewhere` photos lie on the server only. `decisions` may be taken by who sits here; `notes` (by question
    code) and `said` are those of the newest review; `waiting` other documents wait for this supervisor. `story` tells
    what became of a referral, newest first; `may_follow` while it goes on. `has_book`: a cash book can be printed too.
    """

    uid: str
    title: str
    subtitle: str
    chip: Chip
    sections: Sequence[tuple[str, Sequence[AnswerLine]]]
    revisions: Sequence[tuple[str, str]] = ()
    can_reopen: bool = False
    can_correct: bool = False
    correct_words: str = ""
    asks_why_accepted: bool = False
    story: Sequence[str] = ()
    may_follow: bool = False
    has_paper: bool = True
    has_book: bool = False
    photos_elsewhere: int = 0
    decisions: Sequence[str] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    said: str = ""
    is_returned: bool = False
    waiting: int = 0


class DocumentPage(PageFrame):
    """A document that nobody can change here.

    Signals: reopen_requested(uid, reason), correction_requested(uid, reason), revision_chosen(uid),
    print_requested(uid), save_requested(uid), photos_requested(uid), review_requested(uid, decision, reason, notes),
    next_requested(uid), status_given(uid, answers), paper_chosen(uid) when the other one of its papers shall show.
    """

    reopen_requested = Signal(str, str)
    correction_requested = Signal(str, str)
    revision_chosen = Signal(str)
    print_requested = Signal(str)
    save_requested = Signal(str)
    photos_requested = Signal(str)
    review_requested = Signal(str, str, str, object)
    next_requested = Signal(str)
    status_given = Signal(str, object)
    paper_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, heading_lines=2)
        self._view: DocumentView | None = None
        self._photos_left = 0
        self._build()
        self._connect()

    def _build(self) -> None:
        self._chip = ChipLabel()
        self._revisions = QComboBox()
        self._revisions.setAccessibleName(_("Revisi"))
        self._reopen = secondary_button(_("Buka kembali"), "undo")
        self._correct = secondary_button(_("Ajukan koreksi"), "edit")
        self.follow = secondary_button(_("Catat perkembangan"), "edit")
        self.book = secondary_button(_("Buku kas"))
        self.book.setCheckable(True)
        for widget in (self._chip, self._revisions, self.book, self._reopen, self._correct, self.follow):
            self.action_row.addWidget(widget)
        self._build_fetching()
        self.reason = ReasonPanel()
        self.body.addWidget(self.reason)
        self._asking = QVBoxLayout()
        self.body.addLayout(self._asking)
        self.status: MembershipPanel | None = None
        self._build_content()
        self.body.addWidget(self._make_desk())

    def _build_fetching(self) -> None:
        """The line that offers what the server has of the photos."""
        self._elsewhere = make_label("", "muted", wraps=True)
        self.fetch = secondary_button(_("Unduh foto"), "photo")
        offer = QHBoxLayout()
        offer.addWidget(self._elsewhere, 1)
        offer.addWidget(self.fetch)
        self.body.addLayout(offer)
        self.fetching = ProgressLine(_("Unduh foto"))
        self.body.addWidget(self.fetching)

    def _build_content(self) -> None:
        """What was answered beside the paper that it makes."""
        self.answers = NotedSections(_("Dokumen ini tidak berisi jawaban."))
        left = Card(_("Isi dokumen"))
        self._story_title = make_label(_("Perkembangan rujukan"), "heading")
        self.story = make_label("", wraps=True)
        left.body.addWidget(self.answers, 1)
        left.body.addWidget(self._story_title)
        left.body.addWidget(self.story)
        self.preview = PdfPreview()
        self._paper = Card()
        self._paper.body.addWidget(self.preview, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(16)
        split.addWidget(left)
        split.addWidget(self._paper)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 1)
        split.setSizes([500, 600])
        self.body.addWidget(split, 1)

    def equip(self, around: Surroundings) -> None:
        """Build the panel that asks how a referral stands."""
        self.status = MembershipPanel(status_questions(), _("Simpan"), around)
        self._asking.addWidget(self.status)
        self.status.given.connect(self.status_given)

    def _make_desk(self) -> QWidget:
        """What a supervisor may say, at the foot of the page."""
        self._decide = {
            VOID: quiet_button(_("Batalkan dokumen")),
            RETURNED: secondary_button(_("Kembalikan"), "undo"),
            ACCEPTED: primary_button(_("Setujui")),
        }
        self.next = secondary_button("")
        self._desk = QWidget()
        self._desk.setObjectName("clear")
        line = QHBoxLayout(self._desk)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.next)
        line.addStretch(1)
        for button in self._decide.values():
            line.addWidget(button)
        return self._desk

    def _connect(self) -> None:
        self._reopen.clicked.connect(self._ask_reopen)
        self._correct.clicked.connect(self._ask_correct)
        self.reason.given.connect(self._on_reason)
        self.follow.clicked.connect(self._ask_status)
        self._revisions.activated.connect(self._on_revision)
        for decision, button in self._decide.items():
            button.clicked.connect(lambda _on=False, one=decision: self._ask_review(one))
        self.answers.notes_changed.connect(self._count_notes)
        self.next.clicked.connect(lambda: self._emit_uid(self.next_requested))
        self.book.clicked.connect(lambda: self._emit_uid(self.paper_chosen))
        self.fetch.clicked.connect(lambda: self._emit_uid(self.photos_requested))
        self.preview.print_requested.connect(lambda: self._emit_uid(self.print_requested))
        self.preview.save_requested.connect(lambda: self._emit_uid(self.save_requested))

    def show_document(self, view: DocumentView) -> None:
        """Show a document; its pages come with `show_pages`."""
        self._view = view
        self.show_title(view.title, view.subtitle)
        self._chip.show_chip(*chip_text(view.chip))
        self.answers.show_answers(view.sections, view.notes, writes=RETURNED in view.decisions)
        self._revisions.clear()
        for uid, words in view.revisions:
            self._revisions.addItem(words, uid)
        self._revisions.setCurrentIndex(max(0, self._revisions.findData(view.uid)))
        self._revisions.setVisible(len(view.revisions) > 1)
        self._reopen.setVisible(view.can_reopen)
        self._correct.setVisible(view.can_correct)
        self.follow.setVisible(view.may_follow)
        if self.status is not None:
            self.status.hide()
        self.story.setText("\n".join(view.story))
        for widget in (self._story_title, self.story):
            widget.setVisible(bool(view.story))
        self.show_photos_left(view.uid, view.photos_elsewhere)
        for decision, button in self._decide.items():
            button.setVisible(decision in view.decisions)
        self._count_notes()
        self.next.setVisible(view.waiting > 0)
        self._desk.setVisible(bool(view.decisions or view.waiting))
        self.next.setText(_("Berikutnya ({n})").format(n=view.waiting))
        self._paper.setVisible(view.has_paper)
        self.book.setVisible(view.has_book)
        self.book.setChecked(False)
        self.preview.show_message(_("Menyiapkan pratinjau…"))
        self.reason.hide()
        if not view.said:
            self.hide_notice()
        elif view.is_returned:
            self.show_problem(view.said)
        else:
            self.show_notice(view.said)

    def show_pages(self, uid: str, images: Sequence[QImage]) -> None:
        """Show the paper's pages, unless another document was opened meanwhile."""
        if self._view is not None and self._view.uid == uid:
            self.preview.show_pages(images)

    def shows(self, uid: str) -> bool:
        """True while this document is on view and has a paper."""
        return self._view is not None and self._view.uid == uid and self._view.has_paper

    def show_fetching(self, goes_on: bool) -> None:
        """Photos are on their way, or no longer."""
        self.fetching.setVisible(goes_on)
        for widget in (self._elsewhere, self.fetch):
            widget.setVisible(self._photos_left > 0 and not goes_on)

    def show_photos_left(self, uid: str, count: int) -> None:
        """Offer to bring the photos that still lie elsewhere, unless another document was opened meanwhile."""
        if self._view is not None and self._view.uid == uid:
            self._photos_left = count
            self._elsewhere.setText(_("{n} foto dokumen ini ada di server, belum di laptop ini.").format(n=count))
            self.show_fetching(not self.fetching.isHidden())

    def show_no_pages(self, uid: str, words: str) -> None:
        """Say why there is no preview."""
        if self._view is not None and self._view.uid == uid:
            self.preview.show_message(words)

    def _emit_uid(self, signal: SignalInstance) -> None:
        if self._view is not None:
            signal.emit(self._view.uid)

    def _ask_reopen(self) -> None:
        self.reason.ask(
            "reopen", _("Mengapa dokumen ini dibuka kembali? Dokumen menjadi draf lagi."), _("Buka kembali")
        )

    def _ask_status(self) -> None:
        if self._view is not None and self.status is not None:
            self.status.ask_about(self._view.uid, _("Bagaimana keadaan rujukan ini?"), "changed_on")

    def _ask_correct(self) -> None:
        returned = self._view is not None and self._view.is_returned
        self.reason.ask(
            "correct",
            self._view.correct_words if self._view is not None else "",
            _("Ajukan koreksi"),
            reason=_("Diperbaiki sesuai catatan penyelia") if returned else "",
        )

    def _ask_review(self, decision: str) -> None:
        if decision == ACCEPTED and self._view is not None and self._view.asks_why_accepted:
            self.reason.ask(
                decision, _("Mengapa graduasi ini disetujui? Alasan dicatat dengan keputusan."), _("Setujui")
            )
        elif decision == ACCEPTED:
            self._on_reason(decision, "")
        elif decision == RETURNED:
            notes = len(self.answers.notes())
            question = (
                _("{n} catatan ikut dikirim. Tulis pesan singkat untuk petugas.").format(n=notes)
                if notes
                else _("Apa yang harus diperbaiki petugas? Catatan per isian dapat ditulis di bawah.")
            )
            self.reason.ask(decision, question, _("Kembalikan"))
        else:
            question = _("Mengapa dokumen ini dibatalkan? Dokumen tetap tersimpan, tetapi tidak dihitung.")
            self.reason.ask(decision, question, _("Batalkan dokumen"))

    def _count_notes(self) -> None:
        """Whoever wrote notes returns the document; it is not accepted with them by a slip."""
        notes = self.answers.notes()
        words = _("Kembalikan ({n} catatan)").format(n=len(notes)) if notes else _("Kembalikan")
        self._decide[RETURNED].setText(words)
        self._decide[ACCEPTED].setEnabled(not notes)

    def _on_reason(self, key: str, reason: str) -> None:
        if self._view is None:
            return
        if key in self._decide:
            self.review_requested.emit(self._view.uid, key, reason, self.answers.notes())
            return
        signal = self.reopen_requested if key == "reopen" else self.correction_requested
        signal.emit(self._view.uid, reason)

    def _on_revision(self, at: int) -> None:
        uid = str(self._revisions.itemData(at))
        if self._view is not None and uid != self._view.uid:
            self.revision_chosen.emit(uid)
