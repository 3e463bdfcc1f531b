"""Names full of markup on every page of the window: shown letter by letter, never drawn, never loaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QLabel, QTextBrowser, QTextEdit, QWidget

from kube_field.ui.theme import apply_theme
from kube_field.usecases.sample_data import SAMPLE_AREAS, load_sample
from tests import gallery
from tests.support.laptop import Laptop, make_laptop

BOLD, PICTURE, TABLE = "<b>Ani", "<img src=file:///etc/passwd>", "Siti<table>.x"
MARKS = (BOLD, PICTURE, TABLE)
PAGES_WITH_NAMES = 20


def poison(laptop: Laptop) -> None:
    """Put markup into every text that holds a sample name, as a careless server or sheet might bring it."""
    store = laptop.store
    tables = store.db.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE TABLE%'")
    wanted = {"draft", "fact", "person", "household", "kube_group", "membership", "business_unit", "program_batch"}
    with store.transaction():
        for (trigger,) in store.db.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            store.db.execute_sql(f'DROP TRIGGER "{trigger}"')
        for table in sorted({name for (name,) in tables} & (wanted | {"training_event", "staff", "search_entry"})):
            for row in store.db.rows(f'PRAGMA table_info("{table}")'):
                swap_names(store, table, row[1])


def swap_names(store: object, table: str, column: str) -> None:
    value = f'"{column}"'
    for name, mark in ((" Contoh", f" {BOLD}{PICTURE}"), ("KUBE ", f"{TABLE} KUBE "), ("Balai", f"{BOLD} Balai")):
        value = f"replace({value}, '{name}', '{mark}')"
    store.db.execute_sql(  # type: ignore[attr-defined]
        f'UPDATE "{table}" SET "{column}" = {value} WHERE typeof("{column}") = \'text\''
    )


def texts_of(widget: QWidget) -> Iterator[str]:
    """What a widget and everything in it shows."""
    for label in widget.findChildren(QLabel):
        yield label.text()
    for view in widget.findChildren(QAbstractItemView):
        model = view.model()
        if model is not None:
            for row in range(min(model.rowCount(), 20)):
                yield from (str(model.index(row, at).data() or "") for at in range(model.columnCount()))


def dangers_of(widget: QWidget) -> Iterator[str]:
    """Widgets in which Qt would take a name for markup."""
    for one in widget.findChildren(QWidget):
        if isinstance(one, QLabel) and one.textFormat() != Qt.TextFormat.PlainText and holds_mark(one.text()):
            yield f"{type(one).__name__} {one.text()!r}"
        if isinstance(one, QTextEdit | QTextBrowser):
            yield f"{type(one).__name__} can draw markup"
        if holds_mark(one.toolTip()):
            yield f"tool tip {one.toolTip()!r}"


def holds_mark(text: str) -> bool:
    return any(mark in text for mark in MARKS)


@pytest.mark.timeout(1500)
def test_markup_in_names_is_shown_literally_on_every_page(qapp: object, qtbot: object, tmp_path: Path) -> None:
    apply_theme(qapp)  # type: ignore[arg-type]
    with make_laptop(tmp_path, name="Sri Wahyuni", areas=SAMPLE_AREAS) as laptop:
        sample = load_sample(lambda role, at: gallery._session_at(laptop, role, at))
        laptop.clock.set_day("2026-11-23")
        poison(laptop)
        laptop.session = replace(laptop.session, officer=replace(laptop.session.officer, name=f"{TABLE} {PICTURE}"))
        pages_with_marks = 0
        for name, widget in gallery._pages(laptop, sample):
            assert list(dangers_of(widget)) == [], name
            pages_with_marks += any(holds_mark(text) for text in texts_of(widget))
    assert pages_with_marks >= PAGES_WITH_NAMES
