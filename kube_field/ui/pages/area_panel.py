"""Wilayah: how the businesses of every village of the officer's area stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from gettext import gettext as _

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from kube_field.domain.rules.score import Status
from kube_field.ui.pages.page_frame import clear_layout, scrolled_down
from kube_field.ui.texts import status_word
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.chip import ChipLabel
from kube_field.ui.widgets.empty_state import EmptyState
from kube_field.ui.widgets.gradually import Gradually
from kube_field.ui.widgets.labels import ElidedLabel, make_label
from kube_field.ui.widgets.status_bar import StatusBar
from kube_field.usecases.visit_calendar import VillageStanding

VILLAGE_COLUMN = 220


class AreaPanel(QStackedWidget):
    """One bar a village, under its kecamatan; the whole area stands on top."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[VillageStanding, ...] | None = None
        px = current_theme().px
        self._chips = QHBoxLayout()
        self._chips.setSpacing(px(8))
        inner = QWidget()
        inner.setObjectName("scrolled")
        around = QVBoxLayout(inner)
        self._making = Gradually(self, around)
        around.setContentsMargins(0, px(8), px(12), 0)
        around.setSpacing(px(12))
        around.addLayout(self._chips)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(px(16))
        self._grid.setVerticalSpacing(px(10))
        self._grid.setColumnMinimumWidth(0, px(VILLAGE_COLUMN))
        self._grid.setColumnStretch(1, 1)
        around.addLayout(self._grid)
        around.addStretch(1)
        self.addWidget(
            EmptyState(
                _("Belum ada unit usaha yang berjalan"),
                _("Keadaan usaha setiap desa tampil di sini setelah unit usaha dicatat dan dikunjungi."),
            )
        )
        self.addWidget(scrolled_down(inner))

    def show_villages(self, villages: Sequence[VillageStanding]) -> None:
        """Show the villages, ordered by kecamatan."""
        if tuple(villages) == self._shown:
            return
        self._shown = tuple(villages)
        clear_layout(self._grid)
        clear_layout(self._chips)
        self._show_whole(villages)
        self._making.start(self._lines(villages))
        self.setCurrentIndex(1 if villages else 0)

    def _lines(self, villages: Sequence[VillageStanding]) -> Iterator[Callable[[], object]]:
        """What makes each line, of the kecamatan and of its villages."""
        longest = max((village.total for village in villages), default=0)
        row, kecamatan = 0, None
        for village in villages:
            if village.kecamatan != kecamatan:
                kecamatan = village.kecamatan
                yield partial(self._add_kecamatan, row, kecamatan)
                row += 1
            yield partial(self._add_village, row, village, longest)
            row += 1

    def _add_kecamatan(self, row: int, name: str) -> None:
        heading = make_label(_("Kecamatan {name}").format(name=name), "heading")
        self._grid.addWidget(heading, row, 0, 1, 3)
        heading.show()

    def _show_whole(self, villages: Sequence[VillageStanding]) -> None:
        whole: Counter[Status] = Counter()
        for village in villages:
            whole.update(dict(village.counts))
        for status in Status:
            if whole[status]:
                self._chips.addWidget(ChipLabel(*_counted(status, whole[status])))
        if unwatched := sum(village.unwatched for village in villages):
            self._chips.addWidget(ChipLabel(_unwatched_words(unwatched), Tone.NEUTRAL))
        self._chips.addStretch(1)

    def _add_village(self, row: int, village: VillageStanding, longest: int) -> None:
        words = [_counted(status, number)[0] for status, number in village.counts]
        if village.unwatched:
            words.append(_unwatched_words(village.unwatched))
        bar = StatusBar()
        bar.show_parts([(status_word(status).tone, number) for status, number in village.counts], longest)
        bar.setAccessibleName(f"{village.village}: {', '.join(words)}")
        name, told = ElidedLabel(village.village), make_label(" · ".join(words), "muted")
        self._grid.addWidget(name, row, 0)
        self._grid.addWidget(bar, row, 1, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(told, row, 2)
        for widget in (name, bar, told):
            widget.show()


def _counted(status: Status, number: int) -> tuple[str, Tone]:
    word = status_word(status)
    return f"{number} {word.text}", word.tone


def _unwatched_words(number: int) -> str:
    return _("{n} Tidak terpantau").format(n=number)
