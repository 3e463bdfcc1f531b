"""What every test needs: no window system, no network but loopback, slow tests only when asked for."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Generator

import pytest
from hypothesis import settings

from kube_field.language import speak_indonesian

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
speak_indonesian()
settings.register_profile("fast", deadline=None, print_blob=True, max_examples=50)
settings.register_profile("slow", deadline=None, print_blob=True, max_examples=500)
settings.load_profile("fast")

DEFERRED_DELETE = 52
"""QEvent.Type.DeferredDelete: this module does without Qt."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the slow tests too")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--slow"):
        settings.load_profile("slow")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--slow"):
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if not item.get_closest_marker("slow")]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None, None, None]:
    """Really throw away the closed windows of a test.

    Qt carries out `deleteLater` only inside an event loop; without one, closed pages of all earlier tests pile up, and
    every new look is computed for each of their thousands of parts.
    """
    qt = sys.modules.get("PySide6.QtWidgets")  # most tests never import it
    if qt is not None and qt.QApplication.instance() is not None:
        for window in [one for one in qt.QApplication.topLevelWidgets() if one.parent() is None]:
            qt.QApplication.sendPostedEvents(window, DEFERRED_DELETE)
    return (yield)


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
