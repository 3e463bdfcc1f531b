"""Parts of Tinjau & finalkan: findings with reasons, figures against last time, photos, and the result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from kube_field.domain.forms.declaration import Finding
from kube_field.ui.forms.field_line import FieldLine
from kube_field.ui.forms.findings_panel import FindingLink
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.buttons import primary_button, quiet_button, secondary_button, small_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.labels import ElidedLabel, make_label
from kube_field.ui.widgets.leaving import put_away
from kube_field.ui.widgets.sign_mark import SignMark
from kube_field.ui.widgets.thumbnail import Thumbnail

PHOTO_COLUMNS = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure beside last time's; `is_loss` paints it as a loss."""

    label: str
    now: str
    before: str = ""
    change: str = ""
    is_loss: bool = False


class WarningBox(QWidget):
    """A warning as a link, and the line for why it stands. Signals: `chosen()`, `reason_typed(key, reason)`."""

    chosen = Signal()
    reason_typed = Signal(str, str)

    def __init__(self, finding: Finding, label: str, reason: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self.key = finding.key
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 4)
        box.setSpacing(2)
        self.link = FindingLink(Tone.WATCH, label, finding.message)
        self.line = FieldLine(_("Alasan: {label}").format(label=label))
        self.line.setText(reason)
        row = QHBoxLayout()
        row.setContentsMargins(22, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(make_label(_("Alasan"), "muted"))
        row.addWidget(self.line, 1)
        box.addWidget(self.link)
        box.addLayout(row)
        self.link.chosen.connect(self.chosen)
        self.line.textEdited.connect(lambda text: self.reason_typed.emit(self.key, text.strip()))


class FindingsCard(Card):
    """Errors and warnings as links. Signals: `finding_chosen(Finding)`, `reason_typed(key, reason)`."""

    finding_chosen = Signal(object)
    reason_typed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Periksa"), parent=parent)
        self.holder = QWidget()
        self.body.addWidget(self.holder)
        self.warnings: list[WarningBox] = []
        self._links: list[FindingLink] = []

    def steps(self) -> list[QWidget]:
        """What Tab visits here, in order."""
        return [*self._links, *(step for box in self.warnings for step in (box.link, box.line))]

    def show_findings(
        self,
        errors: Sequence[Finding],
        warnings: Sequence[Finding],
        label: Callable[[Finding], str],
        reasons: Mapping[str, str],
    ) -> None:
        """Show what must be mended and what needs a reason."""
        holder = QWidget()
        holder.setObjectName("clear")
        box = QVBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        self.warnings, self._links = [], []
        for finding in errors:
            link = FindingLink(Tone.CRITICAL, label(finding), finding.message)
            link.chosen.connect(partial(self.finding_chosen.emit, finding))
            self._links.append(link)
            box.addWidget(link)
        for finding in warnings:
            warning = WarningBox(finding, label(finding), reasons.get(finding.key, ""))
            warning.chosen.connect(partial(self.finding_chosen.emit, finding))
            warning.reason_typed.connect(self.reason_typed)
            self.warnings.append(warning)
            box.addWidget(warning)
        if not errors and not warnings:
            row = QHBoxLayout()
            row.addWidget(SignMark(Tone.GOOD))
            row.addWidget(make_label(_("Tidak ada galat dan tidak ada peringatan.")), 1)
            box.addLayout(row)
        self.body.replaceWidget(self.holder, holder)
        put_away(self.holder)
        self.holder = holder


class FiguresCard(Card):
    """Key figures against last time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Angka kunci"), parent=parent)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(16)
        self.grid.setVerticalSpacing(6)
        self.grid.setColumnStretch(0, 1)
        self.body.addLayout(self.grid)

    def show_figures(self, figures: Sequence[Figure]) -> None:
        """Fill the table."""
        while (item := self.grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                put_away(widget)
        for column, title in enumerate(("", _("Lalu"), _("Sekarang"), _("Perubahan"))):
            self.grid.addWidget(make_label(title, "muted"), 0, column, _side(column))
        for line, figure in enumerate(figures, start=1):
            role = "bad" if figure.is_loss else "strong"
            cells = (figure.label, ""), (figure.before, "quiet"), (figure.now, role), (figure.change, "muted")
            for column, (text, cell_role) in enumerate(cells):
                self.grid.addWidget(make_label(text, cell_role, wraps=column == 0), line, column, _side(column))
        self.setVisible(bool(figures))


class EvidenceCard(Card):
    """Photos, signatures and the next date."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Foto dan tanda tangan"), parent=parent)
        self.photos = QGridLayout()
        self.photos.setSpacing(8)
        self.lines = QVBoxLayout()
        self.lines.setSpacing(4)
        self.body.addLayout(self.photos)
        self.body.addLayout(self.lines)

    def show_evidence(
        self, photos: Sequence[tuple[str, str]], lines: Sequence[tuple[str, str]]
    ) -> list[tuple[str, Thumbnail]]:
        """Photos as (sha256, words) and lines as (label, answer); gives the thumbnails that wait for their picture."""
        for layout in (self.photos, self.lines):
            while (item := layout.takeAt(0)) is not None:
                if (widget := item.widget()) is not None:
                    put_away(widget)
        waiting = []
        for at, (sha256, words) in enumerate(photos):
            thumbnail = Thumbnail(words, 84)
            thumbnail.setToolTip("")
            self.photos.addWidget(thumbnail, at // PHOTO_COLUMNS, at % PHOTO_COLUMNS)
            waiting.append((sha256, thumbnail))
        self.photos.setColumnStretch(PHOTO_COLUMNS, 1)
        for label, answer in lines:
            self.lines.addWidget(_pair(label, answer))
        self.setVisible(bool(photos or lines))
        return waiting


class AnswersCard(Card):
    """All answers of a form without a paper, section by section."""

    def show_sections(self, sections: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> None:
        """Sections as (title, ((label, answer), …))."""
        while (item := self.body.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                put_away(widget)
        for title, pairs in sections:
            self.body.addWidget(make_label(title, "strong"))
            for label, answer in pairs:
                self.body.addWidget(_pair(label, answer))
        self.body.addStretch(1)


class ResultPanel(QWidget):
    """What was stored, and what comes next.

    Signals: `print_requested()`, `next_visit_requested()`, `reopen_requested(reason)`, `done_requested()`.
    """

    print_requested = Signal()
    next_visit_requested = Signal()
    reopen_requested = Signal(str)
    done_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self.card = Card("")
        self.heading = make_label("", "title", wraps=True)
        self.words = make_label("", "quiet", wraps=True)
        self.print_button = secondary_button(_("Cetak laporan"), "print")
        self.next_button = primary_button(_("Kunjungan berikutnya"))
        self.reopen_button = quiet_button(_("Buka kembali"), "undo")
        self.done_button = secondary_button(_("Selesai"))
        self.reason_line = FieldLine(_("Alasan membuka kembali"))
        self.reason_box = QWidget()
        self._build()
        self._connect()

    def _build(self) -> None:
        box = QVBoxLayout(self)
        box.addStretch(1)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self.card)
        middle.addStretch(1)
        box.addLayout(middle)
        box.addStretch(2)
        self.card.setFixedWidth(current_theme().px(620))
        self.card.body.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(SignMark(Tone.GOOD, "tick"))
        head.addWidget(self.heading, 1)
        self.card.body.addLayout(head)
        self.card.body.addWidget(self.words)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.next_button, self.print_button, self.done_button, self.reopen_button):
            row.addWidget(button)
        row.addStretch(1)
        self.card.body.addLayout(row)
        self.reason_box.setObjectName("clear")
        reason_row = QHBoxLayout(self.reason_box)
        reason_row.setContentsMargins(0, 0, 0, 0)
        reason_row.addWidget(make_label(_("Alasan"), "muted"))
        reason_row.addWidget(self.reason_line, 1)
        self.reason_button = small_button(_("Buka kembali"))
        reason_row.addWidget(self.reason_button)
        self.reason_box.hide()
        self.card.body.addWidget(self.reason_box)

    def _connect(self) -> None:
        self.print_button.clicked.connect(self.print_requested)
        self.next_button.clicked.connect(self.next_visit_requested)
        self.done_button.clicked.connect(self.done_requested)
        self.reopen_button.clicked.connect(self._ask_reason)
        self.reason_button.clicked.connect(self._reopen)
        self.reason_line.returnPressed.connect(self._reopen)

    def show_result(self, heading: str, words: str, *, is_document: bool, is_visit: bool, next_text: str = "") -> None:
        """Show what was stored; papers and reopening are there for documents, `next_text` is the usual next step."""
        self.heading.setText(heading)
        self.words.setText(words)
        self.print_button.setVisible(is_visit)
        self.next_button.setText(next_text or _("Kunjungan berikutnya"))
        self.next_button.setVisible(is_visit or bool(next_text))
        self.reopen_button.setVisible(is_document)
        self.reason_box.hide()
        self.reason_line.clear()
        (self.done_button if self.next_button.isHidden() else self.next_button).setFocus(
            Qt.FocusReason.OtherFocusReason
        )

    def _ask_reason(self) -> None:
        self.reason_box.show()
        self.reason_line.setFocus()

    def _reopen(self) -> None:
        if self.reason_line.text().strip():
            self.reopen_requested.emit(self.reason_line.text().strip())


def _side(column: int) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag(0) if column == 0 else Qt.AlignmentFlag.AlignRight


def _pair(label: str, answer: str) -> QWidget:
    holder = QWidget()
    holder.setObjectName("clear")
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(12)
    name = ElidedLabel(label, "muted")
    name.setSizePolicy(name.sizePolicy().horizontalPolicy().Fixed, name.sizePolicy().verticalPolicy())
    name.setFixedWidth(current_theme().px(190))
    row.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(make_label(answer, wraps=True), 1)
    return holder
