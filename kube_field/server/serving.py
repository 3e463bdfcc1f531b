"""Runs the server: opens the data folder, refuses plain http beyond this machine, tells the port it got."""

from __future__ import annotations

import ipaddress
import os
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path
from typing import BinaryIO

import uvicorn
from filelock import FileLock, Timeout

from kube_field.errors import Failure, KubeFieldError
from kube_field.reference import load_reference
from kube_field.server.app import make_app, make_house
from kube_field.server.backup import end_restores, unended
from kube_field.server.endpoint import House
from kube_field.server.keeper import kept
from kube_field.server.storage.database import ServerDatabase, open_postgres, open_sqlite
from kube_field.server.storage.images import putting_back_postgres, serving_postgres, settle_postgres

DATABASE_FILE = "server.db"
PHOTO_FOLDER = "foto"
KEEP_ALIVE_SECONDS = 30
CONNECTIONS = 200
GRACE_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Certificate:
    """Files of the server's TLS certificate and key."""

    chain: Path
    key: Path


@contextmanager
def open_house(data_dir: Path, database_url: str = "") -> Iterator[House]:
    """The server's parts over its data folder, closed at the end. Raises: KubeFieldError."""
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = open_server_database(data_dir, database_url)
    try:
        yield make_house(
            database,
            reference=load_reference(),
            photo_folder=data_dir / PHOTO_FOLDER,
            now=lambda: datetime.now(UTC),
            new_id=lambda: str(uuid.uuid4()),
            random_bytes=os.urandom,
        )
    finally:
        database.close()


def open_server_database(data_dir: Path, database_url: str) -> ServerDatabase:
    """PostgreSQL by its address, or SQLite inside the data folder; a restore that was killed is ended first.

    Raises: KubeFieldError.
    """
    if not database_url:
        if unended(data_dir, DATABASE_FILE):
            with only_server(data_dir, ""):
                end_restores(data_dir, DATABASE_FILE)
        return open_sqlite(data_dir / DATABASE_FILE)
    if database_url.startswith(("postgresql://", "postgres://")):
        settle_postgres(database_url)
        return open_postgres(database_url.replace("postgres://", "postgresql://", 1))
    raise KubeFieldError(Failure.USAGE, _("Alamat basis data harus diawali postgresql://."))


@contextmanager
def only_server(data_dir: Path, database_url: str) -> Iterator[None]:
    """Hold a data folder with SQLite for this process alone; PostgreSQL may have several servers before it.

    Raises: KubeFieldError ALREADY_RUNNING, also while the database is put back.
    """
    if database_url:
        with serving_postgres(database_url):
            yield
        return
    lock = FileLock(data_dir / "serve.lock", timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        raise KubeFieldError(
            Failure.ALREADY_RUNNING,
            _("Server sudah berjalan di folder ini: {folder}.").format(folder=data_dir),
            _("Hentikan server itu dahulu, atau pakai --data-dir lain."),
        ) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def no_server(data_dir: Path, database_url: str) -> Iterator[None]:
    """Keep servers away from a database that is put back. Raises: KubeFieldError ALREADY_RUNNING."""
    with putting_back_postgres(database_url) if database_url else only_server(data_dir, ""):
        yield


def serve(
    house: House,
    *,
    host: str,
    port: int,
    port_file: Path | None,
    certificate: Certificate | None,
    parent: BinaryIO | None = None,
) -> None:
    """Serve until asked to end, or until `parent` (the pipe that started us) is closed.

    Port 0 takes a free one; the port file is written when connections are accepted.
    Raises: KubeFieldError for plain http on anything but loopback, or a port that is taken.
    """
    if certificate is None and not is_loopback(host):
        raise KubeFieldError(
            Failure.INSECURE_CONNECTION,
            _("Tanpa sertifikat TLS, server hanya boleh melayani komputer ini sendiri (127.0.0.1)."),
            _("Beri --tls-cert dan --tls-key, atau pakai --host 127.0.0.1."),
        )
    with _listening(host, port) as listener:
        if port_file is not None:
            _write_port(port_file, int(listener.getsockname()[1]))
        server = uvicorn.Server(make_config(house, certificate, kept(house)))
        if parent is not None:
            threading.Thread(target=_end_with, args=(server, parent), daemon=True).start()
        server.run(sockets=[listener])


def _end_with(server: uvicorn.Server, parent: BinaryIO) -> None:
    while parent.read(1):
        pass
    server.should_exit = True


def make_config(
    house: House, certificate: Certificate | None, beside: AbstractContextManager[None] | None = None
) -> uvicorn.Config:
    """How the web server behaves: no banner, no access log, limits on connections."""
    return uvicorn.Config(
        make_app(house, beside),
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ssl_certfile=str(certificate.chain) if certificate else None,
        ssl_keyfile=str(certificate.key) if certificate else None,
    )


def is_loopback(host: str) -> bool:
    """True for this machine itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, so that asyncio turns Nagle's algorithm off: else each answer waits 40 ms for the other side's word.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name != "nt":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise KubeFieldError(Failure.USAGE, _("Port {port} tidak dapat dipakai.").format(port=port)) from error
        listener.listen(CONNECTIONS)
        yield listener
    finally:
        listener.close()


def _write_port(path: Path, port: int) -> None:
    beside = path.with_name(f"{path.name}.part")
    beside.write_text(f"{port}\n", encoding="utf-8", newline="\n")
    os.replace(beside, path)
