"""What every test needs: no window system, no network but loopback, slow tests only when asked for."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from kube_field.language import speak_indonesian

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
speak_indonesian()
settings.register_profile("fast", deadline=None, print_blob=True, max_examples=25)
settings.register_profile("slow", deadline=None, print_blob=True, max_examples=500)
settings.load_profile("fast")

MEMORY_DISK = Path("/dev/shm")
ROOM_NEEDED = 4 << 30
"""Several times what a run leaves there until its end; a container often gives only 64 MB."""


def work_in_memory() -> None:
    """Put the folders of tests and their child processes on a disk in memory, where there is a roomy one.

    Every commit waits for the disk, in tests by the ten thousand. Tests kill processes, never the machine, so what
    they prove is the same there. The folder goes when the run ends: a late thread of a test still finds its files.
    A folder chosen by the caller (TMPDIR) is used as it is, and keeps what pytest keeps.
    """
    if "TMPDIR" in os.environ or not os.access(MEMORY_DISK, os.W_OK):
        return
    programs_start = not os.statvfs(MEMORY_DISK).f_flag & os.ST_NOEXEC
    if programs_start and shutil.disk_usage(MEMORY_DISK).free >= ROOM_NEEDED:
        folder = tempfile.mkdtemp(prefix="kube-tests-", dir=MEMORY_DISK)
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        os.environ["TMPDIR"] = folder  # for the processes of a parallel run too
        tempfile.tempdir = None  # asks again


work_in_memory()
LONG_ROOMS = ("faults", "house", "journeys", "server", "sim")
"""Files that take long come first: at the end of a run in two processes neither waits for the other."""
DEFERRED_DELETE = 52
"""QEvent.Type.DeferredDelete: this module does without Qt."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the slow tests too")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--slow"):
        settings.load_profile("slow")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.parent.name not in LONG_ROOMS)
    if config.getoption("--slow"):
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if not item.get_closest_marker("slow")]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """Really throw away the windows of a test.

    Closed ones wait for an event loop, and what Python holds in circles waits for its collector: windows of earlier
    tests would pile up, and every new look is computed for each of their thousands of parts. The collector would come
    in another test, on any thread.
    """
    result = yield
    qt = sys.modules.get("PySide6.QtWidgets")  # most tests never import it
    if qt is not None and qt.QApplication.instance() is not None:
        for window in [one for one in qt.QApplication.topLevelWidgets() if one.parent() is None]:
            window.deleteLater()
            qt.QApplication.sendPostedEvents(window, DEFERRED_DELETE)
        if "qapp" in getattr(item, "fixturenames", ()):
            gc.collect()
            if not gc.get_freeze_count():
                gc.freeze()  # the program itself is not looked at after every test
    return result


def pytest_runtest_logfinish() -> None:
    """Databases of a test that is over make room for others."""
    postgres = sys.modules.get("tests.support.postgres")
    if postgres is not None:
        postgres.drop_databases()


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple):
            host = str(address[0])
            if not (host.startswith("127.") or host in ("::1", "localhost")):
                raise OSError(f"a test tried to reach {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def signals_stay() -> Iterator[None]:
    """Give back the handlers of signals that a window takes for itself."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)
