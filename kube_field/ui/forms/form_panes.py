"""The panes of a form: sections, the section at work, what to check; a page of its own takes all the room."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from kube_field.domain.forms.declaration import Form
from kube_field.ui.forms.findings_panel import FindingsPanel
from kube_field.ui.forms.section_list import SectionList
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.labels import make_label

SECTIONS_WIDTH, CHECK_WIDTH, STACKED_WIDTH = 226, 228, 194
THREE_PANES_FROM = 960


class FormPanes(QWidget):
    """Three panes where there is room for them, else two."""

    def __init__(self, form: Form, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self.form = form
        self._is_narrow: bool | None = None
        self._build()

    def _build(self) -> None:
        doors = self.form.opened_from()
        self.section_list = SectionList()
        self.section_list.show_sections([section for section in self.form.sections if section.code not in doors])
        self.panel = FindingsPanel()
        self.stack = QStackedWidget()
        self.sections_card = Card(_("Bagian"))
        self.sections_area = QScrollArea()
        self.sections_area.setWidgetResizable(True)
        self.sections_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.sections_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.sections_area.setWidget(self.section_list)
        self.sections_card.body.addWidget(self.sections_area)
        self.centre_card = Card(" ")
        self.centre_card.body.addWidget(self.stack)
        self.check_card = Card(_("Periksa"), make_label("F8", "muted"))
        self.check_card.body.addWidget(self.panel)
        self.side = QVBoxLayout()
        self.side.setSpacing(16)
        self.side.addWidget(self.sections_card, 3)
        self.panes = QHBoxLayout(self)
        self.panes.setContentsMargins(0, 0, 0, 0)
        self.panes.setSpacing(16)
        self.panes.addLayout(self.side)
        self.panes.addWidget(self.centre_card, 1)
        self._arrange(narrow=False)

    def _arrange(self, *, narrow: bool) -> None:
        if narrow == self._is_narrow:
            return
        self._is_narrow = narrow
        theme = current_theme()
        home: QBoxLayout = self.side if narrow else self.panes
        self.side.removeWidget(self.check_card)
        self.panes.removeWidget(self.check_card)
        home.addWidget(self.check_card, 3 if narrow else 0)
        self.sections_card.setFixedWidth(theme.px(STACKED_WIDTH if narrow else SECTIONS_WIDTH))
        self.check_card.setFixedWidth(theme.px(STACKED_WIDTH if narrow else CHECK_WIDTH))

    def show_alone(self, alone: bool) -> None:
        """Give the section at work the whole width, or put the other panes beside it."""
        self.sections_card.setVisible(not alone)
        self.check_card.setVisible(not alone)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102
        super().resizeEvent(event)
        self._arrange(narrow=self.width() < current_theme().px(THREE_PANES_FROM))
