"""The processes of a measurement of synchronisation: PostgreSQL, the two servers, and one process for each laptop."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import trustme

from tests.bench.peers.own_process import peak_mib
from tests.bench.peers.pouch_client import MODULES
from tests.support.postgres import make_database, server_address

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 30
KECAMATAN = "64.02.12"
OURS, BASELINE = "tests.bench.peers.our_client", "tests.bench.peers.baseline_client"
ANKI, POUCHDB = "tests.bench.peers.anki_client", "tests.bench.peers.pouch_client"
ANKI_PYTHON = "BENCH_ANKI"
"""Name in the environment of a Python that has anki; without it Anki is not measured."""


NOTHING_MORE: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Party:
    """A server process over its own database; `client` is the module that speaks with it.

    `ca` is the file of the authority of its certificate, `python` runs its laptops.
    """

    client: str
    url: str
    database: str
    folder: Path
    process: subprocess.Popen[bytes]
    ca: Path | None = None
    python: str = sys.executable

    @property
    def peak_mib(self) -> float:
        return peak_mib(self.process.pid)

    @property
    def root(self) -> str:
        """What the address ends with."""
        return "/" if self.url.endswith("/") else ""

    def laptop(self, phase: str, folder: str, count: int, *more: str, url: str = "") -> dict[str, Any]:
        """One phase of one laptop, in a process of its own; what that said."""
        place = self.folder / folder
        place.mkdir(exist_ok=True)
        trusted = ("--ca", str(self.ca)) if self.ca else ()
        words = (self.client, phase, str(place), str(count), url or self.url, *trusted, *more)
        return run_module(*words, python=self.python)

    def make_files(self) -> None:
        """Files for first downloads, on our server."""
        run_module(*_ours(self.folder, self.database), "snapshot")

    def code(self, name: str) -> str:
        """A one-time code for a new officer of ours."""
        words = ("user", "add", "--name", name, "--role", "pendamping", "--areas", KECAMATAN, "--code")
        return str(run_module(*_ours(self.folder, self.database), *words)["code"])


def durable_postgres() -> str:
    """Start PostgreSQL, durable as in production; says so, or raises."""
    with psycopg.connect(server_address(), autocommit=True) as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {name} = 'on'")
        connection.execute("SELECT pg_reload_conf()")
        time.sleep(0.2)
        shown = {name: _shown(connection, name) for name in ("fsync", "synchronous_commit", "server_version")}
    if (shown["fsync"], shown["synchronous_commit"]) != ("on", "on"):
        raise RuntimeError(f"PostgreSQL is not durable: {shown}")
    return f"PostgreSQL {shown['server_version']}, fsync and synchronous_commit on"


@contextmanager
def our_server(folder: Path, *, secure: bool = False) -> Iterator[Party]:
    """`kube-field-server` on a new PostgreSQL database; `secure` with a certificate."""
    database = make_database()
    words = ("serve", "--port", "0", "--port-file", str(folder / "port"), *(_certificate(folder) if secure else ()))
    run_module(*_ours(folder, database), "init")
    with _started(folder, [*_ours(folder, database), *words]) as process:
        scheme, ca = ("https", folder / "ca.pem") if secure else ("http", None)
        yield Party(OURS, _url(folder, process, scheme), database, folder, process, ca)


@contextmanager
def baseline_server(folder: Path) -> Iterator[Party]:
    """The one-request COPY baseline on a new PostgreSQL database."""
    database = make_database()
    command = ["tests.bench.peers.baseline_server", str(folder / "port"), database]
    with _started(folder, command) as process:
        yield Party(BASELINE, _url(folder, process), database, folder, process)


@contextmanager
def anki_server(folder: Path) -> Iterator[Party]:
    """Anki's own server; the Python that has it is named in the environment."""
    python = os.environ[ANKI_PYTHON]
    port = _free_port()
    home = {"SYNC_USER1": "bench:bench", "SYNC_BASE": str(folder), "SYNC_HOST": "127.0.0.1", "SYNC_PORT": str(port)}
    with _started(folder, ["anki.syncserver"], python=python, more=home) as process:
        _wait_for(port)
        yield Party(ANKI, f"http://127.0.0.1:{port}/", "", folder, process, python=python)


@contextmanager
def pouch_server(folder: Path) -> Iterator[Party]:
    """PouchDB behind express-pouchdb; the folder of their modules is named in the environment."""
    port = _free_port()
    with _started(folder, [POUCHDB, "serve", str(folder), str(port)]) as process:
        _wait_for(port)
        yield Party(POUCHDB, f"http://127.0.0.1:{port}/", "", folder, process)


def peers() -> dict[str, Callable[[Path], AbstractContextManager[Party]]]:
    """The other systems that are at hand to be measured, by name."""
    found: dict[str, Callable[[Path], AbstractContextManager[Party]]] = {}
    if shutil.which(os.environ.get(ANKI_PYTHON, "")):
        found["Anki"] = anki_server
    if os.environ.get(MODULES):
        found["PouchDB"] = pouch_server
    return found


def run_module(*words: str, python: str = sys.executable) -> dict[str, Any]:
    """Run a module to its end; the JSON object of its last line."""
    done = subprocess.run(_python(words, python), cwd=ROOT, capture_output=True, check=False, env=_environment())
    lines = done.stdout.decode("utf-8").splitlines()
    if done.returncode or not lines:
        raise RuntimeError(f"{' '.join(words[:3])} ended with {done.returncode}: {done.stderr.decode()[-2000:]}")
    return dict(json.loads(lines[-1]))


def _shown(connection: psycopg.Connection[Any], name: str) -> str:
    row = connection.execute(f"SHOW {name}").fetchone()
    return str(row[0]) if row else ""


def _ours(folder: Path, database: str) -> tuple[str, ...]:
    return ("tests.bench.peers.our_server", "--json", "--data-dir", str(folder), "--database-url", database)


def _python(words: Sequence[str], python: str = sys.executable) -> list[str]:
    return [python, "-m", *words]


def _certificate(folder: Path) -> tuple[str, ...]:
    """What the server is told of a certificate for this machine; its authority lies beside it."""
    authority = trustme.CA()
    given = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    given.private_key_pem.write_to_path(folder / "key.pem")
    given.cert_chain_pems[0].write_to_path(folder / "chain.pem")
    return ("--tls-cert", str(folder / "chain.pem"), "--tls-key", str(folder / "key.pem"))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server did not start")


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}


@contextmanager
def _started(
    folder: Path, words: Sequence[str], *, python: str = sys.executable, more: Mapping[str, str] = NOTHING_MORE
) -> Iterator[subprocess.Popen[bytes]]:
    command, around = _python(words, python), {**_environment(), **more}
    with (
        (folder / "server.log").open("wb") as log,
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=around) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()


def _url(folder: Path, process: subprocess.Popen[bytes], scheme: str = "http") -> str:
    port, deadline = folder / "port", time.monotonic() + PATIENCE_S
    while not (port.exists() and port.read_text(encoding="utf-8").strip()):
        if process.poll() is not None or time.monotonic() > deadline:
            log = (folder / "server.log").read_text(encoding="utf-8")
            raise RuntimeError(f"the server did not start: {log[-2000:]}")
        time.sleep(0.05)
    return f"{scheme}://127.0.0.1:{port.read_text(encoding='utf-8').strip()}"
