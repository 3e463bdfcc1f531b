"""Workbooks and CSV folders: no text becomes a formula, no digit is lost, nothing half stays on the disk."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from kube_field.domain.records import RecordKind
from kube_field.errors import Failure, KubeFieldError
from kube_field.exchange.books import FORMULA_SIGNS, Book, Cover
from kube_field.exchange.cells import Shape, clean_text
from kube_field.exchange.columns import SheetColumn
from kube_field.exchange.csv_folder import CsvFolder, guarded_text
from kube_field.exchange.tables import SheetTable
from kube_field.exchange.unfinished import BYTES_KEPT_FREE, ENDING, free_name
from kube_field.exchange.xlsx_book import XlsxBook
from tests.support.read_sheets import csv_table, day_of, sheets_of, table_of

COVER = Cover((("Isi", "=1+1"), ("Keperluan", "Uji & coba")), ("Sel kosong: belum ditanyakan.",), "Kaki & <catatan>")
NIK = "6402124806689901"
HARD_TEXTS = st.text(min_size=1, max_size=60) | st.tuples(
    st.sampled_from([*FORMULA_SIGNS, "<r>", "_x000D_", "a,=", 'a";-', "\n@", "'"]), st.text(max_size=20)
).map("".join)


def column(code: str, shape: Shape = Shape.WORDS) -> SheetColumn:
    return SheetColumn(code=code, heading=code.title(), read=lambda _told, _row, _known: None, shape=shape)


TABLE = SheetTable(
    kind=RecordKind.PERSON,
    name="Warga",
    columns=(
        column("nama"),
        column("nik", Shape.NUMBER_AS_TEXT),
        column("uang", Shape.MONEY),
        column("lahir", Shape.DAY),
        column("jumlah", Shape.DECIMAL),
    ),
)


def plenty(_folder: Path) -> int:
    return 10 * BYTES_KEPT_FREE


def open_xlsx(folder: Path, free: Callable[[Path], int] = plenty) -> Book:
    return XlsxBook(folder / "warga.xlsx", [TABLE], free)


def open_csv(folder: Path, free: Callable[[Path], int] = plenty) -> Book:
    return CsvFolder(folder / "warga", [TABLE], free)


def write_many(book: Book) -> None:
    for _each in range(5000):
        book.write(TABLE, ["Ani", NIK])


OPENERS = pytest.mark.parametrize("opened", [open_xlsx, open_csv], ids=["xlsx", "csv"])


def test_every_kind_of_cell_is_what_it_says(tmp_path: Path):
    book = open_xlsx(tmp_path)
    book.write(TABLE, ["Melati", NIK, 1_250_000, date(1968, 6, 8), Decimal("1.5")])
    book.write(TABLE, ["tidak tahu", None, "tidak bersedia menjawab", "1890-01-01", None])
    book.finish(COVER)
    first, second = table_of(book.path, "Warga")
    assert first["Nik"] == NIK
    assert first["Uang"] == 1_250_000.0
    assert day_of(first["Lahir"]) == date(1968, 6, 8)
    assert first["Jumlah"] == 1.5
    assert (second["Nik"], second["Uang"], second["Lahir"]) == (None, "tidak bersedia menjawab", "1890-01-01")
    read = CalamineWorkbook.from_path(str(book.path)).get_sheet_by_name("Warga").to_python()
    assert read[1] == ["Melati", NIK, 1_250_000.0, date(1968, 6, 8), 1.5]


def test_a_workbook_says_where_it_comes_from_and_what_its_columns_mean(tmp_path: Path):
    book = open_xlsx(tmp_path)
    book.finish(COVER)
    sheets = sheets_of(book.path)
    assert list(sheets) == ["Keterangan", "Warga", "Kamus"]
    assert sheets["Keterangan"][0] == ["Isi", "=1+1"]
    assert [row[1] for row in sheets["Kamus"][1:]] == [column.heading for column in TABLE.columns]


def test_the_same_cells_in_csv(tmp_path: Path):
    book = open_csv(tmp_path)
    book.write(TABLE, ["Melati; Contoh", NIK, -5, date(1968, 6, 8), Decimal("1.5")])
    book.finish(COVER)
    raw = (book.path / "Warga.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfNama;Nik;")
    (row,) = csv_table(book.path / "Warga.csv")
    assert row == {
        "Nama": "Melati; Contoh",
        "Nik": f"'{NIK}",
        "Uang": "-5",
        "Lahir": "1968-06-08",
        "Jumlah": "1,5",
    }
    assert sorted(one.name for one in book.path.iterdir()) == ["Kamus.csv", "Keterangan.csv", "Warga.csv"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(HARD_TEXTS, min_size=1, max_size=8))
@example(['=HYPERLINK("http://x","a")', "+62811", "-5", "@x", "\tx", "\rx", "<r><t>=1</t></r>", "_x003D_1"])
@example(["\ud800", "\x00", "\ufffe", "a\r\nb", "😀" * 16_400])
def test_no_text_becomes_a_formula_or_another_text_in_a_workbook(tmp_path: Path, texts: list[str]):
    book = open_xlsx(tmp_path)
    for text in texts:
        book.write(TABLE, [text, text, text, text, text])
    book.finish(COVER)
    read = sheets_of(book.path)["Warga"][1:]  # fails for a formula
    assert len(read) == len(texts)
    for row, text in zip(read, texts, strict=True):
        assert {cell.removesuffix(" ") for cell in row} == {clean_text(text).removesuffix(" ")}


@settings(max_examples=300, deadline=None)
@given(HARD_TEXTS, st.sampled_from([";", ",", "\t", "|"]))
@example("Ani,=HYPERLINK(1)", ",")
@example("a\n=1", ";")
@example("6402124806689901", ";")
def test_no_text_becomes_a_formula_in_csv_however_lines_are_divided(text: str, divided_at: str):
    line = ";".join(["Ani", f'"{guarded_text(clean_text(text)).replace(chr(34), chr(34) * 2)}"', "x"])
    for cells in csv.reader(line.splitlines(keepends=True), delimiter=divided_at):
        for cell in cells:
            assert not cell.startswith(FORMULA_SIGNS), cells


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.from_regex("[0-9]{16}", fullmatch=True), min_size=1, max_size=20))
def test_every_digit_of_every_nik_survives(tmp_path: Path, niks: list[str]):
    xlsx = open_xlsx(tmp_path)
    for nik in niks:
        xlsx.write(TABLE, ["Ani", nik])
    xlsx.finish(COVER)
    rows = CalamineWorkbook.from_path(str(xlsx.path)).get_sheet_by_name("Warga").to_python()
    assert [row[1] for row in rows[1:]] == niks
    folder = CsvFolder(free_name(tmp_path / "warga"), [TABLE], plenty)
    for nik in niks:
        folder.write(TABLE, ["Ani", nik])
    folder.finish(COVER)
    assert [row["Nik"] for row in csv_table(folder.path / "Warga.csv")] == [f"'{nik}" for nik in niks]


@OPENERS
def test_nothing_is_there_before_the_end_and_only_the_file_after_it(tmp_path: Path, opened: Callable[..., Book]):
    book = opened(tmp_path)
    book.write(TABLE, ["Ani", NIK])
    assert [one.name for one in tmp_path.iterdir()] == [book.path.name + ENDING]
    book.finish(COVER)
    book.drop()
    assert [one.name for one in tmp_path.iterdir()] == [book.path.name]


@OPENERS
def test_what_is_dropped_leaves_nothing(tmp_path: Path, opened: Callable[..., Book]):
    book = opened(tmp_path)
    for _each in range(50):
        book.write(TABLE, ["Ani", NIK])
    book.drop()
    assert list(tmp_path.iterdir()) == []


@OPENERS
def test_an_export_leaves_room_for_the_work_of_the_day(tmp_path: Path, opened: Callable[..., Book]):
    with pytest.raises(KubeFieldError) as refused:
        opened(tmp_path, lambda _folder: BYTES_KEPT_FREE - 1)
    assert refused.value.failure == Failure.DISK_FULL
    assert list(tmp_path.iterdir()) == []


@OPENERS
def test_a_disk_that_fills_up_on_the_way_leaves_nothing(tmp_path: Path, opened: Callable[..., Book]):
    left = iter([2 * BYTES_KEPT_FREE, *[BYTES_KEPT_FREE - 1] * 100])
    book = opened(tmp_path, lambda _folder: next(left))
    with pytest.raises(KubeFieldError) as refused:
        write_many(book)
    book.drop()
    assert refused.value.failure == Failure.DISK_FULL
    assert list(tmp_path.iterdir()) == []


def test_packing_a_workbook_needs_room_too(tmp_path: Path):
    left = [2 * BYTES_KEPT_FREE]
    book = open_xlsx(tmp_path, lambda _folder: left[0])
    for _each in range(100):
        book.write(TABLE, ["Ani", NIK])
    left[0] = BYTES_KEPT_FREE + 1000
    with pytest.raises(KubeFieldError):
        book.finish(COVER)
    assert list(tmp_path.iterdir()) == []


@OPENERS
def test_a_place_that_is_no_folder_is_refused_with_a_sentence(tmp_path: Path, opened: Callable[..., Book]):
    (tmp_path / "berkas").write_text("bukan folder")
    with pytest.raises(KubeFieldError) as refused:
        opened(tmp_path / "berkas")
    assert "tidak dapat ditulis" in refused.value.sentence


def test_what_a_killed_program_left_is_cleared_and_an_older_file_gives_way(tmp_path: Path):
    (tmp_path / f"warga.xlsx{ENDING}").mkdir()
    (tmp_path / f"warga.xlsx{ENDING}" / "sisa").write_text("x")
    (tmp_path / "warga.xlsx").write_text("lama")
    book = open_xlsx(tmp_path)
    book.write(TABLE, ["Ani", NIK])
    assert (tmp_path / "warga.xlsx").read_text() == "lama"
    book.finish(COVER)
    assert table_of(tmp_path / "warga.xlsx", "Warga")[0]["Nik"] == NIK


def test_a_folder_never_takes_the_place_of_another_one(tmp_path: Path):
    (tmp_path / "warga").mkdir()
    (tmp_path / "warga (2)").mkdir()
    assert free_name(tmp_path / "warga") == tmp_path / "warga (3)"


def test_what_no_sheet_can_hold_goes_on_in_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("kube_field.exchange.xlsx_book.MOST_ROWS", 4)
    book = open_xlsx(tmp_path)
    for at in range(7):
        book.write(TABLE, [f"Ani {at}", NIK])
    book.finish(COVER)
    sheets = sheets_of(book.path)
    assert [len(sheets[name]) for name in ("Warga", "Warga (2)", "Warga (3)")] == [4, 4, 2]
    assert [row[0] for row in sheets["Warga (3)"]] == ["Nama", "Ani 6"]
