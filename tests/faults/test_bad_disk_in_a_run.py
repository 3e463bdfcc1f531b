"""A page of the laptop's database that went bad, and a folder that cannot be written: told, nothing is sent wrong."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kube_field.errors import Failure, KubeFieldError
from kube_field.server.storage.proof import check_feed
from tests.support.day import Day, make_morning, sent_from
from tests.support.direct_server import direct_server
from tests.support.wholeness import assert_alike, assert_whole

PAGE_BYTES = 4096
SEVERAL = 26
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
may_forbid = pytest.mark.skipif(os.name == "nt" or (IS_ROOT and sys.platform != "linux"), reason="POSIX modes")


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_morning(tmp_path_factory.mktemp("pagi"))


def run_with_bad_page(day: Day, page: int) -> int:
    """Exit code of a run after one byte of a page changed on the disk; 0 when the run never needed the page."""
    content = bytearray(day.data.read_bytes())
    whole = bytes(content)
    content[page * PAGE_BYTES + PAGE_BYTES // 2] ^= 0x40
    day.data.write_bytes(content)
    with direct_server(day.folder) as server:
        try:
            with day.laptop() as laptop:
                run = server.sync(laptop.session)
                code, sentence = run.exit_code, run.message
        except KubeFieldError as error:
            code, sentence = int(error.failure), error.sentence
        assert code in (0, Failure.INTEGRITY), (page, sentence)
        assert not day.data.with_name(day.data.name + "-wal").exists(), (page, "somebody keeps the closed file open")
        assert code == 0 or "rusak" in sentence
        assert check_feed(server.house.database) == []
        taken = set(server.rows("SELECT change_id, sha256 FROM intake"))
        for suffix in ("-wal", "-shm"):
            day.data.with_name(day.data.name + suffix).unlink(missing_ok=True)
        day.data.write_bytes(whole)  # put back from a copy
        with day.laptop() as again:
            written = set(sent_from(again))
            known = {change for change, _sha in written}
            assert {(change, sha) for change, sha in taken if change in known} <= written
            assert server.sync(again.session).outcome == ""
            assert_whole(again.store)
            assert_alike(server, again.store)
    return code


def bad_pages(morning: Path, tmp_path: Path, step: int) -> set[int]:
    codes = set()
    for page in range(0, (morning / "rina-l07" / "data.db").stat().st_size // PAGE_BYTES, step):
        folder = tmp_path / f"{page}"
        folder.mkdir()
        codes.add(run_with_bad_page(Day(morning, folder), page))
        shutil.rmtree(folder)
    return codes


def test_a_bad_page_is_told_and_a_copy_goes_on_from_where_it_was(morning: Path, tmp_path: Path):
    assert Failure.INTEGRITY in bad_pages(morning, tmp_path, SEVERAL)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_any_bad_page_is_told(morning: Path, tmp_path: Path):
    assert Failure.INTEGRITY in bad_pages(morning, tmp_path, 1)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing in the folder can be written, not even by root."""
    if IS_ROOT:
        mounted = subprocess.run(
            ["mount", "--bind", "-o", "ro", str(folder), str(folder)], capture_output=True, check=False
        )
        if mounted.returncode:
            pytest.skip("root may write everywhere, and mounting is not allowed here")
        try:
            yield
        finally:
            subprocess.run(["umount", str(folder)], check=True)
        return
    folder.chmod(0o500)
    for path in folder.iterdir():
        path.chmod(0o400)
    try:
        yield
    finally:
        folder.chmod(0o700)
        for path in folder.iterdir():
            path.chmod(0o600)


@may_forbid
def test_a_folder_that_became_read_only_is_told_and_nothing_is_lost(morning: Path, tmp_path: Path):
    day = Day(morning, tmp_path)
    with direct_server(day.folder) as server:
        with read_only(day.data.parent):
            try:
                with day.laptop() as laptop:
                    run = server.sync(laptop.session)
                    code, sentence = run.exit_code, run.message
            except KubeFieldError as error:
                code, sentence = int(error.failure), error.sentence
        assert code == Failure.DISK_FULL
        assert "tidak dapat ditulis" in sentence
        with day.laptop() as again:
            assert server.sync(again.session).outcome == ""
            assert_whole(again.store)
            assert_alike(server, again.store)
