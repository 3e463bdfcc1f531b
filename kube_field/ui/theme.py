"""Colours, sizes and fonts of the window, in one place (screen design, "Tokens"); nothing else names a colour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType
from typing import cast

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from kube_field.ui.qt_texts import QtTexts
from kube_field.ui.style_sheet import style_sheet

FONT_FAMILY = "Noto Sans"
MIN_SCALE, MAX_SCALE = 0.9, 1.5
THEME_PROPERTY = "kube_theme"


class Tone(StrEnum):
    """What a colour means; every tone also has a sign, so that colour never speaks alone."""

    GOOD = "good"
    GOOD_OPEN = "good_open"
    """Good as far as it is: an outline instead of the wash."""
    GOOD_LOCKED = "good_locked"
    """Good for good: nobody changes it any more."""
    WATCH = "watch"
    RISK = "risk"
    CRITICAL = "critical"
    INFO = "info"
    CONFLICT = "conflict"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class ToneColours:
    """Text on wash; contrast at least 4.5:1."""

    text: str
    wash: str


@dataclass(frozen=True, slots=True)
class Palette:
    """All colours of one look; dark and high contrast are further instances."""

    background: str
    surface: str
    hairline: str
    border: str
    text: str
    muted: str
    accent: str
    accent_strong: str
    on_accent: str
    accent_wash: str
    focus: str
    demo: str
    tones: Mapping[Tone, ToneColours] = field(default_factory=dict)


LIGHT = Palette(
    background="#F5F7F7",
    surface="#FFFFFF",
    hairline="#D9E0DE",
    border="#8A9794",
    text="#17211F",
    muted="#52605D",
    accent="#0F766E",
    accent_strong="#0B5C56",
    on_accent="#FFFFFF",
    accent_wash="#E3F2F0",
    focus="#0D9488",
    demo="#C2410C",
    tones=MappingProxyType(
        {
            Tone.GOOD: ToneColours("#166534", "#DCFCE7"),
            Tone.GOOD_OPEN: ToneColours("#166534", "#FFFFFF"),
            Tone.GOOD_LOCKED: ToneColours("#166534", "#DCFCE7"),
            Tone.WATCH: ToneColours("#854D0E", "#FEF9C3"),
            Tone.RISK: ToneColours("#9A3412", "#FFEDD5"),
            Tone.CRITICAL: ToneColours("#991B1B", "#FEE2E2"),
            Tone.INFO: ToneColours("#1E40AF", "#DBEAFE"),
            Tone.CONFLICT: ToneColours("#5B21B6", "#EDE9FE"),
            Tone.NEUTRAL: ToneColours("#334155", "#E2E8F0"),
        }
    ),
)


@dataclass(frozen=True, slots=True)
class Theme:
    """A palette at a size; `scale` is what the officer chose, 0.9 to 1.5."""

    palette: Palette = LIGHT
    scale: float = 1.0

    def px(self, size: int) -> int:
        """A size of the design (pixels at 100 %) at the officer's scale."""
        return round(size * self.scale)

    def font(self, size: int = 14, *, strong: bool = False) -> QFont:
        """The one font in a size of the type scale (12, 14, 16, 20, 26)."""
        font = QFont(FONT_FAMILY)
        font.setPixelSize(self.px(size))
        font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
        return font

    def tone(self, tone: Tone) -> ToneColours:
        """Colours of a tone."""
        return self.palette.tones[tone]


def current_theme() -> Theme:
    """The theme that `apply_theme` gave the application; the plain light one before that."""
    app: QObject | None = QCoreApplication.instance()
    theme = app.property(THEME_PROPERTY) if app is not None else None
    return theme if isinstance(theme, Theme) else Theme()


def apply_theme(app: QCoreApplication, scale: float = 1.0, palette: Palette = LIGHT) -> Theme:
    """Load the fonts, then give the application its look; call it before any widget is made."""
    application = cast(QApplication, app)
    theme = Theme(palette, min(max(scale, MIN_SCALE), MAX_SCALE))
    before = application.property(THEME_PROPERTY)
    if before == theme:
        return theme  # a style sheet that is set again is worked out again for every widget
    if before is None:
        load_fonts()
        application.installTranslator(QtTexts(application))
    application.setProperty(THEME_PROPERTY, theme)
    application.setStyle("Fusion")
    application.setFont(theme.font())
    application.setPalette(_qt_palette(palette))
    application.setStyleSheet(style_sheet(theme))
    return theme


def load_fonts() -> list[str]:
    """Register the bundled fonts; the names of their families."""
    families: list[str] = []
    for entry in sorted(files("kube_field.resources").joinpath("fonts").iterdir(), key=lambda found: found.name):
        if entry.name.endswith(".ttf"):
            number = QFontDatabase.addApplicationFontFromData(entry.read_bytes())
            families.extend(QFontDatabase.applicationFontFamilies(number))
    return families


def _qt_palette(palette: Palette) -> QPalette:
    roles = {
        QPalette.ColorRole.Window: palette.background,
        QPalette.ColorRole.Base: palette.surface,
        QPalette.ColorRole.AlternateBase: palette.background,
        QPalette.ColorRole.Button: palette.surface,
        QPalette.ColorRole.Text: palette.text,
        QPalette.ColorRole.WindowText: palette.text,
        QPalette.ColorRole.ButtonText: palette.text,
        QPalette.ColorRole.PlaceholderText: palette.muted,
        QPalette.ColorRole.Highlight: palette.accent,
        QPalette.ColorRole.HighlightedText: palette.on_accent,
        QPalette.ColorRole.ToolTipBase: palette.text,
        QPalette.ColorRole.ToolTipText: palette.surface,
        QPalette.ColorRole.Link: palette.accent,
    }
    made = QPalette()
    for role, colour in roles.items():
        made.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(palette.muted))
    return made
