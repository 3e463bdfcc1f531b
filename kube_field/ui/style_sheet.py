"""The one style sheet, filled from the tokens of the theme."""

from __future__ import annotations

from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kube_field.ui.theme import Theme

SHEET = Template("""
* { font-family: "Noto Sans"; font-size: ${t14}px; color: $text; }
QMainWindow, QWidget#page, QWidget#canvas { background: $background; }
QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget#scrolled { background: transparent; }
QToolTip { background: $text; color: $surface; border: none; padding: 4px 8px; }

QLabel { background: transparent; }
QLabel[role="small"] { font-size: ${t12}px; }
QLabel[role="muted"] { color: $muted; font-size: ${t12}px; }
QLabel[role="quiet"] { color: $muted; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="heading"] { font-size: ${t16}px; font-weight: 600; }
QLabel[role="title"] { font-size: ${t20}px; font-weight: 600; }
QLabel[role="figure"] { font-size: ${t26}px; font-weight: 600; }
QLabel[role="error"] { color: $critical; font-size: ${t12}px; }
QLabel[role="warning"] { color: $watch; font-size: ${t12}px; }
QLabel[role="info"] { color: $muted; font-size: ${t12}px; }
QLabel[role="loss"] { color: $critical; font-weight: 600; font-size: ${t16}px; }
QLabel[role="bad"] { color: $critical; font-weight: 600; }
QLabel[role="gain"] { font-weight: 600; font-size: ${t16}px; }

QFrame#card { background: $surface; border: 1px solid $hairline; border-radius: 8px; }
QFrame#line { background: $hairline; border: none; max-height: 1px; min-height: 1px; }
QWidget#clear { background: transparent; }

QPushButton { background: $surface; border: 1px solid $border; border-radius: 6px; padding: 0 ${p14}px;
    min-height: ${h32}px; max-height: ${h32}px; }
QPushButton:hover { background: $accent_wash; }
QPushButton:pressed { background: $hairline; }
QPushButton:focus { border: 2px solid $focus; padding: 0 ${p13}px; min-height: ${h30}px; max-height: ${h30}px; }
QPushButton:disabled { color: $muted; border-color: $hairline; background: $background; }
QPushButton[kind="primary"] { background: $accent; border-color: $accent; color: $on_accent; font-weight: 600; }
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed { background: $accent_strong; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled { background: $hairline; border-color: $hairline; color: $muted; }
QPushButton[kind="quiet"] { background: transparent; border: 1px solid transparent; color: $accent; padding: 0 8px; }
QPushButton[kind="quiet"]:hover { background: $accent_wash; }
QPushButton[kind="quiet"]:focus { border: 2px solid $focus; padding: 0 7px; }
QPushButton[kind="quiet"]:disabled { color: $muted; }
QPushButton[kind="danger"] { border-color: $critical; color: $critical; }
QPushButton[kind="link"] { background: transparent; border: 1px solid transparent; text-align: left; padding: 0 4px; }
QPushButton[kind="link"]:hover { background: $accent_wash; }
QPushButton[kind="link"]:focus { border: 2px solid $focus; padding: 0 3px; }
QPushButton[small="true"] { min-height: ${h26}px; max-height: ${h26}px; font-size: ${t12}px; padding: 0 10px; }
QPushButton[small="true"]:focus { min-height: ${h24}px; max-height: ${h24}px; padding: 0 9px; }

QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 4px; }
QToolButton:hover { background: $accent_wash; }
QToolButton:focus { border: 2px solid $focus; padding: 3px; }

QLineEdit, QPlainTextEdit, QComboBox, QSpinBox { background: $surface; border: 1px solid $border; border-radius: 6px;
    padding: 0 10px; selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit, QComboBox { min-height: ${h32}px; max-height: ${h32}px; }
QPlainTextEdit { padding: 4px 6px; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus { border: 2px solid $focus; }
QLineEdit:focus, QComboBox:focus { padding: 0 9px; min-height: ${h30}px; max-height: ${h30}px; }
QPlainTextEdit:focus { padding: 3px 5px; }
QLineEdit QToolButton, QLineEdit QToolButton:hover { background: transparent; border: none; padding: 0; }
QLineEdit:read-only { background: $background; border-color: $hairline; }
QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled { background: $background; border-color: $hairline;
    color: $muted; }
QComboBox::drop-down { border: none; width: ${h28}px; }
QComboBox::down-arrow { image: url("$chevron"); width: ${t16}px; height: ${t16}px; }
QComboBox QAbstractItemView::item { min-height: ${h28}px; }
QLineEdit[state="error"], QPlainTextEdit[state="error"] { border-color: $critical; }
QLineEdit[state="warning"], QPlainTextEdit[state="warning"] { border-color: $watch; }

QComboBox QAbstractItemView { background: $surface; border: 1px solid $border; outline: none; padding: 4px; }

QRadioButton, QCheckBox { background: transparent; spacing: 8px; min-height: ${h28}px; padding: 0 4px; }
QRadioButton::indicator, QCheckBox::indicator { width: ${t12}px; height: ${t12}px; border: 1px solid $border;
    background: $surface; border-radius: 4px; }
QRadioButton::indicator { border-radius: ${dot}px; }
QRadioButton::indicator:checked, QCheckBox::indicator:checked { background: $accent; border-color: $accent; }

QRadioButton:disabled { color: $muted; }
QRadioButton::indicator:disabled { background: $background; border-color: $hairline; }
QFrame#version { background: $surface; border: 1px solid $border; border-radius: 6px; }
QFrame#version:disabled { background: $background; border: 1px solid $hairline; }
QFrame#version[chosen="true"] { background: $accent_wash; border: 1px solid $accent; }
QFrame#row { background: $surface; border: 1px solid $hairline; border-radius: 6px; }
QListView, QTableView { background: $surface; border: none; outline: none; gridline-color: $hairline;
    selection-background-color: $accent_wash; selection-color: $text; alternate-background-color: $surface; }
QListView::item { padding: 6px 8px; border-radius: 4px; }
QListView::item:selected, QListView::item:hover { background: $accent_wash; color: $text; }
QTableView::item { padding: 0 8px; border-bottom: 1px solid $hairline; }
QTableView::item:selected { background: $accent_wash; color: $text; }
QTableView[bordered="true"] { border: 1px solid $hairline; border-radius: 6px; }
QHeaderView { background: $surface; border: none; }
QHeaderView::section { background: $surface; color: $muted; font-size: ${t12}px; font-weight: 600; border: none;
    border-bottom: 1px solid $hairline; padding: 6px 11px; }
QTableCornerButton::section { background: $surface; border: none; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar::handle:vertical { background: $hairline; border-radius: 4px; min-height: 32px; margin: 2px; }
QScrollBar::handle:vertical:hover { background: $border; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle:horizontal { background: $hairline; border-radius: 4px; min-width: 32px; margin: 2px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QProgressBar { background: $hairline; border: none; border-radius: 4px; max-height: 8px; min-height: 8px; }
QProgressBar::chunk { background: $accent; border-radius: 4px; }
QTabBar { background: transparent; border: none; }
QTabBar::tab { background: transparent; color: $muted; padding: 8px 14px; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $accent; font-weight: 600; border-bottom: 2px solid $accent; }
QTabBar::tab:focus { color: $text; border-bottom: 2px solid $focus; }
QTabWidget::pane { border: none; border-top: 1px solid $hairline; }
QMenu { background: $surface; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 6px 20px; border-radius: 4px; }
QMenu::item:selected { background: $accent_wash; }
QCalendarWidget QWidget { alternate-background-color: $background; }
QCalendarWidget QWidget#qt_calendar_navigationbar { background: $surface; }
QCalendarWidget QToolButton { color: $text; font-weight: 600; padding: 4px 8px; }
QCalendarWidget QToolButton::menu-indicator { image: none; }
QCalendarWidget QTableView::item { padding: 0; border: none; }
QCalendarWidget QTableView { selection-background-color: $accent; selection-color: $on_accent; }
QDialog, QMessageBox { background: $surface; }

QFrame#rail { background: $surface; border: none; border-right: 1px solid $hairline; }
QFrame#topbar { background: $surface; border: none; border-bottom: 1px solid $hairline; }
QPushButton[kind="rail"] { background: transparent; border: 1px solid transparent; text-align: left; padding: 0 12px;
    min-height: ${h38}px; max-height: ${h38}px; }
QPushButton[kind="rail"][narrow="true"], QPushButton[kind="rail"][narrow="true"]:focus { text-align: center;
    padding: 0; }
QPushButton[kind="rail"]:hover { background: $background; }
QPushButton[kind="rail"]:checked { background: $accent_wash; color: $accent; font-weight: 600; }
QPushButton[kind="rail"]:focus { border: 2px solid $focus; padding: 0 11px;
    min-height: ${h36}px; max-height: ${h36}px; }
QPushButton[kind="section"] { background: transparent; border: 1px solid transparent; padding: 0;
    min-height: 0; max-height: 999px; }
QPushButton[kind="section"]:hover { background: $background; }
QPushButton[kind="section"]:checked { color: $accent; font-weight: 600; background: $accent_wash; }
QPushButton[kind="section"]:focus { border: 2px solid $focus; padding: 0; min-height: 0; max-height: 999px; }
QFrame#notice { background: $text; border: none; border-radius: 6px; }
QFrame#notice QLabel { color: $surface; }
QFrame#notice QPushButton { background: transparent; border: 1px solid transparent; color: $accent_wash;
    font-weight: 600; }
QFrame#notice QPushButton:focus { border: 2px solid $accent_wash; }
QFrame#notice[tone="critical"] { background: $critical_wash; border: 1px solid $critical; }
QFrame#notice[tone="critical"] QLabel, QFrame#notice[tone="critical"] QPushButton { color: $critical; }
QFrame#popup { background: $surface; border: 1px solid $border; border-radius: 8px; }
QPushButton[kind="tile"] { text-align: left; padding: 0; min-height: ${h48}px; max-height: ${h48}px; }
QPushButton[kind="tile"]:checked { background: $accent_wash; border: 2px solid $accent; }
QPushButton[kind="tile"]:focus { border: 2px solid $focus; padding: 0; min-height: ${h48}px; max-height: ${h48}px; }
QLabel[role="initials"] { background: $accent; color: $on_accent; border-radius: 6px; font-weight: 600; }
QScrollArea#previewScroll { background: $background; border: 1px solid $hairline; border-radius: 6px; }
QWidget#previewSheet { background: $background; }
QLabel#previewPage { background: $surface; border: 1px solid $hairline; }
QLabel#demo { background: $demo; color: #FFFFFF; font-weight: 600; padding: 2px 12px; }
QWidget#window[demo="true"] { background: $demo; }
""")
COLOURS = (
    "background",
    "surface",
    "hairline",
    "border",
    "text",
    "muted",
    "accent",
    "accent_strong",
    "on_accent",
    "accent_wash",
    "focus",
    "demo",
)
SIZES = {f"t{size}": size for size in (12, 14, 16, 20, 26)} | {f"h{size}": size for size in range(24, 50, 2)}
PADDINGS = {f"p{size}": size for size in (13, 14, 24)}


def style_sheet(theme: Theme) -> str:
    """The style sheet at the theme's colours and size."""
    palette = theme.palette
    values: dict[str, object] = {name: getattr(palette, name) for name in COLOURS}
    for tone, colours in palette.tones.items():
        values[str(tone)] = colours.text
        values[f"{tone}_wash"] = colours.wash
    values |= {name: theme.px(size) for name, size in (SIZES | PADDINGS).items()}
    values["dot"] = (theme.px(12) + 2) // 2
    values["chevron"] = str(files("kube_field.resources").joinpath("icons", "chevron.svg")).replace("\\", "/")
    return SHEET.substitute(values)
