"""Many papers in one file."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
import pytest

from kube_field.reports.joining import JoinedPapers
from kube_field.reports.preview import page_images
from kube_field.reports.visit_report import render_visit_report
from tests.support.make_papers import make_photo_reader, make_reference, make_visit_fact


def report(**changed: object) -> bytes:
    return render_visit_report(make_visit_fact(**changed), reference=make_reference(), photos=make_photo_reader())


def test_every_page_is_the_one_of_its_own_paper(tmp_path: Path) -> None:
    papers = [report(), report(number="L07-0099/KUNJ/KKR/XI/2026")]
    path = tmp_path / "semua.pdf"
    with JoinedPapers() as joined:
        for paper in papers:
            joined.add(paper)
        joined.save(path)
    alone = [page for paper in papers for page in page_images(paper, 400)]
    assert page_images(path.read_bytes(), 400) == alone
    assert [name.name for name in tmp_path.iterdir()] == ["semua.pdf"]


def test_a_file_that_is_replaced_is_never_half(tmp_path: Path) -> None:
    path = tmp_path / "semua.pdf"
    path.write_bytes(b"yang lama")
    with JoinedPapers() as joined:
        joined.add(report())
        joined.save(path)
    document = pdfium.PdfDocument(path.read_bytes())
    assert len(document) >= 1
    document.close()


def test_a_place_that_takes_nothing_leaves_no_file(tmp_path: Path) -> None:
    with JoinedPapers() as joined:
        joined.add(report())
        with pytest.raises(OSError, match="nowhere"):
            joined.save(tmp_path / "nowhere" / "semua.pdf")
    assert list(tmp_path.iterdir()) == []
