"""A server process that a test may stop and start again at the same address."""

from __future__ import annotations

import io
import json
import subprocess
import time
from pathlib import Path
from typing import Any

from kube_field.demo_server import DemoServer, DemoUser, server_command
from kube_field.server import cli

PATIENCE_SECONDS = 30.0


class RealServer:
    """`kube-field-server` as a child process; `url` stays the same over restarts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._first = DemoServer(folder)
        self._again: subprocess.Popen[bytes] | None = None
        self._first.start()
        self.url = self._first.url

    def add_user(self, name: str, role: str, areas: str) -> DemoUser:
        """An officer with a one-time code."""
        words = ("--name", name, "--role", role, "--areas", areas, "--office", "Dinas Sosial")
        made = self.tell("user", "add", *words, "--code")
        return DemoUser(str(made["id"]), str(made["code"]))

    def tell(self, *words: str) -> dict[str, Any]:
        """One command of the server's command line, in this process: its start-up would cost more than the work."""
        out, err = io.StringIO(), io.StringIO()
        code = cli.main(["--json", *words, "--data-dir", str(self.folder)], out, err)
        assert code == 0, out.getvalue() + err.getvalue()
        return dict(json.loads(out.getvalue().splitlines()[-1]))

    def stop(self) -> None:
        """No more answers; the data stay."""
        self._first.stop()
        if self._again is not None:
            self._again.terminate()
            self._again.wait(15)
            self._again = None

    def start_again(self) -> None:
        """Answer again, at the same address."""
        port_file = self.folder / "port"
        port_file.unlink(missing_ok=True)
        port = self.url.rpartition(":")[2]
        options = ["serve", "--data-dir", str(self.folder), "--port", port, "--port-file", str(port_file)]
        with (self.folder / "server.log").open("ab") as log:
            self._again = subprocess.Popen(
                [*server_command(), *options], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not port_file.exists():
            assert self._again.poll() is None, "the server did not start again"
            assert time.monotonic() < deadline, "the server did not start again in time"
            time.sleep(0.02)
