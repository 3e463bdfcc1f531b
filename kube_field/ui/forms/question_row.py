"""One question on screen: label and help, editor, last time's answer with Sama, findings, special answers, waiving."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from kube_field.domain.forms.declaration import Finding, Kind, Proposed, Question, Required, Severity
from kube_field.domain.forms.evaluation import is_blank, is_waived
from kube_field.ui.formats import percent_change
from kube_field.ui.forms.answer_text import previous_text
from kube_field.ui.forms.editor import Surroundings
from kube_field.ui.forms.editors import make_editor
from kube_field.ui.forms.proposal_line import ProposalLine
from kube_field.ui.forms.rows_editor import RowsEditor
from kube_field.ui.forms.waiver import WaiverBox
from kube_field.ui.forms.week_grid import WeekGrid
from kube_field.ui.texts import special_words
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.buttons import icon_button, quiet_button, small_button
from kube_field.ui.widgets.labels import hide_unless, make_label
from kube_field.ui.widgets.sign_mark import SignedLine

LABEL_WIDTH, PREVIOUS_WIDTH = 160, 112
FULL_WIDTH_KINDS = frozenset({Kind.ROWS, Kind.PHOTO, Kind.SIGNATURE})
CHOICE_KINDS = frozenset({Kind.YES_NO, Kind.ONE_OF, Kind.MANY_OF, Kind.LEVEL})
SHOWN_FINDINGS = 3


class QuestionRow(QWidget):
    """Everything about one question; `code` names it. A `short` one has its label above and little around it.

    Signals: `changed(code)` whenever the officer's answer changes.
    """

    changed = Signal(str)

    def __init__(
        self,
        question: Question,
        around: Surroundings,
        parent: QWidget | None = None,
        *,
        compact: bool = False,
        sentence: bool = False,
        short: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self.question, self.around, self.code = question, around, question.code
        self.is_short = short
        self.is_wide = short or question.wide or question.kind in FULL_WIDTH_KINDS
        self.is_sentence = sentence and question.kind == Kind.YES_NO
        self._special = ""
        self._previous: Any = None
        self.editor = make_editor(question, around, compact=compact)
        self._build()
        self.editor.changed.connect(self._edited)
        self.editor.echoed.connect(self._show_echo)

    def _build(self) -> None:
        theme = current_theme()
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(8)
        self.grid.setVerticalSpacing(4)
        wide = self.is_wide
        self.grid.setColumnMinimumWidth(0, 0 if wide else theme.px(LABEL_WIDTH))
        self.grid.setColumnStretch(0 if self.is_sentence else 1, 1)
        self.grid.addWidget(self._make_head(), 0, 0, 1, 4 if wide else 1, Qt.AlignmentFlag.AlignTop)
        content = self._make_content()
        has_previous = self.question.shows_previous and not wide
        self.grid.addWidget(content, 1 if wide else 0, 0 if wide else 1, 1, 4 if wide else (1 if has_previous else 3))
        self._add_previous(wide)
        if self.is_sentence:
            self.grid.addWidget(self.proposal_line, 1, 0, 1, 4)

    def _make_head(self) -> QWidget:
        head = QWidget()
        head.setObjectName("clear")
        if not self.is_wide and not self.is_sentence:
            head.setFixedWidth(current_theme().px(LABEL_WIDTH))
        box = QVBoxLayout(head)
        top = 0 if self.is_wide else 4 if self.question.kind in CHOICE_KINDS else 6
        box.setContentsMargins(0, current_theme().px(top), 0, 0)
        box.setSpacing(2)
        line = QHBoxLayout()
        line.setSpacing(2)
        self.label = make_label(_(self.question.label), self._label_role(), wraps=True)
        self.help_button = icon_button("help", _("Bantuan pengisian (F1)"))
        self.help_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.help_button.setFixedSize(current_theme().px(28), current_theme().px(26))
        self.help_button.setIconSize(QSize(current_theme().px(16), current_theme().px(16)))
        hide_unless(self.help_button, bool(self.question.help) and not self.is_short)
        if self.is_short and self.question.help:
            self.label.setToolTip(_(self.question.help))
        self.help_button.clicked.connect(self.toggle_help)
        line.addWidget(self.label, 1, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.help_button, 0, Qt.AlignmentFlag.AlignTop)
        box.addLayout(line)
        self.optional_label = make_label(_("(boleh kosong)"), "muted")
        hide_unless(self.optional_label, self._is_optional() and not self.is_sentence and not self.is_short)
        self.help_label = make_label(_(self.question.help) if self.question.help else "", "muted", wraps=True)
        self.help_label.hide()
        box.addWidget(self.optional_label)
        box.addWidget(self.help_label)
        box.addStretch(1)
        return head

    def _label_role(self) -> str:
        return "muted" if self.is_short else "strong" if self.is_wide else ""

    def _is_optional(self) -> bool:
        asked = not self.question.fixed and self.question.kind != Kind.COMPUTED
        return asked and self.question.required == Required.NO and self.question.required_if is None

    def _make_content(self) -> QWidget:
        content = QWidget()
        content.setObjectName("clear")
        box = QVBoxLayout(content)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self.editor, 1)
        self.special_label = make_label("", "strong")
        self.special_label.hide()
        line.addWidget(self.special_label)
        self.answer_button = quiet_button(_("Isi jawaban"))
        self.answer_button.hide()
        line.addWidget(self.answer_button)
        line.addWidget(self._make_more_button(), 0, Qt.AlignmentFlag.AlignTop)
        box.addLayout(line)
        self.echo_label = make_label("", "muted", wraps=True)
        self.echo_label.hide()
        box.addWidget(self.echo_label)
        self.proposal_line = ProposalLine(self.question)
        self.proposal_line.taken.connect(self.take_proposal)
        if not self.is_sentence:
            box.addWidget(self.proposal_line)
        self.lines: list[SignedLine] = []
        self.lines_box = QVBoxLayout()
        self.lines_box.setSpacing(2)
        box.addLayout(self.lines_box)
        self.waiver = WaiverBox(self.question.label) if self.question.waivable else None
        if self.waiver is not None:
            box.addWidget(self.waiver)
            self.waiver.changed.connect(self._waived)
        self.answer_button.clicked.connect(lambda: self._choose_special(""))
        return content

    def _make_more_button(self) -> QWidget:
        self.more_button = icon_button("more", _("Tidak tahu / Menolak (F6)"))
        self.more_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        hide_unless(self.more_button, self.question.may_be_unknown)
        self.more_button.clicked.connect(self.open_special_menu)
        return self.more_button

    def _add_previous(self, wide: bool) -> None:
        self.previous_label = make_label("", "muted", wraps=True)
        self.same_button = small_button(_("Sama"))
        self.same_button.setToolTip(_("Sama seperti kunjungan lalu (Alt+=)"))
        self.same_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.same_button.clicked.connect(self.take_previous)
        for widget in (self.previous_label, self.same_button):
            widget.hide()
        if not self.question.shows_previous:
            return
        line = QHBoxLayout()
        line.setContentsMargins(0, 0 if wide else current_theme().px(4), 0, 0)
        line.setSpacing(8)
        if not wide:
            self.previous_label.setFixedWidth(current_theme().px(PREVIOUS_WIDTH))
        line.addWidget(self.previous_label, 1 if wide else 0)
        line.addWidget(self.same_button)
        place = (2, 0, 1, 4) if wide else (0, 2, 1, 2)
        self.grid.addLayout(line, *place, Qt.AlignmentFlag.AlignTop)

    # The answer

    def value(self) -> Any:
        """The answer as it stands: special, waived, or what the editor holds."""
        if self._special:
            return self._special
        if self.waiver is not None and self.waiver.is_open():
            return {"waived": self.waiver.reason()}
        return self.editor.value()

    def set_value(self, value: Any) -> None:
        """Show an answer; `changed` stays silent."""
        special = isinstance(value, str) and self.question.may_be_unknown and value in special_words()
        self._special = value if special else ""
        waived = is_waived(value)
        if self.waiver is not None:
            self.waiver.show_reason(str(value["waived"]) if waived else None)
        self.editor.set_value(None if special or waived else value)
        self._show_state()

    def set_previous(self, value: Any) -> None:
        """Last time's answer; nothing is shown for a blank one."""
        self._previous = value
        shown = self.question.shows_previous and not is_blank(value)
        self.previous_label.setVisible(shown)
        self.same_button.setVisible(shown)
        if shown:
            self._show_previous()

    def take_previous(self) -> None:
        """Answer as last time (Sama)."""
        if not self.question.shows_previous or is_blank(self._previous):
            return
        self.set_value(self._own_copy(self._previous))
        self._edited()

    def show_proposal(self, proposed: Proposed | None) -> None:
        """What the data say now; nothing is shown while it is the answer. Weeks are laid out to be filled in."""
        if isinstance(self.editor, WeekGrid):
            self.editor.lay_out(proposed.value if proposed is not None else ())
            return
        self.proposal_line.show_proposal(proposed, self.value())

    def take_proposal(self) -> None:
        """Answer as proposed (Pakai)."""
        proposed = self.proposal_line.proposal()
        if proposed is not None:
            self.set_value(proposed.value)
            self.proposal_line.hide()
            self._edited()

    def _own_copy(self, value: Any) -> Any:
        if self.question.kind != Kind.ROWS or not isinstance(value, list):
            return value
        return [{**row, "id": self.around.new_id()} for row in value if isinstance(row, dict) and "struck" not in row]

    def _show_previous(self) -> None:
        text = previous_text(self.question, self._previous, self.around.regions)
        now = self.editor.value()
        change = ""
        if isinstance(now, int) and isinstance(self._previous, int) and self.question.kind == Kind.RUPIAH:
            change = percent_change(self._previous, now)
        words = _("lalu {value}").format(value=text)
        self.previous_label.setText(f"{words}\n{change}" if change else words)

    def set_special(self, value: str) -> None:
        """Answer with Tidak tahu or Menolak; "" takes it back."""
        self._choose_special(value)

    def _choose_special(self, value: str) -> None:
        self._special = value
        self._show_state()
        self.changed.emit(self.code)
        if not value:
            self.start_typing()

    def open_special_menu(self) -> None:
        """Offer Tidak tahu and Menolak (F6)."""
        if not self.question.may_be_unknown:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for value, words in special_words().items():
            action = QAction(words, menu)
            action.triggered.connect(lambda _checked=False, chosen=value: self._choose_special(chosen))
            menu.addAction(action)
        menu.setActiveAction(menu.actions()[0])
        menu.popup(self.editor.mapToGlobal(self.editor.rect().bottomLeft()))

    # What stands around it

    def set_findings(self, findings: Sequence[Finding]) -> None:
        """Show findings under the field, the gravest first; those of a table's rows stand in the rows."""
        own = [finding for finding in findings if finding.row is None and finding.severity > Severity.KETERANGAN]
        silent = [finding for finding in findings if finding.severity == Severity.KETERANGAN and finding.row is None]
        shown = sorted(own, key=lambda finding: -finding.severity) + silent
        while len(self.lines) < min(len(shown), SHOWN_FINDINGS):
            self.lines.append(SignedLine())
            self.lines_box.addWidget(self.lines[-1])
        for at, line in enumerate(self.lines):
            finding = shown[at] if at < len(shown) else None
            line.show_line(finding.message if finding is not None else "", _tone(finding))
        worst = shown[0].severity if shown else Severity.KETERANGAN
        self.editor.set_state({Severity.GALAT: "error", Severity.PERINGATAN: "warning"}.get(worst, ""))
        if isinstance(self.editor, RowsEditor | WeekGrid):
            self.editor.set_findings(findings)

    def toggle_help(self) -> None:
        """Show or hide the help under the label (F1)."""
        if self.question.help:
            self.help_label.setVisible(self.help_label.isHidden())

    def settle(self) -> None:
        """The officer left the question."""
        if not self._special:
            self.editor.settle()

    def start_typing(self) -> None:
        """Put the cursor into the question."""
        if self._special:
            self.answer_button.setFocus(Qt.FocusReason.TabFocusReason)
        elif self.waiver is not None and self.waiver.is_open():
            self.waiver.start_typing()
        else:
            self.editor.start_typing()

    def _edited(self) -> None:
        if self.question.shows_previous and not is_blank(self._previous):
            self._show_previous()
        self.changed.emit(self.code)

    def _waived(self) -> None:
        self._show_state()
        self.changed.emit(self.code)

    def _show_echo(self, text: str) -> None:
        self.echo_label.setText(text)
        self.echo_label.setVisible(bool(text))

    def _show_state(self) -> None:
        waived = self.waiver is not None and self.waiver.is_open()
        self.editor.setVisible(not self._special and not waived)
        self.special_label.setText(special_words().get(self._special, ""))
        self.special_label.setVisible(bool(self._special))
        self.answer_button.setVisible(bool(self._special))
        self.more_button.setVisible(self.question.may_be_unknown and not self._special)


def _tone(finding: Finding | None) -> Tone:
    tones = {Severity.GALAT: Tone.CRITICAL, Severity.PERINGATAN: Tone.WATCH}
    return tones.get(finding.severity, Tone.NEUTRAL) if finding is not None else Tone.NEUTRAL
