from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from kube_field.domain.records import RecordKind
from kube_field.ui.models.attendance_model import AttendanceColumn
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.attendance_page import AttendancePage
from kube_field.ui.presenters.trainings_presenter import AttendancePresenter
from kube_field.ui.tasks import ImmediateTaskRunner
from kube_field.usecases.papers import attendance_paper
from kube_field.usecases.trainings import attendance_sheet, final_rows
from tests.support import make_records
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_picture import make_picture

STROKES = [[[10, 10], [200, 90], [420, 30]]]


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    with make_laptop(tmp_path) as made:
        yield made


@pytest.fixture
def opened(qtbot, laptop):
    """The page of a training with three invited people, and the training."""
    people = [make_records.register_person(laptop.session, n) for n in (1, 2, 3)]
    event = make_records.make_training(laptop.session, people)
    page = AttendancePage()
    qtbot.addWidget(page)
    AttendancePresenter(page, laptop.session, ImmediateTaskRunner(), Navigator()).open(event.uid)
    page.resize(1200, 700)
    page.show()
    page.activateWindow()
    return page, event


def row(page, code):
    return page.participant._row(code)


def answer(page, code, value):
    """As if the officer had given this answer."""
    row(page, code).set_value(value)
    row(page, code).changed.emit(code)


def icon_of(page, at):
    return page.model.data(page.model.index(at, AttendanceColumn.SIGNED), Qt.ItemDataRole.DecorationRole)


def test_f2_opens_everything_about_the_participant_and_esc_goes_back(opened, qtbot):
    page, _event = opened
    qtbot.keyClicks(page.grid, "h")
    qtbot.keyClick(page.grid, Qt.Key.Key_Up)
    qtbot.keyClick(page.grid, Qt.Key.Key_F2)
    assert page.participant.isVisible()
    assert page.participant.cell == page.model.cells[0]
    assert row(page, "transport_allowance_idr").isVisible()
    assert row(page, "walk_in_nik").isHidden()
    assert row(page, "replaced_by").isHidden()
    qtbot.keyClick(page.participant, Qt.Key.Key_Escape)
    assert page.participant.isHidden()
    assert not page.grid.isColumnHidden(AttendanceColumn.VILLAGE)


def test_enter_on_a_row_opens_it_too(opened, qtbot):
    page, _event = opened
    qtbot.keyClick(page.grid, Qt.Key.Key_Return)
    assert page.participant.cell == page.model.cells[0]


def test_g_asks_who_came_instead(opened, qtbot):
    page, _event = opened
    qtbot.keyClicks(page.grid, "g")
    assert page.model.cells[0].status == "digantikan_oleh"
    assert row(page, "replaced_by").isVisible()
    assert row(page, "signature").isHidden()
    answer(page, "replaced_by", "Rukmini Contoh")
    assert page.model.cells[0].replaced_by == "Rukmini Contoh"
    shown = page.model.data(page.model.index(0, AttendanceColumn.STATUS))
    assert shown == "G · Rukmini Contoh"


def test_a_signature_shows_as_a_sign_in_the_grid(opened, qtbot):
    page, _event = opened
    page.model.set_status([0], "hadir")
    page.open_detail()
    assert icon_of(page, 0) is None
    answer(page, "signature", {"name": "", "strokes": STROKES})
    assert icon_of(page, 0) is not None
    cell = page.model.cells[0]
    assert cell.signature == {"name": cell.name, "strokes": STROKES}
    told = page.model.data(page.model.index(0, AttendanceColumn.SIGNED), Qt.ItemDataRole.AccessibleTextRole)
    assert told == "Sudah bertanda tangan"


def test_a_name_without_strokes_is_no_signature(opened):
    page, _event = opened
    page.model.set_status([0], "hadir")
    page.open_detail()
    answer(page, "signature", {"name": "Melati", "strokes": []})
    assert page.model.cells[0].signature == {}


def test_the_panel_follows_the_grid_and_steps_with_alt(opened, qtbot):
    page, _event = opened
    page.model.set_status([0, 1, 2], "hadir")
    page.open_detail()
    answer(page, "note", "Pulang lebih awal")
    qtbot.keyClick(page.participant, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert page.participant.cell == page.model.cells[1]
    assert row(page, "note").value() is None
    page.grid.go_to(0)
    assert row(page, "note").value() == "Pulang lebih awal"
    page.model.set_status([0], "sakit")
    assert row(page, "status").value() == "sakit"
    assert row(page, "signature").isHidden()


def test_one_allowance_is_given_to_everybody_present(opened):
    page, _event = opened
    page.model.set_status([0, 1], "hadir")
    page.model.set_status([2], "izin")
    page.open_detail()
    answer(page, "transport_allowance_idr", 150_000)
    page.participant._same.click()
    assert [cell.transport_allowance_idr for cell in page.model.cells] == [150_000, 150_000, None]
    assert "transpor Rp300.000" in page._totals.whole_text()


def test_everything_is_kept_in_the_draft_and_frozen(opened, laptop, tmp_path):
    page, event = opened
    page.model.set_status([0, 1], "hadir")
    page.model.set_status([2], "digantikan_oleh")
    page.open_detail()
    answer(page, "signature", {"name": "", "strokes": STROKES})
    answer(page, "time_in", "08:15")
    answer(page, "transport_allowance_idr", 100_000)
    answer(page, "note", "Ketua kelompok")
    page.grid.go_to(1)
    (tmp_path / "jempol.jpg").write_bytes(make_picture(800, 600))
    row(page, "signature").editor.add_thumbprint(tmp_path / "jempol.jpg")
    page.grid.go_to(2)
    answer(page, "replaced_by", "Rukmini Contoh")
    page.flush()
    kept = attendance_sheet(laptop.session, event_uid=event.uid, session_no=1).cells
    assert kept == page.model.cells
    page._finalise.click()
    frozen = {fact.answers["person_id"]["name"]: fact for fact in final_rows(laptop.session, event.uid, 1)}
    first, second, third = (frozen[cell.name] for cell in kept)
    assert first.answers["transport_allowance_idr"] == 100_000
    assert (first.answers["time_in"], first.answers["note"]) == ("08:15", "Ketua kelompok")
    assert first.answers["signature"]["strokes"] == STROKES
    assert second.answers["signature"]["thumbprint"]["sha256"] == second.attachments[0].sha256
    assert (third.answers["status"], third.answers["replaced_by"]) == ("digantikan_oleh", "Rukmini Contoh")
    assert attendance_sheet(laptop.session, event_uid=event.uid, session_no=1).cells[0].signature["strokes"] == STROKES
    printed = attendance_paper(laptop.session, event_uid=event.uid, session_no=1, blank=False)
    assert printed == attendance_paper(laptop.session, event_uid=event.uid, session_no=1, blank=False)


def test_a_walk_in_is_told_as_the_form_asks_and_mended_in_the_panel(opened, laptop, qtbot):
    page, event = opened
    page.model.set_status([0, 1, 2], "hadir")
    page._walk_in.click()
    panel = page.walk_in
    village = next(region.code for region in laptop.session.reference.regions.search_villages("Long Lalang"))
    for part, value in (("name", "Sarinah Contoh"), ("sex", "P"), ("village", village), ("phone", "+6281120003344")):
        panel.fields.editors["walk_in_" + part].set_value(value)
    panel.fields.editors["walk_in_nik"].set_value("123")
    panel.judged.emit(panel.parts())
    assert not panel.fields.lines["walk_in_nik"].isHidden()
    panel._on_typing()
    panel._timer.stop()
    panel._add.click()
    walk_in = page.model.cells[3]
    assert (walk_in.name, walk_in.sex, walk_in.phone_end) == ("Sarinah Contoh", "P", "3344")
    assert walk_in.village.startswith("Long Lalang")
    page._finalise.click()
    assert "NIK" in page.notice_bar.label.text()
    page.reason.cancel()
    page.open_detail()
    assert row(page, "walk_in_nik").isVisible()
    answer(page, "walk_in_nik", None)
    answer(page, "walk_in_name", "Sarinah Contoh Baru")
    assert page.model.cells[3].name == "Sarinah Contoh Baru"
    page._finalise.click()
    facts = [fact for fact in final_rows(laptop.session, event.uid, 1) if "walk_in_name" in fact.answers]
    assert [fact.answers["walk_in_village"] for fact in facts] == [village]
    assert facts[0].kind == RecordKind.ATTENDANCE
