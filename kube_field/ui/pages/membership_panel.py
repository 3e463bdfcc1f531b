"""A question about one membership inside the page: when and why somebody leaves, or which office they take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Question, Required
from kube_field.domain.records import RecordKind
from kube_field.ui.forms.editor import Surroundings
from kube_field.ui.pages.question_grid import Placed, QuestionGrid
from kube_field.ui.widgets.buttons import primary_button, quiet_button
from kube_field.ui.widgets.labels import make_label
from kube_field.usecases.groups import ROLE_CHANGE
from kube_field.usecases.views import MemberRow


def leaving_questions() -> list[Placed]:
    """When, why, who instead, a note."""
    asked = _asked()
    causes = tuple(choice for choice in asked["leave_reason"].choices if choice.code != ROLE_CHANGE)
    return [
        Placed(_needed(asked["left_on"]), 0, 0, 1, _("Keluar tanggal")),
        Placed(_needed(replace(asked["leave_reason"], choices=causes)), 0, 1),
        Placed(asked["replaced_by"], 1, 0),
        Placed(asked["note"], 1, 1),
    ]


def role_questions() -> list[Placed]:
    """Which office from when on, and a note."""
    asked = _asked()
    return [
        Placed(_needed(asked["role"]), 0, 0, 2, _("Jabatan baru")),
        Placed(_needed(asked["joined_on"]), 0, 1, 2, _("Mulai tanggal")),
        Placed(asked["note"], 0, 2, 3),
    ]


def newcomer_questions() -> list[Placed]:
    """As what and from when on."""
    asked = _asked()
    return [Placed(_needed(asked["role"]), 0, 0), Placed(_needed(asked["joined_on"]), 0, 1)]


def _asked() -> dict[str, Question]:
    return {question.code: question for question in form(RecordKind.MEMBERSHIP).questions()}


def _needed(question: Question) -> Question:
    return replace(question, required=Required.FINAL)


class MembershipPanel(QFrame):
    """Hidden until `ask`; Enter goes on and at the end confirms, Esc cancels.

    Signals: given(membership uid, answers), closed().
    """

    given = Signal(str, object)
    closed = Signal()

    def __init__(
        self, placed: Sequence[Placed], confirm_text: str, around: Surroundings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._uid = ""
        self._around = around
        self._needs = [place.question.code for place in placed if place.question.required != Required.NO]
        self.setObjectName("card")
        self._title = make_label("", "strong", wraps=True)
        self.fields = QuestionGrid(placed, around)
        self.confirm = primary_button(confirm_text)
        self._cancel = quiet_button(_("Batal"))
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._cancel)
        foot.addWidget(self.confirm)
        column = QVBoxLayout(self)
        column.addWidget(self._title)
        column.addWidget(self.fields)
        column.addLayout(foot)
        self.confirm.clicked.connect(self._on_confirm)
        self._cancel.clicked.connect(self.close_panel)
        self.hide()

    def ask(self, member: MemberRow, title: str, day_code: str) -> None:
        """Show the question about a member; the day is today unless the officer says otherwise."""
        self.ask_about(member.uid, title, day_code)

    def ask_about(self, uid: str, title: str, day_code: str) -> None:
        """Show the question about any record; the day is today unless the officer says otherwise."""
        self._uid = uid
        self._title.setText(title)
        self.fields.show_answers({day_code: self._around.day().isoformat()})
        self.show()
        self.fields.start_typing()

    def close_panel(self) -> None:
        """Put the question away."""
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc cancels; Enter goes on."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_confirm() if self.fields.is_in_last_field() else self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def _on_confirm(self) -> None:
        self.fields.settle()
        told = self.fields.answers()
        missing = [code for code in self._needs if code not in told]
        for code in self._needs:
            self.fields.say(code, _("Perlu diisi.") if code in missing else "")
        if missing:
            self.fields.start_typing(missing[0])
        else:
            self.given.emit(self._uid, told)
