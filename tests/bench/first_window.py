"""Run as a process of its own: shows the app's first window or a bare one, says so at its first paint, ends.

`python -m tests.bench.first_window bare` or `… ours DATA_FOLDER`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow


class FirstPaint(QObject):
    """Tells and ends the program when a main window was painted."""

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self._app = app
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QMainWindow):
            self._app.removeEventFilter(self)
            QTimer.singleShot(0, self._tell)
        return False

    def _tell(self) -> None:
        print(f"shown {resident_kib()} {len(sys.modules)}", flush=True)
        self._app.quit()


def resident_kib() -> int:
    """Memory that this process holds, 0 where the system does not say."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


def main() -> int:
    app = QApplication(sys.argv[:1])
    watch = FirstPaint(app)
    if sys.argv[1] == "bare":
        window = QMainWindow()
        window.resize(1366, 768)
        window.show()
        return int(app.exec())
    from kube_field.__main__ import main as kube_field

    sys.argv = ["kube-field", "--data-dir", str(Path(sys.argv[2]))]
    done = kube_field()
    del watch
    return int(done or 0)


if __name__ == "__main__":
    raise SystemExit(main())
