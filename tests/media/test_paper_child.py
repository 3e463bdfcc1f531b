"""A paper that somebody brings is read by a child process: as well as here, and it breaks nothing but the child."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import pytest
from PIL import Image

from kube_field.errors import Failure, KubeFieldError
from kube_field.media.codes import MAX_PIXELS, read_paper
from kube_field.media.paper_child import read_paper_apart
from kube_field.reports.visit_report import render_visit_report
from kube_field.usecases.verifying import is_ours
from tests.support.make_papers import make_photo_reader, make_reference, make_visit_fact
from tests.support.make_seals import code_of, sealed_visit
from tests.support.tampering import jpeg_of, picture_of

PROGRAM = "kube_field.reading_apart._program"
FACT = sealed_visit(make_visit_fact())
PAPER = render_visit_report(FACT, reference=make_reference(), photos=make_photo_reader())


def file_of(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def refused(path: Path, cancelled: threading.Event | None = None) -> KubeFieldError:
    with pytest.raises(KubeFieldError) as caught:
        read_paper_apart(path, cancelled)
    assert caught.value.failure == Failure.FILE_REFUSED
    return caught.value


def test_the_child_reads_the_same(tmp_path: Path):
    paper = read_paper_apart(file_of(tmp_path, "laporan.pdf", PAPER))
    assert paper == read_paper(PAPER, is_ours)
    assert code_of(FACT) in paper.codes
    photo = jpeg_of(picture_of(PAPER))
    assert read_paper_apart(file_of(tmp_path, "foto laporan ü.jpg", photo)) == read_paper(photo, is_ours)


def test_the_child_refuses_with_the_same_words(tmp_path: Path):
    there = refused(file_of(tmp_path, "a.pdf", PAPER[: len(PAPER) // 9]))
    with pytest.raises(KubeFieldError) as here:
        read_paper(PAPER[: len(PAPER) // 9])
    assert (there.code, there.sentence, there.action) == (here.value.code, here.value.sentence, here.value.action)
    assert str(tmp_path / "gone.pdf") not in str(refused(tmp_path / "gone.pdf"))


def test_the_largest_picture_fits_into_the_memory_of_the_child(tmp_path: Path):
    path = tmp_path / "besar.png"
    Image.new("RGB", (MAX_PIXELS // 5000, 5000), "white").save(path, compress_level=1)
    assert read_paper_apart(path).codes == ()


@pytest.mark.parametrize("code", ["import os; os.abort()", "print('{}')", "print('[1, 2]')", "print('not JSON')"])
def test_a_child_that_dies_or_tells_something_else_is_a_refused_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
):
    monkeypatch.setattr(PROGRAM, lambda: [sys.executable, "-c", code])
    assert refused(file_of(tmp_path, "a.pdf", PAPER)).code == "FILE_BROKE_READER"


def test_a_child_that_never_ends_is_ended_when_nobody_waits_any_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(PROGRAM, lambda: [sys.executable, "-c", "import time; time.sleep(600)"])
    cancelled = threading.Event()
    threading.Timer(0.3, cancelled.set).start()
    began = time.monotonic()
    refused(file_of(tmp_path, "a.pdf", PAPER), cancelled)
    assert time.monotonic() - began < 60
