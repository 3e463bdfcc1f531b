"""`kube-field-server`: set up, serve, officers, laptops. Text for people on stderr, one JSON object on stdout."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from gettext import gettext as _
from pathlib import Path
from typing import Any, TextIO

from kube_field.domain.records import Role
from kube_field.errors import BUG_EXIT_CODE, Failure, KubeFieldError
from kube_field.logs import start_logging
from kube_field.server.answers import Alone, Answer, Command
from kube_field.server.cli_review import add_review_commands
from kube_field.server.cli_upkeep import add_upkeep_commands
from kube_field.server.courier import take_bundle
from kube_field.server.credentials import secret_hash
from kube_field.server.endpoint import House, instant
from kube_field.server.laptop_keys import tell_keys
from kube_field.server.reviewing import reprocess_after_update
from kube_field.server.routes.enrolment import make_code
from kube_field.server.serving import Certificate, only_server, open_house, serve
from kube_field.server.storage.accounts import Accounts, Laptop, User
from kube_field.sqlite.durable import write_durably
from kube_field.wire.bundle import answer_path, unanswered
from kube_field.wire.refusals import Refusal

DEFAULT_FOLDER = Path("data-server")
DEFAULT_PORT = 8640
MIN_PASSWORD = 15


def main(arguments: Sequence[str] | None = None, stdout: TextIO | None = None, stderr: TextIO | None = None) -> int:
    """Run one command; the exit code is that of the published table."""
    out, err = stdout or sys.stdout, stderr or sys.stderr
    try:
        options = _parser().parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        answer = _run(options)
    except KubeFieldError as error:
        _tell(out, err, options.json, Answer({"ok": False, "code": error.code, "message": error.sentence}, str(error)))
        return int(error.failure)
    except KeyboardInterrupt:
        return 0
    except Exception as error:  # noqa: BLE001  (the last line of defence; the text may hold personal data)
        err.write(_("Kesalahan program: {name}").format(name=type(error).__name__) + "\n")
        return BUG_EXIT_CODE
    if answer is not None:
        _tell(out, err, options.json, Answer({"ok": True, **answer.facts}, answer.text))
    return 0


def _run(options: argparse.Namespace) -> Answer | None:
    if options.alone is not None:
        told: Answer | None = options.alone(options)
        return told
    with open_house(options.data_dir, options.database_url) as house:
        answer: Answer | None = options.command(house, options)
        return answer


def _tell(out: TextIO, err: TextIO, as_json: bool, answer: Answer) -> None:
    if as_json:
        out.write(json.dumps(answer.facts, ensure_ascii=False) + "\n")
        out.flush()
    else:
        err.write(answer.text + "\n")


def _init(house: House, options: argparse.Namespace) -> Answer:
    accounts = Accounts(house.database)
    with house.database.read():
        server_id = accounts.meta("server_id")
    return Answer({"server_id": server_id}, _("Server siap di {folder}.").format(folder=options.data_dir))


def _serve(house: House, options: argparse.Namespace) -> None:
    if bool(options.tls_cert) != bool(options.tls_key):
        raise KubeFieldError(Failure.USAGE, _("--tls-cert dan --tls-key diberikan bersama."))
    certificate = Certificate(options.tls_cert, options.tls_key) if options.tls_cert else None
    handler = start_logging(options.data_dir / "log")
    try:
        with only_server(options.data_dir, options.database_url):
            reprocess_after_update(house)
            serve(
                house,
                host=options.host,
                port=options.port,
                port_file=options.port_file,
                certificate=certificate,
                parent=sys.stdin.buffer if options.end_with_parent else None,
            )
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()


def _user_add(house: House, options: argparse.Namespace) -> Answer:
    accounts = Accounts(house.database)
    areas = house.reference.regions.read_areas(options.areas)
    name = options.name.strip()
    if not name:
        raise KubeFieldError(Failure.VALIDATION, _("Nama petugas wajib diisi."))
    user = User(
        uid=house.new_id(),
        name=name,
        role=Role(options.role),
        areas=areas,
        employee_number=options.employee_number,
        office=options.office,
    )
    with house.database.write():
        if accounts.user(user.name) is not None:
            raise KubeFieldError(Failure.VALIDATION, _("Petugas dengan nama ini sudah ada."), code="USER_EXISTS")
        accounts.add_user(user, instant(house.now()))
        code = _new_code(house, user) if options.code else None
    added = Answer({"id": user.uid, "name": user.name}, _("Petugas {name} ditambahkan.").format(name=user.name))
    return added if code is None else Answer({**code.facts, **added.facts}, f"{added.text}\n{code.text}")


def _user_areas(house: House, options: argparse.Namespace) -> Answer:
    areas = house.reference.regions.read_areas(options.areas)
    with house.database.write():
        user = _find_user(house, options.user)
        Accounts(house.database).grant(user.uid, areas, instant(house.now()))
    return Answer({"id": user.uid, "areas": list(areas)}, _("Wilayah tugas {name} diganti.").format(name=user.name))


def _user_password(house: House, options: argparse.Namespace) -> Answer:
    password = sys.stdin.readline().rstrip("\r\n")
    if len(password) < MIN_PASSWORD:
        raise KubeFieldError(Failure.VALIDATION, _("Kata sandi minimal {n} karakter.").format(n=MIN_PASSWORD))
    with house.database.write():
        user = _find_user(house, options.user)
        Accounts(house.database).set_password(user.uid, secret_hash(password, house.random_bytes))
    return Answer({"id": user.uid}, _("Kata sandi {name} disimpan.").format(name=user.name))


def _user_alias(house: House, options: argparse.Namespace) -> Answer:
    with house.database.write():
        user = _find_user(house, options.user)
        Accounts(house.database).add_alias(options.author, user.uid)
    return Answer(
        {"id": user.uid, "author": options.author}, _("Penulis ini dikenal sebagai {name}.").format(name=user.name)
    )


def _user_list(house: House, _options: argparse.Namespace) -> Answer:
    with house.database.read():
        users = Accounts(house.database).users()
    rows = [
        {"id": user.uid, "name": user.name, "role": user.role.value, "areas": list(user.areas), "office": user.office}
        for user in users
    ]
    lines = [f"{user.name}  {user.role.value}  {','.join(user.areas)}" for user in users]
    return Answer({"users": rows}, "\n".join(lines) or _("Belum ada petugas."))


def _device_code(house: House, options: argparse.Namespace) -> Answer:
    with house.database.write():
        user = _find_user(house, options.user)
        return _new_code(house, user)


def _new_code(house: House, user: User) -> Answer:
    """A one-time code for a laptop of this user; inside a write transaction."""
    code, ends = make_code(house, user)
    text = _("Kode untuk laptop {name}: {code} (sekali pakai, berlaku 24 jam)").format(name=user.name, code=code)
    return Answer({"code": code, "expires_at": ends, "user": user.uid}, text)


def _device_list(house: House, _options: argparse.Namespace) -> Answer:
    with house.database.read():
        accounts = Accounts(house.database)
        devices, names = accounts.devices(), {user.uid: user.name for user in accounts.users()}
        officers = {device.device_id: [user.name for user in accounts.officers(device.device_id)] for device in devices}
    rows = [
        {
            "id": device.device_id,
            "code": device.code,
            "user": names.get(device.user_uid, ""),
            "officers": officers[device.device_id],
            "name": device.name,
            "last_seen_at": device.last_seen_at,
            "revoked_at": device.revoked_at,
        }
        for device in devices
    ]
    lines = [
        f"{one.code}  {', '.join(officers[one.device_id])}  {one.name}  {one.revoked_at or one.last_seen_at}"
        for one in devices
    ]
    return Answer({"devices": rows}, "\n".join(lines) or _("Belum ada laptop."))


def _device_revoke(house: House, options: argparse.Namespace) -> Answer:
    with house.database.write():
        accounts = Accounts(house.database)
        device: Laptop | None = accounts.device(options.device)
        if device is None:
            raise KubeFieldError(Failure.VALIDATION, _("Laptop ini tidak ada."), code="NO_SUCH_DEVICE")
        accounts.revoke_device(device.device_id, instant(house.now()))
        tell_keys(house, accounts.devices())
    return Answer({"id": device.device_id, "code": device.code}, _("Laptop {code} dicabut.").format(code=device.code))


def _courier(house: House, options: argparse.Namespace) -> Answer:
    """Answer every bundle in a folder that has no answer beside it yet; what cannot be read is told and left alone."""
    taken, refused = [], []
    try:
        waiting = unanswered(options.folder)
    except OSError as error:
        raise KubeFieldError(Failure.FILE_REFUSED, _("Folder ini tidak dapat dibaca.")) from error
    for path in waiting:
        try:
            carried = take_bundle(house, path.read_bytes())
        except Refusal as refusal:
            refused.append({"file": path.name, "reason": refusal.message})
            continue
        answer = answer_path(path)
        write_durably(answer, carried.answer)
        taken.append({"file": path.name, "answer": answer.name, "changes": carried.changes, "photos": carried.photos})
    lines = [f"{one['file']}  {one['changes']} + {one['photos']}  {one['answer']}" for one in taken]
    lines += [f"{one['file']}  {one['reason']}" for one in refused]
    return Answer({"taken": taken, "refused": refused}, "\n".join(lines) or _("Tidak ada titipan baru di folder ini."))


def _find_user(house: House, name: str) -> User:
    user = Accounts(house.database).user(name)
    if user is None:
        raise KubeFieldError(Failure.VALIDATION, _("Petugas ini tidak ada."), code="NO_SUCH_USER")
    return user


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kube-field-server", description=_("Server provinsi KUBE Lapangan"))
    _add_common(parser, top=True)
    commands = parser.add_subparsers(required=True, metavar=_("PERINTAH"))
    _leaf(commands, "init", _init, _("siapkan folder data dan basis data"))
    serving = _leaf(commands, "serve", _serve, _("jalankan server"))
    serving.add_argument("--host", default="127.0.0.1")
    serving.add_argument("--port", type=int, default=DEFAULT_PORT, help=_("0: port bebas"))
    serving.add_argument("--port-file", type=Path, help=_("berkas tempat port ditulis"))
    serving.add_argument("--end-with-parent", action="store_true", help=_("berhenti saat masukan standar ditutup"))
    serving.add_argument("--tls-cert", type=Path)
    serving.add_argument("--tls-key", type=Path)
    _add_user_commands(commands)
    add_upkeep_commands(commands, _leaf)
    add_review_commands(commands, _leaf)
    courier = _leaf(commands, "courier", _courier, _("jawab titipan data di sebuah folder atau flashdisk"))
    courier.add_argument("folder", type=Path)
    device = commands.add_parser("device", help=_("laptop")).add_subparsers(required=True)
    _leaf(device, "code", _device_code, _("buat kode sekali pakai")).add_argument("--user", required=True)
    _leaf(device, "list", _device_list, _("daftar laptop"))
    _leaf(device, "revoke", _device_revoke, _("cabut laptop")).add_argument("device", help=_("kode atau id laptop"))
    return parser


def _add_user_commands(commands: Any) -> None:
    user = commands.add_parser("user", help=_("petugas")).add_subparsers(required=True)
    added = _leaf(user, "add", _user_add, _("tambah petugas"))
    added.add_argument("--name", required=True)
    added.add_argument("--role", required=True, choices=[role.value for role in Role])
    added.add_argument("--areas", required=True, help=_("kode kabupaten atau kecamatan, dipisah koma; 64 = provinsi"))
    added.add_argument("--office", default="")
    added.add_argument("--employee-number", default="")
    added.add_argument("--code", action="store_true", help=_("beri juga kode sekali pakai untuk laptopnya"))
    areas = _leaf(user, "areas", _user_areas, _("ganti wilayah tugas"))
    areas.add_argument("--user", required=True)
    areas.add_argument("--areas", required=True)
    password = _leaf(user, "passwd", _user_password, _("kata sandi dari baris pertama masukan"))
    password.add_argument("--user", required=True)
    alias = _leaf(user, "alias", _user_alias, _("kenali penulis dari laptop bersama sebagai petugas ini"))
    alias.add_argument("--user", required=True)
    alias.add_argument("--author", required=True, help=_("id petugas di laptop"))
    _leaf(user, "list", _user_list, _("daftar petugas"))


def _leaf(
    commands: Any, name: str, command: Command | None, help_text: str, alone: Alone | None = None
) -> argparse.ArgumentParser:
    """A command over the open house, or `alone` over a folder whose database is closed."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help_text)
    _add_common(parser, top=False)
    parser.set_defaults(command=command, alone=alone)
    return parser


def _add_common(parser: argparse.ArgumentParser, *, top: bool) -> None:
    """Options that may stand before or after the command."""
    hidden = argparse.SUPPRESS
    parser.add_argument("--data-dir", type=Path, default=DEFAULT_FOLDER if top else hidden)
    parser.add_argument("--database-url", default="" if top else hidden, help=_("postgresql://…; tanpa ini SQLite"))
    parser.add_argument("--json", action="store_true", default=False if top else hidden)


if __name__ == "__main__":
    sys.exit(main())
