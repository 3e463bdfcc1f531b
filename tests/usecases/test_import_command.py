"""The command `import`: JSON lines, exit codes, dry run and real run agree, a kill in the middle writes nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from kube_field.cli import LISTS
from kube_field.domain.records import RecordKind, Role
from kube_field.exchange.incoming_columns import ImportType
from tests.support.command_line import ROOT, Ran, command, copied, kube, officer_of, reopened, set_up, typed
from tests.support.make_lists import PERSON_WITH_FAMILY, REASON, SECOND, write_list


@pytest.fixture(scope="module")
def laptop_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("import") / "data"
    set_up(folder).close()
    return folder


@pytest.fixture
def folder(laptop_folder: Path, tmp_path: Path) -> Path:
    return copied(laptop_folder, tmp_path / "data")


def run(folder: Path, path: Path, *words: str, kind: str = "people") -> Ran:
    return kube(folder, "import", str(path), "--type", kind, *words)


def people(folder: Path) -> list[str]:
    with reopened(folder) as laptop:
        return sorted(str(one.answers["nik"]) for one in laptop.store.records.where(RecordKind.PERSON))


def listed(folder: Path, *changes: dict[str, Any]) -> Path:
    return write_list(folder.parent / "list.xlsx", [{**PERSON_WITH_FAMILY, **one} for one in changes])


def test_the_kinds_of_lists_are_those_of_the_use_case():
    assert [kind.value for kind in ImportType] == list(LISTS)


def test_a_dry_run_says_what_the_real_run_then_does(folder: Path):
    path = listed(folder, {}, SECOND)
    dry = run(folder, path, "--dry-run")
    assert (dry.code, people(folder)) == (0, [])
    assert dry.lines[0]["columns"]["NIK"] == "nik"
    real = run(folder, path)
    assert (real.code, people(folder)) == (0, ["6402124806689901", "6402125511719902"])
    counts = {key: value for key, value in dry.lines[-1].items() if key not in ("dry_run", "import")}
    assert counts == {key: value for key, value in real.lines[-1].items() if key not in ("dry_run", "import")}
    assert (dry.lines[-1]["ok"], dry.lines[-1]["new"], dry.lines[-1]["dry_run"]) == (True, 2, True)
    again = run(folder, path)
    assert (again.code, again.lines[-1]["same"], again.lines[-1]["new"]) == (0, 2, 0)


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_errors_are_lines_with_row_column_value_and_what_to_do_and_nothing_is_written(
    folder: Path, dry: tuple[str, ...]
):
    ran = run(folder, listed(folder, {}, {**SECOND, "NIK": 6402125511719902}), *dry)
    assert (ran.code, people(folder)) == (3, [])
    (found,) = [line for line in ran.lines if line.get("severity") == "error"]
    assert (found["row"], found["column"], found["field"], found["code"]) == (3, "NIK", "nik", "NUMBER_CELL")
    assert found["value"].startswith("6,4021")
    assert "Teks" in found["action"]
    assert (ran.lines[-1]["ok"], ran.lines[-1]["code"], ran.lines[-1]["errors"]) == (False, "ROWS_WRONG", 1)
    assert "galat" in ran.err


def test_warnings_wait_for_a_reason(folder: Path):
    path = listed(folder, {"JK": "L"})
    refused = run(folder, path)
    assert (refused.code, refused.lines[-1]["code"], people(folder)) == (3, "WARNINGS_OPEN", [])
    assert run(folder, path, "--confirm", REASON).code == 0


def test_doubles_are_said_and_decided_for_all(folder: Path):
    path = listed(folder, {}, {"NIK": "6402124806689902", "Nama Lengkap": "Melati Conto", "No KK": ""})
    path = listed(folder, {}, {"NIK": "6402124806689902", "Nama Lengkap": "Melati Conto"})
    refused = run(folder, path)
    assert (refused.code, refused.lines[-1]["code"]) == (3, "DOUBLES_UNDECIDED")
    assert [line["row"] for line in refused.lines if "double_of" in line] == [3]
    assert run(folder, path, "--doubles", "as-new").lines[-1]["code"] == "DOUBLE_REASON"
    assert run(folder, path, "--doubles", "leave-out").code == 0
    assert people(folder) == ["6402124806689901"]
    assert run(folder, path, "--doubles", "as-new", "--double-reason", "Saudara kembar").code == 0
    assert len(people(folder)) == 2


def test_columns_and_answers_for_all_rows_are_said_and_remembered(folder: Path):
    rows = [{"Kolom NIK saya" if h == "NIK" else h: c for h, c in PERSON_WITH_FAMILY.items() if h != "ASN"}]
    path = write_list(folder.parent / "list.csv", rows)
    assert run(folder, path).code == 3
    chosen = ("--column", "Kolom NIK saya=nik", "--set", "is_public_servant=Tidak")
    assert run(folder, path, *chosen).code == 0
    again = run(folder, path)
    assert (again.code, again.lines[0]["remembered"], again.lines[-1]["same"]) == (0, True, 1)
    for wrong in (("--column", "x"), ("--column", "Tidak ada=nik"), ("--set", "tidak_ada=1"), ("--column", "JK=x")):
        assert run(folder, path, *wrong).code == 2


def test_the_report_is_a_file_that_can_be_imported(folder: Path, tmp_path: Path):
    report = tmp_path / "laporan.xlsx"
    path = listed(folder, {"JK": "?"})
    ran = run(folder, path, "--dry-run", "--report", str(report))
    assert (ran.code, ran.lines[-1]["report"]) == (3, str(report))
    mended = run(folder, report, "--dry-run", "--column", "JK=", "--set", "sex=P")
    assert (mended.code, mended.lines[-1]["new"]) == (0, 1)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsm", b"PK\x03\x04"),
        ("a.xlsx", b"%PDF"),
        ("a.csv", b"NIK,Nama\n1,\x00\n"),
        ("a.csv", b"x"),
        ("gone.csv", None),
    ],
)
def test_a_hostile_file_is_refused_with_exit_13(folder: Path, tmp_path: Path, name: str, content: bytes | None):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    ran = kube(folder, "--json", "import", str(path), "--type", "people")
    assert (ran.code, ran.lines[-1]["ok"]) == (13, False)
    assert ran.err


def test_a_role_that_only_looks_is_refused_with_exit_14(tmp_path: Path):
    folder = tmp_path / "data"
    set_up(folder, officer=officer_of("Kepala", role=Role.PIMPINAN)).close()
    assert run(folder, listed(folder, {})).code == 14


def test_usage_is_exit_2(folder: Path):
    assert kube(folder, "import", "a.csv").code == 2
    assert kube(folder, "import", "a.csv", "--type", "pets").code == 2


@pytest.fixture
def many(tmp_path: Path) -> Path:
    rows = [
        {**PERSON_WITH_FAMILY, "NIK": f"640212{day + 40}0668{serial}", "Nama Lengkap": f"Melati {day} {serial}"}
        | {"Tempat/Tgl Lahir": f"Tabang, {day:02d}-06-1968", "No KK": f"6402121204{day:02d}{serial}"}
        for day in range(1, 29)
        for serial in range(9901, 9911)
    ]
    return write_list(tmp_path / "many.xlsx", rows)


def test_killed_in_the_middle_nothing_or_everything_is_there(folder: Path, many: Path):
    """At moments spread over the whole run; afterwards the same command does its work."""
    words = command(folder, "import", str(many), "--type", "people", "--confirm", REASON, "--doubles", "as-new")
    words += ["--double-reason", REASON]
    whole = 280
    began = time.monotonic()
    timed = copied(folder, folder.parent / "timed")
    subprocess.run([word.replace(str(folder), str(timed)) for word in words], input=typed([]), cwd=ROOT, check=True)
    takes = time.monotonic() - began
    for share in (0.3, 0.6, 0.8, 0.9, 0.97):
        child = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd=ROOT)
        assert child.stdin is not None
        child.stdin.write(typed([]))
        child.stdin.close()
        time.sleep(takes * share)
        if sys.platform == "win32":
            child.kill()
        else:
            os.kill(child.pid, signal.SIGKILL)
        child.wait()
        assert len(people(folder)) in (0, whole)
    assert kube(folder, *words[words.index("import") :]).code == 0
    assert len(people(folder)) == whole
