"""Many papers at once: one file or one print job, with progress, and a way to stop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtPrintSupport import QPrinter

from kube_field.errors import Failure, KubeFieldError
from kube_field.reports.preview import page_images
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.page_frame import PageFrame
from kube_field.ui.pages.reports_page import Paper, ReportsPage
from kube_field.ui.presenters.many_papers import ManyPapers, OneFile
from kube_field.ui.presenters.page_presenter import PagePresenter
from kube_field.ui.presenters.paper_output import PaperOutput
from kube_field.ui.presenters.reports_presenter import ReportsPresenter
from kube_field.ui.tasks import ImmediateTaskRunner, settle
from kube_field.ui.widgets.progress_line import ProgressLine
from kube_field.usecases.papers import document_paper
from kube_field.usecases.visits import begin_visit
from tests.support import make_records
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_papers import make_photo_reader, make_reference, make_visit_fact


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    with make_laptop(tmp_path / "laptop") as made:
        yield made


@dataclass
class Slowly:
    """A task runner that does one piece of work each time it is asked to."""

    waiting: list[Any] = field(default_factory=list)

    def run(self, work: Any, done: Any = None, failed: Any = None, *, lane: str = "") -> Any:
        self.waiting.append((work, done, failed))

    def step(self) -> None:
        work, done, failed = self.waiting.pop(0)
        result, error = None, None
        try:
            result = work()
        except KubeFieldError as known:
            error = known
        settle(done, failed, result, error, None)


def paper() -> bytes:
    from kube_field.reports.visit_report import render_visit_report

    return render_visit_report(make_visit_fact(), reference=make_reference(), photos=make_photo_reader())


def broken() -> bytes:
    raise KubeFieldError(Failure.VALIDATION, "rusak")


@pytest.fixture
def desk(qtbot: Any, laptop: Laptop) -> tuple[ManyPapers, Slowly, PageFrame, ProgressLine]:
    frame, tasks, line = PageFrame("Laporan"), Slowly(), ProgressLine("Kemajuan")
    qtbot.addWidget(frame)
    frame.body.addWidget(line)
    frame.show()
    ticks = iter(range(0, 100_000, 60))
    many = ManyPapers(PagePresenter(frame, laptop.session, tasks, Navigator()), line, clock=lambda: float(next(ticks)))
    return many, tasks, frame, line


def opened(qtbot: Any, laptop: Laptop, output: PaperOutput) -> ReportsPage:
    page = ReportsPage()
    qtbot.addWidget(page)
    page.show()
    ReportsPresenter(page, laptop.session, ImmediateTaskRunner(), Navigator(), output).refresh()
    return page


def test_all_final_papers_of_the_list_go_into_one_file(qtbot: Any, laptop: Laptop, tmp_path: Path) -> None:
    unit = make_records.make_unit(laptop.session)
    facts = [make_records.record_visit(laptop.session, unit.uid, day) for day in ("2026-10-20", "2026-11-20")]
    begin_visit(laptop.session, unit_uid=unit.uid)
    page = opened(qtbot, laptop, PaperOutput(choose_file=lambda _parent, name: tmp_path / name))
    assert page.list.table.items_model.rowCount() == 3
    assert len(page.final_rows()) == 2
    page.save_all_button.click()
    (path,) = tmp_path.glob("*.pdf")
    assert path.name == "Laporan kunjungan pendampingan (2).pdf"
    alone = [document_paper(laptop.session, uid=fact.uid) for fact in reversed(facts)]
    assert page_images(path.read_bytes(), 300) == [image for pdf in alone for image in page_images(pdf, 300)]
    assert "2 dokumen tersimpan" in page.notice_bar.label.text()
    assert page.progress.isHidden()


def test_all_papers_are_printed_as_one_job(qtbot: Any, laptop: Laptop, tmp_path: Path) -> None:
    event = make_records.make_training(laptop.session, [make_records.register_person(laptop.session, 7)])
    make_records.hold_session(laptop.session, event)
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "cetak.pdf"))
    page = opened(qtbot, laptop, PaperOutput(choose_printer=lambda _parent: printer))
    page._paper.setCurrentIndex(page._paper.findData(str(Paper.ATTENDANCE_BLANK)))
    page.print_all_button.click()
    assert "2 dokumen dikirim ke pencetak" in page.notice_bar.label.text()
    assert len(page_images((tmp_path / "cetak.pdf").read_bytes(), 100)) >= 2


def test_nothing_final_cannot_be_saved(qtbot: Any, laptop: Laptop) -> None:
    page = opened(qtbot, laptop, PaperOutput())
    assert not page.save_all_button.isEnabled()
    assert not page.print_all_button.isEnabled()


def test_the_work_tells_how_far_it_is_and_how_long_it_takes(desk: Any, tmp_path: Path) -> None:
    many, tasks, _frame, line = desk
    many.start([("a", paper), ("b", paper), ("c", paper)], OneFile(tmp_path / "x.pdf"))
    assert line.words.text() == "Menyusun berkas: 0 dari 3"
    tasks.step()
    assert line.words.text() == "Menyusun berkas: 1 dari 3 · kira-kira 2 menit lagi"
    assert (line.bar.value(), line.bar.maximum()) == (1, 3)
    assert not line.isHidden()


def test_a_stopped_work_leaves_no_file(desk: Any, tmp_path: Path) -> None:
    many, tasks, frame, line = desk
    many.start([("a", paper), ("b", paper)], OneFile(tmp_path / "x.pdf"))
    line.cancel_button.click()
    tasks.step()
    assert tasks.waiting == []
    assert not (tmp_path / "x.pdf").exists()
    assert frame.notice_bar.label.text() == "Dibatalkan. Tidak ada berkas yang ditulis."
    assert line.isHidden()


def test_one_paper_that_cannot_be_made_does_not_cost_the_others(desk: Any, tmp_path: Path) -> None:
    many, tasks, frame, _line = desk
    many.start([("a", paper), ("ke-2 · Melati", broken), ("c", paper)], OneFile(tmp_path / "x.pdf"))
    while tasks.waiting:
        tasks.step()
    assert (tmp_path / "x.pdf").exists()
    assert "1 tidak dapat dibuat: ke-2 · Melati." in frame.notice_bar.label.text()
    assert "2 dokumen tersimpan" in frame.notice_bar.label.text()


def test_a_place_that_takes_nothing_is_told_and_the_next_work_may_begin(desk: Any, tmp_path: Path) -> None:
    many, tasks, frame, line = desk
    many.start([("a", paper)], OneFile(tmp_path / "nowhere" / "x.pdf"))
    while tasks.waiting:
        tasks.step()
    assert "tidak dapat ditulis" in frame.notice_bar.label.text()
    assert line.isHidden()
    many.start([("a", paper)], OneFile(tmp_path / "y.pdf"))
    while tasks.waiting:
        tasks.step()
    assert (tmp_path / "y.pdf").exists()


def test_a_second_work_waits_for_the_first(desk: Any, tmp_path: Path) -> None:
    many, tasks, frame, _line = desk
    many.start([("a", paper)], OneFile(tmp_path / "x.pdf"))
    many.start([("b", paper)], OneFile(tmp_path / "y.pdf"))
    assert "Tunggu" in frame.notice_bar.label.text()
    while tasks.waiting:
        tasks.step()
    assert (tmp_path / "x.pdf").exists()
    assert not (tmp_path / "y.pdf").exists()
