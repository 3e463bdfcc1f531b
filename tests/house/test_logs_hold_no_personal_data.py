from __future__ import annotations

import logging
from pathlib import Path

import pytest

from kube_field.logs import start_logging


@pytest.fixture
def log_file(tmp_path: Path):
    root = logging.getLogger()
    level = root.level
    handler = start_logging(tmp_path)
    yield tmp_path / "kube-field.log"
    root.removeHandler(handler)
    handler.close()
    root.setLevel(level)


@pytest.mark.parametrize("planted", ["6402124806689901", "6402 1248 0668 9901", "+6281200000001", "0812-0000-0001"])
def test_a_long_number_never_reaches_the_log(log_file: Path, planted: str) -> None:
    logging.getLogger("kube_field").info("saved %s", planted)
    assert planted not in log_file.read_text(encoding="utf-8")
    assert "saved #" in log_file.read_text(encoding="utf-8").replace("+#", "#")


def test_an_exception_is_logged_by_its_place_and_not_by_its_words(log_file: Path) -> None:
    try:
        raise ValueError("Melati Contoh Satu owes 500")
    except ValueError:
        logging.getLogger("kube_field").exception("BUG")
    text = log_file.read_text(encoding="utf-8")
    assert "Melati" not in text
    assert "ValueError at test_logs_hold_no_personal_data.py" in text
