"""Pulling the battery out of a window that is being typed into, and asking it politely to go."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kube_field.domain.records import RecordKind
from kube_field.errors import Failure
from tests.support.command_line import ROOT, USER, command, kube, reopened, set_up, typed
from tests.support.typing_child import QUESTION, text_of

LONGEST_LOSS_SECONDS = 5.0
SLACK_SECONDS = 0.75
"""The saving itself, and a busy machine."""
posix_only = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")


def typed_and_killed(folder: Path, seconds: float) -> tuple[list[tuple[float, int]], float]:
    """(time, number) of every key that was typed until the kill, and when the process was killed."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.support.typing_child", str(folder)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline()]
        assert lines[0], "the form never opened"
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            if select.select([child.stdout], [], [], left)[0]:
                lines.append(child.stdout.readline())
        killed_at = time.monotonic()
        child.kill()
        lines += child.stdout.readlines()
    keys = [line.decode().split() for line in lines if line.endswith(b"\n")]
    return [(float(at), int(number)) for at, number in keys], killed_at


def assert_at_most_five_seconds_are_missing(folder: Path, keys: list[tuple[float, int]], killed_at: float) -> None:
    with reopened(folder) as laptop:
        draft = laptop.store.drafts.listed()[0]
        assert laptop.store.db.rows("PRAGMA quick_check") == [("ok",)]
        kept = str(draft.answers.get(QUESTION, ""))
        laptop.store.drafts.remove(draft.uid)
    promised = max((n for at, n in keys if at < killed_at - LONGEST_LOSS_SECONDS - SLACK_SECONDS), default=0)
    assert kept == text_of(len(kept))
    assert promised
    assert len(kept) >= promised, (len(kept), promised, keys[-1])


def kill_rounds(folder: Path, rounds: int, longest: float) -> None:
    """Two windows on two laptops at a time: most of it is waiting for keys."""
    chance = random.Random(3)
    laptops = [folder / "a", folder / "b"]
    for laptop in laptops:
        set_up(laptop).close()
    for _round in range(rounds):
        with ThreadPoolExecutor(len(laptops)) as pool:
            times = [chance.uniform(6.5, longest) for _laptop in laptops]
            killed = list(pool.map(typed_and_killed, laptops, times))
        for laptop, (keys, killed_at) in zip(laptops, killed, strict=True):
            assert_at_most_five_seconds_are_missing(laptop, keys, killed_at)


@posix_only
def test_a_kill_while_typing_costs_at_most_the_last_five_seconds(tmp_path: Path) -> None:
    kill_rounds(tmp_path, 1, 8.0)


@posix_only
@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_forty_kills_while_typing_cost_at_most_the_last_five_seconds(tmp_path: Path) -> None:
    kill_rounds(tmp_path, 20, 16.0)


WINDOW = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
import kube_field.desktop as desktop
from kube_field.domain.records import RecordKind
from kube_field.usecases.drafts import begin_draft
from tests.support.command_line import PASSWORD
opened = []
class Watched(desktop.Desktop):
    def __init__(self, *given):
        super().__init__(*given)
        opened.append(self)
desktop.Desktop = Watched
def step():
    window = opened[0] if opened else None
    if window is None: return
    if window.workplace is None:
        page = window.start_window and window.start_window.centralWidget()
        if page is not None and page.chosen_user and not page._password.text:
            QTest.keyClicks(page._password._edit, PASSWORD)
            page.unlock_requested.emit(page.chosen_user, PASSWORD)
        return
    view = window.workplace.form.page.form_view
    if view is None:
        if window.workplace.form._draft is None and not getattr(window, "asked", False):
            window.asked = True
            draft = begin_draft(window.laptop.session, kind=RecordKind.VISIT)
            window.workplace.navigate.open_draft(draft.uid)
        return
    if view._evaluation is None: return
    view.open_question("price_stock_note")
    line = view._views[view.current_section()].rows["price_stock_note"].editor.text
    if not line.toPlainText():
        QTest.keyClicks(line, "Harga ikan naik")
        print("typed", flush=True)
app = QApplication([])
timer = QTimer(); timer.timeout.connect(step); timer.start(50)
sys.exit(desktop.open_window(Path(sys.argv[1])))
"""


@posix_only
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_window_that_is_asked_to_go_stores_what_was_typed_within_three_seconds(
    tmp_path: Path, number: signal.Signals
) -> None:
    folder = tmp_path / "laptop"
    set_up(folder).close()
    with subprocess.Popen(
        [sys.executable, "-c", WINDOW, str(folder)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        assert child.stdout.readline() == b"typed\n", child.stderr.read()
        began = time.monotonic()
        child.send_signal(number)
        code = child.wait(20)
        taken = time.monotonic() - began
        assert "Traceback" not in child.stderr.read().decode()
    assert (code, taken < 3) == (0, True), taken
    with reopened(folder) as laptop:
        assert laptop.store.drafts.listed()[0].answers[QUESTION] == "Harga ikan naik"


def test_of_two_starts_at_once_one_works_and_the_other_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "laptop"
    set_up(folder).close()
    words = ("draft", "put", "--type", "household")
    children = [
        subprocess.Popen(
            command(folder, *words), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _child in range(2)
    ]
    codes = []
    for child in children:
        assert child.stdin is not None
        child.stdin.write(typed([{"head_name": "Melati"}]))
        child.stdin.flush()
    # One of them ends by itself: the other holds the folder as long as its input is open.
    while all(child.poll() is None for child in children):
        assert select.select([child.stdout for child in children], [], [], 30)[0]
        for child in children:
            try:
                child.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
    for child in children:
        out, err = child.communicate(timeout=30)
        codes.append(child.returncode)
        if child.returncode:
            assert "sudah terbuka" in err.decode()
            assert out == b""
    assert sorted(codes) == [0, Failure.ALREADY_RUNNING]
    assert len(kube(folder, "draft", "list", user=USER).lines) == 1
    with reopened(folder) as laptop:
        assert laptop.store.drafts.listed()[0].kind == RecordKind.HOUSEHOLD
