"""The demonstration server: a real kube-field-server as a child process on loopback, with its own folder."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path
from typing import Any

from kube_field.errors import Failure, KubeFieldError
from kube_field.program import NO_CONSOLE, own_command

START_SECONDS = 30.0
STOP_SECONDS = 10.0
POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A user of the demonstration server: uid and a code that is good once."""

    uid: str
    code: str


class DemoServer:
    """A child process; `url` answers once `start` returned. The laptop program never imports the server itself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = ""
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Set up the folder if needed, start serving on a free loopback port, wait for the port.

        Raises: KubeFieldError when it does not come up.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self._run("init")
        port_file = self.folder / "port"
        port_file.unlink(missing_ok=True)
        # The pipe ends with this process, however it ends, and the server with the pipe.
        command = [*server_command(), "serve", "--data-dir", str(self.folder), "--port", "0", "--end-with-parent"]
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--port-file", str(port_file)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                creationflags=NO_CONSOLE,
            )
        self.url = f"http://127.0.0.1:{self._wait_for(port_file)}"

    def add_user(self, name: str, role: str, areas: str, office: str = "") -> DemoUser:
        """Make a user, or find the one of this name, with a new one-time code for enrolling a laptop."""
        if any(user["name"] == name for user in self._run("user", "list")["users"]):
            known = self._run("device", "code", "--user", name)
            return DemoUser(str(known["user"]), str(known["code"]))
        words = ("--name", name, "--role", role, "--areas", areas, "--office", office)
        made = self._run("user", "add", *words, "--code")
        return DemoUser(str(made["id"]), str(made["code"]))

    def stop(self) -> None:
        """Ask the server to end, and end it if it does not."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None

    def _run(self, *words: str) -> dict[str, Any]:
        command = [*server_command(), "--json", *words, "--data-dir", str(self.folder)]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60, creationflags=NO_CONSOLE
        )
        if done.returncode != 0:
            raise self._trouble()
        lines = [line for line in done.stdout.decode("utf-8").splitlines() if line.startswith("{")]
        return dict(json.loads(lines[-1])) if lines else {}

    def _wait_for(self, port_file: Path) -> int:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if port_file.exists() and (text := port_file.read_text(encoding="utf-8").strip()):
                return int(text)
            if self._process is not None and self._process.poll() is not None:
                break
            time.sleep(POLL_SECONDS)
        self.stop()
        raise self._trouble()

    def _trouble(self) -> KubeFieldError:
        return KubeFieldError(
            Failure.NO_NETWORK,
            _("Server contoh tidak dapat dijalankan."),
            _("Lihat catatannya di {folder}.").format(folder=self.folder / "server.log"),
        )


def server_command() -> Sequence[str]:
    """How the server is started."""
    return own_command("kube-field-server", "kube_field.server.cli")
