"""A window in a process of its own that types until it is killed: `python -m tests.support.typing_child FOLDER`.

Prints one line a key: seconds of the monotonic clock (the same for all processes) and how many keys were typed.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kube_field.domain.records import RecordKind
from kube_field.language import speak_indonesian
from kube_field.paths import AppPaths
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.form_page import FormPage
from kube_field.ui.presenters.form_presenter import FormPresenter
from kube_field.ui.tasks import TaskRunner
from kube_field.ui.theme import apply_theme
from kube_field.usecases.drafts import begin_draft
from tests.support.command_line import reopened

KEY_MS = 200
QUESTION = "price_stock_note"


def text_of(keys: int) -> str:
    """What stands in the field after so many keys: numbers from 1, each followed by a dot."""
    return "".join(f"{n}." for n in range(1, keys + 1))[:keys]


def main() -> int:
    """Open a new visit's form and type five keys a second at the real pace of saving."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    speak_indonesian()
    app = QApplication([])
    apply_theme(app)
    laptop = reopened(AppPaths(Path(sys.argv[1])).data_dir)
    draft = begin_draft(laptop.session, kind=RecordKind.VISIT)
    page = FormPage()
    presenter = FormPresenter(page, laptop.session, TaskRunner(), Navigator())
    page.resize(1366, 768)
    page.show()
    presenter.open_draft(draft.uid)
    timer = QTimer()
    typed = 0
    whole = text_of(10_000)

    def key() -> None:
        nonlocal typed
        view = page.form_view
        if view is None or view._evaluation is None:
            return
        if not typed:
            view.open_question(QUESTION)
        line = view._views[view.current_section()].rows[QUESTION].editor.text
        QTest.keyClicks(line, whole[typed], Qt.KeyboardModifier.NoModifier)
        typed += 1
        sys.stdout.write(f"{time.monotonic()} {typed}\n")
        sys.stdout.flush()

    timer.timeout.connect(key)
    timer.start(KEY_MS)
    return app.exec()


if __name__ == "__main__":
    raise SystemExit(main())
