"""Reads what an export wrote as other programs would: the workbook's own XML, or each CSV file."""

from __future__ import annotations

import csv
import re
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
EXCEL_ZERO = date(1899, 12, 30)


def sheets_of(path: Path) -> dict[str, list[list[Any]]]:
    """Cells of every sheet; texts are str, numbers float, empty cells None. Fails for a formula anywhere."""
    with zipfile.ZipFile(path) as book:
        targets = {
            one.attrib["Id"]: one.attrib["Target"]
            for one in ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))
        }
        listed = ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{MAIN}sheet")
        return {one.attrib["name"]: _rows(book.read(f"xl/{targets[one.attrib[RELATION]]}")) for one in listed}


def table_of(path: Path, sheet: str) -> list[dict[str, Any]]:
    """Rows of one sheet by heading."""
    head, *rows = sheets_of(path)[sheet]
    return [dict(zip(head, [*row, *[None] * len(head)], strict=False)) for row in rows]


def csv_table(path: Path, delimiter: str = ";") -> list[dict[str, str]]:
    """Rows of one CSV file by heading."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=delimiter))


def day_of(number: float) -> date:
    """The day that a spreadsheet's number means."""
    return EXCEL_ZERO + timedelta(days=number)


def _rows(content: bytes) -> list[list[Any]]:
    sheet = ElementTree.fromstring(content)
    assert not list(sheet.iter(f"{MAIN}f")), "a formula"
    return [_cells(row) for row in sheet.iter(f"{MAIN}row")]


def _cells(row: ElementTree.Element) -> list[Any]:
    found: list[Any] = []
    for cell in row.iter(f"{MAIN}c"):
        at = _column(cell.attrib["r"])
        found.extend([None] * (at + 1 - len(found)))
        found[at] = _value(cell)
    return found


def _value(cell: ElementTree.Element) -> Any:
    if cell.attrib.get("t") == "inlineStr":
        texts = "".join(part.text or "" for part in cell.iter(f"{MAIN}t"))
        return ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), texts)
    number = cell.find(f"{MAIN}v")
    return None if number is None or number.text is None else float(number.text)


def _column(reference: str) -> int:
    number = 0
    for letter in reference.rstrip("0123456789"):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
