"""What every presenter of a page shares: work goes to the task runner, failures become words on the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from kube_field.errors import KubeFieldError
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.mark_door import MarkDoor
from kube_field.ui.pages.page_frame import PageFrame
from kube_field.ui.tasks import Tasks
from kube_field.usecases.session import Session

T = TypeVar("T")
MOST_DETAILS = 4


def failure_words(error: KubeFieldError) -> str:
    """What happened, what to do, and the first few findings."""
    words = f"{error.sentence} {error.action}".strip()
    found = [detail["message"] for detail in error.details if detail.get("message") and detail["message"] not in words]
    return "\n".join([words, *dict.fromkeys(found[:MOST_DETAILS])])


class PagePresenter:
    """Joins a page, the use cases (through `session`) and the task runner."""

    def __init__(self, frame: PageFrame, session: Session, tasks: Tasks, navigate: Navigator) -> None:
        self.frame = frame
        self.session = session
        self.tasks = tasks
        self.navigate = navigate
        frame.served_by.append(self)

    def ask(
        self,
        work: Callable[[], T],
        done: Callable[[T], Any],
        failed: Callable[[KubeFieldError], Any] | None = None,
    ) -> None:
        """Do work off the GUI thread, then `done`; a failure is shown on the page unless `failed` takes it."""
        self.tasks.run(work, done, failed or self.show_failure)

    def follow_marks(self, door: MarkDoor) -> None:
        """Chips of a list lead to the page of what they say."""
        door.conflicts_wanted.connect(self.navigate.open_conflicts)
        door.double_wanted.connect(self.navigate.open_double)

    def show_failure(self, error: KubeFieldError) -> None:
        """Say what went wrong on the page."""
        self.frame.show_problem(failure_words(error))
