"""The command line: one JSON object a line in and out, sentences for people on standard error."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from gettext import gettext as _
from pathlib import Path
from typing import Any, NoReturn

from kube_field import __version__
from kube_field.domain.records import RecordKind, Role
from kube_field.errors import BUG_EXIT_CODE, Failure, KubeFieldError
from kube_field.language import speak_indonesian
from kube_field.logs import give_missing_streams
from kube_field.paths import AppPaths, default_paths
from kube_field.program import require_whole_program, show_box
from kube_field.reading_apart import PAPER, SHEET

WINDOW = "window"
LISTS = ("people", "households", "groups")
"""What a list that is imported may be about."""
RULES = {
    "score": (
        _("nilai keberlanjutan dan tanda peringatan: satu JSON per baris"),
        _(
            'Setiap baris: {"visit": {…isian…}, "earlier": [{…}], "unit": {"village_code", '
            '"working_capital_base_idr", "handover_on"}}; earlier dari yang tertua.'
        ),
    ),
    "suggest": (
        _("saran usaha: satu JSON per baris"),
        _(
            'Setiap baris: {"assessment": {…isian…}, "household": {…isian…}, "aid_idr": N, "age": N, '
            '"assisted": {USAHA: N}}.'
        ),
    ),
    "schedule": (
        _("jadwal kunjungan: satu JSON per baris"),
        _(
            'Setiap baris: {"handover_on": D, "visit_plan_code": "standar", "visits": [D, …], "next_visit_on": D, '
            '"status": "watch", "today": D}.'
        ),
    ),
}
"""Commands that ask the rules, with their help; they need no store."""


class Parser(argparse.ArgumentParser):
    """Argument parser whose refusals are Indonesian and end with the published code."""

    def error(self, message: str) -> NoReturn:
        """Say what was wrong and stop with exit code 2."""
        self.print_usage(sys.stderr)
        text = _("Perintah tidak dimengerti ({message}). Lihat: kube-field --help").format(message=message)
        print(text, file=sys.stderr)
        raise SystemExit(int(Failure.USAGE))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    speak_indonesian()
    has_console = _open_streams()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] in ([SHEET], [PAPER]) and len(given) == 2:
        return _read_apart(given[0], Path(given[1]))
    options = make_parser().parse_args(given)
    try:
        return run(options)
    except KubeFieldError as failure:
        return tell(failure, as_json=options.json, in_box=not has_console)
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception:  # noqa: BLE001 - the last line of defence: a sentence for the officer, places for us
        return tell_bug(options, in_box=not has_console)


def _open_streams() -> bool:
    """Make the standard streams fit for use; False when a program without a console had to be given some."""
    has_console = not give_missing_streams(default_paths().logs)
    # Windows pipes speak a code page of their own; JSON lines are UTF-8 everywhere.
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    return has_console


def tell(failure: KubeFieldError, *, as_json: bool, in_box: bool = False) -> int:
    """Print a failure for people, and for programs when they asked; returns its exit code."""
    print(f"{failure.sentence} {failure.action}".strip(), file=sys.stderr)
    if in_box:
        show_box(str(failure))
    if as_json:
        say(
            {
                "ok": False,
                "code": failure.code,
                "message": failure.sentence,
                "action": failure.action,
                "errors": list(failure.details),
            }
        )
    return int(failure.failure)


def tell_bug(options: argparse.Namespace, *, in_box: bool = False) -> int:
    """Print where it broke, without a word of the data, and say that nothing was lost; returns 70."""
    from kube_field.logs import places_of

    kind, _error, trace = sys.exc_info()
    place = places_of(kind, trace) if kind is not None else ""
    sentence = _("Terjadi kesalahan di dalam program. Data yang sudah tersimpan aman.")
    print(sentence, file=sys.stderr)
    print(_("Sampaikan baris ini kepada pengelola: {place}").format(place=place), file=sys.stderr)
    if in_box:
        show_box(f"{sentence}\n\n{place.split(' < ')[0]}")
    if options.json:
        say({"ok": False, "code": "BUG", "message": place})
    return BUG_EXIT_CODE


def say(line: dict[str, Any]) -> None:
    """One JSON object on standard output, flushed: what was printed has happened."""
    print(json.dumps(line, ensure_ascii=False), flush=True)


def make_parser() -> Parser:
    """Every command and option."""
    parser = Parser(prog="kube-field", description=_("KUBE Lapangan: asesmen, pelatihan, kunjungan."))
    parser.add_argument("--data-dir", type=Path, help=_("folder data"))
    parser.add_argument("--json", action="store_true", help=_("kegagalan juga ditulis sebagai JSON"))
    parser.add_argument("--user", default="", help=_("nama pengguna laptop ini"))
    parser.add_argument("--password-stdin", action="store_true", help=_("kata sandi = baris pertama masukan"))
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--selftest", action="store_true", help=_("coba semua bagian program di folder sementara"))
    commands = parser.add_subparsers(dest="command", parser_class=Parser)
    parser.set_defaults(command=WINDOW)  # after the commands: argparse gives their own default only then
    _add_laptop_commands(commands)
    _add_record_commands(commands)
    return parser


def _add_laptop_commands(commands: argparse._SubParsersAction[Parser]) -> None:
    init = commands.add_parser("init", help=_("siapkan folder data dengan petugas pertama"))
    _add_officer_options(init)
    enrol = commands.add_parser("enrol", help=_("daftarkan laptop ke server provinsi"))
    enrol.add_argument("--server", required=True)
    enrol.add_argument("--code", required=True)
    enrol.add_argument("--ca", type=Path)
    user = commands.add_parser("user", help=_("petugas di laptop ini")).add_subparsers(dest="action", required=True)
    user.add_parser("list")
    added = user.add_parser("add", help=_("baris kedua masukan: kata sandi petugas baru"))
    added.add_argument("new_user")
    added.add_argument("--code", default="", help=_("kode dari kantor; tanpa kode petugas hanya dikenal laptop ini"))
    _add_officer_options(added)
    user.add_parser("passwd", help=_("baris kedua masukan: kata sandi baru"))
    database = commands.add_parser("db", help=_("basis data")).add_subparsers(dest="action", required=True)
    database.add_parser("info")
    database.add_parser("check").add_argument("--full", action="store_true")
    database.add_parser("repair", help=_("pulihkan basis data yang rusak dari salinan cadangan di laptop ini"))
    sync = commands.add_parser("sync", help=_("kirim dan terima sekarang"))
    sync.add_argument("--usb", type=Path, metavar=_("FOLDER"), help=_("titip lewat flashdisk dan ambil jawabannya"))
    sync.add_argument("--forward", action="store_true", help=_("dengan --usb: teruskan titipan rekan ke server"))
    sync.add_argument(
        "--allow-removal",
        action="store_true",
        help=_("izinkan server menghapus banyak data dari laptop ini, sekali ini; juga dengan --usb"),
    )
    demo = commands.add_parser("demo", help=_("coba dengan data contoh"))
    demo.add_argument("--no-window", action="store_true", help=_("tanpa layar: tulis apa yang dibuat dan di mana"))
    commands.add_parser(WINDOW, help=_("buka jendela"))


def _add_officer_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", default="", help=_("nama petugas"))
    parser.add_argument("--role", default=Role.PEKERJA_SOSIAL.value, choices=[role.value for role in Role])
    parser.add_argument("--areas", default="64", help=_("kode wilayah tugas, dipisah koma: 64.02 atau 64.02.12"))
    parser.add_argument("--office", default="")
    parser.add_argument("--employee-number", default="")


def _add_record_commands(commands: argparse._SubParsersAction[Parser]) -> None:
    kinds = [kind.value for kind in RecordKind]
    record = commands.add_parser("record", help=_("catatan")).add_subparsers(dest="action", required=True)
    put = record.add_parser("put")
    put.add_argument("--type", required=True, choices=kinds)
    put.add_argument("--draft", action="store_true")
    put.add_argument("--confirm", default="", metavar="REASON")
    for name in ("list", "export"):
        listed = record.add_parser(name)
        listed.add_argument("--type", required=True, choices=kinds)
        if name == "export":
            listed.add_argument("--reason", default="", help=_("alasan menyertakan NIK dan KK lengkap"))
            listed.description = _("Satu baris JSON setiap catatan, untuk program; tabel untuk orang: export.")
    record.add_parser("show").add_argument("id")
    draft = commands.add_parser("draft", help=_("draf")).add_subparsers(dest="action", required=True)
    draft.add_parser("put").add_argument("--type", required=True, choices=kinds)
    draft.add_parser("list")
    _add_export(commands, kinds)
    _add_import_options(commands.add_parser("import", help=_("impor daftar warga, keluarga, atau KUBE dari XLSX/CSV")))
    report = commands.add_parser("report", help=_("laporan kunjungan sebagai PDF"))
    report.add_argument("id")
    report.add_argument("--out", type=Path, required=True)
    plan = commands.add_parser("plan", help=_("rencana kunjungan hari ini dengan lembar kosong, satu PDF"))
    plan.add_argument("--out", type=Path, required=True)
    plan.add_argument("--unit", action="append", default=[], metavar="ID", help=_("hanya unit ini; boleh diulang"))
    verify = commands.add_parser("verify", help=_("periksa keaslian laporan: berkas PDF, PNG, JPEG, nomor, atau kode"))
    asked_for = verify.add_mutually_exclusive_group(required=True)
    asked_for.add_argument("file", nargs="?", type=Path, metavar=_("BERKAS"))
    asked_for.add_argument("--number", default="", help=_("cari dokumen menurut nomornya"))
    asked_for.add_argument("--code", default="", help=_("teks kode QR, misalnya dari pemindai"))
    for name, (words, asked) in RULES.items():
        commands.add_parser(name, help=words, description=asked)
    commands.add_parser(
        "check",
        help=_("periksa nilai: satu JSON per baris"),
        description=_(
            'Setiap baris: {"field": F, "value": V, "context": {…}, "today": "TTTT-BB-HH"}. '
            "F: nik, kk, phone, name, amount, date, atau FORMULIR.ISIAN seperti visit.revenue_idr."
        ),
    )


def _add_export(commands: argparse._SubParsersAction[Parser], kinds: list[str]) -> None:
    export = commands.add_parser(
        "export",
        help=_("data wilayah tugas sebagai buku kerja XLSX atau folder CSV"),
        description=_(
            "Satu lembar (atau satu berkas CSV) untuk setiap tabel, dengan Kamus. Hasilnya tidak terenkripsi."
        ),
    )
    export.add_argument("--out", type=Path, required=True, help=_("berkas .xlsx; selain itu folder CSV"))
    export.add_argument("--purpose", required=True, help=_("untuk keperluan apa; dicatat dalam jejak audit"))
    export.add_argument("--type", action="append", choices=kinds, help=_("jenis data; boleh berulang, tanpa ini semua"))
    export.add_argument("--with-nik", action="store_true", help=_("NIK dan KK lengkap; hanya penyelia dan admin"))


def _add_import_options(parser: Parser) -> None:
    parser.add_argument("file", type=Path, help=_("berkas .xlsx atau .csv"))
    parser.add_argument("--type", required=True, choices=LISTS)
    parser.add_argument("--dry-run", action="store_true", help=_("periksa saja, tidak menulis apa pun"))
    parser.add_argument("--sheet", default="", help=_("nama lembar; tanpa ini dicari sendiri"))
    parser.add_argument("--column", action="append", default=[], metavar=_("JUDUL=ISIAN"), help=_("arti satu kolom"))
    parser.add_argument(
        "--set", action="append", default=[], metavar=_("ISIAN=JAWABAN"), help=_("satu jawaban untuk semua baris")
    )
    parser.add_argument("--confirm", default="", metavar=_("ALASAN"), help=_("alasan untuk semua peringatan"))
    parser.add_argument(
        "--doubles", choices=("leave-out", "as-new"), help=_("yang mungkin ganda: dilewati, atau data baru")
    )
    parser.add_argument("--double-reason", default="", metavar=_("ALASAN"), help=_("alasan untuk data baru itu"))
    parser.add_argument("--report", type=Path, metavar=_("BERKAS"), help=_("laporan .xlsx atau .csv untuk diperbaiki"))


def _read_apart(command: str, path: Path) -> int:
    """What the child process does that reads a file of somebody else's; no command of the officer's."""
    if command == SHEET:
        from kube_field.exchange.reading_child import write_book

        return write_book(path, sys.stdout.buffer)
    from kube_field.media.paper_child import write_paper
    from kube_field.usecases.verifying import is_ours

    return write_paper(path, is_ours, sys.stdout.buffer)


def run(options: argparse.Namespace) -> int:
    """Do what the options ask; imports only what the command needs, so that `check` starts at once."""
    if options.command == "check":
        from kube_field.cli_records import check_values

        return check_values(sys.stdin, say)
    if options.command in RULES:
        from kube_field.cli_rules import run_rule

        return run_rule(options.command, sys.stdin, say)
    if options.selftest:
        from kube_field.selftest import run_selftest

        return run_selftest(options.data_dir)
    if options.command == WINDOW:
        require_whole_program()
        from kube_field.desktop import open_window

        return open_window(options.data_dir)
    if options.command == "demo":
        require_whole_program()
        from kube_field.demo import run_demo

        return run_demo(options.data_dir, window=not options.no_window)
    from kube_field import cli_laptop

    return cli_laptop.run(options, paths_of(options), sys.stdin, say)


def paths_of(options: argparse.Namespace) -> AppPaths:
    """The data folder that was named, or this user's own."""
    return AppPaths(options.data_dir.absolute()) if options.data_dir else default_paths()
