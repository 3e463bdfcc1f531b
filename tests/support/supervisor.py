"""A supervisor's laptop as the program sets it up: vault, store, server."""

from __future__ import annotations

from pathlib import Path

from kube_field.assembly import OpenLaptop, join_server, set_up_laptop, system_wiring
from kube_field.domain.records import Officer, Role
from kube_field.paths import AppPaths
from kube_field.storage.vault.argon import FLOOR
from tests.support.laptop import KECAMATAN
from tests.support.server import RunningServer

PASSWORD = "melati kenanga anggrek 7"


def open_supervisor(folder: Path, server: RunningServer, role: Role = Role.PENYELIA_KAB) -> OpenLaptop:
    """Sari's laptop, enrolled for the whole kabupaten 64.02 and open; close it in the end."""
    server.add_user("Sari", role, ("64.02",))
    officer = Officer("sari-before", "Sari", role, (KECAMATAN,))
    paths = AppPaths(folder / "sari")
    laptop = set_up_laptop(paths, user="sari", password=PASSWORD, officer=officer, wiring=system_wiring(), cost=FLOOR)
    join_server(laptop, url=server.url, code=server.code("Sari"))
    return laptop
