"""What the cash book would put into the finance part: each figure beside what stands there, ticked before it goes."""

from __future__ import annotations

from gettext import gettext as _
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from kube_field.domain.forms.cash_book import TRANSFERRED, CashBook, cash_book
from kube_field.domain.forms.declaration import Question
from kube_field.domain.forms.evaluation import Evaluation, is_blank
from kube_field.domain.forms.visit_computed import per_month
from kube_field.domain.money import accounting
from kube_field.ui.forms.answer_text import answer_text, previous_text
from kube_field.ui.forms.field_chain import ENTER_GOES_ON
from kube_field.ui.widgets.buttons import primary_button, quiet_button
from kube_field.ui.widgets.choices import TickBox
from kube_field.ui.widgets.labels import make_label, set_role

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
SHORT_LABELS = {"cost_material_idr": "Biaya bahan (HPP)"}


class TransferLine:
    """One figure: a tick, what stands in the form, what the book says."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.tick = TickBox(_(SHORT_LABELS.get(question.code, question.label)))
        self.tick.setProperty(ENTER_GOES_ON, True)
        self.now, self.told = make_label("", "muted"), make_label("", "strong")
        self._shown: tuple[Any, Any] = (None, None)

    def show_figure(self, now: Any, told: Any) -> None:
        """A blank answer is ticked, one that stands there is not: nothing is overwritten unseen."""
        is_same = now == told
        self.tick.setVisible(told is not None)
        self.now.setVisible(told is not None)
        self.told.setVisible(told is not None)
        if (now, told) == self._shown:
            return
        self._shown = (now, told)
        self.tick.setEnabled(not is_same)
        self.tick.setChecked(is_blank(now) and told is not None)
        differs = not is_blank(now) and not is_same
        self.now.setText(_("sama") if is_same else previous_text(self.question, now) or "–")
        set_role(self.now, "warning" if differs else "muted")
        self.told.setText(previous_text(self.question, told))
        name = _("{label}: sekarang {now}, dari kas {told}")
        self.tick.setAccessibleName(
            name.format(
                label=self.tick.text(),
                now=answer_text(self.question, now) or _("kosong"),
                told=answer_text(self.question, told),
            )
        )


class TransferList(QWidget):
    """Signals: `wanted(codes)` when the officer puts the ticked figures in."""

    wanted = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self.lines: dict[str, TransferLine] = {}
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(6)
        self.photo_button = quiet_button(_("Foto buku kas"), "photo")
        self.empty = make_label(
            _("Isi penjualan sedikitnya satu minggu; hasilnya muncul di sini."), "muted", wraps=True
        )
        self.body = QWidget()
        self.body.setObjectName("clear")
        self.grid = QGridLayout(self.body)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(12)
        self.grid.setVerticalSpacing(0)
        self.grid.setColumnStretch(0, 1)
        self.grid.addWidget(make_label(_("Masukkan ke Keuangan usaha"), "muted"), 0, 0)
        for at, words in ((1, _("Isian sekarang")), (2, _("Dari kas"))):
            self.grid.addWidget(make_label(words, "muted"), 0, at, RIGHT)
        self.button = primary_button(_("Masukkan yang dicentang"))
        foot = QHBoxLayout()
        foot.addWidget(self.photo_button)
        foot.addStretch(1)
        foot.addWidget(self.button)
        self.box.addWidget(self.empty)
        self.box.addWidget(self.body)
        self.box.addLayout(foot)
        self.box.addStretch(1)
        self.button.clicked.connect(lambda: self.wanted.emit(self.ticked()))

    def show_evaluation(self, evaluation: Evaluation) -> None:
        """Show what the book says now."""
        if not self.lines:
            self._build_lines(evaluation)
        book = cash_book(evaluation.answers)
        for code, line in self.lines.items():
            proposed = evaluation.proposed.get(code)
            line.show_figure(evaluation.answers.get(code), proposed.value if proposed is not None else None)
        self.empty.setVisible(book is None)
        for part in (self.body, self.button):
            part.setVisible(book is not None)
        self.button.setEnabled(bool(self.ticked()))

    def start_typing(self) -> None:
        """Put the cursor on the first figure that can go in."""
        first = next(
            (line.tick for line in self.lines.values() if line.tick.isVisible() and line.tick.isEnabled()), None
        )
        (first or self.button).setFocus(Qt.FocusReason.TabFocusReason)

    def has_figures(self) -> bool:
        """True when the book says something."""
        return not self.body.isHidden()

    def ticked(self) -> list[str]:
        """Codes of the figures that shall go into the form."""
        return [code for code, line in self.lines.items() if line.tick.isChecked() and not line.tick.isHidden()]

    def _build_lines(self, evaluation: Evaluation) -> None:
        for at, code in enumerate(TRANSFERRED, start=1):
            line = self.lines[code] = TransferLine(evaluation.form.question(code))
            cells: tuple[QWidget, QLabel, QLabel] = (line.tick, line.now, line.told)
            for column, widget in enumerate(cells):
                self.grid.addWidget(widget, at, column) if not column else self.grid.addWidget(
                    widget, at, column, RIGHT
                )
            line.tick.toggled.connect(lambda _on: self.button.setEnabled(bool(self.ticked())))
        QWidget.setTabOrder(self.lines[TRANSFERRED[-1]].tick, self.button)


def result_words(book: CashBook) -> str:
    """Turnover and profit of 30 days, and how far the cash is from what it should be."""
    words = []
    revenue, profit = per_month(book.total("sold_idr"), book.days), per_month(book.profit, book.days)
    if revenue is not None:
        words.append(_("Omzet 30 hari Rp{amount}").format(amount=accounting(revenue)))
    if profit is not None:
        told = _("laba 30 hari Rp{amount}") if profit >= 0 else _("rugi 30 hari Rp{amount}")
        words.append(told.format(amount=accounting(abs(profit))))
    if book.cash_difference is not None:
        words.append(_("selisih kas Rp{amount}").format(amount=accounting(book.cash_difference)))
    return " · ".join(words)
