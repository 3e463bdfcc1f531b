"""A server process that a test may stop, kill and start again at the same address, on SQLite or PostgreSQL."""

from __future__ import annotations

import io
import json
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kube_field.demo_server import DemoUser, server_command
from kube_field.server import cli
from kube_field.server.serving import open_server_database
from kube_field.server.storage.database import ServerDatabase
from tests.support.dying import dying_command, was_killed

PATIENCE_SECONDS = 90.0
"""A start takes two seconds; long runs have the machine last, behind everything else."""


class ServerDidNotStartError(AssertionError):
    """The server ended before it answered; it said why in its log."""


class RealServer:
    """`kube-field-server` as a child process; `url` stays the same over restarts."""

    def __init__(self, folder: Path, postgres_url: str = "") -> None:
        self.folder = folder
        self.postgres_url = postgres_url
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
        code, answer = self.ask(*words)
        assert code == 0, answer
        return answer

    def ask(self, *words: str) -> tuple[int, dict[str, Any]]:
        """The same, which may be refused: exit code and answer."""
        out, err = io.StringIO(), io.StringIO()
        code = cli.main(["--json", *words, *self.place], out, err)
        assert out.getvalue(), err.getvalue()
        return code, dict(json.loads(out.getvalue().splitlines()[-1]))

    def tell_dying(self, point: str, *words: str, times: int = 1) -> None:
        """One command in a process of its own, which dies at this point."""
        command = dying_command("server", point, times, ["--json", *words, *self.place])
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=100, check=False)
        assert was_killed(done.returncode), (point, done.returncode, done.stdout, done.stderr)

    @property
    def pid(self) -> int:
        """Its process, while it runs."""
        assert self._process is not None
        return self._process.pid

    @property
    def place(self) -> list[str]:
        """The options that say where the data are."""
        address = ["--database-url", self.postgres_url] if self.postgres_url else []
        return ["--data-dir", str(self.folder), *address]

    @contextmanager
    def database(self) -> Iterator[ServerDatabase]:
        """Its database, looked at from outside, whether it runs or not."""
        database = open_server_database(self.folder, self.postgres_url)
        try:
            yield database
        finally:
            database.close()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query on its database."""
        with self.database() as database, database.read():
            return list(database.run(sql).fetchall())

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

    def died(self, within: float = PATIENCE_SECONDS) -> bool:
        """True when it was killed by then, from inside or outside; it then counts as stopped."""
        process = self._process
        assert process is not None
        try:
            code = process.wait(within)
        except subprocess.TimeoutExpired:
            return False
        self._ended(process)
        return was_killed(code)

    def _ended(self, process: subprocess.Popen[bytes]) -> None:
        process.wait(15)
        assert process.stdin is not None
        process.stdin.close()
        self._process = None

    def start_again(self, dying_at: str = "", times: int = 1) -> None:
        """Answer again, at the same address; `dying_at` names the point where it will be killed from inside."""
        port_file = self.folder / "port"
        port_file.unlink(missing_ok=True)
        words = ["serve", *self.place, "--port", self._port, "--port-file", str(port_file), "--end-with-parent"]
        command: Sequence[str] = [*server_command(), *words]
        if dying_at:
            command = dying_command("server", dying_at, times, words)
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (port_file.exists() and port_file.read_text(encoding="utf-8").strip()):
            if self._process.poll() is not None:
                self._ended(self._process)
                raise ServerDidNotStartError
            if time.monotonic() > deadline:
                self.kill()
                raise ServerDidNotStartError
            time.sleep(0.01)
        self._port = port_file.read_text(encoding="utf-8").strip()
