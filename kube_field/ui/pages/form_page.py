"""The page of a form: who and where on top, the form, and the way on at the bottom."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kube_field.domain.forms.declaration import Form
from kube_field.domain.forms.evaluation import Evaluation
from kube_field.domain.records import Answers
from kube_field.ui.forms.editor import Surroundings
from kube_field.ui.forms.form_view import FormView
from kube_field.ui.theme import Tone
from kube_field.ui.widgets.buttons import literal, primary_button, quiet_button, secondary_button
from kube_field.ui.widgets.chip import ChipLabel
from kube_field.ui.widgets.labels import ElidedLabel, HintLabel, make_label
from kube_field.ui.widgets.leaving import put_away
from kube_field.ui.widgets.notice_bar import NoticeBar


class FormPage(QWidget):
    """Sticky head (title, place, version, state, saved), the form, sticky foot (back, next, review).

    Signals: `answer_changed(code)`, `field_left(code)`, `section_shown(code)`, `review_requested()`, `left()` when
    the page or its window goes out of sight, `save_again_requested()`, `discard_requested()`.
    """

    answer_changed = Signal(str)
    field_left = Signal(str)
    section_shown = Signal(str)
    review_requested = Signal()
    save_again_requested = Signal()
    discard_requested = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.form_view: FormView | None = None
        self._review_words = ""
        self._build()
        self._connect()

    def _build(self) -> None:
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(24, 14, 24, 14)
        self.box.setSpacing(10)
        self.title_label = ElidedLabel("", "title")
        self.place_label = ElidedLabel("", "muted")
        self.chip = ChipLabel("", Tone.NEUTRAL)
        self.saved_label = make_label("", "quiet")
        self.saved_label.setAccessibleName(_("Keadaan penyimpanan"))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title_label)
        words.addWidget(self.place_label)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addLayout(words, 1)
        head.addWidget(self.chip)
        head.addWidget(self.saved_label)
        head.addWidget(self._make_discard_button())
        self.notice = NoticeBar()
        self.back_button = secondary_button("", "back")
        self.next_button = secondary_button("", "forward")
        self.next_button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.review_button = primary_button("")
        self.keys_label = HintLabel("", "muted")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.back_button)
        foot.addSpacing(8)
        foot.addWidget(self.keys_label, 1)
        foot.addWidget(self.next_button)
        foot.addWidget(self.review_button)
        self.box.addLayout(head)
        self.box.addWidget(self.notice)
        self.box.addStretch(1)
        self.box.addLayout(foot)
        self.keys_label.show_text(
            _("Enter berikutnya · F6 tidak tahu · F8 temuan berikut · Alt+= sama · Ctrl+Z urungkan")
        )

    def _make_discard_button(self) -> QWidget:
        self.discard_button = quiet_button(_("Buang draf"))
        self.discard_button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        return self.discard_button

    def _connect(self) -> None:
        self.back_button.clicked.connect(lambda: self._step(-1))
        self.next_button.clicked.connect(lambda: self._step(1))
        self.review_button.clicked.connect(self.review_requested)
        self.discard_button.clicked.connect(self.discard_requested)

    def show_form(
        self,
        form: Form,
        around: Surroundings,
        answers: Answers,
        previous: Answers,
        notes: Mapping[str, str] | None = None,
    ) -> None:
        """Build the form with its answers; a form that was there goes."""
        if self.form_view is not None:
            self.box.removeWidget(self.form_view)
            put_away(self.form_view)
        else:
            self.box.takeAt(2)
        view = FormView(form, around, parent=self)
        self.form_view = view
        self.box.insertWidget(2, view, 1)
        view.answer_changed.connect(self.answer_changed)
        view.field_left.connect(self.field_left)
        view.section_shown.connect(self._section_shown)
        view.show_answers(answers, previous, notes)

    def begin_typing(self) -> None:
        """Put the cursor into the first question of the section on view."""
        if self.form_view is not None:
            self.form_view.begin_typing()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The page was opened: what can be filled in first gets the cursor."""
        super().focusInEvent(event)
        self.begin_typing()

    def show_head(self, title: str, place: str, review_words: str, *, may_discard: bool = True) -> None:
        """Who, where, which visit, which version; what the last step is called, and whether the draft may go."""
        self.discard_button.setVisible(may_discard)
        self.title_label.show_text(title)
        self.place_label.show_text(place)
        self.review_button.setText(literal(review_words))
        self.review_button.setAccessibleName(review_words)

    def show_evaluation(self, evaluation: Evaluation) -> None:
        """What the form says about the answers."""
        if self.form_view is not None:
            self.form_view.show_evaluation(evaluation)
            self._show_steps()

    def show_chip(self, text: str, tone: Tone) -> None:
        """The state of the draft."""
        self.chip.show_chip(text, tone)

    def show_saved(self, clock: str) -> None:
        """The durable save returned at this clock time; a complaint about saving goes."""
        self.saved_label.setText(_("Tersimpan {clock}").format(clock=clock))
        self.notice.dismiss()

    def show_unsaved(self) -> None:
        """Something was typed that is not stored yet."""
        self.saved_label.setText(_("Menyimpan…"))

    def show_save_failure(self, sentence: str, action: str) -> None:
        """Saving failed: it stays on view, what was typed stays in memory."""
        self.saved_label.setText(_("Belum tersimpan"))
        text = " ".join(part for part in (sentence, action, _("Isian tetap ada selama jendela ini terbuka.")) if part)
        self.notice.show_notice(text, _("Simpan lagi"), self.save_again_requested.emit, critical=True)

    def _section_shown(self, code: str) -> None:
        self._show_steps()
        self.section_shown.emit(code)

    def _show_steps(self) -> None:
        view = self.form_view
        if view is None:
            return
        words = {section.code: _(section.title) for section in view.form.sections}
        titles = {
            code: _("{n}. {title}").format(n=number, title=words[code])
            for number, code in enumerate(view.sections_on_view(), start=1)
        }
        for button, step in ((self.back_button, -1), (self.next_button, 1)):
            code = view.neighbour(step)
            title = titles.get(code, "")
            button.setText(literal(title))
            button.setAccessibleName(title)
            button.setVisible(bool(code))

    def _step(self, step: int) -> None:
        if self.form_view is not None:
            self.form_view.step_section(step)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: D102
        super().hideEvent(event)
        self.left.emit()

    def changeEvent(self, event: QEvent) -> None:  # noqa: D102
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.left.emit()
