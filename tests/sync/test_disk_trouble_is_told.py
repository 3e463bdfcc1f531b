"""A disk that also refuses the line about the run: the officer still reads what stopped it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kube_field.errors import Failure, KubeFieldError
from kube_field.sqlite.failures import damaged, disk_full
from kube_field.storage.sync_store import LocalSyncStore
from tests.support.direct_server import direct_server
from tests.support.laptop import make_laptop


def raising(error: KubeFieldError):
    def fails(*_arguments: object, **_named: object) -> None:
        raise error

    return fails


@pytest.mark.parametrize(("first", "told"), [(damaged(), Failure.INTEGRITY), (None, Failure.DISK_FULL)])
def test_what_stopped_the_run_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: KubeFieldError | None, told: Failure
):
    with direct_server(tmp_path) as server, make_laptop(tmp_path) as laptop:
        server.enrol(laptop.session, server.add_user("Rina"))
        if first is not None:
            monkeypatch.setattr(LocalSyncStore, "take_hello", raising(first))
        monkeypatch.setattr(LocalSyncStore, "add_run", raising(disk_full()))
        assert server.sync(laptop.session).exit_code == told
