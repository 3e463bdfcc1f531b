"""Forms that were only looked at leave nothing; a draft is thrown away on request and put back for a while."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kube_field.domain.records import Draft
from kube_field.ui.pages.form_page import FormPage
from kube_field.ui.pages.visits_page import VisitsPage
from kube_field.ui.tasks import ImmediateTaskRunner
from kube_field.ui.workplace import Workplace
from kube_field.usecases.finalise import reopen_document
from kube_field.usecases.visits import begin_visit
from tests.gallery import NoServer
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import make_unit, record_visit


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    with make_laptop(tmp_path) as made:
        yield made


@pytest.fixture
def work(laptop: Laptop, qtbot: Any) -> Iterator[Workplace]:
    made = Workplace(laptop.session, ImmediateTaskRunner(), NoServer())
    qtbot.addWidget(made.window)
    made.start()
    made.window.show()
    yield made
    made.stop()


def form_page(work: Workplace) -> FormPage:
    page = work.window.page("form")
    assert isinstance(page, FormPage)
    return page


def open_visit(work: Workplace, laptop: Laptop) -> Draft:
    draft = begin_visit(laptop.session, unit_uid=make_unit(laptop.session).uid)
    work.open_page("visits")
    work.navigate.open_draft(draft.uid)
    return draft


def type_something(work: Workplace) -> None:
    view = form_page(work).form_view
    assert view is not None
    view.set_answer("met_names", "Melati")
    work.flush()


def test_a_form_that_is_left_without_typing_leaves_no_draft_and_no_way_back_to_it(work: Workplace, laptop: Laptop):
    draft = open_visit(work, laptop)
    work.open_page("people")
    assert laptop.store.drafts.get(draft.uid) is None
    work.window.go_back()
    assert work.window.current_page() == "visits"


def test_looking_at_the_review_and_coming_back_keeps_the_draft(work: Workplace, laptop: Laptop):
    draft = open_visit(work, laptop)
    work.navigate.open_review(draft.uid)
    assert laptop.store.drafts.get(draft.uid) is not None
    work.window.go_back()
    assert laptop.store.drafts.get(draft.uid) is not None
    work.navigate.open_review(draft.uid)
    work.open_page("home")
    assert laptop.store.drafts.get(draft.uid) is None


def test_a_form_with_typing_stays_when_it_is_left(work: Workplace, laptop: Laptop):
    draft = open_visit(work, laptop)
    type_something(work)
    work.open_page("home")
    assert laptop.store.drafts.get(draft.uid) is not None


def test_a_draft_is_thrown_away_and_put_back_with_one_click(work: Workplace, laptop: Laptop):
    draft = open_visit(work, laptop)
    type_something(work)
    form_page(work).discard_button.click()
    assert laptop.store.drafts.get(draft.uid) is None
    assert work.window.current_page() == "visits"
    assert not work.window.notice.isHidden()
    work.window.notice.button.click()
    back = laptop.store.drafts.get(draft.uid)
    assert back is not None
    assert back.answers["met_names"] == "Melati"
    assert work.window.current_page() == "form"


def test_a_reopened_document_offers_no_throwing_away(work: Workplace, laptop: Laptop):
    fact = record_visit(laptop.session, make_unit(laptop.session).uid)
    draft = reopen_document(laptop.session, uid=fact.uid, reason="Salah omzet")
    work.navigate.open_draft(draft.uid)
    assert form_page(work).discard_button.isHidden()
    work.open_page("home")
    assert laptop.store.drafts.get(draft.uid) is not None


def test_the_first_question_has_the_cursor_when_a_form_opens(work: Workplace, laptop: Laptop, qtbot: Any):
    qtbot.waitExposed(work.window)
    work.window.activateWindow()
    open_visit(work, laptop)
    view = form_page(work).form_view
    assert view is not None
    first = view._views[view.current_section()].first_row()
    assert first is not None
    focused = work.window.focusWidget()
    assert focused is not None
    assert first.isAncestorOf(focused)


def visits_page(work: Workplace) -> VisitsPage:
    page = work.window.page("visits")
    assert isinstance(page, VisitsPage)
    page.show_all_documents()
    return page


def choose_document(page: VisitsPage, uid: str) -> None:
    table = page.documents.table
    rows = [row.uid for row in table.items_model.items()]
    table.setCurrentIndex(table.items_model.index(rows.index(uid), 0))


def listed(page: VisitsPage) -> list[str]:
    return [row.uid for row in page.documents.table.items_model.items()]


def test_a_draft_is_thrown_away_in_the_list_of_documents_and_put_back_there(work: Workplace, laptop: Laptop):
    draft = open_visit(work, laptop)
    type_something(work)
    work.open_page("visits")
    page = visits_page(work)
    assert not page.discard_button.isEnabled()
    choose_document(page, draft.uid)
    page.discard_button.click()
    assert laptop.store.drafts.get(draft.uid) is None
    assert draft.uid not in listed(page)
    assert not page.discard_button.isEnabled()
    work.window.notice.button.click()
    back = laptop.store.drafts.get(draft.uid)
    assert back is not None
    assert back.answers["met_names"] == "Melati"
    assert draft.uid in listed(page)
    assert work.window.current_page() == "visits"


def test_a_final_document_cannot_be_thrown_away_in_the_list(work: Workplace, laptop: Laptop):
    fact = record_visit(laptop.session, make_unit(laptop.session).uid)
    work.open_page("visits")
    page = visits_page(work)
    choose_document(page, fact.uid)
    assert not page.discard_button.isEnabled()


def test_a_reopened_document_stays_when_the_list_is_told_to_throw_it_away(work: Workplace, laptop: Laptop):
    fact = record_visit(laptop.session, make_unit(laptop.session).uid)
    draft = reopen_document(laptop.session, uid=fact.uid, reason="Salah omzet")
    work.open_page("visits")
    page = visits_page(work)
    choose_document(page, draft.uid)
    page.discard_button.click()
    assert laptop.store.drafts.get(draft.uid) is not None
    assert "dibuka kembali" in page.notice_bar.label.text()
