"""A drop-down list whose words end in an ellipsis where it is too narrow for them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

from kube_field.ui.widgets.labels import plain_tip

INNER_SIDES = 10
"""What the style leaves free beside the words in their own field."""


class ElidedBox(QComboBox):
    """Shows the whole words in the tool tip when they are cut."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = self._shown(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def _shown(self, option: QStyleOptionComboBox) -> str:
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self).width()
        words = self.currentText()
        shown = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room - INNER_SIDES)
        tip = plain_tip(words) if shown != words else ""
        if self.toolTip() != tip:
            self.setToolTip(tip)
        return shown

    def showPopup(self) -> None:  # noqa: N802
        """The list that drops down is wide enough for its longest words, as far as the window goes."""
        metrics = self.fontMetrics()
        texts = [self.itemText(at) for at in range(self.count())]
        widest = max((metrics.horizontalAdvance(text) for text in texts), default=0) + 4 * INNER_SIDES
        self.view().setMinimumWidth(min(widest, self.window().width()))
        super().showPopup()
