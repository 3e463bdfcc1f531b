"""Periksa: errors, warnings and the supervisor's notes, each a link into the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from gettext import gettext as _

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from kube_field.domain.forms.declaration import Finding, Form, Severity
from kube_field.domain.forms.evaluation import MISSING_CODES
from kube_field.ui.texts import missing_words, severity_word
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.chip import ChipLabel
from kube_field.ui.widgets.labels import make_label, make_line
from kube_field.ui.widgets.sign_mark import SignMark

TONES = {Severity.GALAT: Tone.CRITICAL, Severity.PERINGATAN: Tone.WATCH, Severity.KETERANGAN: Tone.NEUTRAL}


class FindingLink(QFrame):
    """One finding: sign, question, message. Signals: `chosen()` by click, Enter or Space."""

    chosen = Signal()

    def __init__(self, tone: Tone, title: str, message: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{title}: {message}")
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 4, 4, 4)
        row.setSpacing(6)
        row.addWidget(SignMark(tone), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(0)
        self.title_label = make_label(title, "strong", wraps=True)
        self.message_label = make_label(message, "small", wraps=True)
        column.addWidget(self.title_label)
        column.addWidget(self.message_label)
        row.addLayout(column, 1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: D102
        if self.rect().contains(event.position().toPoint()):
            self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        if not self.hasFocus():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(current_theme().palette.focus))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()


class FindingsPanel(QWidget):
    """Counts on top, links below, then the notes of the supervisor.

    Signals: `finding_chosen(Finding)`, `note_chosen(question code)`.
    """

    finding_chosen = Signal(object)
    note_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self._form: Form | None = None
        self._shown: tuple[Finding, ...] | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        self.error_chip = ChipLabel("", Tone.CRITICAL)
        self.warning_chip = ChipLabel("", Tone.WATCH)
        chips = QHBoxLayout()
        chips.setSpacing(6)
        chips.addWidget(self.error_chip)
        chips.addWidget(self.warning_chip)
        chips.addStretch(1)
        box.addLayout(chips)
        self.missing_label = make_label("", "muted", wraps=True)
        box.addWidget(self.missing_label)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.area.setMinimumHeight(current_theme().px(60))
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        box.addWidget(self.area, 1)
        self._notes: Mapping[str, str] = {}
        self._fill(())

    def show_form(self, form: Form, notes: Mapping[str, str]) -> None:
        """The form whose questions the findings name, and the supervisor's notes by question code."""
        self._form, self._notes, self._shown = form, notes, None

    def show_findings(self, findings: Sequence[Finding], missing: int) -> None:
        """Findings to link, and how many required answers are missing, those linked here among them."""
        errors = sum(1 for one in findings if one.severity == Severity.GALAT and one.code not in MISSING_CODES)
        warnings = sum(1 for finding in findings if finding.severity == Severity.PERINGATAN)
        self.error_chip.show_chip(*severity_word(Severity.GALAT, errors))
        self.error_chip.setVisible(errors > 0)
        self.warning_chip.show_chip(*severity_word(Severity.PERINGATAN, warnings))
        self.warning_chip.setVisible(warnings > 0)
        words = f"{missing_words(missing)}." if missing else ""
        if not findings and not missing:
            words = _("Tidak ada yang perlu diperiksa.")
        self.missing_label.setText(words)
        self.missing_label.setVisible(bool(words))
        if tuple(findings) != self._shown:
            self._fill(tuple(findings))

    def _fill(self, findings: tuple[Finding, ...]) -> None:
        self._shown = findings
        holder = QWidget()
        holder.setObjectName("scrolled")
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for finding in findings:
            link = FindingLink(TONES[finding.severity], self._title(finding), finding.message)
            link.chosen.connect(lambda found=finding: self.finding_chosen.emit(found))
            column.addWidget(link)
        column.addSpacing(8)
        column.addWidget(make_line())
        column.addWidget(make_label(_("Catatan penyelia"), "strong"))
        if not self._notes:
            column.addWidget(make_label(_("Tidak ada."), "quiet"))
        for code, note in self._notes.items():
            link = FindingLink(Tone.CRITICAL, self._label(code), note)
            link.chosen.connect(lambda chosen=code: self.note_chosen.emit(chosen))
            column.addWidget(link)
        column.addStretch(1)
        self.area.setWidget(holder)

    def _title(self, finding: Finding) -> str:
        label = self._label(finding.question)
        return label if finding.row is None else _("{label}, baris {n}").format(label=label, n=finding.row + 1)

    def _label(self, code: str) -> str:
        if self._form is None:
            return code
        return next((_(question.label) for question in self._form.questions() if question.code == code), code)
