"""How every calendar of the program looks."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QColor, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget

from kube_field.ui.theme import current_theme


def make_indonesian(calendar: QCalendarWidget) -> None:
    """Weeks from Monday, Indonesian names, no week numbers, no red days."""
    calendar.setLocale(QLocale(QLocale.Language.Indonesian, QLocale.Country.Indonesia))
    calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
    calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
    weekday = QTextCharFormat()
    weekday.setForeground(QColor(current_theme().palette.text))
    for day_of_week in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        calendar.setWeekdayTextFormat(day_of_week, weekday)
