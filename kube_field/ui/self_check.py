"""Whether the window's parts are all there: its font, its icons, the picture formats, printing, a page as pixels."""

from __future__ import annotations

import os
import sys
from gettext import gettext as _

from PySide6.QtGui import QFontInfo, QImage, QImageReader, QPixmap
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from kube_field.errors import BugError
from kube_field.ui.icons import app_icon, icon_names, pixmap
from kube_field.ui.pages.unlock_page import OfficerTile, UnlockPage
from kube_field.ui.theme import FONT_FAMILY, apply_theme

PIXELS = QImage.Format.Format_RGBA8888
NEEDED_FORMATS = frozenset({"jpeg", "png", "svg"})
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
PAGE_SIZE = (900, 640)


def check_window() -> str:
    """Draw the first page without showing it; says what was found. Raises: BugError naming what is missing."""
    if sys.platform == "linux" and not any(os.environ.get(name) for name in SCREENS):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = QApplication.instance() or QApplication(["kube-field"])
    assert isinstance(app, QApplication)
    theme = apply_theme(app)
    if QFontInfo(theme.font()).family() != FONT_FAMILY:
        raise BugError("the font of the window is missing")
    missing = NEEDED_FORMATS - {bytes(name.data()).decode() for name in QImageReader.supportedImageFormats()}
    if missing:
        raise BugError(f"Qt reads no {', '.join(sorted(missing))}")
    names = icon_names()
    _draw(names)
    return _("{icons} ikon, huruf {font}, tampilan {platform}").format(
        icons=len(names), font=FONT_FAMILY, platform=app.platformName()
    )


def _draw(names: list[str]) -> None:
    """Every icon and a page, all gone again on return: no widget may outlive the application."""
    if app_icon().isNull() or not all(_is_drawn(pixmap(name, 24, "#000000")) for name in names):
        raise BugError("an icon stays empty")
    QPrinter()
    page = UnlockPage()
    page.show_officers([OfficerTile("rina", "Rina Contoh")])
    page.resize(*PAGE_SIZE)
    if not _is_drawn(page.grab()):
        raise BugError("the first page stays empty")


def _is_drawn(picture: QPixmap) -> bool:
    """True when not all pixels are alike."""
    image = picture.toImage().convertToFormat(PIXELS)
    pixels = bytes(image.constBits())  # a view into the image, which has to live as long
    return len({pixels[at : at + 4] for at in range(0, len(pixels), 4)}) > 1
