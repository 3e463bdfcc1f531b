"""Tinjau & finalkan: the result first, findings, figures, evidence, the paper, then one decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from gettext import gettext as _
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from kube_field.domain.forms.declaration import Finding, Severity
from kube_field.domain.forms.evaluation import Evaluation
from kube_field.ui.pages.review_panels import AnswersCard, EvidenceCard, Figure, FiguresCard, FindingsCard, ResultPanel
from kube_field.ui.pages.score_card import ScoreCard, ScoreView
from kube_field.ui.texts import missing_words, severity_word
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.buttons import literal, primary_button, secondary_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.chip import ChipLabel
from kube_field.ui.widgets.labels import ElidedLabel, make_label
from kube_field.ui.widgets.notice_bar import NoticeBar
from kube_field.ui.widgets.pdf_preview import PdfPreview
from kube_field.ui.widgets.thumbnail import Thumbnail

REVIEW_WIDTH = 470


@dataclass(frozen=True, slots=True)
class ReviewView:
    """Everything that the page shows; `has_paper` when a PDF will follow."""

    title: str
    place: str
    evaluation: Evaluation
    reasons: Mapping[str, str]
    figures: tuple[Figure, ...] = ()
    photos: tuple[tuple[str, str], ...] = ()
    lines: tuple[tuple[str, str], ...] = ()
    sections: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    is_document: bool = True
    has_paper: bool = False
    score: ScoreView | None = None


class ReviewPage(QWidget):
    """Signals: `back_requested()`, `finding_chosen(Finding)`, `reason_typed(key, reason)`, `finalise_requested()`,
    `print_requested()`, `next_visit_requested()`, `reopen_requested(reason)`, `done_requested()`.
    """

    back_requested = Signal()
    finding_chosen = Signal(object)
    reason_typed = Signal(str, str)
    finalise_requested = Signal()
    print_requested = Signal()
    next_visit_requested = Signal()
    reopen_requested = Signal(str)
    done_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._errors = self._missing = 0
        self._open_warnings: set[str] = set()
        self._build()
        self._connect()

    def _build(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 14, 24, 14)
        box.setSpacing(10)
        self.title_label = ElidedLabel("", "title")
        self.place_label = ElidedLabel("", "muted")
        self.chip = ChipLabel("", Tone.NEUTRAL)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title_label)
        words.addWidget(self.place_label)
        head = QHBoxLayout()
        head.addLayout(words, 1)
        head.addWidget(self.chip)
        self.notice = NoticeBar()
        self.stack = QStackedWidget()
        self.result = ResultPanel()
        self.stack.addWidget(self._make_review())
        self.stack.addWidget(self.result)
        box.addLayout(head)
        box.addWidget(self.notice)
        box.addWidget(self.stack, 1)

    def _make_review(self) -> QWidget:
        review = QWidget()
        review.setObjectName("clear")
        column = QVBoxLayout(review)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        panes = QHBoxLayout()
        panes.setSpacing(16)
        panes.addWidget(self._make_left(), 2 if current_theme().scale > 1.2 else 1)
        self.preview = PdfPreview()
        self.preview.hide_actions()
        self.paper_card = Card(_("Pratinjau laporan"))
        self.paper_card.body.addWidget(self.preview, 1)
        self.answers_area = QScrollArea()
        self.answers_area.setWidgetResizable(True)
        self.answers_card = AnswersCard(_("Isian"))
        self.answers_area.setWidget(self.answers_card)
        panes.addWidget(self.paper_card, 1)
        panes.addWidget(self.answers_area, 1)
        column.addLayout(panes, 1)
        self.back_button = secondary_button(_("Kembali ke formulir"), "back")
        self.state_label = make_label("", "quiet")
        self.finalise_button = primary_button(_("Finalkan"))
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.back_button)
        foot.addStretch(1)
        foot.addWidget(self.state_label)
        foot.addWidget(self.finalise_button)
        column.addLayout(foot)
        return review

    def _make_left(self) -> QWidget:
        self.score_card = ScoreCard()
        self.findings_card = FindingsCard()
        self.figures_card = FiguresCard()
        self.evidence_card = EvidenceCard()
        holder = QWidget()
        holder.setObjectName("scrolled")
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(12)
        for card in (self.score_card, self.findings_card, self.figures_card, self.evidence_card):
            column.addWidget(card)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(holder)
        area.setMinimumWidth(current_theme().px(REVIEW_WIDTH) if current_theme().scale <= 1.2 else 0)
        return area

    def _connect(self) -> None:
        self.back_button.clicked.connect(self.back_requested)
        self.finalise_button.clicked.connect(self.finalise_requested)
        self.findings_card.finding_chosen.connect(self.finding_chosen)
        self.findings_card.reason_typed.connect(self._reason_typed)
        self.result.print_requested.connect(self.print_requested)
        self.result.next_visit_requested.connect(self.next_visit_requested)
        self.result.reopen_requested.connect(self.reopen_requested)
        self.result.done_requested.connect(self.done_requested)

    def show_review(self, view: ReviewView) -> list[tuple[str, Thumbnail]]:
        """Show a draft for the last look; gives the thumbnails that wait for their picture."""
        self.notice.dismiss()
        self.stack.setCurrentIndex(0)
        self.title_label.show_text(view.title)
        self.place_label.show_text(view.place)
        self.score_card.show_score(view.score)
        evaluation = view.evaluation
        warnings = evaluation.of_severity(Severity.PERINGATAN)
        self.findings_card.show_findings(evaluation.errors, warnings, _labeller(evaluation), view.reasons)
        self.figures_card.show_figures(view.figures)
        self.paper_card.setVisible(view.has_paper)
        self.answers_area.setVisible(not view.has_paper)
        self.answers_card.show_sections(view.sections)
        words = _("Finalkan") if view.is_document else _("Simpan")
        self.finalise_button.setText(literal(words))
        self.finalise_button.setAccessibleName(words)
        self._missing = len(evaluation.missing)
        self._errors = len(evaluation.errors) - self._missing
        self._open_warnings = {finding.key for finding in evaluation.unconfirmed(view.reasons)}
        self._show_state()
        self._order_tabs()
        return self.evidence_card.show_evidence(view.photos, view.lines)

    def _order_tabs(self) -> None:
        """The result, findings, the decision: findings are made anew and would stand behind all else in the window."""
        steps = [self.score_card.how_button, *self.findings_card.steps(), self.finalise_button, self.back_button]
        for before, after in pairwise(steps):
            QWidget.setTabOrder(before, after)

    def show_paper(self, pages: Sequence[QImage]) -> None:
        """The paper as it would be printed now."""
        self.preview.show_pages(pages)

    def show_paper_message(self, text: str) -> None:
        """Words instead of the paper."""
        self.preview.show_message(text)

    def show_working(self, working: bool) -> None:
        """While storing, the decision cannot be made twice."""
        self.finalise_button.setEnabled(not working and self._is_ready())

    def show_failure(self, text: str) -> None:
        """What went wrong; it stays until it is closed."""
        self.notice.show_notice(text, critical=True)

    def show_result(self, heading: str, words: str, *, is_document: bool, is_visit: bool, next_text: str = "") -> None:
        """What was stored, and what comes next."""
        self.chip.show_chip(_("Final · menunggu dikirim") if is_document else _("Menunggu dikirim"), Tone.INFO)
        self.stack.setCurrentIndex(1)
        self.result.show_result(heading, words, is_document=is_document, is_visit=is_visit, next_text=next_text)

    def _reason_typed(self, key: str, reason: str) -> None:
        if len(reason) >= 3:
            self._open_warnings.discard(key)
        else:
            self._open_warnings.add(key)
        self._show_state()
        self.reason_typed.emit(key, reason)

    def _is_ready(self) -> bool:
        return self._errors == 0 and self._missing == 0 and not self._open_warnings

    def _show_state(self) -> None:
        self.finalise_button.setEnabled(self._is_ready())
        if self._errors:
            self.chip.show_chip(*severity_word(Severity.GALAT, self._errors))
            self.state_label.setText(
                f"{missing_words(self._missing)}." if self._missing else _("Perbaiki galat dahulu.")
            )
        elif self._missing:
            self.chip.show_chip(missing_words(self._missing), Tone.CRITICAL)
            self.state_label.setText(_("Isi yang masih kosong dahulu."))
        elif self._open_warnings:
            self.chip.show_chip(*severity_word(Severity.PERINGATAN, len(self._open_warnings)))
            self.state_label.setText(_("Tulis alasan untuk setiap peringatan."))
        else:
            self.chip.show_chip(_("Siap"), Tone.GOOD)
            self.state_label.setText("")


def _labeller(evaluation: Evaluation) -> Callable[[Finding], str]:
    def label(finding: Finding) -> str:
        words = _(evaluation.form.question(finding.question).label)
        return words if finding.row is None else _("{label}, baris {n}").format(label=words, n=finding.row + 1)

    return label
