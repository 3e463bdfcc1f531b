"""Petugas di laptop ini: who works here and what of each waits; adding a colleague, changing one's own password."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from gettext import gettext as _

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from kube_field.ui.pages.officer_forms import AddOfficerForm, OfficerForm, PasswordForm
from kube_field.ui.pages.page_frame import clear_layout
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import quiet_button, secondary_button
from kube_field.ui.widgets.labels import ElidedLabel, make_label, make_line

JudgePassword = Callable[[str, str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class OfficerLine:
    """An officer of this laptop; `at_work` is the one who unlocked it, `enrolled` one whom the server knows."""

    user: str
    name: str
    unsent: int
    at_work: bool = False
    enrolled: bool = True


class OfficersCard(QWidget):
    """`judge_password(password, user)` gives what is wrong with a password, in words.

    Signals: add_requested(user, code, password), change_requested(old, new), form_opened(QWidget).
    """

    add_requested = Signal(str, str, str)
    change_requested = Signal(str, str)
    form_opened = Signal(object)

    def __init__(self, judge_password: JudgePassword, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self._user = ""
        self.adding = AddOfficerForm(judge_password)
        self.changing = PasswordForm(lambda password: judge_password(password, self._user))
        self._build()
        self._connect()

    def _build(self) -> None:
        px = current_theme().px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(8), px(12), 0)
        column.setSpacing(px(8))
        self.add_button = secondary_button(_("Tambah petugas"))
        self.change_button = quiet_button(_("Ganti kata sandi"))
        head = QHBoxLayout()
        head.addWidget(make_label(_("Petugas di laptop ini"), "heading"), 1)
        head.addWidget(self.change_button)
        head.addWidget(self.add_button)
        column.addLayout(head)
        column.addWidget(make_line())
        self._lines = QVBoxLayout()
        self._lines.setSpacing(px(6))
        column.addLayout(self._lines)
        words = _("Setiap petugas membuka laptop dengan kata sandinya sendiri dan mengirim semua yang menunggu.")
        column.addWidget(make_label(words, "muted", wraps=True))
        for form in (self.adding, self.changing):
            form.hide()
            column.addWidget(form)

    def _connect(self) -> None:
        self.add_button.clicked.connect(lambda: self._open(self.adding))
        self.change_button.clicked.connect(lambda: self._open(self.changing))
        self.adding.given.connect(self.add_requested)
        self.changing.given.connect(self.change_requested)
        for form in (self.adding, self.changing):
            form.closed.connect(self._follow)

    def show_officers(self, officers: Sequence[OfficerLine]) -> None:
        """Show who works on this laptop."""
        clear_layout(self._lines)
        self._user = next((officer.user for officer in officers if officer.at_work), "")
        for officer in officers:
            self._lines.addLayout(_line(officer))

    def show_enrolled(self, enrolled: bool) -> None:
        """Officers are added once the laptop itself is enrolled."""
        self.add_button.setEnabled(enrolled)
        self.add_button.setToolTip("" if enrolled else _("Petugas pertama mendaftarkan laptop ini dulu."))

    def show_done(self) -> None:
        """What was asked is done: the form goes away with everything typed in it."""
        for form in (self.adding, self.changing):
            form.close_form()

    def show_problem(self, words: str) -> None:
        """Say in the open form why it did not work; what was typed stays."""
        for form in (self.adding, self.changing):
            if not form.isHidden():
                form.show_problem(words)
                self.form_opened.emit(form)

    def _open(self, form: OfficerForm) -> None:
        other = self.changing if form is self.adding else self.adding
        other.close_form()
        form.open_form()
        self._follow()
        self.form_opened.emit(form)

    def _follow(self) -> None:
        for form, button in ((self.adding, self.add_button), (self.changing, self.change_button)):
            button.setVisible(form.isHidden())


def _line(officer: OfficerLine) -> QGridLayout:
    name = _("{name} (Anda)").format(name=officer.name) if officer.at_work else officer.name
    facts = [_("masuk sebagai {user}").format(user=officer.user)]
    if not officer.enrolled:
        facts.append(_("belum didaftarkan ke server"))
    waits = _("{n} belum terkirim").format(n=officer.unsent) if officer.unsent else _("semua terkirim")
    grid = QGridLayout()
    grid.setHorizontalSpacing(current_theme().px(16))
    for at, (label, share) in enumerate(
        ((ElidedLabel(name, "strong"), 3), (ElidedLabel(" · ".join(facts), "quiet"), 3), (ElidedLabel(waits), 2))
    ):
        grid.addWidget(label, 0, at)
        grid.setColumnStretch(at, share)
    return grid
