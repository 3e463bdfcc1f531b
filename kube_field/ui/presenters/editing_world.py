"""What editors outside a form page may ask of this laptop: the same regions, people and photos as inside one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kube_field.domain.records import RecordKind
from kube_field.errors import KubeFieldError
from kube_field.ui.forms.editor import Deliver, Option, Surroundings
from kube_field.ui.tasks import Tasks
from kube_field.usecases.photos import add_photo
from kube_field.usecases.record_search import find_records
from kube_field.usecases.session import Session


def surroundings(session: Session, tasks: Tasks, say: Callable[[KubeFieldError], Any]) -> Surroundings:
    """Surroundings of editors on a page; `say` tells the officer what failed."""

    def find(kind: RecordKind, text: str, deliver: Deliver) -> None:
        tasks.run(
            lambda: find_records(session, kind=kind, text=text),
            lambda hits: deliver([Option({"uid": hit.uid, "name": hit.title}, hit.title, hit.detail) for hit in hits]),
            say,
        )

    def add(path: Path, done: Callable[[Mapping[str, Any]], None], failed: Callable[[str], None]) -> None:
        tasks.run(lambda: add_photo(session, path=path), done, lambda error: failed(f"{error.sentence} {error.action}"))

    def read(sha256: str, deliver: Callable[[bytes | None], None]) -> None:
        tasks.run(lambda: session.photos.read(sha256), deliver, say)

    return Surroundings(
        today=session.today(),
        clock=session.today,
        new_id=session.wiring.new_id,
        regions=session.reference.regions,
        areas=session.officer.areas,
        find_records=find,
        add_photo=add,
        read_photo=read,
    )
