"""The one window: rail at the left, search and sync pill on top, a stack of pages, a quiet notice bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from gettext import gettext as _

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from kube_field.ui.navigation import RailEntry
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.labels import make_label, restyle
from kube_field.ui.widgets.notice_bar import NoticeBar
from kube_field.ui.widgets.rail import Rail
from kube_field.ui.widgets.top_bar import TopBar
from kube_field.usecases.views import SearchHit

NARROW = 1100
DEMO_FRAME = 4


class MainWindow(QMainWindow):
    """Rail, top bar, pages, notice; it knows no use case.

    Signals: `page_requested(key)`, `search_text_changed(text)`, `hit_chosen(kind, uid)`, `lock_requested()`,
    `pill_clicked()`, `page_left(key)` when `current_page` is the next one already, `page_returned(key)` on going back,
    `deactivated()`, `closing()` before the window goes, `page_missing(key)` when a page is wanted that nobody added.
    """

    page_requested = Signal(str)
    search_text_changed = Signal(str)
    hit_chosen = Signal(str, str)
    lock_requested = Signal()
    pill_clicked = Signal()
    page_left = Signal(str)
    page_returned = Signal(str)
    deactivated = Signal()
    closing = Signal()
    page_missing = Signal(str)

    def __init__(self, entries: Sequence[RailEntry], *, demo: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("KUBE Lapangan"))
        self._pages: dict[str, QWidget] = {}
        self._visited: list[str] = []
        self._current = ""
        self._build(entries, demo)
        self._connect()
        self._add_shortcuts(entries)

    def _build(self, entries: Sequence[RailEntry], demo: bool) -> None:
        self.rail = Rail(entries)
        self.top_bar = TopBar()
        self.stack = QStackedWidget()
        self.notice = NoticeBar()
        canvas = QWidget()
        canvas.setObjectName("canvas")
        column = QVBoxLayout(canvas)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top_bar)
        column.addWidget(self.stack, 1)
        below = QHBoxLayout()
        below.setContentsMargins(24, 0, 24, 12)
        below.addWidget(self.notice)
        column.addLayout(below)
        window = QWidget()
        window.setObjectName("window")
        window.setProperty("demo", demo)
        window.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        outer = QVBoxLayout(window)
        outer.setSpacing(0)
        frame = DEMO_FRAME if demo else 0
        outer.setContentsMargins(frame, 0, frame, frame)
        if demo:
            outer.addWidget(_demo_banner())
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(canvas, 1)
        outer.addLayout(row, 1)
        self.setCentralWidget(window)
        self.setMinimumSize(900, 560)
        self.resize(1366, 768)

    def _connect(self) -> None:
        self.rail.entry_chosen.connect(self.page_requested)
        self.rail.lock_requested.connect(self.lock_requested)
        self.top_bar.search_text_changed.connect(self.search_text_changed)
        self.top_bar.hit_chosen.connect(self.hit_chosen)
        self.top_bar.pill_clicked.connect(self.pill_clicked)

    def _add_shortcuts(self, entries: Sequence[RailEntry]) -> None:
        for at, entry in enumerate(entries, start=1):
            self._shortcut(f"Alt+{at}", partial(self.page_requested.emit, entry.key))
        self._shortcut("Ctrl+K", self.top_bar.focus_search)
        self._shortcut("Alt+Left", self.go_back)

    def _shortcut(self, keys: str, act: Callable[[], object]) -> None:
        QShortcut(QKeySequence(keys), self).activated.connect(act)

    def add_page(self, key: str, widget: QWidget) -> None:
        """Add a page; a page that was there under the key is replaced and deleted."""
        before = self._pages.pop(key, None)
        self._pages[key] = widget
        self.stack.addWidget(widget)
        if before is not None:
            if self.stack.currentWidget() is before:
                self.stack.setCurrentWidget(widget)
            self.stack.removeWidget(before)
            before.deleteLater()

    def has_page(self, key: str) -> bool:
        """True when a page was added under this key."""
        return key in self._pages

    def page(self, key: str) -> QWidget:
        """The page under a key, made now if it can be. Raises: KeyError."""
        if key not in self._pages:
            self.page_missing.emit(key)
        return self._pages[key]

    def current_page(self) -> str:
        """Key of the page on view, empty before the first."""
        return self._current

    def is_at_rest(self, key: str) -> bool:
        """True while this page is read and nothing is open over it or searched."""
        typing = isinstance(QApplication.focusWidget(), QLineEdit)
        return self._current == key and not typing and QApplication.activePopupWidget() is None

    def show_page(self, key: str, *, rail_key: str = "") -> None:
        """Bring a page to view and remember where one came from; `rail_key` marks another entry of the rail.

        A page without an entry of its own leaves the mark where it was. Raises: KeyError.
        """
        if self._current and self._current != key:
            self._visited.append(self._current)
        self._show(key, rail_key)

    def go_back(self) -> None:
        """Show the page before this one, if there is one."""
        if self._visited:
            self._show(self._visited.pop(), "")
            self.page_returned.emit(self._current)

    def can_go_back(self) -> bool:
        """True when there is a page to go back to."""
        return bool(self._visited)

    def forget_visit(self, *keys: str) -> None:
        """Never go back to these pages: what they showed is gone."""
        self._visited = [key for key in self._visited if key not in keys]

    def _show(self, key: str, rail_key: str) -> None:
        page = self.page(key)
        left, self._current = self._current, key
        if left and left != key:
            self.page_left.emit(left)
        self.stack.setCurrentWidget(page)
        # Tab goes on inside the page, not in the rail that was clicked.
        page.setFocus(Qt.FocusReason.OtherFocusReason)
        if rail_key or self.rail.has(key):
            self.rail.mark(rail_key or key)

    def show_notice(
        self,
        text: str,
        action_text: str = "",
        on_action: Callable[[], None] | None = None,
        *,
        seconds: int = 10,
        critical: bool = False,
    ) -> None:
        """Show one quiet sentence with at most one action; a critical one stays until it is closed."""
        self.notice.show_notice(text, action_text, on_action, seconds=0 if critical else seconds, critical=critical)

    def show_hits(self, hits: Sequence[SearchHit]) -> None:
        """Results of the search at the top."""
        self.top_bar.show_hits(hits)

    def show_pill(self, text: str, tone: Tone) -> None:
        """The sync pill."""
        self.top_bar.show_pill(text, tone)

    def show_officer(self, name: str, area: str) -> None:
        """Who works here, and where."""
        self.rail.show_officer(name, area)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102
        super().resizeEvent(event)
        self.rail.set_narrow(self.width() < current_theme().px(NARROW))

    def changeEvent(self, event: QEvent) -> None:  # noqa: D102
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.deactivated.emit()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: D102
        self.closing.emit()
        super().closeEvent(event)


def _demo_banner() -> QLabel:
    banner = make_label(_("DATA CONTOH · bukan data sebenarnya"))
    banner.setObjectName("demo")
    banner.setAlignment(Qt.AlignmentFlag.AlignCenter)
    restyle(banner)
    return banner
