"""Commands that need the laptop: set up, join a server, officers, database, sync, records, reports."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from gettext import gettext as _
from pathlib import Path
from typing import Any, TextIO

from kube_field import cli_papers, cli_records
from kube_field.assembly import (
    OpenLaptop,
    add_officer,
    enrol_new_laptop,
    join_server,
    only_user,
    open_laptop,
    set_up_laptop,
    system_wiring,
    transport_of,
)
from kube_field.cli_export import export_area
from kube_field.cli_import import run_import
from kube_field.colleagues import add_colleague
from kube_field.domain.records import Officer, Role
from kube_field.domain.sync_views import HISTORY_ONLY
from kube_field.errors import Failure, KubeFieldError
from kube_field.paths import AppPaths
from kube_field.reference import load_reference
from kube_field.repairing import repair_laptop, words_of
from kube_field.storage.condition import database_info, troubles
from kube_field.storage.vault.vault import change_password, users
from kube_field.sync.ports import Progress
from kube_field.sync.turn import TURN
from kube_field.usecases.courier import visit_stick
from kube_field.usecases.papers import document_paper
from kube_field.usecases.sync import sync_now

MINUTE = 60
Say = Callable[[dict[str, Any]], None]
LONGEST_WAIT_SECONDS = 30
"""A command works off this much of a back-off before it refuses; longer waits need the program to stay open."""


def run(options: argparse.Namespace, paths: AppPaths, lines: TextIO, say: Say) -> int:
    """Run one command on the laptop's data; returns the exit code."""
    if options.command == "init":
        return _init(options, paths, lines, say)
    if options.command == "enrol" and not paths.is_set_up():
        return _enrol_new(options, paths, lines, say)
    if options.command == "user" and options.action == "list":
        for name in users(paths.key_file):
            say({"user": name})
        return 0
    password = _password(options, lines)
    if options.command == "user" and options.action == "passwd":
        return _change_password(options, paths, password, lines, say)
    if options.command == "db" and options.action == "repair":
        return _db_repair(options, paths, password, say)
    with _unlocked(options, paths, password) as laptop:
        return _run_unlocked(options, laptop, lines, say)


def _run_unlocked(options: argparse.Namespace, laptop: OpenLaptop, lines: TextIO, say: Say) -> int:
    session = laptop.session
    commands: dict[tuple[str, str], Callable[[], int]] = {
        ("record", "put"): lambda: cli_records.put(session, options, lines, say),
        ("record", "list"): lambda: cli_records.listed(session, options, say),
        ("record", "show"): lambda: cli_records.show(session, options, say),
        ("record", "export"): lambda: cli_records.export(session, options, say),
        ("draft", "put"): lambda: cli_records.put(session, _as_draft(options), lines, say),
        ("draft", "list"): lambda: cli_records.list_drafts(session, say),
        ("export", ""): lambda: export_area(session, options, say),
        ("import", ""): lambda: run_import(session, options, write_file, say),
        ("report", ""): lambda: _report(options, laptop, say),
        ("plan", ""): lambda: cli_papers.plan(session, options, say),
        ("verify", ""): lambda: cli_papers.verify(session, options, say),
        ("sync", ""): lambda: _courier(options, laptop, say) if options.usb else _sync(options, laptop, say),
        ("enrol", ""): lambda: _enrol(options, laptop, say),
        ("user", "add"): lambda: _add_user(options, laptop, lines, say),
        ("db", "info"): lambda: _db_info(laptop, say),
        ("db", "check"): lambda: _db_check(options, laptop, say),
    }
    code = commands[options.command, getattr(options, "action", "")]()
    if laptop.store.journal.is_behind:
        print(_("Catatan tersimpan, tetapi salinan cadangannya belum dapat ditulis."), file=sys.stderr)
    return code


def _password(options: argparse.Namespace, lines: TextIO) -> str:
    if not options.password_stdin:
        raise KubeFieldError(
            Failure.USAGE,
            _("Kata sandi diperlukan."),
            _("Pakai --password-stdin dan tulis kata sandi pada baris pertama masukan."),
        )
    return lines.readline().rstrip("\r\n")


def _unlocked(options: argparse.Namespace, paths: AppPaths, password: str) -> OpenLaptop:
    """Open the laptop, sitting out a short back-off after wrong passwords."""
    waited = 0.0
    while True:
        try:
            return open_laptop(paths, user=options.user, password=password, wiring=system_wiring())
        except KubeFieldError as failure:
            if failure.code != "WAIT" or waited >= LONGEST_WAIT_SECONDS:
                raise
        time.sleep(1)
        waited += 1


def _init(options: argparse.Namespace, paths: AppPaths, lines: TextIO, say: Say) -> int:
    if not options.user:
        raise KubeFieldError(Failure.USAGE, _("Sebutkan nama pengguna dengan --user."))
    password = _password(options, lines)
    wiring = system_wiring()
    officer = _officer(options, wiring.new_id(), options.user)
    with set_up_laptop(paths, user=options.user, password=password, officer=officer, wiring=wiring) as laptop:
        say({"ok": True, "user": options.user, "officer": officer.uid, "data_dir": str(laptop.paths.data_dir)})
    return 0


def _officer(options: argparse.Namespace, uid: str, user: str) -> Officer:
    areas = load_reference().regions.read_areas(options.areas)
    return Officer(uid, options.name or user, Role(options.role), areas, options.employee_number, options.office)


def _add_user(options: argparse.Namespace, laptop: OpenLaptop, lines: TextIO, say: Say) -> int:
    password, user = lines.readline().rstrip("\r\n"), options.new_user.strip()
    if options.code:
        officer = add_colleague(laptop, user=user, password=password, code=options.code)
        say({"ok": True, "user": user, "officer": officer.uid, "name": officer.name})
        return 0
    officer = _officer(options, laptop.session.wiring.new_id(), user)
    add_officer(laptop, user=user, password=password, officer=officer)
    note = _(
        "Petugas ini baru dikenal laptop ini. Catatannya menunggu sampai ia didaftarkan: user add {user} --code KODE."
    ).format(user=user)
    print(note, file=sys.stderr)
    say({"ok": True, "user": user, "officer": officer.uid, "note": note})
    return 0


def _change_password(options: argparse.Namespace, paths: AppPaths, old: str, lines: TextIO, say: Say) -> int:
    new = lines.readline().rstrip("\r\n")
    with _unlocked(options, paths, old) as laptop:
        change_password(paths.key_file, laptop.user, old, new, new_id=laptop.session.wiring.new_id)
        say({"ok": True, "user": laptop.user})
    return 0


def _enrol(options: argparse.Namespace, laptop: OpenLaptop, say: Say) -> int:
    join_server(laptop, url=options.server, code=options.code, ca_pem=_authority(options))
    return _say_enrolled(laptop, say)


def _enrol_new(options: argparse.Namespace, paths: AppPaths, lines: TextIO, say: Say) -> int:
    """A laptop without data is set up on the way, with the officer that the server names."""
    if not options.user:
        raise KubeFieldError(Failure.USAGE, _("Sebutkan nama pengguna dengan --user."))
    with enrol_new_laptop(
        paths,
        url=options.server,
        code=options.code,
        user=options.user,
        password=_password(options, lines),
        wiring=system_wiring(),
        ca_pem=_authority(options),
    ) as laptop:
        return _say_enrolled(laptop, say)


def _authority(options: argparse.Namespace) -> str:
    """Text of the province's certificate authority, "" for the system's own.

    Raises: KubeFieldError FILE_REFUSED.
    """
    if options.ca is None:
        return ""
    try:
        return str(options.ca.read_text(encoding="ascii"))
    except (OSError, UnicodeDecodeError) as error:
        raise KubeFieldError(
            Failure.FILE_REFUSED, _("Berkas sertifikat tidak dapat dibaca: {path}.").format(path=options.ca)
        ) from error


def _say_enrolled(laptop: OpenLaptop, say: Say) -> int:
    say({"ok": True, "device_code": laptop.store.setting("device_code"), "name": laptop.session.officer.name})
    return 0


def _sync(options: argparse.Namespace, laptop: OpenLaptop, say: Say) -> int:
    session = laptop.session
    with transport_of(session) as transport:
        done = sync_now(session, transport, tell_turn, allow_removal=options.allow_removal)
    told = {name: value for name, value in asdict(done).items() if name not in HISTORY_ONLY}
    say({"ok": not done.outcome, **told})
    if done.outcome:
        raise KubeFieldError(Failure(done.exit_code), done.message, code=done.outcome)
    return 0


def tell_turn(progress: Progress) -> None:
    """Say once a minute how long a run still waits for its turn, and how not to wait."""
    if progress.phase == TURN and progress.done % MINUTE == 0:
        words = _(
            "Server baru dipulihkan; giliran laptop ini paling lama {n} menit lagi. Data aman."
            " Bila tidak ingin menunggu, tekan Ctrl+C lalu jalankan sync lagi."
        )
        print(words.format(n=-(-(progress.total - progress.done) // MINUTE)), file=sys.stderr)


def _courier(options: argparse.Namespace, laptop: OpenLaptop, say: Say) -> int:
    """One visit of a stick; nothing that is given counts as sent."""
    session = laptop.session
    if options.forward:
        with transport_of(session) as transport:
            tally = visit_stick(session, options.usb, transport.carry, allow_removal=options.allow_removal)
    else:
        tally = visit_stick(session, options.usb, allow_removal=options.allow_removal)
    good = not (tally.not_read or tally.asking or tally.way_lost)
    say({"ok": good, **{name: told(value) for name, value in asdict(tally).items()}})
    if tally.asking:
        raise _asked_on_a_stick(options.usb)
    if tally.way_lost:
        raise KubeFieldError(Failure(tally.exit_code), tally.way_lost, code=tally.way_code)
    return 0


def _asked_on_a_stick(folder: Path) -> KubeFieldError:
    return KubeFieldError(
        Failure.NOT_ALLOWED,
        _("Jawaban di flashdisk ingin menghapus banyak sekali data dari laptop ini. Penghapusan itu ditunda."),
        _("Tanyakan dulu kepada admin provinsi. Bila benar: sync --usb {folder} --allow-removal.").format(
            folder=folder
        ),
        code="MASS_REMOVAL",
    )


def told(value: Any) -> Any:
    """Paths as text."""
    return [str(item) if isinstance(item, Path) else item for item in value] if isinstance(value, list) else value


def _report(options: argparse.Namespace, laptop: OpenLaptop, say: Say) -> int:
    pdf = document_paper(laptop.session, uid=options.id)
    write_file(options.out, pdf)
    say({"ok": True, "id": options.id, "out": str(options.out), "bytes": len(pdf)})
    return 0


def write_file(path: Path, content: bytes) -> None:
    """Write a file for the officer: whole or not at all.

    Raises: KubeFieldError FILE_REFUSED when the place cannot be written.
    """
    unfinished = path.with_name(path.name + ".sebagian")
    try:
        unfinished.write_bytes(content)
        os.replace(unfinished, path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise KubeFieldError(
            Failure.FILE_REFUSED,
            _("Berkas tidak dapat ditulis: {path}.").format(path=path),
            _("Pilih folder lain, atau tutup berkas itu bila sedang terbuka. Data di laptop aman."),
        ) from error


def _db_info(laptop: OpenLaptop, say: Say) -> int:
    say(
        {
            "ok": True,
            "data_dir": str(laptop.paths.data_dir),
            "users": users(laptop.paths.key_file),
            **database_info(laptop.store),
        }
    )
    return 0


def _db_check(options: argparse.Namespace, laptop: OpenLaptop, say: Say) -> int:
    found = troubles(laptop.store, full=options.full)
    say({"ok": not found, "troubles": found})
    if found:
        raise KubeFieldError(
            Failure.INTEGRITY,
            _("Basis data laptop ini rusak di {n} tempat.").format(n=len(found)),
            _("Jangan menghapus apa pun; pulihkan dengan: kube-field db repair."),
        )
    return 0


def _db_repair(options: argparse.Namespace, paths: AppPaths, password: str, say: Say) -> int:
    user = options.user or only_user(paths)
    repair = repair_laptop(paths, user=user, password=password, wiring=system_wiring())
    print(words_of(repair), file=sys.stderr)
    done = repair.done
    if done is None:
        say({"ok": True, "repaired": False})
        return 0
    say(
        {
            "ok": True,
            "repaired": True,
            "changes": done.changes,
            "drafts": done.drafts,
            "photos": len(done.photos),
            "photos_missing": repair.photos_missing,
            "damaged_lines": done.damaged_lines,
            "quarantine": str(done.folder),
        }
    )
    return 0


def _as_draft(options: argparse.Namespace) -> argparse.Namespace:
    options.draft, options.confirm = True, ""
    return options
