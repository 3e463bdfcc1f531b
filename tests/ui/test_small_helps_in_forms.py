"""Who will sign is proposed, a wrong NIK is said before registering, and today is the day when a panel opens."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from kube_field.domain.forms.declaration import Kind, Question
from kube_field.ui.forms.editor import Surroundings
from kube_field.ui.forms.signature_editor import SignatureEditor
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.people_page import PeoplePage
from kube_field.ui.pages.register_page import RegisterPage
from kube_field.ui.presenters.form_presenter import signer_of
from kube_field.ui.presenters.people_presenter import RegisterPresenter
from kube_field.ui.tasks import ImmediateTaskRunner
from tests.support import page_samples as samples
from tests.support.laptop import make_laptop

SIGNED = Question(code="signature_staff", label="Tanda tangan petugas", kind=Kind.SIGNATURE)


def test_a_proposed_name_is_an_answer_only_with_a_signature(qtbot: Any):
    around = Surroundings(date(2026, 11, 23), lambda: "new", propose_signer=lambda _code: "Rina Contoh")
    editor = SignatureEditor(SIGNED, around)
    qtbot.addWidget(editor)
    editor.set_value(None)
    editor.show()
    assert editor.name.text() == "Rina Contoh"
    assert editor.value() is None
    editor.pad.set_strokes([[[0.1, 0.1], [0.2, 0.2]]])
    assert editor.value() == {"name": "Rina Contoh", "strokes": editor.pad.strokes()}


def test_the_officer_signs_and_the_person_who_was_met():
    answers = {"met_names": "Melati Contoh", "respondent": "Seroja Contoh"}
    assert signer_of("signature_staff", answers, "Rina") == "Rina"
    assert signer_of("signature_recipient", answers, "Rina") == "Melati Contoh"
    assert signer_of("signature_respondent", answers, "Rina") == "Seroja Contoh"
    assert signer_of("signature_recipient", {"met_names": "Melati, Seroja"}, "Rina") == ""
    assert signer_of("signature_witness", answers, "Rina") == ""


def test_a_wrong_nik_is_said_under_the_field_and_why_nothing_can_be_made_yet(qtbot: Any, tmp_path: Path):
    with make_laptop(tmp_path) as laptop:
        page = RegisterPage()
        qtbot.addWidget(page)
        _presenter = RegisterPresenter(page, laptop.session, ImmediateTaskRunner(), Navigator())
        page.show()
        assert "Buat data baru" in page._why.text()
        qtbot.keyClicks(page._nik, "6402125502809")
        page._nik.left_field.emit()
        assert not page._nik_finding.isHidden()
        qtbot.keyClicks(page._nik, "901")
        assert page._nik.text() == "6402 1255 0280 9901"
        assert page._nik_finding.isHidden()


def test_a_panel_that_is_opened_after_midnight_knows_the_new_day():
    days = iter((date(2026, 11, 23), date(2026, 11, 24)))
    around = Surroundings(date(2026, 11, 23), lambda: "new", clock=lambda: next(days))
    assert [around.day(), around.day()] == [date(2026, 11, 23), date(2026, 11, 24)]


def test_the_name_is_the_widest_column_of_the_list_of_people(qtbot: Any):
    page = PeoplePage()
    qtbot.addWidget(page)
    page.resize(1366 - 190, 700)
    page.show_people(samples.person_rows(), 40)
    page.show()
    widths = [page.table.columnWidth(at) for at in range(page.table.items_model.columnCount())]
    assert widths[0] == max(widths)
