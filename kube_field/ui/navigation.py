"""Where one can go; presenters ask for places, the desktop knows how to open them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from kube_field.domain.records import RecordKind


@dataclass(frozen=True, slots=True)
class RailEntry:
    """An entry of the rail: page key, word, icon."""

    key: str
    word: str
    icon: str


class Navigator(QObject):
    """Turns a wish to go somewhere into a signal; whoever builds the window connects them once.

    Signals: `page_wanted(key)`, `profile_wanted(kind, uid)`, `draft_wanted(uid)`, `document_wanted(uid)`,
    `review_wanted(draft uid)`, `training_wanted(uid)`, `scores_wanted(training uid)`, `conflicts_wanted(record uid)`,
    `double_wanted(record uid)`, `quarantine_wanted()`, `import_wanted(people, households or groups)`,
    `question_wanted(draft uid, question code)`,
    `form_forgotten()`, `back_wanted()`, `notice_wanted(text, action, callback)`.
    """

    page_wanted = Signal(str)
    profile_wanted = Signal(str, str)
    draft_wanted = Signal(str)
    document_wanted = Signal(str)
    review_wanted = Signal(str)
    training_wanted = Signal(str)
    scores_wanted = Signal(str)
    conflicts_wanted = Signal(str)
    double_wanted = Signal(str)
    quarantine_wanted = Signal()
    import_wanted = Signal(str)
    question_wanted = Signal(str, str)
    form_forgotten = Signal()
    back_wanted = Signal()
    notice_wanted = Signal(str, str, object)

    def open_page(self, key: str) -> None:
        """Go to a page of the rail, or another page by its key."""
        self.page_wanted.emit(key)

    def open_profile(self, kind: RecordKind, uid: str) -> None:
        """Open a person, group, unit or household."""
        self.profile_wanted.emit(str(kind), uid)

    def open_draft(self, draft_uid: str) -> None:
        """Go on typing a draft."""
        self.draft_wanted.emit(draft_uid)

    def open_question(self, draft_uid: str, code: str) -> None:
        """Go to one question of a draft."""
        self.question_wanted.emit(draft_uid, code)

    def open_document(self, uid: str) -> None:
        """Look at a finished document."""
        self.document_wanted.emit(uid)

    def open_review(self, draft_uid: str) -> None:
        """Go to Tinjau & finalkan of a draft."""
        self.review_wanted.emit(draft_uid)

    def open_training(self, uid: str) -> None:
        """Open a training with its attendance."""
        self.training_wanted.emit(uid)

    def open_scores(self, uid: str) -> None:
        """Open the results of a training's tests."""
        self.scores_wanted.emit(uid)

    def open_conflicts(self, uid: str = "") -> None:
        """Settle the conflicts of a record."""
        self.conflicts_wanted.emit(uid)

    def open_double(self, uid: str = "") -> None:
        """Compare a record with the one that it may be a double of, or was merged with."""
        self.double_wanted.emit(uid)

    def open_quarantine(self) -> None:
        """Decide about what the server set aside."""
        self.quarantine_wanted.emit()

    def open_import(self, kind: str) -> None:
        """Take in a list of people, families or groups."""
        self.import_wanted.emit(kind)

    def forget_form(self) -> None:
        """Never go back to the form on view: its draft is gone."""
        self.form_forgotten.emit()

    def back(self) -> None:
        """Go back one page."""
        self.back_wanted.emit()

    def notice(self, text: str, action_text: str = "", on_action: Callable[[], Any] | None = None) -> None:
        """Show a quiet bar with at most one action."""
        self.notice_wanted.emit(text, action_text, on_action)
