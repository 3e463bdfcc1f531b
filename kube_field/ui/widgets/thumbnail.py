"""A small picture of a photo, cut to a square, loaded later."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kube_field.ui.icons import pixmap
from kube_field.ui.theme import current_theme

SIDE = 96


class Thumbnail(QWidget):
    """Shows a camera sign until `show_bytes` brings the picture."""

    def __init__(self, name: str = "", side: int = SIDE, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self._image = QImage()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_bytes(self, raw: bytes | None) -> None:
        """Show a JPEG or PNG; None keeps the sign."""
        if raw:
            image = QImage.fromData(QByteArray(raw))
            side = current_theme().px(self._side) * 2
            if not image.isNull():
                self._image = image.scaled(
                    side,
                    side,
                    Qt.AspectRatioMode.KeepAspectRatioByExpanding,
                    Qt.TransformationMode.SmoothTransformation,
                )
        self.update()

    def has_picture(self) -> bool:
        """True once a picture is there."""
        return not self._image.isNull()

    def sizeHint(self) -> QSize:  # noqa: D102
        side = current_theme().px(self._side)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()), 6, 6)
        painter.fillPath(shape, QColor(theme.palette.background))
        if self._image.isNull():
            size = theme.px(24)
            painter.drawPixmap(
                (self.width() - size) // 2, (self.height() - size) // 2, pixmap("photo", size, theme.palette.muted)
            )
        else:
            painter.setClipPath(shape)
            side = min(self._image.width(), self._image.height())
            left, top = (self._image.width() - side) / 2, (self._image.height() - side) / 2
            painter.drawImage(QRectF(self.rect()), self._image, QRectF(left, top, side, side))
        painter.end()
