from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPageLayout
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QLabel

from kube_field.domain.records import RecordKind
from kube_field.ui.forms.editor import Surroundings
from kube_field.ui.pages.document_page import DocumentPage
from kube_field.ui.pages.first_start_page import FirstStartPage
from kube_field.ui.pages.profile_page import ProfilePage
from kube_field.ui.pages.reports_page import PaperRow, ReportsPage
from kube_field.ui.pages.sync_page import DeviceView, SyncPage
from kube_field.ui.pages.trainings_page import TrainingsPage
from kube_field.ui.pages.unlock_page import OfficerTile, UnlockPage, initials
from kube_field.ui.presenters.paper_output import file_name
from kube_field.ui.widgets.pdf_preview import PdfPreview, print_pages
from kube_field.ui.widgets.reason_panel import ReasonPanel
from tests.support import page_samples as samples
from tests.support import sync_samples
from tests.support.other_windows import OtherWindows

DEVICE = DeviceView("KT03", "https://kube.contoh.go.id", "2026-11-23T01:10:42.000Z", "Sri Wahyuni", True)


def white(width: int, height: int) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    return image


def tab_words(page):
    return [page.tabs.tabText(at) for at in range(page.tabs.count()) if page.tabs.isTabVisible(at)]


def test_a_group_shows_its_members_and_a_person_shows_a_masked_nik(qtbot):
    page = ProfilePage()
    qtbot.addWidget(page)
    page.show_profile(samples.profile(RecordKind.KUBE_GROUP))
    assert "Anggota" in tab_words(page)
    assert page._nik.isHidden()
    page.show_profile(samples.profile(RecordKind.PERSON))
    assert "Anggota" not in tab_words(page)
    assert page._nik.text() == "NIK 6402********9906"
    with qtbot.waitSignal(page.reveal_requested):
        page._reveal.click()
    page.show_nik("6402124806689906")
    assert page._nik.text() == "NIK 6402 1248 0668 9906"


def test_the_tab_stays_when_the_same_profile_is_read_again(qtbot):
    page = ProfilePage()
    qtbot.addWidget(page)
    page.show_profile(samples.profile())
    page.tabs.setCurrentWidget(page.visits)
    page.show_profile(samples.profile())
    assert page.tabs.currentWidget() is page.visits


def test_a_visit_starts_at_the_only_unit(qtbot):
    page = ProfilePage()
    qtbot.addWidget(page)
    page.show_profile(samples.profile())
    with qtbot.waitSignal(page.visit_requested) as told:
        page._visit.click()
    assert told.args == ["u1"]


def test_a_membership_ends_only_with_a_reason_and_former_members_stay(qtbot):
    page = ProfilePage()
    qtbot.addWidget(page)
    panel = page.members
    panel.equip(Surroundings(date(2026, 11, 23), lambda: "new"))
    panel.show_choices({"ketua": "Ketua", "anggota": "Anggota"}, {"pindah": "Pindah"})
    page.show_profile(samples.profile())
    assert panel.table.items_model.item(4).left_on
    assert panel._count.whole_text() == "4 anggota · 4 perempuan"
    panel.table.selectRow(4)
    assert not panel._close.isEnabled()
    panel.table.selectRow(3)
    panel._close.click()
    with qtbot.assertNotEmitted(panel.close_requested):
        panel.leaving.confirm.click()
    assert not panel.leaving.fields.lines["leave_reason"].isHidden()
    panel.leaving.fields.editors["leave_reason"].set_value("pindah")
    with qtbot.waitSignal(panel.close_requested) as told:
        panel.leaving.confirm.click()
    assert told.args == ["m3", {"left_on": "2026-11-23", "leave_reason": "pindah"}]


def test_ending_a_membership_can_be_taken_back(qtbot):
    page = ProfilePage()
    qtbot.addWidget(page)
    undone: list[bool] = []
    page.show_undo("Keanggotaan Kenanga Contoh diakhiri.", lambda: undone.append(True))
    page.notice_bar.button.click()
    assert undone == [True]


def test_a_reason_needs_three_letters_and_esc_cancels(qtbot):
    panel = ReasonPanel()
    qtbot.addWidget(panel)
    given: list[tuple[str, str]] = []
    panel.given.connect(lambda key, reason: given.append((key, reason)))
    panel.ask("k", "Mengapa?", "Buka")
    panel._edit.setText(" ab ")
    qtbot.keyClick(panel._edit, Qt.Key.Key_Return)
    assert given == []
    with qtbot.waitSignal(panel.cancelled):
        qtbot.keyClick(panel._edit, Qt.Key.Key_Escape)
    panel.ask("k", "Mengapa?", "Buka")
    panel._edit.setText("salah ketik")
    qtbot.keyClick(panel._edit, Qt.Key.Key_Return)
    assert given == [("k", "salah ketik")]


def test_a_document_is_reopened_or_corrected_with_a_reason(qtbot):
    page = DocumentPage()
    qtbot.addWidget(page)
    page.show_document(samples.document_view())
    labels = [label.text() for label in page.answers.findChildren(QLabel)]
    assert "Rp1.250.000" in labels
    assert not page._revisions.isHidden()
    page._correct.click()
    page.reason._edit.setText("Omzet salah tulis")
    with qtbot.waitSignal(page.correction_requested) as told:
        page.reason._confirm.click()
    assert told.args == ["v1", "Omzet salah tulis"]
    with qtbot.waitSignal(page.revision_chosen) as chosen:
        page._revisions.activated.emit(1)
    assert chosen.args == ["v0"]


def test_pages_of_another_document_are_not_shown(qtbot):
    page = DocumentPage()
    qtbot.addWidget(page)
    page.show_document(samples.document_view())
    page.show_pages("somebody-else", [white(100, 140)])
    assert page.preview.page_count == 0
    page.show_pages("v1", [white(100, 140)])
    assert page.preview.page_count == 1


def test_the_preview_zooms_by_steps_and_back_to_the_width(qtbot):
    preview = PdfPreview()
    qtbot.addWidget(preview)
    preview.resize(600, 500)
    preview.show()
    preview.show_pages([white(1190, 1684)])
    preview.step_zoom(1)
    first = preview.zoom
    preview.step_zoom(1)
    assert preview.zoom > first > 0
    preview.fit_width()
    assert preview.zoom == 0
    shown = preview.findChild(QLabel, "previewPage").pixmap()
    assert shown.deviceIndependentSize().width() <= 600


def test_what_leaves_a_preview_never_becomes_a_window_of_its_own(qapp, qtbot):
    preview = PdfPreview()
    qtbot.addWidget(preview)
    preview.show()
    watch = OtherWindows(preview)
    qapp.installEventFilter(watch)
    preview.show_message("Menyiapkan pratinjau…")
    preview.show_pages([white(1190, 1684)])
    preview.step_zoom(1)
    qtbot.wait(50)
    qapp.removeEventFilter(watch)
    assert watch.seen == []


def test_an_empty_preview_cannot_be_printed(qtbot):
    preview = PdfPreview()
    qtbot.addWidget(preview)
    preview.show_pages([white(10, 10)])
    preview.show_message("Menyiapkan…")
    assert not preview._print.isEnabled()
    assert preview.page_count == 0


def test_pages_are_printed_each_as_it_lies(tmp_path, qapp):
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    assert print_pages(printer, [white(100, 140), white(140, 100)])
    assert printer.pageLayout().orientation() == QPageLayout.Orientation.Landscape
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF")
    assert not print_pages(printer, [])


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("KT03/KUNJ/2026/0005", "KT03-KUNJ-2026-0005.pdf"),
        ("..", "dokumen.pdf"),
        ('a<b>:"c', "a-b---c.pdf"),
        ("../../x", "x.pdf"),
        ("nul.txt", "_nul.txt.pdf"),
        ("CON", "_CON.pdf"),
        ("a:b.", "a-b.pdf"),
        ("nota\u202efdp.exe", "nota-fdp.exe.pdf"),
        ("x" * 300, "x" * 120 + ".pdf"),
    ],
)
def test_a_file_name_suits_every_file_system(number, name):
    assert file_name(number) == name


def test_trainings_are_searched_by_all_words(qtbot):
    page = TrainingsPage()
    qtbot.addWidget(page)
    page.show_trainings(samples.training_rows())
    page._search.setText("pembukuan balai")
    page._show_rows()
    assert [row.uid for row in page.list.table.items_model.items()] == ["t1"]
    page.list.table.selectRow(0)
    with qtbot.waitSignal(page.training_opened) as told:
        page._attend.click()
    assert told.args == ["t1"]


def test_a_chosen_paper_is_asked_for_and_printed(qtbot):
    page = ReportsPage()
    qtbot.addWidget(page)
    rows = [PaperRow("v1", "2026-11-20", "Kunjungan ke-1", "Tabang", "L07/KUNJ/2026/0001")]
    page.show_papers(rows)
    with qtbot.waitSignal(page.paper_chosen) as told:
        page.list.table.selectRow(0)
    assert told.args == [rows[0]]
    page.show_pages("v1", [white(100, 140)])
    with qtbot.waitSignal(page.print_requested):
        page.preview._print.click()
    page.show_papers([])
    assert page.preview.page_count == 0


def test_a_laptop_that_is_not_enrolled_is_asked_to_enrol(qtbot):
    page = SyncPage(lambda: sync_samples.NOW)
    qtbot.addWidget(page)
    page.show_device(DeviceView("", "", "", "Sri", False), samples.pill())
    assert not page._send.isEnabled()
    page.enrol.show_defaults("https://kube.contoh.go.id", "ABCD-EFGH-JKLM")
    with qtbot.waitSignal(page.enrol_requested) as told:
        page.enrol._enrol.click()
    assert told.args == ["https://kube.contoh.go.id", "ABCD-EFGH-JKLM"]


@pytest.mark.parametrize(
    ("name", "sign"), [("Sri Wahyuni", "SW"), ("Rina", "R"), ("Hj. Siti binti Ali, S.Pd.", "HP"), ("", "")]
)
def test_a_tile_carries_initials(name, sign):
    assert initials(name) == sign


def test_the_laptop_is_opened_by_the_chosen_officer(qtbot):
    page = UnlockPage()
    qtbot.addWidget(page)
    page.show_officers([OfficerTile("sri", "Sri Wahyuni"), OfficerTile("budi", "Budi", 3)])
    page._tiles.button(1).click()
    qtbot.keyClicks(page._password._edit, "lima kata yang panjang")
    with qtbot.waitSignal(page.unlock_requested) as told:
        qtbot.keyClick(page._password._edit, Qt.Key.Key_Return)
    assert told.args == ["budi", "lima kata yang panjang"]


def test_a_wrong_password_waits_and_counts_down(qtbot):
    page = UnlockPage()
    qtbot.addWidget(page)
    page.show_officers([OfficerTile("sri", "Sri Wahyuni")])
    page.show_problem("Kata sandi belum cocok.", 2)
    assert not page._open.isEnabled()
    assert page._open.text() == "Tunggu 2 detik"
    page._on_second()
    page._on_second()
    assert page._open.isEnabled()
    assert page._problem.isHidden()


def test_the_eye_shows_the_letters_and_caps_lock_is_noticed(qtbot):
    page = UnlockPage()
    qtbot.addWidget(page)
    field = page._password
    field._eye.click()
    assert field._edit.echoMode() == field._edit.EchoMode.Normal
    qtbot.keyClick(field._edit, Qt.Key.Key_A)
    assert field._caps.isHidden()
    field._edit.caps_seen.emit(True)
    assert not field._caps.isHidden()
    field.forget()
    assert field._edit.echoMode() == field._edit.EchoMode.Password


def test_a_laptop_is_enrolled_only_with_a_strong_password_typed_twice(qtbot):
    page = FirstStartPage(lambda password, _user: [] if len(password) >= 15 else ["Paling sedikit 15 huruf."])
    qtbot.addWidget(page)
    page.show_defaults("https://kube.contoh.go.id", "ABCD", "sri")
    page._password._edit.setText("pendek")
    assert page._strength.text() == "Paling sedikit 15 huruf."
    page._password._edit.setText("lima kata yang panjang")
    page._again._edit.setText("lima kata yang")
    assert not page._enrol.isEnabled()
    page._again._edit.setText("lima kata yang panjang")
    with qtbot.waitSignal(page.enrol_requested) as told:
        page._enrol.click()
    assert told.args == ["https://kube.contoh.go.id", "ABCD", "sri", "lima kata yang panjang"]


def test_names_with_markup_are_shown_as_they_are(qtbot):
    page = UnlockPage()
    qtbot.addWidget(page)
    page.show_officers([OfficerTile("x", "<b>Sri</b>")])
    labels = [label for label in page.findChildren(QLabel) if label.text().startswith("<b>")]
    assert labels
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)
