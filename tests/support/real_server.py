"""A server process that a test may stop and start again at the same address."""

from __future__ import annotations

import io
import json
import subprocess
import time
from pathlib import Path
from typing import Any

from kube_field.demo_server import DemoUser, server_command
from kube_field.server import cli

PATIENCE_SECONDS = 30.0


class RealServer:
    """`kube-field-server` as a child process; `url` stays the same over restarts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._port = "0"
        folder.mkdir(parents=True, exist_ok=True)
        self.tell("init")
        self.start_again()
        self.url = f"http://127.0.0.1:{self._port}"

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
        if self._process is not None:
            self._process.terminate()
            self._ended(self._process)

    def kill(self) -> None:
        """The battery pulled out."""
        assert self._process is not None
        self._process.kill()
        self._ended(self._process)

    def _ended(self, process: subprocess.Popen[bytes]) -> None:
        process.wait(15)
        assert process.stdin is not None
        process.stdin.close()
        self._process = None

    def start_again(self) -> None:
        """Answer again, at the same address."""
        port_file = self.folder / "port"
        port_file.unlink(missing_ok=True)
        options = ["serve", "--data-dir", str(self.folder), "--port", self._port, "--port-file", str(port_file)]
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*server_command(), *options, "--end-with-parent"], stdin=subprocess.PIPE, stdout=log, stderr=log
            )
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (port_file.exists() and port_file.read_text(encoding="utf-8").strip()):
            assert self._process.poll() is None, "the server did not start"
            assert time.monotonic() < deadline, "the server did not start in time"
            time.sleep(0.01)
        self._port = port_file.read_text(encoding="utf-8").strip()
