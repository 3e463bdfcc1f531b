"""Impor in the window: a file, what its columns mean, every row with its findings, written at once, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from kube_field.domain.records import RecordKind, Role
from kube_field.exchange.incoming_columns import ImportType
from kube_field.exchange.sheet_reading import read_book
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.import_page import CHOOSE, COLUMNS, DONE, ROWS, ImportPage
from kube_field.ui.pages.import_rows_panel import ALL, CHANGED, DOUBLES, WARNED, WRONG
from kube_field.ui.presenters.import_presenter import ImportPresenter
from kube_field.ui.presenters.paper_output import PaperOutput
from kube_field.ui.tasks import ImmediateTaskRunner
from kube_field.usecases.session import Session
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_lists import PERSON, PERSON_WITH_FAMILY, REASON, SECOND, write_list
from tests.ui.test_many_papers import Slowly

TWIN = {"NIK": "6402124806689902", "No KK": "6402121204139802", "Nama Lengkap": "Melati Conto"}


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    with make_laptop(tmp_path / "laptop") as made:
        yield made


def person(**changes: Any) -> dict[str, Any]:
    return {**PERSON_WITH_FAMILY, **changes}


def shown(qtbot: Any, session: Session, path: Path, tasks: Any = None) -> tuple[ImportPage, ImportPresenter]:
    """The page, with a file dialog that chooses this file and saves beside it."""
    page = ImportPage()
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    output = PaperOutput(choose_file=lambda _parent, name: path.with_name(name))
    presenter = ImportPresenter(
        page, session, tasks or ImmediateTaskRunner(), Navigator(), output, choose_list=lambda _parent: path
    )
    return page, presenter


def go_to_rows(page: ImportPage) -> None:
    page.choose_button.click()
    assert page.step() == COLUMNS
    page.columns.check_button.click()
    assert page.step() == ROWS


def listed(page: ImportPage, key: str) -> list[int]:
    page.rows.filter.setCurrentIndex(page.rows.filter.findData(key))
    return [row.number for row in page.rows.table.items_model.items()]


def people(laptop: Laptop) -> int:
    return len(laptop.store.records.where(RecordKind.PERSON))


def notice(page: ImportPage) -> str:
    return page.notice_bar.label.text()


def test_a_good_list_is_written_and_taken_back(qtbot: Any, laptop: Laptop, tmp_path: Path):
    page, _presenter = shown(qtbot, laptop.session, write_list(tmp_path / "a.xlsx", [person(), person(**SECOND)]))
    assert page.step() == CHOOSE
    go_to_rows(page)
    assert page.rows.write_button.isEnabled()
    assert people(laptop) == 0
    page.rows.write_button.click()
    assert page.step() == DONE
    assert "2 data baru" in page.done_title.text()
    assert people(laptop) == 2
    page.undo_button.click()
    assert (people(laptop), page.step()) == (0, CHOOSE)
    assert "diurungkan" in notice(page)


def test_each_column_shows_an_example_and_how_the_first_row_is_read(qtbot: Any, laptop: Laptop, tmp_path: Path):
    row = {"Kolom saya" if h == "JK" else h: c for h, c in person().items() if h != "ASN"}
    page, _presenter = shown(qtbot, laptop.session, write_list(tmp_path / "a.csv", [row]))
    page.choose_button.click()
    panel = page.columns
    assert panel._read["Tempat/Tgl Lahir"].whole_text() == "Tabang, 8 Juni 1968"
    assert panel._read["Desa/Kelurahan"].whole_text().startswith("Long Lalang, Kec. Tabang")
    assert panel.by_heading()["Kolom saya"] == ""
    assert set(panel._answers) == {"sex", "is_public_servant"}
    box = panel._boxes["Kolom saya"]
    box.setCurrentIndex(box.findData("sex"))
    assert set(panel._answers) == {"is_public_servant"}
    assert panel._read["Kolom saya"].whole_text() == "Perempuan"
    answer = panel._answers["is_public_servant"]
    answer.setCurrentIndex(answer.findData("Tidak"))
    panel.check_button.click()
    assert page.rows.write_button.isEnabled()
    page.rows.write_button.click()
    assert people(laptop) == 1
    # The same headings again: what was chosen is there.
    page.again_button.click()
    page.choose_button.click()
    assert panel.by_heading()["Kolom saya"] == "sex"
    assert panel.same_for_all() == {"is_public_servant": "Tidak"}
    assert "impor terakhir" in notice(page)


def test_what_new_families_need_is_offered_where_the_list_speaks_of_families(
    qtbot: Any, laptop: Laptop, tmp_path: Path
):
    row = {h: c for h, c in person().items() if h not in ("Listrik", "RT/RW", "Desil")}
    page, _presenter = shown(qtbot, laptop.session, write_list(tmp_path / "a.csv", [row]))
    page.choose_button.click()
    assert set(page.columns._answers) == {"household.electricity", "household.rt", "household.dtsen_rows.desil"}
    number_only = {**PERSON, "No KK": PERSON_WITH_FAMILY["No KK"]}
    write_list(tmp_path / "a.csv", [number_only])
    page.columns.back_button.click()
    page.choose_button.click()
    assert page.columns._answers == {}


def test_one_question_is_answered_by_one_column(qtbot: Any, laptop: Laptop, tmp_path: Path):
    page, _presenter = shown(qtbot, laptop.session, write_list(tmp_path / "a.csv", [person()]))
    page.choose_button.click()
    box = page.columns._boxes["Alamat"]
    box.setCurrentIndex(box.findData("full_name"))
    assert page.columns.by_heading()["Nama Lengkap"] == ""


def test_findings_stand_with_their_rows_and_the_report_is_saved(qtbot: Any, laptop: Laptop, tmp_path: Path):
    rows = [person(), person(**SECOND, JK="?"), person(NIK="6402124806680000", **{"No KK": "6402121204139803"})]
    rows[2] |= {"Nama Lengkap": "Cempaka", "Tempat/Tgl Lahir": "Tabang, 09-06-1968"}
    page, _presenter = shown(qtbot, laptop.session, write_list(tmp_path / "a.xlsx", rows))
    go_to_rows(page)
    # What is wrong is on view first.
    assert page.rows.filter.currentData() == WRONG
    assert (listed(page, WRONG), listed(page, WARNED), listed(page, ALL)) == ([3], [4], [2, 3, 4])
    listed(page, WRONG)
    (line,) = page.rows.table.current_item().details
    assert line.words.startswith("JK: “?” Jawaban ini tidak dikenal.")
    assert not page.rows.write_button.isEnabled()
    assert "1 baris berisi galat" in page.rows.hint.text()
    page.rows.report_button.click()
    report = tmp_path / "Laporan a.xlsx"
    headings, *cells = read_book(report).sheets[0].rows
    assert [row[headings.index("Hasil")] for row in cells] == ["Baru", "Galat", "Baru"]
    assert str(report) in notice(page)
    assert people(laptop) == 0


def test_warnings_are_confirmed_with_one_reason(qtbot: Any, laptop: Laptop, tmp_path: Path):
    page, _presenter = shown(qtbot, laptop.session, write_list(tmp_path / "a.csv", [person(JK="L")]))
    go_to_rows(page)
    page.rows.write_button.click()
    assert page.rows.reason.isVisible()
    assert people(laptop) == 0
    page.rows.reason._edit.setText(REASON)
    qtbot.keyClick(page.rows.reason._edit, Qt.Key.Key_Return)
    assert people(laptop) == 1
    uid = laptop.store.records.where(RecordKind.PERSON)[0].uid
    assert laptop.store.queue.pending_sets(uid)[0].reason == REASON


@pytest.mark.parametrize("as_new", [True, False])
def test_doubles_are_decided_one_by_one_or_together(qtbot: Any, laptop: Laptop, tmp_path: Path, as_new: bool):
    again = person(**{"Nama Lengkap": "Melati Contoh"})
    path = write_list(tmp_path / "a.csv", [person(), person(**TWIN), again])
    page, _presenter = shown(qtbot, laptop.session, path)
    go_to_rows(page)
    rows = page.rows
    assert listed(page, DOUBLES) == [3, 4]
    assert not rows.write_button.isEnabled()
    assert rows.new_button.isVisible()
    if as_new:
        rows.new_button.click()
        rows.reason._edit.setText("Saudara kembar")
        qtbot.keyClick(rows.reason._edit, Qt.Key.Key_Return)
        assert not rows.write_button.isEnabled()
        rows.table.selectRow(1)
        assert not rows.new_button.isVisible()
        rows.leave_button.click()
    else:
        rows.leave_all_button.click()
    assert rows.write_button.isEnabled()
    rows.write_button.click()
    assert people(laptop) == (2 if as_new else 1)


def test_what_would_change_is_shown(qtbot: Any, laptop: Laptop, tmp_path: Path):
    page, _presenter = shown(qtbot, laptop.session, write_list(tmp_path / "a.csv", [person()]))
    go_to_rows(page)
    page.rows.write_button.click()
    write_list(tmp_path / "a.csv", [person(**{"No. HP": "0813-1111-2222"})])
    page.again_button.click()
    go_to_rows(page)
    assert listed(page, CHANGED) == [2]
    (line,) = page.rows.table.current_item().details
    assert line.words == "No. HP: 0812-0000-0001 menjadi 0813-1111-2222"
    page.rows.write_button.click()
    page.again_button.click()
    go_to_rows(page)
    assert "Tidak ada yang berubah" in page.rows.hint.text()
    assert not page.rows.write_button.isEnabled()


def test_a_file_that_is_refused_is_said_on_the_page(qtbot: Any, laptop: Laptop, tmp_path: Path):
    bad = tmp_path / "a.xlsx"
    bad.write_bytes(b"%PDF")
    page, _presenter = shown(qtbot, laptop.session, bad)
    page.choose_button.click()
    assert page.step() == CHOOSE
    assert "rusak atau bukan lembar" in notice(page)
    assert not page.progress.isVisible()


def test_roles_that_only_look_are_told_so_before_a_file_is_chosen(qtbot: Any, laptop: Laptop, tmp_path: Path):
    page, _presenter = shown(qtbot, laptop.as_role(Role.PIMPINAN), tmp_path / "none.csv")
    page.choose_button.click()
    assert page.step() == CHOOSE
    assert "hanya untuk melihat" in notice(page)


def test_judging_goes_piece_by_piece_and_stops_at_a_click(qtbot: Any, laptop: Laptop, tmp_path: Path):
    rows = [person(NIK=f"64021248066899{at:02d}", **{"No KK": f"64021212041398{at:02d}"}) for at in range(60)]
    tasks = Slowly()
    page, presenter = shown(qtbot, laptop.session, write_list(tmp_path / "a.csv", rows), tasks)
    presenter.read(tmp_path / "a.csv", ImportType.PEOPLE)
    while tasks.waiting:
        tasks.step()
    page.columns.check_button.click()
    for _piece in range(3):
        tasks.step()
    assert "50 dari 60" in page.progress.words.text()
    assert not page.steps.isEnabled()
    page.progress.cancel_button.click()
    while tasks.waiting:
        tasks.step()
    assert page.step() == COLUMNS
    assert page.steps.isEnabled()
    assert "dibatalkan" in notice(page)


def test_esc_goes_one_step_back(qtbot: Any, laptop: Laptop, tmp_path: Path):
    page, _presenter = shown(qtbot, laptop.session, write_list(tmp_path / "a.csv", [person()]))
    go_to_rows(page)
    qtbot.keyClick(page.rows.table, Qt.Key.Key_Escape)
    assert page.step() == COLUMNS
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert page.step() == CHOOSE
