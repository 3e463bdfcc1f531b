"""A server that knows the author of the tests' records, and a laptop that is enrolled there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kube_field.domain.records import Role
from tests.support.laptop import Laptop, make_laptop
from tests.support.server import RunningServer, enrolled, running_server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path) as running:
        admin = running.add_user("Admin", Role.ADMIN_PROV, ("64",))
        with running.house.database.write():
            running.accounts.add_alias("staff-admin", admin.uid)
        yield running


@pytest.fixture
def rina(tmp_path: Path, server: RunningServer) -> Iterator[Laptop]:
    with make_laptop(tmp_path, "Rina") as laptop:
        yield enrolled(server, laptop)
