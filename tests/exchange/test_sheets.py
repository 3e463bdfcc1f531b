"""Tables as XLSX and CSV in which nothing can become a formula."""

from __future__ import annotations

import csv
import re
import zipfile
from io import BytesIO, StringIO

import pytest

from kube_field.domain.recap_tables import Table, TableColumn
from kube_field.exchange.csv_folder import guarded_text
from kube_field.exchange.sheets import csv_of, xlsx_of

NASTY = '=HYPERLINK("http://x","a")'
TABLE = Table(
    "kegiatan",
    "Tabel I",
    (TableColumn("Nama", 10, is_text=True), TableColumn("NIK", 10, is_text=True), TableColumn("Rp", 5)),
    ((NASTY, "6402124806680001", 1_250_000), ("Ani & <b>", "", None)),
)


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(BytesIO(content)) as book:
        return book.read(name).decode()


def test_texts_stay_texts_and_numbers_numbers_in_a_sheet():
    content = xlsx_of([TABLE], ["Arti"])
    sheet, texts = part(content, "xl/worksheets/sheet1.xml"), part(content, "xl/sharedStrings.xml")
    assert "<f>" not in sheet
    assert "6402124806680001" in texts
    assert "=HYPERLINK" in texts
    assert re.search(r"<v>1250000</v>", sheet)
    assert "Ani &amp; &lt;b&gt;" in texts
    assert "Kamus" in part(content, "xl/workbook.xml")


def test_the_same_tables_give_the_same_rows_in_csv():
    content = csv_of([TABLE, TABLE])
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[:4] == [
        ["Tabel I"],
        ["Nama", "NIK", "Rp"],
        ["'" + NASTY, "'6402124806680001", "1250000"],
        ["Ani & <b>", "", ""],
    ]
    assert rows[4] == []
    assert rows[5:] == rows[:4]


@pytest.mark.parametrize("text", ["=1", "+62811", "-5", "@x", "\tx", "\rx"])
def test_what_a_program_would_reckon_is_marked_as_text(text: str):
    assert guarded_text(text) == "'" + text


def test_ordinary_words_stay_as_they_are():
    assert guarded_text("Ani-Ani") == "Ani-Ani"
    assert guarded_text("") == ""
