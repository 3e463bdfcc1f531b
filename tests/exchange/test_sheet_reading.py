"""What is read from files that people send, and which files are refused."""

from __future__ import annotations

import subprocess
import sys
import threading
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kube_field.errors import Failure, KubeFieldError
from kube_field.exchange.incoming import MAX_CELL_LENGTH, MAX_ROWS, Sheet, column_letters
from kube_field.exchange.reading_child import read_apart
from kube_field.exchange.sheet_reading import read_book
from tests.support.make_lists import PERSON, write_cells, write_list

ROWS = [{"NIK": "6402124806689901", "Nama": "Melati – “Contoh”"}, {"NIK": "6402125511719902", "Nama": "Kenanga"}]


def refusal(path: Path) -> str:
    """The code of why a file is refused; it is always exit 13, with a sentence and what to do."""
    with pytest.raises(KubeFieldError) as caught:
        read_book(path)
    assert caught.value.failure == Failure.FILE_REFUSED
    assert int(caught.value.failure) == 13
    assert caught.value.sentence
    assert caught.value.action
    return caught.value.code


def rows_of(path: Path) -> list[tuple[object, ...]]:
    return list(read_book(path).sheets[0].rows)


def part(path: Path, name: str, content: bytes, *, instead_of: str = "") -> Path:
    """The file with one more part, or one of another content."""
    changed = path.with_name(f"changed-{path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            if one != instead_of:
                new.writestr(one, old.read(one))
        new.writestr(name, content)
    return changed


def sheet_xml(cells: str) -> bytes:
    start = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return f"{start}{cells}</sheetData></worksheet>".encode()


def with_cells(folder: Path, cells: str) -> Path:
    plain = write_list(folder / "a.xlsx", ROWS)
    return part(plain, "xl/worksheets/sheet1.xml", sheet_xml(cells), instead_of="xl/worksheets/sheet1.xml")


def test_cells_of_a_sheet_keep_their_kind(tmp_path: Path):
    path = write_cells(tmp_path / "a.xlsx", ["NIK", "n", "d", "b"], [["0123", 3.5, date(1980, 3, 12), True], []])
    assert rows_of(path) == [("NIK", "n", "d", "b"), ("0123", 3.5, date(1980, 3, 12), True)]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_is_read_with_every_delimiter_and_encoding(tmp_path: Path, delimiter: str, encoding: str):
    path = write_list(tmp_path / "a.csv", ROWS, delimiter=delimiter)
    path.write_bytes(path.read_bytes().decode("utf-8").encode(encoding))
    assert rows_of(path) == [("NIK", "Nama"), *(tuple(row.values()) for row in ROWS)]


def test_the_line_by_which_excel_names_the_delimiter_is_believed_and_is_no_row(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text("sep=;\nNIK;Nama, lengkap\n1;a, b\n", encoding="utf-8")
    assert rows_of(path) == [(), ("NIK", "Nama, lengkap"), ("1", "a, b")]


def test_rows_have_the_numbers_of_the_screen_whatever_stands_above_the_list(tmp_path: Path):
    path = write_list(tmp_path / "a.xlsx", ROWS, title="DAFTAR WARGA")
    assert [row[:1] for row in rows_of(path)] == [("DAFTAR WARGA",), (), ("NIK",), (ROWS[0]["NIK"],), (ROWS[1]["NIK"],)]


def test_hidden_sheets_are_not_read(tmp_path: Path):
    import xlsxwriter

    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        book.add_worksheet("Tampak").write_string(0, 0, "x")
        hidden = book.add_worksheet("Rahasia")
        hidden.write_string(0, 0, "y")
        hidden.hide()
    assert [sheet.name for sheet in read_book(tmp_path / "a.xlsx").sheets] == ["Tampak"]


def test_a_formula_counts_by_the_value_that_was_stored_with_it(tmp_path: Path):
    path = with_cells(tmp_path, '<row r="1"><c r="A1"><f>SUM(B1:B9)</f><v>7</v></c></row>')
    assert rows_of(path) == [(7.0,)]


@pytest.mark.parametrize("name", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml", "xl/embeddings/a.bin"])
def test_a_file_with_macros_is_refused_also_under_an_innocent_name(tmp_path: Path, name: str):
    assert refusal(part(write_list(tmp_path / "a.xlsx", ROWS), name, b"x")) == "MACROS"


def test_an_xlsm_is_refused_by_name_and_by_content(tmp_path: Path):
    plain = write_list(tmp_path / "a.xlsx", ROWS)
    types = zipfile.ZipFile(plain).read("[Content_Types].xml")
    macro = types.replace(b"spreadsheetml.sheet.main+xml", b"sheet.macroEnabled.main+xml")
    assert refusal(part(plain, "[Content_Types].xml", macro, instead_of="[Content_Types].xml")) == "MACROS"
    renamed = tmp_path / "a.xlsm"
    renamed.write_bytes(plain.read_bytes())
    assert refusal(renamed) == "FILE_KIND"


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path):
    cells = '<row r="1"><c r="A1" t="inlineStr"><is><t>' + "0" * (260 * 1024 * 1024) + "</t></is></c></row>"
    path = with_cells(tmp_path, cells)
    assert path.stat().st_size < 1024 * 1024
    assert refusal(path) == "UNPACKS_TOO_LARGE"


@pytest.mark.parametrize("cell", ["XFD1048576", "A1048576", f"A{MAX_ROWS + 1}", "GS1", "AAA1"])
def test_one_cell_far_out_does_not_make_a_huge_sheet(tmp_path: Path, cell: str):
    row = "".join(sign for sign in cell if sign.isdigit())
    cells = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{cell}"><v>1</v></c></row>'
    assert refusal(with_cells(tmp_path, cells)) == "SHEET_TOO_LARGE"


def test_the_last_allowed_row_and_column_are_read_and_empty_cells_beyond_do_not_count(tmp_path: Path):
    far = f'<row r="{MAX_ROWS}"><c r="GR{MAX_ROWS}"><v>1</v></c></row><row r="1048576"><c r="A1048576" s="0"/></row>'
    rows = rows_of(with_cells(tmp_path, f'<row r="1"><c r="A1"><v>1</v></c></row>{far}'))
    assert len(rows) == MAX_ROWS
    assert len(rows[-1]) == 200
    assert column_letters(199) == "GR"


@pytest.mark.parametrize(
    ("content", "suffix", "code"),
    [
        (b"%PDF-1.7 x", ".csv", "FILE_KIND"),
        (b"PK\x03\x04x", ".csv", "FILE_KIND"),
        (b"%PDF-1.7 x", ".xlsx", "FILE_DAMAGED"),
        (b"PK\x03\x04" + b"x" * 200, ".xlsx", "FILE_DAMAGED"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, ".xlsx", "OLD_OR_LOCKED"),
        (b"", ".xlsx", "FILE_DAMAGED"),
        (b"NIK,Nama\n1,a\x00b\n", ".csv", "CONTROL_CHARACTERS"),
        (b"NIK,Nama\n1,a\x07b\n", ".csv", "CONTROL_CHARACTERS"),
        (b"NIK,Nama\n1," + b"a" * 10_000 + b"\n", ".csv", "CELL_TOO_LONG"),
        (b'NIK,Nama\n1,"a\n' + b"2,b\n" * 60_000, ".csv", "CSV_BROKEN"),
        (b"a\n" * (MAX_ROWS + 2), ".csv", "SHEET_TOO_LARGE"),
        (b"," * 300 + b"a\n", ".csv", "SHEET_TOO_LARGE"),
        (b"\x81\x8d\x8f", ".csv", "FILE_DAMAGED"),
        (b"x", ".ods", "FILE_KIND"),
        (b"x", "", "FILE_KIND"),
    ],
)
def test_what_is_no_list_is_refused(tmp_path: Path, content: bytes, suffix: str, code: str):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(content)
    # A quote that is never closed swallows the rest, which is too long for a cell in either way of noticing it.
    assert refusal(path) in ({code, "CELL_TOO_LONG"} if code == "CSV_BROKEN" else {code})


@pytest.mark.parametrize("length", [MAX_CELL_LENGTH, MAX_CELL_LENGTH + 1])
def test_the_longest_cell_of_a_sheet(tmp_path: Path, length: int):
    path = write_cells(tmp_path / "a.xlsx", ["Nama", "x"], [["a" * length, ""]])
    if length > MAX_CELL_LENGTH:
        assert refusal(path) == "CELL_TOO_LONG"
    else:
        assert rows_of(path)[1] == ("a" * length,)


def test_a_declared_entity_is_refused(tmp_path: Path):
    plain = write_list(tmp_path / "a.xlsx", ROWS)
    bad = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + sheet_xml('<row r="1"><c r="A1" t="str"><v>&a;</v></c></row>')
    assert (
        refusal(part(plain, "xl/worksheets/sheet1.xml", bad, instead_of="xl/worksheets/sheet1.xml")) == "FILE_DAMAGED"
    )


def test_a_file_that_is_gone_or_a_folder_is_refused(tmp_path: Path):
    assert refusal(tmp_path / "gone.csv") == "FILE_UNREADABLE"
    (tmp_path / "folder.csv").mkdir()
    assert refusal(tmp_path / "folder.csv") == "FILE_UNREADABLE"


@pytest.fixture(scope="module")
def good_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("good")
    return {end: write_list(folder / f"good{end}", [PERSON, PERSON]).read_bytes() for end in (".xlsx", ".csv")}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_and_nothing_else(
    tmp_path: Path, good_files: dict[str, bytes], data: st.DataObject
):
    """Bytes flipped, cut out and added anywhere in a good file."""
    suffix = data.draw(st.sampled_from([".xlsx", ".csv"]))
    content = bytearray(good_files[suffix])
    for _again in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, max(0, len(content) - 1)))
        if data.draw(st.booleans()):
            del content[at : at + data.draw(st.integers(0, 400))]
        else:
            content[at:at] = data.draw(st.binary(max_size=40))
    path = tmp_path / f"bad{suffix}"
    path.write_bytes(bytes(content))
    failures = set()
    try:
        assert all(isinstance(sheet, Sheet) for sheet in read_book(path).sheets)
    except KubeFieldError as refused:
        failures.add(refused.failure)
    assert failures <= {Failure.FILE_REFUSED}


def test_the_child_reads_the_same_and_refuses_with_the_same_words(tmp_path: Path):
    path = write_cells(
        tmp_path / "a.xlsx", ["NIK", "n", "d", "b"], [["0123", 3.5, date(1980, 3, 12), True], [None, 2.0]], title="X"
    )
    assert read_apart(path) == read_book(path)
    bad = part(path, "xl/vbaProject.bin", b"x")
    with pytest.raises(KubeFieldError) as apart:
        read_apart(bad)
    with pytest.raises(KubeFieldError) as here:
        read_book(bad)
    assert (apart.value.code, apart.value.sentence, apart.value.failure) == (
        here.value.code,
        here.value.sentence,
        here.value.failure,
    )


def test_a_child_that_dies_is_a_refused_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = write_list(tmp_path / "a.csv", ROWS)
    monkeypatch.setattr("kube_field.reading_apart._program", lambda: [sys.executable, "-c", "import os; os.abort()"])
    with pytest.raises(KubeFieldError) as caught:
        read_apart(path)
    assert caught.value.code == "FILE_BROKE_READER"


def test_a_child_that_never_ends_is_ended_when_nobody_waits_any_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = write_list(tmp_path / "a.csv", ROWS)
    endless = [sys.executable, "-c", "import time; time.sleep(600)"]
    monkeypatch.setattr("kube_field.reading_apart._program", lambda: endless)
    cancelled = threading.Event()
    threading.Timer(0.3, cancelled.set).start()
    with pytest.raises(KubeFieldError):
        read_apart(path, cancelled)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such bound")
def test_the_child_has_little_memory():
    code = (
        "import resource; from kube_field import reading_apart as c; c.bound_memory();"
        "print(resource.getrlimit(resource.RLIMIT_AS)[0] == c.MEMORY_BYTES)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "True"
