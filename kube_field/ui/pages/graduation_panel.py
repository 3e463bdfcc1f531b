"""The tab "Graduasi" of a unit: the criteria one by one, what was decided, and the proposals."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from kube_field.ui.pages.page_frame import clear_layout, scrolled_down
from kube_field.ui.pages.profile_panels import make_documents
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.buttons import secondary_button
from kube_field.ui.widgets.chip import ChipLabel
from kube_field.ui.widgets.labels import make_label
from kube_field.usecases.views import DocumentRow, GraduationView

TABLE_HEIGHT = 140


class GraduationPanel(QWidget):
    """How far one unit is.

    Signals: proposal_requested(), document_opened(DocumentRow).
    """

    proposal_requested = Signal()
    document_opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        px = current_theme().px
        self.words = make_label("", "strong", wraps=True)
        self.propose = secondary_button(_("Usulkan graduasi"), "add")
        bar = QHBoxLayout()
        bar.addWidget(self.words, 1)
        bar.addWidget(self.propose)
        self._criteria = QGridLayout()
        self._criteria.setHorizontalSpacing(px(12))
        self._criteria.setVerticalSpacing(px(6))
        self._criteria.setColumnStretch(1, 1)
        self._decisions = QVBoxLayout()
        self.proposals = make_documents(
            _("Belum ada usulan"), _("Usulan graduasi diputuskan oleh penyelia kabupaten/kota.")
        )
        self.proposals.setMinimumHeight(px(TABLE_HEIGHT))
        inner = QWidget()
        inner.setObjectName("scrolled")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled_down(inner))
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, px(8), px(12), 0)
        column.setSpacing(px(8))
        column.addLayout(bar)
        column.addLayout(self._criteria)
        column.addLayout(self._decisions)
        column.addWidget(self.proposals, 1)
        self.propose.clicked.connect(self.proposal_requested)
        self.proposals.table.item_opened.connect(self.document_opened)

    def show_graduation(self, view: GraduationView | None, documents: Sequence[DocumentRow]) -> None:
        """Show the criteria, the decisions and the proposals."""
        clear_layout(self._criteria)
        clear_layout(self._decisions)
        self.words.setText(view.words if view is not None else "")
        self.propose.setVisible(view is None or view.may_be_proposed)
        for row, (code, words, is_met) in enumerate(view.criteria if view is not None else ()):
            chip = ChipLabel(_("Terpenuhi"), Tone.GOOD) if is_met else ChipLabel(_("Belum"), Tone.WATCH)
            self._criteria.addWidget(make_label(code, "muted"), row, 0)
            self._criteria.addWidget(make_label(words[:1].upper() + words[1:], wraps=True), row, 1)
            self._criteria.addWidget(chip, row, 2)
        for words in view.decisions if view is not None else ():
            self._decisions.addWidget(make_label(words, "strong", wraps=True))
        self.proposals.show_items(documents)
