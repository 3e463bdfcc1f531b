"""The top bar: search over everything with results while typing, and the sync pill."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from kube_field.ui.texts import kind_words
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.chip import ChipLabel
from kube_field.ui.widgets.drop_list import DropList
from kube_field.ui.widgets.labels import make_label
from kube_field.ui.widgets.search_field import SearchField
from kube_field.usecases.views import SearchHit

SEARCH_WIDTH, BAR_HEIGHT = 420, 58


class TopBar(QFrame):
    """Signals: `search_text_changed(text)`, `hit_chosen(kind, uid)`, `pill_clicked()`."""

    search_text_changed = Signal(str)
    hit_chosen = Signal(str, str)
    pill_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topbar")
        self.setFixedHeight(current_theme().px(BAR_HEIGHT))
        self._build()
        self._connect()

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(10)
        self.search = SearchField(_("Cari nama, NIK, kelompok"))
        self.search.setMaximumWidth(current_theme().px(SEARCH_WIDTH))
        self.search.setObjectName("search")
        self.pill = ChipLabel(_("Luring"), Tone.NEUTRAL)
        self.pill.setCursor(Qt.CursorShape.PointingHandCursor)
        self.pill.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row.addWidget(self.search, 3)
        row.addWidget(make_label("Ctrl+K", "muted"))
        row.addStretch(2)
        row.addWidget(self.pill)
        self.drop = DropList(self.search, _("Hasil pencarian"))

    def _connect(self) -> None:
        self.search.search_changed.connect(self._search)
        self.search.installEventFilter(self)
        self.pill.installEventFilter(self)
        self.drop.taken.connect(self._choose)

    def focus_search(self) -> None:
        """Put the cursor into the search."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def show_pill(self, text: str, tone: Tone) -> None:
        """Replace the pill's words."""
        self.pill.show_chip(text, tone)

    def show_hits(self, hits: Sequence[SearchHit]) -> None:
        """Show results under the field; nothing found says so."""
        if not self.search.text().strip() or not self.search.hasFocus():
            self.drop.close_list()
            return
        kinds = kind_words()
        rows = [(" · ".join(part for part in (hit.title, kinds[hit.kind], hit.detail) if part), hit) for hit in hits]
        self.drop.show_rows(rows, _("Tidak ada yang cocok."))

    def _search(self, text: str) -> None:
        if not text:
            self.drop.close_list()
        self.search_text_changed.emit(text)

    def _choose(self, hit: SearchHit) -> None:
        self.search.clear()
        self.hit_chosen.emit(str(hit.kind), hit.uid)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: D102
        if watched is self.pill:
            self._watch_pill(event)
        elif event.type() == QEvent.Type.FocusOut:
            self.drop.close_list()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self.drop.key(event.key())
        return super().eventFilter(watched, event)

    def _watch_pill(self, event: QEvent) -> None:
        wanted = isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            wanted = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Space)
        if wanted:
            self.pill_clicked.emit()
