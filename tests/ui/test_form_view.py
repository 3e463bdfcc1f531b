"""A form worked from the keyboard: order, skips, findings, undo, last time's answers."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from kube_field.domain.forms.declaration import Context, Form, Kind, Question, Section
from kube_field.domain.forms.evaluation import evaluate
from kube_field.domain.records import RecordKind
from kube_field.ui.forms.form_view import FormView
from kube_field.ui.forms.question_row import QuestionRow
from tests.support.make_form import SMALL_FORM, TODAY, around_of, judge


@pytest.fixture
def view(qtbot: Any) -> FormView:
    made = FormView(SMALL_FORM, around_of(add_photo=lambda _path, _done, _failed: None))
    qtbot.addWidget(made)
    made.resize(1150, 620)
    made.answer_changed.connect(lambda _code: made.show_evaluation(judge(made.answers())))
    made.show_answers({}, {"revenue_idr": 1_100_000})
    made.show_evaluation(judge({}))
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    return made


def row(view: FormView, code: str) -> QuestionRow:
    return view._views[view.form.section_of(code).code].rows[code]


def cursor_in(view: FormView) -> str:
    found = view._row_of(QApplication.focusWidget())
    return found.code if found is not None else ""


def press(qtbot: Any, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def test_enter_and_tab_go_through_the_questions_and_on_to_the_next_section(view: FormView, qtbot: Any) -> None:
    view.open_question("met")
    press(qtbot, Qt.Key.Key_Return)
    assert cursor_in(view) == "revenue_idr"
    press(qtbot, Qt.Key.Key_Tab)
    assert cursor_in(view) == "runs"
    press(qtbot, Qt.Key.Key_Y)
    press(qtbot, Qt.Key.Key_Return)
    assert cursor_in(view) == "stop_note"
    press(qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    view.open_question("runs")
    press(qtbot, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert cursor_in(view) == "revenue_idr"


def test_clicking_a_section_puts_the_cursor_into_its_first_question(view: FormView, qtbot: Any) -> None:
    view.open_question("met")
    qtbot.mouseClick(view.section_list.buttons["2"], Qt.MouseButton.LeftButton)
    first = view._views["2"].first_row()
    assert first is not None
    assert cursor_in(view) == first.code


def test_enter_passes_by_an_optional_photo_and_space_opens_its_file_dialog(
    view: FormView, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr("kube_field.ui.forms.photo_editor.choose_photos", lambda _over: asked.append(1) or [])
    code = next(question.code for question in view.form.questions() if question.kind == Kind.PHOTO)
    view.open_question(code)
    press(qtbot, Qt.Key.Key_Return)
    assert asked == []
    view.open_question(code)
    press(qtbot, Qt.Key.Key_Space)
    assert asked == [1]


def test_alt_arrows_change_the_section(view: FormView, qtbot: Any) -> None:
    view.open_question("met")
    press(qtbot, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert view.current_section() == "2"
    press(qtbot, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert view.current_section() == "1"
    assert view.neighbour(-1) == ""


def test_what_the_app_fills_in_shows_once_it_is_filled_in(qtbot: Any) -> None:
    declared = Form(
        kind=RecordKind.VISIT,
        version="2026.1",
        title="Formulir",
        sections=(
            Section(
                code="1",
                title="Pertama",
                questions=(
                    Question(code="name", label="Nama", kind=Kind.TEXT),
                    Question(code="told", label="Dicatat", kind=Kind.TEXT, fixed=True),
                ),
            ),
        ),
    )
    made = FormView(declared, around_of())
    qtbot.addWidget(made)
    made.show_answers({}, {})
    for answers, hidden in (({}, True), ({"told": "Long Lalang"}, False)):
        made.show_evaluation(evaluate(declared, answers, Context(TODAY)))
        assert row(made, "told").isHidden() is hidden


def test_a_question_that_does_not_apply_is_not_there_but_its_answer_waits(view: FormView, qtbot: Any) -> None:
    assert row(view, "why").isHidden()
    view.open_question("runs")
    press(qtbot, Qt.Key.Key_T)
    assert not row(view, "why").isHidden()
    view.open_question("why")
    qtbot.keyClicks(QApplication.focusWidget(), "modal habis")
    view.open_question("runs")
    press(qtbot, Qt.Key.Key_Y)
    assert row(view, "why").isHidden()
    assert view.answers()["why"] == "modal habis"


def test_a_finding_shows_when_the_field_is_left_and_never_before(view: FormView, qtbot: Any) -> None:
    view.open_question("met")
    assert [line.label.text() for line in row(view, "met").lines if not line.isHidden()] == []
    press(qtbot, Qt.Key.Key_Return)
    assert [line.label.text() for line in row(view, "met").lines] == ["Nama yang ditemui wajib diisi."]
    assert cursor_in(view) == "revenue_idr"


def test_f8_walks_through_the_findings_and_begins_again(view: FormView, qtbot: Any) -> None:
    view.open_question("met")
    seen = []
    for _step in range(5):
        press(qtbot, Qt.Key.Key_F8)
        seen.append(cursor_in(view))
    assert seen == ["met", "revenue_idr", "runs", "photo", "met"]


def test_last_times_answer_is_taken_with_alt_equals(view: FormView, qtbot: Any) -> None:
    view.open_question("revenue_idr")
    assert row(view, "revenue_idr").previous_label.text() == "lalu 1.100.000"
    press(qtbot, Qt.Key.Key_Equal, Qt.KeyboardModifier.AltModifier)
    assert view.answers()["revenue_idr"] == 1_100_000


def test_the_change_against_last_time_stands_beside_the_amount(view: FormView, qtbot: Any) -> None:
    view.open_question("revenue_idr")
    qtbot.keyClicks(QApplication.focusWidget(), "1250000")
    assert row(view, "revenue_idr").previous_label.text() == "lalu 1.100.000\n+14 %"


def test_ctrl_z_takes_back_the_last_field_wherever_the_cursor_is(view: FormView, qtbot: Any) -> None:
    view.open_question("met")
    qtbot.keyClicks(QApplication.focusWidget(), "Ibu Sari")
    press(qtbot, Qt.Key.Key_Return)
    qtbot.keyClicks(QApplication.focusWidget(), "250rb")
    press(qtbot, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert view.answers() == {"met": "Ibu Sari"}
    press(qtbot, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert view.answers() == {}
    assert row(view, "met").value() is None


def test_unknown_is_an_answer_and_can_be_taken_back(view: FormView, qtbot: Any) -> None:
    view.open_question("revenue_idr")
    row(view, "revenue_idr").set_special("tidak_tahu")
    assert view.answers()["revenue_idr"] == "tidak_tahu"
    assert row(view, "revenue_idr").special_label.text() == "Tidak tahu"
    row(view, "revenue_idr").answer_button.click()
    assert "revenue_idr" not in view.answers()


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_f6_offers_the_special_answers_only_where_they_are_allowed(view: FormView, qtbot: Any) -> None:
    from PySide6.QtWidgets import QMenu

    view.open_question("met")
    press(qtbot, Qt.Key.Key_F6)
    assert row(view, "met").findChildren(QMenu) == []
    view.open_question("revenue_idr")
    press(qtbot, Qt.Key.Key_F6)
    menu = row(view, "revenue_idr").findChildren(QMenu)[0]
    assert [action.text() for action in menu.actions()] == ["Tidak tahu", "Menolak menjawab"]
    menu.actions()[1].trigger()
    menu.close()
    assert view.answers()["revenue_idr"] == "menolak"


def test_f2_goes_to_the_note_and_f1_opens_the_help(view: FormView, qtbot: Any) -> None:
    view.open_question("met")
    assert row(view, "met").help_label.isHidden()
    press(qtbot, Qt.Key.Key_F1)
    assert not row(view, "met").help_label.isHidden()
    press(qtbot, Qt.Key.Key_F2)
    assert cursor_in(view) == "stop_note"


def test_a_question_is_left_out_with_a_reason(view: FormView, qtbot: Any) -> None:
    view.open_section("2")
    photo = row(view, "photo")
    assert photo.waiver is not None
    photo.waiver.open_button.click()
    qtbot.keyClicks(photo.waiver.line, "kamera rusak")
    assert view.answers()["photo"] == {"waived": "kamera rusak"}
    photo.waiver.cancel_button.click()
    assert "photo" not in view.answers()


def test_computed_figures_are_live(view: FormView, qtbot: Any) -> None:
    view.open_section("2")
    view.open_question("revenue_idr")
    qtbot.keyClicks(QApplication.focusWidget(), "5")
    view.open_section("2")
    assert row(view, "double_idr").editor.findChild(QLabel).text() == "Rp10"


def test_a_finding_in_a_table_stands_in_its_cell(view: FormView, qtbot: Any) -> None:
    view.open_section("2")
    debts = row(view, "debts").editor
    debts.add_row()  # type: ignore[attr-defined]
    view.show_all_findings()
    cell = debts.frames[0].cells["lender"]  # type: ignore[attr-defined]
    assert cell.finding.text() == "Pemberi wajib diisi."


def test_escape_never_closes_the_form(view: FormView, qtbot: Any) -> None:
    view.open_question("met")
    press(qtbot, Qt.Key.Key_Escape)
    assert view.isVisible()
    assert cursor_in(view) == "met"


def test_optional_questions_say_so(view: FormView) -> None:
    assert not row(view, "stop_note").optional_label.isHidden()
    assert row(view, "met").optional_label.isHidden()


def test_the_sections_show_their_state_and_how_much_is_filled_in(view: FormView) -> None:
    view.show_answers({"met": "Ani", "revenue_idr": 5, "runs": True}, {})
    view.show_evaluation(judge(view.answers()))
    assert view.section_list.buttons["1"].state() == "complete"
    assert view.section_list.buttons["2"].state() == "empty"
    assert view.section_list.percent_label.text() == "75 % terisi"


def test_names_are_shown_literally_everywhere(view: FormView) -> None:
    view.show_answers({"met": "<b>Ani</b>"}, {})
    view.show_evaluation(judge(view.answers()))
    for label in view.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText, label.text()


def test_narrow_windows_stack_the_panes(view: FormView) -> None:
    view.resize(800, 620)
    assert view.side.indexOf(view.check_card) >= 0
    view.resize(1200, 620)
    assert view.panes.indexOf(view.check_card) >= 0


def test_sections_that_apply_are_numbered_without_gaps(qtbot: Any) -> None:
    from kube_field.domain.forms.catalogue import form
    from kube_field.domain.forms.declaration import Context
    from kube_field.domain.forms.evaluation import evaluate
    from kube_field.domain.records import RecordKind
    from tests.support.make_form import TODAY

    made = FormView(form(RecordKind.VISIT), around_of())
    qtbot.addWidget(made)
    made.show_evaluation(evaluate(made.form, {"met": "tidak_ada_orang"}, Context(today=TODAY)))
    shown = [button for button in made.section_list.buttons.values() if not button.isHidden()]
    assert len(shown) < len(made.form.sections)
    assert [button.accessibleName().split(" ")[0] for button in shown] == [str(n + 1) for n in range(len(shown))]
