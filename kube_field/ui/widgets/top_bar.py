"""The top bar: search over everything with results while typing, and the sync pill."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from kube_field.ui.texts import kind_words
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.chip import ChipLabel
from kube_field.ui.widgets.labels import make_label
from kube_field.ui.widgets.search_field import SearchField
from kube_field.usecases.views import SearchHit

SEARCH_WIDTH, BAR_HEIGHT, SHOWN_ROWS = 420, 58, 8


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
        self.popup = QFrame(self, Qt.WindowType.ToolTip)
        self.popup.setObjectName("popup")
        box = QVBoxLayout(self.popup)
        box.setContentsMargins(4, 4, 4, 4)
        self.hits = QListWidget()
        self.hits.setAccessibleName(_("Hasil pencarian"))
        self.hits.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hits.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        box.addWidget(self.hits)

    def _connect(self) -> None:
        self.search.search_changed.connect(self._search)
        self.search.installEventFilter(self)
        self.pill.installEventFilter(self)
        self.hits.itemClicked.connect(self._choose)

    def focus_search(self) -> None:
        """Put the cursor into the search."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def show_pill(self, text: str, tone: Tone) -> None:
        """Replace the pill's words."""
        self.pill.show_chip(text, tone)

    def show_hits(self, hits: Sequence[SearchHit]) -> None:
        """Show results under the field; nothing found says so."""
        if not self.search.text().strip():
            self.popup.hide()
            return
        self.hits.clear()
        kinds = kind_words()
        for hit in hits:
            item = QListWidgetItem(" · ".join(part for part in (hit.title, kinds[hit.kind], hit.detail) if part))
            item.setData(Qt.ItemDataRole.UserRole, (str(hit.kind), hit.uid))
            self.hits.addItem(item)
        if not hits:
            nothing = QListWidgetItem(_("Tidak ada yang cocok."))
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            self.hits.addItem(nothing)
        self.hits.setCurrentRow(0)
        self._place_popup()

    def _place_popup(self) -> None:
        height = current_theme().px(36) * min(max(self.hits.count(), 1), SHOWN_ROWS) + 12
        corner = self.search.mapToGlobal(QPoint(0, self.search.height() + 4))
        width = max(self.search.width(), current_theme().px(SEARCH_WIDTH))
        self.popup.setGeometry(corner.x(), corner.y(), width, height)
        self.popup.show()
        self.popup.raise_()

    def _search(self, text: str) -> None:
        if not text:
            self.popup.hide()
        self.search_text_changed.emit(text)

    def _choose(self, item: QListWidgetItem | None) -> None:
        target = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if target is None:
            return
        self.popup.hide()
        self.search.clear()
        self.hit_chosen.emit(*target)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: D102
        if watched is self.pill:
            self._watch_pill(event)
        elif event.type() == QEvent.Type.FocusOut:
            self.popup.hide()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._search_key(event.key())
        return super().eventFilter(watched, event)

    def _watch_pill(self, event: QEvent) -> None:
        wanted = isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            wanted = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Space)
        if wanted:
            self.pill_clicked.emit()

    def _search_key(self, key: int) -> bool:
        if self.popup.isHidden():
            return False
        if key == Qt.Key.Key_Escape:
            self.popup.hide()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if key == Qt.Key.Key_Down else -1
            self.hits.setCurrentRow(max(0, min(self.hits.currentRow() + step, self.hits.count() - 1)))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.hits.currentItem())
        else:
            return False
        return True
