"""Killing the command line, and letting its disk run full: every printed id is there, and nothing is ever half."""

from __future__ import annotations

import contextlib
import json
import os
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kube_field.domain.records import RecordKind
from kube_field.errors import Failure
from kube_field.storage.vault.argon import FALLBACK
from kube_field.usecases.session import WITA
from tests.support import make_answers, make_records
from tests.support.command_line import ROOT, command, kube, kube_process, reopened, set_up, typed
from tests.support.laptop import START

CAN_MOUNT = sys.platform == "linux" and os.geteuid() == 0
posix_only = pytest.mark.skipif(os.name == "nt", reason="POSIX signals and limits")


def assessments(folder: Path) -> Iterator[dict[str, Any]]:
    """Complete assessments of one person without end."""
    with set_up(folder, now=START, cost=FALLBACK) as laptop:
        person = make_records.register_person(laptop.session)
        reference = {"uid": person.uid, "name": str(person.answers["full_name"])}
    day = (datetime.now(WITA).date() - timedelta(days=2)).isoformat()
    while True:
        yield make_answers.complete_assessment(subject_id=reference, assessed_on=day, chosen_reason="x" * 1500)


def feed(child: subprocess.Popen[bytes], content: bytes) -> None:
    """Write into a process for as long as it reads."""
    assert child.stdin is not None
    with contextlib.suppress(BrokenPipeError):
        child.stdin.write(content)
        child.stdin.flush()


def put_until_killed(folder: Path, lines: Iterator[dict[str, Any]], seconds: float) -> set[str]:
    """Finalise documents through the command line until it is killed; the ids that it printed."""
    words = ("record", "put", "--type", "assessment", "--confirm", "Sudah diperiksa")
    with subprocess.Popen(
        command(folder, *words), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        feeding = threading.Thread(target=feed, args=(child, typed([next(lines) for _line in range(40)])))
        feeding.start()  # more than a pipe holds: the command would have to be half through before it could be killed
        first = child.stdout.readline()
        if not first:
            said = child.stderr.read() if child.stderr is not None else b""
            raise AssertionError(f"ended by itself with {child.wait()}: {said.decode(errors='replace')}")
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            child.kill()
        rest = child.stdout.read()
        feeding.join()
        with contextlib.suppress(BrokenPipeError):
            child.stdin.close()
    answers = [json.loads(line) for line in (first + rest).split(b"\n")[:-1] if line]
    assert answers
    assert all(answer["ok"] for answer in answers), answers
    return {answer["id"] for answer in answers}


def kill_while_finalising(folder: Path, rounds: int) -> None:
    chance, lines, printed = random.Random(5), assessments(folder), set()
    first = next(lines)
    assert kube(folder, "record", "put", "--type", "assessment", "--draft", lines=[first]).code == 0
    for _round in range(rounds):
        printed |= put_until_killed(folder, lines, chance.uniform(0.02, 0.3))
        with reopened(folder) as laptop:
            store = laptop.store
            finals = {fact.uid: fact for fact in store.facts.of_kind(RecordKind.ASSESSMENT)}
            assert printed <= set(finals)
            assert all(fact.sha256 and fact.number for fact in finals.values())
            queued = {uid for (uid,) in store.db.rows("SELECT uid FROM outbox WHERE kind = 'assessment'")}
            assert queued == set(finals)
            assert len({fact.number for fact in finals.values()}) == len(finals)
            assert not {draft.record_uid for draft in store.drafts.listed()} & set(finals)
            assert len(store.drafts.listed()) == 1
            assert store.db.rows("PRAGMA quick_check") == [("ok",)]
            assert store.audit_log.first_break() is None


@posix_only
def test_a_kill_while_finalising_through_the_command_line_leaves_whole_documents(tmp_path: Path) -> None:
    kill_while_finalising(tmp_path / "laptop", 4)


@posix_only
@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_two_hundred_kills_while_finalising_lose_no_printed_id(tmp_path: Path) -> None:
    kill_while_finalising(tmp_path / "laptop", 200)


# A disk that is full


@contextmanager
def small_disk(folder: Path) -> Iterator[tuple[list[str], Callable[[], None]]]:
    """What to put before a command so that its disk holds 4 MB, and how to give it more room.

    A small file system of its own where one may be mounted; else no file may grow beyond 1 or 2 MB.
    """
    folder.mkdir()
    if not CAN_MOUNT:
        prefix = ["sh", "-c", 'ulimit -f 2048; exec "$@"', "sh"]
        yield prefix, prefix.clear
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], check=True)
    try:
        yield [], lambda: subprocess.run(["mount", "-o", "remount,size=16m", str(folder)], check=True) and None
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def families() -> list[dict[str, Any]]:
    day = (datetime.now(WITA).date() - timedelta(days=30)).isoformat()
    desil = [{"id": "d", "desil": "2", "checked_on": day, "source": "siks_ng"}]
    return [
        make_answers.complete_household(
            kk_number=f"64021212041{n:05d}", dtsen_rows=desil, address=f"Gang {n} " + "dekat dermaga " * 12
        )
        for n in range(1, 1500)
    ]


def fill(folder: Path, lines: list[dict[str, Any]], prefix: list[str]) -> tuple[set[str], int, str]:
    words = ("record", "put", "--type", "household")
    ran = kube_process(folder, *words, lines=lines, prefix=prefix)
    refused = [line for line in ran.lines if not line["ok"]]
    assert refused == [], refused[:2]
    return {line["id"] for line in ran.lines}, ran.code, ran.err


@posix_only
def test_a_full_disk_is_told_loses_nothing_and_is_over_when_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as (prefix, give_room):
        folder = tmp_path / "disk" / "laptop"
        set_up(folder, cost=FALLBACK).close()
        lines = families()
        acknowledged, code, told = fill(folder, lines, prefix)
        assert code == Failure.DISK_FULL
        assert acknowledged
        assert "belum tersimpan" in told
        drafted = kube_process(folder, "draft", "put", "--type", "household", lines=lines, prefix=prefix)
        assert drafted.code == Failure.DISK_FULL
        assert "belum tersimpan" in drafted.err
        again = kube_process(folder, "record", "list", "--type", "household", prefix=prefix)
        assert again.code in (0, Failure.DISK_FULL), again.err
        give_room()
        listed = kube(folder, "record", "list", "--type", "household")
        assert listed.code == 0
        assert acknowledged <= {line["id"] for line in listed.lines}
        drafts = {line["id"] for line in kube(folder, "draft", "list").lines}
        assert {line["draft"] for line in drafted.lines if line["ok"]} <= drafts
        more, code, _told = fill(folder, lines[len(acknowledged) :][:20], prefix)
        assert (code, len(more)) == (0, 20)
        assert kube(folder, "db", "check", "--full").lines == [{"ok": True, "troubles": []}]
