"""Pictures of lists pasted from Excel into a group and into an attendance list."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from kube_field.domain.records import RecordKind
from kube_field.ui.pages.attendance_page import AttendancePage
from kube_field.ui.pages.profile_page import ProfilePage
from kube_field.ui.workplace import Workplace
from kube_field.usecases.sample_data import LoadedSample
from kube_field.usecases.session import Session


def paste_pictures(work: Workplace, session: Session, sample: LoadedSample) -> Iterator[tuple[str, QWidget]]:
    """Lines that are sure, asked about, wrong and unknown, in both grids."""
    people = [session.store.records.get(uid) for uid in sample.people.values()]
    told = [(str(one.answers["nik"]), str(one.answers["full_name"])) for one in people if one is not None]
    lines = [
        "NIK\tNama\tL/P\tDesa\tJabatan\tHadir",
        *(f"{nik}\t{name}\t\t\tAnggota\tH" for nik, name in told[24:30]),
        f"{told[30][0]}\tMawar Bukan Namanya\tP\t\t\tH",
        "6,40212E+15\tKenanga Contoh\tP\t\t\tI",
        f"640212480668990\t{told[28][1]}\tP\t\t\tH",
        f"\t{told[27][1]}\t\t\t\tS",
        "\tZainab binti Abdurrahman Khatulistiwa\tP\tLong Lalang\t\tH",
    ]
    QGuiApplication.clipboard().setText("\n".join(lines))
    work.navigate.open_profile(RecordKind.KUBE_GROUP, sample.groups["G1"])
    page = work.window.page("profile")
    assert isinstance(page, ProfilePage)
    page.tabs.setCurrentWidget(page.members)
    yield "11-tempel-anggota-sebelum", work.window
    page.members.paste_button.click()
    yield "11-tempel-anggota", work.window
    page.members.pasting.close_panel()
    work.navigate.open_training(sample.trainings[0])
    attendance = work.window.page("training")
    assert isinstance(attendance, AttendancePage)
    yield "11-tempel-hadir-sebelum", work.window
    attendance._paste.click()
    yield "11-tempel-hadir", work.window
    attendance.pasting.take.click()
    yield "11-tempel-hadir-sesudah", work.window
    attendance.notice_bar.button.click()
