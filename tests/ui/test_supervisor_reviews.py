"""The supervisor's desk: what waits, what may be said, and what its officer gets back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from kube_field.domain.records import Role
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.document_page import DocumentPage
from kube_field.ui.pages.form_page import FormPage
from kube_field.ui.pages.home_page import HomePage
from kube_field.ui.presenters.document_presenter import DocumentPresenter
from kube_field.ui.presenters.form_presenter import FormPresenter
from kube_field.ui.presenters.home_presenter import HomePresenter
from kube_field.ui.tasks import ImmediateTaskRunner
from kube_field.usecases.reviews import review_document, review_of
from kube_field.usecases.session import Session
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import make_unit, record_visit, register_person
from tests.support.other_windows import OtherWindows

TASKS = ImmediateTaskRunner()
NOTE = "Buku kas menyebut Rp1.250.000"


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    with make_laptop(tmp_path) as made:
        yield made


@pytest.fixture
def sari(laptop: Laptop) -> Session:
    return laptop.as_role(Role.PENYELIA_KAB, "Sari")


def sent_visit(laptop: Laptop, n: int = 1) -> str:
    unit = make_unit(laptop.session, register_person(laptop.session, n))
    uid = record_visit(laptop.session, unit.uid).uid
    laptop.store.db.execute_sql(
        "UPDATE outbox SET state = 'acked', status = 'applied', receipt_sha256 = sha256, receipt_at = ?",
        ("2026-11-23T02:22:00.000Z",),
    )
    laptop.store.db.execute_sql("UPDATE blob SET state = 'stored'")
    return uid


def opened(qtbot, session: Session, uid: str, navigator: Navigator | None = None) -> DocumentPage:
    page = DocumentPage()
    qtbot.addWidget(page)
    DocumentPresenter(page, session, TASKS, navigator or Navigator()).open(uid)
    return page


def offered(page: DocumentPage) -> list[str]:
    return [decision for decision, button in page._decide.items() if not button.isHidden()]


def words_in(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def test_what_waits_stands_on_the_supervisors_first_page_and_opens(qtbot, laptop, sari):
    uid = sent_visit(laptop)
    navigator, wanted = Navigator(), []
    navigator.document_wanted.connect(wanted.append)
    page = HomePage()
    qtbot.addWidget(page)
    presenter = HomePresenter(page, sari, TASKS, navigator)
    presenter.refresh()
    (item,) = [item for item in page.shown_items() if item.state == "to_review"]
    assert "Rina" in item.detail
    presenter.do(item)
    assert wanted == [uid]


def test_a_document_is_accepted_and_the_next_one_follows(qtbot, laptop, sari):
    first, second = sent_visit(laptop, 1), sent_visit(laptop, 2)
    page = opened(qtbot, sari, first)
    assert offered(page) == ["void", "returned", "accepted"]
    assert page.next.text() == "Berikutnya (1)"
    qtbot.mouseClick(page._decide["accepted"], Qt.MouseButton.LeftButton)
    review = review_of(sari, uid=first)
    assert review is not None
    assert review.decision == "accepted"
    assert offered(page) == []
    assert "Disetujui oleh Sari" in words_in(page.notice_bar)
    qtbot.mouseClick(page.next, Qt.MouseButton.LeftButton)
    assert page._view.uid == second
    assert page.next.isHidden()


def test_notes_are_written_beside_the_answers_and_go_back_with_a_word(qtbot, laptop, sari):
    uid = sent_visit(laptop)
    page = opened(qtbot, sari, uid)
    answer = next(one for one in page.answers._answers if one.code == "revenue_idr")
    qtbot.mouseClick(answer.write, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(answer.edit, NOTE)
    assert page._decide["returned"].text() == "Kembalikan (1 catatan)"
    assert not page._decide["accepted"].isEnabled(), "nobody accepts with a note by a slip"
    qtbot.mouseClick(page._decide["returned"], Qt.MouseButton.LeftButton)
    qtbot.keyClicks(page.reason._edit, "Cocokkan dengan buku kas")
    qtbot.keyClick(page.reason._edit, Qt.Key.Key_Return)
    review = review_of(sari, uid=uid)
    assert review is not None
    assert (review.decision, review.reason, review.notes) == (
        "returned",
        "Cocokkan dengan buku kas",
        {"revenue_idr": NOTE},
    )


def test_its_officer_sees_the_notes_and_corrects_beside_them(qtbot, laptop, sari):
    uid = sent_visit(laptop)
    review_document(sari, uid=uid, decision="returned", reason="Cocokkan dulu", notes={"revenue_idr": NOTE})
    navigator, drafts = Navigator(), []
    navigator.draft_wanted.connect(drafts.append)
    page = opened(qtbot, laptop.session, uid, navigator)
    assert offered(page) == []
    assert "Cocokkan dulu" in words_in(page.notice_bar)
    said = words_in(page.answers)
    assert said.index("Catatan penyelia") < said.index(f"Omzet: {NOTE}") < said.index("Pelaksanaan kunjungan")
    assert said.count(NOTE) == 2, "on top, and beside the answer"
    qtbot.mouseClick(page._correct, Qt.MouseButton.LeftButton)
    assert page.reason._edit.text() == "Diperbaiki sesuai catatan penyelia"
    qtbot.keyClick(page.reason._edit, Qt.Key.Key_Return)
    form = FormPage()
    qtbot.addWidget(form)
    presenter = FormPresenter(form, laptop.session, TASKS, Navigator())
    presenter.open_draft(drafts[0])
    assert NOTE in words_in(form)
    presenter.close()


def test_an_officer_without_the_role_is_offered_nothing(qtbot, laptop):
    page = opened(qtbot, laptop.as_role(Role.TKSK, "Budi"), sent_visit(laptop))
    assert offered(page) == []
    assert page.next.isHidden()
    assert all(answer.write.isHidden() for answer in page.answers._answers)


def test_the_buttons_for_notes_never_flash_as_windows_of_their_own(qapp, qtbot, laptop: Laptop, sari: Session) -> None:
    uid = sent_visit(laptop)
    watch = OtherWindows()
    qapp.installEventFilter(watch)
    page = opened(qtbot, sari, uid)
    qapp.removeEventFilter(watch)
    assert not any(answer.write.isHidden() for answer in page.answers._answers)
    assert watch.seen == []
