"""Hands on the real window: types into editors, chooses, signs, presses buttons, and waits for what must follow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from kube_field.domain.records import Draft, RecordKind
from kube_field.ui.forms.choice_editors import ManyOfEditor, OneOfEditor, YesNoEditor
from kube_field.ui.forms.date_editor import DateEditor
from kube_field.ui.forms.editor import Editor
from kube_field.ui.forms.line_editors import LineEditor
from kube_field.ui.forms.location_editor import LocationEditor
from kube_field.ui.forms.long_text_editor import LongTextEditor
from kube_field.ui.forms.photo_editor import PhotoEditor
from kube_field.ui.forms.picker_editors import PickEditor
from kube_field.ui.forms.question_row import QuestionRow
from kube_field.ui.forms.rows_editor import RowsEditor
from kube_field.ui.forms.signature_editor import SignatureEditor
from kube_field.ui.widgets.choice_panel import ChoicePanel
from kube_field.ui.workplace import Workplace

PATIENCE_MS = 20_000
STROKES = (((0.1, 0.5), (0.3, 0.2), (0.5, 0.8), (0.9, 0.4)), ((0.2, 0.8), (0.8, 0.8)))


class Robot:
    """An officer at the keyboard of one workplace."""

    def __init__(self, qtbot: Any, workplace: Workplace, photo: Path) -> None:
        self.qtbot, self.work, self.photo = qtbot, workplace, photo

    # Waiting and pressing

    def wait(self, until: Any) -> None:
        """Let the window work until something holds."""
        self.qtbot.waitUntil(until, timeout=PATIENCE_MS)

    def sit(self) -> None:
        """Take this window to the front, as a click into it does: lists drop down only in the one that is active."""
        window = self.work.window
        if not window.isActiveWindow():
            window.activateWindow()
            self.wait(window.isActiveWindow)

    def press(self, button: QWidget) -> None:
        """Click a button once it can be clicked."""
        self.sit()
        self.wait(lambda: button.isVisible() and button.isEnabled())
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def type(self, field: QWidget, text: str) -> None:
        """Type into a field from its beginning."""
        self.sit()
        field.setFocus(Qt.FocusReason.TabFocusReason)
        self.qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.qtbot.keyClicks(field, text)

    def go(self, key: str) -> Any:
        """Open a page of the rail by its key."""
        self.work.window.rail.entry_chosen.emit(key)
        self.wait(lambda: self.work.window.current_page() == key)
        return self.work.window.page(key)

    def choose(self, panel: ChoicePanel, text: str) -> None:
        """Find one thing in a choosing panel and take it."""
        self.wait(panel.isVisible)
        if text:
            self.type(panel._edit, text)
        self.wait(lambda: panel._list.count() >= 1 and (not text or text in panel._list.item(0).text().casefold()))
        panel._list.itemClicked.emit(panel._list.item(0))

    # Forms

    @property
    def draft(self) -> Draft | None:
        """The draft in the form, as far as it is stored."""
        return self.work.form._draft

    def wait_for_form(self, kind: RecordKind) -> Any:
        """The form view once a form of this kind is shown."""
        page = self.work.window.page("form")

        def shown() -> bool:
            draft = self.draft
            there = draft is not None and draft.kind == kind and page.form_view is not None
            return there and self.work.window.current_page() == "form" and page.form_view.isVisible()

        self.wait(shown)
        return page.form_view

    def fill_form(self, kind: RecordKind, answers: Mapping[str, Any]) -> None:
        """Fill the form on view, question by question in its own order."""
        view = self.wait_for_form(kind)
        self.wait(lambda: view._evaluation is not None)
        unknown = set(answers) - {question.code for question in view.form.questions()}
        assert not unknown, unknown
        for question in view.form.questions():
            if question.code in answers and not question.fixed and question.compute is None:
                self.answer(view, question.code, answers[question.code])

    def answer(self, view: Any, code: str, value: Any) -> None:
        """Answer one question, once it is asked."""
        self.wait(lambda: code in view._evaluation.applicable)
        view.open_question(code)
        row: QuestionRow = view._views[view.current_section()].rows[code]
        self.wait(row.isVisible)
        if row.value() != value:
            self.enter(row.editor, value)
        assert row.value() is not None, code
        if isinstance(value, str | int | bool):
            assert row.value() == value, (code, row.value(), value)

    def enter(self, editor: Editor, value: Any) -> None:
        """Put a value into an editor as hands would."""
        for kinds, act in (
            (YesNoEditor, self._yes_no),
            (OneOfEditor, self._one_of),
            (ManyOfEditor, self._many_of),
            (DateEditor, self._day),
            (PickEditor, self._pick),
            (LineEditor, self._line),
            (LongTextEditor, self._long_text),
            (LocationEditor, self._location),
            (PhotoEditor, self._photos),
            (SignatureEditor, self._sign),
            (RowsEditor, self._rows),
        ):
            if isinstance(editor, kinds):
                act(editor, value)
                return
        raise AssertionError(type(editor).__name__)

    def _yes_no(self, editor: YesNoEditor, value: bool) -> None:
        self.qtbot.keyClick(editor.focus_widget(), Qt.Key.Key_Y if value else Qt.Key.Key_T)

    def _one_of(self, editor: OneOfEditor, value: Any) -> None:
        codes = [choice.code for choice in editor.question.choices]
        key = str(value) if str(value) in "01234" else str(codes.index(str(value)) + 1)
        self.qtbot.keyClicks(editor.focus_widget(), key)

    def _many_of(self, editor: ManyOfEditor, value: list[str]) -> None:
        for code in value:
            if not editor._boxes[code].isChecked():
                editor._boxes[code].click()

    def _day(self, editor: DateEditor, value: str) -> None:
        self.type(editor.line, date.fromisoformat(value).strftime("%d/%m/%Y"))

    def _line(self, editor: LineEditor, value: Any) -> None:
        self.type(editor.line, str(value) if isinstance(value, int) else editor.show_text(value))

    def _long_text(self, editor: LongTextEditor, value: str) -> None:
        self.type(editor.text, value)

    def _location(self, editor: LocationEditor, value: Mapping[str, Any]) -> None:
        self.type(editor.latitude, value["latitude"].replace(".", ","))
        self.type(editor.longitude, value["longitude"].replace(".", ","))
        self.type(editor.accuracy, str(value["accuracy_m"]))

    def _pick(self, editor: PickEditor, value: Any) -> None:
        words = editor.words(value)[0]
        self.type(editor.line, words)
        self.wait(editor.line.is_open)
        self.wait(lambda: any(text.startswith(words) for text in editor.line.drop.texts()))
        self.qtbot.keyClick(editor.line, Qt.Key.Key_Return)
        assert editor.value() == value, (editor.value(), value)

    def _photos(self, editor: PhotoEditor, value: list[Mapping[str, Any]]) -> None:
        for at, photo in enumerate(value):
            editor.add_files([self.photo])
            self.wait(lambda at=at: len(editor._cards) == at + 1)
            card = editor._cards[at]
            if card.kind is not None and photo.get("photo_kind"):
                self._pick(card.kind, photo["photo_kind"])
                editor.changed.emit()

    def _sign(self, editor: SignatureEditor, value: Mapping[str, Any]) -> None:
        self.type(editor.name, value["name"])
        pad = editor.pad
        for stroke in STROKES:
            points = [QPoint(round(x * pad.width()), round(y * pad.height())) for x, y in stroke]
            QTest.mousePress(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, points[0])
            for point in points[1:]:
                QTest.mouseMove(pad, point)
            QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, points[-1])
        assert len(pad.strokes()) == len(STROKES)

    def _rows(self, editor: RowsEditor, value: list[Mapping[str, Any]]) -> None:
        for at, row in enumerate(value):
            if at >= len(editor.frames):
                editor.add_button.click()
            cells = editor.frames[at].cells
            for code, cell in cells.items():
                if row.get(code) not in (None, cell.value()) and not cell.question.fixed:
                    self.enter(cell.editor, row[code])

    # Who is helped

    def register(self, household: Mapping[str, Any], person: Mapping[str, Any]) -> tuple[str, str]:
        """Search first, then a new family and its first person; uids of both."""
        self.go("people")
        self.work.open_page("register")
        page = self.work.window.page("register")
        self.type(page._nik, person["nik"])
        self.type(page._name, person["full_name"])
        self.wait(page._create.isEnabled)
        self.press(page._create)
        self.choose(page.family, "")
        rows = [{code: value for code, value in row.items() if code != "id"} for row in household["dtsen_rows"]]
        self.fill_form(RecordKind.HOUSEHOLD, {**household, "dtsen_rows": rows})
        family = self.finish()
        self.press(self.work.window.page("review").result.done_button)
        self.wait(lambda: self.work.window.current_page() == "home")
        home = self.work.window.page("home")
        self.wait(lambda: any(item.action == "continue_draft" for item in home.shown_items()))
        home.action_requested.emit(next(item for item in home.shown_items() if item.action == "continue_draft"))
        self.fill_form(RecordKind.PERSON, {code: value for code, value in person.items() if code != "household_id"})
        return family, self.finish()

    def open_profile(self, kind: RecordKind, uid: str) -> Any:
        """The page of a person, group or unit, once it is read."""
        self.work.navigate.open_profile(kind, uid)
        page = self.work.window.page("profile")
        self.wait(lambda: page._profile is not None and page._profile.uid == uid)
        return page

    def begin_business(self, person: str, unit: Mapping[str, Any]) -> str:
        """The first business of a person, from her own page."""
        page = self.open_profile(RecordKind.PERSON, person)
        page.tabs.setCurrentWidget(page.units)
        self.press(page.units.empty.button)
        told = {code: value for code, value in unit.items() if code not in ("owner_kind", "person_id")}
        self.fill_form(RecordKind.BUSINESS_UNIT, told)
        return self.finish()

    # The last step

    def finish(self, reason: str = "Sudah diperiksa kembali") -> str:
        """Review and store what is in the form; the uid of what was stored."""
        page, review = self.work.window.page("form"), self.work.window.page("review")
        draft = self.draft
        assert draft is not None
        self.press(page.review_button)
        self.wait(lambda: self.work.review._draft is not None and self.work.review._draft.uid == draft.uid)
        self.wait(review.findings_card.isVisible)
        for warning in review.findings_card.warnings:
            self.type(warning.line, reason)
        assert review._errors == 0, [link.text() for link in review.findings_card.holder.findChildren(QLabel)]
        self.press(review.finalise_button)
        self.wait(lambda: review.stack.currentWidget() is review.result)
        return self.work.review._stored_uid
