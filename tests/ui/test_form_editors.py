"""Every kind of answer can be typed, is understood, and comes back as it was."""

from __future__ import annotations

import gc
import json
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from kube_field.domain.forms.declaration import Kind, Question, choices
from kube_field.reference import load_reference
from kube_field.ui.forms.choice_editors import ManyOfEditor, OneOfEditor
from kube_field.ui.forms.editor import Editor, Option
from kube_field.ui.forms.editors import make_editor
from kube_field.ui.forms.line_editors import MoneyEditor
from kube_field.ui.forms.photo_editor import PhotoEditor
from kube_field.ui.forms.picker_editors import RecordEditor, RegionEditor, SearchChoiceEditor
from kube_field.ui.forms.rows_editor import RowsEditor
from kube_field.ui.forms.signature_editor import SignatureEditor
from kube_field.ui.widgets.signature_pad import MAX_BYTES, thinned
from tests.support.make_form import around_of, question

FEW = choices(("a", "Satu"), ("b", "Dua"), ("c", "Tiga"))
MANY = choices(*((str(n), f"Pilihan {n}") for n in range(1, 12)))
LEVELS = choices(("0", "Tidak ada"), ("1", "Sedikit"), ("2", "Banyak"))


@pytest.fixture
def shown(qtbot: Any) -> Callable[..., Any]:
    def show(kind: Kind, around: Any = None, **changes: Any) -> Any:
        editor = make_editor(question(kind, **changes), around or around_of())
        qtbot.addWidget(editor)
        with qtbot.waitExposed(editor):
            editor.show()
        editor.activateWindow()
        return editor

    return show


def type_into(qtbot: Any, editor: Editor, text: str) -> None:
    editor.start_typing()
    line = editor.focus_widget()
    line.clear()
    qtbot.keyClicks(line, text)


@pytest.mark.parametrize(
    ("kind", "typed", "understood", "left"),
    [
        (Kind.TEXT, "  Ibu Sari ", "Ibu Sari", "Ibu Sari"),
        (Kind.NAME, "Sri   Wahyuni", "Sri Wahyuni", "Sri Wahyuni"),
        (Kind.INTEGER, "20", 20, "20"),
        (Kind.INTEGER, "dua", "dua", "dua"),
        (Kind.DECIMAL, "1,50", "1.50", "1,50"),
        (Kind.DECIMAL, "01.5", "1.5", "1,5"),
        (Kind.RUPIAH, "1250000", 1_250_000, "1.250.000"),
        (Kind.RUPIAH, "1.250.000", 1_250_000, "1.250.000"),
        (Kind.RUPIAH, "1,5 jt", 1_500_000, "1.500.000"),
        (Kind.RUPIAH, "250rb", 250_000, "250.000"),
        (Kind.RUPIAH, "0", 0, "0"),
        (Kind.DATE, "5/6/2026", "2026-06-05", "05/06/2026"),
        (Kind.DATE, "5 Januari 2026", "2026-01-05", "05/01/2026"),
        (Kind.DATE, "kemarin dulu", "kemarin dulu", "kemarin dulu"),
        (Kind.DATE, "01122026", "2026-12-01", "01/12/2026"),
        (Kind.DATE, "31022026", "31022026", "31022026"),
        (Kind.TIME, "930", "09:30", "09.30"),
        (Kind.TIME, "5", "05:00", "05.00"),
        (Kind.TIME, "24", "24", "24"),
        (Kind.TIME, "10:05", "10:05", "10.05"),
        (Kind.TIME, "25.00", "25.00", "25.00"),
        (Kind.NIK, "6402124806689901", "6402124806689901", "6402 1248 0668 9901"),
        (Kind.KK, "6402 1212 0413 9801", "6402121204139801", "6402 1212 0413 9801"),
        (Kind.PHONE, "0811-2000-3344", "+6281120003344", "0811-2000-3344"),
    ],
)
def test_what_is_typed_is_understood_and_shown_in_its_usual_form(
    shown: Any, qtbot: Any, kind: Kind, typed: str, understood: Any, left: str
) -> None:
    editor = shown(kind)
    type_into(qtbot, editor, typed)
    assert editor.value() == understood
    editor.settle()
    assert editor.focus_widget().text() == left
    assert editor.value() == understood


def test_thousands_dots_appear_while_typing_and_the_cursor_stays_behind_its_digit(shown: Any, qtbot: Any) -> None:
    editor = shown(Kind.RUPIAH)
    type_into(qtbot, editor, "1250000")
    assert editor.line.text() == "1.250.000"
    editor.line.setCursorPosition(1)
    qtbot.keyClicks(editor.line, "9")
    assert editor.line.text() == "19.250.000"
    assert editor.line.cursorPosition() == 2


def test_a_point_meant_as_a_decimal_comma_never_becomes_ten_times_the_amount(shown: Any, qtbot: Any) -> None:
    editor = shown(Kind.RUPIAH)
    type_into(qtbot, editor, "1.5 jt")
    assert editor.value() != 15_000_000
    assert not isinstance(editor.value(), int)


def test_an_amount_in_words_says_what_was_understood(shown: Any, qtbot: Any) -> None:
    editor = shown(Kind.RUPIAH)
    echoes: list[str] = []
    editor.echoed.connect(echoes.append)
    type_into(qtbot, editor, "1,5 jt")
    assert echoes[-1] == "Dibaca Rp1.500.000"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.integers(min_value=0, max_value=99_999_999_999))
def test_every_amount_comes_back_as_it_was(qtbot: Any, amount: int) -> None:
    editor = MoneyEditor(question(Kind.RUPIAH), around_of())
    qtbot.addWidget(editor)
    editor.set_value(amount)
    assert editor.value() == amount
    editor.settle()
    assert editor.value() == amount


def test_blank_is_not_zero(shown: Any) -> None:
    editor = shown(Kind.RUPIAH)
    assert editor.value() is None
    editor.set_value(0)
    assert editor.value() == 0


def test_yes_and_no_answer_to_y_and_t(shown: Any, qtbot: Any) -> None:
    editor = shown(Kind.YES_NO)
    assert editor.value() is None
    editor.start_typing()
    qtbot.keyClick(editor.focus_widget(), Qt.Key.Key_T)
    assert editor.value() is False
    qtbot.keyClick(editor.focus_widget(), Qt.Key.Key_Y)
    assert editor.value() is True


def test_a_digit_chooses_an_option(shown: Any, qtbot: Any) -> None:
    editor = shown(Kind.ONE_OF, choices=FEW)
    assert isinstance(editor, OneOfEditor)
    editor.start_typing()
    qtbot.keyClick(editor.focus_widget(), Qt.Key.Key_2)
    assert editor.value() == "b"


def test_a_level_is_chosen_by_its_own_digit_and_stored_as_a_number(shown: Any, qtbot: Any) -> None:
    editor = shown(Kind.LEVEL, choices=LEVELS)
    editor.start_typing()
    qtbot.keyClick(editor.focus_widget(), Qt.Key.Key_0)
    assert editor.value() == 0
    assert type(editor.value()) is int


def test_a_retired_choice_shows_only_where_it_was_chosen(shown: Any) -> None:
    from kube_field.domain.forms.declaration import Choice

    editor = shown(Kind.ONE_OF, choices=(*FEW, Choice("lama", "Lama", active=False)))
    assert editor._buttons["lama"].isHidden()
    editor.set_value("lama")
    assert not editor._buttons["lama"].isHidden()
    assert editor.value() == "lama"


def test_more_than_seven_choices_are_searched_by_typing(shown: Any, qtbot: Any) -> None:
    editor = shown(Kind.ONE_OF, choices=MANY)
    assert isinstance(editor, SearchChoiceEditor)
    type_into(qtbot, editor, "han 11")
    editor.line.look()
    qtbot.keyClick(editor.line, Qt.Key.Key_Return)
    assert editor.value() == "11"
    assert editor.line.text() == "Pilihan 11"


def test_a_text_that_is_no_choice_stays_and_is_not_taken_for_one(shown: Any, qtbot: Any) -> None:
    editor = shown(Kind.ONE_OF, choices=MANY)
    type_into(qtbot, editor, "entah")
    assert editor.value() == "entah"


def test_escape_closes_the_options_and_keeps_the_text(shown: Any, qtbot: Any) -> None:
    editor = shown(Kind.ONE_OF, choices=MANY)
    type_into(qtbot, editor, "Pilihan")
    editor.line.look()
    assert editor.line.is_open()
    qtbot.keyClick(editor.line, Qt.Key.Key_Escape)
    assert not editor.line.is_open()
    assert editor.line.text() == "Pilihan"


def test_several_choices_keep_the_order_of_the_form(shown: Any, qtbot: Any) -> None:
    editor = shown(Kind.MANY_OF, choices=FEW)
    assert isinstance(editor, ManyOfEditor)
    editor.start_typing()
    qtbot.keyClick(editor.focus_widget(), Qt.Key.Key_3)
    qtbot.keyClick(editor.focus_widget(), Qt.Key.Key_1)
    assert editor.value() == ["a", "c"]


def test_none_of_these_excludes_the_others(shown: Any) -> None:
    from kube_field.domain.forms.codes import NONE

    editor = shown(Kind.MANY_OF, choices=(*FEW, *choices((NONE, "Tidak ada"))))
    editor._boxes["a"].click()
    editor._boxes[NONE].click()
    assert editor.value() == [NONE]
    editor._boxes["b"].click()
    assert editor.value() == ["b"]


def test_a_village_is_found_by_typing_and_shown_with_its_kecamatan(shown: Any, qtbot: Any) -> None:
    regions = load_reference().regions
    editor = shown(Kind.REGION, around_of(regions=regions, areas=("64.02",)))
    assert isinstance(editor, RegionEditor)
    echoes: list[str] = []
    editor.echoed.connect(echoes.append)
    type_into(qtbot, editor, "long lalang")
    editor.line.look()
    qtbot.keyClick(editor.line, Qt.Key.Key_Return)
    assert regions.full_name(editor.value()).startswith("Long Lalang")
    assert "Kec. Tabang" in echoes[-1]


def test_a_person_is_taken_from_what_the_search_brings(shown: Any, qtbot: Any) -> None:
    asked: list[tuple[str, str]] = []

    def find(kind: Any, text: str, deliver: Any) -> None:
        asked.append((kind, text))
        deliver([Option({"uid": "p1", "name": "Melati Contoh"}, "Melati Contoh", "Long Lalang")])

    editor = shown(Kind.PERSON, around_of(find_records=find))
    assert isinstance(editor, RecordEditor)
    type_into(qtbot, editor, "mel")
    assert editor.value() == {"uid": "", "name": "mel"}
    editor.line.look()
    qtbot.keyClick(editor.line, Qt.Key.Key_Return)
    assert editor.value() == {"uid": "p1", "name": "Melati Contoh"}
    assert asked[-1] == ("person", "mel")


def test_a_place_is_typed_pasted_or_not_available(shown: Any, qtbot: Any) -> None:
    editor = shown(Kind.LOCATION)
    type_into(qtbot, editor, "-0,502106")
    qtbot.keyClicks(editor.longitude, "117,153709")
    qtbot.keyClicks(editor.accuracy, "12")
    assert editor.value() == {"latitude": "-0.502106", "longitude": "117.153709", "accuracy_m": 12}
    editor.latitude.setText("")
    editor._typed("-0.5, 117.1")
    assert editor.value()["longitude"] == "117.1"
    editor.none.click()
    assert editor.value() == {"note": "tidak tersedia"}
    editor.none.click()
    assert editor.value()["latitude"] == "-0.5"


def test_a_signature_is_drawn_named_and_wiped(shown: Any, qtbot: Any) -> None:
    editor = shown(Kind.SIGNATURE)
    assert isinstance(editor, SignatureEditor)
    type_into(qtbot, editor, "Melati")
    pad = editor.pad
    qtbot.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    for step in range(1, 12):
        qtbot.mouseMove(pad, QPoint(10 + step * 8, 10 + step * 4))
    qtbot.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(120, 60))
    value = editor.value()
    assert value["name"] == "Melati"
    assert all(isinstance(number, int) for stroke in value["strokes"] for point in stroke for number in point)
    editor.clear_button.click()
    assert editor.value() == {"name": "Melati", "strokes": []}


@given(st.lists(st.lists(st.lists(st.integers(0, 600), min_size=2, max_size=2), min_size=1, max_size=400), max_size=12))
def test_a_signature_always_fits_into_eight_kilobytes(strokes: list[Any]) -> None:
    kept = thinned(strokes)
    assert len(json.dumps(kept, separators=(",", ":"))) <= MAX_BYTES
    assert [stroke[0] for stroke in kept] == [stroke[0] for stroke in strokes]


def test_photos_come_from_files_with_kind_and_caption(shown: Any, qtbot: Any) -> None:
    added: list[Path] = []

    def add(path: Path, done: Any, failed: Any) -> None:
        added.append(path)
        if path.suffix == ".txt":
            failed("Berkas ini bukan foto.")
        else:
            done({"id": f"f{len(added)}", "sha256": "0" * 64, "size": 2048, "mime": "image/jpeg"})

    editor = shown(Kind.PHOTO, around_of(add_photo=add), choices=FEW, at_most=2)
    assert isinstance(editor, PhotoEditor)
    editor.add_files([Path("a.jpg"), Path("b.txt")])
    assert editor.trouble.text() == "Berkas ini bukan foto."
    card = editor._cards[0]
    assert card.kind is not None
    card.kind.set_value("b")
    qtbot.keyClicks(card.caption, "Dari depan")
    assert editor.value() == [
        {"id": "f1", "sha256": "0" * 64, "size": 2048, "mime": "image/jpeg", "photo_kind": "b", "caption": "Dari depan"}
    ]
    editor.add_files([Path("c.jpg")])
    assert editor.add_button.isHidden()
    card = editor._cards[0]
    card.remove_button.click()
    assert [photo["id"] for photo in editor.value()] == ["f3"]


TABLE = (
    Question(code="lender", label="Pemberi", kind=Kind.TEXT),
    Question(code="balance_idr", label="Sisa", kind=Kind.RUPIAH, may_be_unknown=True),
)


def test_a_row_is_added_filled_in_struck_with_a_reason_and_brought_back(shown: Any, qtbot: Any) -> None:
    editor = shown(Kind.ROWS, columns=TABLE)
    assert isinstance(editor, RowsEditor)
    editor.add_button.click()
    frame = editor.frames[0]
    qtbot.keyClicks(frame.cells["lender"].editor.focus_widget(), "Koperasi")
    qtbot.keyClicks(frame.cells["balance_idr"].editor.focus_widget(), "500rb")
    filled = {"id": "row-1", "lender": "Koperasi", "balance_idr": 500_000}
    assert editor.value() == [filled]
    frame.strike_button.click()
    frame.reason_line.setText("salah catat")
    frame._strike()
    assert editor.value() == [{**filled, "struck": "salah catat"}]
    frame.restore_button.click()
    assert editor.value() == [filled]


def test_a_given_row_has_its_statement_as_title_and_cannot_be_struck(qtbot: Any) -> None:
    given = (
        Question(code="item", label="Persetujuan", kind=Kind.ONE_OF, choices=FEW, fixed=True),
        Question(code="given", label="Bersedia", kind=Kind.YES_NO),
    )
    editor = make_editor(question(Kind.ROWS, columns=given), around_of())
    qtbot.addWidget(editor)
    assert isinstance(editor, RowsEditor)
    editor.set_value([{"id": "row-1", "item": "b", "given": False}])
    frame = editor.frames[0]
    assert frame.title.text() == "Dua"
    assert frame.cells["item"].isHidden()
    assert frame.strike_button.isHidden()
    assert editor.add_button.isHidden()
    assert editor.value() == [{"id": "row-1", "item": "b", "given": False}]


def test_a_row_that_leaves_is_held_by_nothing(shown: Any, qapp: Any) -> None:
    editor = shown(Kind.ROWS, columns=TABLE)
    editor.add_row()
    frame = weakref.ref(editor.frames[0])
    editor.frames[0].strike_button.click()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert editor.value() is None
    assert frame() is None


def test_a_bare_hour_and_a_bare_date_say_what_was_understood(shown: Any, qtbot: Any) -> None:
    clock = shown(Kind.TIME)
    said: list[str] = []
    clock.echoed.connect(said.append)
    type_into(qtbot, clock, "5")
    assert said[-1] == "Dibaca 05.00"
    clock.settle()
    assert said[-1] == ""
    day = shown(Kind.DATE)
    day.resize(600, day.height())
    type_into(qtbot, day, "01122026")
    assert day.words.whole_text() == "Selasa, 1 Desember 2026"


def test_the_words_of_a_date_go_under_it_where_the_row_is_narrow(shown: Any, qtbot: Any) -> None:
    day = shown(Kind.DATE)
    said: list[str] = []
    day.echoed.connect(said.append)
    day.resize(230, day.height())
    type_into(qtbot, day, "01122026")
    assert (day.words.whole_text(), said[-1]) == ("", "Selasa, 1 Desember 2026")


def test_a_long_name_shows_its_beginning_once_the_field_is_left(shown: Any, qtbot: Any) -> None:
    editor = shown(Kind.NAME)
    editor.line.clearFocus()
    editor.set_value("Hj. Anggrek Hutan Khatulistiwa Rimba Mahakam binti Abdurrahman")
    assert editor.line.cursorPosition() == 0
    type_into(qtbot, editor, "Sri Wahyuni")
    assert editor.line.cursorPosition() == len("Sri Wahyuni")
    editor.line.clearFocus()
    assert editor.line.cursorPosition() == 0


def test_an_empty_row_leaves_without_a_reason(shown: Any) -> None:
    editor = shown(Kind.ROWS, columns=TABLE)
    editor.add_row()
    editor.frames[0].strike_button.click()
    assert editor.value() is None


def test_unknown_is_an_answer_inside_a_table_too(shown: Any) -> None:
    editor = shown(Kind.ROWS, columns=TABLE)
    editor.add_row()
    editor.frames[0].cells["balance_idr"].special_button.click()
    assert editor.value() == [{"id": "row-1", "balance_idr": "tidak_tahu"}]


def test_what_a_row_holds_besides_its_columns_is_kept(shown: Any) -> None:
    editor = shown(Kind.ROWS, columns=TABLE)
    row = {"id": "x", "lender": "Bank", "from_server": 3}
    editor.set_value([row])
    assert editor.value() == [row]


@pytest.mark.parametrize("kind", [Kind.RUPIAH, Kind.INTEGER, Kind.DATE, Kind.ONE_OF, Kind.MANY_OF, Kind.TIME])
def test_the_wheel_never_changes_an_answer(shown: Any, kind: Kind) -> None:
    editor = shown(kind, choices=MANY if kind == Kind.ONE_OF else FEW)
    before = editor.value()
    target = editor.focus_widget()
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(target, event)
    assert editor.value() == before


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.TEXT, "<b>Ani</b> & anak"),
        (Kind.LONG_TEXT, "dua\nbaris <i>x</i>"),
        (Kind.INTEGER, 7),
        (Kind.DECIMAL, "1.5"),
        (Kind.DATE, "2026-11-23"),
        (Kind.TIME, "10:30"),
        (Kind.YES_NO, False),
        (Kind.NIK, "6402124806689901"),
        (Kind.PHONE, "+6281200000001"),
        (Kind.NAME, "O'Neil"),
        (Kind.PERSON, {"uid": "p", "name": "<b>Ani</b>"}),
        (Kind.LOCATION, {"latitude": "-0.1", "longitude": "117.1"}),
        (Kind.SIGNATURE, {"name": "Ani", "strokes": [[[1, 2], [30, 40]]]}),
    ],
)
def test_a_stored_answer_is_not_changed_by_looking_at_it(shown: Any, kind: Kind, value: Any) -> None:
    editor = shown(kind)
    changed: list[bool] = []
    editor.changed.connect(lambda: changed.append(True))
    editor.set_value(value)
    editor.settle()
    assert editor.value() == value
    assert changed == []


def test_a_retired_choice_that_an_old_answer_holds_stands_under_the_others(shown: Any) -> None:
    from kube_field.domain.forms.declaration import Choice

    retired = Choice("lama", "Pilihan lama", active=False)
    editor = shown(Kind.MANY_OF, choices=(*FEW, retired))
    assert isinstance(editor, ManyOfEditor)
    editor.set_value(["lama"])
    boxes = list(editor._boxes.values())
    QApplication.processEvents()
    assert boxes[-1].x() == boxes[0].x()
    assert boxes[-1].y() > boxes[-2].y()
