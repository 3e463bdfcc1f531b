"""The demonstration: a server of its own on this machine, a laptop with fictional data, and a day's work with them."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from gettext import gettext as _
from pathlib import Path

from kube_field.assembly import OpenLaptop, join_server, open_laptop, set_up_laptop, system_wiring, transport_of
from kube_field.cli_laptop import write_file
from kube_field.demo_server import DemoServer
from kube_field.domain.records import PROVINCE_SCOPE, Officer, RecordKind, Role
from kube_field.errors import Failure, KubeFieldError
from kube_field.paths import AppPaths, default_paths
from kube_field.storage.lock import lock_folder
from kube_field.storage.vault.argon import FLOOR
from kube_field.usecases.documents import find_documents
from kube_field.usecases.home import home
from kube_field.usecases.papers import attendance_paper, document_paper
from kube_field.usecases.people import count_people
from kube_field.usecases.queue import pill
from kube_field.usecases.sample_data import SAMPLE_AREAS, LoadedSample, load_sample
from kube_field.usecases.session import Session
from kube_field.usecases.sync import sync_now, sync_store
from kube_field.usecases.trainings import find_trainings
from kube_field.usecases.views import DocumentFilter, PersonFilter, SyncRun

DEMO_USER = "rina"
DEMO_PASSWORD = "padi ladang pisang sagu enau"
"""Opens fictional data only; the real set-up refuses nothing less than a password of one's own."""
OFFICER_NAME = "Rina Contoh"
COLLEAGUE = "Budi Contoh"
ADMIN_NAME = "Admin Provinsi Contoh"
OFFICE = "Dinas Sosial (contoh)"


@dataclass(slots=True)
class Demo:
    """A running demonstration."""

    server: DemoServer
    laptop: OpenLaptop
    made: LoadedSample | None


def open_demo(folder: Path | None = None) -> Demo:
    """Start the demonstration server and open the sample laptop; both are made when they are not there yet.

    Raises: KubeFieldError.
    """
    paths = AppPaths(folder) if folder is not None else default_paths(demo=True)
    if paths.is_set_up() and not _ready_mark(paths).exists():
        _forget_unfinished(paths)
    server = DemoServer(paths.demo_server)
    server.start()
    try:
        if paths.is_set_up():
            return Demo(server, _reopened(paths, server.url), None)
        laptop, made = _made(paths, server)
        return Demo(server, laptop, made)
    except BaseException:
        server.stop()
        raise


def _forget_unfinished(paths: AppPaths) -> None:
    """Take away a first start that was cut short, nobody's work; the window may be writing the log already.

    Raises: KubeFieldError with ALREADY_RUNNING while another window is still at it.
    """
    lock_folder(paths.data_dir).release()
    for part in paths.data_dir.iterdir():
        if part.is_dir() and part != paths.logs:
            shutil.rmtree(part)
        elif part.is_file():
            part.unlink()


def _ready_mark(paths: AppPaths) -> Path:
    return paths.data_dir / "contoh-siap"


def _reopened(paths: AppPaths, url: str) -> OpenLaptop:
    laptop = open_laptop(paths, user=DEMO_USER, password=DEMO_PASSWORD, wiring=system_wiring(), is_demo=True)
    # The server took another port when it started again.
    sync_store(laptop.store).move_to(url)
    return laptop


def _made(paths: AppPaths, server: DemoServer) -> tuple[OpenLaptop, LoadedSample]:
    admin = server.add_user(ADMIN_NAME, Role.ADMIN_PROV, PROVINCE_SCOPE, OFFICE)
    rina = server.add_user(OFFICER_NAME, Role.PEKERJA_SOSIAL, ",".join(SAMPLE_AREAS), OFFICE)
    laptop = new_demo_laptop(paths, server, user=DEMO_USER, code=rina.code)
    try:
        admin_officer = Officer(admin.uid, ADMIN_NAME, Role.ADMIN_PROV, (PROVINCE_SCOPE,), office=OFFICE)
        made = load_sample(lambda role, at: session_at(laptop.session, admin_officer, role, at))
        sync(laptop)
        _ready_mark(paths).touch()
    except BaseException:
        laptop.close()
        raise
    return laptop, made


def new_demo_laptop(paths: AppPaths, server: DemoServer, *, user: str, code: str) -> OpenLaptop:
    """Set up a laptop for fictional data and enrol it with the demonstration server."""
    wiring = system_wiring()
    nobody = Officer(wiring.new_id(), user, Role.PEKERJA_SOSIAL, ())
    laptop = set_up_laptop(
        paths, user=user, password=DEMO_PASSWORD, officer=nobody, wiring=wiring, cost=FLOOR, is_demo=True
    )
    try:
        join_server(laptop, url=server.url, code=code)
    except BaseException:
        laptop.close()
        raise
    return laptop


def session_at(session: Session, admin: Officer, role: Role, at: datetime) -> Session:
    """The laptop in the hands of its officer, or of the administrator, its clock standing at an instant."""
    officer = admin if role == Role.ADMIN_PROV else session.officer
    return replace(session, officer=officer, wiring=replace(session.wiring, now=lambda: at))


def sync(laptop: OpenLaptop) -> SyncRun:
    """One run now.

    Raises: KubeFieldError when the demonstration server could not be reached.
    """
    with transport_of(laptop.session) as transport:
        done = sync_now(laptop.session, transport)
    if done.outcome:
        raise KubeFieldError(Failure(done.exit_code), done.message, code=done.outcome)
    return done


def run_demo(folder: Path | None, *, window: bool) -> int:
    """The demonstration: in the window where there is a screen, else a day's work in lines of text."""
    if window and has_screen():
        from kube_field.desktop import open_window

        return open_window(folder, is_demo=True)
    demo = open_demo(folder)
    try:
        tell_day(demo, print)
        demo.laptop.close()
        return 0
    finally:
        demo.server.stop()


def has_screen() -> bool:
    """True where a window can be shown."""
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def tell_day(demo: Demo, say: Callable[[str], None]) -> None:
    """A day without a screen: what there is, what is due, a visit on paper, a second laptop that receives it."""
    session, folder = demo.laptop.session, demo.laptop.paths.data_dir
    say(_("Server contoh: {url}").format(url=demo.server.url))
    say(_("Data laptop (terenkripsi): {path}").format(path=demo.laptop.paths.database))
    summary = home(session)
    people = count_people(session, wanted=PersonFilter())
    visits = find_documents(session, wanted=DocumentFilter(kind=RecordKind.VISIT, drafts=False))
    say(
        _("{people} warga, {units} unit usaha, {visits} kunjungan final.").format(
            people=people, units=summary.units, visits=len(visits)
        )
    )
    for item in summary.items[:5]:
        say(f"  - {item.title}: {item.detail}")
    _write_papers(session, folder, visits[0].uid, say)
    sync(demo.laptop)
    waiting = pill(session)
    say(
        _("Sinkronisasi: {sent} perubahan sudah di server dengan tanda terima, {left} menunggu.").format(
            sent=waiting.sent, left=waiting.unsent
        )
    )
    _tell_second_laptop(demo, people, say)


def _write_papers(session: Session, folder: Path, visit_uid: str, say: Callable[[str], None]) -> None:
    report = folder / "laporan-kunjungan.pdf"
    write_file(report, document_paper(session, uid=visit_uid))
    say(_("Laporan kunjungan: {path}").format(path=report))
    for training in find_trainings(session)[:1]:
        sheet = folder / "daftar-hadir.pdf"
        write_file(sheet, attendance_paper(session, event_uid=training.uid, session_no=1, blank=True))
        say(_("Daftar hadir kosong: {path}").format(path=sheet))


def _tell_second_laptop(demo: Demo, people: int, say: Callable[[str], None]) -> None:
    """A colleague of the same area enrols a fresh laptop and gets everything."""
    folder = demo.laptop.paths.data_dir / "laptop-kedua"
    shutil.rmtree(folder, ignore_errors=True)
    code = demo.server.add_user(COLLEAGUE, Role.PENDAMPING, ",".join(SAMPLE_AREAS), OFFICE).code
    with new_demo_laptop(AppPaths(folder), demo.server, user="budi", code=code) as second:
        run = sync(second)
        there = count_people(second.session, wanted=PersonFilter())
        say(
            _("Laptop kedua ({name}): {received} diterima, {there} dari {people} warga, {path}").format(
                name=COLLEAGUE, received=run.received, there=there, people=people, path=folder
            )
        )
