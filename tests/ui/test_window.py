"""The window's frame, its tables, chips, and looks."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from kube_field.domain.document_state import Chip, ChipState
from kube_field.domain.records import RecordKind
from kube_field.ui.icons import icon, icon_names, pixmap
from kube_field.ui.main_window import MainWindow
from kube_field.ui.models.item_table_model import Column, ItemTableModel
from kube_field.ui.navigation import RailEntry
from kube_field.ui.pill_words import pill_text
from kube_field.ui.texts import chip_text
from kube_field.ui.theme import LIGHT, Theme, Tone, apply_theme, current_theme, load_fonts
from kube_field.ui.widgets.chip import ChipLabel
from kube_field.ui.widgets.data_table import DataTable
from kube_field.ui.widgets.labels import ElidedLabel
from kube_field.usecases.views import PillState, SearchHit

ENTRIES = [RailEntry("home", "Beranda", "home"), RailEntry("people", "Penerima", "person")]


@pytest.fixture
def window(qtbot: Any) -> MainWindow:
    made = MainWindow(ENTRIES, demo=True)
    qtbot.addWidget(made)
    for key in ("home", "people", "form"):
        made.add_page(key, QWidget())
    made.page_requested.connect(made.show_page)
    made.show_page("home")
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    return made


def test_alt_digits_go_to_the_pages_and_alt_left_back(window: MainWindow, qtbot: Any) -> None:
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert window.current_page() == "people"
    window.show_page("form", rail_key="people")
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window.current_page() == "people"
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window.current_page() == "home"
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window.current_page() == "home"


def test_leaving_a_page_and_the_window_is_told(window: MainWindow) -> None:
    left: list[str] = []
    window.page_left.connect(left.append)
    window.show_page("people")
    assert left == ["home"]
    closing: list[bool] = []
    window.closing.connect(lambda: closing.append(True))
    window.close()
    assert closing == [True]


def test_the_search_shows_hits_while_typing_and_enter_opens_one(window: MainWindow, qtbot: Any) -> None:
    chosen: list[tuple[str, str]] = []
    window.hit_chosen.connect(lambda kind, uid: chosen.append((kind, uid)))
    hits = [
        SearchHit(RecordKind.PERSON, "p1", "<b>Melati</b>", "Long Lalang"),
        SearchHit(RecordKind.KUBE_GROUP, "g1", "KUBE Mawar", ""),
    ]
    window.search_text_changed.connect(lambda text: window.show_hits(hits if text else []))
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    field = window.top_bar.search
    assert QApplication.focusWidget() is field
    qtbot.keyClicks(field, "mel")
    qtbot.waitUntil(window.top_bar.drop.is_open, timeout=2000)
    assert window.top_bar.drop.texts()[0] == "<b>Melati</b> · Penerima · Long Lalang"
    qtbot.keyClick(field, Qt.Key.Key_Down)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert chosen == [("kube_group", "g1")]
    assert field.text() == ""
    assert not window.top_bar.drop.is_open()


def test_the_pill_leads_to_the_queue(window: MainWindow, qtbot: Any) -> None:
    window.show_pill("2 gagal · lihat", Tone.WATCH)
    with qtbot.waitSignal(window.pill_clicked):
        qtbot.mouseClick(window.top_bar.pill, Qt.MouseButton.LeftButton)


def test_a_notice_has_one_action_and_goes_when_it_is_taken(window: MainWindow) -> None:
    undone: list[bool] = []
    window.show_notice("Keanggotaan <i>ditutup</i>.", "Urungkan", lambda: undone.append(True))
    assert window.notice.label.text() == "Keanggotaan <i>ditutup</i>."
    window.notice.button.click()
    assert undone == [True]
    assert window.notice.isHidden()


def test_demonstration_data_are_marked_on_every_page(window: MainWindow) -> None:
    banners = [label for label in window.findChildren(QLabel) if label.text().startswith("DATA CONTOH")]
    assert len(banners) == 1
    assert banners[0].isVisible()


def test_the_window_fits_a_small_screen_and_the_rail_folds(window: MainWindow) -> None:
    assert window.minimumSizeHint().width() <= 1024
    assert window.minimumSizeHint().height() <= 700
    window.resize(1366, 768)
    assert window.rail.name_label.isVisible()
    window.resize(1000, 700)
    assert not window.rail.name_label.isVisible()


def test_every_label_of_the_frame_shows_markup_literally(window: MainWindow) -> None:
    window.show_officer("<b>Sri</b>", "Kab. <i>X</i>")
    for label in window.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText, label.text()


def test_losing_the_window_is_told(window: MainWindow, qtbot: Any) -> None:
    other = QWidget()
    qtbot.addWidget(other)
    with qtbot.waitSignal(window.deactivated, timeout=2000):
        other.show()
        other.activateWindow()
        QApplication.sendEvent(window, QEvent(QEvent.Type.WindowDeactivate))


COLUMNS = [
    Column("Nama", lambda item: item[0]),
    Column("Omzet", lambda item: f"{item[1]:,}", sort_key=lambda item: item[1], align="right", width=120),
    Column("Keadaan", lambda item: "Baik", width=120, tone=lambda item: Tone.GOOD if item[1] else None),
]


def test_the_table_model_obeys_the_rules_of_models(qtmodeltester: Any) -> None:
    model = ItemTableModel(COLUMNS)
    model.show_items([("Melati", 3_000_000_000), ("Anggrek", 9), ("Kenanga", 10)])
    qtmodeltester.check(model)
    model.sort(1)
    qtmodeltester.check(model)


def test_large_numbers_sort_as_numbers_and_sorting_outlives_new_rows() -> None:
    model = ItemTableModel(COLUMNS)
    model.show_items([("Melati", 3_000_000_000), ("Anggrek", 9), ("Kenanga", 10)])
    model.sort(1, Qt.SortOrder.AscendingOrder)
    assert [item[1] for item in model.items()] == [9, 10, 3_000_000_000]
    model.show_items([("B", 5), ("A", 1)])
    assert [item[0] for item in model.items()] == ["A", "B"]
    model.sort(1, Qt.SortOrder.DescendingOrder)
    assert [item[0] for item in model.items()] == ["B", "A"]


def test_the_selected_row_stays_selected_when_the_table_is_sorted(qtbot: Any) -> None:
    table = DataTable(COLUMNS, "Daftar")
    qtbot.addWidget(table)
    table.show_items([("Melati", 3), ("Anggrek", 9), ("Kenanga", 1)])
    table.selectRow(1)
    table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert table.current_item() == ("Anggrek", 9)
    opened: list[Any] = []
    table.item_opened.connect(opened.append)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened == [("Anggrek", 9)]


def test_a_chip_has_room_for_its_words_at_every_scale(qtbot: Any) -> None:
    app = QApplication.instance()
    assert app is not None
    before = current_theme().scale
    for scale in (0.9, 1.0, 1.5):
        theme = apply_theme(app, scale)
        chip = ChipLabel("Final · menunggu dikirim", Tone.INFO)
        qtbot.addWidget(chip)
        chip.ensurePolished()
        from PySide6.QtGui import QFontMetrics

        words = QFontMetrics(theme.font(12, strong=True)).horizontalAdvance(chip.text())
        assert chip.sizeHint().width() >= words + theme.px(25)
    apply_theme(app, before)


def luminance(colour: str) -> float:
    def channel(value: float) -> float:
        return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4

    found = QColor(colour)
    return 0.2126 * channel(found.redF()) + 0.7152 * channel(found.greenF()) + 0.0722 * channel(found.blueF())


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_text_can_be_read_on_its_ground() -> None:
    pairs = [
        (LIGHT.text, LIGHT.background),
        (LIGHT.text, LIGHT.surface),
        (LIGHT.muted, LIGHT.background),
        (LIGHT.muted, LIGHT.surface),
        (LIGHT.accent, LIGHT.surface),
        (LIGHT.accent, LIGHT.accent_wash),
        (LIGHT.on_accent, LIGHT.accent),
        ("#FFFFFF", LIGHT.demo),
        *((colours.text, colours.wash) for colours in LIGHT.tones.values()),
        *((colours.text, LIGHT.surface) for colours in LIGHT.tones.values()),
    ]
    for text, ground in pairs:
        assert contrast(text, ground) >= 4.5, (text, ground)


def test_the_scale_is_kept_between_its_bounds(qtbot: Any) -> None:
    app = QApplication.instance()
    assert app is not None
    assert apply_theme(app, 9.0).scale == 1.5
    assert apply_theme(app, 0.1).scale == 0.9
    assert apply_theme(app, 1.0) == Theme()


def test_the_fonts_and_icons_come_with_the_app(qtbot: Any) -> None:
    assert "Noto Sans" in load_fonts()
    assert len(icon_names()) >= 25
    for name in icon_names():
        assert not pixmap(name, 24, "#000000").isNull()
        assert not icon(name).isNull()


@pytest.mark.parametrize(
    ("chip", "words", "tone"),
    [
        (Chip(ChipState.DRAFT, missing=3), "Draf · 3 perlu diisi", Tone.NEUTRAL),
        (Chip(ChipState.DRAFT), "Draf · lengkap", Tone.NEUTRAL),
        (Chip(ChipState.WAITING), "Final · menunggu dikirim", Tone.INFO),
        (Chip(ChipState.SENT_PHOTOS_PENDING, photos_there=2, photos_expected=5), "Terkirim · foto 2/5", Tone.GOOD_OPEN),
        (Chip(ChipState.SENT, at="2026-08-14T02:22:00.000Z"), "Terkirim 14 Agu 10.22", Tone.GOOD),
        (Chip(ChipState.HELD), "Menunggu data lain", Tone.INFO),
        (Chip(ChipState.NEEDS_REPAIR), "Perlu perbaikan", Tone.RISK),
        (Chip(ChipState.QUARANTINED), "Ditahan server", Tone.RISK),
        (Chip(ChipState.FAILED), "Gagal diproses", Tone.WATCH),
        (Chip(ChipState.RETURNED), "Dikembalikan", Tone.CRITICAL),
        (Chip(ChipState.ACCEPTED), "Disetujui", Tone.GOOD_LOCKED),
        (Chip(ChipState.CONFLICT), "Bentrok data", Tone.CONFLICT),
    ],
)
def test_every_state_has_its_words_and_tone(chip: Chip, words: str, tone: Tone) -> None:
    assert chip_text(chip) == (words, tone)


@pytest.mark.parametrize(
    ("pill", "words", "tone"),
    [
        (PillState(7, 0, 0, 0, "", True), "Luring · 7 belum terkirim", Tone.NEUTRAL),
        (PillState(7, 0, 0, 8, "", True), "Luring · 7 belum terkirim · tertua 8 hari", Tone.RISK),
        (PillState(7, 0, 0, 22, "", True), "Luring · 7 belum terkirim · tertua 22 hari", Tone.CRITICAL),
        (PillState(1, 2, 0, 0, "", True), "2 gagal · lihat", Tone.WATCH),
        (PillState(0, 0, 0, 0, "2026-08-14T02:22:00.000Z", True), "Semua terkirim · 14 Agu 10.22", Tone.GOOD),
    ],
)
def test_the_pill_tells_the_truth_about_what_waits(pill: PillState, words: str, tone: Tone) -> None:
    assert pill_text(pill) == (words, tone)


def test_sending_is_counted_on_the_pill() -> None:
    assert pill_text(PillState(7, 0, 0, 0, "", True), ("push", 3, 7)).text == "Mengirim 3 dari 7"


def test_a_long_name_is_cut_with_an_ellipsis_and_whole_in_its_tip(qtbot: Any) -> None:
    label = ElidedLabel("<b>Nama</b> yang panjang sekali")
    qtbot.addWidget(label)
    label.resize(60, 20)
    with qtbot.waitExposed(label):
        label.show()
    label.resize(60, 20)
    assert label.text().endswith("…")
    assert label.whole_text() == "<b>Nama</b> yang panjang sekali"
    assert "&lt;b&gt;" in label.toolTip()


def test_what_qt_says_by_itself_is_indonesian_too(qtbot: Any) -> None:
    app = QApplication.instance()
    assert app is not None
    apply_theme(app)
    assert app.translate("QLineEdit", "&Copy") == "&Salin"
    assert app.translate("QPlatformTheme", "Cancel") == "Batal"
    assert app.translate("QWidgetTextControl", "Select All") == "Pilih semua"
    assert app.translate("QLineEdit", "no such words") == "no such words"
