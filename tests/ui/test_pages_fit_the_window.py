"""Every page fits 1366 by 768 without scrolling sideways, at 100 % and at 150 %, with the longest names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QWidget

from kube_field.domain.records import RecordKind
from kube_field.ui.pages.attendance_page import AttendancePage, SessionChoice
from kube_field.ui.pages.document_page import DocumentPage
from kube_field.ui.pages.groups_page import GroupsPage
from kube_field.ui.pages.home_page import HomePage
from kube_field.ui.pages.import_columns_panel import ColumnLine, NeededLine
from kube_field.ui.pages.import_page import COLUMNS, ROWS, ImportPage
from kube_field.ui.pages.import_rows_panel import DOUBLES, DetailLine, RowLine, Totals
from kube_field.ui.pages.page_frame import PageFrame
from kube_field.ui.pages.people_page import PeoplePage
from kube_field.ui.pages.plan_page import PlanPage
from kube_field.ui.pages.profile_page import ProfilePage
from kube_field.ui.pages.register_page import RegisterPage
from kube_field.ui.pages.reports_page import PaperRow, ReportsPage
from kube_field.ui.pages.sync_page import DeviceView, SyncPage
from kube_field.ui.pages.trainings_page import TrainingsPage
from kube_field.ui.pages.verify_page import SeenLine, VerdictView, VerifyPage
from kube_field.ui.pages.visits_page import VisitsPage
from kube_field.ui.theme import Tone, apply_theme
from kube_field.ui.widgets.data_table import DataTable
from kube_field.usecases.marks import Marks
from tests.support import page_samples as samples
from tests.support import sync_samples

ROOM = {1.0: 1366 - 190, 1.5: 1366 - 96}


def home() -> HomePage:
    page = HomePage()
    page.show_home(samples.home_summary(), f"Selamat pagi, {samples.LONG_NAME}", "Senin, 23 November 2026")
    return page


def people() -> PeoplePage:
    page = PeoplePage()
    page.show_people(samples.person_rows(), 12_431)
    return page


def people_marked() -> PeoplePage:
    page = PeoplePage()
    rows = samples.person_rows()
    page.marks.show_marks(Marks(conflicts={rows[0].uid: 2}, doubles={row.uid: "case" for row in rows[1:3]}))
    page.show_people(rows, 12_431)
    return page


def groups() -> GroupsPage:
    page = GroupsPage()
    page.show_groups(samples.group_rows())
    return page


def register() -> RegisterPage:
    page = RegisterPage()
    page._name.setText(samples.LONG_NAME)
    page._year.setText("1980")
    page.show_matches(samples.person_rows(4), page.wanted())
    return page


def group() -> ProfilePage:
    page = ProfilePage()
    page.show_profile(samples.profile(RecordKind.KUBE_GROUP, long=True))
    page.tabs.setCurrentWidget(page.members)
    return page


def person() -> ProfilePage:
    page = ProfilePage()
    page.show_profile(samples.profile(RecordKind.PERSON, long=True))
    return page


def visits() -> VisitsPage:
    page = VisitsPage()
    page.show_due(samples.work_items())
    page.show_documents(samples.document_rows())
    page.show_all_documents()
    return page


def document() -> DocumentPage:
    page = DocumentPage()
    page.show_document(samples.document_view())
    return page


def document_with_photos_elsewhere() -> DocumentPage:
    page = DocumentPage()
    page.show_document(replace(samples.document_view(), photos_elsewhere=12))
    return page


def document_whose_photos_come() -> DocumentPage:
    page = document_with_photos_elsewhere()
    page.show_fetching(True)
    page.fetching.show_progress("Mengunduh foto", 3, 12, 4000)
    return page


def document_under_review() -> DocumentPage:
    page = DocumentPage()
    page.show_document(samples.document_to_review())
    page._ask_review("returned")
    return page


def trainings() -> TrainingsPage:
    page = TrainingsPage()
    page.show_trainings(samples.training_rows())
    return page


def attendance() -> AttendancePage:
    page = AttendancePage()
    page.show_sheet(samples.attendance_sheet(), [SessionChoice(1, "2026-11-23", samples.LONG_GROUP)])
    return page


def reports() -> ReportsPage:
    page = ReportsPage()
    page.show_papers([PaperRow("v1", "2026-11-20", samples.LONG_GROUP, samples.LONG_NAME, "L07/KUNJ/2026/0001")])
    return page


def plan() -> PlanPage:
    page = PlanPage()
    page.show_due([item for item in samples.work_items() if item.action == "start_visit"])
    return page


def verify() -> VerifyPage:
    page = VerifyPage()
    seen = [SeenLine(name, "999.999.999.999", "di kertas tertulis (999.999.999.999)", differs=True) for name in "ABCD"]
    lines = [SeenLine("Nomor", "400.9/L07-0012/KUNJ/KKR/XI/2026", samples.LONG_NAME, differs=True)]
    strange = [f"Hanya di berkas ini: {samples.LONG_NAME} {samples.LONG_GROUP}"] * 6
    actions = [("a", samples.LONG_NAME), ("b", samples.LONG_GROUP)]
    page.show_verdict(
        VerdictView(
            Tone.CRITICAL,
            "Belum dapat dipastikan",
            samples.LONG_GROUP,
            "x " * 90,
            seen,
            lines,
            strange,
            "y " * 99,
            actions,
        )
    )
    return page


def sync() -> SyncPage:
    page = SyncPage(lambda: sync_samples.NOW)
    page.show_queue(samples.queue_rows())
    page.show_runs(samples.sync_runs())
    page.show_device(DeviceView("L07", "https://kube.contoh.go.id", "", samples.LONG_NAME, True), samples.pill())
    page.show_result(samples.sync_runs()[0], [samples.LONG_NAME] * 20, [(samples.LONG_NAME, "NIK ganda")])
    return page


def conflicts() -> SyncPage:
    page = sync()
    page.show_conflicts(sync_samples.conflicted_records())
    page.open_conflicts("p1")
    for block in page.conflicts.blocks:
        block.cards[-1].radio.setChecked(True)
    return page


def conflict_of_notes() -> SyncPage:
    page = sync()
    page.show_conflicts(sync_samples.conflict_of_notes())
    page.open_conflicts("t1")
    page.conflicts.blocks[0].cards[2].radio.setChecked(True)
    return page


def failed() -> SyncPage:
    page = sync()
    page.show_runs([sync_samples.make_run("MASS_REMOVAL")])
    page.show_check(sync_samples.bad_line())
    return page


def import_columns() -> ImportPage:
    page = ImportPage()
    page.show_title(samples.LONG_NAME, samples.LONG_GROUP)
    meanings = [("a", samples.LONG_GROUP), ("b", samples.LONG_NAME)]
    page.columns.show_columns([ColumnLine(samples.LONG_NAME, samples.LONG_NAME, "a", samples.LONG_GROUP)], meanings)
    page.columns.show_needed([NeededLine("c", samples.LONG_GROUP, (("x", samples.LONG_NAME),)), NeededLine("d", "D")])
    page.show_step(COLUMNS)
    return page


def import_rows() -> ImportPage:
    page = ImportPage()
    detail = DetailLine(Tone.CRITICAL, f"{samples.LONG_NAME}: {samples.LONG_GROUP}")
    rows = [
        RowLine(
            n, samples.LONG_NAME, "Mungkin ganda", Tone.CONFLICT, detail.words, frozenset({DOUBLES}), (detail,), True
        )
        for n in (20_001, 20_002)
    ]
    chips = tuple((f"12.345 {word}", Tone.WATCH) for word in ("baru", "berubah", "tetap", "mungkin ganda", "bergalat"))
    page.show_step(ROWS)
    page.rows.show_rows(rows, Totals(chips, {DOUBLES: 2}, False, samples.LONG_GROUP, needs_reason=True))
    return page


PAGES = (
    import_columns,
    import_rows,
    conflicts,
    conflict_of_notes,
    failed,
    home,
    people,
    people_marked,
    groups,
    register,
    group,
    person,
    visits,
    document,
    document_with_photos_elsewhere,
    document_whose_photos_come,
    document_under_review,
    trainings,
    attendance,
    reports,
    plan,
    verify,
    sync,
)


@pytest.fixture
def at_scale(qapp):
    yield lambda scale: apply_theme(qapp, scale)
    apply_theme(qapp, 1.0)


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_no_page_needs_more_than_the_window_has(qapp, at_scale, scale: float):
    at_scale(scale)
    too_wide: list[str] = []
    for make in PAGES:
        page = make()
        page.resize(ROOM[scale], round(768 - 57 * scale))
        page.show()
        content = page.content_area.widget()
        if content.minimumSizeHint().width() > page.content_area.viewport().width():
            too_wide.append(make.__name__)
        tables = [table for table in page.findChildren(DataTable) if table.isVisible()]
        too_wide += [table.accessibleName() for table in tables if table.horizontalScrollBar().maximum() > 0]
        page.close()
        page.deleteLater()
        qapp.sendPostedEvents(page, QEvent.Type.DeferredDelete)
    assert too_wide == []


@pytest.mark.parametrize("make", PAGES)
def test_every_control_has_a_name_for_screen_readers(qtbot, make: Callable[[], PageFrame]):
    page = make()
    qtbot.addWidget(page)
    page.show_notice("Kalimat", "Lihat")
    page.show()
    nameless = [
        widget
        for kind in (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView)
        for widget in page.findChildren(kind)
        if widget.isVisible() and not name_of(widget) and not is_inside_a_control(widget)
    ]
    assert nameless == []


def name_of(widget: QWidget) -> str:
    """What a screen reader would say: the name given, else a button's own words."""
    return widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")


def is_inside_a_control(widget: QWidget) -> bool:
    """Parts that Qt itself builds: a combo box's list, a line's clear button, a table's corner, a tab bar's arrows."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractButton | QLineEdit | QComboBox | QAbstractItemView):
            return True
        if type(parent).__name__ == "QTabBar":
            return True
        parent = parent.parentWidget()
    return False
