"""The app's own line icons: SVG files on a 24 px grid, painted in any colour of the theme."""

from __future__ import annotations

from importlib.resources import files

from PySide6.QtCore import QByteArray, QCoreApplication, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from kube_field.ui.theme import current_theme

CACHE_PROPERTY = "kube_icons"
SIZES = (16, 20, 24, 32)


def icon_names() -> list[str]:
    """Every icon there is."""
    found = files("kube_field.resources").joinpath("icons").iterdir()
    return sorted(entry.name.removesuffix(".svg") for entry in found if entry.name.endswith(".svg"))


class IconCache:
    """Icons painted once; it lives and dies with the application."""

    def __init__(self) -> None:
        self.icons: dict[tuple[str, str, str], QIcon] = {}


def _cache() -> IconCache:
    app: QObject | None = QCoreApplication.instance()
    cache = app.property(CACHE_PROPERTY) if app is not None else None
    if not isinstance(cache, IconCache):
        cache = IconCache()
        if app is not None:
            app.setProperty(CACHE_PROPERTY, cache)
    return cache


def pixmap(name: str, size: int, colour: str, ratio: float = 1.0) -> QPixmap:
    """An icon as a picture of `size` logical pixels. Raises: FileNotFoundError."""
    source = files("kube_field.resources").joinpath("icons", f"{name}.svg").read_text(encoding="utf-8")
    renderer = QSvgRenderer(QByteArray(source.replace("currentColor", colour).encode()))
    made = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, made.width(), made.height()))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def icon(name: str, colour: str = "", checked: str = "") -> QIcon:
    """An icon in the text colour or the one given; `checked` colours the state "on" of a button."""
    cache, key = _cache().icons, (name, colour or current_theme().palette.text, checked)
    if key not in cache:
        cache[key] = _painted(*key)
    return cache[key]


def app_icon() -> QIcon:
    """The icon of the program, as the menu and the task bar show it."""
    picture = QPixmap()
    picture.loadFromData(files("kube_field.resources").joinpath("installer", "kube-field.png").read_bytes())
    return QIcon(picture)


def _painted(name: str, colour: str, checked: str) -> QIcon:
    screen = QGuiApplication.primaryScreen()
    ratio = screen.devicePixelRatio() if screen is not None else 1.0
    made = QIcon()
    for size in SIZES:
        made.addPixmap(pixmap(name, size, colour, ratio))
        if checked:
            made.addPixmap(pixmap(name, size, checked, ratio), QIcon.Mode.Normal, QIcon.State.On)
    return made
