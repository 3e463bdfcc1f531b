"""Composition root below the window: lock, keys, database, photos and officer become one open laptop. No Qt here."""

from __future__ import annotations

import os
import platform
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from gettext import gettext as _
from types import TracebackType

from filelock import FileLock

from kube_field.domain.records import Officer, Role
from kube_field.errors import Failure, KubeFieldError
from kube_field.officers import KeptOfficer, keep_officer, kept_officer
from kube_field.paths import AppPaths
from kube_field.reference import load_reference
from kube_field.sqlite.durable import replace_patiently, sync_folder
from kube_field.sqlite.failures import damaged
from kube_field.storage.journal import Journal
from kube_field.storage.lock import lock_folder
from kube_field.storage.photos import PhotoStore
from kube_field.storage.store import LocalStore, create_store, open_store
from kube_field.storage.vault.argon import FLOOR, ArgonCost, calibrated_cost
from kube_field.storage.vault.back_off import BackOff
from kube_field.storage.vault.passwords import require_good_password
from kube_field.storage.vault.vault import Keys, add_password_slot, create_key_file, unlock, users
from kube_field.sync.transports.http import HttpTransport
from kube_field.sync.troubles import trouble_of
from kube_field.usecases.enrolment import enrol, enrol_colleague
from kube_field.usecases.ports import Wiring
from kube_field.usecases.queue import pill
from kube_field.usecases.session import Session
from kube_field.usecases.sync import connection
from kube_field.wire.codec import prepare_messages
from kube_field.wire.enrolment import Enrolled
from kube_field.wire.refusals import Refusal

UNENROLLED_CODE = "L00"
"""Begins the numbers of a laptop that no server has named yet."""


@dataclass(slots=True)
class OpenLaptop:
    """An unlocked laptop; closing it closes the database and gives the data folder free."""

    paths: AppPaths
    user: str
    keys: Keys
    store: LocalStore
    session: Session
    lock: FileLock

    def close(self) -> None:
        """Close the database, then the lock."""
        self.store.close()
        self.lock.release()

    def __enter__(self) -> OpenLaptop:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def system_wiring() -> Wiring:
    """The real clock and random ids."""
    return Wiring(now=lambda: datetime.now(UTC), new_id=new_uuid7)


def new_uuid7() -> str:
    """A fresh UUIDv7: 48 bits of milliseconds, then randomness; sorts by time, needs no server."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def set_up_laptop(
    paths: AppPaths,
    *,
    user: str,
    password: str,
    officer: Officer,
    wiring: Wiring,
    cost: ArgonCost | None = None,
    is_demo: bool = False,
) -> OpenLaptop:
    """Make a laptop's data with its first officer; a set-up that was cut short begins anew.

    Raises: KubeFieldError with USAGE when there are data already, VALIDATION for a weak password, DISK_FULL.
    """
    paths.prepare()
    lock = lock_folder(paths.data_dir)
    try:
        if paths.database.exists() and paths.database.stat().st_size > 0:
            raise KubeFieldError(
                Failure.USAGE,
                _("Folder ini sudah berisi data laptop."),
                _("Buka dengan kata sandi, atau pilih folder lain."),
            )
        if paths.unfinished.exists():
            _take_back(paths)
        paths.unfinished.touch(mode=0o600)
        if paths.key_file.exists():
            keys = unlock(paths.key_file, user, password)
        else:
            chosen = cost if cost is not None else calibrated_cost(time.monotonic)
            keys = create_key_file(paths.key_file, user=user, password=password, new_id=wiring.new_id, cost=chosen)
        _make_database(paths, keys, user, officer)
        return _assembled(paths, user, keys, open_store_of(paths, keys), wiring, lock, is_demo)
    except BaseException:
        lock.release()
        raise


def _make_database(paths: AppPaths, keys: Keys, user: str, officer: Officer) -> None:
    """The database with its first officer; it gets its name when it is whole."""
    store = create_store(paths.unfinished, keys.db, device_code=UNENROLLED_CODE)
    try:
        keep_officer(store, user, KeptOfficer(officer))
    finally:
        store.close()  # brings the journal into the file
    for end in ("-wal", "-shm"):  # of an empty database that an earlier program left
        paths.database.with_name(paths.database.name + end).unlink(missing_ok=True)
    replace_patiently(paths.unfinished, paths.database)
    sync_folder(paths.data_dir)


def open_laptop(
    paths: AppPaths,
    *,
    user: str,
    password: str,
    wiring: Wiring,
    back_off: BackOff | None = None,
    is_demo: bool = False,
) -> OpenLaptop:
    """Unlock a laptop's data.

    Raises: KubeFieldError with ALREADY_RUNNING, WRONG_PASSWORD, INTEGRITY, DISK_FULL, NEWER_DATA, or USAGE when there
    is nothing to unlock.
    """
    if not paths.is_set_up():
        raise KubeFieldError(
            Failure.USAGE, _("Laptop ini belum disiapkan."), _("Daftarkan laptop lebih dahulu (kube-field init).")
        )
    paths.prepare()
    lock = lock_folder(paths.data_dir)
    try:
        name = user or only_user(paths)
        keys = unlock(paths.key_file, name, password, back_off=back_off or BackOff(paths.waiting, time.monotonic))
        store = open_store_of(paths, keys)
        return _assembled(paths, name, keys, store, wiring, lock, is_demo)
    except BaseException:
        lock.release()
        raise


def open_store_of(paths: AppPaths, keys: Keys) -> LocalStore:
    """The database of an unlocked folder, with its journal. Raises: as `open_store`, and for one found damaged."""
    if paths.damage_mark.exists():
        raise damaged()
    return open_store(paths.database, keys.db, journal=Journal(paths.journal, keys.journal))


def add_officer(laptop: OpenLaptop, *, user: str, password: str, officer: Officer) -> None:
    """Let another officer work on this laptop, with a password of his own; the server does not know him yet.

    Raises: KubeFieldError with VALIDATION.
    """
    require_new_user(laptop, user)
    require_good_password(password, user)
    # The officer first: a key slot without an officer could not be opened.
    keep_officer(laptop.store, user, KeptOfficer(officer))
    laptop.store.journal.keep_up()
    add_password_slot(
        laptop.paths.key_file, laptop.keys, user, password, new_id=laptop.session.wiring.new_id, cost=FLOOR
    )


def join_server(laptop: OpenLaptop, *, url: str, code: str, ca_pem: str = "", device_name: str = "") -> Enrolled:
    """Enrol this laptop and its officer with a one-time code; the session works on as whom the server named.

    An officer whom the server does not know yet joins a laptop that is enrolled already; it keeps its code and token.
    Raises: KubeFieldError for a refused code, a server that is not reached, or one that is not ours.
    """
    session, kept = laptop.session, kept_officer(laptop.store, laptop.user)
    if pill(session).enrolled and not kept.enrolled:
        with transport_of(session) as desk:
            answer = enrol_colleague(session, desk=desk, code=code, before=session.officer.uid)
    else:
        with HttpTransport(url, ca_pem=ca_pem) as desk:
            answer = enrol(session, desk=desk, url=url, code=code, ca_pem=ca_pem, device_name=device_name)
    keep_named(laptop, laptop.user, kept.named(answer.user))
    return answer


def keep_named(laptop: OpenLaptop, user: str, kept: KeptOfficer) -> None:
    """Store an officer as the server named him; the session of the one at work goes on under that name."""
    keep_officer(laptop.store, user, kept)
    laptop.store.journal.keep_up()
    if user == laptop.user:
        laptop.session = replace(laptop.session, officer=kept.officer)


def enrol_new_laptop(
    paths: AppPaths, *, url: str, code: str, user: str, password: str, wiring: Wiring, ca_pem: str = ""
) -> OpenLaptop:
    """Set up a laptop and join it to a server in one go; what fails leaves no half-made laptop behind.

    A laptop that holds data already is opened with the password and joined.
    Raises: KubeFieldError.
    """
    _require_answer(url, ca_pem)
    is_new = not paths.is_set_up()
    if is_new:
        nobody = Officer(wiring.new_id(), user, Role.PEKERJA_SOSIAL, ())
        laptop = set_up_laptop(paths, user=user, password=password, officer=nobody, wiring=wiring)
    else:
        laptop = open_laptop(paths, user=user, password=password, wiring=wiring)
    try:
        join_server(laptop, url=url, code=code, ca_pem=ca_pem, device_name=platform.node())
    except BaseException:
        laptop.close()
        if is_new:
            _take_back(paths)
            paths.journal.unlink(missing_ok=True)
        raise
    return laptop


def _require_answer(url: str, ca_pem: str) -> None:
    try:
        with HttpTransport(url, ca_pem=ca_pem) as desk:
            desk.health()
    except Refusal as refusal:
        raise trouble_of(refusal) from refusal
    except KubeFieldError as failure:
        if failure.failure != Failure.NO_NETWORK:
            raise
        raise KubeFieldError(
            Failure.NO_NETWORK,
            _("Server {url} tidak menjawab.").format(url=url),
            _("Periksa alamatnya dan sambungan internet, lalu coba lagi. Laptop ini belum diubah."),
            code=failure.code,
        ) from failure


def _take_back(paths: AppPaths) -> None:
    """Remove what this very call made; nobody has written anything in it."""
    for path in (*paths.data_dir.glob(paths.database.name + "*"), *paths.data_dir.glob(paths.key_file.name + "*")):
        path.unlink(missing_ok=True)


def require_new_user(laptop: OpenLaptop, user: str) -> None:
    """Refuse a user name that is empty or taken. Raises: KubeFieldError with VALIDATION."""
    if not user:
        raise KubeFieldError(Failure.VALIDATION, _("Nama masuk wajib diisi."), code="USER_EMPTY")
    if user.casefold() in (taken.casefold() for taken in users(laptop.paths.key_file)):
        raise KubeFieldError(
            Failure.VALIDATION,
            _("Pengguna ini sudah terdaftar di laptop ini."),
            _("Pilih nama masuk lain."),
            code="USER_EXISTS",
        )


def transport_of(session: Session) -> HttpTransport:
    """The way to the server that this laptop is enrolled with.

    Raises: KubeFieldError when it is not enrolled yet.
    """
    way = connection(session)
    return HttpTransport(way.url, way.token, ca_pem=way.ca_pem)


def only_user(paths: AppPaths) -> str:
    """The user of a laptop that has one.

    Raises: KubeFieldError with USAGE when several share it.
    """
    names = users(paths.key_file)
    if len(names) != 1:
        raise KubeFieldError(
            Failure.USAGE,
            _("Laptop ini dipakai beberapa petugas: {names}.").format(names=", ".join(names)),
            _("Sebutkan nama pengguna dengan --user."),
        )
    return names[0]


def _assembled(
    paths: AppPaths, user: str, keys: Keys, store: LocalStore, wiring: Wiring, lock: FileLock, is_demo: bool
) -> OpenLaptop:
    prepare_messages()  # the lanes of the window read them side by side
    try:
        session = Session(
            officer=kept_officer(store, user).officer,
            store=store,
            photos=PhotoStore(paths.photos, keys.photo),
            reference=load_reference(),
            wiring=wiring,
            is_demo=is_demo,
        )
    except BaseException:
        store.close()
        raise
    return OpenLaptop(paths, user, keys, store, session, lock)
