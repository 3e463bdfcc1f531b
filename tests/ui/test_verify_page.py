"""Periksa laporan in the window: a file or a code is judged, a number opens its report."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from kube_field.domain.records import Fact
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.verify_page import VerifyPage
from kube_field.ui.presenters.verify_presenter import VerifyPresenter
from kube_field.ui.tasks import ImmediateTaskRunner, TaskRunner
from kube_field.usecases.papers import document_paper
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import make_unit, record_visit
from tests.support.make_seals import code_of
from tests.support.tampering import edited_pdf, jpeg_of, picture_of


@pytest.fixture
def laptop(tmp_path: Path):
    with make_laptop(tmp_path) as made:
        made.clock.set_day("2026-11-23")
        yield made


@pytest.fixture
def visit(laptop: Laptop) -> Fact:
    return record_visit(laptop.session, make_unit(laptop.session).uid)


@pytest.fixture
def navigate() -> Navigator:
    return Navigator()


@pytest.fixture
def page(qtbot: QtBot, laptop: Laptop, navigate: Navigator) -> VerifyPage:
    page = VerifyPage()
    qtbot.addWidget(page)
    VerifyPresenter(page, laptop.session, ImmediateTaskRunner(), navigate)
    page.show()
    return page


def texts(page: VerifyPage) -> list[str]:
    QApplication.processEvents()  # what was put into a page that is on view appears with the next look
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def drop(page: VerifyPage, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    page.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))


def test_a_dropped_photo_is_judged_and_its_report_opened(
    qtbot: QtBot, tmp_path: Path, laptop: Laptop, page: VerifyPage, navigate: Navigator, visit: Fact
):
    path = tmp_path / "foto.jpg"
    path.write_bytes(jpeg_of(picture_of(document_paper(laptop.session, uid=visit.uid))))
    drop(page, path)
    assert "Asli, sama dengan data di laptop ini" in texts(page)
    assert visit.number in texts(page)
    with qtbot.waitSignal(navigate.document_wanted) as opened:
        page.opening_wanted.emit(visit.uid)
    assert opened.args == [visit.uid]


def test_an_altered_figure_is_named_beside_the_one_of_the_code(
    tmp_path: Path, laptop: Laptop, page: VerifyPage, visit: Fact
):
    paper = document_paper(laptop.session, uid=visit.uid)
    revenue = f"{visit.answers['revenue_idr']:,}".replace(",", ".")
    path = tmp_path / "diubah.pdf"
    path.write_bytes(edited_pdf(paper, revenue, "99.000.000"))
    page.file_given.emit(path)
    assert "Isi kertas berbeda dari kodenya" in texts(page)
    assert "di kertas tertulis 99.000.000" in texts(page)
    assert revenue in texts(page)


def test_what_a_scanner_types_is_judged_and_a_number_opens_the_report(
    qtbot: QtBot, page: VerifyPage, navigate: Navigator, visit: Fact
):
    page.text.setText(code_of(visit))
    qtbot.keyClick(page.text, Qt.Key.Key_Return)
    assert "Asli, sama dengan data di laptop ini" in texts(page)
    page.text.setText(visit.number)
    with qtbot.waitSignal(navigate.document_wanted) as opened:
        qtbot.keyClick(page.text, Qt.Key.Key_Return)
    assert opened.args == [visit.uid]


def test_an_unknown_number_and_a_broken_file_are_told_in_words(tmp_path: Path, page: VerifyPage):
    page.text_given.emit("400.9/L99-0001/KUNJ/KKR/XI/2026")
    assert any("Tidak ada dokumen bernomor" in text for text in texts(page))
    broken = tmp_path / "rusak.pdf"
    broken.write_bytes(b"bukan laporan")
    page.file_given.emit(broken)
    assert any("Berkas ini rusak" in text for text in texts(page))
    page.file_given.emit(tmp_path / "tidak-ada.pdf")
    assert any("tidak dapat dibaca" in text for text in texts(page))


def test_a_file_whose_reading_is_given_up_says_nothing_later(
    qtbot: QtBot, tmp_path: Path, laptop: Laptop, navigate: Navigator, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(
        "kube_field.reading_apart._program", lambda: [sys.executable, "-c", "import time; time.sleep(600)"]
    )
    page, tasks = VerifyPage(), TaskRunner()
    qtbot.addWidget(page)
    VerifyPresenter(page, laptop.session, tasks, navigate)
    page.show()
    path = tmp_path / "lama.pdf"
    path.write_bytes(b"%PDF-1.7")
    page.file_given.emit(path)
    (cancel,) = [button for button in page.findChildren(QPushButton) if button.text() == "Batal"]
    with qtbot.waitSignal(tasks.busy_changed, timeout=30_000):
        qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
    assert "Belum ada yang diperiksa" in texts(page)
    assert page.notice_bar.isHidden()
    assert tasks.shut_down()
