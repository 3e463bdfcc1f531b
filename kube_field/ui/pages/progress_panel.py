"""Grafik: turnover and profit, income against the poverty line and the score of one business, visit by visit."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from kube_field.domain.money import short_rupiah
from kube_field.domain.progress import VisitPoint
from kube_field.ui.formats import percent, show_date, signed_rupiah
from kube_field.ui.pages.page_frame import fill_box, filter_box, scrolled_down
from kube_field.ui.texts import status_word
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.chip import ChipLabel
from kube_field.ui.widgets.empty_state import EmptyState
from kube_field.ui.widgets.labels import ElidedLabel, make_label
from kube_field.ui.widgets.line_chart import ChartPoint, Line, LineChart

POVERTY_PERCENT = 100
TOP_SCORE = 100


class ProgressPanel(QStackedWidget):
    """Three charts that point at the same visit, whose values stand in words beside them.

    Signals: unit_chosen(uid) when the officer wants another business of the same owner.
    """

    unit_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: tuple[VisitPoint, ...] = ()
        self.units = filter_box(_("Unit usaha yang digambar"), 30)
        self.units.currentIndexChanged.connect(lambda _at: self.unit_chosen.emit(self.units.currentData()))
        self.money = LineChart(short_rupiah)
        self.income = LineChart(percent)
        self.score = LineChart(str)
        self.empty = EmptyState(
            _("Belum ada kunjungan untuk digambar"),
            _("Omzet, laba, penghasilan, dan nilai setiap kunjungan tampil di sini setelah kunjungan difinalkan."),
        )
        for chart in self._charts():
            chart.day_pointed.connect(self._on_day)
        self.addWidget(self.empty)
        self.addWidget(self._make_charts())

    def _charts(self) -> tuple[LineChart, ...]:
        return self.money, self.income, self.score

    def _make_charts(self) -> QWidget:
        px = current_theme().px
        inner = QWidget()
        inner.setObjectName("scrolled")
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, px(8), px(8), 0)
        grid.setHorizontalSpacing(px(24))
        grid.setVerticalSpacing(px(12))
        pieces = (
            _titled(self.money, _("Omzet (garis penuh) dan laba (putus-putus) per 30 hari, rupiah")),
            _titled(self.income, _("Penghasilan per orang, persen dari garis kemiskinan (garis merah)")),
            _titled(self.score, _("Nilai keberlanjutan, 0 sampai 100")),
            self._make_words(),
        )
        for at, piece in enumerate(pieces):
            grid.addWidget(piece, at // 2, at % 2)
        for track in range(2):
            grid.setColumnStretch(track, 1)
            grid.setRowStretch(track, 1)
        return scrolled_down(inner)

    def _make_words(self) -> QWidget:
        self._visit = ElidedLabel("", "heading")
        self._chip = ChipLabel("")
        head = QHBoxLayout()
        head.addWidget(self._visit, 1)
        head.addWidget(self._chip)
        self._values = [make_label("", "strong") for _value in range(4)]
        grid = QGridLayout()
        grid.setVerticalSpacing(current_theme().px(6))
        names = (_("Omzet per 30 hari"), _("Laba per 30 hari"), _("Penghasilan per orang"), _("Nilai"))
        for row, (name, value) in enumerate(zip(names, self._values, strict=True)):
            grid.addWidget(make_label(name, "quiet", wraps=True), row, 0)
            grid.addWidget(value, row, 1)
        grid.setColumnStretch(1, 1)
        hint = make_label(_("Tunjuk titik dengan tetikus, atau pilih grafik lalu tekan ← →."), "muted", wraps=True)
        words = QWidget()
        words.setObjectName("clear")
        column = QVBoxLayout(words)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current_theme().px(8))
        column.addWidget(self.units)
        column.addLayout(head)
        column.addLayout(grid)
        column.addWidget(hint)
        column.addStretch(1)
        return words

    def show_units(self, units: Sequence[tuple[str, str]]) -> None:
        """The businesses (uid, name) of the owner; one alone needs no choice. The first one, or who was, is chosen."""
        before = self.chosen_unit()
        fill_box(self.units, "", list(units))
        self.units.blockSignals(True)
        self.units.removeItem(0)
        self.units.blockSignals(False)
        self.units.setVisible(len(units) > 1)
        if self.chosen_unit() != before:  # never the charts of one business under the name of another
            self.show_points(())

    def chosen_unit(self) -> str:
        """Whose charts are wanted; "" without any business."""
        return str(self.units.currentData() or "")

    def show_points(self, points: Sequence[VisitPoint]) -> None:
        """Draw the visits of the chosen business, oldest first."""
        self._points = tuple(points)
        days = [point.visited_on for point in points]
        self.money.show_lines(
            [
                Line(_("Omzet"), _line(points, "revenue_idr")),
                Line(_("Laba"), _line(points, "profit_idr"), second=True),
            ],
            days=days,
        )
        self.income.show_lines(
            [Line(_("Penghasilan"), _line(points, "income_percent"))], days=days, level=POVERTY_PERCENT
        )
        signed = tuple(
            ChartPoint(point.visited_on, point.score, status_word(point.status).tone)
            for point in points
            if point.score is not None
        )
        self.score.show_lines([Line(_("Nilai"), signed)], days=days, top=TOP_SCORE)
        for chart, told in zip(self._charts(), _told(points), strict=True):
            chart.setAccessibleName(told)
        self.setCurrentIndex(1 if points else 0)
        self._on_day("")

    def _on_day(self, day: str) -> None:
        """Tell the values of the visit on this day; of the newest while none is pointed at."""
        for chart in self._charts():
            chart.point_at(day)
        if not self._points:
            return
        point = next((one for one in self._points if one.visited_on == day), self._points[-1])
        self._visit.show_text(_("Kunjungan ke-{n} · {day}").format(n=point.visit_no, day=show_date(point.visited_on)))
        self._chip.show_chip(*status_word(point.status))
        for label, words in zip(self._values, _values_of(point), strict=True):
            label.setText(words)


def _titled(chart: LineChart, title: str) -> QWidget:
    box = QWidget()
    box.setObjectName("clear")
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(current_theme().px(4))
    column.addWidget(make_label(title, "quiet", wraps=True))
    column.addWidget(chart, 1)
    return box


def _line(points: Sequence[VisitPoint], name: str) -> tuple[ChartPoint, ...]:
    found = ((point.visited_on, getattr(point, name)) for point in points)
    return tuple(ChartPoint(on, value) for on, value in found if value is not None)


def _values_of(point: VisitPoint) -> tuple[str, str, str, str]:
    """Turnover, profit, income and score in words; a dash for what was not answered."""
    income, score = point.income_percent, point.score
    return (
        _money(point.revenue_idr),
        _money(point.profit_idr),
        "–" if income is None else _("{share} dari garis kemiskinan").format(share=percent(income)),
        "–" if score is None else _("{n} dari 100").format(n=score),
    )


def _money(amount: int | None) -> str:
    return "–" if amount is None else signed_rupiah(amount)


def _told(points: Sequence[VisitPoint]) -> tuple[str, str, str]:
    """The three charts as a screen reader tells them."""
    said = [(show_date(point.visited_on), _values_of(point)) for point in points]
    money = "; ".join(_("{day}: omzet {a}, laba {b}").format(day=day, a=values[0], b=values[1]) for day, values in said)
    income = "; ".join(f"{day}: {values[2]}" for day, values in said)
    score = "; ".join(f"{day}: {values[3]}" for day, values in said)
    return (
        _("Grafik omzet dan laba. {told}").format(told=money),
        _("Grafik penghasilan. {told}").format(told=income),
        _("Grafik nilai. {told}").format(told=score),
    )
