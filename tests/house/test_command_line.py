"""Every command and every exit code of the published table; the most used ones in a process of their own."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfbase import pdfmetrics

from kube_field.domain.records import RecordKind, Role
from kube_field.errors import Failure, KubeFieldError
from kube_field.reports import fonts
from kube_field.storage.lock import lock_folder
from kube_field.storage.vault.argon import FALLBACK
from kube_field.usecases.photos import add_photo
from kube_field.usecases.session import WITA
from tests.support import make_answers, make_records
from tests.support.command_line import (
    PASSWORD,
    ROOT,
    USER,
    Ran,
    command,
    copied,
    kube,
    kube_process,
    officer_of,
    reopened,
    set_up,
    typed,
)
from tests.support.laptop import START
from tests.support.make_picture import make_picture
from tests.support.read_papers import paper_text

OTHER_PASSWORD = "sungai perahu dayung hulu muara"
posix_only = pytest.mark.skipif(os.name == "nt", reason="POSIX modes and /proc")


def a_day(days_ago: int) -> str:
    """A day in WITA: the command line looks at the real clock."""
    return (datetime.now(WITA).date() - timedelta(days=days_ago)).isoformat()


def a_household(**changes: Any) -> dict[str, Any]:
    desil = [{"id": "d1", "desil": "2", "checked_on": a_day(30), "source": "siks_ng"}]
    return make_answers.complete_household(dtsen_rows=desil, **changes)


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A closed laptop with a final visit, and the visit's uid."""
    folder = tmp_path_factory.mktemp("visited") / "laptop"
    with set_up(folder, now=START, cost=FALLBACK) as laptop:
        unit = make_records.make_unit(laptop.session)
        visit = make_records.record_visit(laptop.session, unit.uid)
    return folder, visit.uid


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed laptop without records."""
    folder = tmp_path_factory.mktemp("empty") / "laptop"
    set_up(folder, cost=FALLBACK).close()
    return folder


@pytest.fixture
def folder(empty: Path, tmp_path: Path) -> Path:
    return copied(empty, tmp_path / "laptop")


def assert_refused(ran: Ran, failure: Failure, *words: str) -> None:
    assert ran.code == failure, ran.err
    for word in words:
        assert word.casefold() in ran.err.casefold()
    assert ran.err.strip()


# Setting up


def test_a_laptop_is_set_up_opened_and_described(tmp_path: Path) -> None:
    folder = tmp_path / "laptop"
    made = kube_process(folder, "init", "--name", "Rina Contoh", "--areas", "64.02.12", "--role", "pendamping")
    assert (made.code, made.lines[0]["ok"], made.lines[0]["user"]) == (0, True, USER)
    assert_refused(kube_process(folder, "init"), Failure.USAGE, "sudah berisi")
    assert kube_process(folder, "user", "list", password=None).lines == [{"user": USER}]
    info = kube_process(folder, "db", "info").lines[0]
    assert (info["ok"], info["users"]) == (True, [USER])
    assert kube_process(folder, "db", "check", "--full").lines == [{"ok": True, "troubles": []}]


def test_a_weak_password_sets_nothing_up(tmp_path: Path) -> None:
    assert_refused(kube(tmp_path / "laptop", "init", password="rahasia"), Failure.VALIDATION)
    assert not (tmp_path / "laptop" / "kube.db").exists()


def test_officers_share_a_laptop_and_change_their_passwords(folder: Path) -> None:
    added = kube(folder, "user", "add", "budi", "--name", "Budi Contoh", lines=[OTHER_PASSWORD])
    assert added.lines[0]["ok"] is True
    assert kube(folder, "draft", "list", user="").code == Failure.USAGE
    assert kube(folder, "draft", "list", user="budi", password=OTHER_PASSWORD).code == 0
    changed = kube(folder, "user", "passwd", user="budi", password=OTHER_PASSWORD, lines=["tebu " + OTHER_PASSWORD])
    assert changed.lines[0] == {"ok": True, "user": "budi"}
    assert_refused(kube(folder, "draft", "list", user="budi", password=OTHER_PASSWORD), Failure.WRONG_PASSWORD)
    assert kube(folder, "draft", "list", user="budi", password="tebu " + OTHER_PASSWORD).code == 0
    assert kube(folder, "draft", "list").code == 0


# Usage


@pytest.mark.parametrize("words", [("recordd",), ("record",), ("record", "put"), ("record", "put", "--type", "ikan")])
def test_a_command_that_is_not_understood_is_refused_in_indonesian(words: tuple[str, ...]) -> None:
    ran = kube_process(None, *words)
    assert_refused(ran, Failure.USAGE, "Perintah tidak dimengerti")
    assert ran.lines == []


def test_a_laptop_that_is_not_set_up_and_a_missing_password_are_usage_errors(tmp_path: Path, folder: Path) -> None:
    assert_refused(kube(tmp_path / "nothing", "draft", "list"), Failure.USAGE, "belum disiapkan")
    assert_refused(kube(folder, "draft", "list", password=None), Failure.USAGE, "--password-stdin")


def test_json_failures_are_objects_with_code_and_action(folder: Path) -> None:
    ran = kube(folder, "--json", "draft", "list", password="bukan kata sandi yang benar")
    assert ran.code == Failure.WRONG_PASSWORD
    assert ran.lines[-1]["ok"] is False
    assert ran.lines[-1]["code"] == "WRONG_PASSWORD"
    assert ran.lines[-1]["message"]


# Passwords, keys, damage: three causes, three texts


def test_a_wrong_password_a_lost_key_file_and_a_broken_database_are_told_apart(empty: Path, tmp_path: Path) -> None:
    wrong = kube_process(copied(empty, tmp_path / "a"), "draft", "list", password="bukan kata sandi yang benar")
    keyless = copied(empty, tmp_path / "b")
    for key_file in keyless.glob("kunci.json*"):
        key_file.unlink()
    broken = copied(empty, tmp_path / "c")
    content = bytearray((broken / "kube.db").read_bytes())
    content[100:400] = bytes(300)
    (broken / "kube.db").write_bytes(content)
    texts = [wrong, kube_process(keyless, "draft", "list"), kube_process(broken, "draft", "list")]
    assert [ran.code for ran in texts] == [Failure.WRONG_PASSWORD, Failure.INTEGRITY, Failure.INTEGRITY]
    assert len({ran.err for ran in texts}) == 3
    assert all("aman" in ran.err or "Jangan" in ran.err for ran in texts)
    assert (broken / "kube.db").read_bytes() == content


@pytest.mark.parametrize("damage", [b"", b"{}", b"not json", b'{"format": 99}', b"\xff\xfe\x00"])
def test_a_damaged_key_file_without_a_copy_is_damage_not_a_wrong_password(folder: Path, damage: bytes) -> None:
    for key_file in folder.glob("kunci.json*"):
        key_file.write_bytes(damage)
    assert_refused(kube(folder, "draft", "list"), Failure.INTEGRITY)


def test_a_key_file_with_a_good_copy_heals(folder: Path) -> None:
    (folder / "kunci.json").write_bytes(b"")
    assert kube(folder, "draft", "list").code == 0
    assert (folder / "kunci.json").read_bytes() == (folder / "kunci.json.1").read_bytes()


def test_a_lost_or_empty_database_is_damage(folder: Path) -> None:
    (folder / "kube.db").write_bytes(b"")
    assert_refused(kube(folder, "draft", "list"), Failure.INTEGRITY)
    (folder / "kube.db").unlink()
    assert_refused(kube(folder, "draft", "list"), Failure.INTEGRITY)


def test_a_database_cut_in_half_never_ends_in_a_traceback(folder: Path) -> None:
    content = (folder / "kube.db").read_bytes()
    (folder / "kube.db").write_bytes(content[: len(content) // 2])
    assert_refused(kube(folder, "db", "check", "--full"), Failure.INTEGRITY)


def test_data_of_a_newer_program_are_refused_and_left_untouched(folder: Path) -> None:
    with reopened(folder) as laptop:
        laptop.store.db.execute_sql("PRAGMA user_version = 999")
    before = (folder / "kube.db").read_bytes()
    assert_refused(kube_process(folder, "draft", "list"), Failure.NEWER_DATA, "aman", "tidak diubah")
    assert (folder / "kube.db").read_bytes() == before


def test_a_second_program_on_the_same_folder_is_told_so(folder: Path) -> None:
    lock = lock_folder(folder)
    try:
        assert_refused(kube_process(folder, "draft", "list"), Failure.ALREADY_RUNNING, "sudah terbuka")
    finally:
        lock.release()


# Records


def test_records_go_in_line_by_line_and_a_bad_line_stops_none(folder: Path) -> None:
    ran = kube_process(
        folder,
        "record",
        "put",
        "--type",
        "household",
        lines=[
            {"answers": a_household(), "id": "01936d00-0000-7000-8000-0000000000aa"},
            "{bad",
            "[" * 200_000,
            "[1]",
            '{"answers": 7}',
            {"answers": a_household(kk_number="1"), "form_version": "1999.9"},
            a_household(kk_number="640"),
            a_household(kk_number="6402121204139802"),
        ],
    )
    assert ran.code == Failure.VALIDATION
    assert [line["ok"] for line in ran.lines] == [True, False, False, False, False, False, False, True]
    assert ran.lines[0]["id"] == "01936d00-0000-7000-8000-0000000000aa"
    assert len(ran.lines[0]["sha256"]) == 64
    refused = [error for line in ran.lines if not line["ok"] for error in line["errors"]]
    assert all({"field", "code", "message"} <= set(error) for error in refused)
    assert any(error["field"] == "kk_number" for error in ran.lines[6]["errors"])
    listed = kube_process(folder, "record", "list", "--type", "household").lines
    assert {line["id"] for line in listed} == {ran.lines[0]["id"], ran.lines[7]["id"]}
    assert all("*" in line["answers"]["kk_number"] for line in listed)


def test_a_warning_needs_a_reason(folder: Path) -> None:
    consents = [
        {"id": f"c{n}", "item": item, "given": True, "given_on": a_day(30), "how": "tanda_tangan"}
        for n, item in enumerate(("data_program", "foto", "lokasi", "mitra", "publikasi"))
    ]
    person = make_answers.complete_person(is_public_servant=True, consents=consents)
    refused = kube(folder, "record", "put", "--type", "person", lines=[person])
    assert refused.code == Failure.VALIDATION
    assert [error["code"] for error in refused.lines[0]["errors"]] == ["PUBLIC_SERVANT"]
    kept = kube(folder, "record", "put", "--type", "person", "--confirm", "Pensiunan janda", lines=[person])
    assert (kept.code, kept.lines[0]["ok"]) == (0, True)


def test_a_draft_is_kept_whatever_is_wrong_with_it(folder: Path) -> None:
    wrong = {"full_name": "", "nik": "abc", "birth_date": 7, "category": {"x": []}, "unknown": [None], "sex": "X"}
    by_option = kube(folder, "record", "put", "--type", "person", "--draft", lines=[{"answers": wrong}])
    by_command = kube(folder, "draft", "put", "--type", "visit", lines=[{"revenue_idr": "banyak"}, {}])
    assert (by_option.code, by_command.code) == (0, 0)
    drafts = kube(folder, "draft", "list").lines
    assert len(drafts) == 3
    assert {draft["type"] for draft in drafts} == {"person", "visit"}
    assert kube(folder, "record", "list", "--type", "person").lines == []
    with reopened(folder) as laptop:
        kept = laptop.store.drafts.get(by_option.lines[0]["draft"])
        assert kept is not None
        assert kept.answers["nik"] == "abc"
        assert kept.answers["unknown"] == [None]


def test_showing_is_logged_and_exporting_whole_numbers_is_for_few(folder: Path) -> None:
    put = kube(folder, "record", "put", "--type", "household", lines=[a_household()])
    uid = put.lines[0]["id"]
    assert kube(folder, "record", "show", uid).lines[0]["answers"]["kk_number"] == make_answers.KK
    assert_refused(kube(folder, "record", "show", "nobody"), Failure.VALIDATION)
    masked = kube(folder, "record", "export", "--type", "household").lines[0]["answers"]["kk_number"]
    assert "*" in masked
    whole = kube(folder, "record", "export", "--type", "household", "--reason", "Laporan")
    assert_refused(whole, Failure.NOT_ALLOWED)
    with reopened(folder) as laptop:
        told = laptop.store.db.rows("SELECT action FROM audit WHERE object_id = ?", uid)
        assert ("record.show",) in told


# Papers


def test_a_report_comes_out_twice_the_same_and_only_where_it_can_be_written(
    visited: tuple[Path, str], tmp_path: Path
) -> None:
    folder, uid = visited
    for name in ("satu.pdf", "dua.pdf"):
        ran = kube(folder, "report", uid, "--out", str(tmp_path / name))
        assert (ran.code, ran.lines[0]["ok"]) == (0, True)
    assert (tmp_path / "satu.pdf").read_bytes() == (tmp_path / "dua.pdf").read_bytes()
    assert "KUBE Mawar" in paper_text((tmp_path / "satu.pdf").read_bytes())
    assert_refused(kube(folder, "report", uid, "--out", str(tmp_path / "no" / "x.pdf")), Failure.FILE_REFUSED, "aman")
    assert_refused(kube(folder, "report", "nobody", "--out", str(tmp_path / "x.pdf")), Failure.VALIDATION)
    assert not (tmp_path / "x.pdf").exists()


def test_a_damaged_font_of_the_program_is_told_and_no_paper_comes_out(
    visited: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, uid = visited
    (tmp_path / "NotoSans-Regular.ttf").write_bytes(b"no font")
    monkeypatch.setattr(pdfmetrics, "_fonts", {})
    monkeypatch.setattr(fonts, "font_folder", lambda: tmp_path)
    ran = kube(folder, "report", uid, "--out", str(tmp_path / "x.pdf"))
    assert_refused(ran, Failure.INTEGRITY, "Berkas huruf NotoSans-Regular.ttf", "Pasang ulang", "aman")
    assert not (tmp_path / "x.pdf").exists()


# The server


@contextmanager
def foreign_server() -> Iterator[str]:
    """A web server that is not ours, and counts what it is told."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>Selamat datang</html>")

        def do_POST(self) -> None:
            raise AssertionError("records were shown to a stranger")

        def log_message(self, *_arguments: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_server_is_refused_that_is_plain_foreign_or_not_there(folder: Path) -> None:
    def enrol(url: str) -> Ran:
        return kube_process(folder, "enrol", "--server", url, "--code", "AAAA-AAAA-AAAA")

    assert_refused(enrol("http://kube.dinsos.example"), Failure.INSECURE_CONNECTION, "https")
    assert_refused(enrol("ftp://127.0.0.1"), Failure.INSECURE_CONNECTION)
    assert_refused(enrol("http://127.0.0.1:1"), Failure.NO_NETWORK, "aman")
    with foreign_server() as url:
        assert_refused(enrol(url), Failure.INSECURE_CONNECTION, "bukan server")
        assert_refused(enrol(url.replace("http:", "https:")), Failure.INSECURE_CONNECTION)


def test_a_laptop_without_a_server_is_told_to_enrol(folder: Path) -> None:
    for consent in ((), ("--allow-removal",)):
        ran = kube(folder, "sync", *consent)
        assert ran.code in (Failure.USAGE, Failure.NOT_ALLOWED)
        assert "daftar" in ran.err.casefold()


# Values


def test_checking_values_needs_no_folder_and_no_password(tmp_path: Path) -> None:
    lines = [
        {"field": "nik", "value": "6402124806689901", "context": {"sex": "P", "dob": "1968-06-08"}},
        {"field": "nik", "value": "abc"},
        {"field": "amount", "value": "1,5 jt"},
        {"field": "person.full_name", "value": "Melati"},
        "{bad",
        "[]",
        {"field": 7},
        {"field": "ikan", "value": 1},
        {"field": "date", "value": "2026-01-01", "today": "kemarin"},
        {"field": "nik", "value": {"a": ["\ud800"]}, "context": []},
    ]
    home = {"HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    ran = kube_process(None, "check", lines=lines, password=None, user="", env=home)
    assert ran.code == Failure.VALIDATION
    assert [line.get("verdict") for line in ran.lines[:4]] == ["ok", "error", "ok", "ok"]
    assert ran.lines[2]["value"] in (1_500_000, "1500000")
    assert len(ran.lines) == len(lines)
    assert all(line.get("ok") is False for line in ran.lines[4:9])
    assert list(tmp_path.iterdir()) == []


# Privacy


@posix_only
def test_no_secret_stands_in_the_process_table(folder: Path) -> None:
    with subprocess.Popen(
        command(folder, "record", "put", "--type", "household"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(typed([a_household()]))
        child.stdin.flush()
        answer = json.loads(child.stdout.readline())
        shown = b"".join(Path(f"/proc/{child.pid}/{name}").read_bytes() for name in ("cmdline", "environ"))
        child.stdin.close()
        assert child.wait(30) == 0
    assert answer["ok"] is True
    with reopened(folder) as laptop:
        secrets = [PASSWORD, make_answers.KK, "Melati", laptop.keys.db.hex(), laptop.keys.root.hex()]
    assert [secret for secret in secrets if secret.encode() in shown] == []


@posix_only
def test_every_file_is_for_its_owner_alone(folder: Path, tmp_path: Path) -> None:
    previous = os.umask(0o022)
    try:
        fresh = tmp_path / "fresh"
        kube_process(fresh, "init")
        kube_process(fresh, "record", "put", "--type", "household", lines=[a_household()])
        kube_process(fresh, "draft", "list", password="bukan kata sandi yang benar")
    finally:
        os.umask(previous)
    found = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [fresh, *fresh.rglob("*")]}
    wanted = {path.name: 0o700 if path.is_dir() else 0o600 for path in [fresh, *fresh.rglob("*")]}
    assert found == wanted
    assert {"kube.db", "kunci.json", "tunggu.json"} <= set(found)


# Photos and fonts


@pytest.mark.parametrize(
    "content",
    [b"", b"not a picture", make_picture(40, 30)[:200], b"GIF89a" + bytes(50), b"%PDF-1.4", make_picture(40, 30)[2:]],
)
def test_a_file_that_is_no_whole_photo_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "foto.jpg").write_bytes(content)
    with set_up(tmp_path / "laptop", cost=FALLBACK) as laptop:
        with pytest.raises(KubeFieldError) as refused:
            add_photo(laptop.session, path=tmp_path / "foto.jpg")
        with pytest.raises(KubeFieldError) as missing:
            add_photo(laptop.session, path=tmp_path / "tidak-ada.jpg")
    assert refused.value.failure == missing.value.failure == Failure.FILE_REFUSED
    assert refused.value.sentence
    assert "foto.jpg" not in os.listdir(tmp_path / "laptop")


def test_kinds_and_roles_on_the_command_line_are_those_of_the_program() -> None:
    ran = kube(None, "record", "put", "--type", "ikan")
    assert all(kind.value in ran.err for kind in RecordKind)
    assert officer_of("X").role in Role
