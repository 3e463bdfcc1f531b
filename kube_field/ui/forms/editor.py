"""What every editor promises, and what editors may ask of the world around the form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kube_field.domain.forms.declaration import Question
from kube_field.domain.records import RecordKind


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose: its answer, what it is called, and what tells it from its namesakes."""

    value: Any
    label: str
    detail: str = ""


Deliver = Callable[[Sequence[Option]], None]
FindRecords = Callable[[RecordKind, str, Deliver], None]
AddPhoto = Callable[[Path, Callable[[Mapping[str, Any]], None], Callable[[str], None]], None]
ReadPhoto = Callable[[str, Callable[[bytes | None], None]], None]


def _find_nothing(_kind: RecordKind, _text: str, deliver: Deliver) -> None:
    deliver(())


def _read_nothing(_sha256: str, deliver: Callable[[bytes | None], None]) -> None:
    deliver(None)


def _nobody(_code: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Day, ids, regions, and callbacks for what lies in the database; every answer may come later.

    `find_records(kind, text, deliver)` searches; option values are {"uid", "name"}.
    `propose_signer(question code)` names who will probably sign, "" when that is not known.
    `add_photo(path, done, failed)` stores a picture; `read_photo(sha256, deliver)` gives its bytes.
    """

    today: date
    new_id: Callable[[], str]
    regions: Any = None
    areas: tuple[str, ...] = ()
    find_records: FindRecords = _find_nothing
    add_photo: AddPhoto | None = None
    read_photo: ReadPhoto = _read_nothing
    propose_signer: Callable[[str], str] = _nobody
    extras: Mapping[str, Any] = field(default_factory=dict)
    clock: Callable[[], date] | None = None

    def day(self) -> date:
        """The day it is now: panels that live as long as the window are still open after midnight."""
        return self.clock() if self.clock is not None else self.today


class Editor(QWidget):
    """Edits one answer. `value()` is the answer as it stands, None for blank, the typed text where it is unreadable.

    Signals: `changed()` on every change by the officer; `echoed(text)` what was understood of the typing.
    """

    changed = Signal()
    echoed = Signal(str)

    def __init__(self, question: Question, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.question = question
        self.around = around
        self.setObjectName("clear")
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(4)
        self.setAccessibleName(question.label)

    def value(self) -> Any:
        """The answer as it stands."""
        return None

    def set_value(self, value: Any) -> None:
        """Show an answer; `changed` stays silent."""

    def set_state(self, state: str) -> None:
        """Colour the frame: "", "warning", "error"."""

    def settle(self) -> None:
        """The officer left the field: show what was understood in its usual form."""

    def focus_widget(self) -> QWidget:
        """What gets the cursor."""
        return self

    def start_typing(self) -> None:
        """Put the cursor into the editor."""
        self.focus_widget().setFocus(Qt.FocusReason.TabFocusReason)
