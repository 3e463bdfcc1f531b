"""Pictures of reports that are judged: genuine, photographed, altered, unknown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtWidgets import QWidget

from kube_field.media.codes import read_paper
from kube_field.ui.workplace import Workplace
from kube_field.usecases.papers import document_paper
from kube_field.usecases.sample_data import LoadedSample
from kube_field.usecases.verifying import is_code, judge_paper
from tests.support.make_picture import make_picture
from tests.support.tampering import edited_pdf, jpeg_of, picture_of


def paper_pictures(work: Workplace, sample: LoadedSample, folder: Path) -> Iterator[tuple[str, QWidget]]:
    """The page Periksa laporan, empty and with what it finds."""
    work.open_page("verify")
    yield "30-periksa-laporan", work.window
    visit = sample.visits["K06"]
    paper = document_paper(work.session, uid=visit, printed=False)
    compared = judge_paper(work.session, read_paper(paper, is_code)).compared
    (revenue,) = (one.coded for one in compared if one.name == "Omzet")
    files = {
        "asli": paper,
        "foto": jpeg_of(picture_of(paper).rotate(3, expand=True, fillcolor="white")),
        "diubah": edited_pdf(paper, revenue, "9.900.000"),
        "tanpa-kode": make_picture(800, 600),
        "rusak": b"bukan laporan",
    }
    for name, content in files.items():
        path = folder / f"{name}.pdf"
        path.write_bytes(content)
        work.verify.look_at(path)
        yield f"30-periksa-laporan-{name}", work.window
    work.open_page("plan")
    work.plan.preview()
    yield "31-rencana", work.window
