"""Kas usaha: weeks and states on the left, the notebook's photo and what goes into the form on the right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from gettext import gettext as _
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from kube_field.domain.forms.cash_book import PERIOD, WEEKS, cash_book
from kube_field.domain.forms.declaration import Finding, Question, Section
from kube_field.domain.forms.evaluation import Evaluation
from kube_field.domain.records import Answers
from kube_field.ui.forms.book_photos import BookPhotos
from kube_field.ui.forms.editor import Surroundings
from kube_field.ui.forms.question_row import QuestionRow
from kube_field.ui.forms.section_view import SectionView
from kube_field.ui.forms.transfer_list import TransferList, result_words
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import primary_button
from kube_field.ui.widgets.labels import ElidedLabel, set_role

PHOTOS = "book_photo"
IN_A_LINE = 3
RIGHT_WIDTH, SIDE_BY_SIDE_FROM = 400, 1040


class CashBookView(SectionView):
    """Signals: `transfer_wanted(codes)`, `photo_added(photo)`."""

    transfer_wanted = Signal(list)
    photo_added = Signal(dict)

    def __init__(self, section: Section, around: Surroundings, parent: QWidget | None = None) -> None:
        self.photos = BookPhotos(around)
        self.transfer = TransferList()
        self.side = QStackedWidget()
        self._is_fresh = True
        self.columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.result = ElidedLabel("", "strong")
        self.result_button = primary_button(_("Lihat hasil"), "forward")
        super().__init__(section, around, parent)
        self.photos.added.connect(self.photo_added)
        self.transfer.wanted.connect(self.transfer_wanted)
        self.result_button.clicked.connect(self.show_result)
        self.transfer.photo_button.clicked.connect(self.show_photos)

    def _make_row(self, question: Question, around: Surroundings, *, compact: bool) -> QuestionRow:
        row = QuestionRow(question, around, self.widget(), compact=True, short=True)
        if question.code in (WEEKS, PERIOD):
            row.label.hide()
        return row

    def _lay_out(self, box: QVBoxLayout) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        period, weeks, *states = self.rows.values()
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        for at, row in enumerate(states):
            grid.addWidget(row, at // IN_A_LINE, at % IN_A_LINE, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(at % IN_A_LINE, 1)
        for part in (period, weeks):
            left.addWidget(part)
        left.addLayout(grid)
        foot = QHBoxLayout()
        foot.addWidget(self.result, 1)
        foot.addWidget(self.result_button)
        left.addLayout(foot)
        left.addStretch(1)
        self.side.addWidget(self.photos)
        self.side.addWidget(self.transfer)
        self.columns.setSpacing(24)
        self.columns.addLayout(left, 1)
        self.columns.addWidget(self.side)
        box.addLayout(self.columns, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Photo and result stand beside the weeks where there is room, else under them."""
        super().resizeEvent(event)
        theme = current_theme()
        beside = self.viewport().width() >= theme.px(SIDE_BY_SIDE_FROM)
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self.columns.setDirection(way)
        self.side.setMinimumSize(theme.px(RIGHT_WIDTH), 0 if beside else theme.px(RIGHT_WIDTH))
        self.side.setMaximumWidth(theme.px(RIGHT_WIDTH) if beside else self.maximumWidth())

    def show_result(self) -> None:
        """Show what would go into the form, with the cursor on it."""
        self.side.setCurrentWidget(self.transfer)
        self._show_buttons()
        self.transfer.start_typing()
        self.ensureWidgetVisible(self.transfer.button)

    def show_photos(self) -> None:
        """Show the notebook again."""
        self.side.setCurrentWidget(self.photos)
        self._show_buttons()
        self.begin_typing()

    def begin_typing(self) -> None:
        """Put the cursor into the first week."""
        self.rows[WEEKS].start_typing()

    def _show_buttons(self) -> None:
        on_photos = self.side.currentWidget() is self.photos
        self.result_button.setVisible(on_photos)
        self.result_button.setEnabled(self.transfer.has_figures())

    def show_answers(self, answers: Answers, previous: Answers) -> None:
        """Fill every question; figures of the last visit stand in the finance part."""
        super().show_answers(answers, {})

    def show_evaluation(self, evaluation: Evaluation, is_shown: Callable[[Finding], bool]) -> None:
        """What is wrong, the photos of the notebook, and what the book gives."""
        super().show_evaluation(evaluation, is_shown)
        photos = evaluation.answers.get(PHOTOS)
        shown = [one for one in photos if isinstance(one, Mapping)] if isinstance(photos, list) else []
        if self.photos.show_photos(shown) or self._is_fresh:
            self.side.setCurrentWidget(self.photos if shown else self.transfer)
            self._is_fresh = False
        self.transfer.show_evaluation(evaluation)
        book = cash_book(evaluation.answers)
        self.result.show_text(result_words(book) if book is not None else "")
        set_role(self.result, "loss" if book is not None and (book.profit or 0) < 0 else "strong")
        self._show_buttons()


def with_photo(answers: Answers, photo: Mapping[str, Any]) -> list[Any]:
    """The photos of the notebook and one more."""
    photos = answers.get(PHOTOS)
    return [*(photos if isinstance(photos, list) else []), photo]
